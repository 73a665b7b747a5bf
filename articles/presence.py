"""Who has which story open on the desk, and who is typing: a hint, never a lock.

A page says every fifteen seconds that it is open; it counts for ninety, since browsers slow down
pages that are not looked at. Kept in the database, which all workers share.
"""

import datetime
from typing import NamedTuple

from django.utils import timezone

from articles.models import Presence

LASTS = datetime.timedelta(seconds=90)
TYPING = datetime.timedelta(seconds=35)  # two heartbeats and a little


class Person(NamedTuple):
    name: str
    is_typing: bool


def seen(article, user, *, is_typing=False):
    """Note that a person has a story open: one row, written in one statement."""
    now = timezone.now()
    row = Presence(article=article, user=user, seen_at=now, typed_at=now if is_typing else None)
    Presence.objects.bulk_create(
        [row],
        update_conflicts=True,
        unique_fields=["article", "user"],
        update_fields=["seen_at", "typed_at"] if is_typing else ["seen_at"],
    )


def present(now):
    return Presence.objects.filter(seen_at__gt=now - LASTS).select_related("user")


def _person(row, now):
    typed = row.typed_at is not None and row.typed_at > now - TYPING
    return Person(row.user.get_full_name() or row.user.get_username(), typed)


def _in_order(people):
    return sorted(people, key=lambda person: (not person.is_typing, person.name))


def who(article, *, besides=None):
    """The people who have a story open, as Persons: who is typing first, then by name."""
    now = timezone.now()
    rows = present(now).filter(article=article)
    if besides is not None:
        rows = rows.exclude(user=besides)
    return _in_order(_person(row, now) for row in rows)
