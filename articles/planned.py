"""What is coming: publications, next versions, ends of embargoes, and drafts that are due."""

import datetime
from typing import NamedTuple

from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import pgettext_lazy as pgettext

from addresses.languages import codes
from articles import permissions, states
from articles.models import Article, Revision

KINDS = {
    "live": pgettext("planned", "Goes live"),
    "version": pgettext("planned", "Next version"),
    "embargo": pgettext("planned", "Embargo ends"),
    "due": pgettext("planned", "Due"),
}
_OPEN = ["draft", "in_review", "ready"]


class Entry(NamedTuple):
    """``at``: an aware moment; ``kind``: a key of KINDS; ``story`` knows whether it may be opened."""

    at: datetime.datetime
    kind: str
    story: Article

    @property
    def label(self):
        return KINDS[self.kind]


def coming(user, since=None, until=None, *, most):
    """Entries from ``since`` to before ``until`` (both may be None) for a login, in order of time.

    The first ``most`` and one more where there are more, in a fixed number of queries. What goes
    live lies ahead; what is due may lie behind. Restricted stories are for the people named on them.
    """
    now = timezone.now()
    visible = permissions.visible_stories(user, Article.objects.all())
    stories = states.with_returned(visible).select_related("section", "assigned_to").defer("body")
    # Named languages let the index of published stories be used: those to come are its newest.
    scheduled = stories.filter(status="published", language__in=codes(), published_at__gt=now)
    embargoed = (
        stories.filter(embargo_until__gt=now)
        .filter(Q(status__in=_OPEN) | Q(status="published", published_at__gt=now))
        .exclude(status="published", published_at=F("embargo_until"))
    )
    versions = (
        Revision.objects.filter(state=Revision.State.APPROVED, due_at__gt=now)
        .select_related("article__section", "article__assigned_to")
        .defer("content", "article__body")
    )
    found = []
    for kind, field, rows in (
        ("live", "published_at", scheduled),
        ("version", "due_at", versions),
        ("embargo", "embargo_until", embargoed),
        ("due", "due_at", stories.filter(status__in=_OPEN, due_at__isnull=False)),
    ):
        if since is not None:
            rows = rows.filter(**{f"{field}__gte": since})
        if until is not None:
            rows = rows.filter(**{f"{field}__lt": until})
        rows = rows.order_by(field, "pk")
        if kind == "version":
            # Few are approved at a time; asked about one by one they cost no look at all stories.
            rows = list(rows)
            numbers = [row.article_id for row in rows]
            known = set(visible.filter(pk__in=numbers).order_by().values_list("pk", flat=True))
            rows = [row for row in rows if row.article_id in known]
        for row in rows[: most + 1]:
            story = row.article if kind == "version" else row
            found.append(Entry(getattr(row, field), kind, story))
    found = sorted(found, key=lambda entry: (entry.at, entry.story.pk))[: most + 1]
    numbers = {entry.story.pk for entry in found}
    may_open = set(
        permissions.readable_stories(user, Article.objects.filter(pk__in=numbers)).values_list(
            "pk", flat=True
        )
    )
    for entry in found:
        entry.story.may_be_opened = entry.story.pk in may_open
    return found
