"""One saves a story while another merges what it names: nothing is left on what was merged."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from articles import people, publishing, successors, versions
from articles.models import Article, Tag
from authors.models import Author, Organisation
from tests.articles.test_desk import address, as_it_is, credits, signed_in, sources
from tests.factories import (
    chief,
    make_article,
    make_author,
    make_organisation,
    make_tag,
    make_user,
)

pytestmark = pytest.mark.django_db(transaction=True)
MOMENT = 0.7  # seconds in which somebody who waits for nobody would be done
MAKE = {"tag": make_tag, "person": make_author, "organisation": make_organisation}


def naming(story, thing):
    """The story's content with ``thing`` wherever it can stand."""
    content = versions.snapshot(story)
    if isinstance(thing, Tag):
        return content | {"tags": [thing.pk]}
    who = "author_id" if isinstance(thing, Author) else "organisation_id"
    row = {"author_id": None, "organisation_id": None, "role": "author", "withheld": False}
    content["bylines"] = [row | {who: thing.pk}]
    if isinstance(thing, Organisation):
        content["citations"] = [{"organisation_id": thing.pk, "relation": "cites", "url": ""}]
        content["relations"] |= {"dateline_organisation": thing.pk, "paid_by": thing.pk}
    return content


def named_by(story):
    """All that the story names, of the kinds that can be merged."""
    story = Article.objects.get(pk=story.pk)
    found = {*story.tags.all(), story.dateline_organisation, story.paid_by}
    found |= {b.author or b.organisation for b in story.bylines.all()}
    return (found | {citation.organisation for citation in story.citations.all()}) - {None}


def together(*acts):
    """Each act in a thread with a connection of its own; what went wrong in one is raised."""

    def one(act):
        try:
            act()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        for done in [pool.submit(one, act) for act in acts]:
            done.result(timeout=60)


@pytest.mark.parametrize("kind", MAKE)
def test_a_merge_waits_for_the_story_that_is_just_being_saved(kind):
    old, into, by = MAKE[kind](), MAKE[kind](), chief()
    story = make_article(status="draft", authors=[make_author()])
    content = naming(story, old)
    saving, merged = threading.Event(), threading.Event()

    def save():
        with transaction.atomic():
            row = Article.objects.get(pk=story.pk)
            kept = publishing.settle(row, content, opened_at=row.version).content
            saving.set()
            versions.set_fields(row, kept)
            publishing.save(row, by=by)
            versions.set_rows(row, kept)
            publishing.record(row, by=by)
            merged.wait(MOMENT)

    def merge():
        saving.wait(60)
        successors.merge(old, into=into, by=by)
        merged.set()

    together(save, merge)
    assert old not in named_by(story)
    assert into in named_by(story)


@pytest.mark.parametrize("kind", MAKE)
def test_a_story_that_is_saved_while_its_tag_or_credit_is_merged_names_the_successor(kind):
    old, into, by = MAKE[kind](), MAKE[kind](), chief()
    before = {"tags": [old]} if kind == "tag" else {}
    story = make_article(status="draft", authors=[make_author()], **before)
    content = naming(story, old)
    merged, saved = threading.Event(), threading.Event()

    def merge():
        with transaction.atomic():
            successors.merge(old, into=into, by=by)
            merged.set()
            saved.wait(MOMENT)

    def save():
        merged.wait(60)
        with transaction.atomic():
            row = Article.objects.get(pk=story.pk)
            kept = publishing.settle(row, content, opened_at=row.version).content
            versions.set_fields(row, kept)
            publishing.save(row, by=by)
            versions.set_rows(row, kept)
            publishing.record(row, by=by)
        saved.set()

    together(merge, save)
    assert old not in named_by(story)
    assert into in named_by(story)
    assert not saved.wait(0) or Article.objects.get(pk=story.pk).version == story.version + 1


