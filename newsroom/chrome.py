"""What stands around every page: the name of the site, its sections, countries and own pages.

All of it, and whether a next version of a story is due, comes in one query.
"""

import datetime
import json
from contextlib import contextmanager
from functools import cache, cached_property
from typing import NamedTuple

from django.conf import settings
from django.db import connection
from django.db.models import Case, F, IntegerField, JSONField, Q, TextField, Value, When
from django.db.models.functions import Cast, Concat
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, override

from addresses.languages import Text, in_language
from articles import naming
from articles.models import Region, Revision, Section
from authors.models import Author, Credit, Organisation
from images.models import Image
from images.printing import masked
from images.renditions import rendition_url
from newsroom import looks
from newsroom.models import Page, SiteSettings

# The addresses of the pages that a new site begins with.
CALLED = {"corrections": "corrections-policy", "ethics": "ethics"}

# Stands for the time in the query, which is put into SQL once a process: for a page of few rows that
# took longer than the answer.
_THEN = datetime.datetime(1900, 1, 1, tzinfo=datetime.UTC)

# Which of schema.org's words for a promise each of them is.
_POLICIES = {
    "ethics": ("publishingPrinciples", "ethicsPolicy"),
    "corrections": ("correctionsPolicy",),
}


class Row(NamedTuple):
    """One thing in the first language, with its words in the others (``names``, ``texts``).

    ``place``: where it stands in the menu, or None. ``mark``: what it is besides.
    """

    kind: str
    position: int
    slug: str
    name: str
    names: dict
    text: str
    texts: dict
    place: int | None = None
    mark: str = ""


class Link(NamedTuple):
    """A thing to lead to. ``number`` is its place in a menu, for a country its primary key."""

    number: int
    slug: str
    name: Text
    text: Text
    address: str
    place: int | None = None
    mark: str = ""


class Chrome:
    """The surroundings of a page, in whatever language is active when they are asked for."""

    def __init__(self, rows):
        self._rows = rows
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
                    row.place,
                    row.mark,
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
        found = [link for link in self._linked("region") if link.mark == Region.Kind.COUNTRY]
        return sorted(found, key=lambda link: link.name.words)

    @property
    def menu(self):
        """What the bar of every page leads to: as it was set, else countries and sections."""
        links = [link for kind in ("section", "region", "page") for link in self._linked(kind)]
        chosen = [link for link in links if link.place is not None]
        return sorted(chosen, key=lambda link: link.place) or [*self.countries, *self.sections]

    @property
    def pages(self):
        """The site's own pages that stand in the footer and in which something is written."""
        found = [
            link
            for link in self._linked("page")
            if link.number is not None and "empty" not in link.mark.split()
        ]
        return sorted(found, key=lambda link: (link.number, link.name.words))

    def page(self, slug):
        """The site's own page of that slug as a Link, or None."""
        return next((link for link in self._linked("page") if link.slug == slug), None)

    def policy(self, name):
        """The page that was named as the policy on "corrections" or "ethics", else the one that is
        called so; a Link or None."""
        chosen = (link for link in self._linked("page") if name in link.mark.split())
        return next(chosen, None) or self.page(CALLED[name])

    @property
    def _looks(self):
        return next(iter(self._of("looks")), Row("looks", 0, "", "", [], "", {}))

    @property
    def style_sheet(self):
        """The address of the style sheet with the site's own colours, or "" where it has none."""
        return looks.address(self._looks.slug, self._looks.name)

    @property
    def social_links(self):
        return [link for link in self._looks.names or [] if link["url"].startswith("https://")]

    @property
    def email(self):
        return self._looks.mark

    @property
    def contact(self):
        return in_language(self._looks, "text", get_language())

    @property
    def licence(self):
        """On which terms stories may be republished: a Text, without words where they may not."""
        terms = next(iter(self._of("licence")), Row("licence", 0, "", "", {}, "", {}))
        return in_language(terms, "text", get_language())

    @cached_property
    def logo(self):
        """The picture that stands for the name, or None."""
        for row in self._of("logo"):
            size = {"width": row.position, "height": row.place}
            return Image(token=row.slug, alt=row.name, alts=row.names, **size)
        return None

    @property
    def logo_is_dark(self):
        return any(row.mark for row in self._of("logo"))

    @property
    def publisher(self):
        """What machines are told about the house beside its name, in schema.org's words."""
        found = {}
        if self.logo is not None and (address := rendition_url(self.logo, "logo")):
            found["logo"] = {"@type": "ImageObject", "url": settings.SITE_URL + address}
        if self.social_links:
            found["sameAs"] = [link["url"] for link in self.social_links]
        if self.email:
            found["email"] = self.email
        found["masthead"] = settings.SITE_URL + reverse("masthead")
        for name, words in _POLICIES.items():
            page = self.policy(name)
            if page is not None and "empty" not in page.mark.split():
                found |= dict.fromkeys(words, settings.SITE_URL + page.address)
        return found

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
    def masked_names(self):
        """What ``mask`` looks for and puts there, as text: "" where nobody is hidden."""
        found = self._hidden_names
        return f"{found.pattern} {self.house.name}" if found is not None else ""

    @property
    def is_due(self):
        """Whether an approved next version of a story waits to be written onto it."""
        return bool(self._of("due"))


