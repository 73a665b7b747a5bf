"""What a person typed into a story's form and did not save: kept, offered back, thrown away.

One row a person and story, or a person and new form: no version of the story, read by nothing
but that person's own forms. Every form that is opened carries a random ``form_id``. What another
form of the same person and story left behind is not overwritten: it goes to ``earlier``.

A form that was saved is remembered for a while, so that sent twice it is saved once, and so that
what was typed into it and arrives late is known to be in the story.
"""

import datetime
import hashlib
import json
import re
import secrets
from typing import NamedTuple

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from articles import versions
from articles.models import Article, Autosave, SavedForm
from prose import body

# What one form may hold: a text at its longest in any script, and as much again beside it.
MOST = 5 * body.MAX_LENGTH  # bytes
EARLIER = 5  # forms of one story left behind and kept, besides the last
NEW = 20  # of a person's new stories that were never saved, the latest to be offered
REMEMBERED = datetime.timedelta(days=7)


class Typed(NamedTuple):
    """``content``: the form's fields as typed, name -> list of values. ``turn``: see SavedForm."""

    form_id: str
    at: datetime.datetime
    version: int
    turn: int
    content: dict

    def first(self, name):
        return next(iter(self.content.get(name, ())), "")


class Repeated(Exception):
    """A form that was sent twice at once, and saved by the other request."""


class TooLong(Exception):
    """More was typed than is kept."""


def new_form_id():
    return secrets.token_hex(16)


def is_form_id(words):
    return re.fullmatch("[0-9a-f]{32}", words) is not None


def content_of(data):
    """What was typed, of a form's posted data: without the token and the buttons."""
    return {
        name: [_plain(value) for value in values]
        for name, values in data.lists()
        if name != "csrfmiddlewaretoken" and not name.startswith("_")
    }


def _plain(value):
    # Browsers send line ends as CRLF; a NUL cannot be typed, nor kept by PostgreSQL.
    return value.replace("\r\n", "\n").replace("\0", "")


def digest(content):
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def _number(content, name):
    words = next(iter(content.get(name, ())), "")
    return int(words) if words.isdecimal() and len(words) < 10 else 0


# Keeping


def keep(content, *, by, article, form_id, turn=0):
    """Keep what ``by`` typed into the form; returns the Typed. ``article``: None for a new story.

    Returns None where it is in the story already, or something newer is kept. Raises TooLong.
    """
    if sum(len(value.encode()) for values in content.values() for value in values) > MOST:
        raise TooLong
    typed = Typed(form_id, timezone.now(), _number(content, "version"), turn, content)
    with transaction.atomic():
        if article is not None:
            # A save of the form that is being made comes first.
            Article.objects.select_for_update().filter(pk=article.pk).values("pk").first()
        done = saved(by, form_id)
        if _is_in(done, typed):
            return None
        if done is not None and article in (None, done.article):
            # Also where a new story was saved while this was on its way.
            article, typed = done.article, went_on(typed, done)
        return _put(typed, by=by, article=article)


def _put(typed, *, by, article):
    """Write what was typed beside what other forms left; None where something newer is kept."""
    key = {"article": article}
    if article is None:
        key["form_id"] = typed.form_id
    rows = Autosave.objects.select_for_update()
    row, is_new = rows.get_or_create(by=by, **key, defaults=typed._asdict())
    if not is_new:
        before = _all(row)
        if any(t.form_id == typed.form_id and 0 < typed.turn < t.turn for t in before):
            return None
        others = [t for t in before if t.form_id != typed.form_id and not _same(t, typed)]
        _write(row, [*others, typed])
    return typed


def _same(one, other):
    """Whether two forms hold the same words."""
    return one.content | {"form_id": None} == other.content | {"form_id": None}


def _is_in(done, typed):
    """Whether what was typed is in the story: it is what its form was saved with, or older."""
    if done is None:
        return False
    return 0 < typed.turn <= done.turn or done.digest == digest(typed.content)


def _all(row):
    """What a row holds, as Typeds, oldest first."""
    earlier = [Typed(**entry | {"at": parse_datetime(entry["at"])}) for entry in row.earlier]
    return [*earlier, Typed(row.form_id, row.at, row.version, row.turn, row.content)]


def _write(row, kept):
    """Let a row hold what ``kept`` lists, oldest first; without any it goes."""
    if not kept:
        row.delete()
        return
    *earlier, last = kept
    row.form_id, row.at, row.version, row.turn, row.content = last
    row.earlier = [typed._asdict() | {"at": typed.at.isoformat()} for typed in earlier[-EARLIER:]]
    row.save()


