import errno
import re
import zipfile
from pathlib import Path

import PIL.Image
import pytest
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import transaction
from django.utils import timezone

from addresses.models import Redirect
from articles import arrivals, publishing
from articles.interchange import mapping as mappings
from articles.interchange import wordpress
from articles.interchange.bringing import Importer
from articles.interchange.fetching import Fetcher
from articles.interchange.library import Library
from articles.interchange.pictures import Pictures
from articles.interchange.report import Report
from articles.models import Article, Message
from articles.models.article import site_zone
from authors.models import User
from images import uploads
from images.models import Image, Use
from prose import body
from tests.articles.interchange.exports import (
    SITE,
    UPLOADS,
    make_attachment,
    make_export,
    make_item,
    make_metadata,
    make_wp_author,
)
from tests.articles.interchange.test_bringing import everything
from tests.factories import make_organisation, picture_bytes

pytestmark = pytest.mark.django_db
NARGIZA = make_wp_author("nargiza", "Nargiza Ryskulova")


@pytest.fixture
def uploaded(tmp_path):
    """Writes picture files below a folder of uploads, which it returns."""
    root = tmp_path / "site" / "wp-content" / "uploads"

    def uploaded(*names, size=(120, 80), content=None):
        for number, name in enumerate(names):
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            format = "PNG" if name.lower().endswith("png") else "JPEG"
            path.write_bytes(
                content or picture_bytes(*size, format=format, colour=(number, 90, 110))
            )
        return str(root)

    return uploaded


def image(number, src, caption="", alt=""):
    words = f"<figcaption>{caption}</figcaption>" if caption else ""
    return f'<figure class="wp-block-image"><img src="{src}" alt="{alt}" class="wp-image-{number}"/>{words}</figure>'


def everything_with_pictures():
    rows = Image.objects.order_by("source_ref").values_list(
        "source_ref", "alt", "caption", "credit", "width", "height", "alts", "captions"
    )
    known = dict(Image.objects.values_list("pk", "source_ref"))
    bodies = [
        [known[number] for number in body.images_in(story.body)]
        for story in Article.objects.order_by("source_ref")
    ]
    leads = list(
        Article.objects.order_by("source_ref").values_list(
            "headline", "lead_image__source_ref", "lead_caption"
        )
    )
    return list(rows), bodies, leads


def files():
    """All originals in the storage."""
    found, folders = [], ["originals"]
    while folders:
        folder = folders.pop()
        if not default_storage.exists(folder):
            continue
        below, names = default_storage.listdir(folder)
        found += [f"{folder}/{name}" for name in names]
        folders += [f"{folder}/{name}" for name in below]
    return sorted(found)


def test_pictures_come_with_their_words_to_their_places(bring, uploaded, client):
    media = uploaded("2019/05/lead.jpg", "2019/05/pass.jpg", "2019/05/a.jpg", "2019/05/b.jpg")
    export = make_export(
        make_item(
            1,
            content=f"One.\n\n{image(12, f'{UPLOADS}/2019/05/pass-300x200.jpg', 'The <b>pass</b>. Photo: Jo Smith')}\n\n"
            '[gallery ids="14,13"]\n\nTwo.',
            meta=[("_thumbnail_id", "11")],
        ),
        make_attachment(11, "2019/05/lead.jpg", caption="Snow. Фото: А. Иванов", alt="A road"),
        make_attachment(12, "2019/05/pass.jpg", alt="A pass"),
        make_attachment(13, "2019/05/a.jpg", meta=[("_media_credit", "Bo Li")]),
        make_attachment(14, "2019/05/b.jpg", caption="B"),
        authors=NARGIZA,
    )
    report, is_whole = bring(export, media=[media])
    assert is_whole
    assert "4  pictures of stories" in report
    assert "5  of 5 items" in report
    story = Article.objects.get()
    lead, passing, a, b = (Image.objects.get(source_ref__endswith=name) for name in ("lead.jpg", "pass.jpg", "/a.jpg", "/b.jpg"))  # fmt: skip
    assert story.lead_image == lead
    assert (lead.alt, lead.caption, lead.credit) == ("A road", "Snow.", "Фото: А. Иванов")
    assert (lead.width, lead.height, lead.entered_by.username) == (120, 80, "nurgul")
    assert story.body.replace("\n", "") == (
        f'<p>One.</p><figure data-image="{passing.pk}"><figcaption>The <strong>pass</strong>. '
        "<cite>Photo: Jo Smith</cite></figcaption></figure>"
        f'<aside class="gallery"><figure data-image="{b.pk}"></figure><figure data-image="{a.pk}"></figure></aside>'
        "<p>Two.</p>"
    )
    assert (passing.credit, a.credit, b.caption) == ("Photo: Jo Smith", "Bo Li", "B")
    page = client.get(story.get_absolute_url()).content.decode()
    assert page.count(f"/media/{passing.token}/") > 0
    assert "Bo Li" in page


