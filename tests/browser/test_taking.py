"""Corrections and taking down, as a person does them: presses counted as in test_clicks.py."""

import pytest
from playwright.sync_api import expect

from articles import publishing, taking, versions
from articles.models import Article
from tests.browser.access import barriers
from tests.browser.test_clicks import TEXT, hands
from tests.browser.test_desk import sign_in
from tests.factories import chief, make_article, make_user

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def boss():
    return make_user("chief editor", username="editor")


def end_of_text(me):
    # The editor puts its own cursor a moment after it got the focus.
    me.page.locator(".ProseMirror-focused").wait_for()
    me.page.wait_for_timeout(100)
    me.page.keyboard.press("Control+End")


# 9 A correction, with the text mended: 3


def test_a_correction_with_the_mended_text_takes_three_presses(boss, new_page, client):
    story = make_article(body="<p>There are 36.</p>")
    me = hands(new_page, story=story)
    me.press(".bar__correct > summary")
    expect(me.page.locator("#id_correct-text")).to_be_focused()
    me.type("There are 38, not 36.")
    me.press(f"{TEXT} p")
    end_of_text(me)
    me.page.keyboard.press("Backspace")
    me.page.keyboard.press("Backspace")
    me.type("8.")
    assert barriers(me.page) == []
    me.button("Publish the correction")
    expect(me.page.get_by_text("The correction is published.")).to_be_visible()
    assert me.presses <= 3
    story.refresh_from_db()
    assert story.body == "<p>There are 38.</p>"
    assert story.corrections.get().text == "There are 38, not 36."
    assert "There are 38, not 36." in client.get("/corrections/").content.decode()


def test_a_correction_of_another_kind_takes_three_presses_by_keys(boss, new_page):
    story = make_article(body="<p>There are 36.</p>")
    me = hands(new_page, story=story)
    me.tab_to(".bar__correct > summary")
    me.enter()
    expect(me.page.locator("#id_correct-text")).to_be_focused()
    me.type("We are sorry: there are 38.")
    me.page.keyboard.press("Shift+Tab")
    me.type("ap")
    me.tab_to(TEXT)
    end_of_text(me)
    me.type(" And two more.")
    me.keys("Control+Enter")
    expect(me.page.get_by_text("The correction is published.")).to_be_visible()
    assert me.presses <= 3
    story.refresh_from_db()
    assert story.body == "<p>There are 36. And two more.</p>"
    assert story.corrections.get().kind == "apology"


def test_a_correction_without_words_publishes_nothing_and_loses_nothing(boss, new_page):
    story = make_article(body="<p>There are 36.</p>")
    me = hands(new_page, story=story)
    me.press(".bar__correct > summary")
    me.press(f"{TEXT} p")
    end_of_text(me)
    me.type(" More.")
    me.button("Publish the correction")
    expect(me.page.get_by_role("alert")).to_contain_text("Nothing was saved yet.")
    expect(me.page.locator(TEXT)).to_have_text("There are 36. More.")
    expect(me.page.locator(".bar__correct")).to_have_attribute("open", "")
    story.refresh_from_db()
    assert story.body == "<p>There are 36.</p>"


# 13 Withdraw: 3


@pytest.mark.parametrize("by_keys", [False, True])
def test_a_story_is_withdrawn_in_three_presses(boss, new_page, client, by_keys):
    story = make_article()
    me = hands(new_page, story=story)
    more, withdraw = "details.more > summary", "a[href$='/taking/withdraw/']"
    if by_keys:
        me.tab_to(more)
        me.enter()
        me.tab_to(withdraw)
        me.enter()
    else:
        me.press(more)
        me.press(withdraw)
    expect(me.page.get_by_label("Reason that readers will see")).to_be_focused()
    me.type("We could not confirm it.")
    if by_keys:
        me.tab_to("button.btn--grave")
        me.enter()
    else:
        me.button("Withdraw")
    expect(me.page.get_by_text("It is withdrawn.")).to_be_visible()
    assert me.presses <= 3
    page = client.get(story.get_absolute_url())
    assert page.status_code == 410
    assert "We could not confirm it." in page.content.decode()


@pytest.mark.parametrize("width", [390, 1280])
def test_without_a_script_a_story_is_pulled_with_its_chain_and_let_back(boss, new_page, width):
    old = make_article(headline="The old telling")
    story = make_article(headline="The story", supersedes=old)
    publishing.propose(story, by=chief(), content=versions.snapshot(story))
    page = new_page(width, javascript=False)
    sign_in(page)
    page.goto(f"/admin/articles/article/{story.pk}/taking/pull/")
    expect(page.get_by_label("The old telling")).to_be_checked()
    page.get_by_label("Drop its next version").uncheck()
    wide = page.locator("main, #main").first.evaluate("box => box.scrollWidth > innerWidth + 1")
    assert not wide
    page.get_by_role("button", name="Pull", exact=True).click()
    expect(page.get_by_text("Together with it: The old telling.")).to_be_visible()
    assert set(Article.objects.values_list("status", flat=True)) == {"pulled"}
    assert versions.pending(story) is not None
    page.get_by_role("button", name="Release").first.click()
    expect(page.get_by_label("The old telling")).to_be_checked()
    page.get_by_role("button", name="Release").click()
    expect(page.get_by_text("It is live again.")).to_be_visible()
    assert set(Article.objects.values_list("status", flat=True)) == {"published"}


@pytest.mark.parametrize("name", taking.ACTS)
def test_the_page_of_an_act_has_no_barriers(boss, new_page, name):
    old = make_article(headline="The old telling")
    story = make_article(headline="The story", supersedes=old)
    if name == "release":
        publishing.pull(story, by=chief())
        publishing.pull(old, by=chief())
    me = hands(new_page)
    me.page.goto(f"/admin/articles/article/{story.pk}/taking/{name}/")
    expect(me.page.get_by_label("The old telling")).to_be_visible()
    assert barriers(me.page) == []
