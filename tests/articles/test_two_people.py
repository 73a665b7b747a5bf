"""Two people on one story: what does not collide goes together, what does is decided by a person."""

import datetime
import re

import pytest

from articles import publishing
from articles.models import Article
from tests.articles.test_desk import (
    address,
    as_it_is,
    credits,
    said,
    signed_in,
    sources,
)
from tests.factories import (
    make_article,
    make_author,
    make_organisation,
    make_region,
    make_user,
)

pytestmark = pytest.mark.django_db
THREE = "<p>Snow fell in Osh.</p><p>Roads are closed today.</p><p>Schools too.</p>"


def changed(story, *, by=None, **fields):
    """The story as a colleague saves it meanwhile."""
    by = by or make_user("editor", first_name="Aida", last_name="Sultanova")
    story = Article.objects.get(pk=story.pk)
    for name, value in fields.items():
        setattr(story, name, value)
    publishing.save(story, by=by)
    publishing.record(story, by=by)


def choices(response):
    """The names of the choices on the page of collisions, in order."""
    found = re.findall(r'type="radio" name="(_choice-\w+)"', response.content.decode())
    return list(dict.fromkeys(found))


def carried(response):
    """What the page of collisions sends again, as a browser does."""
    page = response.content.decode()
    fields = re.findall(r'<textarea name="([^"]+)" hidden>\n(.*?)</textarea>', page, re.S)
    unescaped = {"&lt;": "<", "&gt;": ">", "&quot;": '"', "&#x27;": "'", "&amp;": "&"}
    data = {}
    for name, value in fields:
        for code, letter in unescaped.items():
            value = value.replace(code, letter)
        data[name] = value
    return data


def test_a_stale_save_goes_together_with_what_a_colleague_saved():
    story = make_article(status="draft", headline="Snow", body=THREE)
    mine = as_it_is(story, kicker="")
    changed(story, kicker="Weather", body=THREE.replace("Schools too.", "Schools open."))
    response = signed_in().post(
        address(story), mine | {"body": THREE.replace("Osh.", "Osh at night.")}, follow=True
    )
    story.refresh_from_db()
    assert story.kicker == "Weather"
    assert story.body == THREE.replace("Osh.", "Osh at night.").replace("too.", "open.")
    told = " ".join(said(response))
    assert "Aida Sultanova" in told
    assert "Kicker" in told
    assert "Text" in told


def test_rows_tags_and_regions_of_both_go_together():
    osh, naryn = make_region(name="Osh"), make_region(name="Naryn")
    ann = make_author(name="Ann")
    make_author(name="Bek")
    agency = make_organisation(name="24.kg")
    story = make_article(status="draft", authors=[ann], regions=[osh], tags=["Snow"])
    mine = as_it_is(
        story,
        regions="Osh",
        tags="Snow, Roads",
        **credits({"name": "Ann"}, {"name": "Bek", "role": "photographer"}),
        **sources(),
    )
    other = Article.objects.get()
    publishing.save(other, by=make_user("editor"))
    other.regions.add(naryn)
    other.tags.add("Ice")
    other.citations.create(organisation=agency)
    publishing.record(other, by=make_user("editor"))
    assert signed_in().post(address(story), mine).status_code == 302
    assert {tag.name for tag in story.tags.all()} == {"Snow", "Roads", "Ice"}
    assert set(story.regions.all()) == {osh, naryn}
    assert [str(b) for b in story.bylines.all()] == ["Ann (author)", "Bek (photographer)"]
    assert [c.organisation for c in story.citations.all()] == [agency]


def test_what_both_changed_is_shown_saved_by_nobody_and_decided_on_one_page():
    story = make_article(status="draft", headline="Snow", body=THREE)
    mine = as_it_is(story) | {"headline": "Hail", "body": THREE.replace("Osh", "Osh & Uzgen")}
    changed(story, headline="Rain", standfirst="Wet.", body=THREE.replace("Osh", "Talas"))
    client = signed_in()
    response = client.post(address(story), mine | credits({"name": "New", "make": "person"}))
    assert response.status_code == 409
    page = response.content.decode()
    assert "Aida Sultanova" in page
    assert all(word in page for word in ("Snow", "Rain", "Hail", "Talas", "Uzgen"))
    story.refresh_from_db()
    assert story.headline == "Rain"
    headline, body = choices(response)
    decided = carried(response) | {headline: "mine", body: "both"}
    assert client.post(address(story), decided).status_code == 302
    story.refresh_from_db()
    assert (story.headline, story.standfirst) == ("Hail", "Wet.")
    assert "Osh &amp; Uzgen.</p><p>Snow fell in Talas." in story.body
    assert [str(b) for b in story.bylines.all()] == ["New (author)"]


