"""Traps that other programs and plugins set in exports, in our own words."""

import datetime

import pytest
from django.core.management import CommandError

from articles.interchange import bodies, seo, wordpress
from articles.models import Article, Byline, Series
from authors.models import Author
from newsroom.models import Page
from tests.articles.interchange.exports import (
    SITE,
    VERSION,
    make_export,
    make_item,
    make_wp_author,
    make_wp_category,
)
from tests.factories import make_region, make_section

pytestmark = pytest.mark.django_db
NARGIZA = make_wp_author("nargiza", "Nargiza Ryskulova")


@pytest.fixture
def mapped(bring, tmp_path):
    """Imports exports with a mapping of which some lines are changed: (before, after) each."""

    def mapped(export, *changes):
        path = tmp_path / "mapping.toml"
        bring(export, dry_run=True, mapping=str(path))
        text = path.read_text()
        for before, after in changes:
            assert before in text
            text = text.replace(before, after)
        path.write_text(text)
        return bring(export, mapping=str(path))

    return mapped


def without(export, *elements):
    """An export without the lines of some elements of its items."""
    return "\n".join(
        line for line in export.split("\n") if not line.startswith(tuple(f"<{e}" for e in elements))
    )


# Of other programs than WordPress


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("http://wordpress.org/export/1.2/", "https://wordpress.org/export/1.2/"),
        ("http://wordpress.org/export/1.2/", "http://wordpress.org/export/1.0/"),
        ('"http://wordpress.org/export/1.2/"', '"http://wordpress.org/export/1.2"'),
        ("http://purl.org/rss/1.0/", "https://purl.org/rss/1.0/"),
        ('<rss version="2.0"', '<rss version="2.0" xmlns="http://backend.userland.com/rss2"'),
        ("wp:", "w:"),
    ],
)
def test_the_spaces_of_names_are_read_as_other_programs_write_them(bring, before, after):
    export = make_export(make_item(1, "Snow", excerpt="It fell."), authors=NARGIZA)
    if before == "wp:":
        export = export.replace("xmlns:wp=", "xmlns:w=")
    report, is_whole = bring(export.replace(before, after))
    story = Article.objects.get()
    assert (story.headline, story.standfirst, story.status) == ("Snow", "It fell.", "published")
    assert is_whole, report


def test_a_field_of_another_space_is_no_field_of_ours(bring):
    export = make_export(make_item(1), authors=NARGIZA).replace(
        "<wp:post_id>1<",
        '<x:status xmlns:x="http://other.example.org/">publish</x:status><wp:post_id>1<',
    )
    bring(export.replace("<wp:status>publish", "<wp:status>draft"))
    assert Article.objects.get().status == "draft"


def test_an_item_whose_names_are_of_another_space_is_reported(bring):
    export = make_export(make_item(1), authors=NARGIZA).replace(
        "<item>", '<item xmlns:wp="http://other.example.org/">'
    )
    report, is_whole = bring(export)
    assert "1  left out: post without a number" in report
    assert not is_whole


def test_the_first_version_has_names_where_others_have_logins(bring):
    items = [
        make_item(1, creator="Nargiza Ryskulova"),
        make_item(2, creator="admin"),
        make_item(3, creator="a b@mail.example.org"),
    ]
    report, _ = bring(make_export(*items, version=VERSION.replace("1.2", "1.0")))
    bylines = Byline.objects.order_by("article_id")
    credits = [str(byline.author or byline.organisation) for byline in bylines]
    assert credits == ["Nargiza Ryskulova", "The Old Courier", "The Old Courier"]
    assert "1  admin" in report
    bring(make_export(make_item(4, creator="Login Words")))
    assert not Author.objects.filter(name="Login Words").exists()


def test_an_item_without_a_type_is_a_post_and_without_a_state_a_draft(bring):
    typeless = without(make_export(make_item(1, "One"), authors=NARGIZA), "wp:post_type")
    bring(typeless)
    assert Article.objects.get().status == "published"
    stateless = without(
        make_export(make_item(2, "Two"), authors=NARGIZA), "wp:post_type", "wp:status"
    )
    report, is_whole = bring(stateless)
    assert Article.objects.get(headline="Two").status == "draft"
    assert "1  draft: unknown status" in report
    assert not is_whole


