"""The parts of a series on its page of the desk: in order, with what is missing or there twice."""

from collections import Counter
from typing import NamedTuple

from django import forms
from django.contrib import messages
from django.db.models import F
from django.utils.translation import gettext as _

from addresses.languages import language_name
from articles import permissions, several, states
from articles.models import Article

MOST = 999  # of a part
MOST_STORIES = 200


class Edition(NamedTuple):
    """A series in one language: its stories by part, each with its field, and what is wrong."""

    language: str
    rows: list
    remarks: list


def remarks(parts):
    """Sentences about the numbers of a series: what is there twice, what is missing."""
    known = [part for part in parts if part is not None]
    said = []
    if twice := sorted(part for part, times in Counter(known).items() if times > 1):
        said.append(_("There twice: %(parts)s.") % {"parts": _listed(twice)})
    if missing := sorted(set(range(1, max(known, default=0) + 1)) - set(known)):
        said.append(_("Missing: %(parts)s.") % {"parts": _listed(missing)})
    if None in parts:
        said.append(_("Without a number: %(number)d.") % {"number": parts.count(None)})
    return said


def _listed(parts):
    shown = ", ".join(str(part) for part in parts[:12])
    return f"{shown} …" if len(parts) > 12 else shown


def stories_of(series, user):
    """What of a series the login may know of, by language and part."""
    stories = permissions.visible_stories(user, Article.objects.filter(series=series))
    stories = stories.exclude(status="spiked").select_related("section").defer("body")
    order = ["language", F("part").asc(nulls_last=True), "first_published_at", "pk"]
    return list(states.with_returned(stories).order_by(*order)[:MOST_STORIES])


class PartsForm(forms.ModelForm):
    """Mixin of the form of a series: a number for each story in it. ``user`` is set by the admin."""

    user = None

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.stories = stories_of(self.instance, self.user) if self.instance.pk else []
        self.open = {s.pk for s in self.stories if permissions.can_edit(self.user, s)}
        for story in self.stories:
            if story.pk in self.open:
                self.fields[f"part-{story.pk}"] = forms.IntegerField(
                    label=story.headline,
                    min_value=1,
                    max_value=MOST,
                    required=False,
                    initial=story.part,
                )

    def editions(self):
        """The series as Editions, with what was typed."""
        found = {}
        for story in self.stories:
            field = self[f"part-{story.pk}"] if story.pk in self.open else None
            found.setdefault(story.language, []).append((story, field))
        return [
            Edition(language_name(code), rows, remarks([story.part for story, _field in rows]))
            for code, rows in found.items()
        ]

    def parts(self):
        """What was typed: story -> its part, those that stay left out."""
        return {
            story: self.cleaned_data[f"part-{story.pk}"]
            for story in self.stories
            if story.pk in self.open and f"part-{story.pk}" in self.changed_data
        }


class OrdersParts:
    """Mixin of the admin of series."""

    change_form_template = "admin/articles/series/change_form.html"

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        form.user = request.user
        return form

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        for story, part in form.parts().items():
            opened_at = request.POST.get(f"version-{story.pk}", "")
            reason = _("Part of the series: %(part)s") % {"part": part or "–"}
            outcome = several.make(
                {story.pk: int(opened_at) if opened_at.isdecimal() else None},
                by=request.user,
                may=permissions.can_edit,
                change=lambda one, part=part, reason=reason: several.set_part(
                    one, by=request.user, part=part, reason=reason
                ),
                reason=reason,
            )
            for left in outcome.left:
                messages.error(request, f"{left.story.headline}: {' '.join(left.why)}")
