"""A reader reports an error and an editor corrects it, with and without JavaScript, keys alone."""

import pytest
from django.core.cache import cache
from playwright.sync_api import expect

from articles.models import Correction, Note
from tests.browser.access import ANY, barriers
from tests.browser.test_desk import sign_in
from tests.factories import make_article, make_house, make_user

pytestmark = pytest.mark.django_db(transaction=True)
REFUSED = "the server responded with a status of 422"


@pytest.mark.parametrize(("width", "javascript"), [(390, False), (1280, True)])
def test_a_reader_reports_and_an_editor_corrects(new_page, width, javascript):
    cache.clear()
    make_house()
    make_user("editor", username="editor")
    story = make_article(headline="The lake fell", body="<p>It fell by 36 centimetres.</p>")
    page = new_page(width, javascript=javascript, dark=not javascript, expect=[REFUSED])

    page.goto(story.get_absolute_url())
    page.get_by_role("link", name="Report an error").click()
    page.get_by_label("Where in the story?").fill("36 centimetres")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("alert")).to_contain_text("Say what is wrong.")
    expect(page.get_by_label("Where in the story?")).to_have_value("36 centimetres")
    if javascript:
        assert barriers(page, impacts=ANY) == []
    # From here on with keys alone; the hidden field is none of the stops.
    page.get_by_label("What is wrong?").focus()
    page.keyboard.type("It was 38.")
    for typed in ("", "reader@example.org"):
        page.keyboard.press("Tab")
        page.keyboard.type(typed)
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Send")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you for telling us")
    assert page.context.cookies() == []
    note = Note.objects.get()
    assert (note.text, note.quote) == ("It was 38.", "36 centimetres")
    assert note.contact == "reader@example.org"

    sign_in(page)
    page.goto("/admin/")
    board = page.get_by_role("region", name="Reports from readers")
    expect(board).to_contain_text("It was 38.")
    board.get_by_role("link", name="The lake fell").click()
    page.get_by_role("link", name="Make it a correction").click()
    text = page.get_by_label("What was wrong, and what is right?")
    expect(text).to_have_value("An earlier version of this story said: “36 centimetres”. In fact, ")
    assert barriers(page) == [] if javascript else True
    text.fill("An earlier version of this story said 36. It was 38.")
    page.get_by_role("button", name="Publish the correction").click()
    expect(page.get_by_text("The correction is published.")).to_be_visible()
    assert Correction.objects.get().reports.get() == note
    page.goto(story.get_absolute_url())
    expect(page.get_by_text("It was 38.")).to_be_visible()
