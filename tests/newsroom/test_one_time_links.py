"""Invitations and forgotten passwords: a link works once, for its owner, and for a while."""

import datetime
import re
import smtplib
import time

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.core.mail.backends.base import BaseEmailBackend
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from authors.models import OneTimeLink, User
from newsroom.signing_in import links
from tests.factories import chief, make_user

pytestmark = pytest.mark.django_db
ADD = "/admin/authors/user/add/"
GOOD = "correct horse battery"


class BrokenMail(BaseEmailBackend):
    def send_messages(self, messages):
        raise smtplib.SMTPServerDisconnected


def signed_in(role):
    client = Client()
    client.user = role if isinstance(role, User) else make_user(role)
    client.force_login(client.user)
    return client


def link_in(response):
    return re.search(r'id="link"[^>]*value="([^"]+)"', response.content.decode())[1]


def path_of(link):
    return link.removeprefix("http://127.0.0.1:8000")


def choose(path, password=GOOD, client=None):
    data = {"new_password1": password, "new_password2": password}
    return (client or Client()).post(path, data)


def invite(client, **fields):
    fields = {"username": "aida", "roles": ["reporter"]} | fields
    return client.post(ADD, fields)


def test_a_new_colleague_comes_in_by_a_link_that_is_shown_once():
    client = signed_in("chief editor")
    response = invite(client)
    assert "no-store" in response["Cache-Control"]
    link = link_in(response)
    login = User.objects.get(username="aida")
    assert not login.has_usable_password()
    guest = Client()
    page = guest.get(path_of(link))
    assert page["Referrer-Policy"] == "strict-origin"
    assert "aida" in page.content.decode()
    assert choose(path_of(link), client=guest).url == "/admin/"
    assert guest.get("/admin/").context["user"] == login
    login.refresh_from_db()
    assert login.check_password(GOOD)
    assert "known_browser" in guest.cookies
    # The inviter sees of it what they need, and never the link again.
    again = client.get(reverse("admin:authors_user_change", args=[login.pk])).content.decode()
    assert link.rsplit("/", 2)[1] not in again
    assert LogEntry.objects.filter(object_id=login.pk, user=client.user).count() == 2


def test_a_link_works_once():
    path = path_of(link_in(invite(signed_in("chief editor"))))
    choose(path)
    assert Client().get(path).status_code == 404
    assert choose(path, "another horse battery").status_code == 404
    assert User.objects.get(username="aida").check_password(GOOD)


def test_of_two_who_use_a_link_at_once_one_is_refused():
    login = make_user("reporter")
    token = links.invite(login, by=chief())
    first, second = links.find(token), links.find(token)
    assert links.use(first, GOOD)
    assert not links.use(second, "another horse battery")
    login.refresh_from_db()
    assert login.check_password(GOOD)


def test_only_a_hash_of_a_link_is_kept():
    token = links.invite(make_user("reporter"), by=chief())
    row = OneTimeLink.objects.get()
    assert len(token) >= 32
    assert token not in str(vars(row))
    assert len(row.token_hash) == 64


def test_looking_at_a_link_does_not_use_it_up():
    path = path_of(link_in(invite(signed_in("chief editor"))))
    for _ in range(3):
        assert Client().get(path).status_code == 200
        assert Client().head(path).status_code == 200
    assert choose(path).status_code == 302


def test_a_link_holds_for_seventy_two_hours():
    login = make_user("reporter")
    path = reverse("set_password", args=[links.invite(login, by=chief())])
    with time_machine.travel(time.time() + 72 * 3600 - 5):
        assert Client().get(path).status_code == 200
    with time_machine.travel(time.time() + 72 * 3600 + 5):
        assert Client().get(path).status_code == 404
        assert choose(path).status_code == 404


def test_a_newer_link_takes_the_place_of_the_former():
    client, login = signed_in("chief editor"), make_user("reporter")
    path = reverse("admin:authors_user_link", args=[login.pk])
    assert "Make the link" in client.get(path).content.decode()
    assert not login.one_time_links.exists()
    first, second = link_in(client.post(path)), link_in(client.post(path))
    assert Client().get(path_of(first)).status_code == 404
    assert Client().get(path_of(second)).status_code == 200
    # Until it is used, the password that there is goes on working.
    login.refresh_from_db()
    assert login.check_password("correct horse")


