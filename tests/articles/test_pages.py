"""The pages of the paper: addresses, what each kind shows, in how many queries, in which language."""

import datetime
import re
import uuid

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.html import strip_tags

from addresses.models import Redirect, forward
from articles import paging, previews, publishing
from articles.models import Article, Byline, Series
from articles.models.article import site_zone
from articles.views import beside
from newsroom.models import Page, SiteSettings
from tests.factories import (
    chief,
    make_article,
    make_author,
    make_image,
    make_organisation,
    make_region,
    make_section,
    make_tag,
    make_user,
)

pytestmark = pytest.mark.django_db


def text(response):
    """What is read on a page: the words of its main part, spaces made single."""
    html = re.search(r"<main.*</main>", response.content.decode(), re.S)[0]
    return " ".join(strip_tags(re.sub(r"(?=</?(p|li|h\d|div|ul|a)\b)", " ", html)).split())


def get(client, address, status=200):
    response = client.get(address)
    assert response.status_code == status, response
    return response


def hours_ago(number):
    return timezone.now() - datetime.timedelta(hours=number)


def queries(client, address):
    with CaptureQueriesContext(
        connection,
    ) as captured:
        get(client, address)
    return len(captured)


# Query counts, with one and with three of everything


def a_rich_newsroom(number):
    """``number`` stories that share one of everything a page can list; the newest story."""
    country = make_region(name="Kyrgyzstan", kind="country")
    city = make_region(name="Naryn", parent=country, kind="city")
    valley = make_region(name="Valley", kind="group")
    valley.members.set([country])
    tag, agency = make_tag(name="Water"), make_organisation(name="Agency", short_name="AG")
    series = Series.objects.create(name="Mountain water")
    people = [
        make_author(portrait=make_image(64, 64), organisation=agency, biography="<p>Life.</p>")
        for _ in range(number)
    ]
    for n in range(number):
        story = make_article(
            authors=people,
            regions=[city],
            tags=[tag, *(make_tag() for _ in range(n))],
            citations=[(agency, "cites", "https://agency.example/")] * number,
            dateline_place="Naryn",
            dateline_organisation=agency,
            lead_image=make_image(64, 43),
            series=series,
            at=hours_ago(number - n),
            body="<p>Words.</p>"
            + "".join(
                f'<figure data-image="{make_image(64, 43).pk}"></figure>' for _ in range(number)
            ),
        )
        publishing.correct(story, by=chief(), kind="correction", text="There are 38.")
    return story, people[0]


COUNTS = {
    "home": ("/", 7),
    "story": ("story", 9),
    "section": ("/sections/politics/", 5),
    "region": ("/regions/kyrgyzstan/", 6),
    "group": ("/regions/valley/", 7),
    "narrowed": ("/regions/kyrgyzstan/?section=politics", 6),
    "tag": ("/tags/water/", 5),
    "series": ("/series/mountain-water/", 6),
    "author": ("author", 7),
    "organisation": ("/organisations/ag/", 6),
    "masthead": ("/authors/", 3),
    "year": ("year", 4),
    "month": ("month", 4),
    "day": ("day", 6),
    "corrections": ("/corrections/", 2),
    "search": ("/search/?q=headline", 9),
    "search without words": ("/search/", 4),
    "narrowed search": (
        "/search/?q=headline&section=politics&region=kyrgyzstan&tag=water&from=2020&to=2100&sort=date",
        11,
    ),
    "search that finds nothing": ("/search/?q=zyzzyva", 12),
    "suggestions": ("/search/suggest/?q=wat", 4),
    "not found": ("/nothing/", 3),
    # Six of them remember since when the feed is as it is, once a change.
    "feed": ("/rss.xml", 14),
    "feed of a region": ("/regions/kyrgyzstan/rss.xml", 15),
    "feed of an author": ("author feed", 15),
    "republish": ("republish", 8),
}


@pytest.mark.parametrize("number", [1, 3])
def test_each_page_costs_as_many_queries_as_written_here(client, number):
    story, person = a_rich_newsroom(number)
    SiteSettings.objects.create(licence="Name us.")
    day = story.get_absolute_url().removesuffix(f"{story.slug}/")
    own = {
        "story": story.get_absolute_url(),
        "republish": f"{story.get_absolute_url()}republish/",
        "author": person.get_absolute_url(),
        "author feed": f"{person.get_absolute_url()}rss.xml",
        "day": day,
        "month": day[:-3],
        "year": day[:-6],
    }
    found = {}
    for name, (address, _) in COUNTS.items():
        status = 404 if name == "not found" else 200
        with CaptureQueriesContext(connection) as captured:
            get(client, own.get(address, address), status)
        found[name] = len(captured)
    assert found == {name: count for name, (_, count) in COUNTS.items()}


def test_a_story_without_pictures_in_its_body_costs_one_query_less(client):
    story = make_article()
    assert queries(client, story.get_absolute_url()) == 8


