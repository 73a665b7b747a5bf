import datetime
import io
import itertools

import pytest
from django.conf import settings as django_settings
from django.core.management import CommandError, call_command
from django.test import override_settings
from django.urls import path
from django.utils import timezone

from addresses.models import Redirect
from articles import publishing
from articles.models import Article, SearchEntry, Series
from fronts.models import Edition, Pin
from images.models import Use
from newsroom import nowhere, views
from newsroom.urls import urlpatterns as own
from tests.factories import (
    chief,
    make_article,
    make_author,
    make_image,
    make_organisation,
    make_region,
)

pytestmark = pytest.mark.django_db
STATES = (
    "draft returned in_review ready scheduled embargoed published pulled withdrawn nameless "
    "retracted spiked"
).split()
# The whole site is read for each: of what is alike one stands for the others, which are in the long run.
SHORT = {
    *itertools.product(
        "draft scheduled published pulled withdrawn nameless retracted".split(), ["en"]
    ),
    ("published", "ru"),
    ("withdrawn", "ru"),
}
urlpatterns = [*own, path("new/<str:thing>/", views.page, name="something_new")]


def plant(status, **fields):
    """A story of that state with everything of its own, beside another one that is live."""
    make_article(headline="Another story of the paper", tags=["Water"])
    country = make_region(name="Kyrgyzstan")
    if status == "embargoed":
        fields["embargo_until"] = timezone.now() + datetime.timedelta(hours=3)
    state = {"embargoed": "scheduled", "nameless": "withdrawn"}.get(status, status)
    fields = {
        "headline": "Glacier lake threatens the upper valley",
        "standfirst": "Engineers count the days that are left to them.",
        "body": "<p>The water rose by two metres in a night.</p><h2>What is to be done now</h2>",
        "lead_image": make_image(64, 43, caption="The lake seen from the eastern ridge."),
        "tags": ["Water", "Glaciers"],
        "regions": [make_region(name="Osh", parent=country)],
        "authors": [make_author(name="Ann Only", portrait=make_image(64, 64))],
        "organisations": [make_organisation(name="Lake Agency")],
        "citations": [make_organisation(name="Cited Agency")],
        "series": Series.objects.create(name="Ice and water"),
    } | fields
    story = make_article(status=state, **fields)
    if status == "nameless":
        Article.objects.filter(pk=story.pk).update(down_shows_headline=False)
        story.refresh_from_db()
    return story


@pytest.mark.parametrize(
    ("status", "language"),
    [
        pytest.param(
            status,
            language,
            marks=[] if (status, language) in SHORT else pytest.mark.long,
        )
        for status in STATES
        for language in ("en", "ru")
    ],
)
def test_a_story_of_any_state_is_where_it_should_be(status, language):
    story = plant(status, language=language)
    out = io.StringIO()
    call_command("audit_public", str(story.pk), stdout=out)
    assert "is where it should be" in out.getvalue()


def audited(story):
    return nowhere.findings(Article.objects.get(pk=story.pk))


def test_the_command_fails_with_a_line_for_each_finding():
    story = plant("pulled")
    Redirect.objects.create(path="/leak/", target="https://example.org/elsewhere/")
    make_article(headline="Quoting it", kicker="Glacier lake threatens the upper valley")
    out = io.StringIO()
    with pytest.raises(CommandError, match="which is pulled"):
        call_command("audit_public", str(story.pk), stdout=out)
    lines = out.getvalue().splitlines()
    assert any(line.startswith("home: /: Glacier lake threatens") for line in lines)
    with pytest.raises(CommandError, match="no story"):
        call_command("audit_public", "999999")


def test_every_public_address_is_walked():
    walked = {surface.name for surface in nowhere.Walk(plant("pulled")).surfaces()}
    assert walked == nowhere.public_names().keys() - ({"page"} - walked)
    with (
        override_settings(ROOT_URLCONF=__name__),
        pytest.raises(nowhere.Unknown, match="something_new"),
    ):
        list(nowhere.Walk(Article.objects.latest("pk")).surfaces())


