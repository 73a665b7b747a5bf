"""Lists of stories: of a section, a region, a tag, a series, or of whatever else has a name."""

from django.conf import settings
from django.db.models import Exists, Max, OuterRef, Q
from django.http import Http404, HttpResponsePermanentRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import get_language, gettext
from django.views.generic import ListView

from addresses.languages import Text, in_language
from articles import lists, paging, structured_data
from articles.cards import card, section_name
from articles.models import Article, Region
from articles.places import countries_of


class StoryList(ListView):
    """Stories that belong to something, newest first; older ones by ``?before=``."""

    template_name = "articles/story_list.html"
    context_object_name = "cards"
    http_method_names = ["get", "head"]
    feed = ""  # the name of the list's feed
    can_narrow = False  # whether ?section= holds
    text_field = "description"  # what is said about the thing
    fewest = 1  # stories without which search engines are kept away
    find = None  # one of articles.lists

    def get(self, request, *args, **kwargs):
        try:
            return super().get(request, *args, **kwargs)
        except lists.Moved as moved:
            return HttpResponsePermanentRedirect(moved.thing.get_absolute_url())

    def get_queryset(self):
        self.now = timezone.now()
        stories = Article.objects.published(self.now).in_language(get_language())
        self.thing, stories = self.find(self.kwargs["slug"], stories)
        self.narrowed = self._section()
        if self.narrowed is not None:
            stories = stories.filter(section__slug=self.narrowed.slug)
        before, lead = self.request.GET.get("before", ""), None
        if self.narrowed is None:
            lead = lists.lead(self.thing, stories, get_language(), self.now)
        stories = stories.for_cards().newest_first()
        self.page = (
            paging.page(stories, before)
            if lead is None
            else paging.page_below(lead, stories, before)
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
        before, language = self.request.GET.get("before", ""), get_language()
        context = {
            "thing": self.thing,
            "name": self.thing.name_in(language),
            "text": in_language(self.thing, self.text_field, language),
            "feed": reverse(self.feed, args=[self.thing.slug]),
            "narrowed": self.narrowed,
            "can_narrow": self.can_narrow,
            "whole": self.request.path,
            "newest": self.address() if before else "",
            "older": self.address(before=self.page.older) if self.page.older else "",
            "address": settings.SITE_URL + self.address(before=before),
            "is_noindex": len(self.page.items) < self.fewest and not before,
            "structured_data": structured_data.script(
                structured_data.crumbs(*kwargs.pop("way", ()), structured_data.crumb(self.thing))
            ),
        }
        return super().get_context_data(**context | kwargs)


class SectionPage(StoryList):
    feed = "section_rss"
    find = staticmethod(lists.section)

    def places(self, story):
        return self.country_names(story)


class RegionPage(StoryList):
    """Stories of a region with all that lies in it, and the way to the regions around it."""

    template_name = "articles/region_detail.html"
    feed = "region_rss"
    find = staticmethod(lists.region)
    can_narrow = True

    def get_context_data(self, **kwargs):
        above, below = self.around()
        way = [structured_data.crumb(region) for region in above]
        return super().get_context_data(above=above, below=below, way=way, **kwargs)

    def around(self):
        """Regions that this one lies in, and those in it of which there are stories: two lists."""
        region, language = self.thing, get_language()
        over = [int(number) for number in region.path.strip("/").split("/")[:-1]]
        stories = Article.objects.published(self.now).in_language(language)
        inside = Q(path__startswith=region.path)
        if region.kind == Region.Kind.GROUP:
            inside = Q(pk__in=region.members.values("pk"))
        known = Region.objects.filter(
            Q(pk__in=over) | inside & Exists(stories.filter(regions=OuterRef("pk")))
        ).exclude(pk=region.pk)
        found = sorted(known, key=lambda other: other.path)
        above = [other for other in found if other.pk in over]
        below = [other for other in found if other.pk not in over]
        return above, sorted(below, key=lambda other: other.name_in(language).words)


class TagPage(StoryList):
    feed = "tag_rss"
    find = staticmethod(lists.tag)
    can_narrow = True
    fewest = 2


class SeriesPage(StoryList):
    feed = "series_rss"
    find = staticmethod(lists.series)

    def cards(self, stories):
        parts = self.thing.articles.published(self.now).in_language(get_language())
        self.parts = parts.aggregate(Max("part"))["part__max"] or 0
        return super().cards(stories)

    def places(self, story):
        if story.part is None:
            return []
        words = gettext("Part %(number)d") % {"number": story.part}
        if self.parts > 1:
            words = gettext("Part %(number)d of %(parts)d") % {
                "number": story.part,
                "parts": self.parts,
            }
        return [Text(words, get_language())]
