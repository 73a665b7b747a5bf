"""How a front is laid out: drafts, minutes, places, two editors, and nothing changed once live."""

import datetime

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from articles import publishing
from articles.models import Article
from fronts import laying_out
from fronts.composition import compose, next_due
from fronts.laying_out import Changed, Layout, Placed, Refused
from fronts.models import Edition, Front, Pin
from images.models import Image
from tests.factories import chief, make_article, make_image, make_user

pytestmark = pytest.mark.django_db
HOUR = datetime.timedelta(hours=1)
SECOND = datetime.timedelta(seconds=1)


@pytest.fixture
def front():
    return Front.objects.get(name="home", language="en")


@pytest.fixture
def editor():
    return make_user("editor")


def top(*stories):
    return Layout(tuple(Placed(story.pk, "top", place) for place, story in enumerate(stories)))


def home(now=None):
    page = compose("en", now or timezone.now())
    return [card.headline for card in [page.lead, *page.seconds, *page.latest] if card]


def publish(front, layout, by, **more):
    """A layout as what is live, or waits where ``at`` is given."""
    edition = laying_out.save(front, layout, by=by)
    return laying_out.publish(
        front,
        by=by,
        edition=edition.pk,
        version=edition.version,
        live_seen=laying_out.live(front).pk,
        **more,
    )


def stories(*headlines, **fields):
    """Published stories, the first the oldest."""
    now = timezone.now()
    return [
        make_article(headline=headline, at=now - HOUR * (90 - n), **fields)
        for n, headline in enumerate(headlines)
    ]


# Drafts and editions


def test_a_draft_is_seen_by_nobody_until_it_is_published(front, editor):
    old, new = stories("Old", "New")
    draft = laying_out.save(front, top(old, new), by=editor)
    assert home() == ["New", "Old"]
    assert laying_out.draft(front) == draft
    laying_out.publish(
        front,
        by=editor,
        edition=draft.pk,
        version=draft.version,
        live_seen=laying_out.live(front).pk,
    )
    assert home() == ["Old", "New"]
    assert laying_out.draft(front) is None
    assert laying_out.live(front) == draft


def test_an_edition_goes_live_at_its_minute(front, editor):
    old, _new = stories("Old", "New")
    at = timezone.now() + HOUR
    publish(front, top(old), editor, at=at)
    with time_machine.travel(at - SECOND, tick=False):
        assert home() == ["New", "Old"]
        assert next_due("en", timezone.now()) == at
    with time_machine.travel(at, tick=False):
        assert home() == ["Old", "New"]
        assert next_due("en", timezone.now()) is None


def test_a_live_edition_is_not_changed_any_more(front, editor):
    old, new = stories("Old", "New")
    edition = publish(front, top(old), editor)
    with pytest.raises(Changed, match="live"):
        laying_out.save(front, top(new), by=editor, edition=edition.pk, version=edition.version)
    with pytest.raises(Changed, match="live"):
        laying_out.drop(front, by=editor, edition=edition.pk, version=edition.version)
    assert laying_out.layout_of(edition) == top(old)


def test_a_waiting_edition_whose_minute_comes_while_it_is_open_is_not_changed(front, editor):
    old, new = stories("Old", "New")
    at = timezone.now() + HOUR
    edition = publish(front, top(old), editor, at=at)
    with time_machine.travel(at, tick=False), pytest.raises(Changed, match="live"):
        laying_out.save(front, top(new), by=editor, edition=edition.pk, version=edition.version)


def test_a_front_has_one_draft(front):
    Edition.objects.create(front=front)
    with pytest.raises(IntegrityError), transaction.atomic():
        Edition.objects.create(front=front)


def test_rolling_back_makes_a_new_edition_of_an_old_one(front, editor):
    a, b = stories("A", "B")
    first = publish(front, top(a), editor)
    second = publish(front, top(b), editor)
    third = laying_out.roll_back(front, by=editor, to=first.pk, live_seen=second.pk)
    assert home() == ["A", "B"]
    assert third not in (first, second)
    assert third.based_on == first
    assert laying_out.layout_of(second) == top(b)


