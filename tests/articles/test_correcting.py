import json
import re

import pytest

from articles import publishing
from articles.models import Article
from tests.articles.test_desk import address, as_it_is, signed_in
from tests.factories import chief, make_article

pytestmark = pytest.mark.django_db


def corrected(client, story, **data):
    sent = {f"correct-{name}": value for name, value in data.items() if name != "body"}
    typed = as_it_is(story, _move="correct", **sent)
    return client.post(address(story), typed | ({"body": data["body"]} if "body" in data else {}))


def test_a_correction_and_the_mended_text_go_out_together():
    story = make_article(body="<p>There are 36.</p>")
    answer = corrected(
        signed_in(), story, kind="correction", text="38, not 36.", body="<p>There are 38.</p>"
    )
    assert answer.status_code == 302
    story.refresh_from_db()
    assert story.body == "<p>There are 38.</p>"
    assert story.updated_at == story.corrections.get().published_at


@pytest.mark.parametrize("wrong", [{"text": " "}, {"kind": "retraction", "text": "It is wrong."}])
def test_without_a_correction_the_text_is_not_mended_and_nothing_typed_is_lost(wrong):
    story = make_article(body="<p>There are 36.</p>")
    sent = {"kind": "apology", "text": "x", "body": "<p>There are 38.</p>"} | wrong
    answer = corrected(signed_in(), story, **sent)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "There are 38." in page
    assert wrong["text"].strip() in page
    story.refresh_from_db()
    assert (story.body, story.corrections.count()) == ("<p>There are 36.</p>", 0)


def test_a_form_that_is_refused_shows_the_correction_as_it_was_typed():
    story = make_article()
    client = signed_in()
    typed = as_it_is(story, _move="correct", **{"correct-text": "Typed with care."})
    page = client.post(address(story), typed | {"headline": ""}).content.decode()
    assert "Typed with care." in page
    assert story.corrections.count() == 0


def test_an_entry_takes_the_place_of_another_and_both_are_kept(client):
    story = make_article()
    first = publishing.correct(story, by=chief(), kind="correction", text="37, not 36.")
    story.refresh_from_db()
    corrected(signed_in(), story, kind="correction", text="38, not 37.", supersedes=str(first.pk))
    assert story.corrections.count() == 2
    assert story.corrections.get(supersedes=first).text == "38, not 37."
    page = client.get(story.get_absolute_url()).content.decode()
    data = json.loads(re.search(r"ld\+json\">(.*?)</script>", page, re.S)[1])
    assert [entry["text"] for entry in data["correction"]] == ["38, not 37."]


def test_the_notice_of_a_retraction_cannot_be_superseded_away():
    story = make_article(status="retracted")
    notice = story.corrections.get()
    with pytest.raises(publishing.Refused):
        publishing.correct(
            story, by=chief(), kind="correction", text="Not so bad.", supersedes=notice
        )
    assert 'name="correct-supersedes"' not in signed_in().get(address(story)).content.decode()


@pytest.mark.parametrize(
    ("kind", "is_serious"),
    [
        ("correction", False),
        ("clarification", False),
        ("reply", False),
        ("editor's note", True),
        ("apology", True),
    ],
)
def test_each_kind_is_on_the_story_in_the_log_in_its_feed_and_in_structured_data(
    client, kind, is_serious
):
    story = make_article(body="<p>The words of the body.</p>")
    corrected(signed_in(), story, kind=kind, text="What is right.")
    page = client.get(story.get_absolute_url()).content.decode()
    text = page[page.index("</head>") :]
    assert (text.rindex("What is right.") < text.index("The words of the body.")) == is_serious
    data = json.loads(re.search(r"ld\+json\">(.*?)</script>", page, re.S)[1])
    assert data["correction"][0]["text"] == "What is right."
    for path in ("/corrections/", "/corrections/rss.xml"):
        assert "What is right." in client.get(path).content.decode()


def test_the_log_survives_the_withdrawal(client):
    story = make_article(headline="Of which nothing is left")
    publishing.correct(story, by=chief(), kind="apology", text="What is right.")
    publishing.withdraw(story, by=chief(), reason="Wrong.", shows_headline=False)
    for path in ("/corrections/", "/corrections/rss.xml"):
        log = client.get(path).content.decode()
        assert "What is right." in log
        assert "Of which nothing" not in log
    assert Article.objects.get().status == "withdrawn"
