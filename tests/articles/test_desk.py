"""The story on the desk: filing, moves, rights, the list, and what stands around it."""

import datetime
import re

import pytest
from django.contrib.contenttypes.models import ContentType
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from addresses.models import Redirect
from articles import publishing
from articles.models import Article, Byline, Citation, Tag, Transition
from authors.models import Author, Organisation, User
from tests.factories import (
    chief,
    make_article,
    make_author,
    make_image,
    make_organisation,
    make_region,
    make_section,
    make_tag,
    make_user,
)

pytestmark = pytest.mark.django_db
ADD = "/admin/articles/article/add/"
LIST = "/admin/articles/article/"
HOUR = datetime.timedelta(hours=1)


def signed_in(role="editor", **fields):
    client = Client()
    client.user = role if isinstance(role, User) else make_user(role, **fields)
    client.force_login(client.user)
    return client


def address(story, verb="change"):
    return reverse(f"admin:articles_article_{verb}", args=[story.pk])


def typed(**fields):
    """What a form sends, with what a test cares about changed; that there is no region was seen."""
    passed = {"_passed": ["no region"]}
    return {"headline": "Snow", "language": "en", "genre": "news", **passed, **fields}


def as_it_is(story, **fields):
    """What the form of a story sends when nothing is changed but ``fields``."""
    return typed(
        headline=story.headline,
        standfirst=story.standfirst,
        body=story.body,
        slug=story.slug,
        section=story.section_id or "",
        version=story.version,
        **fields,
    )


def credits(*rows):
    data = {"bylines-TOTAL_FORMS": len(rows), "bylines-INITIAL_FORMS": 0}
    for number, row in enumerate(rows):
        data |= {f"bylines-{number}-{name}": value for name, value in row.items()}
    return data


def sources(*rows):
    data = {"citations-TOTAL_FORMS": len(rows), "citations-INITIAL_FORMS": 0}
    for number, row in enumerate(rows):
        data |= {f"citations-{number}-{name}": value for name, value in row.items()}
    return data


def said(response):
    return [str(message) for message in response.context["messages"]]


# Filing


@pytest.mark.parametrize("role", ["reporter", "editor", "chief editor"])
def test_a_draft_needs_nothing_but_a_headline(role):
    client = signed_in(role)
    response = client.post(ADD, typed(), follow=True)
    story = Article.objects.get()
    assert response.redirect_chain == [(address(story), 302)]
    assert said(response) == ["Saved."]
    assert (story.status, story.slug, story.entered_by) == ("draft", "snow", client.user)
    assert story.revisions.count() == 1


def test_the_whole_story_is_filed_in_one_go():
    agency = make_organisation(name="The Times of Central Asia", short_name="TCA")
    kwan, section = make_author(name="Sergey Kwan"), make_section()
    asia = make_region(name="Central Asia")
    make_region(name="Kyrgyzstan", parent=asia)
    image = make_image()
    response = signed_in().post(
        ADD,
        typed(
            headline="  No talks\nabout troops ",
            standfirst="Officials say.",
            body="<p>BISHKEK (TCA) — Officials have said so.</p><p>More.</p>",
            section=section.pk,
            regions="kyrgyzstan, Central Asia",
            tags="Syria, troops, , syria",
            lead_image=image.pk,
            lead_caption="Here.",
            series="Talks",
            series_make="1",
            part="2",
            _move="publish",
            **credits(
                {"name": "sergey kwan", "role": "author"},
                {"name": "New Person", "make": "person", "role": "translator"},
                {"name": "", "role": "editor"},
            ),
            **sources(
                {"name": "24.kg", "make": "1", "relation": "cites", "url": "https://24.kg/a/"},
                {"name": "TCA", "relation": "based on"},
                {"name": "24.KG", "make": "1", "relation": "photo from"},
            ),
        ),
        follow=True,
    )
    story = Article.objects.get()
    assert (story.headline, story.status) == ("No talks about troops", "published")
    assert (story.dateline_place, story.dateline_organisation) == ("Bishkek", agency)
    assert story.body == "<p>Officials have said so.</p><p>More.</p>"
    assert {r.name for r in story.regions.all()} == {"Kyrgyzstan", "Central Asia"}
    assert sorted(t.name for t in story.tags.all()) == ["Syria", "troops"]
    assert (story.series.name, story.part, story.lead_image) == ("Talks", 2, image)
    assert [(b.author.name, b.role) for b in story.bylines.all()] == [
        ("Sergey Kwan", "author"),
        ("New Person", "translator"),
    ]
    assert story.bylines.first().author == kwan
    assert [(c.organisation.name, c.relation, c.url) for c in story.citations.all()] == [
        ("24.kg", "cites", "https://24.kg/a/"),
        ("The Times of Central Asia", "based on", ""),
        ("24.kg", "photo from", ""),
    ]
    assert story.get_absolute_url() in "".join(said(response))


