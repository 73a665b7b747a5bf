"""The next version of a live story: written, reviewed and scheduled while readers see the old one."""

import datetime

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from articles import permissions, publishing, versions
from articles.models import Article, Revision
from tests.articles.test_desk import address, as_it_is, said, signed_in
from tests.articles.test_two_people import carried, changed, choices
from tests.factories import make_article, make_author, make_user

pytestmark = pytest.mark.django_db
HOUR = datetime.timedelta(hours=1)


def next_of(story):
    return versions.pending(story)


def words_of(story):
    return next_of(story).content["fields"]


@pytest.fixture
def live():
    return make_article(headline="Snow", body="<p>Snow fell in Osh.</p><p>Roads are closed.</p>")


def test_an_editor_writes_a_next_version_and_readers_see_the_old_one(client, live):
    desk = signed_in()
    response = desk.post(
        address(live), as_it_is(live, _next="1") | {"headline": "Rain"}, follow=True
    )
    assert response.request["QUERY_STRING"] == "version=next"
    assert response.context["form"]["headline"].value() == "Rain"
    live.refresh_from_db()
    assert live.headline == "Snow"
    assert words_of(live)["headline"] == "Rain"
    assert "Rain" not in client.get(live.get_absolute_url()).content.decode()
    assert (
        desk.post(
            f"{address(live)}?version=next",
            as_it_is(live, _next="1", began=next_of(live).pk, _move="publish-version")
            | {"headline": "Rain at last"},
        ).status_code
        == 302
    )
    live.refresh_from_db()
    assert live.headline == "Rain at last"
    assert next_of(live) is None
    assert "Rain at last" in client.get(live.get_absolute_url()).content.decode()


def test_opening_a_story_with_a_next_version_asks_which_is_meant(live):
    desk = signed_in()
    desk.post(address(live), as_it_is(live, _next="1") | {"headline": "Rain"})
    page = desk.get(address(live)).content.decode()
    assert "?version=next" in page
    assert "?version=live" in page
    assert 'name="headline"' not in page
    for which, headline in (("next", "Rain"), ("live", "Snow")):
        form = desk.get(f"{address(live)}?version={which}").context["form"]
        assert form["headline"].value() == headline


def test_a_reporters_change_of_a_live_story_waits_for_an_editor():
    desk = signed_in("reporter")
    story = make_article(headline="Snow", authors=[make_author(user=desk.user)])
    assert desk.get(address(story)).context["is_next"]
    desk.post(address(story), as_it_is(story, _move="submit-version") | {"headline": "Rain"})
    story.refresh_from_db()
    assert story.headline == "Snow"
    assert next_of(story).state == "in_review"
    # Submitted: it can be read and taken back, and not written on.
    page = desk.get(address(story))
    assert 'name="headline"' not in page.content.decode()
    assert desk.post(address(story), as_it_is(story) | {"headline": "Hail"}).status_code == 403
    desk.post(address(story, "move"), {"_move": "publish-version"})
    story.refresh_from_db()
    assert story.headline == "Snow"
    desk.post(address(story, "move"), {"_move": "take-back-version"})
    assert next_of(story).state == "working"


def test_an_editor_returns_a_next_version_with_a_note_and_it_is_submitted_again():
    desk, editor = signed_in("reporter"), make_user("editor")
    story = make_article(headline="Snow", authors=[make_author(user=desk.user)])
    desk.post(address(story), as_it_is(story, _move="submit-version") | {"headline": "Rain"})
    publishing.return_version(story, by=editor, note="Say where.")
    assert "Say where." in desk.get(address(story)).content.decode()
    desk.post(
        address(story),
        as_it_is(story, began=next_of(story).pk, _move="submit-version")
        | {"headline": "Rain in Osh"},
    )
    assert next_of(story).state == "in_review"
    assert not story.notes.filter(closed_at=None).exists()
    publishing.approve_version(story, by=editor)
    assert Article.objects.get().headline == "Rain in Osh"


