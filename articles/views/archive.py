"""The archive: what was published in a year, in a month, on a day."""

import datetime

from django.db.models import Count, Max, Min
from django.db.models.functions import ExtractDay, ExtractMonth
from django.http import Http404, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from articles import paging, structured_data
from articles.cards import card, section_name
from articles.models import Article
from articles.templatetags.news import date_text, month_text, weekday_text


def date_of(year, month=1, day=1):
    """A date, or Http404 where the calendar has none: ``/2025/13/``."""
    try:
        return datetime.date(int(year), int(month), int(day))
    except ValueError as error:
        raise Http404("no such date") from error


def _archive(request, first, after):
    """Published stories of the days from ``first`` up to but not including ``after``, and the days
    nearest to them on which there are any (dates or None)."""
    stories = Article.objects.published().in_language(get_language())
    within = stories.filter(address_date__gte=first)
    if after is not None:
        within = within.filter(address_date__lt=after)
    earlier = stories.filter(address_date__lt=first).aggregate(day=Max("address_date"))["day"]
    later = None
    if after is not None:
        later = stories.filter(address_date__gte=after).aggregate(day=Min("address_date"))["day"]
    return within, earlier, later


def _archive_crumbs(first, kind):
    """The way to a year, a month or a day of the archive."""
    parts = [f"{first:%Y}".zfill(4), f"{first:%m}", f"{first:%d}"]
    words = [f"{first.year}", month_text(first), date_text(first)]
    kinds = ["year", "month", "day"]
    way = [
        (words[n], reverse(f"archive_{name}", args=parts[: n + 1]))
        for n, name in enumerate(kinds[: kinds.index(kind) + 1])
    ]
    return structured_data.script(structured_data.crumbs(*way))


def _is_padded(request, name, first, *parts):
    """Whether the address is the one way to write the date; else where it should lead."""
    address = reverse(name, args=[f"{first:%Y}".zfill(4), *(f"{part:02}" for part in parts)])
    return None if request.path == address else HttpResponsePermanentRedirect(address)


@require_safe
def archive_year(request, year):
    first = date_of(year)
    after = first.replace(year=first.year + 1) if first.year < datetime.MAXYEAR else None
    within, earlier, later = _archive(request, first, after)
    counts = within.annotate(month=ExtractMonth("address_date")).values_list("month")
    counts = dict(counts.annotate(number=Count("pk")).order_by("month"))
    months = [(first.replace(month=month), number) for month, number in counts.items()]
    context = {
        "heading": f"{first.year}",
        "months": months,
        "earlier": earlier,
        "later": later,
        "structured_data": _archive_crumbs(first, "year"),
    }
    return render(request, "articles/archive_year.html", context)


@require_safe
def archive_month(request, year, month):
    first = date_of(year, month)
    if moved := _is_padded(request, "archive_month", first, first.month):
        return moved
    within, earlier, later = _archive(request, first, _next_month(first))
    counts = within.annotate(day=ExtractDay("address_date")).values_list("day")
    counts = dict(counts.annotate(number=Count("pk")).order_by("day"))
    days = [(first.replace(day=day), number) for day, number in counts.items()]
    context = {
        "first": first,
        "heading": month_text(first),
        "structured_data": _archive_crumbs(first, "month"),
        "days": days,
        "earlier": earlier,
        "later": later,
    }
    return render(request, "articles/archive_month.html", context)


def _next_month(first):
    """The first of the month after, or None after the last that the calendar has."""
    year, month = (first.year + 1, 1) if first.month == 12 else (first.year, first.month + 1)
    return datetime.date(year, month, 1) if year <= datetime.MAXYEAR else None


@require_safe
def archive_day(request, year, month, day):
    first = date_of(year, month, day)
    if moved := _is_padded(request, "archive_day", first, first.month, first.day):
        return moved
    after = None if first == datetime.date.max else first + datetime.timedelta(days=1)
    within, earlier, later = _archive(request, first, after)
    before = request.GET.get("before", "")
    page = paging.page(within.for_cards().newest_first(), before, size=50)
    now = timezone.now()
    context = {
        "first": first,
        "heading": weekday_text(first),
        "structured_data": _archive_crumbs(first, "day"),
        "cards": [card(story, now, places=section_name(story)) for story in page.items],
        "earlier": earlier,
        "later": later,
        "newest": request.path if before else "",
        "older": f"{request.path}?{urlencode({'before': page.older})}" if page.older else "",
    }
    return render(request, "articles/archive_day.html", context)