def test_no_page_reads_the_session_or_sets_a_cookie(client):
    story, person = a_rich_newsroom(1)
    for address in ("/", story.get_absolute_url(), person.get_absolute_url(), "/rss.xml"):
        response = get(client, address)
        assert response.headers["Cache-Control"] == "public, max-age=0, must-revalidate"
        assert "Cookie" not in response.headers.get("Vary", "")
        assert not response.cookies
        again = client.get(address, headers={"If-None-Match": response.headers["ETag"]})
        assert again.status_code == 304


# The story


def test_a_short_name_stands_where_it_says_something(client):
    cited = [
        make_organisation(name="Radio Free Europe", short_name="RFE", names={"ru": "Радио"}),
        make_organisation(
            name="Hill Hydromet", short_name="Hydromet", names={"ru": "Горная служба"}
        ),
        make_organisation(name="Hürriyet", short_name="Hurriyet", names={"ru": "Хюрриет"}),
    ]
    fields = {"citations": [(one, "cites", "") for one in cited]}
    english = text(get(client, make_article(**fields).get_absolute_url()))
    russian = text(get(client, make_article(**fields, language="ru").get_absolute_url()))
    for words in ("Radio Free Europe (RFE)", "Hill Hydromet", "Hürriyet", "rely on Hydromet"):
        assert words in english
    assert "(H" not in english
    for words in ("Радио (RFE)", "источник: RFE", "источник: Горная служба", "источник: Хюрриет"):
        assert words in russian
    assert "Hydromet" not in russian


def test_a_story_shows_all_that_is_known_of_it(client):
    agency = make_organisation(name="Radio Free Europe", short_name="RFE")
    house = make_organisation(name="The Times of Central Asia", short_name="TCA")
    person = make_author(
        name="Sergey Kwan", job_title="Journalist", biography="<p>One.</p><p>Two.</p>"
    )
    story = make_article(
        headline="No talks on troops",
        standfirst="Two capitals deny it.",
        dateline_place="Bishkek",
        dateline_organisation=house,
        authors=[person],
        citations=[(agency, "cites", "https://rfe.example/report")],
        tags=["Security"],
        regions=[make_region(name="Kazakhstan", kind="country")],
        lead_image=make_image(alt="A hall", caption="The hall", credit="Photo: A. B."),
        at=datetime.datetime(2026, 11, 23, 3, 10, tzinfo=datetime.UTC),
    )
    page = get(client, story.get_absolute_url())
    html, read = page.content.decode(), text(page)
    assert story.get_absolute_url() == "/2026/11/23/no-talks-on-troops/"
    for words in (
        "Politics",
        "Kazakhstan",
        "No talks on troops",
        "Two capitals deny it.",
        "By Sergey Kwan",
        "23 November 2026, 09:10 Bishkek time",
        "The hall Photo: A. B.",
        "This story relies on reports by Radio Free Europe (RFE) , cited",
        "Our stories that rely on RFE",
        "One.",
        "Two.",
        "More by Sergey Kwan",
        "View more articles from TCA",
        "Security",
    ):
        assert words in read
    assert 'alt="A hall"' in html
    assert 'href="https://rfe.example/report"' in html
    assert '<b class="dateline"><span>Bishkek</span> (TCA)</b> — ' in html
    assert html.count("(TCA)") == 1
    assert "(TCA)" not in re.search(r"<head>.*</head>", html, re.S)[0]


def test_a_story_without_a_place_has_no_dateline(client):
    page = get(client, make_article().get_absolute_url())
    assert "dateline" not in page.content.decode()
    assert "<p>First words" in page.content.decode()


def test_words_in_a_headline_cannot_end_the_structured_data(client):
    story = make_article(headline="A </script><script>alert(1)</script> & <b>")
    html = get(client, story.get_absolute_url()).content.decode()
    assert "<script>alert" not in html
    # The story, and the way to it.
    assert html.count("</script>") == html.count('<script type="application/ld+json">') == 2


def test_only_a_page_that_shows_something_from_elsewhere_may_open_a_frame_of_it(client):
    video = '<figure data-embed="vimeo" data-id="76979871"></figure>'
    plain = get(client, make_article().get_absolute_url())
    assert "frame-src" not in plain["Content-Security-Policy"]
    assert b"<script" not in plain.content.replace(b'<script type="application/ld+json"', b"")
    story = make_article(body=f"<p>Words.</p>{video}{video}")
    page = get(client, story.get_absolute_url())
    directives = page["Content-Security-Policy"].split("; ")
    assert "frame-src https://player.vimeo.com" in directives
    feed = get(client, "/rss.xml").content.decode()
    assert "https://vimeo.com/76979871" in feed
    assert "player.vimeo.com" not in feed


def test_a_withheld_name_is_nowhere_on_the_page(client):
    story = make_article(authors=[make_author(name="Secret Person")])
    Byline.objects.filter(article=story).update(withheld=True)
    make_organisation(name="The House", is_house=True)
    page = get(client, story.get_absolute_url())
    assert "Secret" not in page.content.decode()
    assert "By The House" in text(page)


