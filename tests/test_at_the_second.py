"""A story is nowhere one second before its time and everywhere at it, and nothing had to run.

The addresses come from the URL configuration: one that is new must show the story, or be named here.
"""

import datetime
import itertools
import re

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from articles import publishing, versions
from articles.feeds.kinds import KINDS as FEEDS
from articles.models import Article, Series, Transition
from fronts import leads
from images.renditions import rendition_url
from newsroom import nowhere
from newsroom.models import SiteSettings
from tests.factories import (
    chief,
    make_article,
    make_author,
    make_image,
    make_organisation,
    make_region,
    make_section,
)
from tests.test_nowhere import WORD, candidates
from tests.test_permission_matrix import database

pytestmark = pytest.mark.django_db
HEADLINE = "Quokka seen"
DUE = datetime.datetime(2027, 3, 1, 0, 30, tzinfo=datetime.UTC)
SECOND = datetime.timedelta(seconds=1)
DAY = datetime.timedelta(days=1)
# What shows no stories, or only leads to one.
WITHOUT_STORIES = {
    "corrections",
    "corrections_atom",
    "corrections_json",
    "corrections_rss",
    "health",
    "looks",
    "masthead",
    "page",
    "preview",
    "rendition",
    "report",
    "report_thanks",
    "robots",
    "security",
    "short_address",
    "sitemap",
    "sitemap_lists",
    "sitemap_lists_part",
    "sitemap_month_part",
    "sitemap_news_part",
}
ASKED = dict.fromkeys(["search", "search_suggest"], f"?q={HEADLINE.split()[0]}")


def paths_of(story):
    """Every public address that could show the story, as (name, path)."""
    values = candidates([story])
    with override("en"):
        for name, _, names in nowhere.patterns():
            if name is None:
                continue
            for combination in itertools.product(*(values[n] for n in names)):
                kwargs = dict(zip(names, combination, strict=True))
                yield name, reverse(name, kwargs=kwargs) + ASKED.get(name, "")


def names_that_show(story, headline, client=None, tags=None):
    """Names of the addresses at which the story stands: by headline, address, or the day it is of.

    ``tags``: path -> ETag; what is not in it is put there, what is in it is sent.
    """
    found, client = set(), client or Client()
    address = story.get_absolute_url()
    day = address.removesuffix(f"{story.slug}/")
    marks = {"archive_year": day.removesuffix("01/"), "archive_month": day}
    for name, path in paths_of(story):
        headers = {"If-None-Match": tags[path]} if tags and path in tags else {}
        response = client.get(path, headers=headers)
        assert response.status_code < 500, path
        if tags is not None:
            tags.setdefault(path, response.headers.get("ETag", '"none"'))
        shown = b"".join(response.streaming_content) if response.streaming else response.content
        words = shown.decode(errors="replace").replace(path, "#")
        is_there = any(mark in words for mark in (headline, address))
        if is_there or (name in marks and f'href="{marks[name]}"' in shown.decode()):
            # A page that says that there is nothing has the latest stories below.
            found.add(name if response.status_code == 200 else f"{response.status_code}")
    return found


def everything(**fields):
    """A story that stands in a list of each kind; all those are called alike. Other papers may
    have it."""
    SiteSettings.objects.create(licence="Name us.")
    return make_article(
        headline=HEADLINE,
        section=make_section(name=WORD),
        regions=[make_region(name=WORD)],
        tags=[WORD],
        series=Series.objects.create(name=WORD),
        authors=[make_author(name=WORD)],
        organisations=[make_organisation(name=WORD)],
        lead_image=make_image(),
        **fields,
    )


# The doors of the desk stand below /admin/.
LISTS = {name for name, path, _ in nowhere.patterns() if name and not path.startswith("admin/")}
LISTS -= WITHOUT_STORIES