def test_another_reporter_sees_nothing_of_a_next_version(live):
    publishing.propose(live, by=make_user("editor"), content=_with(live, headline="Secret plan"))
    desk = signed_in("reporter")
    for where in (address(live), f"{address(live)}?version=next", "/admin/"):
        response = desk.get(where)
        assert response.status_code == 200
        assert "Secret plan" not in response.content.decode()
    with pytest.raises(PermissionDenied):
        publishing.propose(live, by=desk.user, content=_with(live, headline="Mine"))


def _with(story, **fields):
    content = versions.snapshot(story)
    content["fields"] |= fields
    return content


def test_a_scheduled_next_version_is_live_at_its_minute(client, live):
    at = timezone.now() + HOUR
    editor = make_user("editor")
    publishing.propose(live, by=editor, content=_with(live, headline="Rain"))
    publishing.approve_version(live, by=editor, at=at)
    address_of_it = live.get_absolute_url()
    with time_machine.travel(at - datetime.timedelta(seconds=1), tick=False):
        assert "Rain" not in client.get(address_of_it).content.decode()
    with time_machine.travel(at, tick=False):
        page = client.get(address_of_it, follow=True).content.decode()
        assert "Rain" in page
    live.refresh_from_db()
    assert live.updated_at == at


def test_what_is_mended_for_readers_goes_into_the_next_version_too(live):
    editor = make_user("editor")
    publishing.propose(live, by=editor, content=_with(live, headline="Rain"))
    changed(live, body=live.body.replace("Osh", "Talas"))
    assert words_of(live)["headline"] == "Rain"
    assert "Talas" in words_of(live)["body"]
    publishing.approve_version(live, by=editor)
    live.refresh_from_db()
    assert live.headline == "Rain"
    assert "Talas" in live.body


def test_a_mend_where_the_next_version_changes_too_is_never_undone_by_it(live):
    editor = make_user("editor")
    publishing.propose(live, by=editor, content=_with(live, headline="Rain"))
    at = timezone.now() + HOUR
    publishing.approve_version(live, by=editor, at=at)
    changed(live, headline="Snow, not rain")
    assert next_of(live).state == "working"
    assert publishing.apply_due(at + HOUR) == 0
    with pytest.raises(publishing.Refused):
        publishing.approve_version(live, by=editor)
    # Saving it once more shows what collides; then it can go out.
    desk = signed_in()
    pending = next_of(live)
    form = as_it_is(live, _next="1", began=pending.pk) | {"headline": "Rain"}
    response = desk.post(f"{address(live)}?version=next", form)
    assert response.status_code == 409
    [headline] = choices(response)
    assert desk.post(f"{address(live)}?version=next", form | {headline: "mine"}).status_code == 302
    publishing.approve_version(live, by=editor)
    assert Article.objects.get().headline == "Rain"


def test_two_people_on_one_next_version_overwrite_nothing(live):
    publishing.propose(live, by=make_user("editor"), content=_with(live, headline="Rain"))
    began = next_of(live)
    aida = make_user("editor", first_name="Aida", last_name="Sultanova")
    publishing.propose(live, by=aida, began=began, content=_with(live, headline="Rain", kicker="K"))
    desk = signed_in()
    form = as_it_is(live, _next="1", began=began.pk, kicker="") | {"standfirst": "Wet."}
    desk.post(f"{address(live)}?version=next", form | {"headline": "Rain"})
    assert (words_of(live)["kicker"], words_of(live)["standfirst"]) == ("K", "Wet.")
    publishing.propose(live, by=aida, content=_with(live, headline="Hail"), began=next_of(live))
    response = desk.post(
        f"{address(live)}?version=next",
        form | {"headline": "Fog", "began": next_of(live).based_on_id},
    )
    assert response.status_code == 409
    assert words_of(live)["headline"] == "Hail"
    assert live.revisions.filter(state__in=Revision.PENDING).count() == 1


def test_a_next_version_that_was_dropped_meanwhile_comes_back_whole(live):
    editor = make_user("editor")
    began = publishing.propose(live, by=editor, content=_with(live, headline="Rain")).version
    publishing.drop_version(live, by=editor)
    publishing.propose(
        live, by=editor, content=_with(live, headline="Rain", kicker="K"), began=began
    )
    assert words_of(live)["headline"] == "Rain"
    assert words_of(live)["kicker"] == "K"


