import datetime

import pytest

from addresses import counting
from addresses.models import Miss, Redirect
from articles import publishing
from tests.factories import make_article, make_user

pytestmark = pytest.mark.django_db
TODAY = datetime.date(2026, 11, 29)


@pytest.fixture
def counted():
    counting.begin()
    yield lambda today=TODAY: counting.flush(today)
    counting.end()


def misses():
    return list(Miss.objects.order_by("path", "query").values_list("path", "query", "times"))


def test_who_follows_an_old_address_is_counted_and_the_day_kept(client, counted):
    address = make_article().get_absolute_url()
    followed = Redirect.objects.create(path="/old/", target=address)
    gone = Redirect.objects.create(path="/gone/", target="")
    other = Redirect.objects.create(path="/other/", target=address)
    for asked in ("/old/", "/old/amp/", "/old/?utm_source=x", "/gone/"):
        client.get(asked)
    counted()
    counted(datetime.date(2026, 11, 30))
    for row in (followed, gone, other):
        row.refresh_from_db()
    assert (followed.hits, followed.last_hit_on) == (3, TODAY)
    assert gone.hits == 1
    assert (other.hits, other.last_hit_on) == (0, None)
    client.get("/old/")
    counted(datetime.date(2026, 12, 1))
    followed.refresh_from_db()
    assert (followed.hits, followed.last_hit_on) == (4, datetime.date(2026, 12, 1))


def test_no_request_writes(client, counted, django_assert_num_queries):
    Redirect.objects.create(path="/gone/", target="")
    client.get("/gone/")
    client.get("/nothing/")
    assert Redirect.objects.get().hits == 0
    assert not Miss.objects.exists()


def test_what_leads_nowhere_is_kept_without_who_asked(client, counted):
    headers = {"Referer": "https://www.elsewhere.example.org/a/b?user=7#x", "User-Agent": "Mine/1"}
    for asked in ("/nothing/?utm_source=x&p=7&email=a@b.org", "/nothing?p=7", "/жаз/", "/%25D0%25B6%25D0%25B0%25D0%25B7/"):  # fmt: skip
        client.get(asked, headers=headers, REMOTE_ADDR="203.0.113.9")
    counted()
    assert misses() == [("/nothing/", "p=7", 2), ("/жаз/", "", 2)]
    row = Miss.objects.first()
    assert row.referrer == "www.elsewhere.example.org"
    assert (row.first_on, row.last_on) == (TODAY, TODAY)
    client.get("/nothing/?p=7")
    counted(datetime.date(2026, 12, 1))
    row = Miss.objects.get(path="/nothing/")
    assert (row.times, row.first_on, row.last_on) == (3, TODAY, datetime.date(2026, 12, 1))
    assert row.referrer == "www.elsewhere.example.org"


@pytest.mark.parametrize(
    "asked",
    [
        "/wp-login.php", "/.env", "/.git/config", "/wp-admin/", "/wp-content/plugins/x/readme.txt",
        "/xmlrpc.php", "/phpmyadmin/", "/a/../b/", "/admin/nothing/", "/preview/abcdef/",
        "/media/abc/card-480.jpg", "/static/x.css", "/backup.zip", "/cgi-bin/luci", "/x<script>/",
        "/someone@example.org/", "/shell.php?cmd=id", "/app.js.map",
    ],
)  # fmt: skip
def test_what_scanners_try_and_what_is_for_one_person_is_not_kept(client, counted, asked):
    client.get(asked)
    counted()
    assert misses() == []


@pytest.mark.parametrize(
    "asked",
    [
        "/index.php/news/12-slug",
        "/2014/05/story.html",
        "/wp-content/uploads/2014/a.jpg",
        "/feed/podcast/",
        "/the-php-story/",
    ],
)
def test_what_a_paper_may_have_had_is_kept(client, counted, asked):
    client.get(asked)
    counted()
    assert len(misses()) == 1


def test_a_number_that_only_the_home_answers_is_kept(client, counted):
    for asked in ("/?p=77", "/?p=77&utm_source=x", "/?author=3", "/?utm_source=x", "/", "/ru/?p=5"):
        assert client.get(asked).status_code == 200
    counted()
    assert misses() == [("/", "p=77", 2), ("/ru/", "p=5", 1)]


def test_what_leads_somewhere_by_the_time_it_is_written_is_no_miss(client, counted):
    address = make_article().get_absolute_url()
    for asked in ("/old/", "/index.php/news/7-snow", "/nothing/"):
        client.get(asked)
    for path in ("/old/", "/index.php/news/7-snow"):
        Redirect.objects.create(path=path, target=address)
    counted()
    assert misses() == [("/nothing/", "", 1)]


def test_what_is_pulled_and_known_is_no_miss_and_a_post_neither(client, counted):
    story = make_article()
    Redirect.objects.create(path="/old/", target=story.get_absolute_url())
    publishing.pull(story, by=make_user("editor"), note="A call")
    client.get("/old/")
    client.post("/nothing/")
    counted()
    assert misses() == []
    assert Redirect.objects.get().hits == 0


def test_a_flood_of_random_addresses_fills_nothing_and_drives_out_nothing_that_counts(
    counted, monkeypatch
):
    monkeypatch.setattr(counting, "MOST_ROWS", 20)
    for _ in range(3):
        counting.missed("/a-real-one/", "", "")
    counting.missed("/ignored/", "", "")
    counted()
    Miss.objects.filter(path="/ignored/").update(is_ignored=True)
    for day in range(3):
        for number in range(30):
            counting.missed(f"/{day}/x{number}/", "", "")
        counted(TODAY + datetime.timedelta(days=day + 1))
    assert Miss.objects.count() == 20
    kept = {path for path, _query, _times in misses()}
    assert {"/a-real-one/", "/ignored/"} <= kept


def test_one_process_holds_no_more_than_it_may(counted):
    for number in range(2 * counting.MOST_WAITING):
        counting.missed(f"/x{number}/", "", "")
    assert len(counting._counts.missed) == counting.MOST_WAITING
    counted()
    assert Miss.objects.count() == counting.MOST_WAITING


def test_what_nobody_asked_for_in_half_a_year_goes(counted):
    counting.missed("/long-ago/", "", "")
    counted(TODAY - datetime.timedelta(days=181))
    counting.missed("/now/", "", "")
    counted()
    assert misses() == [("/now/", "", 1)]


def test_a_command_counts_nothing(client):
    Redirect.objects.create(path="/gone/", target="")
    client.get("/gone/")
    client.get("/nothing/")
    counting.flush(TODAY)
    assert Redirect.objects.get().hits == 0
    assert misses() == []


@pytest.mark.parametrize("count", [1, 3])
def test_many_counts_are_written_in_as_many_queries_as_one(
    counted, django_assert_num_queries, count
):
    for number in range(count):
        counting.missed(f"/x{number}/", "", "")
        counting.followed(Redirect.objects.create(path=f"/old{number}/", target="/x/").pk)
    with django_assert_num_queries(13):
        counted()
