"""No typing is lost: what is kept of a form, to whom it is offered, and that it is saved once."""

import re
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone
from django.utils.html import escape

from articles import autosaves, publishing
from articles.models import Article, Autosave, Revision, SavedForm
from tests.articles.test_desk import (
    ADD,
    HOUR,
    address,
    as_it_is,
    credits,
    said,
    signed_in,
    sources,
    typed,
)
from tests.factories import make_article, make_author, make_image, make_section, make_user

pytestmark = pytest.mark.django_db
NEW = "/admin/articles/article/add/autosave/"


def form_in(response):
    """The random number of the form on a page."""
    return re.search(r'name="form_id" value="([0-9a-f]{32})"', response.content.decode())[1]


def offers(response):
    return [offer.typed.first("headline") for offer in response.context["typed"]]


def keep(client, story=None, **fields):
    form = fields.setdefault("form_id", autosaves.new_form_id())
    data = typed(**fields) if story is None else as_it_is(story) | fields
    response = client.post(NEW if story is None else address(story, "autosave"), data)
    assert response.status_code == 200, response
    return form, response.json()


# Kept


def test_what_is_typed_is_kept_as_it_was_typed_and_the_story_stays_as_it_is():
    story = make_article(status="draft", headline="Snow", body="<p>Old.</p>")
    before, revisions = Article.objects.values().get(), Revision.objects.count()
    client = signed_in()
    words = " Rain  \r\n<script>alert(1)</script> & \0 "
    form, answer = keep(client, story, headline=words, _save="1", csrfmiddlewaretoken="x")
    row = Autosave.objects.get()
    assert (row.article, row.by, row.form_id, row.version) == (story, client.user, form, 1)
    assert row.content["headline"] == [" Rain  \n<script>alert(1)</script> &  "]
    assert row.content["body"] == ["<p>Old.</p>"]
    assert {"_save", "csrfmiddlewaretoken"} & set(row.content) == set()
    assert answer["is_kept"] is True
    assert answer["version"] == story.version
    assert re.fullmatch(r"\d\d:\d\d", answer["time"])
    assert Article.objects.values().get() == before
    assert Revision.objects.count() == revisions


def test_one_row_holds_the_last_words_of_a_person_and_story():
    story = make_article(status="draft")
    client = signed_in()
    form, _ = keep(client, story, headline="One")
    keep(client, story, headline="Two", form_id=form)
    assert Autosave.objects.get().content["headline"] == ["Two"]
    assert Autosave.objects.get().earlier == []


def test_new_stories_are_kept_apart():
    client = signed_in("reporter")
    keep(client, headline="One")
    keep(client, headline="Two")
    assert Autosave.objects.filter(article=None).count() == 2
    assert offers(client.get(ADD)) == ["Two", "One"]


def test_two_people_keep_what_they_type_for_themselves():
    story = make_article(status="draft", headline="Snow")
    one, other = signed_in(), signed_in()
    keep(one, story, headline="Mine")
    keep(other, story, headline="Theirs")
    assert offers(one.get(address(story))) == ["Mine"]
    assert offers(other.get(address(story))) == ["Theirs"]


