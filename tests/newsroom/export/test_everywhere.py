"""The same newsroom on the other database, and the demonstration: long."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import call_command

from articles.models import Article
from tests.newsroom.export.conftest import empty, files, into, out
from tests.newsroom.export.everything import make_everything

ROOT = Path(__file__).resolve().parents[3]
pytestmark = [pytest.mark.long, pytest.mark.django_db(transaction=True)]


def installation(folder):
    others = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    return others | {"VAR_DIR": str(folder), "TIME_ZONE": "Asia/Bishkek", "LANGUAGES": "en,ru"}


def elsewhere(folder, *commands):
    """Run commands in an installation of its own, on SQLite."""
    for command in commands:
        subprocess.run(
            [sys.executable, str(ROOT / "manage.py"), *command],
            env=installation(folder),
            check=True,
            capture_output=True,
            timeout=200,
        )


def goes_round(tmp_path, settings):
    """From here to SQLite elsewhere, and back into what is here."""
    first = out(tmp_path / "first")
    elsewhere(
        tmp_path / "var",
        ["migrate", "--verbosity=0"],
        ["import_newsroom", str(first)],
        ["export_newsroom", str(tmp_path / "second")],
    )
    assert files(tmp_path / "second") == files(first)
    empty()
    settings.MEDIA_ROOT = tmp_path / "third media"
    into(tmp_path / "second")
    assert files(out(tmp_path / "third")) == files(first)


def test_a_newsroom_with_everything_is_the_same_on_both_databases(tmp_path, settings):
    make_everything()
    goes_round(tmp_path, settings)


def test_the_demonstration_is_the_same_on_both_databases(tmp_path, settings):
    settings.VAR_DIR = tmp_path
    call_command("demo", "--at", "2026-11-23T18:00:00+06:00", verbosity=0)
    goes_round(tmp_path, settings)
    assert Article.objects.count() > 40


def test_after_a_killed_import_the_place_is_as_empty_as_before(tmp_path):
    """Killed at several points of its work; each time the next one begins anew."""
    make_everything()
    first, var = out(tmp_path / "first"), tmp_path / "var"
    elsewhere(var, ["migrate", "--verbosity=0"])
    for said in ("bytes checked", "1 of 3 pictures", "3 of 3 pictures", " lines"):
        killed_at(said, ["import_newsroom", str(first)], var)
    elsewhere(var, ["import_newsroom", str(first)], ["export_newsroom", str(tmp_path / "second")])
    assert files(tmp_path / "second") == files(first)


def killed_at(words, command, var):
    """Begin a command and kill it as soon as it says how far it is in these words."""
    running = subprocess.Popen(
        [sys.executable, str(ROOT / "manage.py"), *command],
        env=installation(var),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    while words not in (line := running.stderr.readline()):
        assert line
    running.kill()
    running.communicate()