def test_forms_and_merges_at_once_wait_for_each_other_and_leave_nothing_behind():
    by = chief()
    for turn in range(3):
        into = make_organisation(name=f"New {turn}")
        olds = [make_organisation(name=f"Old {turn} {n}") for n in range(2)]
        stories = [
            make_article(status="draft", citations=[olds[0]], dateline_place="Osh", paid_by=olds[1])
            for _number in range(3)
        ]
        start, answers = threading.Barrier(6), []

        def save(story, into=into, olds=olds, start=start, answers=answers):
            desk = signed_in()
            data = as_it_is(
                story,
                dateline_organisation=olds[1].name,
                **credits({"name": olds[0].name}),
                **sources({"name": olds[1].name}, {"name": olds[0].name}),
            )
            start.wait()
            answers.append(desk.post(address(story), data).status_code)

        def merge(old, into=into, start=start):
            start.wait()
            successors.merge(old, into=into, by=by)

        def pull(story=stories[0], start=start):
            start.wait()
            publishing.submit(Article.objects.get(pk=story.pk), by=by)

        together(
            *[lambda one=one: save(one) for one in stories],
            *[lambda old=old: merge(old) for old in olds],
            pull,
        )
        assert answers == [302] * 3
        for story in stories:
            assert named_by(story) == {into}


def test_a_form_of_a_person_that_was_opened_before_the_merge_undoes_nothing():
    old, into = make_author(name="Old"), make_author(name="New")
    desk, merged, saved = signed_in(), threading.Event(), threading.Event()
    answers, by = [], chief()

    def merge():
        with transaction.atomic():
            successors.merge(old, into=into, by=by)
            merged.set()
            saved.wait(MOMENT)

    def save():
        merged.wait(60)
        path = f"/admin/authors/author/{old.pk}/change/"
        answers.append(desk.post(path, {"name": "Older", "status": "staff"}).status_code)
        saved.set()

    together(merge, save)
    old.refresh_from_db()
    assert (old.name, old.merged_into) == ("Old", into)
    assert answers == [403]


def test_who_is_merged_while_somebody_hides_them_is_hidden_as_the_successor():
    old, into, editor = make_author(name="A. Zyzzyva"), make_author(name="Ann"), make_user()
    merged, hidden = threading.Event(), threading.Event()
    by = chief()

    def merge():
        with transaction.atomic():
            successors.merge(old, into=into, by=by)
            merged.set()
            hidden.wait(MOMENT)

    def hide():
        merged.wait(60)
        people.hide(old, by=editor)
        hidden.set()

    together(merge, hide)
    into.refresh_from_db()
    assert into.is_hidden


def test_two_stories_of_one_headline_go_out_at_the_same_moment():
    """Each gets an address of its own, and nobody is told of a fault of the database."""
    stories = [make_article(status="draft", headline="Snow") for _each in range(4)]
    by, start = chief(), threading.Barrier(4, timeout=30)

    def out(story):
        start.wait()
        with transaction.atomic():
            publishing.publish(story, by=by)
            threading.Event().wait(MOMENT)

    together(*(lambda story=story: out(story) for story in stories))
    slugs = sorted(Article.objects.values_list("slug", flat=True))
    assert slugs == ["snow", "snow-2", "snow-3", "snow-4"]
    assert {story.status for story in Article.objects.all()} == {"published"}


def test_two_live_stories_take_one_slug_at_the_same_moment():
    """Who comes second is told which is free."""
    stories = [make_article(headline=f"Snow {number}") for number in range(2)]
    by, start = chief(), threading.Barrier(2, timeout=30)

    def rename(story):
        story = Article.objects.get(pk=story.pk)
        story.slug = "ice"
        start.wait()
        try:
            with transaction.atomic():
                publishing.save(story, by=by)
                threading.Event().wait(MOMENT)
        except publishing.Refused as refused:
            said.extend(refused.messages)

    said = []
    together(*(lambda story=story: rename(story) for story in stories))
    assert said == ["Another story of that day has this slug. Free is: ice-2"]
    assert Article.objects.filter(slug="ice").count() == 1
