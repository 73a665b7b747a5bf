"""What is coming, as a list and as a calendar of a month or a week."""

import datetime
import itertools
from typing import NamedTuple

from django.core.exceptions import PermissionDenied
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_safe

from articles import clock, planned

MOST = 200  # entries on a page
IN_A_CELL = 4  # of a month; the week shows all
VIEWS = {"list": lazy("List"), "week": lazy("Week"), "month": lazy("Month")}
WEEK = datetime.timedelta(days=7)


class Day(NamedTuple):
    """A day with its entries; ``more``: how many of them its cell has no room for."""

    date: datetime.date
    entries: list
    more: int = 0
    is_beside: bool = False  # of the month before or after


class PlannedStories:
    """Mixin of the story's admin: the page of what is coming."""

    def get_urls(self):
        view = self.admin_site.admin_view(require_safe(self.planned_view))
        return [path("planned/", view, name="articles_article_planned"), *super().get_urls()]

    def planned_view(self, request):
        if not self.has_view_permission(request):
            raise PermissionDenied
        name = request.GET.get("view", "")
        name = name if name in VIEWS else "list"
        on = _day(request.GET.get("on", "")) or clock.today()
        pages = {"list": _list, "week": _week, "month": _month}
        context = {
            **self.admin_site.each_context(request),
            "title": _("Planned"),
            "is_planned": True,
            "view": name,
            "views": VIEWS.items(),
            "on": on,
            "today": clock.today(),
            "zone": clock.zone_name(),
            **pages[name](request.user, on),
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, "admin/articles/article/planned.html", context)


def _day(words):
    """The day that the address names, or None where it names none that a newsroom plans for."""
    try:
        day = datetime.date.fromisoformat(words)
    except ValueError:
        return None
    return day if 1900 < day.year < 2200 else None


def _by_day(entries):
    return {
        day: list(found)
        for day, found in itertools.groupby(entries, lambda entry: clock.local(entry.at).date())
    }


def _list(user, on):
    """All from a day on; from today on with what is overdue, which comes first."""
    is_now = on <= clock.today()
    start = clock.start_of(on)
    entries = planned.coming(user, None if is_now else start, most=MOST)
    later = None
    if len(entries) > MOST:
        # A day stands on one page, unless it alone is too long for it.
        later = max(clock.local(entries[MOST].at).date(), on + clock.DAY)
        whole = [entry for entry in entries if entry.at < clock.start_of(later)]
        entries = whole[:MOST] or entries[:MOST]
    today = clock.start_of(clock.today())
    days = _by_day(entry for entry in entries if not is_now or entry.at >= today)
    return {
        "overdue": [entry for entry in entries if is_now and entry.at < today],
        "days": [Day(*each) for each in days.items()],
        "period": _("From %(day)s on") % {"day": clock.day_text(max(on, clock.today()))},
        "earlier": None if is_now else clock.today(),
        "later": later,
    }


def _week(user, on):
    monday = on - clock.DAY * on.weekday()
    sunday = monday + clock.DAY * 6
    return _calendar(user, monday, sunday) | {
        "period": f"{clock.day_text(monday)} – {clock.day_text(sunday)}",
        "earlier": monday - WEEK,
        "later": monday + WEEK,
    }


def _month(user, on):
    first = on.replace(day=1)
    following = (first + clock.DAY * 31).replace(day=1)
    last = following - clock.DAY
    monday = first - clock.DAY * first.weekday()
    sunday = last + clock.DAY * (6 - last.weekday())
    return _calendar(user, monday, sunday, month=first.month, room=IN_A_CELL) | {
        "period": capfirst(date_format(first, "F Y")),
        "earlier": (first - clock.DAY).replace(day=1),
        "later": following,
    }


def _calendar(user, monday, sunday, *, month=None, room=MOST):
    """The weeks from a Monday to a Sunday, each a list of seven Days."""
    since, until = clock.start_of(monday), clock.start_of(sunday + clock.DAY)
    entries = planned.coming(user, since, until, most=MOST)
    found = _by_day(entries[:MOST])
    days = []
    for number in range((sunday - monday).days + 1):
        date = monday + clock.DAY * number
        of_day = found.get(date, [])
        days.append(
            Day(
                date,
                of_day[:room],
                len(of_day) - len(of_day[:room]),
                month is not None and date.month != month,
            )
        )
    return {
        "weeks": [days[start : start + 7] for start in range(0, len(days), 7)],
        "is_empty": not entries,
        "is_cut": len(entries) > MOST,
    }
