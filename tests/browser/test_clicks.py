"""How many presses the work of a day takes: the table of tasks that the desk is designed by.

Counted are presses of a pointer, and Enter or keys of the desk where they do what a press would;
typing is free. Tasks 1, 10 and 12 begin in the list of stories, the others in the open story. Each is
done a second time by keys alone, on the way that Tab goes.
"""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from articles.models import Article
from tests.browser.test_desk import open_story, save, sign_in
from tests.factories import (
    make_article,
    make_author,
    make_organisation,
    make_region,
    make_section,
    make_user,
)

pytestmark = pytest.mark.django_db(transaction=True)
LIST = "/admin/articles/article/"
TEXT = ".ProseMirror[contenteditable=true]"


@pytest.fixture
def editor():
    return make_user("editor", username="editor")


class Hands:
    """A person before a page: what they press is counted."""

    def __init__(self, page):
        self.page, self.presses = page, 0

    def press(self, target):
        self.presses += 1
        (target if hasattr(target, "click") else self.page.locator(target)).click()

    def button(self, name, within=None):
        self.press((within or self.page).get_by_role("button", name=name, exact=True))

    def enter(self):
        self.presses += 1
        self.page.keyboard.press("Enter")

    def keys(self, names):
        self.presses += 1
        self.page.keyboard.press(names)

    def type(self, words):
        self.page.keyboard.type(words)

    def tab_to(self, selector, key="Tab", most=80):
        """Go by Tab until what is in focus fits; a person must see where that is."""
        for _ in range(most):
            self.page.keyboard.press(key)
            focus = self.page.evaluate(
                """selector => {
                  const at = document.activeElement
                  if (!at?.matches(selector)) return null
                  const box = at.getBoundingClientRect()
                  return [getComputedStyle(at).outlineStyle !== "none" ||
                          at.closest(".chips") !== null, box.width > 0]
                }""",
                selector,
            )
            if focus is not None:
                assert focus == [True, True], selector
                return
        raise AssertionError(f"Tab does not lead to {selector}")

    def wait(self, words):
        self.page.get_by_text(words).first.wait_for()


def hands(new_page, login="editor", story=None):
    page = new_page()
    sign_in(page, login)
    if story is None:
        page.goto(LIST)
    else:
        open_story(page, story)
    return Hands(page)


# 1 Write and file a story: 2


def test_a_story_is_written_and_filed_in_two_presses(editor, new_page):
    make_section(name="Aaa")
    section = make_section(name="Business")
    make_article(status="draft", section=section, entered_by=editor)
    me = hands(new_page)
    me.press(me.page.get_by_role("link", name="New story").first)
    me.page.wait_for_selector("#id_headline:focus")
    me.type("Ferry queue gets a board")
    me.button("Save")
    me.wait("Saved.")
    assert me.presses <= 2
    story = Article.objects.get(headline="Ferry queue gets a board")
    assert (story.section, story.slug) == (section, "ferry-queue-gets-a-board")


def test_a_story_is_written_and_filed_by_keys(editor, new_page):
    me = hands(new_page)
    me.tab_to("a[href$='/add/']")
    me.enter()
    me.page.wait_for_selector("#id_headline:focus")
    me.type("By keys alone")
    me.tab_to(TEXT)
    me.type("The text.")
    me.keys("Control+s")
    me.wait("Saved.")
    assert me.presses <= 2
    assert Article.objects.get().body == "<p>The text.</p>"


# 2 A second writer with a role: 3, and Save


def test_a_second_writer_with_a_role_takes_three_presses(editor, new_page):
    make_author(name="Айгүл Осмонова")
    story = make_article(status="draft", authors=[make_author(name="Ann Other")])
    me = hands(new_page, story=story)
    me.button("Add a credit")
    me.type("айг")
    me.page.get_by_role("option", name="Айгүл Осмонова").wait_for()
    me.enter()
    role = me.page.locator("[data-rows=bylines] [data-row]:visible select[name$=role]").nth(1)
    me.presses += 1
    role.select_option("translator")
    me.button("Save")
    me.wait("Saved.")
    assert me.presses <= 4
    assert [(str(b.author), b.role) for b in story.bylines.all()] == [
        ("Ann Other", "author"),
        ("Айгүл Осмонова", "translator"),
    ]


