"""What nobody sees of a raw text: hidden elements, programs that hide what they do, and invisible frames."""

import re
from html import unescape

from prose import hiding, raw
from prose.cuts import FRAME, HIDDEN, SCRIPT, Cut

_STYLE = re.compile(r"<style\b[^<>]*>", re.I)
SUSPECT = re.compile(
    r"style\s*=|<style|\bhidden\b|<script|<iframe|<object|<embed|<marquee|<font|base64|\beval\b",
    re.I,
)
_OBFUSCATED = re.compile(
    r"\beval\s*\(|\batob\s*\(|\bunescape\s*\(|fromCharCode|document\s*\.\s*write|decodeURIComponent\s*\(\s*escape|"
    r"(?:\\x[0-9a-f]{2}){8}|(?:\\u00[0-9a-f]{2}){8}|(?:%[0-9a-f]{2}){12}|_0x[0-9a-f]{4,}|[A-Za-z0-9+/=]{200}|\.split\(''\)\.reverse",
    re.I,
)
_RAW = {"script", "style", "iframe", "textarea", "noembed", "xmp", "title", "object", "embed"}
_WORD = re.compile(r"\w")
LONGEST_SHEET = 50_000


class _Elements:
    """The tags of a text, where each element ends, and what stands within it."""

    def __init__(self, html):
        self.html = html
        self.tokens = list(raw.tokens(html))
        self.ends = {}
        self.words, self.links = [0], [0]
        self.unclosed = set()
        open_ = {}
        at = 0
        for number, token in enumerate(self.tokens):
            words = unescape(html[at : token.start()])
            self.words.append(self.words[-1] + (_WORD.search(words) is not None))
            at = token.end()
            tag = token["tag"].lower()
            self.links.append(self.links[-1] + (tag == "a" and "href" in token["rest"].lower()))
            if tag in raw.PARTS and not (tag == "p" and token["end"]):
                for paragraph in open_.pop("p", ()):
                    self.ends[paragraph] = (token.start(), number, number + 1)
            if token["end"]:
                if open_.get(tag):
                    self.ends[open_[tag].pop()] = (token.end(), number + 1, number + 1)
            elif tag not in raw.VOID and not token["rest"].rstrip().endswith("/"):
                open_.setdefault(tag, []).append(number)
        self.words.append(self.words[-1] + (_WORD.search(unescape(html[at:])) is not None))

    def end(self, number):
        """Where the element of a token ends, the token after it, and that up to which it holds words."""
        return self.ends.get(number) or (len(self.html), len(self.tokens), len(self.tokens) + 1)

    def raw_end(self, number, tag):
        """The same of an element that holds no others."""
        token = self.tokens[number]
        if tag == "embed" or tag in self.unclosed or token["rest"].rstrip().endswith("/"):
            return token.end(), number + 1
        closing = re.compile(rf"</{tag}\s*>", re.I).search(self.html, token.end())
        if closing is None and tag != "script":
            self.unclosed.add(tag)
            return token.end(), number + 1
        end = closing.end() if closing else len(self.html)
        while number < len(self.tokens) and self.tokens[number].start() < end:
            number += 1
        return end, number

    def has_words(self, number):
        return self.words[self.end(number)[2]] > self.words[number + 1]

    def has_links(self, number):
        return self.links[self.end(number)[1]] > self.links[number + 1]


def _sheet(html):
    """The hiding rules that stand in the text itself."""
    sheet, at = {}, 0
    closing = re.compile("</style", re.I)
    while opening := _STYLE.search(html, at):
        end = closing.search(html, opening.end())
        if end is None:
            break
        sheet |= hiding.rules(html[opening.end() : end.start()][:LONGEST_SHEET])
        at = end.end()
    if "getElementById" in html:
        sheet |= hiding.by_scripts(html)
    return sheet


def found_in(html):
    """Cuts of hidden elements, programs and invisible frames."""
    sheet, elements = _sheet(html), _Elements(html)
    number, cuts, has_ground = 0, [], False
    while number < len(elements.tokens):
        token = elements.tokens[number]
        tag, rest, after = token["tag"].lower(), token["rest"], number + 1
        if not token["end"]:
            attributes = raw.attributes(rest) if rest.strip(" /") else {}
            has_ground = has_ground or "background" in rest or "bgcolor" in rest
            if tag in _RAW:
                end, after = elements.raw_end(number, tag)
                found = _unseen_raw(html, token, tag, attributes, sheet, end)
            else:
                found = None
                if tag not in raw.VOID and (attributes or sheet):
                    end, beyond, _upto = elements.end(number)
                    found = _unseen_words(elements, number, tag, attributes, sheet, has_ground)
                    after = beyond if found else after
            if found:
                cuts.append(Cut(token.start(), end, *found))
        number = after
    return cuts


def _unseen_raw(html, token, tag, attributes, sheet, end):
    """``(kind, why)`` of a program or a frame that nobody sees, or None."""
    if tag == "script":
        return (SCRIPT, "obfuscated") if _OBFUSCATED.search(html, token.start(), end) else None
    if tag in {"iframe", "object", "embed"}:
        if why := hiding.why(tag, attributes, sheet):
            return FRAME, why
        source = attributes.get("src") or attributes.get("data", "")
        if re.match(r"\s*data:[^,]{0,80}base64", source):
            return SCRIPT, "base64"
    return None


def _unseen_words(elements, number, tag, attributes, sheet, has_ground):
    why = hiding.why(tag, attributes, sheet)
    has_links = elements.has_links(number)
    if why:
        return (HIDDEN, why) if has_links or elements.has_words(number) else None
    # What is white, or cut away for those who hear the page, is suspect with links in it only.
    is_white = not has_ground and hiding.is_white(tag, attributes)
    if has_links and (is_white or hiding.is_clipped(attributes)):
        return HIDDEN, "white or cut away, with links"
    return None
