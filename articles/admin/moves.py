"""The moves that the story form offers: what articles.publishing can do, with what each asks for."""

from collections.abc import Callable
from typing import NamedTuple

from django import forms
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

from articles import (
    corrections,
    going_out,
    permissions,
    previews,
    publishing,
    reports,
    schedules,
    translations,
)
from articles.forms.moves import (
    CorrectionForm,
    FollowForm,
    LanguageForm,
    NoteForm,
    ReasonForm,
    ReturnForm,
    ScheduleForm,
    ShareForm,
    TogetherForm,
    WithdrawForm,
)


class Move(NamedTuple):
    """``may(user, article)`` decides whether it is offered; publishing.* decides whether it is made.

    ``make(article, by, data)`` gets the cleaned data of ``form``. ``done``: said afterwards.
    ``sheet``: the template of a sheet of its own in the bar. ``has_page``: asked about on a page of
    its own, with the stories that may be taken along. ``preset_of``: what a button says that
    brings a value along, as (field, value). ``is_beside``: it is offered beside what it is about, not
    in the bar. Apps above this one add moves of theirs to MOVES.
    """

    name: str
    label: str
    may: Callable
    make: Callable
    done: str
    form: type[forms.Form] | None = None
    is_grave: bool = False
    of_next: bool = False  # whether it is about the next version of a live story
    sheet: str = ""
    has_page: bool = False
    preset_of: Callable | None = None
    is_beside: bool = False


def _usual_time(words):
    return "at", schedules.moment_of(words, timezone.now())


