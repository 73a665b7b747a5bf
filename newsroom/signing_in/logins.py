"""What those who manage logins do about signing in: invite, reset a second factor, end sessions."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _

from articles import permissions
from newsroom.signing_in import links, mail, second_factor, sessions


class SignsIn:
    """Mixin for the admin of logins."""

    change_form_template = "admin/authors/user/change_form.html"

    def get_urls(self):
        view = self.admin_site.admin_view
        return [
            path("<int:pk>/link/", view(self.link_view), name="authors_user_link"),
            path(
                "<int:pk>/second-factor/",
                view(self.second_factor_view),
                name="authors_user_second_factor",
            ),
            *super().get_urls(),
        ]

    def response_add(self, request, obj, post_url_continue=None):
        return self._invite(request, obj)

    def link_view(self, request, pk):
        """Make a one-time link; a GET only says what it is."""
        login = self._login(request, pk)
        if login.pk == request.user.pk or not permissions.can_manage_login(request.user, login):
            raise PermissionDenied
        if request.method == "POST":
            with transaction.atomic():
                return self._invite(request, login)
        return self._page(request, "link", login, title=_("A one-time link"))

    def _invite(self, request, login):
        """Show the link, this once; and mail it where there is mail."""
        if not login.is_active:
            raise PermissionDenied
        token = links.invite(login, by=request.user)
        self.log_change(request, login, _("Made a one-time link."))
        response = self._page(
            request, "link", login, title=_("A one-time link"), link=links.address(token)
        )

        def send():
            # Before the page is rendered, after the link exists.
            is_mailed = mail.send_link(login, token, by=request.user)
            response.context_data["is_mailed"] = is_mailed

        transaction.on_commit(send)
        return response

    def second_factor_view(self, request, pk):
        """Take a lost second factor away; whoever uses the login is signed out and sets up anew."""
        login = self._login(request, pk)
        if not permissions.can_reset_second_factor(request.user, login):
            raise PermissionDenied
        if request.method != "POST":
            title = _("Reset the second factor")
            has_one = second_factor.has_one(login)
            return self._page(request, "second_factor", login, title=title, has_one=has_one)
        with transaction.atomic():
            second_factor.reset(login)
            sessions.end(sessions.live(user=login))
            self.log_change(request, login, _("Reset the second factor."))
        messages.success(request, _("The second factor of %(name)s is reset.") % {"name": login})
        return HttpResponseRedirect(reverse("admin:authors_user_change", args=[login.pk]))

    def render_change_form(self, request, context, *args, obj=None, **kwargs):
        context["signing_in"] = self._signing_in(request, obj) if obj is not None else None
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)

    def _signing_in(self, request, login):
        """What the form of a login says of it, and which of the acts it leads to."""
        is_other = login.pk != request.user.pk
        has_factor, count = second_factor.has_one(login), sessions.live(user=login).count()
        return {
            "has_password": login.has_usable_password(),
            "invited_until": links.is_open(login),
            "has_factor": has_factor,
            "sessions": count,
            "may_link": is_other
            and login.is_active
            and permissions.can_manage_login(request.user, login),
            "may_reset": has_factor and permissions.can_reset_second_factor(request.user, login),
            "may_end": is_other and count > 0 and permissions.can_end_sessions(request.user),
        }

    def _login(self, request, pk):
        # Before anything is looked up: that there is no such login says something too.
        if not self.has_view_permission(request):
            raise PermissionDenied
        login = self.get_object(request, str(pk))
        if login is None:
            raise Http404
        return login

    def _page(self, request, name, login, **context):
        context = self.admin_site.each_context(request) | {
            "opts": self.opts,
            "login": login,
            **context,
        }
        return TemplateResponse(request, f"admin/authors/user/{name}.html", context)