def test_a_refused_publication_saves_and_lists_all_that_is_missing_once():
    client = signed_in()
    response = client.post(ADD, typed(_move="publish", dateline_organisation="X"), follow=True)
    assert not Article.objects.exists()  # an unknown agency is a mistake of the form
    make_organisation(name="X")
    response = client.post(ADD, typed(_move="publish", dateline_organisation="X"), follow=True)
    story = Article.objects.get()
    assert story.status == "draft"
    (message,) = said(response)
    assert "saved" in message
    links = re.findall(r'<a href="#(\w[\w-]*)">', message)
    assert links == ["id_body", "id_bylines-0-name", "id_section", "id_dateline_place"]
    page = response.content.decode()
    for link in links:
        assert f'id="{link}"' in page


def test_a_taken_slug_is_said_at_the_slug_and_nothing_typed_is_lost():
    make_article(headline="Snow")
    story = make_article(headline="Rain")
    client = signed_in()
    response = client.post(address(story), as_it_is(story) | {"standfirst": "New.", "slug": "snow"})
    assert response.status_code == 200
    assert "snow-2" in response.context["form"].errors["slug"][0]
    assert response.context["form"]["standfirst"].value() == "New."
    story.refresh_from_db()
    assert (story.slug, story.standfirst) != ("snow", "New.")


def test_two_cyrillic_drafts_of_one_headline():
    client = signed_in("reporter")
    for _ in range(2):
        assert client.post(ADD, typed(headline="Талаш болгон жер")).status_code == 302
    assert [a.slug for a in Article.objects.all()] == ["talash-bolgon-zher"] * 2


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("headline", "x" * 300),
        ("headline", " \n "),
        ("headline", "Sn\0w"),
        ("standfirst", "x" * 1001),
        ("standfirst", "\0"),
        ("body", "<p>" + "x" * 2_000_000 + "</p>"),
        ("body", "<p>\0</p>"),
        ("tags", "Sn\0w"),
        ("tags", "x" * 101),
        ("regions", "Nowhere"),
        ("regions", "\0"),
        ("series", "\0"),
        ("dateline_organisation", "Nobody"),
        ("dateline_organisation", "\0"),
        ("lead_image", "999999999999999999999"),
        ("lead_image", "x"),
        ("section", "777"),
        ("language", "xx"),
        ("genre", "gossip"),
        ("embargo_until", "soon"),
        ("part", "-1"),
        ("supersedes", "No such story"),
        ("canonical_url", "nowhere"),
    ],
)
def test_what_cannot_be_is_said_at_its_field(field, value):
    response = signed_in().post(ADD, typed(**{field: value}))
    assert response.status_code == 200
    assert field in response.context["form"].errors
    assert f"id_{field}" in [id for id, _, _ in response.context["summary"]]
    assert not Article.objects.exists()


@pytest.mark.parametrize(
    "rows",
    [
        credits({"name": "Nobody"}),
        credits({"name": "\0"}),
        credits({"name": "x" * 300}),
        credits({"name": "x" * 130, "make": "person"}),
        credits({"name": "Ann", "role": "king"}),
        credits({"name": "Twin"}),
        credits({"name": "Ann"}, {"name": "ann"}),
        credits({"name": "Ann", "position": "-4"}),
        sources({"name": "Nobody"}),
        sources({"url": "https://24.kg/"}),
        sources({"name": "Agency", "url": "javascript:alert(1)"}),
        {"bylines-TOTAL_FORMS": "5000", "bylines-INITIAL_FORMS": "0"},
        {"bylines-TOTAL_FORMS": "x", "bylines-INITIAL_FORMS": "0"},
    ],
)
def test_what_cannot_be_credited_is_said_in_its_row(rows):
    make_author(name="Ann")
    make_author(name="Twin")
    make_organisation(name="twin")
    make_organisation(name="Agency")
    response = signed_in().post(ADD, typed(**rows))
    assert response.status_code == 200
    assert response.context["summary"]
    assert not Article.objects.exists()


def test_of_two_with_one_name_either_can_be_credited():
    one, other = make_author(name="Ann"), make_author(name="Ann")
    response = signed_in().post(ADD, typed(**credits({"name": f"Ann (#{other.pk})"})), follow=True)
    assert [b.author for b in Byline.objects.all()] == [other]
    assert one.bylines.count() == 0
    # What the form then shows finds the same person again.
    story = Article.objects.get()
    name = response.context["form"].credits.forms[0]["name"].value()
    client = signed_in()
    client.post(address(story), as_it_is(story, **credits({"name": name})))
    assert [b.author for b in Byline.objects.all()] == [other]


def test_a_number_that_belongs_to_another_name_stands_for_nobody():
    ann = make_author(name="Ann")
    response = signed_in().post(ADD, typed(**credits({"name": f"Ben (#{ann.pk})"})))
    assert response.status_code == 200


