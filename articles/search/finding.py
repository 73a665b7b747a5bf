"""``search(query, filters)``: the stories that say something, and how many there are of each kind.

What is found passes through ``Article.objects.published()`` each time it is asked, so that it is right
at the due second. A word that more than WINDOW stories hold is looked for in the newest of them.
"""

import datetime
import itertools
from collections import Counter
from typing import NamedTuple

from django.db.models import Value

from articles.models import Article, Byline, Filing, Region, Section, Tag
from articles.search import asking, databases, ranking, spelling, words
from articles.search.asking import Asked, Term
from authors.models import Author

WINDOW = 2_000
COUNTED = 1_000  # above it a number is "1,000+"
PER_PAGE = 20
MOST_CHOICES = 20  # of one facet
MOST_FORGIVEN = 3  # words of one query; each is compared with all there are
_FACETS = {
    "section": Section.objects.all(),
    "region": Region.objects.all(),
    "tag": Tag.objects.filter(merged_into=None),
    "author": Author.objects.filter(hidden_at=None, merged_into=None),
}
_ENTRY = [f"search_entry__{name}" for name in databases.COLUMNS]


class Filters(NamedTuple):
    """What narrows a search; None where it does not. ``since`` and ``until`` are days, both meant."""

    language: str | None = None
    section: object = None
    region: object = None
    tag: object = None
    author: object = None
    since: datetime.date | None = None
    until: datetime.date | None = None


class Facet(NamedTuple):
    """One choice that would narrow what was found; ``names`` as shared things have them."""

    kind: str
    slug: str
    name: str
    names: dict
    number: int


