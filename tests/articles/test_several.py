"""Several stories at once: each by its own rules, nothing that was not seen, nothing half done."""

import datetime
import re
from html import unescape

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles import publishing, several, versions
from articles.models import Article, Byline, Message, Revision, Tag, Transition
from tests.articles.test_desk import LIST, address, said, signed_in
from tests.articles.test_two_people import changed
from tests.factories import (
    chief,
    make_article,
    make_author,
    make_organisation,
    make_region,
    make_section,
    make_tag,
    make_user,
)

pytestmark = pytest.mark.django_db
HOUR = datetime.timedelta(hours=1)
# What each action asks for; a test puts the things there.
ACTIONS = "submit,publish,assign,set section,add tags,remove tag,add regions,pull".split(",")


def sent(action, *stories, meant=True, **data):
    """What the list, or the page that asks, sends for stories as they are in hand."""
    return {
        "action": action,
        "index": "0",
        "_selected_action": [story.pk for story in stories],
        "_seen": [f"{story.pk}:{story.version}" for story in stories],
        **({"_meant": "1"} if meant else {}),
        **data,
    }


def act(client, action, *stories, **data):
    return client.post(LIST, sent(action, *stories, **data), follow=True)


def without_markup(html):
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def told(response):
    """All that was said afterwards, in one text without markup."""
    return without_markup(" ".join(said(response)))


def ready(**fields):
    """A draft that nothing is to be said about before it goes out."""
    return make_article(
        **{"status": "draft", "regions": [make_region()], "tags": ["Snow"]} | fields
    )


def everything():
    """What each action asks for, as it is posted."""
    make_section(name="Politics")  # the one that stories are in
    return {
        "assign": {"to": make_user("reporter").pk},
        "set section": {"section": make_section().pk},
        "add tags": {"tags": "Roads"},
        "remove tag": {"tag": make_tag(name="Old").pk},
        "add regions": {"regions": make_region(name="Naryn").name},
    }


def rows():
    """All that an action could write, as it stands."""
    models = (Article, Revision, Transition, Byline, Tag, Message, Article.regions.through)
    return {m.__name__: sorted(m.objects.values_list(), key=str) for m in models} | {
        "filings": sorted(Tag.filings.rel.related_model.objects.values_list())
    }


# Each action


def test_drafts_are_submitted_at_once():
    one, two = make_article(status="draft"), make_article(status="draft")
    client = signed_in()
    response = act(client, "submit", one, two, meant=False)
    assert said(response) == ["2 stories are in review."]
    for story in Article.objects.all():
        last = story.revisions.first()
        assert (story.status, last.by, last.reason) == ("in_review", client.user, "submit")
        assert story.transitions.first().move == "submit"


def test_stories_are_published_after_they_were_looked_at():
    one, two = ready(headline="Snow"), ready(headline="Rain", status="ready")
    client = signed_in()
    asked = act(client, "publish", one, two, meant=False).content.decode()
    assert "Snow" in asked
    assert "Rain" in asked
    assert f'name="_seen" value="{one.pk}:{one.version}"' in asked
    assert not Article.objects.published().exists()
    assert said(act(client, "publish", one, two)) == ["2 stories are live."]
    assert {s.revisions.first().reason for s in Article.objects.published()} == {"publish"}


def test_what_is_missing_is_named_for_each_story_and_the_others_go_out():
    Article.objects.all().delete()
    bare = make_article(status="draft", headline="Snow in Osh", section=None)
    Byline.objects.filter(article=bare).delete()
    good = ready()
    client = signed_in()
    page = act(client, "publish", bare, good, meant=False).content.decode()
    assert "The section is missing." in page
    assert "Publish anyway" not in page
    words = told(act(client, "publish", bare, good))
    assert "1 story is live." in words
    assert (
        "Snow in Osh : Nobody is credited: add a person or an organisation. The section is missing."
        " No region: the story will stand on no region's page." in words
    )
    bare.refresh_from_db()
    assert (bare.status, bare.revisions.count()) == ("draft", 1)


