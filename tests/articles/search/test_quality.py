"""What readers look for in the demo newspaper is found: quality.txt, on either database."""

import datetime
from pathlib import Path

import pytest
from django.core.management import call_command
from django.utils.translation import override

from articles.models import Article
from articles.search import finding, index
from articles.search.finding import Filters

AT = datetime.datetime(2026, 11, 23, 12, tzinfo=datetime.UTC)
ROWS = [
    tuple(part.strip() for part in line.split("|"))
    for line in (Path(__file__).parent / "quality.txt").read_text().splitlines()
    if line.strip() and not line.startswith("#")
]


def test_the_set_is_large_and_asks_nothing_twice():
    assert len(ROWS) >= 120
    assert len({row[:2] for row in ROWS}) == len(ROWS)
    assert {language for language, _query, _slug in ROWS} == {"en", "ru"}


@pytest.mark.long
@pytest.mark.django_db
def test_the_story_that_is_meant_stands_first_or_near_it(settings, tmp_path):
    settings.VAR_DIR = tmp_path
    with override("en"):
        call_command("demo", at=AT, verbosity=0)
    index.rebuild()  # the words are counted after a commit, which a test does not see
    slugs = dict(Article.objects.values_list("pk", "slug"))
    places = {}
    for language, query, slug in ROWS:
        found = finding.search(query, Filters(language=language), now=AT)
        found = [slugs[number] for number in found.numbers[:5]]
        places[language, query] = found.index(slug) if slug in found else None
    assert [row for row, place in places.items() if place is None] == []
    later = [row for row, place in places.items() if place]
    assert len(later) <= len(ROWS) / 10, later
