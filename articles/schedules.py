"""Usual times to go live at: what the schedule sheet offers for one press."""

import datetime
from typing import NamedTuple

from django.utils.translation import gettext as _

from articles import clock

AN_HOUR = "+60"  # minutes from when it is pressed, not from when the page was made
MORNING, EVENING = datetime.time(6), datetime.time(18)


class Preset(NamedTuple):
    """``value``: what its button sends, see ``moment_of``; ``when``: the moment in words, or ""."""

    value: str
    label: str
    when: str


def presets(now, floor=None):
    """The Presets at ``now``, in order of time; ``floor``: the end of an embargo, none is before it."""
    day = clock.local(now).date()
    tomorrow = day + clock.DAY
    monday = day + clock.DAY * (7 - day.weekday())
    times = [
        (_("Today %(time)s"), day, MORNING),
        (_("Today %(time)s"), day, EVENING),
        (_("Tomorrow %(time)s"), tomorrow, MORNING),
        (_("Tomorrow %(time)s"), tomorrow, EVENING),
    ]
    if monday != tomorrow:
        times.append((_("Monday %(time)s"), monday, MORNING))
    found = [Preset(AN_HOUR, _("In 1 hour"), "")]
    if floor:
        when = clock.text_with_weekday(floor)
        found = [Preset(floor.isoformat(), _("When the embargo ends"), when)]
    for label, on, time in times:
        moments = clock.instants(datetime.datetime.combine(on, time))
        # A time that does not exist, or exists twice, is no usual one.
        if len(moments) == 1 and moments[0] > (floor or now):
            when = f"{clock.zone_name()}, {clock.day_text(on)}"
            found.append(Preset(moments[0].isoformat(), label % {"time": f"{time:%H:%M}"}, when))
    return found


def moment_of(value, now):
    """The moment that a Preset's value stands for when it is pressed at ``now``, as ISO 8601 words."""
    if value == AN_HOUR:
        at = now + datetime.timedelta(minutes=int(AN_HOUR))
        # On a full minute, and no sooner than was said.
        return (at + datetime.timedelta(seconds=59)).replace(second=0, microsecond=0).isoformat()
    return value
