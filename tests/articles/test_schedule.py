"""When a story goes live: usual times for one press, a time that is typed, embargoes, cancelling."""

import datetime
import html
import re

import pytest
import time_machine
from django.test import Client, override_settings
from django.utils import timezone

from articles import clock, publishing, schedules, versions
from articles.forms.moves import ScheduleForm
from articles.models import Article
from tests.articles.test_desk import ADD, address, as_it_is, said, signed_in, typed
from tests.factories import chief, make_article, make_section, make_user

pytestmark = pytest.mark.django_db
HOUR = datetime.timedelta(hours=1)
NOW = datetime.datetime(2026, 11, 24, 8, 0, 20, tzinfo=datetime.UTC)  # 14:00 in Bishkek, a Tuesday


@pytest.fixture(autouse=True)
def _at_two_in_the_afternoon():
    with time_machine.travel(NOW, tick=False):
        yield


def bishkek(words):
    return datetime.datetime.fromisoformat(f"{words}+06:00")


def presets_on(page):
    """What the buttons of the sheet send: label -> value."""
    found = re.findall(
        r'name="_move" value="(schedule [^"]+)"><span>([^<]+)</span>', page.content.decode()
    )
    return {label: html.unescape(value) for value, label in found}


PRESSES = {
    "In 1 hour": "2026-11-24T15:01",  # the next full minute
    "Today 18:00": "2026-11-24T18:00",
    "Tomorrow 06:00": "2026-11-25T06:00",
    "Tomorrow 18:00": "2026-11-25T18:00",
    "Monday 06:00": "2026-11-30T06:00",
}


@pytest.mark.parametrize("label", PRESSES)
def test_a_press_on_a_usual_time_schedules_in_one_act(label):
    story = make_article(status="draft", headline="Snow")
    client = signed_in()
    presets = presets_on(client.get(address(story)))
    assert list(presets) == list(PRESSES)
    data = as_it_is(story, _move=presets[label]) | {"headline": "Rain"}
    page = client.post(address(story), data, follow=True).content.decode()
    story.refresh_from_db()
    assert (story.headline, story.published_at) == ("Rain", bishkek(PRESSES[label]))
    assert f"Goes live {clock.text_with_weekday(story.published_at)}, in " in page
    assert 'value="unschedule"' in page


def test_an_hour_is_counted_from_the_press_and_not_from_when_the_form_was_opened():
    story = make_article(status="draft")
    client = signed_in()
    value = presets_on(client.get(address(story)))["In 1 hour"]
    with time_machine.travel(NOW + 5 * HOUR, tick=False):
        client.post(address(story), as_it_is(story, _move=value))
        story.refresh_from_db()
        assert story.published_at == bishkek("2026-11-24T20:01")


def test_a_usual_time_that_has_passed_since_the_form_was_opened_is_refused():
    story = make_article(status="draft")
    client = signed_in()
    value = presets_on(client.get(address(story)))["Today 18:00"]
    with time_machine.travel(NOW + 5 * HOUR, tick=False):
        response = client.post(address(story), as_it_is(story, _move=value), follow=True)
        assert "This time has passed." in " ".join(said(response))
        story.refresh_from_db()
        assert story.status == "draft"


def test_a_new_story_is_scheduled_by_the_press_that_saves_it():
    client = signed_in()
    value = presets_on(client.get(ADD))["Tomorrow 06:00"]
    data = typed(
        headline="Snow",
        body="<p>It snows.</p>",
        section=make_section().pk,
        _move=value,
        **{
            "bylines-TOTAL_FORMS": 1,
            "bylines-INITIAL_FORMS": 0,
            "bylines-0-name": "Ann Other",
            "bylines-0-make": "person",
            "bylines-0-role": "author",
        },
    )
    client.post(ADD, data)
    assert Article.objects.get().published_at == bishkek("2026-11-25T06:00")


def test_usual_times_lie_ahead_in_order_and_not_before_an_embargo():
    for hours in range(0, 24 * 8, 5):
        now = NOW + hours * HOUR
        for floor in (None, now + HOUR / 2, now + 30 * HOUR, now + 400 * HOUR):
            presets = schedules.presets(now, floor)
            times = [
                datetime.datetime.fromisoformat(schedules.moment_of(preset.value, now))
                for preset in presets
            ]
            assert times, floor
            assert all(time > now and time >= (floor or now) for time in times)
            assert times[1:] == sorted(times[1:])
            assert len({preset.label for preset in presets}) == len(presets) <= 6


@pytest.mark.parametrize(
    "garbage", ["soon", "\0", "", "+61", "2026-11-24T06:00", "9999-12-31T23:59Z"]
)
def test_a_button_that_the_sheet_does_not_have_schedules_nothing(garbage):
    story = make_article(status="draft")
    response = signed_in().post(
        address(story), as_it_is(story, _move=f"schedule {garbage}"), follow=True
    )
    assert response.status_code == 200
    story.refresh_from_db()
    assert story.status == "draft"


