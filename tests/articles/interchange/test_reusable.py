"""Words that WordPress keeps once and shows in many texts."""

import pytest

from articles.models import Article
from newsroom.models import Page
from tests.articles.interchange.exports import SITE, make_export, make_item, make_wp_author

pytestmark = pytest.mark.django_db
NARGIZA = make_wp_author("nargiza", "Nargiza Ryskulova")
NOTE = "<!-- wp:paragraph --><p>Kept once.</p><!-- /wp:paragraph -->"


def block(number, content=NOTE, **fields):
    return make_item(number, f"Block {number}", type="wp_block", content=content, link="", **fields)


def shown(number, more=""):
    return f'<!-- wp:block {{"ref":{number}{more}}} /-->'


def text(*parts):
    return f"<!-- wp:paragraph --><p>Before.</p><!-- /wp:paragraph -->{''.join(parts)}<p>After.</p>"


def words(story):
    return story.body.replace("\n", "")


def test_they_stand_in_each_text_wherever_the_file_has_them(bring):
    report, is_whole = bring(
        make_export(
            make_item(1, content=text(shown(9))),
            make_item(2, content=text(shown(9, ',"align":"wide"'))),
            make_item(3, "About", type="page", content=text(shown(9)), link=f"{SITE}/about/"),
            block(9),
            authors=NARGIZA,
        )
    )
    found = [*Article.objects.published(), Page.objects.get(body__contains="Before")]
    assert [words(one) for one in found] == ["<p>Before.</p><p>Kept once.</p><p>After.</p>"] * 3
    assert "1  left out: wp_block" in report
    assert is_whole, report


@pytest.mark.parametrize(
    "fields",
    [{"status": "draft"}, {"status": "private"}, {"status": "trash"}, {"password": "x"}],
)
def test_what_readers_could_not_see_stays_out_and_is_named(bring, fields):
    report, is_whole = bring(
        make_export(make_item(1, content=text(shown(9))), block(9, **fields), authors=NARGIZA)
    )
    assert words(Article.objects.get()) == "<p>Before.</p><p>After.</p>"
    assert "1  blocks without what stood for them" in report
    assert not is_whole


def test_one_of_another_site_or_with_words_of_its_own_is_another(bring):
    here = make_export(
        make_item(1, content=text(shown(8), shown(9, ',"content":{"a":{"content":"Own"}}'))),
        block(9),
        authors=NARGIZA,
    )
    there = make_export(block(8), site="https://other.example.org")
    report, _ = bring(here, there)
    assert words(Article.objects.get()) == "<p>Before.</p><p>After.</p>"
    assert "2  blocks without what stood for them" in report


def test_blocks_within_blocks_come_to_an_end(bring):
    bring(
        make_export(
            make_item(1, content=text(shown(8))),
            block(8, NOTE + shown(9)),
            block(9, "<p>Deeper.</p>" + shown(8)),
            authors=NARGIZA,
        )
    )
    assert words(Article.objects.get()) == (
        "<p>Before.</p><p>Kept once.</p><p>Deeper.</p><p>After.</p>"
    )


def test_a_text_does_not_grow_beyond_what_fits(bring):
    report, _ = bring(
        make_export(
            make_item(1, content=text(shown(6) * 30)),
            block(6, shown(7) * 30),
            block(7, shown(8) * 30),
            block(8, f"<p>{'word ' * 20_000}</p>"),
            authors=NARGIZA,
        )
    )
    assert len(Article.objects.get().body) < 1_000_000
    assert "blocks without what stood for them" in report


def test_a_second_run_changes_nothing(bring):
    export = make_export(make_item(1, content=text(shown(9))), block(9), authors=NARGIZA)
    bring(export)
    before = Article.objects.values_list("body", "version", "modified_at").get()
    report, _ = bring(export)
    assert "1  here already" in report
    assert Article.objects.values_list("body", "version", "modified_at").get() == before