def test_a_program_may_name_people_by_their_numbers():
    ann, agency = make_author(), make_organisation()
    signed_in().post(ADD, typed(**credits({"author": ann.pk}, {"organisation": agency.pk})))
    assert [b.author or b.organisation for b in Byline.objects.all()] == [ann, agency]


def test_rows_stand_in_the_order_of_their_numbers_and_may_swap_names():
    ann, ben = make_author(name="Ann"), make_author(name="Ben")
    story = make_article(status="draft", authors=[ann, ben])
    rows = credits(
        {"name": "Ben", "role": "author", "position": 1},
        {"name": "Ann", "role": "author", "position": 2},
        {"name": "Ann", "role": "editor", "position": 1},
    )
    signed_in().post(address(story), as_it_is(story, **rows))
    assert [(b.author, b.role) for b in story.bylines.all()] == [
        (ben, "author"),
        (ann, "editor"),
        (ann, "author"),
    ]


def test_a_removed_row_is_gone_and_rows_that_were_not_sent_stay():
    story = make_article(
        status="draft", authors=[make_author(name="Ann")], citations=[make_organisation(name="A")]
    )
    client = signed_in()
    client.post(address(story), as_it_is(story))
    assert story.bylines.count() == story.citations.count() == 1
    story.refresh_from_db()
    gone = credits({"name": "Ann", "DELETE": "on"})
    client.post(address(story), as_it_is(story, **gone, **sources()))
    assert story.bylines.count() == story.citations.count() == 0


def test_the_dateline_of_an_unknown_agency_stays_in_the_text():
    client = signed_in()
    text = "<p>OSH (XYZ) — Words.</p>"
    response = client.post(ADD, typed(body=text), follow=True)
    story = Article.objects.get()
    assert (story.body, story.dateline_place) == (text, "")
    assert any("XYZ" in message for message in said(response))
    more = {"dateline_organisation": "xyz", "dateline_organisation_make": "1"}
    client.post(address(story), as_it_is(story, **more))
    story.refresh_from_db()
    assert (story.body, story.dateline_place) == ("<p>Words.</p>", "Osh")
    assert story.dateline_organisation == Organisation.objects.get(name="xyz")


def test_a_dateline_does_not_take_the_place_of_another():
    make_organisation(name="TCA")
    client = signed_in()
    text = "<p>OSH (TCA) — Words.</p>"
    client.post(ADD, typed(body=text, dateline_place="Naryn"))
    story = Article.objects.get()
    assert (story.body, story.dateline_place) == (text, "Naryn")


def test_hostile_html_never_reaches_the_database():
    signed_in("reporter").post(
        ADD, typed(body='<p onclick="x()">Hi<script>x()</script><img src=x onerror=x()></p>')
    )
    assert Article.objects.get().body == "<p>Hi</p>"


def test_what_is_new_is_made_only_when_the_story_is_saved():
    response = signed_in().post(
        ADD, typed(headline="", tags="Newtag", **credits({"name": "New", "make": "person"}))
    )
    assert response.status_code == 200
    assert not Author.objects.exists()
    assert not Tag.objects.exists()


# Two people on one story


def test_a_form_without_its_version_saves_nothing():
    story = make_article(status="draft", headline="Snow")
    data = as_it_is(story) | {"headline": "Rain"}
    del data["version"]
    assert signed_in().post(address(story), data).status_code == 200
    assert Article.objects.get().headline == "Snow"


# Moves


def test_a_reporter_submits_and_takes_back_and_cannot_publish():
    client = signed_in("reporter")
    story = make_article(status="draft", entered_by=client.user)
    page = client.get(address(story)).content.decode()
    assert 'value="submit"' in page
    assert 'value="publish"' not in page
    client.post(address(story), as_it_is(story, _move="submit"))
    story.refresh_from_db()
    assert story.status == "in_review"
    page = client.get(address(story)).content.decode()
    assert 'value="take-back"' in page
    assert 'name="headline"' not in page
    client.post(address(story, "move"), {"_move": "take-back"})
    story.refresh_from_db()
    assert story.status == "draft"
    changed = as_it_is(story, _move="publish") | {"headline": "Changed"}
    response = client.post(address(story), changed, follow=True)
    assert "no longer open to you" in " ".join(said(response))
    assert (Article.objects.get().headline, Article.objects.get().status) == ("Changed", "draft")
    assert client.post(address(story, "move"), {"_move": "publish"}).status_code == 403
    assert client.post(address(story, "move"), {"_move": "nonsense"}).status_code == 403
    assert client.get(address(story, "move")).status_code == 405


