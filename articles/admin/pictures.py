"""The library of pictures on the desk."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import path
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from addresses.forms import with_languages
from articles import permissions, states
from articles.admin.base import DeskAdmin
from images.forms import ImageForm
from images.models import Image
from images.renditions import rendition_url


@admin.register(Image)
class PictureAdmin(DeskAdmin):
    form = ImageForm
    list_display = ["thumbnail", "words", "credit", "entered"]
    list_display_links = ["thumbnail", "words"]
    search_fields = ["caption", "alt", "credit", "source"]
    ordering = ["-entered_at", "-pk"]
    list_per_page = 40
    readonly_fields = ["shown"]
    WORDS = [*with_languages("alt"), *with_languages("caption"), "credit"]
    RIGHTS = ["source", "licence", "rights_expire_at", "may_be_passed_on"]

    def get_queryset(self, request):
        return permissions.visible_images(request.user, super().get_queryset(request))

    def may_add(self, user):
        return permissions.can_write(user)

    def may_change(self, user, thing=None):
        if thing is None:
            return permissions.is_reporter(user)
        return permissions.can_change_image(user, thing)

    def groups(self, request, obj=None):
        focal = {
            "fields": ["shown", ("focal_x", "focal_y")] if obj else [("focal_x", "focal_y")],
            "description": _(
                "Crops keep this point in sight: 0 is left or top, 1 is right or bottom."
            ),
        }
        return [
            (None, {"fields": ["file", *self.WORDS]}),
            (_("What to look at"), focal),
            (_("Rights"), {"fields": self.RIGHTS}),
        ]

    def save_model(self, request, obj, form, change):
        if not change:
            obj.entered_by = request.user
        super().save_model(request, obj, form, change)

    @admin.display(description=_("picture"))
    def thumbnail(self, image):
        return render_to_string("admin/images/image/_thumbnail.html", {"image": image})

    @admin.display(description=_("the whole picture"))
    def shown(self, image):
        return render_to_string("admin/images/image/_focal.html", {"image": image})

    @admin.display(description=_("caption"))
    def words(self, image):
        return image.caption or image.alt or _("no caption")

    @admin.display(description=_("entered"), ordering="entered_at")
    def entered(self, image):
        return states.moment(image.entered_at)

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
