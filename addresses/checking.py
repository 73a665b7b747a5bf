"""What many addresses answer today: the list of an operator, one a line or as a sitemap, walked once."""

import re
from typing import NamedTuple
from urllib.parse import quote, unquote, urljoin, urlsplit

from django.conf import settings
from django.http import HttpResponse, HttpResponseNotFound
from django.test import RequestFactory
from django.urls import is_valid_path
from django.utils.translation import override
from lxml import etree

from addresses import older
from addresses.asking import REDIRECTS, Answer, ask, client
from addresses.languages import language_of
from addresses.middleware import forward_old_addresses

HOPS = 5
MOST_KNOWN = 200_000
ELSEWHERE = "elsewhere"
ROUND = "round and round"
HOME = "only the home"
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.I)


class Wrong(Exception):
    """A list that cannot be read: a sentence."""


class Result(NamedTuple):
    """``first``: what the address answers; ``last``: what a reader gets in the end; ``to``: where.

    ``last`` is a status, ELSEWHERE for another site, ROUND where it never ends, or HOME where the home
    answers in the place of a page that is asked for by number.
    """

    first: int
    last: int | str
    to: str = ""


def read(path):
    """``(line, address)`` of a file as they come: ``/path/?query`` without host; "" for no address."""
    try:
        with open(path, "rb") as file:
            start = file.read(4096).lstrip(b"\xef\xbb\xbf \t\r\n")
            file.seek(0)
            yield from _sitemap(path, file) if start.startswith(b"<") else _lines(file)
    except OSError as error:
        raise Wrong(f"{path}: {error.strerror or 'cannot be read'}") from None


def _lines(file):
    for number, line in enumerate(file, 1):
        words = line.decode("utf-8-sig", errors="replace").strip()
        if words and not words.startswith("#"):
            yield number, of_this_site(words)


def _sitemap(path, file):
    try:
        found = etree.iterparse(
            file, events=("end",), resolve_entities=False, no_network=True, load_dtd=False
        )
        for _event, element in found:
            if element.getroottree().docinfo.doctype:
                raise Wrong(f"{path}: it has a DOCTYPE, which no sitemap has.")
            name = etree.QName(element).localname if isinstance(element.tag, str) else ""
            above = element.getparent()
            if name == "loc" and above is not None:
                kind = etree.QName(above).localname
                if kind == "sitemap":
                    raise Wrong(f"{path}: it only names other sitemaps: give one of those.")
                if kind == "url":
                    yield element.sourceline, of_this_site((element.text or "").strip())
            elif name == "url":
                element.clear()
                while element.getprevious() is not None:
                    del above[0]
    except etree.XMLSyntaxError as error:
        raise Wrong(f"{path}, line {error.lineno}: not well-formed: {error.msg}") from None


def of_this_site(words):
    """``/path/?query`` of a whole address, whatever its host, or of a path; "" for what is neither."""
    if any(character.isspace() or character == "\0" for character in words):
        return ""
    if not words.startswith("/") and not _SCHEME.match(words):
        words = f"//{words}" if "." in words.partition("/")[0] else ""
    try:
        parts = urlsplit(words)
    except ValueError:
        return ""
    if parts.scheme not in {"", "http", "https"} or not (parts.netloc or parts.path):
        return ""
    path = parts.path or "/"
    return f"{path}?{parts.query}" if parts.query else path


class Walk:
    """Asks address by address through ``forward_old_addresses`` and the stack behind it.

    What leads to one page asks that page once: its answer is known from then on.
    """

    def __init__(self):
        self.client, self.requests = client(), RequestFactory()
        self.site = urlsplit(settings.SITE_URL)
        self.answered = {}
        self.handler = forward_old_addresses(self._behind)

    def result(self, address):
        answer = first = self._answer(address)
        if first.status == 200 and older.asks_home_for_a_page(*address.partition("?")[::2]):
            return Result(first.status, HOME)
        to = ""
        for _hop in range(HOPS):
            if answer.status not in REDIRECTS:
                return Result(first.status, answer.status, to)
            to = urljoin(address, answer.location)
            parts = urlsplit(to)
            if parts.netloc and parts.netloc != self.site.netloc:
                return Result(first.status, ELSEWHERE, to)
            address = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
            to = address
            answer = self._answer(address)
        return Result(first.status, ROUND, to)

    def _answer(self, address):
        path, _mark, query = address.partition("?")
        request = self.requests.get("/", QUERY_STRING=query)
        path = unquote(path)  # as a server gives it
        request.path = request.path_info = request.META["PATH_INFO"] = path
        request.LANGUAGE_CODE = language_of(path)
        with override(request.LANGUAGE_CODE):
            response = self.handler(request)
        return Answer(response.status_code, response.headers.get("Location", ""))

    def _behind(self, request):
        """What stands at an address, from the whole stack; no page of words where none can stand."""
        path = request.path_info
        with override(language_of(path)):
            if not is_valid_path(path) and not is_valid_path(f"{path}/"):
                return HttpResponseNotFound()
        query = request.META.get("QUERY_STRING", "")
        if older.asks_home_for_a_page(path, query):
            query = ""  # thousands of numbers that nobody has, and one home
        key = f"{path}?{query}" if query else path
        if key not in self.answered:
            if len(self.answered) >= MOST_KNOWN:
                self.answered.clear()
            self.answered[key] = ask(self.client, quote(path) + (f"?{query}" if query else ""))
        status, location = self.answered[key]
        headers = {"Location": location} if location else {}
        return HttpResponse(status=status, headers=headers)
