"""What machines are told about a story: schema.org's NewsArticle as JSON-LD.

https://schema.org/NewsArticle and https://developers.google.com/search/docs/appearance/structured-data/article
"""

import json

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.utils.html import format_html

from articles import bylines
from articles.models.article import site_zone
from images.renditions import rendition_url

# What could end the element or begin another one (the same as django.utils.html.json_script).
_ESCAPES = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}


class _Json(str):
    """JSON that may stand in a script element as it is."""

    def __html__(self):
        return self


def script(data):
    """``data`` as a JSON-LD element, safe to print whatever the words in it."""
    text = json.dumps(data, cls=DjangoJSONEncoder, ensure_ascii=False, separators=(",", ":"))
    return format_html(
        '<script type="application/ld+json">{}</script>', _Json(text.translate(_ESCAPES))
    )


def story(article, *, house, image, publisher=None):
    """A story with a page as a dict. ``house``: the Credit of the house; ``image``: or None;
    ``publisher``: what else is known of the house (logo, sameAs ...), a dict."""
    language = article.language
    data = {
        "@context": "https://schema.org",
        "@type": "OpinionNewsArticle" if article.genre == "opinion" else "NewsArticle",
        "headline": article.headline,
        "url": settings.SITE_URL + article.get_absolute_url(),
        "inLanguage": language,
        "datePublished": _moment(article.first_published_at),
        "dateModified": _moment(article.updated_at or article.first_published_at),
        "author": _authors(article, language, house),
        "publisher": _credit("NewsMediaOrganization", house) | (publisher or {}),
    }
    if article.standfirst:
        data["description"] = article.standfirst
    if article.section is not None:
        data["articleSection"] = article.section.name_in(language).words
    if article.dateline_place:
        data["dateline"] = article.dateline_place.upper()
    if image is not None and (address := rendition_url(image, "social")):
        data["image"] = [settings.SITE_URL + address]
    corrections = article.printed_corrections()
    if corrections:
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
            "url": settings.SITE_URL + original.get_absolute_url(),
            "inLanguage": original.language,
        }
    return data


def _authors(article, language, house):
    line = bylines.lines(article, language, house)[0]
    return [
        _credit("Person" if name.person is not None else "Organization", name)
        for name in line.names
    ]


def _credit(kind, credit):
    found = {"@type": kind, "name": credit[0]}
    if credit.address:
        found["url"] = settings.SITE_URL + credit.address
    return found


def _moment(moment):
    return moment.astimezone(site_zone()).replace(microsecond=0).isoformat()
