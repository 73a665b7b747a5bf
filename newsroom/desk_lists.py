"""The lists on the front page of the desk: for editors those of the whole desk, for reporters theirs."""

import datetime
from typing import NamedTuple

from django.db.models import Case, Prefetch, Q, Value, When, prefetch_related_objects
from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles import doubts, permissions, presence, publishing, quarantine, reports, states
from articles.models import Article, Correction, Note
from authors.models import BiographyProposal
from images.models import Image, Use

ROWS = 8  # of each list
CORRECTIONS = 5  # which come with their words
CHECKED = 40  # of the stories that come out next, whether all is there
SOON, WEEK, QUARTER = (datetime.timedelta(days=days) for days in (1, 7, 90))
UNPUBLISHED = ["draft", "in_review", "ready"]


class Entry(NamedTuple):
    """A story in a list; ``notes``: what is to be said of it; ``who`` and ``when``: did that."""

    story: Article
    notes: tuple = ()
    who: str = ""
    when: datetime.datetime | None = None


class List(NamedTuple):
    """``code`` tells lists apart; ``address`` leads to all of it; ``people``: waiting biographies;
    ``pictures``: whose rights end; ``counts``: what waits elsewhere, as pairs of words and address."""

    code: str
    name: str
    empty: str
    entries: list
    address: str = ""
    is_longer: bool = False
    people: list = []
    pictures: list = []
    counts: list = []


def of(user):
    """The lists of a login, in a fixed number of queries. Without a role at the desk, none."""
    if not permissions.is_reporter(user):
        return []
    now = timezone.now()
    stories = permissions.visible_stories(user, Article.objects.all())
    lists = (_of_editor if permissions.is_editor(user) else _of_reporter)(user, stories, now)
    shown = [entry.story for each in lists for entry in each.entries]
    _load_credits(user, shown)
    _mark_open(user, shown)
    return [
        each
        for each in lists
        if each.entries or each.people or each.pictures or each.counts or each.empty
    ]


def _of_editor(user, stories, now):
    own = permissions.own_stories(user, stories)
    scheduled = _rows(states.in_state(stories, "scheduled").order_by("published_at", "pk"), CHECKED)
    recent = Correction.objects.filter(published_at__gte=now - WEEK)
    edited, corrected, reported = _done_to(
        stories, _being_edited(user, now), _corrections(recent), _reports(user)
    )
    return [
        _list(
            "mine",
            _("My stories"),
            lambda: _no_drafts(user, now),
            _returned(own.filter(status__in=UNPUBLISHED).order_by("-modified_at", "-pk")),
        ),
        _list(
            "in_review",
            _("Needs review"),
            lambda: _("Nothing waits for an editor."),
            _waiting(states.in_state(stories, "in_review")),
            people=list(
                BiographyProposal.objects.filter(dropped_at=None)
                .select_related("author", "by")
                .order_by("at")[:ROWS]
            ),
        ),
        _scheduled(scheduled, now),
        _list(
            "problems",
            _("Problems"),
            lambda: _("Nothing is late, pulled or incomplete."),
            _late(stories, now) + _incomplete(scheduled),
            size=2 * ROWS,
            address=None,
            pictures=_ending(user, now),
        ),
        List("imported", _("To be decided"), "", [], counts=_undecided(user)),
        _list("reports", _("Reports from readers"), lambda: "", reported, address=None),
        _list(
            "edited",
            _("Being edited now"),
            lambda: _("Nobody else is writing at this moment."),
            edited,
            address=None,
        ),
        _list(
            "corrections",
            _("Corrections this week"),
            lambda: _("No corrections in the last seven days."),
            corrected,
            size=CORRECTIONS,
            address=reverse("corrections"),
        ),
    ]