def test_a_second_writer_is_added_and_moved_by_keys(editor, new_page):
    make_author(name="Айгүл Осмонова")
    story = make_article(status="draft", authors=[make_author(name="Ann Other")])
    me = hands(new_page, story=story)
    me.tab_to("[data-rows=bylines] [data-add-row]")
    me.enter()
    me.type("айг")
    me.page.get_by_role("option", name="Айгүл Осмонова").wait_for()
    me.enter()
    me.page.keyboard.press("Tab")
    me.type("tr")
    me.tab_to("[data-up]")
    me.enter()
    me.keys("Control+s")
    me.wait("Saved.")
    assert me.presses <= 4
    assert [(str(b.author), b.role) for b in story.bylines.all()] == [
        ("Айгүл Осмонова", "translator"),
        ("Ann Other", "author"),
    ]


# 3 A dateline: 1, and Save


def test_a_dateline_is_picked_in_one_press_with_its_agency(editor, new_page):
    agency = make_organisation(name="The Times of Central Asia", short_name="TCA")
    make_article(dateline_place="Bishkek", dateline_organisation=agency)
    story = make_article(status="draft")
    me = hands(new_page, story=story)
    me.press("#id_dateline_place")
    assert me.page.locator("#recent-places option").first.get_attribute("value") == "Bishkek (TCA)"
    me.page.fill("#id_dateline_place", "Bishkek (TCA)")  # what choosing it does
    assert me.page.input_value("#id_dateline_place") == "Bishkek"
    assert me.page.input_value("#id_dateline_organisation") == "TCA"
    me.button("Save")
    me.wait("Saved.")
    assert me.presses <= 2
    story.refresh_from_db()
    assert (story.dateline_place, story.dateline_organisation) == ("Bishkek", agency)


def test_a_dateline_is_typed_by_keys(editor, new_page):
    agency = make_organisation(name="The Times of Central Asia", short_name="TCA")
    make_article(dateline_place="Bishkek", dateline_organisation=agency)
    story = make_article(status="draft")
    me = hands(new_page, story=story)
    me.tab_to("#id_dateline_place")
    me.type("Bishkek (TCA)")
    me.keys("Control+s")
    me.wait("Saved.")
    assert me.presses <= 2
    story.refresh_from_db()
    assert (story.dateline_place, story.dateline_organisation) == ("Bishkek", agency)


# 5 Submit for review: 1


@pytest.mark.parametrize("by_keys", [False, True])
def test_a_story_is_submitted_in_one_press(new_page, by_keys):
    writer = make_user("reporter", username="writer")
    story = make_article(status="draft", entered_by=writer)
    me = hands(new_page, "writer", story)
    if by_keys:
        me.keys("Control+Enter")
    else:
        me.button("Submit for review")
    me.wait("It is in review now.")
    assert me.presses <= 1
    story.refresh_from_db()
    assert story.status == "in_review"


# 6 Schedule: 3


def test_a_story_is_scheduled_in_three_presses(editor, new_page):
    story = make_article(status="in_review")
    me = hands(new_page, story=story)
    me.press(".bar__schedule > summary")
    me.page.fill(".bar__schedule input[type=datetime-local]", "2090-01-02T06:00")
    me.button("Schedule")
    me.wait("It is scheduled.")
    assert me.presses <= 3
    story.refresh_from_db()
    assert story.is_scheduled


def test_a_story_is_scheduled_by_keys(editor, new_page):
    story = make_article(status="in_review")
    me = hands(new_page, story=story)
    me.tab_to(".bar__schedule > summary")
    me.enter()
    me.tab_to("input[type=datetime-local]")
    me.type("01022090")
    me.page.keyboard.press("ArrowRight")
    me.type("0600AM")
    me.tab_to("button[value=schedule]")
    me.enter()
    me.wait("It is scheduled.")
    assert me.presses <= 3
    story.refresh_from_db()
    assert story.published_at.year == 2090


# 7 Publish: 2


