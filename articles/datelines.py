"""The heading of an agency's text, ``BISHKEK (TCA) — ``, taken out of the text.

A story keeps its dateline in fields of its own, since it is printed once and only on the story's
page. ``find`` recognises it in what was typed or pasted; nothing is taken that could not be printed
again letter for letter.
"""

import datetime
import re
from html import escape, unescape
from typing import NamedTuple

LONGEST = 120  # characters of text in which a heading must end

_FIRST_PARAGRAPH = re.compile(r"\s*(<p(?: [^>]*)?>)(.*?)(</p>)", re.S)
# Words, then perhaps an agency in brackets, then a dash. A hyphen needs a space on both sides,
# or a bracket before it, since names have hyphens too.
_HEADING = re.compile(
    r"(?P<head>[^()—–<>:;!?«»“”\"]{2,90}?)"
    r"(?:\s*\((?P<agency>[^()]{1,60})\))?"
    r"(?:\s*(?:[—–]|(?<=[\s)])-{1,2}(?=\s))\s*)"
)
_PLACE = re.compile(r"[^\W\d_][^\W\d_.'’ʻʼ\-]*(?:[ .'’ʻʼ\-]+[^\W\d_]+)*\.?")
_MONTHS = {
    "jan": 1,
    "feb": 2,
    "mar": 3,
    "apr": 4,
    "may": 5,
    "jun": 6,
    "jul": 7,
    "aug": 8,
    "sep": 9,
    "oct": 10,
    "nov": 11,
    "dec": 12,
    "янв": 1,
    "фев": 2,
    "мар": 3,
    "апр": 4,
    "май": 5,
    "мая": 5,
    "июн": 6,
    "июл": 7,
    "авг": 8,
    "сен": 9,
    "окт": 10,
    "ноя": 11,
    "дек": 12,
}
# Words within a name that stay small: Rostov-on-Don, Rio de Janeiro, Ростов-на-Дону.
_SMALL = {"on", "de", "do", "da", "del", "la", "of", "and", "upon", "am", "на", "и", "де", "ла"}


class Heading(NamedTuple):
    """What stands before the first words of a text, and the text without it.

    ``date`` is None where there is none; ``agency`` is as it was written, without brackets.
    """

    place: str
    date: datetime.date | None
    agency: str
    html: str


def find(html, *, is_place=None, today=None):
    """The Heading with which the first paragraph of clean ``html`` begins, or None.

    Capitals alone are no heading (``NATO — the alliance``): there must be an agency or a date, or
    ``is_place(name)`` must say that the name is a place. A name that is not in capitals must be a
    place too. ``today`` decides the year of a date without one.
    """
    paragraph = _FIRST_PARAGRAPH.match(html)
    if paragraph is None:
        return None
    inside = paragraph[2]
    text = _text(inside)
    start = len(text) - len(text.lstrip())
    heading = _HEADING.match(text.replace("\xa0", " "), start, start + LONGEST)
    if heading is None:
        return None
    words = [part.strip() for part in re.split(r"[,/]", heading["head"])]
    date, words = _date(words, today or datetime.date.today())
    agency = " ".join((heading["agency"] or "").split())
    if not words or not all(_PLACE.fullmatch(word) and len(word) > 1 for word in words):
        return None
    in_capitals = all(word == word.upper() for word in words)
    if not (in_capitals and (agency or date)) and not (
        is_place and all(is_place(word) for word in words)
    ):
        return None
    places = [_name(word) if in_capitals else word for word in words]
    if [place.upper() for place in places] != [word.upper() for word in words]:
        return None
    rest = _cut(inside, heading.end())
    left = html[paragraph.end() :].lstrip()
    if _text(rest).strip():
        left = f"{paragraph[1]}{rest}{paragraph[3]}{left}"
    return Heading(", ".join(places), date, agency, left)


def split(html):
    """``(place, agency, html)`` of a text: what ``find`` recognises, or two empty strings."""
    heading = find(html)
    return ("", "", html) if heading is None else (heading.place, heading.agency, heading.html)


def _text(html):
    return unescape(re.sub(r"<[^>]*>", "", html.replace("<br>", " ")))


def _name(words):
    """A place in capitals as it is written otherwise: BISHKEK, Bishkek; NUR-SULTAN, Nur-Sultan."""

    def part(match):
        word = match[0]
        before = words[: match.start()]
        if word.lower() in _SMALL and before:
            return word.lower()
        if words[match.end() : match.end() + 1] == "." and len(word) == 1:
            return word  # an initial: D.C.
        if before.endswith(("'", "’", "ʻ", "ʼ")) and len(word) == 1:
            return word.lower()
        return word[:1] + word[1:].lower()

    return re.sub(r"[^\W\d_]+", part, words)


def _date(parts, today):
    """A date at the end of a dateline's parts, with the parts before it; ``(None, parts)`` if none.

    Known: ``June 23``, ``23 June 2026``, ``June 23, 2026``, ``23 июня``, ``23.06.2026``.
    """
    for count in (2, 1):
        if len(parts) > count and (date := _one_date(" ".join(parts[-count:]), today)):
            return date, parts[:-count]
    return None, parts


def _one_date(words, today):
    numbers = re.fullmatch(r"(\d{1,2})\.(\d{1,2})\.(\d{4})", words)
    if numbers:
        return _made(int(numbers[3]), int(numbers[2]), int(numbers[1]))
    found = re.fullmatch(
        r"(?:(?P<before>\d{1,2})(?:st|nd|rd|th)? )?(?P<month>[^\W\d_]{3,})\.?"
        r"(?: (?P<after>\d{1,2})(?:st|nd|rd|th)?)?(?: (?P<year>\d{4})(?: года?| г\.?)?)?",
        words,
    )
    if found is None or (found["before"] is None) == (found["after"] is None):
        return None
    month = _MONTHS.get(found["month"][:3].lower())
    day = int(found["before"] or found["after"])
    if month is None:
        return None
    if found["year"]:
        return _made(int(found["year"]), month, day)
    date = _made(today.year, month, day)
    # Reports are about what was: 30 December, read in January, is last year's.
    if date is not None and date > today + datetime.timedelta(days=7):
        date = _made(today.year - 1, month, day)
    return date


def _made(year, month, day):
    try:
        return datetime.date(year, month, day)
    except ValueError:
        return None


def _cut(html, count):
    """``html`` of one paragraph without its first ``count`` characters of text."""
    out = []
    for piece in re.split(r"(<[^>]*>)", html):
        if piece == "<br>" and count:
            count -= 1
        elif piece.startswith("<") or not count:
            out.append(piece)
        else:
            words = unescape(piece)
            taken = min(count, len(words))
            count -= taken
            rest = words[taken:] if count else words[taken:].lstrip()
            out.append(escape(rest, quote=False).replace("\xa0", "&nbsp;"))
    kept = "".join(out)
    # Marks that stood around the heading alone are empty now.
    while (fewer := re.sub(r"<(strong|em|sub|sup|a|cite)(?: [^>]*)?></\1>", "", kept)) != kept:
        kept = fewer
    return kept.lstrip()
