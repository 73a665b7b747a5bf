"""What a story was: its versions, what differs between two, the way back; and the audit of all."""

import datetime

from django.contrib import messages
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from articles import audit, history, permissions, publishing, restoring, tables, versions
from articles.admin.previews import find_revision
from articles.forms.history import PeriodForm
from articles.models import Article, Revision
from articles.models.article import site_zone

PAGE = 100  # versions on a page of the history
MOST_MOVES = 200


class HistoryPages:
    """Mixin of StoryAdmin: history, compare, restore, purge, audit."""

    def get_urls(self):
        wrap = self.admin_site.admin_view
        return [
            path("audit/", wrap(require_safe(self.audit_view)), name="articles_article_audit"),
            path(
                "<int:object_id>/compare/",
                wrap(require_safe(self.compare_view)),
                name="articles_article_compare",
            ),
            path(
                "<int:object_id>/restore/",
                wrap(require_POST(self.restore_view)),
                name="articles_article_restore",
            ),
            path(
                "<int:object_id>/purge/",
                wrap(require_http_methods(["GET", "HEAD", "POST"])(self.purge_view)),
                name="articles_article_purge",
            ),
            *super().get_urls(),
        ]

    def _story_with_history(self, request, object_id):
        story = self._story_or_nothing(request, object_id)
        if not permissions.can_see_history(request.user, story):
            raise PermissionDenied
        return story

    def _context(self, request, story, title, **context):
        return (
            self.admin_site.each_context(request)
            | {
                "opts": self.opts,
                "object": story,
                "original": story,
                "title": title,
            }
            | context
        )

    def history_view(self, request, object_id, extra_context=None):
        """Every save and every change of state: who, when, and why."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        if not object_id.isdecimal() or len(object_id) > 18:
            raise Http404
        story = self._story_with_history(request, object_id)
        found = story.revisions.select_related("by").defer("content")
        before = request.GET.get("before", "")
        if before.isdecimal() and len(before) < 19:
            found = found.filter(pk__lt=int(before))
        revisions = list(found[: PAGE + 1])
        is_more, revisions = len(revisions) > PAGE, revisions[:PAGE]
        newest = versions.of_row(story).values_list("pk", flat=True)
        shown = [r.pk for r in revisions if r.purged_at is None]
        context = self._context(
            request,
            story,
            _("History"),
            revisions=revisions,
            newest=newest.first(),
            transitions=story.transitions.select_related("by")[:MOST_MOVES],
            chosen_to=shown[0] if shown else None,
            chosen_from=shown[1] if len(shown) > 1 else shown[0] if shown else None,
            may_compare=len(shown) > 1,
            older=revisions[-1].pk if is_more else None,
            is_first_page=not before,
            may_purge=permissions.can_purge(request.user, story)
            and versions.purgeable(story).exists(),
            may_audit=permissions.can_see_audit(request.user),
        )
        request.current_app = self.admin_site.name
        return TemplateResponse(request, "admin/articles/article/object_history.html", context)

    def compare_view(self, request, object_id):
        """What differs between ``?from=`` and ``?to=``; without them between the last two saves."""
        story = self._story_with_history(request, object_id)
        kept = story.revisions.filter(purged_at=None).values_list("pk", flat=True)
        last = list(kept[:2])
        if not last:
            raise Http404
        old = find_revision(story, request.GET.get("from") or str(last[-1]))
        new = find_revision(story, request.GET.get("to") or str(last[0]))
        newest = versions.of_row(story).values_list("pk", flat=True)
        # The way back leads to the one that is not what the story holds now.
        back = next((r for r in (old, new) if r.pk != newest.first()), None)
        may_restore = (
            back is not None
            and back.state not in Revision.PENDING
            and permissions.can_restore(request.user, story)
        )
        context = self._context(
            request,
            story,
            _("Compare versions"),
            new=new,
            sides=[(_("From"), old), (_("To"), new)],
            comparison=history.compare(old, new, user=request.user),
            back=back if may_restore else None,
            is_proposal=not permissions.can_edit(request.user, story),
        )
        return TemplateResponse(request, "admin/articles/article/compare.html", context)

    def restore_view(self, request, object_id):
        """Make an old version (``version``) the newest, if the story is still at ``opened_at``."""
        story = self._story_with_history(request, object_id)
        if not permissions.can_restore(request.user, story):
            raise PermissionDenied
        opened_at = request.POST.get("opened_at", "")
        revision = find_revision(story, request.POST.get("version", ""))
        compare = reverse("admin:articles_article_compare", args=[story.pk])
        back = HttpResponseRedirect(f"{compare}?from={revision.pk}")
        if revision.state in Revision.PENDING or not (
            opened_at.isdecimal() and len(opened_at) < 10
        ):
            raise Http404
        try:
            restored = restoring.restore(
                story,
                revision,
                by=request.user,
                opened_at=int(opened_at),
                is_substantive="is_substantive" in request.POST,
            )
        except publishing.Stale as stale:
            messages.error(
                request,
                _("Not restored. %s Look at what differs now.") % self.overtaken_by(stale.current),
            )
            return back
        except publishing.Refused as refused:
            said = " ".join(problem.message for problem in refused.problems)
            messages.error(request, _("Not restored. %s") % said)
            return back
        self._tell_restored(request, revision, restored)
        return self._back_to(request, restored.story)

    def _tell_restored(self, request, revision, restored):
        said = (
            _("Version %(number)d waits for an editor as the next version.")
            if restored.is_proposal
            else _("Version %(number)d is restored.")
        )
        messages.success(request, said % {"number": revision.version})
        if restored.left_out:
            names = ", ".join(sorted(str(label(name)) for name in restored.left_out))
            messages.warning(request, _("Left out, because it is no longer here: %s") % names)
        if restored.story.is_live and not restored.is_proposal:
            missing = publishing.problems(restored.story)
            if missing:
                messages.warning(request, " ".join(problem.message for problem in missing))

    def purge_view(self, request, object_id):
        """Take early drafts away for good: which, and whether that is meant."""
        story = self._story_or_nothing(request, object_id)
        if not permissions.can_purge(request.user, story):
            raise PermissionDenied
        problem = ""
        chosen = [key for key in request.POST.getlist("version") if key.isdecimal()]
        if request.method == "POST":
            if "is_meant" not in request.POST:
                problem = _("Confirm that you mean it: a purged version cannot be brought back.")
            else:
                try:
                    with transaction.atomic():
                        publishing.purge(story, by=request.user, revisions=chosen[:10_000])
                        self._forget_old_names(story)
                except publishing.Refused as refused:
                    problem = refused.problems[0].message
        if request.method == "POST" and not problem:
            messages.success(
                request, _("Purged. That they were there, and who purged them, stays.")
            )
            return HttpResponseRedirect(reverse("admin:articles_article_history", args=[story.pk]))
        revisions = versions.purgeable(story).select_related("by").defer("content")
        context = self._context(
            request,
            story,
            _("Purge early versions"),
            revisions=revisions,
            translations=Article.objects.filter(translated_from=story).order_by("language"),
            chosen={int(key) for key in chosen if len(key) < 19},
            problem=problem,
        )
        return TemplateResponse(request, "admin/articles/article/purge.html", context)

    def _forget_old_names(self, story):
        """Django's own log of the desk keeps the headline that a story had at each save."""
        LogEntry.objects.filter(
            content_type=ContentType.objects.get_for_model(Article), object_id=str(story.pk)
        ).update(object_repr=str(story)[:200])

    def audit_view(self, request):
        """All changes of state as CSV: ``?story=``, or ``?first=&last=`` (days); else the question."""
        if not permissions.can_see_audit(request.user):
            raise PermissionDenied
        form = PeriodForm(request.GET or None)
        if not form.is_valid():
            context = self._context(request, None, _("Audit"), form=form)
            return TemplateResponse(request, "admin/articles/article/audit.html", context)
        if story := form.cleaned_data["story"]:
            name, bounds = f"audit-{story.pk}", {"story": story}
        else:
            first, last = form.cleaned_data["first"], form.cleaned_data["last"]
            name = f"audit-{first}-{last}"
            bounds = {"first": _midnight(first), "after": _midnight(last + DAY)}
        return tables.download(f"{name}.csv", audit.header(), audit.rows(**bounds))


DAY = datetime.timedelta(days=1)


def _midnight(day):
    return datetime.datetime.combine(day, datetime.time(), tzinfo=site_zone())


def label(name):
    """What a part of a snapshot is called: see versions.present."""
    words = history.LABELS.get(name) or Article._meta.get_field(name).verbose_name
    return capfirst(words)