def test_a_link_dies_with_the_account_and_stays_dead():
    client, login = signed_in("chief editor"), make_user("reporter")
    token = links.invite(login, by=client.user)
    change = reverse("admin:authors_user_change", args=[login.pk])
    data = {"username": login.username, "roles": "reporter"}
    client.post(change, data)
    assert links.find(token) is None
    client.post(change, data | {"is_active": "on"})
    login.refresh_from_db()
    assert login.is_active
    assert links.find(token) is None


def test_a_link_holds_while_its_maker_may_manage_the_login():
    maker, login = make_user("chief editor"), make_user("reporter")
    token = links.invite(login, by=maker)
    assert links.find(token)
    login.groups.add(Group.objects.get(name="administrator"))
    assert links.find(token) is None
    login.groups.set([])
    assert links.find(token)
    maker.is_active = False
    maker.save()
    assert links.find(token) is None


@pytest.mark.parametrize("role", ["reporter", "editor"])
def test_who_manages_no_logins_makes_no_links(role):
    client, login = signed_in(role), make_user("reporter")
    with pytest.raises(PermissionDenied):
        links.invite(login, by=client.user)
    path = reverse("admin:authors_user_link", args=[login.pk])
    assert client.post(path).status_code == 403
    assert client.post(reverse("admin:authors_user_link", args=[99999])).status_code == 403
    assert not OneTimeLink.objects.exists()


def test_nobody_makes_a_link_for_themselves():
    client = signed_in("administrator")
    path = reverse("admin:authors_user_link", args=[client.user.pk])
    assert client.post(path).status_code == 403
    page = client.get(reverse("admin:authors_user_change", args=[client.user.pk]))
    assert path not in page.content.decode()


@pytest.mark.parametrize("password", ["password123", "12345678901", "aida2026aida", "short", ""])
def test_common_passwords_are_refused(password):
    path = path_of(link_in(invite(signed_in("chief editor"), username="aida2026")))
    assert choose(path, password).status_code == 200
    assert not User.objects.get(username="aida2026").has_usable_password()
    assert Client().get(path).status_code == 200


def test_whoever_was_in_with_the_old_password_is_out():
    login = make_user("reporter")
    intruder = Client()
    intruder.post("/admin/login/", {"username": login.username, "password": "correct horse"})
    choose(reverse("set_password", args=[links.invite(login, by=chief())]))
    assert intruder.get("/admin/").status_code == 302


def test_a_link_signs_out_whoever_opened_it_under_another_name():
    client, login = signed_in("editor"), make_user("reporter")
    choose(reverse("set_password", args=[links.invite(login, by=chief())]), client=client)
    assert client.get("/admin/").context["user"] == login


def test_unknown_links_look_like_used_ones():
    used = reverse("set_password", args=[links.invite(make_user("reporter"), by=chief())])
    choose(used)
    pages = set()
    for path in (used, "/admin/welcome/x/", f"/admin/welcome/{'a' * 500}/"):
        response = Client().get(path)
        assert response.status_code == 404
        pages.add(re.sub(r'nonce="[^"]+"', "", response.content.decode()))
    assert len(pages) == 1


# Mail


@pytest.mark.django_db(transaction=True)
def test_an_invitation_is_mailed_where_there_is_mail(settings):
    settings.HAS_MAIL = True
    response = invite(signed_in("chief editor"), email="aida@example.org")
    assert "It was mailed to aida@example.org" in response.content.decode()
    assert mail.outbox[0].to == ["aida@example.org"]
    assert link_in(response) in mail.outbox[0].body


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("trouble", ["no mail", "no address", "broken"])
def test_without_mail_the_inviter_hands_the_link_over(settings, trouble):
    settings.HAS_MAIL = trouble != "no mail"
    if trouble == "broken":
        settings.EMAIL_BACKEND = f"{__name__}.BrokenMail"
    email = "" if trouble == "no address" else "aida@example.org"
    response = invite(signed_in("chief editor"), email=email)
    assert "It was not mailed" in response.content.decode()
    assert links.find(link_in(response).rsplit("/", 2)[1])
    assert mail.outbox == []


