"""The moves that the story form offers: what articles.publishing can do, with what each asks for."""

from collections.abc import Callable
from typing import NamedTuple

from django import forms
from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext_lazy as _

from articles import permissions, previews, publishing
from articles.forms.moves import (
    CorrectionForm,
    NoteForm,
    ReasonForm,
    ReturnForm,
    ScheduleForm,
    ShareForm,
    WithdrawForm,
)


class Move(NamedTuple):
    """``may(user, article)`` decides whether it is offered; publishing.* decides whether it is made.

    ``make(article, by, data)`` gets the cleaned data of ``form``. ``done``: said afterwards.
    """

    name: str
    label: str
    may: Callable
    make: Callable
    done: str
    form: type[forms.Form] | None = None
    is_grave: bool = False


MOVES = {
    move.name: move
    for move in [
        Move(
            "submit",
            _("Submit for review"),
            permissions.can_submit,
            lambda article, by, data: publishing.submit(article, by=by),
            _("It is in review now."),
        ),
        Move(
            "take-back",
            _("Take back"),
            permissions.can_take_back,
            lambda article, by, data: publishing.take_back(article, by=by),
            _("It is a draft again."),
        ),
        Move(
            "publish",
            _("Publish"),
            permissions.can_publish,
            lambda article, by, data: publishing.publish(article, by=by),
            _("It is live."),
        ),
        Move(
            "schedule",
            _("Schedule"),
            permissions.can_publish,
            lambda article, by, data: publishing.publish(article, by=by, at=data["at"]),
            _("It is scheduled."),
            form=ScheduleForm,
        ),
        Move(
            "unschedule",
            _("Take off its time"),
            permissions.can_unschedule,
            lambda article, by, data: publishing.unschedule(article, by=by),
            _("It is ready, without a time."),
        ),
        Move(
            "return",
            _("Return to the writer"),
            permissions.can_return,
            lambda article, by, data: publishing.return_(article, by=by, note=data["note"]),
            _("It is returned."),
            form=ReturnForm,
        ),
        Move(
            "approve",
            _("Mark as ready"),
            permissions.can_approve,
            lambda article, by, data: publishing.approve(article, by=by),
            _("It is ready."),
        ),
        Move(
            "correct",
            _("Correct"),
            permissions.can_correct,
            lambda article, by, data: publishing.correct(
                article, by=by, kind=data["kind"], text=data["text"]
            ),
            _("The correction is published."),
            form=CorrectionForm,
        ),
        Move(
            "share",
            _("Link to share a preview"),
            permissions.can_share_preview,
            lambda article, by, data: (
                previews.share(article, by=by, lasts=data["lasts"]),
                data["lasts"],
            ),
            "",
            form=ShareForm,
        ),
        Move(
            "release",
            _("Release"),
            permissions.can_release,
            lambda article, by, data: publishing.release(article, by=by),
            _("It is live again."),
        ),
        Move(
            "pull",
            _("Pull"),
            permissions.can_pull,
            lambda article, by, data: publishing.pull(article, by=by, note=data["note"]),
            _("It is off the site while it is checked."),
            form=NoteForm,
            is_grave=True,
        ),
        Move(
            "withdraw",
            _("Withdraw"),
            permissions.can_withdraw,
            lambda article, by, data: publishing.withdraw(
                article,
                by=by,
                reason=data["reason"],
                note=data["note"],
                shows_headline=data["shows_headline"],
            ),
            _("It is withdrawn. Its address gives the reason."),
            form=WithdrawForm,
            is_grave=True,
        ),
        Move(
            "retract",
            _("Retract"),
            permissions.can_retract,
            lambda article, by, data: publishing.retract(
                article, by=by, reason=data["reason"], note=data["note"]
            ),
            _("It is retracted: the page stays, under a notice."),
            form=ReasonForm,
            is_grave=True,
        ),
        Move(
            "spike",
            _("Spike"),
            permissions.can_spike,
            lambda article, by, data: publishing.spike(article, by=by, note=data["note"]),
            _("It is spiked: out of every list, and kept."),
            form=NoteForm,
            is_grave=True,
        ),
        Move(
            "unspike",
            _("Take up again"),
            permissions.can_unspike,
            lambda article, by, data: publishing.unspike(article, by=by),
            _("It is a draft again."),
        ),
    ]
}
# The one that stands out, if the person may make it; the first that fits.
PRIMARY = ["publish", "submit", "take-back", "release", "unspike"]


class Offer(NamedTuple):
    """A move as the page shows it: with the form that asks for what it needs, or None."""

    move: Move
    form: forms.Form | None


def offered(user, article):
    """What a person may do with a saved story: the primary Offer or None, and the list of others."""
    allowed = {name: move for name, move in MOVES.items() if move.may(user, article)}
    wanted = [] if article.is_scheduled or article.is_live else PRIMARY
    first = next((name for name in wanted if name in allowed), None)
    at = article.published_at if article.is_scheduled else None
    offers = {
        name: Offer(move, move.form(prefix=name, initial={"at": at}) if move.form else None)
        for name, move in allowed.items()
    }
    return offers.pop(first, None), list(offers.values())


def make(name, article, *, by, data):
    """Make a move with what was posted; returns what the function behind it returns.

    Raises PermissionDenied (also for a move that there is not), and publishing.Refused.
    """
    move = MOVES.get(name)
    if move is None or not move.may(by, article):
        raise PermissionDenied
    if move.form is None:
        return move.make(article, by, {})
    form = move.form(data, prefix=name)
    if not form.is_valid():
        raise publishing.Refused(
            publishing.Problem(f"{name}-{field}", message)
            for field, messages in form.errors.items()
            for message in messages
        )
    try:
        return move.make(article, by, form.cleaned_data)
    except publishing.Refused as refused:
        # A note or a reason is asked for beside the move, not in the story's form.
        raise publishing.Refused(
            problem._replace(field=f"{name}-{problem.field}")
            if problem.field in form.fields
            else problem
            for problem in refused.problems
        ) from refused
