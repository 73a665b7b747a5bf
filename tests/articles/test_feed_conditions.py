"""Who has a feed already is told so, and nobody is told so who has another.

Each change of what a feed holds, for three kinds of reader: one that sends the ETag, one that sends
the date, one that sends both.
"""

import datetime
import itertools

import pytest
import time_machine
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles import people, publishing, successors
from articles.feeds import conditional, content
from articles.models import Article, Series
from newsroom.models import SiteSettings
from tests.factories import (
    chief,
    make_article,
    make_author,
    make_house,
    make_image,
    make_organisation,
    make_region,
    make_tag,
    make_user,
)

pytestmark = pytest.mark.django_db
NOON = datetime.datetime(2027, 3, 1, 6, 0, 0, 200_000, tzinfo=datetime.UTC)
SECOND = datetime.timedelta(seconds=1)
READERS = {
    "etag": {"If-None-Match": "ETag"},
    "date": {"If-Modified-Since": "Last-Modified"},
    "both": {"If-None-Match": "ETag", "If-Modified-Since": "Last-Modified"},
}
FEEDS = ["/rss.xml", "/atom.xml", "/feed.json", "/tags/water/rss.xml", "/authors/ada/atom.xml"]


@pytest.fixture
def paper():
    """Noon, and a paper with a story, an older one by the same person, and one that is due."""
    with time_machine.travel(NOON, tick=False) as clock:
        cache.clear()
        make_house()
        ada = make_author(name="Ada", slug="ada")
        shared = {"authors": [ada], "tags": [make_tag(name="Water")]}
        for number in range(2):
            make_article(
                headline=f"Story {number}",
                at=NOON - datetime.timedelta(hours=9 - number),
                lead_image=make_image(credit="A. B."),
                regions=[make_region(name=f"Osh {number}")],
                **shared,
            )
        make_article(
            headline="Due", status="scheduled", at=NOON + datetime.timedelta(hours=1), **shared
        )
        yield clock


def headers_of(response, reader):
    return {asked: response.headers[given] for asked, given in READERS[reader].items()}


def seen(client, clock, address):
    """What a reader gets who comes when a feed has been as it is for more than a second."""
    client.get(address)
    clock.shift(2 * SECOND)
    response = client.get(address)
    assert response.status_code == 200
    return response


def older():
    return Article.objects.get(headline="Story 0")


def rename(_clock):
    ada = older().bylines.get().author
    ada.name = "Ada Lovelace"
    ada.save()


def correct(_clock):
    publishing.correct(older(), by=chief(), kind="correction", text="There are 38.")


def replace_picture(_clock):
    image = older().lead_image
    image.credit = "C. D."
    image.save()


def rename_tag(_clock):
    tag = older().tags.get()
    tag.name = "Waters"
    tag.save()


def rename_site(_clock):
    SiteSettings.objects.create(name="The Other Paper")


def mend(_clock):
    story = older()
    story.standfirst = "Mended."
    publishing.save(story, by=chief())
    publishing.record(story, by=chief())


