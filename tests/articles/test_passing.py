"""Warnings before a story goes out: what they are, that they are seen, and that they can be passed."""

import datetime

import pytest
from django.utils import timezone

from articles import publishing, sources
from tests.articles.test_desk import ADD, address, as_it_is, credits, said, signed_in, typed
from tests.factories import (
    make_article,
    make_author,
    make_house,
    make_image,
    make_organisation,
    make_region,
    make_section,
)

pytestmark = pytest.mark.django_db


def whole(**fields):
    """A draft that nothing is to be said about but what a test adds."""
    fields = {"status": "draft", "regions": [make_region()], "tags": ["Snow"], **fields}
    return make_article(**fields)


def codes(story):
    return [warning.code for warning in publishing.warnings(story) if warning.code]


def test_nothing_is_said_of_a_whole_story():
    assert codes(whole(lead_image=make_image())) == []


def test_what_an_editor_should_look_at():
    story = make_article(status="draft", standfirst="", headline="x" * 111)
    assert codes(story) == ["no region", "long headline"]
    assert codes(whole(headline="x" * 110)) == []


def test_what_is_said_only_does_not_stand_before_the_button():
    story = whole(standfirst="", tags=[])
    fields = [warning.field for warning in publishing.warnings(story)]
    assert fields == ["standfirst", "tags"]
    page = signed_in().get(address(story)).content.decode()
    assert "No standfirst." in page
    assert "Publish anyway" not in page


@pytest.mark.parametrize(
    ("alt", "caption", "lead_caption", "is_told"),
    [
        ("A lake", "A lake.", "", True),
        ("A lake", "Sary-Chelek", " a  LAKE ", True),
        ("A lake", "Sary-Chelek", "In June", False),
        ("IMG_1234", "", "", True),
        ("lake.jpeg", "", "", True),
        ("A lake", "", "", False),
    ],
)
def test_an_alternative_text_must_say_what_is_seen(alt, caption, lead_caption, is_told):
    image = make_image(alt=alt, caption=caption)
    story = whole(lead_image=image, lead_caption=lead_caption)
    assert codes(story) == ([f"alt {image.pk}"] if is_told else [])


def test_pictures_in_the_text_are_looked_at_too():
    good, bad, none = make_image(), make_image(alt="scan 12"), make_image(alt="")
    figures = "".join(f'<figure data-image="{i.pk}"></figure>' for i in (good, bad, none))
    story = whole(body=f"<p>Words.</p>{figures}")
    assert set(codes(story)) == {f"alt {bad.pk}", f"alt {none.pk}"}


# Sources that are named and not linked


@pytest.mark.parametrize(
    ("words", "is_named"),
    [
        ("As 24.kg reports, snow falls.", True),
        ("«24.kg» says so", True),
        ("124.kg of snow", False),
        ("Radio Azattyk heard", True),
        ("радио Азаттык", True),
        ("Azattykers", False),
        ("snow and time", False),
    ],
)
def test_a_source_is_known_by_its_names_and_other_spellings(words, is_named):
    organisation = make_organisation(
        name="24.kg", aliases=["Radio Azattyk", "Azattyk", "Азаттык", "Time", "AP"], kind="agency"
    )
    story = whole(body=f"<p>{words}</p>")
    assert sources.unlinked(story) == ([organisation] if is_named else [])


def test_what_is_credited_cited_ours_or_an_institution_is_no_unlinked_source():
    words = "<p>Cited, Credited, Datelined, Paying, Ministry, The House, Missing.</p>"
    cited, credited, datelined, paying = (
        make_organisation(name=name) for name in ("Cited", "Credited", "Datelined", "Paying")
    )
    make_organisation(name="Ministry", kind="official")
    make_house()
    missing = make_organisation(name="Missing")
    story = whole(
        body=words,
        citations=[cited],
        organisations=[credited],
        authors=[],
        dateline_place="Osh",
        dateline_organisation=datelined,
        paid_by=paying,
    )
    assert sources.unlinked(story) == [missing]
    assert codes(story) == [f"source {missing.pk}"]