def test_scheduling_is_one_act_in_the_sites_zone():
    story = make_article(status="draft")
    client = signed_in()
    at = (timezone.now() + 5 * HOUR).astimezone(timezone.get_default_timezone())
    data = as_it_is(story, _move="schedule") | {"schedule-at": f"{at:%Y-%m-%dT%H:%M}"}
    response = client.post(address(story), data, follow=True)
    story.refresh_from_db()
    assert story.is_scheduled
    assert story.published_at == at.replace(second=0, microsecond=0)
    assert f"{at:%H:%M} Bishkek, in 5 h." in response.content.decode()


@pytest.mark.parametrize("at", ["", "soon", "2020-01-01T06:00", "\0"])
def test_a_time_that_cannot_be_is_refused_and_the_save_stands(at):
    story = make_article(status="draft")
    data = as_it_is(story, _move="schedule", **{"schedule-at": at}) | {"headline": "Rain"}
    response = signed_in().post(address(story), data, follow=True)
    story.refresh_from_db()
    assert (story.status, story.headline) == ("draft", "Rain")
    (message,) = said(response)
    assert "#id_schedule-at" in message


def test_returning_needs_a_note_and_shows_it_to_the_writer():
    reporter = signed_in("reporter")
    story = make_article(status="in_review", entered_by=reporter.user)
    editor = signed_in()
    response = editor.post(address(story), as_it_is(story, _move="return"), follow=True)
    assert "#id_return-note" in said(response)[0]
    story.refresh_from_db()
    note = {"return-note": "Name the second source."}
    editor.post(address(story), as_it_is(story, _move="return", **note))
    story.refresh_from_db()
    assert story.status == "draft"
    page = reporter.get(address(story)).content.decode()
    assert "Name the second source." in page
    assert "Returned" in page


MOVES = {
    "approve": ("draft", {}, "ready"),
    "spike": ("draft", {"spike-note": "No."}, "spiked"),
    "unschedule": ("scheduled", {}, "ready"),
    "pull": ("published", {"pull-note": "A call."}, "pulled"),
    "withdraw": ("published", {"withdraw-reason": "Wrong."}, "withdrawn"),
    "retract": ("published", {"retract-reason": "Wrong."}, "retracted"),
}


@pytest.mark.parametrize("move", MOVES)
def test_a_move_from_the_form_saves_first(move):
    before, data, after = MOVES[move]
    story = make_article(status=before)
    client = signed_in("chief editor")
    words = client.get(address(story)).content.decode()
    assert f'value="{move}"' in words or f'/taking/{move}/"' in words
    posted = as_it_is(story, _move=move, **data) | {"headline": "Rain"}
    assert client.post(address(story), posted).status_code == 302
    story.refresh_from_db()
    assert (story.status, story.headline) == (after, "Rain")
    assert Transition.objects.filter(article=story, by=client.user).exists()


@pytest.mark.parametrize(("before", "move"), [("pulled", "release"), ("spiked", "unspike")])
def test_what_was_put_away_comes_back(before, move):
    story = make_article(status=before)
    client = signed_in("chief editor")
    words = client.get(address(story)).content.decode()
    assert f'value="{move}"' in words or f'/taking/{move}/"' in words
    assert client.post(address(story, "move"), {"_move": move}).status_code == 302
    story.refresh_from_db()
    assert story.status == {"release": "published", "unspike": "draft"}[move]


def test_a_correction_is_published_and_cannot_be_a_retraction():
    story = make_article()
    client = signed_in()
    data = {"correct-kind": "correction", "correct-text": "38, not 36."}
    client.post(address(story), as_it_is(story, _move="correct", **data))
    assert story.corrections.get().text == "38, not 36."
    story.refresh_from_db()
    data["correct-kind"] = "retraction"
    client.post(address(story), as_it_is(story, _move="correct", **data))
    assert story.corrections.count() == 1


def test_a_shared_preview_is_a_link_and_not_for_a_reporter_under_embargo():
    client = signed_in("reporter")
    story = make_article(status="draft", entered_by=client.user)
    response = client.post(address(story), as_it_is(story, _move="share"), follow=True)
    link = re.search(r'href="http://testserver(/preview/[^"]+)"', said(response)[0])[1]
    assert story.headline in Client().get(link).content.decode()
    Article.objects.filter(pk=story.pk).update(embargo_until=timezone.now() + HOUR)
    story.refresh_from_db()
    response = client.post(address(story), as_it_is(story, _move="share"), follow=True)
    assert "/preview/" not in " ".join(said(response))
    assert story.preview_links.count() == 1
    assert Client().get(link).status_code == 404


def test_only_a_change_that_readers_should_know_of_moves_updated():
    story = make_article()
    client = signed_in()
    client.post(address(story), as_it_is(story))
    story.refresh_from_db()
    assert story.updated_at is None
    client.post(address(story), as_it_is(story, is_substantive="on"))
    story.refresh_from_db()
    assert story.updated_at is not None


