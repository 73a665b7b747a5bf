"""The page of a front in a browser: task 8 of the table in presses, by mouse and by keys; its looks."""

import datetime
import os

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from fronts import laying_out
from fronts.laying_out import Layout, Placed
from fronts.models import Front
from tests.browser.access import ANY, WINDOWS, barriers
from tests.browser.test_clicks import Hands, hands
from tests.browser.test_desk import sign_in
from tests.factories import make_article, make_image, make_user

pytestmark = pytest.mark.django_db(transaction=True)
HOUR = datetime.timedelta(hours=1)


@pytest.fixture
def editor():
    return make_user("editor", username="editor", first_name="Timur", last_name="Aliev")


def some_stories():
    now = timezone.now()
    names = ["Apricot dryers buy shade", "A bridge is a timetable", "Canal clock be read"]
    return [make_article(headline=h, at=now - HOUR * (9 - n)) for n, h in enumerate(names)]


def front():
    return Front.objects.get(name="home", language="en")


def address():
    return reverse("admin:fronts_front_change", args=[front().pk])


def pinned():
    layout = laying_out.layout_of(laying_out.live(front()))
    return [(pin.article_id, pin.position) for pin in layout.pins]


# 8 Front page: from the story 2, from the board 3


def test_from_the_story_it_takes_two_presses(editor, new_page):
    old = some_stories()[0]
    me = hands(new_page, story=old)
    me.press(me.page.locator("summary", has_text="Place"))
    me.button("Home, second")
    me.wait("It has its place.")
    assert me.presses <= 2
    assert pinned() == [(old.pk, 1)]


def test_from_the_story_by_keys(editor, new_page):
    old = some_stories()[0]
    me = hands(new_page, story=old)
    me.tab_to(".bar__place > summary")
    me.enter()
    me.tab_to("[value='place top 2']")
    me.enter()
    me.wait("It has its place.")
    assert me.presses <= 2
    assert pinned() == [(old.pk, 1)]


@pytest.mark.parametrize("javascript", [True, False])
def test_from_the_board_it_takes_three_presses(editor, new_page, javascript):
    old = some_stories()[0]
    page = new_page(javascript=javascript)
    sign_in(page)
    page.goto(address())
    me = Hands(page)
    page.fill("#id_q", "apricot")
    me.button("Search")
    me.button("Add at 2: Apricot dryers buy shade")
    me.button("Publish the front")
    me.wait("It is live.")
    assert me.presses <= 3
    assert pinned() == [(old.pk, 1)]


def test_from_the_board_by_keys(editor, new_page):
    old = some_stories()[0]
    page = new_page()
    sign_in(page)
    page.goto(address())
    me = Hands(page)
    me.tab_to("#id_q")
    me.type("apricot")
    me.enter()
    page.wait_for_url("**q=apricot*")
    me.tab_to("[name=_add][value$='top 2']")
    me.enter()
    page.wait_for_url("**#draft")
    me.tab_to("[name=_publish]")
    me.enter()
    me.wait("It is live.")
    assert me.presses <= 3
    assert pinned() == [(old.pk, 1)]


def test_a_story_is_dragged_to_another_place(editor, new_page):
    a, b, c = some_stories()
    laying_out.save(
        front(),
        Layout(tuple(Placed(s.pk, "top", n) for n, s in enumerate([a, b, c]))),
        by=editor,
    )
    page = new_page(height=1400)
    sign_in(page)
    page.goto(address())
    pins = page.locator("[data-slot=top] [data-pin]")
    box = pins.first.bounding_box()
    handle = pins.nth(2).locator("[data-handle]").bounding_box()
    page.mouse.move(handle["x"] + 8, handle["y"] + 16)
    page.mouse.down()
    page.mouse.move(box["x"] + 40, box["y"] + 40, steps=6)
    page.mouse.move(box["x"] + 40, box["y"] + 4, steps=6)
    page.mouse.up()
    expect(pins.first).to_contain_text("Canal clock")
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_text("Saved.", exact=True).wait_for()
    draft = laying_out.layout_of(laying_out.draft(front()))
    assert [pin.article_id for pin in draft.pins] == [c.pk, a.pk, b.pk]


@pytest.mark.parametrize(("width", "dark"), WINDOWS)
def test_axe_finds_nothing_and_nothing_runs_over(editor, new_page, width, dark):
    a, b, c = some_stories()
    image = make_image(640, 427)
    until = timezone.now() + HOUR
    layout = Layout(
        (
            Placed(a.pk, "top", 0, until, "Exclusive", "Shade for apricots", image.pk),
            Placed(b.pk, "top", 1),
            Placed(c.pk, "opinion", 0),
        ),
        "Pass closed",
        "",
        until,
    )
    for at in (None, timezone.now() + 12 * HOUR):
        draft = laying_out.save(front(), layout, by=editor)
        seen = laying_out.live(front()).pk
        laying_out.publish(
            front(), by=editor, edition=draft.pk, version=draft.version, live_seen=seen, at=at
        )
    late = make_article(headline="Late", status="scheduled", at=timezone.now() + 6 * HOUR)
    laying_out.place(late, by=editor, slot="top", position=1)
    page = new_page(width, dark=dark)
    sign_in(page)
    page.goto(address())
    if folder := os.environ.get("SCREENSHOTS"):
        page.screenshot(path=f"{folder}/front-{width}-{dark}.png", full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.locator("[data-pin] details summary").first.click()
    if folder:
        page.screenshot(path=f"{folder}/front-{width}-{dark}-open.png", full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.trouble == []
    assert barriers(page, impacts=ANY) == []
    page.goto(reverse("admin:articles_article_change", args=[late.pk]))
    page.locator(".bar__place > summary").click()
    if folder:
        page.screenshot(path=f"{folder}/place-{width}-{dark}.png")
    assert page.trouble == []