def test_more_than_a_form_may_hold_is_refused():
    story = make_article(status="draft")
    client = signed_in()
    data = as_it_is(story) | {"body": "я" * (autosaves.MOST // 2 + 1)}
    assert client.post(address(story, "autosave"), data).status_code == 413
    assert not Autosave.objects.exists()


def test_a_form_without_a_number_cannot_be_kept_as_a_new_story():
    client = signed_in()
    for form in ("", "x", "../../etc", "F" * 32):
        answer = client.post(NEW, typed(form_id=form))
        assert answer.json() == {"is_kept": False}
    assert not Autosave.objects.exists()


def test_a_page_of_somebody_who_signed_out_keeps_nothing_for_who_signed_in():
    story = make_article(status="draft")
    client = signed_in()
    data = as_it_is(story) | {"_user": str(make_user().pk)}
    assert client.post(address(story, "autosave"), data).status_code == 409
    assert not Autosave.objects.exists()


@pytest.mark.parametrize("status", ["draft", "in_review", "published", "spiked"])
@pytest.mark.parametrize("verb", ["autosave", "presence"])
def test_a_reporter_keeps_nothing_in_anothers_story(status, verb):
    story = make_article(status=status)
    client = signed_in("reporter")
    assert client.post(address(story, verb), as_it_is(story)).status_code == 403
    assert not Autosave.objects.exists()


def test_a_restricted_story_is_closed_to_who_is_not_named():
    story = make_article(status="draft")
    publishing.restrict(story, by=make_user("chief editor"), people=[make_user()])
    client = signed_in()
    for verb in ("autosave", "presence"):
        assert client.post(address(story, verb), as_it_is(story)).status_code == 404


# Offered back


def test_what_differs_from_the_story_is_offered_and_taken_back_into_the_form():
    section, image = make_section(), make_image()
    story = make_article(status="draft", headline="Snow", authors=[make_author(name="Ann")])
    client = signed_in()
    form, _ = keep(
        client,
        story,
        headline="Rain",
        standfirst="Wet.",
        body="<p>Half a sent",
        section=section.pk,
        lead_image=image.pk,
        tags="Water, Ice",
        regions="Nowhere yet",
        slug="rain",
        noindex="on",
        **credits({"name": "Ann", "role": "author"}, {"name": "Some", "make": "person"}),
        **sources({"name": "24.kg", "url": "https://24"}),
    )
    page = client.get(address(story))
    assert offers(page) == ["Rain"]
    assert page.context["form"]["headline"].value() == "Snow"
    assert "Headline, Standfirst" in page.content.decode()
    page = client.get(f"{address(story)}?take_back={form}")
    shown = page.context["form"]
    assert offers(page) == []
    assert [shown[n].value() for n in ("headline", "body", "tags", "regions", "noindex")] == [
        "Rain",
        "<p>Half a sent",
        "Water, Ice",
        "Nowhere yet",
        True,
    ]
    assert [row["name"].value() for row in shown.credits] == ["Ann", "Some"]
    assert shown.sources[0]["url"].value() == "https://24"
    assert page.context["summary"] == []  # judged when it is saved
    assert form_in(page) == form
    assert Article.objects.get().headline == "Snow"


def test_what_is_the_same_as_the_story_is_not_offered():
    story = make_article(status="draft", headline="Snow", authors=[make_author(name="Ann")])
    client = signed_in()
    page = client.get(address(story))
    rows = credits({"name": "Ann", "role": "author", "position": 1}, {"role": "author"})
    rows["bylines-INITIAL_FORMS"] = 1
    keep(client, story, form_id=form_in(page), genre="news", **rows)
    assert offers(client.get(address(story))) == []


def test_what_was_taken_back_and_saved_is_gone():
    story = make_article(status="draft", headline="Snow")
    client = signed_in()
    form, _ = keep(client, story, headline="Rain")
    client.post(address(story), as_it_is(story) | {"headline": "Rain", "form_id": form})
    assert Article.objects.get().headline == "Rain"
    assert not Autosave.objects.exists()


def test_what_is_thrown_away_is_gone_and_nothing_else():
    story = make_article(status="draft", headline="Snow")
    client = signed_in()
    one, _ = keep(client, story, headline="Rain")
    keep(client, story, headline="Hail")
    new, _ = keep(client, headline="New")
    response = client.post(address(story, "autosave"), {"_throw_away": one}, follow=True)
    assert offers(response) == ["Hail"]
    response = client.post(NEW, {"_throw_away": new}, follow=True)
    assert response.redirect_chain == [(ADD, 302)]
    assert offers(response) == []


def test_typing_on_does_not_overwrite_what_was_offered_and_not_answered():
    story = make_article(status="draft", headline="Snow")
    client = signed_in()
    keep(client, story, headline="Before the crash")
    page = client.get(address(story))
    form = form_in(page)
    keep(client, story, headline="After", form_id=form)
    keep(client, story, headline="After it", form_id=form)
    assert Autosave.objects.count() == 1
    assert offers(client.get(address(story))) == ["After it", "Before the crash"]
    client.post(address(story), as_it_is(story) | {"headline": "After it", "form_id": form})
    assert offers(client.get(address(story))) == ["Before the crash"]


def test_two_tabs_of_one_story_do_not_mix():
    story = make_article(status="draft", headline="Snow")
    client = signed_in()
    one, other = autosaves.new_form_id(), autosaves.new_form_id()
    for number in range(3):
        keep(client, story, headline=f"One {number}", form_id=one)
        keep(client, story, headline=f"Other {number}", form_id=other)
    assert offers(client.get(address(story))) == ["Other 2", "One 2"]


def test_the_same_words_in_two_forms_are_offered_once():
    story = make_article(status="draft", headline="Snow")
    client = signed_in()
    keep(client, story, headline="Rain")
    keep(client, story, headline="Rain")
    assert offers(client.get(address(story))) == ["Rain"]


def test_forms_left_behind_are_bounded():
    story = make_article(status="draft", headline="Snow")
    client = signed_in()
    for number in range(autosaves.EARLIER + 4):
        keep(client, story, headline=f"Try {number}")
    shown = offers(client.get(address(story)))
    assert len(shown) == autosaves.EARLIER + 1
    assert shown[0] == f"Try {autosaves.EARLIER + 3}"


def test_it_outlives_a_save_by_somebody_else_and_says_where_it_began():
    story = make_article(status="draft", headline="Snow")
    client, other = signed_in(), signed_in()
    form, _ = keep(client, story, headline="Mine")
    other.post(address(story), as_it_is(story) | {"headline": "Theirs"})
    page = client.get(address(story))
    assert offers(page) == ["Mine"]
    assert page.context["typed"][0].is_overtaken
    page = client.get(f"{address(story)}?take_back={form}")
    assert page.context["form"]["version"].value() == str(story.version)
    assert Article.objects.get().version == story.version + 1


def test_words_typed_into_the_sheet_of_a_move_come_back_too():
    story = make_article(status="published")
    client = signed_in()
    form, _ = keep(
        client, story, **{"correct-text": "It was Tuesday.", "correct-kind": "correction"}
    )
    page = client.get(address(story))
    assert [offer.changed for offer in page.context["typed"]] == [["Correct"]]
    page = client.get(f"{address(story)}?take_back={form}")
    assert "It was Tuesday.</textarea>" in page.content.decode()


def test_whose_story_was_closed_meanwhile_can_read_what_they_typed():
    client = signed_in("reporter")
    story = make_article(status="draft", headline="Snow", entered_by=client.user)
    form, _ = keep(client, story, headline="Rain", body="<p>All that I know.</p>")
    publishing.submit(story, by=make_user())
    page = client.get(address(story)).content.decode()
    assert escape("<p>All that I know.</p>") in page
    assert client.post(address(story, "autosave"), as_it_is(story)).status_code == 403
    client.post(address(story, "autosave"), {"_throw_away": form})
    assert not Autosave.objects.exists()


def test_a_save_of_a_story_that_was_closed_meanwhile_shows_what_was_typed():
    client = signed_in("reporter")
    story = make_article(status="draft", headline="Snow", entered_by=client.user)
    publishing.submit(story, by=make_user())
    response = client.post(address(story), as_it_is(story) | {"body": "<p>All.</p>"})
    assert response.status_code == 403
    assert escape("<p>All.</p>") in response.content.decode()
    assert "Back into the story" not in response.content.decode()
    assert Article.objects.get().body != "<p>All.</p>"


def test_nobody_takes_back_what_another_typed():
    story = make_article(status="draft", headline="Snow")
    form, _ = keep(signed_in(), story, headline="Zyzzyva")
    other = signed_in("chief editor")
    page = other.get(f"{address(story)}?take_back={form}")
    assert "Zyzzyva" not in page.content.decode()
    other.post(address(story, "autosave"), {"_throw_away": form})
    assert Autosave.objects.count() == 1


@pytest.mark.parametrize("junk", ["x", "0" * 32, "%00", "1'"])
def test_a_number_of_no_form_opens_the_story_as_it_is(junk):
    story = make_article(status="draft", headline="Snow")
    page = signed_in().get(f"{address(story)}?take_back={junk}")
    assert page.context["form"]["headline"].value() == "Snow"


def test_a_form_full_of_nonsense_is_shown_again():
    story = make_article(status="draft", headline="Snow")
    client = signed_in()
    form, _ = keep(
        client,
        story,
        lead_image="x",
        section="999999",
        part="-1",
        language="zz",
        version="many",
        due_at="soon",
        series="Nobody knows",
        **{"bylines-TOTAL_FORMS": "999999", "citations-TOTAL_FORMS": "x"},
    )
    assert client.get(address(story)).status_code == 200
    page = client.get(f"{address(story)}?take_back={form}")
    assert page.context["form"]["series"].value() == "Nobody knows"


# Saved once


def test_a_new_story_sent_twice_is_one_story():
    client = signed_in("reporter")
    data = typed(form_id=form_in(client.get(ADD)))
    first = client.post(ADD, data)
    second = client.post(ADD, data, follow=True)
    story = Article.objects.get()
    assert second.redirect_chain == [(first["Location"], 302)]
    assert said(second) == ["Saved."]
    assert (story.version, story.revisions.count()) == (1, 1)


def test_a_new_story_sent_again_with_other_words_is_offered_them_in_that_story():
    client = signed_in("reporter")
    form = form_in(client.get(ADD))
    client.post(ADD, typed(form_id=form))
    response = client.post(ADD, typed(form_id=form, headline="Rain"), follow=True)
    story = Article.objects.get()
    assert story.headline == "Snow"
    assert response.redirect_chain == [(f"{address(story)}?take_back={form}", 302)]
    assert response.context["form"]["headline"].value() == "Rain"
    assert response.context["form"]["version"].value() == "1"
    data = typed(form_id=form, headline="Rain", version="1")
    client.post(address(story), data)
    assert Article.objects.get().headline == "Rain"
    assert not Autosave.objects.exists()


def test_the_draft_of_a_new_story_goes_with_its_first_save():
    client = signed_in("reporter")
    form = form_in(client.get(ADD))
    keep(client, form_id=form)
    keep(client, headline="Another")
    client.post(ADD, typed(form_id=form))
    assert Autosave.objects.get().content["headline"] == ["Another"]


def test_a_story_published_by_a_double_click_is_published_once_and_alarms_nobody():
    story = make_article(status="draft", headline="Snow")
    client = signed_in()
    form = form_in(client.get(address(story)))
    data = as_it_is(story) | {"_move": "publish", "form_id": form}
    client.post(address(story), data)
    response = client.post(address(story), data, follow=True)
    story.refresh_from_db()
    assert story.transitions.filter(move="publish").count() == 1
    assert len(response.redirect_chain) == 1
    assert not response.context["summary"]


def test_a_form_shown_again_by_the_back_button_saves_what_was_typed_since():
    story = make_article(status="draft", headline="Snow")
    client = signed_in()
    form = form_in(client.get(address(story)))
    client.post(address(story), as_it_is(story) | {"headline": "Rain", "form_id": form})
    story.refresh_from_db()
    client.post(address(story), as_it_is(story) | {"headline": "Hail", "form_id": form})
    assert Article.objects.get().headline == "Hail"


def test_a_request_that_comes_after_the_save_brings_nothing_back():
    story = make_article(status="draft", headline="Snow")
    client = signed_in()
    form = form_in(client.get(address(story)))
    data = as_it_is(story) | {"headline": "Rain", "form_id": form}
    client.post(address(story), data | {"_save": "1"})
    assert client.post(address(story, "autosave"), data).json()["is_kept"] is False
    assert not Autosave.objects.exists()
    # Nor where it was on its way at that moment.
    row = Autosave(article=story, by=client.user, form_id=form)
    row.content = {n: [str(value)] for n, value in data.items() if not n.startswith("_")}
    row.save()
    assert offers(client.get(address(story))) == []


def test_what_was_typed_before_the_save_and_comes_after_it_is_in_the_story():
    story = make_article(status="draft", headline="Snow")
    client = signed_in()
    form = form_in(client.get(address(story)))
    data = as_it_is(story) | {"form_id": form}
    client.post(address(story), data | {"headline": "Rain and hail", "_turn": "2000"})
    late = client.post(address(story, "autosave"), data | {"headline": "Rain", "_turn": "1990"})
    assert late.json()["is_kept"] is False
    since = client.post(address(story, "autosave"), data | {"headline": "Sun", "_turn": "2001"})
    assert since.json()["is_kept"] is True
    assert offers(client.get(address(story))) == ["Sun"]


@pytest.mark.parametrize("has_colleague", [False, True])
def test_what_was_typed_while_the_save_was_on_its_way_collides_with_nobody(has_colleague):
    story = make_article(status="draft", body="<p>Snow fell.</p><p>Roads are closed.</p>")
    client = signed_in()
    data = as_it_is(story) | {"form_id": autosaves.new_form_id()}
    if has_colleague:
        theirs = story.body.replace("closed", "open")
        signed_in().post(address(story), as_it_is(story) | {"body": theirs})
    mine = story.body.replace("fell", "fell in Osh")
    client.post(address(story), data | {"body": mine, "_turn": "2000"})
    more = mine.replace("Osh", "Osh and Naryn")
    client.post(address(story, "autosave"), data | {"body": more, "_turn": "2001"})
    form = client.get(address(story), {"take_back": data["form_id"]}).context["form"]
    again = data | {name: form[name].value() for name in ("body", "version", "form_id")}
    response = client.post(address(story), again)
    assert response.status_code == 302
    story.refresh_from_db()
    assert "fell in Osh and Naryn" in story.body
    assert ("open" in story.body) == has_colleague


def test_who_types_on_again_and_again_while_it_is_saved_collides_with_nobody():
    story = make_article(status="draft", body="<p>Snow fell.</p>")
    client = signed_in()
    data = as_it_is(story) | {"form_id": autosaves.new_form_id()}
    for turn in range(1, 9, 2):
        text = data["body"].replace("fell", f"fell {turn}")
        response = client.post(address(story), data | {"body": text, "_turn": turn})
        assert response.status_code == 302
        more = text.replace("fell", f"fell {turn + 1}")
        client.post(address(story, "autosave"), data | {"body": more, "_turn": turn + 1})
        form = client.get(address(story), {"take_back": data["form_id"]}).context["form"]
        data |= {name: form[name].value() for name in ("body", "version", "form_id")}
        assert data["body"] == more


@pytest.mark.parametrize("is_new", [False, True])
def test_what_was_typed_since_and_came_in_before_the_save_is_offered_after_it(is_new):
    client = signed_in()
    story = None if is_new else make_article(status="draft", headline="Snow")
    where = (NEW, ADD) if is_new else (address(story, "autosave"), address(story))
    data = (typed() if is_new else as_it_is(story)) | {"form_id": autosaves.new_form_id()}
    client.post(where[0], data | {"headline": "Rain and hail", "_turn": "2001"})
    client.post(where[1], data | {"headline": "Rain", "_turn": "2000"})
    story = Article.objects.get()
    assert story.headline == "Rain"
    assert offers(client.get(address(story))) == ["Rain and hail"]
    form = client.get(address(story), {"take_back": data["form_id"]}).context["form"]
    names = ("headline", "slug", "version", "form_id")
    data |= {name: form[name].value() for name in names}
    assert client.post(address(story), data | {"_turn": "2002"}).status_code == 302
    story.refresh_from_db()
    assert (story.headline, story.slug) == ("Rain and hail", "rain-and-hail")
    assert not Autosave.objects.exists()


def test_what_waited_while_a_new_story_was_saved_is_offered_at_that_story():
    client, form = signed_in(), autosaves.new_form_id()
    client.post(ADD, typed(form_id=form, _turn="2000"))
    # Asked for before there was a story, written after.
    autosaves.keep(
        {"headline": ["Rain"], "form_id": [form]},
        by=client.user,
        article=None,
        form_id=form,
        turn=2001,
    )
    assert offers(client.get(address(Article.objects.get()))) == ["Rain"]
    assert offers(client.get(ADD)) == []


def test_the_address_follows_a_headline_that_was_typed_on_while_it_was_saved():
    story = make_article(status="draft", headline="Snow")
    client = signed_in()
    data = as_it_is(story) | {"form_id": autosaves.new_form_id()}
    client.post(address(story), data | {"headline": "Rain", "_turn": "1"})
    more = data | {"headline": "Rain and hail", "_turn": "2"}
    client.post(address(story, "autosave"), more)
    form = client.get(address(story), {"take_back": data["form_id"]}).context["form"]
    names = ("headline", "slug", "version", "form_id")
    client.post(address(story), data | {name: form[name].value() for name in names})
    story.refresh_from_db()
    assert (story.headline, story.slug) == ("Rain and hail", "rain-and-hail")
    # And where the form is sent again as it stands, with the back button.
    client.post(address(story), more | {"headline": "Hail", "version": 1})
    story.refresh_from_db()
    assert (story.headline, story.slug) == ("Hail", "hail")


def test_what_was_on_its_way_before_the_save_and_is_kept_beside_it_is_not_offered():
    story = make_article(status="draft", headline="Snow")
    client = signed_in()
    data = as_it_is(story) | {"form_id": autosaves.new_form_id()}
    client.post(address(story), data | {"headline": "Rain and hail", "_turn": "2000"})
    # Two requests at once: each saw nothing of the other.
    Autosave.objects.create(
        article=story,
        by=client.user,
        form_id=data["form_id"],
        turn=1990,
        content={"headline": ["Rain"], "form_id": [data["form_id"]]},
    )
    assert offers(client.get(address(story))) == []


def test_an_older_request_that_comes_late_overwrites_nothing_newer():
    story = make_article(status="draft", headline="Snow")
    client = signed_in()
    form, _ = keep(client, story, headline="Two", _turn="2")
    keep(client, story, headline="One", _turn="1", form_id=form)
    assert Autosave.objects.get().content["headline"] == ["Two"]
    # Sent without a script it says no turn: it is what was typed last.
    keep(client, story, headline="Three", form_id=form)
    assert offers(client.get(address(story))) == ["Three"]
    keep(client, story, headline="Four", _turn="junk", form_id=autosaves.new_form_id())
    assert offers(client.get(address(story))) == ["Four", "Three"]


def test_what_is_typed_into_a_new_story_after_its_save_belongs_to_the_story():
    client = signed_in("reporter")
    form = form_in(client.get(ADD))
    client.post(ADD, typed(form_id=form))
    keep(client, form_id=form, headline="Rain")
    story = Article.objects.get()
    assert Autosave.objects.get().article == story
    assert offers(client.get(ADD)) == []
    assert offers(client.get(address(story))) == ["Rain"]


def test_a_form_that_was_not_saved_may_be_sent_again():
    client = signed_in()
    form = form_in(client.get(ADD))
    response = client.post(ADD, typed(form_id=form, regions="Nowhere"))
    assert response.status_code == 200
    assert form_in(response) == form
    client.post(ADD, typed(form_id=form))
    assert Article.objects.count() == 1


def test_an_autosave_is_no_reason_to_warn_anybody():
    story = make_article(status="draft", headline="Snow")
    client, other = signed_in(), signed_in()
    keep(client, story, headline="Rain")
    keep(other, story, headline="Hail")
    response = client.post(address(story), as_it_is(story) | {"headline": "Rain"}, follow=True)
    assert said(response) == ["Saved."]


def test_a_story_that_goes_live_meanwhile_is_saved_without_an_alarm():
    story = make_article(status="scheduled", at=timezone.now() + HOUR, headline="Snow")
    client = signed_in()
    page = client.get(address(story))
    Article.objects.filter(pk=story.pk).update(
        published_at=timezone.now() - HOUR / 60, first_published_at=timezone.now() - HOUR / 60
    )
    data = as_it_is(story) | {"headline": "Rain", "form_id": form_in(page)}
    assert said(client.post(address(story), data, follow=True)) == ["Saved."]


def test_saved_forms_are_remembered_for_a_week():
    client = signed_in()
    client.post(ADD, typed(form_id=autosaves.new_form_id()))
    SavedForm.objects.update(at=timezone.now() - autosaves.REMEMBERED - HOUR)
    client.post(ADD, typed(form_id=autosaves.new_form_id()))
    assert SavedForm.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_new_story_whose_other_half_came_first_is_taken_back_whole():
    client = signed_in()
    form = autosaves.new_form_id()

    @transaction.atomic
    def save():
        story = make_article(status="draft")
        autosaves.settle(
            {"headline": ["Snow"]}, by=client.user, article=story, form_id=form, is_new=True
        )
        return story

    story = save()
    with pytest.raises(autosaves.Repeated):
        save()
    assert Article.objects.get() == story


def at_once(user, act, *, times):
    """What ``act(client, number)`` answers to browsers of one login, all at the same moment."""
    gate = threading.Barrier(times)

    def one(number):
        client = signed_in(user)
        gate.wait()
        try:
            return act(client, number)
        finally:
            connection.close()

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(one, range(times)))


@pytest.mark.django_db(transaction=True)
def test_both_halves_of_a_double_click_lead_to_one_story():
    user, form = make_user("reporter"), autosaves.new_form_id()

    def post(client, number):
        return client.post(ADD, typed(form_id=form))["Location"]

    answers = at_once(user, post, times=2)
    assert answers == [address(Article.objects.get())] * 2


@pytest.mark.django_db(transaction=True)
def test_both_halves_of_a_double_click_make_one_version():
    story, user = make_article(status="draft", headline="Snow"), make_user()
    data = as_it_is(story) | {"headline": "Rain", "form_id": autosaves.new_form_id()}
    before = story.revisions.count()

    def post(client, number):
        return client.post(address(story), data).status_code

    answers = at_once(user, post, times=4)
    assert answers == [302] * 4
    assert story.revisions.count() == before + 1


@pytest.mark.django_db(transaction=True)
def test_both_halves_of_a_double_click_publish_one_story_at_an_address_that_was_taken():
    make_article(status="published", headline="Rain", at=timezone.now())
    story, user = make_article(status="draft", headline="Snow"), make_user()
    data = as_it_is(story) | {"headline": "Rain", "form_id": autosaves.new_form_id()}

    def post(client, number):
        return client.post(address(story), data | {"_move": "publish"}).status_code

    answers = at_once(user, post, times=4)
    assert answers == [302] * 4
    story.refresh_from_db()
    assert (story.is_live, story.slug) == (True, "rain-2")
    assert story.transitions.count() == 1


@pytest.mark.django_db(transaction=True)
def test_requests_at_once_keep_one_row():
    story, user = make_article(status="draft"), make_user()

    def post(client, number):
        keep(client, story, headline=f"Words {number}", form_id=f"{number:032x}")
        client.post(address(story, "presence"))

    at_once(user, post, times=4)
    row = Autosave.objects.get()
    assert {t.first("headline") for t in autosaves.kept(user, story)} == {
        f"Words {number}" for number in range(4)
    }
    assert (row.article, story.present.count()) == (story, 1)


# What could not be sent


def strict(client):
    """The same login in a browser whose forms are checked."""
    checked = Client(enforce_csrf_checks=True)
    checked.user = client.user
    checked.cookies = client.cookies
    return checked


def fields_of(response):
    page = response.content.decode()
    form = page[page.index('class="unsent"') :]
    hidden = re.findall(r'<input type="hidden" name="(\w[\w-]*)" value="([^"]*)">', form)
    texts = re.findall(r'<textarea name="(\w+)"[^>]*>\n([^<]*)</textarea>', form)
    return dict(hidden) | dict(texts)


def test_a_form_with_a_stale_token_is_shown_again_and_leads_back_into_the_story():
    story = make_article(status="draft", headline="Snow")
    client = strict(signed_in())
    client.get(address(story))
    data = as_it_is(story) | {"headline": "Rain", "tags": "Ice", "csrfmiddlewaretoken": "x" * 64}
    response = client.post(address(story), data)
    assert response.status_code == 403
    assert not Autosave.objects.exists()  # whoever sent it may be anybody
    back = fields_of(response)
    assert (back["headline"], back["tags"]) == ("Rain", "Ice")
    token = re.search(r'csrfmiddlewaretoken" value="(\w+)"', response.content.decode())[1]
    back |= {"csrfmiddlewaretoken": token, "_back": "1"}
    response = client.post(address(story, "autosave"), back, follow=True)
    assert response.context["form"]["headline"].value() == "Rain"
    assert response.context["form"]["tags"].value() == "Ice"


def test_a_form_of_an_ended_session_is_shown_again_and_goes_on_after_signing_in():
    client = signed_in("reporter")
    form = form_in(client.get(ADD))
    user = client.user
    client.logout()
    response = client.post(ADD, typed(form_id=form, body="<p>All night.</p>"))
    assert response.status_code == 403
    assert not Article.objects.exists()
    page = response.content.decode()
    assert escape("<p>All night.</p>") in page
    assert f"/admin/login/?next={ADD}" in page
    back = fields_of(response) | {"_back": "1"}
    back["body"] = "<p>All night.</p>"
    # Not signed in yet: the same page again.
    response = client.post(NEW, back)
    assert (response.status_code, fields_of(response)["form_id"]) == (403, form)
    client.force_login(user)
    response = client.post(NEW, back, follow=True)
    assert response.redirect_chain == [(f"{ADD}?take_back={form}", 302)]
    assert response.context["form"]["body"].value() == "<p>All night.</p>"


def test_other_forms_that_cannot_be_sent_are_refused_plainly():
    client = strict(signed_in())
    response = client.post("/admin/password_change/", {"old_password": "zyzzyva"})
    assert response.status_code == 403
    assert "zyzzyva" not in response.content.decode()
    assert Client().post(ADD, {}).status_code == 302


def test_a_page_that_is_older_than_the_session_gets_a_token_that_holds():
    story = make_article(status="draft")
    client = strict(signed_in())
    token = client.get(address(story, "autosave")).json()["token"]
    data = as_it_is(story) | {"csrfmiddlewaretoken": token, "form_id": autosaves.new_form_id()}
    assert client.post(address(story, "autosave"), data).json()["is_kept"] is True


def test_nobody_without_a_place_at_the_desk_gets_a_token():
    story = make_article(status="draft")
    assert Client().get(address(story, "autosave")).status_code == 302
    assert signed_in("administrator").get(NEW).status_code == 403


def test_words_kept_in_the_moment_in_which_their_new_story_was_saved_are_offered_at_the_story():
    client, form = signed_in(), autosaves.new_form_id()
    fields = typed(form_id=form, headline="Snow", _turn="1", _save="1")
    client.post(ADD, fields)
    story = Article.objects.get()
    # Another connection had seen no story yet, and wrote this after the save had looked.
    content = {name: [value] for name, value in fields.items() if not name.startswith("_")}
    Autosave.objects.create(
        by=client.user,
        form_id=form,
        at=timezone.now(),
        version=0,
        turn=2,
        content=content | {"headline": ["Snow again"]},
    )
    assert autosaves.kept(client.user, None) == []
    (kept,) = autosaves.kept(client.user, story)
    assert (kept.first("headline"), kept.version) == ("Snow again", story.version)
    assert offers(client.get(address(story))) == ["Snow again"]
    assert offers(client.get(ADD)) == []
    autosaves.drop(by=client.user, article=story, form_id=form)
    assert not Autosave.objects.exists()
