"""The two back ends: SQLite's FTS5 and PostgreSQL's tsvector, which find the same stories.

What is asked for is a Wanted. Tokens hold letters and digits only (see articles.search.words).
"""

from typing import NamedTuple

from django.db import connection
from django.db.models import BooleanField
from django.db.models.expressions import RawSQL

TABLE = "articles_search"  # of SQLite
ENTRIES = "articles_searchentry"
COLUMNS = ("headline", "standfirst", "marks", "body")


class Wanted(NamedTuple):
    """``all_of``: lists of tokens, of each list one must be there; ``none_of``: lists none of which
    may. A token of several words is a phrase."""

    all_of: list
    none_of: list = []


def matching(stories, wanted):
    """Of a queryset of Articles those whose entry holds what is wanted."""
    stories = stories.filter(search_entry__isnull=False)
    if connection.vendor == "sqlite":
        return _in_fts(stories, _fts(wanted))
    return stories.filter(_holds(_tsquery(wanted)))


def beginning(stories, tokens, prefixes):
    """Of a queryset of Articles those whose headline holds all ``tokens`` (lists, one of each) and a
    word that begins with one of ``prefixes``."""
    stories = stories.filter(search_entry__isnull=False)
    if connection.vendor == "sqlite":
        parts = [*map(_or_fts, tokens), " OR ".join(f'"{prefix}"*' for prefix in prefixes)]
        return _in_fts(stories, f"headline : ({' AND '.join(f'({part})' for part in parts)})")
    parts = [" | ".join(f"'{token}':A" for token in some) for some in tokens]
    parts.append(" | ".join(f"'{prefix}':*A" for prefix in prefixes))
    return stories.filter(_holds(" & ".join(f"({part})" for part in parts)))


def starting_with(rows, prefixes):
    """Of a queryset of SearchNames those whose token begins with one of ``prefixes``, by the index.

    SQLite's LIKE is ours, and knows no index.
    """
    condition = rows.none()
    for prefix in prefixes:
        if connection.vendor == "sqlite":
            condition |= rows.filter(token__gte=prefix, token__lt=prefix + "\U0010ffff")
        else:
            condition |= rows.filter(token__startswith=prefix)
    return condition


def newest(stories):
    """A queryset of ``matching`` in the order of time, newest first, as the index gives it."""
    if connection.vendor == "sqlite":
        return stories.extra(order_by=[f"-{TABLE}.rowid"])
    return stories.order_by("-search_entry__place")


def _in_fts(stories, expression):
    return stories.extra(
        tables=[TABLE],
        where=[f"{TABLE} MATCH %s", f"{TABLE}.rowid = {ENTRIES}.place"],
        params=[expression],
    )


def _fts(wanted):
    positive = " AND ".join(f"({_or_fts(tokens)})" for tokens in wanted.all_of)
    negative = " OR ".join(_or_fts(tokens) for tokens in wanted.none_of)
    return f"({positive}) NOT ({negative})" if negative else positive


def _or_fts(tokens):
    return " OR ".join(f'"{token}"' for token in tokens)


def _holds(expression):
    return RawSQL(
        f"{ENTRIES}.vector @@ to_tsquery('simple', %s)", [expression], output_field=BooleanField()
    )


def _tsquery(wanted):
    parts = [f"({_or_tsquery(tokens)})" for tokens in wanted.all_of]
    parts += [f"!({_or_tsquery(tokens)})" for tokens in wanted.none_of]
    return " & ".join(parts)


def _or_tsquery(tokens):
    phrases = [" <-> ".join(f"'{word}'" for word in token.split()) for token in tokens]
    return " | ".join(f"({phrase})" for phrase in phrases)