def test_a_serious_correction_stands_above_the_story_and_another_below(client):
    story = make_article(headline="Gauges")
    below = publishing.correct(story, by=chief(), kind="correction", text="There are 38.")
    above = publishing.correct(story, by=chief(), kind="apology", text="We are sorry.")
    page = get(client, story.get_absolute_url())
    html, read = page.content.decode(), text(page)
    assert read.index("We are sorry.") < read.index("First words") < read.index("There are 38.")
    for entry in (above, below):
        assert html.count(f'id="c{entry.pk}"') == 1
    log = get(client, "/corrections/").content.decode()
    assert log.index("We are sorry.") < log.index("There are 38.")
    assert f'href="{story.get_absolute_url()}#c{above.pk}"' in log


def test_a_superseded_correction_is_folded_below_the_one_that_replaced_it(client):
    story = make_article()
    one = publishing.correct(story, by=chief(), kind="correction", text="There are 36.")
    two = publishing.correct(
        story, by=chief(), kind="correction", text="There are 37.", supersedes=one
    )
    last = publishing.correct(story, by=chief(), kind="apology", text="All 38.", supersedes=two)
    other = publishing.correct(story, by=chief(), kind="reply", text="They say 40.")
    html = get(client, story.get_absolute_url()).content.decode()
    (folded,) = re.findall('<details class="earlier">.*?</details>', html, re.S)
    assert folded.index("There are 37.") < folded.index("There are 36.")
    assert html.index("All 38.") < html.index(folded) < html.index("First words")
    for entry in (one, two, last, other):
        assert html.count(f'id="c{entry.pk}"') == 1
    for entry in (one, two):
        assert f'id="c{entry.pk}"' in folded


def test_the_log_keeps_what_was_superseded_and_says_by_what(client):
    at = datetime.datetime(2026, 11, 20, 4, 30, tzinfo=datetime.UTC)
    story = make_article(at=at - datetime.timedelta(days=1))
    first = publishing.correct(story, by=chief(), kind="correction", text="There are 37.", at=at)
    second = publishing.correct(
        story,
        by=chief(),
        kind="correction",
        text="There are 38.",
        supersedes=first,
        at=at + datetime.timedelta(days=2),
    )
    html = get(client, "/corrections/").content.decode()
    entries = dict(re.findall(r'<li id="c(\d+)"[^>]*>(.*?)</li>', html, re.S))
    new, old = entries[str(second.pk)], entries[str(first.pk)]
    assert "There are 38." in new
    assert f'href="/a/{story.pk}/#c{first.pk}"' in new
    assert "Replaces the entry of 20 November 2026, 10:30" in text_of(new)
    assert "There are 37." in old
    assert f'href="/a/{story.pk}/#c{second.pk}"' in old
    assert "Replaced on 22 November 2026, 10:30" in text_of(old)
    feed = get(client, "/corrections/rss.xml").content.decode()
    assert "There are 38." in feed
    assert "There are 37." not in feed


def text_of(html):
    return " ".join(re.sub("<[^>]*>", "", html).split())


@pytest.mark.parametrize("number", [1, 3])
def test_the_log_costs_the_same_whatever_was_superseded(client, number, django_assert_num_queries):
    story, last = make_article(), None
    for n in range(number):
        last = publishing.correct(
            story, by=chief(), kind="correction", text=f"There are {n}.", supersedes=last
        )
    get(client, "/corrections/")
    with django_assert_num_queries(2):
        get(client, "/corrections/")


def test_a_retracted_story_stays_under_a_notice_and_out_of_lists(client):
    story = make_article(status="retracted", headline="Air", down_reason="The sensor was wrong.")
    page = get(client, story.get_absolute_url())
    assert "We have retracted this story" in text(page)
    assert text(page).count("The sensor was wrong.") == 1
    assert "First words" in text(page)
    assert '<meta name="robots" content="noindex">' in page.content.decode()
    assert "Air" not in text(get(client, "/sections/politics/"))


@pytest.mark.parametrize("shows_headline", [True, False])
def test_a_withdrawn_story_is_410_with_its_reason_and_no_body(client, shows_headline):
    story = make_article(headline="The clinic", body="<p>Private words.</p>")
    publishing.withdraw(
        story, by=chief(), reason="A patient was named.", shows_headline=shows_headline
    )
    page = get(client, story.get_absolute_url(), 410)
    assert "A patient was named." in text(page)
    assert "How we handle corrections" in text(page)
    assert "Private words" not in page.content.decode()
    assert ("The clinic" in page.content.decode()) is shows_headline
    short = client.get(f"/a/{story.pk}/")
    if shows_headline:
        assert short.headers["Location"] == story.get_absolute_url()
    else:
        assert short.status_code == 410


def test_a_pulled_story_is_404_and_leads_to_no_other_story(client):
    make_article(headline="Flood", at=hours_ago(24 * 40))
    story = make_article(headline="Flood", at=hours_ago(2))
    assert story.slug == "flood"
    publishing.pull(story, by=chief())
    get(client, story.get_absolute_url(), 404)
    get(client, f"/a/{story.pk}/", 404)


