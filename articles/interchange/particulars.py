"""What an item of a WordPress export says of itself: its people, where it is filed, its language,
its handle, when and whether readers could see it, and at which addresses it stood.

Each function asks one ``wxr.Item`` and changes nothing.
"""

import datetime
import email.utils
import hashlib
import re
from urllib.parse import unquote

from addresses.older import joomla_path, joomla_story
from articles.interchange import accounts, groups
from articles.interchange.accounts import person_key, plain
from articles.interchange.records import Filed
from articles.interchange.wxr import NUMBER, split
from prose import body

# As WordPress writes it, and as other programs do: with parts of a second, with the zone.
_TIME = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)[ T](\d\d):(\d\d)(?::(\d\d)(?:\.\d+)?)?(Z|[+-]\d\d:?\d\d)?"
)
_JOOMLA = re.compile(r"/index\.php/(?:.*/)?([1-9][0-9]{0,18})-([^/]+?)(?:\.html?)?/?")
_DAY = re.compile(r"/(\d{4})/(\d{1,2})/(\d{1,2})/")
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_PUB_DATE = re.compile(r"(?:[A-Za-z]{3},?\s+)?\d{1,2}\s+[A-Za-z]{3}\s+\d{4}\s+\d\d:\d\d")
# Clocks that are not set stand in this year or before it.
EPOCH = 1970
LONGEST_TYPE = 20  # as WordPress has it
# What stories are filed under that is read, or is of the machine.
DOMAINS = {
    "category", "post_tag", "tag", "author", "language", "post_format", groups.SERIES,
    groups.TRANSLATIONS, "",
}  # fmt: skip


# People


def named(item):
    """Who is named by the item itself, by what stories call them. The first version knew no accounts
    and wrote what people are called; and some plugins keep people as terms, by name. One word may
    be a login, for want of a name, and so may several without capitals."""
    found = {}
    if item.version == "1.0" and " " in item["dc:creator"]:
        found[person_key(item["dc:creator"])] = item["dc:creator"]
    for domain, nicename, words in item.terms:
        parts = words.split()
        is_whole = len(parts) > 1 and not (parts[0][0].islower() or parts[-1][0].islower())
        if domain == "author" and nicename and is_whole:
            found[person_key(nicename)] = words
    return {key: plain(words) for key, words in found.items() if accounts.is_name(words, "")}


def credits(item):
    """Keys of the people of an item in printing order, each once."""
    found = [
        person_key(nicename or words)
        for domain, nicename, words in item.terms
        if domain == "author"
    ]
    found = [key for key in dict.fromkeys(found) if key] or [person_key(item["dc:creator"])]
    return [key for key in found if key]


# Filing


def categories(item):
    found = [t for t in item.terms if t[0] == "category"]
    if not found:
        found = [t for t in item.terms if not t[0]]  # as the first version wrote it
    filed = [
        Filed(unquote(nicename or words).lower(), plain(words)) for _, nicename, words in found
    ]
    return list({one.key: one for one in filed if one.key and one.name}.values())


def otherwise_filed(item):
    """What an item is filed under in ways that a plugin or the site itself made: topic/power."""
    filed = [
        Filed(f"{domain}/{unquote(nicename or words).lower()}", plain(words), domain)
        for domain, nicename, words in item.terms
        if domain not in DOMAINS
    ]
    return list({one.key: one for one in filed}.values())


def tags(item):
    names = [plain(words) for domain, _, words in item.terms if domain in {"post_tag", "tag"}]
    return [name for name in dict.fromkeys(names) if name]


def language(item):
    """The language of an item: what a plugin says of it, else the site's own: ``ru`` or ``en-us``."""
    own = [nicename for domain, nicename, _ in item.terms if domain == "language"]
    own.append(groups.language(item.meta))
    return (own[0] or item.language).strip().lower().replace("_", "-")


# Handles


def refs(item):
    """The two handles of an item, or None."""
    number = item["post_id"]
    if not NUMBER.fullmatch(number):
        return None
    plain_ref = ref(item.site, item.type, number)
    date = item["post_date_gmt"] if aware(item["post_date_gmt"]) else item["post_date"]
    stamp = re.sub(r"\D", "", date)[:14] or _short(item["guid"] or item["link"])
    return plain_ref, f"{plain_ref}:{stamp}"