def test_a_preview_shows_the_saved_story_to_whoever_may_read_it_and_is_never_stored():
    client = signed_in("reporter")
    story = make_article(status="draft", entered_by=client.user, body="<p>Not yet out.</p>")
    response = client.get(address(story, "preview"))
    assert "Not yet out." in response.content.decode()
    assert "no-store" in response.headers["Cache-Control"]


def test_a_translation_is_linked_to_its_original_and_to_one_only():
    client = signed_in()
    original = make_article(headline="Snow")
    data = typed(headline="Снег", language="ru", translated_from="Snow")
    client.post(ADD, data)
    story = Article.objects.get(language="ru")
    original.refresh_from_db()
    assert original.translation_group == story.translation_group is not None
    assert story.translated_from_revision == original.revisions.first()
    for wrong in (data, typed(translated_from="Snow")):
        response = client.post(ADD, wrong)
        assert response.context["form"].errors["translated_from"]
    response = client.post(
        address(story), as_it_is(story, translated_from="Snow") | {"language": "en"}
    )
    assert response.context["form"].errors["translated_from"]
    client.post(address(story), as_it_is(story) | {"language": "ru", "translated_from": ""})
    story.refresh_from_db()
    assert (story.translated_from, story.translation_group) == (None, None)


def test_an_original_does_not_take_the_language_of_its_translation():
    client = signed_in()
    original = make_article(status="draft", headline="Snow")
    client.post(ADD, typed(headline="Снег", language="ru", translated_from="Snow"))
    original.refresh_from_db()
    response = client.post(address(original), as_it_is(original) | {"language": "ru"})
    assert response.status_code == 200
    assert Article.objects.filter(language="ru").count() == 1


def test_history_tells_who_did_what_and_why():
    story = make_article(status="returned")
    page = signed_in().get(address(story, "history")).content.decode()
    assert "Please name the second source." in page
    assert "Return" in page


# Rights


@pytest.mark.parametrize("verb", ["change", "history", "preview"])
def test_another_reporters_draft_stays_closed(verb):
    client = signed_in("reporter")
    story = make_article(status="draft", headline="Somebody else's")
    assert client.get(address(story, verb)).status_code == 403
    assert client.post(address(story), as_it_is(story)).status_code == 403
    assert client.post(address(story, "move"), {"_move": "submit"}).status_code == 403
    # That there is such a story, and who has it, the list does say.
    page = client.get(LIST).content.decode()
    assert escape(story.headline) in page
    assert address(story) not in page


def test_forged_fields_of_a_reporter_change_nothing():
    client = signed_in("reporter")
    withheld = make_author(name="Ann")
    story = make_article(status="draft", entered_by=client.user, authors=[withheld])
    Byline.objects.update(withheld=True)
    other = make_article(headline="Another's")
    before = Article.objects.filter(pk=story.pk).values().get()
    forged = as_it_is(
        story,
        status="published",
        published_at="2020-01-01T00:00",
        published_at_0="2020-01-01",
        published_at_1="00:00",
        first_published_at="2020-01-01",
        entered_by=other.entered_by_id,
        guid="x",
        embargo_until="2030-01-01T00:00",
        assigned_to=other.entered_by_id,
        noindex="on",
        paid_by=make_organisation().pk,
        canonical_url="https://elsewhere.example/",
        is_restricted="on",
        restricted_to=client.user.pk,
        id=other.pk,
        is_substantive="on",
        **credits(
            {"name": "Ann", "withheld": "", "id": other.bylines.get().pk, "article": other.pk}
        ),
    )
    assert client.post(address(story), forged).status_code == 302
    after = Article.objects.filter(pk=story.pk).values().get()
    changed = {name for name in after if after[name] != before[name]}
    assert changed == {"version", "modified_at"}
    assert Byline.objects.get(article=story).withheld
    assert other.bylines.count() == 1
    Article.objects.filter(pk=story.pk).update(status="in_review")
    assert client.post(address(story), as_it_is(story)).status_code == 403


def test_an_administrator_has_no_stories():
    client = signed_in("administrator")
    story = make_article(headline="Snowed under")
    for path in (LIST, ADD, address(story), address(story, "preview"), address(story, "history")):
        assert client.get(path).status_code == 403, path
    assert client.post(ADD, typed()).status_code == 403
    page = client.get("/admin/").content.decode()
    assert "Snowed under" not in page
    assert LIST not in page


def test_a_restricted_story_is_nowhere_on_the_desk_for_others():
    editor = signed_in()
    story = make_article(status="draft", headline="Zyzzyva")
    publishing.restrict(story, by=chief(), people=[make_user("editor")])
    suggest = "/admin/autocomplete/?app_label=articles&model_name=article&field_name=supersedes"
    for path in ("/admin/", LIST, f"{LIST}?q=Zyz", f"{suggest}&term=Zyz"):
        assert "yzzyva" not in editor.get(path).content.decode(), path
    for verb in ("change", "preview", "history"):
        response = editor.get(address(story, verb))
        assert response.status_code in {302, 403, 404}
        assert b"yzzyva" not in response.content
    response = editor.post(ADD, typed(supersedes="Zyzzyva"))
    assert response.context["form"].errors["supersedes"]
    assert "yzzyva" in signed_in(chief()).get(LIST).content.decode()


