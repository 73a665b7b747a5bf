"""What readers of the old site typed, followed or had saved, after the import."""

import datetime
import itertools

import pytest

from addresses.models import Redirect
from articles import publishing
from articles.interchange import standing
from articles.interchange.records import Story
from articles.interchange.report import Report
from articles.models import Article
from authors.models import Author
from newsroom.models import Page
from tests.articles.interchange.exports import (
    SITE,
    make_export,
    make_item,
    make_wp_author,
    make_wp_category,
)
from tests.factories import (
    make_article,
    make_author,
    make_house,
    make_region,
    make_section,
    make_tag,
    make_user,
)

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


# Where a page of ours answers

TAKEN = "old addresses that lead elsewhere already, or are pages of ours"


def reported(report):
    """The addresses that a report names as taken."""
    if TAKEN not in report:
        return []
    lines = report.partition(TAKEN)[2].splitlines()[1:]
    named = itertools.takewhile(lambda line: line.startswith("      "), lines)
    return [line.split(None, 1)[1] for line in named if line.split(None, 1)[1].startswith("/")]


def test_an_address_at_which_a_page_of_ours_answers_is_reported_and_not_written(bring, client):
    make_section(name="Power", slug="power")
    make_region(name="Asia", slug="asia")
    make_author(name="Jo Smith", slug="jo-smith", is_listed=True)
    make_author(name="Bo Li", slug="bo-li")
    merged, into = (
        make_tag(name="Snow", slug="snow"),
        make_tag(name="Ice", slug="ice", is_listed=True),
    )
    merged.merged_into = into
    merged.save()
    Page.objects.create(slug="about", name="About us", body="<p>We.</p>")
    morning = datetime.datetime(2019, 5, 4, 6, tzinfo=datetime.UTC)
    there = make_article(slug="there", at=morning)
    make_article(slug="gone", at=morning, status="withdrawn")
    answering = [
        "/sections/power/", "/regions/asia/", "/authors/jo-smith/", "/tags/ice/", "/tags/snow/",
        "/pages/about/", "/2019/", "/2019/05/", "/2019/5/4/", "/2019/05/04/there/", "/2019/05/04/gone/", f"/a/{there.pk}/",
        "/authors/", "/search/", "/ru/sections/power/", "/ru/2019/",
    ]  # fmt: skip
    missing = [
        "/sections/powers/", "/authors/bo-li/", "/authors/nobody/", "/tags/rain/", "/series/power/",
        "/pages/contact/", "/2019/13/", "/2019/05/05/there/", "/2019/05/04/other/", "/ru/2019/05/04/there/",
        "/a/99999/", "/sections/power/x/", "/organisations/tca/", "/seven/",
    ]  # fmt: skip
    addresses = enumerate([*answering, *missing], 1)
    export = make_export(
        *[make_item(n, link=f"{SITE}{path}", name=f"s-{n}") for n, path in addresses],
        authors=NARGIZA,
    )
    dry, _ = bring(export, dry_run=True)
    report, is_whole = bring(export)
    assert not is_whole
    assert sorted(reported(report)) == sorted(answering)
    assert report == dry.replace("would be", "was")
    assert not Redirect.objects.filter(path__in=answering, query="").exists()
    for number, path in enumerate([*answering, *missing], 1):
        own = Article.objects.get(source_ref__endswith=f":{number}").get_absolute_url()
        assert led(client, f"/?p={number}") == own
        assert (led(client, path) == own) == (path in missing), path
    again, _ = bring(export)
    assert reported(again) == []
    assert not Redirect.objects.filter(path__in=answering, query="").exists()


def test_a_page_that_the_import_itself_makes_later_takes_its_address(bring, client):
    first = item(7, link=f"{SITE}/tags/snow/")
    report, _ = bring(
        make_export(first, item(8, terms=[("post_tag", "snow", "Snow")]), authors=NARGIZA)
    )
    assert reported(report) == ["/tags/snow/"]
    assert led(client, "/tags/snow/") == 200
    assert not Redirect.objects.filter(path="/tags/snow/").exists()


def test_what_a_run_that_was_killed_wrote_is_taken_back_by_the_next(bring):
    export = make_export(item(7, link=f"{SITE}/sections/power/"), authors=NARGIZA)
    bring(export)
    own = Article.objects.get().get_absolute_url()
    assert Redirect.objects.get(path="/sections/power/").target == own
    make_section(name="Power", slug="power")
    report, _ = bring(export)
    assert reported(report) == ["/sections/power/"]
    assert not Redirect.objects.filter(path="/sections/power/").exists()


def test_what_was_led_on_at_the_desk_is_left_there(bring):
    make_section(name="Power", slug="power")
    row = Redirect.objects.create(path="/sections/power/", target="/corrections/")
    report, _ = bring(make_export(item(7, link=f"{SITE}/sections/power/"), authors=NARGIZA))
    assert reported(report) == ["/sections/power/"]
    row.refresh_from_db()
    assert row.target == "/corrections/"


def test_a_story_whose_slug_another_has_on_that_day_is_told_to_stand_elsewhere(bring, client):
    here, elsewhere = item(7, name="snow"), item(8, name="snow", guid=f"{SITE}/?p=8")
    report, _ = bring(make_export(here, elsewhere, authors=NARGIZA))
    assert reported(report) == ["/2019/05/04/snow/"]
    assert led(client, "/2019/05/04/snow/") == 200
    assert led(client, "/?p=8") == "/2019/05/04/snow-2/"


def test_lists_and_pages_of_pictures_are_told_too(bring, client, tmp_path):
    make_section(name="Politics", slug="politics")
    make_section(name="Power", slug="power")
    mapping = tmp_path / "names.toml"
    export = make_export(
        make_item(20, type="attachment", status="inherit", parent=7, link=f"{SITE}/search/"),
        make_item(21, type="attachment", status="inherit", parent=7, link=f"{SITE}/sections/power/"),
        make_item(22, type="attachment", status="inherit", parent=7, link=f"{SITE}/photo/"),
        item(7, terms=[("category", "politics", "Power"), ("category", "power", "Power")]),
        authors=NARGIZA,
    )  # fmt: skip
    bring(export, dry_run=True, mapping=str(mapping))
    mapping.write_text(
        mapping.read_text().replace('category = "category"', 'category = "sections"')
    )
    report, _ = bring(export, mapping=str(mapping))
    assert sorted(reported(report)) == ["/search/", "/sections/politics/", "/sections/power/"]
    paths = Redirect.objects.filter(query="").values_list("path", flat=True)
    assert not {"/search/", "/sections/politics/", "/sections/power/"} & set(paths)
    assert led(client, "/photo/") == led(client, "/?attachment_id=21") == "/2019/05/04/story-7/"


def test_addresses_of_the_usual_kinds_are_looked_up_together(bring, django_assert_num_queries):
    report = Report(0)
    with standing.opened(report) as shadowed:
        for number in range(600):
            path = f"/2019/05/04/story-{number}/"
            shadowed.note(
                Story(refs=(f"a:{number}", f"b:{number}"), where="", addresses=[(path, "")])
            )
            shadowed.note(Story(refs=("a:1", "b:1"), where="", addresses=[("/news/snow/", "")]))
        with django_assert_num_queries(2):
            shadowed.settle(is_dry_run=False)
    assert not report.losses
