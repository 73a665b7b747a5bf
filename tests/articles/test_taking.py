import datetime

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from articles import publishing, taking, versions
from articles.models import Article, Transition
from tests.factories import chief, make_article, make_user

pytestmark = pytest.mark.django_db
QUERIES = 16


@pytest.fixture
def family():
    """A story with a translation, an older and a newer one of its chain, and a scheduled one."""
    old = make_article(headline="The old telling")
    story = make_article(headline="The story", supersedes=old)
    new = make_article(headline="The newer telling", supersedes=story)
    other = make_article(headline="Перевод", language="ru", translated_from=story)
    group = "6f2f3c7a-6ac0-4c53-a3e1-3a3d6a7d2d11"
    Article.objects.filter(pk__in=[story.pk, other.pk]).update(translation_group=group)
    due = make_article(headline="Tomorrow's telling", status="scheduled", supersedes=new)
    story.refresh_from_db()
    return story, {"old": old, "new": new, "other": other, "due": due}


def page_of(story, name):
    return reverse("admin:articles_article_taking", args=[story.pk, name])


def posted(story, name, *, by, along=None, drop=(), **more):
    """What a browser would send that took the page as it stands; ``along``: None for all ticked."""
    rows, _ = taking.beside(story, name, by=by)
    ticked = [row.story.pk for row in rows[1:] if row.is_ticked]
    return {
        "_seen": [row.seen for row in rows],
        "_along": ticked if along is None else [one.pk for one in along],
        "_drop": [one.pk for one in drop],
    } | more


def states(*stories):
    return [Article.objects.get(pk=one.pk).status for one in stories]


def test_the_page_lists_translations_chain_and_next_version_each_ticked(client, family):
    story, beside = family
    publishing.propose(
        story, by=chief(), content=versions.snapshot(story) | {"tags": []}, reason="More"
    )
    make_article(headline="Somebody else's")
    client.force_login(make_user("editor"))
    words = client.get(page_of(story, "pull")).content.decode()
    for one in beside.values():
        assert escape(one.headline) in words
        assert f'value="{one.pk}" id="along-{one.pk}" checked' in words
    assert f'name="_drop" value="{story.pk}" id="drop-{story.pk}" checked' in words
    assert "Somebody else" not in words


def test_a_page_costs_the_same_with_few_and_with_more_beside_it(
    client, family, django_assert_num_queries
):
    story, _beside = family
    client.force_login(chief())
    for _more in range(2):
        with django_assert_num_queries(QUERIES):
            client.get(page_of(story, "withdraw"))
        make_article(supersedes=story)


def test_all_that_is_ticked_is_pulled_at_one_moment_with_a_row_of_the_audit_each(client, family):
    story, beside = family
    editor = make_user("editor")
    client.force_login(editor)
    answer = client.post(
        page_of(story, "pull"), posted(story, "pull", by=editor, **{"pull-note": "A call"})
    )
    assert answer.status_code == 302
    assert states(story, beside["old"], beside["new"], beside["other"]) == ["pulled"] * 4
    assert states(beside["due"]) == ["ready"]
    assert Transition.objects.filter(move="pull", by=editor, note="A call").count() == 4
    assert Article.objects.filter(status="pulled").values("down_at").distinct().count() == 1


def test_what_is_not_ticked_stays(client, family):
    story, beside = family
    editor = make_user("editor")
    client.force_login(editor)
    client.post(page_of(story, "pull"), posted(story, "pull", by=editor, along=[beside["other"]]))
    assert states(story, beside["other"]) == ["pulled", "pulled"]
    assert states(beside["old"], beside["new"], beside["due"]) == ["published"] * 3


@pytest.mark.parametrize("which", ["story", "other"])
def test_a_save_in_between_is_shown_and_nothing_is_done(client, family, which):
    story, beside = family
    editor, timur = make_user("editor"), make_user("editor", first_name="Timur", last_name="A.")
    client.force_login(editor)
    data = posted(story, "pull", by=editor, **{"pull-note": "Typed note"})
    changed = Article.objects.get(pk=story.pk if which == "story" else beside["other"].pk)
    changed.standfirst = "Mended."
    publishing.save(changed, by=timur)
    publishing.record(changed, by=timur)
    words = client.post(page_of(story, "pull"), data).content.decode()
    assert "Timur" in words
    assert "Typed note" in words
    assert states(story, *beside.values()) == ["published"] * 5
    changed.refresh_from_db()
    assert changed.standfirst == "Mended."
    story.refresh_from_db()
    assert client.post(page_of(story, "pull"), posted(story, "pull", by=editor)).status_code == 302
    assert states(story, beside["other"]) == ["pulled", "pulled"]


def test_a_next_version_is_dropped_or_waits(client, family):
    story, beside = family
    for one in (story, beside["other"]):
        publishing.propose(one, by=chief(), content=versions.snapshot(one))
        publishing.approve_version(one, by=chief(), at=timezone.now() + datetime.timedelta(hours=1))
    client.force_login(chief())
    data = posted(story, "withdraw", by=chief(), drop=[story], **{"withdraw-reason": "Wrong."})
    client.post(page_of(story, "withdraw"), data)
    assert states(story, beside["other"]) == ["withdrawn", "withdrawn"]
    assert versions.pending(story) is None
    assert versions.pending(beside["other"]) is not None
    assert publishing.apply_due(timezone.now() + datetime.timedelta(hours=2)) == 0


def test_a_next_version_saved_in_between_is_shown(client, family):
    story, _beside = family
    timur = make_user("editor", first_name="Timur", last_name="A.")
    client.force_login(chief())
    data = posted(story, "pull", by=chief())
    publishing.propose(story, by=timur, content=versions.snapshot(story))
    assert "Timur" in client.post(page_of(story, "pull"), data).content.decode()
    assert states(story) == ["published"]


