"""Where the parts of the desk meet: a hostile reporter, a careless editor, an unlucky network."""

import datetime
import re

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from articles import publishing, versions
from articles.models import Byline, Message
from tests.articles.test_desk import address, as_it_is, credits, signed_in
from tests.articles.test_two_people import carried, changed, choices
from tests.factories import chief, make_article, make_author, make_region, make_user

pytestmark = pytest.mark.django_db
HOUR = datetime.timedelta(hours=1)
FORM_ID = "0123456789abcdef0123456789abcdef"


def test_a_next_version_whose_address_was_emptied_goes_live_with_one(client):
    story = make_article(headline="Snow")
    desk = signed_in()
    desk.post(address(story), as_it_is(story, _next="1") | {"headline": "Rain", "slug": ""})
    desk.post(address(story, "move"), {"_move": "publish-version", "version": story.version})
    story.refresh_from_db()
    assert story.headline == "Rain"
    assert story.slug
    assert client.get("/").status_code == 200


def test_what_was_typed_into_a_next_version_that_only_began_comes_back_as_one():
    story = make_article(headline="Snow")
    desk = signed_in()
    page = desk.get(f"{address(story)}?version=next").content.decode()
    assert 'name="_next"' in page
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))
    data = as_it_is(story, **{k: v for k, v in fields.items() if k in {"_next", "began"}})
    data |= {"headline": "Secret", "form_id": FORM_ID}
    assert desk.post(address(story, "autosave"), data).json()["is_kept"]
    response = desk.get(f"{address(story)}?take_back={FORM_ID}")
    assert response.context["form"]["headline"].value() == "Secret"
    assert response.context["is_next"]


@pytest.mark.parametrize("path", ["abc", "1_2F2", "9" * 30, "9" * 5000, "²", "٣", "1%00"])
@pytest.mark.parametrize("who", [None, "reporter"])
def test_no_address_of_a_form_breaks(path, who):
    desk = signed_in(who) if who else Client()
    for verb in ("change", "history", "delete"):
        at = f"/admin/articles/article/{path}/{verb}/"
        assert desk.post(at, {"headline": "Snow"}).status_code < 500
        assert desk.get(at).status_code < 500


def test_what_is_typed_into_a_story_that_is_closed_meanwhile_is_shown_again():
    story = make_article(status="draft", headline="Snow")
    desk = signed_in()
    data = as_it_is(story) | {"headline": "Typed words"}
    publishing.restrict(story, by=chief(), people=[chief()])
    response = desk.post(address(story), data, follow=True)
    assert "Typed words" in response.content.decode()


def test_going_back_and_pressing_another_button_takes_that_step():
    story = make_article(status="draft", headline="Snow", regions=[make_region()])
    desk = signed_in()
    data = as_it_is(story, form_id=FORM_ID) | {"headline": "Rain"}
    assert desk.post(address(story), data).status_code == 302
    assert desk.post(address(story), data | {"_move": "publish"}).status_code == 302
    story.refresh_from_db()
    assert story.status == "published"


def test_the_form_of_a_next_version_asks_nothing_that_it_would_forget():
    page = signed_in().get(f"{address(make_article())}?version=next").content.decode()
    assert 'name="headline"' in page
    for name in ("assigned_to", "due_at", "embargo_until", "translated_from"):
        assert f'name="{name}"' not in page


def test_a_next_version_of_what_is_no_longer_there_goes_live_without_it(client):
    story = make_article(headline="Snow")
    region = make_region(name="Osh")
    desk = signed_in()
    desk.post(address(story), as_it_is(story, _next="1", regions="Osh") | {"headline": "Rain"})
    assert versions.pending(story).content["regions"] == [region.pk]
    publishing.approve_version(story, by=desk.user, at=timezone.now() + HOUR)
    region.delete()
    with time_machine.travel(timezone.now() + 2 * HOUR):
        assert client.get("/").status_code == 200
        story.refresh_from_db()
        assert story.headline == "Rain"


