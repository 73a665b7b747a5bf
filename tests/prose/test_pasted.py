"""Text from word processors and web pages keeps its words, its emphasis and its lists, no more."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from prose import body, pasted
from tests.prose.clipboard import CLIPBOARDS


def in_one_line(html):
    """Without the line ends between blocks, and with cells whose only paragraph says nothing."""
    html = re.sub(r">\n+<", "><", html)
    return re.sub(r"<td><p>([^<]*)</p></td>", r"<td>\1</td>", html)


@pytest.mark.parametrize("source", CLIPBOARDS)
def test_the_server_makes_a_body_of_what_was_copied(source):
    copied, left = CLIPBOARDS[source]
    cleaned = body.clean(copied)
    assert in_one_line(cleaned) == left
    assert body.clean(cleaned) == cleaned


def test_what_has_no_style_is_not_touched():
    html = '<p>a</p><ul><li>b</li></ul><b style="">'
    assert pasted.tidy("<p>a<b>c</b></p>") == "<p>a<b>c</b></p>"
    assert pasted.tidy(html) != html


@given(
    st.lists(
        st.sampled_from(
            [
                '<p style="mso-list:l0 level2">',
                '<p style="mso-list:l0 level1"><span style="mso-list:Ignore">1.</span>',
                '<b style="font-weight:normal">',
                '<span style="font-weight:700">',
                "<span style='mso-spacerun:yes'>",
                "<ul>",
                "<li>",
                "</li>",
                "</ul>",
                "</p>",
                "</span>",
                "</b>",
                "<o:p>",
                "</o:p>",
                "<table><tr><td>",
                "</table>",
                "word",
                "<h2>",
                "</h2>",
                "<script>x</script>",
            ]
        ),
        max_size=25,
    )
)
@settings(max_examples=150, deadline=None)
def test_however_broken_it_is_no_word_is_lost_and_cleaning_again_changes_nothing(parts):
    html = "".join(parts)
    cleaned = body.clean(html)
    assert body.clean(cleaned) == cleaned
    assert "<script" not in cleaned
    assert "style=" not in cleaned
    if not {"<span style='mso-spacerun:yes'>", "<script>x</script>"} & set(parts):
        marked = 'mso-list:Ignore"' in html
        assert cleaned.count("word") == parts.count("word") or marked
