from django.conf import settings
from django.utils import timezone
from django.utils.encoding import iri_to_uri
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language

from addresses.languages import direction
from articles.models.article import site_zone
from newsroom import chrome

# Languages written in Cyrillic, as far as the site's fonts are cut for them.
CYRILLIC = {"be", "bg", "kk", "ky", "mk", "mn", "ru", "sr", "tg", "tt", "uk"}


def site(request):
    """What the frame of a page prints. Nothing is read before a template asks for it."""
    now = timezone.now()
    return {
        "chrome": SimpleLazyObject(lambda: chrome.of(request, now)),
        "language": get_language(),
        "direction": direction(get_language()),
        "script": "cyr" if get_language() in CYRILLIC else "latin",
        "site_url": settings.SITE_URL,
        "this_year": f"{now.astimezone(site_zone()):%Y}",
        "address": settings.SITE_URL + iri_to_uri(request.path),
    }
