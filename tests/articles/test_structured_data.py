"""What machines are told: words of schema.org's vocabulary alone, and nothing that readers are not."""

import datetime
import html
import json
import re

import pytest
from django.conf import settings
from django.test import Client

from articles import people, previews, publishing, translations
from articles.models import Article, Byline
from articles.models.article import Series
from newsroom.models import Page, SiteSettings
from tests.factories import (
    chief,
    make_article,
    make_author,
    make_house,
    make_image,
    make_organisation,
    make_region,
    make_section,
    make_user,
)

pytestmark = pytest.mark.django_db

# Of https://schema.org the types that we use: what each is a kind of, and what it may have besides.
VOCABULARY = {
    "Thing": (None, "alternateName description identifier image mainEntityOfPage name sameAs url"),
    "CreativeWork": (
        "Thing",
        "about author citation contributor copyrightNotice correction creativeWorkStatus creditText "
        "dateModified datePublished editor headline inLanguage isAccessibleForFree isBasedOn isPartOf "
        "keywords locationCreated mainEntity position publisher publishingPrinciples sponsor text "
        "translationOfWork translator workTranslation",
    ),
    "Article": ("CreativeWork", "articleBody articleSection backstory wordCount"),
    "NewsArticle": ("Article", "dateline"),
    "AnalysisNewsArticle": ("NewsArticle", ""),
    "BackgroundNewsArticle": ("NewsArticle", ""),
    "OpinionNewsArticle": ("NewsArticle", ""),
    "ReportageNewsArticle": ("NewsArticle", ""),
    "AdvertiserContentArticle": ("Article", ""),
    "CorrectionComment": ("CreativeWork", ""),  # by way of Comment
    "CreativeWorkSeries": ("CreativeWork", "endDate issn startDate"),
    "ImageObject": ("CreativeWork", "caption contentUrl height width"),  # by way of MediaObject
    "WebSite": ("CreativeWork", "issn"),
    "ProfilePage": ("CreativeWork", "breadcrumb lastReviewed"),  # by way of WebPage
    "BreadcrumbList": ("Thing", "itemListElement itemListOrder numberOfItems"),
    "ListItem": ("Thing", "item position"),
    "Place": ("Thing", "address geo"),
    "Person": ("Thing", "alumniOf email jobTitle knowsLanguage workLocation worksFor"),
    "Organization": ("Thing", "correctionsPolicy email ethicsPolicy logo publishingPrinciples"),
    "NewsMediaOrganization": ("Organization", "masthead noBylinesPolicy"),
}
# What a property leads to, where that is a thing.
RANGES = {
    "author": {"Person", "Organization"},
    "contributor": {"Person", "Organization"},
    "translator": {"Person", "Organization"},
    "editor": {"Person"},
    "publisher": {"Person", "Organization"},
    "sponsor": {"Person", "Organization"},
    "correction": {"CorrectionComment"},
    "citation": {"CreativeWork"},
    "isBasedOn": {"CreativeWork"},
    "isPartOf": {"CreativeWork"},
    "translationOfWork": {"CreativeWork"},
    "workTranslation": {"CreativeWork"},
    "locationCreated": {"Place"},
    "workLocation": {"Place"},
    "image": {"ImageObject"},
    "logo": {"ImageObject"},
    "mainEntity": {"Thing"},
    "itemListElement": {"ListItem"},
    "worksFor": {"Organization"},
    "alumniOf": {"Organization"},
}


def kinds(name):
    """A type with all that it is a kind of."""
    while name is not None:
        yield name
        name = VOCABULARY[name][0]


def wrong(thing):
    """What the vocabulary does not know of a thing and all within it."""
    (kind, known) = thing["@type"], set()
    for name in kinds(kind):
        known |= set(VOCABULARY[name][1].split())
    for name, value in thing.items():
        if name in {"@type", "@context"}:
            continue
        if name not in known:
            yield f"{kind} has no {name}"
        if value in ("", None, [], {}):
            yield f"{kind}.{name} is empty"
        for one in value if isinstance(value, list) else [value]:
            if isinstance(one, dict):
                if not set(kinds(one["@type"])) & RANGES[name]:
                    yield f"{kind}.{name} is no {one['@type']}"
                yield from wrong(one)


