from types import ModuleType

from django.conf import settings
from django.http import HttpResponsePermanentRedirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.encoding import iri_to_uri
from django.utils.translation import get_language, gettext
from django.views.generic import View

from articles import lists, paging
from articles.feeds import atom, conditional, items, rss
from articles.feeds.kinds import KINDS
from articles.feeds.words import plain
from articles.models import Article, Correction


def addresses(route, view, name):
    """The feeds of a list that stands at ``route``: ``<name>_rss``, ``<name>_atom``, ``<name>_json``."""
    return [
        path(f"{route}{kind.FILE}", view.as_view(kind=kind), name=f"{name}_{suffix}")
        for suffix, kind in KINDS.items()
    ]


class Feed(View):
    """A feed: ``title()``, where its page is, and ``items()``; the rest is said here."""

    http_method_names = ["get", "head"]
    kind: ModuleType = rss  # one of KINDS

    def get(self, request, slug=""):
        self.now = timezone.now()
        try:
            self.prepare(slug)
        except lists.Moved as moved:
            address = f"{moved.thing.get_absolute_url()}{self.kind.FILE}"
            return HttpResponsePermanentRedirect(address)
        channel, kind = self.channel(), self.kind
        return conditional.answer(request, channel, kind.write, kind.TYPE, self.now)

    def prepare(self, slug):
        """Find what the feed is of."""

    def channel(self):
        chrome = self.request.chrome
        return items.Channel(
            title=plain(self.title()),
            description=plain(self.description()),
            link=settings.SITE_URL + self.page(),
            address=settings.SITE_URL + iri_to_uri(self.request.path),
            language=get_language(),
            publisher=items.Person(plain(chrome.name.words), items.whole(reverse("home"))),
            items=self.items(),
            tombstones=self.tombstones() if self.kind is atom else (),
            mask=chrome.masked_names,
        )

    def title(self):
        return self.request.chrome.name.words

    def description(self):
        return self.request.chrome.description.words

    def page(self):
        """The address of the page that lists the same."""
        return reverse("home")

    def stories(self):
        """The stories of the language that belong to the list, in whatever state."""
        return Article.objects.in_language(get_language())

    def items(self):
        found = items.for_feeds(self.stories().published(self.now).newest_first())
        stories = list(found[: paging.PER_PAGE])
        return items.of_stories(stories, self.request.chrome.house, self.now)

    def tombstones(self):
        """What readers saw in the list and can see no more, the latest first."""
        gone = self.stories().taken_down(self.now).order_by("-down_at", "-pk")
        rows = gone.values_list("guid", "down_at", "slug")[: paging.PER_PAGE]
        return tuple(
            items.Tombstone(plain(guid), items.second(at))
            for guid, at, slug in rows
            # That of an older system may repeat the headline, which nothing may say any more.
            if guid.startswith("tag:") or slug not in guid
        )


class ListFeed(Feed):
    """The feed of a list of articles.lists."""

    find = None

    def prepare(self, slug):
        self.thing, self.found = self.find(slug, super().stories())

    def stories(self):
        return self.found

    def title(self):
        return f"{self.thing.name_in(get_language()).words} | {super().title()}"

    def description(self):
        return gettext("%(what)s: the newest stories") % {
            "what": self.thing.name_in(get_language()).words
        }

    def page(self):
        return self.request.path.removesuffix(self.kind.FILE)


class SectionFeed(ListFeed):
    find = staticmethod(lists.section)


class RegionFeed(ListFeed):
    find = staticmethod(lists.region)


class TagFeed(ListFeed):
    find = staticmethod(lists.tag)


class AuthorFeed(ListFeed):
    find = staticmethod(lists.author)


class OrganisationFeed(ListFeed):
    find = staticmethod(lists.organisation)


class SeriesFeed(ListFeed):
    find = staticmethod(lists.series)


class CorrectionsFeed(Feed):
    def title(self):
        return f"{gettext('Corrections')} | {super().title()}"

    def page(self):
        return reverse("corrections")

    def items(self):
        entries = Correction.objects.public(self.now).filter(
            article__language=get_language(), superseded_by=None
        )
        entries = entries.select_related("article").defer("article__body")
        return tuple(items.of_correction(entry) for entry in entries[: paging.PER_PAGE])

    def tombstones(self):
        return ()