def test_a_next_version_that_went_live_meanwhile_is_no_collision(live):
    editor = make_user("editor")
    began = publishing.propose(live, by=editor, content=_with(live, headline="Rain")).version
    publishing.approve_version(live, by=editor)
    publishing.propose(live, by=editor, content=_with(live, headline="Rain in Osh"), began=began)
    assert words_of(live)["headline"] == "Rain in Osh"


def test_pulling_and_correcting_act_on_what_readers_see_and_keep_the_next_version(client, live):
    editor = make_user("editor")
    publishing.propose(live, by=editor, content=_with(live, headline="Rain"))
    publishing.correct(live, by=editor, kind="correction", text="It was Osh.")
    publishing.pull(live, by=editor)
    assert client.get(live.get_absolute_url()).status_code == 404
    publishing.release(live, by=editor)
    assert words_of(live)["headline"] == "Rain"
    publishing.approve_version(live, by=editor)
    assert Article.objects.get().headline == "Rain"


def test_a_minor_next_version_does_not_move_updated(live):
    editor = make_user("editor")
    publishing.propose(live, by=editor, content=_with(live, headline="Rain"), is_substantive=False)
    publishing.approve_version(live, by=editor)
    live.refresh_from_db()
    assert (live.headline, live.updated_at) == ("Rain", None)


def test_each_step_of_a_next_version_is_one_line_of_the_audit(live):
    editor = make_user("editor")
    before = live.transitions.count()
    publishing.propose(live, by=editor, content=_with(live, headline="Rain"))
    publishing.submit_version(live, by=editor)
    publishing.take_back_version(live, by=editor)
    publishing.drop_version(live, by=editor)
    moves = list(live.transitions.order_by("pk").values_list("move", flat=True))[before:]
    assert moves == ["begin version", "submit version", "take back version", "drop version"]


def test_saying_that_it_was_saved_leads_back_to_the_next_version(live):
    desk = signed_in()
    response = desk.post(address(live), as_it_is(live, _next="1"), follow=True)
    assert said(response) == ["Saved."]
    assert permissions.can_approve_version(desk.user, live)


# Saved as a next version, and beside it


def test_what_is_typed_of_the_planning_beside_a_next_version_is_the_storys_own(live):
    desk = signed_in()
    due = "2030-01-01T12:00"
    data = as_it_is(live, _next="1", assigned_to=desk.user.pk, due_at=due) | {"headline": "Rain"}
    desk.post(address(live), data)
    live.refresh_from_db()
    assert (live.headline, live.assigned_to) == ("Snow", desk.user)
    assert f"{live.due_at:%Y-%m-%d}" == "2030-01-01"
    assert words_of(live)["headline"] == "Rain"
    assert next_of(live).based_on == versions.current(live)


def test_a_colleagues_assignment_is_not_overwritten_by_a_next_version(live):
    aida, timur = make_user("editor", first_name="Aida"), make_user("editor")
    mine = as_it_is(live, _next="1", assigned_to=timur.pk) | {"headline": "Rain"}
    changed(live, assigned_to=aida)
    desk = signed_in()
    collided = desk.post(address(live), mine)
    assert collided.status_code == 409
    live.refresh_from_db()
    assert live.assigned_to == aida
    [choice] = choices(collided)
    desk.post(address(live), carried(collided) | {choice: "mine", "_next": "1"})
    live.refresh_from_db()
    assert live.assigned_to == timur
    assert words_of(live)["headline"] == "Rain"


def test_the_same_words_are_saved_for_readers_after_they_were_saved_as_a_next_version(live):
    desk = signed_in()
    mine = as_it_is(live, form_id="b" * 32) | {"headline": "Rain"}
    desk.post(address(live), mine | {"_next": "1"})
    live.refresh_from_db()
    assert live.headline == "Snow"
    desk.post(f"{address(live)}?version=live", mine)
    live.refresh_from_db()
    assert live.headline == "Rain"


