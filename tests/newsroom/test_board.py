"""The front page of the desk: whose turn it is, what comes out, and what is the matter."""

import datetime

import pytest
from django.test import Client
from django.utils import timezone

from articles import presence, publishing, reports
from articles.models import Article, Byline, Correction, Presence, Revision
from images.models import Image
from tests.articles.test_desk import LIST, address, signed_in
from tests.factories import (
    chief,
    make_article,
    make_author,
    make_image,
    make_organisation,
    make_user,
)

pytestmark = pytest.mark.django_db
DESK = "/admin/"
HOUR = datetime.timedelta(hours=1)
DAY = datetime.timedelta(days=1)


def lists(client):
    """What the front page shows: code of a list -> headlines in it."""
    shown = client.get(DESK).context["lists"]
    return {each.code: [entry.story.headline for entry in each.entries] for each in shown}


def notes(client, code):
    shown = client.get(DESK).context["lists"]
    (found,) = [each for each in shown if each.code == code]
    return {entry.story.headline: list(entry.notes) for entry in found.entries}


def text(client, path=DESK):
    return client.get(path).content.decode()


def test_an_editor_sees_whose_turn_it_is():
    client = signed_in()
    make_article(status="draft", headline="Mine", entered_by=client.user)
    make_article(status="draft", headline="Somebody's")
    make_article(status="in_review", headline="Waiting")
    make_article(status="scheduled", headline="Tomorrow")
    make_article(headline="Out")
    shown = lists(client)
    assert shown["mine"] == ["Mine"]
    assert shown["in_review"] == ["Waiting"]
    assert shown["scheduled"] == ["Tomorrow"]
    assert shown["problems"] == shown["edited"] == shown["corrections"] == []


def test_who_did_two_things_for_a_story_stands_there_once():
    client = signed_in()
    story = make_article(status="in_review", authors=[make_author(name="Bakyt"), make_author()])
    Byline.objects.create(
        article=story,
        author=story.bylines.first().author,
        role=Byline.Role.PHOTOGRAPHER,
        position=9,
    )
    assert text(client).count("Bakyt") == 1


def test_the_longest_waiting_story_is_the_first_to_review():
    for hours in (1, 3, 2):
        story = make_article(status="in_review", headline=f"Since {hours}")
        Article.objects.filter(pk=story.pk).update(modified_at=timezone.now() - HOUR * hours)
    assert lists(signed_in())["in_review"] == ["Since 3", "Since 2", "Since 1"]


def test_the_next_version_of_a_live_story_waits_for_review_too():
    story = make_article(headline="Out already")
    client = signed_in()
    assert lists(client)["in_review"] == []
    last = story.revisions.first()
    Revision.objects.create(
        article=story, version=9, content=last.content, based_on=last, state="in_review"
    )
    assert notes(client, "in_review") == {"Out already": ["The next version of a live story."]}
    assert "Out already" in text(client, f"{LIST}?state=in_review")


def test_what_comes_out_in_a_day_stands_above_the_rest():
    now = timezone.now()
    for hours in (50, 1, 3):
        make_article(status="scheduled", headline=f"In {hours}", at=now + HOUR * hours)
    client = signed_in()
    assert lists(client)["scheduled"] == ["In 1", "In 3", "In 50"]
    page = text(client)
    order = [page.index(words) for words in ("In 3", "After the next 24 hours", "In 50")]
    assert order == sorted(order)
    assert page.count("After the next 24 hours") == 1


def test_problems_are_told_with_all_that_is_the_matter():
    now = timezone.now()
    late = make_article(status="draft", headline="Late")
    Article.objects.filter(pk=late.pk).update(due_at=now - HOUR)
    make_article(status="ready", headline="Ready")
    make_article(status="pulled", headline="Pulled")
    free = make_article(status="in_review", headline="Free")
    Article.objects.filter(pk=free.pk).update(embargo_until=now - HOUR)
    both = make_article(status="ready", headline="Both")
    Article.objects.filter(pk=both.pk).update(due_at=now - 2 * HOUR)
    bare = make_article(status="scheduled", headline="Bare", lead_image=make_image())
    Byline.objects.filter(article=bare).delete()
    Image.objects.update(alt="", rights_expire_at=now)
    make_article(status="scheduled", headline="Whole")
    unfinished = make_article(status="draft", headline="Not yet due")
    Article.objects.filter(pk=unfinished.pk).update(due_at=now + HOUR)
    shown = notes(signed_in(), "problems")
    assert list(shown) == ["Pulled", "Both", "Late", "Free", "Ready", "Bare"]
    assert "release it, or withdraw it" in shown["Pulled"][0]
    assert "Was due" in shown["Late"][0]
    assert "embargo ended" in shown["Free"][0]
    assert shown["Ready"] == ["Ready, and no time is set."]
    assert len(shown["Both"]) == 2
    assert shown["Bare"] == [
        "Nobody is credited: add a person or an organisation.",
        "The lead picture has no alternative text.",
        "The rights to the lead picture have run out by then.",
    ]


def test_a_withheld_credit_is_one_and_is_not_told():
    story = make_article(
        status="scheduled", headline="Quiet", authors=[make_author(name="Zyzzyva")]
    )
    Byline.objects.filter(article=story).update(withheld=True)
    client = signed_in()
    assert lists(client)["problems"] == []
    assert "Zyzzyva" not in text(client)
    assert "Zyzzyva" in text(signed_in(chief()))


