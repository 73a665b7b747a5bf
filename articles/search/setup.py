"""What the index needs in the database beside the rows of SearchEntry, put there after every migrate.

SQLite: a table of FTS5 and the triggers that keep it in step, since rebuilds of a table and flushes
of tests drop triggers. PostgreSQL: a column that is made of the others, and its index.
"""

from django.db import connections
from django.db.models.signals import post_migrate, pre_migrate
from django.dispatch import receiver

from articles.models import Article, SearchEntry
from articles.search import index
from articles.search.databases import COLUMNS, ENTRIES, TABLE
from articles.setup import let_go

_TRIGGER = f"{ENTRIES}_is_indexed"
_FTS = (
    f"CREATE VIRTUAL TABLE IF NOT EXISTS {TABLE} USING fts5({', '.join(COLUMNS)}, "
    f"content='{ENTRIES}', content_rowid='place', tokenize='ascii')"
)
_LISTED = ", ".join(COLUMNS)
_ADD = f"INSERT INTO {TABLE}(rowid, {_LISTED}) VALUES (NEW.place, {', '.join(f'NEW.{c}' for c in COLUMNS)});"
_TAKE = (
    f"INSERT INTO {TABLE}({TABLE}, rowid, {_LISTED}) "
    f"VALUES ('delete', OLD.place, {', '.join(f'OLD.{c}' for c in COLUMNS)});"
)
# A letter that no token has between two texts, so that no phrase reaches across and nobody finds it;
# headlines have a weight of their own.
_VECTOR = (
    f"ALTER TABLE {ENTRIES} ADD COLUMN IF NOT EXISTS vector tsvector GENERATED ALWAYS AS ("
    "setweight(to_tsvector('simple', headline), 'A') || to_tsvector('simple', "
    "'ё ' || standfirst || ' ё ' || marks || ' ё ' || body)) STORED"
)
_INDEX = (
    f"CREATE INDEX IF NOT EXISTS articles_search ON {ENTRIES} USING gin (vector) "
    "WITH (fastupdate = off)"
)


@receiver(pre_migrate, dispatch_uid="index of searches may be rebuilt")
def let_go_of_index(sender, using, plan, **kwargs):
    """Drop what hangs on the columns of the entries where a migration changes them."""
    if sender.label != "newsroom" or not any(_changes_entries(one) for one, _back in plan):
        return
    connection = connections[using]
    let_go(connection, "_is_indexed")
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            if ENTRIES in connection.introspection.table_names(cursor):
                cursor.execute(f"ALTER TABLE {ENTRIES} DROP COLUMN IF EXISTS vector")


def _changes_entries(migration):
    names = [getattr(one, "model_name", getattr(one, "name", "")) for one in migration.operations]
    return migration.app_label == "articles" and "searchentry" in map(str.lower, names)


@receiver(post_migrate, dispatch_uid="index of searches")
def make_index(sender, using, **kwargs):
    if sender.label != "newsroom":
        return
    connection = connections[using]
    with connection.cursor() as cursor:
        if ENTRIES not in connection.introspection.table_names(cursor):
            return
        if connection.vendor == "sqlite":
            _make_fts(cursor)
        else:
            cursor.execute(_VECTOR)
            cursor.execute(_INDEX)
    # A newsroom from before there was a search: once.
    live = Article.objects.using(using).filter(status="published")
    if not SearchEntry.objects.using(using).exists() and live.exists():
        index.rebuild()


def _make_fts(cursor):
    cursor.execute(_FTS)
    cursor.execute(
        "SELECT COUNT(*) FROM sqlite_master WHERE type = 'trigger' AND substr(name, 1, %s) = %s",
        [len(_TRIGGER), _TRIGGER],
    )
    if cursor.fetchone()[0] == 3:
        return
    # Without them the entries may have changed behind its back.
    cursor.execute(f"INSERT INTO {TABLE}({TABLE}) VALUES ('rebuild')")
    for event, does in {"insert": _ADD, "delete": _TAKE, "update": _TAKE + _ADD}.items():
        cursor.execute(f"DROP TRIGGER IF EXISTS {_TRIGGER}_{event}")
        cursor.execute(
            f"CREATE TRIGGER {_TRIGGER}_{event} AFTER {event.upper()} ON {ENTRIES} BEGIN {does} END"
        )
