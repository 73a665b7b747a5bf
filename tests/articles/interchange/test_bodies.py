import re
from html import unescape

import pytest

from articles.interchange import bodies, figures, footnotes
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


def test_pictures_stay_at_their_places_with_their_captions():
    words = (
        'One.\n\n[caption id="attachment_5" width="3"]<a href="b.jpg"><img src="b-300x200.jpg" alt="A" /></a> Its <b>own</b>[/caption]\n\n'
        '<figure class="wp-block-image"><img src="c.jpg"/><figcaption>Another</figcaption></figure>\n\n'
        '[gallery ids="3,1,2"]\n\nTwo <img src="d.jpg"> three.'
    )
    read = bodies.read(words)
    assert re.sub(r"\s*\n\s*", "", read.html) == (
        '<p>One.</p><figure data-image="1"><figcaption>Its <strong>own</strong></figcaption></figure>'
        '<figure data-image="5"><figcaption>Another</figcaption></figure>'
        '<aside class="gallery"><figure data-image="2"></figure><figure data-image="3"></figure>'
        '<figure data-image="4"></figure></aside>'
        '<p>Two</p><figure data-image="6"></figure><p>three.</p>'
    )
    assert read.losses == []
    assert [use.number for use in read.uses] == [5, 3, 1, 2, 0, 0]
    assert read.uses[0] == (5, ("b-300x200.jpg", "b.jpg"), "A", "")


@pytest.mark.parametrize(
    "words",
    [
        '<!-- wp:image {"id":7,"sizeSlug":"large"} --><figure class="wp-block-image"><img src="a.jpg" alt="A"/>'
        "<figcaption>Its words</figcaption></figure><!-- /wp:image -->",
        '<div id="attachment_7" class="wp-caption alignleft"><img src="a.jpg" alt="A">'
        '<p class="wp-caption-text">Its words</p></div>',
        '[caption id="attachment_7" caption="Its words"]<img src="a.jpg" alt="A">[/caption]',
        '<figure><img class="size-full wp-image-7" data-src="a.jpg" src="data:image/gif;base64,AA" alt="A">'
        '<noscript><img src="a.jpg"></noscript><figcaption>Its words</figcaption></figure>',
        '<figure><img data-attachment-id="7" src="a.jpg" alt="A"><figcaption>Its words</figcaption></figure>',
    ],
)
def test_all_ways_to_write_a_picture_are_one(words):
    read = bodies.read(words)
    assert read.html == '<figure data-image="1"><figcaption>Its words</figcaption></figure>'
    assert read.uses == [(7, ("a.jpg",), "A", "")]


@pytest.mark.parametrize(
    "words",
    [
        '<!-- wp:gallery --><figure class="wp-block-gallery"><!-- wp:image {"id":5} --><figure class="wp-block-image">'
        '<img src="a.jpg"><figcaption>A</figcaption></figure><!-- /wp:image --><figure><img data-id="6" src="b.jpg"></figure>'
        "<figcaption>Both</figcaption></figure><!-- /wp:gallery -->",
        '<figure class="wp-block-gallery"><ul><li class="blocks-gallery-item"><figure><img data-id="5" src="a.jpg">'
        '<figcaption>A</figcaption></figure></li><li><figure><img data-id="6" src="b.jpg"></figure></li></ul>'
        "<figcaption>Both</figcaption></figure>",
    ],
)
def test_a_gallery_of_blocks_is_one(words):
    read = bodies.read(words)
    assert read.html == (
        '<aside class="gallery"><figure data-image="1"><figcaption>A</figcaption></figure>'
        '<figure data-image="2"></figure></aside><p>Both</p>'
    )
    assert [use.number for use in read.uses] == [5, 6]


def test_a_gallery_without_numbers_has_what_was_uploaded_to_its_story():
    read = bodies.read('[gallery exclude="8"]', lambda of: {None: [7, 8, 9]}[of])
    assert [use.number for use in read.uses] == [7, 9]
    assert lost("[gallery]") == [("picture gallery", "")]


def test_the_name_beside_a_picture_comes_with_it():
    words = '[caption id="attachment_7"][media-credit name="Jo Smith" align="left"]<img src="a.jpg">[/media-credit] Words[/caption]'
    read = bodies.read(words)
    assert read.html == '<figure data-image="1"><figcaption>Words</figcaption></figure>'
    assert read.uses[0].credit == "Jo Smith"


def test_emoji_are_letters_and_what_nobody_saw_is_no_picture():
    words = 'Well <img class="emoji" alt="😀" src="https://s.w.org/images/core/emoji/1.svg">done<img src="p.gif" width="1" height="1">.'
    assert html(words) == "<p>Well 😀done.</p>"
    assert lost(words) == [("pixel", "")]


def test_a_link_around_a_picture_is_named_unless_it_shows_the_picture():
    words = (
        '<a href="a.jpg"><img src="a.jpg"></a><a href="/?attachment_id=4"><img src="b.jpg"></a>'
        '<a href="https://shop.example.org/"><img src="c.jpg"> and words</a>'
    )
    assert lost(words) == [("linked picture", "https://shop.example.org/")]
    assert '<a href="https://shop.example.org/"> and words</a>' in html(words)


def test_a_figure_that_an_export_writes_refers_to_no_picture_of_ours():
    for words in ('<figure data-image="5"><p>x</p>', '<embedded data-image="5">x</embedded>'):
        assert "data-image" not in figures.placed(html(words), {}, {})


