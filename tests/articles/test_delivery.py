"""The outbox: sent after the fact, once, again where it failed, and mail apart from the webhook."""

import datetime
import http.server
import json
import os
import socket
import threading

import pytest
import time_machine
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from articles import hooks, publishing
from articles.delivery import BACK_OFF, deliver, forget
from articles.models import Message
from tests.factories import make_article, make_user

pytestmark = pytest.mark.django_db
REFUSING = "tests.articles.test_delivery.RefusingBackend"


class RefusingBackend(BaseEmailBackend):
    """A mail server that is not there."""

    def send_messages(self, messages):
        raise ConnectionRefusedError("nobody listens")


@pytest.fixture
def editor():
    return make_user("editor", username="ed", email="ed@example.org", messenger="77")


@pytest.fixture
def submitted(editor):
    """A story whose submission waits to be told to one editor."""
    story = make_article(status="draft", headline="Snow in Osh")
    publishing.submit(story, by=make_user("editor", first_name="Ann", last_name="Lee"), note="Fast")
    return story


@pytest.fixture
def receiver():
    """A web server on this machine: ``receiver.got`` is what came, ``.answer`` what it says."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            length = int(self.headers["Content-Length"])
            server.got.append((self.path, json.loads(self.rfile.read(length))))
            self.send_response(server.answer)
            if 300 <= server.answer < 400:
                self.send_header("Location", "/elsewhere")
            self.end_headers()

        def log_message(self, *args):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.got, server.answer = [], 200
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def hook(settings, receiver):
    settings.WEBHOOK_URL = f"http://127.0.0.1:{receiver.server_port}/bot1:secret/sendMessage"
    settings.WEBHOOK_FIELDS = {"chat_id": "{to}", "disable_notification": True}
    return receiver


def test_a_mail_says_what_happened_to_which_story_and_leads_to_it(submitted):
    assert mail.outbox == []  # nothing goes out while the story is saved
    assert deliver("mail")
    (sent,) = mail.outbox
    assert sent.to == ["ed@example.org"]
    assert sent.subject == "Submitted for review: Snow in Osh"
    assert "Ann Lee" in sent.body
    assert "Fast" in sent.body
    assert f"http://127.0.0.1:8000/admin/articles/article/{submitted.pk}/change/" in sent.body
    assert "/admin/preferences/" in sent.body


def test_a_message_is_sent_once_and_its_note_is_not_kept(submitted):
    deliver("mail")
    deliver("mail")
    assert len(mail.outbox) == 1
    message = Message.objects.get()
    assert (message.state, message.text, message.tries) == ("sent", "", 1)


def test_a_mail_that_failed_is_tried_again_later_and_later_and_then_given_up(submitted, settings):
    settings.EMAIL_BACKEND = REFUSING
    now = timezone.now()
    for number, wait in enumerate(BACK_OFF, start=1):
        with time_machine.travel(now, tick=False):
            assert deliver("mail") is False
            assert deliver("mail")  # not before its time
        message = Message.objects.get()
        assert message.tries == number
        assert message.error == "ConnectionRefusedError"
        now += datetime.timedelta(seconds=wait + 1)
    assert (message.state, message.text) == ("failed", "")


def test_a_mail_that_failed_arrives_when_the_server_is_back(submitted, settings):
    back_end = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND = REFUSING
    deliver("mail")
    settings.EMAIL_BACKEND = back_end
    with time_machine.travel(timezone.now() + datetime.timedelta(seconds=BACK_OFF[0] + 1)):
        deliver("mail")
    (sent,) = mail.outbox
    assert sent.extra_headers["Message-ID"] == f"<message-{Message.objects.get().pk}@127.0.0.1>"
    assert "Fast" in sent.body


def test_who_may_no_longer_see_the_story_hears_nothing(submitted, editor):
    publishing.restrict(submitted, by=make_user("chief editor"), people=[make_user("reporter")])
    deliver("mail")
    assert mail.outbox == []
    assert Message.objects.get(move="submit").state == "dropped"


def test_a_closed_account_hears_nothing(submitted, editor):
    editor.is_active = False
    editor.save()
    deliver("mail")
    assert mail.outbox == []


def test_what_was_sent_long_ago_is_forgotten(submitted):
    deliver("mail")
    assert forget() == 0
    Message.objects.update(at=timezone.now() - datetime.timedelta(days=31))
    assert forget() == 1


def test_the_command_sends_all_that_waits(hook, editor, submitted):
    call_command("deliver")
    assert len(mail.outbox) == len(hook.got) == 1


@pytest.mark.django_db(transaction=True)
def test_watching_sends_on_both_ways_and_ends_with_what_started_it(hook, editor):
    publishing.submit(make_article(status="draft"), by=make_user("editor"))
    gone = os.getppid() + 1
    call_command("deliver", watch=True, parent=gone)
    assert len(mail.outbox) == len(hook.got) == 1
    assert set(Message.objects.values_list("state", flat=True)) == {"sent"}


@pytest.mark.django_db(transaction=True)
def test_many_who_deliver_at_once_send_each_message_once(editor):
    for _ in range(10):
        publishing.submit(make_article(status="draft"), by=make_user("editor"))

    def work():
        deliver("mail")
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    # Each of the ten is told to the editor, and to no one else who has an address.
    assert sorted(m.extra_headers["Message-ID"] for m in mail.outbox) == sorted(
        f"<message-{number}@127.0.0.1>" for number in Message.objects.values_list("pk", flat=True)
    )


# The webhook


def test_a_telegram_bot_gets_the_text_and_the_chat(hook, editor, submitted):
    assert deliver("hook")
    ((path, payload),) = hook.got
    assert path == "/bot1:secret/sendMessage"
    assert payload["chat_id"] == "77"
    assert payload["disable_notification"] is True
    assert payload["event"] == "submitted"
    assert payload["id"] == Message.objects.get(channel="hook").pk
    assert payload["link"] in payload["text"]
    assert payload["text"].startswith("Submitted for review\nSnow in Osh\nAnn Lee")


@pytest.mark.parametrize("answer", [301, 302, 307, 308, 400, 404, 429, 500])
def test_no_answer_but_success_is_one_and_redirects_are_not_followed(hook, submitted, answer):
    hook.answer = answer
    deliver("hook")
    assert len(hook.got) == 1
    message = Message.objects.get(channel="hook")
    assert (message.state, message.error) == ("waiting", f"answered {answer}")


def test_a_dead_webhook_holds_up_no_mail_and_its_secret_is_in_no_error(settings, editor):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        settings.WEBHOOK_URL = f"http://localhost:{probe.getsockname()[1]}/bot1:secret/"
    settings.WEBHOOK_FIELDS = {"chat_id": "{to}"}
    publishing.submit(make_article(status="draft"), by=make_user("editor"))
    call_command("deliver")
    assert len(mail.outbox) == 1
    assert Message.objects.get(channel="hook").error == "ConnectionRefusedError"


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/",
        "ftp://example.org/",
        "file:///etc/passwd",
        "https://user:password@example.org/",
        "https://",
        "https://example.org:99999/",
        "https://[::1/",
        "javascript:alert(1)",
    ],
)
def test_a_webhook_is_https_or_this_machine(settings, url):
    assert hooks.problem(url)
    settings.WEBHOOK_URL = url
    with pytest.raises(hooks.Refused):
        hooks.post("words")


@pytest.mark.parametrize(
    "host",
    [
        "10.0.0.1",
        "172.16.3.4",
        "192.168.1.1",
        "169.254.169.254",
        "127.0.0.2",
        "127.1",
        "2130706433",
        "0.0.0.0",
        "100.64.0.1",
        "224.0.0.1",
        "[fd00::1]",
        "[fe80::1]",
        "[::ffff:10.0.0.1]",
        "[::]",
    ],
)
def test_a_webhook_leads_into_no_private_network(settings, host):
    settings.WEBHOOK_URL = f"https://{host}/"
    with pytest.raises(hooks.Refused, match=r"private network|not known"):
        hooks.post("words")


def test_a_webhook_that_never_answers_is_left_after_some_seconds(settings, monkeypatch):
    monkeypatch.setattr(hooks, "TIMEOUT", 0.2)
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        settings.WEBHOOK_URL = f"http://127.0.0.1:{silent.getsockname()[1]}/"
        with pytest.raises(hooks.Refused, match="TimeoutError"):
            hooks.post("words")


def test_a_certificate_is_asked_for(settings, receiver):
    # The receiver speaks no TLS at all: what is not secure is not spoken to.
    settings.WEBHOOK_URL = f"https://localhost:{receiver.server_port}/"
    with pytest.raises(hooks.Refused, match="SSL"):
        hooks.post("words")
    assert receiver.got == []
