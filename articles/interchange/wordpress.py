"""WordPress export files (WXR 1.0 to 1.2), read as they come and made into stories.

Files are read twice: ``survey`` reads them wholly, refuses what is no sound export, and learns who is
who; ``items`` gives them one by one. Neither keeps more than one item, and what has to be known of
all: people, categories, and which items were seen. No entity, DTD or address is followed, and what
PHP serialised is read as data (``php``).
"""

import datetime
import email.utils
import hashlib
import re
import unicodedata
from dataclasses import dataclass, field
from html import unescape
from urllib.parse import unquote, urlsplit

from lxml import etree

from articles.interchange import bodies, captions, figures
from articles.interchange.records import Filed, Loss, Refused, Story, Survey, Use
from prose import body

VERSIONS = {"1.0", "1.1", "1.2"}
SPACES = {
    "http://purl.org/rss/1.0/modules/content/": "content:",
    "http://purl.org/dc/elements/1.1/": "dc:",
}
_EXPORT = re.compile(r"http://wordpress\.org/export/[\d.]+/(excerpt/)?")
_TIME = re.compile(r"(\d{4})-(\d\d)-(\d\d)[ T](\d\d):(\d\d):(\d\d)")
_APART = re.compile(r"</?(?:br|p|div|li|h[1-6]|td|tr)\b[^<>]*>", re.I)
_MARK = re.compile(r"</?[a-zA-Z][^<>]*>")
_DAY = re.compile(r"/(\d{4})/(\d{1,2})/(\d{1,2})/")
# Clocks that are not set stand in this year or before it.
EPOCH = 1970
META = {
    "_wp_old_slug",
    "_thumbnail_id",
    "cap-display_name",
    "cap-first_name",
    "cap-last_name",
    "cap-user_login",
} | captions.META
# Of the machine: nobody misses them.
MACHINERY = {
    "nav_menu_item", "revision", "custom_css", "customize_changeset", "oembed_cache",
    "user_request", "wp_global_styles", "wp_navigation", "wp_template", "wp_template_part",
    "wp_font_family", "wp_font_face", "guest-author",
}  # fmt: skip
DROPPED = {"trash", "auto-draft", "inherit"}


@dataclass
class Item:
    """One item of a file; ``terms`` in their order: (domain, nicename, words)."""

    where: str
    site: str
    base: str  # the path below which the old site stood, "/" or "/blog/"
    language: str
    fields: dict[str, str] = field(default_factory=dict)
    terms: list[tuple[str, str, str]] = field(default_factory=list)
    meta: list[tuple[str, str]] = field(default_factory=list)
    comments: int = 0

    def __getitem__(self, name):
        return self.fields.get(name, "").strip()

    @property
    def type(self):
        return self["post_type"] or "unknown"


def survey(paths, library=None):
    """The Survey of all files; their attachments go into a ``library.Library``. Raises Refused."""
    found = Survey()
    guests, logins = {}, {}
    for path in paths:
        for kind, thing in _read(path):
            if kind == "author":
                _learn_author(thing, logins)
            elif kind == "title":
                found.title = found.title or thing
            elif kind == "item":
                found.items += 1
                if library is not None:
                    library.site(thing.site)
                if thing.type == "guest-author":
                    _learn_guest(thing, guests)
                elif thing.type == "attachment" and library is not None:
                    library.learn(thing)
                elif thing.type == "post":
                    for filed in categories(thing):
                        found.categories.setdefault(filed.key, filed.name)
                        found.category_stories[filed.key] += 1
                    found.creators.update(credits(thing))
                if thing.type in {"post", "page"}:
                    found.languages[language(thing)] += 1
    found.people = logins | guests
    for key in found.creators:
        found.people.setdefault(key, "")
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
                    version = (element.text or "").strip()
                    if version not in VERSIONS:
                        unversioned = unversioned or line
                elif unversioned:
                    pass  # What is not well-formed is said first, and may stand below.
                elif name == "item":
                    yield "item", _item(element, path, channel)
                elif name in {"wp:author", "wp:wp_author"}:
                    yield "author", _fields(element)
                elif not len(element):
                    channel[name] = (element.text or "").strip()
                    if name == "title":
                        yield "title", channel[name]
                _forget(element)
            if unversioned or version not in VERSIONS:
                raise Refused(path, unversioned or line, _about_version(version))
    except etree.XMLSyntaxError as error:
        raise Refused(path, error.lineno or line, f"not well-formed: {error.msg}") from None
    except OSError as error:
        raise Refused(path, 0, error.strerror or "cannot be read") from None