def test_an_item_of_little_more_than_a_number_is_brought_as_a_draft(bring):
    export = make_export("<item><wp:post_id>3</wp:post_id></item>")
    report, _ = bring(export)
    assert Article.objects.get().status == "draft"
    assert "1  of 1 items" in report
    report, _ = bring(export)
    assert "1  here already" in report


def test_a_channel_that_says_nothing_of_its_site_is_read(bring):
    head, _, rest = make_export(make_item(1), authors=NARGIZA).partition("<channel>")
    bare = f"{head}<channel>{VERSION}{rest[rest.index('<wp:author>') :]}"
    bring(bare)
    story = Article.objects.get()
    assert (story.status, story.source_ref) == ("published", "wordpress::post:1")
    report, _ = bring(bare)
    assert "1  here already" in report


def test_words_in_several_pieces_of_a_field_are_one_text(bring):
    pieces = "<p>One]]><![CDATA[ and two]]>, <![CDATA[ends with ]] ></p>"
    bring(make_export(make_item(1, content=pieces), authors=NARGIZA))
    assert Article.objects.get().body == "<p>One and two, ends with ]] &gt;</p>"


def test_backslashes_and_entities_in_words_stay(bring):
    item = make_item(
        1,
        r"C:\new\table &amp; A<br>B &lt;i&gt; ~`!@#$%^*()-_=+{}[]/;:'\"?,.",
        content=r"<p>It isn\'t \\\\ \"cool\" \o/</p>",
        excerpt='<p>An <em>excerpt</em> &quot;with&quot; <a href="x">marks</a></p><p>Two</p>',
    )
    bring(make_export(item, authors=NARGIZA))
    story = Article.objects.get()
    assert story.headline == r"C:\new\table & A B <i> ~`!@#$%^*()-_=+{}[]/;:'\"?,."
    assert story.body == r"<p>It isn\'t \\\\ \"cool\" \o/</p>"
    assert story.standfirst == 'An excerpt "with" marks Two'


def test_lines_around_a_login_and_a_number_are_no_part_of_them(bring):
    export = make_export(make_item(7), authors=NARGIZA)
    for words in ("nargiza", "7", "publish", "post"):
        export = export.replace(f">{words}<", f">\n{words}\n<")
    bring(export)
    story = Article.objects.get()
    assert story.source_ref == "wordpress:old.example.org:post:7"
    assert [str(b.author) for b in story.bylines.all()] == ["Nargiza Ryskulova"]


def test_a_slug_that_is_not_there_is_made_of_the_headline(bring, client):
    bring(make_export(make_item(1, "Снег в Оше", name="", link=""), authors=NARGIZA))
    story = Article.objects.get()
    assert story.slug == "sneg-v-oshe"
    assert client.get("/?p=1")["Location"] == story.get_absolute_url()


def test_a_part_of_a_site_first_and_then_all_of_it(bring):
    everything = [make_item(n, f"Story {n}", name=f"s{n}") for n in range(1, 5)]
    bring(make_export(*everything[:2], authors=NARGIZA))
    first = list(Article.objects.order_by("pk").values_list("pk", "headline", "version"))
    report, _ = bring(make_export(*everything, authors=NARGIZA))
    assert "2  here already\n  2  public\n  4  of 4 items" in report
    assert list(Article.objects.order_by("pk").values_list("pk", "headline", "version"))[:2] == first  # fmt: skip
    report, _ = bring(make_export(*everything, authors=NARGIZA))
    assert "4  here already\n  4  of 4 items" in report


@pytest.mark.parametrize(
    ("name", "slug"),
    [("blog/2013/1/snow", "snow"), ("snow.html", "snow"), ("/snow/", "snow"), ("v1.2", "v1-2")],
)
def test_a_slug_is_the_last_part_of_a_name_without_an_ending(bring, name, slug):
    bring(make_export(make_item(1, name=name, link=f"{SITE}/{name}"), authors=NARGIZA))
    assert Article.objects.get().slug == slug


def test_a_title_in_several_languages_may_stand_open_and_other_comments_are_none_of_its_words(
    bring,
):
    item = make_item(1, "TITLE").replace(
        "TITLE", "<!--:ru-->Снег<!--:--><!-- a note --><!--:en-->Snow<!--:-->"
    )
    bring(make_export(item, authors=NARGIZA))
    assert Article.objects.get().headline == "Snow"


