"""What is no sound export is refused, with where it fails, and nothing is changed."""

import hashlib
import json
import shutil
import threading

import pytest
from django.conf import settings
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import connection

from articles.models import Article
from authors.models import User
from fronts.models import Edition
from images.models import Image
from newsroom.export import manifest as manifests
from newsroom.export import writing
from newsroom.models import SiteSettings
from tests.factories import make_article, make_image, make_user
from tests.newsroom.export.conftest import into, lines, out

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _other_pictures(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "other media"


@pytest.fixture
def export(everything, tmp_path):
    """A copy of the export that may be spoiled."""
    return shutil.copytree(everything, tmp_path / "export")


def signed(folder, **changes):
    """Let the manifest say what the files hold by now, with changes: whoever edits can do so."""
    path = folder / "manifest.json"
    said = json.loads(path.read_text()) | changes | {"hash": ""}
    for name, entry in said["files"].items():
        data = (folder / name).read_bytes()
        entry |= {"sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data)}
        if "lines" in entry:
            entry["lines"] = data.count(b"\n")
    said["hash"] = manifests.canonical_hash(manifests.Manifest(**said))
    path.write_text(json.dumps(said))


def edited(folder, name, change):
    """Change the lines of a file of data, a list of dicts, in place."""
    found = lines(folder, name)
    change(found)
    text = "".join(f"{json.dumps(line, ensure_ascii=False)}\n" for line in found)
    (folder / "data" / f"{name}.jsonl").write_text(text)
    signed(folder)


def refused(folder):
    """What an import says of a folder, which it must leave without a trace."""
    before = _trace()
    with pytest.raises(CommandError) as raised:
        into(folder)
    assert _trace() == before
    said = str(raised.value)
    assert said.endswith("Nothing was brought.")
    return said


def _trace():
    return (
        list(Edition.objects.values_list("pk", "live_from")),
        list(User.objects.values_list("pk", "username")),
        SiteSettings.objects.count(),
        Article.objects.count(),
        Image.objects.count(),
        [path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()],
    )


def set_in(number, **values):
    return lambda found: found[number].update(values)


def test_half_an_export_or_none_is_recognised(export, tmp_path):
    (export / "manifest.json").unlink()
    assert "half an export" in refused(export)
    (tmp_path / "empty").mkdir()
    assert "not an export" in refused(tmp_path / "empty")
    assert "no such folder" in refused(tmp_path / "nowhere")


@pytest.mark.parametrize("version", [0, 2, "1", True, None])
def test_another_version_is_refused(export, version):
    said = json.loads((export / "manifest.json").read_text()) | {"version": version}
    (export / "manifest.json").write_text(json.dumps(said))
    assert f"an export of version {version!r}; this release reads version 1" in refused(export)


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        (b"{", "damaged"),
        (b"[]", "not the manifest of an export"),
        (b'{"format": "wordpress"}', "not the manifest of an export"),
        (b'{"format": "newsroom export", "version": 1}', "not in the shape"),
        (b"\xff\xfe", "damaged"),
        (b"[" * 200_000, "damaged"),
    ],
)
def test_a_damaged_manifest_is_refused(export, words, wanted):
    (export / "manifest.json").write_bytes(words)
    assert wanted in refused(export)


def test_a_manifest_that_was_changed_is_refused(export):
    path = export / "manifest.json"
    path.write_text(path.read_text().replace('"lines": 1', '"lines": 2').replace("a1", "a2"))
    assert "damaged" in refused(export)


def test_other_languages_or_another_zone_are_refused_with_what_to_do(export, settings):
    settings.TIME_ZONE = "Europe/Vienna"
    said = refused(export)
    assert "The export: LANGUAGES=en,ru TIME_ZONE=Asia/Bishkek" in said
    assert "Here: LANGUAGES=en,ru TIME_ZONE=Europe/Vienna" in said
    settings.TIME_ZONE = "Asia/Bishkek"
    settings.LANGUAGES = [("ru", "Русский"), ("en", "English")]
    assert "Here: LANGUAGES=ru,en" in refused(export)


