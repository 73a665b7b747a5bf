"""The library on the desk: found, narrowed, where used, replaced, deleted."""

import datetime

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from articles import publishing, versions
from articles.models import Article, Revision
from images.models import Image
from images.renditions import rendition_file, rendition_url
from tests.articles.test_desk import signed_in
from tests.factories import (
    chief,
    make_article,
    make_author,
    make_image,
    make_user,
    picture_bytes,
)

pytestmark = pytest.mark.django_db
LIBRARY = "/admin/images/image/"
UPLOAD = f"{LIBRARY}upload/"
DAY = datetime.timedelta(days=1)


def shown(client, query=""):
    """Captions of the pictures in the library, the newest first."""
    return [image.caption for image in client.get(f"{LIBRARY}{query}").context["pictures"]]


def change(image):
    return f"{LIBRARY}{image.pk}/change/"


def typed(image, **fields):
    return {
        "alt": image.alt,
        "caption": image.caption,
        "credit": image.credit,
        "focal_x": image.focal_x,
        "focal_y": image.focal_y,
        "may_be_passed_on": "on",
    } | fields


def photo(name="photo.jpg", **options):
    return SimpleUploadedFile(name, picture_bytes(90, 60, **options))


@pytest.mark.parametrize("words", ["паром", "ПАРОМ", "ferry", "agency", "smith", "ПИРС"])
def test_a_picture_is_found_by_all_its_words_in_any_case(words):
    make_image(caption="Паром у причала", alt="A ferry, пирс", credit="Agency", creator="Jo Smith")
    make_image(caption="Other")
    assert shown(signed_in(), f"?q={words}") == ["Паром у причала"]


def test_the_library_is_narrowed_to_what_needs_a_look():
    client = signed_in()
    now = timezone.now()
    make_image(caption="bare", alt="")
    make_image(caption="ending", rights_expire_at=now + 13 * DAY)
    make_image(caption="later", rights_expire_at=now + 15 * DAY)
    make_image(caption="ended", rights_expire_at=now - DAY)
    make_image(caption="mine", entered_by=client.user)
    make_article(status="draft", lead_image=make_image(caption="used"))
    assert set(shown(client)) == {"bare", "ending", "later", "ended", "mine", "used"}
    assert set(shown(client, "?show=ending")) == {"ending", "ended"}
    assert shown(client, "?show=without_alt") == ["bare"]
    assert shown(client, "?show=mine") == ["mine"]
    assert "used" not in shown(client, "?show=unused")
    assert len(shown(client, "?show=unused")) == 5
    assert len(shown(client, "?show=nothing")) == 6


def test_a_picture_says_where_it_stands():
    image = make_image()
    live = make_article(headline="Ferry queue", lead_image=image)
    make_article(
        status="draft",
        headline="A draft of it",
        body=f'<p>Text</p><figure data-image="{image.pk}"></figure>',
    )
    person = make_author(name="Ann Other", portrait=image)
    person.record_portrait()
    client = signed_in()
    for page in (client.get(LIBRARY), client.get(change(image))):
        text = page.content.decode()
        assert f'<a href="/admin/articles/article/{live.pk}/change/">Ferry queue</a>' in text
        assert "lead picture · Live" in text
        assert "A draft of it" in text
        assert "in the text · Draft" in text
        assert f'<a href="/admin/authors/author/{person.pk}/change/">Ann Other</a>' in text
    # A reporter sees that there is such a draft, and cannot open it.
    text = signed_in("reporter").get(LIBRARY).content.decode()
    assert "A draft of it" in text
    assert ">A draft of it</a>" not in text


def test_a_restricted_story_is_not_named_to_those_it_is_closed_to():
    image = make_image(caption="Known")
    make_article(headline="Open one", lead_image=image)
    closed = make_article(status="draft", headline="ZYZZYVA", lead_image=image)
    insider = make_user("editor")
    publishing.restrict(closed, by=chief(), people=[insider])
    for client in (signed_in("reporter"), signed_in("editor")):
        for path in (LIBRARY, change(image)):
            text = client.get(path).content.decode()
            assert "Open one" in text
            assert "ZYZZYVA" not in text
    assert "ZYZZYVA" in signed_in(insider).get(LIBRARY).content.decode()


