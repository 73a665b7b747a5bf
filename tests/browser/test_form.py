"""The story form in a browser: its bar, its teasers, what it suggests, what is pasted, rows dragged."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from articles.models import Article
from tests.browser.access import WINDOWS, barriers
from tests.browser.test_desk import open_story, save, sign_in
from tests.factories import (
    make_article,
    make_author,
    make_image,
    make_organisation,
    make_region,
    make_user,
)
from tests.prose.clipboard import CLIPBOARDS

pytestmark = pytest.mark.django_db(transaction=True)
TEXT = ".ProseMirror[contenteditable=true]"


@pytest.fixture
def editor():
    return make_user("editor", username="editor")


def opened(new_page, story, width=1280, **options):
    page = new_page(width, **options)
    sign_in(page)
    open_story(page, story)
    return page


def paste(page, **kinds):
    """What the keys for pasting do with this on the clipboard; the cursor is at the text's end."""
    page.locator(TEXT).click()
    page.keyboard.press("Control+End")
    page.evaluate(
        """([selector, kinds]) => {
          const data = new DataTransfer()
          for (const [kind, words] of Object.entries(kinds)) data.setData(`text/${kind}`, words)
          document.querySelector(selector).dispatchEvent(
            new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }))
        }""",
        [TEXT, kinds],
    )


# Pasting


@pytest.mark.parametrize("source", CLIPBOARDS)
def test_what_was_copied_is_pasted_as_a_body_allows(editor, new_page, source):
    copied, left = CLIPBOARDS[source]
    story = make_article(status="draft", body="")
    page = opened(new_page, story)
    paste(page, html=copied, plain="x")
    save(page)
    story.refresh_from_db()
    assert story.body == left


def test_the_address_of_a_story_becomes_its_headline(editor, new_page, site):
    live = make_article(headline="Rain & snow")
    story = make_article(status="draft", body="<p>See</p>")
    page = opened(new_page, story)
    page.locator(TEXT).click()
    page.keyboard.press("Control+End")
    page.keyboard.type(" ")
    paste(page, plain=site + live.get_absolute_url())
    page.locator(f"{TEXT} a", has_text="Rain & snow").wait_for()
    page.keyboard.type("here")
    save(page)
    story.refresh_from_db()
    link = f'<a href="{live.get_absolute_url()}">Rain &amp; snow</a>'
    assert story.body in {f"<p>See {link}here</p>", f"<p>See {link} here</p>"}


# The bar


def hidden_stops(page, most=120):
    """What has the focus on the way by Tab through the whole form, and is hidden by a bar then."""
    found = []
    page.locator("#id_headline").focus()
    for _ in range(most):
        page.keyboard.press("Tab")
        at = page.evaluate(
            """() => {
              const at = document.activeElement
              if (at === document.body || !at.closest("#article_form")) return null
              const box = at.getBoundingClientRect()
              if (at.isContentEditable || at.closest(".bar, .prose-menubar") || !box.width) return ""
              const x = box.left + Math.min(box.width / 2, 40)
              const over = document.elementFromPoint(x, Math.min(box.bottom, box.top + 30) - 3)
              const isSeen = over && (at === over || at.contains(over) || over.contains(at) ||
                over.closest("label, .with-choices, .chips, .field, summary"))
              return isSeen ? "" : `${at.id || at.className}: ${over?.className} ${box.top}`
            }"""
        )
        if at is None:
            return found
        if at:
            found.append(at)
    return found


@pytest.mark.parametrize(("width", "height"), [(390, 844), (390, 430), (768, 1024), (1440, 900)])
def test_no_bar_hides_what_has_the_focus(editor, new_page, width, height):
    story = make_article(
        status="in_review", citations=[make_organisation(), make_organisation()], tags=["Water"]
    )
    page = opened(new_page, story, width, height=height)
    assert hidden_stops(page) == []


def test_what_is_typed_stays_clear_of_the_bar_of_a_phone(editor, new_page):
    story = make_article(status="draft", body="<p>Line.</p>" * 30)
    page = opened(new_page, story, 390, height=430)
    page.locator(TEXT).click()
    page.keyboard.press("Control+End")
    for _ in range(4):
        page.keyboard.press("Enter")
        page.keyboard.type("More")
    bottom = page.evaluate("getSelection().getRangeAt(0).getBoundingClientRect().bottom")
    assert bottom <= page.locator(".bar__main").bounding_box()["y"]


