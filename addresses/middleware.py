import copy
from urllib.parse import urlsplit

from django.http import HttpResponsePermanentRedirect
from django.shortcuts import render
from django.urls import is_valid_path
from django.utils.translation import override

from addresses import counting, older
from addresses.languages import language_of
from addresses.models import feed_of, find


def forward_old_addresses(get_response):
    """Where nothing stands any more (404), look whether the address leads somewhere else.

    It leads only to what readers can open: the new address of a story that is being checked, or
    of a person who is hidden, is told to nobody. What was withdrawn answers for itself. A question
    of an older system to a page that stands, such as ``/?p=12``, is looked up before.
    """

    def middleware(request):
        is_asked = (
            request.method in {"GET", "HEAD"}
            and "\x00" not in request.path
            and len(request.path) <= 500
        )
        query = request.META.get("QUERY_STRING", "")
        if is_asked and older.is_of_another_page(request.path, query):
            old = find(request.path, query)
            if old is not None and old.query:
                return led(request, old, None)
            if (near := nearby(request, query)) is not None:
                return near
        response = get_response(request)
        if is_asked and query and response.status_code == 200:
            if older.asks_home_for_a_page(request.path, query):
                counting.missed(request.path, query, request.headers.get("Referer", ""))
            return response
        if response.status_code != 404 or not is_asked:
            return response
        old = find(request.path, query)
        if old is not None:
            return led(request, old, response)
        near = nearby(request, query)
        if near is None:
            counting.missed(request.path, query, request.headers.get("Referer", ""))
        return near or response

    def led(request, old, response):
        """What ``old`` answers; where it leads to nothing, ``response`` or that nothing itself."""
        if not old.target:
            counting.followed(old.pk)
            return render(request, "410.html", status=410)
        if urlsplit(old.target).netloc:
            counting.followed(old.pk)
            return HttpResponsePermanentRedirect(old.target)
        there = get_response_of(old.target, request, get_response)
        if there.status_code == 404:
            return response or there
        counting.followed(old.pk)
        return there if there.status_code == 410 else HttpResponsePermanentRedirect(old.target)

    def nearby(request, query):
        """The way to the page of which this is another dress, its second part or its feed; or None."""
        near = older.live(request.path, query)
        if near is None:
            return None
        with override(language_of(near[0])):
            if not is_valid_path(near[0]) and not is_valid_path(f"{near[0]}/"):
                return None
        target = feed_of(*near)
        there = get_response_of(target, request, get_response)
        if there.status_code in {301, 302} and not urlsplit(there["Location"]).netloc:
            target = there["Location"]
            there = get_response_of(target, request, get_response)
        if there.status_code == 410:
            return there
        return HttpResponsePermanentRedirect(target) if there.status_code == 200 else None

    return middleware


def get_response_of(target, request, get_response):
    """What readers would be answered at ``target``, a path of this site."""
    path, _, query = target.partition("?")
    inner = copy.copy(request)
    inner.path = inner.path_info = path
    inner.META = {**request.META, "PATH_INFO": path, "QUERY_STRING": query}
    inner.GET = request.GET.__class__(query)
    inner.LANGUAGE_CODE = language_of(path)
    with override(inner.LANGUAGE_CODE):
        return get_response(inner)
