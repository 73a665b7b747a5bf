"""Whose role needs a second factor, who has one, and what an administrator takes away when lost."""

from allauth.mfa.models import Authenticator
from django.utils import timezone

from articles import permissions
from newsroom import chrome


def is_required(request, user):
    """Whether a role that ``user`` holds needs a second factor, as the site is set."""
    needed = chrome.of(request, timezone.now()).second_factor_for
    return bool(needed) and bool(permissions.roles(user) & needed)


def has_one(user):
    return Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists()


def is_missing(request, user):
    """Whether ``user`` must set up a second factor before anything else at the desk."""
    return is_required(request, user) and not has_one(user)


def reset(login):
    """Take the second factor and its recovery codes from a login."""
    Authenticator.objects.filter(user=login).delete()
