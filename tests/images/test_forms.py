"""Filing a picture: what the form refuses, and what it keeps."""

import datetime

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from images.forms import ImageForm
from images.models import Image
from tests.factories import make_image, picture_bytes

pytestmark = pytest.mark.django_db

WORDS = {"alt": "A lake under a glacier", "caption": "The lake in August.", "credit": "A. Person"}


def filed(words, *, name="photo.jpg", content=None, instance=None):
    """A form as it is sent; with a new file unless ``instance`` keeps its own."""
    files = {}
    if content is not None or instance is None:
        files["file"] = SimpleUploadedFile(name, content or picture_bytes(60, 40))
    return ImageForm(words, files, instance=instance)


def codes(form):
    """The codes of what is wrong: ``{"alt": ["caption"]}``."""
    return {name: [e.code for e in errors] for name, errors in form.errors.as_data().items()}


def test_a_picture_is_kept_with_its_size_and_its_words_in_both_languages():
    form = filed(WORDS | {"alt_ru": "Озеро", "caption_ru": "Озеро в августе.", "focal_x": "0.2"})

    image = form.save()

    image.refresh_from_db()
    assert (image.width, image.height) == (60, 40)
    assert (image.focal_x, image.focal_y) == (0.2, 0.5)
    assert (image.alt, image.alts) == ("A lake under a glacier", {"ru": "Озеро"})
    assert image.captions == {"ru": "Озеро в августе."}
    assert image.file.name == f"originals/{image.token[:2]}/{image.token}.jpg"
    assert default_storage.exists(image.file.name)


def test_words_of_a_further_language_are_shown_and_can_be_taken_away():
    image = make_image(alts={"ru": "Озеро", "ky": "Көл"}, captions={"ru": "В августе"})
    assert 'value="Озеро"' in ImageForm(instance=image)["alt_ru"].as_widget()

    filed(WORDS | {"alt_ru": "", "caption_ru": "В июле"}, instance=image).save()

    image.refresh_from_db()
    assert image.alts == {"ky": "Көл"}
    assert image.captions == {"ru": "В июле"}


def test_another_file_gives_other_addresses():
    image = make_image()
    before = image.token

    filed(WORDS, content=picture_bytes(90, 50, "PNG"), name="other.png", instance=image).save()

    image.refresh_from_db()
    assert image.token != before
    assert (image.width, image.height) == (90, 50)
    assert image.token in image.file.name


def test_other_words_leave_the_addresses_as_they_are():
    image = make_image()
    before = (image.token, image.file.name, image.width)

    filed(WORDS, instance=image).save()

    image.refresh_from_db()
    assert (image.token, image.file.name, image.width) == before
    assert image.credit == "A. Person"


def test_what_is_no_picture_is_refused_on_its_field():
    assert codes(filed(WORDS, content=b"<svg/>", name="a.jpg")) == {"file": ["no_picture"]}
    assert codes(filed(WORDS, content=picture_bytes(300, 200)[:-100])) == {"file": ["damaged"]}
    assert "file" in codes(ImageForm(WORDS, {}))


@pytest.mark.parametrize(
    "alt",
    [
        "IMG_1234.jpg",
        "img_1234",
        "DSC 0042",
        "P1010023",
        "Screenshot 2026-11-23 10.15.jpeg",
        "my holiday.PNG",
        "naryn_flood_2",
        "20261123",
    ],
)
@pytest.mark.parametrize("field", ["alt", "alt_ru"])
def test_the_name_of_a_file_says_nothing_to_who_cannot_see_it(alt, field):
    form = filed(WORDS | {field: alt}, name="naryn_flood_2.jpg")

    assert codes(form) == {field: ["file_name"]}


@pytest.mark.parametrize(
    ("alt", "caption"),
    [("The lake in August", "The lake in August."), ("the  lake in august", "The lake in August")],
)
def test_the_caption_again_says_nothing_new(alt, caption):
    assert codes(filed({"alt": alt, "caption": caption})) == {"alt": ["caption"]}
    assert codes(filed(WORDS | {"alt_ru": alt, "caption_ru": caption})) == {"alt_ru": ["caption"]}


@pytest.mark.parametrize(
    "alt", ["", "Bishkek", "Image of a lake", "Two men in 2026", "Photo finish"]
)
def test_plain_words_are_taken(alt):
    assert codes(filed({"alt": alt, "caption": ""}, name="bishkek.jpg")) == {}


def test_characters_that_no_text_holds_are_left_out():
    form = filed(
        {"alt": "A\x00 lake", "caption": "In\x00\x08 August,\r\nat dawn", "alt_ru": "Озе\x00ро"}
    )

    image = form.save()

    assert (image.alt, image.caption) == ("A lake", "In August,\r\nat dawn")
    assert image.alts == {"ru": "Озеро"}


@pytest.mark.parametrize("value", ["1.01", "-0.1", "nan", "inf", "left"])
def test_a_focal_point_lies_in_the_picture(value):
    assert list(codes(filed(WORDS | {"focal_x": value}))) == ["focal_x"]


def test_rights_that_run_out_are_entered_in_one_field_in_the_zone_of_the_site(settings):
    settings.TIME_ZONE = "Asia/Bishkek"

    image = filed(WORDS | {"rights_expire_at": "2026-12-31T18:30"}).save()

    assert image.rights_expire_at == datetime.datetime(2026, 12, 31, 12, 30, tzinfo=datetime.UTC)
    with timezone.override("Asia/Bishkek"):
        shown = ImageForm(instance=image)["rights_expire_at"].as_widget()
    assert 'value="2026-12-31T18:30"' in shown
    assert 'type="datetime-local"' in shown


def test_the_form_never_shows_where_the_original_is():
    image = Image(width=60, height=40)
    image.file.name = f"originals/{image.token[:2]}/{image.token}.jpg"

    assert image.token not in ImageForm(instance=image).as_p()
