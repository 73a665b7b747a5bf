"""Renditions drawn beside the work of the server, before anybody asks for them."""

import datetime
import threading

import pytest
from django.core.files.storage import FileSystemStorage, default_storage
from django.test import Client
from django.utils import timezone

from articles import people, publishing
from articles.models import Article
from images import ahead
from images.models import Image
from images.renditions import RECIPES, rendition_url, widths
from newsroom import chrome
from tests.articles.test_desk import signed_in
from tests.factories import chief, make_article, make_author, make_house, make_image
from tests.images.test_library import change, photo, typed

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def drawing():
    ahead.begin(chrome.as_printed)
    yield
    ahead.end()


def kept(image):
    """Names of the files of a picture, when all that waits has been drawn."""
    ahead.end()
    ahead.begin(chrome.as_printed)
    try:
        return set(default_storage.listdir(f"renditions/{image.token[:2]}/{image.token}")[1])
    except FileNotFoundError:
        return set()


def ask_for_all(image, recipes):
    return {
        Client().get(rendition_url(image, recipe, width, format)).status_code
        for recipe in recipes
        for width in widths(image, recipe)
        for format in RECIPES[recipe].formats
    }


SEEN = ("hero", "hero-phone", "lead", "feature", "card", "rail", "thumb")
SEEN += ("social", "classic", "square")


def test_what_a_story_shows_is_drawn_before_its_first_reader_comes(drawing):
    image, face = make_image(700, 500, credit="Jo Smith"), make_image(300, 300)
    body = make_image(500, 400)
    make_article(
        lead_image=image,
        authors=[make_author(portrait=face)],
        body=f'<figure data-image="{body.pk}"></figure><p>Words.</p>',
    )
    drawn = kept(image)
    assert len(drawn) == 9

    assert ask_for_all(image, SEEN) == {200}
    assert kept(image) == drawn  # none was missing
    drawn = kept(face)
    assert ask_for_all(face, ("byline", "portrait", "portrait-large")) == {200}
    assert kept(face) == drawn


def test_a_scheduled_story_has_its_pictures_ready_and_a_draft_has_none(drawing):
    scheduled, draft = make_image(400, 300), make_image(400, 300)
    story = make_article(status="draft", lead_image=scheduled)
    make_article(status="draft", lead_image=draft)
    publishing.publish(story, by=chief(), at=timezone.now() + datetime.timedelta(hours=5))

    assert kept(scheduled)
    assert not kept(draft)
    assert Client().get(rendition_url(scheduled, "card", 320)).status_code == 404


def test_a_point_that_is_moved_and_a_new_file_are_drawn_again(drawing):
    desk = signed_in()
    image = make_image(400, 300)
    make_article(lead_image=image)
    before = kept(image)

    desk.post(change(image), typed(image, focal_x=0.1))
    moved = kept(image)
    desk.post(change(image), typed(image, file=photo()))
    replaced = Image.objects.get(pk=image.pk)

    assert moved > before
    assert replaced.token != image.token
    assert kept(replaced)
    assert not kept(image)


def test_who_is_hidden_is_in_no_file_that_is_drawn_ahead(drawing):
    make_house(name="The House")
    people.hide(make_author(name="Aigul Saparova"), by=chief())
    image = make_image(400, 300, credit="Aigul Saparova")
    make_article(lead_image=image)

    drawn = kept(image)

    for name in drawn:
        with default_storage.open(f"renditions/{image.token[:2]}/{image.token}/{name}") as file:
            content = file.read()
        assert b"Saparova" not in content
        assert b"The House" in content
    Client().get(rendition_url(image, "card", 320))
    assert kept(image) == drawn


def test_nobody_waits_and_the_database_is_free_while_it_draws(drawing, monkeypatch):
    gate, held = threading.Event(), []
    save = FileSystemStorage.save

    def save_when_let(storage, *arguments, **named):
        if threading.current_thread().name == "pictures" and not held:
            held.append(gate.wait(60))
        return save(storage, *arguments, **named)

    other, image = make_article(), make_image(1600, 1200)
    monkeypatch.setattr(FileSystemStorage, "save", save_when_let)
    make_article(lead_image=image)

    # It is drawn at this moment, and stories can be written.
    assert any(thread.name == "pictures" for thread in threading.enumerate())
    publishing.withdraw(Article.objects.get(pk=other.pk), by=chief(), reason="A figure was wrong.")
    gate.set()

    assert len(kept(image)) == 21
    assert held == [True]  # the gate was opened, not waited out
    assert not any(thread.name == "pictures" for thread in threading.enumerate())


def test_a_missing_or_broken_file_stops_nothing(drawing):
    missing, broken, good = (make_image(400, 300) for _ in range(3))
    default_storage.delete(missing.file.name)
    with open(broken.file.path, "wb") as file:
        file.write(b"\xff\xd8 no picture")
    for image in (missing, broken, good):
        make_article(lead_image=image)

    assert kept(good)
    assert not kept(missing) | kept(broken)


def test_a_picture_whose_file_is_replaced_while_it_is_drawn_leaves_nothing_behind(drawing):
    image = make_image(400, 300)
    make_article(lead_image=image)
    kept(image)
    use = image.uses.select_related("image").first()
    Image.objects.filter(pk=image.pk).update(token="0" * 32)

    ahead.draw_for([use])

    assert not kept(image)


def test_more_than_it_can_hold_is_left_to_the_first_request(drawing):
    gate, done = threading.Event(), []

    def wait():
        gate.wait(20)
        done.append(1)
        return []

    for _ in range(ahead.MOST_WAITING + 50):
        ahead.later(wait)
    gate.set()
    ahead.end()

    assert ahead.MOST_WAITING <= len(done) <= ahead.MOST_WAITING + 1


def test_a_process_that_does_not_serve_draws_nothing_ahead():
    image = make_image(400, 300)
    make_article(lead_image=image)

    assert not default_storage.exists("renditions")
    assert ask_for_all(image, ["card"]) == {200}
    assert not any(thread.name == "pictures" for thread in threading.enumerate())