@pytest.mark.parametrize(
    "mark",
    [
        ("[:{}]", "[:]"),
        ("{{:{}}}", "{{:}}"),
        ("<!--:{}-->", "<!--:-->"),
    ],
)
def test_of_a_text_in_several_languages_the_sites_own_is_left(bring, mark):
    begin, end = mark[0], mark[1].replace("{{", "{").replace("}}", "}")

    def both(english, russian):
        return f"{begin.format('ru')}{russian}{begin.format('en')}{english}{end}"

    item = make_item(
        1,
        both("Snow", "Снег"),
        content=both("<p>It fell.</p>", "<p>Выпал.</p>") + "<p>-12</p>",
        excerpt=both("White.", "Белый."),
        terms=[("post_tag", "winter", both("Winter", "Зима"))],
    )
    report, is_whole = bring(make_export(item, authors=NARGIZA))
    story = Article.objects.get()
    assert (story.headline, story.standfirst, story.language) == ("Snow", "White.", "en")
    assert story.body == "<p>It fell.</p><p>-12</p>"
    assert list(story.tags.names()) == ["Winter"]
    assert "1  words of a further language in the same text, left out\n      1  ru" in report
    assert not is_whole


def test_a_text_that_is_marked_for_another_language_only_is_in_that_one(bring):
    item = make_item(1, "[:ru]Снег[:]", content="<p>[:ru]Выпал[:] [:] [sic:en]</p>")
    _, is_whole = bring(make_export(item, authors=NARGIZA))
    story = Article.objects.get()
    assert (story.headline, story.language) == ("Снег", "ru")
    assert story.body == "<p>Выпал  [sic:en]</p>"
    assert is_whole


# What stands beside texts


def with_comments(number, *comments):
    rows = "".join(
        f"<wp:comment><wp:comment_content>Words</wp:comment_content>"
        f"<wp:comment_approved>{approved}</wp:comment_approved>"
        f"<wp:comment_type>{type}</wp:comment_type></wp:comment>"
        for approved, type in comments
    )
    return make_export(make_item(number), authors=NARGIZA).replace("</item>", f"{rows}</item>")


def test_only_comments_that_readers_saw_are_lost(bring):
    report, is_whole = bring(
        with_comments(1, ("0", "note"), ("0", ""), ("spam", "comment"), ("1", "pingback"))
    )
    assert "3  comments and notes that readers could not see" in report
    assert "1  links from other sites that stood below texts" in report
    assert is_whole
    report, is_whole = bring(with_comments(2, ("1", ""), ("1", "comment")))
    assert "2  comments of readers" in report
    assert not is_whole


def test_sound_beside_a_text_is_lost_and_own_fields_are_named(bring):
    meta = [
        ("enclosure", 'https://media.example.org/a.mp3?x=1\n21\naudio/mpeg\na:1:{s:1:"d";i:1;}'),
        ("subtitle", "Words below"),
        ("_edit_last", "1"),
        ("_wp_page_template", "default"),
        ("empty", ""),
    ]
    report, is_whole = bring(make_export(make_item(1, meta=meta), authors=NARGIZA))
    assert "1  sound and films that stood beside texts\n      1  mp3" in report
    assert "1  fields beside texts, not read\n      1  subtitle" in report
    assert not is_whole


def test_a_story_kept_above_the_others_is_named(bring):
    export = make_export(make_item(1), authors=NARGIZA).replace(
        "</item>", "<wp:is_sticky>1</wp:is_sticky></item>"
    )
    report, is_whole = bring(export)
    assert "1  kept above the others on the old home" in report
    assert is_whole


def test_a_story_was_last_saved_when_the_old_site_says_so(bring):
    def saved(number, moment):
        return make_item(number).replace(
            "</item>", f"<wp:post_modified_gmt>{moment}</wp:post_modified_gmt></item>"
        )

    bring(
        make_export(
            saved(1, "2020-03-01 10:00:00"),
            saved(2, "2099-01-01 00:00:00"),
            saved(3, "0000-00-00 00:00:00"),
            authors=NARGIZA,
        )
    )
    published = datetime.datetime(2019, 5, 4, 4, tzinfo=datetime.UTC)
    times = Article.objects.order_by("pk").values_list("modified_at", "updated_at")
    assert list(times) == [
        (datetime.datetime(2020, 3, 1, 10, tzinfo=datetime.UTC), None),
        (published, None),
        (published, None),
    ]


