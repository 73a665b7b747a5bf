"""Raw HTML, whatever it is worth: its tags one by one, their attributes, and its words.

Read in time that grows with its length. Nothing is mended, so that places in it are places in the text.
"""

import re
from html import unescape

_ATTRIBUTES = (
    r"(?>(?>[^<>\"']+|\"[^\"<]*\"|'[^'<]*'|\"[^\"<]*<[^\"]{0,300}\"|'[^'<]*<[^']{0,300}')*)"
)
_TOKEN = re.compile(
    rf"<(?P<end>/?)(?P<tag>[a-zA-Z][\w:-]*)(?P<rest>{_ATTRIBUTES})>|(?P<comment><!--)"
)
_ATTRIBUTE = re.compile(r"([\w:-]+)(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'<>]+)))?")
TAG = re.compile(r"<[^<>]*>")
VOID = {"br", "hr", "img", "input", "meta", "link", "wbr", "source", "track", "col", "area", "base", "param", "embed"}  # fmt: skip
PARTS = {
    "p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "table", "ul", "ol", "dl", "section", "article", "aside", "header",
    "footer", "main", "nav", "center", "figure", "pre", "form", "details", "address",
}  # fmt: skip


def tokens(html, start=0, end=None):
    """The tags of a part of a text in their order; what stands in comments is none."""
    end = len(html) if end is None else end
    has_end = True
    while found := _TOKEN.search(html, start, end):
        start = found.end()
        if not found["comment"]:
            yield found
        elif has_end:
            closing = html.find("-->", start, end)
            has_end = closing >= 0
            start = closing + 3 if has_end else start


def attributes(rest):
    """The attributes of a tag; of what stands there twice the first counts, as in a browser."""
    found = {}
    for match in _ATTRIBUTE.finditer(rest):
        found.setdefault(match[1].lower(), unescape(match[2] or match[3] or match[4] or ""))
    return found


def words(html):
    """What stands between the tags; the rest of a tag that was cut through is no words."""
    html = html[html.find(">") + 1 :] if ">" in html.partition("<")[0] else html
    return " ".join(unescape(TAG.sub(" ", html)).split())
