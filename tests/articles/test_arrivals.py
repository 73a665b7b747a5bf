"""A story that arrives with its past is what the desk would have made of it, in one step."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.utils import timezone

from articles import arrivals, publishing, versions
from articles.arrivals import Rows, arrive
from articles.models import (
    Article,
    Byline,
    Citation,
    Message,
    Revision,
    SearchEntry,
    SearchSpelling,
    Section,
    Transition,
)
from articles.search import index
from articles.signals import article_changed
from images.models import Use
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
THEN = datetime.datetime(2006, 3, 4, 20, 30, tzinfo=datetime.UTC)


def make_story(**fields):
    if "section" not in fields:
        fields["section"] = Section.objects.first() or make_section(name="Energy")
    return Article(
        **{
            "headline": "Dam to be rebuilt",
            "standfirst": "Work begins in spring.",
            "body": "<p>The dam at Kambarata will be rebuilt.</p>",
        }
        | fields
    )


def make_rows():
    return Rows(
        bylines=[
            Byline(author=make_author(name="Nargiza Ryskulova"), role="author"),
            Byline(organisation=make_organisation(name="TCA"), role="translator"),
        ],
        tags=[make_tag(name="power"), make_tag(name="rivers")],
        regions=[make_region(name="Jalal-Abad")],
        citations=[Citation(organisation=make_organisation(name="AKIpress"), relation="based on")],
    )


def test_what_arrives_has_its_rows_and_is_found(django_capture_on_commit_callbacks):
    heard = []
    rows = make_rows()
    article = make_story(source_ref="old:post:7")

    def hear(sender, article, move, **kwargs):
        heard.append((article, move))

    article_changed.connect(hear)
    try:
        with django_capture_on_commit_callbacks(execute=True):
            entry = arrive(article, rows, by=chief(), reason="import", at=THEN)
    finally:
        article_changed.disconnect(hear)
    row = Article.objects.get()
    assert row.is_live
    assert row.published_at == row.first_published_at == row.modified_at == THEN
    assert f"{row.address_date}" == "2006-03-05"  # it was morning in Bishkek
    assert row.guid.startswith("tag:")
    assert row.source_ref == "old:post:7"
    assert [str(byline) for byline in row.bylines.all()] == [
        "Nargiza Ryskulova (author)",
        "TCA (translator)",
    ]
    assert [tag.name for tag in row.tags.order_by("name")] == ["power", "rivers"]
    assert [region.name for region in row.regions.all()] == ["Jalal-Abad"]
    assert row.citations.get().relation == "based on"
    assert heard == [(row.pk, "publish")]
    assert not Message.objects.exists()
    revision = Revision.objects.get()
    assert (revision.version, revision.state, revision.reason) == (1, "live", "import")
    assert revision.content == versions.snapshot(row)
    moved = Transition.objects.get()
    assert (moved.move, moved.before, moved.after, moved.by) == (
        "publish",
        "draft",
        "published",
        chief(),
    )
    # What the index says is what it says when it is written anew.
    index.count(index.spelt([entry]))
    said, counts = (
        list(model.objects.order_by("pk").values()) for model in (SearchEntry, SearchSpelling)
    )
    index.rebuild()
    assert said
    assert counts
    assert [list(m.objects.order_by("pk").values()) for m in (SearchEntry, SearchSpelling)] == [
        said,
        counts,
    ]


def test_it_goes_on_as_a_story_of_the_desk():
    article = make_story()
    arrive(article, make_rows(), by=chief(), reason="import", at=THEN)
    article.headline = "Dam to be rebuilt in spring"
    publishing.save(article, by=chief(), opened_at=1)
    publishing.record(article, by=chief())
    publishing.correct(article, by=chief(), kind="correction", text="It is the upper dam.")
    article.refresh_from_db()
    assert article.version == 3
    assert [row.state for row in versions.of_row(article)] == ["live", "past", "past"]


def test_a_draft_arrives_without_an_address_and_is_not_found():
    article = make_story()
    assert arrive(article, make_rows(), by=chief(), reason="import") is None
    article.refresh_from_db()
    assert (article.status, article.published_at, article.address_date) == ("draft", None, None)
    assert article.slug == "dam-to-be-rebuilt"
    assert Revision.objects.get().state == "past"
    assert not SearchEntry.objects.exists()
    assert not Transition.objects.exists()


def test_its_pictures_and_faces_may_be_served_since_then():
    face, lead, inside = make_image(), make_image(alt=""), make_image()
    rows = make_rows()
    rows.bylines[0].author.portrait = face
    rows.bylines[0].author.save()
    article = make_story(
        lead_image=lead, body=f'<p>The dam.</p><figure data-image="{inside.pk}"></figure>'
    )
    # No alternative text: its readers had the story and the picture all the same.
    arrive(article, rows, by=chief(), reason="import", at=THEN)
    uses = Use.objects.order_by("image").values_list("image", "place", "visible_from")
    assert list(uses) == [
        (face.pk, "portrait", THEN),
        (lead.pk, "lead", THEN),
        (inside.pk, "body", THEN),
    ]


def test_two_of_one_day_and_slug_both_have_an_address():
    make_article(headline="Dam to be rebuilt", slug="dam", at=THEN)
    article = make_story(slug="dam")
    arrive(article, make_rows(), by=chief(), reason="import", at=THEN)
    assert article.slug == "dam-2"


def test_who_takes_the_slug_at_this_moment_keeps_it(monkeypatch):
    """What was free when it was asked for is taken when it is written."""
    make_article(headline="Dam to be rebuilt", slug="dam", at=THEN)
    asked = []
    is_free = arrivals.free_slug

    def late(slug, is_taken):
        asked.append(slug)
        return slug if len(asked) == 1 else is_free(slug, is_taken)

    monkeypatch.setattr(arrivals, "free_slug", late)
    article = make_story(slug="dam")
    arrive(article, make_rows(), by=chief(), reason="import", at=THEN)
    assert asked == ["dam", "dam"]
    assert article.slug == "dam-2"
    assert Article.objects.count() == 2


def test_a_handle_is_taken_once():
    arrive(make_story(source_ref="old:post:7"), make_rows(), by=chief(), reason="import", at=THEN)
    again = make_story(source_ref="old:post:7", slug="dam")
    with pytest.raises(IntegrityError):
        arrive(again, Rows(), by=chief(), reason="import")


def test_the_day_in_the_address_may_be_another_than_ours():
    article = make_story(address_date=datetime.date(2006, 3, 4))
    arrive(article, make_rows(), by=chief(), reason="import", at=THEN)
    assert article.get_absolute_url() == "/2006/03/04/dam-to-be-rebuilt/"


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"headline": " "}, "headline"),
        ({"body": "<p> </p>"}, "body"),
        ({"section": None}, "section"),
        ({"part": 2}, "series"),
    ],
)
def test_what_may_not_be_published_does_not_arrive_as_public(fields, field):
    with pytest.raises(publishing.Refused) as refused:
        arrive(make_story(**fields), make_rows(), by=chief(), reason="import", at=THEN)
    assert [problem.field for problem in refused.value.problems] == [field]
    assert not Article.objects.exists()


def test_nobody_credited_does_not_arrive_as_public():
    with pytest.raises(publishing.Refused) as refused:
        arrive(make_story(), Rows(), by=chief(), reason="import", at=THEN)
    assert [problem.field for problem in refused.value.problems] == ["bylines"]


def test_what_is_to_come_does_not_arrive():
    tomorrow = timezone.now() + datetime.timedelta(days=1)
    with pytest.raises(ValueError, match="no news of tomorrow"):
        arrive(make_story(), make_rows(), by=chief(), reason="import", at=tomorrow)
    assert not Article.objects.exists()


def test_a_reporter_lets_nothing_arrive_as_public():
    with pytest.raises(PermissionDenied):
        arrive(make_story(), make_rows(), by=make_user("reporter"), reason="import", at=THEN)
    assert not Article.objects.exists()
