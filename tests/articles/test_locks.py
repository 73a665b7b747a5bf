"""Who locks several stories, or a story and what it names, does so in the order of everybody else."""

import contextlib
import datetime
import threading

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from articles import corrections, going_out, merges, publishing, successors, translations, versions
from articles.models import Article
from tests.articles.test_merges import MOMENT, together
from tests.factories import chief, make_article, make_tag

pytestmark = pytest.mark.django_db(transaction=True)


def pair(status):
    """A story and its translation, and who may do anything with both."""
    by = chief()
    story = make_article(status=status, headline="Snow", tags=["Old"])
    translation = translations.begin(story, into="ru", by=by)
    translation.headline, translation.body = "Снег", "<p>Выпал снег.</p>"
    publishing.save(translation, by=by)
    publishing.record(translation, by=by)
    if status == "published":
        publishing.publish(translation, by=by)
    return Article.objects.get(pk=story.pk), Article.objects.get(pk=translation.pk), by


def of_both(acts):
    """Make an act on either of two stories at once, in the transaction in which it was saved."""
    start, refused = threading.Barrier(2, timeout=MOMENT), []

    def one(story, act):
        try:
            with transaction.atomic():
                row = Article.objects.get(pk=story.pk)
                publishing.settle(row, versions.snapshot(row), opened_at=row.version)
                with contextlib.suppress(threading.BrokenBarrierError):
                    start.wait()  # else the other waits for this one, as it should
                act(row)
        except (publishing.Refused, PermissionDenied) as error:
            refused.append(error)

    together(*(lambda story=story, act=act: one(story, act) for story, act in acts.items()))
    return refused


def test_two_who_let_a_story_and_its_translation_go_out_together():
    story, translation, by = pair("draft")

    def out(other):
        return lambda row: going_out.go_out(row, by=by, along=[f"{other.pk}:{other.version}:0"])

    refused = of_both({story: out(translation), translation: out(story)})
    assert len(refused) == 1
    assert Article.objects.published().count() == 2


def test_two_who_correct_a_story_and_its_translation():
    story, translation, by = pair("published")

    def correct(other):
        return lambda row: corrections.correct(
            row, by=by, kind="correction", text="Two.", elsewhere=[(other, "Два.")]
        )

    assert of_both({story: correct(translation), translation: correct(story)}) == []
    assert story.corrections.count() == translation.corrections.count() == 2


def translate(story, by):
    translations.begin(story, into="ru", by=by)


def put_next_version_live(story, by):
    publishing.approve_version(story, by=by)


@pytest.mark.parametrize("act", [translate, put_next_version_live])
def test_a_merge_meanwhile_of_what_the_story_names(act):
    by, old, into = chief(), make_tag(name="Old"), make_tag(name="New")
    story = make_article(tags=["Old"])
    content = versions.snapshot(story)
    content["fields"]["headline"] = "Next"
    publishing.propose(story, by=by, content=content)
    held, done = threading.Event(), threading.Event()

    def merge():
        with transaction.atomic():
            merges.hold_all()
            held.set()
            done.wait(MOMENT)
            successors.merge(old, into=into, by=by)

    def other():
        held.wait(60)
        act(Article.objects.get(pk=story.pk), by)
        done.set()

    together(merge, other)
    assert all(list(one.tags.all()) == [into] for one in Article.objects.all())


def test_a_save_at_the_second_at_which_the_next_version_is_due():
    by, story = chief(), make_article()
    content = versions.snapshot(story)
    content["fields"]["headline"] = "Next"
    publishing.propose(story, by=by, content=content)
    publishing.approve_version(story, by=by, at=timezone.now() + datetime.timedelta(days=1))
    saving, read = threading.Event(), threading.Event()

    def save():
        with transaction.atomic():
            row = Article.objects.get(pk=story.pk)
            publishing.settle(row, versions.snapshot(row), opened_at=row.version)
            saving.set()
            read.wait(MOMENT)
            row.standfirst = "Mine"
            publishing.save(row, by=by)
            publishing.record(row, by=by)

    def look():
        saving.wait(60)
        publishing.apply_due(timezone.now() + datetime.timedelta(days=2))
        read.set()

    together(save, look)
    story.refresh_from_db()
    assert (story.headline, story.standfirst) == ("Next", "Mine")


def test_a_version_that_gets_another_time_meanwhile_does_not_go_live_at_the_old_one():
    by, story = chief(), make_article(headline="Before")
    tomorrow = timezone.now() + datetime.timedelta(days=1)
    content = versions.snapshot(story)
    content["fields"]["headline"] = "Next"
    publishing.propose(story, by=by, content=content)
    publishing.approve_version(story, by=by, at=tomorrow)
    moved, looked = threading.Event(), threading.Event()

    def move():
        with transaction.atomic():
            publishing.approve_version(story, by=by, at=tomorrow + datetime.timedelta(days=7))
            moved.set()
            looked.wait(MOMENT)

    def look():
        moved.wait(60)
        publishing.apply_due(tomorrow + datetime.timedelta(days=1))
        looked.set()

    together(move, look)
    assert Article.objects.get().headline == "Before"
