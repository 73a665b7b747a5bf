"""WordPress export files (WXR 1.0 to 1.2), read as they come and made into stories.

Files are read twice: ``survey`` reads them wholly, refuses what is no sound export, and learns who is
who; ``items`` gives them one by one. Neither keeps more than one item, and what has to be known of
all: people, categories, and which items were seen. No entity, DTD or address is followed, and what
PHP serialised is read as data (``php``).
"""

import codecs
import datetime
import email.utils
import hashlib
import itertools
import re
from collections import Counter
from dataclasses import dataclass, field
from html import unescape
from urllib.parse import unquote, urlsplit

from lxml import etree

from addresses.languages import codes
from addresses.older import joomla_path, joomla_story
from articles.interchange import accounts, beside, bodies, captions, figures, groups, seo, tongues
from articles.interchange.accounts import person_key, plain
from articles.interchange.records import Filed, Loss, Refused, Story, Survey, Term, Use
from prose import body, spam

VERSIONS = {"1.0", "1.1", "1.2"}
# As WordPress writes them, and as other programs do that write its format.
SPACES = {
    "http://purl.org/rss/1.0/modules/content/": "content:",
    "http://purl.org/dc/elements/1.1/": "dc:",
    "http://backend.userland.com/rss2": "",
    "http://blogs.law.harvard.edu/tech/rss": "",
}
_EXPORT = re.compile(r"https?://wordpress\.org/export/[\d.]+/?(?:(excerpt)/?)?")
_TIME = re.compile(r"(\d{4})-(\d\d)-(\d\d)[ T](\d\d):(\d\d):(\d\d)")
_HREF = re.compile(r'<a\b[^<>]*?\bhref="(https?:[^"<>]+)"')
# Of the addresses of a site those of files, which are no pages.
FILE = re.compile(r"/wp-content/|\.(?!html?$|php$|xml$)[a-z0-9]{2,5}$", re.I)
NUMBER = re.compile(r"[1-9][0-9]{0,18}")
# What the importer from Joomla left: the number of a category there.
JOOMLA_CATEGORY = {"_fgj2wp_old_category_id", "_fgj2wp_old_id"}
_JOOMLA = re.compile(r"/index\.php/(?:.*/)?([1-9][0-9]{0,18})-([^/]+?)(?:\.html?)?/?")
_DAY = re.compile(r"/(\d{4})/(\d{1,2})/(\d{1,2})/")
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_PUB_DATE = re.compile(r"(?:[A-Za-z]{3},?\s+)?\d{1,2}\s+[A-Za-z]{3}\s+\d{4}\s+\d\d:\d\d")
_ENCODING = re.compile(rb"^<\?xml[^>]{0,200}?encoding=[\"']([\w.-]{1,40})")
# Clocks that are not set stand in this year or before it.
EPOCH = 1970
LONGEST_TYPE = 20  # as WordPress has it
META = {
    "_wp_old_slug",
    "_wp_old_date",
    "_fgj2wp_old_id",
    "_thumbnail_id",
    *accounts.META,
    *captions.META,
    *seo.META,
    *groups.META,
}
# Of the machine: nobody misses them.
MACHINERY = {
    "nav_menu_item", "revision", "custom_css", "customize_changeset", "oembed_cache",
    "user_request", "wp_global_styles", "wp_navigation", "wp_template", "wp_template_part",
    "wp_font_family", "wp_font_face", "guest-author", "acf-field", "acf-field-group",
    "elementor_library", "wpcf7_contact_form", "feedback", "flamingo_inbound", "flamingo_contact",
    "amp_validated_url", "jp_img_sitemap", "jp_sitemap", "scheduled-action", "shop_order",
    "shop_order_refund", "shop_coupon",
}  # fmt: skip
# What stories are filed under that is read, or is of the machine.
DOMAINS = {
    "category", "post_tag", "tag", "author", "language", "post_format", groups.SERIES,
    groups.TRANSLATIONS, "",
}  # fmt: skip
# Fields that are no export's own; any other counts with WordPress's name only.
PLAIN = {
    "title", "link", "pubDate", "dc:creator", "guid", "description", "content:encoded", "excerpt:encoded",
}  # fmt: skip
SEVERAL = "several states"
DROPPED = {"trash", "auto-draft", "inherit"}
SHOWN = 60  # characters of a headline in the report


