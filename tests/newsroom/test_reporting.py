"""Readers report errors: what is taken, what is refused without a word lost, and what the desk does."""

import datetime
import re

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from articles import delivery, publishing, reports, versions
from articles.models import Article, Correction, Note, Transition
from newsroom.models import SiteSettings
from tests.articles.test_desk import address, as_it_is, said, signed_in
from tests.factories import chief, make_article, make_author, make_house, make_user

pytestmark = pytest.mark.django_db
SECRET = "zebra@example.org"


@pytest.fixture(autouse=True)
def _nobody_has_reported_yet():
    cache.clear()
    yield
    cache.clear()


def form_of(story, client=None):
    """Where a report goes to, and what the form sends when nothing is typed."""
    page = (client or Client()).get(f"/report/?story={story.pk}").content.decode()
    fields = dict.fromkeys(re.findall(r'name="(\w+)"', page.partition('class="form"')[2]), "")
    fields["form"] = re.search(r'name="form" value="([^"]+)"', page)[1]
    return f"/report/?story={story.pk}", fields


def send(story, client=None, **typed):
    path, fields = form_of(story, client)
    typed.setdefault("text", "It was 38, not 36.")
    return (client or Client()).post(path, fields | typed)


def reported(story, **fields):
    fields.setdefault("text", "It was 38, not 36.")
    return reports.add(story, **fields)


# The reader's side


def test_a_story_leads_to_its_form_and_the_form_to_the_desk():
    story, client = make_article(headline="Water is <low>"), Client()
    moves = Transition.objects.count()
    page = client.get(story.get_absolute_url()).content.decode()
    assert f'href="/report/?story={story.pk}"' in page
    form = client.get(f"/report/?story={story.pk}")
    assert "Water is &lt;low&gt;" in form.content.decode()
    assert form.headers["Cache-Control"] == "private, no-store"
    assert 'content="noindex"' in form.content.decode()
    assert 'href="/ru/" hreflang="ru"' in form.content.decode()
    answer = send(story, client, text=" 38, not 36. ", quote="36 litres", contact=SECRET)
    assert (answer.status_code, answer["Location"]) == (302, f"/report/thanks/?story={story.pk}")
    thanks = client.get(answer["Location"])
    assert story.get_absolute_url() in thanks.content.decode()
    note = Note.objects.get()
    assert (note.kind, note.by, note.article) == ("report", None, story)
    assert (note.text, note.quote, note.contact) == ("38, not 36.", "36 litres", SECRET)
    assert not client.cookies
    assert Article.objects.get().version == story.version
    assert Transition.objects.count() == moves


def test_only_what_is_wrong_must_be_said_and_what_was_typed_stays():
    story = make_article()
    answer = send(story, text="  ", quote="36 <litres>", contact=SECRET)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Not sent yet" in page
    assert "Say what is wrong." in page
    assert "36 &lt;litres&gt;" in page
    assert SECRET in page
    assert 'aria-invalid="true"' in page
    assert "<title>Not sent yet: Report an error" in page
    assert not Note.objects.exists()
    assert send(story, text="x").status_code == 302


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("text", "x" * 2001),
        ("quote", "x" * 501),
        ("contact", "x" * 201),
        ("text", "a\0b"),
        ("text", "\x01 \x7f"),
        ("quote", "a\0b"),
        ("contact", "a\0b"),
    ],
)
def test_what_is_too_long_or_no_text_is_refused_in_words(field, typed):
    answer = send(make_article(), **{field: typed})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Not sent yet" in page
    assert re.search(rf'<li><a href="#id_{field}">[^<]+</a> [^<]+</li>', page)
    assert not Note.objects.exists()


def test_a_report_of_the_longest_words_in_any_script_is_kept():
    story = make_article(language="ru", headline="Вода")
    text = "Ө" * 1990 + "\r\n🙂"
    answer = Client().post(
        f"/ru/report/?story={story.pk}",
        {"form": form_of_russian(story), "text": text, "quote": "", "contact": ""},
    )
    assert answer["Location"] == f"/ru/report/thanks/?story={story.pk}"
    assert Note.objects.get().text.startswith("Ө" * 1990)
    assert Note.objects.get().text.endswith("🙂")


def form_of_russian(story):
    page = Client().get(f"/ru/report/?story={story.pk}").content.decode()
    assert "Что неверно?" in page
    return re.search(r'name="form" value="([^"]+)"', page)[1]