def test_a_translation_that_came_in_between_is_shown(client, family):
    story, beside = family
    client.force_login(chief())
    data = posted(story, "pull", by=chief())
    make_article(headline="Came meanwhile", supersedes=beside["new"])
    assert "Came meanwhile" in client.post(page_of(story, "pull"), data).content.decode()
    assert states(story) == ["published"]


def test_what_was_pulled_together_is_offered_to_come_back_together(client, family):
    story, beside = family
    editor = make_user("editor")
    client.force_login(editor)
    client.post(page_of(story, "pull"), posted(story, "pull", by=editor, along=[beside["old"]]))
    publishing.pull(beside["new"], by=editor)
    move = reverse("admin:articles_article_move", args=[story.pk])
    version = Article.objects.get(pk=story.pk).version
    answer = client.post(move, {"_move": "release", "version": version})
    assert answer["Location"] == page_of(story, "release")
    words = client.get(answer["Location"]).content.decode()
    assert f'id="along-{beside["old"].pk}" checked' in words
    assert f'id="along-{beside["new"].pk}">' in words
    before = Article.objects.get(pk=beside["old"].pk)
    story.refresh_from_db()
    client.post(page_of(story, "release"), posted(story, "release", by=editor))
    assert states(story, beside["old"], beside["new"]) == ["published", "published", "pulled"]
    after = Article.objects.get(pk=beside["old"].pk)
    assert (after.published_at, after.guid) == (before.published_at, before.guid)


def test_a_story_pulled_alone_is_let_back_at_one_press(client):
    story = make_article(status="pulled")
    client.force_login(chief())
    move = reverse("admin:articles_article_move", args=[story.pk])
    client.post(move, {"_move": "release", "version": story.version})
    assert states(story) == ["published"]


def test_a_withdrawn_translation_gives_its_own_readers_a_reason_of_their_own(client, family):
    story, beside = family
    client.force_login(chief())
    more = {"withdraw-reason": "We were wrong.", f"_reason-{beside['other'].pk}": "Мы ошиблись."}
    client.post(page_of(story, "withdraw"), posted(story, "withdraw", by=chief(), **more))
    reasons = {one.pk: one.down_reason for one in Article.objects.filter(status="withdrawn")}
    assert reasons[story.pk] == reasons[beside["old"].pk] == "We were wrong."
    assert reasons[beside["other"].pk] == "Мы ошиблись."
    client.logout()
    page = client.get(beside["other"].get_absolute_url())
    assert page.status_code == 410
    assert "Мы ошиблись." in page.content.decode()
    # Unticked: the headline is not shown.
    assert "Перевод" not in page.content.decode()


def test_a_withdrawal_without_a_reason_does_nothing_at_all(client, family):
    story, beside = family
    client.force_login(chief())
    words = client.post(page_of(story, "withdraw"), posted(story, "withdraw", by=chief()))
    assert "Give the reason" in words.content.decode()
    assert states(story, *beside.values()) == ["published"] * 5


def test_retracting_leaves_the_pages_under_a_notice(client, family):
    story, beside = family
    client.force_login(chief())
    more = {"retract-reason": "Invented quotes."}
    client.post(page_of(story, "retract"), posted(story, "retract", by=chief(), **more))
    client.logout()
    for one in (story, beside["old"]):
        page = client.get(one.get_absolute_url())
        assert page.status_code == 200
        assert "Invented quotes." in page.content.decode()
        assert "noindex" in page.content.decode()


@pytest.mark.parametrize(
    ("role", "name", "status"),
    [
        ("reporter", "pull", 403),
        ("editor", "pull", 200),
        ("editor", "withdraw", 403),
        ("editor", "retract", 403),
        ("chief editor", "retract", 200),
        ("administrator", "pull", 403),
        ("editor", "spike", 404),
    ],
)
def test_who_may_open_the_page_of_an_act(client, role, name, status):
    client.force_login(make_user(role))
    assert client.get(page_of(make_article(), name)).status_code == status


def test_a_restricted_story_beside_it_is_counted_not_named_and_left(client, family):
    story, beside = family
    publishing.restrict(beside["other"], by=chief(), people=[make_user("editor")])
    editor = make_user("editor")
    client.force_login(editor)
    words = client.get(page_of(story, "pull")).content.decode()
    assert "Перевод" not in words
    assert "1 story beside it is restricted" in words
    data = posted(story, "pull", by=editor)
    data["_along"].append(beside["other"].pk)
    client.post(page_of(story, "pull"), data)
    assert states(story, beside["other"]) == ["published", "published"]


def test_a_second_click_takes_nothing_down_twice(client, family):
    story, _beside = family
    editor = make_user("editor")
    client.force_login(editor)
    data = posted(story, "pull", by=editor)
    assert [client.post(page_of(story, "pull"), data).status_code for _ in range(2)] == [302, 302]
    assert story.transitions.filter(move="pull").count() == 1


def test_pulling_several_lists_what_belongs_to_them(client, family):
    story, beside = family
    client.force_login(make_user("editor"))
    words = client.post(
        reverse("admin:articles_article_changelist"),
        {
            "action": "pull",
            "_selected_action": [story.pk],
            "_seen": [f"{story.pk}:{story.version}"],
            "index": 0,
        },
    ).content.decode()
    for name in ("old", "new", "other"):
        assert f'name="_selected_action" value="{beside[name].pk}"' in words
    assert f'value="{beside["due"].pk}"' not in words