def _rows(by, article):
    """Rows of a story, or of new ones. What was kept of a new story in the moment in which it was
    saved knows nothing of that: it is the story's all the same."""
    rows, forms = Autosave.objects.filter(by=by), SavedForm.objects.filter(by=by)
    if article is None:
        return rows.filter(article=None).exclude(form_id__in=forms.values("form_id"))
    its = forms.filter(article=article).values("form_id")
    return rows.filter(Q(article=article) | Q(article=None, form_id__in=its))


def drop(*, by, article, form_id):
    """Let go of what was typed into one form."""
    with transaction.atomic():
        _take_out(by=by, article=article, form_id=form_id)


def _take_out(*, by, article, form_id):
    """Let go of what was typed into one form; returns it, as Typeds. What is kept at the same moment
    by another request is in neither: it stays."""
    taken = []
    for row in _rows(by, article).select_for_update():
        left = [typed for typed in _all(row) if typed.form_id != form_id]
        if len(left) < len(_all(row)):
            taken += [typed for typed in _all(row) if typed.form_id == form_id]
            _write(row, left)
    return taken


# Giving back


def kept(user, article):
    """All that a person typed into forms of a story, or of new ones, and did not save: newest first.

    ``article``: None for new stories.
    """
    found, strays = [], set()
    for row in _rows(user, article).order_by("-at")[:NEW]:
        found += reversed(_all(row))
        strays |= {row.form_id} if row.article_id is None else set()
    if not found:
        return []
    # A request that came late may have brought what was being saved at that moment.
    ids = [typed.form_id for typed in found]
    done = {form.form_id: form for form in SavedForm.objects.filter(by=user, form_id__in=ids)}
    left = [typed for typed in found if not _is_in(done.get(typed.form_id), typed)]
    return [
        went_on(typed, done[typed.form_id]) if typed.form_id in strays & done.keys() else typed
        for typed in left
    ]


def find(user, article, form_id):
    """The Typed of one form, or None."""
    return next((typed for typed in kept(user, article) if typed.form_id == form_id), None)


# Forms that were saved


def went_on(typed, done):
    """What was typed into a form since it was saved as ``done``, a SavedForm.

    Where nobody else saved in between, it goes on from the version that was made then.
    """
    if typed.version + 1 != done.version:
        return typed
    before, after = (versions.at(done.article, done.version - back) for back in (1, 0))
    content = typed.content | {"version": [str(done.version)]}
    # The address followed the headline; who did not type one has the new one.
    made_before = before["fields"]["slug"] if before else ""
    if after and content.get("slug") in ([""], [made_before]):
        content["slug"] = [after["fields"]["slug"]]
    return typed._replace(version=done.version, content=content)


def saved(user, form_id):
    """The SavedForm of a form, or None."""
    if not is_form_id(form_id):
        return None
    return SavedForm.objects.filter(by=user, form_id=form_id).select_related("article").first()


def settle(content, *, by, article, form_id, is_new, is_next=False, made=None, turn=0):
    """Remember that a form was saved as ``article``, or as its next version (``is_next``), and let go
    of what was kept of it. ``made``: see SavedForm.

    Runs in the transaction of the save, which has locked the story. Raises Repeated where another
    request has saved this new story, or the same words: the whole transaction must go back then.
    """
    if is_form_id(form_id):
        fresh = {"article": article, "version": article.version, "digest": digest(content)}
        fresh |= {"turn": turn, "is_next": is_next, "made": made, "at": timezone.now()}
        if is_new:
            try:
                with transaction.atomic():
                    SavedForm.objects.create(by=by, form_id=form_id, **fresh)
            except IntegrityError as error:
                raise Repeated from error
        else:
            done = saved(by, form_id)
            if done is not None and (done.digest, done.is_next) == (fresh["digest"], is_next):
                raise Repeated
            SavedForm.objects.update_or_create(by=by, form_id=form_id, defaults=fresh)
        SavedForm.objects.filter(by=by, at__lt=timezone.now() - REMEMBERED).delete()
    done = saved(by, form_id)
    # What was typed since it was sent, and came in before it, is not in the story.
    kept_of_it = _take_out(by=by, article=article, form_id=form_id)
    since = [t for t in kept_of_it if done is not None and 0 < turn < t.turn]
    for typed in since:
        if not _is_in(done, typed):
            _put(went_on(typed, done), by=by, article=article)
