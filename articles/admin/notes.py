"""Notes beside a story: read and added on its page, without a word of the story being lost."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from articles import notes, permissions, publishing

SHOWN = 100  # notes on the page of a story, the newest


class NotesAdmin:
    """Mixin: the notes card of the story form, and the address that takes a note alone."""

    def get_urls(self):
        return [
            path(
                "<int:object_id>/note/",
                self.admin_site.admin_view(require_POST(self.note_view)),
                name="articles_article_note",
            ),
            *super().get_urls(),
        ]

    def note_view(self, request, object_id):
        """A note of a story that is only read, or one that a script sends: nothing else is saved."""
        story = self._story_or_nothing(request, object_id)
        if not permissions.can_note(request.user, story):
            raise PermissionDenied
        said = self._keep_note(request, story)
        if "_part" in request.POST:
            context = self.notes_of(request, story) | {"said": said, "original": story}
            return TemplateResponse(request, "admin/articles/article/_notes.html", context)
        self._say(request, said)
        address = reverse("admin:articles_article_change", args=[story.pk])
        return HttpResponseRedirect(f"{address}#notes")

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        """With the note's button, the note is kept, and the form comes back with all in it."""
        if request.method == "POST" and "_note" in request.POST and object_id is not None:
            story = self.get_object(request, object_id)
            if story is None or not permissions.can_note(request.user, story):
                raise PermissionDenied
            request.is_only_a_note = True
            said = self._keep_note(request, story)
            self._say(request, said)
            if request.refused_note is None:
                messages.info(request, _("The story itself is not saved yet."))
        return super().changeform_view(request, object_id, form_url, extra_context)

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        form.is_held = getattr(request, "is_only_a_note", False)
        return form

    def notes_of(self, request, story):
        """What templates need to show the notes; also settles whether the story was returned."""
        if story is None or not permissions.can_note(request.user, story):
            return {"may_note": False}
        newest = list(story.notes.select_related("by", "closed_by")[:SHOWN])
        returned = [note for note in newest if note.kind == "return" and note.closed_at is None]
        story.has_open_return = bool(returned)
        return {
            "may_note": True,
            "notes": newest[::-1],
            "return_note": returned[0] if returned else None,
            "note_text": getattr(request, "refused_note", None) or "",
            "note_length": notes.LENGTH,
        }

    def _keep_note(self, request, story):
        """Keep what was typed as a note; returns what is to be said, as (is a warning, sentence)."""
        request.refused_note = None
        text = request.POST.get("_note_text", "")
        try:
            _note, mentioned = notes.add(story, by=request.user, text=text)
        except publishing.Refused as refused:
            request.refused_note = text
            return [(True, problem.message) for problem in refused.problems]
        return [(False, _("The note is kept.")), *mentioned.sentences()]

    def keep_unsent_note(self, request, story):
        """What stands in the note's field when the story is saved is a note as well."""
        typed = request.POST.get("_note_text", "").strip()
        if typed and permissions.can_note(request.user, story):
            self._say(request, self._keep_note(request, story))

    def _say(self, request, said):
        for is_warning, sentence in said:
            (messages.warning if is_warning else messages.success)(request, sentence)
