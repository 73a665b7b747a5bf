"""Long lists, newest first, read from a place in them instead of by counting pages.

A place is a story's time and number, as short text in the address. The database goes straight to it
whatever the length of the list, and a story that comes in meanwhile moves nothing.
"""

import base64
import binascii
import datetime
import struct
from typing import NamedTuple

from django.db.models import Exists, OuterRef, Q
from django.http import Http404

PER_PAGE = 20
_EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)
_MICROSECOND = datetime.timedelta(microseconds=1)


class Page(NamedTuple):
    """Some things of a list; ``older`` is the cursor of the next page, or ``""`` on the last."""

    items: list
    older: str


def cursor(thing, field="published_at"):
    """Where ``thing`` stands in a list by time (``field``) and number, as text for an address."""
    moment = (getattr(thing, field) - _EPOCH) // _MICROSECOND
    return base64.urlsafe_b64encode(struct.pack(">qq", moment, thing.pk)).decode().rstrip("=")


def place(text):
    """``(published_at, pk)`` of a cursor. Raises Http404 for what is none."""
    try:
        moment, number = struct.unpack(">qq", base64.b64decode(f"{text}==", "-_", validate=True))
        return _EPOCH + moment * _MICROSECOND, number
    except (binascii.Error, struct.error, OverflowError, ValueError) as error:
        raise Http404("not a cursor") from error


def older_than(queryset, before, field="published_at"):
    """What comes after the place ``before`` in a list that is ordered newest first."""
    moment, number = place(before)
    return queryset.filter(
        Q(**{f"{field}__lt": moment}) | Q(pk__lt=number), **{f"{field}__lte": moment}
    )


def newer_than(queryset, after, field="published_at"):
    """What comes after the place ``after`` in a list that is ordered oldest first."""
    moment, number = place(after)
    return queryset.filter(
        Q(**{f"{field}__gt": moment}) | Q(pk__gt=number), **{f"{field}__gte": moment}
    )


def page(queryset, before="", size=PER_PAGE):
    """One Page of ``queryset``, which must be ordered by ``-published_at, -pk``."""
    if before:
        queryset = older_than(queryset, before)
    return cut(list(queryset[: size + 1]), size)


def page_below(lead, queryset, before="", size=PER_PAGE):
    """One Page of ``queryset`` without the story of ``lead`` (a queryset of its number), which heads
    the first one. As many queries as ``page``."""
    rest = queryset.exclude(pk__in=lead)
    if before:
        return page(rest, before, size)
    # Nested, since SQLite takes no LIMIT in the parts of a union.
    newest = rest.model.objects.filter(pk__in=rest.values("pk")[: size + 1]).order_by().values("pk")
    heads = Exists(lead.filter(pk=OuterRef("pk")))
    found = list(queryset.filter(pk__in=newest.union(lead, all=True)).annotate(heads=heads))
    below = cut([thing for thing in found if not thing.heads], size)
    return Page([thing for thing in found if thing.heads] + below.items, below.older)


def cut(items, size=PER_PAGE):
    """The first ``size`` things of a list as a Page; what is over shows that there are older ones."""
    return Page(items[:size], cursor(items[size - 1]) if len(items) > size else "")
