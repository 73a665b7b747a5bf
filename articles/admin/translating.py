"""On the story's form: its other languages, and beside a translation what the original says."""

from django.contrib import messages
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from articles import originals, permissions, translations


class Translates:
    """Mixin of StoryAdmin."""

    def about_languages(self, request, story):
        """What the form shows of the story's other languages, and of its original."""
        user = request.user
        halves = translations.halves(story, by=user)
        may_translate = bool(halves) and permissions.can_translate(user, story)
        original = None
        if story.translated_from_id and permissions.can_read(user, story.translated_from):
            original = originals.beside(story)
        return {
            "halves": halves if may_translate or any(half.story for half in halves) else [],
            "may_translate": may_translate,
            "beside": original,
            "may_follow": original is not None
            and original.changes
            and permissions.can_follow(user, story),
        }

    def tell_begun(self, request, translation):
        """Lead to a translation that was begun just now."""
        request.asked_along = reverse("admin:articles_article_change", args=[translation.pk])
        messages.success(
            request,
            _("The original stands beside it. Nothing of it is overwritten, whatever you write."),
        )
        if getattr(request.user, "author", None) is None:
            messages.warning(
                request,
                _("No person is linked to your login: nobody is credited as the translator yet."),
            )

    def tell_elsewhere(self, request, story):
        """After a correction: the text in the other languages is still what it was."""
        for half in translations.halves(story, by=request.user):
            if half.story is not None and half.story.is_live:
                address = reverse("admin:articles_article_change", args=[half.story.pk])
                messages.info(
                    request,
                    format_html(
                        _('Its text in another language stays as it is: <a href="{}">{}</a>'),
                        address,
                        half.story,
                    ),
                )
