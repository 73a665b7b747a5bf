"""Where a login is signed in, and how that ends."""

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.utils import timezone
from django.utils.translation import gettext as _

BROWSERS = {
    "Edg": "Edge",
    "OPR": "Opera",
    "YaBrowser": "Yandex",
    "Firefox": "Firefox",
    "FxiOS": "Firefox",
    "Chrome": "Chrome",
    "CriOS": "Chrome",
    "Safari": "Safari",
}
SYSTEMS = ["Android", "iPhone", "iPad", "Windows", "Macintosh", "Linux"]


def live(**fields):
    """Sessions that are open, newest first; of a login: ``live(user=login)``."""
    keys = Session.objects.filter(expire_date__gt=timezone.now()).values("session_key")
    return UserSession.objects.filter(session_key__in=keys, **fields).order_by("-created_at", "-pk")


def end(rows):
    """Sign out where these sessions are; how many there were."""
    keys = list(rows.values_list("session_key", flat=True))
    Session.objects.filter(session_key__in=keys).delete()
    UserSession.objects.filter(session_key__in=keys).delete()
    return len(keys)


def moved(before, after):
    """A session goes on under another key, as it does when its owner changes the password."""
    if before != after:
        UserSession.objects.filter(session_key=before).update(session_key=after)


def browser(row):
    """In words, from what a browser says of itself: "Firefox, Linux"."""
    said = row.user_agent
    name = next((BROWSERS[key] for key in BROWSERS if f"{key}/" in said), None)
    system = next((system for system in SYSTEMS if system in said), None)
    return ", ".join(filter(None, [name, system])) or _("An unknown browser")