@pytest.mark.parametrize("by_keys", [False, True])
def test_a_story_is_published_in_two_presses_and_asked_about_first(editor, new_page, by_keys):
    story = make_article(status="in_review", standfirst="", regions=[make_region()])
    me = hands(new_page, story=story)
    if by_keys:
        me.keys("Control+Enter")
    else:
        me.button("Publish")
    question = me.page.get_by_role("dialog")
    assert "No standfirst." in question.inner_text()
    story.refresh_from_db()
    assert story.status == "in_review"
    if by_keys:
        me.enter()
    else:
        me.button("Publish", question)
    me.wait("It is live.")
    assert me.presses <= 2
    story.refresh_from_db()
    assert story.published_at <= timezone.now()


def test_not_yet_is_an_answer(editor, new_page):
    story = make_article(status="in_review", regions=[make_region()])
    me = hands(new_page, story=story)
    for leave in ("Escape", None):
        me.page.keyboard.press("Control+Enter")
        if leave:
            me.page.keyboard.press(leave)
        else:
            me.button("Not yet")
        expect(me.page.get_by_role("dialog")).to_be_hidden()
    story.refresh_from_db()
    assert story.status == "in_review"


# 10 Find an old story: 2


@pytest.mark.parametrize("by_keys", [False, True])
def test_an_old_story_is_found_in_two_presses(editor, new_page, by_keys):
    make_article(headline="Река вышла из берегов")
    make_article(headline="Another")
    me = hands(new_page)
    if by_keys:
        me.tab_to("#searchbar")
    else:
        me.type("/")
        me.page.locator("#searchbar:focus").wait_for()
    me.type("рЕКА")
    me.enter()
    me.page.wait_for_url("**q=**")
    if by_keys:
        me.tab_to(".story-row a")
        me.enter()
    else:
        me.press(me.page.get_by_role("link", name="Река вышла из берегов"))
    me.page.locator("#id_headline").wait_for()
    assert me.presses <= 2
    assert me.page.input_value("#id_headline") == "Река вышла из берегов"


# 11 Link a related story: 1 each, and Save


@pytest.mark.parametrize("by_keys", [False, True])
def test_a_related_story_is_linked_in_one_press(editor, new_page, by_keys):
    near = make_article(headline="The river", tags=["Water"])
    story = make_article(status="draft", body="<p>One.</p><p>Two.</p>", tags=["Water"])
    me = hands(new_page, story=story)
    offered = me.page.get_by_role("button", name="The river")
    offered.wait_for()
    if by_keys:
        me.tab_to("[data-suggested=stories] button")
        me.enter()
    else:
        me.page.locator(f"{TEXT} p").first.click()  # where it is to stand; not a part of it
        me.press(offered)
    me.keys("Control+s")
    me.wait("Saved.")
    assert me.presses <= 2
    story.refresh_from_db()
    link = f'<p>Read more: <a href="{near.get_absolute_url()}">The river</a></p>'
    one, two = "<p>One.</p>", "<p>Two.</p>"
    assert story.body == (one + two + link if by_keys else one + link + two)


# 12 Who is editing: 0


@pytest.mark.parametrize("by_keys", [False, True])
def test_who_is_editing_is_seen_without_a_press(editor, new_page, by_keys):
    make_user("editor", username="second", first_name="Timur")
    story = make_article(status="draft", headline="Snow")
    make_article(status="draft", headline="Rain")
    other = new_page()
    sign_in(other, "second")
    with other.expect_response("**/presence/"):
        open_story(other, story)
    me = hands(new_page)
    row = me.page.locator(".story-row", has_text="Snow")
    assert "Timur has it open" in row.inner_text()
    assert "Timur" not in me.page.locator(".story-row", has_text="Rain").inner_text()
    assert me.presses == 0
    # In the story's bar, which is where it is opened for another reason.
    if by_keys:
        me.tab_to(f".story-row a[href*='/{story.pk}/']")
        me.page.keyboard.press("Enter")
    else:
        row.get_by_role("link").click()
    me.wait("Timur has it open")
    assert me.page.locator("[data-here]").inner_text() == "Timur has it open"
    assert me.page.locator("[data-here]").get_attribute("role") == "status"
    assert me.presses == 0


# Without scripts