def test_a_decision_holds_only_for_what_was_seen():
    story = make_article(status="draft", headline="Snow", kicker="K")
    mine = as_it_is(story, kicker="Mine") | {"headline": "Hail"}
    changed(story, headline="Rain", kicker="Theirs")
    client = signed_in()
    response = client.post(address(story), mine)
    assert len(choices(response)) == 2
    decided = carried(response) | dict.fromkeys(choices(response), "mine")
    changed(story, headline="Fog")
    again = client.post(address(story), decided)
    assert again.status_code == 409
    [headline] = choices(again)
    story.refresh_from_db()
    assert (story.headline, story.kicker) == ("Fog", "Theirs")
    # The first decision about the kicker is carried on.
    client.post(address(story), carried(again) | {headline: "theirs"})
    story.refresh_from_db()
    assert (story.headline, story.kicker) == ("Fog", "Mine")


def test_one_persons_double_click_and_a_story_going_live_are_no_collision():
    story = make_article(status="draft", headline="Snow")
    client = signed_in()
    mine = as_it_is(story) | {"headline": "Hail"}
    for _ in range(2):
        assert client.post(address(story), mine).status_code == 302
    story.refresh_from_db()
    mine = as_it_is(story) | {"standfirst": "Typed while it went live."}
    publishing.publish(story, by=make_user("editor"))
    assert client.post(address(story), mine).status_code == 302
    story.refresh_from_db()
    assert story.standfirst == "Typed while it went live."


def test_an_embargo_that_two_set_is_shown_with_its_three_times():
    story = make_article(status="draft")
    mine = as_it_is(story, embargo_until="2030-01-01T06:00")
    client = signed_in()
    client.post(address(story), mine)
    response = client.post(
        address(story), as_it_is(story, embargo_until="2030-02-02T07:30") | {"version": 1}
    )
    assert response.status_code == 409
    page = response.content.decode()
    assert "Embargo until" in page
    assert "06:00" in page
    assert "07:30" in page


def test_a_field_that_was_not_sent_keeps_what_it_says():
    story = make_article(status="draft", body=THREE, tags=["Snow"], standfirst="Stays.")
    data = {"headline": "Rain", "version": story.version}
    assert signed_in().post(address(story), data).status_code == 302
    story.refresh_from_db()
    assert (story.headline, story.body, story.standfirst) == ("Rain", THREE, "Stays.")
    assert [tag.name for tag in story.tags.all()] == ["Snow"]


def test_a_version_that_is_not_kept_overwrites_nothing():
    story = make_article(status="draft", headline="Snow", kicker="")
    changed(story, headline="Rain")
    response = signed_in().post(address(story), as_it_is(story) | {"version": 999})
    assert response.status_code == 409
    story.refresh_from_db()
    assert story.headline == "Rain"


def test_a_withheld_name_is_not_told_by_the_page_of_collisions():
    secret = make_author(name="Secret Source")
    story = make_article(status="draft", authors=[secret])
    story.bylines.update(withheld=True)
    publishing.save(story, by=make_user("chief editor"))
    publishing.record(story, by=make_user("chief editor"))
    opened = story.version
    chief = signed_in("chief editor")
    chief.post(
        address(story),
        as_it_is(story, **credits({"name": "Secret Source", "role": "editor", "withheld": "on"})),
    )
    response = signed_in("editor").post(
        address(story), as_it_is(story, **credits()) | {"version": opened}
    )
    assert response.status_code == 409
    places = response.context["places"]
    assert "Secret Source" not in str(places)


def test_a_time_that_a_colleague_set_meanwhile_is_not_overwritten_by_the_schedule_sheet():
    story = make_article(status="ready")
    mine = as_it_is(story, **{"schedule-at": "2030-02-02T07:30", "_move": "schedule"})
    theirs = datetime.datetime(2030, 1, 1, tzinfo=datetime.UTC)
    publishing.publish(story, by=make_user("editor", first_name="Aida"), at=theirs)
    response = signed_in().post(address(story), mine | {"standfirst": "Typed."}, follow=True)
    story.refresh_from_db()
    assert story.published_at == theirs
    assert story.standfirst == "Typed."
    assert "Aida" in " ".join(said(response))


