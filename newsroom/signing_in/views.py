"""The pages of signing in, in the manner of the desk."""

from allauth.account.adapter import get_adapter as accounts
from allauth.account.utils import perform_login
from allauth.account.views import LoginView, ReauthenticateView
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import views as mfa
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.views import GenerateRecoveryCodesView, ViewRecoveryCodesView
from allauth.mfa.totp.internal.auth import SECRET_SESSION_KEY
from allauth.mfa.totp.views import ActivateTOTPView, DeactivateTOTPView
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.forms import SetPasswordForm
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from articles import permissions
from authors.models import User
from newsroom.signing_in import links, mail, second_factor, sessions, throttling
from newsroom.signing_in.forms import AddressForm


def desk_page(request, template, context, **kwargs):
    """A page with the desk's frame."""
    context = admin.site.each_context(request) | context
    return TemplateResponse(request, f"admin/account/{template}.html", context, **kwargs)


class DeskPage:
    """Mixin: a page of allauth's in the desk's frame."""

    def get_context_data(self, **kwargs):
        context = admin.site.each_context(self.request) | super().get_context_data(**kwargs)
        return context | {"title": self.title}


class SignIn(DeskPage, LoginView):
    template_name = "admin/login.html"
    title = lazy("Log in")

    def dispatch(self, request, *args, **kwargs):
        self.request = request
        if admin.site.has_permission(request):
            return HttpResponseRedirect(self.get_next_url() or reverse("admin:index"))
        return super().dispatch(request, *args, **kwargs)


class Code(DeskPage, mfa.AuthenticateView):
    """The second step at the door."""

    template_name = "admin/account/code.html"
    title = lazy("The second step")

    def _build_forms(self):
        data = self.request.POST if self.request.method == "POST" else None
        self.auth_form = self.get_form_class()(user=self.stage.login.user, data=data)
        self.webauthn_form = None
        return self.auth_form


class Confirm(DeskPage, ReauthenticateView):
    """The password again, before something grave."""

    template_name = "admin/account/confirm.html"
    title = lazy("Is it you?")


class ConfirmByCode(DeskPage, mfa.ReauthenticateView):
    template_name = "admin/account/confirm.html"
    title = lazy("Is it you?")


class SetUp(DeskPage, ActivateTOTPView):
    template_name = "admin/account/second_factor.html"
    title = lazy("Set up a second factor")

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        return context | {
            "is_required": second_factor.is_required(self.request, self.request.user),
        }


class TurnOff(DeskPage, DeactivateTOTPView):
    template_name = "admin/account/second_factor_off.html"
    title = lazy("Turn the second factor off")


class RecoveryCodes(DeskPage, ViewRecoveryCodesView):
    template_name = "admin/account/recovery_codes.html"
    title = lazy("Recovery codes")


class NewRecoveryCodes(DeskPage, GenerateRecoveryCodesView):
    template_name = "admin/account/recovery_codes_new.html"
    title = lazy("New recovery codes")


@require_safe
def totp_picture(request):
    """The secret of the page that is open as a picture for a telephone, from an address of its own:
    the page's policy allows no picture within it."""
    secret = request.session.get(SECRET_SESSION_KEY)
    if secret is None or second_factor.has_one(request.user):
        raise Http404
    adapter = get_adapter()
    picture = adapter.build_totp_svg(adapter.build_totp_url(request.user, secret))
    return HttpResponse(picture, content_type="image/svg+xml")


# One-time links


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def set_password(request, token):
    """Where a one-time link leads: looking at it does nothing, setting a password uses it up."""
    link = links.find(token)
    if link is None:
        return _no_link(request)
    form = SetPasswordForm(link.login, request.POST or None)
    if request.method == "POST" and form.is_valid():
        if not links.use(link, form.cleaned_data["new_password1"]):
            return _no_link(request)
        sessions.end(sessions.live(user=link.login))
        return perform_login(request, link.login)
    context = {"title": _("Set your password"), "form": form, "login": link.login}
    response = desk_page(request, "set_password", context)
    # The token goes to nobody. ("no-referrer" would also take away what a form's origin is
    # recognised by.)
    response.headers["Referrer-Policy"] = "strict-origin"
    return response


def _no_link(request):
    return desk_page(request, "no_link", {"title": _("This link does not work")}, status=404)