def test_a_withheld_name_is_in_no_history_that_a_reporter_of_the_story_reads():
    desk = signed_in("reporter")
    ann = make_author(name="Ann Secret")
    story = make_article(headline="Snow", authors=[make_author(user=desk.user, name="Me"), ann])
    Byline.objects.filter(author=ann).update(withheld=True)
    publishing.record(story, by=make_user("editor"))
    page = desk.get(address(story, "history")).content.decode()
    assert "Ann Secret" not in page
    page = desk.get(address(story, "compare")).content.decode()
    assert "Ann Secret" not in page


def test_a_next_version_that_is_saved_after_the_story_was_pulled_changes_no_word_of_it():
    story = make_article(headline="Snow")
    desk = signed_in()
    data = as_it_is(story, _next="1", began="") | {"headline": "Not for readers yet"}
    publishing.pull(story, by=make_user("editor"))
    response = desk.post(address(story), data)
    story.refresh_from_db()
    assert story.headline == "Snow"
    assert "Not for readers yet" in response.content.decode()


def test_a_note_that_was_typed_and_not_kept_survives_a_save():
    story = make_article(status="draft", headline="Snow")
    desk = signed_in()
    response = desk.post(address(story), as_it_is(story, _note_text="Ask the mayor"), follow=True)
    assert "Ask the mayor" in response.content.decode()


def test_line_ends_are_no_change():
    story = make_article(status="draft", headline="Snow", standfirst="One.\nTwo.")
    mine = as_it_is(story) | {"standfirst": "One.\r\nTwo.", "headline": "Hail"}
    changed(story, standfirst="Three.")
    assert signed_in().post(address(story), mine).status_code == 302
    story.refresh_from_db()
    assert (story.headline, story.standfirst) == ("Hail", "Three.")


def test_a_reporters_taken_back_next_version_after_it_went_live():
    desk = signed_in("reporter")
    story = make_article(headline="Snow", authors=[make_author(user=desk.user)])
    desk.post(address(story), as_it_is(story) | {"headline": "Rain"})
    pending = versions.pending(story)
    data = as_it_is(story, began=pending.pk, form_id=FORM_ID) | {"headline": "Rain and hail"}
    assert desk.post(address(story, "autosave"), data).json()["is_kept"]
    publishing.approve_version(story, by=make_user("editor"))
    response = desk.get(f"{address(story)}?take_back={FORM_ID}")
    assert response.context["form"]["headline"].value() == "Rain and hail"
    assert desk.post(address(story), data | {"_next": "1"}).status_code == 302
    assert versions.pending(story).content["fields"]["headline"] == "Rain and hail"


