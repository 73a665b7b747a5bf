import datetime

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from articles import going_out, originals, permissions, publishing, translations, versions
from articles.models import Article, Byline, Correction, Note
from tests.factories import (
    chief,
    make_article,
    make_author,
    make_image,
    make_organisation,
    make_region,
    make_tag,
    make_user,
)

pytestmark = pytest.mark.django_db
BODY = "<p>The first words.</p><p>The second words.</p><p>The third words.</p>"


@pytest.fixture
def translator():
    user = make_user("editor")
    make_author(name="Aida", user=user)
    return user


def form_of(story):
    return reverse("admin:articles_article_change", args=[story.pk])


def press(client, story, move, **data):
    """Save the story's form as it stands, with a move."""
    version = Article.objects.get(pk=story.pk).version
    return client.post(form_of(story), {"_move": move, "version": version, **data}, follow=True)


def change(story, **fields):
    """Save other words of a story, as a chief editor."""
    story = Article.objects.get(pk=story.pk)
    for name, value in fields.items():
        setattr(story, name, value)
    publishing.save(story, by=chief())
    publishing.record(story, by=chief())
    return story


def test_a_translation_begins_with_all_that_the_original_has(translator):
    older = make_article(headline="Yesterday")
    ru = translations.begin(older, into="ru", by=translator)
    region = make_region(name="Osh", names={"ru": "Ош"})
    story = make_article(
        body=BODY,
        authors=[make_author(name="Ann")],
        regions=[region],
        tags=[make_tag()],
        citations=[make_organisation()],
        lead_image=make_image(),
        dateline_place="Osh",
        supersedes=older,
        canonical_url="https://elsewhere.invalid/",
        seo_title="For engines",
    )
    made = translations.begin(story, into="ru", by=translator)
    made.refresh_from_db()
    assert made.status == "draft"
    assert (made.language, made.dateline_place) == ("ru", "Ош")
    assert (made.headline, made.body) == (story.headline, story.body)
    assert made.section == story.section
    assert list(made.regions.all()) == [region]
    assert list(made.tags.all()) == list(story.tags.all())
    assert made.lead_image == story.lead_image
    assert made.supersedes == ru
    assert (made.canonical_url, made.seo_title) == ("", "")
    sources = [(c.organisation_id, c.relation) for c in story.citations.all()]
    assert [(c.organisation_id, c.relation) for c in made.citations.all()] == sources
    credits = [(str(b.author), b.role) for b in made.bylines.all()]
    assert credits == [("Ann", "author"), ("Aida", Byline.Role.TRANSLATOR)]
    assert made.assigned_to == translator
    assert made.translated_from == story
    story.refresh_from_db()
    assert made.translation_group == story.translation_group is not None
    assert made.translated_from_revision == versions.current(story)


def test_one_press_makes_it_and_leads_to_it(client, translator):
    story = make_article(status="draft", body=BODY)
    client.force_login(translator)
    page = client.get(form_of(story)).content.decode()
    assert 'value="translate ru"' in page
    answer = press(client, story, "translate ru")
    made = Article.objects.get(language="ru")
    assert answer.redirect_chain[-1][0] == form_of(made)
    page = answer.content.decode()
    assert page.count("data-beside") == 3
    assert "3 paragraphs are still in its words." in page
    # The words typed into the original's form by the same press are saved, and pressed twice it
    # is still one.
    press(client, story, "translate ru", headline="New words")
    assert Article.objects.filter(language="ru").count() == 1
    assert Article.objects.get(pk=story.pk).headline == "New words"


def test_an_embargo_and_a_restriction_hold_for_the_translation_too(translator):
    until = timezone.now() + datetime.timedelta(days=1)
    story = make_article(status="draft", embargo_until=until)
    publishing.restrict(story, by=chief(), people=[translator])
    made = translations.begin(story, into="ru", by=translator)
    made.refresh_from_db()
    assert made.embargo_until == until
    assert made.is_restricted
    assert list(made.restricted_to.all()) == [translator]
    with pytest.raises(PermissionDenied):
        translations.begin(story, into="ru", by=make_user("editor"))


def test_a_story_that_is_restricted_later_closes_its_translations_with_it(translator):
    story = make_article(status="draft")
    made = translations.begin(story, into="ru", by=translator)
    publishing.restrict(story, by=chief(), people=[translator])
    made.refresh_from_db()
    assert made.is_restricted
    assert list(made.restricted_to.all()) == [translator]
    assert made.transitions.filter(move="restrict").count() == 1
    assert not permissions.can_read(make_user("editor"), made)
    publishing.restrict(story, by=chief(), people=[])
    made.refresh_from_db()
    assert made.is_restricted