def test_sources_are_looked_for_in_one_query_and_told_five_at_once(django_assert_num_queries):
    for number in range(30):
        make_organisation(name=f"Agency Nr{number}x")
    text = " ".join(f"Agency Nr{number}x" for number in range(30))
    story = whole(body=f"<p>{text}</p>")
    with django_assert_num_queries(1):
        assert len(sources.unlinked(story)) == 5


# Passing them


def test_without_a_warning_it_is_published_at_once():
    story = whole()
    data = as_it_is(story, _move="publish", _passed=[], regions="")
    signed_in().post(address(story), data)
    # Without a region one thing is to be looked at.
    story.refresh_from_db()
    assert story.status == "draft"
    region = make_region(name="Osh")
    data = as_it_is(story, _move="publish", _passed=[], regions=region.name)
    signed_in().post(address(story), data)
    story.refresh_from_db()
    assert story.is_live


def test_warnings_stand_before_the_button_and_are_passed_in_two_presses():
    agency = make_organisation(name="Kabar")
    story = make_article(status="draft", body="<p>Kabar said.</p>")
    client = signed_in()
    page = client.get(address(story)).content.decode()
    assert "Publish anyway" in page
    passed = ["no region", f"source {agency.pk}"]
    for code in passed:
        assert f'<input type="hidden" name="_passed" value="{code}">' in page
    client.post(address(story), as_it_is(story, _move="publish", _passed=passed))
    story.refresh_from_db()
    assert story.is_live


def test_a_warning_that_was_not_seen_is_shown_first_and_what_was_typed_is_saved():
    story = make_article(status="draft")
    client = signed_in()
    data = as_it_is(story, _move="publish", _passed=["no region"])
    response = client.post(address(story), data | {"headline": "y" * 120}, follow=True)
    story.refresh_from_db()
    assert (story.status, story.headline) == ("draft", "y" * 120)
    assert said(response) == ["Your changes are saved. Look at the warnings before it goes out."]
    page = response.content.decode()
    assert response.context["passing"] == "publish"
    assert 'name="sheet" open' in page
    assert 'value="long headline"' in page
    again = as_it_is(story, _move="publish", _passed=response.context["warning_codes"])
    client.post(address(story), again)
    story.refresh_from_db()
    assert story.is_live


def test_a_new_story_is_saved_and_its_warnings_are_shown():
    section, person = make_section(), make_author(name="Ann")
    data = typed(
        body="<p>Words.</p>",
        section=section.pk,
        _move="publish",
        _passed=[],
        **credits({"name": person.name, "role": "author"}),
    )
    response = signed_in().post(ADD, data, follow=True)
    assert response.context["passing"] == "publish"
    assert "Publish anyway" in response.content.decode()


def test_what_is_missing_comes_before_what_could_be_better():
    story = make_article(status="draft", section=None)
    client = signed_in()
    page = client.get(address(story)).content.decode()
    assert "Publish anyway" not in page
    response = client.post(address(story), as_it_is(story, _move="publish"), follow=True)
    (message,) = said(response)
    assert "The section is missing." in message


def test_a_time_that_was_typed_comes_back_with_the_warnings():
    story = make_article(status="draft")
    client = signed_in()
    at = (timezone.now() + datetime.timedelta(days=1)).astimezone(timezone.get_default_timezone())
    asked = {"schedule-at": f"{at:%Y-%m-%dT%H:%M}"}
    data = as_it_is(story, _move="schedule", _passed=[], **asked)
    response = client.post(address(story), data, follow=True)
    story.refresh_from_db()
    assert not story.is_scheduled
    assert asked["schedule-at"] in response.content.decode()
    data = as_it_is(story, _move="schedule", _passed=response.context["warning_codes"], **asked)
    client.post(address(story), data)
    story.refresh_from_db()
    assert story.is_scheduled