def test_a_preview_shows_the_story_in_its_language_to_nobody_else(client):
    story = make_article(
        status="draft", headline="Черновик", language="ru", lead_image=make_image(1600, 1067)
    )
    page = get(client, f"/preview/{previews.share(story, by=chief())}/")
    html = page.content.decode()
    assert "Черновик" in text(page)
    assert "Предпросмотр" in text(page)
    assert '<html lang="ru">' in html
    assert page.headers["Content-Language"] == "ru"
    assert page.headers["Cache-Control"] == "private, no-store"
    assert '<meta name="robots" content="noindex">' in html
    assert 'rel="canonical"' not in html
    picture = re.search(r'src="(/media/[^"]+)"', html)[1]
    get(client, picture.replace("&amp;", "&"))
    get(client, picture.partition("?")[0], 404)


def test_the_biographies_of_many_people_fold(client):
    people = [make_author(biography="<p>Life.</p>") for _ in range(4)]
    few = get(client, make_article(authors=people[:3]).get_absolute_url()).content.decode()
    many = get(client, make_article(authors=people).get_absolute_url()).content.decode()
    assert (few.count("<p>Life.</p>"), few.count("Biography")) == (3, 0)
    assert (many.count("<p>Life.</p>"), many.count("Biography")) == (4, 4)


def test_beside_a_story_stand_what_shares_its_tags_and_more_from_its_country(client):
    asia = make_region(name="Central Asia", kind="world region")
    country = make_region(name="Kyrgyzstan", kind="country", parent=asia)
    town = make_region(name="Naryn", parent=country)
    story = make_article(headline="This", tags=["Water"], regions=[town])
    make_article(headline="Tagged", tags=["Water"], at=hours_ago(9))
    make_article(headline="Same town", regions=[town], at=hours_ago(8))
    make_article(headline="Same country", regions=[country], at=hours_ago(7))
    make_article(headline="Far away", at=hours_ago(6))
    wide = make_article(headline="Wide", regions=[asia], at=hours_ago(5))
    read = text(get(client, story.get_absolute_url()))
    related, more = read.split("Related stories")[1].split("More from Kyrgyzstan")
    assert re.findall("Tagged|Same town|Same country|Far|Wide", related) == ["Tagged", "Same town"]
    assert re.findall("Tagged|Same town|Same country|Far|Wide", more) == ["Same country"]
    more = text(get(client, wide.get_absolute_url())).split("More from Central Asia")[1]
    assert re.findall("This|Same town|Same country|Far", more) == [
        "This",
        "Same country",
        "Same town",
    ]


def test_what_the_text_leads_to_stands_first_among_related_stories(client):
    shared = {"tags": ["Water"]}
    make_article(headline="Tagged", at=hours_ago(2), **shared)
    old = make_article(headline="Chosen second", at=hours_ago(90))
    first = make_article(headline="Chosen first", at=hours_ago(95))
    hidden = make_article(headline="Not yet", status="draft")
    russian = make_article(headline="По-русски", language="ru")
    other_day = make_article(headline="Another day", slug=old.slug, at=hours_ago(200))
    links = "".join(
        f'<a href="{address}">x</a>'
        for address in [
            f"/a/{first.pk}/",
            f"{settings.SITE_URL}{old.get_absolute_url()}",
            f"/a/{hidden.pk}/",
            russian.get_absolute_url(),
            "https://elsewhere.invalid/2026/01/01/x/",
            old.get_absolute_url(),
        ]
    )
    story = make_article(headline="This", body=f"<p>{links}</p>", **shared)
    read = text(get(client, story.get_absolute_url())).split("Related stories")[1]
    found = re.findall("Tagged|Chosen first|Chosen second|Not yet|По-русски", read)
    assert found == ["Chosen first", "Chosen second", "Tagged"]
    assert other_day.headline not in read.split("More from")[0]


def test_of_a_tag_with_very_many_stories_the_newest_and_the_last_are_looked_through(
    client, monkeypatch
):
    """An archive that was brought in later has higher numbers than what was written here before."""
    monkeypatch.setattr(beside, "NEWEST", 2)
    monkeypatch.setattr(beside, "LAST", 2)
    shared = {"tags": ["Water"]}
    make_article(headline="Newest here", at=hours_ago(2), **shared)
    make_article(headline="Neither", at=hours_ago(60), section=make_section(), **shared)
    make_article(headline="Without it", at=hours_ago(3))
    make_article(headline="From an archive", at=hours_ago(900), **shared)
    story = make_article(headline="This", at=hours_ago(5), **shared)
    read = text(get(client, story.get_absolute_url())).split("Related stories")[1]
    found = re.findall("Newest here|Neither|Without it|From an archive", read.split("More from")[0])
    assert found == ["Newest here", "From an archive"]


