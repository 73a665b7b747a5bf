"""The library of pictures on the desk."""

from django.contrib import admin, messages
from django.contrib.admin.options import IS_POPUP_VAR
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy
from django.views.decorators.http import require_safe

from addresses.forms import with_languages
from articles import permissions, placed
from articles.admin.base import DeskAdmin
from articles.admin.filters import Filter
from images import ahead
from images.forms import ImageForm
from images.models import Image
from images.renditions import rendition_url
from images.uploads import clear_away, keep

MOST_AT_ONCE = 100  # files of one upload


class ShownFilter(Filter):
    """What of the library is looked at; by default all of it."""

    title = _("pictures")
    parameter_name = "show"
    kind = "chips"
    NARROWED = {
        "mine": lambda images, user: images.filter(entered_by=user),
        "unused": lambda images, user: images.unused(),
        "ending": lambda images, user: images.ending(),
        "without_alt": lambda images, user: images.without_alt(),
    }

    def lookups(self, request, model_admin):
        return [
            ("mine", pgettext_lazy("pictures", "Mine")),
            ("unused", pgettext_lazy("pictures", "Unused")),
            ("ending", _("Rights ending")),
            ("without_alt", _("Without alternative text")),
        ]

    def narrowed(self, queryset, value):
        narrow = self.NARROWED.get(value)
        return narrow(queryset, self.user) if narrow else queryset


@admin.register(Image)
class PictureAdmin(DeskAdmin):
    form = ImageForm
    list_filter = [ShownFilter]
    search_fields = ["caption", "alt", "credit", "creator", "source"]
    ordering = ["-entered_at", "-pk"]
    list_per_page = 40
    readonly_fields = ["shown"]
    WORDS = [*with_languages("alt"), *with_languages("caption"), "credit", "creator", "copyright"]
    RIGHTS = ["source", "licence", "rights_expire_at", "may_be_passed_on"]

    def get_queryset(self, request):
        return permissions.visible_images(request.user, super().get_queryset(request))

    def may_add(self, user):
        return permissions.can_write(user)

    def may_change(self, user, thing=None):
        if thing is None:
            return permissions.is_reporter(user)
        return permissions.can_change_image(user, thing)

    def has_delete_permission(self, request, obj=None):
        """Also of a picture in use: ``delete_view`` says why it is kept."""
        return obj is not None and permissions.can_delete_image(request.user, obj)

    def groups(self, request, obj=None):
        point = {"fields": [*(["shown"] if obj else []), "place", ("focal_x", "focal_y")]}
        words = (None, {"fields": ["file", *self.WORDS]})
        look = (_("What to look at"), point)
        # A picture is seen before it is put into words.
        return [*([look, words] if obj else [words, look]), (_("Rights"), {"fields": self.RIGHTS})]

    def save_model(self, request, obj, form, change):
        if not change:
            obj.entered_by = request.user
        super().save_model(request, obj, form, change)
        transaction.on_commit(lambda: ahead.later(lambda: ahead.uses_showing(obj.pk)))
        if change and "file" in form.changed_data:
            messages.info(request, _("The new file is in every place. The old one has no address."))

    def response_change(self, request, obj):
        # In a window of its own the picture was sent a moment ago: it is chosen as a new one is.
        if IS_POPUP_VAR in request.POST:
            return self.response_add(request, obj)
        return super().response_change(request, obj)

    def changelist_view(self, request, extra_context=None):
        response = super().changelist_view(request, extra_context)
        changelist = getattr(response, "context_data", {}).get("cl")
        if changelist is not None:
            pictures = list(changelist.result_list)
            found = placed.places(request.user, pictures)
            for picture in pictures:
                picture.places = found[picture.pk]
            spec = changelist.filter_specs[0]
            response.context_data |= {
                "pictures": pictures,
                "choices": list(spec.choices(changelist)),
                "may_add": self.may_add(request.user),
            }
        return response

    def render_change_form(self, request, context, *args, **kwargs):
        image = kwargs.get("obj")
        if image is not None:
            context["places"] = placed.places(request.user, [image])[image.pk]
            context["show_delete"] = not placed.is_used(image)
        return super().render_change_form(request, context, *args, **kwargs)

    def delete_view(self, request, object_id, extra_context=None):
        image = self._seen(request, object_id)
        if self.has_delete_permission(request, image) and placed.is_used(image):
            messages.error(request, _("The picture is in use and is kept."))
            return HttpResponseRedirect(reverse("admin:images_image_change", args=[image.pk]))
        return super().delete_view(request, object_id, extra_context)

    def delete_model(self, request, obj):
        with transaction.atomic():
            clear_away(obj.token, obj.file.name)
            super().delete_model(request, obj)

    @admin.display(description=_("the whole picture"))
    def shown(self, image):
        return render_to_string("admin/images/image/_focal.html", {"image": image})

    def thumbnail_view(self, request, object_id):
        """Where a small version of a picture is, for forms that know its number only."""
        image = self._seen(request, object_id)
        address = rendition_url(image, "thumb", 480, signed=True)
        if not address:
            raise Http404
        return HttpResponseRedirect(address)

    def chosen_view(self, request, object_id):
        """A picture that was just chosen for a form, as a piece of its page."""
        image = self._seen(request, object_id)
        return render(request, "admin/images/image/_chosen.html", {"image": image})

    def upload_view(self, request):
        """Many files at once; asked by our script, one at a time, it answers with a piece of page."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        if request.method != "POST":
            context = self.admin_site.each_context(request) | {
                "opts": self.opts,
                "title": _("Add pictures"),
            }
            return render(request, "admin/images/image/upload.html", context)
        files = request.FILES.getlist("files")[:MOST_AT_ONCE]
        kept, refused = [], []
        for file in files:
            try:
                kept.append(keep(file, by=request.user))
            except ValidationError as error:
                refused.append((file.name, error.messages[0]))
        if request.headers.get("X-Requested-With") == "fetch":
            context = {"kept": kept, "refused": refused}
            return render(request, "admin/images/image/_uploaded.html", context)
        for name, problem in refused:
            told = _("“%(name)s”: %(problem)s") % {"name": name, "problem": problem}
            messages.error(request, told)
        if not files:
            messages.error(request, _("No file was chosen."))
        elif kept:
            messages.success(
                request,
                ngettext("%d picture was added.", "%d pictures were added.", len(kept)) % len(kept),
            )
        if not kept:
            return HttpResponseRedirect(reverse("admin:images_image_upload"))
        return HttpResponseRedirect(reverse("admin:images_image_changelist") + "?show=mine")

    def _seen(self, request, object_id):
        image = self.get_object(request, object_id)
        if image is None:
            raise Http404
        if not self.has_view_permission(request, image):
            raise PermissionDenied
        return image

    def get_urls(self):
        view = self.admin_site.admin_view
        return [
            path("upload/", view(self.upload_view), name="images_image_upload"),
            path(
                "<int:object_id>/thumbnail/",
                view(require_safe(self.thumbnail_view)),
                name="images_image_thumbnail",
            ),
            path(
                "<int:object_id>/chosen/",
                view(require_safe(self.chosen_view)),
                name="images_image_chosen",
            ),
            *super().get_urls(),
        ]
