"""Whose a text says it is: by-lines, signatures, biographies and sources at its beginning and end.

``credit`` and ``source`` read clean HTML and give a Hint, or None. What they say is a suggestion: a
person decides.
"""

import re
from html import unescape
from typing import NamedTuple
from urllib.parse import urlsplit

from articles.models import Byline, Citation, Doubt

FIRST, LAST = 3, 5  # lines at the beginning and at the end that are looked at
LONGEST_LINE = 500
MOST_NAMES = 6

_BLOCK = re.compile(r"<(p|h[2-4]|li|footer)(?: [^<>]*)?>(.*?)</\1>", re.S)
_LINK = re.compile(r'<a href="([^"]*)"[^<>]*>(.*?)</a>', re.S)
_EMPHASIS = re.compile(r"\s*<(strong|em)>(?:(?!</?\1>).)*</\1>[\s.]*", re.S)

# A name: two to four words with capitals, initials and the small words that stand within names.
_CAPITAL = r"(?:[^\W\d_a-zа-яё][^\W\d_]*(?:['’ʻʼ\-][^\W\d_]+)*)"
_SMALL = r"(?:de|da|di|van|von|der|den|bin|ibn|al|el|la|le|кызы|уулу|оглы|оглу|ага|фон|ван|де)"
_WORD = rf"(?:{_CAPITAL}\.?)"
_NAME = rf"{_WORD}(?: (?:{_SMALL} ){{0,2}}{_WORD}){{1,3}}(?: (?:кызы|уулу|оглы))?"
_NAMES = rf"(?P<names>{_NAME}(?:(?:, | and | & | и |, and ){_NAME}){{0,5}})"
_AFTER = r"(?:\s*[,|—–(-]\s*(?P<after>[^!?]{2,80}?)\)?)?\.?"

_BYLINES = [
    (
        re.compile(rf"(?i:translated by|перев[её]л[аи]?|перевод)\s*:?\s*{_NAMES}{_AFTER}"),
        "translator",
    ),
    (
        re.compile(
            rf"(?:(?i:(?:text|story|words|report|reporting|reported|written|compiled|prepared)\s+by)|[Bb]y|BY)"
            rf"\s*:?\s+{_NAMES}{_AFTER}"
        ),
        "author",
    ),
    (
        re.compile(
            rf"(?i:authors?|text|автор(?:ы|\s+(?:текста|статьи|материала))?|текст|подготовил[аи]?|материал\s+подготовил[аи]?|"
            rf"написал[аи]?)\s*[:—–-]\s*{_NAMES}{_AFTER}"
        ),
        "author",
    ),
]
_BY_ORGANISATION = re.compile(
    r"(?:By|BY|(?i:authors?|автор(?:ы)?|текст)\s*[:—–-])\s*:?\s*(?P<name>[^\s<>,;:!?][^<>;:!?]{1,80}?)\.?"
)
_SIGNATURE = re.compile(rf"[—–-]?\s*(?P<names>{_NAME})[.,]?")
_TRADES = (
    r"journalist|reporter|correspondent|editor|writer|columnist|translator|photographer|analyst|author|researcher|"
    r"professor|lecturer|fellow|contributor|producer|blogger|expert|scholar|"
    r"журналист|корреспондент|репортёр|репортер|редактор|обозреватель|переводчик|переводчица|фотограф|аналитик|"
    r"политолог|автор|исследователь|профессор|эксперт|колумнист|публицист"
)
_BIOGRAPHY = re.compile(
    rf"(?P<names>{_NAME})(?:,[^.]{{0,60}},)?\s+(?:(?i:is|was|has\s+(?:been|worked|written|covered|reported)|works|worked|writes|reports|covers)\b|[—–-]\s)"
    rf"(?=[^.]{{0,240}}\b(?i:{_TRADES}))"
)
# What looks like a name and leads the reader on, or is the end of a text.
_NO_NAME = {
    *"read more view see click share follow subscribe continue related photo photos image picture video source sources the all end "
    "this copyright contact comments about also tags news latest top".split(),
    *"читайте читать смотрите подробнее фото видео источник все также подписывайтесь поделиться новости конец".split(),
}
_WAYS_ON = re.compile(r"(?i)(?:view|read|see)\s+(?:more|all)\b|(?:читать|читайте|смотрите)\s")