def test_a_warning_is_passed_for_the_story_it_is_passed_for_and_as_it_was_shown():
    one, two = make_article(status="draft", headline="One"), make_article(status="draft")
    agency = make_organisation(name="Kabar")
    client = signed_in()
    page = act(client, "publish", one, two, meant=False).content.decode()
    assert f'name="_anyway" value="{one.pk}"' in page
    shown = re.findall(r'name="_warned" value="([^"]+)"', page)
    assert shown == [f"{one.pk}:no region", f"{two.pk}:no region"]
    words = told(act(client, "publish", one, two, _warned=shown, _anyway=[one.pk]))
    assert "1 story is live." in words
    assert "No region" in words
    assert [s.pk for s in Article.objects.published()] == [one.pk]
    three = make_article(status="draft", body="<p>Kabar said.</p>", headline="Three")
    words = told(
        act(client, "publish", three, _warned=[f"{three.pk}:no region"], _anyway=[three.pk])
    )
    assert f"Three : {agency.name} stands in the text" in words
    assert "No region" not in words


def test_an_embargo_is_a_floor_here_too():
    story = ready(headline="Quiet")
    Article.objects.update(embargo_until=timezone.now() + HOUR)
    assert "under embargo until" in told(act(signed_in(), "publish", story))
    assert not Article.objects.published().exists()


def test_a_scheduled_story_goes_out_now():
    story = ready(status="scheduled")
    assert said(act(signed_in(), "publish", story)) == ["1 story is live."]
    assert Article.objects.published().get() == story


def test_stories_are_assigned_and_the_person_hears_of_it():
    one, two = make_article(status="draft"), make_article(headline="Live")
    aida = make_user("reporter", first_name="Aida", email="aida@example.org")
    client = signed_in()
    page = act(client, "assign", one, two, meant=False).content.decode()
    assert ">Aida</option>" in page
    assert "choose</option>" in page
    assert said(act(client, "assign", one, two, to=aida.pk)) == ["2 stories are assigned."]
    assert {story.assigned_to for story in Article.objects.all()} == {aida}
    assert Message.objects.filter(to=aida, move="assign").count() == 2
    one.refresh_from_db()
    two.refresh_from_db()
    act(client, "assign", one, to="nobody", reason="On leave")
    one.refresh_from_db()
    assert one.assigned_to is None
    assert one.revisions.first().reason == "On leave"


@pytest.mark.parametrize("to", ["", "x", "999", "0"])
def test_nobody_is_assigned_by_what_is_no_choice(to):
    aida = make_user("reporter")
    story = make_article(status="draft", assigned_to=aida)
    response = act(signed_in(), "assign", story, to=to)
    assert "Nothing was changed yet" in response.content.decode()
    story.refresh_from_db()
    assert story.assigned_to == aida


def test_a_restricted_story_is_assigned_to_those_to_whom_it_is_open():
    aida, bek = make_user("reporter"), make_user("reporter", first_name="Bek")
    story = make_article(status="draft", headline="Quiet")
    publishing.restrict(story, by=chief(), people=[aida])
    story.refresh_from_db()
    client = signed_in("chief editor")
    assert "not open to Bek" in told(act(client, "assign", story, to=bek.pk))
    assert said(act(client, "assign", story, to=aida.pk)) == ["1 story is assigned."]


def test_a_section_is_set_and_readers_of_a_live_story_see_it_at_once():
    draft, live = make_article(status="draft"), make_article()
    sport = make_section(name="Sport")
    updated = live.updated_at
    client = signed_in()
    assert said(act(client, "set section", draft, live, section=sport.pk)) == [
        "2 stories are moved."
    ]
    assert {story.section for story in Article.objects.all()} == {sport}
    live.refresh_from_db()
    last = live.revisions.first()
    assert (last.state, last.by, last.reason) == ("live", client.user, "set section")
    assert last.content["relations"]["section"] == sport.pk
    assert live.updated_at == updated
    words = said(act(client, "set section", live, section=sport.pk))
    assert words == ["1 story was so already."]
    assert live.revisions.first() == last


