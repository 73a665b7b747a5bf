"""The index follows each change of a story, of a name, of who may be named; rebuilt, it is the same."""

import datetime
import io

import pytest
import time_machine
from django.core.management import call_command
from django.db import connection

from articles import people, publishing, successors, versions
from articles.models import Article, Byline, SearchEntry, SearchName, SearchSpelling
from articles.search import index
from tests.articles.search.test_finding import found, search
from tests.factories import (
    bring_to,
    chief,
    make_article,
    make_author,
    make_organisation,
    make_region,
    make_tag,
    make_user,
)

DUE = datetime.datetime(2027, 3, 1, 0, 30, tzinfo=datetime.UTC)
SECOND = datetime.timedelta(seconds=1)


def whole():
    """All that the index holds."""
    return [
        list(rows.order_by("pk").values_list(*fields))
        for rows, fields in (
            (SearchEntry.objects.all(), ["pk", "place", "headline", "standfirst", "marks", "body"]),
            (SearchSpelling.objects.all(), ["token", "head", "tail", "count"]),
        )
    ] + [sorted(SearchName.objects.values_list("kind", "number", "token"))]


def change(story, **fields):
    for name, value in fields.items():
        setattr(story, name, value)
    publishing.save(story, by=chief())
    publishing.record(story, by=chief())


@pytest.mark.django_db
def test_a_story_is_found_at_its_second_and_nothing_had_to_run():
    with time_machine.travel(DUE - 3600 * SECOND, tick=False):
        story = make_article(headline="Wombat", status="scheduled", at=DUE)
        entries = whole()
    assert found("wombat", now=DUE - SECOND) == []
    assert found("wombat", now=DUE) == [story.pk]
    assert whole() == entries


@pytest.mark.django_db
def test_the_next_version_is_found_when_its_time_has_come_and_the_old_one_no_more():
    with time_machine.travel(DUE - 3600 * SECOND, tick=False):
        story = make_article(headline="Wombat")
        content = versions.snapshot(story)
        content["fields"]["headline"] = "Platypus"
        publishing.propose(story, by=chief(), content=content)
        publishing.approve_version(story, by=chief(), at=DUE)
        assert found("platypus") == []
    with time_machine.travel(DUE, tick=False):
        publishing.apply_due()
        assert found("platypus") == [story.pk]
        assert found("wombat") == []


@pytest.mark.django_db
def test_each_move_is_followed_at_once():
    story, by = make_article(headline="Wombat", status="draft"), chief()
    assert found("wombat") == []
    bring_to(story, "published", by=by)
    assert found("wombat") == [story.pk]
    change(story, headline="Platypus")
    assert (found("wombat"), found("platypus")) == ([], [story.pk])
    publishing.pull(story, by=by)
    assert found("platypus") == []
    publishing.release(story, by=by)
    assert found("platypus") == [story.pk]
    publishing.withdraw(story, by=by, reason="Wrong.")
    assert found("platypus") == []
    assert not SearchEntry.objects.exists()


@pytest.mark.django_db
def test_a_refused_change_leaves_no_trace():
    story = make_article(headline="Wombat")
    entries = whole()
    with pytest.raises(publishing.Refused):
        publishing.withdraw(story, by=chief(), reason=" ")
    assert whole() == entries


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("make", "files"),
    [
        (make_author, lambda thing: {"authors": [thing]}),
        (make_organisation, lambda thing: {"citations": [thing]}),
        (make_tag, lambda thing: {"tags": [thing]}),
        (make_region, lambda thing: {"regions": [thing]}),
    ],
)
def test_a_thing_is_found_by_its_new_name_and_not_by_the_old(make, files):
    thing = make(name="Wombat")
    story = make_article(**files(thing))
    assert found("wombat") == [story.pk]
    thing.name, thing.names = "Platypus", {"ru": "Утконос"}
    thing.save()
    assert found("wombat") == []
    assert found("platypus") == found("утконоса") == [story.pk]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("make", "files"),
    [
        (make_author, lambda thing: {"authors": [thing]}),
        (make_organisation, lambda thing: {"organisations": [thing]}),
        (make_tag, lambda thing: {"tags": [thing]}),
    ],
)
def test_after_a_merge_both_names_find_the_stories_of_both(make, files):
    old, into = make(name="Wombat"), make(name="Platypus")
    stories = [make_article(**files(thing)).pk for thing in (old, into)]
    assert found("wombat") == stories[:1]
    successors.merge(old, into=into, by=chief())
    assert sorted(found("wombat")) == sorted(found("platypus")) == stories


@pytest.mark.django_db
def test_whoever_is_hidden_is_found_no_more_and_later_again():
    person = make_author(name="Ann Wombat", aliases=["Annie"])
    story = make_article(authors=[person])
    people.hide(person, by=make_user("editor"))
    assert found("wombat") == found("annie") == []
    assert not SearchName.objects.filter(kind="a", number=person.pk).exists()
    people.show(person, by=chief())
    assert found("wombat") == [story.pk]


