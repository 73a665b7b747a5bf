"""Browsers that signed in before: a signed cookie names the accounts, each with a number of its own.

Whoever guesses at a password from elsewhere uses up the tries of strangers, never those of a
browser that is known for the account.
"""

import secrets

from django.conf import settings
from django.core import signing
from django.urls import reverse

COOKIE = "known_browser"
LASTS = 180 * 24 * 60 * 60
ACCOUNTS = 8  # of one browser; the oldest is forgotten


def _known(request):
    """Primary keys of accounts as text -> the number that this browser has for each."""
    try:
        return signing.loads(request.COOKIES.get(COOKIE, ""), salt=COOKIE, max_age=LASTS)
    except signing.BadSignature:
        return {}


def number_for(request, user_pk):
    """What this browser counts its tries for an account under, or None: it never signed in."""
    return _known(request).get(str(user_pk))


def remember(request, response, user):
    """Let the browser be known for ``user``, in a cookie on the answer to a sign-in."""
    known = _known(request)
    number = known.pop(str(user.pk), None) or secrets.token_urlsafe(12)
    known = dict(list(known.items())[-(ACCOUNTS - 1) :]) | {str(user.pk): number}
    response.set_cookie(
        COOKIE,
        signing.dumps(known, salt=COOKIE),
        max_age=LASTS,
        path=reverse("admin:index"),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