@pytest.mark.parametrize(
    ("present", "src", "metadata", "taken"),
    [
        (["x.jpg", "x-300x200.jpg"], "x-300x200.jpg", (), "x.jpg"),
        (["x.jpg", "x-scaled.jpg"], "x-scaled.jpg", (), "x.jpg"),
        (["x-scaled.jpg", "x-300x200.jpg"], "x-300x200.jpg", (), "x-scaled.jpg"),
        (["x-1024x683.jpg", "x-300x200.jpg"], "x-300x200.jpg", (), "x-1024x683.jpg"),
        (["x.jpg"], "x@2x.jpg", (), "x.jpg"),
        (["x.jpg", "x-rotated.jpg"], "x-rotated-300x200.jpg", (), "x.jpg"),
        (["X.JPG"], "x-300x200.jpg", (), "X.JPG"),
        (["снег.jpg"], "%D1%81%D0%BD%D0%B5%D0%B3-300x200.jpg", (), "снег.jpg"),
        (["x.jpg"], "x-300x200.jpg?resize=300%2C200&amp;ssl=1", (), "x.jpg"),
        (["x.jpg"], "x.jpg.webp", (), "x.jpg"),
    ],
)
@pytest.mark.parametrize("is_known", [True, False])
def test_a_smaller_picture_leads_to_the_best_that_is_there(
    bring, uploaded, present, src, metadata, taken, is_known
):
    for number, name in enumerate(present):
        media = uploaded(f"2019/05/{name}", size=(100 + number, 80))
    item = make_item(1, content=f'<p>Words.</p><img src="{UPLOADS}/2019/05/{src}">')
    name = "снег.jpg" if "снег" in taken else "x.jpg"
    known = [make_attachment(5, f"2019/05/{name}")] if is_known else []
    report, is_whole = bring(make_export(item, *known, authors=NARGIZA), media=[media])
    assert is_whole, report
    assert Image.objects.get().width == 100 + present.index(taken)


@pytest.mark.parametrize(
    "src",
    [
        "https://i0.wp.com/old.example.org/wp-content/uploads/2019/05/x.jpg?w=300&amp;ssl=1",
        "//www.old.example.org/wp-content/uploads/2019/05/x-300x200.jpg",
        "/wp-content/uploads/2019/05/x.jpg",
        "http://cdn.old.example.org/wp-content/uploads/2019/05/x.jpg#a",
    ],
)
def test_a_picture_is_one_wherever_it_was_shown(bring, uploaded, src):
    media = uploaded("2019/05/x.jpg")
    items = [make_item(n, content=f'<p>W.</p><img src="{one}">') for n, one in enumerate([src, f"{UPLOADS}/2019/05/x.jpg"], 1)]  # fmt: skip
    bring(make_export(*items, make_attachment(5, "2019/05/x.jpg"), authors=NARGIZA), media=[media])
    picture = Image.objects.get()
    assert picture.source_ref == "wordpress:old.example.org:file:2019/05/x.jpg"
    assert [body.images_in(story.body) for story in Article.objects.all()] == [[picture.pk]] * 2


def test_what_wordpress_made_of_an_upload_is_led_back_by_its_own_records(bring, uploaded):
    uploaded("2019/05/photo.png", size=(300, 200))
    media = uploaded(
        "2019/05/photo-scaled.jpg", "2019/05/cut-e1612345678901.jpg", "2019/05/cut.jpg"
    )
    export = make_export(
        make_item(1, content=f'<p>W.</p>{image(5, f"{UPLOADS}/2019/05/photo-1024x683.jpg")}', meta=[("_thumbnail_id", "6")]),
        make_attachment(5, "2019/05/photo-scaled.jpg", meta=[make_metadata("2019/05/photo-scaled.jpg", (1024, 683), original="photo.png")]),
        make_attachment(6, "2019/05/cut-e1612345678901.jpg"),
        authors=NARGIZA,
    )  # fmt: skip
    bring(export, media=[media])
    assert Image.objects.get(source_ref__contains="photo").width == 300
    # What an editor cut is not what was uploaded.
    cut = Image.objects.get(source_ref__contains="cut")
    with cut.file.open() as file:
        assert file.read() == Path(media, "2019/05/cut-e1612345678901.jpg").read_bytes()


