"""The story, and every list of stories. All of it reads, and what it reads comes by published()."""

import datetime

from django.conf import settings
from django.db.models import Count, Exists, Max, Min, OuterRef, Q
from django.db.models.functions import ExtractDay, ExtractMonth
from django.http import Http404, HttpResponsePermanentRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import get_language, override
from django.views.decorators.http import require_safe
from django.views.generic import ListView

from addresses.models import find
from articles import bylines, lists, paging, previews, printing, structured_data
from articles.cards import card, genre_name, section_name, shown
from articles.models import Article, Byline, Citation, Correction, Filing, Region
from articles.places import countries_of
from authors.models import Author, Organisation

RELATED = 5
MORE = 4


def date_of(year, month=1, day=1):
    """A date, or Http404 where the calendar has none: ``/2025/13/``."""
    try:
        return datetime.date(int(year), int(month), int(day))
    except ValueError as error:
        raise Http404("no such date") from error


# The story


@require_safe
def article(request, year, month, day, slug):
    """A story; its true address, where this is nearly it; or word that it was withdrawn."""
    now = timezone.now()
    stories = Article.objects.in_language(get_language()).filter(slug=slug)
    try:
        of_that_day = stories.filter(address_date=date_of(year, month, day))
    except Http404:
        of_that_day = stories.none()
    story = of_that_day.readable(now).for_page().first()
    if story is not None:
        if request.path != story.get_absolute_url():
            return HttpResponsePermanentRedirect(story.get_absolute_url())
        return _story_page(request, story, now)
    down = of_that_day.filter(status__in=["pulled", "withdrawn"], published_at__lte=now).first()
    if down is not None:
        return withdrawn(request, down)
    # An address that stood here before knows where it leads; its slug may be another's by now.
    if find(request.path) is None:
        story = stories.readable(now).newest_first().first()
        if story is not None:
            return HttpResponsePermanentRedirect(story.get_absolute_url())
    raise Http404


@require_safe
def short_address(request, id):
    """``/a/12/``, which holds whatever becomes of headline and date."""
    number = int(id)
    stories = Article.objects.filter(
        status__in=["published", "retracted", "withdrawn"], published_at__lte=timezone.now()
    )
    story = get_object_or_404(stories, pk=number if number < 2**63 else None)
    return HttpResponsePermanentRedirect(story.get_absolute_url())


def withdrawn(request, story):
    """What is left of a story that was taken down for good: 410, the reason, no word of its body."""
    if story.status != "withdrawn":
        raise Http404
    if request.path != story.get_absolute_url():
        return HttpResponsePermanentRedirect(story.get_absolute_url())
    context = {
        "article": story,
        "corrections": story.printed_corrections(),
        "policy": request.chrome.page("corrections-policy"),
        "translations": {},
    }
    return render(request, "articles/withdrawn.html", context, status=410)


@require_safe
def preview(request, token):
    """An unpublished story as readers would see it, for whoever holds the link."""
    found = previews.find(token)
    if found is None:
        raise Http404
    story = Article.objects.for_page().get(pk=found.pk)
    with override(story.language):
        response = _story_page(request, story, timezone.now(), is_preview=True)
        response.headers["Content-Language"] = story.language
    return response


def _story_page(request, story, now, is_preview=False):
    language, house = story.language, request.chrome.house
    countries = countries_of(story, {link.number: link for link in request.chrome.countries})
    related, more, translations = _beside(story, countries, now)
    image = story.lead_image if is_preview else shown(story.lead_image, now)
    lines = bylines.lines(story, language, house)
    pictures = printing.pictures_in([story], now, all_of_them=is_preview)
    original = story.translated_from
    context = {
        "article": story,
        "is_preview": is_preview,
        "countries": countries,
        "genre": genre_name(story),
        "lines": lines,
        "people": bylines.people(story, language),
        "organisations": bylines.organisations(story),
        "image": image,
        "body": printing.body_html(story, pictures, signed=is_preview),
        "above": story.serious_corrections(),
        "below": story.minor_corrections(),
        "related": related,
        "more": more,
        "original": original if original is not None and original.is_live else None,
        "translations": translations,
        "description": printing.description(story),
        "address": settings.SITE_URL + story.get_absolute_url(),
    }
    if not is_preview:
        data = structured_data.story(story, house=house, image=image)
        context["structured_data"] = structured_data.script(data)
    return render(request, "articles/article_detail.html", context)