def test_a_reporter_cannot_press_a_usual_time():
    client = signed_in("reporter")
    story = make_article(status="draft", entered_by=client.user)
    assert presets_on(client.get(address(story))) == {}
    client.post(address(story), as_it_is(story, _move="schedule +60"))
    assert client.post(address(story, "move"), {"_move": "schedule +60"}).status_code == 403
    story.refresh_from_db()
    assert story.status == "draft"


# A time that is typed


def test_a_refused_time_stands_in_the_open_sheet_with_what_is_wrong():
    story = make_article(status="draft")
    client = signed_in()
    with override_settings(TIME_ZONE="Europe/Berlin"):
        data = {"_move": "schedule", "schedule-at": "2027-03-28T02:30"}
        response = client.post(address(story), as_it_is(story) | data, follow=True)
    page = response.content.decode()
    sheet = page[page.index('name="sheet" open') :]
    assert 'value="2027-03-28T02:30"' in sheet
    assert "There is no 02:30 on that day in Berlin" in sheet
    assert "28 Mar 2027, 01:59 Berlin" in sheet
    assert "28 Mar 2027, 03:00 Berlin" in sheet
    assert "#id_schedule-at" in said(response)[0]


def test_a_time_is_kept_where_the_story_is_not_ready_for_it():
    story = make_article(status="draft", body="")
    data = {"_move": "schedule", "schedule-at": "2027-01-01T06:00"}
    response = signed_in().post(address(story), as_it_is(story) | data, follow=True)
    assert "The body is empty." in said(response)[0]
    assert 'value="2027-01-01T06:00"' in response.content.decode()


@pytest.mark.parametrize(("number", "utc"), [(0, "00:30"), (1, "01:30")])
def test_a_time_that_comes_twice_is_asked_about_in_the_sheet(number, utc):
    story = make_article(status="draft")
    client = signed_in()
    with override_settings(TIME_ZONE="Europe/Berlin"):
        data = {"_move": "schedule", "schedule-at": "2027-10-31T02:30"}
        page = client.post(address(story), as_it_is(story) | data, follow=True).content.decode()
        story.refresh_from_db()
        assert story.status == "draft"
        which = re.findall(r'<option value="([^"]+)">the (?:first|second)', page)
        data |= {"schedule-at_which": which[number]}
        page = client.post(address(story), as_it_is(story) | data, follow=True).content.decode()
        story.refresh_from_db()
        assert story.published_at == datetime.datetime.fromisoformat(f"2027-10-31T{utc}+00:00")
        # It is said which of the two it is, and moving something else keeps it.
        offset = ["UTC+02:00", "UTC+01:00"][number]
        assert f"Goes live Sun 31 Oct 2027, 02:30 Berlin ({offset})" in page
        assert f'value="{which[number]}" selected' in page


# Cancelling, and taking back what was just published


def test_the_time_is_cancelled_beside_where_it_stands():
    story = make_article(status="scheduled", at=NOW + 12 * HOUR)
    client = signed_in()
    page = client.get(address(story)).content.decode()
    assert "Goes live Wed 25 Nov, 02:00 Bishkek, in 12 h." in page
    client.post(address(story), as_it_is(story, _move="unschedule"))
    story.refresh_from_db()
    assert (story.status, story.published_at) == ("ready", None)
    assert "Goes live Wed" not in client.get(address(story)).content.decode()


def test_a_reporter_sees_when_it_goes_live_and_no_way_to_cancel_it():
    client = signed_in("reporter")
    story = make_article(status="scheduled", at=NOW + 12 * HOUR, entered_by=client.user)
    page = client.get(address(story)).content.decode()
    assert "Goes live Wed 25 Nov, 02:00 Bishkek, in 12 h." in page
    assert 'value="unschedule"' not in page


def test_the_message_after_publishing_leads_to_the_page_and_takes_it_back():
    story = make_article(status="draft")
    client = Client(enforce_csrf_checks=True)
    client.force_login(make_user("editor"))
    page = client.get(address(story)).content.decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)[1]
    data = as_it_is(story, _move="publish") | {"csrfmiddlewaretoken": token}
    response = client.post(address(story), data, follow=True)
    story.refresh_from_db()
    (message,) = said(response)
    assert f'href="{story.get_absolute_url()}"' in message
    action = re.search(r'<form class="undo" method="post" action="([^"]+)">', message)[1]
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', message)[1]
    assert client.post(action, {"_move": "pull"}).status_code == 403
    sent = {"_move": "pull", "csrfmiddlewaretoken": token}
    response = client.post(action, sent, follow=True)
    story.refresh_from_db()
    assert story.status == "pulled"
    assert Client().get(story.get_absolute_url()).status_code == 404
    # What comes back is no new publication, and is not offered to be taken back in passing.
    response = client.post(action, {"_move": "release", "csrfmiddlewaretoken": token}, follow=True)
    assert "undo" not in "".join(said(response))


