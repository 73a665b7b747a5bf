"""The second factor: setting it up, signing in with it, who needs it, and losing it."""

import re
import time

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from articles.models import Article
from authors.models import User
from newsroom.models import SiteSettings
from tests.factories import make_article, make_user
from tests.test_permission_matrix import ADDRESSES, newsroom  # noqa: F401  (a fixture)

pytestmark = pytest.mark.django_db
DOOR, STEP = "/admin/login/", "/admin/login/code/"
SET_UP, PICTURE = "/admin/account/second-factor/", "/admin/account/second-factor/picture.svg"
OFF, CODES = "/admin/account/second-factor/off/", "/admin/account/codes/"
PASSWORD = "correct horse"


def sign_in(login, client=None):
    client = client or Client()
    client.response = client.post(DOOR, {"username": login.username, "password": PASSWORD})
    client.user = login
    return client


def code_of(secret, shift=0):
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + shift))


def secret_on(page):
    return re.search(r'account__secret">([A-Z2-7]+)<', page.content.decode())[1]


def set_up(client):
    """The secret of a second factor that the login of a client has now."""
    secret = secret_on(client.get(SET_UP))
    response = client.post(SET_UP, {"code": code_of(secret)})
    assert response.url == CODES, response.content.decode()
    return secret


def require(*roles):
    site, _ = SiteSettings.objects.get_or_create(pk=1, defaults={"name": "The Paper"})
    site.second_factor_for = ",".join(roles)
    site.save()


@pytest.fixture
def editor():
    return make_user("editor")


@pytest.fixture
def armed(editor):
    """An editor with a second factor: ``secret`` and ``codes``."""
    client = sign_in(editor)
    editor.secret = set_up(client)
    editor.codes = re.findall(r"<code>(\d{8})</code>", client.get(CODES).content.decode())
    return editor


def test_a_telephone_is_set_up_by_a_picture_or_by_hand(editor):
    client = sign_in(editor)
    assert client.get(PICTURE).status_code == 404
    page = client.get(SET_UP)
    secret = secret_on(page)
    assert f'src="{PICTURE}"' in page.content.decode()
    picture = client.get(PICTURE)
    assert picture["Content-Type"] == "image/svg+xml"
    assert "no-store" in picture["Cache-Control"]
    assert b"style" not in picture.content
    assert "img-src 'self'" in page["Content-Security-Policy"]
    assert "data:" not in page["Content-Security-Policy"]
    wrong = client.post(SET_UP, {"code": "000000"})
    assert secret_on(wrong) == secret
    assert not Authenticator.objects.exists()
    assert client.post(SET_UP, {"code": code_of(secret)}).url == CODES
    assert client.get(PICTURE).status_code == 404
    assert len(re.findall(r"<code>\d{8}</code>", client.get(CODES).content.decode())) == 10


def test_with_a_second_factor_the_password_alone_opens_nothing(armed):
    client = sign_in(armed)
    assert client.response.url == STEP
    for path in ("/admin/", CODES, "/admin/account/", SET_UP):
        assert client.get(path).url.startswith(DOOR), path
    assert "known_browser" not in client.cookies
    for wrong in ({"code": "000000"}, {"code": ""}, {}, {"credential": "{}"}):
        assert client.post(STEP, wrong).status_code == 200
    assert client.get("/admin/").status_code == 302
    assert client.post(STEP, {"code": code_of(armed.secret)}).url == "/admin/"
    assert client.get("/admin/").status_code == 200
    assert "known_browser" in client.cookies


def test_the_session_changes_with_the_second_step(armed):
    client = sign_in(armed)
    before = client.cookies["sessionid"].value
    client.post(STEP, {"code": code_of(armed.secret)})
    assert client.cookies["sessionid"].value != before


def test_after_the_second_step_one_goes_where_one_wanted(armed):
    client = Client()
    client.post(DOOR, {"username": armed.username, "password": PASSWORD, "next": "/admin/account/"})
    assert client.post(STEP, {"code": code_of(armed.secret)}).url == "/admin/account/"


def test_a_code_is_good_once_for_as_long_as_it_could_be_good(armed):
    code = code_of(armed.secret, shift=1)
    assert sign_in(armed).post(STEP, {"code": code}).status_code == 302
    assert sign_in(armed).post(STEP, {"code": code}).status_code == 200
    with time_machine.travel(time.time() + 45):
        for spelled in (code, f"{code[:3]} {code[3:]}", f"{code[:3]}-{code[3:]}", f" {code} "):
            assert sign_in(armed).post(STEP, {"code": spelled}).status_code == 200


