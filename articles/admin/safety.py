"""The safety switch on a person's page: one confirmed action hides them, a chief editor undoes it."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from articles import people, permissions
from authors.models import Author


class HidesPeople:
    """Mixin of the admin of people."""

    def hide_view(self, request, object_id):
        """What is hidden, and where texts name or show the person, before and after."""
        if not permissions.is_editor(request.user):
            raise PermissionDenied
        person = get_object_or_404(Author, pk=object_id)
        if not permissions.can_hide(request.user, person):
            raise PermissionDenied
        address = reverse("admin:authors_author_hide", args=[person.pk])
        if request.method == "POST":
            if people.hide(person, by=request.user):
                text = _("%(name)s is hidden from readers. The chief editors hear of it.")
                messages.success(request, text % {"name": person})
            return HttpResponseRedirect(address)
        context = self.admin_site.each_context(request) | {
            "title": _("Hide %(name)s from readers") % {"name": person},
            "opts": self.opts,
            "person": person,
            "named": people.named_in(person, by=request.user),
            "shown": people.shown_in(person, by=request.user),
            "may_show": permissions.can_show(request.user, person),
        }
        return render(request, "admin/authors/author/hide.html", context)

    def show_view(self, request, object_id):
        if not permissions.is_chief(request.user):
            raise PermissionDenied
        person = get_object_or_404(Author, pk=object_id)
        if people.show(person, by=request.user):
            messages.success(request, _("Readers see %(name)s again.") % {"name": person})
        return HttpResponseRedirect(reverse("admin:authors_author_change", args=[person.pk]))

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if change:
            context["may_hide"] = permissions.can_hide(request.user, obj)
        return super().render_change_form(request, context, add, change, form_url, obj)

    def get_urls(self):
        ways = require_http_methods(["GET", "HEAD", "POST"])
        wrap = self.admin_site.admin_view
        return [
            path("<int:object_id>/hide/", wrap(ways(self.hide_view)), name="authors_author_hide"),
            path(
                "<int:object_id>/show/",
                wrap(require_POST(self.show_view)),
                name="authors_author_show",
            ),
            *super().get_urls(),
        ]