def told(path, client=None):
    """What a page tells, by type; what the vocabulary does not know fails."""
    page = (client or Client()).get(path).content.decode()
    found = [
        json.loads(text)
        for text in re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.S)
    ]
    assert found
    for thing in found:
        assert thing["@context"] == "https://schema.org"
        assert list(wrong(thing)) == []
    return {thing["@type"]: thing for thing in found}


def of_story(story):
    found = told(story.get_absolute_url())
    assert len(found) == 2
    return next(thing for kind, thing in found.items() if kind != "BreadcrumbList")


def meta(path):
    """(property or name, content) of a page's meta elements, in order."""
    page = Client().get(path).content.decode()
    found = re.findall(r'<meta (?:property|name)="([^"]+)" content="([^"]*)">', page)
    return [(name, html.unescape(content)) for name, content in found]


def everything(**fields):
    """A story with something in every place that machines are told of."""
    house = make_house()
    people_ = [make_author(name=f"Person {n}") for n in range(8)]
    roles = ["author", "reporter", "translator", "photographer", "illustrator"]
    roles += ["additional reporting", "data", "editor"]
    agency = make_organisation(name="Agency", short_name="AG")
    defaults = {
        "headline": "Water is low",
        "authors": list(zip(people_, roles, strict=True)),
        "organisations": [agency],
        "section": make_section(name="Climate", names={"ru": "Климат"}),
        "regions": [make_region(name="Osh")],
        "tags": ["Water", "Ice"],
        "dateline_place": "Bishkek",
        "dateline_organisation": house,
        "body": "<p>One two three.</p><p>Four.</p>",
        "lead_image": make_image(1600, 1067, credit="Jo Smith"),
        "series": Series.objects.create(name="Ice"),
        "part": 2,
        "citations": [
            (make_organisation(name="Cited"), "cites", "https://cited.example/a"),
            (make_organisation(name="Photo"), "photo from", ""),
            (make_organisation(name="Basis"), "based on", "https://basis.example/b"),
            (make_organisation(name="First"), "republished from", "https://first.example/c"),
        ],
    }
    return make_article(**defaults | fields)


def test_a_story_tells_all_that_is_known_of_it(settings):
    story = everything()
    publishing.correct(story, by=chief(), kind="correction", text="It was four, not five.")
    site, data = settings.SITE_URL, of_story(Article.objects.get(pk=story.pk))
    address = site + story.get_absolute_url()
    names = lambda key: [(one["@type"], one["name"]) for one in data[key]]  # noqa: E731
    assert data["@type"] == "NewsArticle"
    assert data["headline"] == "Water is low"
    assert data["url"] == data["mainEntityOfPage"] == address
    assert (data["dateline"], data["locationCreated"]["name"]) == ("BISHKEK", "Bishkek")
    assert names("author") == [
        ("Person", "Person 0"),
        ("Person", "Person 1"),
        ("Organization", "Agency"),
    ]
    assert data["author"][0]["url"] == f"{site}/authors/person-0/"
    assert data["author"][2]["url"] == f"{site}/organisations/ag/"
    assert names("translator") == [("Person", "Person 2")]
    assert names("contributor") == [("Person", f"Person {n}") for n in (3, 4, 5, 6)]
    assert names("editor") == [("Person", "Person 7")]
    assert [(w.get("url"), w["publisher"]["name"]) for w in data["citation"]] == [
        ("https://cited.example/a", "Cited"),
        (None, "Photo"),
    ]
    assert [w["url"] for w in data["isBasedOn"]] == [
        "https://basis.example/b",
        "https://first.example/c",
    ]
    assert (data["articleSection"], sorted(data["keywords"])) == ("Climate", ["Ice", "Water"])
    assert (data["wordCount"], data["inLanguage"]) == (4, "en")
    assert data["isAccessibleForFree"] is True
    assert (data["isPartOf"]["name"], data["position"]) == ("Ice", 2)
    assert data["correction"][0]["text"] == "It was four, not five."
    assert [(p["width"], p["height"]) for p in data["image"]] == [
        (1600, 900),
        (1200, 900),
        (1067, 1067),
    ]
    assert {p["creditText"] for p in data["image"]} == {"Jo Smith"}
    for picture in data["image"]:
        assert Client().get(picture["url"].removeprefix(site)).status_code == 200
    assert data["publisher"]["@type"] == "NewsMediaOrganization"
    assert data["publisher"]["name"] == "The House"


