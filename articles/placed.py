"""Where the pictures of the library stand, for those who may know of it."""

from typing import NamedTuple

from django.db.models import Q
from django.db.models.fields.json import KT
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from articles import permissions, states
from articles.models import Article, Revision
from authors.models import Author, Organisation
from images.models import Use

_PLACES = {
    "lead": _("lead picture"),
    "body": _("in the text"),
    "portrait": _("portrait"),
    "logo": _("logo"),
}


class Place(NamedTuple):
    """``address``: where it is opened on the desk, "" for those who may not; ``state``: of a story."""

    name: str
    where: str
    address: str = ""
    state: str = ""


def places(user, images, *, apart_from=()):
    """Where each of ``images`` stands: number -> list of Places, in five queries for any number.

    What is closed to the login is left out, so an empty list does not mean that it is unused.
    ``apart_from``: users of pictures ("person 3") that are not asked about.
    """
    uses = Use.objects.filter(image__in=[image.pk for image in images])
    uses = list(uses.exclude(user__in=apart_from).order_by("pk"))
    numbers = {}
    for use in uses:
        kind, _space, number = use.user.partition(" ")
        if number.isdigit():
            numbers.setdefault(kind, set()).add(int(number))
    stories = permissions.visible_stories(user, Article.objects.all())
    stories = states.with_returned(stories).filter(pk__in=numbers.get("story", ()))
    opened = permissions.readable_stories(user, Article.objects.all())
    known = {
        "story": {story.pk: story for story in stories.only(*_OF_STORY)},
        "person": Author.objects.in_bulk(numbers.get("person", ())),
        "organisation": Organisation.objects.in_bulk(numbers.get("organisation", ())),
    }
    may_open = set(opened.filter(pk__in=known["story"]).values_list("pk", flat=True))
    found = {image.pk: [] for image in images}
    for use in uses:
        kind, _space, number = use.user.partition(" ")
        where = _PLACES.get(use.place, use.place)
        if kind not in known:
            name = _("The site") if kind == "site" else _("A front page")
            found[use.image_id].append(Place(name, where))
        elif number.isdigit() and (thing := known[kind].get(int(number))) is not None:
            may = kind != "story" or thing.pk in may_open
            found[use.image_id].append(
                Place(
                    str(thing),
                    where,
                    reverse(_ADDRESSES[kind], args=[thing.pk]) if may else "",
                    states.of(thing).label if kind == "story" else "",
                )
            )
    return found


_OF_STORY = ["headline", "status", "published_at", "language"]
_ADDRESSES = {
    "story": "admin:articles_article_change",
    "person": "admin:authors_author_change",
    "organisation": "admin:authors_organisation_change",
}


def is_used(image):
    """Whether anything needs the picture, next versions of live stories included."""
    if Use.objects.filter(image=image).exists():
        return True
    waiting = Revision.objects.filter(state__in=Revision.PENDING).annotate(
        body_of_it=KT("content__fields__body")
    )
    in_body = Q(body_of_it__contains=f'data-image="{image.pk}"')
    return waiting.filter(Q(content__relations__lead_image=image.pk) | in_body).exists()
