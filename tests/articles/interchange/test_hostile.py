"""Exports made to do harm: each ends in a clear report or a clean import, and never in a broken page."""

import csv
import io
import re
import zipfile

import pytest
from django.core.management import CommandError
from django.urls import reverse

from addresses.models import Redirect
from articles.models import Article, Tag
from authors.models import Author
from tests.articles.interchange.exports import (
    SITE,
    UPLOADS,
    make_attachment,
    make_export,
    make_item,
    make_wp_author,
    make_wp_category,
)
from tests.factories import make_house, make_section, make_user, picture_bytes

pytestmark = pytest.mark.django_db
NARGIZA = make_wp_author("nargiza", "Nargiza Ryskulova")
SCRIPT = '"><script>alert(1)</script><img src=x onerror=alert(2)>'
HARM = re.compile(
    r"<script>alert|<img[^>]*onerror|javascript:alert|<svg[^>]*onload|onmouseover=", re.I
)


def pages(client):
    """What readers get of everything that came."""
    paths = [
        "/",
        "/rss.xml",
        "/atom.xml",
        "/feed.json",
        "/sitemap.xml",
        "/sitemap-lists.xml",
        "/authors/",
        "/search/?q=story",
    ]
    for thing in [*Article.objects.all(), *Tag.objects.all(), *Author.objects.all()]:
        if address := thing.get_absolute_url():
            paths.append(address)
    for path in paths:
        answer = client.get(path)
        assert answer.status_code in {200, 404}, path
        yield path, answer.content.decode()


@pytest.mark.long
def test_marks_in_every_place_are_words_or_gone(bring, client):
    make_house()
    export = make_export(
        make_item(
            1,
            f"Snow {SCRIPT}",
            content=f'<p onmouseover="x()">Words.</p><a href="javascript:alert(3)">l</a><svg onload=alert(4)></svg>{SCRIPT}',
            excerpt=SCRIPT,
            creator="evil",
            name="a\"><script>",
            terms=[("category", '&quot;&gt;&lt;script&gt;', SCRIPT), ("post_tag", "x", SCRIPT), ("series", "x", SCRIPT)],
            meta=[("_yoast_wpseo_title", SCRIPT), ("_yoast_wpseo_canonical", "javascript:alert(5)"), ("_wp_old_slug", SCRIPT)],
        ),
        authors=make_wp_author("evil", f"Jo {SCRIPT} Smith") + make_wp_category(1, "x", SCRIPT),
    )  # fmt: skip
    bring(export)
    for path, page in pages(client):
        assert HARM.search(page) is None, (path, HARM.search(page))
    client.force_login(make_user("chief editor"))
    for name in (
        "articles_article_changelist",
        "articles_article_doubts",
        "articles_article_findings",
        "addresses_redirect_changelist",
        "articles_tag_changelist",
    ):
        page = client.get(reverse(f"admin:{name}"))
        assert page.status_code == 200
        assert HARM.search(page.content.decode()) is None, name


def test_an_address_with_the_end_of_a_line_in_it_is_not_kept_and_is_said(bring):
    odd = "a%0d%0aSet-Cookie:%20x=1"
    terms = [("category", odd, "Power")]
    report, is_whole = bring(
        make_export(make_item(1, link=f"{SITE}/2019/05/04/{odd}/", terms=terms), authors=NARGIZA)
    )
    assert not is_whole
    assert "1  old addresses that are too long, or hold control characters" in report
    assert not Redirect.objects.filter(path__contains="ookie").exists()


@pytest.mark.long
@pytest.mark.parametrize(
    "words",
    [
        "../../../etc/passwd",
        "..%2f..%2fadmin",
        "a%0d%0aSet-Cookie:%20x=1",
        "a%00b",
        "\u202eevil",
        "=cmd|x",
        "//other.example.org",
        "%",
        "%zz",
        "a" * 5000,
        "\\\\host\\x",
    ],
)
def test_a_name_in_an_address_breaks_nothing(bring, client, words):
    export = make_export(
        make_item(1, name=words, link=f"{SITE}/2019/05/04/{words}/", terms=[("category", words[:300], "Power"), ("post_tag", words[:300], "Snow")], meta=[("_wp_old_slug", words), ("_fgj2wp_old_id", words)]),
        authors=NARGIZA + make_wp_category(1, words, "Power"),
    )  # fmt: skip
    report, _ = bring(export)
    story = Article.objects.get()
    assert re.fullmatch(r"[-\w]+", story.slug)
    assert client.get(story.get_absolute_url()).status_code == 200
    for row in Redirect.objects.all():
        assert not re.search(r"[\0-\x1f]", row.path + row.query + row.target)
        assert re.match(r"$|/(?!/)", row.target), row
        assert len(row.path) <= 500
    assert ("1  old addresses that are too long, or hold control characters" in report) is (
        "%0a" in words or len(words) > 500
    )
    assert bring(export)[1], "the second run has nothing to say"