def test_a_number_of_another_site_does_not_bring_another_picture(bring, uploaded):
    media = uploaded("2019/05/minister.jpg", "2019/05/thief.jpg")
    content = f"<p>W.</p>{image(5, f'{UPLOADS}/2019/05/minister-300x200.jpg')}"
    bring(make_export(make_item(1, content=content), make_attachment(5, "2019/05/thief.jpg"), authors=NARGIZA), media=[media])  # fmt: skip
    assert Image.objects.get().source_ref.endswith("minister.jpg")


def test_a_number_that_means_a_file_of_the_same_name_in_another_folder_is_not_believed(
    bring, uploaded
):
    uploaded("2018/05/kept.jpg")
    media = uploaded("2018/05/photo.jpg", "2019/05/photo.jpg")
    content = (
        f"<p>W.</p>{image(5, f'{UPLOADS}/2019/05/photo-300x200.jpg')}"
        f"{image(6, f'{UPLOADS}/2019/05/01123456/kept.jpg')}"
    )
    bring(
        make_export(make_item(1, content=content), make_attachment(5, "2018/05/photo.jpg"), make_attachment(6, "2018/05/kept.jpg"), authors=NARGIZA),
        media=[media],
    )  # fmt: skip
    refs = Image.objects.order_by("pk").values_list("source_ref", flat=True)
    assert [ref.partition(":file:")[2] for ref in refs] == ["2019/05/photo.jpg", "2018/05/kept.jpg"]


def test_a_picture_of_another_site_is_not_taken_for_one_of_the_same_name(bring, uploaded):
    media = uploaded("2019/05/x.jpg")
    content = '<p>W.</p><img src="https://other.example.net/wp-content/uploads/2019/05/x.jpg">'
    report, is_whole = bring(make_export(make_item(1, content=content), authors=NARGIZA), media=[media])  # fmt: skip
    assert not Image.objects.exists()
    assert not is_whole
    assert "pictures that stood on other sites" in report


def test_two_sites_with_a_file_of_one_name_are_not_guessed_between(bring, uploaded):
    media = uploaded("2019/05/x.jpg")
    other = "https://second.example.org"
    content = '<p>W.</p>[gallery ids="5"]'
    report, _ = bring(
        make_export(make_item(1, content=content), make_attachment(5, "2019/05/x.jpg"), authors=NARGIZA),
        make_export(make_item(1, guid="b", content=content), make_attachment(5, "2019/05/x.jpg", attachment_url=f"{other}/wp-content/uploads/2019/05/x.jpg"), site=other, authors=NARGIZA),
        media=[media],
    )  # fmt: skip
    assert not Image.objects.exists()
    assert "bring each site by itself" in report


def test_missing_pictures_are_named_and_the_page_is_whole_without_them(
    bring, uploaded, tmp_path, client
):
    media = uploaded("2019/05/there.jpg")
    uploaded("2019/05/broken.jpg", content=b"\xff\xd8\xff\xe0 no picture")
    uploaded("2019/05/page.png", content=b"<html><script>alert(1)</script></html>")
    export = make_export(
        make_item(
            1,
            content=f"One.\n\n{image(1, f'{UPLOADS}/2019/05/gone.jpg', 'Caption of the gone')}\n\n"
            f"{image(2, f'{UPLOADS}/2019/05/broken.jpg')}{image(3, f'{UPLOADS}/2019/05/page.png')}\n\nTwo.",
            meta=[("_thumbnail_id", "99")],
        ),
        authors=NARGIZA,
    )
    report, is_whole = bring(export, media=[media], report=str(tmp_path / "report.txt"))
    assert not is_whole
    for words in (
        "gone.jpg",
        "2019/05/broken.jpg: This file",
        "page.png: This file",
        "number 99",
    ):
        assert words in report
    assert (
        f"pictures whose file is not there\t{UPLOADS}/2019/05/gone.jpg"
        in (tmp_path / "report.txt").read_text()
    )
    story = Article.objects.get()
    assert body.text(story.body).split("\n") == ["One.", "Caption of the gone", "Two."]
    assert not Image.objects.exists()
    assert client.get(story.get_absolute_url()).status_code == 200


class OldEntry(zipfile.ZipInfo):
    """An entry with a Cyrillic name as Windows writes it."""

    def _encodeFilenameFlags(self):
        return self.filename.encode("cp866"), self.flag_bits


