"""Pages of a WordPress site become pages here."""

import pytest
from django.core.management import call_command

from addresses.models import Redirect
from articles.interchange import links
from articles.models import Article
from newsroom import own_pages
from newsroom.models import Page
from tests.articles.interchange.exports import (
    SITE,
    UPLOADS,
    make_attachment,
    make_export,
    make_item,
)
from tests.articles.interchange.test_links import HOST, hrefs, linking
from tests.factories import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def bring(tmp_path, capsys):
    make_user("chief editor", username="nurgul")

    def bring(*items, **options):
        path = tmp_path / "export.xml"
        path.write_text(make_export(*items))
        code = 0
        try:
            call_command("import_articles", str(path), **options)
        except SystemExit as end:
            code = end.code
        return capsys.readouterr().out, code == 0

    return bring


def make_page_item(number, title="About us", name="about", **fields):
    return make_item(number, title, type="page", name=name, link=f"{SITE}/info/{name}/", **fields)


def test_a_page_arrives_with_its_words_and_addresses_and_outside_the_footer(bring, client):
    report, is_whole = bring(make_page_item(7))
    page = Page.objects.get(source_ref="wordpress:old.example.org:page:7")
    assert page.get_absolute_url() == "/pages/about/"
    assert page.body == "<p>Words of the story.</p>"
    for old in ("/info/about/", "/?page_id=7", "/?p=7"):
        answer = client.get(old)
        assert (answer.status_code, answer["Location"]) == (301, "/pages/about/")
    assert "About us" in client.get("/pages/about/").text
    assert "About us" not in client.get("/").text
    assert not Article.objects.exists()
    assert "1  public, a page of the site" in report
    assert is_whole


def test_a_page_of_ours_without_words_takes_them_and_stays_in_the_footer(bring, client):
    Page.objects.create(slug="about", name="About the paper", position=1)
    bring(make_page_item(7))
    page = Page.objects.get()
    assert (page.name, page.position) == ("About the paper", 1)
    assert page.body == "<p>Words of the story.</p>"
    assert "About the paper" in client.get("/").text


def test_a_page_of_ours_with_words_keeps_them(bring):
    Page.objects.create(slug="about", name="Ours", body="<p>Ours.</p>")
    bring(make_page_item(7))
    assert set(Page.objects.values_list("slug", "body")) == {
        ("about", "<p>Ours.</p>"),
        ("about-2", "<p>Words of the story.</p>"),
    }


def test_a_second_run_changes_no_page(bring):
    bring(make_page_item(7))
    Page.objects.update(body="<p>Edited.</p>", slug="us")
    before = list(Page.objects.values()), list(Redirect.objects.values())
    report, _ = bring(make_page_item(7, "Other"), make_page_item(7, "Other"))
    assert (list(Page.objects.values()), list(Redirect.objects.values())) == before
    assert "1  here already" in report
    assert "1  twice in the files" in report


def test_a_dry_run_writes_no_page(bring):
    dry, _ = bring(make_page_item(7), dry_run=True)
    assert not Page.objects.exists()
    wet, _ = bring(make_page_item(7))
    assert dry.replace("would be", "was") == wet


@pytest.mark.parametrize(
    ("fields", "line"),
    [
        ({"status": "draft"}, "left out: page, draft"),
        ({"status": "private"}, "left out: page, private"),
        ({"status": "trash"}, "left out: page, trash"),
        ({"status": ""}, "left out: page, unknown status"),
        ({"password": "sesame"}, "left out: page, password"),
        ({"content": ""}, "left out: page, no words"),
        ({"gmt": "2099-01-01 00:00:00"}, "left out: page, date in the future"),
        ({"terms": [("language", "ru", "Русский")]}, "left out: page, page language"),
    ],
)
def test_what_readers_could_not_see_is_no_page_here(bring, client, fields, line):
    report, _ = bring(make_page_item(7, **fields))
    assert f"1  {line}" in report
    assert "1  of 1 items" in report
    assert not Page.objects.exists()
    assert client.get("/info/about/").status_code == 404


# Links


def make_linking_page(number, *addresses, name="about", **fields):
    text = "".join(f'<p>See <a href="{address}">here</a> please.</p>' for address in addresses)
    return make_page_item(number, name=name, content=text, **fields)


def page_hrefs(number):
    page = Page.objects.get(source_ref__endswith=f":page:{number}")
    assert page.body.count(">here</a> please.</p>") == page.body.count("<p>")
    return [found[1] for found in links._LINK.findall(page.body)]


def test_links_in_pages_lead_to_stories_pages_and_lists_here(bring):
    bring(
        make_linking_page(
            7,
            f"{SITE}/news/snow/?utm_source=x#part-2",
            "/?page_id=9",
            f"{SITE}/info/contact/",
            f"{SITE}/tag/snow/",
            f"{SITE}/news/draft/",
            f"{SITE}/wp-content/uploads/a.pdf",
            "https://elsewhere.example.org/news/snow/",
        ),
        make_item(8, link=f"{SITE}/news/snow/", terms=[("post_tag", "snow", "Snow")]),
        make_item(10, link=f"{SITE}/news/draft/", status="draft"),
        make_page_item(9, "Contact", "contact"),
    )
    assert page_hrefs(7) == [
        "/2019/05/04/story-8/#part-2",
        "/pages/contact/",
        "/pages/contact/",
        "/tags/snow/",
        f"{SITE}/news/draft/",
        f"{SITE}/wp-content/uploads/a.pdf",
        "https://elsewhere.example.org/news/snow/",
    ]