def test_who_is_writing_now_is_told_and_not_for_longer_than_they_are():
    client, other = signed_in(), make_user("editor", first_name="Aida", last_name="Sultanova")
    now = timezone.now()
    for headline, by, seconds in (
        ("Now", other, 20),
        ("Before", other, 200),
        ("Myself", client.user, 5),
    ):
        story = make_article(status="draft", headline=headline)
        at = now - datetime.timedelta(seconds=seconds)
        Presence.objects.create(article=story, user=by, seen_at=at)
    assert lists(client)["edited"] == ["Now"]
    assert "Aida Sultanova" in text(client)


def test_corrections_of_a_week_are_shown_with_their_words():
    story = make_article(headline="Snow")
    publishing.correct(story, by=chief(), kind="correction", text="38, not 36.")
    old = make_article(headline="Old")
    Correction.objects.create(
        article=old, kind="correction", text="Old.", published_at=timezone.now() - 8 * DAY
    )
    client = signed_in()
    assert notes(client, "corrections") == {"Snow": ["Correction: 38, not 36."]}


def test_a_restricted_story_is_in_no_list_for_others():
    client = signed_in()
    story = make_article(headline="Zyzzyva")
    publishing.correct(story, by=chief(), kind="correction", text="The zyzzyva is a weevil.")
    draft = make_article(status="ready", headline="Zyzzyva draft")
    presence.seen(draft, chief())
    for one in (story, draft):
        publishing.restrict(one, by=chief(), people=[make_user("editor")])
    assert "yzzyva" not in text(client)
    assert "yzzyva" not in text(signed_in("reporter"))
    named = make_user("editor", username="named")
    publishing.restrict(draft, by=chief(), people=[named])
    assert lists(signed_in(named))["problems"] == ["Zyzzyva draft"]


# My stories


def test_a_reporter_sees_their_own_work_and_what_became_of_it():
    client = signed_in("reporter")
    person = make_author(user=client.user)
    for status in ("draft", "returned", "in_review", "ready", "scheduled", "published"):
        make_article(status=status, headline=status, authors=[person])
        make_article(status=status, headline=f"another's {status}")
    story = Article.objects.get(headline="published")
    publishing.correct(story, by=chief(), kind="correction", text="38, not 36.")
    other = Article.objects.get(headline="another's published")
    publishing.correct(other, by=chief(), kind="correction", text="Not mine.")
    assert lists(client) == {
        "returned": ["returned"],
        "draft": ["draft"],
        "in_review": ["in_review", "ready"],
        "scheduled": ["scheduled"],
        "live": ["published"],
        "corrections": ["published"],
    }
    page = text(client)
    assert "Please name the second source." in page
    assert "38, not 36." in page
    assert "Not mine." not in page
    assert f'href="/admin/authors/author/{person.pk}/change/"' in page


@pytest.mark.parametrize("role", ["reporter", "editor"])
def test_no_drafts_does_not_say_that_anything_is_lost(role):
    client = signed_in(role)
    assert "No drafts right now. A new story begins with its headline." in text(client)
    make_article(entered_by=client.user)
    assert "No drafts right now. 1 published story." in text(client)
    make_article(entered_by=client.user)
    make_article()
    assert "No drafts right now. 2 published stories." in text(client)
    make_article(status="draft", entered_by=client.user)
    assert "No drafts right now" not in text(client)


def test_a_long_list_says_that_there_is_more():
    client = signed_in()
    for _ in range(10):
        make_article(status="in_review")
    page = text(client)
    assert len(lists(client)["in_review"]) == 8
    assert 'href="/admin/articles/article/?state=in_review">There are more' in page


@pytest.mark.parametrize(("role", "queries"), [("reporter", 18), ("editor", 23)])
def test_the_front_page_costs_the_same_with_one_story_and_with_three(
    role, queries, django_assert_num_queries
):
    client = signed_in(role)
    person = make_author(user=client.user)
    for number in (1, 3):
        while Article.objects.filter(status="in_review").count() < number:
            for status in ("in_review", "scheduled", "returned", "ready", "pulled", "draft"):
                story = make_article(
                    status=status, authors=[person], organisations=[make_organisation()]
                )
                presence.seen(story, chief())
            out = make_article(authors=[person])
            publishing.correct(out, by=chief(), kind="correction", text="38, not 36.")
            reports.add(out, text="36, not 38.")
        with django_assert_num_queries(queries):
            assert client.get(DESK).status_code == 200


# What else is there


def test_setup_has_a_page_of_its_own():
    client = signed_in("chief editor")
    assert "/admin/articles/section/" not in text(client)
    page = text(client, "/admin/setup/")
    for path in ("articles/section", "authors/user", "newsroom/page", "addresses/redirect"):
        assert f'href="/admin/{path}/"' in page
    assert "/admin/authors/user/" not in text(signed_in("reporter"), "/admin/setup/")
    assert Client().get("/admin/setup/").status_code == 302


def test_an_administrators_front_page_is_the_setup():
    make_article(status="in_review", headline="Zyzzyva")
    client = signed_in("administrator")
    page = text(client)
    assert "/admin/authors/user/" in page
    assert "yzzyva" not in page
    assert client.get(DESK).context["lists"] == []


def test_who_has_no_role_is_told_who_gives_one():
    assert "A chief editor gives roles" in text(signed_in(make_user(None)))


def test_rows_lead_only_where_they_may():
    client = signed_in("reporter")
    person = make_author(user=client.user)
    own = make_article(status="draft", authors=[person])
    other = make_article(status="draft", headline="Another's")
    presence.seen(other, chief())
    page = text(client)
    assert address(own) in page
    assert "Another" in page
    assert address(other) not in page
