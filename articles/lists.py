"""Everything that has a list of stories: how it is found by its slug, and which stories it lists.

Each function takes a slug and the stories to choose from (published, of one language) and gives the
thing and its stories. Http404 where readers may not know of it; Moved where it was merged.
"""

from django.db.models import Exists, OuterRef, Q
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone

from articles.models import Article, Byline, Citation, Filing, Region, Section, Series, Tag
from authors.models import Author, Organisation

# What is pinned to the head of a list: model of the thing -> function (thing, language, now) that gives
# the numbers of stories, at most one, as a queryset. Apps above this one add theirs.
PINNED = {}


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


def was_public(thing):
    """Whether readers may ever have opened the page of a person, an organisation, a tag, a region ...

    Also while it is hidden, or while its only story is being checked: the address comes back.
    """
    if getattr(thing, "is_listed", False) or getattr(thing, "is_house", False):
        return True
    stories = Article.objects.order_by().filter(first_published_at__lte=timezone.now())
    if isinstance(thing, Author):
        credits = Byline.objects.filter(author=thing, withheld=False)
        return stories.filter(pk__in=credits.values("article")).exists()
    if isinstance(thing, Organisation):
        credits = Byline.objects.filter(organisation=thing, withheld=False).values("article")
        cited = Citation.objects.filter(organisation=thing).values("article")
        named = Q(pk__in=credits) | Q(pk__in=cited) | Q(dateline_organisation=thing)
        return stories.filter(named).exists()
    if isinstance(thing, Tag):
        filed = Filing.objects.filter(tag=thing)
        return stories.filter(pk__in=filed.values("content_object")).exists()
    if isinstance(thing, Series):
        return stories.filter(series=thing).exists()
    return True


def lead(thing, stories, language, now):
    """Of the stories of a list the one that heads it, as a queryset of its number; None where
    nothing can. What is superseded by a public story heads nothing."""
    pinned = PINNED.get(type(thing))
    if pinned is None:
        return None
    newer = Article.objects.published(now).filter(supersedes=OuterRef("pk"))
    found = stories.filter(~Exists(newer), pk__in=pinned(thing, language, now))
    return found.order_by().values("pk")


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
    thing = _public(Organisation.objects.select_related("logo"), slug)
    return thing, stories.from_organisation(thing)


def series(slug, stories):
    live = Article.objects.readable().filter(series=OuterRef("pk"))
    thing = get_object_or_404(Series.objects.filter(Exists(live)), slug=slug)
    return thing, stories.filter(series=thing)
