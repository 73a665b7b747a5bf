"""RSS as a reader of feeds gets it: parsed again, and looked at element by element."""

import datetime
import xml.etree.ElementTree as ET

import pytest
from django.utils import timezone

from articles import publishing
from articles.models import Article, Series
from tests.factories import (
    chief,
    make_article,
    make_author,
    make_image,
    make_organisation,
    make_region,
    make_tag,
)

pytestmark = pytest.mark.django_db
DC = "{http://purl.org/dc/elements/1.1/}"
CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"
ATOM = "{http://www.w3.org/2005/Atom}"
SITE = "http://127.0.0.1:8000"


def channel(client, address="/rss.xml"):
    response = client.get(address)
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "application/rss+xml; charset=utf-8"
    return ET.fromstring(response.content).find("channel")


def titles(client, address="/rss.xml"):
    return [item.findtext("title") for item in channel(client, address).iter("item")]


def test_an_item_says_all_that_a_reader_needs(client):
    agency = make_organisation(name="The Times of Central Asia", short_name="TCA")
    story = make_article(
        headline="No talks & no troops",
        standfirst="Two capitals <deny> it.",
        body='<p>First <a href="/pages/about/">words</a>.</p>',
        dateline_place="Bishkek",
        dateline_organisation=agency,
        authors=[make_author(name="Ada"), make_author(name="Bea"), (make_author(), "photographer")],
        tags=["Security"],
        regions=[make_region(name="Kazakhstan")],
        lead_image=make_image(alt="A hall", caption="The hall", credit="Photo: A. B."),
    )
    feed = channel(client)
    [item] = feed.iter("item")
    assert item.findtext("title") == "No talks & no troops"
    assert item.findtext("link") == SITE + story.get_absolute_url()
    assert item.findtext("guid") == story.guid
    assert item.find("guid").attrib == {"isPermaLink": "false"}
    assert [e.text for e in item.iter(f"{DC}creator")] == ["Ada", "Bea"]
    assert [e.text for e in item.iter("category")] == ["Politics", "Security", "Kazakhstan"]
    assert item.findtext("description") == "Two capitals <deny> it."
    names = [e.tag for e in item]
    assert names.index("description") < names.index(CONTENT)
    content = item.findtext(CONTENT)
    assert "By Ada and Bea<br>Photographs by" in content
    assert "<b>BISHKEK (TCA)</b> — First" in content
    assert f'<a href="{SITE}/pages/about/">words</a>' in content
    assert f'<img src="{SITE}/media/' in content
    assert "The hall" in content
    assert feed.find(f"{ATOM}link").attrib["href"] == f"{SITE}/rss.xml"
    assert feed.findtext("language") == "en"


def test_a_withheld_name_is_in_no_item(client):
    story = make_article(authors=[make_author(name="Secret")])
    story.bylines.update(withheld=True)
    make_organisation(name="The House", is_house=True)
    [item] = channel(client).iter("item")
    assert item.findtext(f"{DC}creator") == "The House"
    assert b"Secret" not in client.get("/rss.xml").content


def test_another_papers_text_and_pictures_not_ours_to_give_are_not_passed_on(client):
    make_article(
        headline="Republished",
        standfirst="In short.",
        body="<p>Their words.</p>",
        citations=[(make_organisation(), "republished from", "https://their.example/")],
    )
    image, inside = make_image(may_be_passed_on=False), make_image(may_be_passed_on=False)
    make_article(
        headline="Ours",
        lead_image=image,
        body=f'<p>Our words.</p><figure data-image="{inside.pk}"></figure>',
    )
    ours, theirs = channel(client).iter("item")
    assert theirs.find(CONTENT) is None
    assert theirs.findtext("description") == "In short."
    assert "Our words." in ours.findtext(CONTENT)
    assert "<img" not in ours.findtext(CONTENT)


@pytest.mark.parametrize("status", ["draft", "scheduled", "pulled", "withdrawn", "retracted"])
def test_what_is_not_published_is_in_no_feed(client, status):
    make_article(headline="Seen")
    make_article(headline="Unseen", status=status)
    assert titles(client) == ["Seen"]


def test_every_list_has_a_feed_of_its_own_stories(client):
    agency, person = make_organisation(name="Agency"), make_author(name="Ada")
    series = Series.objects.create(name="Mountain water")
    country = make_region(name="Kyrgyzstan", kind="country")
    make_article(
        headline="In all",
        authors=[person],
        organisations=[agency],
        regions=[make_region(name="Naryn", parent=country)],
        tags=["Water"],
        series=series,
    )
    make_article(headline="In none", section=None, status="draft")
    make_article(headline="Elsewhere")
    for address in (
        "/regions/kyrgyzstan/rss.xml",
        "/tags/water/rss.xml",
        "/authors/ada/rss.xml",
        "/organisations/agency/rss.xml",
        "/series/mountain-water/rss.xml",
    ):
        assert titles(client, address) == ["In all"], address
        page = client.get(address.removesuffix("rss.xml"))
        assert f'href="{address}"' in page.content.decode()
    assert titles(client, "/sections/politics/rss.xml") == ["Elsewhere", "In all"]
    assert titles(client, "/ru/sections/politics/rss.xml") == []


def test_a_feed_of_nothing_known_is_404(client):
    make_tag(name="Unused")
    for address in ("/tags/unused/rss.xml", "/tags/none/rss.xml", "/authors/none/rss.xml"):
        assert client.get(address).status_code == 404


def test_an_empty_feed_does_not_change_from_one_second_to_the_next(client):
    assert channel(client).find("lastBuildDate") is None
    assert client.get("/rss.xml").content == client.get("/rss.xml").content


def test_a_feed_holds_the_twenty_newest(client):
    now = timezone.now()
    for n in range(21):
        make_article(headline=f"Story {n}", at=now - datetime.timedelta(hours=n + 1))
    assert titles(client) == [f"Story {n}" for n in range(20)]


def test_characters_that_xml_cannot_hold_do_not_break_a_feed(client):
    story = make_article()
    Article.objects.filter(pk=story.pk).update(headline="A\x0bB", standfirst="C\x1fD")
    assert titles(client) == ["AB"]


def test_the_feed_of_corrections_leads_to_the_log(client):
    story = make_article(headline="Gauges")
    entry = publishing.correct(story, by=chief(), kind="correction", text="There are 38.")
    gone = make_article(headline="The clinic")
    publishing.correct(gone, by=chief(), kind="apology", text="We are sorry.")
    publishing.withdraw(gone, by=chief(), reason="A reason.", shows_headline=False)
    apology, correction = channel(client, "/corrections/rss.xml").iter("item")
    assert correction.findtext("title") == "Correction: Gauges"
    assert correction.findtext("link") == f"{SITE}/corrections/#c{entry.pk}"
    assert correction.findtext("description") == "There are 38."
    assert apology.findtext("title") == "Apology: a withdrawn story"
