"""One-time links, with which people set a password that nobody else ever knew.

Whoever may manage logins makes one for an invitation, or for somebody who lost everything; a
forgotten password can be mended by a link to one's own mail. A link dies by use, with time, by a
newer one, and once its maker may no longer manage the login.
"""

import datetime
import hashlib
import secrets

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from articles import permissions
from authors.models import OneTimeLink

INVITES_FOR = datetime.timedelta(hours=72)
MENDS_FOR = datetime.timedelta(hours=2)


def _hash(token):
    return hashlib.sha256(token.encode()).hexdigest()


def address(token):
    return settings.SITE_URL + reverse("set_password", args=[token])


def invite(login, *, by):
    """A token for ``login``, made by whoever manages it; the former one no longer works."""
    if by.pk == login.pk or not permissions.can_manage_login(by, login):
        raise PermissionDenied
    return _make(login, by, INVITES_FOR)


def mend(login):
    """A token for the owner of a login who forgot the password."""
    return _make(login, None, MENDS_FOR)


@transaction.atomic
def _make(login, by, lasts):
    # An invitation is not undone by whoever knows an address and asks for another link.
    login.one_time_links.filter(made_by__isnull=by is None).delete()
    token = secrets.token_urlsafe(24)
    login.one_time_links.create(
        made_by=by, token_hash=_hash(token), expires_at=timezone.now() + lasts
    )
    return token


def find(token):
    """The link of a token, or None: unknown, used and expired ones look the same."""
    link = (
        OneTimeLink.objects.filter(token_hash=_hash(token), expires_at__gt=timezone.now())
        .select_related("login", "made_by")
        .first()
    )
    if link is None or not link.login.is_active:
        return None
    if link.made_by and not permissions.can_manage_login(link.made_by, link.login):
        return None
    return link


@transaction.atomic
def use(link, password):
    """Set the password that its owner chose: whether the link was still good. It works once."""
    if not OneTimeLink.objects.filter(pk=link.pk).delete()[0]:
        return False
    link.login.set_password(password)
    link.login.save(update_fields=["password"])
    link.login.one_time_links.all().delete()
    return True


def is_open(login):
    """Until when an invitation holds, or None."""
    links = login.one_time_links.filter(made_by__isnull=False, expires_at__gt=timezone.now())
    return links.values_list("expires_at", flat=True).first()