MOVES = {
    move.name: move
    for move in [
        Move(
            "submit",
            _("Submit for review"),
            permissions.can_submit,
            lambda article, by, data: publishing.submit(article, by=by, note=data["note"]),
            _("It is in review now."),
            form=NoteForm,
        ),
        Move(
            "take-back",
            _("Take back"),
            permissions.can_take_back,
            lambda article, by, data: publishing.take_back(article, by=by),
            _("It is a draft again."),
        ),
        Move(
            "take",
            _("Assign to me"),
            permissions.can_take,
            lambda article, by, data: publishing.take(article, by=by),
            _("It is yours now."),
        ),
        Move(
            "publish",
            _("Publish"),
            permissions.can_publish,
            lambda article, by, data: going_out.go_out(article, by=by, along=data["along"]),
            _("It is live."),
            form=TogetherForm,
        ),
        Move(
            "schedule",
            _("Schedule"),
            permissions.can_publish,
            lambda article, by, data: going_out.go_out(
                article, by=by, at=data["at"], along=data["along"]
            ),
            _("It is scheduled."),
            form=ScheduleForm,
            preset_of=_usual_time,
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
            lambda article, by, data: corrections.correct(
                article,
                by=by,
                report=data["report"] and data["report"].pk,
                kind=data["kind"],
                text=data["text"],
                supersedes=data["supersedes"],
                elsewhere=data["elsewhere"],
            ),
            _("The correction is published."),
            form=CorrectionForm,
            sheet="admin/articles/article/_correct.html",
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
            "translate",
            _("Translate"),
            permissions.can_translate,
            lambda article, by, data: translations.begin(article, into=data["language"], by=by),
            "",
            form=LanguageForm,
            preset_of=lambda words: ("language", words),
            is_beside=True,
        ),
        Move(
            "follow",
            _("The translation has it"),
            permissions.can_follow,
            lambda article, by, data: translations.follow(
                article, by=by, revision=data["revision"]
            ),
            _("The translation has what changed in the original."),
            form=FollowForm,
            preset_of=lambda words: ("revision", words),
            is_beside=True,
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
            has_page=True,
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
            has_page=True,
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
            has_page=True,
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
        Move(
            "submit-version",
            _("Submit for review"),
            permissions.can_submit_version,
            lambda article, by, data: publishing.submit_version(article, by=by, note=data["note"]),
            _("The next version is in review now."),
            form=NoteForm,
            of_next=True,
        ),
        Move(
            "take-back-version",
            _("Take back"),
            permissions.can_take_back_version,
            lambda article, by, data: publishing.take_back_version(article, by=by),
            _("The next version is yours again."),
            of_next=True,
        ),
        Move(
            "publish-version",
            _("Put it live"),
            permissions.can_approve_version,
            lambda article, by, data: going_out.go_out(
                article, by=by, is_version=True, along=data["along"]
            ),
            _("The next version is what readers see."),
            form=TogetherForm,
            of_next=True,
        ),
        Move(
            "schedule-version",
            _("Schedule"),
            permissions.can_approve_version,
            lambda article, by, data: going_out.go_out(
                article, by=by, at=data["at"], is_version=True, along=data["along"]
            ),
            _("The next version is scheduled."),
            form=ScheduleForm,
            preset_of=_usual_time,
            of_next=True,
        ),
        Move(
            "unschedule-version",
            _("Take off its time"),
            permissions.can_unschedule_version,
            lambda article, by, data: publishing.unschedule_version(article, by=by),
            _("The next version has no time any more."),
            of_next=True,
        ),
        Move(
            "return-version",
            _("Return to the writer"),
            permissions.can_return_version,
            lambda article, by, data: publishing.return_version(article, by=by, note=data["note"]),
            _("It is returned."),
            form=ReturnForm,
            of_next=True,
        ),
        Move(
            "drop-version",
            _("Drop the next version"),
            permissions.can_drop_version,
            lambda article, by, data: publishing.drop_version(article, by=by),
            _("The next version is dropped. It is kept in the history."),
            is_grave=True,
            of_next=True,
        ),
    ]
}
# The one that stands out, if the person may make it; the first that fits.
OUT = {"publish", "schedule"}
# What brings the words of a story before readers, now or at a minute.
GOES_OUT = OUT | {"publish-version", "schedule-version"}
PRIMARY = [
    "publish",
    "submit",
    "take-back",
    "release",
    "unspike",
    "publish-version",
    "submit-version",
    "take-back-version",
]


class Unpassed(publishing.Refused):
    """Warnings that whoever wants to publish has not seen yet. They may be passed."""


class Offer(NamedTuple):
    """A move as the page shows it: with the form that asks for what it needs, or None."""

    move: Move
    form: forms.Form | None


def pressed(value, data):
    """The move that a button stands for, and its data: "publish", or "schedule <time>" of a preset."""
    name, _, preset = value.partition(" ")
    if preset and name in MOVES and MOVES[name].preset_of is not None:
        field, value = MOVES[name].preset_of(preset)
        typed = f"{name}-{field}"
        data = MultiValueDict(
            {key: data.getlist(key) for key in data if not key.startswith(typed)} | {typed: [value]}
        )
    return name, data


def kept_as(name):
    """What the audit calls a move; "" for one that there is not."""
    if name not in MOVES:
        return ""
    return {"publish-version": "approve version"}.get(name, name.replace("-", " "))


def to_ask_again(name, data):
    """What of a refused move's data the page should still hold: the time that was typed, and what
    goes out with it; as name -> list of values."""
    names = (f"{name}-at", f"{name}-along") if name in GOES_OUT else ()
    return {key: data.getlist(key) for key in data if names and key.startswith(names)}


def _form(move, story, by, data=None, initial=None):
    form = move.form(data, prefix=move.name, initial=initial)
    form.story = story
    form.move = move.name
    if hasattr(form, "about"):
        form.about(story, by)
    return form


def correction(story, by, data):
    """The bound form of a correction that was sent together with the story it is about."""
    return _form(MOVES["correct"], story, by, data)


def correction_of(story, by, report):
    """The form of a correction that begins with what a reader reported."""
    initial = {"text": reports.prepared(report), "report": report.pk}
    return _form(MOVES["correct"], story, by, initial=initial)


def offered(user, article, asked=None, *, of_next=False, pending=None):
    """What a person may do with a saved story: the primary Offer or None, and the list of others.

    ``asked``: a QueryDict with what ``to_ask_again`` gave, in the page's address. ``of_next``: what
    may be done with its next version; ``pending``: that one, or None where it is only begun.
    """
    allowed = {
        name: move
        for name, move in MOVES.items()
        if move.of_next == of_next and not move.is_beside and move.may(user, article)
    }
    if of_next and pending is None:
        # A version that begins is saved by the same press.
        first = "publish-version" if permissions.is_editor(user) else "submit-version"
        return Offer(MOVES[first], _asked(MOVES[first], article, user)), []
    is_settled = not of_next and (article.is_scheduled or article.is_live)
    wanted = [] if is_settled else PRIMARY
    first = next((name for name in wanted if name in allowed), None)
    at = article.published_at if article.is_scheduled else None
    at = pending.due_at if of_next else at
    again = {name: to_ask_again(name, asked) if asked else {} for name in allowed}
    offers = {
        name: Offer(
            move, _asked(move, article, user, MultiValueDict(again[name]) or None, {"at": at})
        )
        for name, move in allowed.items()
    }
    return offers.pop(first, None), list(offers.values())


def _asked(move, *about):
    """The form of a move; None where there is nothing to ask."""
    form = _form(move, *about) if move.form else None
    return form if form and form.fields else None


def make(name, article, *, by, data):
    """Make a move with what was posted; returns what the function behind it returns.

    Raises PermissionDenied (also for a move that there is not), and publishing.Refused; before
    a story goes out Unpassed, for warnings whose codes ``data`` does not hold as ``_passed``.
    """
    move = MOVES.get(name)
    if move is None or not move.may(by, article):
        raise PermissionDenied
    if name in OUT:
        passed = set(data.getlist("_passed"))
        left = [w for w in publishing.warnings(article) if w.code and w.code not in passed]
        # What is missing is said first, by publishing itself.
        if left and not publishing.problems(article):
            raise Unpassed(left)
    if move.form is None:
        return move.make(article, by, {})
    form = _form(move, article, by, data)
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