def test_a_part_of_a_series_says_how_many_there_are_for_readers(client):
    series = Series.objects.create(name="Water", slug="water-series")
    one, two = (make_article(series=series, part=n, headline=f"Telling {n}") for n in (1, 2))
    make_article(series=series, part=3, status="draft")
    make_article(series=series, part=9, language="ru")
    assert "Part 1 of 2 of the series Water" in text(get(client, one.get_absolute_url()))
    listed = text(get(client, "/series/water-series/"))
    assert "Part 2 of 2" in listed
    assert "Part 1 of 2" in listed
    publishing.pull(two, by=chief())
    assert "Part 1 of the series Water" in text(get(client, one.get_absolute_url()))


# Addresses


def test_a_wrong_or_unpadded_date_leads_to_the_story_in_one_hop(client):
    at = datetime.datetime(2026, 1, 3, 6, tzinfo=datetime.UTC)
    story = make_article(headline="Snow", at=at)
    true = story.get_absolute_url()
    assert true == "/2026/01/03/snow/"
    for wrong in (
        "/2026/1/3/snow/",
        "/2025/13/1/snow/",
        "/2025/02/30/snow/",
        "/0000/01/01/snow/",
        "/9999/12/31/snow/",
        f"/a/{story.pk}/",
        f"/ru/a/{story.pk}/",
    ):
        response = client.get(wrong)
        assert (response.status_code, response.headers["Location"]) == (301, true), wrong
    get(client, "/ru/2026/01/03/snow/", 404)


@pytest.mark.parametrize(
    "address",
    [
        "/2025/13/1/x/",
        "/2026/00/",
        "/2026/13/",
        "/0000/",
        "/2026/02/30/",
        "/a/99999999999999999999/",
        "/a/9999999999999999999/",
        "/a/0/",
        "/sections/none/",
        "/regions/none/",
        "/tags/none/",
        "/authors/none/",
        "/organisations/none/",
        "/series/none/",
        "/pages/none/",
        "/preview/none/",
        "/de/",
        "/sections/politics/?before=x",
        "/sections/politics/?before=AAAA",
        "/sections/politics/?before=%00",
        "/sections/politics/?before=" + "f" * 22,
        "/corrections/?before=x",
        "/regions/naryn/?section=none",
        "/regions/naryn/?section=%00",
        "/tags/water/?section=none",
        "/media/" + "0" * 32 + "/card-480.jpg",
    ],
)
def test_what_is_not_there_is_404_and_never_500(client, address):
    make_article(tags=["Water"], regions=[make_region(name="Naryn")])
    get(client, address, 404)


@pytest.mark.parametrize("address", ["/9999/", "/9999/12/", "/9999/12/31/", "/0001/01/01/"])
def test_the_ends_of_the_calendar_are_empty_days(client, address):
    make_article()
    assert "No stories were published" in text(get(client, address))


def test_an_address_that_stood_there_leads_on_before_another_story_of_that_slug(client):
    make_article(headline="Flood", at=hours_ago(24 * 400))
    story = make_article(headline="Flood")
    old = story.get_absolute_url()
    Article.objects.filter(pk=story.pk).update(slug="flood-in-naryn")
    forward(old, old.replace("flood", "flood-in-naryn"))
    response = client.get(old)
    assert response.headers["Location"] == old.replace("flood", "flood-in-naryn")


def test_an_address_that_is_gone_answers_410(client):
    Redirect.objects.create(path="/old/", target="")
    assert "gone" in text(get(client, "/old/", 410))


def test_only_reading_is_answered(client):
    story = make_article()
    for address in ("/", story.get_absolute_url(), "/sections/politics/", "/rss.xml"):
        assert client.post(address).status_code == 405, address


# Lists


