"""How a story will look, on the desk: saved, typed or an old version; and links that show it."""

import datetime

from csp.constants import SELF
from csp.decorators import csp_replace
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_http_methods, require_POST

from articles import permissions, previews, states
from articles.forms.moves import ShareForm
from articles.models import Article, Revision
from articles.views.story import preview_of
from images.models import Image

MOST_LINKS = 50


class PreviewPages:
    """Mixin of StoryAdmin: the page of a story before readers see it, and who else may look."""

    def get_urls(self):
        wrap = self.admin_site.admin_view
        # Of all that this site answers, only these may stand in a frame, and only in one of ours.
        framed = csp_replace({"frame-ancestors": [SELF]})
        framing = csp_replace({"frame-src": [SELF]})
        reading = require_http_methods(["GET", "HEAD", "POST"])
        return [
            path(
                "<int:object_id>/preview/",
                wrap(reading(xframe_options_sameorigin(framed(self.preview_view)))),
                name="articles_article_preview",
            ),
            path(
                "<int:object_id>/frames/",
                wrap(reading(framing(self.frames_view))),
                name="articles_article_frames",
            ),
            path(
                "add/frames/",
                wrap(require_POST(framing(self.frames_of_new_view))),
                name="articles_article_frames_of_new",
            ),
            path(
                "<int:object_id>/share/",
                wrap(require_POST(self.share_view)),
                name="articles_article_share",
            ),
            path(
                "<int:object_id>/revoke/",
                wrap(require_POST(self.revoke_view)),
                name="articles_article_revoke",
            ),
            *super().get_urls(),
        ]

    def preview_view(self, request, object_id):
        """The page of a story: as saved, ``?version=`` of a Revision, or as posted by its form."""
        story = self._story_or_nothing(request, object_id)
        if not permissions.can_preview(request.user, story):
            raise PermissionDenied
        if request.method == "POST":
            return self._typed(request, story)
        is_framed = "framed" in request.GET
        revision = self._revision_asked_for(request, story)
        if revision is None:
            shown = Article.objects.for_page().get(pk=story.pk)
            note = _("The story as it was saved, %(time)s.")
            note %= {"time": states.moment(story.modified_at)}
        else:
            shown = previews.as_of(story, revision.content)
            note = _("Version %(number)d, saved %(time)s.")
            note %= {"number": revision.version, "time": states.moment(revision.at)}
        return preview_of(request, shown, note=note, is_framed=is_framed)

    def _typed(self, request, story, *, is_framed=False):
        """The page of a story as its form was typed. Nothing is written, whatever is new in it."""
        user = request.user
        may = permissions.can_write(user) if story is None else self._may_write(request, story)
        if not may:
            raise PermissionDenied
        form = self.get_form(request, story, change=story is not None)
        typed = previews.as_typed(form(request.POST, instance=story))
        pictures = permissions.visible_images(user, Image.objects.all())
        return preview_of(
            request,
            typed,
            note=_("As it is typed in the form now: not saved yet."),
            is_framed=is_framed,
            pictures=pictures,
        )

    def _revision_asked_for(self, request, story):
        """The Revision that ``?version=`` names, None without; Http404 where it cannot be shown."""
        asked = request.GET.get("version", "")
        if not asked:
            return None
        if not permissions.can_see_history(request.user, story):
            raise PermissionDenied
        return find_revision(story, asked)

    def frames_view(self, request, object_id):
        """A story at the width of a phone and of a desktop, and the links that share it."""
        story = self._story_or_nothing(request, object_id)
        user = request.user
        if not permissions.can_preview(user, story):
            raise PermissionDenied
        if request.method == "POST":
            page = self._typed(request, story, is_framed=True).content.decode()
            return self._frames(request, story, {"page": page})
        revision = self._revision_asked_for(request, story)
        address = reverse("admin:articles_article_preview", args=[story.pk])
        version = f"version={revision.pk}" if revision is not None else ""
        may_share = permissions.can_share_preview(user, story)
        may_revoke = permissions.can_revoke_preview(user, story)
        links = story.preview_links.select_related("by", "revision").defer("revision__content")
        context = {
            "address": f"{address}?{version}",
            "framed_address": f"{address}?framed=1&{version}",
            "revision": revision,
            "share": ShareForm() if may_share else None,
            "may_revoke": may_revoke,
            "links": links[:MOST_LINKS] if may_revoke else [],
            "has_open_links": may_revoke and previews.open_links(story).exists(),
        }
        return self._frames(request, story, context)

    def frames_of_new_view(self, request):
        """The same of a story that was never saved."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        page = self._typed(request, None, is_framed=True).content.decode()
        return self._frames(request, None, {"page": page})

    def _frames(self, request, story, context):
        context |= self.admin_site.each_context(request) | {
            "opts": self.opts,
            "original": story,
            "title": _("Preview"),
            "now": timezone.now(),
        }
        return TemplateResponse(request, "admin/articles/article/frames.html", context)

    def share_view(self, request, object_id):
        """A new link to the saved story, or to the version in ``version``."""
        story = self._story_or_nothing(request, object_id)
        asked = request.POST.get("version", "")
        revision = None
        if asked:
            if not permissions.can_see_history(request.user, story):
                raise PermissionDenied
            revision = find_revision(story, asked)
        form = ShareForm(request.POST)
        lasts = form.cleaned_data["lasts"] if form.is_valid() else previews.LASTS
        token = previews.share(story, by=request.user, revision=revision, lasts=lasts)
        messages.success(request, shared_words(request, token, lasts))
        return self._to_frames(story, revision)

    def revoke_view(self, request, object_id):
        """End one link (``link``), or all of the story (``all``)."""
        story = self._story_or_nothing(request, object_id)
        link = request.POST.get("link", "")
        if "all" in request.POST:
            ended = previews.revoke(story, by=request.user)
        elif link.isdecimal() and len(link) < 19:
            ended = previews.revoke(story, by=request.user, link=int(link))
        elif not permissions.can_revoke_preview(request.user, story):
            raise PermissionDenied
        else:
            ended = 0
        if ended:
            messages.success(request, _("Nobody can open it by that link any more."))
        else:
            messages.info(request, _("That link had ended already."))
        return self._to_frames(story)

    def _to_frames(self, story, revision=None):
        address = reverse("admin:articles_article_frames", args=[story.pk])
        if revision is not None:
            address += f"?version={revision.pk}"
        return HttpResponseRedirect(f"{address}#links")


def find_revision(story, number):
    """A Revision of a story by its primary key, as text; Http404 for another's and for a purged one."""
    if not number.isdecimal() or len(number) > 18:
        raise Http404
    revision = Revision.objects.filter(article=story, pk=int(number), purged_at=None)
    revision = revision.select_related("by").first()
    if revision is None:
        raise Http404
    revision.article = story
    return revision


def shared_words(request, token, lasts=previews.LASTS):
    """What is said with a new link, the only time that it can be seen."""
    address = request.build_absolute_uri(reverse("preview", args=[token]))
    until = timezone.now() + (lasts or datetime.timedelta())
    return format_html(
        _("Whoever has this link can read this version of the story until {}. Copy it now: {}"),
        states.moment(until),
        format_html('<a href="{0}">{0}</a>', address),
    )
