"""What is suggested while somebody types: headlines, and names of what has a page."""

from typing import NamedTuple

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from addresses.languages import in_language
from articles import naming
from articles.models import Article, Region, SearchName, Section, Tag
from articles.search import asking, databases, words
from authors.models import Author, Organisation

FEWEST = 2  # letters from which something is suggested
MOST_NAMES, MOST_STORIES = 4, 5
_LOOKED_AT = 200  # things that a word may begin

KINDS = {
    "r": _("Place"),
    "t": _("Topic"),
    "a": _("Person"),
    "o": _("Organisation"),
    "s": _("Section"),
}


class Suggestion(NamedTuple):
    """``kind``: what it is, in words; "" of a story."""

    text: str
    language: str
    kind: str
    address: str


def suggest(typed, language, *, now):
    """The Suggestions for what was typed so far, whose last word may not be finished yet."""
    typed = asking.plain(typed)
    found = words.meant(typed)[: asking.MOST_WORDS]
    if not found or len(words.fold(found[-1])) < FEWEST:
        return []
    stories = Article.objects.published(now).in_language(language).order_by()
    return _names(found, stories, language, now) + _headlines(found, stories)


def _prefixes(word):
    return list(words.alternatives(word))


def _headlines(found, stories):
    *whole, last = found
    tokens = [words.alternatives(word) for word in whole]
    rows = databases.newest(databases.beginning(stories, tokens, _prefixes(last)))
    rows = rows.only("headline", "slug", "language", "address_date")[:MOST_STORIES]
    return [Suggestion(s.headline, s.language, "", s.get_absolute_url()) for s in rows]


def _names(found, stories, language, now):
    *whole, last = found
    things = _called(_prefixes(last), begins=True)
    for word in whole:
        things &= _called(words.alternatives(word), begins=False)
    numbers = {}
    for kind, number in sorted(things):
        numbers.setdefault(kind, []).append(number)
    public = {
        "r": Region.objects.filter(Exists(stories.filter(regions=OuterRef("pk")))),
        "t": Tag.objects.public(now),
        "a": Author.objects.public(now),
        "o": Organisation.objects.public(now),
        "s": Section.objects.filter(Exists(stories.filter(section=OuterRef("pk")))),
    }
    named = [
        (_is_start(thing, last), -len(naming.names_of(thing)), kind, thing)
        for kind in KINDS
        if kind in numbers
        for thing in public[kind].filter(pk__in=numbers[kind][:_LOOKED_AT])
    ]
    named.sort(key=lambda row: (not row[0], list(KINDS).index(row[2]), row[1], row[3].name))
    return [
        Suggestion(
            *in_language(thing, "name", language), str(KINDS[kind]), thing.get_absolute_url()
        )
        for _starts, _names, kind, thing in named[:MOST_NAMES]
    ]


def _called(tokens, *, begins):
    rows = SearchName.objects.all()
    rows = databases.starting_with(rows, tokens) if begins else rows.filter(token__in=tokens)
    return set(rows.order_by("token", "pk").values_list("kind", "number")[: 5 * _LOOKED_AT])


def _is_start(thing, word):
    """Whether a name of the thing begins with the word, not one of its later words."""
    start = words.fold(word)
    return any(
        words.fold(name.partition(" ")[0]).startswith(start) for name in naming.names_of(thing)
    )
