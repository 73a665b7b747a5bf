"""Who has a story open: ninety seconds, by name, and to nobody who may not know of the story."""

import datetime

import pytest
from django.utils import timezone

from articles import presence, publishing
from articles.models import Presence
from tests.articles.test_desk import address, signed_in
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


def test_the_bar_and_the_heartbeat_say_who_is_here():
    story = make_article(status="draft")
    presence.seen(story, named("Aida"), is_typing=True)
    presence.seen(story, named("<b>Timur"))
    client = signed_in()
    words = "Aida is typing, <b>Timur has it open"
    assert client.post(address(story, "presence"), {"typing": "1"}).json() == {"here": words}
    page = client.get(address(story)).content.decode()
    assert "Aida is typing, &lt;b&gt;Timur has it open" in page
    assert presence.who(story)[0].is_typing


def test_at_most_four_names_are_shown():
    story = make_article(status="draft")
    for number in range(6):
        presence.seen(story, named(f"Person {number}"))
    answer = signed_in().post(address(story, "presence")).json()["here"]
    assert answer.endswith("Person 3 has it open +2")
    assert answer.count("open") == 4


def test_what_is_being_edited_is_one_query(django_assert_num_queries):
    editor = named("Me")
    for count in (1, 3):
        Presence.objects.all().delete()
        for _ in range(count):
            story = make_article(status="draft")
            presence.seen(story, named("Aida"))
            presence.seen(story, named("Timur"), is_typing=True)
        assert editor.groups.exists()
        presence.being_edited(editor)  # the roles of a login are asked for once
        with django_assert_num_queries(1):
            found = presence.being_edited(editor)
            names = [(e.article.headline, [p.name for p in e.people]) for e in found]
        assert len(names) == count
        assert names[0] == (story.headline, ["Timur", "Aida"])


def test_a_restricted_story_is_being_edited_for_those_named_only():
    story, named_one = make_article(status="draft"), named("Named")
    publishing.restrict(story, by=make_user("chief editor"), people=[named_one])
    presence.seen(story, named_one)
    assert presence.being_edited(named("Other")) == []
    assert presence.being_edited(make_user("administrator")) == []
    assert [e.article for e in presence.being_edited(named_one)] == [story]
    assert [e.article for e in presence.being_edited(make_user("chief editor"))] == [story]


def test_opening_a_story_by_get_writes_nothing():
    story = make_article(status="draft")
    signed_in().get(address(story))
    assert not Presence.objects.exists()
