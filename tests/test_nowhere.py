"""What is not public is nowhere: a word planted in everything that belongs to stories of every
state is looked for at every public address, which are collected from the URL configuration."""

import datetime
import itertools

import pytest
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from articles import previews
from articles.models import Article, Byline, Citation
from tests.factories import (
    chief,
    make_article,
    make_author,
    make_image,
    make_organisation,
    make_section,
    make_tag,
    make_user,
)

pytestmark = pytest.mark.django_db
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


def planted(field):
    """What is put into one field: the word, in the form that the field takes."""
    return {
        "body": f"<p>{WORD}</p>",
        "slug": WORD,
        "canonical_url": f"https://{WORD}.example/",
        "citation": f"https://{WORD}.example/",
    }.get(field, WORD.capitalize())


def plant(status, field, **more):
    fields = {"headline": f"A quiet headline {status} {field}", **more}
    picture = {"alt": "seen", "caption": "", "credit": ""}
    citations = []
    if field in picture:
        picture[field] = planted(field)
    elif field == "citation":
        citations = [(make_organisation(), "cites", planted(field))]
    else:
        fields[field] = planted(field)
    state = status
    if status == "embargoed":
        fields["embargo_until"] = timezone.now() + datetime.timedelta(hours=9)
        state = "scheduled"
    story = make_article(
        status=state, lead_image=make_image(64, 43, **picture), citations=citations, **fields
    )
    if status == "withdrawn":
        Article.objects.filter(pk=story.pk).update(down_shows_headline=False)
    return story


def addresses():
    """Every public address pattern as (name, pattern string, parameter names)."""

    def walk(patterns, prefix, groups):
        for entry in patterns:
            if isinstance(entry, URLResolver):
                if entry.namespace == "admin":
                    continue
                yield from walk(entry.url_patterns, prefix + str(entry.pattern), groups)
            elif isinstance(entry, URLPattern):
                names = (
                    list(entry.pattern.regex.groupindex) if hasattr(entry.pattern, "regex") else []
                )
                yield entry.name, prefix + str(entry.pattern), names

    return list(walk(get_resolver().url_patterns, "", []))


def candidates(stories):
    """For every parameter that an address may take, all values that could lead somewhere."""
    rows = list(stories)
    dates = {d for a in rows for d in (a.address_date, timezone.localdate()) if d}
    slugs = {a.slug for a in rows} | {WORD, "front-page"}
    return {
        "year": sorted({f"{d:%Y}" for d in dates}),
        "month": sorted({f"{d:%m}" for d in dates}),
        "day": sorted({f"{d:%d}" for d in dates}),
        "slug": sorted(slugs),
        "id": sorted({str(a.pk) for a in rows}),
        "pk": sorted({str(a.pk) for a in rows}),
        "article_id": sorted({str(a.pk) for a in rows}),
        "token": [a.lead_image.token for a in rows[:2] if a.lead_image_id] + [WORD],
        "name": ["card-480.jpg", "hero-960.avif"],
    }


def reverse_all(stories):
    """Every public address that the site could have, filled with every candidate."""
    from django.urls import reverse  # noqa: PLC0415
    from django.utils.translation import override  # noqa: PLC0415

    values = candidates(stories)
    found = set()
    for name, pattern, names in addresses():
        if name is None:
            continue
        unknown = set(names) - set(values)
        assert not unknown, f"{name} ({pattern}) has a parameter this test cannot fill: {unknown}"
        for language in ("en", "ru"):
            with override(language):
                for combination in itertools.product(*(values[n] for n in names)):
                    kwargs = dict(zip(names, combination, strict=True))
                    found.add(reverse(name, kwargs=kwargs) if kwargs else reverse(name))
    return sorted(found)


def look_everywhere(client, stories, allowed=()):
    found = []
    paths = reverse_all(stories)
    assert len(paths) > 20
    for path in paths:
        if path in allowed:
            continue
        response = client.get(path)
        assert response.status_code < 500, path
        shown = b"".join(response.streaming_content) if response.streaming else response.content
        words = shown.decode(errors="replace").lower() + str(response.headers).lower()
        if WORD in words.replace(path, ""):
            found.append(path)
        if response.status_code == 200 and path.startswith("/media/"):
            found.append(path)
    return found


@pytest.mark.parametrize("field", FIELDS)
def test_a_word_of_a_story_that_is_not_public_is_nowhere(client, field):
    make_article(headline="A public story", tags=["Water"])
    # NB: the word may stand in the slug of one story a day only, so other states share the field.
    stories = [plant(status, field) for status in (HIDDEN if field != "slug" else HIDDEN[:5])]
    assert look_everywhere(client, stories) == []


def test_the_word_is_found_where_the_story_is_public(client):
    """The same search does find it when it should: it can fail."""
    story = plant("published", "headline")
    found = look_everywhere(client, [story])
    assert story.get_absolute_url() in found
    assert "/" in found


@pytest.mark.parametrize("status", HIDDEN)
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
    for slug in slugs:
        story_like = Article(slug=slug, lead_image=story.bylines.first().author.portrait)
        story_like.pk = story.pk
        found = look_everywhere(client, [story_like])
        assert found == []
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
    previews.revoke(story.preview_links.get())
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
