"""What strangers put into other people's texts: hidden words, links that sell, programs, invisible
frames, and phrases in scripts that the site does not use.

``cut`` takes it out of raw HTML, before hidden words become words like others; ``look`` only says what
is there, also in clean HTML and in plain words. Both read a text once, in time that grows with its
length. What they find is for a person to decide on.
"""

import re

from prose import adverts, alphabets, outward, raw, selling, unseen
from prose.cuts import ALPHABET, LINKS, WORDS, Found, taken_out

LONGEST = 3_000_000  # characters; a longer text is not looked at, and comes in no case as it is
_EMPTY_LINE = re.compile(r"\n[ \t]*\n")


def cut(html, *, site="", languages=()):
    """``(html, [Found])``: ``html`` without what is found in it. ``site``: the host of the old site;
    ``languages``: codes of those that it is written in."""
    if len(html) > LONGEST:
        return html, []
    found = []
    if unseen.SUSPECT.search(html):
        html = taken_out(html, unseen.found_in(html), found)
    letters = alphabets.letters_foreign_to(languages)
    return taken_out(html, _parts(html, site, letters), found), found


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
    letters = alphabets.letters_foreign_to(languages)
    count = len(letters.findall(words)) if letters else 0
    if count > 6 and count > sum(map(str.isalpha, words)) / 2:
        return [Found(ALPHABET, "", words, "")]
    return []


def look_at_address(address):
    """What is found in the address of a link that stands by itself."""
    host = outward.host_of(address)
    return [Found(LINKS, host, address, "")] if selling.is_selling_host(host) else []


def _parts(html, site, letters):
    """Cuts of links and words that sell, of code, and of foreign scripts: part by part of a text."""
    cuts = []
    has_letters = letters is not None and letters.search(html) is not None
    excused = alphabets.excused_in(html) if has_letters else []
    for start, end in _divided(html):
        part = html[start:end]
        if len(part) < 4 or part.isspace():
            continue
        links = outward.links(html, start, end, site) if "<a" in part or "<A" in part else []
        if found := adverts.found_in(html, start, end, part, links):
            cuts += found
        elif has_letters:
            cuts += alphabets.found_in(html, start, end, part, links, letters, excused)
    return cuts


def _divided(html):
    """The parts of a text as pairs: paragraphs, whole lists and tables, and what empty lines part.

    Each from its opening tag to its closing one, where it has both.
    """
    edges, depth, opened = [], 0, 0
    at = 0
    for token in raw.tokens(html):
        tag = token["tag"].lower()
        if tag not in raw.PARTS:
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