def test_the_form_is_in_the_language_of_the_story():
    story = make_article(language="ru")
    answer = Client().get(f"/report/?story={story.pk}")
    assert (answer.status_code, answer["Location"]) == (302, f"/ru/report/?story={story.pk}")
    assert Client().get(f"/report/thanks/?story={story.pk}").status_code == 404


@pytest.mark.parametrize(
    "status", ["draft", "in_review", "ready", "scheduled", "pulled", "withdrawn", "spiked"]
)
def test_of_a_story_that_cannot_be_read_nothing_can_be_said(status):
    story = make_article(status=status, headline="Zyzzyva")
    for path in ("/report/", "/report/thanks/"):
        answer = Client().get(f"{path}?story={story.pk}")
        assert answer.status_code == 404
        assert "Zyzzyva" not in answer.content.decode()
    assert Client().post(f"/report/?story={story.pk}", {"text": "x"}).status_code == 404
    assert not Note.objects.filter(kind="report").exists()


def test_a_retracted_story_can_still_be_wrong():
    assert send(make_article(status="retracted")).status_code == 302


@pytest.mark.parametrize("number", ["", "x", "-1", "0", "1.5", "9" * 30, "1%00", "%D9%A1", "1'"])
def test_a_number_of_no_story_is_not_found(number):
    assert Client().get(f"/report/?story={number}").status_code == 404
    assert Client().post(f"/report/?story={number}", {"text": "x"}).status_code == 404


def test_what_fills_in_every_field_is_asked_again_and_loses_nothing():
    story = make_article()
    answer = send(story, homepage="https://spam.example/")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "press Send once more" in page
    assert "It was 38, not 36." in page
    assert "spam.example" not in page
    assert not Note.objects.exists()
    # People meet the field neither with their eyes nor with their ears nor with the key Tab.
    assert re.search(r'<div hidden><label>[^<]*<input name="homepage"[^>]*tabindex="-1">', page)


@pytest.mark.parametrize("token", ["", "x", "1:x:y"])
def test_a_report_that_no_form_of_ours_sent_is_asked_again(token):
    story = make_article()
    answer = send(story, form=token)
    assert answer.status_code == 422
    assert "It was 38, not 36." in answer.content.decode()
    assert not Note.objects.exists()


def test_the_token_of_another_story_or_of_yesterday_does_not_do():
    story, other = make_article(), make_article()
    assert send(story, form=form_of(other)[1]["form"]).status_code == 422
    path, fields = form_of(story)
    later = timezone.now() + datetime.timedelta(hours=25)
    with time_machine.travel(later, tick=False):
        answer = Client().post(path, fields | {"text": "Late words"})
        assert answer.status_code == 422
        token = re.search(r'name="form" value="([^"]+)"', answer.content.decode())[1]
        again = Client().post(path, fields | {"text": "Late words", "form": token})
    assert again.status_code == 302
    assert Note.objects.get().text == "Late words"


def test_whoever_reports_too_often_is_told_and_keeps_their_words():
    SiteSettings.objects.update_or_create(pk=1, defaults={"email": "desk@example.org"})
    stories = [make_article(), make_article()]
    assert {send(stories[n % 2]).status_code for n in range(5)} == {302}
    answer = send(stories[0], text="The sixth.")
    page = answer.content.decode()
    assert answer.status_code == 429
    assert "within the last hour" in page
    assert "The sixth." in page
    assert "mailto:desk@example.org" in page
    assert Note.objects.count() == 5
    other = Client(REMOTE_ADDR="198.51.100.7")
    assert send(stories[0], other).status_code == 302
    with time_machine.travel(timezone.now() + datetime.timedelta(hours=1, minutes=1), tick=False):
        assert send(stories[0]).status_code == 302


def test_a_story_takes_thirty_reports_an_hour():
    story, other = make_article(), make_article()
    for number in range(30):
        client = Client(REMOTE_ADDR=f"198.51.100.{number}")
        assert send(story, client).status_code == 302
    client = Client(REMOTE_ADDR="198.51.100.77")
    assert send(story, client).status_code == 429
    # The refused one cost its sender nothing.
    assert {send(other, client).status_code for _ in range(5)} == {302}


