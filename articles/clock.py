"""The site's clock: which instants a time on it stands for, and how the desk prints an instant.

All times of the desk are those of the site's zone, whatever zone a person or a browser is in, and
each is printed with the name of the zone. Where clocks are changed, a time on the clock may stand for
no instant (a gap in spring) or for two (in autumn); PEP 495 says how Python tells them apart.
"""

import datetime

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext, gettext_lazy, ngettext, pgettext, pgettext_lazy

from articles.models.article import site_zone

# Cities whose name differs between the desk's languages; other zones are called as they are spelled.
CITIES = {
    "Asia/Almaty": gettext_lazy("Almaty"),
    "Asia/Ashgabat": gettext_lazy("Ashgabat"),
    "Asia/Bishkek": gettext_lazy("Bishkek"),
    "Asia/Dushanbe": gettext_lazy("Dushanbe"),
    "Asia/Tashkent": gettext_lazy("Tashkent"),
    "Europe/Moscow": gettext_lazy("Moscow"),
}
# Monday first. Django's own short names are not those of Russian print.
WEEKDAYS = [
    pgettext_lazy("weekday, short", "Mon"),
    pgettext_lazy("weekday, short", "Tue"),
    pgettext_lazy("weekday, short", "Wed"),
    pgettext_lazy("weekday, short", "Thu"),
    pgettext_lazy("weekday, short", "Fri"),
    pgettext_lazy("weekday, short", "Sat"),
    pgettext_lazy("weekday, short", "Sun"),
]
MINUTE = datetime.timedelta(minutes=1)
DAY = datetime.timedelta(days=1)


# From the clock to instants


def instants(wall):
    """The instants that a naive datetime stands for on the site's clock: none, one or two of them.

    In UTC, where they can be compared, and the earlier one first.
    """
    first, second = _readings(wall)
    if first == second:
        return [first]
    return [first, second] if first < second else []


def _readings(wall):
    """The time read before and after a change of the clocks, in UTC; the same where there is none."""
    return [wall.replace(tzinfo=site_zone(), fold=fold).astimezone(datetime.UTC) for fold in (0, 1)]


def around(wall):
    """The two nearest times beside one that does not exist: the last minute before, the first after."""
    # The two readings lie on either side of the instant at which the clocks are put forward.
    high, low = _readings(wall.replace(microsecond=0))
    before = local(low).utcoffset()
    while high - low > datetime.timedelta(seconds=1):
        middle = low + datetime.timedelta(seconds=(high - low).total_seconds() // 2)
        if local(middle).utcoffset() == before:
            low = middle
        else:
            high = middle
    return high - MINUTE, high


def start_of(day):
    """The first instant of a day of the site."""
    midnight = datetime.datetime.combine(day, datetime.time())
    return (instants(midnight) or [around(midnight)[1]])[0]


def today():
    return local(timezone.now()).date()


# From an instant to words


def local(moment):
    """An instant as the site's clock shows it."""
    return moment.astimezone(site_zone())


def offset(moment):
    """How far the site's clock is from UTC at a moment: "UTC+02:00"."""
    words = local(moment).strftime("%z")
    seconds = f":{words[5:]}" if words[5:] else ""
    return f"UTC{words[:3]}:{words[3:5]}{seconds}"


def zone_name():
    """The zone of the site, short: "Bishkek"."""
    key = settings.TIME_ZONE
    if key in CITIES:
        return str(CITIES[key])
    if key.startswith("Etc/GMT"):  # named with the sign turned round
        return offset(timezone.now())
    return key.rpartition("/")[2].replace("_", " ")


def text(moment):
    """A moment, short: "24 Nov, 06:00 Bishkek", with the year where it is not this one."""
    return _with_zone(moment, _format(moment))


def text_with_weekday(moment):
    """A moment with its weekday: "Tue 24 Nov, 06:00 Bishkek"."""
    return _with_zone(moment, f"{weekday(local(moment))} {_format(moment)}")


def _format(moment):
    here = local(moment)
    return f"{short_day(here)}, {here:%H:%M}"


def short_day(day):
    """A day with its month, and with the year where it is not this one."""
    if day.year == today().year:
        return date_format(day, pgettext("day on the desk", "j M"))
    return date_format(day, pgettext("day on the desk", "j M Y"))


def weekday(day):
    """The weekday of a date or a datetime, short: "Tue"."""
    return str(WEEKDAYS[day.weekday()])


def _with_zone(moment, words):
    words = f"{words} {zone_name()}"
    # The clock shows this time twice: which of the two it is must be said.
    return f"{words} ({offset(moment)})" if is_shown_twice(moment) else words


def time_text(moment):
    """The time of a moment alone: "06:00". Day and zone are to stand where it is printed."""
    words = f"{local(moment):%H:%M}"
    return f"{words} ({offset(moment)})" if is_shown_twice(moment) else words


def is_shown_twice(moment):
    """Whether the clocks go back so that this time comes a second time."""
    return len(instants(local(moment).replace(tzinfo=None, fold=0))) == 2


def day_text(day):
    """A day in words, with the year where it is not this one: "Tue 24 Nov"."""
    return f"{weekday(day)} {short_day(day)}"


def time_left(moment):
    """How long it is until a moment, roughly: "in 12 h", "in 3 days"."""
    minutes = int((moment - timezone.now()) / MINUTE)
    if minutes < 1:
        return gettext("in less than a minute")
    if minutes < 60:
        return gettext("in %d min") % minutes
    hours = round(minutes / 60)
    if hours < 48:
        return gettext("in %d h") % hours
    days = round(minutes / 60 / 24)
    return ngettext("in %d day", "in %d days", days) % days
