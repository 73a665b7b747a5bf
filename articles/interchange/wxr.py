"""WordPress export files (WXR 1.0 to 1.2): what a sound one is, and its items as they come.

Files are read as they come: no more than one item is kept. No entity, DTD or address is followed.
What items mean is for others: ``particulars`` asks one, ``wordpress`` makes stories.
"""

import codecs
import re
from collections import Counter
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

from lxml import etree

from articles.interchange import accounts, beside, captions, footnotes, groups, seo, tongues
from articles.interchange.accounts import person_key, plain
from articles.interchange.records import Refused, Term

VERSIONS = {"1.0", "1.1", "1.2"}
OFTEN = 5000  # after so many elements it is asked again whether all is well-formed
# Prefixes that nobody declared, or that stand for no address: plugins leave such behind, WordPress
# reads over them, and the names are as clear without.
HARMLESS = {
    etree.ErrorTypes.NS_ERR_UNDEFINED_NAMESPACE,
    etree.ErrorTypes.WAR_NS_URI,
    etree.ErrorTypes.WAR_NS_URI_RELATIVE,
}
# As WordPress writes them, and as other programs do that write its format.
SPACES = {
    "http://purl.org/rss/1.0/modules/content/": "content:",
    "http://purl.org/dc/elements/1.1/": "dc:",
    "http://backend.userland.com/rss2": "",
    "http://blogs.law.harvard.edu/tech/rss": "",
}
_EXPORT = re.compile(r"https?://wordpress\.org/export/[\d.]+/?(?:(excerpt)/?)?")
NUMBER = re.compile(r"[1-9][0-9]{0,18}")
# What the importer from Joomla left: the number of a category there.
JOOMLA_CATEGORY = {"_fgj2wp_old_category_id", "_fgj2wp_old_id"}
_ENCODING = re.compile(rb"^<\?xml[^>]{0,200}?encoding=[\"']([\w.-]{1,40})")
META = {
    "_wp_old_slug",
    "_wp_old_date",
    "_fgj2wp_old_id",
    "_thumbnail_id",
    *accounts.META,
    *captions.META,
    *footnotes.META,
    *seo.META,
    *groups.META,
}
# Fields that are no export's own; any other counts with WordPress's name only.
PLAIN = {
    "title", "link", "pubDate", "dc:creator", "guid", "description", "content:encoded", "excerpt:encoded",
}  # fmt: skip
SEVERAL = "several states"
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


def read(path):
    """("title", words), ("author", fields), ("term", Term) and ("item", Item) as they come. Raises
    Refused."""
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
                recover=True,  # for what is HARMLESS, and no more: see _check_form
            )
            depth = 0
            for number, (event, element) in enumerate(reader, 1):
                line = element.sourceline or line
                if not number % OFTEN:
                    _check_form(path, reader)
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
            _check_form(path, reader)
            if unversioned or version not in VERSIONS:
                raise Refused(path, unversioned or line, _about_version(version))
    except UnicodeDecodeError:
        _check_form(path, reader)
        raise Refused(path, line, _about_syntax("letters that are none")) from None
    except etree.XMLSyntaxError as error:
        raise Refused(path, error.lineno or line, _about_syntax(error.msg)) from None
    except OSError as error:
        raise Refused(path, 0, error.strerror or "cannot be read") from None


def _check_form(path, reader):
    """Refuse what is not well-formed up to here."""
    for fault in reader.error_log:
        if fault.level >= etree.ErrorLevels.ERROR and fault.type not in HARMLESS:
            raise Refused(path, fault.line, _about_syntax(fault.message))


def _about_syntax(message):
    """What is wrong, in one line."""
    why = " ".join((message or "").split())
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
    """The words of an element. Comments that say a language (``<!--:en-->``, see ``tongues``) belong to
    them where a program wrote a text without CDATA."""
    if not len(element):
        return element.text or ""
    out = [element.text or ""]
    for child in element:
        if isinstance(child.tag, str):
            out.append(_text(child))
        elif child.tag is etree.Comment and tongues.is_mark(f"<!--{child.text}-->"):
            out.append(f"<!--{child.text}-->")
        out.append(child.tail or "")
    return "".join(out)


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


def account(fields):
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
    if "content:encoded" in item.fields:
        item.fields["content:encoded"] = footnotes.placed(item["content:encoded"], item.meta)
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
