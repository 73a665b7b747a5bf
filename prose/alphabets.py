"""Phrases in scripts that a site does not use, in a part of a raw text."""

import bisect
import functools
import re
import unicodedata

from prose import raw, selling
from prose.cuts import ALPHABET, Cut
from prose.outward import KNOWN

# Letters of scripts in which spam comes, by the languages that are written in them.
_SCRIPTS = {
    "\u0e00-\u0e7f": {"th"}, "\u0e80-\u0eff": {"lo"}, "\u1780-\u17ff": {"km"}, "\u1000-\u109f": {"my"},
    "\u3400-\u9fff\uf900-\ufaff": {"zh", "ja", "ko"}, "\u3040-\u30ff\u31f0-\u31ff": {"ja"}, "\u1100-\u11ff\uac00-\ud7af": {"ko"},
    "\u0600-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufeff": {"ar", "fa", "ur", "ug", "ps", "ku", "sd", "prs", "tg-arab"}, "\u0590-\u05ff": {"he", "yi"},
    "\u0900-\u097f": {"hi", "mr", "ne", "sa"}, "\u0980-\u09ff": {"bn"}, "\u0b80-\u0bff": {"ta"}, "\u0c00-\u0c7f": {"te"},
}  # fmt: skip
_WITHOUT_SPACES = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\u1100-\u11ff]")
_OPENS, _CLOSES = "\"“”„«‹'‘‚(（[「『《:—–", "\"“”»›'’)）]」』》"
_EXCUSED = {"q", "cite", "em", "i", "blockquote", "code", "pre"}


def letters_foreign_to(languages):
    """A pattern of letters that are foreign where one writes in ``languages``."""
    return _foreign_letters(frozenset(code.lower().partition("-")[0] for code in languages))


@functools.lru_cache(maxsize=100)
def _foreign_letters(home):
    foreign = "".join(letters for letters, codes in _SCRIPTS.items() if not codes & home)
    return re.compile(f"[{foreign}]") if foreign else None


def excused_in(html):
    """Where foreign letters belong: quotations, and what says its language. Pairs, in order."""
    found, stack = [], []
    for token in raw.tokens(html):
        tag = token["tag"].lower()
        if tag in raw.VOID:
            continue
        if not token["end"]:
            is_excused = tag in _EXCUSED or (
                "lang" in token["rest"] and raw.attributes(token["rest"]).get("lang")
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


def found_in(html, start, end, part, links, letters, excused):
    """Cuts of ``part``, which lies from ``start`` to ``end``: the whole of it, some of its ``links``, or
    runs of ``letters`` outside of what is ``excused``."""
    count = len(letters.findall(part))
    if not count:
        return []
    text = raw.words(part)
    if sold := selling.foreign(text):
        if count > sum(map(str.isalpha, text)) / 2:
            return [Cut(start, end, ALPHABET, ", ".join(sorted(sold)))]
    elif _is_excused(start, end, html, letters, excused):
        return []
    if (
        count > 0.7 * sum(map(str.isalpha, text))
        and count >= 8
        and not _is_quoted(text, 0, len(text))
    ):
        return [Cut(start, end, ALPHABET, _name_of(letters, part))]
    known = [(link.start, link.end) for link in links if KNOWN.search(link.host)]
    cuts = [
        Cut(link.start, link.end, ALPHABET, link.host)
        for link in links
        if len(letters.findall(link.words)) > 3
        and not KNOWN.search(link.host)
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
            cuts.append(Cut(match.start(), match.end(), ALPHABET, _name_of(letters, match[0])))
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
    before = raw.TAG.sub("", text[max(0, start - 200) : start]).rstrip()[-1:]
    after = raw.TAG.sub("", text[end : end + 200]).lstrip()[:1]
    return (bool(before) and before in _OPENS) or (bool(after) and after in _CLOSES)


def _name_of(letters, text):
    """What a script is called, of the first of its letters: THAI, CJK, ARABIC."""
    first = letters.search(text)
    return unicodedata.name(first[0], "").split(" ")[0].lower() if first else ""
