"""Notes beside a story: who reads and writes them, whom they call, and where they never are."""

import pytest
from django.urls import reverse

from articles import notes, permissions, publishing
from articles.models import Article, Message, Note
from tests.articles.test_desk import address, as_it_is, said, signed_in
from tests.factories import chief, make_article, make_author, make_user

pytestmark = pytest.mark.django_db


def note_address(story):
    return reverse("admin:articles_article_note", args=[story.pk])


def colleague(name, role="editor", **fields):
    return make_user(role, username=name, email=f"{name}@example.org", **fields)


def test_a_mention_by_login_or_by_full_name_is_told():
    elena = colleague("elena", first_name="Elena", last_name="Voronina")
    bek, third = colleague("bek.b"), colleague("third")
    story = make_article(status="draft")
    text = '@bek.b. Look, @"elena voronina", and write to third@example.org!'
    _note, found = notes.add(story, by=third, text=text)
    assert {m.to for m in Message.objects.filter(move="mention")} == {elena, bek}
    assert set(found.told) == {elena, bek}
    assert (found.closed, found.unknown, found.deaf) == ([], [], [])


def test_a_mention_of_who_may_not_see_the_story_says_so_and_tells_nothing():
    writer, stranger = colleague("writer", "reporter"), colleague("stranger", "reporter")
    closed, named = colleague("closed"), colleague("named")
    story = make_article(status="draft", entered_by=writer)
    publishing.restrict(story, by=chief(), people=[writer, named])
    story.refresh_from_db()
    _note, found = notes.add(story, by=writer, text="@stranger @closed @named @nobody")
    assert found.told == [named]
    assert set(found.closed) == {stranger, closed}
    assert found.unknown == ["nobody"]
    assert {m.to for m in Message.objects.filter(move="mention")} == {named}
    sentences = " ".join(str(sentence) for _warning, sentence in found.sentences())
    assert "May not see this story, and is told nothing: stranger, closed." in sentences


def test_a_name_of_two_people_is_nobodys():
    for login in ("one", "two"):
        colleague(login, first_name="Ann", last_name="Lee")
    story = make_article(status="draft")
    _note, found = notes.add(story, by=chief(), text="«@Ann», @“Ann Lee”")
    assert found.unknown == ["Ann", "Ann Lee"]
    assert not Message.objects.exists()


def test_who_has_no_address_or_wants_to_hear_nothing_is_said_to_be_deaf():
    make_user("editor", username="mute")
    colleague("deaf", muted=["mail mentioned"])
    story = make_article(status="draft")
    _note, found = notes.add(story, by=chief(), text="@mute @deaf")
    assert {user.username for user in found.deaf} == {"mute", "deaf"}
    assert found.told == []


def test_an_account_that_is_closed_is_not_found():
    colleague("gone", is_active=False)
    _note, found = notes.add(make_article(status="draft"), by=chief(), text="@gone")
    assert found.unknown == ["gone"]


@pytest.mark.parametrize("text", ["", "  \n", "\0", "x" * 5001])
def test_an_empty_or_endless_note_is_refused_and_stays_in_its_field(text):
    story = make_article(status="draft")
    response = signed_in().post(
        address(story), as_it_is(story, _note="1", _note_text=text), follow=True
    )
    assert not Note.objects.exists()
    assert response.context["note_text"] == text
    assert len(said(response)) == 1


# On the page


def test_a_note_is_kept_without_saving_the_story_and_all_that_was_typed_stays():
    story = make_article(status="draft", headline="Before")
    client = signed_in()
    data = as_it_is(story, _note="1", _note_text="Ask the mayor") | {
        "headline": "Typed <for> an hour",
        "body": "<p>New words.</p>",
    }
    response = client.post(address(story), data)
    assert response.status_code == 200
    page = response.content.decode()
    story.refresh_from_db()
    assert (story.headline, story.version) == ("Before", 1)
    assert "Typed &lt;for&gt; an hour" in page
    assert "New words." in page
    assert "Ask the mayor" in page
    assert said(response) == ["The note is kept.", "The story itself is not saved yet."]
    # Saved from there, it is one save like any other.
    client.post(address(story), data | {"_note": ""} | {"_save": "1"})
    del data["_note"]
    client.post(address(story), data)
    story.refresh_from_db()
    assert story.headline == "Typed <for> an hour"


def test_notes_stand_in_order_with_what_was_said_on_the_way():
    writer = make_user("reporter", first_name="Ann", last_name="Lee")
    story = make_article(status="draft", entered_by=writer)
    publishing.submit(story, by=writer, note="First.")
    publishing.return_(story, by=chief(), note="Second.")
    notes.add(story, by=writer, text="Third <b>.")
    response = signed_in(writer).get(address(story))
    page = response.content.decode()
    assert [n.text for n in response.context["notes"]] == ["First.", "Second.", "Third <b>."]
    assert "Third &lt;b&gt;." in page
    assert response.context["return_note"].text == "Second."
    publishing.submit(story, by=writer)
    response = signed_in(writer).get(address(story))
    assert response.context["return_note"] is None
    assert len(response.context["notes"]) == 3


