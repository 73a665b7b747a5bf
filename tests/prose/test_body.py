import re
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from prose import body

ALL_THAT_MAY_STAND = (
    "<p>Words with <strong>weight</strong>, <em>stress</em>, H<sub>2</sub>O, m<sup>2</sup> and "
    '<a href="https://example.org/x?a=1&amp;b=2">a link</a>.<br>A line.</p>'
    "<h2>Two</h2><h3>Three</h3><h4>Four</h4>"
    '<ul><li>one</li><li><p>two</p></li></ul><ol start="3"><li>three</li></ol>'
    '<blockquote lang="ru"><p>Слова</p><footer>Кто-то</footer></blockquote>'
    '<aside class="pullquote"><p>Pulled out.</p></aside>'
    '<table><caption>Readings</caption><thead><tr><th scope="col">City</th></tr></thead>'
    '<tbody><tr><td colspan="2">Osh</td></tr></tbody></table><hr>'
    '<figure data-image="12"><figcaption>A lake. <cite>Photo: M. Seitkali</cite></figcaption></figure>'
    '<figure data-embed="youtube" data-id="dQw4w9WgXcQ"></figure>'
    '<aside class="gallery"><figure data-image="3"></figure>'
    '<figure data-image="4"><figcaption>Snow.</figcaption></figure></aside>'
)


def test_all_that_may_stand_in_a_body_is_left_as_it_is():
    assert body.clean(ALL_THAT_MAY_STAND) == ALL_THAT_MAY_STAND


@pytest.mark.parametrize(
    ("html", "cleaned"),
    [
        ("<script>alert(1)</script><p>a</p>", "<p>a</p>"),
        ('<p onclick="x()" style="color:red" class="y">a</p>', "<p>a</p>"),
        ('<p><a href="javascript:alert(1)">a</a></p>', "<p><a>a</a></p>"),
        (
            '<p><a href="https://a.example" target="_blank" rel="x">a</a></p>',
            '<p><a href="https://a.example">a</a></p>',
        ),
        ('<iframe src="https://www.youtube.com/embed/x"></iframe><p>a</p>', "<p>a</p>"),
        ('<img src="https://evil.example/pixel.gif"><p>a</p>', "<p>a</p>"),
        (
            '<figure><img src="/x.jpg"><figcaption>no reference</figcaption></figure><p>a</p>',
            "<p>no reference</p><p>a</p>",
        ),
        ('<figure data-embed="evil" data-id="x"></figure><p>a</p>', "<p>a</p>"),
        ('<figure data-embed="youtube" data-id="&quot;><script>"></figure><p>a</p>', "<p>a</p>"),
        (
            "<h1>One</h1><b>b</b> and <i>i</i>",
            "<h2>One</h2><p><strong>b</strong> and <em>i</em></p>",
        ),
        ("words without a paragraph", "<p>words without a paragraph</p>"),
        ("<div>one</div><div>two</div>", "<p>one</p><p>two</p>"),
        ("<p></p><p>&nbsp;</p><p>a</p><ul><li></li></ul>", "<p>a</p>"),
        ("<p>a\x00b\x1fc</p>", "<p>abc</p>"),
        ("<p>a\ud800b</p>", "<p>ab</p>"),
        ("<aside><p>not a quote</p></aside>", "<p>not a quote</p>"),
        (
            '<aside class="gallery"><figure data-image="3"></figure>words<figure data-image="4">'
            "</figure></aside>",
            '<aside class="gallery"><figure data-image="3"></figure></aside><p>words</p>'
            '<figure data-image="4"></figure>',
        ),
        (
            '<aside class="gallery"><figure data-embed="vimeo" data-id="76979871"></figure></aside>',
            '<figure data-embed="vimeo" data-id="76979871"></figure>',
        ),
        (
            '<blockquote><aside class="gallery"><figure data-image="3"></figure></aside></blockquote>',
            '<blockquote><figure data-image="3"></figure></blockquote>',
        ),
        ('<aside class="gallery"></aside><p>a</p>', "<p>a</p>"),
        (
            '<figure data-image="3"><figure data-image="4"></figure></figure>',
            '<figure data-image="3"></figure><figure data-image="4"></figure>',
        ),
        ("", ""),
        (None, ""),
        ("<p>5 < 6 & 7 > 2</p>", "<p>5 &lt; 6 &amp; 7 &gt; 2</p>"),
        ("<!-- note --><p>a</p>", "<p>a</p>"),
    ],
)
def test_what_may_not_stand_there_is_taken_out_and_words_are_kept(html, cleaned):
    assert body.clean(html) == cleaned


