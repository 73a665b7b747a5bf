"""The list of stories: its pages, its chips, addresses pasted into its search, and its table."""

import csv
import datetime
import io
import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from addresses.models import forward
from articles import paging, publishing, tables
from articles.admin.story import StoryAdmin
from articles.models import Article, Byline
from tests.articles.test_desk import LIST, address, listed, said, signed_in
from tests.factories import (
    chief,
    make_article,
    make_author,
    make_organisation,
    make_region,
    make_section,
    make_user,
)

pytestmark = pytest.mark.django_db
CSV = f"{LIST}csv/"
HOUR = datetime.timedelta(hours=1)


def table(client, query=""):
    """The list as a table: its rows without the header."""
    response = client.get(f"{CSV}?{query}")
    assert response.status_code == 200, query
    raw = b"".join(response.streaming_content)
    assert raw.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(raw.decode("utf-8-sig"))))[1:]


# Pages


def in_order(response):
    return [story.headline for story in response.context["cl"].result_list]


@pytest.mark.parametrize("state", ["", "draft", "live", "scheduled"])
def test_pages_of_the_list_hold_every_story_once_in_both_directions(state, monkeypatch):
    monkeypatch.setattr(StoryAdmin, "list_per_page", 3)
    moment = timezone.now().replace(microsecond=0)
    status = {"live": "published", "": "draft"}.get(state, state)
    at = {"live": moment - HOUR, "scheduled": moment + HOUR}.get(state)
    for number in range(8):
        story = make_article(headline=f"Story {number}", status=status, at=at)
        # Several of one moment: their numbers decide.
        Article.objects.filter(pk=story.pk).update(modified_at=moment - HOUR * (number // 4))
    client = signed_in()
    pages, query = [], f"state={state}"
    while True:
        response = client.get(f"{LIST}?{query}")
        pages.append(in_order(response))
        if not response.context["cl"].further:
            break
        query = response.context["cl"].further_link.lstrip("?")
    seen = [headline for page in pages for headline in page]
    assert len(pages) == 3
    assert sorted(seen) == [f"Story {number}" for number in range(8)]
    back = []
    while response.context["cl"].back:
        response = client.get(f"{LIST}{response.context['cl'].back_link}")
        back.append(in_order(response))
    assert back == pages[-2::-1]
    assert 'rel="prev"' not in response.content.decode()


def test_the_next_scheduled_story_is_the_first_and_the_newest_live_one():
    now = timezone.now()
    for hours in (3, 1, 2):
        make_article(headline=f"In {hours}", status="scheduled", at=now + HOUR * hours)
        make_article(headline=f"Before {hours}", at=now - HOUR * hours)
    client = signed_in()
    assert in_order(client.get(f"{LIST}?state=scheduled")) == ["In 1", "In 2", "In 3"]
    assert in_order(client.get(f"{LIST}?state=live")) == ["Before 1", "Before 2", "Before 3"]


def test_a_place_in_the_list_that_is_none_is_not_found():
    make_article()
    client = signed_in()
    for name in ("further", "back"):
        for place in ("x", "%00", "9" * 30, "=="):
            assert client.get(f"{LIST}?{name}={place}").status_code == 404
    beyond = paging.cursor(Article(pk=1, modified_at=timezone.now() - 9000 * HOUR), "modified_at")
    assert "No story fits" not in client.get(f"{LIST}?back={beyond}").content.decode()


@pytest.mark.parametrize("query", ["", "state=live", "q=река", "person=ann"])
def test_nothing_is_counted(query, django_assert_max_num_queries):
    make_article(headline="Река", authors=[make_author(name="Ann")])
    client = signed_in()
    with django_assert_max_num_queries(12) as queries:
        assert client.get(f"{LIST}?{query}").status_code == 200
    assert not [q["sql"] for q in queries if "COUNT(" in q["sql"].upper()]


def test_a_chip_keeps_what_the_list_is_narrowed_to():
    section = make_section()
    page = signed_in().get(f"{LIST}?person=ann&section={section.pk}&further=").content.decode()
    link = re.search(r'href="([^"]+)">Scheduled<', page)[1].replace("&amp;", "&")
    assert link == f"?person=ann&section={section.pk}&state=scheduled"
    chips = re.search(r'<nav class="states".*?</nav>', page, re.S)[0]
    names = re.findall(r"<a [^>]+>([^<]+)</a>", chips)
    assert names[:5] == ["My", "Review", "Scheduled", "Published", "All"]
    assert len(names) == 12


# Search


def test_words_of_a_search_may_stand_in_headline_and_credits():
    agency = make_organisation(name="Азия-Пресс")
    aigul = make_author(name="Aigul Osmonova", names={"ru": "Айгүл Осмонова"})
    make_article(headline="Река вышла из берегов", authors=[aigul], organisations=[agency])
    make_article(headline="Река ушла")
    client = signed_in()
    for words in ("река айгүл", "РЕКА OSMONOVA", "берегов азия-пресс", '"вышла из"'):
        assert listed(client, f"q={words}") == {"Река вышла из берегов"}, words
    assert listed(client, "q=река айгүл пресса") == set()
    assert listed(client, "q=%00") == listed(client)


def test_an_address_of_the_site_opens_its_story(settings):
    settings.ALLOWED_HOSTS = ["testserver", ".paper.example"]
    story = make_article(headline="Snow")
    forward("/2019/old-one/", story.get_absolute_url())
    russian = make_article(headline="Снег", language="ru")
    public = story.get_absolute_url()
    client = signed_in()
    for words, found in {
        f"http://testserver{public}": story,
        f"https://www.paper.example{public}?utm=1#here": story,
        f"paper.example{public}": story,
        f"  {public} ": story,
        public.rstrip("/"): story,
        f"http://testserver/a/{story.pk}/": story,
        f"/ru/a/{russian.pk}/": russian,
        f"http://testserver{russian.get_absolute_url()}": russian,
        "http://testserver/2019/old-one/": story,
        re.sub(r"/\d\d/snow", "/01/snow", public): story,
        f"http://testserver{address(story, 'history')}": story,
    }.items():
        response = client.get(LIST, {"q": words})
        assert response.status_code == 302, words
        assert response.url == address(found), words
    for words in (
        f"https://elsewhere.example{public}",
        "http://testserver/",
        "http://testserver/a/99999999999999999999/",
        "http://testserver/2026/13/45/snow-2/",
        "http://[",
        "//",
        "/a/\0/",
        "/" + "x" * 3000,
        "24/7",
    ):
        assert client.get(LIST, {"q": words}).status_code == 200, words


def test_an_address_tells_nothing_of_a_story_that_is_not_open():
    reporter, editor = signed_in("reporter"), signed_in("editor")
    scheduled = make_article(status="scheduled", headline="Quiet")
    secret = make_article(status="scheduled", headline="Zyzzyva")
    publishing.restrict(secret, by=chief(), people=[make_user("editor")])
    answers = [
        reporter.get(LIST, {"q": f"/a/{number}/"}) for number in (scheduled.pk, secret.pk, 9999)
    ]
    answers.append(editor.get(LIST, {"q": f"/a/{secret.pk}/"}))
    assert {response.status_code for response in answers} == {200}
    assert {said(response)[0] for response in answers} == {
        "No story that you may open has this address."
    }
    assert editor.get(LIST, {"q": f"/a/{scheduled.pk}/"}).status_code == 302


# The list as a table


def test_the_table_has_one_row_a_credit():
    at = datetime.datetime(2026, 11, 23, 20, tzinfo=datetime.UTC)  # the 24th in Bishkek
    ann, agency = make_author(name="Энн"), make_organisation(name="Agency")
    story = make_article(
        headline="Снег, много",
        body="<p>One two.</p><p>Three&nbsp;four five</p>",
        authors=[ann, (ann, "photographer")],
        organisations=[agency],
        at=at,
    )
    draft = make_article(status="draft", headline="Later", authors=[], organisations=[])
    Byline.objects.filter(article=draft).delete()
    site = "http://127.0.0.1:8000"
    assert sorted(table(signed_in())) == sorted(
        [
            [date, headline, name, role, words, where]
            for date, headline, name, role, words, where in [
                (
                    "2026-11-24",
                    "Снег, много",
                    "Энн",
                    "Author",
                    "5",
                    site + story.get_absolute_url(),
                ),
                (
                    "2026-11-24",
                    "Снег, много",
                    "Энн",
                    "Photographs",
                    "5",
                    site + story.get_absolute_url(),
                ),
                (
                    "2026-11-24",
                    "Снег, много",
                    "Agency",
                    "Author",
                    "5",
                    site + story.get_absolute_url(),
                ),
                ("", "Later", "", "", str(len(draft.body.split()) + 1), ""),
            ]
        ]
    )


def test_the_table_holds_what_the_list_shows():
    osh = make_region(name="Osh")
    make_article(headline="One", regions=[osh], authors=[make_author(name="Ann")])
    make_article(headline="Two", authors=[make_author(name="Ben")])
    make_article(headline="Away", status="spiked")
    client = signed_in()
    assert {row[1] for row in table(client)} == {"One", "Two"}
    assert {row[1] for row in table(client, "region=osh")} == {"One"}
    assert {row[1] for row in table(client, "person=ben")} == {"Two"}
    assert {row[1] for row in table(client, "q=one")} == {"One"}
    assert client.get(f"{CSV}?body__contains=x").status_code in {302, 400}
    assert client.post(CSV).status_code == 405


def test_the_table_is_longer_than_a_page_and_costs_the_same_a_chunk(
    monkeypatch, django_assert_max_num_queries
):
    monkeypatch.setattr(StoryAdmin, "list_per_page", 2)
    for _ in range(5):
        make_article()
    client = signed_in()
    with django_assert_max_num_queries(14):
        assert len(table(client)) == 5


@pytest.mark.parametrize("role", ["reporter", "editor", "chief editor"])
def test_the_table_tells_each_role_what_the_list_does(role):
    person = make_author(name="Zyzzyva")
    hidden = make_article(headline="Quiet", authors=[person])
    Byline.objects.filter(article=hidden).update(withheld=True)
    draft = make_article(status="draft", headline="Plan")
    secret = make_article(status="draft", headline="Secret")
    publishing.restrict(secret, by=chief(), people=[make_user("editor")])
    rows = {row[1]: row for row in table(signed_in(role))}
    assert ("Secret" in rows) is (role == "chief editor")
    assert (rows["Quiet"][2] == "Zyzzyva") is (role == "chief editor")
    assert bool(rows["Plan"][4]) is (role != "reporter")
    assert rows["Plan"][5] == ""
    assert draft.get_absolute_url() == ""


def test_the_table_is_not_for_administrators_and_visitors():
    make_article()
    assert signed_in("administrator").get(CSV).status_code == 403
    assert Client().get(CSV).status_code == 302


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+1",
        "-1",
        "@x",
        "\t=1",
        "\r=1",
        "\n=1",
        "＝1",
        "＋1",
        "－1",
        "＠x",
        " =1",
        "'=1",
        "a;=1",
    ],
)
def test_no_cell_of_a_table_is_a_formula(text):
    response = tables.download("x.csv", ["a", "=b"], [[text, 5, None]])
    raw = b"".join(response.streaming_content).decode("utf-8-sig")
    header, row = csv.reader(io.StringIO(raw, newline=""))
    assert header == ["a", "'=b"]
    assert row[1:] == ["5", ""]
    for piece in [row[0], *row[0].split(";")]:
        assert not re.match(r"\s*[=+\-@＝＋－＠]", piece)
    assert row[0].replace("'", "") == text.replace("'", "")


def test_the_headline_of_a_story_is_no_formula():
    make_article(headline='=HYPERLINK("https://evil.example/")')
    (row,) = table(signed_in())
    assert row[1].startswith("'=")


def test_the_table_is_downloaded_and_never_stored():
    response = signed_in().get(CSV)
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert re.search(r'attachment; filename="stories-\d{4}-\d\d-\d\d\.csv"', str(response.headers))
    assert "no-store" in response.headers["Cache-Control"]
    assert reverse("admin:articles_article_csv") == CSV
