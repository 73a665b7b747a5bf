"""Laying out a front: the only writer of editions and their pins.

A front has one draft, editions that wait for their minute, and those that are or were live, which
nothing changes any more. Each change writes a whole Layout, in one transaction that holds the
front, and says on which version it was made: what somebody else changed meanwhile is shown first.
"""

import datetime
import difflib
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _

from articles import permissions
from articles.models import Article
from fronts.models import Edition, Front, Pin
from fronts.pictures import record_pictures
from fronts.signals import front_changed
from images.models import Image

MOST_PINS = 60


class Refused(Exception):
    """What is wrong, as a list of sentences for whoever tried."""

    def __init__(self, *problems):
        super().__init__(*problems)
        self.problems = list(problems)


class Changed(Refused):
    """Somebody else was quicker. ``theirs``: the edition to look at, or None."""

    def __init__(self, theirs, problem):
        super().__init__(problem)
        self.theirs = theirs


@dataclass(frozen=True)
class Placed:
    """A story at a place (from 0) of a slot, with what is said differently about it there."""

    article_id: int
    slot: str
    position: int
    until: datetime.datetime | None = None
    kicker: str = ""
    headline: str = ""
    image_id: int | None = None

    @property
    def own(self):
        return self.until, self.kicker, self.headline, self.image_id


@dataclass(frozen=True)
class Layout:
    """All that an edition says. ``pins`` are Placed, in the order of slots and places."""

    pins: tuple = field(default=())
    breaking_text: str = ""
    breaking_url: str = ""
    breaking_until: datetime.datetime | None = None

    def __post_init__(self):
        object.__setattr__(self, "pins", tuple(sorted(self.pins, key=_place_of)))

    def of(self, article_id):
        """Where a story stands, or None."""
        return next((pin for pin in self.pins if pin.article_id == article_id), None)

    def in_slot(self, slot):
        return [pin for pin in self.pins if pin.slot == slot]

    @property
    def strip(self):
        return self.breaking_text, self.breaking_url, self.breaking_until


def _place_of(pin):
    return Pin.Slot.values.index(pin.slot), pin.position


# Reading


def layout_of(edition):
    """What an edition says; None is an empty front."""
    if edition is None:
        return Layout()
    names = ["article_id", "slot", "position", "until", "kicker", "headline", "image_id"]
    pins = edition.pins.order_by("position", "pk").values(*names)
    return Layout(
        tuple(Placed(**pin) for pin in pins),
        edition.breaking_text,
        edition.breaking_url,
        edition.breaking_until,
    )


def live(front, now=None):
    """The edition that readers see, or None."""
    return front.editions.filter(live_from__lte=now or timezone.now()).first()


def draft(front):
    """The front's one draft, or None."""
    return front.editions.filter(live_from=None).first()


def waiting(front, now=None):
    """Editions whose minute has not come, the next one first."""
    return list(front.editions.filter(live_from__gt=now or timezone.now()).order_by("live_from"))


def absent(layout, at):
    """Numbers of the pinned stories that take no room at a moment."""
    numbers = [pin.article_id for pin in layout.pins]
    published = Article.objects.published(at)
    present = set(
        published.filter(~Exists(published.filter(supersedes=OuterRef("pk"))), pk__in=numbers)
        .order_by()
        .values_list("pk", flat=True)
    )
    return {
        pin.article_id
        for pin in layout.pins
        if pin.article_id not in present or (pin.until is not None and pin.until <= at)
    }


# Changing a layout in memory


def without(layout, article_id):
    """The layout without a story; those below it in its slot move up."""
    gone = layout.of(article_id)
    if gone is None:
        return layout
    return replace(
        layout,
        pins=tuple(
            replace(pin, position=max(pin.position - 1, 0))
            if pin.slot == gone.slot and pin.position > gone.position
            else pin
            for pin in layout.pins
            if pin is not gone
        ),
    )


def with_story(layout, placed, *, away=frozenset(), takes_room=True):
    """The layout with a story at a place of a slot as readers count them, those below moved down.

    ``away``: stories that take no room then. ``takes_room``: False while the story is not public:
    until its minute the others stay where they are.
    """
    layout = without(layout, placed.article_id)
    there = layout.in_slot(placed.slot)
    position = placed.position
    for pin in there:
        if pin.article_id in away and pin.position <= position:
            position += 1
    makes_room = not takes_room or any(pin.position == position for pin in there)
    return replace(
        layout,
        pins=(
            *(
                replace(pin, position=pin.position + 1)
                if makes_room and pin.slot == placed.slot and pin.position >= position
                else pin
                for pin in layout.pins
            ),
            replace(placed, position=position),
        ),
    )


def moved(layout, article_id, step):
    """The layout with a story one place up (-1) or down (1), changing places with what is there."""
    pin = layout.of(article_id)
    if pin is None or pin.position + step < 0:
        return layout
    target = pin.position + step
    return replace(
        layout,
        pins=tuple(
            replace(other, position=target)
            if other is pin
            else replace(other, position=pin.position)
            if other.slot == pin.slot and other.position == target
            else other
            for other in layout.pins
        ),
    )


