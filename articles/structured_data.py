"""What machines are told about pages, in schema.org's words, as JSON-LD.

https://schema.org/NewsArticle, https://schema.org/ProfilePage and what Google reads of them:
https://developers.google.com/search/docs/appearance/structured-data/article. Names come from
articles.bylines and Author.credit alone, so that who is not printed is not told either.
"""

import json

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.translation import get_language, pgettext

from articles.models import Article, Citation
from articles.models.article import site_zone
from images.renditions import rendition_size, rendition_url
from prose import body

# What could end the element or begin another one (the same as django.utils.html.json_script).
_ESCAPES = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}
KINDS = {
    Article.Genre.REPORT: "ReportageNewsArticle",
    Article.Genre.ANALYSIS: "AnalysisNewsArticle",
    Article.Genre.OPINION: "OpinionNewsArticle",
    Article.Genre.EXPLAINER: "BackgroundNewsArticle",
}
RATIOS = ("hero", "classic", "square")  # recipes of 16 to 9, 4 to 3 and 1 to 1
# Lines of credits and the property in which their names stand; the first line is the authors'.
_CONTRIBUTED = {"photographs", "illustrations", "additional", "data"}
_BASIS = {
    Citation.Relation.BASED_ON,
    Citation.Relation.REPUBLISHED,
    Citation.Relation.TRANSLATED,
}


class _Json(str):
    """JSON that may stand in a script element as it is."""

    def __html__(self):
        return self


def script(*things):
    """Each of ``things`` as a JSON-LD element, safe to print whatever the words in it."""
    return format_html_join(
        "\n",
        '<script type="application/ld+json">{}</script>',
        ((_json({"@context": "https://schema.org"} | thing),) for thing in things),
    )


def _json(data):
    text = json.dumps(data, cls=DjangoJSONEncoder, ensure_ascii=False, separators=(",", ":"))
    return _Json(text.translate(_ESCAPES))


# A story


def story(article, *, lines, house, image, publisher=None, translations=None):
    """A story with a page as a dict. ``lines``: its credits; ``house``: the Credit of the house;
    ``image``: or None; ``publisher``: what else is known of the house (logo, sameAs ...), a dict;
    ``translations``: addresses of the story in other languages, code -> path."""
    language, address = article.language, settings.SITE_URL + article.get_absolute_url()
    kind = "AdvertiserContentArticle" if article.paid_by else KINDS.get(article.genre)
    data = {
        "@type": kind or "NewsArticle",
        "headline": article.headline,
        "url": address,
        "mainEntityOfPage": address,
        "inLanguage": language,
        "isAccessibleForFree": True,
        "datePublished": _moment(article.first_published_at),
        "dateModified": _moment(article.updated_at or article.first_published_at),
        "wordCount": len(body.text(article.body).split()),
        "author": [_named(name) for name in lines[0].names],
        "publisher": {"@type": "NewsMediaOrganization"} | _credit(house) | (publisher or {}),
    }
    data |= _filed(article, language)
    data |= _contributed(lines[1:])
    data |= _sources(article, language)
    if image is not None and (pictures := _pictures(image)):
        data["image"] = pictures
    if article.status == Article.Status.RETRACTED:
        data["creativeWorkStatus"] = "Retracted"
    if corrections := article.printed_corrections():
        data["correction"] = [
            {
                "@type": "CorrectionComment",
                "text": correction.text,
                "datePublished": _moment(correction.published_at),
            }
            for correction in corrections
        ]
    original = article.translated_from
    if original is not None and original.is_live:
        data["translationOfWork"] = {
            "@type": "NewsArticle",
            "headline": original.headline,
            "url": settings.SITE_URL + original.get_absolute_url(),
            "inLanguage": original.language,
        }
    elif original is None and translations:
        data["workTranslation"] = [
            {"@type": "NewsArticle", "url": settings.SITE_URL + path, "inLanguage": code}
            for code, path in translations.items()
        ]
    return data


def _filed(article, language):
    """Where a story belongs, and what it is about."""
    data = {}
    if article.standfirst:
        data["description"] = article.standfirst
    if article.section is not None:
        data["articleSection"] = article.section.name_in(language).words
    if tags := [tag.name_in(language).words for tag in article.tags.all()]:
        data["keywords"] = tags
    if place := article.dateline_place.strip():
        data["locationCreated"] = {"@type": "Place", "name": place}
        if article.paid_by is None:  # an advertisement has none
            data["dateline"] = place.upper()
    if article.paid_by is not None:
        data["sponsor"] = _organisation(article.paid_by.credit(language))
    if article.series is not None:
        data["isPartOf"] = {
            "@type": "CreativeWorkSeries",
            "name": article.series.name_in(language).words,
            "url": settings.SITE_URL + article.series.get_absolute_url(),
        }
        if article.part is not None:
            data["position"] = article.part
    return data