def test_the_address_of_a_story_whose_day_was_changed_leads_to_it(bring, client):
    bring(make_export(make_item(1, meta=[("_wp_old_date", "2019-05-02")]), authors=NARGIZA))
    answer = client.get("/2019/05/02/story-1/")
    assert answer["Location"] == "/2019/05/04/story-1/"


# Texts


@pytest.mark.parametrize(
    ("html", "ours"),
    [
        ("<dl><dt>A</dt><dd>One</dd><dd>Two</dd></dl>", ["A", "One", "Two"]),
        ("<details><summary>More</summary><p>Below</p></details>", ["More", "Below"]),
        ("<address>Street\nTown</address>\nAfter", ["Street<br>Town", "After"]),
        ("<header>Head</header>Words", ["Head", "Words"]),
    ],
)
def test_lists_of_terms_addresses_and_what_can_be_opened_are_paragraphs(html, ours):
    made = "".join(f"<p>{words}</p>" for words in ours)
    assert bodies.read(html).html.replace("\n", "") == made


def test_words_in_parts_of_a_form_are_reported_and_those_on_a_button_stay():
    read = bodies.read("<button>Go</button><select><option>A</select><math><mi>x</mi></math>")
    assert {loss.name for loss in read.losses} == {"select", "math"}
    assert read.html == "<p>Go</p>"


# Types


def test_what_else_the_site_had_is_a_story_or_a_page_where_the_mapping_says_so(mapped, client):
    export = make_export(
        make_item(1, "News", type="news", link=f"{SITE}/news/snow/", terms=[("category", "power", "Power")]),
        make_item(2, "Held back", type="news", status="draft"),
        make_item(3, "Thrown away", type="news", status="trash"),
        make_item(4, "The team", type="team", link=f"{SITE}/team/"),
        make_item(5, "A shirt", type="product"),
        authors=NARGIZA,
    )  # fmt: skip
    report, is_whole = mapped(
        export,
        ('"news" = "nothing"  # 3 items', '"news" = "story"'),
        ('"team" = "nothing"', '"team" = "page"'),
    )
    assert "1  left out: news, trash" in report
    assert "1  left out: product" in report
    assert "5  of 5 items" in report
    assert not is_whole
    news = Article.objects.get(headline="News")
    assert news.source_ref == "wordpress:old.example.org:news:1"
    assert [str(b.author) for b in news.bylines.all()] == ["Nargiza Ryskulova"]
    assert list(news.tags.names()) == ["Power"]
    assert client.get("/news/snow/")["Location"] == news.get_absolute_url()
    assert client.get("/?post_type=news&p=1")["Location"] == news.get_absolute_url()
    assert Article.objects.get(headline="Held back").status == "draft"
    assert Page.objects.get(source_ref__isnull=False).name == "The team"


def test_what_a_page_was_filed_under_is_named(bring):
    page = make_item(1, type="page", terms=[("topic", "us", "Us")], link=f"{SITE}/team/")
    report, is_whole = bring(make_export(page, authors=NARGIZA))
    assert "1  pages that were filed under something, as none is here" in report
    assert is_whole


def test_what_the_mapping_does_not_name_is_left_out_and_said(bring):
    report, is_whole = bring(make_export(make_item(1, type="news"), authors=NARGIZA))
    assert not Article.objects.exists()
    assert "1  published, but neither posts nor pages: [types] in the mapping" in report
    assert "      1  news\n" in report
    assert not is_whole


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ('"news" = "article"', "types, news: one of nothing, page, story"),
        ('"attachment" = "story"', "types, attachment: these are never stories or pages"),
        ('"guest-author" = "page"', "types, guest-author: these are never stories or pages"),
    ],
)
def test_a_type_that_can_be_nothing_of_ours_refuses_the_mapping(bring, tmp_path, line, why):
    path = tmp_path / "mapping.toml"
    path.write_text(f"[types]\n{line}\n")
    with pytest.raises(CommandError, match=why):
        bring(make_export(make_item(1, type="news")), mapping=str(path))