def test_a_damaged_or_missing_file_is_refused_by_name(export):
    path = next((export / "media").rglob("*.jpg"))
    data = path.read_bytes()
    path.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
    assert f"{path.relative_to(export)}: damaged" in refused(export)
    path.unlink()
    assert f"{path.relative_to(export)}: missing" in refused(export)
    path.write_bytes(data)
    stories = export / "data" / "stories.jsonl"
    whole = stories.read_bytes()
    stories.write_bytes(whole[:-40])
    assert "data/stories.jsonl: damaged" in refused(export)
    stories.unlink()
    assert "data/stories.jsonl: missing" in refused(export)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ('{"id": 1', "not JSON"),
        ("[1]", "missing or unknown"),
        ("NaN", "NaN is no number"),
        ("[" * 100_000, "not JSON"),
        ('{"id": 1}', "missing or unknown: aliases"),
    ],
)
def test_a_line_that_is_none_is_refused_with_its_number(export, text, wanted):
    path = export / "data" / "tags.jsonl"
    path.write_text(path.read_text() + text + "\n")
    signed(export)
    said = refused(export)
    assert f"data/tags.jsonl, line {len(path.read_text().splitlines())}: " in said
    assert wanted in said


@pytest.mark.parametrize(
    ("name", "change", "wanted"),
    [
        ("stories", set_in(2, section=999), "line 3: section: 999 is not in data/sections.jsonl"),
        ("stories", set_in(2, regions=[999]), "line 3: regions: 999 is not in data/regions.jsonl"),
        ("stories", set_in(2, published_at="2026-11-23T05:00:00"), "line 3: published_at: a time"),
        ("stories", set_in(2, published_at="yesterday"), "line 3: published_at: "),
        ("stories", set_in(2, noindex=1), "line 3: noindex: int instead of bool"),
        ("stories", set_in(2, version=-1), "line 3: version: no whole number"),
        ("stories", set_in(2, headline="x" * 251), "line 3: headline: longer than 250"),
        ("stories", set_in(2, headline="a\0b"), "line 3: headline: holds a NUL"),
        ("stories", set_in(2, body=None), "line 3: body: is empty"),
        ("stories", set_in(2, translation_group="x"), "line 3: translation_group: "),
        ("stories", set_in(2, headline=""), "line 3: the database does not take it: "),
        ("pictures", set_in(0, file="../../etc/passwd"), "line 1: the manifest knows no file"),
        ("pictures", set_in(0, file=["x"]), "line 1: the manifest knows no file"),
        ("pictures", set_in(0, focal_x=7.0), "line 1: the database does not take it: "),
        ("pictures", set_in(0, alts=[]), "line 1: alts: list instead of dict"),
        ("tags", lambda found: found.append(found[0]), "comes twice, or out of order"),
        ("tags", set_in(1, key="ВОДА".lower()), "line 2: the database does not take it: "),
        ("corrections", set_in(0, text=""), "line 1: the database does not take it: "),
    ],
)
def test_a_bad_line_is_refused_with_file_and_number(export, name, change, wanted):
    edited(export, name, change)
    said = refused(export)
    assert said.startswith(f"data/{name}.jsonl, ")
    assert wanted in said


def test_two_logins_of_one_name_are_not_taken_for_somebody_who_is_here(export):
    edited(export, "logins", set_in(1, username="AIDA"))
    make_user(username="aida")
    assert "data/logins.jsonl, line 2: a login of this name comes twice" in refused(export)


def test_markup_that_no_text_may_have_is_cleaned_and_named(export, capsys):
    def spoil(found):
        found[0]["body"] += "<script>alert(1)</script><p onclick=x>Hello</p>"

    edited(export, "stories", spoil)
    number = lines(export, "stories")[0]["id"]
    with pytest.raises(SystemExit) as raised:
        into(export)
    assert raised.value.code == 1
    said = capsys.readouterr().err
    assert "data/stories.jsonl, line 1: held markup that no text may have" in said
    assert "An export would say something else now: data/stories.jsonl" in said
    body = Article.objects.get(pk=number).body
    assert body.endswith("<p>Hello</p>")
    assert "script" not in body