def test_a_next_version_saved_twice_by_one_click_is_saved_once(live):
    desk = signed_in()
    mine = as_it_is(live, _next="1", form_id="b" * 32) | {"headline": "Rain"}
    for _ in range(2):
        assert desk.post(address(live), mine).status_code == 302
    assert live.revisions.filter(state__in=[*Revision.PENDING, "dropped"]).count() == 1


def test_who_only_wrote_on_an_editors_next_version_does_not_let_it_go():
    desk = signed_in("reporter")
    story = make_article(headline="Snow", authors=[make_author(user=desk.user)])
    began = publishing.propose(story, by=make_user("editor"), content=_with(story, kicker="K"))
    publishing.propose(story, by=desk.user, content=_with(story, kicker="K2"), began=began.version)
    assert not permissions.can_drop_version(desk.user, story)
    publishing.drop_version(story, by=make_user("editor"))
    publishing.propose(story, by=desk.user, content=_with(story, kicker="Mine"))
    assert permissions.can_drop_version(desk.user, story)


def test_a_mend_that_takes_the_time_of_the_next_version_says_so(live):
    desk = signed_in()
    publishing.propose(live, by=desk.user, content=_with(live, headline="Rain"))
    publishing.approve_version(live, by=desk.user, at=timezone.now() + HOUR)
    mend = as_it_is(live) | {"headline": "Hail"}
    response = desk.post(f"{address(live)}?version=live", mend, follow=True)
    assert next_of(live).due_at is None
    assert "has no time any more" in " ".join(said(response))


def test_a_next_version_is_not_put_live_with_a_colleagues_words_that_nobody_saw(live):
    desk, aida = signed_in(), make_user("editor", first_name="Aida")
    began = publishing.propose(live, by=desk.user, content=_with(live, headline="Rain")).version
    publishing.propose(
        live, by=aida, content=_with(live, headline="Rain", kicker="Secret"), began=began
    )
    mine = as_it_is(live, _next="1", began=began.pk, _move="publish-version")
    mine |= {"headline": "Rain", "standfirst": "Wet.", "kicker": ""}
    where = f"{address(live)}?version=next"
    response = desk.post(where, mine, follow=True)
    live.refresh_from_db()
    assert (live.headline, live.kicker) == ("Snow", "")
    assert "Aida" in " ".join(said(response))
    assert (words_of(live)["kicker"], words_of(live)["standfirst"]) == ("Secret", "Wet.")
    seen = as_it_is(live, _next="1", began=next_of(live).pk, _move="publish-version")
    seen |= {"headline": "Rain", "standfirst": "Wet.", "kicker": "Secret"}
    desk.post(where, seen)
    live.refresh_from_db()
    assert (live.headline, live.kicker) == ("Rain", "Secret")


def test_who_types_on_while_a_next_version_is_saved_collides_with_nobody(live):
    desk = signed_in()
    data = as_it_is(live, _next="1", began="", form_id="b" * 32)
    where = f"{address(live)}?version=next"
    for turn in range(1, 6, 2):
        headline = f"Rain {turn}"
        assert desk.post(where, data | {"headline": headline, "_turn": turn}).status_code == 302
        more = data | {"headline": f"{headline} and hail", "_turn": turn + 1}
        desk.post(address(live, "autosave"), more)
        form = desk.get(where, {"version": "next", "take_back": "b" * 32}).context["form"]
        assert form["headline"].value() == f"{headline} and hail"
        data |= {name: form[name].value() for name in ("headline", "version", "form_id")}
    assert desk.post(where, data | {"_turn": 9}).status_code == 302
    assert words_of(live)["headline"] == "Rain 5 and hail"


def test_typing_on_while_a_next_version_is_saved_still_shows_what_a_colleague_made_of_it(live):
    desk = signed_in()
    data = as_it_is(live, _next="1", began="", form_id="b" * 32)
    desk.post(address(live), data | {"headline": "Rain"})
    publishing.propose(
        live, by=make_user("editor"), content=_with(live, headline="Fog"), began=next_of(live)
    )
    again = desk.post(address(live), data | {"headline": "Rain and hail"})
    assert again.status_code == 409
    assert words_of(live)["headline"] == "Fog"