FRAGMENTS = st.sampled_from(
    "<p> </p> <div> </div> <ul> <li> </li> </ul> <b> </b> <i> <a href='javascript:x'> </a> <table> "
    "<tr> <td> </td> </tr> </table> <figure data-image='3'> </figure> <figcaption> </figcaption> "
    "<script> </script> <svg onload=x> <blockquote> <footer> </blockquote> <aside class='pullquote'> "
    "</aside> <aside class='gallery'> <h1> </h1> <br> <hr> слова words & < > \" ' &lt;script&gt; <math><mtext> <style> "
    "<img src=x onerror=y> <p lang='ru'> <figure> <cite> <caption> <th scope=col>".split(" ")
)


@settings(max_examples=400, deadline=None)
@given(st.lists(FRAGMENTS, max_size=25).map(" ".join))
def test_cleaning_twice_changes_nothing_and_lets_nothing_live_through(html):
    check_cleaning(html)


@pytest.mark.long
@settings(max_examples=20_000, deadline=None)
@given(st.lists(FRAGMENTS, max_size=60).map(" ".join))
def test_cleaning_holds_over_many_more_texts(html):
    check_cleaning(html)


def check_cleaning(html):
    once = body.clean(html)
    assert body.clean(once) == once
    written = Tags()
    written.feed(once)
    assert {tag for tag, _ in written.found} <= body.TAGS
    for tag, attributes in written.found:
        assert set(attributes) <= body.ATTRIBUTES.get(tag, set())
        assert not attributes.get("href", "").lower().startswith("javascript")


class Tags(HTMLParser):
    """The tags that a reader's browser would see, with their attributes."""

    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attributes):
        self.found.append((tag, dict(attributes)))


@pytest.mark.parametrize(
    ("levels", "ordered"),
    [("33", "22"), ("24", "23"), ("4", "2"), ("323", "223"), ("2342", "2342")],
)
def test_headings_begin_below_the_headline_and_skip_no_level(levels, ordered):
    html = "".join(f"<h{n}>x</h{n}><p>y</p>" for n in levels)
    expected = "".join(f"<h{n}>x</h{n}><p>y</p>" for n in ordered)
    assert body.clean(html) == expected


def test_the_dateline_stands_before_the_first_words():
    opening = body.render("<p>x</p>", opening="<b>Osh</b> — ")
    assert opening == "<p><b>Osh</b> — x</p>"
    assert body.render("<h2>x</h2>", opening="<b>Osh</b> — ") == "<p><b>Osh</b> — </p><h2>x</h2>"


def test_an_opening_stands_with_the_first_words_below_the_pictures():
    html = (
        '<figure data-image="1"></figure>\n<aside class="gallery"><figure data-image="2"></figure>'
        '<figure data-image="3"></figure></aside><p lang="ru">x</p>'
    )
    shown = body.render(html, opening="<b>Osh</b> — ", picture=lambda number, place: "<i></i>")
    assert '</div><p lang="ru" dir="ltr"><b>Osh</b> — x</p>' in shown


def test_a_figure_is_left_out_where_its_picture_must_not_be_shown():
    html = '<p>a</p><figure data-image="7"><figcaption>c</figcaption></figure>'
    assert body.images_in(html) == [7]
    assert body.render(html, picture=lambda number, place: "") == "<p>a</p>"
    shown = body.render(html, picture=lambda number, place: f"<img alt={number}>")
    assert shown == "<p>a</p><figure><img alt=7><figcaption>c</figcaption></figure>"


