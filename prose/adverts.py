"""Links and words that sell, and code among words, in a part of a raw text."""

import re

from prose import raw, selling
from prose.cuts import LINKS, SCRIPT, WORDS, Cut
from prose.outward import KNOWN

_PHP = re.compile(
    r"(?:eval|assert|gzinflate|base64_decode|str_rot13|create_function|atob|unescape|fromCharCode)\s*\(.{0,200}?[A-Za-z0-9+/=%\\]{60}",
    re.S,
)


def found_in(html, start, end, part, links):
    """Cuts of ``part``, which lies from ``start`` to ``end``: the whole of it, or some of its ``links``."""
    text = selling.words_of(raw.TAG.sub(" ", part))
    strong, weak = selling.phrases(text)
    outside = [link for link in links if not KNOWN.search(link.host)]
    if _PHP.search(part):
        return [Cut(start, end, SCRIPT, "code in the text")]
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
        return [Cut(start, end, LINKS, ", ".join(sorted(hosts))[:200])]
    if len(sold) >= 2 and anchors * 3 >= len(text):
        return [Cut(start, end, LINKS, ", ".join(sorted({link.host for link in sold}))[:200])]
    if len(strong) >= 3 or (strong and len(strong | weak) >= 5) or (sold and len(strong) >= 2):
        return [Cut(start, end, WORDS, ", ".join(sorted(strong))[:200])]
    cuts = [Cut(link.start, link.end, LINKS, link.host) for link in sold]
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
        words = raw.TAG.sub("", html[link.start : link.end])
        cuts.append(Cut(link.start, link.end, LINKS, link.host, keeps=words))
    return cuts
