"""A story as data: every editorial field with credits, regions, tags, sources and picture.

``snapshot`` gives what a Revision stores, ``restore`` writes it back onto the story. Life fields
(status, dates, who entered it) are no part of it: they belong to articles.publishing.
"""

import copy
import datetime
from typing import NamedTuple

from django.db.models import F

from articles import merging
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
    "may_not_be_republished",
]
RELATIONS = {
    "paid_by": Organisation,
    "dateline_organisation": Organisation,
    "section": Section,
    "series": Series,
    "supersedes": Article,
    "lead_image": Image,
}


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
        bylines=[credit_of(byline) for byline in article.bylines.all()],
        citations=[source_of(citation) for citation in article.citations.all()],
    )


def credit_of(byline):
    """A Byline as a snapshot has it."""
    return {
        "author_id": byline.author_id,
        "organisation_id": byline.organisation_id,
        "role": str(byline.role),
        "withheld": byline.withheld,
    }


def source_of(citation):
    """A Citation as a snapshot has it."""
    return {
        "organisation_id": citation.organisation_id,
        "relation": str(citation.relation),
        "url": citation.url,
    }


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


def set_fields(article, content):
    """Set a snapshot's own fields on the story in memory; nothing is written."""
    if content["schema"] != SCHEMA:
        raise ValueError(f"unknown schema of a version: {content['schema']}")
    for name, value in content["fields"].items():
        setattr(article, name, value)
    if isinstance(article.dateline_date, str):
        article.dateline_date = datetime.date.fromisoformat(article.dateline_date)
    for name, value in content["relations"].items():
        setattr(article, f"{name}_id", value)


def set_planning(article, content):
    """Set the planning fields of a snapshot on the story in memory; nothing is written."""
    for name in PLANNING:
        setattr(article, f"{name}_id", content["planning"][name])
    for name in PLANNED_TIMES:
        setattr(article, name, moment_of(content["planning"][name]))


def set_rows(article, content):
    """Write the regions, tags, credits and sources of a snapshot. Runs inside a transaction.

    Credits that stay keep their row; who was merged meanwhile is credited as the successor.
    """
    article.regions.set(content["regions"])
    tags = Tag.objects.filter(pk__in=content["tags"]).select_related("merged_into")
    article.tags.set(list({tag.merged_into or tag for tag in tags}))
    present = {(b.author_id, b.organisation_id, b.role): b for b in article.bylines.all()}
    wanted = {
        (row["author_id"], row["organisation_id"], row["role"]): (position, row["withheld"])
        for position, row in enumerate(content["bylines"])
    }
    wanted = _with_successors(wanted, new=wanted.keys() - present.keys())
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
    _set_citations(article, content["citations"])


def _set_citations(article, rows):
    present = list(article.citations.values_list("organisation_id", "relation", "url"))
    wanted = [(row["organisation_id"], row["relation"], row["url"]) for row in rows]
    merged = successors(Organisation, {row[0] for row in wanted} - {row[0] for row in present})
    wanted = [(merged.get(number, number), *rest) for number, *rest in wanted]
    wanted = list(dict.fromkeys(wanted)) if merged else wanted
    if wanted != present:
        article.citations.all().delete()
        Citation.objects.bulk_create(
            Citation(article=article, position=n, organisation_id=number, relation=what, url=url)
            for n, (number, what, url) in enumerate(wanted)
        )


def successors(model, numbers):
    """Of people, organisations or tags those that were merged: number -> that of the successor."""
    if not numbers:
        return {}
    found = model.objects.filter(pk__in=numbers, merged_into__isnull=False)
    return dict(found.values_list("pk", "merged_into"))


def _with_successors(wanted, *, new):
    """Credits by (person, organisation, role), of which ``new`` stand in no row yet."""
    people = successors(Author, {author for author, _organisation, _role in new} - {None})
    others = successors(
        Organisation, {organisation for _author, organisation, _role in new} - {None}
    )
    credits = {}
    for (author, organisation, role), (position, withheld) in wanted.items():
        key = people.get(author, author), others.get(organisation, organisation), role
        before = credits.get(key, (position, False))
        credits[key] = before[0], withheld or before[1]
    return credits


def restore(article, content):
    """Write a snapshot onto the story and its related rows. Runs inside a transaction."""
    set_fields(article, content)
    article.save()
    set_rows(article, content)


class Related(NamedTuple):
    """All that snapshots refer to and that is still there: model -> {primary key: row}.

    A person, organisation or tag that was merged stands for its successor.
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
        Organisation: Organisation.objects.select_related("logo", "merged_into__logo"),
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
    sources = {}
    for row in content["citations"]:
        organisation = known.get(Organisation, row["organisation_id"])
        if organisation is None:
            gone.add("sources")
            continue
        row["organisation_id"] = organisation.pk
        sources.setdefault((organisation.pk, row["relation"], row["url"]), row)
    content["citations"] = list(sources.values())
    return content, gone


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


def lives(article, since):
    """The versions of the story's row from ``since`` on, oldest first: ``life`` is the state and
    time of each (see ``life_of``), ``by`` whose it is. Those that are not kept are left out."""
    kept = of_row(article).filter(version__gte=since, purged_at=None).order_by("version", "pk")
    return kept.annotate(life=F("content__life")).defer("content").select_related("by")


def said(article, opened_at, saved_at=None):
    """What a form that was opened at a version holds before anything more is typed, as a snapshot.

    ``saved_at``: the version it made when it was sent, or None. Then the form says what it was
    opened with and what that save changed, but nothing of what others had saved in between.
    """
    opened = at(article, opened_at)
    before, after = (at(article, saved_at - 1), at(article, saved_at)) if saved_at else (None, None)
    if opened is None or before is None or after is None:
        return opened
    both = merging.merge(before, opened, after)
    # Where the save was decided against others, the form says what was decided.
    decided = dict.fromkeys((collision.key for collision in both.open), merging.THEIRS)
    content = merging.merge(before, opened, after, decided).content
    # The address follows the headline when it is saved: the form does not say so yet.
    content["fields"]["slug"] = opened["fields"]["slug"]
    return content


def pending(article):
    """The next version that readers do not see yet, or None."""
    return (
        article.revisions.filter(state__in=Revision.PENDING)
        .select_related("based_on", "by")
        .first()
    )


def withheld(article):
    """Primary keys of people whose part in the story is known to chiefs only: withheld in any
    version, and not openly credited as it stands."""
    kept = article.revisions.filter(purged_at=None).values_list("content__bylines", flat=True)
    rows = [row for credits in kept for row in credits or [] if row["author_id"]]
    now = list(article.bylines.exclude(author=None).values("author_id", "withheld"))
    hidden = {row["author_id"] for row in [*rows, *now] if row["withheld"]}
    if hidden:
        # Who was merged since stands in old versions under the number of before.
        merged = Author.objects.filter(pk__in=hidden).exclude(merged_into=None)
        hidden |= set(merged.values_list("merged_into", flat=True))
    return hidden - {row["author_id"] for row in now if not row["withheld"]}


def purgeable(article):
    """Versions from before the first publication whose content may go: never what the story holds
    now, what readers saw first, nor a pending one."""
    kept = of_row(article)
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