def test_a_zip_is_read_as_a_folder_is(bring, tmp_path):
    path = tmp_path / "uploads.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("backup/wp-content/uploads/2019/05/x.jpg", picture_bytes(90, 60))
        archive.writestr(OldEntry("uploads/2019/05/снег.jpg"), picture_bytes(80, 60))
        archive.writestr("../../etc/2019/05/y.jpg", picture_bytes(90, 60))
        archive.writestr("uploads/2019/05/torn.jpg", picture_bytes(90, 60))
        archive.writestr("uploads/2019/05/bomb.png", b"\0" * (41 * 1024 * 1024))
        torn = archive.getinfo("uploads/2019/05/torn.jpg")
    with path.open("r+b") as file:
        file.seek(torn.header_offset + 60)
        file.write(b"\xff" * 40)
    content = "<p>W.</p>" + "".join(f'<img src="{UPLOADS}/2019/05/{n}">' for n in ("x.jpg", "y.jpg", "bomb.png", "torn.jpg", "снег.jpg"))  # fmt: skip
    report, is_whole = bring(make_export(make_item(1, content=content), authors=NARGIZA), media=[str(path)])  # fmt: skip
    assert list(Image.objects.order_by("width").values_list("width", flat=True)) == [80, 90]
    assert not is_whole
    assert "bomb.png: This file is larger than 40 MB." in report
    assert "torn.jpg: " in report
    assert "y.jpg" in report


def test_links_in_a_folder_are_not_followed(bring, uploaded, tmp_path):
    (tmp_path / "secret.jpg").write_bytes(picture_bytes(90, 60))
    media = uploaded("2019/05/x.jpg")
    (tmp_path / "site/wp-content/uploads/2019/05/out.jpg").symlink_to(tmp_path / "secret.jpg")
    (tmp_path / "site/wp-content/uploads/2019/06").symlink_to(tmp_path)
    content = (
        f'<p>W.</p><img src="{UPLOADS}/2019/05/out.jpg"><img src="{UPLOADS}/2019/06/secret.jpg">'
    )
    report, _ = bring(make_export(make_item(1, content=content), authors=NARGIZA), media=[media])
    assert not Image.objects.exists()
    assert "2  pictures whose file is not there" in report
    assert "links, lead outside or cannot be read" in report


@pytest.mark.parametrize("name", ["nothing-there", "export.txt", "empty"])
def test_media_that_cannot_be_read_are_refused_before_anything_is_written(bring, tmp_path, name):
    (tmp_path / "export.txt").write_text("no zip")
    (tmp_path / "empty").mkdir()
    with pytest.raises(CommandError, match="Nothing was brought"):
        bring(make_export(make_item(1), authors=NARGIZA), media=[str(tmp_path / name)])
    assert not Article.objects.exists()


def test_a_host_is_named_by_its_name(bring):
    with pytest.raises(CommandError, match="a host's name, such as"):
        bring(make_export(make_item(1)), fetch_from=["https://old.example.org/"])


def test_a_full_disk_ends_the_import_which_goes_on_from_there(bring, uploaded, monkeypatch):
    media = uploaded("2019/05/x.jpg", "2019/05/y.jpg")

    def full(name, content):
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(default_storage, "save", full)
        with pytest.raises(CommandError, match="No space left on device"):
            bring(story_of_two(1), media=[media])
    bring(story_of_two(1), media=[media])
    assert Image.objects.filter(width=120).count() == 2


def test_a_dry_run_says_the_same_and_writes_no_picture(bring, uploaded):
    media = uploaded("2019/05/x.jpg")
    export = make_export(
        make_item(1, content=f'<p>W.</p>{image(5, f"{UPLOADS}/2019/05/x.jpg")}<img src="{UPLOADS}/gone.jpg">', meta=[("_thumbnail_id", "5")]),
        make_item(2, content='<a href="https://old.example.org/wp-content/uploads/paper.pdf">The paper</a>'),
        make_attachment(5, "2019/05/x.jpg"),
        make_attachment(6, "2019/05/unused.jpg"),
        make_attachment(7, "2019/05/paper.pdf"),
        make_attachment(5, "2019/05/x.jpg"),
        authors=NARGIZA,
    )  # fmt: skip
    dry, dry_is_whole = bring(export, media=[media], dry_run=True)
    assert not Image.objects.exists()
    assert not files()
    wet, is_whole = bring(export, media=[media])
    assert dry.replace("would be", "was") == wet
    assert dry_is_whole == is_whole is False
    for line in (
        "1  pictures of stories",
        "1  pictures that no story shows",
        "1  sound, video and documents",
        "1  twice in the files",
        "6  of 6 items",
        "1  lead pictures without an alternative text",
        "https://old.example.org/wp-content/uploads/paper.pdf",
    ):
        assert line in wet
    assert (
        'href="https://old.example.org/wp-content/uploads/paper.pdf"'
        in Article.objects.get(source_ref__endswith=":2").body
    )