def test_a_report_needs_no_cookie_and_no_token_of_a_session():
    story = make_article()
    client = Client(enforce_csrf_checks=True)
    assert send(story, client).status_code == 302


@pytest.mark.parametrize("number", [1, 3])
def test_the_form_costs_the_same_with_one_and_with_three(django_assert_num_queries, number):
    for _ in range(number):
        story = make_article()
        reported(story)
    with django_assert_num_queries(2):
        Client().get(f"/report/?story={story.pk}")


# The desk's side


def board(client):
    return {each.code: each for each in client.get("/admin/").context["lists"]}


def test_editors_on_duty_see_reports_on_their_front_page():
    story = make_article(headline="Water is low")
    client = signed_in()
    assert "reports" not in board(client)
    reported(story, text="It was <38>.", contact=SECRET)
    page = client.get("/admin/").content.decode()
    (entry,) = board(client)["reports"].entries
    assert (entry.story, entry.notes) == (story, ("It was <38>.",))
    assert "Reports from readers" in page
    assert "It was &lt;38&gt;." in page
    assert SECRET not in page
    reports.set_aside(story, story.notes.get().pk, by=client.user)
    assert "reports" not in board(client)
    assert "reports" not in board(signed_in("reporter"))


def test_reports_on_a_restricted_story_are_for_those_it_is_open_to():
    story = make_article(status="draft")
    named = make_user("editor")
    publishing.restrict(story, by=chief(), people=[named])
    publishing.publish(Article.objects.get(pk=story.pk), by=chief())
    note = reported(story)
    assert "reports" not in board(signed_in())
    assert "reports" in board(signed_in(named))
    client = signed_in()
    path = f"/admin/articles/article/{story.pk}/report/"
    assert client.post(path, {"_set_aside": note.pk}).status_code in {403, 404}
    assert Note.objects.get(kind="report").closed_at is None


def test_the_contact_is_for_editors_alone():
    writer = make_user("reporter")
    story = make_article(entered_by=writer, authors=[make_author(user=writer)])
    reported(story, text="It was 38.", contact=SECRET, quote="36 litres")
    page = signed_in("editor").get(f"{address(story)}?version=live").content.decode()
    assert SECRET in page
    assert "Make it a correction" in page
    page = signed_in(writer).get(address(story)).content.decode()
    assert "It was 38." in page
    assert SECRET not in page
    assert "Make it a correction" not in page
    assert "_set_aside" not in page
    page = signed_in("reporter").get(address(story)).content.decode()
    assert "It was 38." not in page


def test_a_report_is_in_no_page_of_readers_no_feed_and_no_version():
    make_house()
    story = make_article()
    reported(story, text="zebra one", quote="zebra two", contact=SECRET)
    publishing.record(story, by=chief())
    paths = [
        story.get_absolute_url(),
        "/",
        "/rss.xml",
        "/corrections/",
        f"/report/?story={story.pk}",
    ]
    for path in paths:
        assert "zebra" not in Client().get(path).content.decode()
    assert all("zebra" not in str(revision.content) for revision in story.revisions.all())
    table = signed_in("chief editor").get("/admin/articles/article/csv/")
    assert b"zebra" not in b"".join(table.streaming_content)


def test_one_click_leads_to_a_correction_with_the_readers_words():
    story = make_article()
    note = reported(story, text="It was <38>.", quote="36 litres")
    client = signed_in()
    page = client.get(f"{address(story)}?version=live").content.decode()
    (link,) = re.findall(r'href="([^"]+report=\d+)"', page)
    page = client.get(link.replace("&amp;", "&")).content.decode()
    sheet = page[page.index("bar__correct") :]
    assert re.match(r'bar__correct" name="sheet" open', sheet)
    assert "It was &lt;38&gt;." in sheet
    assert "An earlier version of this story said: “36 litres”. In fact, " in sheet
    assert f'name="correct-report" value="{note.pk}"' in sheet
    data = as_it_is(story, _move="correct") | {
        "correct-kind": "correction",
        "correct-text": "An earlier version of this story said: “36 litres”. In fact, it was 38.",
        "correct-report": note.pk,
    }
    client.post(address(story), data)
    entry, note = Correction.objects.get(), Note.objects.get()
    assert entry.text.endswith("it was 38.")
    assert (note.correction, note.closed_by) == (entry, client.user)
    page = client.get(f"{address(story)}?version=live").content.decode()
    assert "made it a correction" in page
    assert "_set_aside" not in page
    assert "It was" not in Client().get("/corrections/").content.decode().replace("it was 38", "")


