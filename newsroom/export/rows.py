"""The rows of the newsroom as lines: the same bytes for the same rows on every database."""

import datetime
import itertools
import json
import uuid
from contextlib import contextmanager

from django.db import connection, transaction

from articles.models import Doubt, Transition
from authors.models import User
from newsroom.export.contents import KINDS, PRIVATE_MOVES

AT_A_TIME = 50  # rows; each may be a text of a million letters


@contextmanager
def one_moment():
    """All that is read within is the newsroom at one moment; who writes meanwhile is not held up."""
    if connection.in_atomic_block:  # a moment of the caller's
        yield
        return
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        usual, connection.transaction_mode = connection.transaction_mode, "DEFERRED"
        try:
            with transaction.atomic():
                yield
        finally:
            connection.transaction_mode = usual
        return
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


def queryset(kind):
    """The rows of a kind, by primary key."""
    rows = kind.model._base_manager.order_by("pk")
    return rows.filter(pk__in=named_logins()) if kind.model is User else rows


def named_logins():
    """The numbers of the logins that other lines name, sorted: nobody else's are told."""
    found = set()
    for kind in KINDS:
        for name in kind.fields:
            field = kind.model._meta.get_field(name)
            if field.related_model is User:
                rows = kind.model._base_manager.exclude(**{name: None}).order_by()
                found.update(rows.values_list(name, flat=True).distinct())
        for name in kind.many:
            through, _own, other = through_of(kind, name)
            if kind.model._meta.get_field(name).related_model is User:
                found.update(through.objects.order_by().values_list(other, flat=True).distinct())
    return sorted(found)


def through_of(kind, name):
    """The table of a relation, and the names of its columns: of the row, and of what it lists."""
    field = kind.model._meta.get_field(name)
    return (
        field.remote_field.through,
        f"{field.m2m_field_name()}_id",
        f"{field.m2m_reverse_field_name()}_id",
    )


def lines(kind):
    """The lines of a kind as bytes, each with its end; read bit by bit."""
    rows = queryset(kind).values_list(*(_column(kind, name) for name in kind.fields))
    rows = rows.iterator(chunk_size=AT_A_TIME)
    taken = _names_taken() if kind.model is User else set()
    while some := list(itertools.islice(rows, AT_A_TIME)):
        lists = {name: _lists(kind, name, [row[0] for row in some]) for name in kind.many}
        for row in some:
            values = dict(zip(kind.fields, map(_plain, row), strict=True))
            values |= {name: found.get(row[0], []) for name, found in lists.items()}
            if kind.model is Transition and values["move"] in PRIVATE_MOVES:
                values["note"] = ""
            if kind.model is Doubt and "@" in values["account"]:
                values["account"] = ""
            if kind.model is User:
                _without_address(values, taken)
            yield written(values)


def written(values):
    """A line: JSON with sorted keys, so that no database decides their order."""
    text = json.dumps(values, ensure_ascii=False, sort_keys=True, allow_nan=False)
    try:
        return f"{text}\n".encode()
    except UnicodeEncodeError:  # half a character, that only JSON of SQLite holds
        return f"{json.dumps(values, sort_keys=True)}\n".encode()


def _column(kind, name):
    return kind.model._meta.get_field(name).attname


def _plain(value):
    if isinstance(value, datetime.datetime):
        return value.astimezone(datetime.UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, datetime.date):
        return value.isoformat()
    return str(value) if isinstance(value, uuid.UUID) else value


def _lists(kind, name, numbers):
    through, own, other = through_of(kind, name)
    pairs = through.objects.filter(**{f"{own}__in": numbers}).order_by(own, other)
    found = {}
    for number, listed in pairs.values_list(own, other):
        found.setdefault(number, []).append(listed)
    return found


def _names_taken():
    return set(User.objects.exclude(username__contains="@").values_list("username", flat=True))


def _without_address(values, taken):
    """Who signs in by a mail address is named by number."""
    if "@" in values["username"]:
        name = f"login-{values['id']}"
        while name in taken:
            name += "-"
        values["username"] = name
    for name in ("first_name", "last_name"):
        values[name] = "" if "@" in values[name] else values[name]