def test_posts_can_be_left_out_and_a_type_of_any_length_is_told_apart(bring, tmp_path):
    path = tmp_path / "mapping.toml"
    long = "news " * 60
    path.write_text(f'[types]\n"post" = "nothing"\n"{long.strip()}" = "story"\n')
    export = make_export(make_item(1), make_item(2, type=long), authors=NARGIZA)
    bring(export, mapping=str(path))
    assert len(Article.objects.get().source_ref) < 80
    report, is_whole = bring(export, mapping=str(path))
    assert "1  here already\n  1  left out: post" in report
    assert not is_whole


def test_what_is_of_the_machine_is_in_no_mapping(bring, tmp_path):
    path = tmp_path / "mapping.toml"
    export = make_export(make_item(1, type="acf-field"), make_item(2, type="nav_menu_item"))
    _, is_whole = bring(export, dry_run=True, mapping=str(path))
    assert "[types]" not in path.read_text()
    assert is_whole


# Categories


POWER = (
    make_wp_category(10, "news", "News")
    + make_wp_category(11, "power", "Power", "news")
    + make_wp_category(12, "parliament", "Parliament", "power")
    + make_wp_category(13, "sport", "Sport")
)


def test_a_story_in_a_category_below_a_section_stands_in_the_section(mapped):
    make_section(name="Politics")
    export = make_export(
        make_item(1, terms=[("category", "parliament", "Parliament")]), authors=NARGIZA + POWER
    )
    _, is_whole = mapped(
        export, ('"news" = { as = "tag", to = "News" }', '"news" = { as = "section", to = "Politics" }')
    )  # fmt: skip
    story = Article.objects.get()
    assert story.section.name == "Politics"
    assert list(story.tags.names()) == ["Parliament"]
    assert is_whole


def test_a_mapping_says_what_a_category_stood_below(bring, tmp_path):
    path = tmp_path / "mapping.toml"
    item = make_item(1, terms=[("category", "parliament", "Parliament")])
    bring(make_export(item, authors=POWER), dry_run=True, mapping=str(path))
    text = path.read_text()
    assert '"parliament" = { as = "tag", to = "Parliament" }  # 1 story, below "power"' in text
    assert '"news" = { as = "tag", to = "News" }  # 0 stories' in text
    assert "sport" not in text


def test_a_story_in_a_category_below_a_region_is_filed_there(mapped):
    make_region(name="Kyrgyzstan")
    family = make_wp_category(1, "kg", "Kyrgyzstan") + make_wp_category(2, "bishkek", "Town", "kg")
    export = make_export(
        make_item(1, terms=[("category", "bishkek", "Town")]), authors=NARGIZA + family
    )
    mapped(export)
    story = Article.objects.get()
    assert [str(region) for region in story.regions.all()] == ["Kyrgyzstan"]
    assert list(story.tags.names()) == ["Town"]


def test_what_stands_above_a_category_may_be_named(mapped):
    make_section(name="Politics")
    family = make_wp_category(1, "news", "World News") + make_wp_category(2, "a", "A", "World News")
    export = make_export(make_item(1, terms=[("category", "a", "A")]), authors=NARGIZA + family)
    as_tag, as_section = (
        '{ as = "tag", to = "World News" }',
        '{ as = "section", to = "Politics" }',
    )
    mapped(export, (f'"news" = {as_tag}', f'"news" = {as_section}'))
    assert Article.objects.get().section.name == "Politics"


def test_other_ways_of_filing_are_lost_until_the_mapping_says_what_they_are(bring, mapped):
    make_region(name="Kyrgyzstan")
    terms = [
        ("place", "kg", "Kyrgyzstan"),
        ("topic", "power", "Power"),
        ("topic", "rights", "Rights"),
        ("visibility", "hidden", "hidden"),
    ]
    export = make_export(make_item(1, terms=terms), authors=NARGIZA)
    report, is_whole = bring(export, dry_run=True)
    assert "2  other ways of filing\n      1  topic\n      1  visibility" in report
    assert not is_whole
    report, _ = mapped(
        export,
        ('"topic/power" = { as = "nothing", to = "" }', '"topic/power" = { as = "tag", to = "Power" }'),
        ('"topic/rights" = { as = "nothing", to = "" }', '"topic/rights" = { as = "section", to = "Rights" }'),
    )  # fmt: skip
    story = Article.objects.get()
    assert [str(region) for region in story.regions.all()] == ["Kyrgyzstan"]
    assert story.section.name == "Rights"
    assert list(story.tags.names()) == ["Power"]
    assert "1  other ways of filing\n      1  visibility" in report