@pytest.mark.parametrize(
    ("genre", "kind"),
    [
        ("news", "NewsArticle"),
        ("report", "ReportageNewsArticle"),
        ("analysis", "AnalysisNewsArticle"),
        ("opinion", "OpinionNewsArticle"),
        ("interview", "NewsArticle"),
        ("explainer", "BackgroundNewsArticle"),
    ],
)
def test_each_genre_is_a_kind_of_its_own(genre, kind):
    assert of_story(make_article(genre=genre))["@type"] == kind


def test_what_somebody_paid_for_is_an_advertisement_with_a_sponsor():
    story = everything(paid_by=make_organisation(name="Payer"), genre="opinion")
    data = of_story(story)
    assert data["@type"] == "AdvertiserContentArticle"
    assert data["sponsor"]["name"] == "Payer"
    assert data["locationCreated"]["name"] == "Bishkek"


def test_a_retracted_story_says_so():
    story = everything(status="retracted")
    data = of_story(story)
    assert data["creativeWorkStatus"] == "Retracted"
    assert data["correction"]
    assert ("robots", "noindex") in meta(story.get_absolute_url())


def test_when_it_was_changed_is_when_readers_should_know(settings):
    story = make_article(at=datetime.datetime(2026, 11, 3, 18, 30, tzinfo=datetime.UTC))
    assert of_story(story)["datePublished"] == of_story(story)["dateModified"]
    assert of_story(story)["datePublished"] == "2026-11-04T00:30:00+06:00"
    assert "article:modified_time" not in dict(meta(story.get_absolute_url()))
    moment = datetime.datetime(2026, 11, 5, 1, tzinfo=datetime.UTC)
    Article.objects.filter(pk=story.pk).update(updated_at=moment)
    assert of_story(story)["dateModified"] == "2026-11-05T07:00:00+06:00"
    assert dict(meta(story.get_absolute_url()))["article:modified_time"].startswith("2026-11-05T01")


def test_halves_of_a_translation_name_each_other_while_both_are_live(settings):
    original = make_article(headline="Water is low")
    other = make_article(headline="Вода", language="ru", translated_from=original)
    translations.link(other)
    other.refresh_from_db()
    whole = settings.SITE_URL + original.get_absolute_url()
    told_of = of_story(other)["translationOfWork"]
    assert (told_of["url"], told_of["headline"]) == (whole, "Water is low")
    assert "workTranslation" not in of_story(other)
    (half,) = of_story(original)["workTranslation"]
    assert half["url"] == settings.SITE_URL + other.get_absolute_url()
    assert "translationOfWork" not in of_story(original)
    publishing.pull(other, by=chief(), note="A call")
    assert "workTranslation" not in of_story(original)


@pytest.mark.parametrize("how", ["hidden", "withheld"])
@pytest.mark.parametrize("role", ["author", "translator", "photographer", "editor"])
def test_who_is_not_printed_is_not_told(how, role):
    make_house()
    person = make_author(name="Ann Zyzzyva")
    image = make_image(credit="Ann Zyzzyva") if how == "hidden" else None
    story = make_article(authors=[make_author(), (person, role)], lead_image=image)
    if how == "hidden":
        people.hide(person, by=make_user("editor"))
    else:
        Byline.objects.filter(article=story, author=person).update(withheld=True)
    page = Client().get(story.get_absolute_url()).content.decode()
    assert "zyzzyva" not in page.casefold()
    of_story(story)