def test_without_media_the_report_says_how_many_pictures_wait(bring):
    content = f'<p>W.</p><img src="{UPLOADS}/x.jpg">'
    report, is_whole = bring(make_export(make_item(1, content=content), authors=NARGIZA))
    assert "1  times that a story shows a picture: say with --media" in report
    assert not is_whole


def test_pictures_of_what_is_not_public_are_not_public(bring, uploaded, client):
    media = uploaded("2019/05/x.jpg", "2019/05/y.jpg")
    export = make_export(
        make_item(1, status="private", content=f'<p>W.</p><img src="{UPLOADS}/2019/05/x.jpg">', meta=[("_thumbnail_id", "6")]),
        make_attachment(6, "2019/05/y.jpg"),
        authors=NARGIZA,
    )  # fmt: skip
    bring(export, media=[media])
    story = Article.objects.get()
    assert story.lead_image is not None
    assert Use.objects.count() == 2
    assert not Image.objects.visible().exists()
    for picture in Image.objects.all():
        assert client.get(f"/media/{picture.token}/inline-120.jpg").status_code == 404
    call_command("audit_public", str(story.pk))


def test_a_lead_picture_without_alternative_text_does_not_keep_a_story_from_its_readers(
    bring, uploaded
):
    media = uploaded("2019/05/x.jpg")
    bring(
        make_export(make_item(1, meta=[("_thumbnail_id", "5")]), make_attachment(5, "2019/05/x.jpg"), authors=NARGIZA),
        media=[media],
    )  # fmt: skip
    story = Article.objects.get()
    assert story.is_live
    assert story.lead_image is not None
    assert story.modified_at == story.published_at
    assert not Redirect.objects.filter(path=story.get_absolute_url()).exists()
    assert "p=1" in Redirect.objects.values_list("query", flat=True)
    assert not Message.objects.exists()
    assert Image.objects.visible().count() == 1


def test_words_of_a_russian_story_are_kept_as_russian_ones(bring, uploaded):
    media = uploaded("2019/05/x.jpg")
    bring(
        make_export(make_item(1, terms=[("language", "ru", "Русский")], meta=[("_thumbnail_id", "5")]), make_attachment(5, "2019/05/x.jpg", caption="Перевал", alt="Дорога"), authors=NARGIZA),
        media=[media],
    )  # fmt: skip
    picture = Image.objects.get()
    assert (picture.alt, picture.alts, picture.captions) == (
        "",
        {"ru": "Дорога"},
        {"ru": "Перевал"},
    )
    assert Article.objects.get().lead_image == picture


def test_the_same_file_under_two_numbers_is_one_picture_and_each_story_has_its_caption(
    bring, uploaded
):
    media = uploaded("2019/05/x.jpg")
    export = make_export(
        make_item(1, meta=[("_thumbnail_id", "5")]),
        make_item(2, meta=[("_thumbnail_id", "6")]),
        make_attachment(5, "2019/05/x.jpg", caption="The pass"),
        make_attachment(6, "2019/05/x.jpg", caption="The pass in May"),
        authors=NARGIZA,
    )
    bring(export, media=[media])
    assert Image.objects.get().caption == "The pass"
    assert sorted(Article.objects.values_list("lead_caption", flat=True)) == ["", "The pass in May"]


def test_a_dateline_below_a_picture_is_lifted_and_printed_with_the_first_words(
    bring, uploaded, client
):
    make_organisation(name="The Times of Central Asia", short_name="TCA")
    media = uploaded("2019/05/x.jpg")
    content = f"{image(0, f'{UPLOADS}/2019/05/x.jpg')}<p>BISHKEK (TCA) — First words.</p>"
    bring(make_export(make_item(1, content=content), authors=NARGIZA), media=[media])
    story = Article.objects.get()
    assert story.dateline_place == "Bishkek"
    assert story.body.endswith("</figure><p>First words.</p>")
    page = client.get(story.get_absolute_url()).content.decode()
    assert '<p><b class="dateline"><span>Bishkek</span> (TCA)</b> — First words.' in page


# Again, and after a kill


def test_a_second_run_changes_nothing(bring, uploaded):
    media = uploaded("2019/05/x.jpg", "2019/05/y.jpg")
    export = story_of_two(1)
    bring(export, media=[media])
    before = everything(), everything_with_pictures(), files()
    report, is_whole = bring(export, media=[media])
    assert (everything(), everything_with_pictures(), files()) == before
    assert is_whole
    assert "2  pictures of stories" in report
    assert "completed" not in report


