"""The actions of the story list: changes of several stories at once, with a page that asks first."""

from collections.abc import Callable
from typing import NamedTuple

from django import forms
from django.contrib import messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.options import IS_POPUP_VAR
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext, ngettext_lazy

from articles import permissions, publishing, several, taking
from articles.forms.several import (
    AssignForm,
    NoteOfSeveral,
    RegionsForm,
    RemoveTagForm,
    SectionForm,
    TagsForm,
)

SEEN = "_seen"  # "number:version" of each story that was shown
MEANT = "_meant"  # the page that asks was answered


class Several(NamedTuple):
    """A change that the list offers. ``may_use(user)``: at all; ``may(user, story)``: on each.

    ``make(story, by=, reason=, ...)`` makes it, with what its form asks for and, where it
    ``warns``, the codes of the warnings that are ``passed``. ``name`` is also the reason that the
    version has, where nobody typed one. ``done``: said afterwards.
    """

    name: str
    label: str
    may_use: Callable
    may: Callable
    make: Callable
    done: str
    form: type[forms.Form] | None = None
    asks: bool = True
    is_grave: bool = False
    warns: bool = False  # whether what is missing is shown before the button


def _may_assign(user, story):
    return permissions.can_assign(user) and permissions.can_edit(user, story)


SEVERAL = {
    each.name: each
    for each in [
        Several(
            "submit",
            lazy("Submit for review"),
            permissions.can_write,
            permissions.can_submit,
            lambda story, *, by, reason: publishing.submit(story, by=by),
            ngettext_lazy(
                "%(count)d story is in review.", "%(count)d stories are in review.", "count"
            ),
            asks=False,
        ),
        Several(
            "publish",
            lazy("Publish now"),
            permissions.is_editor,
            permissions.can_publish,
            several.publish,
            ngettext_lazy("%(count)d story is live.", "%(count)d stories are live.", "count"),
            warns=True,
        ),
        Several(
            "assign",
            lazy("Assign to …"),
            permissions.can_assign,
            _may_assign,
            several.assign,
            ngettext_lazy(
                "%(count)d story is assigned.", "%(count)d stories are assigned.", "count"
            ),
            form=AssignForm,
        ),
        Several(
            "set section",
            lazy("Set the section"),
            permissions.can_write,
            permissions.can_edit,
            several.set_section,
            ngettext_lazy("%(count)d story is moved.", "%(count)d stories are moved.", "count"),
            form=SectionForm,
        ),
        Several(
            "add tags",
            lazy("Add tags"),
            permissions.can_write,
            permissions.can_edit,
            several.add_tags,
            ngettext_lazy("%(count)d story is tagged.", "%(count)d stories are tagged.", "count"),
            form=TagsForm,
        ),
        Several(
            "remove tag",
            lazy("Remove a tag"),
            permissions.can_write,
            permissions.can_edit,
            several.remove_tag,
            ngettext_lazy(
                "%(count)d story lost the tag.", "%(count)d stories lost the tag.", "count"
            ),
            form=RemoveTagForm,
        ),
        Several(
            "add regions",
            lazy("Add regions"),
            permissions.can_write,
            permissions.can_edit,
            several.add_regions,
            ngettext_lazy(
                "%(count)d story has them now.", "%(count)d stories have them now.", "count"
            ),
            form=RegionsForm,
        ),
        Several(
            "pull",
            lazy("Pull"),
            permissions.is_editor,
            permissions.can_pull,
            lambda story, *, by, reason, note: publishing.pull(story, by=by, note=note),
            ngettext_lazy(
                "%(count)d story is off the site.", "%(count)d stories are off the site.", "count"
            ),
            form=NoteOfSeveral,
            is_grave=True,
        ),
    ]
}


class Asked(NamedTuple):
    """A story on the page that asks: what is missing, and the warnings that may be passed.

    ``relation``: what it is to a chosen one, where it was not chosen itself.
    """

    story: object
    problems: list
    warnings: list
    relation: str = ""


