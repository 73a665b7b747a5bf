"""The forms of signing in: a name with a password, and the code of a second factor."""

from allauth.account.forms import LoginForm
from allauth.core.internal.cryptokit import normalize_user_code
from allauth.mfa import app_settings
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from django import forms
from django.core.cache import cache
from django.utils.translation import gettext_lazy as _


class SignInForm(LoginForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        name, password = self.fields["login"], self.fields["password"]
        name.label = _("Name or e-mail")
        name.max_length = 254
        name.widget = forms.TextInput(
            attrs={
                "autocomplete": "username",
                "autocapitalize": "none",
                "autofocus": True,
                "maxlength": 254,
                "spellcheck": "false",
            }
        )
        password.label, password.help_text = _("Password"), ""
        del password.widget.attrs["placeholder"]

    def user_credentials(self):
        """What was typed, once: as a name and as an address it would be hashed twice if it is
        somebody's address, and how long that takes would tell."""
        return {
            "username": self.cleaned_data["login"],
            "password": self.cleaned_data["password"],
        }

    def add_prefix(self, field_name):
        return "username" if field_name == "login" else super().add_prefix(field_name)


def code_input():
    attrs = {"autocomplete": "one-time-code", "inputmode": "numeric", "autofocus": True}
    return forms.TextInput(attrs=attrs)


class FirstCodeForm(ActivateTOTPForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["code"].label = _("The six digits")
        self.fields["code"].widget = code_input()


class OnceOnly:
    """A code is good once for as long as it could be good (RFC 6238, section 5.2)."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["code"].widget = code_input()

    def clean_code(self):
        code = super().clean_code()
        lasts = app_settings.TOTP_PERIOD * (2 * app_settings.TOTP_TOLERANCE + 1)
        # With or without the spaces that people type between the digits.
        key = f"second-factor-{self.authenticator.pk}-{normalize_user_code(code)}"
        if not cache.add(key, 1, lasts):
            raise get_adapter().validation_error("incorrect_code")
        return code


class CodeForm(OnceOnly, AuthenticateForm):
    pass


class CodeAgainForm(OnceOnly, ReauthenticateForm):
    pass


class AddressForm(forms.Form):
    email = forms.EmailField(
        label=_("Your e-mail address"),
        widget=forms.EmailInput(attrs={"autocomplete": "email", "autofocus": True}),
    )
