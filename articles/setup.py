"""What must be in the database beside rows that people write: the groups, and the triggers that
make corrections and the audit append-only, keep every story that was ever live, and let no group of
regions stand in another. Put back after every migrate, since test flushes drop the groups and
SQLite's table rebuilds drop triggers.
"""

from django.contrib.auth.models import Group, Permission
from django.db import connections
from django.db.models.signals import post_migrate, pre_migrate
from django.dispatch import receiver

from articles.permissions import GROUPS

APPEND_ONLY = {
    # table: columns that may never change; rows may never go
    "articles_correction": [
        "article_id",
        "kind",
        "text",
        "published_at",
        "issued_by_id",
        "supersedes_id",
    ],
    "articles_transition": ["article_id", "move", "before", "after", "by_id", "at", "note"],
}

STORIES = "articles_article"
REGIONS, MEMBERS = "articles_region", "articles_region_members"
# When a group would stand in a group: table -> (what is written, the condition).
GROUPS_APART = {
    MEMBERS: (
        "INSERT OR UPDATE",
        f"EXISTS (SELECT 1 FROM {REGIONS} r WHERE r.id = NEW.to_region_id AND r.kind = 'group')",
    ),
    REGIONS: (
        "UPDATE",
        "NEW.kind = 'group' AND ("
        f"EXISTS (SELECT 1 FROM {MEMBERS} m WHERE m.to_region_id = NEW.id) OR "
        f"EXISTS (SELECT 1 FROM {REGIONS} r WHERE r.kind = 'group' AND r.id <> NEW.id AND "
        "r.path <> '' AND NEW.path <> '' AND (substr(NEW.path, 1, length(r.path)) = r.path OR "
        "substr(r.path, 1, length(NEW.path)) = NEW.path)))",
    ),
}


@receiver(post_migrate, dispatch_uid="groups")
def make_groups(sender, using, **kwargs):
    """The four roles, each with the permissions of Django's admin that its rights presuppose."""
    if sender.label != "newsroom":
        return
    for name, permissions in GROUPS.items():
        group, _ = Group.objects.using(using).get_or_create(name=name)
        wanted = Permission.objects.using(using).filter(
            content_type__app_label__in={p.split(".")[0] for p in permissions},
            codename__in={p.split(".")[1] for p in permissions},
        )
        labels = {
            p.pk
            for p in wanted.select_related("content_type")
            if f"{p.content_type.app_label}.{p.codename}" in permissions
        }
        group.permissions.set(labels)


@receiver(pre_migrate, dispatch_uid="groups may be rebuilt")
def let_go_of_groups(sender, using, plan, **kwargs):
    if sender.label == "newsroom" and plan:
        let_go(connections[using], "_keeps_groups_apart_")


def let_go(connection, words):
    """Drop SQLite's triggers with these words in their names: it rebuilds a table by dropping it,
    and refuses that while a trigger of another table names it. They are put back afterwards."""
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        for (name,) in cursor.fetchall():
            if words in name:
                cursor.execute(f"DROP TRIGGER {name}")


@receiver(post_migrate, dispatch_uid="append only")
def make_triggers(sender, using, **kwargs):
    if sender.label != "newsroom":
        return
    connection = connections[using]
    with connection.cursor() as cursor:
        present = connection.introspection.table_names(cursor)
        for table, columns in APPEND_ONLY.items():
            if table not in present:
                continue
            if connection.vendor == "sqlite":
                _sqlite(cursor, table, columns)
            else:
                _postgresql(cursor, table, columns)
        if STORIES in present:
            _keep_stories(cursor, connection.vendor)
        if MEMBERS in present:
            _keep_groups_apart(cursor, connection.vendor)


def _sqlite(cursor, table, columns):
    for name, event in (
        (f"{table}_is_never_edited", f"UPDATE OF {', '.join(columns)}"),
        (f"{table}_is_never_deleted", "DELETE"),
    ):
        cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
        cursor.execute(
            f"CREATE TRIGGER {name} BEFORE {event} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        )


def _postgresql(cursor, table, columns):
    cursor.execute(
        "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$"
    )
    cursor.execute(f"DROP TRIGGER IF EXISTS {table}_is_never_changed ON {table}")
    cursor.execute(
        f"CREATE TRIGGER {table}_is_never_changed BEFORE UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    )


def _keep_stories(cursor, vendor):
    """Refuse to delete a story that has a time of its first publication; a draft has none."""
    name = f"{STORIES}_is_never_deleted"
    condition = "WHEN (OLD.first_published_at IS NOT NULL)"
    if vendor == "sqlite":
        cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
        cursor.execute(
            f"CREATE TRIGGER {name} BEFORE DELETE ON {STORIES} {condition} "
            "BEGIN SELECT RAISE(ABORT, 'a story that was live is never deleted'); END"
        )
        return
    cursor.execute(
        "CREATE OR REPLACE FUNCTION refuse_deletion() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'a story that was live is never deleted'; END $$"
    )
    cursor.execute(f"DROP TRIGGER IF EXISTS {name} ON {STORIES}")
    cursor.execute(
        f"CREATE TRIGGER {name} BEFORE DELETE ON {STORIES} "
        f"FOR EACH ROW {condition} EXECUTE FUNCTION refuse_deletion()"
    )


def _keep_groups_apart(cursor, vendor):
    """Refuse a group among the members of a group, or in the tree below one."""
    said = "a group of regions has no group in it"
    for table, (events, condition) in GROUPS_APART.items():
        name = f"{table}_keeps_groups_apart"
        if vendor == "sqlite":
            for event in events.split(" OR "):
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}_{event.lower()}")
                cursor.execute(
                    f"CREATE TRIGGER {name}_{event.lower()} BEFORE {event} ON {table} "
                    f"WHEN {condition} BEGIN SELECT RAISE(ABORT, '{said}'); END"
                )
            continue
        cursor.execute(
            f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN IF {condition} THEN RAISE EXCEPTION '{said}'; END IF; RETURN NEW; END $$"
        )
        cursor.execute(f"DROP TRIGGER IF EXISTS {name} ON {table}")
        cursor.execute(
            f"CREATE TRIGGER {name} BEFORE {events} ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION {name}()"
        )