class Found(NamedTuple):
    """``numbers``: primary keys of the stories, in order, at most WINDOW; ``asked``: what was looked
    for in the end; ``instead``: word as typed -> tokens looked for instead, where typing errors were
    forgiven. ``facets``: kind -> Facets, most stories first."""

    numbers: list
    asked: Asked
    instead: dict
    facets: dict

    def page(self, number):
        return self.numbers[(number - 1) * PER_PAGE : number * PER_PAGE]

    @property
    def pages(self):
        return max(1, -(-len(self.numbers) // PER_PAGE))


def search(query, filters, *, now, by_date=False):
    """The Found of a plain query (see asking.plain) at ``now``. A query without words lists what the
    filters leave, newest first."""
    asked = asking.with_names(asking.parse(query))[0]
    instead = {}
    rows = _rows(asked, filters, now)
    if not rows and asked.terms:
        asked, instead, rows = _forgiven(query, asked, filters, now)
    numbers = [row[0] for row in rows]
    if asked.terms and not by_date:
        numbers = _ranked(rows, asked.terms, now)
    return Found(numbers, asked, instead, _facets(rows, asked, filters, now))


def _stories(filters, now):
    stories = Article.objects.published(now)
    if filters.language is not None:
        stories = stories.in_language(filters.language)
    if filters.section is not None:
        stories = stories.filter(section__slug=filters.section.slug)
    if filters.region is not None:
        stories = stories.in_region(filters.region)
    if filters.tag is not None:
        filed = Filing.objects.filter(tag=filters.tag)
        stories = stories.filter(pk__in=filed.values("content_object"))
    if filters.author is not None:
        stories = stories.credited(filters.author)
    if filters.since is not None:
        stories = stories.filter(address_date__gte=filters.since)
    if filters.until is not None:
        stories = stories.filter(address_date__lte=filters.until)
    return stories


def _matching(asked, filters, now):
    stories = _stories(filters, now).order_by()
    if not asked.terms:
        return stories.newest_first()
    return databases.newest(databases.matching(stories, asked.wanted))


def _rows(asked, filters, now):
    """The newest WINDOW stories: (pk, section, day of the address, time, the texts of the entry)."""
    own = ["pk", "section_id", "address_date", "published_at"]
    texts = _ENTRY if asked.terms else []
    return list(_matching(asked, filters, now).values_list(*own, *texts)[:WINDOW])


def _ranked(rows, terms, now):
    scores = {
        row[0]: ranking.score(row[4:], terms, (now - row[3]).total_seconds() / 86_400)
        for row in rows
    }
    # What says as much stays in the order of time.
    return sorted(scores, key=scores.get, reverse=True)


# Typing errors


def _forgiven(query, asked, filters, now):
    """(asked, instead, rows) with words that nothing holds replaced by those spelt nearly so; else
    with the keyboard in the other alphabet. Nothing found: what was asked, {} and no rows."""
    instead, terms = {}, []
    for term in asked.terms:
        if term.is_phrase or _is_known(term, filters.language, now):
            terms.append(term)
        elif len(instead) < MOST_FORGIVEN and (near := _nearest(term, filters.language, now)):
            instead[term.typed] = list(near.tokens)
            terms.append(near)
        else:
            instead = {}
            break
    if instead:
        meant = Asked(terms, asked.without)
        if rows := _rows(meant, filters, now):
            return meant, instead, rows
    meant = asking.with_names(asking.parse(asking.other_keys(query)))[0]
    if meant.terms and (rows := _rows(meant, filters, now)):
        other = {query: [term.typed for term in meant.terms]}
        return meant, other, rows
    return asked, {}, []


def _nearest(term, language, now):
    """The Term of what is spelt most like one and stands in a story that readers can find, or None:
    what nobody may know of must not even take the place of something else."""
    for tokens in spelling.near(term.typed):
        marks = itertools.chain.from_iterable(asking.names.marks(tokens).values())
        near = Term(term.typed, tuple(tokens), tuple(sorted(set(marks))))
        if _is_known(near, language, now):
            return near
    return None


def _is_known(term, language, now):
    alone = Asked([term], [])
    return bool(_rows_exist(alone, Filters(language=language), now))


def _rows_exist(asked, filters, now):
    stories = databases.matching(_stories(filters, now).order_by(), asked.wanted)
    return list(stories.values_list("pk")[:1])


# Facets


def _facets(rows, asked, filters, now):
    """How many of the stories found there are of each kind: all of them live, none of them a draft."""
    found = {kind: [] for kind in _FACETS}
    if rows:
        for kind, facets in _filed(rows).items():
            found[kind] = facets
    years = Counter(row[2].year for row in rows)
    found["year"] = [Facet("year", str(y), str(y), {}, n) for y, n in sorted(years.items())[::-1]]
    every = _matching(asked, filters._replace(language=None), now)
    languages = Counter(every.values_list("language", flat=True)[:WINDOW])
    found["language"] = [Facet("language", code, code, {}, n) for code, n in languages.items()]
    for kind in (*_FACETS, "language"):
        found[kind].sort(key=lambda facet: (-facet.number, facet.name))
    return found


def _filed(rows):
    """kind -> Facets of what these stories are openly filed under, of each kind the most frequent."""
    numbers = [row[0] for row in rows]
    through = Article.regions.through.objects
    people = Byline.objects.filter(withheld=False, author__isnull=False)
    parts = [
        through.filter(article__in=numbers).values_list(Value("region"), "region", "article"),
        Filing.objects.filter(content_object__in=numbers).values_list(
            Value("tag"), "tag", "content_object"
        ),
        people.filter(article__in=numbers).values_list(Value("author"), "author", "article"),
    ]
    parts = [part.order_by() for part in parts]
    # Each once: a person may have written a story and photographed it.
    pairs = set(parts[0].union(*parts[1:], all=True))
    counts = Counter((kind, thing) for kind, thing, _story in pairs)
    counts.update(("section", row[1]) for row in rows if row[1] is not None)
    wanted = {kind: [] for kind in _FACETS}
    for (kind, thing), _number in counts.most_common():
        if len(wanted[kind]) < MOST_CHOICES:
            wanted[kind].append(thing)
    named = [
        things.filter(pk__in=wanted[kind])
        .order_by()
        .values_list(Value(kind), "pk", "slug", "name", "names")
        for kind, things in _FACETS.items()
    ]
    found = {kind: [] for kind in _FACETS}
    for kind, pk, slug, name, names in named[0].union(*named[1:], all=True):
        found[kind].append(Facet(kind, slug, name, names, counts[kind, pk]))
    return found


def instead_of(found, texts):
    """The words that stand, as they are written in ``texts`` of what was found, for those that were
    typed in error: typed -> words, in the order of how often they were meant."""
    written = {}
    for word in itertools.chain.from_iterable(map(words.words, map(words.tidy, texts))):
        written.setdefault(words.stem(word.written), word.written)
    return {
        typed: [written.get(token, token) for token in tokens if token in written]
        for typed, tokens in found.instead.items()
    }