def test_rolling_back_brings_no_strip_back_whose_end_has_come(front, editor):
    (a,) = stories("A")
    until = timezone.now() + HOUR
    first = publish(front, Layout((), "Pass closed", "", until), editor)
    second = publish(front, top(a), editor)
    with time_machine.travel(until, tick=False):
        third = laying_out.roll_back(front, by=editor, to=first.pk, live_seen=second.pk)
    assert third.breaking_text == ""


def test_an_edition_is_taken_off_its_minute_or_dropped(front, editor):
    (a,) = stories("A")
    edition = publish(front, top(a), editor, at=timezone.now() + HOUR)
    edition = laying_out.unschedule(front, by=editor, edition=edition.pk, version=edition.version)
    assert laying_out.draft(front) == edition
    laying_out.drop(front, by=editor, edition=edition.pk, version=edition.version)
    assert laying_out.draft(front) is None


def test_no_edition_goes_live_in_the_past(front, editor):
    with pytest.raises(Refused, match="passed"):
        publish(front, Layout(), editor, at=timezone.now() - HOUR)


def test_a_strip_has_an_end(front, editor):
    with pytest.raises(Refused, match="until when"):
        laying_out.save(front, Layout((), "Pass closed"), by=editor)


@pytest.mark.parametrize("role", ["reporter", "administrator", None])
def test_only_editors_lay_out(front, role):
    by = make_user(role)
    (a,) = stories("A")
    live = laying_out.live(front)
    for change in (
        lambda: laying_out.save(front, top(a), by=by),
        lambda: laying_out.roll_back(front, by=by, to=live.pk, live_seen=live.pk),
        lambda: laying_out.place(a, by=by, slot="top", position=0),
    ):
        with pytest.raises(PermissionDenied):
            change()
    assert Edition.objects.filter(front=front).get() == live


def test_a_story_that_is_not_open_to_an_editor_is_not_pinned_by_them(front, editor):
    hidden = make_article()
    publishing.restrict(hidden, by=chief(), people=[chief()])
    hidden.refresh_from_db()
    foreign = make_article(language="ru")
    for story in (hidden, foreign):
        with pytest.raises(Refused, match="not open to you"):
            laying_out.save(front, top(story), by=editor)
    with pytest.raises(PermissionDenied):
        laying_out.place(hidden, by=editor, slot="top", position=0)


def test_the_signal_comes_after_commit(front, editor, django_capture_on_commit_callbacks, caplog):
    (a,) = stories("A")
    with (
        caplog.at_level("INFO", "newsroom.desk"),
        django_capture_on_commit_callbacks(execute=True),
    ):
        publish(front, top(a), editor)
        assert "publish" not in caplog.text
    assert f"front {front.pk}: publish" in caplog.text


# Two editors


def test_the_second_of_two_editors_is_refused_and_told_whose_it_is(front, editor):
    a, b = stories("A", "B")
    other = make_user("editor")
    draft = laying_out.save(front, top(a), by=editor)
    laying_out.save(front, top(b), by=other, edition=draft.pk, version=draft.version)
    with pytest.raises(Changed) as refused:
        laying_out.save(front, top(a, b), by=editor, edition=draft.pk, version=draft.version)
    theirs = refused.value.theirs
    assert (theirs.by, laying_out.layout_of(theirs)) == (other, top(b))
    assert laying_out.differences(top(a), laying_out.layout_of(theirs)) == [
        (b.pk, "added: top, 1"),
        (a.pk, "taken out"),
    ]


def test_the_second_to_begin_a_draft_is_refused(front, editor):
    a, b = stories("A", "B")
    laying_out.save(front, top(a), by=make_user("editor"))
    with pytest.raises(Changed, match="began a draft"):
        laying_out.save(front, top(b), by=editor)


