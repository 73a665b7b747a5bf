"""The search page, and what is suggested in its field."""

import calendar
import datetime
import re

from django.conf import settings
from django.http import Http404, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.http import urlencode
from django.utils.text import capfirst
from django.utils.translation import get_language, ngettext, override, pgettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from addresses.languages import Text, codes, in_language, language_name
from articles import lists
from articles.cards import card, section_name
from articles.models import Article
from articles.search import asking, finding, showing, suggesting
from articles.search.finding import Filters

NEWEST = 5
CHOICES = 8  # of one facet
KEPT = ("q", "section", "region", "tag", "author", "from", "to", "language", "sort")
FACETS = ("section", "region", "tag", "author", "year", "language")
_DATE = re.compile(r"([0-9]{4})(?:-([0-9]{1,2})(?:-([0-9]{1,2}))?)?")
_SLUG = re.compile(r"[-\w]{1,100}")


@require_safe
def search(request):
    """Stories by their words: ``?q=``, narrowed by what else the address says."""
    now, asked = timezone.now(), _Asked(request)
    is_asked = bool(asked.has_words or asked.narrowing)
    context = {
        "asked": asked,
        "is_noindex": True,
        "address": settings.SITE_URL + request.path,
        "translations": asked.in_other_languages(),
        "sections": request.chrome.sections,
    }
    rows = []
    if is_asked:
        found = finding.search(asked.query, asked.filters, now=now, by_date=asked.by_date)
        rows = _rows(found.page(asked.page), found.asked.terms, now)
        context |= {
            "found": found,
            "heading": _heading(asked, found),
            "instead": _instead(found, rows),
            "facets": asked.facets(found),
            "newer": asked.address(page=asked.page - 1) if asked.page > 1 else "",
            "older": asked.address(page=asked.page + 1) if asked.page < found.pages else "",
            "words": _words(asked, found),
            "elsewhere": asked.elsewhere(found),
            "first": (asked.page - 1) * finding.PER_PAGE + 1,
        }
    if not rows:
        newest = Article.objects.published(now).in_language(get_language()).newest_first()
        newest = newest.for_cards()[:NEWEST]
        context["newest"] = [card(story, now, places=section_name(story)) for story in newest]
    return render(request, "articles/search.html", context | {"rows": rows})


def _rows(numbers, terms, now):
    stories = Article.objects.published(now).filter(pk__in=numbers).for_cards().defer(None)
    known = {story.pk: story for story in stories}
    cards = [card(known[n], now, places=section_name(known[n])) for n in numbers if n in known]
    return [showing.row(one, terms) for one in cards]


def _heading(asked, found):
    number = len(found.numbers)
    words = {"number": _number(number), "query": asked.query}
    if not number:
        return _("Nothing found for “%(query)s”") % words if asked.query else _("Nothing found")
    if not asked.has_words:
        return ngettext("%(number)s story", "%(number)s stories", number) % words
    text = ngettext(
        "%(number)s story for “%(query)s”", "%(number)s stories for “%(query)s”", number
    )
    return text % words


def _number(number):
    if number > finding.COUNTED:
        return f"{number_format(finding.COUNTED, use_l10n=True, force_grouping=True)}+"
    return number_format(number, use_l10n=True, force_grouping=True)


def _instead(found, rows):
    """(typed, words shown instead) for each word in which typing errors were forgiven."""
    texts = [
        words
        for row in rows
        for words in (row.card.headline, row.card.standfirst, row.card.article.body)
    ]
    shown = finding.instead_of(found, texts) if found.instead else {}
    return [(typed, ", ".join(dict.fromkeys(words))) for typed, words in shown.items()]


def _words(asked, found):
    """Of a query that found nothing, its words one by one: (word, address of a search for it)."""
    terms = found.asked.terms
    if found.numbers or len(terms) < 2:
        return []
    return [(term.typed, asked.address(q=term.typed)) for term in terms]


