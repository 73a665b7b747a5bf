"""Who hears of what, and in which words."""

import datetime

import pytest
from django.utils import timezone

from articles import notices, permissions, publishing
from articles.models import Article, Message, Revision
from tests.factories import make_article, make_author, make_user

pytestmark = pytest.mark.django_db


def person(name, role="reporter", **fields):
    return make_user(role, username=name, email=f"{name}@example.org", **fields)


def told(move=None):
    """Who hears by mail, as a set of logins."""
    messages = Message.objects.filter(channel="mail").select_related("to")
    if move:
        messages = messages.filter(move=move)
    return {message.to.username for message in messages}


@pytest.fixture
def desk():
    """A writer, the author credited, an editor, a chief, and people whom it does not concern."""
    people = {
        name: person(name, role)
        for name, role in (
            ("writer", "reporter"),
            ("author", "reporter"),
            ("stranger", "reporter"),
            ("editor", "editor"),
            ("second", "editor"),
            ("chief", "chief editor"),
            ("admin", "administrator"),
        )
    }
    people["closed"] = person("closed", "editor", is_active=False)
    make_user("editor", username="without an address")
    return people


@pytest.fixture
def story(desk):
    credited = make_author(user=desk["author"])
    return make_article(status="draft", entered_by=desk["writer"], authors=[credited])


def test_a_submission_is_told_to_editors(desk, story):
    publishing.submit(story, by=desk["writer"], note="Check the figures, please.")
    assert told() == {"editor", "second", "chief"}
    assert {m.text for m in Message.objects.all()} == {"Check the figures, please."}
    assert story.notes.get().text == "Check the figures, please."


def test_a_return_is_told_to_those_whose_story_it_is(desk, story):
    publishing.submit(story, by=desk["writer"])
    publishing.return_(story, by=desk["editor"], note="Who says so?")
    assert told("return") == {"writer", "author"}


def test_publication_is_told_to_own_people_and_not_to_who_did_it(desk, story):
    Article.objects.filter(pk=story.pk).update(assigned_to=desk["editor"])
    publishing.publish(story, by=desk["editor"])
    assert told("publish") == {"writer", "author"}


def test_a_story_with_a_time_is_told_as_scheduled_with_its_time(desk, story):
    at = timezone.now() + datetime.timedelta(days=1)
    publishing.publish(story, by=desk["editor"], at=at)
    assert told("schedule") == {"writer", "author"}
    message = Message.objects.filter(move="schedule").first()
    assert "Goes live" in notices.words(message).text
    publishing.unschedule(story, by=desk["editor"])
    assert told("unschedule") == {"writer", "author"}


@pytest.mark.parametrize("move", ["pull", "withdraw", "retract", "correct"])
def test_what_leaves_the_site_or_is_corrected_is_told_to_chiefs_and_own_people(desk, story, move):
    other = person("other chief", "chief editor")
    publishing.publish(story, by=desk["editor"])
    by = desk["chief"]
    data = {
        "pull": {"note": "A call"},
        "withdraw": {"reason": "Wrong."},
        "retract": {"reason": "Wrong."},
        "correct": {"kind": "correction", "text": "It is 12."},
    }[move]
    getattr(publishing, move)(story, by=by, **data)
    assert told(move) == {"writer", "author", other.username}


def test_a_chief_hears_of_what_is_pulled_in_any_case_and_may_choose_the_rest(desk, story):
    for name in ("chief", "writer"):
        desk[name].muted = ["mail pulled", "mail corrected", "mail published"]
        desk[name].save()
    publishing.publish(story, by=desk["editor"])
    publishing.correct(story, by=desk["editor"], kind="correction", text="It is 12.")
    publishing.pull(story, by=desk["editor"])
    assert told("publish") == told("correct") == {"author"}
    assert told("pull") == {"author", "chief"}


def test_an_assignment_is_told_once(desk, story):
    story.assigned_to = desk["author"]
    publishing.save(story, by=desk["editor"])
    publishing.save(story, by=desk["editor"])
    assert [m.to.username for m in Message.objects.filter(move="assign")] == ["author"]


def test_taking_a_story_tells_nobody_and_is_for_own_unassigned_ones(desk, story):
    assert not permissions.can_take(desk["stranger"], story)
    publishing.take(story, by=desk["writer"])
    story.refresh_from_db()
    assert story.assigned_to == desk["writer"]
    assert told() == set()
    assert not permissions.can_take(desk["author"], story)