def _beside(story, countries, now):
    """Cards of related stories and of more from its place, and addresses of its translations.

    One query for the three. Related is what shares a tag, then what shares a region, newest first;
    its place is its first country, else its first region, else its section.
    """
    regions, filed = list(story.regions.all()), Article.regions.through.objects
    tagged = Filing.objects.filter(tag__in=[tag.pk for tag in story.tags.all()])
    there = filed.filter(region__in=[region.pk for region in regions])
    if countries:
        inside = f"/{countries[0].number}/"
        path = next(r.path for r in regions if inside in r.path).partition(inside)[0] + inside
        near = filed.filter(region__path__startswith=path)
    else:
        near = filed.filter(region__in=[region.pk for region in regions[:1]])
    others = Article.objects.published(now).in_language(story.language).exclude(pk=story.pk)
    others = others.newest_first().values("pk")
    parts = [
        # Nested, since SQLite takes no LIMIT in the parts of a union.
        Article.objects.filter(pk__in=found).order_by().values("pk")
        for found in (
            others.filter(pk__in=tagged.values("content_object"))[:RELATED],
            others.filter(pk__in=there.values("article"))[:RELATED],
            (
                others.filter(pk__in=near.values("article"))
                if regions
                else others.filter(section=story.section_id)
            )[: RELATED + MORE],
        )
    ]
    if story.translation_group is not None:
        parts.append(
            Article.objects.filter(translation_group=story.translation_group)
            .order_by()
            .values("pk")
        )
    found = (
        Article.objects.readable(now)
        .filter(pk__in=parts[0].union(*parts[1:], all=True))
        .exclude(pk=story.pk)
        .select_related("section", "lead_image")
        .defer("body")
        .annotate(
            is_tagged=Exists(tagged.filter(content_object=OuterRef("pk"))),
            is_there=Exists(there.filter(article=OuterRef("pk"))),
            is_near=Exists(near.filter(article=OuterRef("pk"))),
        )
        .newest_first()
    )
    stories = [other for other in found if other.language == story.language]
    related = [other for other in stories if other.is_tagged]
    related += [other for other in stories if other.is_there and not other.is_tagged]
    related = related[:RELATED]
    more = [s for s in stories if s not in related and (s.is_near or not regions)][:MORE]
    cards = [
        [card(other, now, places=section_name(other)) for other in chosen]
        for chosen in (related, more)
    ]
    translations = {
        other.language: other.get_absolute_url()
        for other in found
        if other.language != story.language
    }
    return *cards, translations


# Lists


class StoryList(ListView):
    """Stories that belong to something, newest first; older ones by ``?before=``."""

    template_name = "articles/story_list.html"
    context_object_name = "cards"
    http_method_names = ["get", "head"]
    feed = ""  # the name of the list's feed
    can_narrow = False  # whether ?section= holds
    find = None  # a function of articles.lists

    def get(self, request, *args, **kwargs):
        try:
            return super().get(request, *args, **kwargs)
        except lists.Moved as moved:
            return HttpResponsePermanentRedirect(moved.thing.get_absolute_url())

    def get_queryset(self):
        self.now = timezone.now()
        stories = Article.objects.published(self.now).in_language(get_language())
        self.thing, stories = type(self).find(self.kwargs["slug"], stories)
        self.narrowed = self._section()
        if self.narrowed is not None:
            stories = stories.filter(section__slug=self.narrowed.slug)
        self.page = paging.page(
            stories.for_cards().newest_first(), self.request.GET.get("before", "")
        )
        return self.cards(self.page.items)

    def _section(self):
        """The Link of the section that narrows the list, or None."""
        slug = self.request.GET.get("section", "") if self.can_narrow else ""
        if not slug:
            return None
        for link in self.request.chrome.sections:
            if link.slug == slug:
                return link
        raise Http404("no such section")

    def cards(self, stories):
        return [card(story, self.now, places=self.places(story)) for story in stories]

    def places(self, story):
        """What may stand above a headline here, as a list of Texts, the first of which does."""
        return section_name(story)

    def country_names(self, story):
        countries = {link.number: link.name for link in self.request.chrome.countries}
        return countries_of(story, countries)

    def address(self, **more):
        """The address of this list with what narrows it."""
        query = {"section": self.narrowed.slug} if self.narrowed is not None else {}
        query |= {name: value for name, value in more.items() if value}
        return self.request.path + (f"?{urlencode(query)}" if query else "")

    def get_context_data(self, **kwargs):
        before = self.request.GET.get("before", "")
        return super().get_context_data(
            thing=self.thing,
            feed=reverse(self.feed, args=[self.thing.slug]),
            narrowed=self.narrowed,
            can_narrow=self.can_narrow,
            whole=self.request.path,
            newest=self.address() if before else "",
            older=self.address(before=self.page.older) if self.page.older else "",
            address=settings.SITE_URL + self.address(before=before),
            **kwargs,
        )


