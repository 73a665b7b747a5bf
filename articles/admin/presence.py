"""Who has a story open: the heartbeat of its page, and what its bar and the list show."""

from django.core.exceptions import PermissionDenied
from django.http import JsonResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from articles import presence

SHOWN = 4  # names, then a number


class ShowsPresence:
    """Mixin of the story's admin, which brings ``_story_or_nothing``."""

    def presence_view(self, request, object_id):
        """A page says that it is open, and hears who else is here."""
        story = self._story_or_nothing(request, object_id)
        if not self._may_write(request, story):
            raise PermissionDenied
        presence.seen(story, request.user, is_typing="typing" in request.POST)
        return JsonResponse({"here": in_words(presence.who(story, besides=request.user))})

    def get_urls(self):
        return [
            path(
                "<int:object_id>/presence/",
                self.admin_site.admin_view(require_POST(self.presence_view)),
                name="articles_article_presence",
            ),
            *super().get_urls(),
        ]


def in_words(people):
    """ "Aida is typing", "Timur has it open" ...: at most four, and how many more."""
    words = [
        (_("%(name)s is typing") if person.is_typing else _("%(name)s has it open"))
        % {"name": person.name}
        for person in people[:SHOWN]
    ]
    more = len(people) - SHOWN
    return ", ".join(words) + (f" +{more}" if more > 0 else "")
