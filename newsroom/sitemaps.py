"""The sitemaps of the whole site: an index of months, the lists, and what is news.

Nothing is kept between requests: what is pulled is out of them with the transaction that pulls it,
and the ETag of an answer is that of its content.
"""

import datetime

from django.conf import settings
from django.http import Http404, HttpResponse, HttpResponsePermanentRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override
from django.views.decorators.http import require_safe

from addresses.languages import codes
from articles import sitemaps
from articles.views.archive import date_of
from newsroom.models import Page


@require_safe
def index(request):
    """Every sitemap but that of news, with when something in it changed."""
    now = timezone.now()
    files = _files("sitemap_lists", {}, None, sitemaps.parts(len(_lists(now))))
    for month in sitemaps.months(now):
        of = {"year": f"{month.first.year:04}", "month": f"{month.first.month:02}"}
        files += _files("sitemap_month", of, month.changed, sitemaps.parts(month.number))
    return _xml(sitemaps.index(files))


@require_safe
def month(request, year, month, part="1"):
    """The stories that were first published in a month, in all languages."""
    first = date_of(year, month)
    if part == "1" and request.resolver_match.url_name == "sitemap_month_part":
        return HttpResponsePermanentRedirect(reverse("sitemap_month", args=[year, month]))
    entries = []
    if first < datetime.date.max.replace(day=1):
        entries = sitemaps.of_month(first, timezone.now(), int(part))
    if not entries:
        raise Http404
    return _xml(sitemaps.urlset(entries))


@require_safe
def lists(request, part="1"):
    """The homes, the site's own pages, and every list of stories."""
    if part == "1" and request.resolver_match.url_name == "sitemap_lists_part":
        return HttpResponsePermanentRedirect(reverse("sitemap_lists"))
    entries = _part(_lists(timezone.now()), int(part), sitemaps.per_file())
    return _xml(sitemaps.urlset(entries))


@require_safe
def news(request, part=""):
    """What is news; an index where it is more than a file may hold. Without any it leads to the
    homes, since a sitemap without an address is none."""
    entries = sitemaps.news(timezone.now(), _names(request.chrome))
    if part:
        if len(entries) <= sitemaps.MOST_NEWS:
            return HttpResponsePermanentRedirect(reverse("sitemap_news"))
        return _xml(sitemaps.urlset(_part(entries, int(part), sitemaps.MOST_NEWS)))
    if len(entries) > sitemaps.MOST_NEWS:
        number = -(-len(entries) // sitemaps.MOST_NEWS)
        paths = (reverse("sitemap_news_part", args=[n]) for n in range(1, number + 1))
        return _xml(sitemaps.index([(settings.SITE_URL + path, None) for path in paths]))
    return _xml(sitemaps.urlset(entries or sitemaps.in_languages("home", None, _all())))


def _lists(now):
    """Entries of all that is not a story."""
    entries = []
    for name in ("home", "masthead", "corrections"):
        entries += sitemaps.in_languages(name, None, _all())
    for page in Page.objects.exclude(body=""):
        words = [not number or page.bodies.get(code) for number, code in enumerate(codes())]
        entries += sitemaps.in_languages("page", page.slug, words)
    return entries + sitemaps.lists(now)


def _all():
    return [True] * len(codes())


def _names(chrome):
    names = {}
    for code in codes():
        with override(code):
            names[code] = chrome.name.words
    return names


def _files(name, of, changed, number):
    """(address, changed) of the parts of a sitemap: the first has no number."""
    paths = [reverse(name, kwargs=of)]
    paths += [reverse(f"{name}_part", kwargs=of | {"part": n}) for n in range(2, number + 1)]
    return [(settings.SITE_URL + path, changed) for path in paths]


def _part(entries, part, size):
    found = entries[size * (part - 1) : size * part]
    if not found:
        raise Http404
    return found


def _xml(text):
    return HttpResponse(text, content_type="application/xml; charset=utf-8")