def test_a_link_to_a_hidden_story_is_kept_and_not_shown():
    hidden = make_article(status="draft", headline="Zyzzyva")
    publishing.restrict(hidden, by=chief(), people=[make_user("editor")])
    story = make_article(status="draft", supersedes=hidden)
    client = signed_in()
    assert "yzzyva" not in client.get(address(story)).content.decode()
    client.post(address(story), as_it_is(story, supersedes=""))
    story.refresh_from_db()
    assert story.supersedes == hidden


def test_a_live_story_is_read_by_a_reporter_and_not_changed():
    client = signed_in("reporter")
    story = make_article(body="<p>Words to read.</p>")
    page = client.get(address(story)).content.decode()
    assert "Words to read." in page
    assert 'name="headline"' not in page
    assert client.post(address(story), as_it_is(story)).status_code == 403


def test_where_a_thing_stands_is_told_only_to_those_who_may_see_it():
    story = make_article(status="scheduled", headline="Secret plan")
    number = ContentType.objects.get_for_model(Article).pk
    path = reverse("admin:view_on_site", args=[number, story.pk])
    response = signed_in("reporter").get(path)
    assert response.status_code == 403
    assert b"secret-plan" not in response.content
    login = ContentType.objects.get_for_model(User).pk
    assert signed_in().get(reverse("admin:view_on_site", args=[login, 1])).status_code in {403, 404}
    assert signed_in().get(reverse("admin:view_on_site", args=[9999, 1])).status_code == 404
    assert signed_in().get(reverse("admin:view_on_site", args=["x", 1])).status_code == 404


@pytest.mark.parametrize("model", ["author", "organisation", "tag", "region", "section"])
def test_nobody_deletes(model):
    made = {
        "author": make_author,
        "organisation": make_organisation,
        "tag": make_tag,
        "region": make_region,
        "section": make_section,
    }[model]()
    root = User.objects.create_superuser("root", password="x")
    path = reverse(f"admin:{made._meta.app_label}_{model}_delete", args=[made.pk])
    assert signed_in(root).post(path, {"post": "yes"}).status_code == 403
    assert type(made).objects.filter(pk=made.pk).exists()


# The list


def listed(client, query=""):
    response = client.get(f"{LIST}?{query}")
    assert response.status_code == 200, query
    return {story.headline for story in response.context["cl"].result_list}


def test_the_list_is_narrowed_by_state():
    client = signed_in()
    for status in (
        "draft",
        "returned",
        "in_review",
        "ready",
        "scheduled",
        "published",
        "pulled",
        "withdrawn",
        "retracted",
        "spiked",
    ):
        make_article(status=status, headline=status)
    assert "spiked" not in listed(client)
    assert len(listed(client)) == 9
    for code in ("draft", "returned", "in_review", "ready", "scheduled", "pulled", "spiked"):
        assert listed(client, f"state={code}") == {code}
    assert listed(client, "state=live") == {"published"}
    assert listed(client, "state=nonsense") == listed(client)
    assert listed(client, "state=mine") == set()


def test_the_list_is_narrowed_by_what_stories_are_filed_under():
    client = signed_in()
    asia = make_region(name="Central Asia")
    osh = make_region(name="Ош", parent=asia)
    ann = make_author(name="Ann")
    make_section(name="Politics")
    section = make_section(name="Culture", position=200)
    make_article(headline="one", regions=[osh], tags=["Вода"], authors=[(ann, "editor")])
    make_article(headline="two", regions=[asia], section=section, language="ru")
    make_article(headline="old", at=timezone.now() - 900 * HOUR)
    assert listed(client, "region=central asia") == {"one", "two"}
    assert listed(client, "region=ОШ") == {"one"}
    assert listed(client, f"region={osh.pk}") == {"one"}
    assert listed(client, "region=Atlantis") == set()
    assert listed(client, "tag=вода") == {"one"}
    assert listed(client, "person=ann") == {"one"}
    assert listed(client, f"section={section.pk}") == {"two"}
    assert listed(client, "section=x") == set()
    assert listed(client, "language=ru") == {"two"}
    today = timezone.localdate()
    assert listed(client, f"from={today - datetime.timedelta(days=2)}") == {"one", "two"}
    assert listed(client, f"to={today - datetime.timedelta(days=2)}") == {"old"}
    assert listed(client, "to=yesterday") == set()
    assert listed(client, "q=&section=&region=&tag=&person=&language=&from=&to=") == {
        "one",
        "two",
        "old",
    }
    for query in ("region=%00", "tag=%00", "person=%00", "from=%00", "q=%00", "state=%00"):
        listed(client, query)


