"""The lists on the front page of the desk."""

from typing import NamedTuple

from django.db.models import Prefetch, prefetch_related_objects
from django.utils.translation import gettext_lazy as _

from articles import permissions, states
from articles.models import Article


class List(NamedTuple):
    """``code``: of a state, or "mine", as the list of stories knows it."""

    code: str
    name: str
    empty: str
    stories: list


def of(user, rows):
    """The lists of a login, each with its first ``rows`` stories, in a fixed number of queries."""
    stories = permissions.visible_stories(user, Article.objects.all())
    lists = [
        (
            "mine",
            _("My stories"),
            _("No unpublished stories of yours right now."),
            _unpublished(permissions.own_stories(user, stories)).order_by("-modified_at"),
        ),
        (
            "in_review",
            _("In review"),
            _("Nothing waits for an editor."),
            states.in_state(stories, "in_review").order_by("modified_at"),
        ),
        (
            "scheduled",
            _("Scheduled"),
            _("Nothing is scheduled."),
            states.in_state(stories, "scheduled").order_by("published_at"),
        ),
        (
            "returned",
            _("Returned"),
            _("Nothing waits for its writer."),
            states.in_state(stories, "returned").order_by("-modified_at"),
        ),
        (
            "ready",
            _("Ready"),
            _("Nothing is ready and without a time."),
            states.in_state(stories, "ready").order_by("-modified_at"),
        ),
        (
            "pulled",
            _("Pulled"),
            "",
            states.in_state(stories, "pulled").order_by("-down_at"),
        ),
    ]
    shown = [
        List(code, name, empty, list(_with_rows(found)[:rows]))
        for code, name, empty, found in lists
    ]
    credits = (
        permissions.known_bylines(user)
        .select_related("author", "organisation")
        .order_by("position", "pk")
    )
    prefetch_related_objects(
        [story for each in shown for story in each.stories], Prefetch("bylines", queryset=credits)
    )
    numbers = {story.pk for each in shown for story in each.stories}
    may_open = set(
        permissions.readable_stories(user, Article.objects.filter(pk__in=numbers)).values_list(
            "pk", flat=True
        )
    )
    for each in shown:
        for story in each.stories:
            story.may_be_opened = story.pk in may_open
    return [each for each in shown if each.stories or each.empty]


def _unpublished(stories):
    return stories.filter(status__in=["draft", "in_review", "ready"])


def _with_rows(stories):
    return states.with_returned(stories).select_related("section").defer("body")