class AnswerFirst(TemplateResponse):
    """Runs its errand once the answer has been sent: how long that takes tells nobody anything."""

    errand = None

    def close(self):
        try:
            if self.errand is not None:
                self.errand()
        finally:
            super().close()


@require_http_methods(["GET", "HEAD", "POST"])
def forgotten(request):
    """Ask for a link to one's own mail. The answer is the same whether there is such an account."""
    form = AddressForm(request.POST or None)
    is_asked = request.method == "POST" and settings.HAS_MAIL and form.is_valid()
    context = admin.site.each_context(request) | {
        "title": _("Forgotten your password?"),
        "form": form,
        "has_mail": settings.HAS_MAIL,
        "is_asked": is_asked,
    }
    response = AnswerFirst(request, "admin/account/forgotten.html", context)
    add_never_cache_headers(response)
    if is_asked:
        email, ip = form.cleaned_data["email"].lower(), accounts().get_client_ip(request)
        response.errand = lambda: _send_links(request, email, ip)
    return response


def _send_links(request, email, ip):
    if not throttling.spend(request, "links", ip) or not throttling.spend(request, "link", email):
        return
    for login in User.objects.filter(email=email, is_active=True, is_staff=True):
        mail.send_link(login, links.mend(login))


# One's own account, and who is signed in


@require_http_methods(["GET", "HEAD", "POST"])
def account(request):
    """How I sign in: password, second factor, and where I am signed in."""
    mine = sessions.live(user=request.user)
    others = mine.exclude(session_key=request.session.session_key)
    if request.method == "POST":
        if request.POST.get("end") != "others":
            others = others.filter(pk=_number(request.POST.get("end")))
        count = sessions.end(others)
        messages.success(
            request,
            ngettext("%(count)s session was ended.", "%(count)s sessions were ended.", count)
            % {"count": count},
        )
        return HttpResponseRedirect(reverse("mfa_index"))
    factors = {row.type: row.wrap() for row in Authenticator.objects.filter(user=request.user)}
    codes = factors.get(Authenticator.Type.RECOVERY_CODES)
    rows = list(mine)
    for row in rows:
        row.browser = sessions.browser(row)
        row.is_this = row.session_key == request.session.session_key
    context = {
        "title": _("Signing in"),
        "has_factor": Authenticator.Type.TOTP in factors,
        "codes_left": len(codes.get_unused_codes()) if codes else 0,
        "is_required": second_factor.is_required(request, request.user),
        "sessions": rows,
        "has_others": any(not row.is_this for row in rows),
        "may_end_sessions": permissions.can_end_sessions(request.user),
    }
    return desk_page(request, "index", context)


def _number(text):
    return int(text) if text and text.isdecimal() and len(text) < 19 else 0


@require_http_methods(["GET", "HEAD", "POST"])
def colleagues(request):
    """Who is signed in at the desk; whoever is on duty signs a colleague out everywhere."""
    if not permissions.can_end_sessions(request.user):
        raise PermissionDenied
    if request.method == "POST":
        for login in User.objects.filter(pk=_number(request.POST.get("login"))):
            end_sessions(login, by=request.user)
            text = _("%(name)s is signed out everywhere.") % {"name": _name(login)}
            messages.success(request, text)
        return HttpResponseRedirect(reverse("colleagues"))
    people = {}
    for row in sessions.live().exclude(user=request.user).select_related("user"):
        person = people.setdefault(row.user_id, {"login": row.user, "rows": []})
        row.browser = sessions.browser(row)
        person["rows"].append(row)
    context = {"title": _("Who is signed in"), "people": list(people.values())}
    return desk_page(request, "colleagues", context)


@transaction.atomic
def end_sessions(login, *, by):
    """Sign a login out everywhere, written down, and told to the chief editors."""
    sessions.end(sessions.live(user=login))
    note = _("Signed out everywhere.")
    LogEntry.objects.log_actions(by.pk, [login], CHANGE, note, single_object=True)
    if not permissions.is_chief(by):
        text = _("%(by)s signed %(name)s out everywhere.")
        text %= {"by": _name(by), "name": _name(login)}
        transaction.on_commit(lambda: mail.tell_chiefs(text, by=by))


def _name(login):
    return login.get_full_name() or login.get_username()
