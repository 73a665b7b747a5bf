"""Django's admin as the desk of a newsroom: its front page, and what is the same on all its pages."""

from django.contrib import admin
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.contrib.contenttypes import views as contenttypes
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.db.models import Case, Q, When
from django.http import Http404
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles import naming, permissions
from authors.models import BiographyProposal
from newsroom import chrome, desk_lists
from newsroom.models import SiteSettings
from newsroom.preferences import preferences
from newsroom.signing_in import sessions


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
            "may_lay_out": permissions.can_lay_out(user),
            "my_page": self._page_of(user),
        }

    def _page_of(self, user):
        """The person that a login with a role is, where it is one with a page of their own."""
        person = getattr(user, "author", None) if permissions.roles(user) else None
        return person if person is not None and person.merged_into_id is None else None

    def index(self, request, extra_context=None):
        person = self._page_of(request.user)
        proposals = BiographyProposal.objects.filter(author=person)
        context = {
            "lists": desk_lists.of(request.user),
            "my_proposal": proposals.first() if person is not None else None,
        }
        return super().index(request, context | (extra_context or {}))

    def setup_view(self, request):
        """The tables behind the stories: what is set up once and changed now and then."""
        context = self.each_context(request) | {
            "title": _("Setup"),
            "app_list": self.get_app_list(request),
        }
        return TemplateResponse(request, "admin/setup.html", context)

    def biographies_are_reviewed(self):
        """House style: what reporters change on their own page waits for an editor."""
        return SiteSettings.objects.filter(biographies_are_reviewed=True).exists()

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

    def preferences(self, request):
        return preferences(request, self)

    def get_urls(self):
        return [
            path(
                "r/<path:content_type_id>/<path:object_id>/",
                self.admin_view(self.view_on_site),
                name="view_on_site",
            ),
            path("preferences/", self.admin_view(self.preferences), name="preferences"),
            path("setup/", self.admin_view(self.setup_view), name="setup"),
            *super().get_urls(),
        ]