def test_publishing_over_what_somebody_else_published_is_refused(front, editor):
    a, b = stories("A", "B")
    seen = laying_out.live(front)
    draft = laying_out.save(front, top(a), by=editor)
    laying_out.place(b, by=make_user("editor"), slot="opinion", position=0)
    draft.refresh_from_db()
    with pytest.raises(Changed, match="what is live"):
        laying_out.publish(
            front, by=editor, edition=draft.pk, version=draft.version, live_seen=seen.pk
        )
    assert laying_out.live(front).pins.get().article == b


def test_saving_what_is_there_already_makes_no_new_version(front, editor):
    (a,) = stories("A")
    draft = laying_out.save(front, top(a), by=editor)
    again = laying_out.save(front, top(a), by=editor, edition=draft.pk, version=draft.version)
    assert again.version == draft.version


# A change of the night and the layout of Monday


def test_the_change_of_the_night_is_put_into_the_edition_that_waits(front, editor):
    a, b, c, night = stories("A", "B", "C", "Night")
    publish(front, top(a, b), editor)
    monday = publish(front, top(c, a), editor, at=timezone.now() + HOUR)
    publish(front, top(night, a), editor, into=[monday.pk])
    layout = laying_out.layout_of(monday)
    assert [pin.article_id for pin in layout.pins] == [night.pk, c.pk, a.pk]
    assert home() == ["Night", "A", "C", "B"]


def test_or_it_is_not(front, editor):
    a, c, night = stories("A", "C", "Night")
    publish(front, top(a), editor)
    monday = publish(front, top(c), editor, at=timezone.now() + HOUR)
    publish(front, top(night), editor)
    assert laying_out.layout_of(monday) == top(c)


def test_only_what_was_changed_is_carried():
    before = Layout((Placed(1, "top", 0), Placed(2, "top", 1), Placed(3, "opinion", 0)))
    after = Layout((Placed(1, "top", 0, kicker="New"), Placed(3, "opinion", 0)), "Strip", "", None)
    into = Layout((Placed(2, "top", 0), Placed(1, "top", 1), Placed(4, "top", 2)))
    assert laying_out.carried(before, after, into) == Layout(
        (Placed(1, "top", 0, kicker="New"), Placed(4, "top", 1)), "Strip", "", None
    )


# Places


def test_second_is_second_where_nothing_else_is_pinned(front, editor):
    old, _b, _c = stories("Old", "B", "C")
    laying_out.place(old, by=editor, slot="top", position=1)
    assert home() == ["C", "Old", "B"]


def test_a_scheduled_story_claims_its_place_at_its_own_minute_everywhere(front, editor):
    a, b, c = stories("A", "B", "C")
    at = timezone.now() + HOUR
    publish(front, top(a, b, c), editor)
    monday = publish(front, top(c, b, a), editor, at=at + HOUR)
    draft = laying_out.save(front, top(b, a), by=editor)
    late = make_article(headline="Late", status="scheduled", at=at)
    laying_out.place(late, by=editor, slot="top", position=1, everywhere=False)
    with time_machine.travel(at - SECOND, tick=False):
        assert home() == ["A", "B", "C"]
    with time_machine.travel(at, tick=False):
        assert home() == ["A", "Late", "B", "C"]
    with time_machine.travel(monday.live_from, tick=False):
        assert home() == ["C", "Late", "B", "A"]
    assert [pin.article_id for pin in laying_out.layout_of(draft).pins] == [b.pk, late.pk, a.pk]
    assert laying_out.draft(front).based_on == laying_out.live(front)


def test_a_live_story_beside_a_claim_stands_where_it_was_put_until_the_claim_comes(front, editor):
    a, b = stories("A", "B")
    at = timezone.now() + HOUR
    publish(front, top(a), editor)
    late = make_article(headline="Late", status="scheduled", at=at)
    laying_out.place(late, by=editor, slot="top", position=1)
    laying_out.place(b, by=editor, slot="top", position=1)
    assert home() == ["A", "B"]
    assert home(at) == ["A", "Late", "B"]


def test_placing_twice_is_placing_once(front, editor):
    a, b = stories("A", "B")
    publish(front, top(a, b), editor)
    once = laying_out.place(b, by=editor, slot="top", position=0)
    assert laying_out.place(b, by=editor, slot="top", position=0) == once
    assert home() == ["B", "A"]


