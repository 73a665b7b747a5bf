"""A correction and the mended text in one press: both are published, or neither is."""

from django.utils.translation import gettext as _

from articles import permissions, publishing
from articles.admin import moves


class Corrects:
    """Mixin of StoryAdmin: what is sent with a correction is saved only if the correction can be made."""

    def save_model(self, request, obj, form, change):
        if change and request.POST.get("_move") == "correct":
            publishing.hold(obj)  # so that what is looked at holds until it is published
            self._require_correction(request, obj)
        super().save_model(request, obj, form, change)

    def _require_correction(self, request, story):
        if not permissions.can_correct(request.user, story):
            return  # said when the move is made
        correction = moves.correction(story, request.user, request.POST)
        found = [
            publishing.Problem(f"correct-{name}", message)
            for name, messages in correction.errors.items()
            for message in messages
        ]
        if not found and not correction.cleaned_data["text"].strip():
            words = _("Say what was wrong and what is right. Nothing was saved yet.")
            found = [publishing.Problem("correct-text", words)]
        if found:
            raise publishing.Refused(found)

    def with_typed_correction(self, request, story, offers):
        """The offers of a page that is shown again, with the correction as it was typed."""
        is_asked = request.POST.get("_move") == "correct"
        if not is_asked and not request.POST.get("correct-text", "").strip():
            return offers
        return [
            offer._replace(form=moves.correction(story, request.user, request.POST))
            if offer.move.name == "correct"
            else offer
            for offer in offers
        ]