@pytest.mark.parametrize("place", ["pin", "strip"])
def test_a_front_that_goes_on_showing_it_is_found(place):
    story = plant("pulled")
    other = make_article()
    edition = Edition.objects.get(front__name="home", front__language="en")
    if place == "pin":
        Pin.objects.create(edition=edition, article=other, headline=story.headline)
    else:
        Edition.objects.create(
            front=edition.front,
            live_from=timezone.now(),
            breaking_text=story.headline,
            breaking_url=other.get_absolute_url(),
            breaking_until=timezone.now() + datetime.timedelta(hours=1),
        )
    assert ("home", "/", story.headline) in audited(story)


def test_a_stray_redirect_is_found(settings):
    story = plant("pulled")
    Redirect.objects.create(path="/old/lake/", target=story.get_absolute_url())
    Redirect.objects.create(path="/old/", query="p=1", target=f"/a/{story.pk}/")
    assert audited(story) == []  # they answer as if there were nothing
    Redirect.objects.create(path="/new/", target=settings.SITE_URL + story.get_absolute_url())
    assert {finding.address for finding in audited(story)} == {"/new/"}
    publishing.release(story, by=chief())
    assert audited(story) == []


def test_an_old_address_that_another_thing_took_is_found_of_a_live_story():
    live, other = plant("published"), make_article()
    Redirect.objects.create(path=other.get_absolute_url(), target=live.get_absolute_url())
    assert [finding.surface for finding in audited(live)] == ["old address"]


def test_a_picture_that_is_still_given_out_is_found():
    story = plant("pulled")
    Use.objects.filter(image=story.lead_image).update(visible_from=timezone.now())
    found = audited(story)
    assert {finding.surface for finding in found} == {"rendition"}
    assert found[0].words == "the picture is given out"


def test_a_copy_of_an_original_at_a_public_address_is_found(settings, tmp_path):
    settings.STATIC_ROOT = tmp_path / "static"
    settings.STATIC_ROOT.mkdir()
    story = plant("draft")
    assert audited(story) == []
    with story.lead_image.file.open() as file:
        (settings.STATIC_ROOT / "leaked.jpg").write_bytes(file.read())
    assert [f.address for f in audited(story)] == ["/static/leaked.jpg"]
    assert django_settings.STATIC_URL == "/static/"


def test_a_live_story_whose_page_or_place_is_missing_is_found():
    story = plant("published")
    Redirect.objects.all().delete()
    Article.objects.filter(pk=story.pk).update(language="ru")
    assert audited(story) == []
    walk = nowhere.Walk(story)  # which thinks that it is English
    assert {f.surface for f in walk.findings()} >= {"article", "section", "region"}


def test_what_another_live_story_says_too_is_no_leak():
    story = plant("pulled")
    make_article(headline=story.headline, body=story.body, standfirst=story.standfirst)
    assert audited(story) == []


def test_a_corrected_withdrawn_story_is_in_the_log_and_nowhere_else():
    story = plant("published")
    publishing.correct(story, by=chief(), kind="correction", text="Two metres, not three.")
    publishing.withdraw(story, by=chief(), reason="Invented.")
    assert audited(story) == []


def test_a_story_far_down_its_lists_is_found_there():
    story = plant("published", at=timezone.now() - datetime.timedelta(days=3))
    for _number in range(22):
        make_article(section=story.section, tags=["Water"], language=story.language)
    assert audited(story) == []


def test_a_live_story_that_the_search_does_not_find_is_found():
    story = make_article(headline="Wombat: seen -- twice")
    assert list(nowhere.findings(story)) == []
    SearchEntry.objects.all().delete()
    (finding,) = nowhere.findings(story)
    assert (finding.surface, finding.words) == ("search", "the story is missing")
