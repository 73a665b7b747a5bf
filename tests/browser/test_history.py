"""History and preview in a browser: by click and key, without a script, and for everybody."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from articles.models import Article
from tests.articles.test_history import save
from tests.browser.access import barriers
from tests.browser.test_desk import open_story, sign_in
from tests.factories import make_article, make_author, make_image, make_user

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def chief_editor():
    return make_user("chief editor", username="editor")


@pytest.fixture
def story(chief_editor):
    made = make_article(
        status="draft",
        headline="Snow in Osh",
        body="<p>It fell by 36 cm.</p><p>Stays.</p>" + "<p>The same again.</p>" * 5,
        authors=[make_author(name="Ann One")],
        lead_image=make_image(640, 427),
    )
    save(made, headline="Snow in Naryn", body=made.body.replace("36", "<strong>38</strong>"))
    return made


def at(story, verb):
    return reverse(f"admin:articles_article_{verb}", args=[story.pk])


def test_without_a_script_two_versions_are_compared_and_one_restored(story, new_page):
    page = new_page(390, javascript=False)
    sign_in(page)
    page.goto(at(story, "history"))
    page.get_by_role("button", name="Compare").click()
    expect(page.locator("del", has_text="36")).to_be_visible()
    expect(page.locator("ins", has_text="38")).to_be_visible()
    expect(page.locator("ins.markup", has_text="bold").first).to_be_visible()
    page.get_by_role("button", name="Restore version 1").click()
    expect(page.get_by_text("Version 1 is restored.")).to_be_visible()
    assert Article.objects.get().headline == "Snow in Osh"


def test_versions_are_compared_by_keyboard_alone(story, new_page):
    page = new_page()
    sign_in(page)
    page.goto(at(story, "history"))
    page.get_by_label("From version 2").focus()
    page.keyboard.press("Space")
    page.get_by_label("To version 2").focus()
    page.keyboard.press("ArrowDown")
    assert page.get_by_label("To version 1").is_checked()
    page.get_by_role("button", name="Compare").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/compare/**")
    expect(page.locator("ins", has_text="36")).to_be_visible()  # the other way round


@pytest.mark.parametrize("javascript", [True, False])
def test_what_is_typed_is_seen_in_two_widths_and_then_saved(story, new_page, javascript):
    page = new_page(1440, javascript=javascript)
    sign_in(page)
    if javascript:
        open_story(page, story)
        page.locator(".ProseMirror[contenteditable=true] > p").first.click()
        page.keyboard.type("Typed just now. ")
    else:
        page.goto(at(story, "change"))
        page.fill("textarea[name=body]", "<p>Typed just now.</p>")
    page.fill("#id_headline", "Snow in Talas")
    with page.context.expect_page() as opened:
        page.get_by_role("button", name="Preview").click()
    preview = opened.value
    trouble = []
    preview.on("console", lambda message: trouble.append(message.text))
    preview.wait_for_load_state("networkidle")
    for name in ("The story on a phone", "The story on a desktop"):
        frame = preview.frame_locator(f'iframe[title="{name}"]')
        expect(frame.get_by_role("heading", name="Snow in Talas")).to_be_visible()
        expect(frame.get_by_text("Typed just now.")).to_be_visible()
    widths = [frame.evaluate("innerWidth") for frame in preview.frames[1:]]
    assert widths == [390, 1280]
    pictures = preview.frames[1].evaluate("[...document.images].map(i => i.naturalWidth > 0)")
    assert pictures
    assert all(pictures)
    preview.get_by_label("Desktop, 1280").check()
    assert preview.locator('iframe[title="The story on a phone"]').is_hidden()
    assert trouble == []
    preview.close()
    assert Article.objects.get().headline == "Snow in Naryn"
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_text("Saved.", exact=True).wait_for()
    assert Article.objects.get().headline == "Snow in Talas"


def test_a_link_is_made_opened_by_a_stranger_and_ended(story, new_page):
    page = new_page(390, javascript=False)
    sign_in(page)
    page.goto(at(story, "frames"))
    page.get_by_role("button", name="New link").click()
    link = page.locator(".messagelist a").get_attribute("href")
    stranger = new_page(390, expect=["404"])
    stranger.goto(link)
    expect(stranger.get_by_role("heading", name="Snow in Naryn")).to_be_visible()
    page.get_by_role("button", name="End it").click()
    stranger.goto(link)
    expect(stranger.get_by_role("heading", name="Page not found")).to_be_visible()


@pytest.mark.parametrize(("width", "dark"), [(390, False), (1440, True)])
def test_the_pages_of_history_and_preview_have_no_barrier(story, new_page, width, dark):
    page = new_page(width, dark=dark)
    sign_in(page)
    found = []
    for path in (
        at(story, "history"),
        at(story, "compare"),
        at(story, "purge"),
        at(story, "frames"),
        reverse("admin:articles_article_audit"),
    ):
        page.goto(path)
        page.wait_for_load_state("networkidle")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
        assert page.trouble == [], path
        found += barriers(page)
    assert found == []
