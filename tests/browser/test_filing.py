"""The golden story, filed by hand in a real browser and read on the public site a second later."""

import re
from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from articles.models import Article, Citation
from authors.models import Author, Organisation, User
from newsroom.models import SiteSettings
from tests.browser.seed import SEED
from tests.factories import (
    make_article,
    make_author,
    make_house,
    make_organisation,
    make_region,
    make_section,
    make_user,
    picture_bytes,
)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def newsroom():
    """An empty newsroom: its sections and regions, its house, TCA, and somebody to sign in as."""
    SiteSettings.objects.create(name="The Paper")
    make_house()
    make_organisation(
        name="The Times of Central Asia", short_name="TCA", kind="newspaper", slug="tca"
    )
    make_section(name="Politics")
    asia = make_region(name="Central Asia", kind="world region")
    for name in ("Kazakhstan", "Kyrgyzstan", "Uzbekistan"):
        make_region(name=name, kind="country", parent=asia)
    make_user("editor", username="editor")


def sign_in(page, login="editor"):
    page.goto("/admin/")
    page.fill("[name=username]", login)
    page.fill("[name=password]", "correct horse")
    page.keyboard.press("Enter")
    page.wait_for_url(lambda address: "login" not in address)


def publish(page):
    page.get_by_role("button", name="Publish", exact=True).click()
    page.get_by_role("dialog").get_by_role("button", name="Publish", exact=True).click()


def paste(page, selector, text):
    """What the keys for pasting do with ``text`` on the clipboard."""
    page.locator(selector).click()
    page.evaluate(
        """([selector, text]) => {
          const data = new DataTransfer(); data.setData("text/plain", text)
          document.querySelector(selector).dispatchEvent(
            new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }))
        }""",
        [selector, text],
    )


def add_name(page, field, name, choice):
    """Type a name that is not known yet and choose to add it."""
    page.fill(field, "")
    page.locator(field).press_sequentially(name)
    page.locator(".choices li:visible", has_text=choice).click()


def test_a_person_files_the_seed_story_by_hand_and_reads_it(newsroom, new_page, site, tmp_path):
    picture = tmp_path / "ministry.jpg"
    picture.write_bytes(picture_bytes(1600, 1067))
    page = new_page(1440)
    sign_in(page)
    page.get_by_role("link", name="New story").first.click()
    page.wait_for_selector("#id_headline:focus")
    page.keyboard.type(SEED.headline)
    paste(page, ".ProseMirror", "\n\n".join(SEED.paragraphs))

    add_name(page, "#id_bylines-0-name", "Sergey Kwan", "Add “Sergey Kwan” as a person")
    for number, (name, address) in enumerate(SEED.sources):
        if number:
            page.get_by_role("button", name="Add a source").click()
        add_name(page, f"#id_citations-{number}-name", name, f"Add “{name}”")
        page.fill(f"#id_citations-{number}-url", address)
    page.select_option("#id_section", label="Politics")
    for region in ("Kazakhstan", "Kyrgyzstan"):
        page.locator("#id_regions").press_sequentially(region)
        page.locator(".choices li:visible", has_text=region).first.click()
    page.locator("#id_tags").press_sequentially("Security")
    page.keyboard.press("Enter")
    page.locator("#id_tags").press_sequentially("Сирия")
    page.keyboard.press("Enter")

    with page.expect_popup() as opened:
        page.get_by_role("link", name="Add a picture").click()
    popup = opened.value
    popup.set_input_files("input[type=file]", str(picture))
    popup.fill("[name=alt]", "The foreign ministry seen from the square")
    popup.fill("[name=caption]", "The ministry on Tuesday.")
    popup.fill("[name=credit]", "A. Photographer")
    popup.get_by_role("button", name="Save").first.click()
    expect(page.locator("#id_lead_image")).not_to_have_value("")

    publish(page)
    page.wait_for_load_state("networkidle")
    story = Article.objects.get()
    assert story.status == "published"
    assert (story.dateline_place, story.dateline_organisation.short_name) == ("Bishkek", "TCA")
    assert story.body.count("<p>") == len(SEED.paragraphs)

    kwan = Author.objects.get()
    page.goto(reverse("admin:authors_author_change", args=[kwan.pk]))
    paste(page, "[aria-label=Biography]", "\n\n".join(SEED.biography))
    page.get_by_role("button", name="Save").first.click()
    page.wait_for_load_state("networkidle")

    read_the_story(page, story)
    read_the_lists(page, story)
    read_the_people(page, story, kwan)


