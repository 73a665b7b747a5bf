"""The one story at the head of a section's or a region's list, in each language."""

import datetime
import threading

import pytest
import time_machine
from django.contrib.admin.models import LogEntry
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from articles import publishing
from articles.models import Article
from fronts import leads
from fronts.laying_out import Refused
from fronts.models import Lead
from tests.factories import chief, make_article, make_region, make_section, make_user

pytestmark = pytest.mark.django_db
HOUR = datetime.timedelta(hours=1)


@pytest.fixture
def editor():
    return make_user("editor")


@pytest.fixture
def place():
    """A section with a region: stories that are filed under both stand in both lists."""
    return {
        "section": make_section(name="Climate"),
        "region": make_region(name="Osh", parent=make_region(name="Kyrgyzstan", kind="country")),
    }


def story(place, headline, hours=1, **fields):
    at = timezone.now() - hours * HOUR
    about = {"section": place["section"], "regions": [place["region"]], "at": at}
    return make_article(headline=headline, **about | fields)


def shown(client, thing, query="", prefix=""):
    response = client.get(f"{prefix}{thing.get_absolute_url()}{query}")
    assert response.status_code == 200
    return [card.headline for card in response.context["cards"]]


@pytest.mark.parametrize("kind", ["section", "region"])
def test_a_lead_stands_first_once_and_on_the_first_page_only(client, place, editor, kind):
    thing = place[kind]
    old = story(place, "Old", hours=99)
    for number in range(23):
        story(place, f"S{number}", hours=number + 1)
    newest = [f"S{number}" for number in range(23)]
    assert shown(client, thing) == newest[:20]
    leads.pin(old, by=editor, thing=thing)
    assert shown(client, thing) == ["Old", *newest[:20]]
    older = client.get(thing.get_absolute_url()).context["older"]
    assert shown(client, thing, older.removeprefix(thing.get_absolute_url())) == newest[20:]
    feed = client.get(f"{thing.get_absolute_url()}rss.xml").content.decode()
    assert feed.index("S0") < feed.index("S1")
    assert "Old" not in feed


def test_a_lead_of_a_country_may_lie_anywhere_in_it(client, place, editor):
    country = place["region"].parent
    old = story(place, "Old", hours=9)
    story(place, "New")
    leads.pin(old, by=editor, thing=country)
    assert shown(client, country) == ["Old", "New"]
    assert shown(client, place["region"]) == ["New", "Old"]
    # Narrowed to a section it is a list by time.
    assert shown(client, country, "?section=climate") == ["New", "Old"]


def test_each_language_has_its_own_lead(client, place, editor):
    section = place["section"]
    english = story(place, "Old", hours=9)
    russian = story(place, "Старое", hours=9, language="ru")
    story(place, "New"), story(place, "Новое", language="ru")
    leads.pin(english, by=editor, thing=section)
    assert shown(client, section, prefix="/ru") == ["Новое", "Старое"]
    leads.pin(russian, by=editor, thing=section)
    assert shown(client, section, prefix="/ru") == ["Старое", "Новое"]
    assert shown(client, section) == ["Old", "New"]
    leads.take_out(by=editor, thing=section, language="en")
    assert shown(client, section) == ["New", "Old"]
    assert Lead.objects.count() == 1


@pytest.mark.parametrize("how", ["pulled", "withdrawn", "retracted", "refiled", "superseded"])
def test_a_lead_that_is_not_public_or_not_of_the_list_leaves_no_hole(client, place, editor, how):
    section = place["section"]
    old = story(place, "Old", hours=9)
    story(place, "New")
    leads.pin(old, by=editor, thing=section)
    if how == "pulled":
        publishing.pull(old, by=editor, note="A call")
    elif how == "withdrawn":
        publishing.withdraw(old, by=chief(), reason="Wrong.")
    elif how == "retracted":
        publishing.retract(old, by=chief(), reason="Wrong.")
    elif how == "refiled":
        Article.objects.filter(pk=old.pk).update(section=make_section(name="Trade"))
    else:
        story(place, "Newest", hours=0.5, supersedes=old)
    expected = {"superseded": ["Newest", "New", "Old"]}.get(how, ["New"])
    assert shown(client, section) == expected
    if how == "pulled":
        publishing.release(old, by=editor)
        assert shown(client, section) == ["Old", "New"]


