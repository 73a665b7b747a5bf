"""What every request passes: its language, its headers, and the surroundings of its page."""

from django.http import HttpResponse
from django.middleware.gzip import GZipMiddleware
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language, override
from django.utils.translation.trans_real import parse_accept_lang_header

from addresses.languages import language_of
from articles.delivery import is_held
from articles.publishing import apply_due
from authors.models import User
from images.printing import masked
from newsroom import caching, chrome

WORDS = (
    "text/",
    "application/json",
    "application/xml",
    "application/feed+json",
    "application/rss",
    "application/atom",
)
IN_A_LANGUAGE = ("text/html", "application/rss", "application/atom", "application/feed")


class Compressed(GZipMiddleware):
    """Words leave compressed, for whoever has no web server in front that does it; pictures are already."""

    def process_response(self, request, response):
        if response.headers.get("Content-Type", "").startswith(WORDS):
            return super().process_response(request, response)
        return response


def head_without_body(get_response):
    """The answer to HEAD is that to GET without what follows its headers: a server that has to drop it
    writes a warning each time."""

    def middleware(request):
        response = get_response(request)
        if request.method == "HEAD":
            if response.streaming:
                response.streaming_content = []
            else:
                response.content = b""
        return response

    return middleware


def language_from_path(get_response):
    """The language of an answer is what its address says; cookies and browsers have no say."""

    def middleware(request):
        request.LANGUAGE_CODE = language_of(request.path_info)
        with override(request.LANGUAGE_CODE):
            return get_response(request)

    return middleware


def closed_while_upgrading(get_response):
    """While an upgrade changes the database nothing is written that its way back would lose; readers read on."""

    def middleware(request):
        is_read = request.method in {"GET", "HEAD"} and not request.path_info.startswith("/admin/")
        if is_read or not is_held():
            return get_response(request)
        language = _asked_for(request.headers.get("Accept-Language", ""))
        with override(language):
            words = render_to_string("503.html", {"language": language})
        headers = {
            "Retry-After": "60",
            "Cache-Control": caching.PRIVATE,
            "Content-Language": language,
        }
        return HttpResponse(words, status=503, headers=headers)

    return middleware


def public_headers(get_response):
    """How long an answer may be kept, and in which language it is."""

    def middleware(request):
        response = get_response(request)
        caching.mark(response, request.path_info)
        if response.headers.get("Content-Type", "").startswith(IN_A_LANGUAGE):
            response.headers.setdefault("Content-Language", get_language())
        return response

    return middleware


def desk_language(get_response):
    """The desk speaks each person's language; before one is known or chosen, the browser's."""

    def middleware(request):
        if not request.path_info.startswith("/admin/"):
            return get_response(request)
        request.desk_language = _asked_for(request.headers.get("Accept-Language", ""))
        language = getattr(request.user, "language", "") or request.desk_language
        with override(language):
            response = get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response

    return middleware


def _asked_for(header):
    """The first of the desk's languages among those that a browser accepts; else the first of all."""
    known = [code for code, _name in User.LANGUAGES]
    for tag, _weight in parse_accept_lang_header(header.lower()):
        if tag.partition("-")[0] in known:
            return tag.partition("-")[0]
    return known[0]


def load_chrome(get_response):
    """The surroundings of a page; with them comes word of next versions that are due."""

    def middleware(request):
        now = timezone.now()
        if request.method in {"GET", "HEAD"} and not caching.is_bare(request.path_info):
            if chrome.of(request, now).is_due and not is_held():
                apply_due(now)
        else:
            # The desk's own look at a story has the frame of the paper too; nothing else reads it.
            request.chrome = SimpleLazyObject(lambda: chrome.load(now))
        with masked(lambda words: chrome.of(request, now).mask(words)):
            return get_response(request)

    return middleware
