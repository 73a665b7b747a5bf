"""What nobody gets on the desk by asking in another way than its forms do."""

import pytest
from django.contrib.auth.models import Group
from django.test import Client

from articles import publishing
from articles.models import Article, Byline, Series, Tag
from authors.models import Author, Organisation, User
from images.models import Image
from tests.articles.test_desk import (
    ADD,
    LIST,
    address,
    as_it_is,
    credits,
    said,
    signed_in,
    sources,
    typed,
)
from tests.factories import make_article, make_author, make_image, make_user

pytestmark = pytest.mark.django_db
WORD = "zyzzyva"


@pytest.mark.parametrize(
    "question",
    [
        "body__startswith=%3Cp%3EThe",
        "body__contains=a",
        "down_note__contains=a",
        "id__in=99999999999999999999999",
        "headline__regex=(",
        "entered_by__password__startswith=m",
        "bylines__author__user__password__startswith=m",
    ],
)
def test_no_list_answers_a_question_that_it_does_not_offer(question):
    make_article(status="draft", body="<p>The secret.</p>")
    client = signed_in("reporter")
    assert client.get(f"{LIST}?{question}").status_code == 400
    assert client.get(f"/admin/authors/author/?{question}").status_code in {302, 400}


def test_a_reporter_does_not_find_a_story_by_a_standfirst_they_may_not_read():
    make_article(status="draft", headline="Quiet", standfirst=f"About {WORD}.")
    assert "Quiet" not in signed_in("reporter").get(f"{LIST}?q={WORD}").content.decode()
    assert "Quiet" in signed_in("editor").get(f"{LIST}?q={WORD}").content.decode()


@pytest.mark.parametrize("role", ["reporter", "editor", "chief editor"])
def test_a_withheld_person_is_known_to_chiefs_only(role):
    person = make_author(name=f"Ann {WORD}")
    story = make_article(headline="Quiet", authors=[person])
    Byline.objects.update(withheld=True)
    client = signed_in(role)
    found = {
        path: WORD in client.get(path).content.decode()
        for path in (LIST, "/admin/", *([address(story)] if role == "reporter" else []))
    }
    assert found[LIST] is (role == "chief editor")
    if role == "reporter":
        assert not any(found.values())
    listed = "Quiet" in client.get(f"{LIST}?q={WORD}").content.decode()
    assert listed is (role == "chief editor")
    listed = "Quiet" in client.get(f"{LIST}?person={person.name}").content.decode()
    assert listed is (role == "chief editor")


def test_a_reporter_cannot_lift_a_withholding_by_another_role():
    client = signed_in("reporter")
    person = make_author(name="Ann Other")
    story = make_article(status="draft", entered_by=client.user, authors=[person])
    Byline.objects.update(withheld=True)
    client.post(
        address(story), as_it_is(story) | credits({"name": "Ann Other", "role": "reporter"})
    )
    byline = Byline.objects.get()
    assert (byline.role, byline.withheld) == ("reporter", True)


def test_pictures_and_tags_of_a_restricted_story_are_for_those_it_is_open_to():
    image = make_image(caption=f"The {WORD}")
    story = make_article(status="draft", lead_image=image, tags=[WORD])
    publishing.restrict(story, by=make_user("chief editor"), people=[make_user("editor")])
    tags = "/admin/autocomplete/?app_label=articles&model_name=filing&field_name=tag&term=zyz"
    for role, knows in (("reporter", False), ("editor", False), ("chief editor", True)):
        client = signed_in(role)
        assert (f"The {WORD}" in client.get("/admin/images/image/").content.decode()) is knows
        status = client.get(f"/admin/images/image/{image.pk}/thumbnail/").status_code
        assert (status == 302) is knows
        assert (WORD in client.get(tags).content.decode()) is knows
    make_article(lead_image=image, tags=[WORD])
    assert WORD in signed_in("editor").get(tags).content.decode()


def test_a_reporter_puts_no_closed_picture_on_their_own_page_and_keeps_their_name():
    client = signed_in("reporter")
    person = make_author(name="Ann Other", user=client.user)
    make_article(authors=[person])
    closed = make_image()
    story = make_article(status="draft", lead_image=closed)
    publishing.restrict(story, by=make_user("chief editor"), people=[make_user("editor")])
    client.post(
        f"/admin/authors/author/{person.pk}/change/",
        {"name": "The President", "portrait": closed.pk, "links": "", "languages": ""},
    )
    person.refresh_from_db()
    assert (person.name, person.portrait) == ("Ann Other", None)
    assert not Image.objects.visible().exists()


