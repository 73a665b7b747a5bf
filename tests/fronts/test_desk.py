"""The desk's page of a front, without scripts: every button, two editors, and the look ahead."""

import datetime
import re

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from articles import clock, publishing, versions
from fronts import laying_out
from fronts.laying_out import Layout, Placed
from fronts.models import Front
from tests.factories import (
    chief,
    make_article,
    make_author,
    make_image,
    make_section,
    make_user,
)
from tests.fronts.test_laying_out import HOUR, home, publish, stories, top

pytestmark = pytest.mark.django_db


@pytest.fixture
def front():
    return Front.objects.get(name="home", language="en")


@pytest.fixture
def editor(client):
    editor = make_user("editor", first_name="Timur", username="timur")
    client.force_login(editor)
    return editor


def address(front, edition=None):
    found = reverse("admin:fronts_front_change", args=[front.pk])
    return f"{found}?edition={edition.pk}" if edition else found


def board(client, front, edition=None):
    response = client.get(address(front, edition))
    assert response.status_code == 200
    return response


def typed(response, **changes):
    """What the form of a board sends: all its fields as they stand, with changes."""
    context = response.context
    edition, live = context["edition"], context["live"]
    data = {
        "edition": edition.pk if edition else "",
        "version": edition.version if edition else "",
        "live": live.pk,
        "pin": [row.pin.article_id for row in context["rows"]],
        "into": [other.pk for other in context["waiting"]],
    }
    for form in [*(row.form for row in context["rows"]), context["strip"]]:
        for field in form:
            value = field.value()
            if isinstance(value, datetime.datetime):
                value = value.isoformat()
            data[field.html_name] = "" if value is None else value
    return data | changes


def press(client, front, response, **changes):
    """Press a button of a board; the page that follows."""
    return client.post(address(front), typed(response, **changes), follow=True)


def pinned(edition):
    return [(pin.article_id, pin.position) for pin in laying_out.layout_of(edition).pins]


def test_a_story_is_searched_added_and_published(client, front, editor):
    a, _b = stories("Apricots", "Bridge")
    page = press(client, front, board(client, front), q="apricot", _search="1")
    assert [story.headline for story, _placed in page.context["found"]] == ["Apricots"]
    page = press(client, front, page, _add=f"{a.pk} top 2")
    assert home() == ["Bridge", "Apricots"]
    assert pinned(laying_out.draft(front)) == [(a.pk, 1)]
    page = press(client, front, page, _publish="1")
    assert "It is live." in page.content.decode()
    assert pinned(laying_out.live(front)) == [(a.pk, 1)]
    assert laying_out.draft(front) is None


def test_stories_are_moved_by_buttons_and_by_numbers_and_taken_out(client, front, editor):
    a, b, c = stories("A", "B", "C")
    publish(front, top(a, b, c), editor)
    page = press(client, front, board(client, front), _up=b.pk)
    assert pinned(laying_out.draft(front)) == [(b.pk, 0), (a.pk, 1), (c.pk, 2)]
    page = press(client, front, page, **{f"pin-{c.pk}-place": 1}, _save="1")
    assert pinned(laying_out.draft(front)) == [(c.pk, 0), (b.pk, 1), (a.pk, 2)]
    press(client, front, page, _remove=c.pk)
    assert pinned(laying_out.draft(front)) == [(b.pk, 0), (a.pk, 1)]
    assert home() == ["A", "B", "C"]


def test_a_story_is_said_differently_with_another_picture_until_a_minute(client, front, editor):
    (a,) = stories("A")
    publish(front, top(a), editor)
    image, until = make_image(64, 43), clock.local(timezone.now() + HOUR)
    press(
        client,
        front,
        board(client, front),
        **{
            f"pin-{a.pk}-kicker": "Exclusive",
            f"pin-{a.pk}-headline": "Said differently",
            f"pin-{a.pk}-image": image.pk,
            f"pin-{a.pk}-until": f"{until:%Y-%m-%dT%H:%M}",
        },
        _publish="1",
    )
    html = client.get("/").content.decode()
    assert "Said differently" in html
    assert "Exclusive" in html
    assert image.token in html
    pin = laying_out.live(front).pins.get()
    assert pin.until == until.replace(second=0, microsecond=0)