def test_a_reporter_translates_what_is_live_and_not_the_draft_of_another():
    reporter = make_user("reporter")
    translations.begin(make_article(), into="ru", by=reporter)
    with pytest.raises(PermissionDenied):
        translations.begin(make_article(status="draft"), into="ru", by=reporter)


@pytest.mark.parametrize("status", ["pulled", "withdrawn", "retracted", "spiked"])
def test_what_is_taken_down_is_not_translated(status):
    story = make_article(status="published" if status == "pulled" else status)
    if status == "pulled":
        publishing.pull(story, by=chief())
    with pytest.raises(PermissionDenied):
        translations.begin(story, into="ru", by=chief())


def test_a_translation_continues_no_story_that_is_closed_to_whoever_begins_it():
    older = make_article(headline="Older")
    closed = translations.begin(older, into="ru", by=chief())
    publishing.restrict(closed, by=chief(), people=[make_user(username="insider")])
    for by, known in ((make_user("reporter"), None), (chief(), closed)):
        newer = make_article(headline="Newer", supersedes=older)
        assert translations.begin(newer, into="ru", by=by).supersedes == known


@pytest.mark.parametrize("language", ["en", "xx", ""])
def test_there_is_no_translation_into_its_own_language_or_none(language):
    with pytest.raises(publishing.Refused):
        translations.begin(make_article(), into=language, by=chief())


def test_a_withheld_name_stays_withheld_in_the_translation(translator):
    story = make_article(authors=[make_author(name="Secret")])
    story.bylines.update(withheld=True)
    made = translations.begin(story, into="ru", by=translator)
    assert made.bylines.get(author__name="Secret").withheld


def test_changed_paragraphs_are_marked_until_the_translation_has_them(client, translator):
    story = make_article(body=BODY, headline="Old headline")
    made = translations.begin(story, into="ru", by=translator)
    mine = "<p>Первые слова.</p><p>The second words.</p><p>Третьи слова.</p>"
    made = change(made, body=mine, headline="Заголовок")
    assert originals.beside(made).changes == 0
    assert originals.left(made) == (False, 1)
    change(
        story,
        headline="New headline",
        body="<p>The first words, changed.</p><p>The second words.</p><p>One more.</p>"
        "<p>The third words.</p>",
    )
    made = Article.objects.get(pk=made.pk)
    beside = originals.beside(made)
    kinds = [(p.part.kind, p.is_left) for p in beside.paragraphs]
    assert kinds == [("changed", False), ("equal", True), ("added", False), ("equal", False)]
    assert beside.changes == 3
    assert made.body == mine
    client.force_login(translator)
    page = client.get(form_of(made)).content.decode()
    assert "3 places changed in it since it was translated." in page
    assert f'value="follow {beside.revision.pk}"' in page
    press(client, made, f"follow {beside.revision.pk}")
    made = Article.objects.get(pk=made.pk)
    assert originals.beside(made).changes == 0
    assert made.body == mine


def test_what_changes_while_one_looks_is_not_taken_for_seen(translator):
    story = make_article(body=BODY)
    made = translations.begin(story, into="ru", by=translator)
    story = change(story, body="<p>Second telling.</p>")
    seen = versions.current(story)
    change(story, body="<p>Third telling.</p>")
    translations.follow(made, by=translator, revision=seen.pk)
    assert originals.beside(Article.objects.get(pk=made.pk)).changes == 1
    first = versions.of_row(story).last()
    for wrong in [first.pk, versions.current(make_article()).pk, 10**17]:
        with pytest.raises(publishing.Refused):
            translations.follow(made, by=translator, revision=wrong)


def test_words_of_the_original_are_warned_of_before_it_goes_out(translator):
    made = translations.begin(make_article(body=BODY), into="ru", by=translator)
    codes = {warning.code for warning in publishing.warnings(made)}
    assert {"untranslated headline", "untranslated"} <= codes
    made = change(made, headline="Заголовок", body="<p>Слова.</p>")
    codes = {warning.code for warning in publishing.warnings(made)}
    assert not {"untranslated headline", "untranslated"} & codes