def story_of_two(number, **fields):
    fields.setdefault(
        "content",
        f'<p>One, a <a href="https://a.example.org/">link</a>.</p>'
        f"{image(5, f'{UPLOADS}/2019/05/x.jpg', 'Its own. Photo: Jo')}<p>Two.</p>",
    )
    return make_export(
        make_item(number, meta=[("_thumbnail_id", "6")], **fields),
        make_attachment(5, "2019/05/x.jpg"),
        make_attachment(6, "2019/05/y.jpg", alt="A road"),
        authors=NARGIZA,
    )


@pytest.mark.parametrize("status", ["publish", "draft"])
def test_a_run_with_pictures_completes_what_came_without_them(bring, uploaded, status):
    media = uploaded("2019/05/x.jpg", "2019/05/y.jpg")
    export = story_of_two(1, status=status)
    with transaction.atomic():
        bring(export, media=[media])
        clean = everything_with_pictures()
        transaction.set_rollback(True)
    bring(export)
    story = Article.objects.get()
    assert body.text(story.body) == "One, a link.\nIts own. Photo: Jo\nTwo."
    dry, _ = bring(export, media=[media], dry_run=True)
    assert "1  stories here already, whose pictures came now" in dry
    assert not Image.objects.exists()
    report, is_whole = bring(export, media=[media])
    assert is_whole
    assert report == dry.replace("would be", "was")
    assert everything_with_pictures() == clean
    now = Article.objects.get()
    assert now.modified_at == story.modified_at
    assert now.get_absolute_url() == story.get_absolute_url()
    assert not Message.objects.exists()
    assert Image.objects.visible().count() == (2 if status == "publish" else 0)
    before = everything(), everything_with_pictures()
    bring(export, media=[media])
    assert (everything(), everything_with_pictures()) == before


def edit_body(story):
    story.body = story.body.replace("Two.", "Two, edited.")


def edit_lead(story):
    story.lead_caption = "Chosen here"


def edit_and_take_back(story):
    edit_body(story)
    publishing.save(story, by=story.entered_by)
    publishing.record(story, by=story.entered_by)
    story.body = story.body.replace("Two, edited.", "Two.")


@pytest.mark.parametrize(("edit", "is_left"), [(edit_body, True), (edit_lead, True), (edit_and_take_back, False)])  # fmt: skip
def test_only_what_an_import_left_as_it_is_is_completed(bring, uploaded, edit, is_left):
    media = uploaded("2019/05/x.jpg", "2019/05/y.jpg")
    export = story_of_two(1)
    bring(export)
    story = Article.objects.get()
    edit(story)
    publishing.save(story, by=story.entered_by)
    publishing.record(story, by=story.entered_by)
    before = Article.objects.values().get()
    report, _ = bring(export, media=[media])
    if is_left:
        assert Article.objects.values().get() == before
        assert "1  stories changed here since they came" in report
    else:
        assert "whose pictures came now" in report
        assert Article.objects.get().lead_image is not None


def linking_story(number, **fields):
    return story_of_two(
        number,
        content=f'<p>One: <a href="{SITE}/news/snow/">snow</a>, <a href="{SITE}/news/ice/">ice</a>.</p>'
        f"{image(5, f'{UPLOADS}/2019/05/x.jpg', 'Its own. Photo: Jo')}"
        f'<p>Two.</p>[gallery ids="5,6"]',
        **fields,
    )


@pytest.mark.parametrize("status", ["publish", "draft"])
@pytest.mark.parametrize("is_link_first", [True, False])
def test_links_of_a_story_that_was_completed_are_led_on(bring, uploaded, status, is_link_first):
    media = uploaded("2019/05/x.jpg", "2019/05/y.jpg")
    export = linking_story(1, status=status)
    ice = make_export(make_item(2, link=f"{SITE}/news/ice/"), authors=NARGIZA)
    snow = make_export(make_item(3, link=f"{SITE}/news/snow/"), authors=NARGIZA)
    bring(export)
    if is_link_first:
        bring(ice)
    bring(export, media=[media])
    bring(ice)
    bring(snow)
    story = Article.objects.get(source_ref__endswith=":1")
    assert len(body.images_in(story.body)) == 2
    led = re.findall(r'<a href="([^"]*)"', story.body)
    assert led == ["/2019/05/04/story-3/", "/2019/05/04/story-2/"]
    for revision in story.revisions.all():
        assert re.findall(r'<a href="([^"]*)"', revision.content["fields"]["body"]) == led
    assert story.revisions.first().content["fields"]["body"] == story.body
    oldest = story.revisions.last().content["fields"]["body"]
    assert body.images_in(oldest) == []
    assert "<p>Its own. Photo: Jo</p>" in oldest
    before = everything(), everything_with_pictures()
    bring(export, media=[media])
    assert (everything(), everything_with_pictures()) == before