@pytest.mark.parametrize("embargoed", [False, True])
def test_at_the_second_a_story_is_everywhere_and_nothing_had_to_run(embargoed):
    with time_machine.travel(DUE - 3600 * SECOND, tick=False):
        make_article(headline="Another story", at=DUE - 40 * DAY)
        story = everything(status="scheduled", at=DUE, embargo_until=DUE if embargoed else None)
    before, tags, client = database(), {}, Client()
    with time_machine.travel(DUE - SECOND, tick=False):
        assert names_that_show(story, HEADLINE, client, tags) == set()
        picture = rendition_url(story.lead_image, "card", 480)
        assert client.get(picture).status_code == 404
    with time_machine.travel(DUE, tick=False):
        # Also for a cache that asks whether what it holds is still right.
        shown = names_that_show(story, HEADLINE, client, tags)
        assert shown - {"404"} == LISTS
        assert client.get(picture).status_code == 200
        assert client.get(reverse("short_address", args=[story.pk])).status_code == 301
    assert database() == before


def test_the_addresses_that_list_stories_are_many():
    assert {
        "article",
        "home",
        *(f"home_{kind}" for kind in FEEDS),
        "archive_year",
        "archive_month",
        "archive_day",
        *KINDS,
        *(f"{kind}_{feed}" for kind in KINDS for feed in FEEDS),
    } <= LISTS


KINDS = ["section", "region", "tag", "author", "organisation", "series"]


@pytest.mark.parametrize("first", ["home", "home_rss", "article", "tag"])
def test_at_the_second_the_next_version_takes_the_old_ones_place_everywhere(first):
    with time_machine.travel(DUE - 3600 * SECOND, tick=False):
        story = everything()
        content = versions.snapshot(story)
        content["fields"]["headline"] = "Wombat seen"
        publishing.propose(story, by=chief(), content=content)
        publishing.approve_version(story, by=chief(), at=DUE)
    own = story.get_absolute_url()
    listed = dict(paths_of(story))
    with time_machine.travel(DUE - SECOND, tick=False):
        for name in ("home", "home_rss", "article", "tag"):
            words = Client().get(listed[name] if name != "article" else own).content.decode()
            assert "Wombat" not in words, name
    with time_machine.travel(DUE, tick=False):
        words = Client().get(listed[first] if first != "article" else own).content.decode()
        assert "Wombat seen" in words
        assert HEADLINE not in words
    assert Article.objects.get(pk=story.pk).headline == "Wombat seen"
    assert Transition.objects.filter(article=story, move="next version").count() == 1


def test_a_story_taken_off_its_time_stays_away_at_it():
    with time_machine.travel(DUE - 3600 * SECOND, tick=False):
        story = everything(status="scheduled", at=DUE)
        address = story.get_absolute_url()
        publishing.unschedule(story, by=chief())
    with time_machine.travel(DUE, tick=False):
        assert Client().get(address).status_code == 404
        assert HEADLINE not in Client().get("/").content.decode()


def lifetime(response):
    """How many seconds a cache may give out an answer without asking again."""
    said = response.headers["Cache-Control"]
    found = re.search(r"(?:s-maxage|max-age)=(\d+)", said)
    return 0 if found is None or "no-" in said else int(found[1])


@pytest.mark.parametrize("kind", ["section", "region"])
def test_no_cache_holds_a_pinned_lead_beyond_its_end(kind):
    with time_machine.travel(DUE - 3600 * SECOND, tick=False):
        story = everything(at=DUE - 10 * DAY)
        thing = story.section if kind == "section" else story.regions.get()
        make_article(headline="Newest", section=story.section, regions=[story.regions.get()])
        leads.pin(story, by=chief(), thing=thing, until=DUE)
    client, path = Client(), thing.get_absolute_url()
    before, tags = database(), []
    for moment, first in [(3600, HEADLINE), (1, HEADLINE), (0, "Newest")]:
        with time_machine.travel(DUE - moment * SECOND, tick=False):
            response = client.get(path)
            words = response.content.decode()
            assert (words.index(HEADLINE) < words.index("Newest")) == (first == HEADLINE)
            assert not moment or lifetime(response) <= moment
            asked = [client.get(path, headers={"If-None-Match": tag}).status_code for tag in tags]
            assert asked == [304 if moment else 200] * len(tags)
            tags.append(response.headers["ETag"])
    assert database() == before
