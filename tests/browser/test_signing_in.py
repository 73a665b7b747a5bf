"""Signing in as a person does it: invited, with a telephone, by keyboard, without JavaScript."""

import re
import time

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from playwright.sync_api import expect

from authors.models import User
from newsroom.models import SiteSettings
from tests.browser.access import WINDOWS, barriers
from tests.factories import make_user

pytestmark = pytest.mark.django_db(transaction=True)
GOOD = "correct horse battery"


def sign_in(page, login, password="correct horse", *, waits=True):
    page.goto("/admin/login/")
    page.fill("[name=username]", login)
    page.fill("[name=password]", password)
    page.keyboard.press("Enter")
    if waits:
        page.wait_for_url(re.compile(r"/admin/(?!login/$)"))


def code_of(page):
    secret = page.locator(".account__secret").inner_text()
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


@pytest.mark.parametrize("javascript", [True, False])
def test_an_invited_colleague_sets_up_everything_and_comes_in(new_page, javascript):
    SiteSettings.objects.update_or_create(pk=1, defaults={"second_factor_for": "reporter"})
    make_user("chief editor", username="boss")
    boss = new_page(javascript=javascript)
    sign_in(boss, "boss")
    boss.goto("/admin/authors/user/add/")
    boss.fill("[name=username]", "aida")
    boss.get_by_label("Reporter").check()
    boss.get_by_role("button", name="Save", exact=True).click()
    link = boss.get_by_label("The link").input_value()

    page = new_page(width=390, height=844, javascript=javascript)
    page.goto(link)
    page.get_by_label("New password", exact=True).fill(GOOD)
    page.get_by_label("New password confirmation").fill(GOOD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/admin/account/second-factor/")
    picture = page.locator(".account__qr")
    assert picture.evaluate("i => i.complete && i.naturalWidth > 0")
    page.get_by_label("The six digits").fill(code_of(page))
    page.keyboard.press("Enter")
    page.wait_for_url("**/admin/account/codes/")
    code = page.locator(".account__codes code").first.inner_text()
    page.get_by_role("link", name="to the desk").click()
    page.wait_for_url("**/admin/")

    again = new_page(javascript=javascript)
    sign_in(again, "aida", GOOD)
    again.wait_for_url("**/admin/login/code/")
    again.get_by_label("Code").fill(code)
    again.keyboard.press("Enter")
    again.wait_for_url("**/admin/")
    expect(again.get_by_role("link", name="New story").first).to_be_visible()


@pytest.mark.parametrize(("width", "dark"), WINDOWS)
def test_the_pages_are_readable_by_everybody(new_page, width, dark, settings):
    settings.HAS_MAIL = True
    make_user("administrator", username="boss")
    other = make_user("reporter", username="other")
    # Axe itself trips the policy, and an unknown link is a 404.
    page = new_page(width=width, dark=dark, expect=("404", "Content Security Policy", "index 0"))
    page.goto("/admin/login/")
    assert barriers(page) == []
    for path in ("/admin/login/forgotten/", "/admin/welcome/x/"):
        page.goto(path)
        assert barriers(page) == [], path
    sign_in(page, "boss")
    page.wait_for_url("**/admin/")
    second = new_page()
    sign_in(second, "other")
    second.wait_for_url("**/admin/")
    for path in (
        "/admin/account/",
        "/admin/account/colleagues/",
        "/admin/account/second-factor/",
        f"/admin/authors/user/{other.pk}/change/",
        f"/admin/authors/user/{other.pk}/link/",
        f"/admin/authors/user/{other.pk}/second-factor/",
    ):
        page.goto(path)
        assert barriers(page) == [], path
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
        expect(page.locator("h1")).to_have_count(1)


def test_a_wrong_password_is_said_and_the_name_stays(new_page):
    make_user("reporter", username="aida")
    page = new_page()
    sign_in(page, "aida", "wrong horse", waits=False)
    alert = page.get_by_role("alert")
    assert "do not belong together" in alert.inner_text()
    assert page.input_value("[name=username]") == "aida"
    assert re.match("Error:", page.title())
    assert User.objects.get(username="aida").last_login is None
