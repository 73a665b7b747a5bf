"""Private words about a story among those who work on it, and whom they call upon."""

import re
from typing import NamedTuple

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from articles import notices, permissions, publishing
from articles.models import Note
from authors.models import User
from prose import body

LENGTH = 5000  # characters of a note
MENTIONS = 20  # names in one note that are looked up
# @login or @"Full Name" (also in «» or “”); not the middle of an e-mail address.
_MENTION = re.compile(r"""(?<![\w@.+-])@(?:["“«]([^"“”«»\n]{1,150})["”»]|([\w.+-]{1,150}))""")


class Mentioned(NamedTuple):
    """Whom a note names: people who are told; who may see the story and will not hear of it; who
    may not see it; and names that are nobody's, or not one person's."""

    told: list
    deaf: list
    closed: list
    unknown: list

    def sentences(self):
        """For whoever wrote the note, as (is a warning, sentence)."""
        said = []
        if self.told:
            said.append((False, _("Told: %s.") % _names(self.told)))
        if self.deaf:
            names = _names(self.deaf)
            said.append(
                (True, _("Not told, by their own choice or for want of an address: %s.") % names)
            )
        if self.closed:
            names = _names(self.closed)
            said.append((True, _("May not see this story, and is told nothing: %s.") % names))
        for name in self.unknown:
            said.append(
                (
                    True,
                    _("“%s” is nobody's name here, or that of several people: nobody is told.")
                    % name,
                )
            )
        return said


def _names(people):
    return ", ".join(user.get_full_name() or user.get_username() for user in people)


def add(article, *, by, text):
    """Keep a note and tell those it mentions. Returns the Note and a Mentioned.

    Raises PermissionDenied, or publishing.Refused for an empty or endless one.
    """
    if not permissions.can_note(by, article):
        raise PermissionDenied
    text = body.plain(text).strip()
    if not text:
        raise publishing.Refused([publishing.Problem("note", _("The note is empty."))])
    if len(text) > LENGTH:
        raise publishing.Refused(
            [publishing.Problem("note", _("A note has at most %d characters.") % LENGTH)]
        )
    with transaction.atomic():
        note = Note.objects.create(article=article, by=by, text=text, kind="note")
        found = mentioned(article, text)
        people = {user.pk for user in found.told} - {by.pk}
        if people:
            heard = notices.tell(article, "mention", by=by, text=text, people=people)
            deaf = [user for user in found.told if user.pk in people - heard]
            told = [user for user in found.told if user.pk in heard]
            found = found._replace(told=told, deaf=deaf)
        else:
            found = found._replace(told=[])
    return note, found


def mentioned(article, text):
    """Whom the words of a note name, as a Mentioned."""
    names = list(dict.fromkeys(m[1] or m[2] for m in _MENTION.finditer(text)))[:MENTIONS]
    if not names:
        return Mentioned([], [], [], [])
    told, closed, unknown = [], [], []
    insiders = set(permissions.insiders(article).values_list("pk", flat=True))
    colleagues = User.objects.filter(is_active=True, is_staff=True)
    by_name = {}
    for user in colleagues.only("username", "first_name", "last_name", "email"):
        for name in {user.get_username(), user.get_full_name()} - {""}:
            by_name.setdefault(_plain(name), set()).add(user)
    for name in names:
        # The end of a sentence is no part of a login, unless it is.
        people = by_name.get(_plain(name)) or by_name.get(_plain(name.rstrip(".-+"))) or ()
        if len(people) != 1:
            unknown.append(name)
            continue
        (user,) = people
        (told if user.pk in insiders else closed).append(user)
    return Mentioned(list(dict.fromkeys(told)), [], list(dict.fromkeys(closed)), unknown)


def _plain(words):
    return " ".join(words.split()).casefold()
