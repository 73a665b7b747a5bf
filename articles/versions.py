"""A story as data: every editorial field with credits, regions, tags, sources and picture.

``snapshot`` gives what a Revision stores, ``restore`` writes it back onto the story. Life fields
(status, dates, who entered it) are no part of it: they belong to articles.publishing.
"""

import copy
from typing import NamedTuple

from django.utils.dateparse import parse_date

from articles.models import Article, Byline, Citation, Region, Revision, Section, Series, Tag
from authors.models import Author, Organisation
from images.models import Image

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
RELATIONS = {
    "paid_by": Organisation,
    "dateline_organisation": Organisation,
    "section": Section,
    "series": Series,
    "supersedes": Article,
    "lead_image": Image,
}


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
    set_fields(article, content)
    article.save()
    set_rows(article, content)


def set_fields(article, content):
    """Give the story in hand the words and relations of a snapshot; nothing is written."""
    if content.get("schema") != SCHEMA:
        raise ValueError(f"unknown schema of a version: {content.get('schema')}")
    for name, value in content["fields"].items():
        setattr(article, name, value)
    if isinstance(article.dateline_date, str):
        article.dateline_date = parse_date(article.dateline_date)
    for name, value in content["relations"].items():
        setattr(article, f"{name}_id", value)


def set_rows(article, content):
    """Write the regions, tags, credits and sources of a snapshot. Runs inside a transaction."""
    article.regions.set(content["regions"])
    article.tags.set(list(Tag.objects.filter(pk__in=content["tags"])))
    before = set(article.bylines.exclude(author=None).values_list("author", flat=True))
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
    # Portraits of people who are no longer credited may have to go from public view.
    for author in Author.objects.filter(
        pk__in=before - {r["author_id"] for r in content["bylines"]}
    ):
        author.record_portrait()


class Related(NamedTuple):
    """All that snapshots refer to and that is still there: model -> {primary key: row}.

    A person or tag that was merged stands for its successor.
    """

    rows: dict

    def get(self, model, key):
        row = self.rows[model].get(key)
        return getattr(row, "merged_into", None) or row


def related(*contents):
    """The Related of snapshots: a query for each kind of thing that any of them refers to."""
    wanted = {model: set() for model in (*RELATIONS.values(), Author, Region, Tag)}
    for content in contents:
        for name, key in content["relations"].items():
            wanted[RELATIONS[name]].add(key)
        wanted[Region].update(content["regions"])
        wanted[Tag].update(content["tags"])
        for row in [*content["bylines"], *content["citations"]]:
            wanted[Organisation].add(row["organisation_id"])
            wanted[Author].add(row.get("author_id"))
    sets = {
        Article: Article.objects.defer("body"),
        Author: Author.objects.select_related("portrait", "organisation", "merged_into__portrait"),
        Organisation: Organisation.objects.select_related("logo"),
        Tag: Tag.objects.select_related("merged_into"),
    }
    rows = {}
    for model, keys in wanted.items():
        keys.discard(None)
        rows[model] = sets.get(model, model.objects).in_bulk(keys) if keys else {}
    return Related(rows)


def present(content, known=None):
    """A copy of a snapshot without what is no longer there, and a set of words for what was left
    out: names of its relations, "regions", "tags", "credits", "sources"."""
    known = known or related(content)
    content, gone = copy.deepcopy(content), set()
    for name, key in content["relations"].items():
        row = known.get(RELATIONS[name], key)
        content["relations"][name] = row.pk if row is not None else None
        if key is not None and row is None:
            gone.add(name)
    for name, model in (("regions", Region), ("tags", Tag)):
        rows = [known.get(model, key) for key in content[name]]
        content[name] = list(dict.fromkeys(row.pk for row in rows if row is not None))
        if None in rows:
            gone.add(name)
    credits = {}
    for row in content["bylines"]:
        author = known.get(Author, row["author_id"])
        organisation = known.get(Organisation, row["organisation_id"])
        if author is None and organisation is None:
            gone.add("credits")
            continue
        row |= {
            "author_id": author.pk if author is not None else None,
            "organisation_id": organisation.pk if organisation is not None else None,
        }
        credits.setdefault((row["author_id"], row["organisation_id"], row["role"]), row)
    content["bylines"] = list(credits.values())
    sources = [r for r in content["citations"] if known.get(Organisation, r["organisation_id"])]
    if len(sources) != len(content["citations"]):
        gone.add("sources")
    content["citations"] = sources
    return content, gone


def pending(article):
    """The next version that readers do not see yet, or None."""
    return article.revisions.filter(state__in=Revision.PENDING).first()


def withheld(article):
    """Primary keys of people whose part in the story is known to chiefs only: withheld in any
    version, and not openly credited as it stands."""
    kept = article.revisions.filter(purged_at=None).values_list("content__bylines", flat=True)
    rows = [row for credits in kept for row in credits or [] if row["author_id"]]
    now = list(article.bylines.exclude(author=None).values("author_id", "withheld"))
    hidden = {row["author_id"] for row in [*rows, *now] if row["withheld"]}
    return hidden - {row["author_id"] for row in now if not row["withheld"]}


def purgeable(article):
    """Versions from before the first publication whose content may go: never what the story holds
    now, what readers saw first, nor a pending one."""
    kept = article.revisions.exclude(state__in=Revision.PENDING)
    first = kept.first()
    if article.was_public:
        published = article.transitions.filter(move="publish").last()
        if published is not None:
            first = kept.filter(at__gte=published.at).last()
        else:
            first = kept.filter(at__lte=article.first_published_at).first() or kept.last()
    if first is None:
        return kept.none()
    return kept.filter(pk__lt=first.pk, purged_at=None).exclude(state=Revision.State.LIVE)