def _check_root(path, root):
    if root.getroottree().docinfo.doctype or root.getroottree().docinfo.internalDTD is not None:
        raise Refused(path, _line_of_doctype(path), "It has a DOCTYPE, which no export has.")
    if root.tag != "rss":
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
    return SPACES.get(space, "other:") + name


def _text(element):
    return "".join(element.itertext())


def _forget(element):
    element.clear()
    parent = element.getparent()
    while element.getprevious() is not None:
        del parent[0]


def _fields(element):
    return {_name(child).removeprefix("wp:"): _text(child).strip() for child in element}


def _item(element, path, channel):
    address = channel.get("wp:base_blog_url") or channel.get("link", "")
    parts = _split(address)
    base = f"/{parts.path.strip('/')}/" if parts and parts.path.strip("/") else "/"
    host = (parts.netloc if parts else "").lower().rpartition("@")[2].removeprefix("www.")
    item = Item(
        where=f"{path}, line {element.sourceline}",
        site=f"{host}{base.rstrip('/')}",
        base=base,
        language=channel.get("language", ""),
    )
    for child in element:
        name = _name(child)
        if name == "category":
            words = _text(child).strip()
            item.terms.append((child.get("domain", ""), child.get("nicename", ""), words))
        elif name == "wp:postmeta":
            meta = _fields(child)
            if meta.get("meta_key") in META:
                item.meta.append((meta["meta_key"], meta.get("meta_value", "")))
        elif name == "wp:comment":
            item.comments += 1
        elif name and (key := name.removeprefix("wp:")) not in item.fields:
            item.fields[key] = _text(child)
    return item


def _split(address):
    try:
        return urlsplit(address.strip())
    except ValueError:
        return None


# People


def _learn_author(fields, logins):
    login = fields.get("author_login", "")
    if not login:
        return
    whole = f"{fields.get('author_first_name', '')} {fields.get('author_last_name', '')}".strip()
    candidates = (fields.get("author_display_name", ""), whole)
    name = next((words for words in candidates if is_name(words, login)), "")
    key = person_key(login)
    # One login with two names, on two sites perhaps, is nobody in particular.
    logins[key] = name if logins.get(key, name) in {name, ""} else ""


def _learn_guest(item, guests):
    meta = dict(item.meta)
    whole = f"{meta.get('cap-first_name', '')} {meta.get('cap-last_name', '')}".strip()
    login = meta.get("cap-user_login", "")
    candidates = (meta.get("cap-display_name", ""), whole, item["title"])
    name = next((plain(words) for words in candidates if is_name(words, login)), "")
    for key in {person_key(item["post_name"]), person_key(login)} - {""}:
        guests[key] = guests.get(key) or name


def is_name(words, login):
    """Whether ``words`` can be printed as somebody's name: no login, no e-mail address."""
    words = words.strip()
    return bool(words) and "@" not in words and words.casefold() != login.strip().casefold()


def person_key(words):
    """A login or a nicename as both files and plugins write it: ``cap-a.b`` and ``A.B`` are a-b."""
    words = unquote(words.strip()).lower().removeprefix("cap-")
    words = unicodedata.normalize("NFC", words).replace("@", "")
    return re.sub(r"[^\w]+", "-", words).strip("-")


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


