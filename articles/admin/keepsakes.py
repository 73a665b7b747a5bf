"""A person takes their work along, from their own page on the desk."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, StreamingHttpResponse
from django.urls import path
from django.utils import timezone
from django.views.decorators.http import require_safe

from articles import permissions
from articles.keepsake import folder
from articles.models.article import site_zone


class TakesWork:
    """Mixin of the admin of people."""

    def work_view(self, request, object_id):
        """The zip, made while it is sent."""
        if not permissions.roles(request.user):
            raise PermissionDenied
        person = self.get_queryset(request).filter(pk=object_id).first()
        if person is None:
            raise Http404
        if not permissions.can_take_work(request.user, person):
            raise PermissionDenied
        chrome = request.chrome
        pieces = folder.zipped(
            person,
            by=request.user,
            house=lambda: chrome.house,
            paper=lambda: chrome.name.words,
        )
        today = timezone.now().astimezone(site_zone())
        return StreamingHttpResponse(
            pieces,
            content_type="application/zip",
            headers={
                "Content-Disposition": f'attachment; filename="{person.slug}-{today:%Y-%m-%d}.zip"',
                "Cache-Control": "private, no-store",
            },
        )

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if change:
            context["may_take_work"] = permissions.can_take_work(request.user, obj)
        return super().render_change_form(request, context, add, change, form_url, obj)

    def get_urls(self):
        view = self.admin_site.admin_view(require_safe(self.work_view))
        return [
            path("<int:object_id>/work/", view, name="authors_author_work"),
            *super().get_urls(),
        ]