@pytest.mark.parametrize("words", ["река", "РЕКА", "реКа вышла", "Айгүл", "АЙГҮЛ", "Сёла"])
def test_search_finds_cyrillic_in_any_case(words):
    make_article(
        headline="Река вышла из берегов",
        standfirst="сёла ждут",
        authors=[make_author(name="Айгүл Осмонова")],
    )
    make_article(headline="Another")
    assert listed(signed_in(), f"q={words}") == {"Река вышла из берегов"}


@pytest.mark.parametrize("role", ["reporter", "editor"])
def test_the_list_costs_the_same_with_one_story_and_with_three(role, django_assert_num_queries):
    client = signed_in(role)
    counts = []
    for number in (1, 3):
        while Article.objects.count() < number:
            make_article(
                status="returned",
                authors=[make_author(), make_author()],
                organisations=[make_organisation()],
                regions=[make_region()],
            )
        with django_assert_num_queries(10) as queries:
            assert len(listed(client)) == number
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_the_form_costs_the_same_with_one_row_and_with_three(django_assert_num_queries):
    client = signed_in()
    for number in (1, 3):
        story = make_article(
            status="in_review",
            authors=[make_author() for _ in range(number)],
            citations=[make_organisation() for _ in range(number)],
            regions=[make_region() for _ in range(number)],
            tags=[f"Tag {n}" for n in range(number)],
        )
        client.get(address(story))  # what Django asks once a process
        with django_assert_num_queries(19):
            client.get(address(story))


def test_an_empty_list_says_what_to_do():
    client = signed_in()
    assert "No stories yet" in client.get(LIST).content.decode()
    assert "No story fits" in client.get(f"{LIST}?q=x").content.decode()


def test_suggestions_put_the_likeliest_first_and_say_what_to_type():
    for name in ("East Kazakhstan", "Kazakhstan", "Kazakhstan North"):
        make_region(name=name)
    make_region(name="Osh", kind="city", parent=make_region(name="Osh", kind="province"))
    path = "/admin/autocomplete/?app_label=articles&model_name=article&field_name=regions&term="
    client = signed_in("reporter")
    names = [r["name"] for r in client.get(f"{path}kazakh").json()["results"]]
    assert names == ["Kazakhstan", "Kazakhstan North", "East Kazakhstan"]
    found = client.get(f"{path}osh").json()["results"]
    assert {r["name"] for r in found} == {"Osh (city)", "Osh (province)"}
    assert all(r["is_it"] for r in found)
    client.post(ADD, typed(regions="Osh (city)"))
    assert Article.objects.get().regions.get().kind == "city"
    assert signed_in("administrator").get(f"{path}osh").status_code == 403
    assert client.get(f"{path}%00").status_code == 200


def test_an_organisation_is_suggested_by_its_other_spellings():
    make_organisation(name="Radio Free Europe", short_name="RFE/RL", aliases=["Азаттык"])
    path = "/admin/autocomplete/?app_label=articles&model_name=citation&field_name=organisation"
    for term in ("rfe/rl", "АЗАТТЫК"):
        (found,) = signed_in("reporter").get(f"{path}&term={term}").json()["results"]
        assert (found["name"], found["is_it"]) == ("Radio Free Europe", True)


def test_a_merged_person_is_neither_suggested_nor_credited():
    new = make_author(name="Ann New")
    make_author(name="Ann Old", merged_into=new)
    client = signed_in()
    path = "/admin/autocomplete/?app_label=articles&model_name=byline&field_name=author&term=ann"
    assert [r["name"] for r in client.get(path).json()["results"]] == ["Ann New"]
    client.post(ADD, typed(**credits({"name": "Ann Old"})))
    assert Byline.objects.get().author == new


# People, pictures, filing


def person_form(person, **fields):
    return {
        "name": person.name,
        "status": person.status,
        "position": person.position,
        "slug": person.slug,
        **fields,
    }


def test_a_reporter_keeps_their_own_page_and_no_other():
    client = signed_in("reporter")
    own = make_author(name="Own", user=client.user, job_title="Reporter")
    other = make_author(name="Other")
    path = reverse("admin:authors_author_change", args=[own.pk])
    client.post(
        path,
        person_form(
            own,
            biography="<p>New.</p><script>x</script>",
            biography_ru="<p>Новое.</p><script>x</script>",
            links="Telegram https://t.me/own",
            languages="ky, ru",
            slug="chief",
            status="staff",
            is_listed="on",
            user="",
            job_title="Chief",
            hidden_at="2020-01-01",
        ),
    )
    own.refresh_from_db()
    assert own.biography == "<p>New.</p>"
    assert own.biographies == {"ru": "<p>Новое.</p>"}
    assert own.links == [{"label": "Telegram", "url": "https://t.me/own"}]
    assert own.languages == ["ky", "ru"]
    assert (own.slug, own.status, own.is_listed) == ("own", "contributor", False)
    assert (own.user, own.job_title, own.hidden_at) == (client.user, "Reporter", None)
    path = reverse("admin:authors_author_change", args=[other.pk])
    assert client.get(path).status_code == 200
    assert client.post(path, person_form(other, name="Mine")).status_code == 403