def test_what_is_placed_into_waiting_editions_is_said(front, editor):
    a, b = stories("A", "B")
    monday = publish(front, top(a), editor, at=timezone.now() + HOUR)
    laying_out.place(b, by=editor, slot="top", position=0, everywhere=False)
    assert laying_out.layout_of(monday) == top(a)
    laying_out.place(b, by=editor, slot="top", position=1, everywhere=True)
    assert laying_out.layout_of(monday) == top(a, b)


def test_moving_up_and_down_changes_places_and_taking_out_closes_up():
    layout = Layout((Placed(1, "top", 0), Placed(2, "top", 1), Placed(3, "top", 2)))
    order = lambda layout: [(p.article_id, p.position) for p in layout.pins]  # noqa: E731
    assert order(laying_out.moved(layout, 2, -1)) == [(2, 0), (1, 1), (3, 2)]
    assert order(laying_out.moved(layout, 1, -1)) == [(1, 0), (2, 1), (3, 2)]
    assert order(laying_out.moved(layout, 3, 1)) == [(1, 0), (2, 1), (3, 3)]
    assert order(laying_out.without(layout, 1)) == [(2, 0), (3, 1)]


# No holes


@pytest.mark.parametrize("status", ["pulled", "withdrawn", "retracted", "scheduled"])
def test_what_readers_cannot_read_leaves_no_hole(front, editor, status):
    a, b, c = stories("A", "B", "C")
    hidden = make_article(headline="Hidden", status=status)
    publish(front, top(a, hidden, b, c), editor)
    assert home() == ["A", "B", "C"]


def test_a_pin_that_has_ended_leaves_no_hole(front, editor):
    a, b, _c = stories("A", "B", "C")
    until = timezone.now() + HOUR
    layout = Layout((Placed(a.pk, "top", 0, until), Placed(b.pk, "top", 1)))
    publish(front, layout, editor)
    assert home(until - SECOND)[:2] == ["A", "B"]
    assert home(until)[:2] == ["B", "C"]
    assert next_due("en", timezone.now()) == until


def test_a_pinned_story_that_is_superseded_makes_way_for_the_newest_of_its_chain(front, editor):
    a, b = stories("A", "B")
    publish(front, top(a, b), editor)
    make_article(headline="A, what is known", supersedes=a)
    assert home() == ["B", "A, what is known"]


# Pictures given by a front


def test_a_picture_given_by_a_front_is_public_while_it_stands_there(
    front, editor, django_capture_on_commit_callbacks
):
    a, b = stories("A", "B")
    image = make_image(64, 43)
    at = timezone.now() + HOUR
    is_live = lambda now: Image.objects.filter(  # noqa: E731
        pk__in=image.uses.live(now).values("image")
    ).exists()
    publish(front, Layout((Placed(a.pk, "top", 0, image_id=image.pk),)), editor, at=at)
    publish(front, top(b), editor, at=at + HOUR)
    assert not is_live(at - SECOND)
    assert is_live(at)
    assert not is_live(at + HOUR)
    with django_capture_on_commit_callbacks(execute=True):
        publishing.pull(Article.objects.get(pk=a.pk), by=chief())
    assert not is_live(at)
    with django_capture_on_commit_callbacks(execute=True):
        publishing.release(Article.objects.get(pk=a.pk), by=chief())
    assert is_live(at)


@pytest.mark.parametrize("number", [1, 3])
def test_publishing_takes_the_same_queries_with_one_pin_and_three(
    front, editor, number, django_assert_num_queries
):
    layout = top(*stories("A", "B", "C")[:number])
    draft = laying_out.save(front, layout, by=editor)
    with django_assert_num_queries(13):
        laying_out.publish(
            front,
            by=editor,
            edition=draft.pk,
            version=draft.version,
            live_seen=draft.based_on_id,
        )
    assert Pin.objects.filter(edition=draft).count() == number