def carried(before, after, into):
    """``into`` with the change that led from ``before`` to ``after``, and nothing else changed."""
    for pin in before.pins:
        if after.of(pin.article_id) is None:
            into = without(into, pin.article_id)
    moved_there = _moved(before, after)
    for pin in after.pins:
        was, there = before.of(pin.article_id), into.of(pin.article_id)
        if pin.article_id in moved_there:
            into = with_story(into, pin)
        elif was.own != pin.own and there is not None:
            same = replace(pin, slot=there.slot, position=there.position)
            into = replace(into, pins=tuple(same if p is there else p for p in into.pins))
    if before.strip != after.strip:
        text, url, until = after.strip
        into = replace(into, breaking_text=text, breaking_url=url, breaking_until=until)
    return into


def _moved(before, after):
    """Numbers of the stories that are new in ``after``, or stand in another order there."""
    found = set()
    for slot in Pin.Slot.values:
        old, new = ([pin.article_id for pin in layout.in_slot(slot)] for layout in (before, after))
        kept = set()
        for block in difflib.SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks():
            kept.update(new[block.b : block.b + block.size])
        found |= set(new) - kept
        if old == new:
            found |= {n for n in new if before.of(n).position != after.of(n).position}
    return found


def differences(before, after):
    """What differs, as (number of a story or None for the strip, sentence about it)."""
    found = []
    for pin in after.pins:
        was = before.of(pin.article_id)
        where = {"slot": Pin.Slot(pin.slot).label, "place": pin.position + 1}
        if was is None:
            found.append((pin.article_id, _("added: %(slot)s, %(place)d") % where))
        elif (was.slot, was.position) != (pin.slot, pin.position):
            found.append((pin.article_id, _("moved: %(slot)s, %(place)d") % where))
        if was is not None and was.own != pin.own:
            found.append((pin.article_id, _("said differently")))
    found += [
        (pin.article_id, _("taken out")) for pin in before.pins if after.of(pin.article_id) is None
    ]
    if before.strip != after.strip:
        found.append((None, after.breaking_text or _("taken down")))
    return found


# Writing


def save(front, layout, *, by, edition=None, version=None):
    """Write a layout into an edition that is not live (its number), or begin the draft with it.

    ``version``: the one it was made on. Raises Changed where it is not that one any more, Refused
    with all that is wrong, PermissionDenied. Returns the Edition.
    """
    with _held(front, by) as now:
        found = _save(front, layout, by=by, edition=edition, version=version, now=now)
        if found.live_from is not None:
            record_pictures(front, now)
            _tell(front, "change")
        return found


def publish(front, *, by, edition, version, live_seen, at=None, into=()):
    """Bring a draft or a waiting edition before readers as one step, now or at a minute.

    ``live_seen``: number of the edition that was live on the page this was decided on. ``into``:
    numbers of waiting editions that are to have the change too.
    """
    with _held(front, by) as now:
        found = _open(front, edition, version, now)
        before = live(front, now)
        _check_live(before, live_seen)
        if at is not None and at <= now:
            raise Refused(_("This time has passed."))
        found.live_from = at or now
        found.by, found.at = by, now
        found.version += 1
        found.save()
        if at is None:
            _carry(front, layout_of(before), layout_of(found), into, by=by, now=now)
        record_pictures(front, now)
        _tell(front, "publish" if at is None else "schedule")
        return found


def roll_back(front, *, by, to, live_seen, into=()):
    """Bring back what an earlier edition (its number) said: as a new one, live at once."""
    with _held(front, by) as now:
        old = front.editions.filter(pk=to, live_from__lte=now).first()
        before = live(front, now)
        _check_live(before, live_seen)
        if old is None:
            raise Refused(_("There is no such edition."))
        layout = layout_of(old)
        if layout.breaking_until is not None and layout.breaking_until <= now:
            layout = replace(layout, breaking_text="", breaking_url="", breaking_until=None)
        found = Edition(front=front, based_on=old, by=by, at=now, live_from=now)
        _write(found, layout)
        _carry(front, layout_of(before), layout, into, by=by, now=now)
        record_pictures(front, now)
        _tell(front, "roll back")
        return found


def unschedule(front, *, by, edition, version):
    """Take a waiting edition off its minute: it is the draft again, if there is no other."""
    with _held(front, by) as now:
        found = _open(front, edition, version, now)
        if draft(front) is not None:
            raise Refused(_("There is another draft: publish or drop that one first."))
        found.live_from, found.by, found.at = None, by, now
        found.version += 1
        found.save()
        record_pictures(front, now)
        _tell(front, "unschedule")
        return found


def drop(front, *, by, edition, version):
    """Let go of a draft or a waiting edition."""
    with _held(front, by) as now:
        _open(front, edition, version, now).delete()
        record_pictures(front, now)
        _tell(front, "drop")