def test_a_clock_may_be_half_a_minute_off_and_no_more(armed):
    assert sign_in(armed).post(STEP, {"code": code_of(armed.secret, -1)}).status_code == 302
    assert sign_in(armed).post(STEP, {"code": code_of(armed.secret, -2)}).status_code == 200
    assert sign_in(armed).post(STEP, {"code": code_of(armed.secret, 2)}).status_code == 200


def test_a_recovery_code_opens_the_desk_once(armed):
    assert sign_in(armed).post(STEP, {"code": armed.codes[0]}).status_code == 302
    assert sign_in(armed).post(STEP, {"code": armed.codes[0]}).status_code == 200
    client = sign_in(armed)
    assert client.post(STEP, {"code": armed.codes[1]}).status_code == 302
    assert "8 recovery codes are left" in client.get("/admin/account/").content.decode()


def test_codes_cannot_be_guessed(armed):
    client = sign_in(armed)
    for number in range(5):
        client.post(STEP, {"code": f"{number:06}"})
    response = client.post(STEP, {"code": code_of(armed.secret)})
    assert "Too many wrong tries" in response.content.decode()
    assert client.get("/admin/").status_code == 302


def test_the_second_step_stays_open_for_a_quarter_of_an_hour(armed):
    client = sign_in(armed)
    with time_machine.travel(time.time() + 16 * 60):
        assert client.get(STEP).url == DOOR


def test_before_a_change_the_password_is_asked_again(armed):
    client = sign_in(armed)
    client.post(STEP, {"code": code_of(armed.secret)})
    assert client.get(OFF).status_code == 200
    with time_machine.travel(time.time() + 6 * 60):
        for path in (OFF, CODES, CODES + "new/"):
            assert client.get(path).url.startswith("/admin/account/confirm/?next="), path
        where = client.get(OFF).url
        assert client.post(where, {"password": "wrong"}).status_code == 200
        assert client.post(where, {"password": PASSWORD}).url == OFF
        assert client.post(OFF).url == "/admin/account/"
    assert not Authenticator.objects.exists()


def test_new_recovery_codes_take_the_place_of_the_old(armed):
    client = sign_in(armed)
    client.post(STEP, {"code": code_of(armed.secret)})
    assert client.post(CODES + "new/").url == CODES
    assert sign_in(armed).post(STEP, {"code": armed.codes[0]}).status_code == 200


# Roles that need one


def test_whose_role_needs_one_is_led_to_set_it_up(editor):
    require("editor")
    client = sign_in(editor)
    assert client.response.url == "/admin/"
    assert client.get("/admin/").url == SET_UP
    page = client.get(SET_UP).content.decode()
    assert "The desk opens once it is set up." in page
    set_up(client)
    assert client.get("/admin/").status_code == 200
    # The requirement is of roles: others work as before.
    assert sign_in(make_user("reporter")).get("/admin/").status_code == 200


def test_somebody_who_confirmed_long_ago_is_asked_for_the_password_and_gets_on(editor):
    require("editor")
    client = sign_in(editor)
    with time_machine.travel(time.time() + 3600):
        where = client.get(SET_UP).url
        assert client.get(where).status_code == 200
        assert client.post(where, {"password": PASSWORD}).url == SET_UP
        set_up(client)


@pytest.mark.parametrize(
    "role",
    [
        "reporter",
        "administrator",
        *(pytest.param(role, marks=pytest.mark.long) for role in ("editor", "chief editor")),
    ],
)
def test_without_it_no_address_of_the_desk_answers(newsroom, role):  # noqa: F811
    require(role)
    client = Client()
    client.force_login(make_user(role))
    before = list(Article.objects.values_list("pk", "status", "version"))
    is_open = {"account_login", "admin:login", "mfa_activate_totp", "totp_picture", "admin:logout"}
    is_open |= {"admin:jsi18n", "account_reauthenticate"}
    for name in sorted(set(ADDRESSES) - is_open):
        path = newsroom(name)
        if not path.startswith("/admin/"):
            continue
        assert client.get(path).url == SET_UP, name
        assert client.get(path, headers={"sec-fetch-dest": "empty"}).status_code == 403, name
        assert client.post(path, {"_move": "approve"}).status_code == 403, name
        assert client.post(path, {}, content_type="application/json").status_code == 403, name
    assert list(Article.objects.values_list("pk", "status", "version")) == before


def test_readers_pages_do_not_mind(editor):
    require("editor")
    client = sign_in(editor)
    assert client.get(make_article().get_absolute_url()).status_code == 200


