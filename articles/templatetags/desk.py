"""What templates of the desk need: a story's state, and moments in the site's zone."""

from django import template
from django.utils.html import format_html

from articles import clock, states

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
