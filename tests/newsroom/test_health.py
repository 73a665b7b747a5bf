"""How the newsroom is: a word for everybody, the whole for staff and for whoever watches the machine."""

import datetime
import json
import os
import time

import pytest
from django.db import connection
from django.utils import timezone

from articles.delivery import SIGN_OF_LIFE
from articles.models import Article, Message, SearchEntry
from newsroom.health import LAST_BACKUP
from tests.factories import make_article, make_user

pytestmark = pytest.mark.django_db
TOKEN = "a-token-of-the-watchers"


@pytest.fixture(autouse=True)
def _folder_of_the_installation(settings, tmp_path):
    settings.VAR_DIR = tmp_path / "var"
    settings.VAR_DIR.mkdir()
    settings.HEALTH_TOKEN = TOKEN


def full(client, status=200):
    response = client.get("/healthz?full=1", headers={"authorization": f"Bearer {TOKEN}"})
    assert response.status_code == status
    assert "no-store" in response.headers["Cache-Control"]
    return response.json()


def all_is_well(settings):
    (settings.VAR_DIR / SIGN_OF_LIFE).touch()
    last = {"taken_at": timezone.now().isoformat(), "place": "/srv/secret-place"}
    (settings.VAR_DIR / LAST_BACKUP).write_text(json.dumps(last))


def test_everybody_learns_whether_the_process_answers_and_no_more(client):
    response = client.get("/healthz")
    assert (response.status_code, response.content) == (200, b"ok\n")
    for header in ({}, {"authorization": "Bearer wrong"}, {"authorization": TOKEN}):
        response = client.get("/healthz?full=1", headers=header)
        assert (response.status_code, response.content) == (403, b"Not allowed.\n")
    response = client.get(f"/healthz?full=1&token={TOKEN}")
    assert response.status_code == 403


def test_without_a_token_of_the_installation_an_empty_one_opens_nothing(client, settings):
    settings.HEALTH_TOKEN = ""
    for header in ({"authorization": "Bearer "}, {"authorization": "Bearer"}):
        assert client.get("/healthz?full=1", headers=header).status_code == 403


def test_staff_and_a_holder_of_the_token_see_each_dependency(client, settings):
    all_is_well(settings)
    found = full(client)
    assert (found["ok"], found["readers"]) == (True, True)
    assert set(found["checks"]) == {
        *"database migrations store media disk deliver backup search jobs".split()
    }
    client.force_login(make_user("reporter"))
    assert client.get("/healthz?full=1").json()["ok"]
    words = json.dumps(found)
    for secret in (settings.SECRET_KEY, TOKEN, "/srv/secret-place", str(settings.VAR_DIR)):
        assert secret not in words


def test_what_readers_do_not_need_is_said_with_a_200(client, settings):
    found = full(client)
    assert (found["ok"], found["readers"]) == (False, True)
    assert found["checks"]["backup"] == {"ok": False, "error": "never"}
    assert found["checks"]["deliver"]["seen_seconds_ago"] is None
    all_is_well(settings)
    last = {"taken_at": (timezone.now() - datetime.timedelta(days=3)).isoformat(), "place": ""}
    (settings.VAR_DIR / LAST_BACKUP).write_text(json.dumps(last))
    assert full(client)["checks"]["backup"] == {"ok": False, "hours_ago": 72.0}
    an_hour_ago = time.time() - 3600
    os.utime(settings.VAR_DIR / SIGN_OF_LIFE, (an_hour_ago, an_hour_ago))
    assert full(client)["checks"]["deliver"]["ok"] is False


def test_mail_that_waits_too_long_or_was_given_up_is_counted(client, settings):
    all_is_well(settings)
    story, editor = make_article(), make_user("editor")
    long_ago = timezone.now() - datetime.timedelta(hours=1)
    Message.objects.all().delete()
    for state, at in (("waiting", long_ago), ("waiting", timezone.now()), ("failed", long_ago)):
        Message.objects.create(
            to=editor, channel="mail", move="publish", article=story, state=state, due_at=at
        )
    found = full(client)["checks"]["deliver"]
    assert (found["ok"], found["waiting"], found["late"], found["failed_today"]) == (False, 2, 1, 1)


def test_a_story_that_the_search_has_lost_is_noticed(client, settings):
    make_article()
    assert full(client)["checks"]["search"]["ok"]
    SearchEntry.objects.all().delete()
    assert full(client)["checks"]["search"] == {"ok": False, "stories_missing": True}


def test_a_migration_that_was_forgotten_is_a_503(client, settings):
    with connection.cursor() as cursor:
        cursor.execute("SELECT MAX(name) FROM django_migrations WHERE app = 'newsroom'")
        cursor.execute(
            "DELETE FROM django_migrations WHERE app = 'newsroom' AND name = %s", cursor.fetchone()
        )
    found = full(client, 503)
    assert found["readers"] is False
    assert found["checks"]["migrations"] == {"ok": False, "pending": 1}


def test_a_folder_of_pictures_that_cannot_be_written_is_a_503(client, settings, tmp_path):
    (tmp_path / "file").write_text("no folder")
    settings.MEDIA_ROOT = tmp_path / "file" / "media"
    assert full(client, 503)["checks"]["media"]["ok"] is False


def test_it_takes_as_many_queries_with_one_story_as_with_three(
    client, settings, django_assert_num_queries
):
    all_is_well(settings)
    for number in (1, 3):
        while Article.objects.count() < number:
            make_article()
        with django_assert_num_queries(14):
            full(client)