def test_a_scheduled_lead_comes_at_its_minute_and_goes_at_its_end(client, place, editor):
    section, minute = place["section"], timezone.now() + HOUR
    coming = story(place, "Coming", status="scheduled", at=minute)
    story(place, "New")
    end = minute + HOUR
    leads.pin(coming, by=editor, thing=section, until=end)
    assert leads.next_due(timezone.now()) == end
    second = datetime.timedelta(seconds=1)
    for moment, expected in [
        (minute - second, ["New"]),
        (minute, ["Coming", "New"]),
        (minute + HOUR / 2, ["Coming", "Later", "New"]),
        (end - second, ["Coming", "Later", "New"]),
        (end, ["Later", "Coming", "New"]),
    ]:
        with time_machine.travel(moment, tick=False):
            if "Later" in expected and not Article.objects.filter(headline="Later").exists():
                story(place, "Later", hours=0)
            assert shown(client, section) == expected
    assert leads.next_due(end) is None


@pytest.mark.parametrize("has_lead", [True, False])
@pytest.mark.parametrize("number", [1, 3])
@pytest.mark.parametrize(("kind", "queries"), [("section", 5), ("region", 6)])
def test_a_list_costs_the_same_with_and_without_a_lead(
    client, place, editor, number, kind, queries, has_lead
):
    for n in range(number):
        story(place, f"S{n}")
    if has_lead:
        leads.pin(Article.objects.earliest("pk"), by=editor, thing=place[kind])
    client.get(place[kind].get_absolute_url())
    with CaptureQueriesContext(connection) as captured:
        client.get(place[kind].get_absolute_url())
    assert len(captured) == queries, [q["sql"][:80] for q in captured]


# Who may, and what is refused


@pytest.mark.parametrize("role", ["reporter", "administrator", None])
def test_only_who_lays_out_fronts_pins_a_lead(place, role):
    one, by = story(place, "One"), make_user(role)
    with pytest.raises(PermissionDenied):
        leads.pin(one, by=by, thing=place["section"])
    with pytest.raises(PermissionDenied):
        leads.take_out(by=by, thing=place["section"], language="en")
    assert not Lead.objects.exists()


def test_a_lead_is_public_or_scheduled_and_of_the_list(place, editor):
    with pytest.raises(PermissionDenied):
        leads.pin(story(place, "Draft", status="draft"), by=editor, thing=place["section"])
    one = story(place, "One")
    with pytest.raises(Refused, match="not filed under “Trade”"):
        leads.pin(one, by=editor, thing=make_section(name="Trade"))
    with pytest.raises(Refused, match="passed"):
        leads.pin(one, by=editor, thing=place["section"], until=timezone.now() - HOUR)


def test_the_database_keeps_one_lead_for_one_list_and_language(place):
    one = story(place, "One")
    with pytest.raises(IntegrityError), transaction.atomic():
        Lead.objects.create(article=one, language="en")
    with pytest.raises(IntegrityError), transaction.atomic():
        Lead.objects.create(article=one, language="en", **place)
    Lead.objects.create(article=one, language="en", section=place["section"])
    with pytest.raises(IntegrityError), transaction.atomic():
        Lead.objects.create(article=one, language="en", section=place["section"])


def test_a_change_of_lead_is_logged(place, editor, caplog, django_capture_on_commit_callbacks):
    one = story(place, "One")
    with caplog.at_level("INFO", "newsroom.desk"), django_capture_on_commit_callbacks(execute=True):
        leads.pin(one, by=editor, thing=place["section"])
    assert f"front section {place['section'].pk}: lead" in caplog.text
    entry = LogEntry.objects.latest("pk")
    assert (entry.user, entry.get_edited_object()) == (editor, place["section"])
    assert f"story {one.pk}" in entry.get_change_message()


