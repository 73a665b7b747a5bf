"""The desk in a browser: what a text keeps on its way through the editor, rows, names, menus."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from addresses.models import Redirect
from articles.models import Article, Byline, Region
from authors.models import Author, Organisation
from prose import body
from tests.browser.access import WINDOWS, barriers
from tests.factories import (
    make_article,
    make_author,
    make_image,
    make_organisation,
    make_region,
    make_section,
    make_user,
)

pytestmark = pytest.mark.django_db(transaction=True)

EVERYTHING = """\
<p>Plain, <strong>strong</strong>, <em>emphatic</em>, H<sub>2</sub>O, m<sup>2</sup>, \
<a href="https://24.kg/" hreflang="ru">24.kg</a><br>and a new line.</p>\
<h2>Heading</h2><h3>Smaller</h3><h4>Smallest &amp; last</h4>\
<ul><li>one</li><li>two<ul><li>inner</li></ul></li></ul>\
<ol start="3"><li>three</li><li><p>four</p><p>and a half</p></li></ol>\
<blockquote lang="ky"><p lang="ky">Суу жок.</p><footer>Гүлнара, a farmer</footer></blockquote>\
<aside class="pullquote"><p>We had asked for six years.</p></aside>\
<figure data-image="{image}"><figcaption>The lake in June. \
<cite>A. Photographer</cite></figcaption></figure>\
<figure data-image="{image}"></figure>\
<figure data-embed="youtube" data-id="dQw4w9WgXcQ"></figure>\
<aside class="gallery"><figure data-image="{image}"><figcaption>Ice</figcaption></figure>\
<figure data-image="{image}"></figure></aside>\
<figure data-embed="telegram" data-id="kyrgyz_news/812"></figure>\
<table><caption>Levels in <em>metres</em></caption>\
<thead><tr><th scope="col">Place</th><th colspan="2" scope="col">Level</th></tr></thead>\
<tbody><tr><th scope="row">Naryn</th><td>1.2</td><td rowspan="2">rising</td></tr>\
<tr><th scope="row">Osh</th><td><p>0.8</p><p>falling</p></td></tr></tbody></table>\
<table><tbody><tr><th>No head</th></tr><tr><td>here</td></tr></tbody></table>\
<hr>\
<p>The end&nbsp;— almost.</p>"""


@pytest.fixture
def editor():
    return make_user("editor", username="editor")


def sign_in(page, login="editor"):
    page.goto("/admin/login/")
    page.fill("[name=username]", login)
    page.fill("[name=password]", "correct horse")
    page.get_by_role("button", name="Log in").click()
    page.wait_for_url("**/admin/")


def open_story(page, story):
    page.goto(reverse("admin:articles_article_change", args=[story.pk]))
    page.locator(".ProseMirror[contenteditable=true]").wait_for()


def save(page):
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_text("Saved.", exact=True).wait_for()


def test_a_text_comes_out_of_the_editor_as_it_went_in(editor, new_page):
    words = EVERYTHING.format(image=make_image(640, 427).pk)
    assert body.clean(words) == words
    story = make_article(status="draft", body=words)
    page = new_page()
    sign_in(page)
    open_story(page, story)
    page.fill("#id_headline", "Another headline")
    save(page)
    story.refresh_from_db()
    assert (story.headline, story.body) == ("Another headline", words)
    # Also when the text itself was changed.
    page.locator(".ProseMirror[contenteditable=true] > p").last.click()
    page.keyboard.press("End")
    page.keyboard.type(" So.")
    save(page)
    story.refresh_from_db()
    assert story.body == words.replace("almost.</p>", "almost. So.</p>")


def test_what_the_menu_offers_is_kept(editor, new_page):
    image = make_image(640, 427)
    story = make_article(status="draft", body="<p>Water</p>")
    page = new_page()
    sign_in(page)
    open_story(page, story)
    text = page.locator(".ProseMirror[contenteditable=true]")
    menu = page.locator(".prose-menubar")
    text.locator("p").click()
    menu.get_by_role("button", name="Quote", exact=True).click()
    menu.get_by_role("button", name="Who says it").click()
    page.keyboard.type("A farmer")
    page.keyboard.press("Enter")
    menu.get_by_role("button", name="Picture", exact=True).click()
    page.get_by_label("Numbers of pictures").fill(str(image.pk))
    page.get_by_role("button", name="Insert", exact=True).click()
    text.locator("figcaption").click()
    page.keyboard.type("The lake ")
    menu.get_by_role("button", name="Credit of the picture").click()
    page.keyboard.type("A. Photographer")
    page.keyboard.press("Enter")
    menu.get_by_role("button", name="Video or post").click()
    page.get_by_label("Address (YouTube").fill("https://youtu.be/dQw4w9WgXcQ?t=3")
    page.get_by_role("button", name="Insert", exact=True).click()
    page.keyboard.type("24.kg said so.")
    save(page)
    assert Article.objects.get().body == (
        "<blockquote><p>Water</p><footer>A farmer</footer></blockquote>"
        f'<figure data-image="{image.pk}"><figcaption>The lake '
        "<cite>A. Photographer</cite></figcaption></figure>"
        '<figure data-embed="youtube" data-id="dQw4w9WgXcQ"></figure>'
        "<p>24.kg said so.</p>"
    )


def test_credits_are_found_added_moved_and_removed(editor, new_page):
    make_author(name="Айгүл Осмонова", job_title="Reporter")
    make_organisation(name="24.kg")
    story = make_article(status="draft", authors=[make_author(name="Ann Other")])
    page = new_page()
    sign_in(page)
    open_story(page, story)
    add = page.get_by_role("button", name="Add a credit")
    add.click()
    page.keyboard.type("айг")
    page.get_by_role("option", name="Айгүл Осмонова").wait_for()
    page.keyboard.press("Enter")
    add.click()
    page.keyboard.type("Somebody New")
    page.get_by_role("option", name="Add “Somebody New” as a person").click()
    add.click()
    page.keyboard.type("24")
    page.get_by_role("option", name="24.kg").click()
    rows = page.locator("[data-rows=bylines] [data-row]:visible")
    rows.nth(3).get_by_role("button", name="Move up").click()
    rows.nth(0).get_by_role("button", name="Remove").click()
    page.locator("[data-rows=bylines] select[name$=role]:visible").nth(0).select_option(
        "translator"
    )
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_text("Saved.", exact=True).wait_for()
    assert [(str(b.author or b.organisation), b.role) for b in Byline.objects.all()] == [
        ("Айгүл Осмонова", "translator"),
        ("24.kg", "author"),
        ("Somebody New", "author"),
    ]
    assert Author.objects.get(name="Somebody New").user is None


def test_the_likeliest_region_comes_first(editor, new_page):
    for name in ("East Kazakhstan", "Kazakhstan", "North Kazakhstan"):
        make_region(name=name)
    story = make_article(status="draft")
    page = new_page()
    sign_in(page)
    open_story(page, story)
    page.locator("#id_regions").press_sequentially("kazakhstan")
    page.locator(".choices [role=option]").nth(2).wait_for()
    page.keyboard.press("Enter")
    save(page)
    assert list(story.regions.all()) == [Region.objects.get(name="Kazakhstan")]


def test_a_story_is_kept_whole_while_somebody_else_saves_it(editor, new_page):
    story = make_article(status="draft", headline="Snow", body="<p>First.</p>")
    page, other = new_page(expect=["status of 409"]), new_page()
    make_user("editor", username="second")
    sign_in(page)
    sign_in(other, "second")
    open_story(page, story)
    open_story(other, story)
    other.fill("#id_headline", "Rain")
    save(other)
    page.fill("#id_headline", "Hail")
    page.locator(".ProseMirror[contenteditable=true]").click()
    page.keyboard.type("Mine. ")
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_role("heading", name="Changed by two at once").wait_for()
    assert "second" in page.get_by_role("alert").inner_text()
    mine, theirs = page.locator(".collision__side").all()
    assert "Hail" in mine.locator("ins").inner_text()
    assert "Rain" in theirs.locator("ins").inner_text()
    assert Article.objects.get().headline == "Rain"
    page.get_by_label("Mine", exact=True).check()
    page.get_by_role("button", name="Save it so", exact=True).click()
    page.get_by_text("Saved.", exact=True).wait_for()
    story = Article.objects.get()
    assert story.headline == "Hail"
    assert "Mine." in story.body


@pytest.mark.parametrize(("width", "dark"), WINDOWS)
def test_the_desk_has_no_grave_barrier_and_breaks_no_rule_of_its_own(editor, new_page, width, dark):
    make_section(name="Culture")
    person = make_author(name="Ann Other", biography="<p>Writes.</p>")
    story = make_article(
        status="in_review", lead_image=make_image(), citations=[make_organisation()], tags=["Water"]
    )
    live = make_article(authors=[person])
    pages = [
        "/admin/",
        "/admin/articles/article/",
        "/admin/articles/article/add/",
        reverse("admin:articles_article_change", args=[story.pk]),
        reverse("admin:articles_article_change", args=[live.pk]),
        reverse("admin:authors_author_change", args=[person.pk]),
        reverse("admin:images_image_changelist"),
        reverse("admin:images_image_change", args=[story.lead_image_id]),
        reverse("admin:articles_article_history", args=[live.pk]),
    ]
    page = new_page(width, dark=dark)
    page.goto("/admin/login/")
    assert barriers(page) + barriers_of(page, "editor", pages, width) == []


@pytest.mark.parametrize(("width", "dark"), WINDOWS)
def test_nor_has_the_administrators(new_page, width, dark):
    make_user("administrator", username="admin")
    redirect = Redirect.objects.create(path="/old/", target="/tags/water/")
    pages = [
        reverse("admin:addresses_redirect_changelist"),
        reverse("admin:addresses_redirect_change", args=[redirect.pk]),
        reverse("admin:addresses_redirect_delete", args=[redirect.pk]),
        reverse("admin:password_change"),
        reverse("admin:authors_user_changelist"),
    ]
    assert barriers_of(new_page(width, dark=dark), "admin", pages, width) == []


def barriers_of(page, login, paths, width):
    """What axe finds on pages of the desk, none of which is too wide or breaks its own rules."""
    sign_in(page, login)
    found = []
    for path in paths:
        page.goto(path)
        page.wait_for_load_state("networkidle")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
        assert page.trouble == [], path
        found += barriers(page)
    return found


def test_without_a_script_rows_are_put_in_order_by_numbers(editor, new_page):
    story = make_article(status="draft", authors=[make_author(name="Ann"), make_author(name="Ben")])
    page = new_page(javascript=False)
    sign_in(page)
    page.goto(reverse("admin:articles_article_change", args=[story.pk]))
    page.fill("#id_bylines-0-position", "9")
    page.fill("#id_bylines-2-name", "The Agency")
    page.select_option("#id_bylines-2-make", "organisation")
    page.fill("#id_tags", "Water, Ice")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Saved.", exact=True)).to_be_visible()
    assert [str(b.author or b.organisation) for b in story.bylines.all()] == [
        "Ben",
        "The Agency",
        "Ann",
    ]
    assert Organisation.objects.get(name="The Agency").slug == "the-agency"
    assert sorted(t.name for t in story.tags.all()) == ["Ice", "Water"]