def test_a_reporter_adds_a_person_without_rights_over_them():
    client = signed_in("reporter")
    client.post(
        "/admin/authors/author/add/",
        {"name": "Somebody", "user": client.user.pk, "is_listed": "on", "slug": "x"},
    )
    person = Author.objects.get()
    assert (person.user, person.is_listed, person.slug) == (None, False, "somebody")


@pytest.mark.parametrize(
    ("make", "fields", "page"),
    [
        (make_author, {"status": "staff", "position": 1}, "authors"),
        (make_organisation, {"kind": "agency"}, "organisations"),
        (make_region, {"kind": "country"}, "regions"),
        (make_section, {"position": 3}, "sections"),
        (make_tag, {}, "tags"),
    ],
)
def test_a_new_slug_leads_on_from_the_old_one_in_every_language(make, fields, page):
    thing = make(name="Old")
    name = f"admin:{thing._meta.app_label}_{thing._meta.model_name}_change"
    client, path = signed_in(), reverse(name, args=[thing.pk])
    make_article(
        authors=[thing if page == "authors" else make_author()],
        organisations=[thing] if page == "organisations" else [],
        tags=[thing] if page == "tags" else [],
    )
    response = client.post(path, {"name": "New", "slug": "new", **fields})
    assert response.status_code == 302
    assert dict(Redirect.objects.values_list("path", "target")) == {
        f"/{page}/old/": f"/{page}/new/",
        f"/ru/{page}/old/": f"/ru/{page}/new/",
    }


def test_a_new_slug_of_what_readers_cannot_open_leaves_no_trace():
    tag = make_tag(name="Old")
    path = reverse("admin:articles_tag_change", args=[tag.pk])
    signed_in().post(path, {"name": "Secret", "slug": "secret"})
    assert Tag.objects.get().slug == "secret"
    assert not Redirect.objects.exists()


def test_a_tag_of_the_same_name_is_refused_in_every_script():
    make_tag(name="Вода")
    response = signed_in("reporter").post("/admin/articles/tag/add/", {"name": "ВОДА"})
    assert response.status_code == 200
    assert Tag.objects.count() == 1


def test_names_in_further_languages_are_kept_beside_each_other():
    region = make_region(name="Osh", names={"ky": "Ош", "ru": "Ош"})
    path = reverse("admin:articles_region_change", args=[region.pk])
    signed_in().post(path, {"name": "Osh", "name_ru": "Ошская область", "kind": "province"})
    region.refresh_from_db()
    assert region.names == {"ky": "Ош", "ru": "Ошская область"}


def test_a_region_cannot_lie_in_itself_or_have_a_twin():
    asia = make_region(name="Asia")
    osh = make_region(name="Osh", parent=asia)
    client = signed_in()
    path = reverse("admin:articles_region_change", args=[asia.pk])
    assert (
        client.post(path, {"name": "Asia", "kind": "country", "parent": "Osh"}).status_code == 200
    )
    response = client.post(
        "/admin/articles/region/add/", {"name": osh.name, "kind": "city", "parent": "Asia"}
    )
    assert response.status_code == 200


def test_there_is_one_house():
    make_organisation(name="House", is_house=True)
    response = signed_in().post(
        "/admin/authors/organisation/add/", {"name": "Another", "kind": "house", "is_house": "on"}
    )
    assert response.status_code == 200
    assert "House" in response.content.decode()


def test_a_reporter_changes_own_pictures_only():
    client = signed_in("reporter")
    own, other = make_image(entered_by=client.user), make_image(alt="Before")
    data = {"alt": "A bridge at dawn", "credit": "Me", "focal_x": "0.5", "focal_y": "0.5"}
    for image, status in ((own, 302), (other, 403)):
        path = reverse("admin:images_image_change", args=[image.pk])
        assert client.post(path, data).status_code == status
        assert client.get(path).status_code == 200
    other.refresh_from_db()
    assert other.alt == "Before"
    path = reverse("admin:images_image_thumbnail", args=[other.pk])
    assert client.get(path).status_code == 302
    assert signed_in("administrator").get(path).status_code == 403


def test_sources_are_not_touched_by_a_save_that_does_not_change_them():
    agency = make_organisation(name="Agency")
    story = make_article(status="draft", citations=[(agency, "cites", "https://a.example/")])
    before = Citation.objects.get().pk
    rows = sources({"name": "Agency", "relation": "cites", "url": "https://a.example/"})
    signed_in().post(address(story), as_it_is(story, **rows))
    assert Citation.objects.get().pk == before
