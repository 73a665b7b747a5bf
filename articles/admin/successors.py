"""The page on which a chief editor makes two persons, organisations or tags one."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_http_methods

from articles import merges, naming, permissions, successors


class MergeForm(forms.Form):
    """Which one stays, and the name of the other typed out; the page asks for the first alone."""

    into = forms.CharField(label=lazy("Merge into"), max_length=300)
    name = forms.CharField(label=lazy("Type its name to confirm"), max_length=300, required=False)

    def __init__(self, data, *, old, things):
        super().__init__(data)
        self.old, self.things = old, things
        self.into = None

    def clean_into(self):
        words = self.cleaned_data["into"]
        found = naming.find(self.things, words) if "\0" not in words else []
        if len(found) != 1:
            text = _("There is nothing called “%(name)s” here yet.")
            if found:
                text = _("Several are called “%(name)s”. Choose one of the suggestions.")
            raise ValidationError(text % {"name": words})
        self.into = found[0]
        if said := successors.problems(self.old, self.into):
            raise ValidationError(said)
        return words

    def clean(self):
        cleaned = super().clean()
        is_typed = " ".join(cleaned.get("name", "").split()) == " ".join(self.old.name.split())
        if "merge" in self.data and not is_typed:
            self.add_error("name", _("This is not its name, letter for letter."))
        return cleaned


class Merges:
    """Mixin of the admin of what can be merged."""

    def changeform_view(self, request, *args, **kwargs):
        if request.method != "POST":
            return super().changeform_view(request, *args, **kwargs)
        with transaction.atomic():
            # What is read from here on is saved as it was read: no merge is undone by it.
            merges.hold_off()
            return super().changeform_view(request, *args, **kwargs)

    def merge_view(self, request, object_id):
        if not permissions.can_merge(request.user):
            raise PermissionDenied
        old = self.get_queryset(request).filter(pk=object_id, merged_into=None).first()
        if old is None:
            raise Http404
        data = request.POST if request.method == "POST" else request.GET
        form = MergeForm(data if "into" in data else None, old=old, things=self._others(old))
        if form.is_bound and form.is_valid() and "merge" in request.POST:
            try:
                successors.merge(old, into=form.into, by=request.user)
            except ValidationError as error:
                form.add_error("into", error)
            else:
                text = _("“%(old)s” was merged into “%(into)s”.")
                messages.success(request, text % {"old": old, "into": form.into})
                return HttpResponseRedirect(self._address("change", form.into))
        context = self.admin_site.each_context(request) | {
            "title": _("Merge %(name)s") % {"name": old},
            "opts": self.opts,
            "old": old,
            "form": form,
            "into": form.into if form.is_bound and "into" not in form.errors else None,
            "moving": successors.moving(old),
            "back": self._address("change", old),
            "list": reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist"),
        }
        return render(request, "admin/merge.html", context)

    def _others(self, old):
        return self.model._default_manager.exclude(pk=old.pk)

    def _address(self, page, thing):
        name = f"admin:{self.opts.app_label}_{self.opts.model_name}_{page}"
        return reverse(name, args=[thing.pk])

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if change and obj.merged_into_id is None and permissions.can_merge(request.user):
            context["merge_address"] = self._address("merge", obj)
        if change and obj.merged_into_id is not None:
            context["merged_into"] = obj.merged_into
            context["merged_into_address"] = self._address("change", obj.merged_into)
        return super().render_change_form(request, context, add, change, form_url, obj)

    def get_urls(self):
        view = require_http_methods(["GET", "HEAD", "POST"])(self.merge_view)
        name = f"{self.opts.app_label}_{self.opts.model_name}_merge"
        return [
            path("<int:object_id>/merge/", self.admin_site.admin_view(view), name=name),
            *super().get_urls(),
        ]
