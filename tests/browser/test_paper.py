"""The public pages of the demo newspaper in a real browser: every kind of page, every promise."""

import gzip
import re
import urllib.error
import urllib.request
from collections import Counter

import pytest
from playwright.sync_api import expect

from tests.browser.access import ANY, barriers

pytestmark = pytest.mark.demo
LETTERS = "ә ғ қ ң ө ұ ү һ і ў ҳ ҷ ӣ ӯ ş ň ğ"
# What an answer of 404 or 410 writes on a browser's console.
STATUS = "Failed to load resource: the server responded with a status of 4"


def get(url):
    try:
        with urllib.request.urlopen(url, timeout=60) as response:
            return response.status, response.read(), response.headers
    except urllib.error.HTTPError as error:
        return error.code, error.read(), error.headers


# Widths of a window in pixels, and how large the reader has set the letters.
SIZES = [(320, "100%"), (320, "200%"), (390, "100%"), (390, "200%")]
SIZES += [(768, "100%"), (1280, "100%"), (1920, "100%")]


@pytest.mark.parametrize(
    ("width", "dark"),
    [
        (320, True),
        (1280, False),
        pytest.param(320, False, marks=pytest.mark.long),
        pytest.param(1280, True, marks=pytest.mark.long),
    ],
)
def test_axe_finds_nothing_on_any_kind_of_page(demo_site, new_page, width, dark):
    page = new_page(width, dark=dark, expect=[STATUS])
    found = []
    for name, path in demo_site.pages().items():
        page.goto(path)
        found += [(name, *finding) for finding in barriers(page, impacts=ANY)]
    assert found == []


def test_no_page_scrolls_sideways(demo_site, new_page):
    page = new_page(320, expect=[STATUS])
    wide = []
    for name, path in demo_site.pages().items():
        page.set_viewport_size({"width": 320, "height": 900})
        page.goto(path)
        for width, size in SIZES:
            page.set_viewport_size({"width": width, "height": 900})
            page.evaluate("size => document.documentElement.style.fontSize = size", size)
            over = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
            if over > 0:
                wide.append(f"{name} at {width} px and {size}: {over} px")
    assert wide == []


def test_each_page_has_one_h1_no_skipped_level_no_double_id_and_sized_pictures(demo_site, new_page):
    page = new_page(expect=[STATUS])
    for name, path in demo_site.pages().items():
        page.goto(path)
        levels = page.eval_on_selector_all("h1,h2,h3,h4", "all => all.map(h => +h.tagName[1])")
        assert levels.count(1) == 1, name
        last = 0
        for level in levels[levels.index(1) :]:
            assert level <= last + 1, f"{name}: h{level} after h{last}"
            last = level
        ids = Counter(page.eval_on_selector_all("[id]", "all => all.map(e => e.id)"))
        assert [i for i, n in ids.items() if n > 1] == [], name
        bare = page.eval_on_selector_all(
            "img", "all => all.filter(i => !i.hasAttribute('alt') || !i.width || !i.height).length"
        )
        assert bare == 0, name


def test_nothing_needs_a_script(demo_site, new_page):
    for name, path in demo_site.pages().items():
        _, html, headers = get(demo_site.url + path)
        scripts = re.findall(r"<script[^>]*>", html.decode())
        scripts = [s for s in scripts if "application/ld+json" not in s]
        assert len(scripts) == ("search" in name), name
        assert "unsafe-inline" not in headers["Content-Security-Policy"], name
        assert "Set-Cookie" not in headers, name
    page = new_page(390, javascript=False)
    page.goto("/")
    page.get_by_text("Menu", exact=True).click()
    page.get_by_role("navigation").get_by_role("link", name="Tajikistan").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Tajikistan")
    page.get_by_role("link", name="Search").click()
    page.get_by_label("Words to look for").fill("glacier lakes")
    page.get_by_role("main").get_by_role("button", name="Search").click()
    page.get_by_role("link", name="Above Naryn").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Above Naryn")


def test_suggestions_are_chosen_by_keys_and_told_to_screen_readers(demo_site, new_page):
    page = new_page()
    page.goto("/search/")
    field = page.get_by_role("combobox", name="Words to look for")
    field.press_sequentially("wat")
    options = page.get_by_role("listbox").get_by_role("option")
    expect(options.first).to_have_text("Water Topic")
    expect(field).to_have_attribute("aria-expanded", "true")
    field.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    expect(field).to_have_attribute("aria-activedescendant", options.first.get_attribute("id"))
    assert barriers(page, impacts=ANY) == []
    field.press("Escape")
    expect(page.get_by_role("listbox")).to_have_count(0)
    expect(field).to_have_value("wat")
    field.press("ArrowUp")
    expect(options.last).to_have_attribute("aria-selected", "true")
    page.keyboard.type("e")
    expect(field).to_have_attribute("aria-activedescendant", "")
    expect(options.first).to_have_text("Water Topic")
    field.press("ArrowDown")
    field.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Water")


def test_a_story_of_last_year_about_a_region_is_found_on_a_telephone(demo_site, new_page):
    page = new_page(390)
    page.goto("/")
    page.get_by_text("Menu", exact=True).click()
    page.get_by_label("Search the paper").fill("aryk")
    page.keyboard.press("Enter")
    page.get_by_text("Narrow the search").first.click()
    page.get_by_label("From").fill("2023-01-01")
    page.get_by_label("To", exact=True).fill("2023-12-31")
    page.get_by_role("main").get_by_role("button", name="Search").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("1 story for “aryk”")
    expect(page.get_by_role("main").get_by_role("heading", level=2).first).to_contain_text("aryk")