@pytest.mark.parametrize("reason", ["", "import", "publish"])
def test_links_in_words_that_somebody_edited_after_the_pictures_came_stay(bring, uploaded, reason):
    media = uploaded("2019/05/x.jpg", "2019/05/y.jpg")
    export = linking_story(1)
    bring(export)
    bring(export, media=[media])
    story = Article.objects.get()
    edit_body(story)
    publishing.save(story, by=story.entered_by)
    publishing.record(story, by=story.entered_by, reason=reason)
    before = Article.objects.values().get()
    bring(make_export(make_item(2, link=f"{SITE}/news/ice/"), authors=NARGIZA))
    assert Article.objects.values().get(source_ref__endswith=":1") == before


def test_a_picture_that_was_taken_out_here_does_not_come_back(bring, uploaded):
    media = uploaded("2019/05/x.jpg", "2019/05/y.jpg")
    export = story_of_two(1)
    bring(export, media=[media])
    story = Article.objects.get()
    story.lead_image, story.body = None, "<p>One.</p>"
    publishing.save(story, by=story.entered_by)
    publishing.record(story, by=story.entered_by)
    bring(export, media=[media])
    story.refresh_from_db()
    assert (story.lead_image, story.body) == (None, "<p>One.</p>")


def test_the_words_of_a_picture_that_were_edited_here_stay(bring, uploaded):
    media = uploaded("2019/05/x.jpg", "2019/05/y.jpg")
    bring(story_of_two(1), media=[media])
    Image.objects.filter(source_ref__endswith="y.jpg").update(alt="Edited here", caption="Here")
    bring(make_export(make_item(2, meta=[("_thumbnail_id", "6")]), make_attachment(6, "2019/05/y.jpg", alt="A road"), authors=NARGIZA), media=[media])  # fmt: skip
    assert Image.objects.get(source_ref__endswith="y.jpg").alt == "Edited here"


class Killed(BaseException):
    pass


@pytest.mark.parametrize("place", ["row", "half a file", "file", "kept", "story"])
def test_killed_at_any_point_it_goes_on_to_one_picture_and_one_file_each(
    bring, uploaded, monkeypatch, place
):
    media = uploaded("2019/05/x.jpg", "2019/05/y.jpg")
    export = story_of_two(1)

    def dying(*arguments, **options):
        raise Killed

    with monkeypatch.context() as patched:
        save, keep = default_storage.save, uploads.bring
        if place == "row":
            patched.setattr(default_storage, "save", dying)
        elif place == "half a file":

            def half(name, content):
                content.file.truncate(20)
                save(name, content)
                raise Killed

            patched.setattr(default_storage, "save", half)
        elif place == "file":

            def whole(name, content):
                save(name, content)
                raise Killed

            patched.setattr(default_storage, "save", whole)
        elif place == "kept":

            def kept(*arguments, **options):
                keep(*arguments, **options)
                raise Killed

            patched.setattr("articles.interchange.pictures.bring", kept)
        else:
            patched.setattr(arrivals, "arrive", dying)
        with pytest.raises(Killed):
            bring(export, media=[media])
    assert not Article.objects.exclude(source_ref=None).exists()
    known = set(Image.objects.values_list("file", flat=True))
    assert set(files()) <= known
    bring(export, media=[media])
    assert Image.objects.count() == 2
    assert files() == sorted(Image.objects.values_list("file", flat=True))
    assert all(Image.objects.values_list("width", flat=True))
    for picture in Image.objects.all():
        with picture.file.open() as file:
            assert len(file.read()) > 100
    assert len(body.images_in(Article.objects.get().body)) == 1


def test_a_source_is_asked_once_for_a_picture_that_many_stories_miss(bring, uploaded, monkeypatch):
    media = uploaded("2019/05/broken.jpg", content=b"\xff\xd8\xff\xe0 no picture")
    asked = []
    look = Pictures._file
    monkeypatch.setattr(
        Pictures, "_file", lambda self, picture: asked.append(1) or look(self, picture)
    )
    items = [make_item(n, content=f'<p>W.</p><img src="{UPLOADS}/2019/05/broken.jpg">') for n in range(1, 5)]  # fmt: skip
    report, _ = bring(make_export(*items, authors=NARGIZA), media=[media])
    assert asked == [1]
    assert "4  pictures whose file cannot be used" in report


