"""The list of stories: its pages, its search, and itself as a table for a spreadsheet."""

from itertools import islice

from django.conf import settings
from django.contrib import messages
from django.contrib.admin.options import IS_POPUP_VAR, IncorrectLookupParameters
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Prefetch, Q
from django.http import HttpResponseRedirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.text import smart_split, unescape_string_literal
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from articles import naming, paging, pasted, permissions, presence, states, tables
from articles.admin.presence import in_words
from articles.bylines import ROLES
from articles.models import Article
from articles.models.article import site_zone
from authors.models import Author, Organisation
from prose import body

# Where a page of the list begins: after a story, or, going back, before one.
FURTHER, BACK = "further", "back"
# By which time a state is listed, and whether the newest comes first; other states by the last save.
TIMES = {"scheduled": ("published_at", False), "live": ("published_at", True)}
SAVED = ("modified_at", True)
MOST_WORDS = 20  # of a search
CHUNK = 200  # stories that the table holds in memory


class StoryList(ChangeList):
    """A page of the list with all that its rows print, in a fixed number of queries.

    Nothing is counted and nothing skipped: a page is read from its place in the list.
    """

    def get_filters_params(self, params=None):
        found = super().get_filters_params(params)
        return {name: value for name, value in found.items() if name not in {FURTHER, BACK}}

    def get_queryset(self, request, **kwargs):
        stories = super().get_queryset(request, **kwargs)
        return (
            states.with_returned(stories)
            .select_related("section", "assigned_to")
            .prefetch_related(Prefetch("bylines", queryset=_known_credits(request.user)))
            .defer("body")
        )

    def get_results(self, request):
        self.result_list, self.further, self.back = self._page(request)
        self.result_count = len(self.result_list)
        self.full_result_count, self.can_show_all, self.multi_page = None, False, False
        self.paginator = None
        self.show_admin_actions = True
        for spec in self.filter_specs:
            spec.changelist = self
        shown = [story.pk for story in self.result_list]
        self.may_open = set(
            permissions.readable_stories(
                request.user, Article.objects.filter(pk__in=shown)
            ).values_list("pk", flat=True)
        )
        here = presence.at(shown, besides=request.user)
        for story in self.result_list:
            story.may_be_opened = story.pk in self.may_open
            story.here = in_words(here.get(story.pk, []))
        self.is_narrowed = bool(self.params.keys() - {"o", "p", FURTHER, BACK})

    def _page(self, request):
        """The stories, and the cursors of the next page and of the one before ("" for none)."""
        field, newest_first = time_of(request)
        size = self.list_per_page
        further, back = self.params.get(FURTHER, ""), self.params.get(BACK, "")
        beyond = [paging.newer_than, paging.older_than]
        if back:
            before = beyond[not newest_first](self.queryset, back, field).reverse()[: size + 1]
            found = list(before)
            shown = found[:size][::-1]
            has_more, has_less = True, len(found) > size
        else:
            stories = self.queryset
            if further:
                stories = beyond[newest_first](stories, further, field)
            found = list(stories[: size + 1])
            shown = found[:size]
            has_more, has_less = len(found) > size, bool(further)
        if not shown:
            return shown, "", ""
        return (
            shown,
            paging.cursor(shown[-1], field) if has_more else "",
            paging.cursor(shown[0], field) if has_less else "",
        )

    def link_to(self, **changes):
        """The address of this list with other values; None takes one away."""
        return self.get_query_string({FURTHER: None, BACK: None} | changes)

    @property
    def further_link(self):
        return self.link_to(**{FURTHER: self.further}) if self.further else ""

    @property
    def back_link(self):
        return self.link_to(**{BACK: self.back}) if self.back else ""

    @property
    def table_link(self):
        return reverse("admin:articles_article_csv") + self.link_to()


def time_of(request):
    """By which time the list is in order, and whether the newest comes first."""
    return TIMES.get(request.GET.get("state"), SAVED)


def _known_credits(user):
    return (
        permissions.known_bylines(user)
        .select_related("author", "organisation")
        .order_by("position", "pk")
    )


