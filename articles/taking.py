"""Taking a story off the site, or letting it back, together with what belongs to it.

Pulled, withdrawn, retracted or released with it in one transaction may be its translations, the older
and newer stories of its chain, and next versions that wait; each is asked about, each is checked by
itself, and where somebody saved one of them meanwhile nothing is done and that is said.
"""

from collections.abc import Callable
from typing import NamedTuple

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from addresses.languages import language_name
from articles import changes, permissions, publishing, several, states
from articles.models import Article, Revision

MOST = 100  # stories of a chain that are looked at


class Act(NamedTuple):
    """``make(story, by=, at=, **data)``; ``has_reason``: whether readers are given one."""

    may: Callable
    make: Callable
    has_reason: bool = False


ACTS = {
    "pull": Act(permissions.can_pull, publishing.pull),
    "withdraw": Act(permissions.can_withdraw, publishing.withdraw, has_reason=True),
    "retract": Act(permissions.can_retract, publishing.retract, has_reason=True),
    "release": Act(
        permissions.can_release, lambda story, *, by, at: publishing.release(story, by=by)
    ),
}
TRANSLATION = gettext_lazy("translation")
OLDER = gettext_lazy("older story of the chain")
NEWER = gettext_lazy("newer story of the chain")


class Beside(NamedTuple):
    """A story that may be taken along, or the one itself (``relation`` is "" then).

    ``is_off``: it is scheduled, and taken off its time instead. ``is_offered``: whether it may be
    taken along; ``is_ticked``: whether it is, unless somebody says otherwise. ``pending``: its next
    version, a Revision, or None.
    """

    story: Article
    relation: str
    is_off: bool
    is_offered: bool
    is_ticked: bool
    pending: Revision | None

    @property
    def seen(self):
        """What was shown of it, for the form: number, version, number of the next version."""
        return f"{self.story.pk}:{self.story.version}:{self.pending.pk if self.pending else 0}"

    @property
    def language(self):
        return language_name(self.story.language)


def relations(story):
    """Translations and chain of a story: number -> what each is to it, the story left out."""
    found = {}
    if story.translation_group is not None:
        group = Article.objects.filter(translation_group=story.translation_group)
        found = dict.fromkeys(group.order_by("pk").values_list("pk", flat=True), TRANSLATION)
    found |= dict.fromkeys(_older(story), OLDER) | dict.fromkeys(_newer(story), NEWER)
    found.pop(story.pk, None)
    return found


def _older(story):
    found, number = [], story.supersedes_id
    while number is not None and number not in found and len(found) < MOST:
        found.append(number)
        number = Article.objects.filter(pk=number).values_list("supersedes", flat=True).first()
    return found


def _newer(story):
    found, now = [], [story.pk]
    while now and len(found) < MOST:
        after = Article.objects.filter(supersedes__in=now).exclude(pk__in=[story.pk, *found])
        now = list(after.order_by("pk").values_list("pk", flat=True))
        found += now
    return found


def beside(story, name, *, by):
    """What the page of an act shows: the story itself first, then what may be taken along.

    And how many more there are on the site that ``by`` may not know of.
    """
    act, known_as = ACTS[name], relations(story)
    stories = Article.objects.filter(pk__in=known_as).select_related("section", "assigned_to")
    # What was never before readers, and is not about to be, stays what it is.
    public = [
        other
        for other in states.with_returned(stories)
        if other.is_live or other.is_scheduled or other.status == "pulled"
    ]
    visible = permissions.visible_stories(by, Article.objects.filter(pk__in=known_as))
    visible = set(visible.values_list("pk", flat=True))
    pending = _pending([story, *public])
    rows = [Beside(story, "", False, act.may(by, story), True, pending.get(story.pk))]
    for other in sorted(public, key=lambda other: list(known_as).index(other.pk)):
        if other.pk not in visible:
            continue
        is_off = other.is_scheduled and name != "release"
        may = permissions.can_unschedule if is_off else act.may
        if name == "release" and other.status != "pulled":
            continue
        if name == "pull" and other.status == "pulled":
            continue
        is_together = name != "release" or _were_pulled_together(story, other)
        is_offered = may(by, other)
        rows.append(
            Beside(
                other,
                str(known_as[other.pk]),
                is_off,
                is_offered,
                is_offered and is_together,
                pending.get(other.pk),
            )
        )
    return rows, sum(other.pk not in visible for other in public if other.status != "pulled")