@pytest.mark.long
def test_the_table_of_old_addresses_has_no_formulas(bring, client):
    bring(
        make_export(
            make_item(
                1,
                link=f"{SITE}/?=cmd|' /C calc'!A0",
                name="=1+1",
                meta=[("_wp_old_slug", "@SUM(1)")],
            ),
            authors=NARGIZA,
        )
    )
    client.force_login(make_user("chief editor"))
    answer = client.get(reverse("admin:addresses_redirect_table"))
    text = (
        b"".join(answer.streaming_content).decode() if answer.streaming else answer.content.decode()
    )
    for row in csv.reader(io.StringIO(text)):
        assert not [cell for cell in row if cell.startswith(("=", "+", "-", "@", "\t"))], row


@pytest.mark.long
def test_controls_and_marks_of_direction_in_words(bring, client):
    odd = "Snow \u202eevil\u202c \u200b\ufeff\u2066x"
    bring(
        make_export(
            make_item(1, odd, content=f"<p>{odd}</p>", excerpt=odd, terms=[("post_tag", "x", odd)]),
            authors=make_wp_author("nargiza", "Nar\u202egiza R"),
        )
    )
    assert not re.search("[\u202a-\u202e\u2066-\u2069]", str(list(Article.objects.values())))
    assert Author.objects.get().name == "Nargiza R"
    list(pages(client))


@pytest.mark.parametrize("bad", ["\x00", "\x01", "&#0;", "&#1;", "\ufffe"])
def test_what_no_xml_may_have_is_refused(bring, bad):
    with pytest.raises(CommandError, match="line"):
        bring(make_export(make_item(1, "HERE"), authors=NARGIZA).replace("HERE", f"Snow {bad}"))
    assert not Article.objects.exists()


@pytest.mark.long
def test_a_headline_of_a_megabyte_is_cut_and_said(bring):
    _report, is_whole = bring(make_export(make_item(1, "Snow " * 200_000), authors=NARGIZA))
    assert len(Article.objects.get().headline) <= 250
    assert not is_whole


@pytest.mark.long
def test_two_thousand_categories_on_one_story(bring, client):
    terms = [("category", f"c{n}", f"Category {n}") for n in range(2_000)]
    report, _ = bring(make_export(make_item(1, terms=terms), authors=NARGIZA))
    assert "1  public" in report
    assert Tag.objects.count() == 2_000
    assert client.get(Article.objects.get().get_absolute_url()).status_code == 200


def test_categories_that_stand_below_themselves(bring, client):
    make_section(name="Ice", slug="ice")
    terms = (
        make_wp_category(1, "a", "A", "a")
        + make_wp_category(2, "b", "B", "c")
        + make_wp_category(3, "c", "C", "b")
    )
    bring(
        make_export(
            *(make_item(n, terms=[("category", k, k.upper())]) for n, k in enumerate("abc", 1)),
            authors=NARGIZA + terms,
        )
    )
    assert client.get("/category/a/").status_code == 301
    assert client.get("/category/b/").status_code == 301
    paths = Redirect.objects.filter(path__startswith="/category/").values_list("path", flat=True)
    assert sorted(paths) == [f"/category/{below}/" for below in ("a", "b", "b/c", "c", "c/b")]


@pytest.mark.long
def test_two_whose_old_slugs_are_each_others(bring, client):
    export = make_export(
        make_item(1, name="aa", meta=[("_wp_old_slug", "bb")]),
        make_item(2, name="bb", meta=[("_wp_old_slug", "aa")]),
        authors=NARGIZA,
    )
    bring(export)
    for one in ("aa", "bb"):
        answer = client.get(f"/2019/05/04/{one}/")
        assert answer.status_code == 200, one
    rows = list(Redirect.objects.values_list("path", "target"))
    bring(export)
    assert rows == list(Redirect.objects.values_list("path", "target"))


