"""Readers' reports of errors: kept as notes beside the story, until an editor decides what they are."""

import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext, override

from articles import permissions, publishing
from articles.models import Article, Note
from prose import body

TEXT, QUOTE, CONTACT = 2_000, 500, 200  # characters
CONTACT_KEPT = datetime.timedelta(days=90)  # after the report is settled


def add(article, *, text, quote="", contact=""):
    """Keep what a reader wrote about a story that readers can read. Returns the Note."""
    words = {"text": text, "quote": quote, "contact": contact}
    return Note.objects.create(
        article=article,
        kind="report",
        **{field: body.plain(typed).strip() for field, typed in words.items()},
    )


def waiting(user):
    """Reports that nobody has decided on, of stories that the login may open; the newest first."""
    stories = permissions.readable_stories(user, Article.objects.all())
    found = Note.objects.filter(kind="report", closed_at=None, article__in=stories.values("pk"))
    return found.order_by("-at", "-pk")


def find(article, number):
    """The open report of a story with that number (text of any kind), or None."""
    return _numbered(article, number).filter(closed_at=None).first()


def was_settled(article, number):
    """Whether the report of a story with that number is no longer open."""
    return _numbered(article, number).exclude(closed_at=None).exists()


def _numbered(article, number):
    is_number = str(number).isdecimal() and len(str(number)) <= 18
    found = article.notes.filter(kind="report")
    return found.filter(pk=number) if is_number else found.none()


def set_aside(article, number, *, by):
    """No mistake of ours: kept, with who said so. Whether it was still open."""
    if not permissions.can_settle_reports(by, article):
        raise PermissionDenied
    return _close(article, number, by=by)


def correct(article, *, by, report=None, **correction):
    """Publish a correction, and with it settle the report that led to it, if it is still open."""
    with transaction.atomic():
        entry = publishing.correct(article, by=by, **correction)
        if report is not None:
            _close(article, report, by=by, correction=entry)
        return entry


def _close(article, number, *, by, **fields):
    found = _numbered(article, number).filter(closed_at=None)
    return bool(found.update(closed_at=timezone.now(), closed_by=by, **fields))


def prepared(report):
    """The beginning of a correction, in the language of the story; its end is the editor's."""
    with override(report.article.language):
        if report.quote:
            said = gettext("An earlier version of this story said: “%(quote)s”. In fact, ")
            return said % {"quote": " ".join(report.quote.split())}
        return gettext("An earlier version of this story was wrong about ")


def forget():
    """Let go of how readers are reached whose reports were settled long ago."""
    old = Note.objects.filter(kind="report", closed_at__lt=timezone.now() - CONTACT_KEPT)
    old.exclude(contact="").update(contact="")