def test_pages_keep_their_budgets(demo_site):
    """DESIGN: compressed sizes in KB (1024 bytes), per kind of page; one style sheet of 8."""
    budgets = {
        "home": 14,
        "section": 12,
        "region": 12,
        "tag": 12,
        "author": 10,
        "corrections": 10,
        "search": 12,
        "narrowed search": 12,
        "search that finds nothing": 12,
        "year": 10,
        "month": 10,
        "page": 10,
        "masthead": 10,
        "not found": 4,
        "withdrawn": 14,
    }
    over = []
    for name, path in demo_site.pages().items():
        _, html, _ = get(demo_site.url + path)
        size = len(gzip.compress(html, 6)) / 1024
        if size > budgets.get(name.split(" in ")[0], 14):
            over.append(f"{name}: {size:.1f} KB")
    _, html, _ = get(demo_site.url + "/")
    sheets = re.findall(r'<link rel="stylesheet" href="([^"]+)"', html.decode())
    assert len(sheets) == 1
    size = len(gzip.compress(get(demo_site.url + sheets[0])[1], 6)) / 1024
    if size > 8:
        over.append(f"style sheet: {size:.1f} KB")
    assert over == []


@pytest.mark.parametrize(("kind", "most"), [("story", 75), ("story in Russian", 125)])
def test_fonts_before_scrolling_keep_their_budget(demo_site, new_page, kind, most):
    page = new_page(390)
    sizes = []
    page.on("response", lambda r: sizes.append(len(r.body())) if ".woff2" in r.url else None)
    page.goto(demo_site.pages()[kind], wait_until="networkidle")
    assert 0 < sum(sizes) / 1024 <= most


@pytest.mark.parametrize(
    ("kind", "most"), [("without a picture", 100), ("without a picture in Russian", 150)]
)
def test_a_story_without_pictures_is_light(demo_site, new_page, kind, most):
    page = new_page(390)
    fonts, others = [], []
    page.on(
        "requestfinished",
        lambda request: (fonts if ".woff2" in request.url else others).append(
            request.sizes()["responseBodySize"]
        ),
    )
    page.goto(demo_site.pages()[kind], wait_until="networkidle")
    assert 0 < (sum(fonts) + sum(others)) / 1024 <= most
    assert sum(others) / 1024 <= 25


def test_every_letter_of_the_region_comes_from_the_sites_own_fonts(demo_site, new_page):
    page = new_page()
    page.goto(demo_site.pages()["story"])
    client = page.context.new_cdp_session(page)
    for selector in ("h1", ".prose p", ".kicker"):
        page.eval_on_selector(selector, "(e, text) => { e.textContent = text }", LETTERS)
        page.evaluate("document.fonts.ready")
        page.wait_for_timeout(300)
        client.send("DOM.enable")
        client.send("CSS.enable")
        root = client.send("DOM.getDocument")["root"]["nodeId"]
        node = client.send("DOM.querySelector", {"nodeId": root, "selector": selector})["nodeId"]
        fonts = client.send("CSS.getPlatformFontsForNode", {"nodeId": node})["fonts"]
        assert [f["familyName"] for f in fonts if not f["isCustomFont"]] == [], selector


def test_the_keyboard_reaches_the_story(demo_site, new_page):
    page = new_page()
    page.goto(demo_site.pages()["story"])
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#main"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")


def test_controls_are_large_enough_to_touch(demo_site, new_page):
    page = new_page(390, expect=[STATUS])
    small = []
    for name, path in demo_site.pages().items():
        page.goto(path)
        small += page.evaluate(
            """name => [...document.querySelectorAll('a, button, summary, input')].filter(e => {
                 const r = e.getBoundingClientRect(), style = getComputedStyle(e);
                 if (!r.width || style.visibility === 'hidden' || e.closest('.skip')) return false;
                 if (style.display === 'inline') return false;
                 return r.height < 24 || r.width < 24 }).map(e => name + ': ' + e.outerHTML.slice(0, 90))""",
            name,
        )
    assert small == []


def test_the_story_prints_without_its_furniture(demo_site, new_page):
    page = new_page()
    page.goto(demo_site.pages()["story"])
    page.emulate_media(media="print")
    expect(page.locator("nav").first).to_be_hidden()
    expect(page.locator(".prose")).to_be_visible()


def test_the_translated_pair_lead_to_each_other_and_share_no_list(demo_site, new_page):
    pages = demo_site.pages()
    page = new_page()
    page.goto(pages["story"])
    page.locator(f'a[hreflang="ru"][href="{pages["story in Russian"]}"]').first.click()
    expect(page).to_have_url(demo_site.url + pages["story in Russian"])
    expect(page.locator("html")).to_have_attribute("lang", "ru")
    for path in ("/", "/regions/kyrgyzstan/", "/sections/climate/", "/authors/nurgul-bekova/"):
        _, english, _ = get(demo_site.url + path)
        _, russian, _ = get(f"{demo_site.url}/ru{path}")
        main = lambda html: re.search(r"<main.*</main>", html.decode(), re.S)[0]  # noqa: E731
        assert pages["story"] in main(english)
        assert pages["story in Russian"] not in main(english)
        assert pages["story in Russian"] in main(russian)
        assert f'"{pages["story"]}"' not in main(russian)
