"""What the site is set up with on the desk, and how it comes to the page."""

import datetime
import io
import json
import re

import PIL.Image
import pytest
import time_machine
from django.core import signing
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from images.models import Image
from newsroom import looks
from newsroom.management.commands import setup
from newsroom.models import MenuItem, Page, SiteSettings
from tests.factories import (
    make_article,
    make_house,
    make_image,
    make_region,
    make_section,
    make_user,
    picture_bytes,
)

pytestmark = pytest.mark.django_db
ADDRESS = "/admin/newsroom/sitesettings/1/change/"


@pytest.fixture
def site():
    SiteSettings.objects.all().delete()
    return SiteSettings.objects.create(name="The Courier")


@pytest.fixture(params=["administrator", "chief editor"])
def desk(client, site, request):
    client.force_login(make_user(request.param))
    return client


def sent(**more):
    return {"name": "The Courier", "menu-": ""} | more


def saved(desk, **more):
    response = desk.post(ADDRESS, sent(**more))
    assert response.status_code == 302, re.findall(
        r"errorlist.*?</ul>", response.content.decode(), re.S
    )
    return SiteSettings.objects.get()


def wrong(desk, **more):
    """What the page says is wrong; nothing was written and all that was typed is still there."""
    before = SiteSettings.objects.values().get()
    response = desk.post(ADDRESS, sent(**more))
    assert response.status_code == 200
    assert SiteSettings.objects.values().get() == before
    page = response.content.decode()
    for words in more.values():
        if isinstance(words, str):
            assert words.split("\n")[0] in page
    form = response.context["adminform"].form
    return " ".join(" ".join(errors) for errors in form.errors.values())


def test_contrast_is_measured_as_wcag_does():
    assert looks.contrast("#000000", "#ffffff") == pytest.approx(21)
    assert looks.contrast("#777777", "#ffffff") == pytest.approx(4.478, abs=0.001)
    assert looks.contrast("#0b5563", "#0b5563") == 1


def test_the_grounds_are_those_of_the_style_sheet(settings):
    css = (settings.BASE_DIR / "static" / "site.css").read_text()
    assert "--bg:#fff;--soft:#f4f3ef" in css
    assert "--bg:#121416;--soft:#1c2023" in css


@pytest.mark.parametrize("light", ["#0b5563", "#000000", "#8a0f1b", "#1d3fbb", "#767676"])
def test_the_shade_made_for_the_dark_page_can_be_read(light):
    assert looks.contrast(looks.for_dark(light), looks.DARK_SOFT) >= 7


def test_an_accent_reaches_the_page_by_a_style_sheet_that_is_kept_for_ever(desk):
    saved(desk, accent="8A0F1B", accent_dark="#f99")
    page = desk.get("/")
    [address] = re.findall(r'href="(/looks/[^"]+)"', page.content.decode())
    assert "style=" not in page.content.decode()
    with CaptureQueriesContext(connection) as captured:
        response = desk.get(address)
    assert len(captured) == 0
    assert response.headers["Cache-Control"] == looks.FOREVER
    assert response.headers["Content-Type"] == "text/css; charset=utf-8"
    css = response.content.decode()
    assert ":root{--accent:#8a0f1b" in css
    assert ".band{--accent:#ff9999}" in css
    other = address.replace("8a0f1b", "8a0f1c")
    assert desk.get(other).status_code == 404  # the digest says what stands in it
    assert desk.get("/looks/x.css").status_code == 404
    saved(desk, accent="#1d3fbb")
    assert address not in desk.get("/").content.decode()
    assert desk.get(address).status_code == 200  # for a page that is still stored somewhere