def test_a_reporter_changes_an_own_picture_until_readers_see_it():
    client = signed_in("reporter")
    image = make_image(entered_by=client.user)
    path = f"/admin/images/image/{image.pk}/change/"
    data = {"alt": "A lake", "caption": "New", "focal_x": 0.5, "focal_y": 0.5}
    client.post(path, data)
    assert Image.objects.get().caption == "New"
    make_article(lead_image=image)
    assert client.post(path, data | {"caption": "PLANTED"}).status_code == 403
    assert Image.objects.get().caption == "New"


def test_a_chief_does_not_take_over_an_administrators_closed_account():
    closed = make_user("administrator", username="root", is_active=False)
    client = signed_in("chief editor")
    path = f"/admin/authors/user/{closed.pk}"
    assert client.post(f"{path}/link/").status_code == 403
    assert client.post(f"{path}/change/", {"is_active": "on", "username": "x"}).status_code == 403
    closed.refresh_from_db()
    assert not closed.is_active
    assert closed.check_password("correct horse")
    assert list(closed.groups.all()) == [Group.objects.get(name="administrator")]
    assert User.objects.filter(username="root").exists()


def test_one_new_name_in_several_places_of_a_form_is_made_once():
    response = signed_in().post(
        ADD,
        typed(
            dateline_place="Osh", dateline_organisation="New Agency", dateline_organisation_make="1"
        )
        | credits({"name": "New Agency", "role": "author", "make": "organisation"})
        | sources({"name": "new  agency", "relation": "cites", "make": "1"}),
        follow=True,
    )
    agency = Organisation.objects.get()
    story = Article.objects.get()
    assert story.dateline_organisation == agency
    assert story.bylines.get().organisation == agency
    assert story.citations.get().organisation == agency
    assert sum("New here" in message for message in said(response)) == 1
    assert not Author.objects.exists()


def test_two_series_whose_names_make_one_slug_have_an_address_each():
    assert [Series.objects.create(name=n).slug for n in ("Alpha", "Alpha!", "!!!", "???")] == [
        "alpha",
        "alpha-2",
        "series",
        "series-2",
    ]


@pytest.mark.parametrize("field", ["due_at", "embargo_until"])
@pytest.mark.parametrize("year", ["0001", "9999"])
def test_a_year_that_is_none_is_a_clear_error(field, year):
    response = signed_in().post(ADD, typed(**{field: f"{year}-01-01T00:00"}))
    assert response.status_code == 200
    assert "not a year" in response.content.decode()
    for name in ("from", "to"):
        assert signed_in().get(f"{LIST}?{name}={year}-01-01").status_code == 200


def test_what_was_typed_is_saved_where_the_step_is_no_longer_open():
    client = signed_in()
    story = make_article(status="scheduled")
    data = as_it_is(story, _move="unschedule") | {"headline": "Typed for an hour"}
    Article.objects.filter(pk=story.pk).update(
        published_at=story.entered_at, first_published_at=story.entered_at
    )
    response = client.post(address(story), data, follow=True)
    assert response.status_code == 200
    assert "Saved, but this step is no longer open to you." in " ".join(said(response))
    assert Article.objects.get().headline == "Typed for an hour"


def test_a_writer_who_takes_their_own_name_off_is_led_to_the_list():
    client = signed_in("reporter")
    person = make_author(name="Ann Other", user=client.user)
    make_author(name="Bob Other")
    story = make_article(status="draft", authors=[person])
    data = as_it_is(story) | credits({"name": "Bob Other", "role": "author"})
    response = client.post(address(story), data, follow=True)
    assert response.redirect_chain[-1][0] == LIST
    assert [b.author.name for b in story.bylines.all()] == ["Bob Other"]


def test_a_withheld_organisation_is_not_named_either():
    agency = Organisation.objects.create(name=f"{WORD} Agency")
    story = make_article(organisations=[agency], authors=[])
    Byline.objects.update(withheld=True)
    page = Client().get(story.get_absolute_url()).content.decode().lower()
    assert WORD not in page


def test_a_tags_key_holds_what_its_longest_name_becomes():
    assert len(Tag.objects.create(name="ß" * 100).key) == 200