def test_tags_are_added_and_a_new_name_makes_one_if_a_story_takes_it():
    one, two = make_article(status="draft", tags=["Snow"]), make_article(status="withdrawn")
    client = signed_in()
    response = act(client, "add tags", one, tags="snow, Road works")
    assert said(response) == ["1 story is tagged."]
    assert sorted(tag.name for tag in one.tags.all()) == ["Road works", "Snow"]
    one.refresh_from_db()
    assert one.revisions.first().content["tags"] == sorted(tag.pk for tag in one.tags.all())
    assert "cannot be done while its state is: Withdrawn" in told(
        act(client, "add tags", two, tags="Never made")
    )
    assert not Tag.objects.filter(name="Never made").exists()


def test_a_tag_is_removed_from_those_that_have_it():
    one, two = make_article(tags=["Snow", "Osh"]), make_article(tags=["Osh"])
    snow = Tag.objects.get(name="Snow")
    make_tag(name="Elsewhere")
    client = signed_in()
    page = act(client, "remove tag", one, two, meant=False).content.decode()
    assert re.findall(r"<option value=\"\d+\">(\w+)<", page) == ["Osh", "Snow"]
    words = told(act(client, "remove tag", one, two, tag=snow.pk))
    assert words == "1 story lost the tag. 1 story was so already."
    assert [tag.name for tag in one.tags.all()] == ["Osh"]


def test_regions_are_added():
    osh, naryn = make_region(name="Osh"), make_region(name="Naryn")
    story = make_article(regions=[osh])
    act(signed_in(), "add regions", story, regions="naryn, osh")
    assert set(story.regions.all()) == {osh, naryn}
    story.refresh_from_db()
    assert (
        "There is nothing called"
        in act(signed_in(), "add regions", story, regions="Atlantis").content.decode()
    )
    assert (
        "Name at least one."
        in act(signed_in(), "add regions", story, regions=" , ").content.decode()
    )


def test_live_stories_are_pulled_with_a_note():
    one, two = make_article(headline="One"), make_article(status="draft", headline="Two")
    words = told(act(signed_in(), "pull", one, two, note="A call"))
    assert "1 story is off the site." in words
    assert "Two : This cannot be done while its state is: Draft" in words
    one.refresh_from_db()
    assert (one.status, one.down_note) == ("pulled", "A call")


# The next version of a live story


@pytest.mark.parametrize(
    ("action", "data", "part"),
    [
        ("add tags", {"tags": "Roads"}, "tags"),
        ("add regions", {"regions": "Naryn"}, "regions"),
        ("set section", {"section": "Sport"}, "section"),
    ],
)
def test_what_readers_see_now_is_in_the_next_version_too(action, data, part):
    make_region(name="Naryn")
    sport = make_section(name="Sport")
    story = make_article(tags=["Snow"], regions=[make_region()])
    content = versions.snapshot(story)
    content["fields"]["headline"] = "Later"
    publishing.propose(story, by=chief(), content=content)
    act(signed_in(), action, story, **({"section": sport.pk} if part == "section" else data))
    story.refresh_from_db()
    pending, now = versions.pending(story), versions.snapshot(story)
    places = ("relations", "section") if part == "section" else (part,)
    for place in places:
        assert pending.content[places[0]] == now[places[0]], place
    assert pending.content["fields"]["headline"] == "Later"
    publishing.approve_version(story, by=chief())
    assert versions.snapshot(Article.objects.get())[places[0]] == now[places[0]]


def test_a_removed_tag_does_not_come_back_with_the_next_version():
    story = make_article(tags=["Snow", "Osh"])
    publishing.propose(story, by=chief(), content=versions.snapshot(story))
    act(signed_in(), "remove tag", story, tag=Tag.objects.get(name="Osh").pk)
    publishing.approve_version(story, by=chief())
    assert [tag.name for tag in Article.objects.get().tags.all()] == ["Snow"]