def test_the_captions_of_pictures_that_are_not_there_are_words_of_the_text():
    words = (
        'One. <img src="a.jpg">[caption]<img src="b.jpg"> Its <a href="https://a.example.org/">own</a>. Photo: Jo[/caption]'
        '<figure class="wp-block-gallery"><figure><img src="c.jpg"><figcaption>C</figcaption></figure>'
        '<figure><img src="d.jpg"><figcaption>D</figcaption></figure><figure><img src="e.jpg"></figure></figure>'
    )
    read = bodies.read(words)
    none = figures.placed(read.html, {}, {})
    assert "<figure" not in none
    assert body.text(none).split() == "One. Its own. Photo: Jo C D".split()
    some = figures.placed(read.html, {1: 71, 3: 73, 4: 74}, {3: ("", "Bo")})
    assert "<cite>Photo: Jo</cite></figcaption>" in some
    assert '<figure data-image="73"><figcaption>D <cite>Bo</cite></figcaption></figure>' in some
    assert "</aside><p>C</p>" in some
    assert body.clean(some) == some


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
        "<a ",
        "<a><img>",
        "[media-credit a=b]",
        '<div class="wp-caption">',
        '<div class="wp-block-cover',
        "<noscript>",
        '<!-- wp:image {"id":1',
        "https://",
    ],
)
def test_what_is_opened_many_times_and_never_closed_keeps_what_is_below(piece):
    assert "end" in html(piece * 20_000 + "\n\n<p>end</p>")


def test_a_picture_whose_words_hold_an_angle_is_one_whole():
    read = bodies.read('One <img alt="a > b" src="x.jpg"> two')
    assert read.html == '<p>One</p><figure data-image="1"></figure><p>two</p>'
    assert read.uses[0].alt == "a > b"


def test_words_of_columns_that_touch_do_not_run_together():
    read = html('[row][col width="1/2"]One[/col][col width="1/2"]two[/col] [col]three[/col][/row]')
    assert re.findall(r"\w+", re.sub(r"<[^>]*>", "", read)) == ["One", "two", "three"]
    assert read.count("<p>") == 3


@pytest.mark.parametrize(
    "words",
    [
        "[youtube=https://www.youtube.com/watch?v=dQw4w9WgXcQ&w=640]",
        '[youtube "https://youtu.be/dQw4w9WgXcQ"]',
        "[youtube]https://youtu.be/dQw4w9WgXcQ[/youtube]",
        "[youtube https://youtu.be/dQw4w9WgXcQ][/youtube]",
        "\nhttps://youtu.be/dQw4w9WgXcQ\n",
    ],
)
@pytest.mark.parametrize("whole", ["Before.\n{}\nAfter.", "<p>Before.\n{}\nAfter.</p>", "<!-- wp:paragraph --><p>Before.\n{}\nAfter.</p>"])  # fmt: skip
def test_what_an_address_shows_stands_between_the_paragraphs(words, whole):
    figure = '<figure data-embed="youtube" data-id="dQw4w9WgXcQ"></figure>'
    assert re.sub(r"\s*\n\s*", "", html(whole.format(words))) == f"<p>Before.</p>{figure}<p>After.</p>"  # fmt: skip


def test_an_address_that_we_do_not_show_stays_on_its_line_and_words_in_brackets_stay():
    assert html("One\nhttps://other.example/x\ntwo") == "<p>One<br>\nhttps://other.example/x<br>\ntwo</p>"  # fmt: skip
    assert html("[tweet https://other.example/x]") == '<p><a href="https://other.example/x">https://other.example/x</a></p>'  # fmt: skip
    assert html("[see https://other.example/x]") == "<p>[see https://other.example/x]</p>"
    assert html("[[youtube=https://youtu.be/dQw4w9WgXcQ]]") == "<p>[[youtube=https://youtu.be/dQw4w9WgXcQ]]</p>"  # fmt: skip


def test_a_shortcode_that_ends_itself_goes():
    assert (html("One [sharing/] two"), lost("One [sharing/] two")) == ("<p>One  two</p>", [("shortcode", "sharing")])  # fmt: skip
    assert html("He and/or [and/or] she") == "<p>He and/or [and/or] she</p>"


def test_who_is_quoted_may_be_written_in_italics_and_between_line_ends():
    quote = "<blockquote><p>Words.</p><cite><br><em>Jo Smith</em>, a <b>poet</b><br></cite></blockquote>"
    assert "<footer><em>Jo Smith</em>, a <strong>poet</strong></footer>" in html(quote)
    pulled = f'<figure class="wp-block-pullquote">{quote}</figure>'
    assert html(pulled) == (
        '<aside class="pullquote"><p>Words.</p><p><em>Jo Smith</em>, a <strong>poet</strong></p></aside>'
    )


def test_words_on_buttons_stay():
    block = (
        '<!-- wp:accordion-heading --><h3><button type="button"><span>Why it snows</span></button></h3>'
        "<!-- /wp:accordion-heading --><p>Because.</p>"
    )
    assert html(block) == "<h2>Why it snows</h2><p>Because.</p>"


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ('[{"content":"Said by <em>Jo</em>.","id":"a"},{"content":"Later.","id":"b"}]', "<ol><li>Said by <em>Jo</em>.</li><li>Later.</li></ol>"),
        ("[", ""),
        ('{"content":"x"}', ""),
        ('[1,null,{"content":7}]', ""),
        ("[" * 100_000, ""),
        ("", ""),
    ],
)  # fmt: skip
def test_footnotes_stand_where_they_were_shown(said, shown):
    text = "<p>Text<sup>1</sup></p><!-- wp:footnotes /-->"
    read = bodies.read(footnotes.placed(text, [("footnotes", said)]))
    assert read.html == f"<p>Text<sup>1</sup></p>{shown}"
    assert [loss.name for loss in read.losses] == ([] if shown else ["footnotes"])


def test_footnotes_that_were_shown_nowhere_stay_out():
    assert footnotes.placed("<p>Text</p>", [("footnotes", '[{"content":"x"}]')]) == "<p>Text</p>"
