"""Times in a browser: scheduling in three presses, by keyboard, without a script; what is planned."""

import datetime

import pytest
from django.test.utils import override_settings
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from articles import clock
from articles.models import Article
from tests.browser.access import WINDOWS, barriers
from tests.browser.test_desk import editor, sign_in  # noqa: F401  (a fixture)
from tests.factories import make_article, make_region

pytestmark = pytest.mark.django_db(transaction=True)
LIST = "/admin/articles/article/"
PLANNED = f"{LIST}planned/"
HOUR = datetime.timedelta(hours=1)


def tomorrow_at_six():
    (moment,) = clock.instants(
        datetime.datetime.combine(clock.today() + clock.DAY, datetime.time(6))
    )
    return moment


@pytest.mark.parametrize("javascript", [True, False])
@pytest.mark.parametrize("width", [390, 1440])
def test_a_story_is_scheduled_from_the_list_in_three_presses(editor, new_page, width, javascript):  # noqa: F811
    make_article(status="draft", headline="Snow on the pass")
    page = new_page(width, javascript=javascript)
    sign_in(page)
    page.goto(LIST)
    presses = 0

    def press(thing):
        nonlocal presses
        thing.click()
        presses += 1

    press(page.get_by_role("link", name="Snow on the pass"))
    press(page.locator(".bar__schedule > summary"))
    press(page.get_by_role("button", name="Tomorrow 06:00"))
    banner = page.locator(".note--scheduled")
    banner.wait_for()
    assert presses == 3
    assert Article.objects.get().published_at == tomorrow_at_six()
    said = banner.inner_text()
    assert f"Goes live {clock.text_with_weekday(tomorrow_at_six())}, in " in said
    banner.get_by_role("button", name="Cancel").click()
    page.get_by_text("It is ready, without a time.").wait_for()
    assert Article.objects.get().status == "ready"


def test_a_story_is_scheduled_and_taken_off_its_time_by_keyboard_alone(editor, new_page):  # noqa: F811
    make_article(status="draft", headline="Snow on the pass", regions=[make_region()])
    page = new_page()
    sign_in(page)
    page.goto(LIST)
    page.get_by_role("link", name="Snow on the pass").focus()
    page.keyboard.press("Enter")
    page.locator(".ProseMirror[contenteditable=true]").wait_for()
    page.locator(".bar__schedule > summary").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.innerText").startswith("In 1 hour")
    page.keyboard.press("Enter")
    page.locator(".note--scheduled").wait_for()
    assert Article.objects.get().is_scheduled
    page.get_by_role("button", name="Cancel").focus()
    page.keyboard.press("Space")
    page.get_by_text("It is ready, without a time.").wait_for()


def test_what_was_just_published_is_pulled_from_the_message_about_it(editor, new_page):  # noqa: F811
    story = make_article(status="draft", regions=[make_region()])
    page = new_page()
    sign_in(page)
    page.goto(reverse("admin:articles_article_change", args=[story.pk]))
    page.get_by_role("button", name="Publish", exact=True).click()
    page.get_by_role("dialog").get_by_role("button", name="Publish", exact=True).click()
    message = page.locator(".messagelist")
    message.get_by_role("link", name="See it on the site").wait_for()
    assert Article.objects.get().is_live
    message.get_by_role("button", name="Pull").click()
    page.get_by_text("It is off the site while it is checked.").wait_for()
    assert Article.objects.get().status == "pulled"


@pytest.mark.parametrize("javascript", [True, False])
def test_a_minute_that_comes_twice_is_asked_about(editor, new_page, javascript):  # noqa: F811
    story = make_article(status="draft")
    year = timezone.now().year + 1
    with override_settings(TIME_ZONE="Europe/Berlin"):
        sunday = max(
            day
            for day in (datetime.date(year, 10, number) for number in range(25, 32))
            if day.weekday() == 6
        )
        page = new_page(390, javascript=javascript)
        sign_in(page)
        page.goto(reverse("admin:articles_article_change", args=[story.pk]))
        page.locator(".bar__schedule > summary").click()
        page.get_by_label("Goes live").fill(f"{sunday:%Y-%m-%d}T02:30")
        page.get_by_role("button", name="Schedule", exact=True).click()
        which = page.get_by_label("Which of the two?")
        which.wait_for()
        assert page.get_by_label("Goes live").input_value() == f"{sunday:%Y-%m-%d}T02:30"
        if javascript:
            assert barriers(page) == []
        which.select_option(label="the second, UTC+01:00")
        page.get_by_role("button", name="Schedule", exact=True).click()
        page.locator(".note--scheduled").wait_for()
    assert Article.objects.get().published_at == datetime.datetime(
        year, 10, sunday.day, 1, 30, tzinfo=datetime.UTC
    )


@pytest.mark.parametrize(("width", "dark"), WINDOWS)
def test_what_is_planned_has_no_grave_barrier(editor, new_page, width, dark):  # noqa: F811
    now = timezone.now()
    for number in range(6):
        make_article(status="scheduled", at=now + (number + 1) * HOUR / 6, headline="Snow " * 12)
    make_article(status="draft", embargo_until=now + HOUR)
    late = make_article(status="draft")
    Article.objects.filter(pk=late.pk).update(due_at=now - 30 * HOUR)
    page = new_page(width, dark=dark)
    sign_in(page)
    found = []
    for view in ("list", "week", "month"):
        page.goto(f"{PLANNED}?view={view}")
        expect(page.locator("h1")).to_have_text("Planned")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, view
        found += barriers(page)
    page.get_by_role("link", name="Later").click()
    page.wait_for_url("**on=**")
    expect(page.get_by_role("link", name="Earlier")).to_be_visible()
    assert found == []
