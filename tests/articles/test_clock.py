"""Times in zones whose clocks are changed: what is typed, what is stored, and what is printed back.

What is right is worked out here, from the offsets on both sides of each change, in plain arithmetic.
"""

import datetime
import re
import zoneinfo
from typing import NamedTuple

import pytest
import time_machine
from django import forms
from django.test import override_settings
from django.utils import timezone

from articles import clock
from articles.forms.fields import MomentField
from articles.models import Article
from tests.articles.test_desk import address, as_it_is, said, signed_in
from tests.factories import make_article

ZONES = [
    "Africa/Cairo",  # at midnight
    "Africa/Casablanca",  # back for Ramadan
    "America/Havana",
    "America/New_York",
    "America/Nuuk",
    "America/Santiago",
    "Antarctica/Troll",  # by two hours
    "Asia/Beirut",
    "Asia/Jerusalem",
    "Australia/Lord_Howe",  # by half an hour
    "Europe/Dublin",  # winter is the exception
    "Pacific/Chatham",  # 45 minutes off
]
YEARS = [2026, 2027, 2028]
BEFORE = datetime.datetime(2025, 6, 1, 12, tzinfo=datetime.UTC)
MINUTE, HOUR, DAY = (datetime.timedelta(**{unit: 1}) for unit in ("minutes", "hours", "days"))


class Change(NamedTuple):
    """A change of the clocks: its instant as naive UTC, and the offsets before and after it."""

    at: datetime.datetime
    before: datetime.timedelta
    after: datetime.timedelta


def shift(zone, utc):
    """The offset of a zone at a naive UTC time."""
    return utc.replace(tzinfo=datetime.UTC).astimezone(zoneinfo.ZoneInfo(zone)).utcoffset()


def changes(zone, year):
    """Every change of a zone's clocks in a year, found by walking through it."""
    found = []
    at = datetime.datetime(year, 1, 1)
    while at.year == year:
        if shift(zone, at) != shift(zone, at + DAY):
            minute = at
            while shift(zone, minute) == shift(zone, minute + MINUTE):
                minute += MINUTE
            change = minute + MINUTE
            found.append(Change(change, shift(zone, minute), shift(zone, change)))
        at += DAY
    return found