@pytest.mark.django_db
def test_captions_are_not_searched_for_they_print_no_hidden_name():
    story = make_article(
        headline="Platypus",
        body='<p>Text.</p><figure data-image="1"><figcaption>Ann Wombat</figcaption></figure>',
    )
    assert found("wombat") == []
    assert found("platypus text") == [story.pk]


def a_newsroom():
    """Stories in every state, changed in every way."""
    people_ = [make_author(name=f"Ann {word}", names={"ru": f"Анна {word}"}) for word in "ABCD"]
    agencies = [make_organisation(name=f"{word} Agency") for word in ("Alfa", "Bravo")]
    tags = [make_tag(name=word) for word in ("Water", "Вода")]
    region = make_region(name="Osh", parent=make_region(name="Kyrgyzstan"))
    stories = [
        make_article(
            headline=f"Headline of {status}",
            status=status,
            language=language,
            authors=people_[:2],
            citations=agencies,
            tags=tags,
            regions=[region],
        )
        for status in ("draft", "scheduled", "published", "pulled", "withdrawn", "retracted")
        for language in ("en", "ru")
    ]
    live = [story for story in stories if story.status == "published" and story.is_live]
    change(live[0], headline="Quite another headline", body="<p>Новые слова.</p>")
    publishing.pull(live[1], by=chief())
    Byline.objects.filter(article=live[0], author=people_[0]).update(withheld=True)
    publishing.record(live[0], by=chief())
    successors.merge(tags[1], into=tags[0], by=chief())
    successors.merge(people_[3], into=people_[0], by=chief())
    people.hide(people_[1], by=chief())
    agencies[0].name = "Another Agency"
    agencies[0].save()


@pytest.mark.django_db(transaction=True)
def test_rebuilt_the_index_is_what_it_was():
    a_newsroom()
    before = whole()
    assert all(before)
    call_command("rebuild_search", verbosity=0)
    assert whole() == before
    SearchEntry.objects.all().delete()
    SearchName.objects.all().delete()
    SearchSpelling.objects.all().delete()
    call_command("rebuild_search", verbosity=0)
    assert whole() == before


@pytest.mark.django_db
def test_search_set_is_live_set():
    a_newsroom()
    live = Article.objects.published().values_list("pk", flat=True)
    assert sorted(search("", language=None).numbers) == sorted(live)
    assert sorted(SearchEntry.objects.values_list("pk", flat=True)) == sorted(
        Article.objects.filter(status="published").values_list("pk", flat=True)
    )


@pytest.mark.django_db
def test_what_stands_in_the_index_for_no_reason_is_gone_when_it_is_rebuilt():
    story = make_article(headline="Wombat")
    Article.objects.filter(pk=story.pk).update(headline="Platypus")
    index.rebuild()
    assert (found("wombat"), found("platypus")) == ([], [story.pk])


@pytest.mark.django_db
def test_the_command_says_how_far_it_is(monkeypatch):
    for _ in range(5):
        make_article()
    monkeypatch.setattr(index, "BATCH", 2)
    out = io.StringIO()
    call_command("rebuild_search", stdout=out)
    lines = out.getvalue().splitlines()
    assert "2 of 5 stories" in lines[0]
    assert lines[-2].startswith("[" + "#" * 40 + "] 5 of 5")


@pytest.mark.django_db(transaction=True)
def test_a_newsroom_from_before_there_was_a_search_is_indexed_by_migrate():
    story = make_article(headline="Wombat")
    SearchEntry.objects.all().delete()
    assert found("wombat") == []
    call_command("migrate", verbosity=0)
    assert found("wombat") == [story.pk]


@pytest.mark.django_db(transaction=True)
def test_lost_triggers_or_columns_come_back_with_all_that_is_in_the_index():
    story = make_article(headline="Wombat")
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            for event in ("insert", "update", "delete"):
                cursor.execute(f"DROP TRIGGER articles_searchentry_is_indexed_{event}")
        else:
            cursor.execute("ALTER TABLE articles_searchentry DROP COLUMN vector")
    SearchEntry.objects.filter(pk=story.pk).update(headline="platypus")
    call_command("migrate", verbosity=0)
    assert found("platypus") == [story.pk]
    assert found("wombat") == []
    change(story, headline="Wombat again")
    assert (found("wombat"), found("platypus")) == ([story.pk], [])


@pytest.mark.django_db(transaction=True)
def test_words_are_counted_with_their_stories():
    def count(token):
        return SearchSpelling.objects.filter(pk=token).values_list("count", flat=True).first()

    stories = [make_article(headline="Wombat") for _ in range(2)]
    assert count("wombat") == 2
    change(stories[0], headline="Platypus")
    assert (count("wombat"), count("platypus")) == (1, 1)
    publishing.pull(stories[1], by=chief())
    assert count("wombat") is None
