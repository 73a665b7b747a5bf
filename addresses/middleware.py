from django.http import HttpResponsePermanentRedirect
from django.shortcuts import render

from addresses.models import find


def forward_old_addresses(get_response):
    """Where nothing stands any more (404), look whether the address leads somewhere else."""

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
        return HttpResponsePermanentRedirect(old.target)

    return middleware
