"""While an upgrade is at work nothing is written that its way back would lose; readers read on."""

import pytest
from django.core import mail
from django.core.management import call_command

from articles import publishing
from articles.delivery import UPGRADING
from articles.models import Message
from tests.factories import make_article, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _sign(settings, tmp_path):
    settings.VAR_DIR = tmp_path
    (tmp_path / UPGRADING).touch()


def test_readers_read_and_nobody_writes(client):
    story = make_article(headline="Snow")
    assert "Snow" in client.get(story.get_absolute_url()).content.decode()
    assert client.get("/healthz").status_code == 200
    client.force_login(make_user("editor"))
    for answer in (client.get("/admin/"), client.post("/report/?story=1", {"text": "x"})):
        assert answer.status_code == 503
        assert answer.headers["Retry-After"] == "60"
        assert answer.headers["Cache-Control"] == "private, no-store"
        assert "nothing can be saved" in answer.content.decode()
    answer = client.get("/admin/", headers={"accept-language": "ru"})
    assert "Редакция обновляется" in answer.content.decode()
    assert answer.headers["Content-Language"] == "ru"


def test_messages_wait(client):
    make_user("editor", email="ed@example.org")
    publishing.submit(make_article(status="draft"), by=make_user("editor"))
    call_command("deliver")
    assert mail.outbox == []
    assert set(Message.objects.values_list("state", flat=True)) == {"waiting"}
