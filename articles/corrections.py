"""A correction in each of the languages that the mistake was told in."""

from django.db import transaction

from articles import permissions, publishing, reports, translations


def others(article, *, by):
    """The stories of its group that ``by`` may correct as well."""
    stories = permissions.visible_stories(by, translations.group_of(article))
    return [story for story in stories if permissions.can_correct(by, story)]


def correct(article, *, by, kind, text, supersedes=None, report=None, elsewhere=()):
    """Publish a correction of a story, and of its other languages in the words of each.

    ``report``: see articles.reports. ``elsewhere``: (story, words) of those to be corrected too.
    All of it or nothing: raises PermissionDenied, publishing.Refused.
    """
    with transaction.atomic():
        publishing.hold(article)
        reports.correct(article, by=by, report=report, kind=kind, text=text, supersedes=supersedes)
        for story, words in elsewhere:
            publishing.correct(story, by=by, kind=kind, text=words)