@dataclass
class Item:
    """One item of a file; ``terms`` in their order: (domain, nicename, words)."""

    line: str  # file and line
    site: str
    base: str  # the path below which the old site stood, "/" or "/blog/"
    language: str
    version: str = ""
    fields: dict[str, str] = field(default_factory=dict)
    terms: list[tuple[str, str, str]] = field(default_factory=list)
    meta: list[tuple[str, str]] = field(default_factory=list)
    beside: Counter = field(default_factory=Counter)  # Losses of what stands beside the text

    def __getitem__(self, name):
        return self.fields.get(name, "").strip()

    @property
    def where(self):
        """File, line and the headline by which people know it."""
        words = plain(self["title"])
        short = words if len(words) <= SHOWN else f"{words[: SHOWN - 1].rstrip()}…"
        return f"{self.line} “{short}”" if short else self.line

    @property
    def type(self):
        # A program that leaves it out writes posts, and files at their addresses.
        return " ".join(self["post_type"].split()) or (
            "attachment" if self["attachment_url"] else "post"
        )


def survey(paths, library=None):
    """The Survey of all files; their attachments go into a ``library.Library``. Raises Refused."""
    found = Survey()
    guests, logins, named = {}, {}, {}
    for path in paths:
        for kind, thing in _read(path):
            if kind == "author":
                accounts.learn_author(thing, logins, found.about)
                found.terms.append(_account(thing))
            elif kind == "term":
                found.terms.append(thing)
            elif kind == "title":
                found.title = found.title or thing
            elif kind == "item":
                found.items += 1
                if library is not None:
                    library.site(thing.site)
                if thing.type == "guest-author":
                    accounts.learn_guest(
                        thing["title"],
                        thing["post_name"],
                        thing["content:encoded"],
                        dict(thing.meta),
                        guests,
                        found.about,
                    )
                elif thing.type == "attachment" and library is not None:
                    library.learn(thing)
                elif may_be_story(thing):
                    if thing.type != "post":
                        found.types[thing.type] += 1
                    for filed in [*categories(thing), *otherwise_filed(thing)]:
                        found.categories.setdefault(filed.key, filed.name)
                        found.category_stories[filed.key] += 1
                        if filed.domain:
                            found.otherwise.add(filed.key)
                    found.creators.update(credits(thing))
                    named |= _named(thing)
                if thing.type == "page" or may_be_story(thing):
                    found.languages[language(thing)] += 1
    found.people = accounts.together(logins, guests)
    for key in found.creators:
        found.people.setdefault(key, named.get(key, ""))
    return found


def items(paths):
    for path in paths:
        for kind, thing in _read(path):
            if kind == "item":
                yield thing


# The file


def _read(path):
    """("title", words), ("author", fields) and ("item", Item) as they come. Raises Refused."""
    line, unversioned, channel, version = 1, 0, {}, ""
    try:
        with open(path, "rb") as file:
            start = file.read(4096).lstrip(b"\xef\xbb\xbf \t\r\n")
            if not start.startswith((b"<", b"\xff\xfe", b"\xfe\xff")):
                raise Refused(path, 1, "This is no XML.")
            _check_encoding(path, start, file)
            file.seek(0)
            reader = etree.iterparse(
                file,
                events=("start", "end"),
                resolve_entities=False,
                no_network=True,
                load_dtd=False,
                huge_tree=False,
            )
            depth = 0
            for event, element in reader:
                line = element.sourceline or line
                if event == "start":
                    depth += 1
                    if depth == 1:
                        _check_root(path, element)
                    elif depth == 3 and _name(element) == "item" and version not in VERSIONS:
                        unversioned = unversioned or line
                    continue
                depth -= 1
                if depth != 2:
                    continue
                name = _name(element)
                if name == "wp:wxr_version":
                    version = channel[name] = (element.text or "").strip()
                    if version not in VERSIONS:
                        unversioned = unversioned or line
                elif unversioned:
                    pass  # What is not well-formed is said first, and may stand below.
                elif name == "item":
                    yield "item", _item(element, path, channel)
                elif name in {"wp:author", "wp:wp_author"}:
                    yield "author", _fields(element) | {"base": _site(channel)[1]}
                elif name in {"wp:category", "wp:tag", "wp:term"}:
                    if (term := _term(element, _site(channel)[1])) is not None:
                        yield "term", term
                elif not len(element):
                    channel[name] = (element.text or "").strip()
                    if name == "title":
                        yield "title", channel[name]
                _forget(element)
            if unversioned or version not in VERSIONS:
                raise Refused(path, unversioned or line, _about_version(version))
    except etree.XMLSyntaxError as error:
        raise Refused(path, error.lineno or line, _about_syntax(error, reader)) from None
    except OSError as error:
        raise Refused(path, 0, error.strerror or "cannot be read") from None


