"""What readers of the old site typed, followed or had saved, after the import."""

import pytest

from addresses.models import Redirect
from articles import publishing
from articles.models import Article
from authors.models import Author
from tests.articles.interchange.exports import (
    SITE,
    make_export,
    make_item,
    make_wp_author,
    make_wp_category,
)
from tests.factories import make_house, make_section, make_user

pytestmark = pytest.mark.django_db
NARGIZA = make_wp_author("nargiza.r", "Nargiza Ryskulova")
POWER = ("category", "power", "Power")


def led(client, address):
    answer = client.get(address)
    return answer.get("Location") if answer.status_code == 301 else answer.status_code


def item(number=7, **fields):
    return make_item(number, **{"creator": "nargiza.r", "terms": [POWER]} | fields)


def test_a_story_that_came_from_joomla_is_found_by_its_three_addresses(bring, client):
    made = item(meta=[("_fgj2wp_old_id", "123")], name="snow-in-osh")
    bring(make_export(made, authors=NARGIZA))
    for asked in (
        "/index.php/news/123-snow-in-osh",
        "/index.php?option=com_content&view=article&id=123:snow-in-osh&catid=4&Itemid=9",
        "/?p=7&utm_source=x",
        "/politics/asia/123-snow-in-osh.html",
    ):
        assert led(client, asked) == Article.objects.get().get_absolute_url()


def test_lists_of_the_old_site_lead_to_those_here_and_their_feeds(bring, client):
    make_section(name="Politics", slug="politics")
    make_section(name="Power", slug="power")
    made = item(
        terms=[POWER, ("category", "uncategorized", "x"), ("post_tag", "%D1%81%D0%BD%D0%B5%D0%B3", "Снег")]
    )  # fmt: skip
    terms = make_wp_category(3, "power", "Power", "asia") + make_wp_category(2, "asia", "Asia")
    joomla = [("_fgj2wp_old_category_id", "44")]
    terms += make_wp_category(1, "uncategorized", "Uncategorized", meta=joomla)
    unfiled = item(8, terms=[("category", "uncategorized", "Uncategorized")])
    bring(make_export(made, unfiled, authors=NARGIZA + terms))
    person = Author.objects.get().get_absolute_url()
    for asked, target in {
        "/category/power/": "/sections/power/",
        "/category/asia/power/": "/sections/power/",
        "/category/asia/power/page/3/": "/sections/power/",
        "/category/power/feed/": "/sections/power/rss.xml",
        "/?cat=3": "/sections/power/",
        "/?cat=3&feed=rss2": "/sections/power/rss.xml",
        "/category/uncategorized/": "/sections/news/",
        "/index.php?option=com_content&view=category&id=44&Itemid=1": "/sections/news/",
        "/tag/%d1%81%d0%bd%d0%b5%d0%b3/": "/tags/sneg/",
        "/tag/%D1%81%D0%BD%D0%B5%D0%B3": "/tags/sneg/",
        "/?tag=%D1%81%D0%BD%D0%B5%D0%B3": "/tags/sneg/",
        "/author/nargiza-r/": person,
        "/author/nargiza-r/feed/": f"{person}rss.xml",
        "/author/nargiza-r/page/2/": person,
        "/?author=1": person,
        "/feed/": "/rss.xml",
        "/2019/05/page/2/": "/2019/05/",
        "/comments/feed/": 410,
        "/?feed=comments-rss2": 410,
        "/category/unheard-of/": 404,
        "/?cat=99": 200,
    }.items():
        assert led(client, asked) == target, asked


def test_the_old_feeds_identities_stand_in_the_new_feed(bring, client):
    make_house()
    bring(make_export(item(guid=f"{SITE}/?p=7"), authors=NARGIZA))
    feed = client.get("/rss.xml").content.decode()
    assert f'<guid isPermaLink="false">{SITE}/?p=7</guid>' in feed