def test_a_site_without_colours_of_its_own_has_no_further_style_sheet(client, site):
    assert "/looks/" not in client.get("/").content.decode()


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"accent": "#777777"}, "#777777 has a contrast of 4.47 to 1 with the paper (#ffffff)"),
        ({"accent": "#767676"}, "4.09 to 1 with the ground of boxes"),
        ({"accent": "red"}, "“red” is no colour"),
        ({"accent": "#0b5563", "accent_dark": "#0b5563"}, "to 1 with the dark paper (#121416)"),
        ({"accent_dark": "#7fcbd8"}, "Choose the colour for the light page too."),
        ({"social_links": "Telegram http://t.me/x"}, "must begin with https://"),
        ({"social_links": "Telegram"}, "does not end with an address"),
        ({"social_links": "x" * 41 + " https://example.org/"}, "at most 40 characters"),
        ({"email": "nobody"}, "valid email"),
    ],
)
def test_bad_input_is_named_and_nothing_is_lost(client, site, typed, words):
    client.force_login(make_user("administrator"))
    assert words in wrong(client, description="Typed with it.", **typed)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("logo.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "not a picture"),
        ("logo.png", b"nothing at all", "not a picture"),
        ("logo.jpg", picture_bytes(64, 64)[:200], "not a picture"),
    ],
)
def test_what_is_no_picture_is_no_logo(client, site, name, content, words):
    client.force_login(make_user("administrator"))
    assert words in wrong(client, logo_file=SimpleUploadedFile(name, content))


def test_a_logo_stands_for_the_name_and_is_told_to_machines(desk):
    make_house(name="The House")
    site = saved(
        desk,
        logo_file=SimpleUploadedFile("mark.png", picture_bytes(640, 200, "PNG")),
        social_links="Telegram https://t.me/courier\nhttps://example.org/video",
        email="newsroom@example.org",
        contact="12 Chui Avenue\nBishkek",
        contact_ru="Проспект Чуй, 12",
    )
    html = desk.get("/").content.decode()
    [address] = re.findall(r'src="(/media/[^"]+logo-320\.png)"', html)
    assert 'alt="The Courier"' in html
    assert desk.get(address).status_code == 200
    assert '<a href="https://t.me/courier" rel="me">Telegram</a>' in html
    assert "12 Chui Avenue<br>Bishkek" in html
    assert "mailto:newsroom@example.org" in html
    assert "Проспект Чуй, 12" in desk.get("/ru/").content.decode()
    story = desk.get(make_article().get_absolute_url()).content.decode()
    data = json.loads(re.search(r"ld\+json\">(.*?)</script>", story)[1])
    assert data["publisher"]["sameAs"] == ["https://t.me/courier", "https://example.org/video"]
    assert data["publisher"]["logo"]["url"].endswith("/logo-640.png")
    assert data["publisher"]["name"] == "The House"
    logo = site.logo
    assert saved(desk).logo == logo  # an empty file field keeps it
    assert saved(desk, logo_none="on").logo is None
    assert desk.get(address).status_code == 404


def mark(ink, *, ground=(0, 0, 0, 0)):
    """A logo as a file: a bar of ``ink`` across its upper half."""
    picture = PIL.Image.new("RGBA", (640, 200), ground)
    picture.paste(ink, (0, 0, 640, 100))
    out = io.BytesIO()
    picture.save(out, "PNG")
    return SimpleUploadedFile("mark.png", out.getvalue())


def test_what_is_clear_in_a_logo_stays_clear(desk):
    saved(desk, logo_file=mark((200, 30, 30, 255)))
    html = desk.get("/").content.decode()
    for format, address in zip(
        ("PNG", "AVIF"),
        (re.search(rf"/media/\w+/logo-320\.{end}", html)[0] for end in ("png", "avif")),
        strict=True,
    ):
        with PIL.Image.open(io.BytesIO(desk.get(address).content)) as picture:
            assert (picture.format, picture.mode) == (format, "RGBA")
            assert picture.getpixel((160, 95))[3] < 5
            assert picture.getpixel((160, 20)) == pytest.approx((200, 30, 30, 255), abs=6)
    assert desk.get(address.replace(".avif", ".jpg")).status_code == 404


@pytest.mark.parametrize(
    ("logo", "is_dark"),
    [
        (mark((0, 0, 0, 255)), True),
        (mark((60, 60, 60, 255)), True),
        (mark((230, 60, 60, 255)), False),
        (mark((255, 255, 255, 255)), False),
        (mark((0, 0, 0, 255), ground=(255, 255, 255, 255)), False),
        (SimpleUploadedFile("mark.jpg", picture_bytes(64, 64, colour=(0, 0, 0))), False),
    ],
)
def test_a_logo_that_the_dark_page_would_swallow_stands_on_a_plate(client, site, logo, is_dark):
    client.force_login(make_user("administrator"))
    logo.seek(0)
    assert saved(client, logo_file=logo).logo_is_dark is is_dark
    assert ("brand__logo--dark" in client.get("/").content.decode()) is is_dark
    assert not saved(client, logo_none="on").logo_is_dark


