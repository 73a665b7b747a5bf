import datetime

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone

from addresses.models import Redirect
from articles import permissions, publishing, versions
from articles.models import Article, Byline, Correction, Revision, Transition
from images.models import Image, Use
from tests.factories import (
    make_article,
    make_author,
    make_image,
    make_organisation,
    make_section,
    make_user,
)

pytestmark = pytest.mark.django_db
HOUR = datetime.timedelta(hours=1)


def test_a_draft_saves_with_a_headline_alone():
    reporter = make_user("reporter")
    story = Article(headline="Талаш болгон жер")
    publishing.save(story, by=reporter)
    publishing.record(story, by=reporter)
    assert story.status == "draft"
    assert story.slug == "talash-bolgon-zher"
    assert story.entered_by == reporter
    assert story.revisions.get().content["fields"]["headline"] == "Талаш болгон жер"


def test_a_refused_publication_lists_all_that_is_missing():
    editor = make_user("editor")
    story = Article(headline="Only a headline", dateline_organisation=make_organisation())
    story.lead_image = make_image(alt="")
    publishing.save(story, by=editor)
    with pytest.raises(publishing.Refused) as refused:
        publishing.publish(story, by=editor)
    assert [p.field for p in refused.value.problems] == [
        "body",
        "bylines",
        "section",
        "dateline_place",
        "lead_image",
    ]
    assert Article.objects.get().status == "draft"
    assert not Transition.objects.exists()


def test_a_story_is_public_from_its_minute_on_and_not_before():
    at = timezone.now() + HOUR
    story = make_article(status="scheduled", at=at)
    assert story.is_scheduled
    assert not Article.objects.published(at - datetime.timedelta(seconds=1)).exists()
    assert Article.objects.published(at).get() == story


def test_an_embargo_is_a_floor():
    chief = make_user("chief editor")
    story = make_article(status="draft", embargo_until=timezone.now() + 3 * HOUR)
    publishing.publish(story, by=chief, at=timezone.now() + HOUR)
    assert story.published_at == story.embargo_until
    with pytest.raises(IntegrityError), transaction.atomic():
        Article.objects.filter(pk=story.pk).update(published_at=timezone.now())


def test_publishing_now_under_embargo_is_refused_with_the_reason():
    story = make_article(status="draft", embargo_until=timezone.now() + HOUR)
    with pytest.raises(publishing.Refused) as refused:
        publishing.publish(story, by=make_user("editor"))
    assert refused.value.problems[0].field == "embargo_until"


def test_no_embargo_can_be_set_once_the_story_is_public():
    story = make_article()
    story.embargo_until = timezone.now() + HOUR
    publishing.save(story, by=make_user("editor"))
    assert Article.objects.get().embargo_until is None


def test_a_reporter_sets_and_lifts_no_embargo():
    reporter = make_user("reporter")
    until = timezone.now() + HOUR
    story = make_article(status="draft", entered_by=reporter, embargo_until=until)
    story.embargo_until = None
    publishing.save(story, by=reporter)
    assert Article.objects.get().embargo_until == until


def test_unscheduling_leaves_no_trace_of_an_address():
    story = make_article(status="scheduled")
    assert story.get_absolute_url()
    publishing.unschedule(story, by=make_user("editor"))
    assert story.status == "ready"
    assert story.get_absolute_url() == ""
    assert (story.published_at, story.first_published_at) == (None, None)


def test_the_second_story_of_a_day_with_a_taken_slug_gets_a_number():
    first, second = make_article(headline="Snow"), make_article(headline="Snow")
    assert (first.slug, second.slug) == ("snow", "snow-2")


def test_a_typed_slug_that_is_taken_is_refused_and_names_a_free_one():
    make_article(headline="Snow")
    story = make_article(headline="Rain")
    story.slug = "snow"
    with pytest.raises(publishing.Refused, match="snow-2"):
        publishing.save(story, by=make_user("editor"))


def test_a_slug_changed_after_publication_leads_on_in_one_hop():
    editor = make_user("editor")
    story = make_article(headline="Snow")
    first = story.get_absolute_url()
    story.slug = "rain"
    publishing.save(story, by=editor)
    second = story.get_absolute_url()
    story.slug = "hail"
    publishing.save(story, by=editor)
    assert dict(Redirect.objects.values_list("path", "target")) == {
        first: story.get_absolute_url(),
        second: story.get_absolute_url(),
    }
    story.slug = "snow"
    publishing.save(story, by=editor)
    assert dict(Redirect.objects.values_list("path", "target")) == {
        second: first,
        second.replace("rain", "hail"): first,
    }


def test_a_slug_changed_on_a_draft_or_a_scheduled_story_leaves_no_trace():
    editor = make_user("editor")
    for status in ("draft", "scheduled"):
        story = make_article(status=status)
        story.slug = f"another-{status}"
        publishing.save(story, by=editor)
    assert not Redirect.objects.exists()


