"""What the list of stories can be narrowed to. Each is a field of one form above the list."""

import datetime

from django.conf import settings
from django.contrib import admin
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles import naming, permissions, states
from articles.forms.fields import suggestions
from articles.models import Article, Byline, Filing, Region, Section, Tag
from articles.models.article import site_zone
from authors.models import Author


class Filter(admin.SimpleListFilter):
    """A filter by one value of the address. ``kind`` says how the page asks for it."""

    kind = "select"

    def __init__(self, request, *args, **kwargs):
        self.user = request.user
        super().__init__(request, *args, **kwargs)

    def has_output(self):
        return True

    def lookups(self, request, model_admin):
        return []

    def queryset(self, request, queryset):
        value = (self.value() or "").strip()
        return self.narrowed(queryset, value) if value and "\0" not in value else queryset


class StateFilter(Filter):
    """The states of the desk. Spiked stories are shown only when they are asked for."""

    title = _("state")
    parameter_name = "state"
    kind = "chips"

    # What is asked for every hour; other states are one click further.
    FIRST = {
        "mine": _("My"),
        "in_review": _("Review"),
        "scheduled": _("Scheduled"),
        "live": _("Published"),
        None: _("All"),
    }

    def lookups(self, request, model_admin):
        return [("mine", _("My stories")), *states.LABELS.items()]

    def queryset(self, request, queryset):
        code = self.value()
        if code == "mine":
            return permissions.own_stories(self.user, queryset).exclude(status="spiked")
        if code in states.LABELS:
            return states.in_state(queryset, code)
        return queryset.exclude(status="spiked")

    def on_page(self):
        """The states asked for first, as links, each with whether it is what is shown."""
        return [self._link(code, label) for code, label in self.FIRST.items()]

    def on_page_further(self):
        return [self._link(c, label) for c, label in self.lookup_choices if c not in self.FIRST]

    def chosen_further(self):
        """The name of the state that is shown, where it is not among the first."""
        return next((link["display"] for link in self.on_page_further() if link["selected"]), "")

    def _link(self, code, label):
        return {
            "display": label,
            "selected": self.value() == code,
            "query_string": self.changelist.link_to(**{self.parameter_name: code}),
        }


class SectionFilter(Filter):
    title = _("section")
    parameter_name = "section"

    def lookups(self, request, model_admin):
        return [(str(pk), name) for pk, name in Section.objects.values_list("pk", "name")]

    def narrowed(self, stories, value):
        is_number = value.isdecimal() and len(value) < 18
        return stories.filter(section=int(value)) if is_number else stories.none()


class LanguageFilter(Filter):
    title = _("language")
    parameter_name = "language"

    def lookups(self, request, model_admin):
        return settings.LANGUAGES

    def narrowed(self, stories, value):
        return stories.filter(language=value)


class NameFilter(Filter):
    """A filter by the name of a thing, typed."""

    kind = "name"

    def narrowed(self, stories, value):
        found = naming.find(self.model._default_manager.all(), value)
        return self.of(stories, found[0]) if len(found) == 1 else stories.none()


class RegionFilter(NameFilter):
    """Stories of a region and of all that lies in it."""

    title = _("region")
    parameter_name = "region"
    model = Region

    @property
    def names(self):
        return suggestions((Article, "regions"))

    def of(self, stories, region):
        return stories.in_region(region)


class TagFilter(NameFilter):
    title = _("tag")
    parameter_name = "tag"
    model = Tag

    @property
    def names(self):
        return suggestions((Filing, "tag"))

    def of(self, stories, tag):
        return stories.filter(pk__in=Filing.objects.filter(tag=tag).values("content_object"))


class PersonFilter(NameFilter):
    """Stories that credit a person in whatever role; where it is withheld, for chiefs only."""

    title = _("credited")
    parameter_name = "person"
    model = Author

    @property
    def names(self):
        return suggestions((Byline, "author"))

    def of(self, stories, author):
        known = permissions.known_bylines(self.user)
        return stories.filter(pk__in=known.filter(author=author).values("article"))


class DateFilter(Filter):
    """By the day of publication in the site's zone; before that, the day of the last save."""

    kind = "date"

    def narrowed(self, stories, value):
        try:
            day = datetime.date.fromisoformat(value)
        except ValueError:
            return stories.none()
        if not 1900 <= day.year <= 2200:
            return stories.none()
        return stories.filter(
            self.within("published_at", day)
            | (self.within("modified_at", day) & Q(published_at=None))
        )

    def start_of(self, day):
        return timezone.make_aware(datetime.datetime.combine(day, datetime.time()), site_zone())


class FromFilter(DateFilter):
    title = _("from")
    parameter_name = "from"

    def within(self, field, day):
        return Q(**{f"{field}__gte": self.start_of(day)})


class ToFilter(DateFilter):
    title = _("to")
    parameter_name = "to"

    def within(self, field, day):
        return Q(**{f"{field}__lt": self.start_of(day + datetime.timedelta(days=1))})
