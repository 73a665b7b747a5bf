"""One's own page on the desk, and what waits there for an editor."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from articles import biographies, permissions
from authors.models import BiographyProposal


class ReviewsBiographies:
    """Mixin of the admin of people. The admin site knows what house style says."""

    def _is_held(self, request, author):
        """Whether what this login changes on this page waits for an editor."""
        return (
            author.user_id == request.user.pk
            and permissions.is_reviewed(request.user)
            and self.admin_site.biographies_are_reviewed()
        )

    def get_object(self, request, object_id, from_field=None):
        """The person; to themselves with what they proposed, so that they can go on with it."""
        author = super().get_object(request, object_id, from_field)
        if author is not None and self._is_held(request, author):
            proposal = biographies.waiting(author)
            if proposal is not None:
                biographies.put_on(author, proposal)
        return author

    def save_model(self, request, obj, form, change):
        if change and self._is_held(request, obj):
            request.proposal = biographies.propose(obj, by=request.user)
            return
        if change and obj.user_id == request.user.pk:
            biographies.forget(obj)
        super().save_model(request, obj, form, change)

    def response_change(self, request, obj):
        if not hasattr(request, "proposal"):
            return super().response_change(request, obj)
        if request.proposal is None:
            said = _("Nothing differs from what readers see, so nothing waits.")
        else:
            said = _("Saved. It waits for an editor; until then readers see what was there before.")
        messages.success(request, said)
        return HttpResponseRedirect(request.path)

    def response_post_save_change(self, request, obj):
        # Who has no list of people stays on their own page.
        if self.has_view_permission(request):
            return super().response_post_save_change(request, obj)
        return HttpResponseRedirect(request.path)

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if change and permissions.can_see_biography(request.user, obj):
            context["proposal"] = BiographyProposal.objects.filter(author=obj).first()
        return super().render_change_form(request, context, add, change, form_url, obj)

    def biography_view(self, request, object_id):
        """What is proposed for a person's page beside what stands there; an editor decides."""
        if not permissions.roles(request.user):
            raise PermissionDenied
        author = self.get_queryset(request).filter(pk=object_id).first()
        if author is None:
            raise Http404
        if not permissions.can_see_biography(request.user, author):
            raise PermissionDenied
        if request.method == "POST":
            return self._decide(request, author)
        proposal = BiographyProposal.objects.filter(author=author).select_related("by").first()
        if proposal is None:
            raise Http404
        context = self.admin_site.each_context(request) | {
            "title": _("Biography of %(name)s") % {"name": author},
            "opts": self.opts,
            "author": author,
            "proposal": proposal,
            "differences": biographies.differences(proposal),
            "seen": biographies.seen(proposal),
            "may_decide": permissions.can_review_biographies(request.user)
            and proposal.dropped_at is None,
        }
        return render(request, "admin/authors/author/biography.html", context)

    def _decide(self, request, author):
        mark = request.POST.get("seen", "")
        try:
            if "approve" in request.POST:
                biographies.approve(author, by=request.user, mark=mark)
                said = _("The page of %(name)s says so now.") % {"name": author}
            else:
                reason = request.POST.get("reason", "")
                biographies.drop(author, by=request.user, mark=mark, reason=reason)
                said = _("The page of %(name)s stays as it was.") % {"name": author}
        except biographies.Changed:
            messages.warning(
                request, _("This changed while you were looking at it. Nothing was decided yet.")
            )
            still = BiographyProposal.objects.filter(author=author).exists()
            verb = "biography" if still else "change"
            return HttpResponseRedirect(reverse(f"admin:authors_author_{verb}", args=[author.pk]))
        self.log_change(request, author, said)
        messages.success(request, said)
        return HttpResponseRedirect(reverse("admin:index"))

    def get_urls(self):
        view = self.admin_site.admin_view(
            require_http_methods(["GET", "HEAD", "POST"])(self.biography_view)
        )
        return [
            path("<int:object_id>/biography/", view, name="authors_author_biography"),
            *super().get_urls(),
        ]