def test_a_story_that_somebody_returned_meanwhile_is_not_approved_by_an_old_page():
    story = make_article(status="in_review")
    opened = story.version
    publishing.return_(story, by=make_user("editor"), note="Say where.")
    desk = signed_in()
    desk.post(address(story, "move"), {"_move": "approve", "version": opened})
    story.refresh_from_db()
    assert story.status == "draft"
    desk.post(address(story, "move"), {"_move": "approve", "version": story.version})
    story.refresh_from_db()
    assert story.status == "ready"


def test_ones_own_second_click_on_a_button_is_no_alarm():
    story = make_article(status="draft")
    desk = signed_in()
    mine = as_it_is(story, _move="approve")
    for _ in range(2):
        response = desk.post(address(story), mine, follow=True)
        assert said(response) == ["It is ready."]
    story.refresh_from_db()
    assert story.status == "ready"


def test_a_story_is_not_published_with_a_colleagues_words_that_nobody_saw():
    story = make_article(status="ready", headline="Snow", body=THREE)
    mine = as_it_is(story, _move="publish", _passed=["no region"]) | {"headline": "Hail"}
    changed(story, body=THREE.replace("Schools too.", "The minister lied."))
    desk = signed_in()
    response = desk.post(address(story), mine, follow=True)
    story.refresh_from_db()
    assert (story.status, story.headline) == ("ready", "Hail")
    assert "minister" in story.body
    told = " ".join(said(response))
    assert "Aida Sultanova" in told
    assert "not taken" in told
    desk.post(address(story), as_it_is(story, _move="publish", _passed=["no region"]))
    story.refresh_from_db()
    assert story.is_live


def test_a_collision_that_was_decided_goes_out_by_the_same_press():
    story = make_article(status="ready", headline="Snow")
    mine = as_it_is(story, _move="publish", _passed=["no region"]) | {"headline": "Hail"}
    changed(story, headline="Rain")
    desk = signed_in()
    collided = desk.post(address(story), mine)
    [headline] = choices(collided)
    decided = carried(collided) | {headline: "theirs", "_move": "publish"}
    desk.post(address(story), decided | {"_passed": ["no region"]})
    story.refresh_from_db()
    assert story.is_live
    assert story.headline == "Rain"


def test_a_second_click_on_a_button_of_a_page_to_read_is_no_refusal():
    desk = signed_in("reporter")
    story = make_article(status="draft", authors=[make_author(user=desk.user)])
    publishing.submit(story, by=desk.user)
    for _ in range(2):
        assert desk.post(address(story, "move"), {"_move": "take-back"}).status_code == 302
    story.refresh_from_db()
    assert story.status == "draft"


def test_ones_own_embargo_that_moves_the_time_is_no_alarm_for_the_same_press():
    time = datetime.datetime(2030, 1, 1, tzinfo=datetime.UTC)
    story = make_article(status="scheduled", at=time)
    both = {"embargo_until": "2030-02-01T06:00", "schedule-at": "2030-02-02T07:30"}
    data = as_it_is(story, **both, _move="schedule")
    response = signed_in().post(address(story), data, follow=True)
    assert said(response)[-1] == "It is scheduled."
    story.refresh_from_db()
    assert story.published_at == datetime.datetime(2030, 2, 2, 1, 30, tzinfo=datetime.UTC)


def test_whose_embargo_moved_the_time_is_said_to_who_chose_another():
    time = datetime.datetime(2030, 1, 1, tzinfo=datetime.UTC)
    story = make_article(status="ready")
    desk = signed_in()
    publishing.publish(story, by=desk.user, at=time)
    mine = as_it_is(story, **{"schedule-at": "2030-02-02T07:30", "_move": "schedule"})
    embargo = datetime.datetime(2030, 2, 1, tzinfo=datetime.UTC)
    changed(story, embargo_until=embargo)
    response = desk.post(address(story), mine, follow=True)
    assert "Meanwhile Aida Sultanova has changed its state" in said(response)[-1]
    story.refresh_from_db()
    assert story.published_at == embargo


def test_a_colleagues_words_are_unseen_also_below_a_save_of_ones_own_in_another_tab():
    story = make_article(status="ready", headline="Snow")
    desk = signed_in()
    mine = as_it_is(story, _move="publish", _passed=["no region"], kicker="")
    changed(story, standfirst="The minister lied.")
    changed(story, by=desk.user, kicker="Weather")
    response = desk.post(address(story), mine, follow=True)
    story.refresh_from_db()
    assert (story.status, story.standfirst) == ("ready", "The minister lied.")
    assert "Aida Sultanova" in " ".join(said(response))