def test_what_is_being_typed_when_the_rule_comes_is_not_led_away(editor):
    client = sign_in(editor)
    story = make_article(status="draft")
    require("editor")
    path = reverse("admin:articles_article_change", args=[story.pk])
    response = client.post(path, {"headline": "Typed for an hour"})
    assert response.status_code == 403
    assert "go back in your browser to keep your text" in response.content.decode()


def test_it_cannot_be_turned_off_while_the_role_needs_it(armed):
    require("editor")
    client = sign_in(armed)
    client.post(STEP, {"code": code_of(armed.secret)})
    assert "Turn it off" not in client.get("/admin/account/").content.decode()
    assert "it stays on" in client.get(OFF).content.decode()
    assert client.post(OFF).status_code == 200
    assert Authenticator.objects.filter(type="totp").exists()


def test_a_superuser_has_the_roles_of_both():
    require("administrator")
    User.objects.create_superuser("root", password=PASSWORD)
    assert sign_in(User.objects.get(username="root")).get("/admin/").url == SET_UP


def test_an_administrator_says_which_roles_need_one_and_nobody_else():
    require()
    path = reverse("admin:newsroom_sitesettings_change", args=[1])
    data = {"name": "The Paper", "second_factor_for": ["editor", "chief editor"]}
    client = sign_in(make_user("chief editor"))
    assert "second_factor_for" not in client.get(path).content.decode()
    client.post(path, data)
    assert SiteSettings.objects.get().second_factor_for == ""
    client = sign_in(make_user("administrator"))
    assert "second_factor_for" in client.get(path).content.decode()
    assert client.post(path, data).status_code == 302
    assert SiteSettings.objects.get().second_factor_for == "editor,chief editor"
    assert 'value="editor" id="id_second_factor_for_1" checked' in client.get(path).content.decode()
    assert client.post(path, {"name": "The Paper", "second_factor_for": ["x"]}).status_code == 200
    # A chief who changes the name leaves the rule as it is.
    SiteSettings.objects.update(second_factor_for="editor")
    sign_in(make_user("chief editor")).post(path, {"name": "The Dispatch"})
    site = SiteSettings.objects.get()
    assert (site.name, site.second_factor_for) == ("The Dispatch", "editor")


# Losing it


def test_an_administrator_takes_a_lost_one_away(armed):
    inside = sign_in(armed)
    inside.post(STEP, {"code": code_of(armed.secret)})
    client = sign_in(make_user("administrator"))
    path = reverse("admin:authors_user_second_factor", args=[armed.pk])
    assert "Be sure that it is really them" in client.get(path).content.decode()
    assert Authenticator.objects.filter(user=armed).count() == 2
    client.post(path)
    assert not Authenticator.objects.filter(user=armed).exists()
    assert inside.get("/admin/").status_code == 302
    assert sign_in(armed).response.url == "/admin/"
    assert LogEntry.objects.filter(object_id=armed.pk, user=client.user).exists()


@pytest.mark.parametrize("role", ["reporter", "editor", "chief editor"])
def test_nobody_else_does(armed, role):
    client = sign_in(make_user(role))
    path = reverse("admin:authors_user_second_factor", args=[armed.pk])
    assert client.get(path).status_code == 403
    assert client.post(path).status_code == 403
    assert Authenticator.objects.filter(user=armed).count() == 2


def test_an_administrator_resets_neither_their_own_nor_a_superusers():
    admin = make_user("administrator")
    root = User.objects.create_superuser("root", password=PASSWORD)
    client = sign_in(admin)
    for login in (admin, root):
        path = reverse("admin:authors_user_second_factor", args=[login.pk])
        assert client.post(path).status_code == 403


def test_a_new_password_does_not_go_round_the_second_factor(armed):
    client = sign_in(make_user("chief editor"))
    path = reverse("admin:authors_user_link", args=[armed.pk])
    link = re.search(
        r'id="link"[^>]*value="[^"]+(/admin/[^"]+)"', client.post(path).content.decode()
    )
    guest = Client()
    good = "correct horse battery"
    response = guest.post(link[1], {"new_password1": good, "new_password2": good})
    assert response.url == STEP
    assert guest.get("/admin/").status_code == 302
    assert guest.post(STEP, {"code": code_of(armed.secret)}).url == "/admin/"


def test_the_rule_costs_no_query_where_there_is_none_and_one_where_there_is(
    armed, django_assert_num_queries
):
    client = Client()
    client.force_login(armed)
    client.get("/admin/")
    with CaptureQueriesContext(connection) as without:
        client.get("/admin/")
    require("editor")
    with django_assert_num_queries(len(without) + 1):
        client.get("/admin/")