class SectionPage(StoryList):
    template_name = "articles/section_detail.html"
    feed = "section_rss"
    find = lists.section

    def places(self, story):
        return self.country_names(story)


class RegionPage(StoryList):
    """Stories of a region with all that lies in it, and the way to the regions around it."""

    template_name = "articles/region_detail.html"
    feed = "region_rss"
    find = lists.region
    can_narrow = True

    def get_context_data(self, **kwargs):
        above, below = self.around()
        return super().get_context_data(above=above, below=below, **kwargs)

    def around(self):
        """Regions that this one lies in, and those in it of which there are stories: two lists."""
        region, language = self.thing, get_language()
        over = [int(number) for number in region.path.strip("/").split("/")[:-1]]
        stories = Article.objects.published(self.now).in_language(language)
        inside = Q(path__startswith=region.path)
        if region.kind == Region.Kind.GROUP:
            inside = Q(groups=region)
        known = Region.objects.filter(
            Q(pk__in=over) | inside & Exists(stories.filter(regions=OuterRef("pk")))
        ).exclude(pk=region.pk)
        found = sorted(known, key=lambda other: other.path)
        above = [other for other in found if other.pk in over]
        below = [other for other in found if other.pk not in over]
        return above, sorted(below, key=lambda other: other.name_in(language).words)


class TagPage(StoryList):
    template_name = "articles/tag_detail.html"
    feed = "tag_rss"
    find = lists.tag
    can_narrow = True


class SeriesPage(StoryList):
    template_name = "articles/series_detail.html"
    feed = "series_rss"
    find = lists.series


class AuthorPage(StoryList):
    """A person: portrait, biography, and all that they are credited for."""

    template_name = "articles/author_detail.html"
    feed = "author_rss"
    find = lists.author

    def get_context_data(self, **kwargs):
        language = get_language()
        stories = Article.objects.published(self.now).in_language(language).credited(self.thing)
        whole = stories.aggregate(number=Count("pk"), first=Min("first_published_at"))
        for shown_card in kwargs.get("object_list") or self.object_list:
            self.describe(shown_card.article)
        return super().get_context_data(
            number=whole["number"],
            first=whole["first"],
            languages=[code for code in self.thing.languages if isinstance(code, str)],
            links=[link for link in self.thing.links if _is_link(link)],
            translations=None,
            **kwargs,
        )

    def describe(self, story):
        """Note on a story what the person did for it besides writing, and with whom."""
        own = [b for b in story.credits() if b.author_id == self.thing.pk and not b.withheld]
        roles = [byline.role for byline in own]
        wrote = {Byline.Role.AUTHOR, Byline.Role.REPORTER} & set(roles)
        story.roles = [] if wrote and len(roles) == 1 else bylines.role_names(roles)
        names = bylines.names(story, get_language(), self.request.chrome.house)
        story.others = [n for n in names if n.person is None or n.person.pk != self.thing.pk]


def _is_link(link):
    return (
        isinstance(link, dict)
        and link.get("label")
        and str(link.get("url", "")).startswith(("https://", "http://", "mailto:"))
    )
