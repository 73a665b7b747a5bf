"""What readers meet of a story before they open it."""

import pytest

from articles import printing, teasers
from articles.models import Article
from tests.factories import make_article, make_organisation

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("words", "most", "left"),
    [
        ("Short", 10, "Short"),
        ("Exactly ten", 11, "Exactly ten"),
        ("Words are cut at their end", 15, "Words are cut …"),
        ("Words, and more of them", 8, "Words …"),
        ("Oneverylongwordthatgoeson", 10, "Oneverylo …"),
    ],
)
def test_words_are_cut_where_a_word_ends(words, most, left):
    assert teasers.cut(words, most) == left
    assert len(left) <= most + 1


def test_a_dateline_stands_in_no_teaser():
    fields = make_article(
        dateline_place="Bishkek",
        dateline_organisation=make_organisation(name="The Agency"),
        standfirst="",
        body="<p>Snow fell in the night.</p>",
    )
    typed = Article(headline="Snow", body="<p>OSH (Unknown Agency) — Snow fell in the night.</p>")
    for story in (fields, typed):
        assert printing.description(story) == "Snow fell in the night."
        shown = teasers.of(story)
        assert shown.search_description == shown.social_description == "Snow fell in the night."
        assert not any("BISHKEK" in part.upper() or "OSH" in part for part in shown)


def test_a_search_engine_gets_its_own_title_and_everybody_else_the_headline():
    story = make_article(headline="A headline " * 12, seo_title="For engines", seo_description="x")
    shown = teasers.of(story)
    assert shown.search_title == "For engines"
    assert shown.search_description == "x"
    assert shown.social_title.endswith(" …")
    assert shown.headline == story.headline
    assert shown.kicker == story.section.name
