"""What must be in the database of fronts beside what people lay out: the homes, and the triggers that
keep an edition as it was since its time has come. Put back after every migrate.
"""

from django.conf import settings
from django.db import connections
from django.db.models.signals import post_migrate, pre_migrate
from django.dispatch import receiver
from django.utils import timezone

from articles.setup import let_go
from fronts.models import Edition, Front


@receiver(post_migrate, dispatch_uid="homes")
def make_homes(sender, using, **kwargs):
    """One home a language, with an empty edition; again after every migrate, since flushes drop it."""
    if sender.label == "fronts":
        homes([code for code, _ in settings.LANGUAGES], using)


def homes(languages, using="default"):
    """Make what is missing of the homes of these languages (codes)."""
    for language in languages:
        front, made = Front.objects.using(using).get_or_create(name="home", language=language)
        if made:
            Edition.objects.using(using).create(front=front, live_from=timezone.now())


def forget_homes(using="default"):
    """Delete every front with its editions, live ones too: where a whole newsroom moves in. Runs in a
    transaction, in which triggers are put back as well."""
    connection = connections[using]
    let_go(connection, "_stays_on_")
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            for table in ("fronts_edition", "fronts_pin"):
                cursor.execute(f"DROP TRIGGER IF EXISTS {table}_stays ON {table}")
        Front.objects.using(using).all().delete()
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    put_back(connection)


# Of a live edition and its pins: what never changes. (A picture may go, when it is deleted.)
EDITION = ["front_id", "live_from", "breaking_text", "breaking_url", "breaking_until"]
PIN = ["edition_id", "slot", "article_id", "position", "until", "kicker", "headline"]


@receiver(pre_migrate, dispatch_uid="editions may be rebuilt")
def let_go_of_editions(sender, using, plan, **kwargs):
    if sender.label == "fronts" and plan:
        let_go(connections[using], "_stays_on_")


@receiver(post_migrate, dispatch_uid="editions stay")
def keep_editions(sender, using, **kwargs):
    """Refuse, in the database, to change or delete an edition that is or was live."""
    if sender.label == "fronts":
        put_back(connections[using])


def put_back(connection):
    now = "strftime('%Y-%m-%d %H:%M:%f', 'now')" if connection.vendor == "sqlite" else "now()"
    is_live = f"(OLD.live_from IS NOT NULL AND OLD.live_from <= {now})"
    pinned = "SELECT 1 FROM fronts_edition e WHERE e.id = OLD.edition_id"
    is_pinned = f"EXISTS ({pinned} AND e.live_from IS NOT NULL AND e.live_from <= {now})"
    with connection.cursor() as cursor:
        if "fronts_pin" not in connection.introspection.table_names(cursor):
            return
        for table, columns, condition in (
            ("fronts_edition", EDITION, is_live),
            ("fronts_pin", PIN, is_pinned),
        ):
            if connection.vendor == "sqlite":
                _sqlite(cursor, table, columns, condition)
            else:
                _postgresql(cursor, table, columns, condition)


def _sqlite(cursor, table, columns, condition):
    changed = " OR ".join(f"OLD.{name} IS NOT NEW.{name}" for name in columns)
    for event, when in (("UPDATE", f"{condition} AND ({changed})"), ("DELETE", condition)):
        name = f"{table}_stays_on_{event.lower()}"
        cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
        cursor.execute(
            f"CREATE TRIGGER {name} BEFORE {event} ON {table} WHEN {when} "
            "BEGIN SELECT RAISE(ABORT, 'an edition that was live stays'); END"
        )


def _postgresql(cursor, table, columns, condition):
    changed = " OR ".join(f"OLD.{name} IS DISTINCT FROM NEW.{name}" for name in columns)
    cursor.execute(
        f"CREATE OR REPLACE FUNCTION {table}_stays() RETURNS trigger LANGUAGE plpgsql AS $$ "
        f"BEGIN IF TG_OP = 'DELETE' THEN IF {condition} THEN "
        "RAISE EXCEPTION 'an edition that was live stays'; END IF; RETURN OLD; END IF; "
        f"IF {condition} AND ({changed}) THEN "
        "RAISE EXCEPTION 'an edition that was live stays'; END IF; RETURN NEW; END $$"
    )
    cursor.execute(f"DROP TRIGGER IF EXISTS {table}_stays ON {table}")
    cursor.execute(
        f"CREATE TRIGGER {table}_stays BEFORE UPDATE OR DELETE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION {table}_stays()"
    )
