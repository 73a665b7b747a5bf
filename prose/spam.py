"""What strangers put into other people's texts: hidden words, links that sell, programs, invisible
frames, and phrases in scripts that the site does not use.

``cut`` takes it out of raw HTML, before hidden words become words like others; ``look`` only says what
is there, also in clean HTML and in plain words. Both read a text once, in time that grows with its
length. What they find is for a person to decide on.
"""

import bisect
import functools
import re
import unicodedata
from html import unescape
from typing import NamedTuple
from urllib.parse import urlsplit

from prose import hiding, selling

LONGEST = 3_000_000  # characters; a longer text is not looked at, and comes in no case as it is
BEFORE = 80  # characters of text before what was found, by which its place is known
LOOKED_BACK = 800  # characters with their tags
LONGEST_CUT = 20_000  # of each thing found, kept

HIDDEN, LINKS, WORDS, SCRIPT, FRAME, ALPHABET = "hidden", "links", "words", "script", "frame", "alphabet"  # fmt: skip

_ATTRIBUTES = (
    r"(?>(?>[^<>\"']+|\"[^\"<]*\"|'[^'<]*'|\"[^\"<]*<[^\"]{0,300}\"|'[^'<]*<[^']{0,300}')*)"
)
_TOKEN = re.compile(
    rf"<(?P<end>/?)(?P<tag>[a-zA-Z][\w:-]*)(?P<rest>{_ATTRIBUTES})>|(?P<comment><!--)"
)
_ATTRIBUTE = re.compile(r"([\w:-]+)(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'<>]+)))?")
_TAG = re.compile(r"<[^<>]*>")
_STYLE = re.compile(r"<style\b[^<>]*>", re.I)
_SUSPECT = re.compile(
    r"style\s*=|<style|\bhidden\b|<script|<iframe|<object|<embed|<marquee|<font|base64|\beval\b",
    re.I,
)
_OBFUSCATED = re.compile(
    r"\beval\s*\(|\batob\s*\(|\bunescape\s*\(|fromCharCode|document\s*\.\s*write|decodeURIComponent\s*\(\s*escape|"
    r"(?:\\x[0-9a-f]{2}){8}|(?:\\u00[0-9a-f]{2}){8}|(?:%[0-9a-f]{2}){12}|_0x[0-9a-f]{4,}|[A-Za-z0-9+/=]{200}|\.split\(''\)\.reverse",
    re.I,
)
_PHP = re.compile(
    r"(?:eval|assert|gzinflate|base64_decode|str_rot13|create_function|atob|unescape|fromCharCode)\s*\(.{0,200}?[A-Za-z0-9+/=%\\]{60}",
    re.S,
)
_VOID = {"br", "hr", "img", "input", "meta", "link", "wbr", "source", "track", "col", "area", "base", "param", "embed"}  # fmt: skip
_RAW = {"script", "style", "iframe", "textarea", "noembed", "xmp", "title", "object", "embed"}
_PARTS = {
    "p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "table", "ul", "ol", "dl", "section", "article", "aside", "header",
    "footer", "main", "nav", "center", "figure", "pre", "form", "details", "address",
}  # fmt: skip
_WORD = re.compile(r"\w")
LONGEST_SHEET = 50_000
_EMPTY_LINE = re.compile(r"\n[ \t]*\n")
_EXCUSED = {"q", "cite", "em", "i", "blockquote", "code", "pre"}
# To whom anybody links.
_KNOWN = re.compile(
    r"(?:^|\.)(?:facebook|twitter|x|instagram|youtube|vk|ok|t|telegram|linkedin|wikipedia|wikimedia|google|apple|bbc|reuters|rferl|"
    r"azattyk|azattyq|24|kloop|akipress|eurasianet|un|europa|worldbank|nytimes|guardian|theguardian|bloomberg|apnews|"
    r"timesca|hurriyet|hurriyetdailynews|tass|ria|interfax|xinhuanet|gov|edu)\.(?:[a-z]{2,6})(?:\.[a-z]{2})?$"
)

