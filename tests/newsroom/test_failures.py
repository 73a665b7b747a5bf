"""Administrators hear of jobs that fail, once, and when they work again; and of pages that break."""

import datetime
import os
import subprocess
import sys
import threading

import pytest
from django.core import mail

from newsroom import failures
from tests.articles.test_delivery import REFUSING
from tests.factories import make_user

pytestmark = pytest.mark.django_db
NOW = datetime.datetime(2027, 3, 1, 3, 15, tzinfo=datetime.UTC)
HOUR = datetime.timedelta(hours=1)


@pytest.fixture(autouse=True)
def _folder_of_the_installation(settings, tmp_path):
    settings.VAR_DIR = tmp_path / "var"
    settings.VAR_DIR.mkdir()
    settings.HAS_MAIL = True


def note(status, at, output="No space left on device\n"):
    failures.note("backup", command="manage.py backup /srv", status=status, output=output, now=at)


def subjects():
    return [sent.subject for sent in mail.outbox]


def test_a_job_that_fails_is_told_once_in_twelve_hours_and_once_when_it_works_again():
    make_user("administrator", email="root@example.org")
    make_user("chief editor", email="chief@example.org")
    for hour in range(13):
        note(1, NOW + hour * HOUR)
    assert subjects() == ["[127.0.0.1] backup failed"] * 2
    assert {tuple(sent.to) for sent in mail.outbox} == {("root@example.org",)}
    assert "manage.py backup /srv" in mail.outbox[0].body
    assert "No space left on device" in mail.outbox[0].body
    assert "2027-03-01 03:15:00 UTC" in mail.outbox[0].body
    for hour in (13, 14):
        note(0, NOW + hour * HOUR)
    assert subjects()[2:] == ["[127.0.0.1] backup works again"]
    assert "2027-03-01 03:15:00 UTC" in mail.outbox[2].body


def test_each_hears_in_their_own_language():
    make_user("administrator", email="root@example.org", language="ru")
    note(1, NOW)
    assert subjects() == ["[127.0.0.1] backup не выполнено"]


def test_what_could_not_be_told_is_told_the_next_time(settings):
    settings.ADMINS = [("", "ops@example.org")]
    back_end = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND = REFUSING
    note(1, NOW)
    settings.EMAIL_BACKEND = back_end
    note(1, NOW + HOUR)
    assert len(mail.outbox) == 1


def test_a_mail_holds_no_secret(settings):
    settings.ADMINS = [("", "ops@example.org")]
    settings.DATABASES["default"]["PASSWORD"] = "swordfish-1"
    said = (
        f"key {settings.SECRET_KEY}\npostgres://news:hunter2@db/x\npassword swordfish-1\n"
        "Key (email)\nDETAIL: Key (email)=(reader@example.org) exists\n/preview/Zm9yLXlv/ broke\n"
    )
    try:
        note(1, NOW, said)
    finally:
        settings.DATABASES["default"]["PASSWORD"] = ""
    for secret in (settings.SECRET_KEY, "hunter2", "swordfish", "reader@", "Zm9yLXlv"):
        assert secret not in mail.outbox[0].body


def test_a_command_that_fails_under_job_is_noted_with_its_last_lines(tmp_path):
    env = {**os.environ, "VAR_DIR": str(tmp_path), "EMAIL_URL": f"filemail:///{tmp_path / 'mail'}"}
    env |= {
        "ADMINS": "ops@example.org",
        "DATABASE_URL": "postgres://nobody:swordfish@127.0.0.1:1/x",
    }
    done = subprocess.run(
        [sys.executable, "manage.py", "job", "deliver"], env=env, capture_output=True, text=True
    )
    assert done.returncode == 1
    assert "OperationalError" in done.stderr
    (letter,) = (tmp_path / "mail").iterdir()
    words = letter.read_text()
    assert "To: ops@example.org" in words
    assert "deliver failed" in words
    assert "OperationalError" in words
    assert "swordfish" not in words


def test_a_page_that_breaks_is_told_once_with_its_number_and_without_what_was_sent(
    client, settings, monkeypatch
):
    settings.ADMINS = [("", "ops@example.org")]
    monkeypatch.setattr("fronts.views.compose", lambda *args: 1 / 0)
    client.raise_request_exception = False
    client.cookies["sessionid"] = "a-cookie-of-somebody"
    for number in ("0af7651916cd43dd", "1af7651916cd43dd"):
        client.get("/?q=private+words", headers={"x-request-id": number, "user-agent": "Agent"})
        for thread in threading.enumerate():
            if thread.name == "tell of a fault":
                thread.join()
    (sent,) = mail.outbox
    assert sent.subject == "[127.0.0.1] A page broke: ZeroDivisionError"
    assert "0af7651916cd43dd" in sent.body
    assert "GET /" in sent.body
    for what in ("a-cookie", "private", "Agent"):
        assert what not in sent.body


def test_many_faults_are_no_flood(settings):
    settings.ADMINS = [("", "ops@example.org")]
    told = [failures._is_new(f"fault {number}") for number in range(40)]
    assert sum(told) == failures.MOST_FAULTS


def test_a_full_disk_does_not_break_the_page_that_says_that_we_broke(
    client, settings, monkeypatch, tmp_path
):
    (tmp_path / "file").touch()
    settings.VAR_DIR = tmp_path / "file"
    monkeypatch.setattr("fronts.views.compose", lambda *args: 1 / 0)
    client.raise_request_exception = False
    assert "Something broke" in client.get("/").content.decode()
    assert mail.outbox == []