def test_a_category_with_a_slash_is_one_like_others(bring):
    bring(make_export(make_item(1, terms=[("category", "", "War/Peace")]), authors=NARGIZA))
    assert list(Article.objects.get().tags.names()) == ["War/Peace"]


def test_categories_in_a_ring_come_to_an_end(bring):
    ring = make_wp_category(1, "a", "A", "b") + make_wp_category(2, "b", "B", "a")
    bring(make_export(make_item(1, terms=[("category", "a", "A")]), authors=NARGIZA + ring))
    assert Article.objects.get().status == "published"


def test_the_name_of_a_category_above_writes_nothing_into_a_mapping(bring, tmp_path):
    path = tmp_path / "mapping.toml"
    family = make_wp_category(1, "a", "A", "b\n[types]\nx = 1")
    export = make_export(make_item(1, terms=[("category", "a", "A")]), authors=NARGIZA + family)
    bring(export, dry_run=True, mapping=str(path))
    bring(export, mapping=str(path))
    assert Article.objects.get().status == "published"


@pytest.mark.parametrize("key", ["_yoast_wpseo_primary_category", "rank_math_primary_category"])
def test_the_first_category_of_a_story_is_that_which_a_plugin_says(bring, key):
    make_section(name="Power")
    make_section(name="Sport")
    terms = [("category", "power", "Power"), ("category", "sport", "Sport")]
    bring(
        make_export(
            make_item(1, terms=terms),
            make_item(2, terms=terms, meta=[(key, "13")]),
            make_item(3, terms=terms, meta=[(key, "99")]),
            authors=NARGIZA + POWER,
        )
    )
    sections = Article.objects.order_by("pk").values_list("section__name", flat=True)
    assert list(sections) == ["Power", "Sport", "Power"]


# Search engines


def engines(*meta, headline="Snow", link=f"{SITE}/snow/"):
    return seo.read(meta, headline=headline, host="old.example.org", link=link)


@pytest.mark.parametrize(
    ("meta", "fields"),
    [
        (("_yoast_wpseo_title", "Snow &amp; ice"), {"seo_title": "Snow & ice"}),
        (("_yoast_wpseo_title", "It snows %%page%% %%sep%% %%sitename%%"), {"seo_title": "It snows"}),
        (("_yoast_wpseo_title", "%%title%% %%page%% %%sep%% %%sitename%%"), {}),
        (("_yoast_wpseo_title", "%%title%% falls"), {"seo_title": "Snow falls"}),
        (("_yoast_wpseo_title", "50% off #one_day"), {"seo_title": "50% off #one_day"}),
        (("rank_math_title", "It snows %sep% %sitename%"), {"seo_title": "It snows"}),
        (("_aioseo_title", "It snows #separator_sa #site_title"), {"seo_title": "It snows"}),
        (("rank_math_description", "White."), {"seo_description": "White."}),
        (("_yoast_wpseo_canonical", "https://first.example.net/a"), {"canonical_url": "https://first.example.net/a"}),
        (("_yoast_wpseo_canonical", "https://www.old.example.org/snow"), {}),
        (("_yoast_wpseo_canonical", "javascript:alert(1)"), {}),
        (("_yoast_wpseo_canonical", "https://[::1"), {}),
        (("_yoast_wpseo_meta-robots-noindex", "1"), {"noindex": True}),
        (("_yoast_wpseo_meta-robots-noindex", "2"), {}),
        (("rank_math_robots", 'a:1:{i:0;s:7:"noindex";}'), {"noindex": True}),
        (("rank_math_robots", 'O:1:"X":0:{}'), {}),
    ],
)  # fmt: skip
def test_what_plugins_say_to_search_engines_is_read(meta, fields):
    assert engines(meta).fields == fields


def test_the_first_plugin_that_says_something_is_believed():
    said = engines(
        ("rank_math_title", "Two"), ("_yoast_wpseo_title", " "), ("_aioseo_title", "Three")
    )
    assert said.fields == {"seo_title": "Two"}


