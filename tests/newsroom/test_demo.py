"""The demo newspaper: all that it promises to show, and the same every time."""

import datetime
import html
import io
import re
import tomllib
from collections import Counter
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from articles.models import Article, Byline, Correction, Region
from authors.models import Author, Organisation, User
from images.models import Image
from newsroom import demo
from prose import body

CONTENT = Path(demo.__file__).parent
STORIES = {p.stem: tomllib.loads(p.read_text()) for p in (CONTENT / "stories").glob("*.toml")}
AT = "2026-11-23T18:00:00+06:00"


def words(text):
    return len(re.findall(r"\w[\w’'-]*", html.unescape(re.sub("<[^>]+>", " ", text))))


@pytest.mark.parametrize("slug", sorted(STORIES))
def test_each_story_is_a_story(slug):
    story = STORIES[slug]
    if not story["body"].strip():
        assert story["state"] == "draft"
        return
    assert 150 <= words(story["body"]) <= 520
    cleaned = body.clean(story["body"])
    assert words(cleaned) == words(story["body"])
    assert not re.search(r"lorem|ipsum|TODO", story["body"], re.I)


def test_the_demo_shows_what_it_promises():
    assert len(STORIES) >= 40
    rows = STORIES.values()
    assert {r.get("state", "published") for r in rows} >= {
        "draft",
        "in_review",
        "returned",
        "ready",
        "scheduled",
        "published",
        "pulled",
        "withdrawn",
        "retracted",
        "spiked",
    }
    assert max(len(r["bylines"]) for r in rows) == 8
    assert any(r["bylines"] and all("organisation" in b for b in r["bylines"]) for r in rows)
    assert max(len(r["headline"]) for r in rows) >= 165
    assert sum(not r["picture"] for r in rows) >= 4
    assert {r["language"] for r in rows} == {"en", "ru"}
    assert sum(bool(r.get("translation_of")) for r in rows) >= 1


def content_of_the_newsroom():
    """All that readers could see, without keys, tokens and the minute of loading."""
    return [
        (
            a.language,
            a.slug,
            a.headline,
            a.body,
            a.status,
            a.published_at,
            a.updated_at,
            [str(b) for b in a.bylines.all()],
            sorted(str(t) for t in a.tags.all()),
            sorted(r.slug for r in a.regions.all()),
            [c.text for c in a.corrections.all()],
        )
        for a in Article.objects.order_by("language", "slug", "pk")
    ]


@pytest.mark.django_db
def test_the_demo_fills_an_empty_newsroom_and_no_other():
    out = io.StringIO()
    call_command("demo", at=datetime.datetime.fromisoformat(AT), stdout=out)
    assert Article.objects.count() == len(STORIES)
    assert Author.objects.exclude(biography="").count() >= 12
    assert Organisation.objects.count() >= 8
    assert Image.objects.filter(alt="").count() == 0
    assert Region.objects.filter(kind="country").count() == 5
    assert Region.objects.get(slug="naryn").path.startswith(
        Region.objects.get(slug="kyrgyzstan").path
    )
    assert Correction.objects.exists()
    seed = Article.objects.get(slug="no-talks-on-troops-for-syria")
    assert (seed.dateline_place, seed.dateline_organisation.short_name) == ("Bishkek", "TCA")
    assert seed.citations.first().organisation.name == "24.kg"
    assert [b.author.name for b in seed.bylines.all()] == ["Sergey Kwan"]
    pair = Article.objects.exclude(translation_group=None)
    assert set(Counter(a.translation_group for a in pair).values()) == {2}
    assert Byline.objects.filter(role="translator").exists()
    for login in User.objects.all():
        assert login.username in out.getvalue()
    with pytest.raises(CommandError, match="stories here already"):
        call_command("demo")
    first = content_of_the_newsroom()
    assert [row for row in first if row[5] is not None and row[4] == "draft"] == []
