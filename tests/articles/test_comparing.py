"""What differs between two versions: blocks paired, words within them, in bounded work."""

import random
import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles import comparing
from articles.comparing import DELETE, EQUAL, INSERT, Segment
from prose import body

BODY = (
    "<p>One <strong>two</strong>.</p>\n<h2>Three</h2><ul><li>a<ul><li>b</li></ul></li></ul><hr>"
    '<figure data-image="12"><figcaption>The lake</figcaption></figure>'
    "<blockquote><p>Four</p><footer>Ann</footer></blockquote>"
    "<table><tbody><tr><td>1</td></tr></tbody></table>"
)


def kinds(old, new):
    return [change.kind for change in comparing.bodies(old, new)]


def side(segments, kind):
    return "".join(s.text for s in segments if s.kind in {EQUAL, kind} and not s.mark)


def test_a_body_falls_into_its_top_level_elements():
    found = comparing.blocks(BODY)
    assert "".join(found) == BODY.replace("\n", "")
    tags = [re.match("<([a-z0-9]+)", block)[1] for block in found]
    assert tags == ["p", "h2", "ul", "hr", "figure", "blockquote", "table"]


def test_an_attribute_may_hold_what_looks_like_markup():
    html = body.clean('<p><a href="https://a.example/?q=%3Cp%3E<p>">x</a></p><p>y</p>')
    assert len(comparing.blocks(html)) == 2


def test_paragraphs_that_stay_come_and_go_are_told_apart():
    old = "<p>First stays.</p><p>Second goes away.</p><p>Third has a figure of 36.</p>"
    new = "<p>New at the top.</p><p>First stays.</p><p>Third has a figure of 38.</p>"
    assert kinds(old, new) == ["added", "equal", "removed", "changed"]
    changed = comparing.bodies(old, new)[-1].segments
    assert Segment(DELETE, "36") in changed
    assert Segment(INSERT, "38") in changed


def test_a_paragraph_that_moved_is_not_lost():
    changes = comparing.bodies("<p>One one.</p><p>Two two.</p>", "<p>Two two.</p><p>One one.</p>")
    assert sorted(c.kind for c in changes) == ["added", "equal", "removed"]


def test_formatting_and_the_address_of_a_link_are_changes():
    old = '<p>Snow at <a href="https://a.example/">24.kg</a></p>'
    new = '<p><em>Snow</em> at <a href="https://b.example/">24.kg</a></p>'
    segments = comparing.block(old, new)
    assert Segment(INSERT, "", "em") in segments
    assert Segment(DELETE, "https://a.example/", "a") in segments
    assert Segment(INSERT, "https://b.example/", "a") in segments
    assert all(s.kind == EQUAL for s in segments if not s.mark)


def test_a_heading_that_was_a_paragraph_and_another_picture_are_changes():
    assert Segment(INSERT, "", "h2") in comparing.block("<p>Snow</p>", "<h2>Snow</h2>")
    segments = comparing.block(
        '<figure data-image="1"></figure>', '<figure data-image="2"></figure>'
    )
    assert segments == [Segment(DELETE, "1", "image"), Segment(INSERT, "2", "image")]


def test_white_space_that_nobody_sees_is_no_change():
    old = "<ul>\n  <li>One  two</li>\n  <li><em>a</em> <strong>b</strong></li>\n</ul>"
    new = "<ul><li>One two</li><li><em>a</em> <strong>b</strong></li></ul>"
    assert kinds(old, new) == ["equal"]
    changed = comparing.block(old, new.replace("</em> <strong>", "</em><strong>"))
    assert Segment(DELETE, " ") in changed


def test_words_between_two_changes_that_say_nothing_go_along():
    segments = comparing.words("He said it fell.", "She told us, it rose.")
    assert [s for s in segments if s.kind == EQUAL] == [
        Segment(EQUAL, "it "),
        Segment(EQUAL, "."),
    ]


def test_markup_comes_out_as_plain_text_only():
    old, new = body.clean("<p>1 &lt; 2</p>"), body.clean("<p>1 &lt;script&gt; 2</p>")
    segments = comparing.block(old, new)
    assert side(segments, INSERT) == "1 <script> 2"
    assert side(segments, DELETE) == "1 < 2"


WORDS = st.lists(st.sampled_from(["a", "snow", " ", ",", "снег", "36", "é", "\n", "-"])).map(
    "".join
)
HTML = st.lists(
    st.tuples(st.sampled_from(["p", "h2", "blockquote", "li"]), WORDS, st.booleans())
).map(
    lambda rows: body.clean(
        "".join(f"<{t}>{'<b>' if b else ''}{w}{'</b>' if b else ''}</{t}>" for t, w, b in rows)
    )
)


@given(WORDS, WORDS)
def test_both_texts_can_be_read_out_of_the_segments(old, new):
    segments = comparing.words(old, new)
    assert side(segments, DELETE) == old
    assert side(segments, INSERT) == new
    assert (old == new) == all(s.kind == EQUAL for s in segments)


@given(HTML, HTML, st.integers(0, 40))
def test_both_bodies_can_be_read_out_of_the_changes_however_little_work_is_left(old, new, steps):
    changes = comparing.bodies(old, new, comparing.Work(steps))
    assert [c.old for c in changes if c.old] == comparing.blocks(old)
    assert [c.new for c in changes if c.new] == comparing.blocks(new)
    for change in changes:
        if change.kind == "changed":
            assert not change.is_markup_only
            assert side(change.segments, DELETE) == side(comparing.block(change.old, ""), DELETE)
            assert side(change.segments, INSERT) == side(comparing.block("", change.new), INSERT)


def test_items_of_a_list_come_and_go():
    assert comparing.items(["Ann, author", "Ben, editor"], ["Ann, author", "Cy, editor"]) == [
        Segment(EQUAL, "Ann, author"),
        Segment(DELETE, "Ben, editor"),
        Segment(INSERT, "Cy, editor"),
    ]


def _prose(seed, paragraphs):
    chance = random.Random(seed)
    return "".join(
        f"<p>{' '.join(f'слово{chance.randint(0, 3000)}' for _ in range(40))}.</p>"
        for _ in range(paragraphs)
    )


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (_prose(1, 2200), _prose(2, 2200)),
        (_prose(1, 2200), _prose(1, 2200).replace("слово77", "другое")),
        ("<p>a</p>" * 100_000, "<p>b</p><p>a</p>" * 50_000),
        ("<p>" + "a b " * 240_000 + "</p>", "<p>" + "b a c " * 160_000 + "</p>"),
        ("<p>" + "<em>a</em>" * 90_000 + "</p>", "<p>" + "<em>b</em>" * 90_000 + "</p>"),
        ("<p>" + "a" * 900_000 + "</p>", "<p>" + "b" * 900_000 + "</p>"),
    ],
    ids=[
        "all new",
        "one word",
        "the same again and again",
        "one paragraph",
        "markup",
        "one word long",
    ],
)
def test_the_largest_bodies_are_compared_in_a_moment(old, new):
    started = time.process_time()
    changes = comparing.bodies(old, new)
    assert time.process_time() - started < 10  # about one on this kind of machine; never minutes
    assert [c.old for c in changes if c.old] == comparing.blocks(old)
    assert [c.new for c in changes if c.new] == comparing.blocks(new)
