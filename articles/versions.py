"""A story as data: every editorial field with credits, regions, tags, sources and picture.

``snapshot`` gives what a Revision stores, ``restore`` writes it back onto the story. Life fields
(status, dates, who entered it) are no part of it: they belong to articles.publishing.
"""

import datetime

from articles.models import Byline, Citation, Revision, Tag
from authors.models import Author

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


PLANNING = ["assigned_to", "translated_from"]
PLANNED_TIMES = ["due_at", "embargo_until"]
# Of a version that is not kept, nothing is known.
NOTHING = {
    "schema": SCHEMA,
    "fields": {},
    "relations": {},
    "regions": [],
    "tags": [],
    "bylines": [],
    "citations": [],
    "planning": {},
    "life": {},
}


def snapshot(article):
    """The story as a JSON-ready dict: ``{"schema": 1, "fields": {...}, "bylines": [...], ...}``.

    Related rows stand as primary keys; dates as ISO 8601 text. ``planning`` and ``life`` (state and
    time) are kept to see what changed; ``restore`` never writes them.
    """
    return content_of(
        article,
        regions=[region.pk for region in article.regions.all()],
        tags=[tag.pk for tag in article.tags.all()],
        bylines=[
            {
                "author_id": byline.author_id,
                "organisation_id": byline.organisation_id,
                "role": str(byline.role),
                "withheld": byline.withheld,
            }
            for byline in article.bylines.all()
        ],
        citations=[
            {
                "organisation_id": citation.organisation_id,
                "relation": str(citation.relation),
                "url": citation.url,
            }
            for citation in article.citations.all()
        ],
    )


def content_of(article, *, regions, tags, bylines, citations):
    """A snapshot of the story's own fields as they stand on the object, with the rows given."""
    fields = {name: getattr(article, name) for name in FIELDS}
    if fields["dateline_date"]:
        fields["dateline_date"] = f"{fields['dateline_date']:%Y-%m-%d}"
    planning = {name: getattr(article, f"{name}_id") for name in PLANNING}
    planning |= {name: _iso(getattr(article, name)) for name in PLANNED_TIMES}
    return {
        "schema": SCHEMA,
        "fields": fields,
        "relations": {name: getattr(article, f"{name}_id") for name in RELATIONS},
        "regions": sorted(regions),
        "tags": sorted(tags),
        "bylines": list(bylines),
        "citations": list(citations),
        "planning": planning,
        "life": life_of(article),
    }


def life_of(article):
    """A story's state and time as a snapshot has them."""
    return {"status": str(article.status), "published_at": _iso(article.published_at)}


def _iso(moment):
    return moment and moment.astimezone(datetime.UTC).isoformat()


def moment_of(text):
    """The aware datetime that a snapshot holds as text; None for None."""
    return text and datetime.datetime.fromisoformat(text)


def put(article, content):
    """Set a snapshot's own fields on the story in memory; nothing is written."""
    if content["schema"] != SCHEMA:
        raise ValueError(f"unknown schema of a version: {content['schema']}")
    for name, value in content["fields"].items():
        setattr(article, name, value)
    if isinstance(article.dateline_date, str):
        article.dateline_date = datetime.date.fromisoformat(article.dateline_date)
    for name, value in content["relations"].items():
        setattr(article, f"{name}_id", value)


def put_planning(article, content):
    """Set the planning fields of a snapshot on the story in memory; nothing is written."""
    for name in PLANNING:
        setattr(article, f"{name}_id", content["planning"][name])
    for name in PLANNED_TIMES:
        setattr(article, name, moment_of(content["planning"][name]))


def write_rows(article, content):
    """Write the regions, tags, credits and sources of a snapshot. Runs inside a transaction.

    Credits that stay keep their row.
    """
    article.regions.set(content["regions"])
    article.tags.set(list(Tag.objects.filter(pk__in=content["tags"])))
    present = {(b.author_id, b.organisation_id, b.role): b for b in article.bylines.all()}
    wanted = {
        (row["author_id"], row["organisation_id"], row["role"]): (position, row["withheld"])
        for position, row in enumerate(content["bylines"])
    }
    gone = [byline for key, byline in present.items() if key not in wanted]
    article.bylines.filter(pk__in=[byline.pk for byline in gone]).delete()
    for key, (position, withheld) in wanted.items():
        author, organisation, role = key
        old = present.get(key) or Byline(
            article=article, author_id=author, organisation_id=organisation, role=role
        )
        if old.pk is None or (old.position, old.withheld) != (position, withheld):
            old.position, old.withheld = position, withheld
            old.save()
    # Portraits of people who are no longer credited may have to go from public view.
    for person in Author.objects.filter(pk__in=[b.author_id for b in gone if b.author_id]):
        person.record_portrait()
    citations = [(r["organisation_id"], r["relation"], r["url"]) for r in content["citations"]]
    if citations != list(article.citations.values_list("organisation_id", "relation", "url")):
        article.citations.all().delete()
        Citation.objects.bulk_create(
            Citation(article=article, position=number, **row)
            for number, row in enumerate(content["citations"])
        )


def restore(article, content):
    """Write a snapshot onto the story and its related rows. Runs inside a transaction."""
    put(article, content)
    article.save()
    write_rows(article, content)


def of_row(article):
    """The versions of what stands in the story's row, newest first; not those of a next version."""
    return article.revisions.filter(state__in=[Revision.State.LIVE, Revision.State.PAST])


def current(article):
    """The Revision of what the story's row says now, or None."""
    return of_row(article).select_related("by").first()


def at(article, version):
    """What the story's row said at one of its versions, as a snapshot; None where that is not kept."""
    revision = of_row(article).filter(version=version).first()
    return revision.content if revision and revision.content else None


def pending(article):
    """The next version that readers do not see yet, or None."""
    return (
        article.revisions.filter(state__in=Revision.PENDING)
        .select_related("based_on", "by")
        .first()
    )