def test_a_gallery_holds_the_pictures_that_may_be_shown():
    html = (
        '<aside class="gallery"><figure data-image="3"><figcaption>Snow.</figcaption></figure>'
        '<figure data-image="4"></figure></aside><figure data-image="4"></figure>'
    )
    assert body.images_in(html) == [3, 4]
    shown = body.render(html, picture=lambda number, place: f"[{number} {place}]")
    assert shown == (
        '<div class="gallery"><figure>[3 gallery]<figcaption>Snow.</figcaption></figure>'
        "<figure>[4 gallery]</figure></div><figure>[4 inline]</figure>"
    )
    some = body.render(html, picture=lambda number, place: "x" if number == 3 else "")
    assert some == ('<div class="gallery"><figure>x<figcaption>Snow.</figcaption></figure></div>')
    assert body.render(html, picture=lambda number, place: "") == ""


@pytest.mark.parametrize(
    ("copied", "provider", "reference"),
    [
        ("https://www.youtube.com/watch?t=3&v=dQw4w9WgXcQ", "youtube", "dQw4w9WgXcQ"),
        ("https://youtu.be/dQw4w9WgXcQ?t=3", "youtube", "dQw4w9WgXcQ"),
        ("https://vimeo.com/76979871", "vimeo", "76979871"),
        ("https://t.me/s/kyrgyz_news/812", "telegram", "kyrgyz_news/812"),
        ("https://www.instagram.com/some.one/reel/C8abcDEF12_/", "instagram", "reel/C8abcDEF12_"),
        ("https://x.com/someone/status/1790000000000000000?s=20", "x", "1790000000000000000"),
        ("https://twitter.com/someone/status/1790000000000000000", "x", "1790000000000000000"),
    ],
)
def test_the_address_people_copy_gives_what_is_embedded(copied, provider, reference):
    found = {
        key: match[1]
        for key, of in body.PROVIDERS.items()
        for pattern in of.found_in
        if (match := re.search(pattern, copied))
    }
    assert found == {provider: reference}
    html = f'<figure data-embed="{provider}" data-id="{reference}"></figure>'
    assert body.clean(html) == html
    (embedded,) = body.embeds_in(html)
    assert embedded.frame.startswith("https://")
    assert reference in embedded.frame
    assert reference in embedded.address


def test_a_figure_that_is_a_picture_and_something_else_is_the_picture():
    html = body.clean('<figure data-image="3" data-embed="evil" data-id="x"></figure>')
    assert body.embeds_in(html) == []
    assert body.render(html, picture=lambda number, place: "x") == "<figure>x</figure>"


@pytest.mark.parametrize("opening", ["<blockquote>", "<ul><li>", "<div>", "<b>", "<table><tr><td>"])
def test_what_is_nested_without_end_is_cut_short_and_keeps_its_words(opening):
    cleaned = body.clean(opening * 30_000 + "words")
    assert "words" in cleaned
    assert cleaned.count("<") <= 2 * body.MAX_DEPTH + 2
    assert body.clean(cleaned) == cleaned


@pytest.mark.parametrize("number", ["9" * 30, "9" * 5000, "٣", "-1", "1e3"])
def test_a_number_that_is_none_is_no_number(number):
    html = f'<p>a</p><figure data-image="{number}"></figure><ol start="{number}"><li>b</li></ol>'
    assert body.images_in(body.clean(html)) == []
    assert body.clean(html) == "<p>a</p><ol><li>b</li></ol>"


def test_text_gives_the_words_alone():
    assert body.text("<p>a &amp; b</p><ul><li>c</li></ul>") == "a & b\nc"


@pytest.mark.parametrize(
    ("language", "way"),
    [("ky", "ltr"), ("ug", "rtl"), ("fa", "rtl"), ("ug-Cyrl", "ltr"), ("kk-Arab", "rtl")],
)
def test_a_passage_in_another_language_runs_its_own_way(language, way):
    html = f'<p lang="{language}">One.</p><blockquote lang="{language}"><p>Two.</p></blockquote>'
    printed = body.render(body.clean(html))
    assert printed == (
        f'<p lang="{language}" dir="{way}">One.</p>'
        f'<blockquote lang="{language}" dir="{way}"><p>Two.</p></blockquote>'
    )
