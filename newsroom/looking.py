"""The nightly look at what readers see: what strangers put there is told, and left as it is.

Goes through the things of each kind by their numbers, some at a time, and remembers how far it came:
a look that was stopped goes on from there. What was told once is not told again.
"""

from collections.abc import Callable
from typing import NamedTuple
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from addresses.languages import codes
from articles import notices, quarantine
from articles.models import Article, Finding, Region, Round, Section, Series, Tag
from authors.models import Author, Organisation
from images.models import Image
from newsroom.models import Page, SiteSettings
from prose import spam

AT_ONCE = 200  # rows a transaction


class Kind(NamedTuple):
    """``rows()``: a queryset of all to look at. By names of fields: HTML, plain words, and addresses.
    A field that is a table holds a text a language."""

    rows: Callable
    html: str = ""
    words: str = ""
    addresses: Callable = lambda row: []


def _live():
    now = timezone.now()
    live = Article.objects.filter(status__in=["published", "retracted"], published_at__lte=now)
    return live.prefetch_related("citations")


def _unmerged(model):
    return lambda: model.objects.filter(merged_into=None)


def _links(links):
    return [link if isinstance(link, str) else link.get("url", "") for link in links or []]


KINDS = {
    "story": Kind(
        _live,
        "body",
        "headline kicker standfirst lead_caption seo_title seo_description",
        lambda row: [row.canonical_url, *(citation.url for citation in row.citations.all())],
    ),
    "person": Kind(
        _unmerged(Author),
        "biography biographies",
        "name names job_title job_titles short_bio short_bios location locations",
        lambda row: _links(row.links),
    ),
    "organisation": Kind(
        _unmerged(Organisation), "", "name names description descriptions", lambda row: [row.url]
    ),
    "picture": Kind(Image.objects.all, "", "alt alts caption captions credit source"),
    "tag": Kind(_unmerged(Tag), "", "name names description descriptions"),
    "section": Kind(Section.objects.all, "", "name names description descriptions"),
    "region": Kind(Region.objects.all, "", "name names description descriptions"),
    "series": Kind(Series.objects.all, "", "name description"),
    "page": Kind(Page.objects.all, "body bodies", "name names"),
    "site": Kind(
        SiteSettings.objects.all,
        "",
        "name names description descriptions contact contacts licence licences",
        lambda row: _links(row.social_links),
    ),
}


def look(most=None):
    """Look at everything, or go on with a look that was stopped; at most ``most`` rows. Tells the
    chief editors of what is new. Returns ``(rows looked at, [new Findings], whether all was)``."""
    rounds = {round.thing: round for round in Round.objects.all()}
    for thing in KINDS.keys() - rounds.keys():
        rounds[thing] = Round.objects.create(thing=thing)
    if all(round.ended_at for round in rounds.values()):
        Round.objects.update(reached=0, begun_at=timezone.now(), ended_at=None)
        rounds = {round.thing: round for round in Round.objects.all()}
    looked = 0
    for thing, kind in KINDS.items():
        round = rounds[thing]
        while round.ended_at is None and (most is None or looked < most):
            looked += _step(thing, kind, round)
    begun = min(round.begun_at for round in rounds.values())
    is_over = all(round.ended_at for round in rounds.values())
    new = list(Finding.objects.filter(is_cut=False, is_told=False, at__gte=begun).order_by("pk"))
    if new:
        with transaction.atomic():
            told = Finding.objects.filter(pk__in=[each.pk for each in new], is_told=False)
            if told.update(is_told=True):
                notices.tell_of_findings(
                    [f"{n.thing} {n.number}: {n.get_kind_display()}" for n in new]
                )
    return looked, new, is_over


def _step(thing, kind, round):
    """Look at the next rows of a kind, in one transaction. Returns how many they were."""
    with transaction.atomic():
        rows = list(kind.rows().filter(pk__gt=round.reached).order_by("pk")[:AT_ONCE])
        found = [each for row in rows for each in _in(thing, kind, row)]
        known = set(
            Finding.objects.filter(thing=thing, number__in=[row.pk for row in rows]).values_list(
                "number", "place", "digest"
            )
        )
        Finding.objects.bulk_create(
            (each for each in found if (each.number, each.place, each.digest) not in known),
            ignore_conflicts=True,
        )
        if rows:
            round.reached = rows[-1].pk
        if len(rows) < AT_ONCE:
            round.ended_at = timezone.now()
        round.save()
    return len(rows)


def _in(thing, kind, row):
    """Findings, not written yet, in all the texts of a row."""
    own = getattr(row, "language", "")
    languages = [*([own] if own else []), *codes()]
    site = urlsplit(settings.SITE_URL).hostname or ""
    article = row if thing == "story" else None
    for place in kind.html.split():
        for text in _texts(row, place):
            found = spam.look(text, site=site, languages=languages)
            yield from quarantine.rows(thing, row.pk, place, found, article=article)
    for place in kind.words.split():
        for text in _texts(row, place):
            found = spam.look_at_words(text, languages=languages)
            yield from quarantine.rows(thing, row.pk, place, found, article=article)
    for address in filter(None, kind.addresses(row)):
        found = spam.look_at_address(address)
        yield from quarantine.rows(thing, row.pk, "links", found, article=article)


def _texts(row, place):
    value = getattr(row, place)
    return [text for text in (value.values() if isinstance(value, dict) else [value]) if text]
