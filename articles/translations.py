"""Stories that tell the same in several languages: one group, at most one story a language."""

import uuid
from typing import NamedTuple

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from addresses.languages import codes, language_name
from articles import naming, permissions, publishing, versions
from articles.models import Article, Byline, Region, Revision

# Of its filing, its words and its picture a translation begins with what the original has; these
# it gets of its own.
OWN = {"slug": "", "canonical_url": "", "seo_title": "", "seo_description": ""}


def problem(article, original, language):
    """Why ``article`` cannot be the translation of ``original`` into ``language``; "" if it can."""
    if original is None:
        group = article.translation_group if article.translated_from_id is None else None
    elif original.language == language:
        return _("The original is in the same language.")
    else:
        group = original.translation_group
    if group is None:
        return ""
    others = Article.objects.filter(translation_group=group, language=language)
    if others.exclude(pk=article.pk).exists():
        return _("There is a translation into this language already.")
    return ""


def link(article):
    """Put a saved story into the group of what it was translated from, or out of the one it left.

    Remembers which version of the original was translated: the last one there is now. Raises
    publishing.Refused where another story of the group came first.
    """
    with transaction.atomic():
        original = article.translated_from
        revision = None
        if original is not None:
            original = Article.objects.select_for_update().get(pk=original.pk)
            if original.translation_group is None:
                original.translation_group = uuid.uuid4()
                original.save(update_fields=["translation_group"])
            if said := problem(article, original, article.language):
                raise publishing.Refused([publishing.Problem("translated_from", said)])
            revision = versions.current(original)
        article.translation_group = original.translation_group if original else None
        article.translated_from_revision = revision
        article.save(update_fields=["translation_group", "translated_from_revision"])


class Half(NamedTuple):
    """The story in one language, or that there is none yet: ``story`` is None then.

    ``is_hidden``: there is one, and whoever looks may not know of it.
    """

    language: str
    story: Article | None
    is_hidden: bool

    @property
    def name(self):
        return language_name(self.language)


def halves(article, *, by):
    """What there is of a story in each further language of the site, in their order."""
    found = {}
    if article.translation_group is not None:
        found = {one.language: one for one in group_of(article)}
    seen = permissions.visible_stories(by, group_of(article)) if found else ()
    numbers = {one.pk for one in seen}
    return [
        Half(code, one if one and one.pk in numbers else None, bool(one and one.pk not in numbers))
        for code in codes()
        if code != article.language
        for one in [found.get(code)]
    ]


def group_of(article):
    """The other stories of its group."""
    if article.translation_group is None:
        return Article.objects.none()
    group = Article.objects.filter(translation_group=article.translation_group)
    return group.exclude(pk=article.pk).defer("body").order_by("pk")


def begin(original, *, into, by):
    """Make the story in the language ``into``: with the original's words to be translated, its
    filing, credits, sources, picture and series, ``by`` credited as translator and assigned.

    Returns the new story, or the one that is there already (pressed twice). Nobody sees more of it
    than of the original: embargo and restriction are the same. Raises PermissionDenied, Refused.
    """
    with transaction.atomic():
        row = publishing.hold(original)
        if not permissions.can_translate(by, row):
            raise PermissionDenied
        if into not in codes() or into == row.language:
            raise publishing.Refused([publishing.Problem("", _("Choose another language."))])
        there = group_of(row).filter(language=into).first()
        if there is not None and permissions.can_read(by, there):
            return there
        if there is not None:
            said = _("There is a translation into this language already.")
            raise publishing.Refused([publishing.Problem("", said)])
        story, content = Article(), _content(row, into, by)
        versions.set_fields(story, content)
        story.assigned_to, story.translated_from = by, row
        publishing.save(story, by=by, guarded_as=row)
        versions.set_rows(story, content)
        link(story)
        publishing.record(story, by=by, reason="translate")
        original.translation_group = story.translation_group
        return story


def _content(original, into, by):
    content = versions.snapshot(original)
    content["fields"] |= {**OWN, "language": into}
    content["fields"]["dateline_place"] = _place_in(original.dateline_place, into)
    older = original.supersedes
    if older is not None:
        older = permissions.visible_stories(by, group_of(older)).filter(language=into).first()
    content["relations"]["supersedes"] = older and older.pk
    content["bylines"] = [
        row for row in content["bylines"] if row["role"] != Byline.Role.TRANSLATOR
    ]
    person = getattr(by, "author", None)
    if person is not None and person.merged_into_id is None and not person.is_hidden:
        content["bylines"].append(
            {
                "author_id": person.pk,
                "organisation_id": None,
                "role": str(Byline.Role.TRANSLATOR),
                "withheld": False,
            }
        )
    return content


def _place_in(place, language):
    """A dateline's place as the language calls it, where it is a region of ours."""
    found = naming.find(Region.objects.all(), place, numbers=False) if place else []
    return found[0].name_in(language).words if len(found) == 1 else place


def follow(article, *, by, revision):
    """Say that the translation has what the original said at ``revision``, one of its Revisions."""
    with transaction.atomic():
        story = Article.objects.select_for_update().get(pk=article.pk)
        if not permissions.can_follow(by, story):
            raise PermissionDenied
        known = versions.of_row(story.translated_from).filter(pk=revision)
        since = story.translated_from_revision_id or 0
        if not known.filter(pk__gte=since).exists():
            raise publishing.Refused(
                [publishing.Problem("", _("The original was changed meanwhile. Look once more."))]
            )
        article.translated_from_revision = Revision.objects.get(pk=revision)
        article.save(update_fields=["translated_from_revision"])


def under_embargo_with(article, *, by):
    """The other stories of its group that ``by`` may put under the same embargo, as a list."""
    stories = permissions.visible_stories(by, group_of(article))
    return [story for story in stories if permissions.can_set_embargo(by, story)]


def share_embargo(article, *, by):
    """Put the story's other languages under its embargo. Returns those that had another one.

    Runs in the transaction in which the story is saved.
    """
    changed = []
    for number in [story.pk for story in under_embargo_with(article, by=by)]:
        story = Article.objects.select_for_update().get(pk=number)
        if story.embargo_until != article.embargo_until:
            story.embargo_until = article.embargo_until
            publishing.save(story, by=by)
            publishing.record(story, by=by, reason="set embargo")
            changed.append(story)
    return changed