def test_what_the_file_says_of_place_and_caption_is_not_printed(bring, uploaded, client):
    exif = PIL.Image.Exif()
    exif[0x010E], exif[0x013B] = "Secret caption", "Jo Smith"
    exif.get_ifd(0x8825)[1] = "N"
    uploaded("2019/05/x.jpg", content=picture_bytes(120, 80, exif=exif))
    media = uploaded()
    bring(make_export(make_item(1, content=f'<p>W.</p><img src="{UPLOADS}/2019/05/x.jpg">'), authors=NARGIZA), media=[media])  # fmt: skip
    picture = Image.objects.get()
    assert (picture.caption, picture.creator) == ("", "Jo Smith")
    served = client.get(f"/media/{picture.token}/inline-120.jpg")
    assert served.status_code == 200
    assert b"Secret" not in served.content


def test_records_that_are_no_data_are_counted_and_the_picture_comes(bring, uploaded):
    media = uploaded("2019/05/x.jpg")
    evil = ("_wp_attachment_metadata", 'O:8:"Gadget":1:{s:4:"file";s:1:"x";}')
    report, is_whole = bring(
        make_export(make_item(1, content='<p>W.</p>[gallery ids="5"]'), make_attachment(5, "2019/05/x.jpg", meta=[evil]), authors=NARGIZA),
        media=[media],
    )  # fmt: skip
    assert is_whole
    assert "1  records of pictures (PHP) that could not be read" in report
    assert Image.objects.count() == 1


# From the old host


def bring_from(host, tmp_path, *items, by, also=("127.0.0.1", "::1")):
    """Imports an export of a site that stands at ``host``, as the command does; gives the report."""
    path = tmp_path / "fetched.xml"
    path.write_text(make_export(*items, authors=NARGIZA, site=host.at))
    known = Library()
    survey = wordpress.survey([path], known)
    said = Report(survey.items, is_dry_run=by is None)
    fetcher = Fetcher(["localhost"], also=also, ports=(host.server_port,), pauses=())
    pictures = Pictures(known, said, fetcher=fetcher, by=by)
    importer = Importer(mappings.suggested(survey), said, pictures, by=by)
    for item in wordpress.items([path]):
        if not wordpress.is_left_out(item):
            importer.bring(wordpress.story(item, site_zone(), timezone.now(), known))
    pictures.count()
    return said.text()


def test_pictures_are_fetched_once_and_what_is_not_there_is_named(host, tmp_path, bring):
    by = User.objects.get(username="nurgul")
    uploads = f"{host.at}/wp-content/uploads/2019/05"
    host.answers |= {
        "/wp-content/uploads/2019/05/x.jpg": picture_bytes(120, 80),
        "/wp-content/uploads/2019/05/y-300x200.jpg": picture_bytes(90, 60),
        "/wp-content/uploads/2019/05/page.jpg": b"<!doctype html><html>Not here</html>",
    }
    content = "<p>W.</p>" + "".join(
        f'<img src="{uploads}/{name}">'
        for name in ("x-300x200.jpg", "y-300x200.jpg", "page.jpg", "gone.jpg")
    )
    items = [make_item(n, content=content) for n in (1, 2)]
    known = make_attachment(5, "2019/05/x.jpg", attachment_url=f"{uploads}/x.jpg")
    dry = bring_from(host, tmp_path, *items, known, by=None)
    assert host.asked == []
    assert "1  pictures of stories, to be fetched" in dry
    assert "8  pictures for which the old host would be asked" in dry
    report = bring_from(host, tmp_path, *items, known, by=by)
    assert sorted(Image.objects.values_list("width", flat=True)) == [90, 120]
    assert "gone.jpg: the host answers 404" in report
    assert "page.jpg: This file is not a picture" in report
    asked = len(host.asked)
    assert asked == len({path for path, _ in host.asked})
    bring_from(host, tmp_path, *items, known, by=by)
    # Of what is here nobody asks again, of what was missing once more.
    assert {path.rpartition("/")[2] for path, _ in host.asked[asked:]} == {"page.jpg", "gone.jpg"}


def test_no_option_of_the_command_opens_this_machine_or_its_network(bring, host):
    host.answers["/wp-content/uploads/x.jpg"] = picture_bytes(120, 80)
    content = f'<p>W.</p><img src="http://localhost:{host.server_port}/wp-content/uploads/x.jpg"><img src="http://localhost/wp-content/uploads/y.jpg">'
    report, is_whole = bring(
        make_export(make_item(1, content=content), site=host.at, authors=NARGIZA),
        fetch_from=["localhost"],
    )
    assert not is_whole
    assert host.asked == []
    assert "it leads into a private network" in report
    assert f"port {host.server_port} is not asked" in report