def _about_syntax(error, reader):
    """What is wrong, in one line: of an entity that is unknown the parser tells only in its log."""
    why = " ".join((error.msg or "").split())
    if "no element found" in why and reader.error_log:
        why = " ".join(reader.error_log.last_error.message.split())
    if re.search(r"too big|too long|huge|HUGE|Excessive|limit", why):
        return f"too much at once to be read: {why}"
    return f"not well-formed: {why}"


def _check_encoding(path, start, file):
    """Refuse what says that it is of one byte a letter and is UTF-8: each letter would come as two."""
    said = _ENCODING.match(start)
    if said is None or not said[1].lower().startswith(
        (b"iso-8859", b"windows-125", b"latin", b"koi8", b"cp125")
    ):
        return
    decoder, letters = codecs.getincrementaldecoder("utf-8")(), 0
    file.seek(0)
    try:
        while part := file.read(1_000_000):
            letters += len(part) - len(decoder.decode(part))
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return
    if letters:
        raise Refused(path, 1, f"It says that it is {said[1].decode()}, and is UTF-8.")


def _check_root(path, root):
    if root.getroottree().docinfo.doctype or root.getroottree().docinfo.internalDTD is not None:
        raise Refused(path, _line_of_doctype(path), "It has a DOCTYPE, which no export has.")
    if _name(root) != "rss":
        raise Refused(path, root.sourceline or 1, f"It begins with <{_name(root)}>, not <rss>.")


def _line_of_doctype(path):
    with open(path, "rb") as file:
        start = file.read(1_000_000)
    return start[: max(start.upper().find(b"<!DOCTYPE"), 0)].count(b"\n") + 1


def _about_version(version):
    if version and version not in VERSIONS:
        return f"Its wp:wxr_version is {version[:20]!r}; known are 1.0, 1.1 and 1.2."
    return "It has no wp:wxr_version before its first item: this is no WordPress export."


def _name(element):
    if not isinstance(element.tag, str):
        return ""
    if not element.tag.startswith("{"):
        return element.tag
    space, _, name = element.tag[1:].partition("}")
    export = _EXPORT.fullmatch(space)
    if export:
        return f"excerpt:{name}" if export[1] else f"wp:{name}"
    return SPACES.get(space.replace("https:", "http:"), "other:") + name


def _text(element):
    return "".join(element.itertext())


def _forget(element):
    element.clear()
    parent = element.getparent()
    while element.getprevious() is not None:
        del parent[0]


def _fields(element):
    return {_name(child).removeprefix("wp:"): _text(child).strip() for child in element}


def _site(channel):
    """``(site, base)``: the host with what follows it, and the path below which all of it stood."""
    address = channel.get("wp:base_blog_url") or channel.get("link", "")
    parts = split(address)
    base = f"/{parts.path.strip('/')}/" if parts and parts.path.strip("/") else "/"
    host = (parts.netloc if parts else "").lower().rpartition("@")[2].removeprefix("www.")
    return f"{host}{base.rstrip('/')}", base


def _term(element, base):
    """The Term of a category or a tag, or None."""
    fields = _fields(element)
    kind = fields.get("term_taxonomy") or _name(element).removeprefix("wp:")
    kind = {"category": "category", "post_tag": "tag", "tag": "tag"}.get(kind, "")
    names = ("category_nicename", "tag_slug", "term_slug")
    key = next((fields[name] for name in names if fields.get(name)), "")
    if not kind or not key:
        return None
    joomla = ""
    for meta in element:
        if _name(meta) == "wp:termmeta":
            row = _fields(meta)
            if row.get("meta_key") in JOOMLA_CATEGORY:
                joomla = row.get("meta_value", "")
    words = fields.get("cat_name") or fields.get("tag_name") or fields.get("term_name") or ""
    return Term(
        kind,
        base,
        unquote(key).lower(),
        _number(fields.get("term_id", "")),
        unquote(fields.get("category_parent") or fields.get("term_parent") or "").lower(),
        plain(words),
        _number(joomla),
    )