def test_without_a_script_a_story_is_saved_credited_and_submitted(new_page):
    make_user("reporter", username="writer")
    make_author(name="Ann Other")
    page = new_page(javascript=False)
    sign_in(page, "writer")
    page.goto(f"{LIST}add/")
    page.fill("#id_headline", "Snow")
    page.fill("#id_bylines-0-name", "ann other")
    page.select_option("#id_bylines-0-role", "translator")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Saved.", exact=True)).to_be_visible()
    page.fill("#id_standfirst", "It fell.")
    page.get_by_role("button", name="Submit for review").click()
    story = Article.objects.get()
    assert (story.status, story.standfirst) == ("in_review", "It fell.")
    assert [(str(b.author), b.role) for b in story.bylines.all()] == [("Ann Other", "translator")]


@pytest.mark.parametrize("way", ["publish", "schedule"])
def test_without_a_script_a_story_is_published_and_scheduled(editor, new_page, way):
    story = make_article(status="in_review", regions=[make_region()])
    page = new_page(390, javascript=False)
    sign_in(page)
    page.goto(f"{LIST}{story.pk}/change/")
    if way == "publish":
        page.get_by_role("button", name="Publish", exact=True).click()
    else:
        page.locator(".bar__schedule > summary").click()
        page.fill(".bar__schedule input[type=datetime-local]", "2090-01-02T06:00")
        page.get_by_role("button", name="Schedule", exact=True).click()
    story.refresh_from_db()
    assert story.is_live if way == "publish" else story.is_scheduled


def test_without_a_script_enter_in_a_field_saves_and_does_nothing_else(editor, new_page):
    story = make_article(status="in_review")
    page = new_page(javascript=False)
    sign_in(page)
    page.goto(f"{LIST}{story.pk}/change/")
    page.fill("#id_kicker", "Water")
    page.press("#id_kicker", "Enter")
    expect(page.get_by_text("Saved.", exact=True)).to_be_visible()
    story.refresh_from_db()
    assert (story.status, story.kicker) == ("in_review", "Water")


THREE = "<p>Snow fell in Osh.</p><p>Roads are closed.</p><p>Schools too.</p>"


def test_without_a_script_what_two_people_changed_is_decided_place_by_place(editor, new_page):
    make_user("editor", username="second", first_name="Timur")
    story = make_article(status="draft", headline="Snow", kicker="", standfirst="", body=THREE)
    page, other = new_page(390, javascript=False, expect=["status of 409"]), new_page()
    sign_in(page)
    page.goto(f"{LIST}{story.pk}/change/")
    sign_in(other, "second")
    open_story(other, story)
    other.fill("#id_headline", "Snow closes the pass")
    other.fill("#id_kicker", "Weather")
    other.locator(f"{TEXT} p", has_text="Osh").click()
    other.keyboard.press("End")
    other.keyboard.type(" It fell all night.")
    save(other)

    page.fill("#id_headline", "Snow shuts the schools")
    page.fill("#id_standfirst", "Typed for an hour.")
    mine = THREE.replace("Osh.", "Osh & Uzgen.").replace("too.", "too, until Monday.")
    page.fill("#id_body", mine.replace("&", "&amp;"))
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("heading", name="Changed by two at once")).to_be_visible()
    expect(page.get_by_role("alert")).to_contain_text("Timur")
    headline, text = (page.get_by_role("group", name=name) for name in ("Headline", "Text"))
    for place, words in (
        (headline, ["shuts the schools", "closes the pass"]),
        (text, ["& Uzgen", "It fell all night."]),
    ):
        sides = place.locator(".collision__side")
        for side, said in zip(sides.all(), words, strict=True):
            expect(side).to_contain_text(said)
    story.refresh_from_db()
    assert (story.headline, story.standfirst) == ("Snow closes the pass", "")

    headline.get_by_label("Theirs (Timur)").check()
    text.get_by_label("Mine", exact=True).check()
    page.get_by_role("button", name="Save it so", exact=True).click()
    expect(page.get_by_text("Saved.", exact=True)).to_be_visible()
    expect(page.locator("#id_standfirst")).to_have_value("Typed for an hour.")
    story.refresh_from_db()
    assert story.headline == "Snow closes the pass"
    assert (story.kicker, story.standfirst) == ("Weather", "Typed for an hour.")
    assert story.body == mine.replace("&", "&amp;")
    # What was not chosen is a version.
    kept = [revision.content["fields"]["body"] for revision in story.revisions.all()]
    assert any("It fell all night." in body for body in kept)
