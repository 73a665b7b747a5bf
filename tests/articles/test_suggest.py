"""Sources and stories that are suggested while a story is written, and addresses that are pasted."""

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from articles import related
from articles.models import Article
from tests.articles.test_desk import address, as_it_is, signed_in, sources
from tests.factories import (
    make_article,
    make_organisation,
    make_region,
    make_section,
    make_user,
)

pytestmark = pytest.mark.django_db
SUGGEST = "/admin/articles/article/suggest/"


def ask(client, **about):
    return client.post(SUGGEST, about).json()


def test_names_in_the_text_that_are_not_linked_yet_are_suggested():
    make_organisation(name="24.kg")
    make_organisation(name="Hürriyet")
    make_organisation(name="The House", short_name="THS", is_house=True)
    answer = ask(
        signed_in("reporter"),
        headline="Snow, says THS",
        body="<p>24.kg and <em>Hürriyet</em> reported.</p>",
        linked=["hürriyet"],
    )
    assert [source["name"] for source in answer["sources"]] == ["24.kg"]


def test_the_nearest_stories_are_suggested_and_none_that_is_hidden():
    osh = make_region(name="Osh")
    section = make_section(name="Climate")
    near = make_article(headline="Near", tags=["Water"], regions=[osh], section=section)
    tagged = make_article(headline="Tagged", tags=["water"])
    placed = make_article(headline="Placed", regions=[osh])
    filed = make_article(headline="Filed", section=section)
    make_article(headline="Draft", tags=["Water"], status="draft")
    make_article(headline="Later", tags=["Water"], status="scheduled")
    make_article(headline="По-русски", tags=["Water"], language="ru")
    closed = make_article(headline="Closed", tags=["Water"])
    Article.objects.filter(pk=closed.pk).update(is_restricted=True)
    answer = ask(
        signed_in("reporter"),
        tags="Water",
        regions="Osh",
        section=str(section.pk),
        language="en",
        story="999",
    )
    assert [s["headline"] for s in answer["stories"]] == ["Near", "Tagged", "Placed", "Filed"]
    assert near.get_absolute_url() in answer["stories"][0]["paragraph"]
    found = related.near(
        Article.objects.published(), language="en", tags=[t.pk for t in tagged.tags.all()]
    )
    assert placed not in found
    assert filed not in found


def test_suggestions_cost_the_same_with_one_story_and_with_three(django_assert_num_queries):
    client = signed_in()
    for number in (1, 3):
        while Article.objects.count() < number:
            make_article(tags=["Water"], regions=[make_region()], citations=[make_organisation()])
        with django_assert_num_queries(8):
            ask(client, headline="x", body="<p>y</p>", tags="Water", language="en")


def test_odd_questions_have_answers():
    client = signed_in()
    for about in (
        {},
        {"section": "x", "story": "-1", "language": "xx"},
        {"section": "9" * 40, "tags": '",,"', "regions": "\u0661"},
        {"address": "http://[broken"},
        {"address": "/a/99999999999999999/"},
        {"section": "1", "language": "\0", "headline": "\0"},
        {"regions": "Osh\0", "language": "en"},
        {"tags": "Water\0", "language": "en"},
    ):
        assert client.post(SUGGEST, about).status_code == 200


def test_a_pasted_address_is_that_of_a_live_story_only():
    live, draft = make_article(), make_article(status="draft")
    client = signed_in()
    for where in (live.get_absolute_url(), f"/a/{live.pk}/"):
        story = ask(client, address=settings.SITE_URL + where)["story"]
        assert story["headline"] == live.headline
        assert story["address"] == live.get_absolute_url()
    for where in (
        f"/a/{draft.pk}/",
        "/sections/politics/",
        "https://elsewhere.example/a/1/",
        f"{settings.SITE_URL}/2026/11/%00/",
        f"{settings.SITE_URL}/%ED%A0%80",
    ):
        assert ask(client, address=where)["story"] is None


def test_a_bare_address_in_a_text_becomes_the_headline():
    live = make_article(headline="Rain & snow")
    where = settings.SITE_URL + live.get_absolute_url()
    link = f'<a href="{live.get_absolute_url()}">Rain &amp; snow</a>'
    stories = Article.objects.published()
    for before, after in (
        (f"<p>See {where}.</p>", f"<p>See {link}.</p>"),
        (f'<p><a href="{where}">{where}</a></p>', f"<p>{link}</p>"),
        (f'<p><a href="{where}">words of ours</a></p>',) * 2,
        (f'<p><a href="https://example.org/"><em>{where}</em></a></p>',) * 2,
        (f"<p>{settings.SITE_URL}/2020/01/01/nothing/</p>",) * 2,
        ("<p>https://example.org/2020/01/01/x/</p>",) * 2,
    ):
        assert related.name_addresses(before, stories) == after


def test_without_scripts_a_suggested_source_and_story_are_one_press_each():
    kg = make_organisation(name="24.kg")
    near = make_article(headline="Near", tags=["Water"])
    client = signed_in()
    story = make_article(status="draft", body="<p>24.kg said so.</p>", tags=["Water"])
    page = client.get(address(story)).content.decode()
    assert 'name="_suggest"' in page
    assert "_cite" not in page
    answer = client.post(address(story), as_it_is(story, tags="Water", _suggest="1"), follow=True)
    page = answer.content.decode()
    assert f'name="_cite" value="{kg.pk}"' in page
    assert f'name="_relate" value="{near.pk}"' in page
    story.refresh_from_db()
    taken = as_it_is(story, tags="Water", _cite=str(kg.pk), **sources())
    assert client.post(address(story), taken).url.endswith("?suggest=1#suggested")
    story.refresh_from_db()
    client.post(address(story), as_it_is(story, tags="Water", _relate=str(near.pk)))
    story.refresh_from_db()
    assert [c.organisation for c in story.citations.all()] == [kg]
    assert story.body == (
        f'<p>24.kg said so.</p><p>Read more: <a href="{near.get_absolute_url()}">Near</a></p>'
    )


def test_a_picked_dateline_brings_its_agency():
    agency = make_organisation(name="The Times of Central Asia", short_name="TCA")
    make_article(dateline_place="Bishkek", dateline_organisation=agency)
    client = signed_in()
    story = make_article(status="draft")
    assert '<option value="Bishkek (TCA)">' in client.get(address(story)).content.decode()
    client.post(address(story), as_it_is(story, dateline_place="Bishkek (TCA)"))
    story.refresh_from_db()
    assert (story.dateline_place, story.dateline_organisation) == ("Bishkek", agency)


def test_a_new_story_begins_where_its_writers_last_one_was_filed():
    make_section(name="Aaa")
    section = make_section(name="Business")
    client = signed_in("reporter")
    make_article(status="draft", section=section, language="ru", entered_by=client.user)
    form = client.get(reverse("admin:articles_article_add")).context["form"]
    assert form["section"].value() == section.pk
    assert form["language"].value() == "ru"


def test_who_may_not_write_gets_no_suggestions():
    client = Client()
    client.force_login(make_user("administrator"))
    assert client.post(SUGGEST, {"headline": "x"}).status_code == 403
    assert signed_in().get(SUGGEST).status_code == 405
