"""Links that show an unpublished story to whoever holds them: they expire and can be revoked."""

import datetime
import hashlib
import secrets

from django.core.exceptions import PermissionDenied
from django.utils import timezone

from articles.models import PreviewLink
from articles.permissions import can_share_preview

LASTS = datetime.timedelta(days=3)


def _hash(token):
    return hashlib.sha256(token.encode()).hexdigest()


def share(article, *, by, lasts=LASTS):
    """A new token for ``/preview/<token>/``: 128 random bits, of which only a hash is kept."""
    if not can_share_preview(by, article):
        raise PermissionDenied
    token = secrets.token_urlsafe(16)
    PreviewLink.objects.create(
        article=article, by=by, token_hash=_hash(token), expires_at=timezone.now() + lasts
    )
    return token


def revoke(link):
    """End a link at once."""
    link.revoked_at = timezone.now()
    link.save(update_fields=["revoked_at"])


def find(token):
    """The story a token shows, or None: unknown, expired and revoked ones look the same.

    A link holds only while whoever made it could still share the story: not once it was taken
    down, put under embargo or restricted, nor when their account is closed.
    """
    link = (
        PreviewLink.objects.filter(
            token_hash=_hash(token), expires_at__gt=timezone.now(), revoked_at=None
        )
        .select_related("article", "by")
        .first()
    )
    if link is None or not can_share_preview(link.by, link.article):
        return None
    return link.article
