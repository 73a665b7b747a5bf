"""The list of regions as the tree that it is, with the number of stories of each."""

from django.conf import settings
from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import (
    CharField,
    Count,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    Subquery,
    Value,
)
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import pgettext_lazy

from addresses.languages import language_name
from articles import permissions
from articles.admin.base import labelled
from articles.models import Article, Region

LIVE = pgettext_lazy("of stories, after their number", "live")
NOT_LIVE = pgettext_lazy("of stories, after their number", "not live")
DEEPEST = 6  # levels that are set in further than the one before


def in_tree_order(regions):
    """Regions, each after what it lies in, those beside each other by name."""
    names = {str(region.pk): region.name.casefold() for region in regions}

    def place(region):
        return [(names.get(number, ""), number) for number in region.path.strip("/").split("/")]

    return sorted(regions, key=place)


def count_stories(regions, stories, now):
    """A queryset of regions with ``live`` and ``others``: how many of ``stories`` are filed under
    each or under what lies in it, each once; what is spiked is not counted."""
    filings = Article.regions.through.objects
    members = (
        Region.members.through.objects.filter(from_region=OuterRef(OuterRef("pk")))
        .annotate(inner=ExpressionWrapper(OuterRef("region__path"), CharField()))
        .filter(inner__startswith=F("to_region__path"))
    )
    within = filings.filter(
        Q(region__path__startswith=OuterRef("path")) | Q(Exists(members)), article__in=stories
    )
    live = Q(article__status="published", article__published_at__lte=now)

    def number(condition):
        counted = within.filter(condition).order_by().values(one=Value(1))
        counted = counted.annotate(number=Count("article", distinct=True)).values("number")
        return Coalesce(Subquery(counted), 0)

    return regions.annotate(live=number(live), others=number(~live & ~Q(article__status="spiked")))


class Tree(ChangeList):
    """The rows in the order of the tree, where nobody asked for another order."""

    def get_results(self, request):
        super().get_results(request)
        self.result_list = list(self.result_list)
        if "o" not in self.params:
            self.result_list = in_tree_order(self.result_list)


class ShowsTree:
    """Mixin of the admin of regions."""

    list_display = ["in_tree", "kind", "parent", "live_stories", "other_stories", "named"]
    list_filter = ["kind"]
    list_select_related = ["parent"]
    list_per_page = 500
    ordering = ["path"]

    def get_changelist(self, request, **kwargs):
        return Tree

    def get_queryset(self, request):
        found = super().get_queryset(request)
        match = request.resolver_match
        if match is None or not match.url_name.endswith("_changelist"):
            return found
        stories = permissions.visible_stories(request.user, Article.objects.all())
        return count_stories(found, stories.order_by().values("pk"), timezone.now())

    @admin.display(description=lazy("name"), ordering="name")
    def in_tree(self, region):
        depth = min(region.path.count("/") - 2, DEEPEST)
        return format_html('<span class="tree tree--{}">{}</span>', depth, region.name)

    @admin.display(description=LIVE, ordering="live")
    def live_stories(self, region):
        return labelled(region.live, LIVE)

    @admin.display(description=NOT_LIVE, ordering="others")
    def other_stories(self, region):
        return labelled(region.others, NOT_LIVE)

    @admin.display(description=lazy("in other languages"))
    def named(self, region):
        """Its name in each further language of the site, and where there is none yet."""
        said = [
            _("%(language)s: %(name)s")
            % {"language": language_name(code), "name": region.names.get(code) or "–"}
            for code, _own in settings.LANGUAGES[1:]
        ]
        return ", ".join(said)
