"""Several stories at once in a browser: by click and key, without a script, and for everybody."""

import pytest
from playwright.sync_api import expect

from articles.models import Article, Byline
from tests.articles.test_desk import LIST
from tests.articles.test_two_people import changed
from tests.browser.access import WINDOWS, barriers
from tests.browser.test_desk import sign_in
from tests.factories import make_article, make_author, make_region, make_section, make_user

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def desk():
    """Three drafts, one that may go out, one with a warning and one that lacks much."""
    make_user("editor", username="editor")
    section, osh = make_section(name="Climate"), make_region(name="Osh")
    person = make_author(name="Ann One")
    whole = {"status": "draft", "section": section, "authors": [person], "tags": ["Snow"]}
    make_article(headline="Snow in Osh", regions=[osh], **whole)
    make_article(headline="Roads are closed", **whole)
    bare = make_article(headline="Schools too", **whole | {"section": None})
    Byline.objects.filter(article=bare).delete()


def box(page, headline):
    return page.get_by_role("row", name=headline).get_by_role("checkbox")


def choose(page, action, *headlines):
    for headline in headlines:
        box(page, headline).check()
    page.get_by_label("With the chosen stories").select_option(label=action)
    page.get_by_role("button", name="Go on").click()


@pytest.mark.parametrize("javascript", [True, False])
@pytest.mark.parametrize("width", [390, 1440])
def test_stories_go_out_and_what_is_missing_is_said(desk, new_page, width, javascript):
    page = new_page(width, javascript=javascript)
    sign_in(page)
    page.goto(LIST)
    choose(page, "Publish now", "Snow in Osh", "Roads are closed", "Schools too")
    expect(page.get_by_role("heading", name="Publish now")).to_be_visible()
    expect(page.get_by_text("The section is missing.")).to_be_visible()
    page.get_by_label("Publish anyway: Roads are closed").check()
    page.get_by_role("button", name="Publish now").click()
    expect(page.get_by_text("2 stories are live.")).to_be_visible()
    left = page.get_by_role("listitem").filter(has_text="Left as they are")
    expect(left.get_by_role("link", name="Schools too")).to_be_visible()
    assert Article.objects.published().count() == 2


def test_a_story_that_changed_behind_the_list_is_not_published(desk, new_page):
    page = new_page()
    sign_in(page)
    page.goto(LIST)
    changed(Article.objects.get(headline="Snow in Osh"), headline="A rumour")
    choose(page, "Publish now", "Snow in Osh", "Roads are closed")
    expect(page.get_by_text("Aida Sultanova changed it")).to_be_visible()
    assert page.get_by_role("checkbox", name="A rumour").count() == 0
    page.get_by_label("Publish anyway: Roads are closed").check()
    page.get_by_role("button", name="Publish now").dblclick()
    expect(page.get_by_text("1 story is live.").first).to_be_visible()
    assert [story.headline for story in Article.objects.published()] == ["Roads are closed"]


def test_by_keyboard_alone_a_region_is_added(desk, new_page):
    page = new_page()
    sign_in(page)
    page.goto(LIST)
    box(page, "Roads are closed").focus()
    page.keyboard.press("Space")
    expect(page.get_by_text("1 of 3 selected")).to_be_visible()
    page.get_by_label("With the chosen stories").focus()
    page.keyboard.type("Add r")
    page.get_by_role("button", name="Go on").focus()
    page.keyboard.press("Enter")
    page.get_by_role("combobox", name="Regions").focus()
    page.keyboard.type("os")
    expect(page.get_by_role("option", name="Osh")).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Add regions").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("1 story has them now.")).to_be_visible()
    story = Article.objects.get(headline="Roads are closed")
    assert [region.name for region in story.regions.all()] == ["Osh"]


def test_one_box_chooses_all_of_the_page(desk, new_page):
    page = new_page()
    sign_in(page)
    page.goto(LIST)
    page.locator("#action-toggle").check()
    expect(page.get_by_text("3 of 3 selected")).to_be_visible()


@pytest.mark.parametrize(("width", "dark"), WINDOWS)
def test_axe_finds_nothing_on_the_list_and_the_page_that_asks(desk, new_page, width, dark):
    page = new_page(width, dark=dark)
    sign_in(page)
    page.goto(LIST)
    box(page, "Snow in Osh").check()
    found = barriers(page)
    for action in ("Publish now", "Assign to …", "Pull"):
        page.goto(LIST)
        changed(Article.objects.get(headline="Schools too"), kicker=action)
        choose(page, action, "Snow in Osh", "Roads are closed", "Schools too")
        expect(page.get_by_role("heading", name=action)).to_be_visible()
        page.wait_for_load_state("networkidle")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.trouble == []
        found += barriers(page)
    assert found == []