# Embargo


def embargoed(until=NOW + 20 * HOUR, **fields):
    return make_article(status="draft", embargo_until=until, **fields)


@pytest.mark.parametrize("data", [{"schedule-at": "2026-11-25T09:59"}, {"preset": True}])
def test_nothing_is_scheduled_before_an_embargo_ends_and_it_is_said_when_that_is(data):
    story = embargoed()
    client = signed_in()
    posted = as_it_is(story, embargo_until="2026-11-25T10:00", _move="schedule") | data
    if "preset" in data:  # the press of a form that was opened before the embargo was set
        posted["_move"] = "schedule +60"
    response = client.post(address(story), posted, follow=True)
    story.refresh_from_db()
    assert (story.status, story.published_at) == ("draft", None)
    assert "under embargo until Wed 25 Nov, 10:00 Bishkek" in said(response)[0]
    page = response.content.decode()
    assert (
        "under embargo until Wed 25 Nov, 10:00 Bishkek" in page[page.index('name="sheet" open') :]
    )


def test_a_story_is_scheduled_for_the_end_of_its_embargo_by_one_press():
    story = embargoed()
    client = signed_in()
    page = client.get(address(story))
    assert "Under embargo until 25 Nov, 10:00 Bishkek." in page.content.decode()
    presets = presets_on(page)
    assert list(presets) == ["When the embargo ends", "Tomorrow 18:00", "Monday 06:00"]
    posted = as_it_is(story, embargo_until="2026-11-25T10:00:20")
    client.post(address(story), posted | {"_move": presets["When the embargo ends"]})
    story.refresh_from_db()
    assert story.published_at == story.embargo_until == NOW + 20 * HOUR


def test_publishing_now_under_embargo_names_its_end():
    story = embargoed()
    posted = as_it_is(story, embargo_until="2026-11-25T10:00", _move="publish")
    response = signed_in().post(address(story), posted, follow=True)
    assert "under embargo until Wed 25 Nov, 10:00 Bishkek" in said(response)[0]
    story.refresh_from_db()
    assert story.status == "draft"


def test_an_embargo_set_on_a_scheduled_story_moves_its_time_and_says_so():
    story = make_article(status="scheduled", at=NOW + 5 * HOUR)
    posted = as_it_is(story, embargo_until="2026-11-26T06:00")
    response = signed_in().post(address(story), posted, follow=True)
    story.refresh_from_db()
    assert story.published_at == story.embargo_until == bishkek("2026-11-26T06:00")
    assert "Goes live Thu 26 Nov, 06:00 Bishkek" in " ".join(said(response))
    # Lifted again, the time stays where it is: an embargo's end publishes nothing.
    response = signed_in().post(address(story), as_it_is(story, embargo_until=""), follow=True)
    story.refresh_from_db()
    assert (story.embargo_until, story.published_at) == (None, bishkek("2026-11-26T06:00"))


def test_an_embargos_end_publishes_nothing():
    story = embargoed()
    with time_machine.travel(NOW + 21 * HOUR, tick=False):
        assert not Article.objects.published().exists()
        assert "Under embargo" not in signed_in().get(address(story)).content.decode()


@pytest.mark.parametrize(
    "data",
    [
        {"embargo_until": ""},
        {"embargo_until": "2026-11-24T15:00"},
        {"embargo_until": "2026-11-24T15:00", "embargo_until_which": "2026-11-24T09:00Z"},
    ],
)
def test_a_reporter_sees_an_embargo_and_does_not_lift_it(data):
    client = signed_in("reporter")
    story = embargoed(entered_by=client.user)
    page = client.get(address(story)).content.decode()
    assert "Under embargo until 25 Nov, 10:00 Bishkek." in page
    assert 'name="embargo_until"' not in page
    assert client.post(address(story), as_it_is(story, **data)).status_code == 302
    story.refresh_from_db()
    assert story.embargo_until == NOW + 20 * HOUR


def test_an_embargo_is_not_copied_with_what_a_story_says():
    story, other = embargoed(headline="Snow"), make_article(status="draft")
    content = versions.snapshot(story)
    assert not {"embargo_until", "published_at"} & set(content["fields"])
    content["fields"]["slug"] = "snow-again"
    versions.restore(other, content)
    other.refresh_from_db()
    assert (other.headline, other.embargo_until) == ("Snow", None)


def test_the_list_names_an_embargo():
    embargoed(headline="Snow")
    page = signed_in().get("/admin/articles/article/").content.decode()
    assert "embargo until 25 Nov, 10:00 Bishkek" in page


def test_publishing_itself_keeps_to_the_floor_whoever_calls_it():
    story = embargoed()
    publishing.publish(story, by=chief(), at=timezone.now() + HOUR)
    assert story.published_at == story.embargo_until


def test_a_form_without_a_story_has_no_floor():
    assert ScheduleForm().floor is None
