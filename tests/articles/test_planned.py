"""What is coming: as a list, a week and a month, for each only what they may know."""

import datetime
import re

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext, override_settings

from articles import publishing, versions
from articles.admin import planned as page_of_planned
from articles.models import Article
from tests.articles.test_desk import address, signed_in
from tests.factories import chief, make_article, make_section, make_user

pytestmark = pytest.mark.django_db
PLANNED = "/admin/articles/article/planned/"
HOUR = datetime.timedelta(hours=1)
DAY = datetime.timedelta(days=1)
NOW = datetime.datetime(2026, 11, 24, 8, tzinfo=datetime.UTC)  # 14:00 in Bishkek, a Tuesday
VIEWS = ["list", "week", "month"]


@pytest.fixture(autouse=True)
def _at_two_in_the_afternoon():
    with time_machine.travel(NOW, tick=False):
        yield


def due(headline, at, status="draft", **fields):
    story = make_article(headline=headline, status=status, **fields)
    Article.objects.filter(pk=story.pk).update(due_at=at)
    return story


def with_next_version(headline, at, **fields):
    story = make_article(headline=headline, **fields)
    content = versions.snapshot(story)
    content["fields"]["headline"] = "Words of the next version"
    publishing.propose(story, by=chief(), content=content)
    publishing.approve_version(story, by=chief(), at=at)
    return story


def one_of_each():
    """Stories of each kind, on this and the next day."""
    make_article(headline="Going out", status="scheduled", at=NOW + 4 * HOUR)
    with_next_version("Being renewed", NOW + 6 * HOUR)
    make_article(headline="Held back", status="draft", embargo_until=NOW + 20 * HOUR)
    writer = make_user("reporter", first_name="Ann", last_name="Other")
    due("To be written", NOW + 24 * HOUR, assigned_to=writer)


def words(response):
    text = re.sub(
        r"<(?:style|script).*?</(?:style|script)>|<[^>]+>", " ", response.content.decode()
    )
    return " ".join(text.split())


def look(client, view="list", on=""):
    response = client.get(PLANNED, {"view": view, "on": on})
    assert response.status_code == 200
    return words(response)


def test_the_list_has_all_that_is_coming_in_order_of_time():
    one_of_each()
    page = look(signed_in())
    order = [
        "Times of Bishkek",
        "Today, Tue 24 Nov",
        "18:00 Goes live Going out",
        "20:00 Next version Being renewed",
        "Wed 25 Nov",
        "10:00 Embargo ends Held back",
        "14:00 Due To be written",
        "Ann Other Draft",
    ]
    places = [page.index(each) for each in order]
    assert places == sorted(places)
    assert "Words of the next version" not in page


@pytest.mark.parametrize("view", ["week", "month"])
def test_the_calendar_has_each_thing_on_its_day(view):
    one_of_each()
    response = signed_in().get(PLANNED, {"view": view})
    days = re.findall(
        r'<time datetime="(\d{4}-\d\d-\d\d)">(.*?)</td>', response.content.decode(), re.S
    )
    on = {
        headline: day
        for day, cell in days
        for headline in ("Going out", "Being renewed", "Held back", "To be written")
        if headline in cell
    }
    assert on == {
        "Going out": "2026-11-24",
        "Being renewed": "2026-11-24",
        "Held back": "2026-11-25",
        "To be written": "2026-11-25",
    }
    assert len(days) == (7 if view == "week" else 42)
    assert days[0][0] == {"week": "2026-11-23", "month": "2026-10-26"}[view]
    assert response.content.decode().count('aria-current="date"') == 1


def test_days_are_those_of_the_site():
    make_article(headline="Late at night", status="scheduled", at=NOW + 10 * HOUR + 1 * HOUR)
    assert "Wed 25 Nov 01:00 Goes live Late at night" in look(signed_in())
    with override_settings(TIME_ZONE="America/New_York"):
        assert "Today, Tue 24 Nov 14:00 Goes live Late at night" in look(signed_in())


def test_what_comes_to_nothing_or_has_been_is_not_planned():
    make_article(headline="Not this", at=NOW - HOUR)
    for status in ("pulled", "withdrawn", "retracted"):
        make_article(headline="Not this", status=status)
    for status in ("spiked", "published"):
        due("Not this", NOW + HOUR, status=status)
    story = make_article(headline="Not this", status="draft", embargo_until=NOW - HOUR)
    assert not story.is_embargoed
    dropped = with_next_version("Not this", NOW + HOUR)
    publishing.drop_version(dropped, by=chief())
    for view in VIEWS:
        page = look(signed_in(), view)
        assert "Not this" not in page
        assert "Nothing is planned" in page


def test_an_embargo_that_ends_as_the_story_goes_live_is_one_thing():
    until = NOW + 5 * HOUR
    make_article(headline="Held back", status="scheduled", at=until, embargo_until=until)
    page = look(signed_in())
    assert page.count("Held back") == 1
    assert "19:00 Goes live Held back" in page