def held(page):
    return re.search(r'name="logo_held" value="([^"]+)"', page)[1]


def test_a_logo_need_not_be_chosen_again_where_another_field_is_wrong(desk):
    page = desk.post(ADDRESS, sent(accent="red", logo_file=mark("black"))).content.decode()
    assert "need not be chosen again" in page
    assert re.search(r'<img src="/media/\w+/logo-320\.png\?until=', page)
    page = desk.post(ADDRESS, sent(accent="pink", logo_held=held(page))).content.decode()
    assert re.search(r'<img src="/media/\w+/logo-320\.png\?until=', page)
    assert SiteSettings.objects.get().logo is None
    assert "/logo-320" not in desk.get("/").content.decode()

    site = saved(desk, logo_held=held(page))

    assert site.logo == Image.objects.get()
    assert site.logo_is_dark
    assert (site.logo.alt, site.logo.width) == ("The Courier", 640)
    assert "/logo-320" in desk.get("/").content.decode()


def test_only_a_logo_that_was_sent_here_is_taken(desk):
    page = desk.post(ADDRESS, sent(accent="red", logo_file=mark("black"))).content.decode()
    secret = make_image()
    later = held(page)
    for forged in (str(secret.pk), signing.dumps(secret.pk), later[:-1] + "!"):
        assert "is gone. Choose it again" in wrong(desk, logo_held=forged)
    with time_machine.travel(timezone.now() + datetime.timedelta(days=2)):
        assert "is gone. Choose it again" in wrong(desk, logo_held=later)
    # A file that is chosen now counts, whatever was sent before.
    assert saved(desk, logo_held=later, logo_file=mark("red")).logo == Image.objects.first()
    assert Image.objects.count() == 3


def test_the_menu_has_what_was_numbered_in_that_order(desk):
    climate, trade = make_section(name="Climate"), make_section(name="Trade")
    osh = make_region(name="Osh", kind="city")
    make_region(name="Kyrgyzstan", kind="country")
    about = Page.objects.create(slug="about", name="About", body="<p>We.</p>")
    bar = re.compile(r'<nav class="sections".*?</nav>', re.S)

    def menu():
        return re.findall(r">([^<>]+)</a>", bar.search(desk.get("/").content.decode())[0])

    assert menu() == ["Kyrgyzstan", "Climate", "Trade"]
    places = {
        f"menu-section {trade.pk}": "2",
        f"menu-region {osh.pk}": "1",
        f"menu-page {about.pk}": "3",
    }
    saved(desk, **places)
    assert menu() == ["Osh", "Trade", "About"]
    assert (
        "Osh" not in desk.get("/ru/sections/climate/").content.decode().split("menu__cols")[1][:10]
    )
    form = desk.get(ADDRESS).content.decode()
    assert f'name="menu-region {osh.pk}" id="id_menu-region-{osh.pk}" value="1"' in form
    said = wrong(desk, **places, **{f"menu-section {climate.pk}": "first"})
    assert "“first” is no place" in said
    assert menu() == ["Osh", "Trade", "About"]
    saved(desk)
    assert menu() == ["Kyrgyzstan", "Climate", "Trade"]
    assert not MenuItem.objects.exists()