class ChangesSeveral:
    """Mixin of the story's admin: its actions. Each acts on what is chosen on one page, no more."""

    def get_actions(self, request):
        if IS_POPUP_VAR in request.GET:
            return {}
        return {
            name: (_action(each), name, each.label)
            for name, each in SEVERAL.items()
            if each.may_use(request.user)
        }

    def action_checkbox(self, story):
        """The box of a story that may be opened, and the version that this page shows of it."""
        if not story.may_be_opened:
            return ""
        return format_html(
            '{}<input type="hidden" name="{}" value="{}:{}">',
            super().action_checkbox(story),
            SEEN,
            story.pk,
            story.version,
        )

    def response_action(self, request, queryset):
        """The answer to an action. What left the list meanwhile is told of, so it is not filtered."""
        chosen = _chosen(request.POST)
        if len(chosen) > several.MOST:
            words = _("At most %(most)d stories at once: %(count)d were chosen. Nothing was done.")
            messages.error(request, words % {"most": several.MOST, "count": len(chosen)})
            return None
        request.POST = request.POST.copy()
        request.POST.setlist(ACTION_CHECKBOX_NAME, [str(number) for number in chosen])
        return super().response_action(request, self.model.objects.none())

    def change_several(self, request, change):
        """Make a change, or ask first. Returns the page that asks, or None where it was made."""
        chosen, by = _chosen(request.POST), request.user
        found = several.known(list(chosen), by=by)
        left, open_ = [], []
        for number, version in chosen.items():
            if (story := found.get(number)) is None:
                continue
            if (why := several.hindrance(story, version, by=by, may=change.may)) is not None:
                left.append(why)
            else:
                open_.append(story)
        is_meant = MEANT in request.POST
        form = change.form and change.form(request.POST if is_meant else None, stories=open_)
        if change.asks and not (is_meant and (form is None or form.is_valid())):
            return self._ask(request, change, form, open_, left, len(chosen) - len(found))
        data = dict(form.cleaned_data) if form else {}
        reason = data.pop("reason", "") or change.name
        passed = _passed(request.POST)

        def made(story):
            more = {"passed": passed.get(story.pk, ())} if change.warns else {}
            return change.make(story, by=by, reason=reason, **data, **more)

        outcome = several.make(chosen, by=by, may=change.may, change=made, reason=reason)
        self._tell(request, change, outcome)
        return None

    def _ask(self, request, change, form, open_, left, unknown):
        asked = [
            Asked(
                story,
                publishing.problems(story) if change.warns else [],
                [w for w in publishing.warnings(story) if w.code] if change.warns else [],
            )
            for story in open_
        ]
        if change.name in taking.ACTS:
            asked += self._beside(request, change, open_)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": change.label,
            "change": change,
            "form": form,
            "asked": asked,
            "left": left,
            "unknown_words": unknown_words(unknown) if unknown else "",
            "back": request.get_full_path(),
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, "admin/articles/article/several.html", context)

    def _beside(self, request, change, stories):
        """What belongs to the chosen stories and may be taken along."""
        found = {}
        for story in stories:
            rows, _unknown = taking.beside(story, change.name, by=request.user)
            found |= {r.story.pk: r for r in rows[1:] if r.is_ticked and not r.is_off}
        numbers = found.keys() - {story.pk for story in stories}
        return [Asked(found[n].story, [], [], found[n].relation) for n in sorted(numbers)]

    def _tell(self, request, change, outcome):
        """What became of it, each story that was left as it is by its name."""
        done, same = len(outcome.done), len(outcome.same)
        if done:
            messages.success(request, change.done % {"count": done})
        if same:
            words = ngettext(
                "%(count)d story was so already.", "%(count)d stories were so already.", same
            )
            messages.info(request, words % {"count": same})
        for name, rows in (("left", outcome.left), ("undecided", outcome.undecided)):
            if rows:
                page = "admin/articles/article/_several_told.html"
                told = render_to_string(page, {"name": name, "rows": rows}, request)
                messages.warning(request, told)
        if outcome.unknown:
            messages.warning(request, unknown_words(outcome.unknown))


def unknown_words(count):
    words = ngettext(
        "%(count)d of the chosen stories is not open to you, or is no longer there.",
        "%(count)d of the chosen stories are not open to you, or are no longer there.",
        count,
    )
    return words % {"count": count}


def _action(change):
    return lambda admin, request, queryset: admin.change_several(request, change)


def _number(words, most=18):
    is_number = words.isascii() and words.isdecimal() and len(words) <= most
    return int(words) if is_number else None


def _chosen(data):
    """The numbers of the stories that are chosen, each with the version that was shown, or None."""
    seen = {}
    for pair in data.getlist(SEEN):
        number, _colon, version = pair.partition(":")
        seen[_number(number)] = _number(version, 9)
    numbers = dict.fromkeys(map(_number, data.getlist(ACTION_CHECKBOX_NAME)))
    return {number: seen.get(number) for number in numbers if number is not None}


def _passed(data):
    """The codes of the warnings that were shown and are to be passed: number of the story -> codes."""
    passed = {number: set() for number in map(_number, data.getlist("_anyway"))}
    for pair in data.getlist("_warned"):
        number, _colon, code = pair.partition(":")
        if (number := _number(number)) in passed:
            passed[number].add(code)
    return passed