def place(story, *, by, slot, position, everywhere=True):
    """Give a story a place on the home of its language: now, or for a scheduled one at its minute.

    ``position`` from 0, as readers count at that moment. The draft has it too; waiting editions
    where ``everywhere``, and always for a scheduled story.
    """
    front = Front.objects.get(name="home", language=story.language)
    if not permissions.can_place(by, story):
        raise PermissionDenied
    with _held(front, by) as now:
        before = live(front, now)
        is_public = story.published_at <= now
        after = _with_claim(
            layout_of(before), story, slot, position, at=max(now, story.published_at), now=now
        )
        _check(front, after, layout_of(before), by)
        if after == layout_of(before):
            return before
        found = Edition(front=front, based_on=before, by=by, at=now, live_from=now)
        _write(found, after)
        others = waiting(front, now) if everywhere or not is_public else []
        mine = draft(front)
        for other in [*others, mine] if mine is not None else others:
            layout = layout_of(other)
            at = max(now, story.published_at, other.live_from or now)
            _rewrite(
                other, _with_claim(layout, story, slot, position, at=at, now=now), by=by, now=now
            )
        if mine is not None and before is not None and mine.based_on_id == before.pk:
            Edition.objects.filter(pk=mine.pk).update(based_on=found)
        record_pictures(front, now)
        _tell(front, "place")
        return found


def _with_claim(layout, story, slot, position, *, at, now):
    there = layout.of(story.pk)
    placed = replace(there, slot=slot, position=position) if there else None
    placed = placed or Placed(story.pk, slot, position)
    away = absent(layout, at) - {story.pk}
    return with_story(layout, placed, away=away, takes_room=story.published_at <= now)


@contextmanager
def _held(front, by):
    """A transaction that holds a front; gives the moment that counts in it."""
    if not permissions.can_lay_out(by):
        raise PermissionDenied
    with transaction.atomic():
        Front.objects.select_for_update().get(pk=front.pk)
        yield timezone.now()


def _tell(front, move):
    transaction.on_commit(lambda: front_changed.send(sender=Front, front=front.pk, move=move))


def _open(front, edition, version, now):
    """The edition (its number) that may still be changed, as it was when it was looked at."""
    found = front.editions.select_related("by").filter(pk=edition).first()
    if found is None:
        raise Changed(draft(front) or live(front, now), _("This edition was dropped meanwhile."))
    if found.is_live(now):
        raise Changed(found, _("This edition is live: it cannot be changed any more."))
    if found.version != version:
        raise Changed(found, _("Somebody else changed this edition meanwhile."))
    return found


def _check_live(found, seen):
    if found is not None and found.pk != seen:
        raise Changed(found, _("Somebody else changed what is live meanwhile."))


def _save(front, layout, *, by, edition, version, now):
    if edition is None:
        theirs = draft(front)
        if theirs is not None:
            raise Changed(theirs, _("Somebody else began a draft meanwhile."))
        based_on = live(front, now)
        _check(front, layout, layout_of(based_on), by)
        found = Edition(front=front, based_on=based_on, by=by, at=now)
        _write(found, layout)
        return found
    found = _open(front, edition, version, now)
    _check(front, layout, layout_of(found), by)
    _rewrite(found, layout, by=by, now=now)
    return found


def _check(front, layout, before, by):
    """Refuse, all at once, what a layout must not say; what was there before is not asked again."""
    problems = []
    if len(layout.pins) > MOST_PINS:
        problems.append(_("More than %d pinned stories are too many.") % MOST_PINS)
    if layout.breaking_text and layout.breaking_until is None:
        problems.append(_("Say until when the breaking strip stands."))
    added = {pin.article_id for pin in layout.pins} - {pin.article_id for pin in before.pins}
    stories = Article.objects.filter(pk__in=added, language=front.language)
    known = permissions.visible_stories(by, stories)
    if known.count() != len(added):
        problems.append(_("A story was chosen that is not open to you, or is in another language."))
    pictures = {pin.image_id for pin in layout.pins} - {pin.image_id for pin in before.pins}
    visible = permissions.visible_images(by, Image.objects.filter(pk__in=pictures - {None}))
    if visible.count() != len(pictures - {None}):
        problems.append(_("There is no such picture."))
    if problems:
        raise Refused(*problems)


def _carry(front, before, after, into, *, by, now):
    """The change of what is live in the waiting editions that are to have it too."""
    for other in waiting(front, now):
        if other.pk in into:
            _rewrite(other, carried(before, after, layout_of(other)), by=by, now=now)


def _rewrite(edition, layout, *, by, now):
    if layout == layout_of(edition):
        return
    edition.pins.all().delete()
    edition.by, edition.at = by, now
    edition.version += 1
    _write(edition, layout)


def _write(edition, layout):
    """The strip of an edition, in one step with itself, and its pins where it has none yet."""
    edition.breaking_text, edition.breaking_url, edition.breaking_until = layout.strip
    edition.save()
    Pin.objects.bulk_create(
        Pin(
            edition=edition,
            article_id=pin.article_id,
            slot=pin.slot,
            position=pin.position,
            until=pin.until,
            kicker=pin.kicker,
            headline=pin.headline,
            image_id=pin.image_id,
        )
        for pin in layout.pins
    )