def test_a_next_version_with_another_section_of_its_own_loses_its_time_and_that_is_said():
    story = make_article(headline="Snow")
    sport, arts = make_section(name="Sport"), make_section(name="Arts")
    content = versions.snapshot(story)
    content["relations"]["section"] = sport.pk
    publishing.propose(story, by=chief(), content=content)
    publishing.approve_version(story, by=chief(), at=timezone.now() + HOUR)
    words = told(act(signed_in(), "set section", story, section=arts.pk))
    assert "1 story is moved. Their next version changes the same place." in words
    pending = versions.pending(Article.objects.get())
    assert (pending.state, pending.due_at) == ("working", None)
    assert pending.content["relations"]["section"] == sport.pk


# What was not seen


@pytest.mark.parametrize("action", ACTIONS)
def test_a_story_that_a_colleague_changed_meanwhile_stays_as_it_is(action):
    data = everything()
    status = "published" if action == "pull" else "draft"
    mine = ready(headline="Mine", status=status, tags=["Old"])
    theirs = ready(headline="Theirs", status=status, tags=["Old"])
    aida = make_user("editor", first_name="Aida")
    with time_machine.travel(datetime.datetime(2030, 1, 5, 8, 5, tzinfo=datetime.UTC), tick=False):
        changed(theirs, by=aida, kicker="New")
    before = Article.objects.get(pk=theirs.pk)
    client = signed_in()
    more = (
        data.get(action, {}) if action != "remove tag" else {"tag": Tag.objects.get(key="old").pk}
    )
    if action != "submit":
        page = act(client, action, mine, theirs, meant=False).content.decode()
        assert "Aida changed it at 5 Jan 2030, 14:05 Bishkek; it was left as it is." in page
        assert re.findall(r'name="_selected_action" value="(\d+)"', page) == [str(mine.pk)]
    response = act(client, action, mine, theirs, **more)
    words = told(response)
    assert "Theirs : Aida changed it at 5 Jan 2030, 14:05 Bishkek; it was left as it is." in words
    assert address(theirs) in " ".join(said(response))
    after = Article.objects.get(pk=theirs.pk)
    assert after.version == before.version
    assert after.status == before.status
    assert Article.objects.get(pk=mine.pk).version == mine.version + 1


def test_a_list_that_was_left_open_publishes_nothing_that_it_no_longer_shows():
    story = ready(headline="Snow")
    client = signed_in()
    page = client.get(LIST).content.decode()
    seen = re.search(rf'name="_seen" value="({story.pk}:\d+)"', page)[1]
    changed(story, headline="Unchecked rumour", by=make_user("editor", first_name="Aida"))
    data = sent("publish", story) | {"_seen": seen}
    assert "Aida changed it" in told(client.post(LIST, data, follow=True))
    assert not Article.objects.published().exists()


def test_a_story_that_left_the_filter_meanwhile_is_told_of():
    story = ready(headline="Snow", status="in_review")
    publishing.return_(
        Article.objects.get(), by=make_user("editor", first_name="Aida"), note="Mend"
    )
    response = signed_in().post(f"{LIST}?state=in_review", sent("publish", story), follow=True)
    assert "Snow : Aida changed it" in told(response)


def test_a_version_that_was_not_on_the_page_is_no_leave_to_change():
    story = ready()
    client = signed_in()
    for seen in ([], ["x"], [f"{story.pk}:"], [f"{story.pk}:x"], [f"{story.pk}:{'9' * 30}"]):
        client.post(LIST, sent("publish", story) | {"_seen": seen})
    story.refresh_from_db()
    assert story.status == "draft"


@pytest.mark.parametrize("action", ACTIONS)
def test_a_double_click_does_it_once(action):
    data = everything()
    story = ready(status="published" if action == "pull" else "draft", tags=["Old"])
    more = (
        data.get(action, {}) if action != "remove tag" else {"tag": Tag.objects.get(key="old").pk}
    )
    client = signed_in()
    first = said(act(client, action, story, **more))
    before = rows()
    assert said(act(client, action, story, **more)) == first
    assert rows() == before


