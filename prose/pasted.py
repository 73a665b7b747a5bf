"""What word processors put on the clipboard, said in the tags that a body knows.

``tidy`` makes of styles what they mean: bold spans, Word's lists that are paragraphs with a bullet
typed before them, the bold wrapper around all that comes from Google Docs. It makes nothing safe:
body.clean does, afterwards. static/desk/paste.js does the same in the editor.
"""

import re
from html import escape
from html.parser import HTMLParser

_STYLED = re.compile(r"\sstyle\s*=|<o:p\b", re.I)
_LEVEL = re.compile(r"\blevel(\d)")
_NUMBER = re.compile(r"\(?(\d{1,3}|[a-zа-я]{1,4})[.)]", re.I)
_BLOCKS = {
    "p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "table", "blockquote", "hr", "figure",
}  # fmt: skip
_HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
_VOID = {
    "br",
    "hr",
    "img",
    "meta",
    "link",
    "col",
    "input",
    "wbr",
    "area",
    "base",
    "source",
    "track",
}
_ITEM, _MARKER, _SPACES = object(), object(), object()


def tidy(html):
    """``html`` with its styles said in tags; unchanged where it has none."""
    if not _STYLED.search(html):
        return html
    tidier = _Tidier()
    tidier.feed(html)
    tidier.close()
    return tidier.finish()


def _declarations(style):
    pairs = (part.split(":", 1) for part in (style or "").split(";") if ":" in part)
    return {name.strip().lower(): value.strip().lower() for name, value in pairs}


def _is_bold(weight):
    return weight in {"bold", "bolder"} or (weight.isdecimal() and int(weight) >= 600)


class _Item:
    """A paragraph of Word's that is an item of a list."""

    def __init__(self, level):
        self.level, self.marker, self.html = level, "", []

    @property
    def kind(self):
        return "ol" if _NUMBER.match(self.marker.strip()) else "ul"

    @property
    def start(self):
        number = _NUMBER.match(self.marker.strip())
        return int(number[1]) if number and number[1].isdecimal() else 1


class _Tidier(HTMLParser):
    """``open``: what is open as pairs of the tag that was read and what ends it."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.out, self.open, self.items = [], [], []
        self.item, self.in_marker, self.in_spaces = None, 0, 0

    def finish(self):
        while self.open:
            self._end()
        self._flush()
        return "".join(self.out)

    def _write(self, words):
        (self.item.html if self.item else self.out).append(words)

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        style = _declarations(attributes.pop("style", ""))
        listed = style.get("mso-list", "")
        if tag == "o:p":
            tag, attributes = "span", {}
        if listed == "ignore" and self.item:
            self.in_marker += 1
            self.open.append((tag, _MARKER))
            return
        if tag == "p" and self.item is None and (level := _LEVEL.search(listed)):
            self.item = _Item(int(level[1]))
            self.open.append((tag, _ITEM))
            return
        if self.item is None and tag in _BLOCKS:
            self._flush()
        if "mso-spacerun" in style:
            self._write(" ")
            self.in_spaces += 1
            self.open.append((tag, _SPACES))
            return
        if tag == "p" and attributes.get("role") == "presentation" and self._parent() == "li":
            self.open.append((tag, ""))
            return
        ends = self._tag(tag, attributes, style)
        if tag not in _VOID:
            self.open.append((tag, ends))

    def _tag(self, tag, attributes, style):
        """Write what a tag and its style mean; gives what ends it."""
        weight, slope = style.get("font-weight", ""), style.get("font-style", "")
        is_normal = weight in {"normal", "400"} if tag in {"b", "strong"} else slope == "normal"
        if tag in {"b", "strong", "i", "em"} and is_normal:
            starts, ends = [], []
        elif tag in {"ul", "ol"} and self._parent() in {"ul", "ol"} and self._is_after_item():
            # A list within a list belongs to the item before it.
            self.out.pop()
            starts, ends = [f"<{tag}>"], [f"</{tag}>", "</li>"]
        elif tag == "span" or tag == "font":
            starts, ends = [], []
        else:
            written = "".join(
                f' {name}="{escape(value or "")}"' for name, value in attributes.items()
            )
            starts, ends = [f"<{tag}{written}>"], [f"</{tag}>"] if tag not in _VOID else []
        if tag in {"span", "font", "a"}:
            marks = [
                _is_bold(weight) and not self._is_in_heading() and "strong",
                slope == "italic" and "em",
                {"super": "sup", "sub": "sub"}.get(style.get("vertical-align", "")),
            ]
            for mark in filter(None, marks):
                starts.append(f"<{mark}>")
                ends.insert(0, f"</{mark}>")
        for start in starts:
            self._write(start)
        return "".join(ends)

    def _parent(self):
        return next((tag for tag, ends in reversed(self.open) if ends), "")

    def _is_in_heading(self):
        return any(tag in _HEADINGS for tag, _ends in self.open)

    def _is_after_item(self):
        while self.out and not self.out[-1].strip():
            self.out.pop()
        return self.item is None and bool(self.out) and self.out[-1] == "</li>"

    def handle_endtag(self, tag):
        tag = "span" if tag == "o:p" else tag
        if not any(read == tag for read, _ends in self.open):
            return
        while self.open[-1][0] != tag:
            self._end()
        self._end()

    def _end(self):
        _tag, ends = self.open.pop()
        if ends is _MARKER:
            self.in_marker -= 1
        elif ends is _SPACES:
            self.in_spaces -= 1
        elif ends is _ITEM:
            self.items.append(self.item)
            self.item = None
        elif ends:
            self._write(ends)

    def handle_data(self, data):
        if self.in_marker:
            self.item.marker += data
            return
        if self.in_spaces:
            return
        if self.item is None and data.strip():
            self._flush()
        self._write(escape(data, quote=False))

    def _flush(self):
        """Write the items that were read as lists within lists."""
        items, self.items = self.items, []
        lists = []
        for item in items:
            while lists and lists[-1][0] > item.level:
                self.out.append(f"</li></{lists.pop()[1]}>")
            if lists and lists[-1][0] == item.level and lists[-1][1] != item.kind:
                self.out.append(f"</li></{lists.pop()[1]}>")
            if lists and lists[-1][0] == item.level:
                self.out.append("</li>")
            else:
                start = f' start="{item.start}"' if item.kind == "ol" and item.start > 1 else ""
                self.out.append(f"<{item.kind}{start}>")
                lists.append((item.level, item.kind))
            self.out.append(f"<li>{''.join(item.html).strip()}")
        while lists:
            self.out.append(f"</li></{lists.pop()[1]}>")
