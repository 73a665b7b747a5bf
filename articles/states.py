"""The states of a story as the desk speaks of them: those that are stored, and those that follow."""

from typing import NamedTuple

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy
from django.utils.translation import pgettext_lazy as pgettext

from articles import clock
from articles.models import Note, Revision

LABELS = {
    "draft": pgettext("state of a story", "Draft"),
    "returned": pgettext("state of a story", "Returned"),
    "in_review": pgettext("state of a story", "In review"),
    "ready": pgettext("state of a story", "Ready"),
    "scheduled": pgettext("state of a story", "Scheduled"),
    "live": pgettext("state of a story", "Live"),
    "pulled": pgettext("state of a story", "Pulled"),
    "withdrawn": pgettext("state of a story", "Withdrawn"),
    "retracted": pgettext("state of a story", "Retracted"),
    "spiked": pgettext("state of a story", "Spiked"),
}
NEW = gettext_lazy("New")


class State(NamedTuple):
    """``code``: a key of LABELS; ``label``: in words, with the time where there is one."""

    code: str
    label: str


def of(article):
    """The State of a story. Costs a query for a draft that ``with_returned`` has not loaded."""
    code = article.status
    if code == "published":
        code = "scheduled" if article.is_scheduled else "live"
    elif code == "draft" and _is_returned(article):
        code = "returned"
    if code == "scheduled":
        return State(code, gettext("Scheduled for %s") % moment(article.published_at))
    return State(code, str(LABELS[code]))


def of_next(version):
    """The State of the next version of a live story (a Revision, or None for one that begins)."""
    if version is None:
        return State("draft", gettext("Next version: new"))
    code = {"working": "draft", "approved": "scheduled"}.get(version.state, version.state)
    words = version.get_state_display()
    if version.due_at:
        words = gettext("scheduled for %s") % moment(version.due_at)
    return State(code, gettext("Next version: %s") % words)


def _is_returned(article):
    if hasattr(article, "has_open_return"):
        return article.has_open_return
    return article.notes.filter(kind="return", closed_at=None).exists()


def with_returned(stories):
    """A queryset that knows of its drafts whether they were returned."""
    open_returns = Note.objects.filter(article=OuterRef("pk"), kind="return", closed_at=None)
    return stories.annotate(has_open_return=Exists(open_returns))


def in_state(stories, code):
    """Of a queryset, the stories in one of the states of LABELS."""
    now = timezone.now()
    if code == "scheduled":
        return stories.filter(status="published", published_at__gt=now)
    if code == "live":
        return stories.filter(status="published", published_at__lte=now)
    if code == "in_review":
        # Also live stories whose next version waits for an editor.
        waiting = Revision.objects.filter(state=Revision.State.IN_REVIEW)
        return stories.filter(Q(status=code) | Q(pk__in=waiting.values("article")))
    if code in {"draft", "returned"}:
        stories = with_returned(stories).filter(status="draft")
        return stories.filter(Q(has_open_return=code == "returned"))
    return stories.filter(status=code)


def moment(time):
    """A moment in the site's zone, short: "24 Nov, 06:00 Bishkek"; see articles.clock."""
    return clock.text(time)
