"""Who has a story open: ninety seconds, by name, and to nobody who may not know of the story."""

import datetime

import pytest
from django.utils import timezone

from articles import presence, publishing
from articles.models import Presence
from tests.articles.test_desk import LIST, address, signed_in
from tests.factories import make_article, make_user

pytestmark = pytest.mark.django_db
SECOND = datetime.timedelta(seconds=1)


def named(name, role="editor"):
    return make_user(role, first_name=name)


def test_who_is_typing_comes_first():
    story = make_article(status="draft")
    me = named("Me")
    for name, is_typing in (("Timur", False), ("Aida", False), ("Zarina", True)):
        presence.seen(story, named(name), is_typing=is_typing)
    presence.seen(story, me)
    assert presence.who(story, besides=me) == [
        ("Zarina", True),
        ("Aida", False),
        ("Timur", False),
    ]
    assert len(presence.who(story)) == 4


def test_a_heartbeat_lasts_ninety_seconds_and_typing_less():
    story, aida = make_article(status="draft"), named("Aida")
    presence.seen(story, aida, is_typing=True)
    rows = Presence.objects.all()
    rows.update(typed_at=timezone.now() - 40 * SECOND, seen_at=timezone.now() - 89 * SECOND)
    assert presence.who(story) == [("Aida", False)]
    rows.update(seen_at=timezone.now() - 91 * SECOND)
    assert presence.who(story) == []


def test_a_heartbeat_is_one_statement_and_one_row(django_assert_num_queries):
    story, aida = make_article(status="draft"), named("Aida")
    presence.seen(story, aida, is_typing=True)
    typed_at = Presence.objects.get().typed_at
    with django_assert_num_queries(1):
        presence.seen(story, aida)
    assert Presence.objects.get().typed_at == typed_at


def test_the_heartbeat_says_who_is_here():
    story = make_article(status="draft")
    presence.seen(story, named("Aida"), is_typing=True)
    presence.seen(story, named("<b>Timur"))
    client = signed_in()
    words = "Aida is typing, <b>Timur has it open"
    assert client.post(address(story, "presence"), {"typing": "1"}).json() == {"here": words}
    assert presence.who(story)[0].is_typing


def test_at_most_four_names_are_shown():
    story = make_article(status="draft")
    for number in range(6):
        presence.seen(story, named(f"Person {number}"))
    answer = signed_in().post(address(story, "presence")).json()["here"]
    assert answer.endswith("Person 3 has it open +2")
    assert answer.count("open") == 4


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_says_who_is_at_each_story(number, django_assert_num_queries):
    client = signed_in()
    stories = [make_article(status="draft") for _ in range(number)]
    for story in stories:
        presence.seen(story, named(f"Aida {story.pk}"), is_typing=True)
        presence.seen(story, named("Timur"))
        presence.seen(story, client.user)
    quiet, left = make_article(status="draft"), make_article(status="draft")
    presence.seen(left, named("Zarina"))
    Presence.objects.filter(article=left).update(seen_at=timezone.now() - 91 * SECOND)
    with django_assert_num_queries(10):
        response = client.get(LIST)
    here = {story.pk: story.here for story in response.context["cl"].result_list}
    said = {story.pk: f"Aida {story.pk} is typing, Timur has it open" for story in stories}
    assert here == said | {quiet.pk: "", left.pk: ""}
    page = response.content.decode()
    assert page.count("Timur has it open") == number
    assert "Zarina" not in page


def test_the_list_tells_nothing_of_a_restricted_story():
    story = make_article(status="draft", headline="Quiet matter")
    presence.seen(story, named("Zyzzyva"))
    assert "Zyzzyva" in signed_in().get(LIST).content.decode()
    publishing.restrict(story, by=make_user("chief editor"), people=[make_user()])
    assert "Zyzzyva" not in signed_in().get(LIST).content.decode()


def test_opening_a_story_by_get_writes_nothing():
    story = make_article(status="draft")
    signed_in().get(address(story))
    assert not Presence.objects.exists()
