"""What stands on a home: pins first, the newest after them, nothing twice, nothing not public."""

import datetime

import pytest
from django.conf import settings
from django.utils import timezone

from articles import publishing
from articles.models import Article
from fronts.composition import candidates, compose, edition_of, next_due
from fronts.models import Edition, Front, Pin
from newsroom import nowhere
from tests.factories import chief, make_article, make_author, make_image, make_region, make_section

pytestmark = pytest.mark.django_db


def hours_ago(number):
    return timezone.now() - datetime.timedelta(hours=number)


def edition(language="en", live_from=None, **fields):
    """A newer edition of the home than the empty one that a new database has."""
    front, _ = Front.objects.get_or_create(name="home", language=language)
    return Edition.objects.create(front=front, live_from=live_from or hours_ago(0), **fields)


def home(language="en", now=None):
    return compose(language, now or timezone.now())


def headlines(cards):
    return [card.headline for card in cards]


def all_of(home):
    """Every headline on a home, from the top down."""
    cards = [home.lead, *home.seconds, *home.latest]
    for block in home.countries:
        cards += block.cards
    cards += [*home.opinion, home.long_read]
    for block in home.strips:
        cards += block.cards
    return headlines(card for card in cards if card is not None)


def a_full_newsroom():
    """Sixty stories of three sections and two countries, some with pictures, some opinion."""
    sections = [make_section(name=name, position=n) for n, name in enumerate("ABC")]
    countries = [make_region(name=name, kind="country") for name in ("Kazakhstan", "Uzbekistan")]
    image, person = make_image(64, 43), make_author()
    genres = ["news", "report", "opinion", "news", "analysis"]
    for n in range(60):
        make_article(
            headline=f"Story {n:02}",
            at=hours_ago(n + 1),
            section=sections[n % 3],
            regions=[countries[n % 2]] if n % 7 else [],
            lead_image=image if n % 4 == 0 else None,
            genre=genres[n % 5],
            authors=[person],
        )


def test_an_empty_newsroom_has_an_empty_home():
    empty = home()
    assert all_of(empty) == []
    assert empty.lead is None
    assert empty.breaking is None


def test_no_story_stands_twice_and_every_block_is_filled():
    a_full_newsroom()
    full = home()
    shown = all_of(full)
    assert len(shown) == len(set(shown))
    assert len(full.seconds) == 3
    assert len(full.latest) == 6
    assert [block.thing.name for block in full.countries] == ["Kazakhstan", "Uzbekistan"]
    assert {len(block.cards) for block in full.countries} == {3}
    assert len(full.opinion) == 4
    assert full.long_read is not None
    assert [block.thing.name for block in full.strips] == ["A", "B", "C"]
    assert headlines(full.latest) == sorted(headlines(full.latest))


def test_opinion_stands_among_opinion_only():
    a_full_newsroom()
    full = home()
    news = [full.lead, *full.seconds, *full.latest, full.long_read]
    assert {card.article.genre for card in full.opinion} == {"opinion"}
    assert "opinion" not in {card.article.genre for card in news}


def test_a_single_opinion_piece_leads_where_there_is_nothing_else():
    make_article(headline="Alone", genre="opinion")
    assert home().lead.headline == "Alone"


@pytest.mark.parametrize("number", [0, 1, 3, 60])
def test_a_home_takes_six_queries_however_much_there_is(number, django_assert_num_queries):
    for n in range(min(number, 3)):
        make_article(regions=[make_region(kind="country")], lead_image=make_image(64, 43))
        Pin.objects.create(edition=edition(), article=Article.objects.last(), position=n)
    if number == 60:
        a_full_newsroom()
    # The edition, its pins, the stories with their credits and regions, the countries.
    with django_assert_num_queries(6 if number else 4):
        home()


def test_pins_stand_first_in_their_order_with_their_own_words():
    first, second = make_article(at=hours_ago(90)), make_article(at=hours_ago(80))
    newest = make_article(headline="Newest")
    image = make_image(64, 43)
    latest = edition()
    Pin.objects.create(
        edition=latest,
        article=second,
        position=0,
        kicker="Exclusive",
        headline="Said differently",
        image=image,
    )
    Pin.objects.create(edition=latest, article=first, position=1)
    page = home()
    assert page.lead.headline == "Said differently"
    assert page.lead.kicker.words == "Exclusive"
    assert page.lead.image == image
    assert headlines(page.seconds) == [first.headline, newest.headline]


@pytest.mark.parametrize("status", ["draft", "scheduled", "pulled", "withdrawn", "retracted"])
def test_a_pinned_story_that_is_not_published_takes_no_room(status):
    hidden = make_article(headline="Hidden", status=status)
    shown = make_article(headline="Shown")
    latest = edition()
    Pin.objects.create(edition=latest, article=hidden, position=0)
    Pin.objects.create(edition=latest, article=shown, position=1)
    assert all_of(home()) == ["Shown"]


def test_a_pinned_story_waits_for_its_publication():
    later = timezone.now() + datetime.timedelta(hours=3)
    story = make_article(headline="Tomorrow", status="scheduled", at=later)
    make_article(headline="Today")
    Pin.objects.create(edition=edition(), article=story)
    assert home().lead.headline == "Today"
    assert home(now=later).lead.headline == "Tomorrow"


def test_a_pin_ends_when_it_was_said_to():
    until = timezone.now() + datetime.timedelta(hours=1)
    old = make_article(headline="Old", at=hours_ago(50))
    make_article(headline="New", lead_image=make_image(64, 43))
    Pin.objects.create(edition=edition(), article=old, until=until)
    assert home().lead.headline == "Old"
    assert home(now=until).lead.headline == "New"


