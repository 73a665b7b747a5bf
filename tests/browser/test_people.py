"""The safety switch and merging in a browser: readable, and nothing leaves or breaks the page."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import expect

from authors.models import Author
from tests.browser.access import barriers
from tests.browser.test_desk import sign_in
from tests.factories import make_article, make_author, make_tag, make_user

pytestmark = pytest.mark.django_db(transaction=True)
# A folder in which to leave pictures of the pages, for whoever wants to look at them.
SHOTS = os.environ.get("SCREENSHOTS", "")


def look(page, name):
    assert barriers(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f"{name}.png", full_page=True)


@pytest.mark.parametrize(("width", "dark"), [(390, True), (1440, False)])
def test_a_person_is_hidden_by_one_press_and_a_chief_undoes_it(new_page, width, dark):
    make_user("chief editor", username="chief")
    ann = make_author(name="Ann Lee")
    make_article(headline="Ann Lee speaks", authors=[ann])
    make_article(status="draft", headline="Notes on Ann Lee")
    page = new_page(width=width, dark=dark)
    sign_in(page, "chief")
    page.goto(f"/admin/authors/author/{ann.pk}/change/")
    look(page, f"person-{width}")
    page.get_by_role("link", name="Hide from readers").click()
    expect(page.get_by_role("button", name="Hide from readers")).to_be_visible()
    look(page, f"hide-{width}")
    page.get_by_role("button", name="Hide from readers").click()
    expect(page.get_by_role("link", name="Notes on Ann Lee")).to_be_visible()
    look(page, f"hidden-{width}")
    assert Author.objects.get(pk=ann.pk).is_hidden
    page.goto(f"/admin/authors/author/{ann.pk}/change/")
    look(page, f"hidden-person-{width}")
    page.get_by_role("link", name="Texts that name the person").click()
    page.get_by_role("button", name="Show the name again").click()
    expect(page.get_by_text("Readers see Ann Lee again.")).to_be_visible()
    assert not Author.objects.get(pk=ann.pk).is_hidden


@pytest.mark.parametrize(("width", "dark"), [(390, False), (1440, True)])
def test_two_tags_are_made_one(new_page, width, dark):
    make_user("chief editor", username="chief")
    old, into = make_tag(name="Glaciers"), make_tag(name="Ice")
    make_article(tags=[old])
    page = new_page(width=width, dark=dark)
    sign_in(page, "chief")
    page.goto(f"/admin/articles/tag/{old.pk}/change/")
    page.get_by_role("link", name="Merge").click()
    page.get_by_label("Merge into").fill("Snow")
    page.get_by_role("button", name="Show what moves").click()
    expect(page.locator("#into-error")).to_be_visible()
    look(page, f"merge-wrong-{width}")
    page.get_by_label("Merge into").fill("ice")
    page.keyboard.press("Enter")
    page.get_by_label("to confirm").fill("glaciers")
    page.keyboard.press("Enter")
    expect(page.get_by_text("letter for letter")).to_be_visible()
    look(page, f"merge-{width}")
    page.get_by_label("to confirm").fill("Glaciers")
    page.keyboard.press("Enter")
    expect(page.get_by_text("was merged into")).to_be_visible()
    old.refresh_from_db()
    assert old.merged_into == into
    page.goto(f"/admin/articles/tag/{old.pk}/change/")
    look(page, f"merged-{width}")