def ref(site, kind, number):
    """The handle of an item, by which it is found here."""
    site = site if len(site) <= 100 else _short(site)
    kind = kind if len(kind) <= LONGEST_TYPE else _short(kind)[:LONGEST_TYPE]
    return f"wordpress:{site}:{kind}:{number}"


def _short(words):
    return hashlib.sha256(words.encode()).hexdigest()[:32]


# Publication


def aware(words, zone=datetime.UTC):
    """An aware time, or None for one that no clock showed. ``zone``: where it stands unless it says so."""
    found = _TIME.fullmatch(words)
    if found is None:
        return None
    *numbers, own = found.groups()
    try:
        if own:
            zone = datetime.datetime.strptime(own, "%z").tzinfo
        local = datetime.datetime(*(int(n or 0) for n in numbers), tzinfo=zone)
        moment = local.astimezone(datetime.UTC)
    except (ValueError, OverflowError):
        return None
    return moment if moment.year > EPOCH and local.year > EPOCH else None


def published_at(item, zone):
    """When an item was published: by Greenwich, else by the site's clock. None where nobody knows."""
    gmt, local = item["post_date_gmt"], item["post_date"]
    if gmt or local:
        return aware(gmt) or aware(local, zone)
    # "30 Nov -0001", of a date that nobody set, and years of two digits are none.
    if not _PUB_DATE.match(item["pubDate"]):
        return None
    try:
        moment = email.utils.parsedate_to_datetime(item["pubDate"])
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=datetime.UTC)
    return moment if moment.year > EPOCH else None


def why_not_public(item, moment, now):
    """The reason for which readers could not see an item, or ""."""
    status = item["status"]
    if status != "publish":
        known = {"draft", "pending", "private", "future"}
        return status if status in known else "unknown status"
    password = item.fields.get("post_password", "")
    if password.strip() or (password and "\n" not in password):
        return "password"
    if moment is None:
        return "no date"
    return "date in the future" if moment > now else ""


# Addresses


def addresses(item):
    """Pairs of path and query at which an item stood, and the day that its address names, or None."""
    parts = split(item["link"])
    found, day = [], None
    if parts is not None and (parts.path.strip("/") or parts.query):
        path = unquote(parts.path) or "/"
        path = path if path.startswith("/") else f"/{path}"
        found.append((path, parts.query))
        name = unquote(item["post_name"])
        head, _, last = path.rstrip("/").rpartition("/")
        for key, old in item.meta:
            if key == "_wp_old_slug" and old and name and last == name:
                end = "/" if path.endswith("/") else ""
                found.append((f"{head}/{unquote(old)}{end}", ""))
        if numbers := _DAY.search(path):
            for key, old in item.meta:
                if key == "_wp_old_date" and _DATE.fullmatch(old):
                    before = old.replace("-", "/")
                    found.append(
                        (f"{path[: numbers.start()]}/{before}/{path[numbers.end() :]}", "")
                    )
            try:
                day = datetime.date(*(int(n) for n in numbers.groups()))
            except ValueError:
                day = None
    found += _in_joomla(item)
    names = ("p", "page_id") if item.type == "page" else ("p",)
    found += [(item.base, f"{name}={item['post_id']}") for name in names]
    return list(dict.fromkeys((body.plain(path), query) for path, query in found)), day


def _in_joomla(item):
    """Where a story stood in Joomla, if it came from there: by a number that an importer left, or
    that its address still has."""
    alias = unquote(item["post_name"])
    parts = split(item["link"])
    if parts is not None and (found := _JOOMLA.fullmatch(unquote(parts.path))):
        yield "/", joomla_story(found[1])
        yield joomla_path(found[1], found[2]), ""
    for key, number in item.meta:
        if key == "_fgj2wp_old_id" and NUMBER.fullmatch(number.strip()):
            yield "/", joomla_story(number)
            if alias:
                yield joomla_path(number, alias), ""