def test_a_made_slug_follows_the_headline_until_publication():
    editor = make_user("editor")
    story = make_article(status="draft", headline="Snow")
    story.headline = "Rain"
    publishing.save(story, by=editor)
    assert story.slug == "rain"
    publishing.publish(story, by=editor)
    story.headline = "Hail"
    publishing.save(story, by=editor)
    assert story.slug == "rain"


def test_a_stale_save_is_refused_and_shows_what_is_there():
    editor = make_user("editor")
    story = make_article(status="draft", headline="Snow")
    mine = Article.objects.get(pk=story.pk)
    opened_at = mine.version
    story.headline = "Rain"
    publishing.save(story, by=editor, opened_at=opened_at)
    mine.headline = "Hail"
    with pytest.raises(publishing.Stale) as stale:
        publishing.save(mine, by=editor, opened_at=opened_at)
    assert stale.value.current.headline == "Rain"
    assert Article.objects.get().headline == "Rain"


def test_a_save_cannot_write_the_life_of_a_story():
    editor = make_user("editor")
    story = make_article(status="draft")
    story.status = "published"
    story.published_at = story.first_published_at = timezone.now()
    story.entered_by = editor
    publishing.save(story, by=editor)
    kept = Article.objects.get()
    assert (kept.status, kept.published_at) == ("draft", None)
    assert kept.entered_by != editor


ROLES = ["reporter", "editor", "chief editor", "administrator"]
MOVES = {
    # move: (status it starts from, how it is made, roles that may)
    "submit": ("draft", lambda a, by: publishing.submit(a, by=by), {"editor", "chief editor"}),
    "take back": (
        "in_review",
        lambda a, by: publishing.take_back(a, by=by),
        {"editor", "chief editor"},
    ),
    "return": (
        "in_review",
        lambda a, by: publishing.return_(a, by=by, note="x"),
        {"editor", "chief editor"},
    ),
    "approve": ("draft", lambda a, by: publishing.approve(a, by=by), {"editor", "chief editor"}),
    "publish": ("ready", lambda a, by: publishing.publish(a, by=by), {"editor", "chief editor"}),
    "unschedule": (
        "scheduled",
        lambda a, by: publishing.unschedule(a, by=by),
        {"editor", "chief editor"},
    ),
    "correct": (
        "published",
        lambda a, by: publishing.correct(a, by=by, kind="correction", text="x"),
        {"editor", "chief editor"},
    ),
    "pull": ("published", lambda a, by: publishing.pull(a, by=by), {"editor", "chief editor"}),
    "release": ("pulled", lambda a, by: publishing.release(a, by=by), {"chief editor"}),
    "withdraw": (
        "published",
        lambda a, by: publishing.withdraw(a, by=by, reason="x"),
        {"chief editor"},
    ),
    "retract": (
        "published",
        lambda a, by: publishing.retract(a, by=by, reason="x"),
        {"chief editor"},
    ),
    "spike": ("draft", lambda a, by: publishing.spike(a, by=by), {"editor", "chief editor"}),
    "unspike": ("spiked", lambda a, by: publishing.unspike(a, by=by), {"editor", "chief editor"}),
    "restrict": (
        "draft",
        lambda a, by: publishing.restrict(a, by=by, people=[by]),
        {"chief editor"},
    ),
    "change date": (
        "published",
        lambda a, by: publishing.change_date(a, by=by, date=datetime.date(2020, 2, 3)),
        {"editor", "chief editor"},
    ),
}


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("move", MOVES)
def test_each_move_is_for_its_roles_only(move, role):
    status, make, allowed = MOVES[move]
    story = make_article(status=status)
    user = make_user(role)
    before = Article.objects.values().get()
    if role in allowed:
        make(story, user)
        assert story.transitions.filter(move=move, by=user).exists()
    else:
        with pytest.raises(PermissionDenied):
            make(story, user)
        assert Article.objects.values().get() == before


def test_a_reporter_submits_and_takes_back_their_own_story_only():
    reporter = make_user("reporter")
    own = make_article(status="draft", entered_by=reporter)
    publishing.submit(own, by=reporter)
    assert own.status == "in_review"
    assert not permissions.can_edit(reporter, own)
    publishing.take_back(own, by=reporter)
    assert own.status == "draft"
    with pytest.raises(PermissionDenied):
        publishing.publish(own, by=reporter)


def test_an_editor_releases_only_what_they_pulled():
    one, other = make_user("editor"), make_user("editor")
    story = make_article()
    times = story.published_at, story.first_published_at, story.updated_at, story.guid
    publishing.pull(story, by=one)
    with pytest.raises(PermissionDenied):
        publishing.release(story, by=other)
    publishing.release(story, by=one)
    story.refresh_from_db()
    assert (story.published_at, story.first_published_at, story.updated_at, story.guid) == times