def test_the_prepared_text_is_in_the_language_of_the_story():
    story = make_article(language="ru")
    assert reports.prepared(reported(story, quote="36\nлитров")) == (
        "В более ранней версии материала говорилось: «36 литров». На самом деле "
    )
    assert "%" not in reports.prepared(reported(story))
    percent = reported(make_article(), quote="100 %(quote)s %")
    assert "“100 %(quote)s %”" in reports.prepared(percent)


def test_a_correction_without_text_keeps_the_report_beside_it():
    story = make_article()
    note = reported(story, text="It was 38.")
    client = signed_in()
    data = as_it_is(story, _move="correct") | {
        "correct-kind": "correction",
        "correct-text": "",
        "correct-report": note.pk,
    }
    page = client.post(address(story), data).content.decode()
    assert f'name="correct-report" value="{note.pk}"' in page
    assert "It was 38." in page[page.index("bar__correct") :]
    assert Note.objects.get().closed_at is None


def test_a_report_that_somebody_else_settled_makes_no_second_correction_unawares():
    story = make_article()
    note = reported(story, text="It was 38.")
    client, other = signed_in(), signed_in()
    data = as_it_is(story, _move="correct") | {
        "correct-kind": "correction",
        "correct-text": "It was 38, not 36.",
        "correct-report": note.pk,
    }
    other.post(address(story), data | {"correct-text": "It was 38."})
    page = client.post(address(story), data).content.decode()
    assert "Somebody has settled this report already." in page
    assert "It was 38, not 36." in page
    assert [entry.text for entry in Correction.objects.all()] == ["It was 38."]
    (again,) = re.findall(r'name="correct-report"[^>]*>', page)
    assert f'value="{note.pk}"' not in again
    client.post(address(story), data | {"correct-report": ""})
    assert Correction.objects.count() == 2


def test_a_report_of_another_story_is_not_settled_by_a_correction():
    story, note = make_article(), reported(make_article())
    data = as_it_is(story, _move="correct") | {
        "correct-kind": "correction",
        "correct-text": "It was 38.",
        "correct-report": note.pk,
    }
    signed_in().post(address(story), data)
    assert Correction.objects.count() == 1
    assert Note.objects.get().closed_at is None
    page = signed_in().get(f"{address(story)}?version=live&report={note.pk}").content.decode()
    assert " open" not in re.search(r"bar__correct[^>]*>", page)[0]


@pytest.mark.parametrize("number", ["", "x", "9" * 40, "-1"])
def test_a_report_that_there_is_not_opens_nothing(number):
    story = make_article()
    page = signed_in().get(f"{address(story)}?version=live&report={number}").content.decode()
    assert " open" not in re.search(r"bar__correct[^>]*>", page)[0]


def test_a_report_is_set_aside_by_one_press_and_what_was_typed_stays():
    story = make_article(headline="Before")
    note = reported(story, text="It was 38.")
    client = signed_in()
    data = as_it_is(story, _set_aside=note.pk, _note_text="Half a note") | {"headline": "Typed"}
    response = client.post(address(story), data)
    assert said(response) == ["The report is set aside.", "The story itself is not saved yet."]
    page = response.content.decode()
    assert re.search(r'name="headline"[^>]*>\s*Typed', page)
    assert "Half a note" in page
    assert " open" not in re.search(r"bar__correct[^>]*>", page)[0]
    assert "set it aside" in page
    note.refresh_from_db()
    assert (note.closed_by, note.correction) == (client.user, None)
    story.refresh_from_db()
    assert story.headline == "Before"
    assert Note.objects.count() == 1
    response = client.post(address(story), data)
    assert said(response)[0] == "Somebody has settled this report already."


def test_a_report_on_a_withdrawn_story_is_set_aside_where_it_is_only_read():
    story = make_article()
    note = reported(story)
    publishing.withdraw(story, by=chief(), reason="A figure.")
    client = signed_in()
    page = client.get(address(story)).content.decode()
    path = f"/admin/articles/article/{story.pk}/report/"
    assert f'formaction="{path}"' in page
    response = client.post(path, {"_set_aside": note.pk}, follow=True)
    assert response.redirect_chain == [(f"{address(story)}#notes", 302)]
    note.refresh_from_db()
    assert note.closed_by == client.user
    assert client.get(path).status_code == 405