@pytest.mark.long
def test_two_hidden_stories_that_link_to_each_other(bring, client):
    items = [
        make_item(
            n,
            status="draft",
            name=f"quxs{n}",
            content=f'<p><a href="{SITE}/2019/05/04/quxs{3 - n}/">x</a></p>',
        )
        for n in (1, 2)
    ]
    shown = make_item(
        3, content=f'<p><a href="{SITE}/2019/05/04/quxs1/">x</a> <a href="{SITE}/?p=2">y</a></p>'
    )
    bring(make_export(*items, shown, authors=NARGIZA))
    body = Article.objects.get(status="published").body
    assert f'href="{SITE}/2019/05/04/quxs1/"' in body


OURS = ["/", "/search/", "/admin/", "/admin/login/", "/admin/x/", "/rss.xml", "/ru/", "/ru/search/", "/healthz", "/robots.txt", "/authors/"]  # fmt: skip


@pytest.mark.parametrize(
    "path",
    [
        "/search/",
        *(pytest.param(path, marks=pytest.mark.long) for path in OURS if path != "/search/"),
    ],
)
def test_an_old_address_that_is_a_page_of_ours_stays_ours_and_is_said(bring, client, path):
    make_house()
    before = [client.get(address).status_code for address in OURS]
    export = make_export(make_item(1, link=SITE + path, name="x"), authors=NARGIZA)
    report, is_whole = bring(export)
    assert [client.get(address).status_code for address in OURS] == before
    assert client.get(Article.objects.get().get_absolute_url()).status_code == 200
    assert not Redirect.objects.filter(path=path, query="").exists()
    if path != "/":  # which is where every site stands
        assert not is_whole
        assert "1  old addresses that lead elsewhere already, or are pages of ours" in report
        assert f"      1  {path}\n" in report
    assert bring(export)[1]


@pytest.mark.long
@pytest.mark.parametrize("path", ["/sections/power/", "/2019/05/", "/a/1/", "//x", "/media/x", "/static/x.css"])  # fmt: skip
def test_an_old_address_that_could_be_ours_leads_to_the_story_while_it_is_not(bring, client, path):
    make_section(name="Power", slug="power")
    bring(make_export(make_item(1, link=SITE + path, name="x"), authors=NARGIZA))
    assert client.get(Article.objects.get().get_absolute_url()).status_code == 200
    assert client.get("/sections/power/").status_code == 200
    assert client.get(path).status_code in {200, 301}


@pytest.mark.long
def test_a_guid_that_is_anothers_permalink(bring, client):
    export = make_export(
        make_item(1, guid=f"{SITE}/2019/05/04/story-2/"),
        make_item(2, guid=f"{SITE}/2019/05/04/story-2/"),
        make_item(3, guid="javascript:alert(1)"),
        authors=NARGIZA,
    )
    report, is_whole = bring(export)
    assert (Article.objects.count(), is_whole) == (3, False)
    assert "1  old identities (guid) that cannot be kept\n      1  another story has it" in report
    assert client.get("/2019/05/04/story-2/").context["article"].source_ref.endswith(":2")
    assert [path for path, _page in pages(client)]


@pytest.mark.long
def test_huge_and_negative_numbers(bring):
    items = [
        make_item(n, date=d, gmt=d)
        for n, d in enumerate(
            [
                "9999-12-31 23:59:59",
                "0001-01-01 00:00:00",
                "-0001-11-30 00:00:00",
                "99999-01-01 00:00:00",
                "2019-13-45 99:99:99",
            ],
            1,
        )
    ]
    items += [
        make_item("9" * 19),
        make_item("9" * 40),
        make_item(-5),
        make_item("1e9"),
        make_item("٣"),
        make_item(
            50,
            parent="9" * 60,
            meta=[
                ("_thumbnail_id", "9" * 60),
                ("_series_part", "9" * 60),
                ("_fgj2wp_old_id", "9" * 60),
            ],
            terms=[("series", "s", "S")],
        ),
    ]
    terms = make_wp_category("9" * 60, "x", "X")
    report, _ = bring(make_export(*items, authors=NARGIZA + terms))
    for line in (
        "1  draft: date in the future",
        "4  draft: no date",
        "2  public",
        "11  of 11 items",
    ):
        assert line in report
    assert "4  left out: post without a number" in report
    assert Article.objects.count() == 7


