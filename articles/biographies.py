"""What people change on their own page, where house style wants an editor to look at it first."""

import hashlib
import json
from typing import NamedTuple

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from addresses.languages import PLURALS
from articles import comparing, permissions
from authors.models import Author, BiographyProposal
from images.models import Image
from prose import body

# Fields of the Author that a person keeps; those of several languages have a table beside them.
TEXTS = ["biography", "short_bio", "location"]
FIELDS = [
    *(name for text in TEXTS for name in (text, PLURALS.get(text, f"{text}s"))),
    "languages",
    "links",
    "portrait_id",
]


class Changed(Exception):
    """The proposal, or the page, is another than the one that was looked at."""


class Difference(NamedTuple):
    """One text of the page: ``segments`` lead from what stands there, see articles.comparing."""

    label: str
    language: str
    segments: list
    was_changed_since: bool = False
    old_image: Image | None = None
    new_image: Image | None = None


def values_of(author):
    return {name: getattr(author, name) for name in FIELDS}


def waiting(author):
    """The proposal that waits for an editor, or None."""
    return BiographyProposal.objects.filter(author=author, dropped_at=None).first()


def put_on(author, proposal):
    """Let ``author`` (the object, not the row) say what is proposed."""
    for name, value in proposal.content.items():
        setattr(author, name, value)


def forget(author):
    """What was proposed before is overtaken by what the person wrote themselves."""
    BiographyProposal.objects.filter(author=author).delete()


def propose(author, *, by):
    """Keep what the object ``author`` says and its row does not, until an editor has looked at it.

    Takes the place of what was proposed before. Gives the proposal; None where nothing differs.
    """
    if not permissions.can_change_person(by, author):
        raise PermissionDenied
    with transaction.atomic():
        row = Author.objects.select_for_update().get(pk=author.pk)
        old, new = values_of(row), values_of(author)
        content = {name: new[name] for name in FIELDS if new[name] != old[name]}
        BiographyProposal.objects.filter(author=row).delete()
        if not content:
            return None
        return BiographyProposal.objects.create(
            author=row, by=by, content=content, base={name: old[name] for name in content}
        )


def seen(proposal):
    """A mark of what an editor looks at: of the proposal and of what it would change."""
    now = values_of(proposal.author)
    looked_at = [proposal.content, {name: now[name] for name in sorted(proposal.content)}]
    text = json.dumps(looked_at, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _locked(author, by, mark):
    if not permissions.can_review_biographies(by):
        raise PermissionDenied
    author = Author.objects.select_for_update().get(pk=author.pk)
    proposal = BiographyProposal.objects.filter(author=author, dropped_at=None).first()
    if proposal is None:
        raise Changed
    proposal.author = author
    if seen(proposal) != mark:
        raise Changed
    return proposal


def approve(author, *, by, mark):
    """Write the proposal onto the page. ``mark``: see ``seen``. Raises Changed."""
    with transaction.atomic():
        proposal = _locked(author, by, mark)
        put_on(proposal.author, proposal)
        if not Image.objects.filter(pk=proposal.author.portrait_id).exists():
            proposal.author.portrait_id = None  # taken out of the library meanwhile
        proposal.author.save()
        proposal.author.record_portrait()
        proposal.delete()
    return proposal.author


def drop(author, *, by, mark, reason=""):
    """Leave the page as it is, and tell the person why. Raises Changed."""
    with transaction.atomic():
        proposal = _locked(author, by, mark)
        proposal.dropped_at, proposal.dropped_by = timezone.now(), by
        proposal.reason = body.plain(reason).strip()
        proposal.save()
    return proposal


def differences(proposal):
    """All that a proposal changes, as Differences from what stands on the page now."""
    author, found, work = proposal.author, [], comparing.Work()
    now = values_of(author)
    for name, new in proposal.content.items():
        old, since = now[name], now[name] != proposal.base.get(name)
        field = author._meta.get_field(_plain(name).removesuffix("_id"))
        label = str(field.verbose_name)
        if name == "portrait_id":
            pictures = Image.objects.in_bulk([n for n in (old, new) if n])
            found.append(Difference(label, "", [], since, pictures.get(old), pictures.get(new)))
        elif name in TEXTS or not isinstance(new, dict):
            segments = _compared(_words(name, old), _words(name, new), work)
            found.append(Difference(label, "", segments, since))
        else:
            for language in sorted({*old, *new}):
                before, after = old.get(language, ""), new.get(language, "")
                if before != after:
                    segments = _compared(_words(name, before), _words(name, after), work)
                    found.append(Difference(label, language, segments, since))
    return found


def _plain(name):
    return next((text for text in TEXTS if name == PLURALS.get(text, f"{text}s")), name)


def _words(name, value):
    if name == "links":
        return "\n".join(f"{link.get('label', '')} {link.get('url', '')}" for link in value)
    if name == "languages":
        return ", ".join(value)
    return body.text(value) if _plain(name) == "biography" else value


def _compared(old, new, work):
    """What leads from one text to the other, word by word: Segments, see articles.comparing."""
    if old == new:
        words = _("The words are the same; how they are set is not.")
        return [comparing.Segment(comparing.EQUAL, words)]
    return comparing.words(old, new, work)