# Letters of scripts in which spam comes, by the languages that are written in them.
_SCRIPTS = {
    "\u0e00-\u0e7f": {"th"}, "\u0e80-\u0eff": {"lo"}, "\u1780-\u17ff": {"km"}, "\u1000-\u109f": {"my"},
    "\u3400-\u9fff\uf900-\ufaff": {"zh", "ja", "ko"}, "\u3040-\u30ff\u31f0-\u31ff": {"ja"}, "\u1100-\u11ff\uac00-\ud7af": {"ko"},
    "\u0600-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufeff": {"ar", "fa", "ur", "ug", "ps", "ku", "sd", "prs", "tg-arab"}, "\u0590-\u05ff": {"he", "yi"},
    "\u0900-\u097f": {"hi", "mr", "ne", "sa"}, "\u0980-\u09ff": {"bn"}, "\u0b80-\u0bff": {"ta"}, "\u0c00-\u0c7f": {"te"},
}  # fmt: skip
_WITHOUT_SPACES = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\u1100-\u11ff]")
_OPENS, _CLOSES = "\"“”„«‹'‘‚(（[「『《:—–", "\"“”»›'’)）]」』》"


class Found(NamedTuple):
    """``kind``: one of the six above; ``why``: in a few words; ``cut``: what was found, as it stands
    there; ``before``: the words before it."""

    kind: str
    why: str
    cut: str
    before: str


class _Cut(NamedTuple):
    start: int
    end: int
    kind: str
    why: str
    keeps: str = ""  # what stays in its place


class _Link(NamedTuple):
    start: int
    end: int
    host: str
    words: str
    address: str


def cut(html, *, site="", languages=()):
    """``(html, [Found])``: ``html`` without what is found in it. ``site``: the host of the old site;
    ``languages``: codes of those that it is written in."""
    if len(html) > LONGEST:
        return html, []
    found = []
    if _SUSPECT.search(html):
        html = _taken_out(html, _unseen(html), found)
    return _taken_out(html, _parts(html, site, _letters(languages)), found), found


def look(html, *, site="", languages=()):
    """What ``cut`` would find, the text left as it is."""
    return cut(html, site=site, languages=languages)[1]


def look_at_words(words, *, languages=()):
    """What is found in a headline, a caption or a tag: plain words."""
    text = selling.words_of(words)
    strong, weak = selling.phrases(text)
    if strong or len(weak) > 2:
        return [Found(WORDS, ", ".join(sorted(strong | weak)), words, "")]
    if foreign := selling.foreign(text):
        return [Found(ALPHABET, ", ".join(sorted(foreign)), words, "")]
    letters = _letters(languages)
    count = len(letters.findall(words)) if letters else 0
    if count > 6 and count > sum(map(str.isalpha, words)) / 2:
        return [Found(ALPHABET, "", words, "")]
    return []


def look_at_address(address):
    """What is found in the address of a link that stands by itself."""
    host = _host(address)
    return [Found(LINKS, host, address, "")] if selling.is_selling_host(host) else []


def _taken_out(html, cuts, found):
    out, at, tail = [], 0, ""
    for each in sorted(cuts):
        if each.start < at:
            continue
        # Of what is kept alone: what was cut before stands there no more.
        tail = (tail + html[max(at, each.start - LOOKED_BACK) : each.start])[-LOOKED_BACK:]
        before = _words(tail)[-BEFORE:] + (" " if tail[-1:].isspace() else "")
        tail += each.keeps
        out += [html[at : each.start], each.keeps]
        piece = html[each.start : each.end]
        found.append(Found(each.kind, each.why[:200], piece[:LONGEST_CUT], before))
        at = each.end
    return "".join([*out, html[at:]])


def _words(html):
    html = html[html.find(">") + 1 :] if ">" in html.partition("<")[0] else html
    return " ".join(unescape(_TAG.sub(" ", html)).split())