@pytest.mark.django_db(transaction=True)
def test_two_who_pin_at_once_leave_one_lead(client):
    place = {"section": make_section(), "region": make_region()}
    stories = [story(place, f"S{n}") for n in range(2)]
    editors = [make_user("editor") for _ in range(2)]
    start = threading.Barrier(2)

    def work(one, by):
        start.wait()
        leads.pin(one, by=by, thing=place["section"])
        connection.close()

    threads = [threading.Thread(target=work, args=a) for a in zip(stories, editors, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Lead.objects.count() == 1


# On the desk


def page(thing):
    return reverse(f"admin:articles_{thing._meta.model_name}_change", args=[thing.pk])


def data(section, **fields):
    return {"name": section.name, "slug": section.slug, "position": section.position} | fields


def test_a_lead_is_set_on_the_page_of_a_section(client, place, editor):
    section = place["section"]
    old = story(place, "Old", hours=9)
    story(place, "New")
    story(place, "Draft", status="draft")
    client.force_login(editor)
    assert client.post(page(section), data(section, lead_en="old")).status_code == 302
    assert shown(client, section) == ["Old", "New"]
    html = client.get(page(section)).content.decode()
    assert 'name="lead_en" value="Old"' in html
    # What is wrong is said, and stays typed.
    for typed, words in [
        ({"lead_en": "Draft"}, "There is nothing called “Draft” here yet."),
        ({"lead_en": "Old", "lead_until_en": "2020-01-01T10:00"}, "This time has passed."),
        ({"lead_ru": "Old"}, "There is nothing called “Old” here yet."),
    ]:
        response = client.post(page(section), data(section, **typed))
        assert words in response.content.decode()
        assert f'value="{next(iter(typed.values()))}"' in response.content.decode()
    until = timezone.now() + HOUR
    both = {"lead_en": str(old.pk), "lead_until_en": until.isoformat()}
    assert client.post(page(section), data(section, **both)).status_code == 302
    assert Lead.objects.get().until == until
    assert client.post(page(section), data(section, name="Weather", **both)).status_code == 302
    assert Lead.objects.get().article == old
    assert client.post(page(section), data(section)).status_code == 302
    assert not Lead.objects.exists()


def test_a_reporter_sees_no_lead_to_set(client, place):
    client.force_login(make_user("reporter"))
    assert "lead_en" not in client.get(page(place["section"])).content.decode()


def test_from_a_story_its_section_and_regions_are_offered(client, place, editor):
    old = story(place, "Old", hours=9)
    story(place, "New")
    client.force_login(editor)
    address = reverse("admin:articles_article_change", args=[old.pk])
    html = client.get(address).content.decode()
    for name, label in (
        (f"section {place['section'].pk}", "Climate, lead"),
        (f"region {place['region'].pk}", "Osh, lead"),
        (f"region {place['region'].parent_id}", "Kyrgyzstan, lead"),
    ):
        assert f'value="place {name}"' in html
        assert label in html
    move = reverse("admin:articles_article_move", args=[old.pk])
    said = {"_move": f"place region {place['region'].parent_id}", "version": old.version}
    answer = client.post(move, said, follow=True)
    assert "It has its place." in answer.content.decode()
    assert shown(client, place["region"].parent) == ["Old", "New"]
    other = make_region(name="Batken")
    client.post(move, {"_move": f"place region {other.pk}", "version": old.version})
    assert not other.leads.exists()


def test_nothing_of_a_restricted_lead_stands_on_the_page_of_a_section(client, place, editor):
    secret = story(place, "Secret", status="scheduled", at=timezone.now() + HOUR)
    leads.pin(secret, by=chief(), thing=place["section"])
    Article.objects.filter(pk=secret.pk).update(is_restricted=True)
    client.force_login(editor)
    html = client.get(page(place["section"])).content.decode()
    assert "Secret" not in html
    assert client.post(page(place["section"]), data(place["section"])).status_code == 302
    assert Lead.objects.get().article == secret