def test_who_is_withheld_later_is_withheld_in_both_languages(translator):
    person = make_author(name="In Danger")
    story = make_article(authors=[person])
    made = translations.begin(story, into="ru", by=translator)
    made = change(made, headline="Заголовок", body="<p>Слова.</p>")
    publishing.publish(made, by=translator)
    content = versions.snapshot(story)
    content["bylines"][0]["withheld"] = True
    story.refresh_from_db()
    publishing.save(story, by=translator)
    versions.set_rows(story, content)
    publishing.record(story, by=translator)
    assert made.bylines.get(author=person).withheld
    last = versions.current(made)
    assert [row["withheld"] for row in last.content["bylines"]] == [True, False]
    assert made.transitions.first().move == "withhold"
    # Saved once more there is nothing left to do.
    publishing.record(story, by=translator)
    assert made.transitions.filter(move="withhold").count() == 1


# The pair


def pair(translator, status="ready"):
    story = make_article(status="draft", body=BODY)
    made = translations.begin(story, into="ru", by=translator)
    made = change(made, headline="Заголовок", body="<p>Слова.</p>")
    if status == "ready":
        publishing.approve(made, by=translator)
    return story, made


def test_both_go_out_in_the_same_minute(client, translator):
    story, made = pair(translator)
    (other,) = going_out.others(story, by=translator)
    assert other.is_ticked
    client.force_login(translator)
    page = client.get(form_of(story)).content.decode()
    assert f'value="{other.key}"' in page
    at = timezone.now().replace(second=0, microsecond=0) + datetime.timedelta(hours=2)
    going_out.go_out(story, by=translator, at=at, along=[other.key])
    for one in (story, made):
        one.refresh_from_db()
        assert (one.status, one.published_at) == ("published", at)


def test_what_is_not_translated_yet_is_said_before_it_goes_out_along(client, translator):
    story, made = pair(translator)
    change(made, headline=story.headline)
    (other,) = going_out.others(story, by=translator)
    assert other.problems == ["The headline is still the original's."]
    assert not other.is_ticked
    client.force_login(translator)
    assert "The headline is still the original" in client.get(form_of(story)).content.decode()


def test_published_together_in_the_form(client, translator):
    story, made = pair(translator)
    (other,) = going_out.others(story, by=translator)
    client.force_login(translator)
    passed = [warning.code for warning in publishing.warnings(story)]
    press(client, story, "publish", **{"publish-along": [other.key], "_passed": passed})
    for one in (story, made):
        one.refresh_from_db()
        assert one.is_live
    assert story.published_at == made.published_at


def test_what_is_not_ticked_stays(client, translator):
    story, made = pair(translator)
    client.force_login(translator)
    passed = [warning.code for warning in publishing.warnings(story)]
    press(client, story, "publish", _passed=passed)
    made.refresh_from_db()
    assert Article.objects.get(pk=story.pk).is_live
    assert made.status == "ready"


def test_neither_goes_out_where_one_was_changed_or_cannot(translator):
    story, made = pair(translator)
    (other,) = going_out.others(story, by=translator)
    change(made, headline="Другой")
    with pytest.raises(publishing.Refused, match="Другой"):
        going_out.go_out(story, by=translator, along=[other.key])
    made.bylines.all().delete()
    (other,) = going_out.others(story, by=translator)
    assert not other.is_ticked
    with pytest.raises(publishing.Refused, match="Другой"):
        going_out.go_out(story, by=translator, along=[other.key])
    for wrong in ["1:2:3", "x", "", f"{made.pk}"]:
        with pytest.raises(publishing.Refused):
            going_out.go_out(story, by=translator, along=[wrong])
    assert Article.objects.get(pk=story.pk).status == "draft"


def test_who_ticked_what_is_gone_meanwhile_is_told(client, translator):
    story, made = pair(translator)
    (other,) = going_out.others(story, by=translator)
    publishing.spike(made, by=chief())
    client.force_login(translator)
    passed = [warning.code for warning in publishing.warnings(story)]
    answer = press(client, story, "publish", **{"publish-along": [other.key], "_passed": passed})
    assert "Заголовок: This cannot be done while its state is: Spiked." in answer.content.decode()
    assert Article.objects.get(pk=story.pk).status == "draft"