def test_a_place_of_the_menu_leads_to_one_thing():
    with pytest.raises(IntegrityError), transaction.atomic():
        MenuItem.objects.create(section=make_section(), region=make_region(), position=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        MenuItem.objects.create(position=1)


@pytest.mark.parametrize("number", [1, 3])
def test_the_frame_costs_one_query_however_much_is_set(client, site, number):
    for place in range(number):
        section = make_section()
        MenuItem.objects.create(section=section, position=place)
        Page.objects.create(slug=f"p{place}", name=f"P{place}", body="<p>We.</p>")
    site.accent, site.social_links = "#0b5563", [{"label": "T", "url": "https://example.org/"}]
    site.save()
    page = Page.objects.first().get_absolute_url()
    client.get(page)
    with CaptureQueriesContext(connection) as captured:
        client.get(page)
    assert len(captured) == 2  # the frame, and the page


@pytest.mark.parametrize("number", [1, 3])
def test_the_form_of_the_site_costs_the_same_however_much_there_is(client, site, number):
    client.force_login(make_user("administrator"))
    for _ in range(number):
        make_section(), make_region(), Page.objects.create(slug=f"p{_}", name=f"P{_}")
    client.get(ADDRESS)
    with CaptureQueriesContext(connection) as captured:
        client.get(ADDRESS)
    assert len(captured) <= 14


def test_a_policy_is_the_page_that_was_chosen_whatever_it_is_called(client, site):
    by_name = Page.objects.create(slug="corrections-policy", name="Old rules", body="<p>.</p>")
    story = make_article(status="withdrawn")
    assert "Old rules" in client.get(story.get_absolute_url()).content.decode()
    site.corrections_policy = Page.objects.create(slug="new", name="New rules", body="<p>.</p>")
    site.save()
    page = client.get(story.get_absolute_url())
    assert page.context["policy"].address == "/pages/new/"
    assert by_name.get_absolute_url() == "/pages/corrections-policy/"


# Pages


def test_a_new_paper_has_its_pages_to_be_written_in_every_language(client, site):
    setup.pages(["en", "ru"])
    setup.pages(["en", "ru"])
    assert [p.slug for p in Page.objects.all()] == [
        "about",
        "ethics",
        "corrections-policy",
        "contact",
    ]
    page = Page.objects.get(slug="ethics")
    assert page.name_in("ru").words == "Как мы работаем" or page.name_in("ru").language
    footer = client.get("/").content.decode()
    assert "/pages/ethics/" not in footer  # nothing is written there yet
    client.force_login(make_user("administrator"))
    address = reverse("admin:newsroom_page_change", args=[page.pk])
    data = {
        "name": "How we report",
        "name_ru": "Как мы пишем",
        "body": "<p>We ask twice.</p>",
        "body_ru": "<p>Мы спрашиваем дважды.</p>",
        "slug": "ethics",
        "position": "1",
    }
    assert client.post(address, data).status_code == 302
    assert "/pages/ethics/" in client.get("/").content.decode()
    assert "We ask twice." in client.get("/pages/ethics/").content.decode()
    russian = client.get("/ru/pages/ethics/").content.decode()
    assert "Мы спрашиваем дважды." in russian
    assert "Как мы пишем" in russian
    assert client.post(address, data | {"slug": "our-rules"}).status_code == 302
    for prefix in ("", "/ru"):
        moved = client.get(f"{prefix}/pages/ethics/")
        assert (moved.status_code, moved["Location"]) == (301, f"{prefix}/pages/our-rules/")


def test_the_demonstration_says_so_until_somebody_unticks_it(client, site):
    SiteSettings.objects.update(is_demo=True)
    client.force_login(make_user("administrator"))
    assert "people and stories are invented" in client.get("/").content.decode()
    saved(client, is_demo="on")
    assert SiteSettings.objects.get().is_demo
    assert not saved(client).is_demo
    assert 'name="is_demo"' not in client.get(ADDRESS).content.decode()
    assert "people and stories are invented" not in client.get("/").content.decode()


def test_a_site_that_is_no_demonstration_cannot_become_one_by_a_forged_form(client, site):
    client.force_login(make_user("administrator"))
    assert not saved(client, is_demo="on").is_demo


def test_editors_do_not_set_up_the_site(client, site):
    client.force_login(make_user("editor"))
    assert client.post(ADDRESS, sent(accent="#000000")).status_code == 403
    assert SiteSettings.objects.get().accent == ""


def test_made_up_addresses_of_the_site_are_told_before_it_goes_out(site, capsys):
    site.email = "newsroom@example.org"
    site.social_links = [{"label": "T", "url": "https://t.me/courier"}]
    site.save()
    call_command("check", "--deploy", "--database", "default", "--fail-level", "CRITICAL")
    said = capsys.readouterr().err
    assert "newsroom.W009" in said
    assert "newsroom@example.org" in said
    assert "t.me" not in said