def test_a_file_that_belongs_to_no_picture_is_refused(export):
    path = export / "media" / "renditions" / "planted.jpg"
    path.parent.mkdir()
    path.write_bytes(b"x")
    said = json.loads((export / "manifest.json").read_text())
    said["files"]["media/renditions/planted.jpg"] = {"sha256": "", "bytes": 0}
    (export / "manifest.json").write_text(json.dumps(said))
    signed(export)
    assert "media/renditions/planted.jpg: belongs to no picture" in refused(export)
    for name in ("media/../planted.jpg", "/etc/passwd", "media/a/../../b", "media//x", "other.txt"):
        said["files"] = {name: {"sha256": "0" * 64, "bytes": 0}}
        (export / "manifest.json").write_text(json.dumps(said | {"hash": "0" * 64}))
        assert "damaged: not in the shape" in refused(export) or name == "other.txt"


def test_a_manifest_without_its_hash_is_refused(export):
    said = json.loads((export / "manifest.json").read_text()) | {"hash": ""}
    (export / "manifest.json").write_text(json.dumps(said))
    assert "damaged" in refused(export)


# The way out


def test_an_export_goes_into_no_folder_that_holds_anything(tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine.txt").write_text("mine")
    with pytest.raises(CommandError, match="not empty"):
        out(tmp_path / "out")
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["mine.txt"]
    with pytest.raises(CommandError, match="not a folder"):
        out(tmp_path / "out" / "mine.txt")
    with pytest.raises(CommandError, match="No such file"):
        out(tmp_path / "nowhere" / "out")


def test_an_export_that_does_not_come_to_its_end_leaves_nothing(tmp_path):
    first, second = make_image(20, 20), make_image(20, 20)
    default_storage.delete(second.file.name)
    (tmp_path / "other media" / second.file.name).mkdir()  # no file can be read there
    with pytest.raises(CommandError, match="Nothing was left behind"):
        out(tmp_path / "out")
    assert not (tmp_path / "out").exists()
    (tmp_path / "out").mkdir()
    with pytest.raises(CommandError, match="Nothing was left behind"):
        out(tmp_path / "out")
    assert list((tmp_path / "out").iterdir()) == []
    assert default_storage.exists(first.file.name)


def test_a_picture_without_its_file_is_named_and_stops_nothing(tmp_path, capsys):
    image = make_image(20, 20)
    default_storage.delete(image.file.name)
    with pytest.raises(SystemExit) as raised:
        out(tmp_path / "out")
    assert raised.value.code == 1
    assert f"media/{image.file.name}" in capsys.readouterr().err
    Image.objects.all().delete()
    into(tmp_path / "out")
    assert f"media/{image.file.name}" in capsys.readouterr().err
    assert Image.objects.get(pk=image.pk).file.name == image.file.name


@pytest.mark.django_db(transaction=True)
def test_an_export_is_of_one_moment_and_holds_nobody_up(tmp_path):
    make_image(20, 20)
    story = make_article(headline="Before")

    def write_meanwhile():
        Article.objects.filter(pk=story.pk).update(headline="After")
        make_article(headline="Another")
        connection.close()

    def show(what, done, all_of_them):
        if what == "pictures":
            writer = threading.Thread(target=write_meanwhile)
            writer.start()
            writer.join()

    writing.write(tmp_path / "out", show)
    assert [line["headline"] for line in lines(tmp_path / "out", "stories")] == ["Before"]
    assert Article.objects.get(pk=story.pk).headline == "After"
    call_command("export_newsroom", str(tmp_path / "later"), verbosity=0)
    assert len(lines(tmp_path / "later", "stories")) == 2