def _of_reporter(user, stories, now):
    own = permissions.own_stories(user, stories)
    live = states.in_state(own, "live").filter(published_at__gte=now - QUARTER)
    recent = Correction.objects.filter(published_at__gte=now - QUARTER)
    edited, _none = _done_to(stories, _being_edited(user, now), [])
    _none, corrected = _done_to(own, [], _corrections(recent, most=20 * ROWS))
    return [
        _list(
            "returned",
            _("Returned to me"),
            lambda: "",
            _returned(states.in_state(own, "returned").order_by("-modified_at", "-pk")),
        ),
        _list(
            "draft",
            _("My drafts"),
            lambda: _no_drafts(user, now),
            _rows(states.in_state(own, "draft").order_by("-modified_at", "-pk")),
        ),
        _list(
            "in_review",
            _("In review"),
            lambda: _("Nothing of yours waits for an editor."),
            _waiting(states.in_state(own, "in_review") | own.filter(status="ready")),
        ),
        _scheduled(_rows(states.in_state(own, "scheduled").order_by("published_at", "pk")), now),
        _list(
            "live",
            _("Published in three months"),
            lambda: "",
            _rows(live.order_by("-published_at", "-pk")),
        ),
        _list(
            "corrections",
            _("Corrections on my stories"),
            lambda: _("None in the last three months."),
            corrected,
            size=CORRECTIONS,
            address=reverse("corrections"),
        ),
        _list("edited", _("Being edited now"), lambda: "", edited, address=None),
    ]


def _list(code, name, empty, entries, *, size=ROWS, address="", people=(), pictures=()):
    """A List of the first ``size`` of ``entries``; ``address``: "" is the state's own, None is none."""
    if address == "":
        address = f"{reverse('admin:articles_article_changelist')}?state={code}"
    is_empty = not entries and not people and not pictures
    return List(
        code,
        name,
        empty() if is_empty else "",
        entries[:size],
        address or "",
        len(entries) > size,
        list(people),
        list(pictures),
    )


def _no_drafts(user, now):
    """That there are no drafts, and that what was written is still there."""
    published = Article.objects.published(now).filter(pk__in=permissions.own_numbers(user))
    count = published.order_by().count()
    if not count:
        return _("No drafts right now. A new story begins with its headline.")
    return ngettext(
        "No drafts right now. %(count)d published story.",
        "No drafts right now. %(count)d published stories.",
        count,
    ) % {"count": count}


def _rows(stories, most=ROWS):
    """Entries of the first stories, one more than are shown: it says that there are more."""
    stories = states.with_returned(stories).select_related("section").defer("body")
    return [Entry(story) for story in stories[: most + 1]]


def _returned(stories):
    """Entries of stories, each returned one with the note that says what is to be done."""
    notes = Note.objects.filter(kind="return", closed_at=None).select_related("by")
    entries = _rows(stories.prefetch_related(Prefetch("notes", notes, to_attr="returned_with")))
    return [
        entry._replace(notes=(note.text,), who=_name(note.by), when=note.at)
        if (note := next(iter(entry.story.returned_with), None))
        else entry
        for entry in entries
    ]


def _waiting(stories):
    """Entries of stories that wait for an editor, the longest first."""
    next_version = (_("The next version of a live story."),)
    return [
        entry._replace(notes=next_version) if entry.story.status == "published" else entry
        for entry in _rows(stories.order_by("modified_at", "pk"))
    ]


def _scheduled(entries, now):
    for entry in entries:
        entry.story.is_later = entry.story.published_at > now + SOON
    return _list("scheduled", _("Scheduled"), lambda: _("Nothing is scheduled."), entries)


def _late(stories, now):
    """Stories that somebody must look at, the gravest first, each with all that is the matter."""
    is_late = Q(status__in=UNPUBLISHED, due_at__lt=now)
    is_free = Q(status__in=UNPUBLISHED, embargo_until__lte=now)
    order = Case(
        When(status="pulled", then=Value(0)),
        When(is_late, then=Value(1)),
        When(is_free, then=Value(2)),
        default=Value(3),
    )
    found = stories.filter(status__in=["pulled", *UNPUBLISHED]).filter(
        Q(status__in=["pulled", "ready"]) | is_late | is_free
    )
    entries = _rows(found.order_by(order, "due_at", "-modified_at", "-pk"), 2 * ROWS)
    return [entry._replace(notes=tuple(_lateness(entry.story, now))) for entry in entries]


def _ending(user, now):
    """Pictures in use whose rights end soon or have ended, the first to end first."""
    used = Image.objects.ending(now).filter(pk__in=Use.objects.values("image"))
    return permissions.visible_images(user, used).order_by("rights_expire_at", "pk")[:ROWS]