def ask(email, address="192.0.2.1"):
    return Client().post("/admin/login/forgotten/", {"email": email}, REMOTE_ADDR=address)


def test_a_forgotten_password_is_mended_by_mail(settings):
    settings.HAS_MAIL = True
    login = make_user("reporter", email="aida@example.org")
    response = ask("AIDA@example.org")
    assert "no-store" in response["Cache-Control"]
    link = re.search(r"http://\S+", mail.outbox[0].body)[0]
    assert choose(path_of(link)).status_code == 302
    login.refresh_from_db()
    assert login.check_password(GOOD)


def test_a_link_for_a_forgotten_password_holds_for_two_hours(settings):
    login = make_user("reporter")
    path = reverse("set_password", args=[links.mend(login)])
    with time_machine.travel(time.time() + 2 * 3600 + 5):
        assert Client().get(path).status_code == 404


def test_asking_tells_nobody_whether_there_is_such_an_account(settings):
    settings.HAS_MAIL = True
    make_user("reporter", email="aida@example.org")
    make_user("reporter", email="closed@example.org", is_active=False)
    pages = set()
    for email in ("aida@example.org", "closed@example.org", "nobody@example.org"):
        text = ask(email).content.decode()
        pages.add(re.sub(r'(nonce|value)="[^"]+"', "", text))
    assert len(pages) == 1
    assert [m.to for m in mail.outbox] == [["aida@example.org"]]


@pytest.mark.parametrize("setting", ["no mail", "broken"])
def test_without_mail_nothing_is_sent_and_nothing_breaks(settings, setting):
    settings.HAS_MAIL = setting != "no mail"
    settings.EMAIL_BACKEND = f"{__name__}.BrokenMail"
    make_user("reporter", email="aida@example.org")
    response = ask("aida@example.org")
    assert response.status_code == 200
    assert ("sends no mail" in response.content.decode()) == (setting == "no mail")


def test_nobody_is_flooded_with_links(settings):
    settings.HAS_MAIL = True
    make_user("reporter", email="aida@example.org")
    for number in range(8):
        ask("aida@example.org", address=f"198.51.100.{number}")
    assert len(mail.outbox) == 3
    for number in range(30):
        make_user("reporter", email=f"x{number}@example.org")
        ask(f"x{number}@example.org")
    assert len(mail.outbox) == 23


def test_who_asks_for_another_does_not_undo_an_invitation(settings):
    settings.HAS_MAIL = True
    login = make_user("reporter", email="aida@example.org")
    token = links.invite(login, by=chief())
    ask("aida@example.org")
    assert links.find(token)
    assert OneTimeLink.objects.count() == 2
    assert links.use(links.find(token), GOOD)
    assert OneTimeLink.objects.count() == 0


def test_the_form_of_a_login_says_how_it_stands(django_assert_num_queries):
    client = signed_in("chief editor")
    response = invite(client)
    login = User.objects.get(username="aida")
    path = reverse("admin:authors_user_change", args=[login.pk])
    text = client.get(path).content.decode()
    assert "Has set no password yet." in text
    assert "A one-time link holds until" in text
    choose(path_of(link_in(response)))
    text = client.get(path).content.decode()
    assert "Has set a password." in text
    assert "A one-time link holds" not in text
    assert "Signed in in 1 browser." in text
    assert datetime.timedelta(hours=72) == links.INVITES_FOR


def test_whoever_runs_the_machine_finds_a_way_back_in(capsys):
    login = make_user("administrator", username="root")
    Authenticator.objects.create(user=login, type="totp", data={"secret": "A" * 32})
    call_command("sign_in_link", "root")
    assert Authenticator.objects.filter(user=login).exists()
    call_command("sign_in_link", "ROOT", without_second_factor=True)
    assert not Authenticator.objects.filter(user=login).exists()
    link = capsys.readouterr().out.split()[-1]
    assert choose(path_of(link)).url == "/admin/"
    login.is_active = False
    login.save()
    with pytest.raises(CommandError):
        call_command("sign_in_link", "root")
