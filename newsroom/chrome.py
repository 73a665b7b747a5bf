"""What stands around every page: the name of the site, its sections, countries and own pages.

All of it, and whether a next version of a story is due, comes in one query.
"""

from contextlib import contextmanager
from functools import cached_property
from typing import NamedTuple

from django.conf import settings
from django.db.models import IntegerField, JSONField, TextField, Value
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, override

from addresses.languages import Text, in_language
from articles import naming
from articles.models import Region, Revision, Section
from authors.models import Author, Credit, Organisation
from images.printing import masked
from newsroom.models import Page, SiteSettings


class Row(NamedTuple):
    """One thing in the first language, with its words in the others (``names``, ``texts``)."""

    kind: str
    position: int
    slug: str
    name: str
    names: dict
    text: str
    texts: dict


class Link(NamedTuple):
    """A thing to lead to. ``number`` is its place in a menu, for a country its primary key."""

    number: int
    slug: str
    name: Text
    text: Text
    address: str


class Chrome:
    """The surroundings of a page, in whatever language is active when they are asked for."""

    def __init__(self, rows):
        self._rows = [Row(*row) for row in rows]
        self._links = {}

    def _of(self, kind):
        return [row for row in self._rows if row.kind == kind]

    def _linked(self, kind):
        key = kind, get_language()
        if key not in self._links:
            self._links[key] = [
                Link(
                    row.position,
                    row.slug,
                    in_language(row, "name", key[1]),
                    in_language(row, "text", key[1]),
                    reverse(kind, args=[row.slug]),
                )
                for row in self._of(kind)
            ]
        return self._links[key]

    @property
    def _site(self):
        return next(iter(self._of("site")), Row("site", 0, "", "Newsroom", {}, "", {}))

    @property
    def name(self):
        return in_language(self._site, "name", get_language())

    @property
    def description(self):
        return in_language(self._site, "text", get_language())

    @property
    def is_demo(self):
        return self._site.position == 1

    @property
    def second_factor_for(self):
        """Names of the roles that need a second factor at the desk."""
        return frozenset(filter(None, self._site.slug.split(",")))

    @property
    def sections(self):
        return sorted(self._linked("section"), key=lambda link: (link.number, link.name.words))

    @property
    def countries(self):
        return sorted(self._linked("region"), key=lambda link: link.name.words)

    @property
    def pages(self):
        return sorted(self._linked("page"), key=lambda link: (link.number, link.name.words))

    def page(self, slug):
        """The site's own page of that slug as a Link, or None."""
        return next((link for link in self._linked("page") if link.slug == slug), None)

    @property
    def house(self):
        """The Credit printed where no person may be named: the house, else the site itself."""
        for row in self._of("organisation"):
            name = in_language(row, "name", get_language())
            return Credit(name.words, name.language, reverse("organisation", args=[row.slug]))
        return Credit(self.name.words, self.name.language, "")

    @cached_property
    def _hidden_names(self):
        """What finds the names of people who are hidden, or None where nobody is."""
        people = [Author(name=r.name, names=r.names, aliases=r.texts) for r in self._of("hidden")]
        return naming.spelt([name for person in people for name in naming.names_of(person)])

    def mask(self, words):
        """``words`` with the house in the place of each name of a person who is hidden."""
        if self._hidden_names is None:
            return words
        return self._hidden_names.sub(lambda _match: self.house.name, words)

    @property
    def is_due(self):
        """Whether an approved next version of a story waits to be written onto it."""
        return bool(self._of("due"))


def load(now):
    """The Chrome at ``now``, in one query."""
    zero, empty, nothing = Value(0), Value("", TextField()), Value({}, JSONField())

    def rows(queryset, kind, *columns):
        return queryset.order_by().values_list(Value(kind, TextField()), *columns)

    parts = [
        rows(
            SiteSettings.objects.all(),
            "site",
            Cast("is_demo", IntegerField()),
            "second_factor_for",
            "name",
            "names",
            "description",
            "descriptions",
        ),
        rows(
            Section.objects.all(),
            "section",
            "position",
            "slug",
            "name",
            "names",
            "description",
            "descriptions",
        ),
        rows(
            Region.objects.filter(kind=Region.Kind.COUNTRY),
            "region",
            "pk",
            "slug",
            "name",
            "names",
            empty,
            nothing,
        ),
        rows(Page.objects.all(), "page", "position", "slug", "name", "names", empty, nothing),
        rows(
            Organisation.objects.filter(is_house=True),
            "organisation",
            zero,
            "slug",
            "name",
            "names",
            empty,
            nothing,
        ),
        rows(
            Author.objects.filter(hidden_at__isnull=False),
            "hidden",
            zero,
            "slug",
            "name",
            "names",
            empty,
            "aliases",
        ),
        rows(
            Revision.objects.filter(state=Revision.State.APPROVED, due_at__lte=now),
            "due",
            zero,
            Cast("pk", TextField()),
            empty,
            nothing,
            empty,
            nothing,
        ),
    ]
    return Chrome(parts[0].union(*parts[1:], all=True))


def of(request, now):
    """The Chrome of a request, loaded when it has none yet."""
    if not hasattr(request, "chrome"):
        request.chrome = load(now)
    return request.chrome


@contextmanager
def as_printed():
    """Within it words of pictures are as a request for one of their files would print them."""
    with override(settings.LANGUAGE_CODE), masked(load(timezone.now()).mask):
        yield