_PLACE = r"(?P<place>[^.!?;:()\n]{2,90}?)"
_END = r"(?=\s*(?:[.!?;:()\n]|$|,\s|\s(?:on|in|under|and is|and was|with|по|под)\s))"
_PUBLISHED = [
    re.compile(
        rf"(?i)(?:originally|first)\s+(?:was\s+)?(?:published|appeared|posted|printed|ran|written)\s+"
        rf"(?:by|on|in|at|for)\s+{_PLACE}{_END}"
    ),
    re.compile(
        rf"(?i)(?:republished|reprinted|reproduced)\s+(?:here\s+)?(?:with\s+(?:the\s+)?permission\s+)?(?:from|of)\s+{_PLACE}{_END}"
    ),
    re.compile(
        rf"(?i)(?:первоначально|впервые|изначально)\s+(?:был[аио]?\s+)?(?:опубликован|вышл?|появил)\w*\s+"
        rf"(?:на\s+сайте|в\s+газете|в\s+издании|в\s+журнале|изданием|на|в|:)?\s*{_PLACE}{_END}"
    ),
    re.compile(
        rf"(?i)(?:материал|статья|текст)\s+(?:был[аио]?\s+)?опубликован[аио]?\s+(?:на\s+сайте|в\s+газете|изданием|на|в)\s+{_PLACE}{_END}"
    ),
    re.compile(rf"(?i)перепечат(?:ано|ка)\s+(?:из|с\s+сайта|с)\s+{_PLACE}{_END}"),
    re.compile(
        rf"(?i)(?:оригинал|original)\s*(?:статьи|материала|текста|article|story)?\s*(?:на|в|:|at|on)\s*:?\s*{_PLACE}{_END}"
    ),
]
_SOURCE_LINE = re.compile(
    r"(?i)(?:source|via|источник|по\s+материалам)\s*[:—–-]\s*(?P<place>[^;\n]{2,90}?)[.\s]*"
)
_NO_PLACE = {
    "here",
    "this",
    "link",
    "source",
    "here:",
    "тут",
    "здесь",
    "по ссылке",
    "ссылка",
    "источник",
}


class Hint(NamedTuple):
    """``words``: the line as it stands in the text; ``names``: of people, or of one organisation."""

    pattern: str
    words: str
    names: list
    is_organisation: bool = False
    role: str = Byline.Role.AUTHOR
    relation: str = ""
    url: str = ""


class Line(NamedTuple):
    html: str
    text: str


def lines(html):
    """The lines of a text: paragraphs, headings and items, parted where a line is broken."""
    found = []
    for block in _BLOCK.finditer(html):
        for part in block[2].split("<br>"):
            text = plain(part)
            if text:
                found.append(Line(part, text))
    return found


def paragraphs(html):
    """The paragraphs of clean HTML as they stand there, tags and all."""
    return re.findall(r"<p(?: [^<>]*)?>.*?</p>", html, re.S)


def plain(html):
    return " ".join(unescape(re.sub(r"<[^<>]*>", "", html)).split())


def _edges(html):
    found = [line for line in lines(html) if len(line.text) <= 2 * LONGEST_LINE]
    first = found[:FIRST]
    last = [line for line in found[len(first) :] if not _WAYS_ON.match(line.text)][-LAST:]
    return first, last


def credit(
    html,
    *,
    is_person=lambda name: False,
    is_organisation=lambda name: False,
    is_place=lambda name: False,
):
    """Whom the text of clean ``html`` names as its author, as a Hint, or None.

    The three say of a name whether a person, an organisation or a region here is called so.
    """
    first, last = _edges(html)
    for line in [*first, *reversed(last)]:
        if hint := _byline(line, is_organisation):
            return hint
    for number in range(len(last) - 1, -1, -1):
        if hint := _signature(last, number, is_person, is_organisation, is_place):
            return hint
    for line in reversed(last):
        if (
            len(line.text) <= LONGEST_LINE * 2
            and (found := _BIOGRAPHY.match(line.text))
            and _is_name(found["names"])
        ):
            return _hint(Doubt.Pattern.BIOGRAPHY, line, [found["names"]])
    return None


def hints(html, *, is_person, is_organisation, is_place):
    """The Hints of a text: at most one of whom to credit, and one of where it stood first."""
    found = [
        credit(html, is_person=is_person, is_organisation=is_organisation, is_place=is_place),
        source(html),
    ]
    return [hint for hint in found if hint is not None]


