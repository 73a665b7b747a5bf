"""What readers report of a story: read among its notes, made a correction or set aside."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from articles import permissions, reports
from articles.admin import moves
from articles.admin.saving import LIVE


class SettlesReports:
    """Mixin of StoryAdmin. A report that is set aside takes nothing along that was typed."""

    def get_urls(self):
        return [
            path(
                "<int:object_id>/report/",
                self.admin_site.admin_view(require_POST(self.report_view)),
                name="articles_article_report",
            ),
            *super().get_urls(),
        ]

    def report_view(self, request, object_id):
        """Set a report aside where the story is only read."""
        story = self._story_or_nothing(request, object_id)
        self._set_aside(request, story)
        address = reverse("admin:articles_article_change", args=[story.pk])
        return HttpResponseRedirect(f"{address}#notes")

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        """With the button of a report it is set aside, and the form comes back with all in it."""
        if request.method == "POST" and "_set_aside" in request.POST and object_id is not None:
            story = self.get_object(request, object_id)
            if story is None:
                raise PermissionDenied
            self._set_aside(request, story)
            request.is_only_a_note = True
            request.refused_note = request.POST.get("_note_text", "")
            messages.info(request, _("The story itself is not saved yet."))
        return super().changeform_view(request, object_id, form_url, extra_context)

    def _set_aside(self, request, story):
        if not permissions.can_settle_reports(request.user, story):
            raise PermissionDenied
        report = reports.find(story, request.POST.get("_set_aside", ""))
        if report is not None and reports.set_aside(story, report.pk, by=request.user):
            messages.success(request, _("The report is set aside."))
        else:
            messages.info(request, _("Somebody has settled this report already."))

    def notes_of(self, request, story):
        found = super().notes_of(request, story)
        if found["may_note"] and permissions.can_settle_reports(request.user, story):
            address = reverse("admin:articles_article_change", args=[story.pk])
            found["settle"] = {
                "correct": f"{address}?version={LIVE}&report="
                if permissions.can_correct(request.user, story)
                else "",
                "aside": reverse("admin:articles_article_report", args=[story.pk]),
            }
        return found

    def with_report(self, request, story, offers):
        """The offers with the correction prepared from the report that the address names."""
        report = reports.find(story, request.GET.get("report", ""))
        if report is None or request.method == "POST":
            return offers
        return [
            offer._replace(form=moves.correction_of(story, request.user, report))
            if offer.move.name == "correct"
            else offer
            for offer in offers
        ]
