"""Working together in a browser: notes, submitting, passing warnings, choosing what to hear."""

import pytest
from playwright.sync_api import expect

from articles.models import Article, Message, Note
from tests.browser.access import barriers
from tests.browser.test_desk import open_story, sign_in
from tests.factories import make_article, make_organisation, make_user

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def editor():
    return make_user("editor", username="editor", first_name="Ann", last_name="Lee")


@pytest.mark.parametrize("width", [1280, 390])
def test_publishing_with_warnings_takes_two_presses(editor, new_page, width):
    make_organisation(name="Kabar")
    story = make_article(status="draft", body="<p>Kabar said so.</p>")
    page = new_page(width)
    sign_in(page)
    open_story(page, story)
    page.locator(".bar__publish > summary").click()
    sheet = page.locator(".bar__publish .sheet__inside")
    expect(sheet.get_by_role("link")).to_have_count(2)
    button = sheet.get_by_role("button", name="Publish anyway")
    box = button.bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= width
    assert box["y"] + box["height"] <= 900
    assert barriers(page) == []
    button.click()
    page.get_by_text("It is live.").wait_for()
    story.refresh_from_db()
    assert story.is_live


def test_publishing_by_keyboard(editor, new_page):
    story = make_article(status="draft")
    page = new_page()
    sign_in(page)
    open_story(page, story)
    page.locator(".bar__publish > summary").focus()
    page.keyboard.press("Enter")
    for _ in range(2):
        page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Publish anyway"
    page.keyboard.press("Enter")
    page.get_by_text("It is live.").wait_for()


def test_a_warning_that_came_up_while_writing_opens_the_list(editor, new_page):
    story = make_article(status="draft", tags=["Snow"])
    page = new_page()
    sign_in(page)
    open_story(page, story)
    page.fill("#id_headline", "Long " * 30)
    page.locator(".bar__publish > summary").click()
    page.get_by_role("button", name="Publish anyway").click()
    page.get_by_text("Look at the warnings").wait_for()
    again = page.get_by_role("button", name="Publish anyway")
    expect(again).to_be_visible()
    assert again.evaluate("button => button === document.activeElement")
    expect(page.locator(".bar__publish").get_by_text("The headline is long")).to_be_visible()
    again.click()
    page.get_by_text("It is live.").wait_for()


def test_without_scripts_warnings_are_seen_and_passed(editor, new_page):
    story = make_article(status="draft")
    page = new_page(javascript=False)
    sign_in(page)
    page.goto(f"/admin/articles/article/{story.pk}/change/")
    page.locator(".bar__publish > summary").click()
    page.get_by_role("button", name="Publish anyway").click()
    page.get_by_text("It is live.").wait_for()


@pytest.mark.parametrize("javascript", [True, False])
def test_a_note_leaves_what_is_typed_in_the_form(editor, new_page, javascript):
    make_user("editor", username="bek", email="bek@example.org")
    story = make_article(status="draft")
    page = new_page(javascript=javascript)
    sign_in(page)
    page.goto(f"/admin/articles/article/{story.pk}/change/")
    if javascript:
        page.locator(".ProseMirror[contenteditable=true]").wait_for()
    page.fill("#id_headline", "Typed for an hour")
    page.fill("#id_note", "@bek Look at this.")
    page.get_by_role("button", name="Add note").click()
    page.locator(".notes__one", has_text="Look at this.").wait_for()
    page.get_by_text("Told: bek.").wait_for()
    assert page.input_value("#id_headline") == "Typed for an hour"
    assert page.input_value("#id_note") == ""
    story.refresh_from_db()
    assert story.headline != "Typed for an hour"
    assert Message.objects.filter(move="mention").count() == 1
    if javascript:
        assert barriers(page) == []
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_text("Saved.", exact=True).wait_for()
    story.refresh_from_db()
    assert story.headline == "Typed for an hour"


def test_a_note_that_could_not_be_sent_stays_in_its_field(editor, new_page):
    story = make_article(status="draft")
    page = new_page(expect=["Failed to load resource", "ERR_"])
    sign_in(page)
    open_story(page, story)
    page.fill("#id_note", "Nobody hears")
    page.route("**/note/", lambda route: route.abort())
    page.get_by_role("button", name="Add note").click()
    page.get_by_text("The note is not kept").wait_for()
    assert page.input_value("#id_note") == "Nobody hears"
    page.unroute("**/note/")
    page.get_by_role("button", name="Add note").click()
    page.get_by_text("The note is kept.").wait_for()
    assert Note.objects.get().text == "Nobody hears"


@pytest.mark.parametrize("javascript", [True, False])
def test_a_reporter_submits_in_one_press_or_with_a_note(new_page, javascript):
    reporter = make_user("reporter", username="reporter")
    page = new_page(390, javascript=javascript)
    sign_in(page, "reporter")
    for note in ("", "Mind the figures."):
        story = make_article(status="draft", entered_by=reporter)
        page.goto(f"/admin/articles/article/{story.pk}/change/")
        if note:
            page.locator(".split__more > summary").click()
            page.get_by_label("Note for the desk").first.fill(note)
            page.locator(".split__more").get_by_role("button").click()
        else:
            page.get_by_role("button", name="Submit for review").first.click()
        page.get_by_text("It is in review now.").wait_for()
        story.refresh_from_db()
        assert story.status == "in_review"
        assert [n.text for n in story.notes.all()] == ([note] if note else [])
        # Whoever may only read it now writes notes too.
        page.fill("#id_note", "One more thing")
        page.get_by_role("button", name="Add note").click()
        page.locator(".notes__one", has_text="One more thing").wait_for()
    assert Article.objects.filter(status="in_review").count() == 2


@pytest.mark.parametrize("dark", [False, True])
def test_preferences_speak_the_language_that_was_chosen(editor, new_page, dark):
    page = new_page(390, dark=dark)
    sign_in(page)
    page.locator(".top__end summary").click()
    page.get_by_role("link", name="My preferences").click()
    expect(page.get_by_role("heading", name="My preferences")).to_be_visible()
    assert barriers(page) == []
    page.get_by_label("Русский").check()
    page.get_by_role("button", name="Save").click()
    page.locator(".messagelist li").wait_for()
    assert page.locator("html").get_attribute("lang") == "ru"
    editor.refresh_from_db()
    assert editor.language == "ru"
