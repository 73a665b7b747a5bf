"""What django-allauth asks us: who may sign in, how often, where to, with which second factor."""

import time

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.core.internal.httpkit import clean_client_ip
from allauth.core.internal.ratelimit import truncate_ip
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

from newsroom import chrome
from newsroom.signing_in import browsers, second_factor, throttling

JUST_NOW = 5 * 60  # seconds for which a password given at the door counts as given again
SIGNED_IN_AT = "signed_in_at"
WRONG = _("This name and this password do not belong together.")


class Accounts(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        # The same words whatever was wrong: nothing tells whether there is such an account.
        "username_password_mismatch": WRONG,
        "email_password_mismatch": WRONG,
        "too_many_login_attempts": _("Too many wrong tries. Wait a while, then try again."),
        "incorrect_password": _("This is not your password."),
    }

    def is_open_for_signup(self, request):
        return False

    def get_client_ip(self, request):
        """The address that the outermost proxy of ours saw, or whoever talks to us directly."""
        forwarded = request.headers.get("X-Forwarded-For", "").split(",")
        proxies = settings.ALLAUTH_TRUSTED_PROXY_COUNT
        seen = forwarded[-proxies] if 0 < proxies <= len(forwarded) else ""
        return clean_client_ip(seen) or clean_client_ip(request.META.get("REMOTE_ADDR", "")) or "::"

    def is_safe_url(self, url):
        """Of the addresses one may be led to after signing in: those of this host."""
        request = context.request
        return url_has_allowed_host_and_scheme(
            url, allowed_hosts={request.get_host()}, require_https=request.is_secure()
        )

    def pre_authenticate(self, request, **credentials):
        name = credentials.get("username") or credentials.get("email") or ""
        address = truncate_ip(self.get_client_ip(request))
        self._paid = throttling.try_password(request, name, address)
        if self._paid is None:
            raise self.validation_error("too_many_login_attempts")

    def authenticate(self, request, **credentials):
        user = super().authenticate(request, **credentials)
        # A closed account, or one without a place at the desk, is answered like a wrong password.
        if user is None or not user.is_active or not user.is_staff:
            return None
        throttling.give_back(self._paid)
        return user

    def post_login(self, request, user, **kwargs):
        response = super().post_login(request, user, **kwargs)
        request.session[SIGNED_IN_AT] = time.time()
        browsers.remember(request, response, user)
        return response

    def is_reauthentication_required(self, *, app, **kwargs):
        """Who has just signed in needs not say their password again."""
        return time.time() - context.request.session.get(SIGNED_IN_AT, 0) > JUST_NOW

    def add_message(self, request, level, message_template=None, *args, **kwargs):
        """What happened to a second factor is said; that one has signed in shows by itself."""
        if message_template is None or message_template.startswith("mfa/"):
            super().add_message(request, level, message_template, *args, **kwargs)


class SecondFactor(DefaultMFAAdapter):
    error_messages = DefaultMFAAdapter.error_messages | {
        "cannot_delete_authenticator": _("Your role needs a second factor; it stays on."),
    }

    def get_totp_label(self, user):
        return user.get_username()

    def get_totp_issuer(self):
        return chrome.of(context.request, timezone.now()).name.words

    def can_delete_authenticator(self, authenticator):
        return not second_factor.is_required(context.request, authenticator.user)