def test_the_same_click_of_a_colleague_is_no_double_click():
    story = ready(headline="Snow")
    act(signed_in("editor", first_name="Aida"), "publish", story)
    assert "Snow : Aida changed it" in told(act(signed_in(), "publish", story))


# Who may


MAY = {
    "reporter": {"submit", "set section", "add tags", "remove tag", "add regions"},
    "editor": set(ACTIONS),
    "chief editor": set(ACTIONS),
}


@pytest.mark.parametrize("role", MAY)
def test_each_role_is_offered_what_it_may(role):
    client = signed_in(role)
    make_article(status="draft", entered_by=client.user)
    page = client.get(LIST).content.decode()
    bar = re.search(r'<select name="action".*?</select>', page, re.S)[0]
    assert set(re.findall(r'<option value="([^"]+)"', bar)) == MAY[role]
    assert "delete" not in page.lower()
    assert "_popup" in page or client.get(f"{LIST}?_popup=1").content.decode().count("_seen") == 0


@pytest.mark.parametrize("role", [*MAY, "administrator", None])
@pytest.mark.parametrize("action", [*ACTIONS, "delete_selected"])
def test_each_role_does_what_it_may_to_own_stories_and_no_more(role, action):
    client = signed_in(role) if role else Client()
    data = everything()
    status = "published" if action == "pull" else "draft"
    story = ready(status=status, tags=["Old"], entered_by=getattr(client, "user", None))
    more = (
        data.get(action, {}) if action != "remove tag" else {"tag": Tag.objects.get(key="old").pk}
    )
    before = rows()
    client.post(LIST, sent(action, story, **more))
    assert (rows() != before) is (action in MAY.get(role, ()))


@pytest.mark.parametrize("action", ACTIONS)
def test_a_reporter_changes_no_story_of_others_by_any_forged_action(action):
    desk = signed_in("reporter")
    data = everything()
    draft = ready(headline="Their draft", tags=["Old"])
    live = ready(headline="Their live one", tags=["Old"], status="published")
    secret = ready(headline="Zyzzyva", tags=["Old"])
    publishing.restrict(secret, by=chief(), people=[make_user("editor")])
    secret.refresh_from_db()
    gone = Article(pk=987654, version=1)
    own_live = ready(
        headline="Mine and live", status="published", authors=[make_author(user=desk.user)]
    )
    in_review = ready(headline="Mine, in review", status="in_review", entered_by=desk.user)
    stories = [draft, live, secret, gone, own_live, in_review]
    more = (
        data.get(action, {}) if action != "remove tag" else {"tag": Tag.objects.get(key="old").pk}
    )
    before = rows()
    for meant in (False, True):
        response = act(desk, action, *stories, meant=meant, **more, select_across="1")
        page = response.content.decode()
        assert "Zyzzyva" not in page
        assert ">Old</option>" not in page
    assert rows() == before
    if action not in MAY["reporter"]:
        assert said(response) == ["No action selected."]
        return
    if action == "remove tag":
        # None of them has a tag that the reporter could take away.
        page = act(desk, action, *stories, meant=False).content.decode()
    words = without_markup(page)
    assert "Their draft : It is not yours to change." in words
    assert "Their live one : It is not yours to change." in words
    assert "Mine and live : It is live" in words
    assert "Mine, in review : This cannot be done while its state is: In review" in words
    assert "2 of the chosen stories are not open to you, or are no longer there." in words


def test_a_restricted_story_and_none_have_the_same_answer():
    secret = ready(headline="Zyzzyva")
    publishing.restrict(secret, by=chief(), people=[make_user("editor")])
    client = signed_in()
    answers = {
        told(act(client, "publish", story)) for story in (secret, Article(pk=987654, version=1))
    }
    assert answers == {"1 of the chosen stories is not open to you, or is no longer there."}
    assert not Article.objects.published().exists()


