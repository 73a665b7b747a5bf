"""A story and its other languages go out together, in the same minute or not at all."""

from typing import NamedTuple

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from addresses.languages import language_name
from articles import permissions, publishing, several, states, translations, versions
from articles.models import Article, Revision


class Other(NamedTuple):
    """The story in another language, which may go out together with one.

    ``pending``: its next version, where it is that which goes out; else None. ``problems``: what is
    missing before it can, and what of it is not translated yet, since nothing more is asked then.
    ``is_ticked``: whether it is taken along unless somebody says otherwise.
    """

    story: Article
    pending: Revision | None
    problems: list
    is_ticked: bool

    @property
    def key(self):
        """What was shown, for the form: number, version, number of the next version or 0."""
        return f"{self.story.pk}:{self.story.version}:{self.pending.pk if self.pending else 0}"

    @property
    def state(self):
        return states.of_next(self.pending) if self.pending else states.of(self.story)

    @property
    def language(self):
        return language_name(self.story.language)


def others(article, *, by):
    """What may go out together with a story: the Others of its group that ``by`` may bring out."""
    found = []
    for story in permissions.visible_stories(by, translations.group_of(article)):
        pending = versions.pending(story) if story.is_live else None
        if pending is not None and permissions.can_approve_version(by, story):
            found.append(Other(story, pending, [], pending.state == Revision.State.APPROVED))
        elif pending is None and permissions.can_publish(by, story):
            problems = [*publishing.problems(story), *publishing.untranslated(story)]
            problems = [problem.message for problem in problems]
            is_ready = story.status == Article.Status.READY or story.is_scheduled
            found.append(Other(story, None, problems, is_ready and not problems))
    return found


def go_out(article, *, by, at=None, is_version=False, along=()):
    """Publish a story, or its next version, at ``at`` (now by default), and with it what was chosen.

    ``along``: keys of Others as they were shown. All of it or nothing: raises PermissionDenied, or
    publishing.Refused, also where one of the others was changed since.
    """
    if not along:
        _go_out(article, by, at, is_version)
        return
    with transaction.atomic():
        publishing.hold(article)
        found = {other.key.split(":")[0]: other for other in others(article, by=by)}
        chosen = {key.split(":")[0]: key for key in along}
        if wrong := list(_meanwhile(article, found, chosen, by)):
            raise publishing.Refused(publishing.Problem("along", words) for words in wrong)
        moment = at or timezone.now()
        _go_out(article, by, moment, is_version, is_strict=True)
        for number in chosen:
            story = found[number].story
            try:
                _go_out(story, by, moment, found[number].pending is not None, is_strict=True)
            except publishing.Refused as refused:
                raise publishing.Refused(
                    publishing.Problem("along", f"{story.headline}: {problem.message}")
                    for problem in refused.problems
                ) from refused


def _go_out(story, by, at, is_version, is_strict=False):
    if is_version:
        publishing.approve_version(story, by=by, at=at)
        return
    if is_strict and story.embargo_until and story.embargo_until > at:
        at = None  # refused, rather than out of step with the other
    publishing.publish(story, by=by, at=at)


def _meanwhile(article, found, chosen, by):
    """Sentences about what changed since it was shown, or cannot go out."""
    for number, key in chosen.items():
        other = found.get(number)
        if other is not None and other.key == key:
            continue
        story = (
            translations.group_of(article).filter(pk=number).first() if _is_number(number) else None
        )
        if story is None or not permissions.can_read(by, story):
            yield _("One of the stories is not there to go out with it any more.")
        elif other is None:
            yield f"{story.headline}: {several.not_allowed(story, by)}"
        else:
            yield f"{story.headline}: {several.overtaken(story, by)}"


def _is_number(words):
    return words.isascii() and words.isdecimal() and len(words) < 19