@pytest.mark.parametrize(
    "headline",
    [
        "A </script><script>alert(1)</script> & <b>",
        "“Вода” & \u2028 <!-- -->",
        "Quotes \" and \\ and ' too",
    ],
)
def test_the_headline_is_the_h1_and_stays_inside(headline):
    story = make_article(headline=headline)
    page = Client().get(story.get_absolute_url()).content.decode()
    (h1,) = re.findall(r"<h1[^>]*>(.*?)</h1>", page, re.S)
    assert html.unescape(h1) == of_story(story)["headline"] == headline
    assert dict(meta(story.get_absolute_url()))["og:title"] == headline
    assert "<script>alert" not in page


def test_the_least_story_tells_nothing_empty():
    make_house()
    story = make_article(standfirst="", authors=[(make_author(name="Ed"), "editor")])
    data = of_story(story)
    assert not {"image", "citation", "keywords", "translator", "contributor", "dateline"} & set(
        data
    )
    assert data["author"] == [data["author"][0]]
    assert data["author"][0]["name"] == "The House"


# Other pages


def way(path):
    found = told(path)["BreadcrumbList"]["itemListElement"]
    assert [place["position"] for place in found] == list(range(1, len(found) + 1))
    paths = [place["item"].removeprefix(settings.SITE_URL) for place in found]
    assert {Client().get(path).status_code for path in paths} == {200}
    return [place["name"] for place in found]


def test_each_page_tells_the_way_to_it(settings):
    story = everything(at=datetime.datetime(2026, 11, 3, 6, tzinfo=datetime.UTC))
    country = make_region(name="Kyrgyzstan", kind="country")
    make_region(name="Talas", parent=country)
    Page.objects.create(slug="ethics", name="How we report", body="<p>Well.</p>")
    assert way(story.get_absolute_url()) == ["Home", "Climate", "Water is low"]
    assert way("/sections/climate/") == ["Home", "Climate"]
    assert way("/regions/talas/") == ["Home", "Kyrgyzstan", "Talas"]
    assert way("/tags/water/") == ["Home", "Water"]
    assert way("/series/ice/") == ["Home", "Ice"]
    assert way("/authors/person-0/") == ["Home", "Our journalists", "Person 0"]
    assert way("/organisations/ag/") == ["Home", "Our journalists", "Agency"]
    assert way("/authors/") == ["Home", "Our journalists"]
    assert way("/corrections/") == ["Home", "Corrections"]
    assert way("/pages/ethics/") == ["Home", "How we report"]
    day = ["Home", "2026", "November 2026", "3 November 2026"]
    assert way("/2026/11/03/") == day
    assert way("/2026/11/") == day[:3]
    assert way("/2026/") == day[:2]
    assert way("/ru/sections/climate/") == ["Главная", "Климат"]


def test_the_page_of_a_person_is_a_profile(settings):
    house = make_house()
    person = make_author(
        name="Ann Lee",
        names={"ru": "Анна Ли"},
        job_title="Editor",
        short_bio="Writes of rivers.",
        location="Osh",
        languages=["en", "ky"],
        links=[{"label": "Site", "url": "https://ann.example/"}, {"label": "x", "url": 3}],
        portrait=make_image(400, 400),
        organisation=house,
        is_listed=True,
    )
    person.record_portrait()
    make_article(authors=[person])
    data = told("/authors/ann-lee/")["ProfilePage"]["mainEntity"]
    assert (data["name"], data["alternateName"]) == ("Ann Lee", ["Анна Ли"])
    assert (data["jobTitle"], data["workLocation"]["name"]) == ("Editor", "Osh")
    assert data["worksFor"]["name"] == "The House"
    assert data["sameAs"] == ["https://ann.example/"]
    assert data["url"] == f"{settings.SITE_URL}/authors/ann-lee/"
    assert Client().get(data["image"].removeprefix(settings.SITE_URL)).status_code == 200
    assert told("/ru/authors/ann-lee/")["ProfilePage"]["mainEntity"]["name"] == "Анна Ли"
    bare = make_author(name="Bob", is_listed=True, status="former", organisation=house)
    data = told(bare.get_absolute_url())["ProfilePage"]["mainEntity"]
    assert set(data) == {"@type", "name", "url", "alumniOf"}


