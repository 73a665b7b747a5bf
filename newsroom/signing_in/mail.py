"""Mail about signing in. Nothing depends on it: what it says is on a screen as well."""

import logging

from django.conf import settings
from django.core.mail import send_mail
from django.utils.translation import gettext as _

from articles.permissions import CHIEF
from authors.models import User
from newsroom.signing_in import links

log = logging.getLogger(__name__)


def send(subject, text, to):
    """Mail to each of several addresses: whether it went out."""
    if not settings.HAS_MAIL or not to:
        return False
    try:
        for address in to:
            send_mail(subject, text, None, [address])
    except OSError:
        log.exception("mail could not be sent")
        return False
    return True


def send_link(login, token, *, by=None):
    """A one-time link to its owner's address, if there is one."""
    if by is None:
        subject = _("A new password for the desk")
        opening = _("Somebody, we think you, asked for a new password. If not, do nothing.")
    else:
        subject = _("Your login at the desk")
        opening = _("%(name)s made a login for you.") % {"name": by.get_full_name() or by}
    lines = [
        opening,
        _("Your name there: %(name)s") % {"name": login.get_username()},
        _("Set your password here. The link works once: %(address)s")
        % {"address": links.address(token)},
    ]
    return send(subject, "\n\n".join(lines), [login.email] if login.email else [])


def tell_chiefs(text, *, by):
    """What whoever is on duty did to protect the house, to every chief editor but the doer."""
    chiefs = User.objects.filter(groups__name=CHIEF, is_active=True).exclude(email="")
    send(text, text, list(chiefs.exclude(pk=by.pk).values_list("email", flat=True)))