def test_the_library_costs_the_same_with_one_picture_and_with_three(
    django_assert_max_num_queries, django_assert_num_queries
):
    client = signed_in()
    used = make_image()
    make_article(lead_image=used)
    make_author(portrait=used).record_portrait()
    client.get(LIBRARY)
    with django_assert_max_num_queries(30) as once:
        client.get(LIBRARY)
    for _ in range(2):
        more = make_image()
        make_article(lead_image=more)
        make_article(status="draft", lead_image=more)
        make_author(portrait=more).record_portrait()
    with django_assert_num_queries(len(once)):
        assert len(client.get(LIBRARY).context["pictures"]) == 3


# Delete


def test_what_nothing_uses_can_be_deleted_and_its_files_go_with_it(
    django_capture_on_commit_callbacks,
):
    image = make_image()
    kept = rendition_file(image, "card", 480, "jpg")
    client = signed_in()
    assert client.get(f"{LIBRARY}{image.pk}/delete/").status_code == 200
    with django_capture_on_commit_callbacks(execute=True):
        client.post(f"{LIBRARY}{image.pk}/delete/", {"post": "yes"})
    assert not Image.objects.exists()
    assert not default_storage.exists(kept)
    assert not default_storage.exists(image.file.name)


@pytest.mark.parametrize("kind", ["live", "draft", "withdrawn", "portrait", "next", "next text"])
def test_what_is_in_use_is_kept(kind):
    image = make_image()
    if kind == "portrait":
        make_author(portrait=image).record_portrait()
    elif kind.startswith("next"):
        story = make_article()
        story.lead_image = image if kind == "next" else None
        if kind == "next text":
            story.body += f'<figure data-image="{image.pk}"></figure>'
        Revision.objects.create(
            article=story, version=9, content=versions.snapshot(story), state="working"
        )
    else:
        make_article(
            status={"live": "published"}.get(kind, kind), headline="Of it", lead_image=image
        )
    client = signed_in()
    for method in (client.get, client.post):
        response = method(f"{LIBRARY}{image.pk}/delete/", {"post": "yes"}, follow=True)
        assert "The picture is in use and is kept." in response.content.decode()
    assert "deletelink" not in client.get(change(image)).content.decode()
    assert Image.objects.filter(pk=image.pk).exists()


def test_what_the_desk_says_after_a_step_is_said_in_the_language_of_whoever_took_it():
    image = make_image()
    make_article(lead_image=image)
    client = signed_in()
    client.user.language = "ru"
    client.user.save()
    page = client.get(f"{LIBRARY}{image.pk}/delete/", follow=True).content.decode()
    assert "Изображение используется" in page
    assert "The picture is in use" not in page


def test_a_reporter_deletes_own_pictures_only():
    client = signed_in("reporter")
    own, other = make_image(entered_by=client.user), make_image()
    assert client.post(f"{LIBRARY}{other.pk}/delete/", {"post": "yes"}).status_code == 403
    client.post(f"{LIBRARY}{own.pk}/delete/", {"post": "yes"})
    assert list(Image.objects.all()) == [other]


# Replace


def test_a_new_file_stands_everywhere_and_the_old_addresses_lead_nowhere(
    django_capture_on_commit_callbacks,
):
    image = make_image()
    story = make_article(lead_image=image)
    old, kept = rendition_url(image, "card", 480, "jpg"), rendition_file(image, "card", 480, "jpg")
    reader = Client()
    assert reader.get(old).status_code == 200
    with django_capture_on_commit_callbacks(execute=True):
        response = signed_in().post(change(image), typed(image, file=photo()), follow=True)
    assert "The new file is in every place." in response.content.decode()
    new = Image.objects.get()
    assert new.token != image.token
    assert (new.width, new.height) == (90, 60)
    assert reader.get(old).status_code == 404
    page = reader.get(story.get_absolute_url()).content.decode()
    assert new.token in page
    assert image.token not in page
    assert reader.get(rendition_url(new, "card", None, "jpg")).status_code == 200
    assert not default_storage.exists(kept)
    assert not default_storage.exists(image.file.name)
    assert default_storage.exists(new.file.name)


def test_a_file_that_is_refused_replaces_nothing():
    image = make_image()
    signed_in().post(change(image), typed(image, file=SimpleUploadedFile("a.jpg", b"<svg/>")))
    image.refresh_from_db()
    assert default_storage.exists(image.file.name)
    assert image.width == 1600


# Rights


