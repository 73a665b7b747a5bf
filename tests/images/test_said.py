"""What the files that readers get say: credit and copyright as they are printed, and nothing else."""

import io
import itertools

import PIL.Image
import pytest
from django.core.files.storage import default_storage
from django.test import Client
from django.utils import timezone

from articles import people
from images.models import record_uses
from images.printing import masked
from images.renditions import draw, label, rendition_url
from images.words import Words, read_words
from tests.articles.test_desk import signed_in
from tests.factories import chief, make_author, make_house, make_image

pytestmark = pytest.mark.django_db
NAMES = ["Jo Smith / Agency", "Айгүл Сапарова / Жаңылык", 'A & B <c> "d" \'', "Zoë – 写真"]


def make_live(**fields):
    image = make_image(600, 400, **fields)
    record_uses(f"story {image.pk}", [(image.pk, "lead", timezone.now())])
    return image


def said(content):
    return read_words(io.BytesIO(content))


def asked(image, format="jpg"):
    return Client().get(rendition_url(image, "card", 480, format))


@pytest.mark.parametrize("format", ["avif", "jpg"])
@pytest.mark.parametrize("name", NAMES)
def test_a_file_says_credit_and_copyright_in_any_script(name, format):
    image = make_live(credit=name, copyright=f"© {name}", creator="Secret", caption="Secret")

    content = asked(image, format).content

    words = said(content)
    assert (words.credit, words.copyright) == (name, f"© {name}")
    assert b"Secret" not in content
    with PIL.Image.open(io.BytesIO(content)) as picture:
        assert name.split()[0].encode() in picture.info["xmp"]
        exif = {tag: value.encode("latin-1").decode() for tag, value in picture.getexif().items()}
    artist = {0x013B: name, 0x8298: f"© {name}"}
    assert exif == (artist if format == "jpg" else {})


@pytest.mark.parametrize("format", ["avif", "jpg"])
def test_a_picture_without_words_says_nothing(format):
    content = asked(make_live(), format).content

    assert said(content) == Words()
    with PIL.Image.open(io.BytesIO(content)) as picture:
        assert not {"xmp", "exif"} & set(picture.info)


def test_every_two_that_say_something_else_are_two_files():
    several = [
        make_image(credit=credit, copyright=copyright)
        for credit, copyright in [("", ""), ("A", ""), ("", "A"), ("A", "A"), ("AA", "")]
    ]
    labels = [label(image, "card", 480, "jpg") for image in several]

    assert all(one != other for one, other in itertools.combinations(labels, 2))


def test_a_credit_that_is_changed_comes_in_a_new_file():
    image = make_live(credit="Jo Smith")
    before = asked(image)

    image.credit = "Al Miller"
    image.save()
    again = Client().get(
        rendition_url(image, "card", 480), headers={"if-none-match": before.headers["ETag"]}
    )

    assert again.status_code == 200
    assert said(again.content).credit == "Al Miller"


@pytest.mark.parametrize("format", ["avif", "jpg"])
def test_who_is_hidden_leaves_the_files_as_well(format):
    make_house(name="The House")
    person = make_author(name="Айгүл Сапарова")
    image = make_live(credit="Айгүл Сапарова / Agency", copyright="© Айгүл Сапарова")
    before = asked(image, format)
    assert said(before.content).credit == "Айгүл Сапарова / Agency"

    people.hide(person, by=chief())
    after = asked(image, format)

    assert after.headers["ETag"] != before.headers["ETag"]
    assert said(after.content).credit == "The House / Agency"
    assert said(after.content).copyright == "© The House"
    assert "Сапарова".encode() not in after.content
    signed = signed_in().get(rendition_url(image, "card", 480, format, signed=True))
    assert said(signed.content).credit == "The House / Agency"
    people.show(person, by=chief())
    assert asked(image, format).content == before.content


def test_a_rendition_without_words_is_served_in_one_query(django_assert_num_queries):
    plain, credited = make_live(), make_live(credit="Jo Smith")
    for image in (plain, credited):
        asked(image)

    with django_assert_num_queries(1):
        asked(plain)
    with django_assert_num_queries(2):  # and who is hidden
        asked(credited)


def test_what_is_drawn_is_what_the_name_of_its_file_says():
    image = make_image(600, 400, credit="Jo Smith")
    with masked(lambda words: words.replace("Jo Smith", "The House")):
        name, content = label(image, "card", 480, "jpg"), draw(image, "card", 480, "jpg")

    assert name != label(image, "card", 480, "jpg")
    assert said(content).credit == "The House"
    assert not default_storage.exists("renditions")


def test_no_file_with_the_name_of_a_hidden_person_is_left(django_capture_on_commit_callbacks):
    make_house()
    person = make_author(name="Jo Smith", aliases=["Джо Смит"])
    theirs = [make_live(credit="Photo: Jo Smith"), make_live(copyright="© Джо Смит, 2026")]
    anothers = make_live(credit="Ann Lee")
    for image in [*theirs, anothers]:
        assert asked(image).status_code == 200

    with django_capture_on_commit_callbacks(execute=True):
        people.hide(person, by=chief())

    folders = [f"renditions/{i.token[:2]}/{i.token}" for i in [*theirs, anothers]]
    assert [default_storage.exists(folder) for folder in folders] == [False, False, True]
    for image in theirs:
        answer = asked(image)
        assert answer.status_code == 200
        assert "Smith" not in said(answer.content).credit + said(answer.content).copyright