def _lateness(story, now):
    if story.status == "pulled":
        yield _("Pulled %(time)s: release it, or withdraw it.") % {
            "time": states.moment(story.down_at)
        }
    else:
        if story.due_at and story.due_at < now:
            yield _("Was due %(time)s and is not finished.") % {"time": states.moment(story.due_at)}
        if story.embargo_until and story.embargo_until <= now:
            yield _("The embargo ended %(time)s.") % {"time": states.moment(story.embargo_until)}
        if story.status == "ready":
            yield _("Ready, and no time is set.")


def _incomplete(scheduled):
    """Of the entries that come out next, those that lack something."""
    numbers = [entry.story.pk for entry in scheduled]
    # Apart from what is shown: here all credits count, also those that are not for everybody.
    whole = Article.objects.filter(pk__in=numbers).select_related("lead_image", "series")
    matter = {}
    for story in whole.prefetch_related("bylines"):
        matter[story.pk] = [problem.message for problem in publishing.problems(story)]
        picture = story.lead_image
        ends = picture.rights_expire_at if picture else None
        if ends and ends <= story.published_at:
            matter[story.pk].append(_("The rights to the lead picture have run out by then."))
    return [
        Entry(entry.story, tuple(matter[entry.story.pk]))
        for entry in scheduled
        if matter.get(entry.story.pk)
    ]


def _being_edited(user, now):
    """Who typed into which story just now: ``[(number, notes, who, since), ...]``.

    Told by the pages that are open; oneself left out.
    """
    rows = presence.present(now).exclude(user=user).order_by("-seen_at")[: 4 * ROWS]
    return [(row.article_id, (), _name(row.user), row.seen_at) for row in rows]


def _corrections(corrections, most=4 * ROWS):
    """Corrections that stand, the newest first: ``[(number, notes, who, when), ...]``."""
    rows = (
        corrections.filter(superseded_by=None)
        .select_related("issued_by")
        .order_by("-published_at", "-pk")[:most]
    )
    return [
        (
            row.article_id,
            (f"{capfirst(row.get_kind_display())}: {Truncator(row.text).chars(160)}",),
            _name(row.issued_by),
            row.published_at,
        )
        for row in rows
    ]


def _undecided(user):
    """Doubts and findings that wait, each as words and where they are settled."""
    open_doubts = doubts.waiting(user).order_by().values("article").distinct().count()
    open_findings = quarantine.waiting(user).order_by().count()
    found = []
    if open_doubts:
        words = ngettext(
            "%(count)d imported story may be another's than its credit says",
            "%(count)d imported stories may be another's than their credit says",
            open_doubts,
        )
        found.append((words % {"count": open_doubts}, reverse("admin:articles_article_doubts")))
    if open_findings:
        words = ngettext(
            "%(count)d thing in our texts that does not belong there",
            "%(count)d things in our texts that do not belong there",
            open_findings,
        )
        found.append((words % {"count": open_findings}, reverse("admin:articles_article_findings")))
    return found


def _reports(user):
    """What readers reported and nobody decided on: ``[(number, notes, who, when), ...]``."""
    return [
        (row.article_id, (Truncator(row.text).chars(160),), _("a reader"), row.at)
        for row in reports.waiting(user)[: ROWS + 1]
    ]


def _done_to(stories, *lists):
    """Lists of what was done to stories, as Entries of those that are in ``stories``."""
    numbers = {number for rows in lists for number, *_rest in rows}
    found = {entry.story.pk: entry.story for entry in _rows(stories.filter(pk__in=numbers), 999)}
    return [
        [Entry(found[number], *rest) for number, *rest in rows if number in found] for rows in lists
    ]


def _name(login):
    return (login.get_full_name() or login.get_username()) if login else ""


def _load_credits(user, stories):
    credits = (
        permissions.known_bylines(user)
        .select_related("author", "organisation")
        .order_by("position", "pk")
    )
    prefetch_related_objects(stories, Prefetch("bylines", queryset=credits))


def _mark_open(user, stories):
    """Write on each story whether the login may open it."""
    numbers = {story.pk for story in stories}
    may_open = set(
        permissions.readable_stories(user, Article.objects.filter(pk__in=numbers)).values_list(
            "pk", flat=True
        )
    )
    for story in stories:
        story.may_be_opened = story.pk in may_open