def _account(fields):
    """The Term of somebody's account."""
    key = person_key(fields.get("author_login", ""))
    return Term("author", fields["base"], key, _number(fields.get("author_id", "")))


def _number(words):
    return words if NUMBER.fullmatch(words) else ""


def _item(element, path, channel):
    site, base = _site(channel)
    item = Item(
        line=f"{path}, line {element.sourceline}",
        site=site,
        base=base,
        language=channel.get("language", ""),
        version=channel.get("wp:wxr_version", ""),
    )
    for child in element:
        name = _name(child)
        if name == "category":
            words = _text(child).strip()
            item.terms.append((child.get("domain", ""), child.get("nicename", ""), words))
        elif name == "wp:postmeta":
            meta = _fields(child)
            key, value = meta.get("meta_key", ""), meta.get("meta_value", "")
            if key in META or groups.is_part(key):
                item.meta.append((key, value))
            elif loss := beside.field(key, value):
                item.beside[loss] += 1
        elif name == "wp:comment":
            item.beside[beside.comment(_fields(child))] += 1
        elif name.startswith("wp:") or name in PLAIN:
            _take(item.fields, name.removeprefix("wp:"), _text(child), is_own=name in PLAIN)
    tongues.choose(item)
    return item


def _take(fields, name, words, *, is_own):
    """Keep a field of an item. What is said twice counts once; where two states or passwords differ
    nobody can say that readers could see it."""
    if is_own == (name not in PLAIN):
        return
    if name not in fields:
        fields[name] = words
    elif name == "status" and fields[name].strip() != words.strip():
        fields[name] = SEVERAL
    elif name == "post_password":
        fields[name] = fields[name] or words


def split(address):
    try:
        return urlsplit(address.strip())
    except ValueError:
        return None


# People


def _named(item):
    """Who is named by the item itself: the first version knew no accounts and wrote what people are
    called. One word may be a login there too, for want of a name."""
    words = item["dc:creator"]
    is_whole = item.version == "1.0" and " " in words and accounts.is_name(words, "")
    return {person_key(words): plain(words)} if is_whole else {}


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


# Stories


def may_be_story(item):
    """Whether an item could be a story, if the mapping says that those of its type are."""
    return item.type not in {"page", "attachment"} | MACHINERY


def is_left_out(item, kind="story"):
    """Why an item is no story, or "". ``kind``: what the mapping makes of its type."""
    if kind != "story":
        return item.type
    if item["status"] in DROPPED:
        return f"{item.type}, {item['status']}"
    return "" if refs(item) else "post without a number"


def refs(item):
    """The two handles of an item, or None."""
    number = item["post_id"]
    if not NUMBER.fullmatch(number):
        return None
    plain_ref = ref(item.site, item.type, number)
    date = item["post_date_gmt"] if _moment(item["post_date_gmt"]) else item["post_date"]
    stamp = re.sub(r"\D", "", date)[:14] or _short(item["guid"] or item["link"])
    return plain_ref, f"{plain_ref}:{stamp}"


def ref(site, kind, number):
    """The handle of an item, by which it is found here."""
    site = site if len(site) <= 100 else _short(site)
    kind = kind if len(kind) <= LONGEST_TYPE else _short(kind)[:LONGEST_TYPE]
    return f"wordpress:{site}:{kind}:{number}"


def _short(words):
    return hashlib.sha256(words.encode()).hexdigest()[:32]


def _moment(words, zone=datetime.UTC):
    """An aware time, or None for one that no clock showed."""
    numbers = _TIME.fullmatch(words)
    if numbers is None:
        return None
    try:
        local = datetime.datetime(*(int(n) for n in numbers.groups()), tzinfo=zone)
        moment = local.astimezone(datetime.UTC)
    except (ValueError, OverflowError):
        return None
    return moment if moment.year > EPOCH and local.year > EPOCH else None


