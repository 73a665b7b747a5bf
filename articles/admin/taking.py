"""The pages on which a story is pulled, withdrawn, retracted or released, with what belongs to it."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from articles import publishing, taking
from articles.admin import moves


class TakesAlong:
    """Mixin of StoryAdmin: one page an act, which works without scripts."""

    def get_urls(self):
        view = require_http_methods(["GET", "HEAD", "POST"])(self.taking_view)
        return [
            path(
                "<int:object_id>/taking/<slug:name>/",
                self.admin_site.admin_view(view),
                name="articles_article_taking",
            ),
            *super().get_urls(),
        ]

    def asks_along(self, request, story, name):
        """Whether a story is let back only after its page has offered what was pulled with it."""
        if name != "release" or not moves.MOVES[name].may(request.user, story):
            return False
        if taking.has_more(story, name, by=request.user):
            request.asked_along = reverse("admin:articles_article_taking", args=[story.pk, name])
            return True
        return False

    def taking_view(self, request, object_id, name):
        story, by = self._story_or_nothing(request, object_id), request.user
        if name not in taking.ACTS:
            raise Http404
        move = moves.MOVES[name]
        if not move.may(by, story):
            last = story.transitions.first()
            if request.method == "POST" and last and (last.by_id, last.move) == (by.pk, name):
                # A second click on the same button.
                return self._taken(request, story, move.done)
            raise PermissionDenied
        data = request.POST if request.method == "POST" else None
        form = move.form(data, prefix=name) if move.form else None
        problems = []
        if data is not None and (form is None or form.is_valid()):
            along = _numbers(data.getlist("_along"))
            try:
                others = taking.take(
                    story,
                    name,
                    by=by,
                    data=form.cleaned_data if form else {},
                    seen=_seen(data.getlist("_seen")),
                    along=along,
                    dropped=_numbers(data.getlist("_drop")),
                    reasons={number: data.get(f"_reason-{number}", "").strip() for number in along},
                )
            except publishing.Refused as refused:
                problems = refused.messages
                story = self._story_or_nothing(request, object_id)
            else:
                return self._taken(request, story, move.done, others)
        return self._ask_along(request, story, move, form, problems)

    def _taken(self, request, story, said, others=()):
        messages.success(request, said)
        if others:
            headlines = ", ".join(str(other) for other in others)
            messages.success(request, _("Together with it: %s.") % headlines)
        return HttpResponseRedirect(reverse("admin:articles_article_change", args=[story.pk]))

    def _ask_along(self, request, story, move, form, problems):
        (own, *others), unknown = taking.beside(story, move.name, by=request.user)
        if form is not None and not problems:
            next(iter(form.fields.values())).widget.attrs["autofocus"] = True
        data = request.POST
        shown = _seen(data.getlist("_seen"))
        along, dropped = _numbers(data.getlist("_along")), _numbers(data.getlist("_drop"))
        lets_go = move.name != "release"

        def row(each):
            was_shown = each.story.pk in shown
            return {
                "each": each,
                "is_ticked": each.story.pk in along if was_shown else each.is_ticked,
                "is_dropped": each.story.pk in dropped if was_shown else lets_go,
                "reason": data.get(f"_reason-{each.story.pk}", ""),
                "asks_reason": taking.ACTS[move.name].has_reason
                and not each.is_off
                and each.story.language != story.language,
            }

        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "object": story,
            "original": story,
            "title": move.label,
            "move": move,
            "form": form,
            "own": row(own),
            "others": [row(each) for each in others],
            "unknown": unknown,
            "problems": problems,
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, "admin/articles/article/taking.html", context)


def _number(words):
    return int(words) if words.isascii() and words.isdecimal() and len(words) < 19 else None


def _numbers(values):
    return {number for number in map(_number, values) if number is not None}


def _seen(values):
    """What the page showed: number of a story -> (version, number of its next version or 0)."""
    rows = [list(map(_number, value.split(":"))) for value in values]
    return {row[0]: (row[1], row[2]) for row in rows if len(row) == 3 and None not in row}
