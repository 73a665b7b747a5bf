"""What readers come for, on a telephone and a desk, with and without scripts, and by keys alone."""

import xml.etree.ElementTree as ET
from urllib.request import urlopen

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.demo
WAYS = {
    "desktop": {"width": 1280},
    "telephone": {"width": 390},
    "telephone without scripts": {"width": 390, "javascript": False},
    "keys alone": {"width": 1280},
    "keys alone without scripts": {"width": 1280, "javascript": False},
}
MOST_STOPS = 150


class Reader:
    def __init__(self, page, *, has_pointer):
        self.page, self.has_pointer = page, has_pointer

    def reach(self, thing):
        """Bring the focus to something by Tab alone."""
        for _ in range(MOST_STOPS):
            if thing.evaluate("element => element === document.activeElement"):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"Tab never reaches {thing}")

    def follow(self, thing):
        """Follow a link or press a button, and wait for the page it leads to."""
        with self.page.expect_navigation():
            if self.has_pointer:
                thing.click()
            else:
                self.reach(thing)
                self.page.keyboard.press("Enter")

    def write(self, field, words):
        if self.has_pointer:
            field.click()
        else:
            self.reach(field)
        self.page.keyboard.type(words)

    def link(self, name, within="main", **options):
        return self.page.locator(within).get_by_role("link", name=name, **options).first


@pytest.fixture(params=WAYS)
def reader(request, demo_site, new_page):
    page = new_page(**WAYS[request.param])
    return Reader(page, has_pointer="keys" not in request.param)


def test_a_story_from_last_year_about_a_region_is_found(demo_site, reader):
    headline, year, region = demo_site.rows(
        "SELECT headline, substr(address_date, 1, 4), region.name FROM articles_article a "
        "JOIN articles_article_regions r ON r.article_id = a.id "
        "JOIN articles_region region ON region.id = r.region_id "
        "WHERE region.kind = 'country' AND a.status = 'published' AND a.language = 'en' "
        "AND address_date < date('now', 'start of year') ORDER BY address_date DESC LIMIT 1"
    )[0]
    page = reader.page
    page.goto("/")
    reader.follow(page.get_by_role("banner").get_by_role("link", name="Search"))
    reader.write(page.locator("main input[type=search]"), region)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    reader.follow(reader.link(year, exact=True))
    expect(page.locator("main .list article")).not_to_have_count(0)
    reader.follow(reader.link(headline))
    expect(page.get_by_role("heading", level=1)).to_have_text(headline)
    expect(page.locator("article time").first).to_contain_text(year)


def test_an_author_is_followed(demo_site, reader):
    page = reader.page
    page.goto(demo_site.pages()["story"])
    byline = page.locator("address.byline a, .byline a").first
    name = byline.inner_text().strip()
    reader.follow(byline)
    expect(page.get_by_role("heading", level=1)).to_contain_text(name)
    feed = page.locator("main").get_by_role("link", name="RSS feed")
    if not reader.has_pointer:
        reader.reach(feed)
    channel = ET.fromstring(urlopen(demo_site.url + feed.get_attribute("href")).read())[0]
    items = [item.findtext("title") for item in channel.findall("item")]
    listed = page.locator("main .list article a").all_inner_texts()
    assert items[0] in listed


def test_a_correction_is_read_where_it_belongs(demo_site, reader):
    page = reader.page
    page.goto("/")
    reader.follow(reader.link("Corrections", within="footer"))
    entry = page.locator("main li[id^=c]").filter(has=page.get_by_role("link")).first
    words = entry.locator("> p:not(.kicker, .instead, .meta)").inner_text()
    reader.follow(entry.get_by_role("link").first)
    expect(page.locator("main")).to_contain_text(words[:40])


@pytest.mark.parametrize("kind", ["story", "region"])
def test_the_language_is_switched_and_switched_back(demo_site, reader, kind):
    page, pages = reader.page, demo_site.pages()
    page.goto(pages[kind])
    first = page.get_by_role("heading", level=1).inner_text()
    languages = page.get_by_role("banner").locator("nav").get_by_role("link", name="Русский")
    if not languages.first.is_visible():
        if reader.has_pointer:
            page.locator("summary").first.click()
        else:
            reader.reach(page.locator("summary").first)
            page.keyboard.press("Enter")
        languages = page.get_by_role("banner").get_by_role("link", name="Русский")
    reader.follow(languages.first)
    assert page.url.endswith(pages[f"{kind} in Russian"])
    assert page.locator("html").get_attribute("lang") == "ru"
    assert page.get_by_role("heading", level=1).inner_text() != first
    page.goto(page.url)
    back = page.get_by_role("banner").get_by_role("link", name="English")
    if not back.first.is_visible():
        page.locator("summary").first.press("Enter")
    reader.follow(back.first)
    assert page.url.endswith(pages[kind])