def test_the_strip_needs_an_end_and_what_was_typed_stays(client, front, editor):
    page = press(client, front, board(client, front), breaking_text="Pass closed", _publish="1")
    html = page.content.decode()
    assert "Say until when the breaking strip stands." in html
    assert 'value="Pass closed"' in html
    assert laying_out.draft(front) is None
    until = clock.local(timezone.now() + HOUR)
    press(client, front, page, breaking_until=f"{until:%Y-%m-%dT%H:%M}", _publish="1")
    assert "Pass closed" in client.get("/").content.decode()
    with time_machine.travel(until, tick=False):
        assert "Pass closed" not in client.get("/").content.decode()


@pytest.mark.parametrize("url", ["javascript:alert(1)", "pass"])
def test_the_strip_leads_to_an_address(client, front, editor, url):
    until = f"{clock.local(timezone.now() + HOUR):%Y-%m-%dT%H:%M}"
    page = press(
        client,
        front,
        board(client, front),
        breaking_text="Pass",
        breaking_url=url,
        breaking_until=until,
        _publish="1",
    )
    assert "An address begins with" in page.content.decode()


def test_an_edition_is_scheduled_changed_and_taken_back(client, front, editor):
    a, b = stories("A", "B")
    at = (timezone.now() + 3 * HOUR).replace(second=0, microsecond=0)
    local = f"{clock.local(at):%Y-%m-%dT%H:%M}"
    page = press(client, front, board(client, front), _add=f"{a.pk} top 1")
    page = press(client, front, page, _schedule="typed", at=local)
    (monday,) = laying_out.waiting(front)
    assert monday.live_from == at
    page = press(client, front, board(client, front, monday), _add=f"{b.pk} top 1")
    assert pinned(monday) == [(b.pk, 0), (a.pk, 1)]
    assert page.context["edition"] == monday
    press(client, front, page, _unschedule="1")
    assert laying_out.waiting(front) == []
    press(client, front, board(client, front), _drop="1")
    assert laying_out.draft(front) is None


def test_a_minute_that_has_passed_is_refused_beside_its_box(client, front, editor):
    page = press(client, front, board(client, front), _schedule="typed", at="2020-01-01T08:00")
    assert "This time has passed." in page.content.decode()
    assert laying_out.waiting(front) == []


def test_the_change_of_the_night_is_asked_for_monday_too(client, front, editor):
    a, night, other = stories("A", "Night", "Other")
    monday = publish(front, top(a), editor, at=timezone.now() + HOUR)
    page = press(client, front, board(client, front), _add=f"{night.pk} top 1")
    assert "Put this change into the edition of" in page.content.decode()
    press(client, front, page, _publish="1")
    assert pinned(monday) == [(night.pk, 0), (a.pk, 1)]
    page = press(client, front, board(client, front), _add=f"{other.pk} top 1")
    press(client, front, page, _publish="1", into=[])
    assert pinned(monday) == [(night.pk, 0), (a.pk, 1)]


def test_an_earlier_edition_is_brought_back(client, front, editor):
    a, b = stories("A", "B")
    first = publish(front, top(a), editor)
    second = publish(front, top(b), editor)
    page = board(client, front)
    assert first in page.context["earlier"]
    client.post(address(front), {"_roll_back": first.pk, "live": second.pk})
    assert pinned(laying_out.live(front)) == [(a.pk, 0)]
    page = client.post(address(front), {"_roll_back": second.pk, "live": second.pk}, follow=True)
    assert "Somebody else changed what is live meanwhile." in page.content.decode()
    assert pinned(laying_out.live(front)) == [(a.pk, 0)]


def test_the_second_of_two_editors_is_shown_the_firsts_and_loses_nothing(client, front, editor):
    a, b = stories("Apricots", "Bridge")
    laying_out.save(front, Layout(), by=editor)
    opened = board(client, front)
    other = make_user("editor", first_name="Aida", username="aida")
    draft = laying_out.draft(front)
    laying_out.save(front, top(a), by=other, edition=draft.pk, version=draft.version)
    page = press(client, front, opened, _add=f"{b.pk} top 1", breaking_url="/x/")
    html = page.content.decode()
    assert "Somebody else changed this edition meanwhile." in html
    assert "Aida" in html
    assert "Apricots: added: top, 1" in html
    assert "Bridge: taken out" in html
    assert pinned(draft) == [(a.pk, 0)]
    assert [row.pin.article_id for row in page.context["rows"]] == [b.pk]
    press(client, front, page, _save="1")
    assert pinned(draft) == [(b.pk, 0)]


