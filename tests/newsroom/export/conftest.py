"""One export of a newsroom with everything, made once, and the ways out and in."""

import json

import pytest
from django.core.management import call_command
from django.db import connection, transaction

from tests.newsroom.export.everything import make_everything

_made = {}


@pytest.fixture
def everything(db, settings, tmp_path_factory):
    """The folder of an export of ``make_everything``, in a newsroom that is empty again."""
    if "folder" not in _made:
        kept, folder = settings.MEDIA_ROOT, tmp_path_factory.mktemp("everything")
        settings.MEDIA_ROOT = folder / "media"
        with transaction.atomic():
            make_everything()
            out(folder / "out")
            transaction.set_rollback(True)
        settings.MEDIA_ROOT = kept
        _made["folder"] = folder / "out"
    return _made["folder"]


def empty():
    """Make the database as ``migrate`` leaves it."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
            for (name,) in cursor.fetchall():
                cursor.execute(f"DROP TRIGGER {name}")
    call_command("flush", interactive=False, verbosity=0)


def out(folder):
    call_command("export_newsroom", str(folder), verbosity=0)
    return folder


def into(folder):
    call_command("import_newsroom", str(folder), verbosity=0)


def files(folder):
    """path -> bytes of all that an export holds, without the minute it was made."""
    found = {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}
    manifest = json.loads(found["manifest.json"])
    del manifest["made_at"]
    return found | {"manifest.json": manifest}


def lines(folder, name):
    text = (folder / "data" / f"{name}.jsonl").read_text()
    return [json.loads(line) for line in text.splitlines()]
