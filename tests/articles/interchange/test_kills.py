"""An import that is killed, by the machine and not by an exception, goes on to the same end."""

import os
import random
import re
import shutil
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import psycopg2
import pytest
from django.db import connection

from benchmarks import export
from tests.articles.interchange.exports import make_export, make_item, make_wp_author
from tests.factories import picture_bytes

ROOT = Path(__file__).resolve().parents[3]
REAL = ROOT.parent / "shared" / "data" / "wxr"
POINTS = 20
EXPORTS = [
    "wordpress-com-2025.xml",
    "co-authors-plus.xml",
    "feature-image-captions.xml",
    "small-export.xml",
]
CHIEF = """
from authors.models import User
from django.contrib.auth.models import Group
User.objects.create(username="nurgul").groups.add(Group.objects.get(name="chief editor"))
"""


class Places:
    """Newsrooms of their own, each in a folder and a database, as copies of one that was set up."""

    def __init__(self, folder):
        self.folder, self.count = folder, 0
        self.server = os.environ.get("DATABASE_URL", "")
        self.since = datetime.now(UTC).isoformat()
        self.made = []
        if self.is_postgresql:
            self._create("kills_base")
        self.run("base", "migrate", "-v0")
        self.run("base", "shell", "-v0", "-c", CHIEF)

    @property
    def is_postgresql(self):
        return self.server.startswith("postgres")

    def env(self, name):
        if self.is_postgresql:
            url = f"{self.server.rpartition('/')[0]}/kills_{name}"
        else:
            url = f"sqlite:///{self.folder}/{name}/newsroom.sqlite3"
        (self.folder / name).mkdir(exist_ok=True)
        return os.environ | {
            "VAR_DIR": str(self.folder / name),
            "DATABASE_URL": url,
            "PYTHONWARNINGS": "",
        }

    def new(self):
        self.count += 1
        name = f"n{self.count}"
        if self.is_postgresql:
            self._create(f"kills_{name}", "kills_base")
        else:
            shutil.copytree(self.folder / "base", self.folder / name)
        return name

    def _create(self, database, template="template1"):
        self._on_the_server(f"CREATE DATABASE {database} TEMPLATE {template}")
        self.made.append(database)

    def end(self):
        for database in self.made:
            self._on_the_server(f"DROP DATABASE {database} WITH (FORCE)")

    @staticmethod
    def _on_the_server(sql):
        given = connection.get_connection_params()
        known = {
            name: given[name] for name in ("host", "port", "user", "password") if name in given
        }
        server = psycopg2.connect(dbname="postgres", **known)
        server.autocommit = True
        with closing(server), server.cursor() as cursor:
            cursor.execute(sql)

    def run(self, name, *command, kill=None):
        """The process of a command, ended: killed at point ``kill``, or by itself."""
        start = ["manage.py"] if kill is None else ["-m", f"{__package__}.killed", str(kill)]
        done = subprocess.run(
            [sys.executable, *start, *command],
            env=self.env(name),
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode in {0, 1, -9}, done.stderr
        assert "Traceback" not in done.stderr, done.stderr
        return done

    def content(self, name):
        done = subprocess.run(
            [sys.executable, "-m", f"{__package__}.content", self.since],
            env=self.env(name),
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout.splitlines()


@pytest.fixture(scope="module")
def places(tmp_path_factory):
    places = Places(tmp_path_factory.mktemp("kills"))
    yield places
    places.end()


def counted(places, name, *command):
    """The process of a command that was not killed, and at how many points it could have been."""
    whole = places.run(name, *command, kill=0)
    return whole, int(re.search(r"POINTS (\d+)", whole.stderr)[1])


def killed_anywhere(places, points, *command):
    """The report of a clean run, after ``points`` killed ones came to the same content."""
    clean = places.new()
    whole, number = counted(places, clean, *command)
    content = places.content(clean)
    places.run(clean, *command)
    assert places.content(clean) == content  # a second run changes nothing
    chance = random.Random(str(command))
    for point in sorted(chance.sample(range(1, number + 1), min(points, number))):
        name = places.new()
        assert places.run(name, *command, kill=point).returncode == -9
        places.run(name, *command)
        assert places.content(name) == content, f"killed at {point} of {number}"
    return whole.stdout


@pytest.mark.long
@pytest.mark.parametrize("name", EXPORTS)
def test_exports_of_others_killed_at_twenty_points(places, name):
    if not REAL.is_dir():
        pytest.skip(f"NOT TESTED: the exports of others are not there ({REAL})")
    report = killed_anywhere(places, POINTS, "import_articles", str(REAL / name), "-v0")
    print(f"{name}\n{report}")
    assert "items in the files" in report


@pytest.mark.long
def test_a_larger_export_of_our_own_killed_at_twenty_points(places, tmp_path):
    path = tmp_path / "export.xml"
    path.write_text("".join(export.export(60, 20)))
    report = killed_anywhere(places, POINTS, "import_articles", str(path), "-v0")
    assert "57  public" in report


@pytest.mark.long
def test_an_export_killed_once_goes_on_to_the_same_end(places, tmp_path):
    path = tmp_path / "export.xml"
    items = [make_item(n, terms=[("post_tag", "snow", "Snow")]) for n in range(1, 4)]
    path.write_text(make_export(*items, authors=make_wp_author("nargiza", "Nargiza Ryskulova")))
    report = killed_anywhere(places, 1, "import_articles", str(path), "-v0")
    assert "3  public" in report


@pytest.fixture
def illustrated(tmp_path):
    """Arguments of an import with pictures, of which one is missing."""
    path, uploads = tmp_path / "export.xml", tmp_path / "uploads"
    path.write_text("".join(export.export(8, 6)))
    uploads.mkdir()
    for number in range(9, 14):
        picture = picture_bytes(120, 80, colour=(number, 90, 110))
        (uploads / f"picture-{number}.jpg").write_bytes(picture)
    return ["import_articles", str(path), "-v0", "--media", str(uploads)]


@pytest.mark.long
def test_an_export_with_pictures_killed_at_twenty_points(places, illustrated):
    report = killed_anywhere(places, POINTS, *illustrated)
    assert "5  pictures of stories\n" in report
    assert "1  pictures of stories, not there" in report


@pytest.mark.long
def test_pictures_that_come_after_their_stories_and_are_killed_come_to_the_same_end(
    places, illustrated
):
    whole, killed = places.new(), places.new()
    for name in (whole, killed):
        places.run(name, *illustrated[:3])
    _whole, number = counted(places, whole, *illustrated)
    for _time in range(3):
        assert places.run(killed, *illustrated, kill=number // 4).returncode == -9
    places.run(killed, *illustrated)
    assert places.content(killed) == places.content(whole)
