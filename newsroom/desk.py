"""Django's admin as the desk of a newsroom: its front page, and what is the same on all its pages."""

from django.contrib import admin
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.contrib.contenttypes import views as contenttypes
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.db.models import Case, Q, When
from django.http import Http404
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles import naming, permissions
from newsroom import chrome, desk_lists
from newsroom.signing_in import sessions

ROWS = 8  # of each list on the front page


class Suggestions(AutocompleteJsonView):
    """Names that fit what was typed, each as it must be typed to be found, and who or what it is."""

    def get_queryset(self):
        """What fits, and what is spelled so elsewhere; the likeliest first."""
        found = super().get_queryset()
        field = naming.field_of(self.model_admin.model)
        term = " ".join(self.term.replace("\0", "").split())
        if not field or not term:
            return found.none() if "\0" in self.term else found
        things = self.model_admin.get_queryset(self.request)
        same = [thing.pk for thing in naming.find(things, term, numbers=False)]
        likely = Case(
            When(Q(pk__in=same), then=0),
            When(**{f"{field}__istartswith": term}, then=1),
            default=2,
        )
        found = things.filter(Q(pk__in=found.order_by().values("pk")) | Q(pk__in=same))
        return found.order_by(likely, field, "pk")

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        is_named = naming.field_of(self.model_admin.model) is not None
        self.labels = naming.labels(context["object_list"]) if is_named else {}
        return context

    def serialize_result(self, obj, to_field_name):
        """``name`` is what to type for it; ``is_it``: that is what the typed words stand for."""
        result = super().serialize_result(obj, to_field_name)
        if obj.pk not in self.labels:
            return result
        is_it = naming.plain(self.term) in {naming.plain(name) for name in naming.names_of(obj)}
        return result | {"name": self.labels[obj.pk], "hint": naming.hint(obj), "is_it": is_it}


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

    def password_change(self, request, extra_context=None):
        before = request.session.session_key
        response = super().password_change(request, extra_context)
        sessions.moved(before, request.session.session_key)
        return response

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