def _contributed(lines):
    """Whoever is credited for something else than the words."""
    found = {}
    for line in lines:
        names = {name.address or name.words: name for name in line.names}
        if line.kind == "translation":
            found["translator"] = [_named(name) for name in names.values()]
        elif line.kind == "editing":
            # The vocabulary knows editors as people only.
            found["editor"] = [_named(name) for name in names.values() if name.person is not None]
        elif line.kind in _CONTRIBUTED:
            others = found.setdefault("contributor", [])
            others += [one for name in names.values() if (one := _named(name)) not in others]
    return {name: people for name, people in found.items() if people}


def _sources(article, language):
    """The reports that a story relies on, and those that it is made from."""
    cited, basis = [], []
    for citation in article.citations.all():
        work = {
            "@type": "CreativeWork",
            "publisher": _organisation(citation.organisation.credit(language)),
        }
        if citation.url:
            work["url"] = citation.url
        (basis if citation.relation in _BASIS else cited).append(work)
    found = {"citation": cited, "isBasedOn": basis}
    return {name: works for name, works in found.items() if works}


def _pictures(image):
    """A picture in each of the ratios, with whom it is by."""
    found = []
    for recipe in RATIOS:
        if address := rendition_url(image, recipe):
            width, height = rendition_size(image, recipe)
            found.append(
                {
                    "@type": "ImageObject",
                    "url": settings.SITE_URL + address,
                    "width": width,
                    "height": height,
                }
            )
            if image.printed_credit:
                found[-1]["creditText"] = image.printed_credit
    return found


def _named(name):
    """A bylines.Name: a person, or the organisation that stands in for one."""
    return {"@type": "Person"} | _credit(name) if name.person else _organisation(name)


def _organisation(credit):
    return {"@type": "Organization"} | _credit(credit)


def _credit(credit):
    found = {"name": credit[0]}
    if credit.address:
        found["url"] = settings.SITE_URL + credit.address
    return found


def _moment(moment):
    return moment.astimezone(site_zone()).replace(microsecond=0).isoformat()


# Other pages


def crumbs(*places):
    """The way to a page from the home: pairs of words and path, the page itself last."""
    places = [(pgettext("first page of the site", "Home"), reverse("home")), *places]
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {
                "@type": "ListItem",
                "position": number,
                "name": words,
                "item": settings.SITE_URL + path,
            }
            for number, (words, path) in enumerate(places, start=1)
        ],
    }


def crumb(thing):
    """The page of ``thing`` as one of the pairs that ``crumbs`` takes."""
    return thing.name_in(get_language()).words, thing.get_absolute_url()


def profile(person, organisation, links):
    """The page of a person who may be named. ``organisation``: theirs, while it has a page, or None;
    ``links``: addresses elsewhere."""
    language = get_language()
    address = settings.SITE_URL + person.get_absolute_url()
    data = {"@type": "Person", "name": person.name_in(language).words, "url": address}
    if others := {person.name, *person.names.values()} - {data["name"], ""}:
        data["alternateName"] = sorted(others)
    for field, name in (("job_title", "jobTitle"), ("short_bio", "description")):
        if words := getattr(person, f"{field}_in")(language).words:
            data[name] = words
    if words := person.location_in(language).words:
        data["workLocation"] = {"@type": "Place", "name": words}
    if codes := [code for code in person.languages if isinstance(code, str)]:
        data["knowsLanguage"] = codes
    if organisation is not None:
        word = "alumniOf" if person.status == person.Status.FORMER else "worksFor"
        data[word] = _organisation(organisation.credit(language))
    if person.face is not None and (picture := rendition_url(person.face, "portrait-large")):
        data["image"] = settings.SITE_URL + picture
    if same := [link["url"] for link in links if link["url"].startswith("http")]:
        data["sameAs"] = same
    return {"@type": "ProfilePage", "url": address, "mainEntity": data}


def newsroom(chrome):
    """The paper itself: who it is, who makes it, and what it promises. ``chrome``: its surroundings."""
    data = {
        "@type": "NewsMediaOrganization",
        "name": chrome.name.words,
        "url": settings.SITE_URL + reverse("home"),
    }
    if chrome.description.words:
        data["description"] = chrome.description.words
    return data | chrome.publisher


def site(chrome):
    return {
        "@type": "WebSite",
        "name": chrome.name.words,
        "url": settings.SITE_URL + reverse("home"),
        "inLanguage": get_language(),
    }