@pytest.mark.parametrize(
    "meta",
    [
        ("_yoast_wpseo_title", "%%cf_colour%% snow"),
        ("_yoast_wpseo_title", "Snow " * 40),
        ("_yoast_wpseo_metadesc", "Snow " * 80),
        ("_yoast_wpseo_canonical", f"{SITE}/another/"),
        ("_yoast_wpseo_canonical", "https://first.example.net/" + "a" * 200),
    ],
)
def test_what_is_not_kept_whole_is_said(meta):
    said = engines(meta)
    assert [loss.kind for loss in said.losses] == ["engines"]
    assert len(said.fields.get("seo_title", "")) <= 120
    assert len(said.fields.get("seo_description", "")) <= 300


def test_a_story_has_its_title_and_description_for_search_engines(bring):
    meta = [("_yoast_wpseo_title", "It snows"), ("_yoast_wpseo_metadesc", "White.")]
    _, is_whole = bring(make_export(make_item(1, meta=meta), authors=NARGIZA))
    story = Article.objects.get()
    assert (story.seo_title, story.seo_description) == ("It snows", "White.")
    assert is_whole


# Series and languages


def test_a_story_is_a_part_of_its_series(bring):
    export = make_export(
        make_item(1, terms=[("series", "water", "Water")], meta=[("_series_part", "2")]),
        make_item(2, terms=[("series", "water", "Water")], meta=[("_series_part_44", "1")]),
        make_item(3, terms=[("series", "water", "Water")], meta=[("_series_part", "x")]),
        make_item(4, terms=[("series", "water", "Water"), ("series", "ice", "Ice")]),
        authors=NARGIZA,
    )
    report, _ = bring(export)
    stories = Article.objects.order_by("pk").values_list("series__name", "part")
    assert list(stories) == [("Water", 2), ("Water", 1), ("Water", None), ("Water", None)]
    assert "1  a second series" in report
    bring(export)
    assert Series.objects.count() == 1


def test_stories_of_one_group_are_translations_of_each_other(bring):
    def half(number, language, group="pll_5f"):
        terms = [("language", language, language), ("post_translations", group, group)]
        return make_item(number, terms=terms)

    wpml = [("_wpml_import_translation_group", "8"), ("_wpml_import_language_code", "ru")]
    export = make_export(
        half(1, "en"),
        half(2, "ru"),
        half(3, "ru"),
        half(4, "en", "pll_60"),
        make_item(5, meta=wpml),
        make_item(6, meta=[wpml[0]]),
        make_item(7),
        authors=NARGIZA,
    )
    dry, _ = bring(export, dry_run=True)
    report, is_whole = bring(export)
    rows = Article.objects.order_by("pk").values_list("language", "translation_group")
    languages = [language for language, _ in rows]
    groups = [group for _, group in rows]
    assert languages == ["en", "ru", "ru", "en", "ru", "en", "en"]
    assert groups[0] == groups[1] != groups[3]
    assert groups[4] == groups[5] is not None
    assert (groups[2], groups[6]) == (None, None)
    for said in (dry, report):
        assert "1  translations for which there is a story in the language" in said
    assert not is_whole
    before = list(rows.all())
    bring(export)
    assert list(rows.all()) == before


def test_the_other_half_of_a_translation_can_come_later(bring, client):
    def half(number, language):
        terms = [("language", language, language), ("post_translations", "pll_5f", "pll_5f")]
        return make_export(make_item(number, terms=terms), authors=NARGIZA)

    bring(half(1, "en"))
    bring(half(2, "ru"))
    english, russian = Article.objects.order_by("pk")
    assert english.translation_group == russian.translation_group
    assert russian.get_absolute_url() in client.get(english.get_absolute_url()).content.decode()


def test_fields_beside_texts_cost_no_more_memory_than_a_report_can_show(bring):
    export = make_export(
        make_item(1, meta=[(f"own-{n}", "x") for n in range(3000)]), authors=NARGIZA
    )
    report, _ = bring(export)
    assert "3,000  fields beside texts, not read" in report
    assert len(report) < 20_000


def test_a_survey_counts_what_could_be_stories(tmp_path):
    path = tmp_path / "a.xml"
    path.write_text(make_export(make_item(1, type="news"), make_item(2), make_item(3, type="page")))
    found = wordpress.survey([str(path)])
    assert found.types == {"news": 1}
    assert found.creators == {"nargiza": 2}