def test_a_next_version_by_a_reporter_is_told_to_editors(desk, story):
    publishing.publish(story, by=desk["editor"])
    content = Revision.objects.filter(article=story).first().content
    publishing.propose(story, by=desk["author"], content=content)
    publishing.submit_version(story, by=desk["author"])
    assert told("submit version") == {"editor", "second", "chief"}


def test_a_restricted_story_is_told_to_whom_it_is_open_and_without_a_word_of_it(desk, story):
    publishing.restrict(story, by=desk["chief"], people=[desk["writer"], desk["editor"]])
    publishing.submit(story, by=desk["writer"], note="The source is a minister.")
    assert told("submit") == {"editor", "chief"}
    publishing.return_(story, by=desk["editor"], note="Which minister?")
    assert told("return") == {"writer"}
    for message in Message.objects.all():
        words = notices.words(message)
        assert story.headline not in words.subject + words.text
        assert "minister" not in words.text
        assert f"/admin/articles/article/{story.pk}/change/" in words.text


def test_words_are_in_the_language_of_whoever_gets_them(desk, story):
    desk["editor"].language = "ru"
    desk["editor"].save()
    publishing.submit(story, by=desk["writer"])
    by_name = {m.to.username: notices.words(m) for m in Message.objects.all()}
    assert by_name["second"].subject == f"Submitted for review: {story.headline}"
    assert notices.language_of(desk["editor"]) == "ru"


def test_a_headline_cannot_add_lines_to_a_mail(desk):
    story = make_article(status="draft", headline="Snow\nBcc: everybody@example.org")
    publishing.submit(story, by=desk["editor"])
    assert "\n" not in notices.words(Message.objects.first()).subject


def test_the_people_of_a_story_are_the_same_asked_one_by_one_and_all_at_once(desk, story):
    people = [user for name, user in desk.items() if name != "closed"]
    stories = [
        story,
        make_article(status="published", authors=[make_author(user=desk["stranger"])]),
        make_article(status="draft", assigned_to=desk["stranger"]),
        make_article(status="pulled", entered_by=desk["writer"]),
        make_article(status="spiked"),
    ]
    publishing.restrict(stories[1], by=desk["chief"], people=[desk["writer"], desk["editor"]])
    for each in stories:
        each.refresh_from_db()
        at_once = set(permissions.insiders(each))
        assert at_once & set(people) == {u for u in people if permissions.can_note(u, each)}
        assert desk["closed"] not in at_once


def test_a_move_costs_two_queries_more_however_many_hear_of_it(desk, django_assert_num_queries):
    for number, count in ((1, 2), (30, 2)):
        for each in range(number):
            person(f"editor {number} {each}", "editor")
        story = make_article(status="draft")
        with django_assert_num_queries(count):
            notices.tell(story, "submit", by=desk["writer"])


def test_what_is_rolled_back_is_told_to_nobody(desk, story):
    with pytest.raises(publishing.Refused):
        publishing.return_(story, by=desk["editor"], note=" ")
    assert not Message.objects.exists()


# The common channel


def test_the_common_channel_hears_of_stories_and_nothing_personal(desk, story, settings):
    settings.WEBHOOK_URL = "https://hooks.example.org/x"
    story.assigned_to = desk["author"]
    publishing.save(story, by=desk["editor"])
    publishing.submit(story, by=desk["writer"], note="Between us.")
    publishing.restrict(story, by=desk["chief"], people=[desk["writer"]])
    publishing.return_(story, by=desk["chief"], note="Who says so?")
    publishing.submit(story, by=desk["writer"])
    (message,) = Message.objects.filter(channel="hook")
    assert (message.to, message.move, message.text) == (None, "submit", "")
    assert not notices.may_be_told(message)  # the story was closed since


def test_people_are_reached_at_the_messenger_where_it_knows_them(desk, story, settings):
    settings.WEBHOOK_URL = "https://hooks.example.org/x"
    settings.WEBHOOK_FIELDS = {"chat_id": "{to}"}
    desk["editor"].messenger = "12345"
    desk["editor"].muted = ["mail submitted"]
    desk["editor"].save()
    publishing.submit(story, by=desk["writer"])
    assert told() == {"second", "chief"}
    assert [m.to for m in Message.objects.filter(channel="hook")] == [desk["editor"]]
