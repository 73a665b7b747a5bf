"""One change on several stories at once: story by story, each in a transaction of its own.

What is chosen comes with the version at which each story was seen; what somebody changed since
stays as it is. Nothing is written here but by articles.publishing, which asks who may.
"""

from collections.abc import Callable
from typing import NamedTuple

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from articles import changes, merges, permissions, publishing, states, versions
from articles.models import Article, Filing, Tag

MOST = 100  # stories at once


class Left(NamedTuple):
    """A story that stays as it is, and why. ``may_open``: whether it may be led to."""

    story: Article
    why: list[str]
    may_open: bool = True


class Outcome(NamedTuple):
    """What became of the stories that were chosen.

    ``same``: those that said so already; ``undecided``: of those done, the ones whose next version
    changes the same place; ``unknown``: how many are not there, or are not to be known of.
    """

    done: list[Article]
    same: list[Article]
    left: list[Left]
    undecided: list[Article]
    unknown: int


def known(numbers, *, by):
    """Of the stories of these numbers those that ``by`` may know of: number -> story."""
    stories = permissions.visible_stories(by, Article.objects.all())
    stories = states.with_returned(stories).select_related("section", "assigned_to")
    return stories.in_bulk(numbers)


def hindrance(story, opened_at, *, by, may: Callable):
    """Why a story that was seen at version ``opened_at`` is left as it is, as a Left; or None."""
    if not permissions.can_read(by, story):
        return Left(story, [_("It is not yours to change.")], may_open=False)
    if story.version != opened_at:
        return Left(story, [overtaken(story, by)])
    if not may(by, story):
        return Left(story, [not_allowed(story, by)])
    return None


def overtaken(story, by):
    last = _last(story)
    who = last.by if last else None
    words = (
        _("You changed it at %(time)s, after this was shown; it was left as it is.")
        if who == by
        else _("%(who)s changed it at %(time)s; it was left as it is.")
    )
    return words % {"who": changes.person(who), "time": states.moment(story.modified_at)}


def not_allowed(story, by):
    if not permissions.is_editor(by):
        if permissions.can_propose(by, story):
            return _("It is live: a change of yours waits for an editor. Make it in its form.")
        if not permissions.is_own(by, story):
            return _("It is not yours to change.")
    return _("This cannot be done while its state is: %(state)s.") % {
        "state": states.of(story).label
    }


def _last(story):
    return versions.of_row(story).select_related("by").defer("content").first()


def make(chosen, *, by, may: Callable, change: Callable, reason):
    """Make one change on each story of ``chosen`` (number -> version at which it was seen).

    ``may(by, story)`` as in articles.permissions; ``change(story)`` makes it, and returns False
    where there is nothing to change. ``reason``: what the Revision will say; by it what ``by`` did
    a moment ago, with a first click, is known as done.
    """
    outcome = Outcome([], [], [], [], 0)
    unknown = 0
    for number, opened_at in chosen.items():
        story = None
        try:
            with transaction.atomic():
                merges.hold_off()
                stories = permissions.visible_stories(by, Article.objects.select_for_update())
                story = stories.filter(pk=number).first()
                if story is None:
                    unknown += 1
                    continue
                if (left := hindrance(story, opened_at, by=by, may=may)) is not None:
                    if left.may_open and _is_repeated(story, opened_at, by, reason):
                        outcome.done.append(story)
                    else:
                        outcome.left.append(left)
                    continue
                is_changed = change(story) is not False
        except publishing.Refused as refused:
            outcome.left.append(Left(story, refused.messages))
        except PermissionDenied:
            outcome.left.append(Left(story, [_("It is not yours to change.")]))
        else:
            (outcome.done if is_changed else outcome.same).append(story)
            if is_changed and _is_undecided(story):
                outcome.undecided.append(story)
    return outcome._replace(unknown=unknown)


def _is_repeated(story, opened_at, by, reason):
    if story.version != (opened_at or 0) + 1:
        return False
    last = _last(story)
    return last is not None and (last.by, last.reason) == (by, reason)


def _is_undecided(story):
    if not story.is_live:
        return False
    pending = versions.pending(story)
    return pending is not None and pending.based_on != _last(story)


# Changes, each for ``make``: onto a story that is locked, in the transaction of this one


def publish(story, *, by, reason, passed):
    """Publish now, if nothing is missing and each warning is ``passed``, by its code."""
    left = [w for w in publishing.warnings(story) if w.code and w.code not in passed]
    if missing := publishing.problems(story) + left:
        raise publishing.Refused(missing)
    publishing.publish(story, by=by)


def assign(story, *, by, to, reason):
    """Say who is to write a story; ``to``: a login, or None for nobody."""
    if story.assigned_to == to:
        return False
    story.assigned_to = to
    if to is not None and not permissions.can_note(to, story):
        raise publishing.Refused(
            [
                publishing.Problem(
                    "assigned_to",
                    _("It is restricted, and not open to %(who)s.") % {"who": changes.person(to)},
                )
            ]
        )
    return _save(story, by, reason)


def set_section(story, *, by, section, reason):
    if story.section_id == section.pk:
        return False
    story.section = section
    return _save(story, by, reason)


def set_part(story, *, by, part, reason):
    """Say which part of its series a story is; None for no number."""
    if story.part == part:
        return False
    story.part = part
    return _save(story, by, reason)


def add_tags(story, *, by, tags, reason):
    """Add tags by their names; a new name makes a tag, if the story takes it."""
    missing = set(Tag.objects.named(tags)) - set(story.tags.all())
    return bool(missing) and _save(story, by, reason, lambda: story.tags.add(*missing))


def add_regions(story, *, by, regions, reason):
    missing = set(regions) - set(story.regions.all())
    return bool(missing) and _save(story, by, reason, lambda: story.regions.add(*missing))


def remove_tag(story, *, by, tag, reason):
    filings = Filing.objects.filter(content_object=story, tag=tag)
    return filings.exists() and _save(story, by, reason, filings.delete)


def _save(story, by, reason, write_rows=lambda: None):
    publishing.save(story, by=by)
    write_rows()
    publishing.record(story, by=by, reason=reason)
    return True
