"""Merging waits for the stories that are just being saved, and saving for the merging.

One lock of the whole database that many who save share and who merges has alone. Taken before any
row is, so that nobody who waits for it holds what the other needs. SQLite has one writer anyway.
"""

from django.db import connection

_NAMES = 4_000_418
_NUMBER = 4_000_417  # of our own choice; PostgreSQL wants one for each thing that is locked so


def hold_off():
    """Nobody merges anything until this transaction ends; what was merged before is seen by now."""
    _lock("pg_advisory_xact_lock_shared")


def hold_names():
    """Nobody else who settles what is called how makes a person or an organisation until this
    transaction ends: two at once would make the same one twice."""
    _lock("pg_advisory_xact_lock", _NAMES)


def hold_all():
    """Nobody saves a story, or merges, until this transaction ends."""
    _lock("pg_advisory_xact_lock")


def _lock(function, number=_NUMBER):
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {function}(%s)", [number])
