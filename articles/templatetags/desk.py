"""What templates of the desk need: a story's state, and moments in the site's zone."""

from django import template
from django.utils.html import format_html
from django.utils.translation import gettext as _

from articles import clock, history, states
from articles.models import Revision

register = template.Library()


@register.simple_tag
def chip(story):
    """The state of a story as a small label; its words, not its colour, tell states apart."""
    state = states.of(story)
    return format_html('<span class="chip chip--{}">{}</span>', state.code, state.label)


@register.filter
def at(moment):
    """A moment in the site's zone, short: "24 Nov, 06:00 Bishkek"."""
    return states.moment(moment) if moment else ""


@register.filter
def time_of_day(moment):
    """A time in the site's zone, where day and zone stand above it: "06:00"."""
    return clock.time_text(moment)


@register.filter
def day_of_week(day):
    """A day with its weekday: "Tue 24 Nov"."""
    return clock.day_text(day)


# Versions


@register.filter
def done(move):
    """A move of the audit in words: "Returned"."""
    return history.done(move)


@register.filter
def why(revision):
    """Why a version was saved, in words; "" where nobody said."""
    return history.why(revision)


@register.filter
def alone(thing):
    """A list of this one thing."""
    return [thing]


@register.simple_tag
def version_state(revision, newest):
    """Where a version stands, as a small label; nothing for one that is past.

    ``newest``: primary key of the version that the story holds now.
    """
    if revision.state in {*Revision.PENDING, Revision.State.DROPPED}:
        return format_html('<span class="chip">{}</span>', revision.get_state_display())
    if revision.pk != newest:
        return ""
    return format_html('<span class="chip chip--live">{}</span>', _("as it is now"))