@pytest.mark.parametrize("size", [2_000_000])
def test_a_mountain_is_no_error_of_ours(size):
    story = make_article(status="draft", headline="Snow")
    live = make_article()
    desk = signed_in()
    for one in (story, live):
        for verb in "change autosave preview frames note move share restore purge".split():
            data = as_it_is(one) | {
                "body": "<p>" + "<b>x " * (size // 5),
                "_note_text": "@" * size,
                "_move": "x" * 1000,
            }
            assert desk.post(address(one, verb), data).status_code < 500, verb
    assert (
        desk.post(
            "/admin/articles/article/suggest/",
            {"body": "<p>" + "<b>x " * (size // 5), "headline": "x" * size},
        ).status_code
        < 500
    )


def test_many_rounds_of_collisions_lose_no_word():
    ann, bek = make_author(name="Ann"), make_author(name="Bek")
    story = make_article(
        status="draft",
        headline="Snow",
        standfirst="A\nB",
        authors=[ann, bek],
        body='<p>Snow "fell".</p>',
    )
    mine = as_it_is(story, **credits({"name": "Bek"}, {"name": "Ann", "role": "translator"})) | {
        "headline": 'Ha"il & <b>',
        "standfirst": "\nMine\r\n\r\nmore",
    }
    changed(story, headline="Rain", standfirst="Theirs")
    desk = signed_in()
    response = desk.post(address(story), mine)
    assert response.status_code == 409
    data = carried(response) | dict.fromkeys(choices(response), "mine")
    changed(story, headline="Sleet", body="<p>Other.</p>")
    response = desk.post(address(story), data)
    assert response.status_code == 409
    data = carried(response) | dict.fromkeys(choices(response), "mine")
    response = desk.post(address(story), data)
    assert response.status_code == 302
    story.refresh_from_db()
    assert story.headline == 'Ha"il & <b>'
    assert "Mine" in story.standfirst
    assert "more" in story.standfirst
    assert story.body == "<p>Other.</p>"
    assert [str(b) for b in story.bylines.all()] == ["Bek (author)", "Ann (translator)"]


def test_a_correction_that_takes_a_next_version_off_its_time_says_so():
    writer = make_user("reporter", email="writer@example.org")
    story = make_article(headline="Snow", authors=[make_author(user=writer)])
    desk = signed_in()
    desk.post(address(story), as_it_is(story, _next="1") | {"headline": "Rain"})
    publishing.approve_version(story, by=desk.user, at=timezone.now() + HOUR)
    changed(story, headline="Sleet")
    pending = versions.pending(story)
    assert (pending.state, pending.due_at) == ("working", None)
    assert story.transitions.first().move == "unschedule version"
    assert Message.objects.filter(to=writer, move="unschedule version").exists()


def test_what_a_colleague_corrected_stays_corrected_when_a_scheduled_version_goes_live(client):
    story = make_article(headline="Snow", body="<p>Two died.</p><p>Roads are closed.</p>")
    desk = signed_in()
    desk.post(
        address(story),
        as_it_is(story, _next="1") | {"body": "<p>Two died.</p><p>Roads are open.</p>"},
    )
    publishing.approve_version(story, by=desk.user, at=timezone.now() + HOUR)
    changed(story, body="<p>Nobody died.</p><p>Roads are closed.</p>")
    with time_machine.travel(timezone.now() + 2 * HOUR):
        page = client.get(story.get_absolute_url()).content.decode()
    assert "Nobody died" in page
    assert "Roads are open" in page


@pytest.mark.parametrize(
    "move", ["publish-version", "schedule-version +60", "schedule +60", "withdraw"]
)
def test_a_reporter_takes_no_step_of_an_editor_by_any_name(move):
    desk = signed_in("reporter")
    story = make_article(headline="Snow", authors=[make_author(user=desk.user)])
    publishing.propose(story, by=make_user("editor"), content=versions.snapshot(story))
    before = versions.pending(story)
    for data in ({"_move": move}, {"_move": move, "_next": "1", "began": before.pk}):
        assert desk.post(address(story, "move"), data).status_code == 403
    desk.post(address(story), as_it_is(story, _move=move, began=before.pk) | {"headline": "Rain"})
    story.refresh_from_db()
    assert (story.headline, story.status) == ("Snow", "published")
    assert versions.pending(story).state == "working"


@pytest.mark.parametrize("role", ["reporter", "administrator", None])
def test_nothing_of_anothers_story_comes_out_by_any_address(role):
    desk = signed_in(role)
    other = make_article(status="draft", headline="Secret plan", body="<p>Secret words.</p>")
    live = make_article(headline="Snow")
    editor = make_user("editor")
    content = versions.snapshot(live)
    content["fields"]["headline"] = "Secret next"
    began = publishing.propose(live, by=editor, content=content).version
    verbs = "change autosave presence note move compare restore purge preview frames share revoke"
    for story in (other, live):
        for verb in [*verbs.split(), "history"]:
            for query in ("", "?version=next", f"?version={began.pk}", f"?from={began.pk}"):
                for answer in (
                    desk.get(address(story, verb) + query),
                    desk.post(
                        address(story, verb) + query,
                        {"version": story.version, "_next": "1", "began": began.pk},
                    ),
                ):
                    page = answer.content.decode()
                    assert "Secret words" not in page, (verb, query)
                    assert "Secret next" not in page, (verb, query)
    for story in (other, live):
        old = story.headline
        desk.post(address(story), as_it_is(story, _next="1", began=began.pk) | {"headline": "X"})
        story.refresh_from_db()
        assert story.headline == old
    assert versions.pending(live) == began