def test_publishing_over_what_somebody_published_is_refused_and_shown(client, front, editor):
    a, _b = stories("Apricots", "Bridge")
    page = press(client, front, board(client, front), _add=f"{a.pk} top 1")
    publish_other = make_user("editor", first_name="Aida", username="aida")
    laying_out.roll_back(
        front, by=publish_other, to=laying_out.live(front).pk, live_seen=laying_out.live(front).pk
    )
    page = press(client, front, page, _publish="1")
    html = page.content.decode()
    assert "Somebody else changed what is live meanwhile." in html
    assert "Aida" in html
    assert home() == ["Bridge", "Apricots"]
    press(client, front, page, _publish="1")
    assert home() == ["Apricots", "Bridge"]


def test_a_draft_begun_before_what_is_live_now_says_so(client, front, editor):
    a, _b = stories("Apricots", "Bridge")
    laying_out.save(front, top(a), by=editor)
    seen = laying_out.live(front)
    first = laying_out.roll_back(front, by=editor, to=seen.pk, live_seen=seen.pk)
    assert first != seen
    html = board(client, front).content.decode()
    assert "What is live was changed after this draft was begun" in html


def test_a_story_that_is_not_open_to_an_editor_is_not_named_and_keeps_its_words(
    client, front, editor
):
    secret = make_article(headline="Secret")
    publishing.restrict(secret, by=chief(), people=[chief()])
    layout = Layout((Placed(secret.pk, "top", 0, headline="Hidden words"),))
    laying_out.save(front, layout, by=chief())
    page = board(client, front)
    html = page.content.decode()
    assert "A story that is not open to you" in html
    assert "Hidden words" not in html
    assert f'value="{secret.pk} top 1"' not in html
    press(client, front, page, **{f"pin-{secret.pk}-place": 2}, _save="1")
    pin = laying_out.draft(front).pins.get()
    assert (pin.position, pin.headline) == (1, "Hidden words")


def test_the_home_as_of_tomorrow_has_tomorrows_edition_and_its_scheduled_stories(
    client, front, editor
):
    a, _b = stories("Apricots", "Bridge")
    at = (timezone.now() + 12 * HOUR).replace(second=0, microsecond=0)
    late = make_article(
        headline="Late", status="scheduled", at=at, lead_image=make_image(1600, 1067)
    )
    publish(front, top(late, a), editor, at=at)
    preview = reverse("admin:fronts_front_preview", args=[front.pk])
    page = client.get(preview, {"at": f"{clock.local(at):%Y-%m-%dT%H:%M}"})
    html = page.content.decode()
    assert html.index("Late") < html.index("Apricots") < html.index("Bridge")
    assert page["Cache-Control"] == "private, no-store"
    assert "noindex" in html
    assert "Late" not in client.get(preview).content.decode()
    secret = publishing.restrict(late, by=chief(), people=[chief()])
    assert secret is None
    assert "Late" not in client.get(preview, {"at": at.isoformat()}).content.decode()
    client.logout()
    assert client.get(preview)["Location"].startswith("/admin/login/")


def main_of(html):
    return re.search("<main.*?</main>", html, re.S)[0]


def test_the_home_as_of_tomorrow_says_what_next_versions_will_say_by_then(client, front, editor):
    a, b, c, d = stories("Apricots", "Bridge", "Canal", "Dam")
    at = (timezone.now() + 12 * HOUR).replace(second=0, microsecond=0)
    publish(front, top(a), editor)
    opinion = make_section(name="Water")
    changes = {
        "kicker": "Harvest",
        "headline": "Apricots are late",
        "standfirst": "Frost came in May.",
    }
    plan(a, at, by=editor, section=opinion.pk, by_whom=make_author(name="Nora Next"), **changes)
    plan(b, at + HOUR, by=editor, headline="Bridge closed")
    plan(c, None, by=editor, headline="Canal dry")
    plan(d, at, by=editor, supersedes=c.pk)
    preview = reverse("admin:fronts_front_preview", args=[front.pk])
    before = main_of(client.get(preview, {"at": (at - HOUR).isoformat()}).content.decode())
    html = main_of(client.get(preview, {"at": at.isoformat()}).content.decode())
    for word in [*changes.values(), "Nora Next"]:
        assert word in html
        assert word not in before
    assert "Canal" in before
    for word in ("Canal", "Bridge closed"):
        assert word not in html
    public = main_of(client.get("/").content.decode())
    assert "Apricots are late" not in public
    with time_machine.travel(at, tick=False):
        publishing.apply_due()
        there = main_of(client.get("/").content.decode())
        here = main_of(client.get(preview, {"at": at.isoformat()}).content.decode())
    # What was foreseen is what came.
    assert _words(html) == _words(there) == _words(here)


