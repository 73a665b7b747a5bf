"""What is not public is nowhere: a word planted in everything that belongs to stories of every
state is looked for at every public address, which are collected from the URL configuration."""

import datetime
import itertools
import re

import pytest
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from articles import autosaves, presence, previews
from articles.models import Article, Byline, Citation, Region, Section, Series, Tag
from authors.models import Author, Organisation
from fronts.models import Lead
from newsroom import nowhere
from newsroom.models import Page, SiteSettings
from tests.factories import (
    chief,
    make_article,
    make_author,
    make_image,
    make_organisation,
    make_region,
    make_section,
    make_tag,
    make_user,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_stories_are_offered")]
WORD = "zyzzyva"
HIDDEN = [
    "draft",
    "returned",
    "in_review",
    "ready",
    "scheduled",
    "embargoed",
    "pulled",
    "spiked",
    "withdrawn",
]
# The whole site is read for each: of states that are alike one stands for the others.
FEW = [
    status if status in {"draft", "scheduled", "withdrawn"} else pytest.param(status, marks=pytest.mark.long)
    for status in HIDDEN
]  # fmt: skip
MOST = [
    pytest.param(status, marks=pytest.mark.long) if status in {"returned", "in_review", "ready"} else status
    for status in HIDDEN
]  # fmt: skip
FIELDS = [
    "headline",
    "kicker",
    "standfirst",
    "slug",
    "body",
    "dateline_place",
    "lead_caption",
    "seo_title",
    "seo_description",
    "canonical_url",
    "citation",
    "alt",
    "caption",
    "credit",
]


@pytest.fixture
def _stories_are_offered():
    """To other papers, as far as they are public."""
    SiteSettings.objects.create(licence="Name us.")


def planted(field):
    """What is put into one field: the word and the field's name, in the form the field takes."""
    word = f"{WORD}{field.replace('_', '')}"
    return {
        "body": f"<p>{word}</p>",
        "slug": word,
        "canonical_url": f"https://{word}.example/",
        "citation": f"https://{word}.example/",
    }.get(field, word.capitalize())


def plant(status, **fields):
    """A story of that state with a word of its own in each of the fourteen fields."""
    fields = {field: planted(field) for field in FIELDS} | fields
    picture = {field: fields.pop(field) for field in ("alt", "caption", "credit")}
    citations = [(make_organisation(), "cites", fields.pop("citation"))]
    if status == "embargoed":
        fields["embargo_until"] = timezone.now() + datetime.timedelta(hours=9)
    story = make_article(
        status="scheduled" if status == "embargoed" else status,
        lead_image=make_image(64, 43, **picture),
        citations=citations,
        **fields,
    )
    if status == "withdrawn":
        Article.objects.filter(pk=story.pk).update(down_shows_headline=False)
    return story


def candidates(stories):
    """For every parameter that an address may take, all values that could lead somewhere."""
    rows = list(stories)
    dates = {d for a in rows for d in (a.address_date, timezone.localdate()) if d}
    slugs = {a.slug for a in rows}
    for model in (Author, Organisation, Page, Region, Section, Series, Tag):
        ours = Q(slug__contains=WORD) | Q(slug="front-page")
        slugs |= set(model.objects.filter(ours).values_list("slug", flat=True))
    return {
        "year": sorted({f"{d:%Y}" for d in dates}),
        "month": sorted({f"{d:%m}" for d in dates}),
        "day": sorted({f"{d:%d}" for d in dates}),
        "part": ["1", "2"],
        "slug": sorted(slugs),
        "id": sorted({str(a.pk) for a in rows}),
        "pk": sorted({str(a.pk) for a in rows}),
        "article_id": sorted({str(a.pk) for a in rows}),
        "token": [a.lead_image.token for a in rows[:2] if a.lead_image_id] + [WORD],
        "name": ["card-480.jpg", "hero-960.avif"],
    }


# What is asked beside the bare address, without any of the words that are looked for.
ASKED = {
    "search": ["?from=2000", "?language=all&to=2100", "?q=story+person+agency", "?q=public"],
    "search_suggest": [f"?q={WORD[:3]}", f"?q={WORD[:-1]}"],
}


def reverse_all(stories):
    """Every public address that the site could have, filled with every candidate."""
    values = candidates(stories)
    found = set()
    for name, pattern, names in nowhere.patterns():
        if name is None:
            continue
        unknown = set(names) - set(values)
        assert not unknown, f"{name} ({pattern}) has a parameter this test cannot fill: {unknown}"
        for language in ("en", "ru"):
            with override(language):
                for combination in itertools.product(*(values[n] for n in names)):
                    kwargs = dict(zip(names, combination, strict=True))
                    path = reverse(name, kwargs=kwargs) if kwargs else reverse(name)
                    found |= {path, *(path + query for query in ASKED.get(name, []))}
    return sorted(found)


def look_everywhere(client, stories):
    """(path, word) for every planted word at any public address, and every picture given out."""
    own = [a.get_absolute_url() for a in stories if a.pk and a.status == "withdrawn"]
    found = set()
    paths = reverse_all(stories)
    assert len(paths) > 20
    for path in paths:
        response = client.get(path)
        assert response.status_code < 500, path
        shown = b"".join(response.streaming_content) if response.streaming else response.content
        words = shown.decode(errors="replace") + str(response.headers)
        for address in [path, *own]:  # what was asked for says nothing new
            words = words.replace(address, "")
        found |= {(path, word) for word in re.findall(rf"{WORD}\w*", words.lower())}
        if response.status_code == 200 and path.startswith("/media/"):
            found.add((path, "a picture"))
    return sorted(found)


@pytest.mark.parametrize("status", MOST)
def test_a_story_that_is_not_public_is_nowhere(client, status):
    make_article(headline="A public story", tags=["Water"])
    assert look_everywhere(client, [plant(status)]) == []


@pytest.mark.once
@pytest.mark.parametrize("status", FEW)
def test_a_story_that_heads_a_list_is_nowhere_while_it_is_not_public(client, status):
    section, region = make_section(slug="front-page"), make_region(name="Front page")
    make_article(headline="A public story", section=section, regions=[region])
    story = plant(status, section=section, regions=[region])
    for place in ({"section": section}, {"region": region}):
        Lead.objects.create(article=story, language="en", **place)
    assert look_everywhere(client, [story]) == []
    assert client.get("/regions/front-page/").status_code == 200


@pytest.mark.parametrize("status", ["draft", "published"])
def test_what_is_typed_and_not_saved_is_nowhere(client, status):
    by = make_user("editor", first_name=WORD)
    story = make_article(status=status)
    form = autosaves.new_form_id()
    typed = {field: [planted(field)] for field in FIELDS}
    autosaves.keep(typed, by=by, article=story, form_id=form)
    autosaves.keep(typed, by=by, article=None, form_id=form)
    presence.seen(story, by, is_typing=True)
    assert look_everywhere(client, [story]) == []


def test_the_words_are_found_where_the_story_is_public(client):
    """The same search does find them when it should: it can fail."""
    found = look_everywhere(client, [plant("published")])
    words = {word for _, word in found}
    hidden = {f"{WORD}{field.replace('_', '')}" for field in FIELDS} - words
    assert hidden == {f"{WORD}caption"}  # the caption here takes the place of the picture's own
    assert {path for path, word in found if word == f"{WORD}headline"} >= {"/", "/rss.xml"}
    assert {path for path, word in found if word == f"{WORD}datelineplace"} != set()


@pytest.mark.once
@pytest.mark.parametrize("status", FEW)
def test_names_made_for_a_hidden_story_are_nowhere(client, status):
    make_article(headline="A public story", tags=["Water"])
    story = make_article(
        status="scheduled" if status == "embargoed" else status,
        tags=[WORD.capitalize()],
        authors=[
            make_author(
                name=f"{WORD} Person", biography=f"<p>{WORD}</p>", portrait=make_image(64, 64)
            )
        ],
        citations=[make_organisation(name=f"{WORD} Agency", description=WORD)],
    )
    slugs = [story.slug, WORD, f"{WORD}-person", f"{WORD}-agency"]
    portrait = story.bylines.first().author.portrait
    likes = [Article(pk=story.pk, slug=slug, lead_image=portrait) for slug in slugs]
    assert look_everywhere(client, likes) == []
    for slug in slugs:
        for kind in ("tags", "authors", "organisations"):
            assert client.get(f"/{kind}/{slug}/").status_code == 404


def test_the_login_that_entered_a_story_is_nowhere(client):
    login = make_user("reporter", username=WORD, first_name=WORD, last_name=WORD)
    person = make_author(name="Sergey Kwan", user=login, biography=f"<p>{WORD}</p>")
    story = make_article(entered_by=login, authors=[make_author(name="Another Person")])
    found = look_everywhere(client, [story])
    assert found == []
    assert b"Kwan" not in client.get(story.get_absolute_url()).content
    assert client.get(person.get_absolute_url()).status_code == 404


@pytest.mark.parametrize("how", ["hidden", "withheld"])
def test_a_hidden_or_withheld_person_is_nowhere(client, how):
    person = make_author(name=f"{WORD} One", portrait=make_image(64, 64))
    story = make_article(authors=[person])
    if how == "hidden":
        person.hidden_at = timezone.now()
        person.save()
    else:
        Byline.objects.filter(article=story).update(withheld=True)
    person.record_portrait()
    story.lead_image = person.portrait
    assert look_everywhere(client, [story]) == []
    assert client.get(person.get_absolute_url()).status_code == 404
    assert client.get(story.get_absolute_url()).status_code == 200


def test_a_withdrawn_storys_own_page_says_why_and_shows_no_body(client):
    story = make_article(
        status="withdrawn",
        headline="The withdrawn headline",
        body=f"<p>{WORD}</p>",
        down_reason="A public reason.",
    )
    response = client.get(story.get_absolute_url())
    assert response.status_code == 410
    assert "A public reason." in response.content.decode()
    assert WORD not in response.content.decode()
    assert look_everywhere(client, [story]) == []


def test_only_an_unexpired_preview_link_opens_a_draft(client):
    story = make_article(status="draft", headline="Zyzzyva")
    token = previews.share(story, by=chief())
    response = client.get(f"/preview/{token}/")
    assert response.status_code == 200
    assert "Zyzzyva" in response.content.decode()
    assert "no-store" in response["Cache-Control"]
    assert client.get(f"/preview/{token[:-1]}x/").status_code == 404
    previews.revoke(story, by=chief())
    assert client.get(f"/preview/{token}/").status_code == 404


def test_citations_of_a_hidden_story_do_not_count(client):
    cited = make_organisation(name="Seen Agency")
    make_section(name="Politics")
    make_tag(name="Listed", is_listed=True)
    make_article(citations=[cited])
    hidden = make_article(status="draft", headline=WORD, citations=[cited])
    assert Citation.objects.count() == 2
    page = client.get(cited.get_absolute_url())
    assert page.status_code == 200
    assert WORD not in page.content.decode().lower()
    assert hidden.get_absolute_url() == ""