@pytest.mark.parametrize("dark", [False, True])
def test_on_a_phone_state_save_and_the_next_step_stand_at_the_bottom(editor, new_page, dark):
    story = make_article(status="in_review")
    page = opened(new_page, story, 390, height=844, dark=dark)
    page.mouse.wheel(0, 1500)
    page.wait_for_timeout(300)
    for selector in (".bar__state", ".bar__save", "[data-primary=publish]"):
        box = page.locator(selector).bounding_box()
        assert 844 - 70 < box["y"] < 844, selector
        assert box["x"] >= 0, selector
        assert box["x"] + box["width"] <= 390, selector
    assert page.locator(".bar__preview").bounding_box()["y"] < 0
    page.set_viewport_size({"width": 1440, "height": 900})
    page.mouse.wheel(0, 600)
    page.wait_for_timeout(300)
    for selector in (".bar__state", ".bar__save", "[data-primary=publish]", ".bar__preview"):
        assert 0 <= page.locator(selector).bounding_box()["y"] < 80, selector


def test_the_first_stops_lead_to_the_story_and_to_the_bar(editor, new_page):
    page = opened(new_page, make_article(status="draft"))
    for words, place in (("Skip to the story", "id_headline"), ("next steps", "bar")):
        page.reload()
        page.locator(TEXT).wait_for()
        for _ in range(4):
            page.keyboard.press("Tab")
            focus = page.locator(":focus")
            if words in focus.inner_text():
                break
        expect(focus).to_be_visible()
        page.keyboard.press("Enter")
        page.wait_for_timeout(100)
        assert page.evaluate("document.activeElement.id") == place


# Keys


def test_keys_are_listed_and_can_be_switched_off(editor, new_page):
    page = opened(new_page, make_article(status="draft", headline="Snow"))
    page.locator("#id_headline").press("End")
    page.keyboard.type("?")
    assert page.input_value("#id_headline") == "Snow?"
    page.locator(TEXT).click()
    page.keyboard.type("?")
    expect(page.get_by_role("dialog")).to_be_hidden()
    page.locator(".bar__save").focus()
    page.keyboard.press("?")
    keys = page.get_by_role("dialog", name="Keys")
    expect(keys).to_be_visible()
    keys.get_by_label("Use these keys").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("dialog")).to_be_hidden()
    page.locator(".more > summary").click()
    page.get_by_role("button", name="Keys").click()
    keys.get_by_label("Use these keys").check()
    keys.get_by_role("button", name="Close").click()
    page.keyboard.press("?")
    expect(keys).to_be_visible()


def test_a_key_opens_the_preview(editor, new_page):
    story = make_article(status="draft", headline="Seen before it is out")
    page = opened(new_page, story)
    with page.expect_popup() as shown:
        page.keyboard.press("Control+Shift+P")
    phone = shown.value.frame_locator("iframe").first
    expect(phone.get_by_role("heading", level=1)).to_have_text("Seen before it is out")


def test_the_buttons_of_the_text_are_one_stop(editor, new_page):
    page = opened(new_page, make_article(status="draft", body="<p>Words</p>"))
    page.locator("#id_dateline_date").focus()
    stops = 0
    while not page.evaluate("document.activeElement.isContentEditable"):
        page.keyboard.press("Tab")
        stops += 1
        assert stops < 8
    page.keyboard.press("Control+a")
    page.keyboard.press("Alt+F10")
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.dataset.name") == "bold"
    page.keyboard.press("Enter")
    expect(page.locator(f"{TEXT} strong")).to_have_text("Words")


# Teasers and suggestions


def test_teasers_follow_what_is_typed(editor, new_page):
    story = make_article(status="draft", headline="Snow", standfirst="", body="<p>One.</p>")
    image = make_image(640, 427)
    page = opened(new_page, story)
    box = page.locator("[data-teasers]")
    page.fill("#id_headline", "A headline that is far too long for any engine that there is today")
    page.locator(TEXT).click()
    page.keyboard.press("Control+a")
    page.keyboard.type("BISHKEK (TCA) — Snow fell in the night. ")
    page.fill("#id_lead_image", str(image.pk))
    page.locator("#id_lead_image").dispatch_event("change")
    expect(box.locator("[data-teaser=search_title]")).to_have_text(
        "A headline that is far too long for any engine that there …"
    )
    expect(box.locator("[data-teaser=search_description]")).to_have_text("Snow fell in the night.")
    expect(box.locator("[data-teaser=picture]").first).to_be_visible()
    page.fill("#id_standfirst", "It fell.")
    expect(box.locator("[data-teaser=social_description]")).to_have_text("It fell.")
    page.select_option("#id_section", "")
    expect(box.locator("[data-teaser=kicker]")).to_have_text("")
    expect(page.locator(".field-body .count")).to_have_text("Words: 7")
    expect(page.locator("[data-count] + .count").nth(1)).to_have_text("8 of 240 characters")


