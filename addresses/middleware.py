import copy
from urllib.parse import urlsplit

from django.http import HttpResponsePermanentRedirect
from django.shortcuts import render
from django.utils.translation import override

from addresses.languages import language_of
from addresses.models import find


def forward_old_addresses(get_response):
    """Where nothing stands any more (404), look whether the address leads somewhere else.

    It leads only to what readers can open: the new address of a story that is being checked, or
    of a person who is hidden, is told to nobody. What was withdrawn answers for itself.
    """

    def middleware(request):
        response = get_response(request)
        if response.status_code != 404 or request.method not in {"GET", "HEAD"}:
            return response
        if "\x00" in request.path or len(request.path) > 500:
            return response
        old = find(request.path, request.META.get("QUERY_STRING", ""))
        if old is None:
            return response
        if not old.target:
            return render(request, "410.html", status=410)
        if urlsplit(old.target).netloc:
            return HttpResponsePermanentRedirect(old.target)
        there = get_response_of(old.target, request, get_response)
        if there.status_code == 404:
            return response
        return there if there.status_code == 410 else HttpResponsePermanentRedirect(old.target)

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