def test_a_withdrawal_needs_a_public_reason():
    story = make_article()
    with pytest.raises(publishing.Refused):
        publishing.withdraw(story, by=make_user("chief editor"), reason="  ")
    assert Article.objects.get().status == "published"


def test_a_correction_can_be_superseded_once_and_never_changed():
    editor = make_user("editor")
    story = make_article()
    first = publishing.correct(story, by=editor, kind="correction", text="38, not 36.")
    second = publishing.correct(story, by=editor, kind="correction", text="39.", supersedes=first)
    assert [c.pk for c in story.printed_corrections()] == [second.pk]
    with pytest.raises(publishing.Refused):
        publishing.correct(story, by=editor, kind="correction", text="40.", supersedes=first)
    with pytest.raises(DatabaseError), transaction.atomic():
        Correction.objects.filter(pk=first.pk).update(text="nothing was wrong")
    with pytest.raises(DatabaseError), transaction.atomic():
        Correction.objects.filter(pk=second.pk).delete()
    assert Correction.objects.count() == 2


def test_the_audit_is_append_only_in_the_database_itself():
    make_article()
    for statement in (
        "UPDATE articles_transition SET note = 'x'",
        "DELETE FROM articles_transition",
    ):
        with (
            pytest.raises(DatabaseError),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)
    assert Transition.objects.get().note == ""


def test_a_credit_is_a_person_or_an_organisation_never_both_or_neither():
    story = make_article()
    both = {"author": make_author(), "organisation": make_organisation()}
    for credit in (both, {}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Byline.objects.create(article=story, **credit)


def test_a_picture_is_visible_only_while_a_live_story_uses_it():
    chief = make_user("chief editor")
    image = make_image()
    portrait = make_image()
    author = make_author(portrait=portrait)
    story = make_article(status="draft", lead_image=image, authors=[author])
    assert not Image.objects.visible().exists()
    at = timezone.now() + HOUR
    publishing.publish(story, by=chief, at=at)
    assert not Image.objects.visible().exists()
    assert set(Image.objects.visible(at)) == {image, portrait}
    publishing.publish(story, by=chief)
    assert set(Image.objects.visible()) == {image, portrait}
    publishing.pull(story, by=chief)
    assert not Image.objects.visible().exists()
    assert Use.objects.filter(image=image).exists()


def test_the_next_version_of_a_live_story_waits_and_goes_live_once():
    reporter, editor = make_user("reporter"), make_user("editor")
    author = make_author(user=reporter)
    story = make_article(headline="Snow", authors=[author])
    content = versions.snapshot(story)
    content["fields"]["headline"] = "Rain"
    content["fields"]["body"] = "<p>New.</p><script>x</script>"
    version = publishing.propose(story, by=reporter, content=content).version
    assert version.state == "working"
    publishing.submit_version(story, by=reporter)
    assert Article.objects.get().headline == "Snow"
    at = timezone.now() + HOUR
    publishing.approve_version(story, by=editor, at=at)
    assert Article.objects.get().headline == "Snow"
    assert publishing.apply_due(at) == 1
    assert publishing.apply_due(at) == 0
    story.refresh_from_db()
    assert (story.headline, story.body) == ("Rain", "<p>New.</p>")
    assert [b.author for b in story.bylines.all()] == [author]
    assert story.transitions.filter(move="next version").count() == 1
    assert not Revision.objects.filter(state__in=Revision.PENDING).exists()


def test_a_snapshot_put_back_gives_the_same_snapshot():
    section = make_section()
    story = make_article(section=section, tags=["Water", "Ice"], citations=[make_organisation()])
    content = versions.snapshot(story)
    story.tags.clear()
    story.bylines.all().delete()
    story.citations.all().delete()
    versions.restore(story, content)
    assert versions.snapshot(Article.objects.get()) == content


def test_restricted_stories_are_for_the_named_and_the_chiefs():
    editor, named, chief = make_user("editor"), make_user("editor"), make_user("chief editor")
    story = make_article(status="draft")
    publishing.restrict(story, by=chief, people=[named])
    story.refresh_from_db()
    assert not permissions.can_read(editor, story)
    assert permissions.can_read(named, story)
    assert list(permissions.visible_stories(editor, Article.objects.all())) == []
    assert list(permissions.visible_stories(named, Article.objects.all())) == [story]
    with pytest.raises(PermissionDenied):
        publishing.publish(story, by=editor)


def test_a_translators_credit_makes_the_story_their_own_and_a_photographers_does_not():
    translator, photographer = make_user("reporter"), make_user("reporter")
    story = make_article(
        status="draft",
        authors=[
            (make_author(user=translator), "translator"),
            (make_author(user=photographer), "photographer"),
        ],
    )
    assert permissions.can_edit(translator, story)
    assert not permissions.can_read(photographer, story)