@pytest.mark.long
@pytest.mark.parametrize(
    "path",
    [
        "../../etc/passwd",
        "/etc/passwd",
        "..\\..\\x.jpg",
        "a\u202egpj.exe",
        "CON.jpg",
        "x" * 400 + ".jpg",
        "a\nb.jpg",
    ],
)
def test_the_path_of_a_picture_leads_nowhere_else(bring, client, tmp_path, path):
    media = tmp_path / "uploads"
    media.mkdir()
    (media / "of-another.jpg").write_bytes(picture_bytes(64, 43))
    (tmp_path / "x.jpg").write_bytes(picture_bytes(64, 43))
    archive = tmp_path / "m.zip"
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr(path, picture_bytes(64, 43))
        file.writestr("../x.jpg", picture_bytes(64, 43))
        file.writestr("of-another.jpg", picture_bytes(64, 43))
    export = make_export(
        make_item(
            1,
            content=f'<img src="{UPLOADS}/{path}" class="wp-image-9">',
            meta=[("_thumbnail_id", "9")],
        ),
        make_attachment(9, path),
        authors=NARGIZA,
    )
    for source in (str(media), str(archive)):
        bring(export, media=[source])
    assert client.get(Article.objects.get().get_absolute_url()).status_code == 200
    assert {p.name for p in tmp_path.iterdir()} <= {"uploads", "x.jpg", "m.zip", "0.xml", "media"}


REFUSED = {
    "\0": "Invalid statement",
    "section = 5": "section: a name is needed",
    'house = "\\u0000"': "house: a name is needed",
    "a = " + "[" * 5000: "brackets in brackets",
    "[categories]\nx = 5": "categories, x: as is one of",
    '[categories]\nx = { as = "tag", to = "\\u0000 " }': "categories, x: to needs a name",
    "[languages]\nen = 5": "languages, en: 5 is no language",
    "[types]\nx = []": "types, x: one of",
    '[creators]\nx = { as = [], to = "x" }': "creators, x: as is one of",
    '[bases]\ncategory = "a\\r\\nb"': "bases, category",
}


@pytest.mark.parametrize("text", REFUSED)
def test_a_mapping_that_cannot_be_used_is_refused_in_words(bring, tmp_path, text):
    path = tmp_path / "names.toml"
    path.write_text(text)
    with pytest.raises(CommandError, match=re.escape(REFUSED[text])):
        bring(make_export(make_item(1), authors=NARGIZA), mapping=str(path))
    assert not Article.objects.exists()


@pytest.mark.long
@pytest.mark.parametrize(
    "text",
    [
        '[categories]\nx = { as = "section", to = "<script>alert(1)</script>" }',
        '[categories]\nx = { as = "tag", to = "\\u0000a\\u202e" }',
        '[bases]\ncategory = "../admin"',
        '[bases]\ncategory = "//x"',
        'section = "' + "a" * 100_000 + '"',
    ],
)
def test_names_in_a_mapping_are_words(bring, client, tmp_path, text):
    path = tmp_path / "names.toml"
    path.write_text(text)
    export = make_export(make_item(1, terms=[("category", "x", "X")]), authors=NARGIZA)
    bring(export, mapping=str(path))
    for page, words in pages(client):
        assert page.endswith(".json") or HARM.search(words) is None
    assert client.get("/admin/x/").status_code == 302


@pytest.mark.long
def test_an_old_slug_of_three_hundred_characters(bring, client):
    report, _ = bring(
        make_export(
            make_item(
                1,
                meta=[
                    ("_wp_old_slug", "s" * 300),
                    ("_wp_old_slug", "%D1%81" * 300),
                    ("_wp_old_slug", "s" * 3000),
                ],
            ),
            authors=NARGIZA,
        )
    )
    assert "1  old addresses that are too long" in report
    assert client.get(f"/2019/05/04/{'s' * 300}/").status_code == 301
    assert client.get(f"/2019/05/04/{'%D1%81' * 300}/").status_code == 301