class _Asked:
    """What the address says, as far as it can be understood; of the rest ``problems`` tells."""

    def __init__(self, request):
        self.path, self.chrome = request.path, request.chrome
        self.given = {name: request.GET.get(name, "") for name in KEPT}
        self.problems = []
        self.query = asking.plain(self.given["q"])
        self.has_words = bool(asking.parse(self.query).terms)
        if self.query and not self.has_words:
            self.problems.append(_("Type at least one word that is to be in the story."))
        self.is_cut = len(self.given["q"].strip()) > asking.LONGEST
        self.by_date = self.given["sort"] == "date"
        number = request.GET.get("page", "")
        self.page = int(number) if re.fullmatch("[1-9][0-9]{0,2}", number) else 1
        self.filters = Filters(
            language=self._language(),
            section=self._section(),
            region=self._thing("region", lists.region, _("There is no such place: %(given)s.")),
            tag=self._thing("tag", lists.tag, _("There is no such topic: %(given)s.")),
            author=self._thing("author", lists.author, _("There is no such person: %(given)s.")),
            since=self._day("from", is_last=False),
            until=self._day("to", is_last=True),
        )
        # What was not understood is not carried on.
        self.params = {"q": self.query} | {
            name: self.given[name] for name in KEPT[1:] if self._is_good(name)
        }

    def _refuse(self, name, words):
        self.problems.append(words % {"given": asking.plain(self.given[name])[:60]})

    def _is_good(self, name):
        value = {
            "from": self.filters.since,
            "to": self.filters.until,
            "sort": self.by_date or None,
            "language": self.given["language"] in {*codes(), "all"} or None,
        }.get(name, getattr(self.filters, name, None))
        return value is not None

    def _language(self):
        given = self.given["language"]
        if given == "all":
            return None
        if given and given not in codes():
            self._refuse("language", _("There are no stories in this language: %(given)s."))
        return given if given in codes() else get_language()

    def _section(self):
        given = self.given["section"]
        for link in self.chrome.sections:
            if link.slug == given:
                return link
        if given:
            self._refuse("section", _("There is no such section: %(given)s."))
        return None

    def _thing(self, name, find, words):
        given = self.given[name]
        if not given:
            return None
        try:
            if not _SLUG.fullmatch(given):
                raise Http404
            return find(given, Article.objects.none())[0]
        except lists.Moved as moved:
            return moved.thing
        except Http404:
            self._refuse(name, words)
            return None

    def _day(self, name, *, is_last):
        """The first or last day of a date, a month or a year; None of none."""
        given = self.given[name].strip()
        if not given:
            return None
        parts = _DATE.fullmatch(given)
        try:
            year, month, day = (int(part) if part else None for part in parts.groups())
            month_ = month or (12 if is_last else 1)
            last = calendar.monthrange(year, month_)[1] if is_last else 1
            return datetime.date(year, month_, day or last)
        except (AttributeError, ValueError, calendar.IllegalMonthError):
            self._refuse(name, _("This is no date: %(given)s. Write it as 2026-11-23."))
            return None

    @property
    def narrowing(self):
        """Names of the filters that hold, but the language, which a page has anyway."""
        return [name for name in KEPT[1:7] if self._is_good(name)]

    @property
    def kept(self):
        """What a form that is sent again has to carry besides its fields: (name, value)."""
        return [
            (name, self.params[name])
            for name in ("region", "tag", "author", "language")
            if name in self.params
        ]

    @property
    def removable(self):
        """The filters that hold, as (words, address without it)."""
        filters, found = self.filters, []
        for name in ("section", "region", "tag", "author"):
            thing = getattr(filters, name)
            if thing is not None:
                text = thing.name if name == "section" else thing.name_in(get_language())
                found.append((text, self.address(**{name: ""})))
        if words := self._days():
            found.append((Text(words, get_language()), self.address(**{"from": "", "to": ""})))
        return found

    def _days(self):
        """The days looked at, in words; a year or a month as it was asked for."""
        since, until = (
            day and date_format(day, pgettext("date", "j E Y"))
            for day in (self.filters.since, self.filters.until)
        )
        if since and until:
            given = self.params["from"]
            return given if given == self.params["to"] else f"{since} – {until}"
        if since:
            return _("From %(day)s") % {"day": since}
        return _("Up to %(day)s") % {"day": until} if until else ""

    def address(self, **changes):
        """The address of this search with some of it changed, on its first page."""
        params = self.params | {name: str(value) for name, value in changes.items()}
        params = {name: value for name, value in params.items() if value}
        if params.get("page") == "1":
            del params["page"]
        return self.path + (f"?{urlencode(params)}" if params else "")

    @property
    def by_relevance_address(self):
        return self.address(sort="")

    @property
    def by_date_address(self):
        return self.address(sort="date")

    def in_other_languages(self):
        found = {}
        for code in codes():
            with override(code):
                query = f"?{urlencode({'q': self.query})}" if self.query else ""
                found[code] = reverse("search") + query
        return found

    def elsewhere(self, found):
        """Where nothing was found, other languages in which something is: (Text, number, address)."""
        if found.numbers:
            return []
        return [
            (Text(language_name(facet.slug), get_language()), *self._choice(facet)[1:3])
            for facet in found.facets["language"]
        ]

    def facets(self, found):
        """What would narrow the search further: (label, [(Text, number, address, is_chosen)])."""
        labels = {
            "section": _("Section"),
            "region": _("Place"),
            "tag": _("Topic"),
            "author": _("Author"),
            "year": _("Year"),
            "language": _("Language"),
        }
        shown = []
        for kind in FACETS:
            choices = [self._choice(facet) for facet in found.facets[kind][:CHOICES]]
            is_one = len(choices) == 1 and not choices[0][3]
            if choices and not (is_one or (kind == "language" and len(choices) < 2)):
                shown.append((labels[kind], choices))
        return shown

    def _choice(self, facet):
        kind, number = facet.kind, _number(facet.number)
        if kind == "year":
            is_chosen = self.given["from"] == self.given["to"] == facet.slug
            value = "" if is_chosen else facet.slug
            text = Text(facet.name, get_language())
            return text, number, self.address(**{"from": value, "to": value}), is_chosen
        if kind == "language":
            is_chosen = self.filters.language == facet.slug
            value = "" if is_chosen or facet.slug == get_language() else facet.slug
            text = Text(capfirst(language_name(facet.slug)), get_language())
            return text, number, self.address(language=value), is_chosen
        thing = getattr(self.filters, kind)
        is_chosen = thing is not None and thing.slug == facet.slug
        text = in_language(facet, "name", get_language())
        return text, number, self.address(**{kind: "" if is_chosen else facet.slug}), is_chosen


@require_safe
def suggest(request):
    """``{"suggestions": [{"text", "language", "kind", "address"}, ...]}`` for what is typed so far."""
    found = suggesting.suggest(request.GET.get("q", ""), get_language(), now=timezone.now())
    return JsonResponse({"suggestions": [one._asdict() for one in found]})