CHANGES = {
    "pull": lambda clock: publishing.pull(older(), by=chief()),
    "withdraw": lambda clock: publishing.withdraw(older(), by=chief(), reason="Wrong."),
    "retract": lambda clock: publishing.retract(older(), by=chief(), reason="Wrong."),
    "back-date": lambda clock: publishing.change_date(
        older(), by=chief(), date=datetime.date(2027, 1, 1)
    ),
    "a late old story": lambda clock: make_article(
        headline="Late",
        at=NOON - datetime.timedelta(days=30),
        authors=[older().bylines.get().author],
        tags=["Water"],
    ),
    "a renamed byline": rename,
    "another credit": lambda clock: older().bylines.update(role="translator"),
    "a withheld name": lambda clock: older().bylines.update(withheld=True),
    "a correction": correct,
    "a mended word": mend,
    "a picture's credit": replace_picture,
    "a picture that may not be passed on": lambda clock: type(older().lead_image).objects.update(
        may_be_passed_on=False
    ),
    "a renamed tag": rename_tag,
    "a renamed region": lambda clock: older().regions.update(name="Naryn"),
    "a renamed site": rename_site,
    "the due second": lambda clock: clock.shift(3600 * SECOND),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_gives_every_reader_the_new_feed(client, paper, change):
    before = {address: seen(client, paper, address) for address in FEEDS}
    for address, response in before.items():
        for reader in READERS:
            again = client.get(address, headers=headers_of(response, reader))
            assert (again.status_code, again.content) == (304, b""), (address, reader)
    CHANGES[change](paper)
    for address, response in before.items():
        for reader in READERS:
            # At once, and again when the new state has a time of its own.
            for _ in range(2):
                again = client.get(address, headers=headers_of(response, reader))
                assert again.status_code == 200, (address, reader)
                assert again.content != response.content
                paper.shift(2 * SECOND)
        settled = client.get(address)
        assert settled.headers["Last-Modified"] != response.headers["Last-Modified"]
        assert settled.headers["ETag"] != response.headers["ETag"]


def test_a_hidden_person_is_out_of_every_readers_feed_at_once_and_back_again(client, paper):
    addresses = ["/rss.xml", "/atom.xml", "/feed.json"]
    first = {address: seen(client, paper, address) for address in addresses}
    ada = older().bylines.get().author
    people.hide(ada, by=make_user("editor"))
    hidden = {address: seen(client, paper, address) for address in addresses}
    for address, reader in itertools.product(addresses, READERS):
        again = client.get(address, headers=headers_of(first[address], reader))
        assert again.status_code == 200
        assert b"Ada" not in again.content
        assert client.get("/authors/ada/rss.xml").status_code == 404
    people.show(ada, by=make_user("chief editor"))
    for address in addresses:
        for reader in READERS:
            again = client.get(address, headers=headers_of(hidden[address], reader))
            assert again.status_code == 200
            assert b"Ada" in again.content
        # The same words as at first: the ETag says so, and the date does not go back.
        assert again.headers["ETag"] == first[address].headers["ETag"]
        assert again.content == first[address].content
        later = seen(client, paper, address)
        assert later.headers["Last-Modified"] > hidden[address].headers["Last-Modified"]


def test_a_merged_person_is_renamed_for_every_reader(client, paper):
    first = seen(client, paper, "/rss.xml")
    ada, other = older().bylines.get().author, make_author(name="Bea")
    successors.merge(ada, into=other, by=chief())
    for reader in READERS:
        again = client.get("/rss.xml", headers=headers_of(first, reader))
        assert again.status_code == 200
        assert b"Bea" in again.content
        assert b">Ada<" not in again.content


def test_two_changes_within_a_second_are_two(client, paper):
    client.get("/rss.xml")
    rename(paper)
    between = client.get("/rss.xml")
    assert "Last-Modified" not in between.headers
    correct(paper)
    after = client.get("/rss.xml")
    assert after.content != between.content
    paper.shift(5 * SECOND)
    settled = client.get("/rss.xml")
    assert settled.headers["ETag"] == after.headers["ETag"]
    date = settled.headers["Last-Modified"]
    assert client.get("/rss.xml", headers={"If-Modified-Since": date}).status_code == 304
    # Whoever got the first of the two guesses a date of the same second.
    guess = {"If-Modified-Since": between.headers.get("Date", "Mon, 01 Mar 2027 06:00:00 GMT")}
    assert client.get("/rss.xml", headers=guess).status_code == 200


def test_a_forgotten_state_and_a_new_one_have_different_times(client, paper):
    first = seen(client, paper, "/rss.xml")
    cache.clear()  # another server, or a restart
    rename(paper)
    second = seen(client, paper, "/rss.xml")
    assert second.headers["Last-Modified"] > first.headers["Last-Modified"]
    again = client.get("/rss.xml", headers=headers_of(first, "date"))
    assert again.status_code == 200


def test_a_readers_own_clock_proves_nothing(client, paper):
    response = seen(client, paper, "/rss.xml")
    for date in ("Tue, 02 Mar 2027 00:00:00 GMT", "Thu, 01 Jan 1970 00:00:00 GMT", "yesterday"):
        again = client.get("/rss.xml", headers={"If-Modified-Since": date})
        assert again.status_code == 200, date
    # The ETag goes before the date, whichever of them fits.
    stale = {"If-None-Match": '"other"', "If-Modified-Since": response.headers["Last-Modified"]}
    assert client.get("/rss.xml", headers=stale).status_code == 200
    fresh = {"If-None-Match": f'"a", W/{response.headers["ETag"]}', "If-Modified-Since": "never"}
    assert client.get("/rss.xml", headers=fresh).status_code == 304


def test_what_has_not_changed_is_not_printed(client, paper, monkeypatch):
    response = seen(client, paper, "/rss.xml")
    assert '"' in response.headers["ETag"]
    assert not response.headers["ETag"].startswith("W/")

    def printed(item):
        raise AssertionError(item)

    monkeypatch.setattr(content, "html", printed)
    for reader in READERS:
        again = client.get("/rss.xml", headers=headers_of(response, reader))
        assert again.status_code == 304
        assert again.headers["ETag"] == response.headers["ETag"]
        assert "must-revalidate" in again.headers["Cache-Control"]


def test_head_says_what_get_would(client, paper):
    response = seen(client, paper, "/feed.json")
    head = client.head("/feed.json")
    assert head.content == b""
    for name in ("ETag", "Last-Modified", "Content-Type", "Cache-Control"):
        assert head.headers[name] == response.headers[name]
    for reader in READERS:
        asked = headers_of(response, reader)
        assert client.head("/feed.json", headers=asked).status_code == 304


def test_another_release_prints_anew(client, paper, monkeypatch):
    response = seen(client, paper, "/rss.xml")
    monkeypatch.setattr(conditional, "_printers", lambda: "another")
    again = client.get("/rss.xml", headers=headers_of(response, "both"))
    assert again.status_code == 200


@pytest.mark.parametrize("number", [1, 3])
def test_a_feed_costs_as_many_queries_as_written_here(client, number):
    with time_machine.travel(NOON, tick=False) as clock:
        cache.clear()
        agency, series = make_organisation(name="Agency"), Series.objects.create(name="Ice")
        for _ in range(number):
            image = make_image()
            story = make_article(
                at=NOON - datetime.timedelta(hours=1),
                authors=[make_author(), make_author(), make_author()],
                tags=["Water", f"Tag {image.pk}"],
                regions=[make_region(kind="country"), make_region()],
                lead_image=image,
                body=f'<p>Words.</p><figure data-image="{make_image().pk}"></figure>',
                citations=[agency],
                dateline_place="Osh",
                dateline_organisation=agency,
                series=series,
            )
            publishing.correct(story, by=chief(), kind="correction", text="There are 38.")
            make_article(status="pulled", tags=["Water"], at=NOON - datetime.timedelta(hours=1))
        found = {}
        for address in ("/rss.xml", "/atom.xml", "/tags/water/rss.xml", "/corrections/rss.xml"):
            response = seen(client, clock, address)
            with CaptureQueriesContext(connection) as whole:
                client.get(address)
            with CaptureQueriesContext(connection) as known:
                client.get(address, headers=headers_of(response, "etag"))
            found[address] = len(whole), len(known)
    assert found == {
        "/rss.xml": (9, 8),
        "/atom.xml": (10, 9),
        "/tags/water/rss.xml": (10, 9),
        "/corrections/rss.xml": (3, 2),
    }
