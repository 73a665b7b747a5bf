"""The search page and its suggestions: what they say, to whom, and what bad input does to them."""

import datetime
import json
import re
from pathlib import Path
from urllib.parse import quote

import pytest
import time_machine
from django.utils import timezone

from articles import people, publishing
from articles.models import Byline
from articles.search import finding, index, views
from tests.articles.test_pages import get, text
from tests.factories import (
    chief,
    make_article,
    make_author,
    make_house,
    make_organisation,
    make_region,
    make_section,
    make_tag,
    make_user,
)

pytestmark = pytest.mark.django_db
WORD = "zyzzyva"


def headlines(response):
    return [
        re.sub("<[^>]+>", "", found)
        for found in re.findall(r"<h2><a [^>]*>(.*?)</a></h2>", response.content.decode())
    ]


def suggested(client, query, prefix=""):
    response = get(client, f"{prefix}/search/suggest/?q={quote(query)}")
    return [(one["kind"], one["text"]) for one in json.loads(response.content)["suggestions"]]


def test_what_is_found_is_marked_in_headline_and_text(client):
    make_article(
        headline="The <b>glacier</b> & the lake",
        standfirst="Nothing here.",
        body="<p>Long ago.</p><p>They said glaciers &lt;melt&gt; by “night”.</p>",
    )
    html = get(client, "/search/?q=glacier").content.decode()
    assert "The &lt;b&gt;<mark>glacier</mark>&lt;/b&gt; &amp; the lake" in html
    assert "They said <mark>glaciers</mark> &lt;melt&gt; by “night”." in html
    assert "1 story for “glacier”" in html


def test_a_snippet_is_a_few_words_around_what_was_found(client):
    far = " ".join(f"word{n}" for n in range(400))
    make_article(standfirst="", body=f"<p>{far}. At last a wombat came. {far}</p>")
    snippet = re.search(
        r'class="dek">(.*?)</p>', get(client, "/search/?q=wombat").content.decode()
    )[1]
    assert snippet.startswith("… At last a <mark>wombat</mark> came.")
    assert snippet.endswith(" …")
    assert len(snippet.split()) < 60


def test_the_dateline_is_in_no_snippet(client):
    make_article(
        dateline_place="Bishkek",
        dateline_organisation=make_organisation(name="Agency", short_name="AGN"),
        standfirst="",
        body="<p>A wombat came.</p>",
    )
    words = text(get(client, "/search/?q=wombat"))
    assert "A wombat came." in words
    assert "AGN" not in words
    assert "Bishkek" not in words


@pytest.mark.parametrize("prefix", ["", "/ru"])
def test_each_language_searches_its_own_and_names_what_the_other_has(client, prefix):
    make_article(headline="Wombat")
    make_article(headline="Wombat первый", language="ru")
    make_article(headline="Wombat второй", language="ru")
    page = get(client, f"{prefix}/search/?q=wombat")
    assert len(headlines(page)) == (2 if prefix else 1)
    assert (
        f'href="{prefix}/search/?q=wombat&amp;language={"en" if prefix else "ru"}"'
        in page.content.decode()
    )
    both = get(client, f"{prefix}/search/?q=wombat&language=all")
    assert len(headlines(both)) == 3
    assert both.content.decode().count('<article class="card row" lang="') == (1 if prefix else 2)


def test_the_page_is_kept_from_search_engines_and_has_one_address(client, settings):
    make_article(headline="Wombat")
    html = get(client, "/search/?q=wombat&sort=date&page=1").content.decode()
    assert '<meta name="robots" content="noindex">' in html
    assert f'<link rel="canonical" href="{settings.SITE_URL}/search/">' in html
    assert 'hreflang="ru"' in html
    assert 'href="/ru/search/?q=wombat"' in html


