"""Who changed the state of stories, when and why, as a table."""

from django.utils.translation import gettext, pgettext

from articles import history
from articles.models import Article, Transition
from articles.models.article import site_zone


def header():
    return [
        gettext("Time"),
        gettext("Story"),
        gettext("Headline"),
        gettext("What was done"),
        gettext("State before"),
        gettext("State after"),
        gettext("Who"),
        pgettext("of a change of state", "Why"),
    ]


def rows(*, story=None, first=None, after=None):
    """Every change of state, oldest first, as lists of cells; read bit by bit.

    Of one story; or from the moment ``first`` up to but not including ``after`` (None: no bound).
    """
    found = Transition.objects.order_by("pk")
    if story is not None:
        found = found.filter(article=story)
    if first is not None:
        found = found.filter(at__gte=first)
    if after is not None:
        found = found.filter(at__lt=after)
    zone, states = site_zone(), dict(Article.Status.choices)
    columns = "at article article__headline move before after by__username note".split()
    for at, number, headline, move, before, state, who, note in found.values_list(
        *columns
    ).iterator(chunk_size=2000):
        yield [
            at.astimezone(zone).isoformat(sep=" ", timespec="seconds"),
            number,
            headline,
            history.done(move),
            states.get(before, before),
            states.get(state, state),
            who or "",
            note,
        ]