def test_how_a_reader_is_reached_is_forgotten_some_time_after_the_report_is_settled():
    story = make_article()
    open_one, settled = (reports.add(story, text="Wrong.", contact=SECRET) for _ in range(2))
    reports.set_aside(story, settled.pk, by=chief())
    delivery.forget()
    assert Note.objects.filter(contact=SECRET).count() == 2
    with time_machine.travel(timezone.now() + datetime.timedelta(days=91), tick=False):
        delivery.forget()
    assert list(Note.objects.filter(contact=SECRET)) == [open_one]
    assert Note.objects.filter(text="Wrong.").count() == 2


@pytest.mark.parametrize("role", ["reporter", "administrator"])
def test_only_editors_settle_a_report(role):
    user = make_user(role)
    story = make_article(entered_by=user)
    note = reported(story)
    path = f"/admin/articles/article/{story.pk}/report/"
    assert signed_in(user).post(path, {"_set_aside": note.pk}).status_code == 403
    note.refresh_from_db()
    assert note.closed_at is None


def test_the_next_version_of_a_story_does_not_hide_its_reports():
    story = make_article()
    note = reported(story)
    publishing.propose(story, by=chief(), content=versions.snapshot(story))
    page = signed_in().get(f"{address(story)}?version=next").content.decode()
    assert f"?version=live&amp;report={note.pk}" in page


def test_the_story_form_costs_the_same_with_one_report_and_with_three(django_assert_num_queries):
    story, client = make_article(), signed_in()
    client.get(f"{address(story)}?version=live")
    for number in (1, 3):
        while story.notes.count() < number:
            reported(story, contact=SECRET)
        with django_assert_num_queries(21):
            client.get(f"{address(story)}?version=live")


# How old a story is


@pytest.mark.parametrize(
    ("published", "now", "said"),
    [
        ("2025-11-29 12:00", "2026-11-28 17:59:59", ""),
        ("2025-11-29 12:00", "2026-11-28 18:00:00", "Published in 2025: this story is 1 year old."),
        ("2021-03-01 12:00", "2026-11-29 12:00", "Published in 2021: this story is 5 years old."),
        ("2024-02-29 06:00", "2025-02-28 12:00", ""),
        ("2024-02-29 06:00", "2025-02-28 18:00", "Published in 2024: this story is 1 year old."),
        # In the zone of the site it is 2021 already.
        ("2020-12-31 18:30", "2026-11-29 12:00", "Published in 2021: this story is 5 years old."),
    ],
)
def test_an_old_story_says_how_old_it_is_in_words_that_stay_true(published, now, said):
    moment = [
        datetime.datetime.fromisoformat(text).replace(tzinfo=datetime.UTC)
        for text in (published, now)
    ]
    with time_machine.travel(moment[1], tick=False):
        story = make_article(at=moment[0])
        page = Client().get(story.get_absolute_url()).content.decode()
        found = re.findall(r'notice--old">([^<]*)<', page)
        assert "".join(found) == said


def test_no_cache_holds_a_story_beyond_its_birthday():
    story = make_article(at=datetime.datetime(2025, 1, 10, 6, tzinfo=datetime.UTC))
    path, client = story.get_absolute_url(), Client()
    day = datetime.datetime(2027, 1, 9, 18, tzinfo=datetime.UTC)
    with time_machine.travel(day - datetime.timedelta(seconds=1), tick=False):
        before = client.get(path)
        assert "1 year old" in before.content.decode()
        assert "max-age=0" in before.headers["Cache-Control"]
    with time_machine.travel(day, tick=False):
        after = client.get(path, headers={"If-None-Match": before.headers["ETag"]})
        assert after.status_code == 200
        assert "2 years old" in after.content.decode()


def test_an_old_explainer_and_an_old_story_in_russian():
    moment = timezone.now() - datetime.timedelta(days=366 * 5 + 2)
    old = make_article(at=moment, language="ru")
    page = Client().get(old.get_absolute_url()).content.decode()
    assert f"Опубликовано в {moment:%Y} году: этому материалу 5 лет." in page
    explainer = make_article(at=moment, genre="explainer")
    assert "notice--old" not in Client().get(explainer.get_absolute_url()).content.decode()