def test_an_embargo_of_one_keeps_both(translator):
    story, made = pair(translator)
    until = timezone.now() + datetime.timedelta(days=2)
    made = change(made, embargo_until=until)
    (other,) = going_out.others(story, by=translator)
    with pytest.raises(publishing.Refused, match="Заголовок"):
        going_out.go_out(story, by=translator, along=[other.key])
    assert Article.objects.get(pk=story.pk).status == "draft"
    at = until - datetime.timedelta(hours=1)
    with pytest.raises(publishing.Refused):
        going_out.go_out(story, by=translator, at=at, along=[other.key])


def test_a_next_version_and_a_translation_go_out_together(translator):
    story = make_article(body=BODY)
    made = translations.begin(story, into="ru", by=translator)
    made = change(made, headline="Заголовок", body="<p>Слова.</p>")
    content = versions.snapshot(story)
    content["fields"]["headline"] = "New headline"
    publishing.propose(story, by=translator, content=content)
    (other,) = going_out.others(made, by=translator)
    assert other.pending is not None
    going_out.go_out(made, by=translator, along=[other.key])
    assert Article.objects.get(pk=made.pk).is_live
    assert Article.objects.get(pk=story.pk).headline == "New headline"


# Both at once


def live_pair(translator):
    story, made = pair(translator)
    for one in (story, made):
        publishing.publish(one, by=translator)
    return story, made


def test_a_correction_is_offered_in_both_languages(client, translator):
    story, made = live_pair(translator)
    client.force_login(translator)
    assert f'name="correct-elsewhere-{made.pk}"' in client.get(form_of(story)).content.decode()
    answer = press(
        client,
        story,
        "correct",
        **{
            "correct-kind": "correction",
            "correct-text": "It was Osh.",
            f"correct-elsewhere-{made.pk}": "Это был Ош.",
        },
    )
    said = dict(Correction.objects.values_list("article", "text"))
    assert said == {story.pk: "It was Osh.", made.pk: "Это был Ош."}
    assert "Its text in another language stays as it is" in answer.content.decode()


def test_a_correction_of_one_language_leaves_the_other_alone(client, translator):
    story, _made = live_pair(translator)
    client.force_login(translator)
    press(
        client,
        story,
        "correct",
        **{"correct-kind": "correction", "correct-text": "It was Osh."},
    )
    assert list(Correction.objects.values_list("article", flat=True)) == [story.pk]


def test_a_changed_embargo_is_offered_for_both(client, translator):
    story, made = pair(translator)
    client.force_login(translator)
    assert 'name="embargo_too"' in client.get(form_of(story)).content.decode()
    day = f"{timezone.localdate() + datetime.timedelta(days=3):%Y-%m-%d}T10:00"
    press(client, story, "", embargo_until=day)
    made.refresh_from_db()
    assert made.embargo_until is None
    later = f"{timezone.localdate() + datetime.timedelta(days=4):%Y-%m-%d}T10:00"
    press(client, story, "", embargo_until=later, embargo_too="on")
    story.refresh_from_db()
    made.refresh_from_db()
    assert made.embargo_until == story.embargo_until is not None


def test_who_may_not_know_of_the_other_language_is_offered_nothing_of_it(client, translator):
    story, made = pair(translator)
    publishing.restrict(made, by=chief(), people=[translator])
    stranger = make_user("editor")
    assert going_out.others(story, by=stranger) == []
    client.force_login(stranger)
    page = client.get(form_of(story)).content.decode()
    assert "Заголовок" not in page
    assert "closed to you" in page


def test_an_original_that_is_closed_is_not_shown_beside_its_translation(client):
    reporter = make_user("reporter")
    story = make_article(status="draft", body="<p>Hidden words.</p>")
    made = translations.begin(story, into="ru", by=chief())
    made = change(made, body="<p>Слова.</p>", headline="Заголовок", assigned_to=reporter)
    client.force_login(reporter)
    page = client.get(form_of(made)).content.decode()
    assert "Слова" in page
    assert "Hidden words" not in page


@pytest.mark.parametrize("paragraphs", [1, 3])
def test_the_form_of_a_translation_costs_the_same_however_long(
    client, translator, paragraphs, django_assert_num_queries
):
    story = make_article(body="<p>Some words.</p>" * paragraphs)
    made = translations.begin(story, into="ru", by=translator)
    for number in range(paragraphs):
        Note.objects.create(article=made, by=translator, text=f"{number}", kind="")
    client.force_login(translator)
    client.get(form_of(made))
    with django_assert_num_queries(QUERIES):
        client.get(form_of(made))


QUERIES = 31