def test_russian_numbers_are_said_right(client):
    for number, words in ((1, "1 материал"), (2, "2 материала"), (5, "5 материалов")):
        while (
            len(finding.search("вомбат", finding.Filters("ru"), now=timezone.now()).numbers)
            < number
        ):
            make_article(headline="Вомбат", language="ru")
        assert f"{words} по запросу «вомбат»" in text(get(client, "/ru/search/?q=вомбат"))


def test_long_results_have_pages(client):
    for number in range(finding.PER_PAGE + 1):
        make_article(headline=f"Wombat {number}")
    first = get(client, "/search/?q=wombat&sort=date")
    assert len(headlines(first)) == finding.PER_PAGE
    assert 'href="/search/?q=wombat&amp;sort=date&amp;page=2" rel="next"' in first.content.decode()
    second = get(client, "/search/?q=wombat&sort=date&page=2")
    assert headlines(second) == ["Wombat 0"]
    assert 'start="21"' in second.content.decode()
    assert 'href="/search/?q=wombat&amp;sort=date" rel="prev"' in second.content.decode()


def test_large_numbers_stop(client, monkeypatch):
    monkeypatch.setattr(finding, "COUNTED", 2)
    for number in range(3):
        make_article(headline=f"Wombat {number}", tags=["Water"] if number else [])
    words = text(get(client, "/search/?q=wombat"))
    assert "2+ stories for “wombat”" in words
    assert views._number(3) == "2+"
    assert views._number(2) == "2"


def test_choices_narrow_and_can_be_taken_back(client):
    make_article(headline="Wombat one", section=make_section(name="Climate"), tags=["Water"])
    make_article(headline="Wombat two", section=make_section(name="Trade"), tags=["Roads"])
    html = get(client, "/search/?q=wombat").content.decode()
    assert 'href="/search/?q=wombat&amp;tag=water"' in html
    narrowed = get(client, "/search/?q=wombat&tag=water")
    assert headlines(narrowed) == ["Wombat one"]
    assert '<a href="/search/?q=wombat">' in narrowed.content.decode()
    assert '<input type="hidden" name="tag" value="water">' in narrowed.content.decode()
    section = get(client, "/search/?q=wombat&section=trade&from=2020&to=2100-12-31")
    assert headlines(section) == ["Wombat two"]


@pytest.mark.parametrize(
    ("since", "until", "is_found"),
    [
        ("2025", "2025", True),
        ("2025-05", "2025-05", True),
        ("2025-05-17", "2025-05-17", True),
        ("2025-05-18", "", False),
        ("", "2025-04", False),
        ("2024", "2024", False),
    ],
)
def test_dates_may_be_days_months_or_years(client, since, until, is_found):
    make_article(headline="Wombat", at=datetime.datetime(2025, 5, 17, 12, tzinfo=datetime.UTC))
    page = get(client, f"/search/?q=wombat&from={since}&to={until}")
    assert headlines(page)[:1] == (["Wombat"] if is_found else [])


def test_a_search_for_a_place_alone_lists_its_stories(client):
    make_article(headline="There", regions=[make_region(name="Osh")])
    make_article(headline="Elsewhere")
    assert headlines(get(client, "/search/?region=osh")) == ["There"]


ODD = {
    "long": "q=" + "x" * 10_240,
    "long words": "q=" + quote("слово " * 2_000),
    "nought": "q=%00",
    "nought within": "q=wom%00bat",
    "half a letter": "q=%ED%A0%80",
    "not utf-8": "q=%FF%FE",
    "quote": "q=%22",
    "quotes": "q=%22%22%22",
    "operators": "q=" + quote('- -- AND OR NOT * ( ) : ^ "" + | & ! <-> NEAR(a b)'),
    "only what is not wanted": "q=-wombat",
    "columns": "q=headline:wombat",
    "percent": "q=%25_%25",
    "markup": "q=" + quote("<script>alert(1)</script>"),
    "date": "q=wombat&from=2025-13-45&to=tomorrow",
    "far date": "q=wombat&from=0000&to=99999",
    "first and last": "q=wombat&from=0001-01-01&to=9999-12-31",
    "backwards": "q=wombat&from=2030&to=2020",
    "unknown section": "q=wombat&section=nothing",
    "unknown region": "q=wombat&region=nothing",
    "unknown tag": "q=wombat&tag=nothing",
    "unknown author": "q=wombat&author=nothing",
    "nought as a slug": "q=wombat&tag=%00&author=%00&region=%00&section=%00",
    "long slug": "q=wombat&tag=" + "x" * 10_000,
    "language": "q=wombat&language=tlh",
    "page": "q=wombat&page=-1",
    "far page": "q=wombat&page=999",
    "large page": "q=wombat&page=" + "9" * 40,
    "sort": "q=wombat&sort=" + quote("'; DROP TABLE"),
    "twice": "q=a&q=b",
}


