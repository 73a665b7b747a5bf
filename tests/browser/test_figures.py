"""Galleries and things from elsewhere: made on the desk, seen by readers."""

import os

import pytest
from django.urls import reverse
from playwright.sync_api import Error, expect

from articles.models import Article
from newsroom.models import Page
from tests.browser.access import ANY, barriers
from tests.browser.test_desk import open_story, save, sign_in
from tests.factories import make_article, make_author, make_image, make_user

pytestmark = pytest.mark.django_db(transaction=True)

VIDEO = '<figure data-embed="youtube" data-id="dQw4w9WgXcQ"></figure>'
FRAME = "https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ?autoplay=1"


def shot(page, name):
    if folder := os.environ.get("SCREENSHOTS"):
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)


def test_several_pictures_are_a_gallery_put_in_order_by_keys(new_page):
    make_user("editor", username="editor")
    one, two, three = (make_image(640, 427, caption=f"Picture {n}") for n in "123")
    story = make_article(status="draft", body="<p>Words.</p>")
    page = new_page()
    sign_in(page)
    open_story(page, story)
    page.locator(".ProseMirror").click()
    page.keyboard.press("Control+End")
    menu = page.get_by_role("toolbar", name="Format of the text")
    menu.get_by_role("button", name="Picture", exact=True).click()
    page.get_by_label("Numbers of pictures").fill(f"{one.pk}, {two.pk}")
    with page.expect_popup() as popup:
        page.get_by_role("button", name="Choose…").click()
    library = popup.value
    try:
        library.locator(f'a[data-popup-opener="{three.pk}"]').first.click()
    except Error:  # It closes while it is clicked.
        assert library.is_closed()
    expect(page.get_by_label("Numbers of pictures")).to_have_value(
        f"{one.pk}, {two.pk}, {three.pk}"
    )
    page.get_by_role("button", name="Insert", exact=True).click()
    gallery = page.locator(".ProseMirror aside.gallery")
    expect(gallery.locator("img")).to_have_count(3)
    gallery.get_by_role("button", name="Earlier").nth(2).focus()
    page.keyboard.press("Enter")
    expect(gallery.get_by_role("button", name="Earlier").nth(1)).to_be_focused()
    gallery.get_by_role("button", name="Take out").first.click()
    expect(gallery.locator("img")).to_have_count(2)
    gallery.locator(".figure__caption").first.click()
    page.keyboard.type("Snow")
    shot(page, "gallery-desk")
    assert barriers(page) == []
    save(page)
    assert Article.objects.get().body == (
        f'<p>Words.</p><aside class="gallery"><figure data-image="{three.pk}"><figcaption>Snow'
        f'</figcaption></figure><figure data-image="{two.pk}"></figure></aside>'
    )
    # And a gallery that is none any more.
    gallery.locator(".figure__caption").first.click()
    menu.get_by_role("button", name="Gallery").click()
    expect(gallery).to_have_count(0)
    page.locator(".ProseMirror .figure__caption").first.click()
    menu.get_by_role("button", name="Gallery").click()
    expect(gallery.locator("img")).to_have_count(2)


@pytest.mark.parametrize(("width", "dark"), [(390, False), (1280, True)])
def test_a_frame_is_opened_by_its_reader_alone(new_page, width, dark):
    pictures = [make_image(640, 427), make_image(427, 640), make_image(640, 427)]
    figures = "".join(f'<figure data-image="{image.pk}"></figure>' for image in pictures)
    story = make_article(
        body=f'<p>Words.</p><aside class="gallery">{figures}</aside><p>More.</p>{VIDEO}',
    )
    page = new_page(width, dark=dark)
    page.route(FRAME, lambda route: route.fulfill(body="<h1>A film</h1>", content_type="text/html"))
    page.goto(story.get_absolute_url())
    expect(page.locator(".gallery img")).to_have_count(3)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert barriers(page, impacts=ANY) == []
    shot(page, f"figures-{width}")
    assert page.trouble == []
    page.get_by_role("button", name="Play it here").click()
    frame = page.locator("iframe")
    expect(frame).to_be_focused()
    expect(page.frame_locator("iframe").get_by_role("heading")).to_have_text("A film")
    assert "allow-top-navigation" not in frame.get_attribute("sandbox")
    assert page.trouble == [f"left the site: {FRAME}"]
    page.trouble.clear()


def test_without_a_script_there_is_a_plain_link(new_page):
    story = make_article(body=f"<p>Words.</p>{VIDEO}")
    page = new_page(javascript=False)
    page.goto(story.get_absolute_url())
    link = page.get_by_role("link", name="Watch on YouTube")
    expect(link).to_have_attribute("href", "https://www.youtube.com/watch?v=dQw4w9WgXcQ")
    expect(page.locator("[data-frame]")).to_be_hidden()


def test_the_desk_offers_no_figure_where_readers_would_see_none(new_page):
    make_user("editor", username="editor")
    own, person = Page.objects.create(name="About us", slug="about-us"), make_author()
    page = new_page()
    sign_in(page)
    for thing, offered in ((own, [0, 1]), (person, [0, 0])):
        kind = f"{thing._meta.app_label}_{thing._meta.model_name}"
        page.goto(
            page.url.partition("/admin/")[0] + reverse(f"admin:{kind}_change", args=[thing.pk])
        )
        menu = page.get_by_role("toolbar", name="Format of the text").first
        expect(menu.get_by_role("button", name="Rule", exact=True)).to_have_count(1)
        for name, number in zip(("Picture", "Video or post from elsewhere"), offered, strict=True):
            expect(menu.get_by_role("button", name=name, exact=True)).to_have_count(number)