def tags(item):
    names = [plain(words) for domain, _, words in item.terms if domain in {"post_tag", "tag"}]
    return [name for name in dict.fromkeys(names) if name]


def language(item):
    """The language of an item: what a plugin says of it, else the site's own: ``ru`` or ``en-us``."""
    own = [nicename for domain, nicename, _ in item.terms if domain == "language"]
    return (own[0] if own else item.language).strip().lower().replace("_", "-")


# Stories


def plain(words):
    """Words of a title or an excerpt without their marks."""
    words = _MARK.sub("", _APART.sub(" ", words))
    return " ".join(body.plain(unescape(words)).split())


def is_left_out(item):
    """Why an item is no story, or ""."""
    if item.type != "post":
        return item.type
    if item["status"] in DROPPED:
        return f"post, {item['status']}"
    return "" if refs(item) else "post without a number"


def refs(item):
    """The two handles of an item, or None."""
    number = item["post_id"]
    if not re.fullmatch(r"[1-9]\d{0,18}", number):
        return None
    site = item.site if len(item.site) <= 100 else _short(item.site)
    plain_ref = f"wordpress:{site}:{item.type}:{number}"
    date = item["post_date_gmt"] if _moment(item["post_date_gmt"]) else item["post_date"]
    stamp = re.sub(r"\D", "", date)[:14] or _short(item["guid"] or item["link"])
    return plain_ref, f"{plain_ref}:{stamp}"


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


def story(item, zone, now, library=None):
    """A Story of an item that is one. ``library``: a ``library.Library``, for galleries and files."""
    moment = published_at(item, zone)
    why = why_not_public(item, moment, now)
    number = int(item["post_id"])

    def children(of):
        return library.children(item.site, of or number) if library else []

    read = bodies.read(item["content:encoded"], children)
    made = Story(
        refs=refs(item),
        where=item.where,
        headline=plain(item["title"]),
        slug=unquote(item["post_name"]),
        standfirst=plain(item["excerpt:encoded"]),
        body=read.html,
        language=language(item),
        why=why,
        published_at=moment,
        guid=body.plain(item["guid"]),
        credits=credits(item),
        categories=categories(item),
        tags=tags(item),
        losses=list(read.losses),
        site=item.site,
        lead=lead(item),
        pictures=read.uses,
    )
    if why in {"", "no date"}:
        made.addresses, made.address_date = addresses(item)
    domains = {domain for domain, _, _ in item.terms}
    known = {"category", "post_tag", "tag", "author", "language", "post_format", ""}
    made.losses += [Loss("taxonomy", domain) for domain in sorted(domains - known)]
    host = re.escape(item.site.partition("/")[0])
    links = re.findall(rf'href="https?://(?:www\.)?{host}[/"?]', read.html) if host else []
    made.losses += [Loss("link") for _ in links]
    files = figures.files_in(item["content:encoded"]) if library else []
    made.losses += [Loss("file", one) for one in files if library.has(one, item.site)]
    made.losses += [Loss("comment") for _ in range(item.comments)]
    return made


def lead(item):
    """The Use of the picture above a story, or None."""
    meta = dict(reversed(item.meta))
    number = meta.get("_thumbnail_id", "").strip()
    if re.fullmatch(r"[1-9]\d{0,14}", number):
        return Use(int(number))
    address = meta.get("fifu_image_url", "").strip()
    return Use(addresses=(address,)) if address else None


def addresses(item):
    """Pairs of path and query at which an item stood, and the day that its address names, or None."""
    parts = _split(item["link"])
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
            try:
                day = datetime.date(*(int(n) for n in numbers.groups()))
            except ValueError:
                day = None
    names = ("p", "page_id") if item.type == "page" else ("p",)
    found += [(item.base, f"{name}={item['post_id']}") for name in names]
    return list(dict.fromkeys((body.plain(path), query) for path, query in found)), day
