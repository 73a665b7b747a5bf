"""What an address of this site answers, asked in this process and through the whole stack."""

from typing import NamedTuple
from urllib.parse import unquote_to_bytes, urlsplit

from django.conf import settings
from django.test import Client
from django.urls import Resolver404, resolve
from django.utils.translation import override

from addresses.languages import language_of

REDIRECTS = {301, 302, 303, 307, 308}


class Answer(NamedTuple):
    status: int
    location: str = ""


def client():
    """As whom an address is asked: a reader at the door of this site."""
    site = urlsplit(settings.SITE_URL)
    return Client(raise_request_exception=False, HTTP_HOST=site.netloc)


def is_on_every_site(path):
    """Whether a page answers at ``path`` whatever stories there are: the home, the search, the desk."""
    with override(language_of(path)):
        try:
            match = resolve(path)
        except Resolver404:
            return False
    return match.namespace == "admin" or not match.kwargs


def ask(client, address):
    """The Answer at ``/path/`` or ``/path/?query``, escaped or not."""
    path, _mark, query = address.partition("?")
    answer = client.generic(
        "GET",
        "/",
        secure=settings.SITE_URL.startswith("https://"),
        # As a server hands it over: a path that begins with two slashes is one all the same.
        PATH_INFO=unquote_to_bytes(path).decode("latin-1"),
        QUERY_STRING=query,
    )
    if answer.streaming:
        for _part in answer.streaming_content:
            pass
    return Answer(answer.status_code, answer.headers.get("Location", ""))
