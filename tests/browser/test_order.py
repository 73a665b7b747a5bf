"""Sections put in order on their list: by keyboard, by mouse, and what is saved of it."""

import pytest
from playwright.sync_api import expect

from articles.models import Section
from tests.browser.access import barriers
from tests.browser.test_desk import sign_in
from tests.factories import make_section, make_user

pytestmark = pytest.mark.django_db(transaction=True)


def test_sections_are_put_in_order_by_keyboard_and_by_mouse(new_page):
    make_user("editor", username="editor")
    for place, name in enumerate(["Politics", "Trade", "Climate"]):
        make_section(name=name, position=place)
    page = new_page()
    sign_in(page)
    page.goto("/admin/articles/section/")
    names = page.locator("#result_list tbody th")
    page.get_by_role("button", name="Down: Politics").focus()
    page.keyboard.press("Enter")
    expect(names).to_have_text(["Trade", "Politics", "Climate"])
    page.keyboard.press("Enter")
    expect(names).to_have_text(["Trade", "Climate", "Politics"])
    expect(page.get_by_role("button", name="Up: Politics")).to_be_focused()
    page.locator(".order__handle").nth(1).drag_to(page.locator("#result_list tbody tr").first)
    expect(names).to_have_text(["Climate", "Trade", "Politics"])
    assert barriers(page) == []
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".messagelist")).to_be_visible()
    assert [s.name for s in Section.objects.all()] == ["Climate", "Trade", "Politics"]
