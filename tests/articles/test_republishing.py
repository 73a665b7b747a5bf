"""A story for other papers: which, and with what; and that it is there for nobody to take otherwise."""

import html
import re

import pytest
from django.conf import settings
from django.utils import timezone

from articles import people, publishing, versions
from articles.models import Article
from newsroom.models import SiteSettings
from tests.articles.test_desk import address, as_it_is, signed_in
from tests.factories import (
    chief,
    make_article,
    make_author,
    make_house,
    make_image,
    make_organisation,
    make_user,
)

pytestmark = pytest.mark.django_db
TERMS = "Name the authors & link to us.\n\nChange nothing."
LINK = "Republish this story"


@pytest.fixture
def offered():
    return SiteSettings.objects.create(
        name="The Paper", licence=TERMS, licences={"ru": "Назовите авторов."}
    )


def place(story):
    return f"{story.get_absolute_url()}republish/"


def boxes(client, story):
    """What stands in the boxes of the page: id -> text."""
    response = client.get(place(story))
    assert response.status_code == 200
    found = re.findall(
        r'<textarea id="(\w+)"[^>]* readonly[^>]*>\n(.*?)</textarea>',
        response.content.decode(),
        re.S,
    )
    return {name: html.unescape(text) for name, text in found}


def full_story(**fields):
    source = make_organisation(name="24.kg")
    kept, ours = make_image(may_be_passed_on=False), make_image(alt="A map", credit="Map: C. D.")
    fields = {
        "headline": "No talks & no troops",
        "standfirst": "Two capitals deny it.",
        "body": '<p>First <a href="/pages/about/">words</a> &lt;here&gt;.</p>'
        f'<figure data-image="{kept.pk}"></figure><figure data-image="{ours.pk}"></figure>'
        "<ul><li>One</li><li>Two</li></ul>"
        "<table><tbody><tr><td>38</td><td>gauges</td></tr></tbody></table>"
        '<figure data-embed="vimeo" data-id="76979871"></figure>',
        "dateline_place": "Bishkek",
        "authors": [make_author(name="Ada"), make_author(name="Bea"), make_author(name="Cai")],
        "lead_image": make_image(may_be_passed_on=False, credit="Agency photo"),
        "citations": [(source, "cites", "https://24.example/1")],
    } | fields
    return make_article(**fields)


def test_the_text_is_whole_and_says_whose_it_is(client, offered):
    story = full_story()
    publishing.correct(story, by=chief(), kind="correction", text="There are 38 & not 37.")
    own = settings.SITE_URL + story.get_absolute_url()
    day = f"{story.first_published_at.astimezone(timezone.get_current_timezone()):%Y}"
    found = boxes(client, story)
    assert found.keys() == {"html", "text", "canonical"}
    assert found["canonical"] == f'<link rel="canonical" href="{own}">'
    text = found["text"].split("\n\n")
    assert text[:5] == [
        "No talks & no troops",
        "Two capitals deny it.",
        "By Ada, Bea and Cai",
        "BISHKEK — First words <here>.",
        "– One",
    ]
    assert "38\tgauges" in text
    assert "See on" not in found["text"]
    assert any("https://vimeo.com/76979871" in block for block in text)
    assert any(block.endswith(": There are 38 & not 37.") for block in text)
    assert "– 24.kg, cited, https://24.example/1" in found["text"]
    assert text[-1].startswith("First published by The Paper on ")
    assert day in text[-1]
    assert text[-1].endswith(f".\n{own}")
    markup = found["html"]
    for words in (
        "<h1>No talks &amp; no troops</h1>",
        "By Ada, Bea and Cai",
        "<b>BISHKEK</b> — First",
        f'<a href="{settings.SITE_URL}/pages/about/">words</a>',
        'alt="A map"',
        "Map: C. D.",
        "There are 38 &amp; not 37.",
        '<a href="https://24.example/1" rel="noopener">24.kg</a>',
        f'<a href="{own}">The Paper</a>',
    ):
        assert words in markup, words
    # Pictures that are not ours to give, and what runs or frames anything, stay here.
    assert markup.count("<img") == 1
    assert "Agency photo" not in markup
    for never in ("<iframe", "<script", "<style", 'href="/'):
        assert never not in markup, never


def test_the_page_stands_for_itself(client, offered):
    story = full_story()
    response = client.get(place(story))
    page = response.content.decode()
    assert '<meta name="robots" content="noindex">' in page
    assert 'rel="canonical" href="http' not in page.partition("<body>")[0]
    assert "Name the authors &amp; link to us." in page
    assert page.count("<h1>") == 1
    assert f'<a href="{story.get_absolute_url()}">Back to the story</a>' in page
    again = client.get(place(story), headers={"If-None-Match": response.headers["ETag"]})
    assert again.status_code == 304
    linked = client.get(story.get_absolute_url()).content.decode()
    assert f'<a href="{place(story)}" rel="nofollow">{LINK}</a>' in linked


def test_a_russian_story_is_offered_in_russian(client, offered):
    story = full_story(language="ru", headline="Воды не будет", standfirst="Никто не отрицает.")
    page = client.get(place(story)).content.decode()
    assert place(story).startswith("/ru/")
    assert "Назовите авторов." in page
    text = boxes(client, story)["text"]
    assert text.startswith("Воды не будет\n\nНикто не отрицает.\n\n")
    assert "Ada, Bea и Cai" in text
    assert "First published" not in text
    assert "The Paper" in text


