"""A migration that rebuilds a table finds no trigger in its way, and leaves all of them as they were."""

import pytest
from django.core.management.sql import emit_post_migrate_signal, emit_pre_migrate_signal
from django.db import connection, models
from django.db.migrations import Migration

from articles.models import Article, Correction, Region
from fronts.models import Edition, Pin

pytestmark = pytest.mark.django_db(transaction=True)
REBUILT = [
    (Article, "kicker"),
    (Correction, "kind"),
    (Region, "iso_code"),
    (Edition, "breaking_url"),
    (Pin, "kicker"),
]


def triggers():
    where = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal",
    }
    with connection.cursor() as cursor:
        cursor.execute(where[connection.vendor])
        return sorted(name for (name,) in cursor.fetchall())


@pytest.mark.parametrize(("model", "name"), REBUILT)
def test_a_table_is_rebuilt_and_keeps_its_triggers(model, name):
    before = triggers()
    assert any("keeps_groups_apart" in trigger for trigger in before)
    field = model._meta.get_field(name)
    longer = models.CharField(max_length=field.max_length + 1, blank=True)
    longer.set_attributes_from_name(name)
    longer.model = model
    plan = [(Migration("to come", model._meta.app_label), False)]
    emit_pre_migrate_signal(0, False, connection.alias, plan=plan)
    for old, new in ((field, longer), (longer, field)):
        with connection.schema_editor() as editor:
            editor.alter_field(model, old, new)
    emit_post_migrate_signal(0, False, connection.alias)
    assert triggers() == before