def plan(story, at, *, by, section=None, supersedes=None, by_whom=None, **fields):
    """A next version of a live story; approved where it has a minute to go live."""
    content = versions.snapshot(story)
    content["fields"] |= fields
    content["relations"] |= {"section": section or story.section_id, "supersedes": supersedes}
    if by_whom is not None:
        content["bylines"][0]["author_id"] = by_whom.pk
    publishing.propose(story, by=by, content=content)
    if at is not None:
        publishing.approve_version(story, by=by, at=at)


def _words(html):
    html = re.sub('<p class="notice notice--preview">.*?</p>', "", html, flags=re.S)
    return re.sub(r"<[^>]*>", " ", html).split()


def test_the_draft_is_looked_at_before_it_is_published(client, front, editor):
    a, _b = stories("Apricots", "Bridge")
    draft = laying_out.save(front, top(a), by=editor)
    preview = reverse("admin:fronts_front_preview", args=[front.pk])
    html = client.get(preview, {"edition": draft.pk}).content.decode()
    assert html.index("Apricots") < html.index("Bridge")


@pytest.mark.parametrize("query", ["at=never", "edition=x", "edition=99999999999999999999"])
def test_addresses_that_make_no_sense_are_no_errors(client, front, editor, query):
    address = reverse("admin:fronts_front_preview", args=[front.pk])
    assert client.get(f"{address}?{query}").status_code in {200, 302}
    assert client.get(reverse("admin:fronts_front_change", args=[front.pk]) + f"?{query}&q=%00")


def test_posts_that_make_no_sense_change_nothing(client, front, editor):
    for data in (
        {"_add": "x top 1"},
        {"_add": "1 nowhere 1"},
        {"_up": "x", "_remove": "-1"},
        {"edition": "x", "version": "x", "live": "", "_publish": ""},
        {"_drop": "1"},
        {"_roll_back": "x"},
    ):
        client.post(address(front), data)
    assert laying_out.draft(front) is None
    assert home() == []


@pytest.mark.parametrize("number", [1, 3])
def test_a_board_takes_the_same_queries_with_one_story_and_three(
    client, front, editor, number, django_assert_num_queries
):
    image = make_image(64, 43)
    layout = top(*stories("A", "B", "C")[:number])
    layout = Layout(tuple(laying_out.replace(pin, image_id=image.pk) for pin in layout.pins))
    laying_out.save(front, layout, by=editor)
    client.get(address(front))
    with django_assert_num_queries(27):
        client.get(address(front))


# From a story


def test_a_story_is_given_its_place_from_its_own_page(client, front, editor):
    old, _b, _c = stories("Old", "B", "C")
    story = reverse("admin:articles_article_change", args=[old.pk])
    html = client.get(story).content.decode()
    assert 'value="place top 2"' in html
    move = reverse("admin:articles_article_move", args=[old.pk])
    page = client.post(move, {"_move": "place top 2"}, follow=True)
    assert "It has its place." in page.content.decode()
    assert home() == ["C", "Old", "B"]


def test_a_scheduled_story_is_given_its_place_in_what_waits_too(client, front, editor):
    (a,) = stories("A")
    at = timezone.now() + HOUR
    monday = publish(front, top(a), editor, at=at + HOUR)
    late = make_article(headline="Late", status="scheduled", at=at)
    story = reverse("admin:articles_article_change", args=[late.pk])
    assert "Editions that wait have it too:" in client.get(story).content.decode()
    move = reverse("admin:articles_article_move", args=[late.pk])
    client.post(move, {"_move": "place top 1"})
    assert home() == ["A"]
    assert home(at) == ["Late", "A"]
    assert pinned(monday) == [(late.pk, 0), (a.pk, 1)]


@pytest.mark.parametrize("value", ["place nowhere 1", "place top x", "place", "place top 9"])
def test_there_is_no_other_place(client, front, editor, value):
    (a,) = stories("A")
    before = laying_out.live(front)
    move = reverse("admin:articles_article_move", args=[a.pk])
    assert client.post(move, {"_move": value}).status_code == 302
    assert laying_out.live(front) == before


def test_a_draft_and_a_reporters_page_offer_no_place(client, front, editor):
    draft = make_article(status="draft")
    story = reverse("admin:articles_article_change", args=[draft.pk])
    assert "place top" not in client.get(story).content.decode()
    (a,) = stories("A")
    client.force_login(make_user("reporter"))
    story = reverse("admin:articles_article_change", args=[a.pk])
    assert "place top" not in client.get(story).content.decode()
    move = reverse("admin:articles_article_move", args=[a.pk])
    assert client.post(move, {"_move": "place top 1"}).status_code == 403
