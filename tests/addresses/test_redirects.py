import random

import pytest
from django.db import IntegrityError, transaction

from addresses.models import Redirect, find, forward, gone
from articles import publishing
from tests.factories import make_article, make_user

pytestmark = pytest.mark.django_db


def test_an_old_address_leads_on_in_one_hop_however_often_it_moved():
    forward("/a/", "/b/")
    forward("/b/", "/c/")
    forward("/c/", "/d/")
    assert {r.path: r.target for r in Redirect.objects.all()} == {
        "/a/": "/d/",
        "/b/": "/d/",
        "/c/": "/d/",
    }


def test_an_address_in_use_again_leads_nowhere_else():
    forward("/a/", "/b/")
    forward("/b/", "/a/")
    assert {r.path: r.target for r in Redirect.objects.all()} == {"/b/": "/a/"}


def test_random_moves_never_make_a_loop_or_a_second_hop():
    chance = random.Random(7)
    names = [f"/{letter}/" for letter in "abcdefgh"]
    for _ in range(300):
        old, new = chance.sample(names, 2)
        forward(old, new)
        table = {r.path: r.target for r in Redirect.objects.all()}
        assert new not in table
        assert not set(table.values()) & set(table)


def test_a_feed_follows_the_list_it_belongs_to():
    forward("/regions/old/", "/regions/new/")
    assert find("/regions/old/rss.xml").target == "/regions/new/rss.xml"
    assert find("/regions/other/rss.xml") is None


def test_an_older_systems_address_can_match_by_its_query():
    Redirect.objects.create(path="/index.php", query="id=7", target="/x/")
    assert find("/index.php", "id=7").target == "/x/"
    assert find("/index.php", "id=8") is None


def test_an_older_systems_address_is_one_with_a_slash_at_its_end_and_without():
    Redirect.objects.create(path="/2014/05/spring", target="/x/")
    Redirect.objects.create(path="/2014/06/summer/", target="/y/")
    assert find("/2014/05/spring/").target == "/x/"
    assert find("/2014/06/summer").target == "/y/"


def test_the_home_with_a_storys_number_leads_to_the_story(client):
    story = make_article()
    address = story.get_absolute_url()
    Redirect.objects.create(path="/", query="p=12", target=address)
    Redirect.objects.create(path="/", query="p=13", target="")
    for old in ("/?p=12", "/?p=12&utm_source=mail"):
        answer = client.get(old)
        assert (answer.status_code, answer["Location"]) == (301, address)
    assert client.get("/?p=13").status_code == 410
    assert client.get("/?p=1").status_code == 200
    publishing.pull(story, by=make_user("editor"), note="A call")
    assert client.get("/?p=12").status_code == 404
    assert client.post("/?p=12").status_code != 301


def test_nothing_leads_to_itself():
    forward("/a/", "/a/")
    assert not Redirect.objects.exists()
    with pytest.raises(IntegrityError), transaction.atomic():
        Redirect.objects.create(path="/a/", target="/a/")


def test_the_site_sends_old_addresses_on_and_says_what_is_gone(client):
    forward("/old/", "/corrections/?x=1")
    forward("/other/", "/nothing/there/")
    gone("/never-again/")
    moved = client.get("/old/")
    assert (moved.status_code, moved["Location"]) == (301, "/corrections/?x=1")
    assert client.get("/other/").status_code == 404
    assert client.get("/never-again/").status_code == 410
    assert client.get("/unknown/").status_code == 404
    assert client.post("/old/").status_code in {403, 404, 405}
