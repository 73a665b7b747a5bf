"""The front page of the desk and the list of stories in a browser: keys, phones, no JavaScript."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from articles import biographies, publishing
from articles.models import Autosave
from authors.models import Author, BiographyProposal
from tests.browser.access import barriers
from tests.browser.test_desk import sign_in
from tests.factories import chief, make_article, make_author, make_user

pytestmark = pytest.mark.django_db(transaction=True)
LIST = "/admin/articles/article/"


@pytest.fixture
def editor():
    return make_user("editor", username="editor")


@pytest.fixture
def busy_day(editor):
    """Something in every list of the front page, and a biography that waits."""
    for status in ("draft", "returned", "in_review", "ready", "scheduled", "published", "pulled"):
        make_article(status=status, headline=f"A story that is {status}", entered_by=editor)
    out = make_article(headline="Snow in Osh")
    publishing.correct(out, by=chief(), kind="correction", text="38, not 36.")
    Autosave.objects.create(article=out, by=chief())
    reporter = make_user("reporter", username="reporter")
    person = make_author(name="Ann", user=reporter, biography="<p>Born in Osh.</p>")
    person.biography = "<p>Born in Naryn.</p>"
    biographies.propose(person, by=reporter)
    make_article(status="returned", headline="The river", authors=[person])
    return person


@pytest.mark.parametrize(("width", "dark"), [(390, False), (1440, True)])
def test_the_board_and_the_list_are_for_everybody(busy_day, new_page, width, dark):
    page = new_page(width, dark=dark)
    sign_in(page)
    seen = []
    review = reverse("admin:authors_author_biography", args=[busy_day.pk])
    for path in ("/admin/", "/admin/setup/", LIST, f"{LIST}?state=pulled", review):
        page.goto(path)
        seen += barriers(page)
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= width, (path, wide)
        expect(page.locator("h1")).to_have_count(1)
    page = new_page(width, dark=dark)
    sign_in(page, "reporter")
    seen += barriers(page)
    assert seen == []


def test_keys_move_in_the_list_and_never_in_a_field(editor, new_page):
    stories = [make_article(headline=f"Story {number}") for number in (1, 2, 3)]
    page = new_page()
    sign_in(page)
    page.goto(LIST)
    focused = page.locator(":focus")
    page.keyboard.press("j")
    expect(focused).to_have_text("Story 3")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(focused).to_have_text("Story 1")
    page.keyboard.press("k")
    expect(focused).to_have_text("Story 2")
    page.keyboard.press("/")
    page.keyboard.type("jnk/")
    assert page.locator("#searchbar").input_value() == "jnk/"
    assert page.url.endswith(LIST)
    page.locator("h1").click()
    page.keyboard.press("k")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{reverse('admin:articles_article_change', args=[stories[0].pk])}")
    page.goto(LIST)
    page.keyboard.press("n")
    page.wait_for_url("**/add/")


def test_keys_are_switched_off_for_a_browser(editor, new_page):
    make_article()
    page = new_page()
    sign_in(page)
    page.goto(LIST)
    page.get_by_text("Keys", exact=True).click()
    page.get_by_label("Single keys work in this browser").uncheck()
    page.reload()
    page.keyboard.press("n")
    page.keyboard.press("/")
    page.keyboard.press("j")
    assert page.url.endswith(LIST)
    expect(page.locator("#searchbar:focus")).to_have_count(0)
    page.get_by_text("Keys", exact=True).click()
    assert not page.get_by_label("Single keys work in this browser").is_checked()


def test_without_javascript_a_story_is_found_and_a_biography_taken_over(busy_day, new_page):
    page = new_page(javascript=False)
    sign_in(page)
    page.get_by_role("link", name="Biography of Ann").click()
    page.get_by_role("button", name="Take it over").click()
    assert Author.objects.get(pk=busy_day.pk).biography == "<p>Born in Naryn.</p>"
    assert not BiographyProposal.objects.exists()
    page.get_by_role("link", name="Stories", exact=True).click()
    page.get_by_text("More states").click()
    page.get_by_role("link", name="Pulled", exact=True).click()
    expect(page.locator("#result_list tbody tr")).to_have_count(1)
    page.fill("#searchbar", "/a/999999999/")
    page.get_by_role("button", name="Find").click()
    expect(page.get_by_text("No story that you may open")).to_be_visible()