def test_the_paper_tells_who_makes_it_and_what_it_promises(settings):
    SiteSettings.objects.update_or_create(
        pk=1,
        defaults={
            "name": "The Courier",
            "description": "News.",
            "email": "desk@example.org",
            "social_links": [{"label": "T", "url": "https://example.org/t"}],
        },
    )
    site = settings.SITE_URL
    bare = told("/")["NewsMediaOrganization"]
    assert bare["masthead"] == f"{site}/authors/"
    assert "ethicsPolicy" not in bare
    for slug in ("about-us", "ethics", "corrections-policy"):
        Page.objects.create(slug=slug, name=slug)
    # A promise in which nothing is written yet is none.
    assert "ethicsPolicy" not in told("/")["NewsMediaOrganization"]
    Page.objects.update(body="<p>Words.</p>")
    for path in ("/", "/pages/about-us/"):
        data = told(path)["NewsMediaOrganization"]
        assert data["ethicsPolicy"] == data["publishingPrinciples"] == f"{site}/pages/ethics/"
        assert data["correctionsPolicy"] == f"{site}/pages/corrections-policy/"
        assert (data["name"], data["url"], data["email"]) == (
            "The Courier",
            f"{site}/",
            "desk@example.org",
        )
    assert told("/ru/")["WebSite"]["url"] == f"{site}/ru/"
    assert "NewsMediaOrganization" not in told("/pages/ethics/")


# Where it is shared


def test_cards_elsewhere_name_every_author_and_the_size_of_the_picture(settings):
    story = everything(lead_image=make_image(800, 600, alt="A dry river"))
    found, site = meta(story.get_absolute_url()), settings.SITE_URL
    said = dict(found)
    named = [content for name, content in found if name == "article:author"]
    assert named == [f"{site}/authors/person-0/", f"{site}/authors/person-1/"]
    authors = [content for name, content in found if name == "author"]
    assert authors == ["Person 0", "Person 1", "Agency"]
    assert sorted(c for name, c in found if name == "article:tag") == ["Ice", "Water"]
    assert (said["article:section"], said["og:locale"]) == ("Climate", "en_US")
    size = said["og:image:width"], said["og:image:height"], said["og:image:alt"]
    assert size == ("800", "420", "A dry river")
    picture = Client().get(said["og:image"].removeprefix(site))
    assert picture["Content-Type"] == said["og:image:type"] == "image/jpeg"
    assert said["twitter:card"] == "summary_large_image"
    assert not [name for name in said if name in {"twitter:site", "twitter:creator"}]
    assert said["robots"] == "max-image-preview:large"
    bare = dict(meta(make_article().get_absolute_url()))
    assert bare["twitter:card"] == "summary"
    assert "og:image" not in bare


def test_cards_know_the_other_language():
    original = make_article()
    other = make_article(language="ru", translated_from=original)
    translations.link(other)
    said = dict(meta(original.get_absolute_url()))
    assert (said["og:locale"], said["og:locale:alternate"]) == ("en_US", "ru_RU")
    said = dict(meta(other.get_absolute_url()))
    assert (said["og:locale"], said["og:locale:alternate"]) == ("ru_RU", "en_US")


@pytest.mark.parametrize(
    "path", ["/", "/sections/climate/", "/authors/person-0/", "/organisations/ag/", "/tags/water/"]
)
def test_lists_have_cards_too(path, settings):
    everything()
    make_article(tags=["Water"])
    found = meta(path)
    said = dict(found)
    once = [name for name, _content in found if name.startswith(("og:", "twitter:", "robots"))]
    assert len(once) == len(set(once))
    assert said["og:url"] == settings.SITE_URL + path
    assert said["og:title"]
    assert said["og:site_name"]


def test_a_preview_tells_machines_nothing():
    story = make_article(status="draft")
    token = previews.share(story, by=chief())
    page = Client().get(f"/preview/{token}/").content.decode()
    assert "ld+json" not in page
    assert "og:" not in page
    assert 'name="robots" content="noindex"' in page