def test_lists_stand_where_the_mapping_says_and_in_the_language_of_their_stories(
    bring, client, tmp_path
):
    mapping = tmp_path / "names.toml"
    ru = item(
        8, link=f"{SITE}/ru/2019/05/04/story-8/", terms=[("language", "ru", "Русский"), ("category", "novosti", "Новости")]
    )  # fmt: skip
    export = make_export(item(), ru, authors=NARGIZA)
    bring(export, dry_run=True, mapping=str(mapping))
    assert '[bases]\ncategory = "category"' in mapping.read_text()
    mapping.write_text(mapping.read_text().replace('= "category"', '= "topics"', 1))
    bring(export, mapping=str(mapping))
    assert led(client, "/topics/power/") == "/tags/power/"
    for asked in ("/topics/novosti/", "/ru/topics/novosti/", "/topics/novosti/?lang=ru"):
        assert led(client, asked) == "/ru/tags/novosti/"
    assert led(client, "/ru/topics/novosti/feed/") == "/ru/tags/novosti/rss.xml"
    assert led(client, "/category/power/") == 404
    assert led(client, "/ru/?p=8") == "/ru/2019/05/04/story-8/"


def test_a_site_below_a_path_has_its_lists_months_and_home_there(bring, client):
    site = f"{SITE}/blog"
    made = item(link=f"{site}/2019/05/04/story-7/")
    bring(make_export(made, authors=NARGIZA, site=site))
    assert led(client, "/blog/category/power/") == "/tags/power/"
    assert led(client, "/blog/") == "/"
    assert led(client, "/blog/feed/") == "/rss.xml"
    assert led(client, "/blog/2019/05/") == "/2019/05/"
    assert led(client, "/blog/2019/05/04/story-7/amp/") == "/2019/05/04/story-7/"
    assert led(client, "/blog/?p=7") == "/2019/05/04/story-7/"


def test_the_page_of_a_picture_leads_to_the_story_it_stands_in(bring, client):
    def picture(number, parent=0):
        link = f"{SITE}/2019/05/04/story-{parent or 7}/photo-{number}/"
        return make_item(number, type="attachment", status="inherit", parent=parent, link=link)

    pictures = [picture(20, 7), picture(21), picture(22), picture(23, 8), picture(24)]
    shown = item(
        7, content='<p>Words<img class="wp-image-22" src="x"></p>', meta=[("_thumbnail_id", "21")]
    )
    export = make_export(*pictures, shown, item(8, status="draft"), authors=NARGIZA)
    report, _ = bring(export)
    story = "/2019/05/04/story-7/"
    for number, target in {20: story, 21: story, 22: story, 23: 404, 24: 404}.items():
        parent = 8 if number == 23 else 7
        assert led(client, f"/2019/05/04/story-{parent}/photo-{number}/") == target
        assert led(client, f"/?attachment_id={number}") == (target if target != 404 else 200)
    assert "1  pages of pictures that stand in no story" in report
    publishing.publish(Article.objects.get(status="draft"), by=make_user("chief editor"))
    bring(export)
    answer = client.get("/2019/05/04/story-8/photo-23/")
    assert answer["Location"] == Article.objects.get(source_ref__endswith=":8").get_absolute_url()


def test_what_is_nobodys_and_what_leads_elsewhere_is_left(bring, client):
    Redirect.objects.create(path="/category/power/", target="/corrections/")
    bring(
        make_export(
            item(), item(8, status="private", terms=[("category", "secret", "Secret plans")])
        )
    )
    assert led(client, "/category/power/") == "/corrections/"
    assert not Redirect.objects.filter(path__contains="secret").exists()
    assert not Redirect.objects.filter(target__contains="nargiza").exists()  # a login is no slug


def test_a_second_run_writes_no_address_again(bring):
    export = make_export(item(), authors=NARGIZA)
    bring(export)
    before = list(Redirect.objects.order_by("pk").values_list("pk", "path", "query", "target"))
    bring(export)
    assert before == list(
        Redirect.objects.order_by("pk").values_list("pk", "path", "query", "target")
    )