def test_links_in_stories_lead_to_pages(bring, client):
    bring(linking(8, f"{SITE}/info/about/", f"{SITE}/?page_id=7"), make_page_item(7))
    assert hrefs(8) == ["/pages/about/", "/pages/about/"]
    assert 'href="/pages/about/"' in client.get("/2019/05/04/story-8/").text


def test_a_link_to_what_comes_with_a_later_file_is_led_by_that_run(bring):
    bring(make_linking_page(7, f"{SITE}/news/snow/", f"{SITE}/info/contact/"))
    assert page_hrefs(7) == [f"{SITE}/news/snow/", f"{SITE}/info/contact/"]
    bring(linking(8, f"{SITE}/info/contact/", link=f"{SITE}/news/snow/"))
    assert page_hrefs(7) == ["/2019/05/04/story-8/", f"{SITE}/info/contact/"]
    bring(make_page_item(9, "Contact", "contact"))
    assert page_hrefs(7) == ["/2019/05/04/story-8/", "/pages/contact/"]
    assert hrefs(8) == ["/pages/contact/"]
    before = list(Page.objects.order_by("pk").values())
    assert own_pages.lead_links([HOST]) == (0, 0)
    assert before == list(Page.objects.order_by("pk").values())


def test_a_page_that_somebody_edited_keeps_its_links(bring):
    pages = [make_linking_page(n, f"{SITE}/news/snow/", name=f"page-{n}") for n in (7, 8, 9)]
    bring(*pages)
    edited, renamed = (
        Page.objects.get(source_ref__endswith=":7"),
        Page.objects.get(source_ref__endswith=":8"),
    )
    edited.body = edited.body.replace("please", "now")
    edited.save()
    renamed.name = "Ours"
    renamed.save()
    bring(*pages, make_item(10, link=f"{SITE}/news/snow/"))
    edited.refresh_from_db()
    assert edited.body == f'<p>See <a href="{SITE}/news/snow/">here</a> now.</p>'
    assert page_hrefs(8) == page_hrefs(9) == ["/2019/05/04/story-10/"]
    assert Page.objects.get(pk=renamed.pk).name == "Ours"


def test_a_page_that_was_led_and_edited_then_is_led_no_more(bring):
    bring(make_linking_page(7, f"{SITE}/news/snow/", f"{SITE}/news/ice/"))
    bring(make_item(8, link=f"{SITE}/news/snow/"))
    page = Page.objects.get()
    page.body += "<p>Ours.</p>"
    page.save()
    bring(make_item(9, link=f"{SITE}/news/ice/"))
    assert Page.objects.get().body == page.body
    assert f'href="{SITE}/news/ice/"' in page.body


def test_a_page_without_an_import_behind_it_is_not_led(bring):
    body = f'<p><a href="{SITE}/news/snow/">Snow</a></p>'
    Page.objects.create(slug="ours", name="Ours", body=body)
    bring(make_item(8, link=f"{SITE}/news/snow/"))
    assert Page.objects.get().body == body


@pytest.mark.parametrize("count", [1, 3])
def test_links_of_many_pages_cost_as_many_queries_as_of_one(
    bring, django_assert_num_queries, count
):
    bring(*[make_linking_page(n, f"{SITE}/?p=50", name=f"p-{n}") for n in range(1, count + 1)])
    bring(make_item(90))
    target = Article.objects.get().get_absolute_url()
    Redirect.objects.create(path="/", query="p=50", target=target)
    with django_assert_num_queries(8):
        assert own_pages.lead_links([HOST]) == (count, count)


# Pictures


def test_pictures_of_a_page_are_named_with_it_and_the_words_stay_whole(bring, tmp_path):
    whole = tmp_path / "report.txt"
    report, is_whole = bring(
        make_page_item(
            7,
            content=f'<p>We are.</p><figure><img src="{UPLOADS}/2019/team-300x200.jpg" class="wp-image-21">'
            "<figcaption>The <b>team</b> in 2019</figcaption></figure><p>Here.</p>"
            '[gallery ids="22"]',
            meta=[("_thumbnail_id", "23")],
        ),
        make_attachment(22, "2019/office.jpg"),
        make_attachment(23, "2019/house.jpg"),
        report=str(whole),
    )
    body = Page.objects.get().body
    assert body.replace("\n", "") == (
        "<p>We are.</p><p>The <strong>team</strong> in 2019</p><p>Here.</p>"
    )
    assert not is_whole
    assert "3  pictures of pages, which show none here: captions stay as words" in report
    for name in ("2019/team-300x200.jpg", "2019/office.jpg", "2019/house.jpg"):
        (line,) = [line for line in report.splitlines() if name in line]
        assert line.startswith(f"      1  {UPLOADS}/{name}  (")
        assert "“About us”" in line
        assert whole.read_text().count(name) == 2


def test_pictures_of_a_page_that_has_nothing_else_are_named_too(bring):
    report, is_whole = bring(make_page_item(7, content=f'<img src="{UPLOADS}/map.png">'))
    assert "1  left out: page, no words" in report
    assert f"1  {UPLOADS}/map.png  (" in report
    assert not is_whole


def test_a_film_in_a_page_is_a_link(bring, client):
    bring(make_page_item(7, content="<p>See:</p>\nhttps://youtu.be/abcdefghijk\n<p>Bye.</p>"))
    page = client.get("/pages/about/").text
    assert 'href="https://www.youtube.com/watch?v=abcdefghijk"' in page
    assert "Watch on YouTube" in page
    assert "<iframe" not in page
