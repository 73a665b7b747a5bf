"""What is done to a person whose name is printed, with all the stories it stands in.

Each function takes, by keyword, who does it (``by``), checks the permission and writes all of it, a
line of the desk's log included, in one transaction. Raises django's PermissionDenied.
"""

import html
import re
from functools import reduce
from operator import or_
from typing import NamedTuple

from django.contrib.admin.models import CHANGE, LogEntry
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from articles import naming, notices, permissions, placed
from articles.models import Article, Correction, Region, Section, Series, Tag
from articles.signals import person_hidden
from authors.models import Author, Organisation
from images.models import Image
from images.renditions import forget

MOST = 200  # places of one kind that are listed
# Where a name may stand that is nobody's credit: model -> the fields that readers see.
TEXTS = {
    Article: [
        "headline",
        "kicker",
        "standfirst",
        "body",
        "seo_title",
        "seo_description",
        "down_reason",
    ],
    Correction: ["text"],
    Tag: ["name", "names", "description", "descriptions"],
    Section: ["name", "names", "description", "descriptions"],
    Region: ["name", "names", "description", "descriptions"],
    Series: ["name", "names", "description", "descriptions"],
    Organisation: ["name", "names", "description", "descriptions"],
    Author: ["short_bio", "short_bios", "biography", "biographies", "job_title", "job_titles"],
}


_CAPTION = re.compile(r"<figcaption>.*?</figcaption>", re.S)


class Place(NamedTuple):
    """Where a name still stands: the kind of thing, what it is called, its address on the desk."""

    kind: str
    name: str
    address: str
    is_live: bool


# The safety switch


def hide(author, *, by):
    """Print the house wherever the person is named, let their page be nowhere, end their sessions.

    The names of people who were merged into them stand among their other spellings. Returns
    whether anything changed.
    """
    if not permissions.can_hide(by, author):
        raise PermissionDenied
    with transaction.atomic():
        person = _standing(author)
        if person.is_hidden:
            return False
        person.hidden_at = author.hidden_at = timezone.now()
        person.save(update_fields=["hidden_at"])
        person.record_portrait()
        _log(person, _("Hidden from readers."), by=by)
        notices.tell_of_person(person, "hide", by=by)
        person_hidden.send(sender=Author, person=person)
        transaction.on_commit(lambda: _clear_pictures(person))
    return True


def _standing(author):
    """The locked row of a person; of one who was merged meanwhile, that of the successor."""
    person = Author.objects.select_for_update().get(pk=author.pk)
    if person.merged_into_id is not None:
        person = Author.objects.select_for_update().get(pk=person.merged_into_id)
    return person


def _clear_pictures(person):
    """Delete the files readers got of pictures that say the name: new ones are made without it."""
    pattern = naming.spelt(naming.names_of(person))
    saying = Image.objects.exclude(credit="", copyright="")
    for token, *words in saying.values_list("token", "credit", "copyright").iterator():
        if any(pattern.search(said) for said in words):
            forget(token, "")


def show(author, *, by):
    """Print the name of a hidden person again. Returns whether anything changed."""
    if not permissions.can_show(by, author):
        raise PermissionDenied
    with transaction.atomic():
        person = Author.objects.select_for_update().get(pk=author.pk)
        if not person.is_hidden:
            return False
        person.hidden_at = author.hidden_at = None
        person.save(update_fields=["hidden_at"])
        person.record_portrait()
        _log(person, _("Shown to readers again."), by=by)
        notices.tell_of_person(person, "show", by=by)
    return True


def named_in(author, *, by):
    """Where texts name a person, as Places: stories first, what readers can see before the rest.

    Of stories those that ``by`` may see; of each kind of thing at most MOST.
    """
    pattern = naming.spelt(naming.names_of(author))
    found = []
    for model, fields in TEXTS.items():
        rows = _candidates(model, fields, author, by=by)
        if model is Author:
            rows = rows.exclude(pk=author.pk)
        hits = [r for r in rows.iterator(chunk_size=500) if _names(r, fields, pattern)]
        found += sorted((_place(row) for row in hits), key=lambda place: not place.is_live)[:MOST]
    return list(dict.fromkeys(found))


def shown_in(author, *, by):
    """Where portraits of a person stand by an editor's choice, as placed.Places, each once.

    There they stay when the person is hidden: of a story it may be the very news. Portraits of
    those who were merged into the person count; restricted stories only if ``by`` may see them.
    """
    same = Author.objects.filter(Q(pk=author.pk) | Q(merged_into=author.pk))
    portraits = list(Image.objects.filter(pk__in=same.values("portrait")))
    own = [f"person {number}" for number in same.values_list("pk", flat=True)]
    found = placed.places(by, portraits, apart_from=own)
    return list(dict.fromkeys(place for image in portraits for place in found[image.pk]))


def _candidates(model, fields, author, *, by):
    """Rows that may name the person: of the many stories only those that hold the letters."""
    rows = model._default_manager.order_by("-pk")
    if model not in {Article, Correction}:
        above = [name for name in ("article", "front") if hasattr(model, name)]
        return rows.select_related(*above) if above else rows
    words = [" ".join(name.split()) for name in naming.names_of(author)]
    words = {form for word in words for form in (word, html.escape(word, quote=False))}
    holds = [Q(**{f"{field}__icontains": word}) for field in fields for word in words]
    rows = rows.filter(reduce(or_, holds))
    if model is Article:
        return permissions.visible_stories(by, rows)
    stories = permissions.visible_stories(by, Article.objects.order_by())
    return rows.filter(article__in=stories.values("pk")).select_related("article")


def _names(row, fields, pattern):
    """Whether the texts of a row name the person; captions of pictures print the house instead."""
    return any(
        pattern.search(html.unescape(_CAPTION.sub("", text)))
        for name in fields
        for text in _texts(row, name)
        if text
    )


def _texts(row, name):
    value = getattr(row, name)
    return value.values() if isinstance(value, dict) else [value]


def _place(row):
    thing = getattr(row, "article", getattr(row, "front", row))
    opts = thing._meta
    # Of what was withdrawn readers see the reason, and its corrections.
    is_live = not isinstance(thing, Article) or thing.is_live or thing.status == "withdrawn"
    address = reverse(f"admin:{opts.app_label}_{opts.model_name}_change", args=[thing.pk])
    return Place(str(opts.verbose_name), str(thing), address, is_live)


def _log(thing, words, *, by):
    LogEntry.objects.log_actions(by.pk, [thing], CHANGE, words, single_object=True)
