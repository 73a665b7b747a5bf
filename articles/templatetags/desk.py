"""What templates of the desk need: a story's state, and moments in the site's zone."""

from django import template
from django.utils.html import format_html
from django.utils.translation import gettext as _

from addresses.languages import language_name
from articles import clock, history, states
from articles.models import Revision

register = template.Library()


@register.simple_tag
def chip(story):
    """The state of a story as a small label; its words, not its colour, tell states apart."""
    state = states.of(story)
    return format_html('<span class="chip chip--{}">{}</span>', state.code, state.label)


@register.filter
def credited(story):
    """Names of the first three credited with a story, each once; its bylines are loaded."""
    names = (str(byline.author or byline.organisation) for byline in story.bylines.all())
    return ", ".join(list(dict.fromkeys(names))[:3])


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


@register.filter
def weekday(day):
    """The weekday of a day, short: "Tue"."""
    return clock.weekday(day)


@register.filter
def in_words(code):
    """What a language is called on the desk: "Russian"."""
    return language_name(code)


@register.simple_tag
def chosen_picture(field):
    """The picture whose number stands in a BoundField; None where it holds none that may be seen."""
    number = str(field.value() or "")
    if field.errors or not number.isdecimal():
        return None
    saved = getattr(field.form.instance, field.name, None)
    if saved is not None and str(saved.pk) == number:
        return saved
    return field.field.queryset.filter(pk=number).first()


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