def test_the_reporters_own_draft_is_filed_and_submitted_by_the_list():
    desk = signed_in("reporter")
    story = make_article(status="draft", entered_by=desk.user)
    make_region(name="Osh")
    act(desk, "add regions", story, regions="Osh", reason="Names the city")
    story.refresh_from_db()
    assert [region.name for region in story.regions.all()] == ["Osh"]
    assert (story.revisions.first().by, story.revisions.first().reason) == (
        desk.user,
        "Names the city",
    )
    assert said(act(desk, "submit", story)) == ["1 story is in review."]


def test_the_list_has_a_box_for_what_may_be_opened():
    desk = signed_in("reporter")
    own = make_article(status="draft", entered_by=desk.user)
    other = make_article(status="draft")
    page = desk.get(LIST).content.decode()
    boxes = re.findall(r'name="_selected_action" value="(\d+)"', page)
    assert boxes == [str(own.pk)]
    assert f'value="{other.pk}:' not in page


# How many, and at which cost


def test_at_most_a_hundred_stories_at_once_and_nothing_is_done_to_more(monkeypatch):
    monkeypatch.setattr(several, "MOST", 2)
    stories = [make_article(status="draft") for _ in range(3)]
    before = rows()
    words = "At most 2 stories at once: 3 were chosen. Nothing was done."
    for meant in (False, True):
        assert said(act(signed_in(), "submit", *stories, meant=meant)) == [words]
    assert {m: r for m, r in rows().items() if m != "Message"} == {
        m: r for m, r in before.items() if m != "Message"
    }


def test_what_is_not_chosen_is_not_changed_whatever_is_said_of_all_pages():
    one, two = make_article(status="draft"), make_article(status="draft")
    act(signed_in(), "submit", one, select_across="1")
    two.refresh_from_db()
    assert two.status == "draft"


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"action": ""},
        {"action": "delete_selected"},
        {"action": "\0"},
        {"action": "publish", "_selected_action": ["x", "²", "9" * 30, "-1", "\0", "1_2"]},
        {"action": "publish", "_selected_action": ["9" * 18], "_seen": ["1", ":", "9:9:9"]},
        {"action": "add tags", "_selected_action": ["1"], "_meant": "1", "tags": "\0"},
        {"action": "add tags", "_selected_action": ["1"], "_meant": "1", "tags": "x" * 400},
        {"action": "publish", "_selected_action": ["1"], "index": "9" * 5000},
        {"action": "publish", "_selected_action": ["1"], "index": "-7"},
        {"action": "publish", "_meant": "1", "_anyway": ["x"], "_warned": ["x", "1:"]},
    ],
)
def test_no_action_breaks_the_list(data):
    make_article(status="draft")
    before = rows()
    response = signed_in().post(LIST, {"index": "0"} | data, follow=True)
    assert response.status_code == 200
    after = rows()
    assert after == before


@pytest.mark.parametrize("action", ["submit", "publish", "set section", "add tags", "assign"])
def test_each_story_costs_the_same(action):
    data = everything()
    client = signed_in()
    costs = []
    client.post(LIST, sent(action, ready(), **data.get(action, {})))
    for count in (1, 3, 5):
        stories = [ready() for _ in range(count)]
        with CaptureQueriesContext(connection) as queries:
            response = client.post(LIST, sent(action, *stories, **data.get(action, {})))
        assert response.status_code == 302
        costs.append(len(queries))
    each = (costs[1] - costs[0]) // 2
    assert costs[2] - costs[1] == costs[1] - costs[0]
    assert each <= 45, costs


@pytest.mark.parametrize("state", ["", "draft"])
def test_the_list_costs_no_more_with_boxes(state, django_assert_max_num_queries):
    for _ in range(3):
        make_article(status="draft")
    client = signed_in()
    with django_assert_max_num_queries(12):
        assert "_seen" in client.get(f"{LIST}?state={state}").content.decode()
