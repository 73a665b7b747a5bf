"""Stories that come from elsewhere with a past of their own: written once, as they are to be.

The desk saves a story, credits it, files it and publishes it, each time with a version. One that was
public elsewhere for years arrives in one step: its row, what hangs on it, one Revision, and a line of
audit where readers may see it. Nobody hears of it: it is old news.
"""

from typing import NamedTuple

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from addresses.slugs import free_slug, slugify
from articles import merges, permissions, publishing, versions
from articles.models import Article, Byline, Citation, Filing, Revision, Transition
from articles.search import index
from articles.signals import article_changed
from authors.models import Author
from images.models import record_uses


class Rows(NamedTuple):
    """What hangs on a story: ``bylines`` and ``citations`` in their order, not saved and without the
    story, their people and organisations loaded; ``tags`` and ``regions`` saved."""

    bylines: list = []
    tags: list = []
    regions: list = []
    citations: list = []


def arrive(article, rows, *, by, reason, at=None, modified_at=None):
    """Write a new story with its Rows; readers see it since ``at``, a moment that has passed, or it is
    a draft without.

    Its address has the day that stands in ``address_date``, else that of ``at``, and a slug that is
    free then. A lead picture without an alternative text does not keep it from readers who had both.
    ``modified_at``: ``at``, or now, by default. Returns its SearchEntry, whose words are counted by whoever calls
    (index.count), or None. Raises PermissionDenied, or Refused.
    """
    now = timezone.now()
    with transaction.atomic():
        merges.hold_off()
        if not (permissions.can_write(by) and (at is None or permissions.can_publish(by, article))):
            raise PermissionDenied
        if at is not None:
            missing = publishing.problems(article, is_credited=bool(rows.bylines))
            if missing := [problem for problem in missing if problem.field != "lead_image"]:
                raise publishing.Refused(missing)
            publishing.make_public(article, at)
        article.entered_by, article.entered_at = by, now
        article.modified_at = modified_at or at or now
        _insert(article)
        _hang(article, rows)
        if at is not None:
            draft, public = Article.Status.DRAFT, article.status
            Transition.objects.create(
                article=article, move="publish", before=draft, after=public, by=by
            )
        Revision.objects.create(
            article=article,
            version=article.version,
            by=by,
            reason=reason,
            is_substantive=False,
            content=_content(article, rows),
            state=Revision.State.PAST if at is None else Revision.State.LIVE,
        )
        if uses := publishing.uses_of(article):
            record_uses(f"story {article.pk}", uses)
        if at is None:
            return None
        people = {byline.author_id for byline in rows.bylines} - {None}
        for person in Author.objects.filter(pk__in=people, portrait__isnull=False).order_by("pk"):
            person.record_portrait()
        entry = index.entry_of(article, index.marks(article, *rows))
        entry.save(force_insert=True)
        transaction.on_commit(
            lambda: article_changed.send(sender=Article, article=article.pk, move="publish")
        )
    return entry


def _insert(article):
    """Save the row with a slug that is free, also where another takes it at this moment."""
    wanted = slugify(article.slug or article.headline, article.language)
    is_taken = publishing.at_same_address(article)
    while True:
        article.slug = free_slug(wanted, is_taken) if article.address_date else wanted
        try:
            with transaction.atomic():
                article.save(force_insert=True)
                return
        except IntegrityError:
            if not article.address_date or not is_taken(article.slug):
                raise


def _hang(article, rows):
    for position, each in enumerate(rows.bylines):
        each.article, each.position = article, position
    for position, each in enumerate(rows.citations):
        each.article, each.position = article, position
    Byline.objects.bulk_create(rows.bylines)
    Citation.objects.bulk_create(rows.citations)
    Filing.objects.bulk_create(Filing(tag=tag, content_object=article) for tag in rows.tags)
    through = Article.regions.through
    through.objects.bulk_create(through(article=article, region=region) for region in rows.regions)


def _content(article, rows):
    return versions.content_of(
        article,
        regions=[region.pk for region in rows.regions],
        tags=[tag.pk for tag in rows.tags],
        bylines=[versions.credit_of(each) for each in rows.bylines],
        citations=[versions.source_of(each) for each in rows.citations],
    )