def test_publishing_a_returned_story_settles_its_note():
    story = make_article(status="returned")
    publishing.publish(story, by=chief())
    assert not story.notes.filter(closed_at=None, kind="return").exists()


def test_a_story_that_is_only_read_takes_notes_by_an_address_of_its_own():
    writer = make_user("reporter")
    story = make_article(status="in_review", entered_by=writer)
    client = signed_in(writer)
    page = client.get(address(story)).content.decode()
    assert f'formaction="{note_address(story)}"' in page
    response = client.post(note_address(story), {"_note_text": "Done.", "_note": "1"}, follow=True)
    assert response.redirect_chain == [(f"{address(story)}#notes", 302)]
    assert story.notes.get().text == "Done."


def test_a_script_gets_the_card_and_what_was_said():
    story = make_article(status="draft")
    colleague("bek")
    response = signed_in().post(note_address(story), {"_note_text": "@bek <now>", "_part": "1"})
    page = response.content.decode()
    assert "<html" not in page
    assert "@bek &lt;now&gt;" in page
    assert "Told: bek." in page


def test_a_reader_of_what_is_live_neither_sees_nor_writes_notes():
    story = make_article()
    notes.add(story, by=chief(), text="The source is afraid.")
    client = signed_in("reporter")
    page = client.get(address(story)).content.decode()
    assert "The source is afraid." not in page
    assert "_note_text" not in page
    assert client.post(note_address(story), {"_note_text": "x"}).status_code == 403
    assert client.post(address(story), as_it_is(story, _note="1")).status_code == 403
    assert Note.objects.count() == 1


@pytest.mark.parametrize("role", ["reporter", "editor"])
def test_a_restricted_story_takes_no_note_of_who_is_not_named(role):
    story = make_article(status="draft")
    publishing.restrict(story, by=chief(), people=[chief()])
    client = signed_in(role)
    assert client.post(note_address(story), {"_note_text": "x"}).status_code in {403, 404}
    assert client.post(address(story), as_it_is(story, _note="1")).status_code in {302, 403, 404}
    assert not Note.objects.exists()


def test_notes_are_in_no_page_of_readers_no_feed_and_no_version(client):
    writer = make_user("reporter")
    person = make_author(user=writer)
    story = make_article(status="draft", entered_by=writer, authors=[person])
    publishing.submit(story, by=writer, note="zebra one")
    notes.add(story, by=writer, text="zebra two")
    publishing.return_(story, by=chief(), note="zebra three")
    publishing.submit(story, by=writer, note="zebra four")
    publishing.publish(story, by=chief())
    story = Article.objects.get(pk=story.pk)
    for path in (story.get_absolute_url(), "/", "/rss.xml", person.get_absolute_url()):
        assert "zebra" not in client.get(path).content.decode()
    assert all("zebra" not in str(revision.content) for revision in story.revisions.all())


def test_the_form_costs_the_same_with_one_note_and_with_thirty(django_assert_num_queries):
    client = signed_in()
    story = make_article(status="draft")
    client.get(address(story))  # types of content are asked for once a process
    for number in (1, 30):
        while story.notes.count() < number:
            notes.add(story, by=make_user("editor"), text="Words")
        with django_assert_num_queries(18):
            client.get(address(story))


# Assignment


def test_a_reporter_takes_an_own_story_that_nobody_has():
    writer = make_user("reporter")
    story = make_article(status="draft", entered_by=writer)
    client = signed_in(writer)
    client.post(address(story), as_it_is(story, _move="take"))
    story.refresh_from_db()
    assert story.assigned_to == writer
    # The second click takes nothing twice, and nobody takes it from them.
    assert client.post(address(story, "move"), {"_move": "take"}).status_code == 302
    assert story.transitions.filter(move="take").count() == 1
    other = signed_in(make_user("editor"))
    assert other.post(address(story, "move"), {"_move": "take"}).status_code == 403
    assert not permissions.can_take(make_user("reporter"), make_article(status="draft"))


def test_a_note_goes_with_a_submission():
    writer = make_user("reporter")
    story = make_article(status="draft", entered_by=writer)
    client = signed_in(writer)
    assert 'name="submit-note"' in client.get(address(story)).content.decode()
    data = as_it_is(story, _move="submit") | {"submit-note": "Mind the second paragraph."}
    client.post(address(story), data)
    story.refresh_from_db()
    assert story.status == "in_review"
    assert story.notes.get().text == "Mind the second paragraph."
    assert story.transitions.first().note == "Mind the second paragraph."
