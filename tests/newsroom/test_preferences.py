"""What each person chooses: the desk's language, and what they hear of."""

import pytest
from django.core.checks import run_checks
from django.test import Client
from django.urls import reverse

from newsroom.middleware import _asked_for
from tests.factories import make_article, make_house, make_user

pytestmark = pytest.mark.django_db
PAGE = "/admin/preferences/"


def signed_in(role="editor", **fields):
    client = Client()
    client.user = make_user(role, **fields)
    client.force_login(client.user)
    return client


def language(response):
    return response.headers["Content-Language"]


# Language


@pytest.mark.parametrize(
    ("header", "wanted"),
    [
        ("", "en"),
        ("ru", "ru"),
        ("ru-RU,ru;q=0.9,en;q=0.8", "ru"),
        ("ky,ru;q=0.7,en;q=0.9", "en"),
        ("ky;q=1,kk;q=0.9", "en"),
        ("EN-us", "en"),
        ("*", "en"),
        ("ru;q=nonsense, \0", "en"),
    ],
)
def test_the_browser_chooses_among_the_languages_of_the_desk(header, wanted):
    assert _asked_for(header) == wanted
    response = Client().get("/admin/login/", headers={"Accept-Language": header.replace("\0", "")})
    assert language(response) == wanted
    assert f'<html lang="{wanted}"' in response.content.decode()


def test_a_person_chooses_and_the_browser_has_no_say():
    client = signed_in()
    client.post(PAGE, {"language": "ru"})
    client.user.refresh_from_db()
    assert client.user.language == "ru"
    response = client.get("/admin/", headers={"Accept-Language": "en"})
    assert language(response) == "ru"
    assert "Выйти" in response.content.decode()
    client.post(PAGE, {"language": ""})
    assert language(client.get("/admin/", headers={"Accept-Language": "en"})) == "en"
    assert language(client.get("/admin/", headers={"Accept-Language": "ru"})) == "ru"


def test_pages_of_readers_speak_the_language_of_their_address():
    make_house()
    client = signed_in(language="ru")
    story = make_article()
    for path in ("/", story.get_absolute_url(), "/nothing/here/"):
        response = client.get(path, headers={"Accept-Language": "ru"})
        assert language(response) == "en"
        assert '<html lang="en"' in response.content.decode()
    assert language(client.get("/ru/", headers={"Accept-Language": "en"})) == "ru"


def test_a_preview_on_a_russian_desk_is_in_the_language_of_the_story():
    make_house()
    story = make_article(status="draft")
    client = signed_in(language="ru")
    page = client.get(reverse("admin:articles_article_preview", args=[story.pk]))
    assert language(page) == "en"
    assert '<html lang="en"' in page.content.decode()


def test_a_language_that_the_desk_does_not_speak_is_refused():
    client = signed_in()
    assert client.post(PAGE, {"language": "ky"}).status_code == 200
    client.user.refresh_from_db()
    assert client.user.language == ""


# What is heard of


def test_what_is_not_ticked_is_muted_and_what_the_page_does_not_show_stays():
    client = signed_in("editor", muted=["hook pulled"])
    client.post(PAGE, {"mail-submitted": "on", "mail-assigned": "on"})
    client.user.refresh_from_db()
    assert client.user.muted == [
        "hook pulled",
        "mail corrected",
        "mail mentioned",
        "mail published",
        "mail pulled",
        "mail returned",
    ]
    page = client.get(PAGE).context["form"]
    assert page["mail-submitted"].value()
    assert not page["mail-returned"].value()


def test_a_chief_cannot_switch_off_what_is_pulled():
    client = signed_in("chief editor")
    assert client.get(PAGE).context["form"].fields["mail-pulled"].disabled
    client.post(PAGE, {})
    client.user.refresh_from_db()
    assert "mail pulled" not in client.user.muted
    assert "mail submitted" in client.user.muted


def test_only_what_can_concern_a_role_is_offered():
    assert "submitted" not in signed_in("reporter").get(PAGE).context["form"].events
    page = signed_in("administrator").get(PAGE)
    assert page.context["form"].events == {}
    assert "What I want to hear of" not in page.content.decode()


def test_the_messenger_is_asked_for_where_a_webhook_reaches_people(settings):
    client = signed_in()
    assert "messenger" not in client.get(PAGE).context["form"].fields
    settings.WEBHOOK_URL = "https://hooks.example.org/bot1:secret/sendMessage"
    settings.WEBHOOK_FIELDS = {"chat_id": "{to}"}
    page = client.get(PAGE).content.decode()
    assert 'name="hook-pulled"' in page
    assert "secret" not in page
    client.post(PAGE, {"messenger": " 12345 ", "mail-pulled": "on", "hook-pulled": "on"})
    client.user.refresh_from_db()
    assert client.user.messenger == "12345"
    assert "hook pulled" not in client.user.muted


def test_nobody_changes_anothers_choices():
    other = make_user("editor")
    signed_in().post(PAGE, {"language": "ru", "pk": other.pk, "id": other.pk})
    other.refresh_from_db()
    assert (other.language, other.muted) == ("", [])


@pytest.mark.parametrize(
    ("url", "fields", "found"),
    [
        ("", {}, []),
        ("https://hooks.example.org/", {}, []),
        ("http://hooks.example.org/", {}, ["newsroom.E005"]),
        ("https://hooks.example.org/", ["chat"], ["newsroom.E006"]),
    ],
)
def test_a_webhook_that_cannot_work_is_said_at_the_start(settings, url, fields, found):
    settings.WEBHOOK_URL, settings.WEBHOOK_FIELDS = url, fields
    assert [e.id for e in run_checks() if e.id in {"newsroom.E005", "newsroom.E006"}] == found