def _byline(line, is_organisation):
    if len(line.text) > 200:
        return None
    for pattern, role in _BYLINES:
        if found := pattern.fullmatch(line.text):
            names = _parted(found["names"])
            if len(names) == 1 and is_organisation(names[0]):
                return _hint(Doubt.Pattern.BYLINE, line, names, is_organisation=True, role=role)
            if names and all(map(_is_name, names)):
                return _hint(Doubt.Pattern.BYLINE, line, names, role=role)
    found = _BY_ORGANISATION.fullmatch(line.text)
    if found and is_organisation(found["name"].strip()):
        return _hint(Doubt.Pattern.BYLINE, line, [found["name"].strip()], is_organisation=True)
    return None


def _signature(last, number, is_person, is_organisation, is_place):
    line = last[number]
    found = _SIGNATURE.fullmatch(line.text) if len(line.text) <= 80 else None
    if found is None or not _is_name(found["names"]):
        return None
    name = found["names"]
    if is_organisation(name) or is_place(name):
        return None
    following = last[number + 1].text if number + 1 < len(last) else ""
    surname = name.split()[-1]
    has_biography = following.startswith(name) or (
        surname in following[:60] and bool(_BIOGRAPHY.match(following))
    )
    is_marked = _EMPHASIS.fullmatch(line.html) is not None or line.text[0] in "—–-"
    if has_biography or is_person(name) or (is_marked and number == len(last) - 1):
        return _hint(Doubt.Pattern.SIGNATURE, line, [name])
    return None


def _parted(names):
    return [name.strip() for name in re.split(r", and |, | and | & | и ", names) if name.strip()][
        :MOST_NAMES
    ]


def _is_name(name):
    words = name.split()
    return (
        2 <= len(words) <= 6
        and words[0].casefold().strip(".,") not in _NO_NAME
        and len(name) <= 120
    )


def _hint(pattern, line, names, **more):
    return Hint(pattern, line.text[:LONGEST_LINE], [_cased(name) for name in names], **more)


def _cased(name):
    """A name that stands all in capitals as it is written otherwise."""
    letters = re.sub(r"[^\w]", "", name)
    if (
        len(letters) < 4
        or letters != letters.upper()
        or "." in name
        or "/" in name
        or re.search(r"\d", name)
    ):
        return name
    return re.sub(r"[^\W\d_]+", lambda word: word[0][:1] + word[0][1:].lower(), name)


def source(html):
    """Where the text of clean ``html`` says that it stood first, as a Hint, or None."""
    first, last = _edges(html)
    for line in [*first, *reversed(last)]:
        for pattern in _PUBLISHED:
            if (found := pattern.search(line.text)) and (
                hint := _published(
                    line, found, Doubt.Pattern.FIRST_PUBLISHED, Citation.Relation.REPUBLISHED
                )
            ):
                return hint
        found = _SOURCE_LINE.fullmatch(line.text) if len(line.text) <= 160 else None
        if found and (
            hint := _published(line, found, Doubt.Pattern.SOURCE, Citation.Relation.BASED_ON)
        ):
            return hint
    return None


def _published(line, found, pattern, relation):
    links = [(unescape(link[1]), plain(link[2])) for link in _LINK.finditer(line.html)]
    links = [(url, words) for url, words in links if url.startswith(("http://", "https://"))]
    place = found["place"].strip(" «»“”\"'‘’,")
    place = re.sub(
        r"(?i)^(?:the\s+)?(?:website|site|newspaper|сайте|газете|издании)\s+(?:of\s+)?", "", place
    )
    url = next(
        (url for url, words in links if words and (words in found["place"] or place in words)), ""
    )
    url = url or (links[0][0] if len(links) == 1 else "")
    if found.end("place") < len(line.text) and re.fullmatch(
        r"\.[^\W_]{2,6}", line.text[found.end("place") :][:7].split(" ")[0].rstrip(".,")
    ):
        # A name with a point in it: 24.kg, Eurasianet.org.
        place += line.text[found.end("place") :].split(" ")[0].rstrip(".,")
    bare = re.match(r"https?://\S+", place) or re.match(r"(?i)https?$", place)
    if bare or place.casefold() in _NO_PLACE or len(place.split()) > 8:
        host = _host(url or place)
        if not host:
            return None
        place = host
        url = url or (bare[0] if bare else "")
    if not re.search(r"[^\W\d_]", place) or re.match(
        r"(?i)(?:\d{4}|january|february|march|april|may|june|july|august|september|october|november|december)\b",
        place,
    ):
        return None
    return _hint(
        pattern, line, [place[:150]], is_organisation=True, relation=relation, url=url[:500]
    )


def _host(address):
    try:
        return (urlsplit(address).hostname or "").removeprefix("www.")
    except ValueError:
        return ""
