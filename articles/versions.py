"""A story as data: every editorial field with credits, regions, tags, sources and picture.

``snapshot`` gives what a Revision stores, ``restore`` writes it back onto the story. Life fields
(status, dates, who entered it) are no part of it: they belong to articles.publishing.
"""

from articles.models import Byline, Citation, Revision, Tag

SCHEMA = 1
FIELDS = [
    "headline",
    "kicker",
    "standfirst",
    "slug",
    "body",
    "language",
    "genre",
    "dateline_place",
    "dateline_date",
    "part",
    "lead_caption",
    "canonical_url",
    "seo_title",
    "seo_description",
    "noindex",
]
RELATIONS = ["paid_by", "dateline_organisation", "section", "series", "supersedes", "lead_image"]


def snapshot(article):
    """The story as a JSON-ready dict: ``{"schema": 1, "fields": {...}, "bylines": [...], ...}``.

    Related rows stand as primary keys; dates as ISO 8601 text.
    """
    fields = {name: getattr(article, name) for name in FIELDS}
    if fields["dateline_date"]:
        fields["dateline_date"] = f"{fields['dateline_date']:%Y-%m-%d}"
    return {
        "schema": SCHEMA,
        "fields": fields,
        "relations": {name: getattr(article, f"{name}_id") for name in RELATIONS},
        "regions": sorted(article.regions.values_list("pk", flat=True)),
        "tags": sorted(article.tags.values_list("pk", flat=True)),
        "bylines": list(
            article.bylines.order_by("position", "pk").values(
                "author_id", "organisation_id", "role", "withheld"
            )
        ),
        "citations": list(
            article.citations.order_by("position", "pk").values(
                "organisation_id", "relation", "url"
            )
        ),
    }


def restore(article, content):
    """Write a snapshot onto the story and its related rows. Runs inside a transaction."""
    if content["schema"] != SCHEMA:
        raise ValueError(f"unknown schema of a version: {content['schema']}")
    for name, value in content["fields"].items():
        setattr(article, name, value)
    for name, value in content["relations"].items():
        setattr(article, f"{name}_id", value)
    article.save()
    article.regions.set(content["regions"])
    article.tags.set(list(Tag.objects.filter(pk__in=content["tags"])))
    article.bylines.all().delete()
    Byline.objects.bulk_create(
        Byline(article=article, position=number, **row)
        for number, row in enumerate(content["bylines"])
    )
    article.citations.all().delete()
    Citation.objects.bulk_create(
        Citation(article=article, position=number, **row)
        for number, row in enumerate(content["citations"])
    )


def pending(article):
    """The next version that readers do not see yet, or None."""
    return article.revisions.filter(state__in=Revision.PENDING).first()
