"""Whether a reader has a feed already: ETag and If-None-Match, Last-Modified and If-Modified-Since.

RFC 9110, section 13. The ETag is made of all that would be printed and by what, before anything is.
Dates are compared for sameness only, as web servers do with files, since a date of a reader's own
clock says nothing about what it has.
"""

import hashlib
from functools import cache
from pathlib import Path

from django.conf import settings
from django.http import HttpResponse, HttpResponseNotModified
from django.utils.http import http_date, parse_etags, parse_http_date_safe

from articles import printing
from articles.feeds import seen
from prose import body


@cache
def _printers():
    """What a release prints feeds with: another one may print the same data otherwise."""
    files = [*Path(__file__).parent.glob("*.py"), Path(printing.__file__), Path(body.__file__)]
    for folder in settings.LOCALE_PATHS:
        files += Path(folder).rglob("*.mo")
    return hashlib.sha256(b"".join(path.read_bytes() for path in sorted(files))).hexdigest()


def etag_of(channel):
    """The strong ETag of a Channel: it covers what the feed holds, down to the last name."""
    return f'"{hashlib.sha256(f"{_printers()}{channel!r}".encode()).hexdigest()[:32]}"'


def answer(request, channel, write, content_type, now):
    """304 for whoever has the Channel, else what ``write`` makes of it."""
    etag = etag_of(channel)
    if (known := request.headers.get("If-None-Match")) is not None:
        tags = [tag.removeprefix("W/") for tag in parse_etags(known)]
        if etag in tags or "*" in tags:
            return _marked(HttpResponseNotModified(), etag)
    since = seen.since(request.path, etag, now)
    if known is None and since is not None:
        asked = request.headers.get("If-Modified-Since", "")
        if parse_http_date_safe(asked) == since:
            return _marked(HttpResponseNotModified(), etag, since)
    # It is decided: ConditionalGetMiddleware would take any later date for a yes.
    request.META.pop("HTTP_IF_MODIFIED_SINCE", None)
    response = HttpResponse(write(channel), content_type=f"{content_type}; charset=utf-8")
    return _marked(response, etag, since)


def _marked(response, etag, since=None):
    response.headers["ETag"] = etag
    if since is not None:
        response.headers["Last-Modified"] = http_date(since)
    return response
