"""The translator's day: a live story, its translation beside it, both out in one minute."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from articles import publishing, translations, versions
from articles.models import Article
from tests.browser.access import barriers
from tests.browser.test_desk import sign_in
from tests.factories import chief, make_article, make_author, make_user

pytestmark = pytest.mark.django_db(transaction=True)
BODY = "<p>The river is low.</p><p>The gauge stands at 36.</p><p>More on Friday.</p>"


@pytest.fixture
def translator():
    user = make_user("editor", username="editor")
    make_author(name="Aida", user=user)
    return user


def form_of(story):
    return reverse("admin:articles_article_change", args=[story.pk])


def write(page, number, words):
    """Write a paragraph of the text over, as a person does."""
    page.locator(".ProseMirror p").nth(number).click(click_count=3)
    page.keyboard.type(words)


@pytest.mark.parametrize("width", [1280, 390])
def test_the_translators_day(translator, new_page, width):
    story = make_article(headline="The river", body=BODY, regions=[])
    page = new_page(width)
    sign_in(page)
    page.goto(form_of(story))
    # One press.
    page.get_by_role("button", name="Translate into Russian").click()
    beside = page.get_by_role("region", name="The original")
    expect(beside.get_by_text("3 paragraphs are still in its words.")).to_be_visible()
    assert barriers(page) == []
    page.locator("#id_headline").fill("Река")
    page.locator("#id_standfirst").fill("Воды мало.")
    for number, words in enumerate(["Река мелеет.", "На рейке 36.", "Подробнее в пятницу."]):
        write(page, number, words)
        expect(beside.locator(".is-here")).to_have_count(1)
    expect(beside.locator("li").nth(2)).to_have_class("is-left is-here")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Saved.", exact=True)).to_be_visible()
    expect(beside.locator(".is-left")).to_have_count(0)

    # The original changes: a next version of it is approved while the translator is at lunch.
    other = chief()
    content = versions.snapshot(story)
    content["fields"]["body"] = BODY.replace("36", "38")
    content["fields"]["headline"] = "The river rises"
    publishing.propose(story, by=other, content=content)
    publishing.approve_version(story, by=other)
    page.reload()
    expect(beside.get_by_text("2 places changed in it since it was translated.")).to_be_visible()
    expect(beside.locator("ins").filter(has_text="38")).to_be_visible()
    write(page, 1, "На рейке 38.")
    beside.get_by_role("button", name="The translation has it").click()
    expect(page.get_by_text("The translation has what changed in the original.")).to_be_visible()
    expect(beside.get_by_text("since it was translated")).to_have_count(0)
    made = Article.objects.get(language="ru")
    assert "На рейке 38." in made.body
    assert Article.objects.get(pk=story.pk).headline == "The river rises"


@pytest.mark.parametrize("javascript", [True, False])
def test_a_pair_goes_out_in_one_minute(translator, new_page, javascript):
    story = make_article(status="draft", headline="The river", body=BODY)
    made = translations.begin(story, into="ru", by=translator)
    made.headline, made.body = "Река", "<p>Река мелеет.</p>"
    publishing.save(made, by=translator)
    publishing.record(made, by=translator)
    publishing.approve(made, by=translator)
    page = new_page(javascript=javascript)
    sign_in(page)
    page.goto(form_of(story))
    page.locator(".bar__publish > summary").click()
    box = page.get_by_role("checkbox", name="Russian: Река")
    expect(box).to_be_checked()
    if javascript:
        assert barriers(page) == []
    page.get_by_role("button", name="Publish anyway").click()
    expect(page.get_by_text("It is live.")).to_be_visible()
    for one in (story, made):
        one.refresh_from_db()
    assert made.is_live
    assert made.published_at == story.published_at
