"""Nobody whose role needs a second factor works at the desk without one."""

from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from newsroom.signing_in import second_factor

# What leads to a second factor, and out.
OPEN = ["account_login", "admin:logout", "mfa_activate_totp", "totp_picture"]
ALSO_OPEN = ["account_reauthenticate", "admin:jsi18n"]


def second_factor_first(get_response):
    """A page leads to where a factor is set up; whatever else is asked or sent is refused.

    Refused and not led away, so that a script which saves a text learns that it was not saved.
    """

    def middleware(request):
        desk = reverse("admin:index")
        if not request.path.startswith(desk) or not request.user.is_authenticated:
            return get_response(request)
        if request.path in {reverse(name) for name in OPEN + ALSO_OPEN}:
            return get_response(request)
        if not second_factor.is_missing(request, request.user):
            return get_response(request)
        is_page = request.headers.get("Sec-Fetch-Dest", "document") == "document"
        if request.method in {"GET", "HEAD"} and is_page:
            return HttpResponseRedirect(reverse("mfa_activate_totp"))
        return render(request, "admin/account/second_factor_first.html", status=403)

    return middleware