class Listing:
    """Mixin of the story's admin: how stories are found."""

    def get_changelist(self, request, **kwargs):
        return StoryList

    def get_ordering(self, request):
        field, newest_first = time_of(request)
        return [f"-{field}", "-pk"] if newest_first else [field, "pk"]

    def get_search_fields(self, request):
        # A standfirst is for those who may read the story; a headline is in everybody's list.
        return ["headline", "standfirst"] if permissions.is_editor(request.user) else ["headline"]

    def get_search_results(self, request, queryset, search_term):
        """Stories that have each word in a headline, a standfirst, or a credit known to who asks."""
        words = [_unquoted(bit) for bit in smart_split(search_term.replace("\0", ""))][:MOST_WORDS]
        credits = permissions.known_bylines(request.user)
        people, organisations = (_names(m) if words else [] for m in (Author, Organisation))
        for word in words:
            found = Q()
            for field in self.get_search_fields(request):
                found |= Q(**{f"{field}__icontains": word})
            wanted = naming.plain(word)
            named = {
                "author__in": [pk for pk, names in people if wanted in names],
                "organisation__in": [pk for pk, names in organisations if wanted in names],
            }
            for field, numbers in named.items():
                if wanted and numbers:
                    found |= Q(pk__in=credits.filter(**{field: numbers}).values("article"))
            queryset = queryset.filter(found)
        return queryset, False

    def changelist_view(self, request, extra_context=None):
        """The list; where an address of ours is what is searched for, the story that it is of."""
        words = request.GET.get("q", "")
        hosts = [*settings.ALLOWED_HOSTS, request.get_host().partition(":")[0]]
        address = pasted.address_in(words, hosts) if IS_POPUP_VAR not in request.GET else None
        if address and self.has_view_permission(request):
            number = pasted.story_at(*address)
            story = self.get_queryset(request).filter(pk=number).first() if number else None
            if story is not None and permissions.can_read(request.user, story):
                return HttpResponseRedirect(
                    reverse("admin:articles_article_change", args=[story.pk])
                )
            messages.warning(request, _("No story that you may open has this address."))
        may_settle = permissions.can_settle_doubts(request.user)
        return super().changelist_view(request, {**(extra_context or {}), "may_settle": may_settle})

    def csv_view(self, request):
        """The list as it is narrowed, one row a credit: what is paid by the story is paid by it."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        try:
            stories = self.get_changelist_instance(request).queryset
        except IncorrectLookupParameters:
            return HttpResponseRedirect(reverse("admin:articles_article_changelist"))
        header = [_("Date"), _("Headline"), _("Credit"), _("Role"), _("Words"), _("Address")]
        today = timezone.now().astimezone(site_zone())
        return tables.download(
            f"stories-{today:%Y-%m-%d}.csv", header, _rows(request.user, stories)
        )

    def get_urls(self):
        view = self.admin_site.admin_view(require_safe(self.csv_view))
        return [path("csv/", view, name="articles_article_csv"), *super().get_urls()]


def _unquoted(bit):
    if len(bit) > 1 and bit[0] == bit[-1] and bit[0] in "\"'":
        return unescape_string_literal(bit)
    return bit


def _names(model):
    """All that people or organisations are called, as ``[(pk, names in one text), ...]``."""
    things = model.objects.all()
    if model is Author:
        things = things.only("name", "names", "aliases")
    else:
        things = things.only("name", "short_name", "names", "aliases")
    return [(one.pk, naming.plain("\n".join(map(str, naming.names_of(one))))) for one in things]


def _rows(user, stories):
    """Rows of the table: date, headline, credit, role, words and address.

    Of a story that the user may not open, no more than the list says. Reads CHUNK stories at once.
    """
    may_open = permissions.readable_stories(user, Article.objects.filter(pk=OuterRef("pk")))
    credits = _known_credits(user).select_related("author__merged_into", "organisation")
    whole = (
        Article.objects.annotate(may_be_opened=Exists(may_open))
        .prefetch_related(Prefetch("bylines", queryset=credits))
        .only("headline", "language", "slug", "body", "status", "published_at", "address_date")
    )
    numbers = stories.values_list("pk", flat=True).iterator(chunk_size=10_000)
    for some in iter(lambda: list(islice(numbers, CHUNK)), []):
        found = whole.in_bulk(some)
        for story in (found[number] for number in some if number in found):
            date = (
                f"{story.published_at.astimezone(site_zone()):%Y-%m-%d}"
                if story.published_at
                else ""
            )
            words = len(body.text(story.body).split()) if story.may_be_opened else ""
            address = settings.SITE_URL + story.get_absolute_url() if story.is_live else ""
            for name, role in _credited(story) or [("", "")]:
                yield [date, story.headline, name, role, words, address]


def _credited(story):
    return [
        (
            str((b.author.merged_into or b.author) if b.author else b.organisation),
            str(ROLES[b.role]),
        )
        for b in story.bylines.all()
    ]
