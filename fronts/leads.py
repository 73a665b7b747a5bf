"""The one story that editors pin to the head of a section's or a region's list, in each language.

The only writer of Lead. Lists ask for it through articles.lists.PINNED.
"""

from django.contrib.admin.models import CHANGE, LogEntry
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Min, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from articles import lists, permissions
from articles.models import Article, Region, Section
from fronts.laying_out import Refused
from fronts.models import Lead
from fronts.signals import front_changed

KINDS = {Section: "section", Region: "region"}
OFFERED = 8  # regions from the page of a story


def _of(thing, language):
    return Lead.objects.filter(**{KINDS[type(thing)]: thing}, language=language)


def pinned(thing, language, now):
    """The number of the story pinned to a list at a moment, as a queryset of one or none."""
    holds = Q(until=None) | Q(until__gt=now)
    return _of(thing, language).filter(holds).values("article")


lists.PINNED |= {Section: pinned, Region: pinned}


def of(thing):
    """What is pinned to a section or a region, ended or not: language -> Lead."""
    found = Lead.objects.filter(**{KINDS[type(thing)]: thing}).select_related("article")
    return {lead.language: lead for lead in found}


def next_due(now):
    """When the next lead ends; None where none does."""
    return Lead.objects.filter(until__gt=now).aggregate(at=Min("until"))["at"]


def belong(thing, stories):
    """Of ``stories`` those that stand in the list of a section or a region."""
    if isinstance(thing, Section):
        return stories.filter(section=thing)
    return stories.in_region(thing)


def pin(story, *, by, thing, until=None):
    """Put a story at the head of a section's or a region's list: now, or from its own minute on.

    Raises Refused with what is wrong, PermissionDenied. Returns the Lead.
    """
    if not permissions.can_place(by, story):
        raise PermissionDenied
    if until is not None and until <= timezone.now():
        raise Refused(_("This time has passed."))
    if not belong(thing, Article.objects.filter(pk=story.pk)).exists():
        raise Refused(_("The story is not filed under “%(name)s”.") % {"name": thing})
    about = {"article": story, "until": until, "by": by, "at": timezone.now()}
    with transaction.atomic():
        lead, _made = Lead.objects.update_or_create(
            **{KINDS[type(thing)]: thing}, language=story.language, defaults=about
        )
        _tell(thing, by, f"lead ({story.language}): story {story.pk}")
    return lead


def take_out(*, by, thing, language):
    """Let the list of a section or a region begin with the newest again."""
    if not permissions.can_lay_out(by):
        raise PermissionDenied
    with transaction.atomic():
        number, _models = _of(thing, language).delete()
        if number:
            _tell(thing, by, f"lead ({language}): none")


def _tell(thing, by, words):
    LogEntry.objects.log_actions(by.pk, [thing], CHANGE, words, single_object=True)
    front = f"{KINDS[type(thing)]} {thing.pk}"
    transaction.on_commit(lambda: front_changed.send(sender=Lead, front=front, move="lead"))


# From the page of a story


def places(story):
    """Where a story can lead, as choices: its section, its regions and what they lie in."""
    found = []
    if story.section is not None:
        found.append((f"section {story.section_id}", story.section.name))
    above = {
        int(number)
        for region in story.regions.all()
        for number in region.path.strip("/").split("/")
        if number
    }
    if above:
        regions = Region.objects.filter(pk__in=above).order_by("-path")[:OFFERED]
        found += [(f"region {region.pk}", region.name) for region in regions]
    return [(value, _("%(list)s, lead") % {"list": name}) for value, name in found]


def thing_of(words):
    """The section or region that a choice of ``places`` stands for, or None."""
    kind, _space, number = words.partition(" ")
    model = {name: model for model, name in KINDS.items()}.get(kind)
    return model.objects.filter(pk=int(number)).first() if model is not None else None