def walls_of(change):
    """Times on the clock around a change, as (time, what it is, the UTC times that it stands for)."""
    low, high = sorted([change.at + change.before, change.at + change.after])
    is_gap = change.after > change.before
    for wall in (low, low + (high - low) // 2, high - MINUTE):
        if is_gap:
            yield wall, "gap", []
        else:
            yield wall, "twice", [wall - change.before, wall - change.after]
    yield low - MINUTE, "normal", [low - MINUTE - change.before]
    yield high, "normal", [high - change.after]
    yield low - DAY, "normal", [low - DAY - change.before]
    yield high + DAY, "normal", [high + DAY - change.after]


class Form(forms.Form):
    at = MomentField()


def typed(wall):
    return f"{wall:%Y-%m-%dT%H:%M}"


def choices(html):
    return re.findall(r'<option value="([^"]+)"(?: selected)?>the (?:first|second)', html)


def read_back(words, zone, change):
    """The UTC times that printed words can stand for: a wall time, and an offset where it is given."""
    date, offset = re.search(
        r"(\d+ \w+ \d{4}, \d\d:\d\d)[^(]*(?:\(UTC([+-]\d\d:\d\d)\))?", words
    ).groups()
    wall = datetime.datetime.strptime(date, "%d %b %Y, %H:%M")
    if offset:
        sign, hours, minutes = offset[0], int(offset[1:3]), int(offset[4:])
        by = datetime.timedelta(hours=hours, minutes=minutes)
        return {wall + by if sign == "-" else wall - by}
    candidates = {wall - change.before, wall - change.after}
    return {utc for utc in candidates if utc + shift(zone, utc) == wall}


@pytest.mark.parametrize("zone", ZONES)
def test_what_is_typed_is_what_is_stored_and_what_is_printed_back(zone):
    counted = {"gap": 0, "twice": 0, "normal": 0}
    with override_settings(TIME_ZONE=zone), time_machine.travel(BEFORE, tick=False):
        for change in (change for year in YEARS for change in changes(zone, year)):
            for wall, what, stand_for in walls_of(change):
                counted[what] += 1
                form = Form({"at": typed(wall)})
                if what == "normal":
                    assert form.is_valid(), (zone, wall, form.errors)
                    meant = [form.cleaned_data["at"]]
                else:
                    assert not form.is_valid(), (zone, wall)
                    (error,) = form.errors["at"].as_data()
                    assert error.code == what
                    words = " ".join(error.messages)
                    html = str(form["at"])
                    offered = choices(html)
                    assert len(offered) == len(stand_for)
                    if what == "gap":
                        for near in (change.at - MINUTE + change.before, change.at + change.after):
                            assert f"{near:%H:%M}" in words
                            assert f"{near.day} {near:%b %Y}, {near:%H:%M}" in words
                    forms_ = [Form({"at": typed(wall), "at_which": which}) for which in offered]
                    assert all(form.is_valid() for form in forms_)
                    meant = [form.cleaned_data["at"] for form in forms_]
                assert [m.astimezone(datetime.UTC).replace(tzinfo=None) for m in meant] == stand_for
                for moment in meant:
                    utc = moment.astimezone(datetime.UTC).replace(tzinfo=None)
                    words = clock.text(moment)
                    assert clock.zone_name() in words
                    assert read_back(words, zone, change) == {utc}, (zone, wall, words)
                    # Opened again and sent as it is, it is the same moment.
                    again = Form(initial={"at": moment})
                    html = str(again["at"])
                    assert f'value="{typed(wall)}"' in html
                    selected = re.findall(r'<option value="([^"]+)" selected', html)
                    form = Form(
                        {"at": typed(wall), "at_which": "".join(selected)}, initial={"at": moment}
                    )
                    assert form.is_valid()
                    assert form.cleaned_data["at"] == moment
                    assert not form.has_changed()
    assert min(counted.values()) >= 3 * len(YEARS), counted


def walk_through_the_desk(zone, years, walls=slice(None)):
    """Schedule, embargo and due date typed on the desk around each change; returns the mismatches."""
    wrong, counted = [], 0
    with override_settings(TIME_ZONE=zone), time_machine.travel(BEFORE, tick=False):
        client = signed_in()
        for change in (change for year in years for change in changes(zone, year)):
            for wall, what, stand_for in list(walls_of(change))[walls]:
                for number, utc in enumerate(stand_for or [None]):
                    counted += 1
                    got = through_the_desk(client, wall, what, number)
                    expected = None if utc is None else utc.replace(tzinfo=datetime.UTC)
                    if set(got) != {expected}:
                        wrong.append((zone, wall, what, expected, got))
    assert counted >= 6 * len(years)
    return wrong


def through_the_desk(client, wall, what, number):
    """What is stored of one time typed into the three boxes of a story; where it is asked, answered."""
    story = make_article(status="draft")
    boxes = {"embargo_until": typed(wall), "due_at": typed(wall)}
    response = client.post(address(story), as_it_is(story, **boxes))
    if what == "normal":
        assert response.status_code == 302, wall
    else:
        page = response.content.decode()
        assert response.status_code == 200
        assert Article.objects.get(pk=story.pk).due_at is None
        if what == "twice":
            which = choices(page)
            assert len(which) == 4  # two for each box
            boxes |= {f"{name}_which": which[number] for name in list(boxes)}
            client.post(address(story), as_it_is(story, **boxes))
    story.refresh_from_db()
    data = {"_move": "schedule", "schedule-at": typed(wall)}
    sent = as_it_is(story) | data
    for name in boxes:
        sent[name] = boxes[name]
    if what == "gap":
        sent |= {"embargo_until": "", "due_at": ""}
    response = client.post(address(story), sent, follow=True)
    page = response.content.decode()
    if what == "gap":
        assert "The nearest times are" in " ".join(said(response))
        assert 'name="sheet" open' in page
        assert f'value="{typed(wall)}"' in page
    if what == "twice":
        sheet = page[page.index('name="schedule-at"') :]
        sent |= {"schedule-at_which": choices(sheet)[number]}
        story.refresh_from_db()
        sent["version"] = story.version
        response = client.post(address(story), sent, follow=True)
    story.refresh_from_db()
    times = [story.embargo_until, story.due_at, story.published_at]
    if what != "gap":
        printed = clock.text_with_weekday(story.published_at)
        assert f"Goes live {printed}" in response.content.decode()
    return times


@pytest.mark.django_db
@pytest.mark.parametrize("zone", ["Australia/Lord_Howe"])
def test_the_desk_stores_the_minute_that_was_typed(zone):
    assert walk_through_the_desk(zone, YEARS[:1], slice(1, None, 2)) == []


@pytest.mark.long
@pytest.mark.django_db
@pytest.mark.parametrize("year", YEARS)
@pytest.mark.parametrize("zone", ZONES)
def test_the_desk_stores_the_minute_that_was_typed_in_twelve_zones_and_three_years(zone, year):
    assert walk_through_the_desk(zone, [year]) == []


def test_a_choice_between_two_holds_for_the_time_it_was_made_for_only():
    with override_settings(TIME_ZONE="Europe/Berlin"):
        which = "2026-10-25T01:30:00+00:00"
        assert Form({"at": "2026-10-25T02:30", "at_which": which}).is_valid()
        assert not Form({"at": "2027-10-31T02:30", "at_which": which}).is_valid()
        for wall in ("2026-10-25T03:30", "2026-07-01T12:00"):
            form = Form({"at": wall, "at_which": which})
            assert form.is_valid()
            assert clock.local(form.cleaned_data["at"]).strftime("%Y-%m-%dT%H:%M") == wall
        for nonsense in ("\0", "soon", "2026-10-25T02:30", "9999-12-31T23:59:59-23:59"):
            assert not Form({"at": "2026-10-25T02:30", "at_which": nonsense}).is_valid()


def test_the_zone_of_a_person_or_a_browser_has_no_say():
    from_elsewhere = zoneinfo.ZoneInfo("America/New_York")
    with override_settings(TIME_ZONE="Asia/Bishkek"), timezone.override(from_elsewhere):
        form = Form({"at": "2026-11-24T06:00"})
        assert form.is_valid()
        assert form.cleaned_data["at"] == datetime.datetime(2026, 11, 24, tzinfo=datetime.UTC)
        assert 'value="2026-11-24T06:00"' in str(Form(initial=form.cleaned_data)["at"])


def test_a_time_keeps_its_seconds_and_reads_what_django_reads():
    moment = datetime.datetime(2026, 11, 24, 0, 0, 30, tzinfo=datetime.UTC)
    html = str(Form(initial={"at": moment})["at"])
    assert 'value="2026-11-24T06:00:30"' in html
    assert not Form({"at": "2026-11-24T06:00:30"}, initial={"at": moment}).has_changed()
    for words in ("2026-11-24 06:00", "11/24/2026 06:00", "2026-11-24T00:00Z"):
        form = Form({"at": words})
        assert form.is_valid(), words
        assert form.cleaned_data["at"] == moment.replace(second=0)


@pytest.mark.parametrize(
    ("zone", "day", "utc"),
    [
        ("Asia/Bishkek", "2026-11-24", "2026-11-23T18:00"),
        ("Africa/Cairo", "2026-04-24", "2026-04-23T22:00"),  # begins at one o'clock
        ("America/Havana", "2026-11-01", "2026-11-01T04:00"),  # midnight comes twice
        ("Pacific/Apia", "2011-12-30", "2011-12-30T10:00"),  # a day that there was not
    ],
)
def test_a_day_begins_with_its_first_instant(zone, day, utc):
    with override_settings(TIME_ZONE=zone):
        start = clock.start_of(datetime.date.fromisoformat(day))
        assert start == datetime.datetime.fromisoformat(f"{utc}+00:00")


@pytest.mark.parametrize(
    ("zone", "name"),
    [
        ("Asia/Bishkek", "Bishkek"),
        ("America/Argentina/Buenos_Aires", "Buenos Aires"),
        ("UTC", "UTC"),
        ("Etc/GMT+5", "UTC-05:00"),
    ],
)
def test_the_zone_has_a_short_name(zone, name):
    with override_settings(TIME_ZONE=zone):
        assert clock.zone_name() == name


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (0.5, "in less than a minute"),
        (1, "in 1 min"),
        (59, "in 59 min"),
        (60, "in 1 h"),
        (12 * 60, "in 12 h"),
        (47 * 60, "in 47 h"),
        (48 * 60, "in 2 days"),
        (30 * 24 * 60, "in 30 days"),
    ],
)
def test_how_long_it_is_until_then(minutes, words):
    with time_machine.travel(BEFORE, tick=False):
        assert clock.time_left(BEFORE + minutes * MINUTE) == words