def published_at(item, zone):
    """When an item was published: by Greenwich, else by the site's clock. None where nobody knows."""
    gmt, local = item["post_date_gmt"], item["post_date"]
    if gmt or local:
        return _moment(gmt) or _moment(local, zone)
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


def _without_spam(item, name, place, found):
    """A text of an item without what was found in it, which goes into ``found`` by its place here."""
    html, cut = spam.cut(item[name], site=item.site, languages=[language(item), *codes()])
    if cut:
        found[place] = cut
    return html


def story(item, zone, now, library=None):
    """A Story of an item that is one. ``library``: a ``library.Library``, for galleries and files."""
    moment = published_at(item, zone)
    why = why_not_public(item, moment, now)
    # Before it is cleaned: hidden words would be words like others afterwards.
    found = {}
    html, headline, standfirst = (
        _without_spam(item, name, place, found)
        for name, place in (
            ("content:encoded", "body"),
            ("title", "headline"),
            ("excerpt:encoded", "standfirst"),
        )
    )
    number = int(item["post_id"])

    def children(of):
        return library.children(item.site, of or number) if library else []

    read = bodies.read(html, children)
    made = Story(
        refs=refs(item),
        where=item.where,
        headline=plain(headline),
        slug=_slug(item["post_name"]),
        standfirst=plain(standfirst),
        body=read.html,
        language=language(item),
        why=why,
        published_at=moment,
        guid=body.plain(item["guid"]),
        credits=credits(item),
        categories=[*categories(item), *otherwise_filed(item)],
        tags=tags(item),
        losses=list(read.losses),
        found=found,
        site=item.site,
        lead=lead(item),
        pictures=read.uses,
    )
    made.losses += [Loss("spam", each.kind) for each in itertools.chain(*found.values())]
    if why in {"", "no date"}:
        made.addresses, made.address_date = addresses(item)
    _with_kin(made, item)
    _with_engines(made, item)
    made.losses += _links(item, read.html, figures.files_in(html) if library else [], library)
    made.losses += item.beside.elements()
    made.losses += [Loss("sticky")] if item["is_sticky"] == "1" and not why else []
    return made


def _slug(name):
    """The last part of a name: other programs write whole paths there, with their ending."""
    return re.sub(r"\.html?$", "", unquote(name).strip("/").rpartition("/")[2], flags=re.I)


def lead(item):
    """The Use of the picture above a story, or None."""
    meta = dict(reversed(item.meta))
    number = meta.get("_thumbnail_id", "").strip()
    if re.fullmatch(r"[1-9]\d{0,14}", number):
        return Use(int(number))
    address = meta.get("fifu_image_url", "").strip()
    return Use(addresses=(address,)) if address else None


def _with_kin(made, item):
    """The series that a story is a part of, and the group of its translations."""
    names = [plain(words) for domain, _, words in item.terms if domain == groups.SERIES]
    series = groups.series([name for name in names if name], item.meta)
    made.series = series.name
    if series.part:
        made.fields["part"] = series.part
    made.losses += [Loss("taxonomy", "a second series")] * series.others
    made.translation = groups.translation(item.site, item.terms, item.meta)


def _with_engines(made, item):
    host = item.site.partition("/")[0]
    said = seo.read(item.meta, headline=made.headline, host=host, link=item["link"])
    made.fields |= said.fields
    made.losses += said.losses
    made.primary = (item.base, said.primary)
    modified = _moment(item["post_modified_gmt"])
    if modified and made.published_at and modified > made.published_at:
        made.modified_at = modified


def _links(item, html, files, library):
    """A Loss for each link to a page of the old site, and for each file of it that nobody brings."""
    host = item.site.partition("/")[0]
    found = dict.fromkeys(one for one in files if library.has(one, item.site))
    for address in _HREF.findall(html) if host else ():
        parts = split(unescape(address))
        if parts is None or parts.netloc.lower().removeprefix("www.") != host:
            continue
        if FILE.search(parts.path):
            found.setdefault(unescape(address))
        else:
            yield Loss("link")
    for address in found:
        yield Loss("file", address)


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
