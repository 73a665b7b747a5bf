"""An old version of a story made the present one: as a new version, like any other save."""

from typing import NamedTuple

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from articles import merges, permissions, publishing, versions
from articles.models import Article

# What the form gives to editors only.
EDITORS_FIELDS = ["canonical_url", "noindex", "may_not_be_republished"]
EDITORS_RELATIONS = ["paid_by"]


class Restored(NamedTuple):
    """``story``: as it is now. ``left_out``: what was gone (see versions.present).
    ``is_proposal``: readers go on seeing what they saw, until an editor lets it go live."""

    story: Article
    left_out: set
    is_proposal: bool


def restore(article, revision, *, by, opened_at, is_substantive=False):
    """Save ``revision`` of a story as its newest version; of a live one a reporter proposes it.

    ``opened_at``: the version that stood when the person decided. ``is_substantive``: see
    publishing.record. Raises PermissionDenied, publishing.Stale, and publishing.Refused.
    """
    with transaction.atomic():
        merges.hold_off()
        story = Article.objects.select_for_update().get(pk=article.pk)
        if not permissions.can_restore(by, story):
            raise PermissionDenied
        if opened_at != story.version:
            raise publishing.Stale(story)
        # Read again behind the lock: what was purged meanwhile must not come back.
        revision = story.revisions.filter(pk=revision.pk, purged_at=None).first()
        if revision is None:
            raise publishing.Refused(
                [publishing.Problem("", _("This version is no longer there."))]
            )
        content, left_out = versions.present(revision.content)
        _keep(story, content, by)
        reason = f"restore {revision.version}"
        if not permissions.can_edit(by, story):
            if versions.pending(story) is not None:
                raise publishing.Refused(
                    [publishing.Problem("", _("There is a next version of this story already."))]
                )
            try:
                publishing.propose(story, by=by, content=content, reason=reason)
                if permissions.can_submit_version(by, story):
                    publishing.submit_version(story, by=by)
            except publishing.Collided as collided:
                raise publishing.Stale(story) from collided
            return Restored(story, left_out, is_proposal=True)
        versions.set_fields(story, content)
        publishing.save(story, by=by, opened_at=opened_at)
        versions.set_rows(story, content)
        publishing.record(story, by=by, reason=reason, is_substantive=is_substantive)
    return Restored(story, left_out, is_proposal=False)


def _keep(story, content, by):
    """Leave in the content to be restored what stays as it is, and what ``by`` may not change."""
    fields, relations = content["fields"], content["relations"]
    now = versions.snapshot(story)
    fields["slug"] = story.slug  # an address is no matter of versions
    if story.was_public or story.translation_group is not None:
        fields["language"] = story.language
    if story.address_date is not None and relations["section"] is None:
        relations["section"] = story.section_id
    if not permissions.is_editor(by):
        for name in EDITORS_FIELDS:
            fields[name] = now["fields"][name]
        for name in EDITORS_RELATIONS:
            relations[name] = now["relations"][name]
    chain = {story.supersedes_id, relations["supersedes"]} - {None}
    seen = permissions.visible_stories(by, Article.objects.filter(pk__in=chain))
    if seen.count() != len(chain):
        relations["supersedes"] = story.supersedes_id
    if not permissions.is_chief(by):
        # A name that is withheld comes out by no way but its own.
        hidden = versions.withheld(story)
        hidden |= set(story.bylines.filter(withheld=True).values_list("author", flat=True))
        for row in content["bylines"]:
            row["withheld"] = row["withheld"] or (
                row["author_id"] is not None and row["author_id"] in hidden
            )
