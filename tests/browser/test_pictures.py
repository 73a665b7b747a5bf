"""Pictures in a browser: sent many at once, and task 4 of the table counted, by mouse and by keys."""

import io

import PIL.Image
import pytest
from playwright.sync_api import expect

from articles.models import Article
from images.models import Image
from tests.browser.access import WINDOWS, barriers
from tests.browser.test_clicks import Hands
from tests.browser.test_desk import open_story, save, sign_in
from tests.factories import make_article, make_image, make_user, picture_bytes

pytestmark = pytest.mark.django_db(transaction=True)
LIBRARY = "/admin/images/image/"
CAPTION = "The ferry on Monday."


@pytest.fixture
def editor():
    return make_user("editor", username="editor")


def file(name, content=None, **options):
    exif = exif_words()
    content = content or picture_bytes(900, 600, exif=exif, **options)
    return {"name": name, "mimeType": "image/jpeg", "buffer": content}


def exif_words():
    exif = PIL.Image.Exif()
    exif[0x010E], exif[0x8298], exif[0x013B] = CAPTION, "(c) Agency", "Ann"
    return exif


@pytest.mark.parametrize("by_keys", [False, True])
def test_a_lead_picture_with_its_words_and_point_takes_four_presses(editor, new_page, by_keys):
    story = make_article(status="draft")
    page = new_page()
    sign_in(page)
    open_story(page, story)
    me = Hands(page)
    with page.expect_popup() as popup:
        if by_keys:
            me.tab_to("a[data-picture-popup][href*='/add/']")
            me.enter()
        else:
            me.press(page.get_by_role("link", name="Add a picture"))
    own = popup.value
    own.bring_to_front()
    own.locator("#id_file").wait_for()
    there = Hands(own)  # in a window of its own; what is pressed there counts too
    with own.expect_file_chooser() as chooser:
        if by_keys:
            there.tab_to("#id_file")
            there.enter()
        else:
            there.press("#id_file")
    chooser.value.set_files(file("IMG_0042.jpg"))
    own.wait_for_url("**/change/**")
    expect(own.locator("#id_caption")).to_have_value(CAPTION)
    expect(own.locator("#id_credit")).to_have_value("Ann")
    expect(own.locator("#id_copyright")).to_have_value("(c) Agency")
    if by_keys:
        there.tab_to("#id_alt")
        there.type("A white ferry at its pier")
        there.tab_to("[name=place]:checked")
        there.keys("ArrowLeft")
        there.keys("Control+s")
    else:
        own.fill("#id_alt", "A white ferry at its pier")
        image = own.locator("[data-focal] img")
        box = image.bounding_box()
        there.presses += 1
        image.click(position={"x": box["width"] * 0.25, "y": box["height"] / 2})
        there.press(own.get_by_role("button", name="Save", exact=True))
    expect(page.locator("[data-picture-of=id_lead_image] figure")).to_contain_text(CAPTION)
    assert me.presses + there.presses <= 4
    save(page)
    image = Article.objects.get().lead_image
    assert (image.alt, image.credit) == ("A white ferry at its pier", "Ann")
    assert abs(image.focal_x - (0.17 if by_keys else 0.25)) < 0.01


@pytest.mark.parametrize(("width", "dark"), WINDOWS)
def test_many_files_are_sent_and_looked_at(editor, new_page, width, dark, tmp_path):
    used = make_image(640, 427, caption="Used already", alt="")
    make_article(status="draft", headline="A story with it", lead_image=used)
    page = new_page(width, dark=dark)
    sign_in(page)
    page.goto(f"{LIBRARY}upload/")
    page.set_input_files(
        "#id_files", [file("a.jpg"), file("b.jpg", b"<svg/>"), file("c.jpg", colour=(90, 40, 40))]
    )
    expect(page.locator(".drop__kept")).to_have_count(2)
    expect(page.locator(".drop__refused")).to_contain_text("b.jpg")
    pages = [page.url, LIBRARY, f"{LIBRARY}{used.pk}/change/", f"{LIBRARY}add/"]
    found = []
    for number, path in enumerate(pages):
        if number:
            page.goto(path)
        page.wait_for_load_state("networkidle")
        page.screenshot(path=tmp_path / f"{number}-{width}-{dark}.png", full_page=True)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
        assert page.trouble == [], path
        found += barriers(page)
    assert found == []
    assert Image.objects.count() == 3


def test_the_crops_show_all_that_is_left_and_follow_the_point(editor, new_page):
    picture = PIL.Image.new("RGB", (1600, 400), "red")
    picture.paste("blue", (800, 0, 1600, 400))
    out = io.BytesIO()
    picture.save(out, "PNG")
    page = new_page(1440)
    sign_in(page)
    page.goto(f"{LIBRARY}upload/")
    page.set_input_files("#id_files", [file("a.png", out.getvalue())])
    page.locator(".drop__kept a").click()
    page.wait_for_load_state("networkidle")
    corners = """() => [...document.querySelectorAll("canvas[data-crop]")].map((canvas) =>
      [0.02, 0.98].map((x) => {
        const read = new OffscreenCanvas(1, 1).getContext("2d")
        read.drawImage(canvas, -x * canvas.width, -0.98 * canvas.height)
        const [red, , blue, solid] = read.getImageData(0, 0, 1, 1).data
        return solid < 255 ? "empty" : red > blue ? "red" : "blue"
      }))"""
    assert page.evaluate(corners) == [["red", "blue"]] * 3
    page.get_by_label("right", exact=True).check()
    assert page.evaluate(corners) == [["blue", "blue"]] * 3
    page.get_by_label("top left", exact=True).check()
    assert page.evaluate(corners) == [["red", "red"]] * 3


def test_without_a_script_files_are_sent_too(editor, new_page):
    page = new_page(javascript=False)
    sign_in(page)
    page.goto(f"{LIBRARY}upload/")
    page.set_input_files("#id_files", [file("a.jpg"), file("b.jpg")])
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_text("2 pictures were added.")).to_be_visible()
    assert Image.objects.filter(caption=CAPTION).count() == 2
    page.get_by_role("link", name=CAPTION).first.click()
    page.get_by_label("right", exact=True).check()
    page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_url(f"**{LIBRARY}**")
    assert Image.objects.filter(focal_x=0.83, focal_y=0.5).count() == 1
