"""Everything that has a list of stories: how it is found by its slug, and which stories it lists.

Each function takes a slug and the stories to choose from (published, of one language) and gives the
thing and its stories. Http404 where readers may not know of it; Moved where it was merged.
"""

from django.db.models import Exists, OuterRef
from django.http import Http404
from django.shortcuts import get_object_or_404

from articles.models import Article, Region, Section, Series, Tag
from authors.models import Author, Organisation


class Moved(Exception):
    """What was asked for is part of ``thing`` now, which has a page."""

    def __init__(self, thing):
        self.thing = thing
        super().__init__(str(thing))


def _public(queryset, slug):
    """One of ``queryset.public()`` by its slug; Moved to what it was merged into."""
    thing = queryset.public().filter(slug=slug).first()
    if thing is not None:
        return thing
    moved = queryset.public().filter(merged__slug=slug).first()
    if moved is not None:
        raise Moved(moved)
    raise Http404


def section(slug, stories):
    thing = get_object_or_404(Section, slug=slug)
    return thing, stories.filter(section=thing)


def region(slug, stories):
    thing = get_object_or_404(Region, slug=slug)
    return thing, stories.in_region(thing)


def tag(slug, stories):
    thing = _public(Tag.objects.all(), slug)
    return thing, stories.filter(filings__tag=thing)


def author(slug, stories):
    thing = _public(Author.objects.select_related("portrait", "organisation"), slug)
    return thing, stories.credited(thing)


def organisation(slug, stories):
    thing = get_object_or_404(Organisation.objects.public().select_related("logo"), slug=slug)
    return thing, stories.from_organisation(thing)


def series(slug, stories):
    live = Article.objects.readable().filter(series=OuterRef("pk"))
    thing = get_object_or_404(Series.objects.filter(Exists(live)), slug=slug)
    return thing, stories.filter(series=thing)