@pytest.mark.parametrize("name", ODD)
@pytest.mark.parametrize("address", ["/search/", "/ru/search/", "/search/suggest/"])
def test_bad_input_gives_a_clear_answer(client, address, name):
    make_article(headline="Wombat", tags=["Water"])
    response = get(client, f"{address}?{ODD[name]}")
    assert b"<script>alert" not in response.content
    assert len(response.content) < 40_000


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("q=%22", "Type at least one word"),
        ("q=-wombat", "Type at least one word"),
        ("q=wombat&from=tomorrow", "This is no date: tomorrow."),
        ("q=wombat&tag=nothing", "There is no such topic: nothing."),
        ("q=wombat&author=nobody", "There is no such person: nobody."),
        ("q=wombat&region=nowhere", "There is no such place: nowhere."),
        ("q=wombat&section=none", "There is no such section: none."),
        ("q=wombat&language=tlh", "There are no stories in this language: tlh."),
        ("q=" + "wombat+" * 100, "Only the first 200 letters were looked for."),
    ],
)
def test_what_was_not_understood_is_said_and_left_out(client, query, words):
    make_article(headline="Wombat")
    page = get(client, f"/search/?{query}")
    assert words in text(page)
    if "q=wombat" in query:
        assert headlines(page) == ["Wombat"]


def test_a_hidden_person_and_one_who_never_was_are_answered_alike(client):
    make_house()
    person = make_author(name="Ann Wombat", slug="somebody")
    make_article(headline="Platypus", authors=[person])
    assert headlines(get(client, "/search/?q=platypus&author=somebody")) == ["Platypus"]
    people.hide(person, by=make_user("editor"))
    pages = [
        get(client, f"/search/?q=platypus&author={slug}").content.decode().replace(slug, "#")
        for slug in ("somebody", "no-one-ever")
    ]
    pages = [re.sub(r'nonce="[^"]*"', "", page) for page in pages]
    assert pages[0] == pages[1]
    assert "Wombat" not in pages[0]


def test_nothing_found_offers_help(client):
    make_article(headline="Newest of all")
    make_article(headline="Wombat", language="ru")
    make_article(headline="Platypus", section=make_section(name="Climate"))
    words = text(get(client, "/search/?q=wombat+platypus&section=climate"))
    assert "Nothing was found." in words
    assert "One word at a time: wombat , platypus" in words
    assert "without Climate" in words
    assert "Newest of all" in words
    other = get(client, "/search/?q=wombat")
    assert "Stories in another language (Russian): 1" in text(other)
    assert 'href="/search/?q=wombat&amp;language=ru"' in other.content.decode()


def test_forgiven_errors_are_said(client):
    make_article(headline="The Glaciers")
    index.rebuild()
    words = text(get(client, "/search/?q=glaceir"))
    assert "No story holds “glaceir”. These hold: Glaciers." in words


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ("from=2026-11-01", "From 1 November 2026 ×"),
        ("to=2026-11", "Up to 30 November 2026 ×"),
        ("from=2026-11-01&to=2026-11-05", "1 November 2026 – 5 November 2026 ×"),
        ("from=2026&to=2026", "2026 ×"),
    ],
)
def test_the_days_that_narrow_a_search_stand_there_in_words(client, asked, words):
    assert f"Without: {words}" in text(get(client, f"/search/?q={WORD}&{asked}"))


