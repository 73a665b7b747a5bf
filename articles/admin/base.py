"""What all forms and lists of the desk share."""

from django import forms
from django.contrib import admin
from django.contrib.admin.utils import flatten
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.core.exceptions import PermissionDenied
from django.db import models
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override
from django_prose_editor.widgets import ProseEditorWidget
from js_asset import Media

from addresses.languages import codes
from addresses.models import forward
from articles import permissions
from articles.forms.fields import MomentField, PictureField
from articles.lists import was_public
from images.models import Image
from prose import body
from prose.fields import BodyField


def labelled(value, after="", *, before=""):
    """A cell that says what it is where the columns have no heads: on a telephone."""
    label = '<span class="narrow-label" aria-hidden="true">{}</span>'
    if before:
        return format_html(label + " {}", before, value)
    return format_html("{} " + label, value, after)


def lead_on(old, new):
    """Addresses of a thing as it was lead to its present ones, in every language.

    What readers never saw leaves no trace: the trace would tell its name.
    """
    if was_public(old):
        for language in codes():
            with override(language):
                forward(old.get_absolute_url(), new.get_absolute_url())


class DeskAdmin(admin.ModelAdmin):
    """Rights come from predicates; nothing is deleted; scripts carry the page's nonce."""

    actions = None
    view_on_site = False
    show_full_result_count = False
    list_per_page = 50
    show_facets = admin.ShowFacets.NEVER
    formfield_overrides = {
        BodyField: {"widget": ProseEditorWidget},
        models.TextField: {"widget": forms.Textarea(attrs={"rows": 4})},
        models.URLField: {"widget": forms.URLInput, "assume_scheme": "https"},
    }

    # Who may: one answer for the list, the form, suggestions and every other address.

    def may_see(self, user, thing=None):
        return permissions.is_reporter(user)

    def may_add(self, user):
        return permissions.is_editor(user)

    def may_change(self, user, thing=None):
        return permissions.is_editor(user)

    def has_module_permission(self, request):
        return self.may_see(request.user)

    def has_view_permission(self, request, obj=None):
        return self.may_see(request.user, obj)

    def has_add_permission(self, request):
        return self.may_add(request.user)

    def has_change_permission(self, request, obj=None):
        return self.may_change(request.user, obj)

    def has_delete_permission(self, request, obj=None):
        return False

    def groups(self, request, obj=None):
        """The fieldsets of who may change ``obj``."""
        return super().get_fieldsets(request, obj)

    def get_fieldsets(self, request, obj=None):
        """Groups of fields; where nothing may be changed, only what is pleasant to read."""
        groups = self.groups(request, obj)
        if obj is None or self.has_change_permission(request, obj):
            return groups
        readable = (
            (name, options | {"fields": self._readable(flatten(options["fields"]))})
            for name, options in groups
        )
        return [(name, options) for name, options in readable if options["fields"]]

    def _readable(self, names):
        kept = []
        for name in names:
            field = self.opts.get_field(name) if name in self._own_fields() else None
            if field is None and not hasattr(self, name):
                continue
            if isinstance(field, BodyField):
                name = "text_to_read"
            elif field is not None and field.related_model is Image:
                name = "picture_to_see"
            elif isinstance(field, (models.JSONField, models.FileField, models.SlugField)):
                continue
            kept.append(name)
        return kept

    def _own_fields(self):
        return {field.name for field in self.opts.get_fields()}

    @admin.display(description=_("text"))
    def text_to_read(self, thing):
        field = next(f for f in self.opts.get_fields() if isinstance(f, BodyField))
        return body.render(getattr(thing, field.name))

    @admin.display(description=_("picture"))
    def picture_to_see(self, thing):
        field = next(f for f in self.opts.get_fields() if f.related_model is Image)
        image = getattr(thing, field.name)
        return image and render_to_string("admin/images/image/_thumbnail.html", {"image": image})

    def history_view(self, request, object_id, extra_context=None):
        # Before anything is looked up: that there is no such thing says something too.
        if not self.has_view_permission(request):
            raise PermissionDenied
        return super().history_view(request, object_id, extra_context)

    def lookup_allowed(self, lookup, value, request):
        """Only what a list offers as a filter: any other question could spell out a hidden text."""
        offered = {getattr(f, "parameter_name", f) for f in self.get_list_filter(request)}
        return lookup.removesuffix("__exact") in offered

    def get_form(self, request, obj=None, change=False, **kwargs):
        """The form with the fields of this person's fieldsets, and none that its class declares."""
        form = super().get_form(request, obj, change=change, **kwargs)
        if kwargs.get("fields") is not None:
            for name in set(form.base_fields) - {*kwargs["fields"], *self.more_fields(obj)}:
                del form.base_fields[name]
        return form

    def more_fields(self, obj):
        """Names of fields that the form has and no fieldset shows."""
        return []

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.remote_field.model is Image:
            kwargs["form_class"] = PictureField
            kwargs["queryset"] = permissions.visible_images(request.user, Image.objects.all())
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if isinstance(db_field, models.DateTimeField):
            # Also where a form from below the desk names a field of its own.
            kwargs |= {"form_class": MomentField, "widget": MomentField.widget}
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        # No pencils and pluses beside menus: they lead away from what is being written.
        if field is not None and isinstance(field.widget, RelatedFieldWidgetWrapper):
            field.widget = field.widget.widget
        return field

    def render_change_form(self, request, context, *args, **kwargs):
        context["media"] = Media.from_media(context["media"], nonce=request.csp_nonce)
        context.setdefault("show_save_and_add_another", False)
        context["may_list"] = self.has_view_permission(request)
        return super().render_change_form(request, context, *args, **kwargs)


class KeepsAddresses:
    """Mixin: where a public thing gets another slug, its old addresses lead to the new ones."""

    def save_model(self, request, obj, form, change):
        old = type(obj).objects.get(pk=obj.pk) if change and "slug" in form.changed_data else None
        super().save_model(request, obj, form, change)
        if old is not None:
            lead_on(old, obj)