def load(now):
    """The Chrome at ``now``, in one query."""
    sql, values = _statement(connection.vendor)
    then, now = map(connection.ops.adapt_datetimefield_value, (_THEN, now))
    with connection.cursor() as cursor:
        cursor.execute(sql, [now if value == then else value for value in values])
        rows = [Row(*row) for row in cursor.fetchall()]
    return Chrome(
        [row._replace(names=json.loads(row.names), texts=json.loads(row.texts)) for row in rows]
    )


@cache
def _statement(vendor):
    """The SQL for a kind of database and the values in it."""
    return _query(_THEN).query.sql_with_params()


def _query(now):
    """Everything a Chrome is made of, as columns of Row."""
    zero, empty, nothing = Value(0), Value("", TextField()), Value({}, JSONField())
    nowhere = Cast(None, IntegerField())

    def when(word, **condition):
        return Case(When(**condition, then=Value(word)), default=empty, output_field=TextField())

    def rows(queryset, kind, *columns, place=nowhere, mark=empty):
        return queryset.order_by().values_list(Value(kind, TextField()), *columns, place, mark)

    site = SiteSettings.objects.all()
    parts = [
        rows(
            site,
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
            place=F("menu_item__position"),
        ),
        rows(
            Region.objects.filter(Q(kind=Region.Kind.COUNTRY) | Q(menu_item__isnull=False)),
            "region",
            "pk",
            "slug",
            "name",
            "names",
            empty,
            nothing,
            place=F("menu_item__position"),
            mark=Cast("kind", TextField()),
        ),
        rows(
            Page.objects.all(),
            "page",
            "position",
            "slug",
            "name",
            "names",
            empty,
            nothing,
            place=F("menu_item__position"),
            mark=Concat(
                when("corrections ", pk__in=site.values("corrections_policy")),
                when("ethics ", pk__in=site.values("ethics_policy")),
                when("empty", body=""),
            ),
        ),
        rows(
            site,
            "looks",
            zero,
            "accent",
            "accent_dark",
            "social_links",
            "contact",
            "contacts",
            mark=Cast("email", TextField()),
        ),
        rows(site, "licence", zero, empty, empty, nothing, "licence", "licences"),
        rows(
            Image.objects.filter(
                Q(rights_expire_at=None) | Q(rights_expire_at__gt=now),
                pk__in=site.values("logo"),
            ),
            "logo",
            "width",
            "token",
            "alt",
            "alts",
            empty,
            nothing,
            place=F("height"),
            mark=when("dark", pk__in=site.filter(logo_is_dark=True).values("logo")),
        ),
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
    return parts[0].union(*parts[1:], all=True)


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