def test_a_search_is_offered_in_the_menu_and_where_nothing_stands(client):
    html = get(client, "/").content.decode()
    assert html.count('action="/search/"') == 1
    assert 'href="/search/"' in html
    lost = get(client, "/nothing/here/", 404).content.decode()
    assert lost.count('action="/search/"') == 2


def test_the_script_is_small_and_no_other_page_has_it(client):
    source = Path("static/search.js").read_bytes()
    assert len(source) < 2_304
    script = '<script type="module" src="/static/search.js"></script>'
    assert script in get(client, "/search/").content.decode()
    assert script not in get(client, "/").content.decode()


# Suggestions


def test_headlines_and_names_are_suggested_from_their_first_letters(client):
    make_article(
        headline="Glaciers above the town",
        authors=[make_author(name="Glenda Kwan", names={"ru": "Гленда Кван"})],
        tags=["Glass"],
        citations=[make_organisation(name="Gleaners")],
        regions=[make_region(name="Gluboky")],
        section=make_section(name="Glimpses"),
    )
    assert {kind for kind, _text in suggested(client, "gl")} >= {"", "Place", "Topic", "Person"}
    assert ("Organisation", "Gleaners") in suggested(client, "glea")
    assert ("Section", "Glimpses") in suggested(client, "glim")
    assert (
        suggested(client, "glacier")
        == suggested(client, "above gla")
        == [("", "Glaciers above the town")]
    )
    assert suggested(client, "Кв") == suggested(client, "kwan gle") == [("Person", "Glenda Kwan")]
    assert suggested(client, "glen", "/ru") == [("Человек", "Гленда Кван")]
    assert suggested(client, "g") == suggested(client, "zz") == []


@pytest.mark.parametrize(
    "status", ["draft", "in_review", "ready", "scheduled", "pulled", "spiked", "withdrawn"]
)
def test_nothing_of_a_hidden_story_is_suggested(client, status):
    make_article(
        status=status,
        headline=f"{WORD} headline",
        authors=[make_author(name=f"{WORD} Person")],
        organisations=[make_organisation(name=f"{WORD} Agency")],
        citations=[make_organisation(name=f"{WORD} Source")],
        tags=[f"{WORD} tag"],
        regions=[make_region(name=f"{WORD} place")],
        section=make_section(name=f"{WORD} section"),
    )
    for query in (WORD[:4], WORD, f"{WORD} ta"):
        assert suggested(client, query) == []


@pytest.mark.parametrize("how", ["hidden", "withheld", "merged"])
def test_who_may_not_be_named_is_not_suggested(client, how):
    person = make_author(name=f"{WORD} Person")
    story = make_article(authors=[person])
    assert suggested(client, WORD) != []
    if how == "hidden":
        people.hide(person, by=make_user("editor"))
    elif how == "withheld":
        Byline.objects.filter(author=person).update(withheld=True)
        publishing.record(story, by=chief())
    else:
        person.merged_into = make_author(name="Another")
        person.save()
    assert suggested(client, WORD) == []


def test_a_headline_is_suggested_at_its_second(client):
    due = datetime.datetime(2027, 3, 1, 0, 30, tzinfo=datetime.UTC)
    with time_machine.travel(due - datetime.timedelta(hours=1), tick=False):
        make_article(headline="Wombat", status="scheduled", at=due, tags=["Wolves"])
    with time_machine.travel(due - datetime.timedelta(seconds=1), tick=False):
        assert suggested(client, "wo") == []
    with time_machine.travel(due, tick=False):
        assert suggested(client, "wo") == [("Topic", "Wolves"), ("", "Wombat")]


def test_suggestions_are_few(client):
    for number in range(30):
        make_article(headline=f"Wombat {number}", tags=[make_tag(name=f"Wombat {number}")])
    assert len(suggested(client, "wom")) == 9
