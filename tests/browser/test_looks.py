"""What the desk's pages show in a browser where a number or a half typed word would not do."""

import itertools

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from articles.models import Article, Autosave
from tests.browser.access import barriers
from tests.browser.test_autosave import until
from tests.browser.test_desk import open_story, save, sign_in
from tests.factories import make_article, make_image, make_tag, make_user

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def editor():
    return make_user("editor", username="editor", language="ru")


@pytest.fixture
def reporter():
    return make_user("reporter", username="reporter")


def opened(new_page, story, **options):
    make_user("editor", username="editor")
    page = new_page(**options)
    sign_in(page)
    open_story(page, story)
    return page


# Pictures


def test_a_chosen_picture_is_shown_with_its_words_and_no_number(new_page):
    image = make_image(640, 427, alt="A ferry at its pier", caption="The ferry on Monday.")
    page = opened(new_page, make_article(status="draft"))
    field = page.locator("#id_lead_image")
    assert field.bounding_box()["width"] <= 1
    with page.expect_popup() as popup:
        page.get_by_role("link", name="Choose from the library").click()
    # Its script makes a link a choice.
    popup.value.wait_for_load_state()
    popup.value.get_by_role("link", name="The ferry on Monday.").click()
    shown = page.locator("[data-picture-of=id_lead_image] figure")
    expect(shown).to_contain_text("The ferry on Monday.")
    expect(shown.get_by_role("img", name="A ferry at its pier")).to_be_visible()
    expect(page.get_by_role("link", name="Choose from the library")).to_be_focused()
    assert barriers(page) == []
    save(page)
    assert Article.objects.get().lead_image == image
    expect(shown).to_contain_text("The ferry on Monday.")
    page.get_by_role("button", name="No picture").click()
    expect(shown).to_have_count(0)
    save(page)
    assert Article.objects.get().lead_image is None


def test_what_is_wrong_with_a_picture_leads_to_its_number(new_page):
    page = opened(new_page, make_article(status="draft"), expect=["404"])
    page.fill("#id_lead_image", "999")
    page.get_by_role("button", name="Save", exact=True).click()
    page.locator("#summary a[href='#id_lead_image']").click()
    field = page.locator("#id_lead_image")
    expect(field).to_be_focused()
    assert field.bounding_box()["width"] > 50


def test_without_scripts_a_picture_is_chosen_by_its_number(new_page):
    image = make_image(640, 427, caption="The ferry on Monday.")
    make_user("editor", username="editor")
    story = make_article(status="draft")
    page = new_page(javascript=False)
    sign_in(page)
    page.goto(reverse("admin:articles_article_change", args=[story.pk]))
    page.get_by_label("Lead picture").fill(str(image.pk))
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".picture figure")).to_contain_text("The ferry on Monday.")


# Names


def test_a_half_typed_name_is_kept_with_the_rest(new_page):
    make_tag(name="Water")
    page = opened(new_page, make_article(status="draft", tags=["Snow"]))
    page.locator("#id_tags").press_sequentially("Glac")
    assert page.locator("[name=tags]").input_value() == "Snow, Glac"
    page.evaluate("dispatchEvent(new Event('pagehide'))")
    until(lambda: Autosave.objects.filter(content__tags=["Snow, Glac"]).exists())
    page.keyboard.press("Control+s")
    page.get_by_text("Saved.", exact=True).wait_for()
    assert sorted(tag.name for tag in Article.objects.get().tags.all()) == ["Glac", "Snow"]


def test_a_half_typed_name_is_there_again_when_the_page_is_refused(new_page):
    page = opened(new_page, make_article(status="draft"))
    page.locator("#id_regions").press_sequentially("Nowher")
    page.keyboard.press("Control+s")
    page.locator("#summary").wait_for()
    expect(page.locator(".chips__one", has_text="Nowher")).to_be_visible()


def test_a_name_that_is_chosen_leaves_nothing_half_typed(new_page):
    make_tag(name="Water")
    page = opened(new_page, make_article(status="draft"))
    page.locator("#id_tags").press_sequentially("wat")
    page.locator(".choices li:visible", has_text="Water").first.click()
    assert page.locator("[name=tags]").input_value() == "Water"
    assert page.locator("#id_tags").input_value() == ""


# Pages


@pytest.mark.parametrize(("width", "dark"), [(1440, False), (390, False), (390, True)])
def test_the_menu_of_a_person_can_be_read_and_lies_on_the_page(new_page, width, dark):
    make_user("editor", username="editor", first_name="Elena", last_name="Voronina")
    page = new_page(width, dark=dark)
    sign_in(page)
    menu = page.locator("#header .menu")
    menu.locator("summary").click()
    box = menu.locator("ul").bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= width
    paper = menu.locator("ul").evaluate("list => getComputedStyle(list).backgroundColor")
    for entry in menu.locator("li :is(a, button)").all():
        assert entry.evaluate("entry => getComputedStyle(entry).color") != paper
        assert entry.bounding_box()["height"] >= 24


@pytest.mark.parametrize("width", [1440, 390])
def test_forms_and_lists_fit_in_russian_too(editor, new_page, width):
    image = make_image(640, 427)
    page = new_page(width)
    page.goto("/admin/login/")
    page.fill("[name=username]", "editor")
    page.fill("[name=password]", "correct horse")
    page.locator(".door button").last.click()
    page.wait_for_url("**/admin/")
    for name in ("authors_author", "authors_organisation", "images_image", "articles_tag"):
        for path in (f"admin:{name}_changelist", f"admin:{name}_add"):
            page.goto(reverse(path))
            assert page.evaluate("document.documentElement.scrollWidth") <= width, path
    page.goto(reverse("admin:images_image_change", args=[image.pk]))
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    expect(page.get_by_label("Подпись (русский)")).to_be_visible()


def test_what_is_not_there_or_not_allowed_is_said_on_the_desk(reporter, new_page):
    page = new_page(expect=["404", "403"])
    sign_in(page, "reporter")
    for path, words in (
        ("/admin/nothing/", "Page not found"),
        ("/admin/authors/user/", "Not allowed"),
    ):
        page.goto(path)
        expect(page.get_by_role("heading", level=1)).to_have_text(words)
        assert barriers(page) == []
        page.get_by_role("link", name="To the desk").click()
        page.wait_for_url("**/admin/")


def test_the_lists_of_the_board_leave_no_holes(reporter, new_page):
    for _ in range(8):
        make_article(status="draft", entered_by=reporter)
    for _ in range(2):
        make_article(status="in_review", entered_by=reporter)
    page = new_page(1440)
    sign_in(page, "reporter")
    boxes = page.locator(".board__list").evaluate_all(
        "lists => lists.map(l => l.getBoundingClientRect()).map(b => [b.x, b.y, b.bottom])"
    )
    for x in {round(box[0]) for box in boxes}:
        column = sorted((top, bottom) for left, top, bottom in boxes if round(left) == x)
        gaps = [below[0] - above[1] for above, below in itertools.pairwise(column)]
        assert all(gap < 60 for gap in gaps), column