def test_without_a_script_teasers_are_those_of_the_saved_story(editor, new_page):
    story = make_article(status="draft", headline="Snow", standfirst="It fell.", tags=["Water"])
    make_article(headline="The river", tags=["Water"])
    page = new_page(javascript=False)
    sign_in(page)
    page.goto(reverse("admin:articles_article_change", args=[story.pk]))
    expect(page.locator("[data-teaser=search_description]")).to_have_text("It fell.")
    page.get_by_role("button", name="Save, and suggest").click()
    page.get_by_role("button", name="The river").click()
    story.refresh_from_db()
    assert "The river</a>" in story.body


def test_a_source_that_the_text_names_is_added_by_one_press(editor, new_page):
    make_organisation(name="24.kg")
    make_organisation(name="Hürriyet")
    story = make_article(status="draft", body="<p>Quiet.</p>")
    page = opened(new_page, story)
    page.locator(TEXT).click()
    page.keyboard.press("Control+End")
    page.keyboard.type(" 24.kg and Hürriyet wrote.")
    page.get_by_role("button", name="24.kg").click()
    page.get_by_role("button", name="Hürriyet").click()
    save(page)
    assert [str(c.organisation) for c in story.citations.all()] == ["24.kg", "Hürriyet"]
    expect(page.get_by_role("button", name="24.kg")).to_be_hidden()


# Rows


def test_rows_are_dragged_to_their_place_and_back_by_escape(editor, new_page):
    people = [make_author(name=name) for name in ("Ann", "Ben", "Cid")]
    story = make_article(status="draft", authors=people)
    page = opened(new_page, story)
    rows = page.locator("[data-rows=bylines] [data-row]:visible")

    def names():
        return [rows.nth(n).locator("[name$=-name]").input_value() for n in range(3)]

    def drag(number, to, *, leave=False):
        handle = rows.nth(number).locator(".row__handle").bounding_box()
        target = rows.nth(to).bounding_box()
        page.mouse.move(handle["x"] + 5, handle["y"] + 10)
        page.mouse.down()
        page.mouse.move(handle["x"] + 5, target["y"] + (5 if to < number else target["height"] - 5))
        if leave:
            page.keyboard.press("Escape")
        page.mouse.up()

    rows.nth(0).scroll_into_view_if_needed()
    drag(2, 0)
    assert names() == ["Cid", "Ann", "Ben"]
    drag(0, 1)
    assert names() == ["Ann", "Cid", "Ben"]
    drag(0, 2, leave=True)
    assert names() == ["Ann", "Cid", "Ben"]
    save(page)
    assert [str(b.author) for b in story.bylines.all()] == ["Ann", "Cid", "Ben"]


# Everybody


@pytest.mark.parametrize(("width", "dark"), WINDOWS)
def test_what_the_form_opens_has_no_grave_barrier(editor, new_page, width, dark):
    make_organisation(name="24.kg")
    make_article(headline="The river", tags=["Water"])
    story = make_article(
        status="in_review",
        body="<p>24.kg wrote.</p>",
        tags=["Water"],
        regions=[make_region()],
        lead_image=make_image(640, 427),
        authors=[make_author(), make_author()],
    )
    page = opened(new_page, story, width, dark=dark)
    page.get_by_role("button", name="24.kg").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    found = barriers(page)
    for act in ("[data-primary=publish]", "keys", ".bar__schedule > summary", ".more > summary"):
        if act == "keys":
            page.locator(".bar__save").focus()
            page.keyboard.press("?")
        else:
            page.locator(act).click()
        found += barriers(page)
        page.keyboard.press("Escape")
    assert found == []


def test_a_double_press_publishes_once(editor, new_page):
    story = make_article(status="in_review", regions=[make_region()])
    page = opened(new_page, story)
    page.get_by_role("button", name="Publish", exact=True).dblclick()
    page.get_by_role("dialog").get_by_role("button", name="Publish", exact=True).click()
    page.get_by_text("It is live.").first.wait_for()
    assert Article.objects.get().transitions.filter(after="published").count() == 1
