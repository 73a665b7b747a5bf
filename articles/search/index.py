"""What the index says of each story, written in the transaction of whatever changed it.

An entry is of a story that is live or scheduled, and of what stands in its row: never of a draft, nor
of the next version of a live story. Whether readers find it is decided by the clock, when they ask.
"""

import re
from collections import Counter

from django.db import transaction
from django.db.models import Prefetch

from articles.models import Article, Byline, SearchEntry, SearchSpelling
from articles.search import names, words
from prose import body

BATCH = 200  # stories that are locked and written together
LONGEST_BODY = 200_000  # letters of the index; PostgreSQL takes a megabyte
_FIGURE = re.compile(r"<figure[ >].*?</figure>", re.S)
_TEXTS = ("headline", "standfirst", "body")
_SPELT = re.compile(r"[^\W\d_]{4,30}")


def text_of(html):
    """The words of a story's body that are searched and shown: without captions, which print no
    hidden name."""
    return body.text(_FIGURE.sub("", html))


def refresh(numbers):
    """Write the entries of stories anew, by their primary keys; delete those of what is not out.

    Runs in the transaction of the change, in which the stories are locked or nobody else's.
    """
    old = list(SearchEntry.objects.filter(pk__in=numbers).only(*_TEXTS))
    entries = _write(numbers, {entry.pk for entry in old})
    change = spelt(entries)
    change.subtract(spelt(old))
    change = {token: number for token, number in change.items() if number}
    if change:
        # Not within the transaction: two that publish would wait for each other over common words.
        transaction.on_commit(lambda: count(change), robust=True)


def _write(numbers, known):
    """Write the entries of stories; of those in ``known`` that have none by now, delete it."""
    stories = Article.objects.filter(pk__in=numbers, status="published").order_by("pk")
    stories = stories.prefetch_related(
        "tags",
        "regions",
        "citations",
        Prefetch("bylines", queryset=Byline.objects.select_related("author", "organisation")),
    )
    entries = [
        entry_of(
            story,
            marks(
                story,
                story.bylines.all(),
                story.tags.all(),
                story.regions.all(),
                story.citations.all(),
            ),
        )
        for story in stories
    ]
    if gone := set(known) - {entry.pk for entry in entries}:
        SearchEntry.objects.filter(pk__in=gone).delete()
    if entries:
        SearchEntry.objects.bulk_create(
            entries,
            update_conflicts=True,
            unique_fields=["article"],
            update_fields=["place", "headline", "standfirst", "marks", "body"],
        )
    return entries


def entry_of(story, marks):
    """The SearchEntry of a story, not saved; ``marks``: see ``marks``."""
    language = story.language
    above = f"{story.kicker}\n{story.standfirst}" if story.kicker else story.standfirst
    inside = words.index(text_of(story.body), language)
    return SearchEntry(
        article_id=story.pk,
        place=place(story),
        headline=words.index(story.headline, language),
        standfirst=words.index(above, language),
        marks=" ".join(marks),
        body=inside[:LONGEST_BODY].rpartition(" ")[0] if len(inside) > LONGEST_BODY else inside,
    )


def place(story):
    """A story's place by the second of its publication and its number, as one number."""
    return int(story.published_at.timestamp()) * 2**24 + story.pk % 2**24


def marks(story, bylines, tags, regions, citations):
    """Whom and what a story is openly filed under, as marks; those merged stand for their successor.

    Asks nothing where people, organisations and what they were merged into are loaded.
    """
    found = set()
    for byline in bylines:
        thing = byline.author or byline.organisation
        if not byline.withheld:
            found.add(names.mark(thing))
    organisations = {citation.organisation_id for citation in citations}
    organisations |= {story.dateline_organisation_id, story.paid_by_id}
    found |= {f"o{number}" for number in organisations if number}
    found |= {names.mark(tag) for tag in tags}
    found |= {names.mark(region) for region in regions}
    return sorted(found)


# How words are spelt


def spelt(entries):
    """Words of entries, each with the number of entries that hold it."""
    found = Counter()
    for entry in entries:
        tokens = {token for name in _TEXTS for token in getattr(entry, name).split()}
        found.update(token for token in tokens if _SPELT.fullmatch(token))
    return found


def count(change):
    """Add to the counts of words: token -> how many more or fewer entries hold it."""
    rows = SearchSpelling.objects.filter(pk__in=list(change))
    known = dict(rows.values_list("pk", "count"))
    counts = {token: known.get(token, 0) + number for token, number in change.items()}
    _keep({token: number for token, number in counts.items() if number > 0})
    SearchSpelling.objects.filter(
        pk__in=[token for token, number in counts.items() if number <= 0]
    ).delete()


def _keep(counts):
    SearchSpelling.objects.bulk_create(
        [
            SearchSpelling(token=token, head=token[0], tail=token[-2:], count=number)
            for token, number in sorted(counts.items())
        ],
        update_conflicts=True,
        unique_fields=["token"],
        update_fields=["count"],
        batch_size=500,
    )


# All of it


def rebuild(progress=lambda done, all_of_them: None):
    """Write the whole index anew, in batches, while the site is used.

    ``progress(done, all_of_them)`` is called after each batch of stories.
    """
    names.rebuild()
    with transaction.atomic():
        SearchEntry.objects.exclude(article__status="published").delete()
    numbers = list(
        Article.objects.filter(status="published").order_by("pk").values_list("pk", flat=True)
    )
    counts = Counter()
    for begin in range(0, len(numbers), BATCH):
        some = numbers[begin : begin + BATCH]
        with transaction.atomic():
            # Nobody changes them meanwhile. SQLite has one writer anyway.
            rows = Article.objects.select_for_update(no_key=True).filter(pk__in=some)
            list(rows.order_by("pk").values_list("pk"))
            counts.update(spelt(_write(some, some)))
        progress(min(begin + BATCH, len(numbers)), len(numbers))
    with transaction.atomic():
        SearchSpelling.objects.all().delete()
        _keep(counts)