def _host(address):
    try:
        return (urlsplit(unescape(address).strip()).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def _attributes(rest):
    """The attributes of a tag; of what stands there twice the first counts, as in a browser."""
    found = {}
    for match in _ATTRIBUTE.finditer(rest):
        found.setdefault(match[1].lower(), unescape(match[2] or match[3] or match[4] or ""))
    return found


def _tokens(html, start=0, end=None):
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


# What nobody sees


class _Elements:
    """The tags of a text, where each element ends, and what stands within it."""

    def __init__(self, html):
        self.html = html
        self.tokens = list(_tokens(html))
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
            if tag in _PARTS and not (tag == "p" and token["end"]):
                for paragraph in open_.pop("p", ()):
                    self.ends[paragraph] = (token.start(), number, number + 1)
            if token["end"]:
                if open_.get(tag):
                    self.ends[open_[tag].pop()] = (token.end(), number + 1, number + 1)
            elif tag not in _VOID and not token["rest"].rstrip().endswith("/"):
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


def _unseen(html):
    """Cuts of hidden elements, programs and invisible frames."""
    sheet, elements = _sheet(html), _Elements(html)
    number, cuts, has_ground = 0, [], False
    while number < len(elements.tokens):
        token = elements.tokens[number]
        tag, rest, after = token["tag"].lower(), token["rest"], number + 1
        if not token["end"]:
            attributes = _attributes(rest) if rest.strip(" /") else {}
            has_ground = has_ground or "background" in rest or "bgcolor" in rest
            if tag in _RAW:
                end, after = elements.raw_end(number, tag)
                found = _unseen_raw(html, token, tag, attributes, sheet, end)
            else:
                found = None
                if tag not in _VOID and (attributes or sheet):
                    end, beyond, _upto = elements.end(number)
                    found = _unseen_words(elements, number, tag, attributes, sheet, has_ground)
                    after = beyond if found else after
            if found:
                cuts.append(_Cut(token.start(), end, *found))
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


# What sells, and what is written in other scripts


def _parts(html, site, letters):
    """Cuts of links and words that sell, of code, and of foreign scripts: part by part of a text."""
    cuts = []
    has_letters = letters is not None and letters.search(html) is not None
    excused = _excused(html) if has_letters else []
    for start, end in _divided(html):
        part = html[start:end]
        if len(part) < 4 or part.isspace():
            continue
        links = _links(html, start, end, site) if "<a" in part or "<A" in part else []
        if found := _sells(html, start, end, part, links):
            cuts += found
        elif has_letters:
            cuts += _in_letters(html, start, end, part, links, letters, excused)
    return cuts


def _divided(html):
    """The parts of a text as pairs: paragraphs, whole lists and tables, and what empty lines part.

    Each from its opening tag to its closing one, where it has both.
    """
    edges, depth, opened = [], 0, 0
    at = 0
    for token in _tokens(html):
        tag = token["tag"].lower()
        if tag not in _PARTS:
            continue
        if tag in {"ul", "ol", "table", "dl"}:
            if not token["end"]:
                if depth == 0:
                    edges.append((at, token.start()))
                    opened = token.start()
                depth += 1
            elif depth:
                depth -= 1
                if depth == 0:
                    edges.append((opened, token.end()))
                    at = token.end()
        elif not depth:
            if token["end"]:
                edges.append((at, token.end()))
                at = token.end()
            else:
                edges.append((at, token.start()))
                at = token.start()
    edges.append((opened if depth else at, len(html)))
    for start, end in edges:
        last = start
        if html.find("\n", start, end) >= 0 and html[start : start + 3].lower() not in {
            "<ul",
            "<ol",
            "<ta",
            "<dl",
        }:
            for gap in _EMPTY_LINE.finditer(html, start, end):
                yield last, gap.start()
                last = gap.end()
        yield last, end


def _links(html, start, end, site):
    """Links out of the site within a part."""
    found, opened = [], None
    for token in _tokens(html, start, end):
        if token["tag"].lower() != "a":
            continue
        if token["end"]:
            if opened is not None:
                host = _host(opened[1])
                if host and not _is_same(host, site):
                    words = _words(html[opened[2] : token.start()])
                    found.append(_Link(opened[0], token.end(), host, words, opened[1]))
            opened = None
        else:
            opened = (token.start(), _attributes(token["rest"]).get("href", ""), token.end())
    return found


def _is_same(host, site):
    site = site.partition("/")[0].removeprefix("www.")
    return bool(site) and (host == site or host.endswith(f".{site}") or site.endswith(f".{host}"))


def _sells(html, start, end, part, links):
    text = selling.words_of(_TAG.sub(" ", part))
    strong, weak = selling.phrases(text)
    outside = [link for link in links if not _KNOWN.search(link.host)]
    if _PHP.search(part):
        return [_Cut(start, end, SCRIPT, "code in the text")]
    sold = [link for link in outside if _is_sold(link)]
    anchors = sum(len(link.words) for link in outside)
    hosts = {link.host for link in outside}
    is_mostly_links = anchors * 2 >= len(text)
    if (
        len(outside) >= 4
        and len(hosts) >= 3
        and is_mostly_links
        and (sold or (len(outside) >= 6 and sum(map(_is_keyword, outside)) >= 0.8 * len(outside)))
    ):
        return [_Cut(start, end, LINKS, ", ".join(sorted(hosts))[:200])]
    if len(sold) >= 2 and anchors * 3 >= len(text):
        return [_Cut(start, end, LINKS, ", ".join(sorted({link.host for link in sold}))[:200])]
    if len(strong) >= 3 or (strong and len(strong | weak) >= 5) or (sold and len(strong) >= 2):
        return [_Cut(start, end, WORDS, ", ".join(sorted(strong))[:200])]
    cuts = [_Cut(link.start, link.end, LINKS, link.host) for link in sold]
    return cuts + _single(html, outside)


def _is_sold(link):
    """Whether a link sells by its words and leads where it is sold."""
    text = selling.words_of(link.words)
    strong, weak = selling.phrases(text)
    if selling.is_selling_host(link.host):
        return bool(strong or weak or selling.foreign(text) or _is_keyword(link))
    return bool(strong) and len(text.split()) <= 8


def _is_keyword(link):
    """Whether words are what is searched for rather than what somebody wrote: small, few, no marks."""
    words = link.words
    return (
        words == words.lower()
        and 2 <= len(words.split()) <= 6
        and not re.search(r"[.,;:!?«»“”\"()\d]", words)
    )


def _single(html, links):
    """Links on a single character, which stays: only the link goes."""
    cuts = []
    for number, link in enumerate(links):
        if len(link.words) != 1 or link.words.isdigit() or link.words in "*†‡§¹²³→↑↗»›#":
            continue
        beside = [other for other in links[max(0, number - 1) : number + 2] if other is not link]
        if any(other.address == link.address for other in beside):
            continue
        # A letter by itself is a note; one within a word hides the link.
        around = html[max(0, link.start - 1) : link.start] + html[link.end : link.end + 1]
        if link.words.isalpha() and not any(map(str.isalpha, around)):
            continue
        words = _TAG.sub("", html[link.start : link.end])
        cuts.append(_Cut(link.start, link.end, LINKS, link.host, keeps=words))
    return cuts


def _letters(languages):
    """A pattern of letters that are foreign where one writes in ``languages``."""
    return _foreign_letters(frozenset(code.lower().partition("-")[0] for code in languages))


@functools.lru_cache(maxsize=100)
def _foreign_letters(home):
    foreign = "".join(letters for letters, codes in _SCRIPTS.items() if not codes & home)
    return re.compile(f"[{foreign}]") if foreign else None


def _excused(html):
    """Where foreign letters belong: quotations, and what says its language. Pairs, in order."""
    found, stack = [], []
    for token in _tokens(html):
        tag = token["tag"].lower()
        if tag in _VOID:
            continue
        if not token["end"]:
            is_excused = tag in _EXCUSED or (
                "lang" in token["rest"] and _attributes(token["rest"]).get("lang")
            )
            stack.append((tag, token.end() if is_excused else None))
            del stack[:-200]
        else:
            for depth in range(len(stack) - 1, -1, -1):
                if stack[depth][0] == tag:
                    found += [(s, token.start()) for _, s in stack[depth:] if s is not None]
                    del stack[depth:]
                    break
    whole = []  # what lies in another is a part of it
    for each in sorted(found):
        if not whole or each[0] >= whole[-1][1]:
            whole.append(each)
    return whole


def _in_letters(html, start, end, part, links, letters, excused):
    count = len(letters.findall(part))
    if not count:
        return []
    text = _words(part)
    if sold := selling.foreign(text):
        if count > sum(map(str.isalpha, text)) / 2:
            return [_Cut(start, end, ALPHABET, ", ".join(sorted(sold)))]
    elif _is_excused(start, end, html, letters, excused):
        return []
    if (
        count > 0.7 * sum(map(str.isalpha, text))
        and count >= 8
        and not _is_quoted(text, 0, len(text))
    ):
        return [_Cut(start, end, ALPHABET, _name_of(letters, part))]
    known = [(link.start, link.end) for link in links if _KNOWN.search(link.host)]
    cuts = [
        _Cut(link.start, link.end, ALPHABET, link.host)
        for link in links
        if len(letters.findall(link.words)) > 3
        and not _KNOWN.search(link.host)
        and (
            selling.foreign(link.words)
            or (not _is_quoted(link.words, 0, len(link.words)) and not _within(link.start, excused))
        )
    ]
    taken = sorted([*known, *((each.start, each.end) for each in cuts)])
    run = re.compile(rf"{letters.pattern}(?:[^<>\w]{{0,3}}{letters.pattern}|{letters.pattern})*")
    for match in run.finditer(html, start, end):
        if _within(match.start(), taken) or _in_tag(html, match.start()):
            continue
        number = len(letters.findall(match[0]))
        least = 8 if _WITHOUT_SPACES.search(match[0]) else 12
        if selling.foreign(match[0]) or (
            number >= least
            and not _is_quoted(html, match.start(), match.end())
            and not _within(match.start(), excused)
        ):
            cuts.append(_Cut(match.start(), match.end(), ALPHABET, _name_of(letters, match[0])))
    return cuts


def _in_tag(html, at):
    return html.rfind("<", max(0, at - 3000), at) > html.rfind(">", max(0, at - 3000), at)


def _within(at, ranges):
    """Whether a place lies in one of ranges that are in order and do not cross."""
    number = bisect.bisect_right(ranges, (at, float("inf"))) - 1
    return number >= 0 and ranges[number][0] <= at < ranges[number][1]


def _is_excused(start, end, html, letters, excused):
    """Whether all the foreign letters of a part stand where they belong."""
    return bool(excused) and all(
        _within(match.start(), excused) for match in letters.finditer(html, start, end)
    )


def _is_quoted(text, start, end):
    """Whether words stand in quotation marks or brackets, or after a colon."""
    inside = text[start:end].strip()
    if inside and inside[0] in _OPENS and inside[-1] in _CLOSES + ".":
        return True
    before = _TAG.sub("", text[max(0, start - 200) : start]).rstrip()[-1:]
    after = _TAG.sub("", text[end : end + 200]).lstrip()[:1]
    return (bool(before) and before in _OPENS) or (bool(after) and after in _CLOSES)


def _name_of(letters, text):
    """What a script is called, of the first of its letters: THAI, CJK, ARABIC."""
    first = letters.search(text)
    return unicodedata.name(first[0], "").split(" ")[0].lower() if first else ""
