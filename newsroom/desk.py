"""Django's admin as the desk of a newsroom: its front page, and what is the same on all its pages."""

from django.contrib import admin
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.contrib.contenttypes import views as contenttypes
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles import naming, permissions
from newsroom import chrome, desk_lists

ROWS = 8  # of each list on the front page


class Suggestions(AutocompleteJsonView):
    """Names that fit what was typed, each as it must be typed to be found, and who or what it is."""

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        found = list(context["object_list"])
        nameable = found and (hasattr(found[0], "headline") or hasattr(found[0], "name"))
        self.labels = naming.labels(found) if nameable else {}
        self.hint = naming.hint if nameable else lambda thing: ""
        return context

    def serialize_result(self, obj, to_field_name):
        result = super().serialize_result(obj, to_field_name)
        return result | {"name": self.labels.get(obj.pk, str(obj)), "hint": self.hint(obj)}


class Desk(admin.AdminSite):
    site_header = _("The desk")
    site_title = _("Desk")
    index_title = _("Desk")
    enable_nav_sidebar = False
    site_url = "/"

    def each_context(self, request):
        context = super().each_context(request)
        user = request.user
        return context | {
            "desk_name": chrome.of(request, timezone.now()).name.words,
            "may_write": permissions.can_write(user),
            "my_page": getattr(user, "author", None) if permissions.is_reporter(user) else None,
        }

    def index(self, request, extra_context=None):
        lists = desk_lists.of(request.user, ROWS) if permissions.is_reporter(request.user) else []
        return super().index(request, (extra_context or {}) | {"lists": lists})

    def autocomplete_view(self, request):
        return Suggestions.as_view(admin_site=self)(request)

    def view_on_site(self, request, content_type_id, object_id):
        """Where a thing stands on the site, for whoever may see it on the desk."""
        try:
            model = ContentType.objects.get_for_id(int(content_type_id)).model_class()
            model_admin = self._registry[model]
            thing = model_admin.get_object(request, object_id)
        except (ValueError, ContentType.DoesNotExist, KeyError) as error:
            raise Http404 from error
        if thing is None:
            raise Http404
        if not model_admin.has_view_permission(request, thing):
            raise PermissionDenied
        return contenttypes.shortcut(request, content_type_id, object_id)

    def get_urls(self):
        return [
            path(
                "r/<path:content_type_id>/<path:object_id>/",
                self.admin_view(self.view_on_site),
                name="view_on_site",
            ),
            *super().get_urls(),
        ]