@pytest.mark.parametrize("place", ["lead", "body", "portrait"])
def test_a_picture_leaves_every_public_page_at_the_minute_its_rights_end(place, time_machine):
    ends = datetime.datetime(2027, 3, 1, 12, 0, tzinfo=datetime.UTC)
    image = make_image(rights_expire_at=ends)
    if place == "portrait":
        person = make_author(portrait=image, is_listed=True)
        story = make_article(authors=[person])
        person.record_portrait()
    elif place == "lead":
        story = make_article(lead_image=image)
    else:
        story = make_article(body=f'<p>A</p><figure data-image="{image.pk}"></figure>')
    address = rendition_url(image, "card", 480, "jpg")
    pages = ["/", "/rss.xml", "/authors/", story.get_absolute_url()]
    pages += [byline.author.get_absolute_url() for byline in story.bylines.all()]
    pages += [story.section.get_absolute_url()]
    reader = Client()

    def seen():
        return {path for path in pages if image.token in reader.get(path).content.decode()}

    time_machine.move_to(ends - datetime.timedelta(seconds=1), tick=False)
    assert story.get_absolute_url() in seen()
    assert reader.get(address).status_code == 200
    time_machine.move_to(ends, tick=False)
    assert seen() == set()
    assert reader.get(address).status_code == 404


def test_editors_are_warned_of_rights_that_end_within_two_weeks():
    now = timezone.now()
    soon = make_image(caption="Ends soon", rights_expire_at=now + 13 * DAY)
    make_article(lead_image=soon)
    make_article(lead_image=make_image(caption="Ended", rights_expire_at=now - DAY))
    make_article(lead_image=make_image(caption="Later", rights_expire_at=now + 15 * DAY))
    make_image(caption="Unused", rights_expire_at=now)
    text = signed_in().get("/admin/").content.decode()
    assert text.index("Ended") < text.index("Ends soon")
    assert "readers no longer see it" in text
    assert "Later" not in text
    assert "Unused" not in text
    assert "Ends soon" not in signed_in("reporter").get("/admin/").content.decode()


def test_the_warning_says_nothing_of_pictures_of_closed_stories():
    image = make_image(caption="ZYZZYVA", rights_expire_at=timezone.now())
    story = make_article(status="draft", lead_image=image)
    publishing.restrict(story, by=chief(), people=[make_user("editor")])
    assert "ZYZZYVA" not in signed_in().get("/admin/").content.decode()
    assert "ZYZZYVA" in signed_in("chief editor").get("/admin/").content.decode()


# Upload


def test_many_files_are_added_at_once_and_each_refusal_is_named():
    client = signed_in("reporter")
    files = [photo("a.jpg"), SimpleUploadedFile("b.jpg", b"<svg/>"), photo("c.jpg")]
    response = client.post(UPLOAD, {"files": files}, follow=True)
    text = response.content.decode()
    assert "2 pictures were added." in text
    assert "“b.jpg”: This file is not a picture" in text
    assert Image.objects.filter(entered_by=client.user, width=90).count() == 2
    assert len(response.context["pictures"]) == 2


def test_nothing_chosen_is_said():
    response = signed_in().post(UPLOAD, follow=True)
    assert "No file was chosen." in response.content.decode()


def test_a_script_is_answered_with_a_piece_of_page():
    response = signed_in().post(UPLOAD, {"files": [photo()]}, headers={"X-Requested-With": "fetch"})
    image = Image.objects.get()
    assert f'data-picture-number="{image.pk}"' in response.content.decode()
    assert "<html" not in response.content.decode()


def test_an_uploaded_file_is_not_public():
    signed_in().post(UPLOAD, {"files": [photo()]})
    image = Image.objects.get()
    assert Client().get(rendition_url(image, "card", None, "jpg")).status_code == 404


def test_a_picture_saved_in_a_window_of_its_own_is_chosen():
    image = make_image()
    response = signed_in().post(f"{change(image)}?_popup=1", typed(image, _popup="1"))
    assert b"popup_response.js" in response.content
    assert f'"value": "{image.pk}"' in response.content.decode().replace("&quot;", '"')


def test_one_of_nine_places_is_enough():
    image = make_image()
    signed_in().post(change(image), typed(image, place="0.83 0.17"))
    image.refresh_from_db()
    assert (image.focal_x, image.focal_y) == (0.83, 0.17)
    assert Article.objects.count() == 0
