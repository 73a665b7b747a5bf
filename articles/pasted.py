"""Which story an address of ours is of, whether it was ever public, moved, or is one of the desk."""

import datetime
from urllib.parse import unquote, urlsplit

from django.http.request import validate_host
from django.urls import Resolver404, resolve
from django.utils.translation import override

from addresses.languages import language_of
from addresses.models import find
from articles.models import Article

LONGEST = 2000
HOPS = 2  # an old address leads on in one


def address_in(words, hosts):
    """``(path, query)`` of an address on one of ``hosts``, or None for words that are none.

    With or without ``https://``; a path alone is one too. ``hosts``: as in ALLOWED_HOSTS.
    """
    words = words.strip()
    if not words or len(words) > LONGEST or "\0" in words or any(c.isspace() for c in words):
        return None
    if "//" not in words and not words.startswith("/"):
        words = f"//{words}"
    try:
        parts = urlsplit(words)
        host = parts.hostname
    except ValueError:
        return None
    if parts.scheme not in {"", "http", "https"} or not parts.path.strip("/"):
        return None
    if host is not None and not validate_host(host, [h for h in hosts if h != "*"]):
        return None
    path = unquote(parts.path)
    return (path if path.endswith("/") else f"{path}/"), parts.query


def story_at(path, query="", hops=HOPS):
    """The number of the story that stands or stood at a path of this site, or None."""
    with override(language_of(path)):
        try:
            match = resolve(path)
        except Resolver404:
            match = None
    number = _number(match, language_of(path)) if match else None
    if number is not None or len(path) > 500:
        return number
    old = find(path, query) if hops else None
    if old is not None and old.target and not urlsplit(old.target).netloc:
        target, _mark, query = old.target.partition("?")
        return story_at(target, query, hops - 1)
    return _by_slug(match, language_of(path)) if old is None and match else None


def _number(match, language):
    if match.view_name == "short_address":
        return _existing(match.kwargs["id"])
    if match.view_name.startswith("admin:articles_article_"):
        return _existing(match.kwargs.get("object_id", ""))
    if match.view_name != "article":
        return None
    try:
        day = datetime.date(*(int(match.kwargs[name]) for name in ("year", "month", "day")))
    except ValueError:
        return None
    return (
        Article.objects.filter(language=language, address_date=day, slug=match.kwargs["slug"])
        .values_list("pk", flat=True)
        .first()
    )


def _by_slug(match, language):
    """Where the date is wrong: the newest of that slug, as readers are led."""
    if match.view_name != "article":
        return None
    stories = Article.objects.filter(language=language, slug=match.kwargs["slug"])
    return stories.newest_first().values_list("pk", flat=True).first()


def _existing(number):
    number = str(number)
    is_number = number.isascii() and number.isdecimal() and len(number) < 19
    return int(number) if is_number else None