def test_what_is_pinned_beyond_the_places_of_a_slot_is_shown_by_rule():
    stories = [make_article(headline=f"Pinned {n}", at=hours_ago(n + 1)) for n in range(6)]
    latest = edition()
    for n, story in enumerate(stories):
        Pin.objects.create(edition=latest, article=story, position=n)
    page = home()
    assert headlines([page.lead, *page.seconds]) == [f"Pinned {n}" for n in range(4)]
    assert headlines(page.latest) == ["Pinned 4", "Pinned 5"]


def test_the_newest_edition_whose_time_has_come_is_shown():
    later = timezone.now() + datetime.timedelta(hours=1)
    now, next_one = edition(), edition(live_from=later)
    Edition.objects.create(front=now.front, live_from=None)
    assert edition_of("en", timezone.now()) == now
    assert edition_of("en", later) == next_one
    assert edition_of("de", later) is None


def test_the_breaking_strip_goes_by_itself():
    until = timezone.now() + datetime.timedelta(minutes=60)
    edition(breaking_text="Pass closed", breaking_url="/x/", breaking_until=until)
    assert home().breaking.text == "Pass closed"
    assert home(now=until).breaking is None


def a_pin(story):
    Pin.objects.create(edition=edition(), article=story, headline="Words of the desk")


def leading(to):
    def strip(story):
        until = timezone.now() + datetime.timedelta(minutes=60)
        edition(breaking_text="Words of the desk", breaking_url=to(story), breaking_until=until)

    return strip


def moved(story):
    """The address that a story had before its slug was changed."""
    old = story.get_absolute_url()
    story.slug = "another-one"
    publishing.save(story, by=chief())
    return old


PLACES = {
    "pin": a_pin,
    "strip": leading(Article.get_absolute_url),
    "strip, whole address": leading(lambda s: settings.SITE_URL + s.get_absolute_url()),
    "strip, short address": leading(lambda s: f"/a/{s.pk}/?from=x#top"),
    "strip, old address": leading(moved),
}


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("act", ["pull", "withdraw", "retract"])
def test_what_leads_to_a_story_by_other_words_goes_with_it(client, place, act):
    story, _other = make_article(headline="Snow"), make_article(headline="Rain")
    PLACES[place](story)
    assert "Words of the desk" in client.get("/").content.decode()
    reason = {"reason": "Invented."} if act != "pull" else {}
    getattr(publishing, act)(story, by=chief(), **reason)
    html = client.get("/").content.decode()
    assert "Words of the desk" not in html
    assert "Rain" in html
    assert nowhere.findings(Article.objects.get(pk=story.pk)) == []
    if act == "pull":
        publishing.release(story, by=chief())
        assert "Words of the desk" in client.get("/").content.decode()


@pytest.mark.parametrize("url", ["", "/about/", "https://elsewhere.example/2026/11/29/snow/"])
def test_a_strip_that_leads_to_no_story_of_ours_stays(url):
    story = make_article(headline="Snow")
    leading(lambda _story: url)(story)
    publishing.pull(story, by=chief())
    assert home().breaking.address == url


def test_a_strip_waits_for_its_story():
    at = timezone.now() + datetime.timedelta(minutes=10)
    leading(Article.get_absolute_url)(make_article(status="scheduled", at=at))
    assert home().breaking is None
    assert home(now=at).breaking.text == "Words of the desk"
    assert next_due("en", timezone.now()) == at


def test_of_a_story_and_what_supersedes_it_only_the_newest_stands():
    first = make_article(headline="First report", at=hours_ago(5))
    second = make_article(headline="Second report", at=hours_ago(4), supersedes=first)
    third = make_article(headline="Third", at=hours_ago(3), supersedes=second)
    Pin.objects.create(edition=edition(), article=first)
    assert all_of(home()) == ["Third"]
    publishing.pull(third, by=chief())
    assert all_of(home()) == ["Second report"]


def test_a_country_with_one_story_has_no_column_and_none_no_block():
    one, two = make_region(name="One", kind="country"), make_region(name="Two", kind="country")
    for n in range(12):
        make_article(at=hours_ago(n + 1))
    make_article(regions=[one], at=hours_ago(20))
    for n in range(2):
        make_article(regions=[make_region(parent=two)], at=hours_ago(21 + n))
    assert [block.thing.name for block in home().countries] == ["Two"]


def test_each_language_has_its_own_home():
    make_article(headline="English")
    make_article(headline="По-русски", language="ru")
    Pin.objects.create(edition=edition("ru"), article=Article.objects.get(headline="English"))
    assert all_of(home("en")) == ["English"]
    assert all_of(home("ru")) == ["По-русски"]


def test_an_old_pin_is_found_behind_any_number_of_newer_stories(monkeypatch):
    monkeypatch.setattr("fronts.composition.CANDIDATES", 2)
    old = make_article(headline="Old", at=hours_ago(90))
    for n in range(4):
        make_article(headline=f"Newer {n}", at=hours_ago(n + 1))
    found = candidates("en", timezone.now(), [old.pk])
    assert headlines(found) == ["Newer 0", "Newer 1", "Old"]


def test_a_picture_whose_rights_have_run_out_is_not_shown():
    image = make_image(64, 43, rights_expire_at=timezone.now() + datetime.timedelta(hours=1))
    make_article(lead_image=image)
    assert home().lead.image == image
    assert home(now=image.rights_expire_at).lead.image is None


def test_the_page_shows_the_strip_and_the_lead(client):
    until = timezone.now() + datetime.timedelta(minutes=60)
    edition(breaking_text="Pass closed", breaking_until=until)
    story = make_article(headline="The lead")
    html = client.get("/").content.decode()
    assert "Pass closed" in html
    assert f'<h2><a href="{story.get_absolute_url()}">The lead</a></h2>' in html
    assert "Pass closed" not in client.get("/ru/").content.decode()
