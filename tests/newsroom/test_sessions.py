"""Where one is signed in, and ending it: one's own, and a colleague's."""

import time

import pytest
import time_machine
from allauth.usersessions.models import UserSession
from django.contrib.admin.models import LogEntry
from django.contrib.sessions.models import Session
from django.core import mail
from django.test import Client

from newsroom.signing_in import sessions
from tests.factories import make_user

pytestmark = pytest.mark.django_db
MINE, COLLEAGUES = "/admin/account/", "/admin/account/colleagues/"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"
PHONE = "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/142.0 Mobile Safari/537.36"


def sign_in(login, agent=FIREFOX, password="correct horse"):
    client = Client(headers={"user-agent": agent})
    client.post("/admin/login/", {"username": login.username, "password": password})
    client.user = login
    assert is_in(client)
    return client


def is_in(client):
    return client.get(MINE).status_code == 200


def row_of(client):
    return UserSession.objects.get(session_key=client.cookies["sessionid"].value)


def test_one_sees_where_one_is_signed_in_and_ends_it_there():
    login = make_user("reporter")
    here, there, elsewhere = sign_in(login), sign_in(login, PHONE), sign_in(login)
    text = here.get(MINE).content.decode()
    assert "Firefox, Linux" in text
    assert "Chrome, Android" in text
    assert text.count("Sign out there") == 2
    here.post(MINE, {"end": row_of(there).pk})
    assert (is_in(here), is_in(there), is_in(elsewhere)) == (True, False, True)
    here.post(MINE, {"end": "others"})
    assert (is_in(here), is_in(elsewhere)) == (True, False)
    assert UserSession.objects.count() == Session.objects.count() == 1


@pytest.mark.parametrize("end", ["", "x", "-1", "9" * 40, "0"])
def test_a_strange_request_ends_nothing(end):
    login = make_user("reporter")
    here, there = sign_in(login), sign_in(login)
    assert here.post(MINE, {"end": end}).status_code == 302
    assert is_in(there)


def test_nobody_ends_the_sessions_of_another_there():
    here, other = sign_in(make_user("chief editor")), sign_in(make_user("reporter"))
    here.post(MINE, {"end": row_of(other).pk})
    here.post(MINE, {"end": "others"})
    assert is_in(other)


def test_a_session_ends_after_two_weeks():
    client = sign_in(make_user("reporter"))
    with time_machine.travel(time.time() + 14 * 24 * 3600 + 5):
        assert not is_in(client)
        assert not sessions.live().exists()


def test_a_changed_password_ends_all_others_and_this_one_stays_on_the_list():
    login = make_user("reporter")
    here, there = sign_in(login), sign_in(login)
    new = "correct horse battery"
    data = {"old_password": "correct horse", "new_password1": new, "new_password2": new}
    assert here.post("/admin/password_change/", data).status_code == 302
    assert (is_in(here), is_in(there)) == (True, False)
    assert "this browser" in here.get(MINE).content.decode()
    chief = sign_in(make_user("chief editor"))
    chief.post(COLLEAGUES, {"login": login.pk})
    assert not is_in(here)


def test_an_account_that_is_closed_is_signed_out_at_once():
    login = make_user("reporter")
    client, chief = sign_in(login), sign_in(make_user("chief editor"))
    change = f"/admin/authors/user/{login.pk}/change/"
    chief.post(change, {"username": login.username, "roles": "reporter"})
    assert not is_in(client)
    chief.post(change, {"username": login.username, "roles": "reporter", "is_active": "on"})
    assert not is_in(client)


@pytest.mark.parametrize("role", ["editor", "chief editor", "administrator"])
@pytest.mark.parametrize("of", ["reporter", "chief editor", "administrator"])
def test_whoever_is_on_duty_signs_a_colleague_out(
    role, of, settings, django_capture_on_commit_callbacks
):
    settings.HAS_MAIL = True
    boss = make_user("chief editor", email="boss@example.org")
    make_user("chief editor", email="gone@example.org", is_active=False)
    client, colleague = sign_in(make_user(role)), sign_in(make_user(of))
    assert str(colleague.user) in client.get(COLLEAGUES).content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        client.post(COLLEAGUES, {"login": colleague.user.pk})
    assert not is_in(colleague)
    assert is_in(client)
    assert LogEntry.objects.get(object_id=colleague.user.pk).user == client.user
    told = [] if role == "chief editor" else [[boss.email]]
    assert [m.to for m in mail.outbox] == told


def test_a_reporter_ends_no_colleagues_sessions():
    client, colleague = sign_in(make_user("reporter")), sign_in(make_user("editor"))
    assert client.get(COLLEAGUES).status_code == 403
    assert client.post(COLLEAGUES, {"login": colleague.user.pk}).status_code == 403
    assert is_in(colleague)
    assert COLLEAGUES not in client.get(MINE).content.decode()


@pytest.mark.parametrize("number", [1, 3])
def test_the_pages_cost_the_same_with_one_session_and_with_three(number, django_assert_num_queries):
    client = sign_in(make_user("editor"))
    for _ in range(number):
        sign_in(client.user)
        sign_in(make_user("reporter"))
    client.get(MINE)
    with django_assert_num_queries(7):
        client.get(MINE)
    with django_assert_num_queries(6):
        client.get(COLLEAGUES)
