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
    return at([article.pk], besides=besides).get(article.pk, [])


def at(numbers, *, besides=None):
    """Who has which of several stories open: number of a story -> Persons, as ``who`` gives them.

    One query; stories that nobody has open are left out.
    """
    now = timezone.now()
    rows = present(now).filter(article__in=numbers)
    if besides is not None:
        rows = rows.exclude(user=besides)
    found = {}
    for row in rows:
        found.setdefault(row.article_id, []).append(_person(row, now))
    return {number: _in_order(people) for number, people in found.items()}