def _were_pulled_together(one, other):
    return (one.down_by_id, one.down_at) == (other.down_by_id, other.down_at)


def _pending(stories):
    found = Revision.objects.filter(article__in=stories, state__in=Revision.PENDING)
    return {revision.article_id: revision for revision in found.select_related("by")}


def has_more(story, name, *, by):
    """Whether there is something to ask about before a story is let back."""
    rows, _unknown = beside(story, name, by=by)
    return any(row.is_offered for row in rows[1:])


def take(story, name, *, by, data, seen, along, dropped, reasons=None):
    """Do it, with all that was chosen, in one transaction. Returns the other stories it was done with.

    ``data``: what the form of the act gave. ``seen``: what the page showed, number of each story ->
    (version, number of its next version or 0); ``along``: numbers of those to be taken along;
    ``dropped``: numbers of the stories whose next version is let go; ``reasons``: number of a story ->
    the reason that its readers are given instead. Raises PermissionDenied, publishing.Refused.
    """
    act, now = ACTS[name], timezone.now()
    with transaction.atomic():
        numbers = [story.pk, *relations(story)]
        # Always in the same order, so that two who take the same do not wait for each other.
        locked = Article.objects.select_for_update().filter(pk__in=numbers).order_by("pk")
        story = next(one for one in list(locked) if one.pk == story.pk)
        rows, _unknown = beside(story, name, by=by)
        chosen = [row for row in rows if row.story.pk in {story.pk, *along}]
        if wrong := list(_meanwhile(rows, chosen, seen, along, dropped, by)):
            raise publishing.Refused(publishing.Problem("", words) for words in wrong)
        for row in rows:
            if row.story.pk in dropped and row.pending is not None:
                publishing.drop_version(row.story, by=by)
        for row in chosen:
            if row.is_off:
                publishing.unschedule(row.story, by=by)
                continue
            own = {"reason": said} if (said := (reasons or {}).get(row.story.pk)) else {}
            act.make(row.story, by=by, at=now, **(data | own))
    return [row.story for row in chosen[1:]]


def _meanwhile(rows, chosen, seen, along, dropped, by):
    """Sentences about what changed since the page was shown, or cannot be done."""
    for row in rows:
        number, version = row.story.pk, seen.get(row.story.pk)
        headline = row.story.headline
        if version is None:
            if row.is_offered:
                yield _(
                    "%(headline)s: it was not shown to you. Look whether it is to be taken along."
                ) % {"headline": headline}
            continue
        is_meant = row in chosen or number in dropped
        if not is_meant:
            continue
        if row.story.version != version[0]:
            yield f"{headline}: {several.overtaken(row.story, by)}"
        elif (row.pending.pk if row.pending else 0) != version[1]:
            who = changes.person(row.pending.by if row.pending else None)
            yield _("%(headline)s: %(who)s changed its next version meanwhile.") % {
                "headline": headline,
                "who": who,
            }
        elif row in chosen and not row.is_offered:
            yield f"{headline}: {several.not_allowed(row.story, by)}"
    shown = {row.story.pk for row in rows}
    if gone := [number for number in along if number not in shown]:
        yield ngettext(
            "%(count)d of the stories is not there to be taken along any more.",
            "%(count)d of the stories are not there to be taken along any more.",
            len(gone),
        ) % {"count": len(gone)}