def test_older_stories_follow_by_cursor_without_gap_or_repeat(client):
    moment = hours_ago(5)
    for n in range(45):
        # Many at the same second, as an import leaves them.
        make_article(headline=f"Story {n:02}", at=moment + datetime.timedelta(seconds=n // 20))
    address, seen = "/sections/politics/", []
    while address:
        html = get(client, address).content.decode()
        seen += re.findall(r">(Story \d\d)</a></h2>", html)
        older = re.search(r'href="([^"]+)" rel="next"', html)
        address = older[1] if older else ""
    assert seen == [f"Story {n:02}" for n in reversed(range(45))]
    assert 'href="/sections/politics/">Newest' in html


def test_a_cursor_is_read_as_it_was_written():
    story = Article(pk=7, published_at=timezone.now())
    assert paging.place(paging.cursor(story)) == (story.published_at, 7)


def test_a_region_lists_what_lies_in_it_and_a_section_narrows_it(client):
    country = make_region(name="Kyrgyzstan", kind="country")
    city = make_region(name="Naryn", parent=country)
    quiet = make_region(name="Quiet Town", parent=country)
    make_article(headline="In the city", regions=[city], section=make_section(name="Climate"))
    make_article(headline="In the country", regions=[country], section=make_section(name="Trade"))
    page = get(client, "/regions/kyrgyzstan/")
    assert "In the city" in text(page)
    assert "In the country" in text(page)
    assert city.get_absolute_url() in page.content.decode()
    assert quiet.get_absolute_url() not in page.content.decode()
    narrowed = text(get(client, "/regions/kyrgyzstan/?section=climate"))
    assert "In the city" in narrowed
    assert "In the country" not in narrowed
    assert "No stories of this section" in text(get(client, "/regions/naryn/?section=trade"))


def test_empty_sections_and_regions_have_a_page_and_unused_tags_none(client):
    make_section(name="Climate")
    make_region(name="Arkadag")
    make_tag(name="Unused")
    make_tag(name="Listed", is_listed=True)
    for address in ("/sections/climate/", "/regions/arkadag/", "/tags/listed/"):
        page = get(client, address)
        assert "No stories here yet." in text(page)
        assert 'content="noindex"' in page.content.decode()
    get(client, "/tags/unused/", 404)


def test_a_merged_tag_and_a_merged_person_lead_to_what_they_are_now(client):
    make_article(tags=["Water"], authors=[make_author(name="Ada")])
    old = make_tag(name="Waters")
    person = make_author(name="A. Ada")
    old.merged_into = type(old).objects.get(slug="water")
    old.save()
    person.merged_into = type(person).objects.get(slug="ada")
    person.save()
    for wrong, right in (
        ("/tags/waters/", "/tags/water/"),
        ("/tags/waters/rss.xml", "/tags/water/rss.xml"),
        ("/authors/a-ada/", "/authors/ada/"),
    ):
        response = client.get(wrong)
        assert (response.status_code, response.headers["Location"]) == (301, right)


def test_a_bio_page_lists_all_credited_work_with_the_role_and_the_years(client):
    person, other = make_author(name="Ada"), make_author(name="Bea")
    moment = datetime.datetime(2024, 5, 1, 6, tzinfo=datetime.UTC)
    make_article(headline="Written", authors=[person], at=moment)
    make_article(
        headline="Photographed",
        authors=[(other, "author"), (person, "photographer")],
        at=moment.replace(year=2025),
    )
    make_article(headline="Shared", authors=[person, other], at=moment.replace(year=2026))
    withheld = make_article(headline="Withheld", authors=[person])
    Byline.objects.filter(article=withheld).update(withheld=True)
    read = text(get(client, "/authors/ada/"))
    assert "3 stories since 2024" in read
    assert re.findall(
        r"2026|2025|2024|Shared|Photographed|Written", read.split("since 2024")[1]
    ) == [
        *("2026", "Shared", "2026"),
        *("2025", "Photographed", "2025"),
        *("2024", "Written", "2024"),
    ]
    assert "With Bea" in read
    assert "Photographs · By Bea" in read
    assert "Withheld" not in read


def test_a_listed_person_without_stories_has_a_page_and_a_hidden_one_none(client):
    make_author(name="New Colleague", is_listed=True)
    make_author(name="Hidden", is_listed=True, hidden_at=timezone.now())
    page = get(client, "/authors/new-colleague/")
    assert "No published stories yet." in text(page)
    assert 'content="noindex"' in page.content.decode()
    get(client, "/authors/hidden/", 404)
    assert "Hidden" not in text(get(client, "/authors/"))


def test_an_employer_that_is_not_public_is_not_named(client):
    make_author(name="Ada", is_listed=True, organisation=make_organisation(name="Quiet Agency"))
    assert "Quiet Agency" not in get(client, "/authors/ada/").content.decode()


def test_an_organisation_lists_its_own_stories_and_those_that_rely_on_it(client):
    agency = make_organisation(name="Agency", url="https://agency.example/")
    make_article(headline="Own story", organisations=[agency])
    make_article(headline="Datelined", dateline_place="Osh", dateline_organisation=agency)
    make_article(headline="Relying", citations=[agency])
    read = text(get(client, "/organisations/agency/"))
    own, relying = read.split("Stories that rely on reports by Agency")
    assert "Own story" in own
    assert "Datelined" in own
    assert "Relying" in relying
    assert "Relying" not in own
    assert "noindex" not in get(client, "/organisations/agency/").content.decode()


def test_the_two_lists_of_an_organisation_are_paged_apart(client):
    agency = make_organisation(name="Agency")
    for n in range(21):
        make_article(headline=f"Own {n:02}", organisations=[agency], at=hours_ago(100 - n))
        make_article(headline=f"Relying {n:02}", citations=[agency], at=hours_ago(100 - n))
    html = get(client, "/organisations/agency/").content.decode()
    older = re.findall(r'href="(/organisations/agency/\?[^"]+)" rel="next"', html)
    assert [re.search(r"\?(\w+)=", a)[1] for a in older] == ["before", "relying_before"]
    assert re.findall(r"Own \d\d|Relying \d\d", text(get(client, older[0]))) == ["Own 00"]
    assert re.findall(r"Own \d\d|Relying \d\d", text(get(client, older[1]))) == ["Relying 00"]


def test_an_organisation_that_is_only_cited_is_kept_from_search_engines_and_the_masthead(client):
    agency = make_organisation(name="Agency")
    make_article(citations=[agency])
    assert 'content="noindex"' in get(client, "/organisations/agency/").content.decode()
    assert "Agency" not in text(get(client, "/authors/"))


def test_who_has_no_portrait_has_initials_in_the_language_of_the_page(client):
    person = make_author(name="Kamila Niyazova", names={"ru": "Камила Ниязова"}, languages=["ky"])
    make_article(authors=[person])
    make_article(authors=[person], language="ru")
    for prefix, letters, languages in (("", "KN", "in Kyrgyz"), ("/ru", "КН", "Языки: кыргызский")):
        page = get(client, f"{prefix}{person.get_absolute_url()}")
        assert f'aria-hidden="true">{letters}</span>' in page.content.decode()
        assert languages in text(page)


def test_the_masthead_groups_people_by_what_they_are_to_the_paper(client):
    make_author(name="Staff Person", status="staff", is_listed=True)
    make_author(name="Former Person", status="former", is_listed=True)
    make_author(name="Unknown Person", status="staff")
    make_article(authors=[make_author(name="Stringer")])
    read = text(get(client, "/authors/"))
    assert re.findall(r"Staff Person|Stringer|Former Person|Unknown", read) == [
        "Staff Person",
        "Stringer",
        "Former Person",
    ]


def test_the_archive_counts_and_leads_to_the_nearest_days_with_stories(client):
    for day in (1, 1, 3):
        make_article(at=datetime.datetime(2026, 3, day, 6, tzinfo=datetime.UTC))
    make_article(at=datetime.datetime(2025, 12, 31, 20, tzinfo=datetime.UTC))
    assert "March 3 stories" in text(get(client, "/2026/"))
    month = text(get(client, "/2026/03/"))
    assert "Sunday 1 March 2026 2 stories Tuesday 3 March 2026 1 story" in month
    empty = get(client, "/2026/03/02/")
    assert "No stories were published on this day." in text(empty)
    assert 'href="/2026/03/01/" rel="prev"' in empty.content.decode()
    assert 'href="/2026/03/03/" rel="next"' in empty.content.decode()
    # 20:00 UTC on the last of December is the first of January in Bishkek.
    assert 'href="/2026/01/01/" rel="prev"' in get(client, "/2026/02/15/").content.decode()
    assert client.get("/2026/3/1/").headers["Location"] == "/2026/03/01/"
    assert client.get("/2026/3/").headers["Location"] == "/2026/03/"


# Languages


def a_pair():
    group = uuid.uuid4()
    english = make_article(headline="Above Naryn", tags=["Water"], slug="above-naryn")
    russian = make_article(
        headline="Над Нарыном",
        tags=["Water"],
        language="ru",
        slug="above-naryn",
        translated_from=english,
        section=english.section,
    )
    Article.objects.filter(pk__in=[english.pk, russian.pk]).update(translation_group=group)
    return english, russian


def test_each_language_lists_its_own_stories_only(client):
    a_pair()
    for address in ("/", "/sections/politics/", "/tags/water/", "/authors/", "/rss.xml"):
        english = get(client, address).content.decode()
        russian = get(client, f"/ru{address}").content.decode()
        assert "Над Нарыном" not in english, address
        assert "Above Naryn" not in russian, address
    assert "Above Naryn" in text(get(client, "/tags/water/"))
    assert "Над Нарыном" in text(get(client, "/ru/tags/water/"))


def test_the_halves_of_a_translation_lead_to_each_other(client):
    english, russian = a_pair()
    html = get(client, english.get_absolute_url()).content.decode()
    assert f'href="{russian.get_absolute_url()}" hreflang="ru"' in html
    assert f'hreflang="ru" href="http://127.0.0.1:8000{russian.get_absolute_url()}"' in html
    page = get(client, russian.get_absolute_url())
    assert f'href="{english.get_absolute_url()}" hreflang="en"' in page.content.decode()
    assert "Читать оригинал" in text(page)
    assert page.headers["Content-Language"] == "ru"
    publishing.pull(english, by=chief())
    alone = get(client, russian.get_absolute_url()).content.decode()
    assert english.get_absolute_url() + '"' not in alone.replace("/ru/", "")
    assert 'href="/" hreflang="en"' in alone


def test_shared_things_lead_to_the_same_page_in_the_other_language(client):
    make_article(tags=["Water"])
    assert 'href="/ru/tags/water/" hreflang="ru"' in get(client, "/tags/water/").content.decode()
    assert 'href="/ru/" hreflang="ru"' in get(client, "/nothing/", 404).content.decode()


def test_the_language_is_that_of_the_address_and_of_nothing_else(client):
    client.cookies["django_language"] = "ru"
    response = client.get("/", headers={"Accept-Language": "ru"})
    assert response.headers["Content-Language"] == "en"
    assert "Accept-Language" not in response.headers.get("Vary", "")


def test_names_not_yet_translated_are_marked_with_their_language(client):
    make_section(name="Climate", names={"ru": "Климат"})
    make_section(name="Trade")
    html = get(client, "/ru/sections/climate/").content.decode()
    assert ">Климат</a>" in html
    assert '<span lang="en">Trade</span>' in html


# What stands around


def test_the_frame_carries_the_names_of_the_site_its_sections_countries_and_pages(client):
    SiteSettings.objects.update_or_create(
        pk=1, defaults={"name": "The Courier", "names": {"ru": "Курьер"}, "is_demo": True}
    )
    make_section(name="Climate", names={"ru": "Климат"})
    make_region(name="Kazakhstan", names={"ru": "Казахстан"}, kind="country")
    make_region(name="Almaty", kind="city")
    Page.objects.create(slug="about", name="About us", names={"ru": "О нас"}, body="<p>We.</p>")
    html = get(client, "/").content.decode()
    for words in ("The Courier", "Climate", "Kazakhstan", "About us", "people and stories are"):
        assert words in html
    assert "Almaty" not in html
    russian = get(client, "/ru/").content.decode()
    for words in ("Курьер", "Климат", "Казахстан", "О нас", "/ru/pages/about/"):
        assert words in russian
    assert "We." in text(get(client, "/pages/about/"))


def test_a_new_newsroom_has_pages_before_it_has_anything_else(client):
    assert "Nothing has been published here yet." in text(get(client, "/"))
    year = timezone.now().astimezone(site_zone()).year
    for address in ("/authors/", "/corrections/", f"/{year}/", "/rss.xml", "/ru/"):
        get(client, address)
    get(client, "/nothing/", 404)


def test_a_next_version_that_is_due_is_shown_to_the_first_who_asks(client):
    story = make_article(headline="First headline")
    content = publishing.versions.snapshot(story)
    content["fields"]["headline"] = "Second headline"
    publishing.propose(story, by=chief(), content=content)
    later = timezone.now() + datetime.timedelta(hours=1)
    publishing.approve_version(story, by=chief(), at=later)
    assert "First headline" in text(get(client, story.get_absolute_url()))
    story.revisions.filter(state="approved").update(due_at=hours_ago(1))
    assert "Second headline" in text(get(client, story.get_absolute_url()))


def test_the_page_for_a_broken_site_needs_nothing_and_is_small(client, monkeypatch):
    from newsroom import views  # noqa: PLC0415

    assert len(views.SORRY) <= 3000
    monkeypatch.setattr("fronts.views.compose", lambda *args: 1 / 0)
    client.raise_request_exception = False
    with CaptureQueriesContext(connection) as captured:
        response = get(client, "/", 500)
    assert len(captured) == 1  # of the page that broke, none after
    assert b"Something broke" in response.content
    assert response.headers["Cache-Control"] == "private, no-store"


def test_machines_get_what_they_ask_for(client):
    assert "Disallow: /admin/" in get(client, "/robots.txt").content.decode()
    assert get(client, "/healthz").content == b"ok\n"
    security = get(client, "/.well-known/security.txt").content.decode()
    assert "Contact: mailto:" in security
    assert re.search(r"Expires: \d{4}-12-31T00:00:00Z", security)


def test_an_old_address_tells_nobody_where_a_pulled_story_moved(client):
    story = make_article(headline="Snow")
    old = story.get_absolute_url()
    by = make_user("chief editor")
    publishing.pull(story, by=by)
    story.slug = "minister-named"
    publishing.save(story, by=by)
    assert client.get(old).status_code == 404
    publishing.release(story, by=by)
    assert client.get(old)["Location"] == story.get_absolute_url()
    publishing.withdraw(story, by=by, reason="A public reason.")
    assert client.get(old).status_code == 410


def test_a_withdrawn_story_without_its_headline_is_led_to_by_number_alone(client):
    story = make_article(headline="General took bribes")
    by = make_user("chief editor")
    publishing.correct(story, by=by, kind="correction", text="It was another.")
    publishing.withdraw(story, by=by, reason="A public reason.", shows_headline=False)
    short = client.get(f"/a/{story.pk}/")
    assert short.status_code == 410
    log = client.get("/corrections/")
    assert f"/a/{story.pk}/" in log.content.decode()
    for response in (short, log):
        assert "bribes" not in response.content.decode() + str(response.headers)


@pytest.mark.parametrize("status", ["pulled", "withdrawn", "spiked"])
def test_a_preview_link_ends_with_the_right_to_share(client, status):
    editor = make_user("editor")
    story = make_article(status="draft" if status == "spiked" else "published")
    token = previews.share(story, by=editor)
    assert client.get(f"/preview/{token}/").status_code == 200
    chief = make_user("chief editor")
    if status == "pulled":
        publishing.pull(story, by=chief)
    elif status == "withdrawn":
        publishing.withdraw(story, by=chief, reason="x")
    else:
        publishing.spike(story, by=chief)
    assert client.get(f"/preview/{token}/").status_code == 404


def test_a_preview_link_ends_with_the_account_of_who_made_it(client):
    editor = make_user("editor")
    token = previews.share(make_article(status="draft"), by=editor)
    editor.is_active = False
    editor.save()
    assert client.get(f"/preview/{token}/").status_code == 404
