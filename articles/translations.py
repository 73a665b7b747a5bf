"""Stories that tell the same in several languages: one group, at most one story a language."""

import uuid

from django.db import transaction
from django.utils.translation import gettext as _

from articles import publishing, versions
from articles.models import Article


def problem(article, original, language):
    """Why ``article`` cannot be the translation of ``original`` into ``language``; "" if it can."""
    if original is None:
        group = article.translation_group if article.translated_from_id is None else None
    elif original.language == language:
        return _("The original is in the same language.")
    else:
        group = original.translation_group
    if group is None:
        return ""
    others = Article.objects.filter(translation_group=group, language=language)
    if others.exclude(pk=article.pk).exists():
        return _("There is a translation into this language already.")
    return ""


def link(article):
    """Put a saved story into the group of what it was translated from, or out of the one it left.

    Remembers which version of the original was translated: the last one there is now. Raises
    publishing.Refused where another story of the group came first.
    """
    with transaction.atomic():
        original = article.translated_from
        revision = None
        if original is not None:
            original = Article.objects.select_for_update().get(pk=original.pk)
            if original.translation_group is None:
                original.translation_group = uuid.uuid4()
                original.save(update_fields=["translation_group"])
            if said := problem(article, original, article.language):
                raise publishing.Refused([publishing.Problem("translated_from", said)])
            revision = versions.current(original)
        article.translation_group = original.translation_group if original else None
        article.translated_from_revision = revision
        article.save(update_fields=["translation_group", "translated_from_revision"])