def test_drafts_that_are_overdue_come_first():
    due("Soon", NOW + HOUR)
    due("Long ago", NOW - 9 * DAY, status="returned")
    due("This morning", NOW - 3 * HOUR, status="in_review")
    page = look(signed_in())
    assert page.index("Overdue") < page.index("15 Nov, 14:00 Bishkek Due Long ago")
    assert page.index("Returned") < page.index("Today") < page.index("11:00 Due This morning")
    assert page.index("This morning") < page.index("Soon")
    assert "Long ago" not in look(signed_in(), "list", "2026-11-25")
    assert "Long ago" in look(signed_in(), "month")
    assert "Long ago" not in look(signed_in(), "week")


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("kind", ["live", "version", "embargo", "due"])
def test_a_restricted_story_is_planned_for_the_people_named_on_it_and_for_chiefs(view, kind):
    at = NOW + 3 * HOUR
    story = {
        "live": lambda: make_article(headline="Secret", status="scheduled", at=at),
        "version": lambda: with_next_version("Secret", at),
        "embargo": lambda: make_article(headline="Secret", status="draft", embargo_until=at),
        "due": lambda: due("Secret", at),
    }[kind]()
    named = make_user("editor")
    publishing.restrict(story, by=chief(), people=[named])
    assert "Secret" not in look(signed_in("editor"), view)
    assert "Secret" not in look(signed_in("reporter"), view)
    assert "Secret" in look(signed_in(named), view)
    assert "Secret" in look(signed_in("chief editor"), view)


@pytest.mark.parametrize("view", VIEWS)
def test_a_reporter_has_headlines_and_a_way_into_own_stories_only(view):
    client = signed_in("reporter")
    others = due("Another's", NOW + HOUR)
    own = due("Own", NOW + HOUR, entered_by=client.user)
    live = with_next_version("Live already", NOW + 2 * HOUR)
    response = client.get(PLANNED, {"view": view})
    page = response.content.decode()
    assert "Another&#x27;s" in page
    assert address(others) not in page
    assert address(own) in page
    assert address(live) in page


@pytest.mark.parametrize("view", VIEWS)
def test_the_page_costs_the_same_with_one_and_with_three_of_everything(view):
    client = signed_in()
    counts = []
    for _ in range(3):
        one_of_each()
        due("Returned", NOW + HOUR, status="returned", section=make_section())
        with CaptureQueriesContext(
            connection,
        ) as queries:
            look(client, view)
        counts.append(len(queries))
    assert counts == [counts[0]] * 3
    assert counts[0] <= 11


@pytest.mark.parametrize(
    ("view", "on", "earlier", "later"),
    [
        ("month", "2026-11-24", "2026-10-01", "2026-12-01"),
        ("month", "2027-01-31", "2026-12-01", "2027-02-01"),
        ("week", "2026-11-29", "2026-11-16", "2026-11-30"),
        ("week", "2027-01-01", "2026-12-21", "2027-01-04"),
    ],
)
def test_the_days_before_and_after_are_one_press_away(view, on, earlier, later):
    page = signed_in().get(PLANNED, {"view": view, "on": on}).content.decode()
    assert f'rel="prev" href="?view={view}&amp;on={earlier}"' in page
    assert f'rel="next" href="?view={view}&amp;on={later}"' in page


@pytest.mark.parametrize("on", ["soon", "2026-02-30", "0001-01-01", "9999-12-31", "\0", "1" * 5000])
def test_a_day_or_a_view_that_there_is_not_shows_this_day(on):
    due("Soon", NOW + HOUR)
    client = signed_in()
    for view in (*VIEWS, "year", "\0"):
        assert "Soon" in look(client, view, on)


@pytest.mark.parametrize("on", ["1901-01-01", "2199-12-31"])
@pytest.mark.parametrize("view", VIEWS)
def test_the_first_and_the_last_days_that_can_be_planned_have_a_page(view, on):
    look(signed_in(), view, on)


def test_more_than_a_page_holds_goes_on_with_a_whole_day(monkeypatch):
    monkeypatch.setattr(page_of_planned, "MOST", 3)
    for number, day in enumerate([0, 0, 1, 1, 1, 1, 2]):
        due(f"Story {number}", NOW + HOUR * (1 + number) + DAY * day)
    client, seen, on = signed_in(), [], ""
    for _ in range(5):
        response = client.get(PLANNED, {"on": on})
        seen += re.findall(r">(Story \d)</a>", response.content.decode())
        following = re.search(
            r'rel="next" href="\?view=list&amp;on=([^"]+)"', response.content.decode()
        )
        if not following:
            break
        on = following[1]
    # The second day alone is longer than a page: it is cut, and the list does go on.
    assert seen == [f"Story {number}" for number in (0, 1, 2, 3, 4, 6)]


def test_a_full_day_of_the_month_leads_to_its_week():
    for number in range(6):
        due(f"Story {number}", NOW + HOUR + number * datetime.timedelta(minutes=1))
    page = signed_in().get(PLANNED, {"view": "month"}).content.decode()
    assert "Story 3" in page
    assert "Story 4" not in page
    assert '<a href="?view=week&amp;on=2026-11-24">2 more' in page
    assert "Story 5" in look(signed_in(), "week", "2026-11-24")


def test_the_way_to_what_is_planned_is_on_every_page_of_the_desk_for_who_may_see_it():
    assert f'href="{PLANNED}"' in signed_in("reporter").get("/admin/").content.decode()
    assert PLANNED not in signed_in("administrator").get("/admin/").content.decode()
    assert signed_in("administrator").get(PLANNED).status_code == 403
    page = signed_in().get(PLANNED).content.decode()
    assert re.findall(r'<a href="([^"]+)" aria-current="true">Planned', page) == [PLANNED]
    assert page.count('aria-current="true"') == 2  # and the view