def read_the_story(page, story):
    page.goto(story.get_absolute_url())
    seen = page.locator("body").inner_text()
    assert seen.count("BISHKEK (TCA) —") == 1
    expect(page.get_by_role("heading", level=1)).to_have_text(SEED.headline)
    assert page.locator("address a", has_text="Sergey Kwan").get_attribute("href") == (
        "/authors/sergey-kwan/"
    )
    for paragraph in SEED.biography:
        assert paragraph in seen
    more = page.get_by_role("link", name="View more articles from TCA")
    assert more.get_attribute("href") == "/organisations/tca/"
    for name, address in SEED.sources:
        assert (
            page.locator(f'.prose ~ * a[href="{address}"], main a[href="{address}"]')
            .first.inner_text()
            .startswith(name)
        )
        organisation = Organisation.objects.get(name=name)
        expect(page.locator(f'main a[href="{organisation.get_absolute_url()}"]')).to_have_count(1)
    picture = page.locator("figure img").first
    assert picture.get_attribute("alt") == "The foreign ministry seen from the square"
    assert picture.evaluate("image => image.complete && image.naturalWidth > 0")
    assert "The ministry on Tuesday." in seen
    assert "A. Photographer" in seen
    for meta in page.locator("meta[property^='og:'], meta[name='description']").all():
        assert "(TCA)" not in meta.get_attribute("content")


def read_the_lists(page, story):
    address = story.get_absolute_url()
    lists = [
        "/",
        "/sections/politics/",
        "/regions/kazakhstan/",
        "/regions/kyrgyzstan/",
        "/regions/central-asia/",
        "/tags/security/",
        "/tags/siriya/",
        "/authors/sergey-kwan/",
        "/organisations/tca/",
    ]
    lists += [c.organisation.get_absolute_url() for c in Citation.objects.all()]
    for path in lists:
        page.goto(path)
        expect(page.locator(f'main a[href="{address}"]')).to_have_count(1)
        assert "(TCA) —" not in page.locator("body").inner_text(), path
    page.goto("/regions/uzbekistan/")
    expect(page.locator(f'a[href="{address}"]')).to_have_count(0)
    feed = page.request.get("/rss.xml").text()
    titles = re.findall(r"<title>(.*?)</title>", feed)
    assert SEED.headline in titles
    assert not any("(TCA)" in title for title in titles)


def read_the_people(page, story, kwan):
    """An organisation's story shows no person; a story Kwan typed in for another never shows him."""
    make_article(
        headline="From the agency alone",
        organisations=[Organisation.objects.get(slug="tca")],
        authors=[],
    )
    login = User.objects.create_user("kwan", password="x")
    kwan.user = login
    kwan.save()
    make_article(
        headline="Typed in for another", entered_by=login, authors=[make_author(name="Ann Other")]
    )
    for headline in ("From the agency alone", "Typed in for another"):
        page.goto(Article.objects.get(headline=headline).get_absolute_url())
        page.eval_on_selector_all(".story .rail", "all => all.forEach(rail => rail.remove())")
        assert "Kwan" not in page.locator("article.story").inner_text()
        cards = page.locator("article.story .bio").count()
        assert cards == (0 if headline == "From the agency alone" else 1)


def test_without_a_script_a_story_is_filed_credited_and_published(newsroom, new_page):
    make_author(name="Ann Other")
    page = new_page(390, javascript=False)
    sign_in(page)
    page.goto("/admin/articles/article/add/")
    page.fill("#id_headline", "Плотина выдержала паводок")
    page.fill("#id_body", "<p>ОШ — Вода пришла ночью.</p>")
    page.fill("#id_bylines-0-name", "Ann Other")
    page.select_option("#id_section", label="Politics")
    page.get_by_role("button", name="Publish", exact=True).click()
    # It has no region: that is asked about.
    page.get_by_role("button", name="Publish anyway").click()
    story = Article.objects.get()
    assert story.status == "published"
    assert story.slug == "plotina-vyderzhala-pavodok"
    page.goto(story.get_absolute_url())
    expect(page.get_by_role("heading", level=1)).to_have_text("Плотина выдержала паводок")


def test_a_typed_space_is_a_plain_space(newsroom, new_page):
    page = new_page()
    sign_in(page)
    page.goto("/admin/articles/article/add/")
    page.keyboard.type("Spaces")
    page.locator(".ProseMirror").click()
    page.keyboard.type("a b  c")
    page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_load_state("networkidle")
    assert Article.objects.get().body == "<p>a b  c</p>"


def test_a_refused_publication_names_all_that_is_missing_and_keeps_what_was_typed(
    newsroom, new_page
):
    page = new_page()
    sign_in(page)
    page.goto("/admin/articles/article/add/")
    page.keyboard.type("Only a headline")
    publish(page)
    page.wait_for_load_state("networkidle")
    seen = page.locator("main, #content, body").first.inner_text()
    for missing in ("The body is empty", "Nobody is credited", "The section is missing"):
        assert missing in seen
    assert page.input_value("#id_headline") == "Only a headline"
    assert Article.objects.get().status == "draft"


def test_the_seed_is_the_story_that_the_paper_began_with():
    assert SEED.paragraphs[0].startswith("BISHKEK (TCA) —")
    assert len(SEED.paragraphs) >= 5
    assert len(SEED.biography) == 2
    assert Path(__file__).exists()
