"""What is cut out of a raw text, and what is kept of it for a person to decide on."""

from typing import NamedTuple

from prose import raw

BEFORE = 80  # characters of text before what was found, by which its place is known
LOOKED_BACK = 800  # characters with their tags
LONGEST_CUT = 20_000  # of each thing found, kept
HIDDEN, LINKS, WORDS, SCRIPT, FRAME, ALPHABET = "hidden", "links", "words", "script", "frame", "alphabet"  # fmt: skip


class Found(NamedTuple):
    """``kind``: one of the six above; ``why``: in a few words; ``cut``: what was found, as it stands
    there; ``before``: the words before it."""

    kind: str
    why: str
    cut: str
    before: str


class Cut(NamedTuple):
    start: int
    end: int
    kind: str
    why: str
    keeps: str = ""  # what stays in its place


def taken_out(html, cuts, found):
    """``html`` without ``cuts``, of which what begins within another is left out; a Found of each goes
    into ``found``."""
    out, at, tail = [], 0, ""
    for each in sorted(cuts):
        if each.start < at:
            continue
        # Of what is kept alone: what was cut before stands there no more.
        tail = (tail + html[max(at, each.start - LOOKED_BACK) : each.start])[-LOOKED_BACK:]
        before = raw.words(tail)[-BEFORE:] + (" " if tail[-1:].isspace() else "")
        tail += each.keeps
        out += [html[at : each.start], each.keeps]
        piece = html[each.start : each.end]
        found.append(Found(each.kind, each.why[:200], piece[:LONGEST_CUT], before))
        at = each.end
    return "".join([*out, html[at:]])
