import re
from html import unescape

import pytest

from articles.interchange import bodies
from prose import body


def html(words):
    return bodies.read(words).html


def lost(words):
    return [tuple(loss) for loss in bodies.read(words).losses]


def test_classic_text_gets_the_paragraphs_and_lines_that_it_was_shown_with():
    assert (
        html("First one.\n\nSecond,\r\nin <b>two</b> lines.")
        == "<p>First one.</p>\n<p>Second,<br>\nin <strong>two</strong> lines.</p>"
    )


def test_block_elements_in_classic_text_stand_beside_its_paragraphs():
    read = html("Before.\n<h2>Head</h2>\nAfter.\n\n<ul>\n<li>one</li>\n<li>two</li>\n</ul>\nEnd.")
    assert re.sub(r"\s*\n\s*", "", read) == (
        "<p>Before.</p><h2>Head</h2><p>After.</p><ul><li>one</li><li>two</li></ul><p>End.</p>"
    )


def test_marks_over_several_paragraphs_stay_on_each():
    assert html("<em>one\n\ntwo</em>") == "<p><em>one</em></p><p><em>two</em></p>"


def test_blocks_are_their_html_without_comments():
    read = html(
        '<!-- wp:paragraph {"align":"left"} -->\n<p class=\'x\'>One\nline.</p>\n<!-- /wp:paragraph -->\n\n'
        '<!-- wp:heading -->\n<h2 class="wp-block-heading">Head</h2>\n<!-- /wp:heading -->'
    )
    assert "<br>" not in read
    assert re.sub(r"\s+", " ", read) == "<p>One line.</p> <h2>Head</h2>"
    assert lost("<!-- wp:paragraph --><p>One</p><!-- /wp:paragraph -->") == []


def test_blocks_that_a_server_would_fill_are_named_and_unknown_ones_keep_their_words():
    words = (
        '<!-- wp:latest-posts {"n":3} /--><!-- wp:block {"ref":7} /-->'
        "<!-- wp:acme/box --><p>Kept</p><!-- /wp:acme/box -->"
    )
    assert html(words) == "<p>Kept</p>"
    assert lost(words) == [
        ("block", "latest-posts"),
        ("block", "block"),
        ("foreign block", "acme/box"),
    ]


@pytest.mark.parametrize(
    "words",
    [
        "[embed width=5]https://www.youtube.com/watch?v=abcdefghijk[/embed]",
        "https://youtu.be/abcdefghijk",
        '<iframe width="5" src="https://www.youtube.com/embed/abcdefghijk?a=1"></iframe>',
        '<!-- wp:embed {"url":"x"} --><figure class="wp-block-embed is-type-video"><div '
        'class="wp-block-embed__wrapper">\nhttps://www.youtube.com/watch?v=abcdefghijk\n</div></figure>'
        "<!-- /wp:embed -->",
    ],
)
def test_what_a_known_provider_shows_is_embedded(words):
    read = bodies.read(f"Before.\n\n{words}\n\nAfter.")
    assert '<figure data-embed="youtube" data-id="abcdefghijk"></figure>' in read.html
    assert body.text(read.html) == "Before.\nAfter."
    assert read.losses == []


def test_a_host_that_only_ends_like_a_provider_is_a_link():
    read = html("https://notyoutube.com/watch?v=abcdefghijk")
    assert read.startswith('<p><a href="https://notyoutube.com/')


def test_a_bare_address_of_nobody_known_is_a_link():
    assert html("https://example.org/a?b=1&amp;c=2") == (
        '<p><a href="https://example.org/a?b=1&amp;c=2">https://example.org/a?b=1&amp;c=2</a></p>'
    )


def test_pictures_leave_with_their_captions_and_are_counted():
    words = (
        'One.\n\n[caption id="a" width="3"]<a href="b.jpg"><img src="b.jpg" alt="" /></a> Its caption[/caption]\n\n'
        '<figure class="wp-block-image"><img src="c.jpg"/><figcaption>Another</figcaption></figure>\n\n'
        '[gallery ids="1,2"]\n\n<img src="d.jpg">\n\nTwo.'
    )
    read = bodies.read(words)
    assert body.text(read.html) == "One.\nTwo."
    assert sorted(loss.kind for loss in read.losses) == ["picture"] * 3 + ["picture gallery"]


def test_unknown_shortcodes_are_named_and_what_they_enclose_is_kept():
    words = '[acme_box color="red"]Inside[/acme_box] and [poll id=7] and [contact-form-7 a=1].'
    assert html(words) == "<p>Inside and  and .</p>"
    assert lost(words) == [
        ("shortcode", "acme_box"),
        ("shortcode", "poll"),
        ("shortcode", "contact-form-7"),
    ]


def test_words_in_brackets_are_words():
    words = "He said [sic] that [the minister] and [1] and [[gallery]] stay […]"
    assert html(words) == "<p>He said [sic] that [the minister] and [1] and [gallery] stay […]</p>"
    assert lost(words) == []


def test_more_and_nextpage_part_nothing():
    assert (
        html("One <!--more-->line.\n\n<!--nextpage-->\n\nTwo.") == "<p>One line.</p>\n<p>Two.</p>"
    )


def test_a_quote_keeps_its_speaker_and_a_pull_quote_is_one():
    assert html("<blockquote><p>Words.</p><cite>She</cite></blockquote>") == (
        "<blockquote><p>Words.</p><footer>She</footer></blockquote>"
    )
    assert html(
        '<figure class="wp-block-pullquote"><blockquote><p>Words.</p></blockquote></figure>'
    ) == ('<aside class="pullquote"><p>Words.</p></aside>')


def test_a_table_with_its_caption_stays():
    read = html(
        '<figure class="wp-block-table"><table><tbody><tr><td>1</td></tr></tbody></table>'
        "<figcaption>Counts</figcaption></figure>"
    )
    assert "<td>1</td>" in read
    assert "<p>Counts</p>" in read


def test_lines_of_code_stay_lines():
    assert html("<pre>a\nb</pre>") == "<p>a<br>b</p>"


def test_elements_that_no_text_has_are_named():
    words = '<p>One</p><script>alert(1)</script><iframe src="https://maps.example.org/"></iframe>'
    assert html(words) == "<p>One</p>"
    assert lost(words) == [("element", "script"), ("element", "iframe")]


@pytest.mark.parametrize(
    "words",
    [
        "<div><div>Ала-Тоо\n\nплощадь</div> и ещё</div>\n\nКонец &amp; всё",
        "<p>one\n\ntwo</p> three <p>four",
        "<ul><li>a\n\nb<li>c</ul>d",
        "a < b and 5 > 3\n\nx",
        "<table><tr><td>one\ntwo</td></tr></table>end",
    ],
)
def test_the_words_are_those_that_stood_there(words):
    stripped = unescape(re.sub(r"</?[a-z][^<>]*>", " ", words))
    assert body.text(html(words)).split() == stripped.split()


@pytest.mark.parametrize(
    "piece",
    [
        "<!--",
        "[caption]",
        "[embed]",
        "<figure>",
        "<pre>",
        "[a b",
        "<div>",
        "<img ",
        "<p>",
        '<img "',
    ],
)
def test_what_is_opened_many_times_and_never_closed_keeps_what_is_below(piece):
    assert "end" in html(piece * 20_000 + "\n\n<p>end</p>")


def test_a_picture_whose_words_hold_an_angle_leaves_whole():
    assert html('One <img alt="a > b" src="x.jpg"> two') == "<p>One  two</p>"