NOT_OFFERED = {
    "an editor keeps it": lambda: {"may_not_be_republished": True},
    "paid for": lambda: {"paid_by": make_organisation()},
    "an opinion": lambda: {"genre": "opinion"},
    "another's text": lambda: {"citations": [(make_organisation(), "republished from", "")]},
    "another's text in translation": lambda: {
        "citations": [(make_organisation(), "translated from", "")]
    },
    "at home elsewhere": lambda: {"canonical_url": "https://elsewhere.example/1"},
}


@pytest.mark.parametrize("why", NOT_OFFERED)
def test_what_is_not_ours_to_give_is_not_offered(client, offered, why):
    story = full_story(**NOT_OFFERED[why]())
    assert client.get(place(story)).status_code == 404
    page = client.get(story.get_absolute_url())
    assert page.status_code == 200
    assert LINK not in page.content.decode()


def test_without_terms_nothing_is_offered(client):
    story = full_story()
    for site in (None, SiteSettings(name="The Paper")):
        if site is not None:
            site.save()
        assert client.get(place(story)).status_code == 404
        assert LINK not in client.get(story.get_absolute_url()).content.decode()


@pytest.mark.parametrize(
    "status", ["draft", "in_review", "ready", "scheduled", "pulled", "withdrawn", "retracted"]
)
def test_what_readers_are_not_to_have_nobody_takes_over(client, offered, status):
    story = full_story(status=status)
    own = story.get_absolute_url() or "/2026/11/29/no-talks-no-troops/"
    assert client.get(f"{own}republish/").status_code == 404
    assert LINK not in client.get(own).content.decode()


def test_other_dates_slugs_and_languages_are_not_its_address(client, offered):
    story = full_story()
    own = story.get_absolute_url()
    for path in (f"/ru{own}", own.replace("/20", "/19", 1), "/2025/13/1/x/", own[:-1] + "x/"):
        assert client.get(f"{path}republish/").status_code == 404, path
    day = story.address_date
    loose = f"/{day.year}/{day.month}/{day.day}/{story.slug}/"
    if loose != own:
        assert client.get(f"{loose}republish/")["Location"] == place(story)
    assert client.post(place(story)).status_code == 405


@pytest.mark.parametrize("how", ["hidden", "withheld"])
def test_a_name_that_is_not_printed_is_not_given_away(client, offered, how):
    make_house(name="The House")
    ann = make_author(name="Ann Zyzzyva")
    story = full_story(
        authors=[make_author(name="Bob"), ann], lead_image=make_image(credit="Ann Zyzzyva")
    )
    assert "Zyzzyva" in client.get(place(story)).content.decode()
    if how == "hidden":
        people.hide(ann, by=make_user("editor"))
    else:
        story.bylines.filter(author=ann).update(withheld=True)
        story.lead_image.credit = ""
        story.lead_image.save()
    page = client.get(place(story)).content.decode()
    assert "Zyzzyva" not in page
    assert "By Bob and The House" in page


def test_odd_words_end_no_box(client, offered):
    story = full_story(headline='</textarea><script>alert("x")</script> & co')
    page = client.get(place(story)).content.decode()
    assert "</textarea><script" not in page
    assert boxes(client, story)["text"].startswith('</textarea><script>alert("x")</script> & co')


# On the desk


def test_an_editor_keeps_a_story_and_a_reporter_cannot(client, offered):
    story = full_story(status="draft")
    editor = signed_in("editor")
    assert "may_not_be_republished" in editor.get(address(story)).content.decode()
    editor.post(address(story), as_it_is(story, may_not_be_republished="on"))
    story.refresh_from_db()
    assert story.may_not_be_republished
    assert versions.current(story).content["fields"]["may_not_be_republished"] is True
    reporter = signed_in("reporter")
    own = make_article(status="draft", entered_by=reporter.user)
    assert "may_not_be_republished" not in reporter.get(address(own)).content.decode()
    reporter.post(address(own), as_it_is(own, may_not_be_republished="on"))
    own.refresh_from_db()
    assert not own.may_not_be_republished


def test_versions_from_before_there_was_the_box_are_read_as_unticked(client, offered):
    story = full_story(status="draft")
    for revision in story.revisions.all():
        del revision.content["fields"]["may_not_be_republished"]
        revision.save()
    editor = signed_in("editor")
    editor.post(address(story), as_it_is(story, may_not_be_republished="on"))
    assert Article.objects.get(pk=story.pk).may_not_be_republished
    pages = [
        f"{address(story, 'compare')}?old={story.revisions.first().pk}&new={story.revisions.last().pk}",
        address(story, "history"),
    ]
    for page in pages:
        assert editor.get(page).status_code == 200
    assert "Not to be republished" in editor.get(pages[0]).content.decode()


def test_terms_are_set_with_the_site_in_each_language():
    site = SiteSettings.objects.create(name="The Paper")
    page = f"/admin/newsroom/sitesettings/{site.pk}/change/"
    editor = signed_in("chief editor")
    shown = editor.get(page).content.decode()
    assert 'name="licence"' in shown
    assert 'name="licence_ru"' in shown
    data = {"name": "The Paper", "licence": "Name us.", "licence_ru": "Назовите нас."}
    assert editor.post(page, data).status_code == 302
    site.refresh_from_db()
    assert (site.licence, site.licences) == ("Name us.", {"ru": "Назовите нас."})
