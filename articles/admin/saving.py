"""Saving a story from its form: onto what stands there, merged with what others did, or as a next version."""

from itertools import pairwise
from typing import NamedTuple

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch, prefetch_related_objects
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles import changes, clock, permissions, publishing, states, translations, versions
from articles.forms.rows import make_once
from articles.models import Article, Byline, Citation, Revision

NEXT, LIVE = "next", "live"
# What a form shows of a story, loaded at once where it is only looked at.
SHOWN = [
    "regions",
    "tags",
    Prefetch("bylines", queryset=Byline.objects.select_related("author", "organisation")),
    Prefetch("citations", queryset=Citation.objects.select_related("organisation")),
]
CHOICE = "_choice-"  # + a collision's key: what to do with it


class Editing(NamedTuple):
    """What a form works on: ``mode`` NEXT or LIVE (the row itself, also of a draft), the pending
    Revision of the story or None, and whether a person has to say which of the two they mean."""

    mode: str
    pending: Revision | None
    asks: bool = False


class Saving:
    """Mixin of the story's admin: from a valid form to publishing.*, and back where two collide."""

    def editing(self, request, story):
        """The Editing of a request; worked out once a request."""
        if not hasattr(request, "editing"):
            request.editing = self._editing(request, story)
        return request.editing

    def _editing(self, request, story):
        if story is None or not permissions.can_propose(request.user, story):
            return Editing(LIVE, None)
        pending = versions.pending(story)
        wanted = request.GET.get("version", "")
        if (typed := self._taken_back(request, story)) is not None:
            # A next version that is only begun has the field too, and nothing in it.
            wanted = NEXT if "began" in typed.content else LIVE
        if not permissions.can_edit(request.user, story) or "_next" in request.POST:
            return Editing(NEXT, pending)
        if wanted not in {NEXT, LIVE}:
            return Editing(LIVE, pending, asks=pending is not None and request.method == "GET")
        return Editing(wanted, pending)

    def began_of(self, request, story, editing):
        """Number of the Revision that the form of a next version works on, "" where there is none."""
        typed = self._taken_back(request, story)
        if typed is not None:
            return typed.first("began")
        return editing.pending.pk if editing.pending is not None else ""

    def get_object(self, request, object_id, from_field=None):
        """The story; where its next version is worked on, with that one's words in memory."""
        story = request.__dict__.pop("story", None)
        if story is not None and request.method == "GET":
            prefetch_related_objects([story], *SHOWN)
        if story is None:
            story = super().get_object(request, object_id, from_field)
        if isinstance(story, Article):
            editing = self.editing(request, story)
            if editing.mode == NEXT and editing.pending is not None:
                versions.set_fields(story, editing.pending.content)
        return story

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        form.user = request.user
        form.refusals = getattr(request, "refusals", ())
        # Written as rows of a snapshot, and read from what is loaded already.
        form._meta.fields = [f for f in form._meta.fields if f not in {"regions", "tags"}]
        editing = self.editing(request, obj)
        form.began = None
        if obj is not None and editing.mode == NEXT and editing.pending is not None:
            form.began = editing.pending.content
        return form

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        """The form; where the save is refused the form again, where it collides what to choose of."""
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except publishing.Refused as refused:
            request.refusals = refused.problems
        except publishing.Collided as collided:
            return self._collided(request, object_id, collided)
        return super().changeform_view(request, object_id, form_url, extra_context)

    def save_model(self, request, obj, form, change):
        for name in form.MAKEABLE:
            thing = getattr(obj, name) if name in form.fields else None
            if thing is not None and thing.pk is None:
                setattr(obj, name, make_once(thing, form.made))
        form.merged_content = content = form.content()
        if not change:
            publishing.save(obj, by=request.user)
            return
        opened_at = form.cleaned_data["version"]
        choices = {
            name.removeprefix(CHOICE): value
            for name, value in request.POST.items()
            if name.startswith(CHOICE)
        }
        is_next = self.editing(request, obj).mode == NEXT
        if "_next" in request.POST and not is_next:
            # No longer live since the form was opened: its words are not for what stands there.
            raise PermissionDenied
        if is_next:
            version = self._propose(request, obj, form, content, opened_at, choices)
            self._plan(request, form, version)
            return
        before = self.saved_before(request, obj)
        merged = publishing.settle(
            obj,
            content,
            opened_at=opened_at,
            saved_at=before.version if before is not None else None,
            choices=choices,
        )
        time_before = obj.published_at
        versions.set_fields(obj, merged.content)
        versions.set_planning(obj, merged.content)
        if merged.taken:
            if problem := translations.problem(obj, obj.translated_from, obj.language):
                raise publishing.Refused([publishing.Problem("translated_from", problem)])
            since = versions.of_row(obj).filter(version__gt=opened_at)
            self._tell_taken(request, merged.taken, since)
        form.merged_content = merged.content
        publishing.save(obj, by=request.user)
        if obj.published_at != time_before:
            messages.info(
                request,
                _("The embargo moves its time. Goes live %(time)s.")
                % {"time": clock.text_with_weekday(obj.published_at)},
            )

    def _propose(self, request, obj, form, content, opened_at, choices):
        began = None
        if (number := form.data.get("began", "")).isdecimal() and len(number) < 19:
            began = obj.revisions.filter(pk=number).select_related("based_on").first()
        before = self.saved_before(request, obj)
        if before is not None and before.made is not None:
            # Who went on typing while it was on its way goes on from what was made of it.
            began = before.made
        version, taken = publishing.propose(
            obj,
            by=request.user,
            content=content,
            reason=form.cleaned_data.get("reason", ""),
            began=began,
            opened_at=opened_at,
            choices=choices,
            is_substantive=form.cleaned_data.get("is_substantive", False),
        )
        begin = {"version__gte": opened_at} if began is None else {"pk__gt": began.pk}
        self._tell_taken(request, taken, obj.revisions.filter(**begin).exclude(pk=version.pk))
        request.made = None if taken or choices else version
        return version

    def _plan(self, request, form, version):
        """Write what was typed of the planning beside a next version: it is the story's own."""
        story = Article.objects.get(pk=version.article_id)
        now, typed = versions.snapshot(story), version.content["planning"]
        names = [n for n in typed if n in form.fields and typed[n] != now["planning"][n]]
        if not names:
            return
        now["planning"] |= {name: typed[name] for name in names}
        versions.set_planning(story, now)
        publishing.save(story, by=request.user)
        if "translated_from" in names:
            translations.link(story)
        publishing.record(story, by=request.user)

    def _tell_taken(self, request, names, revisions):
        """Say what others changed, in ``revisions``, that is saved with the person's own now.

        A step out into the open is not taken with words that whoever chose it has not seen.
        """
        by_others = revisions.exclude(by=request.user).select_related("by").first()
        last = by_others or revisions.select_related("by").first()
        names = [str(changes.name_of(name)) for name in names if name != "slug"]
        if not names:
            return
        request.has_unseen = last is None or by_others is not None
        messages.info(
            request,
            _("Meanwhile %(who)s changed: %(what)s. That stands, together with yours.")
            % {"who": changes.person(last.by if last else None), "what": ", ".join(names)},
        )

    def save_related(self, request, form, formsets, change):
        story = form.instance
        if self.editing(request, story).mode == NEXT:
            self._tell_made(request, form.made)
            return
        if "translated_from" in form.changed_data:
            translations.link(story)
        versions.set_rows(story, form.merged_content)
        self._tell_made(request, form.made)
        pending = self.editing(request, story).pending
        publishing.record(
            story,
            by=request.user,
            reason=form.cleaned_data.get("reason", ""),
            is_substantive=form.cleaned_data.get("is_substantive", False),
        )
        if form.cleaned_data.get("embargo_too") and "embargo_until" in form.changed_data:
            for other in translations.share_embargo(story, by=request.user):
                messages.info(request, _("The same embargo: %(headline)s") % {"headline": other})
        if pending is not None and pending.due_at is not None:
            self._tell_of_time(request, pending)
        for notice in form.notices:
            messages.info(request, notice)

    def _tell_of_time(self, request, pending):
        """Say that a next version has lost its time to what was saved just now."""
        pending.refresh_from_db()
        if pending.state in Revision.PENDING and pending.due_at is None:
            messages.warning(
                request,
                _(
                    "The next version of this story changes the same places. It has no time any more:"
                    " look at it, and schedule it again."
                ),
            )

    def overtaken(self, request, story, move):
        """What somebody else did to the story's state or time since it was opened, or None.

        A step that was chosen of another state is not taken: who chose it looks again. One's own
        second click on the same button is no such thing, nor an embargo of one's own that moved
        the time by the same press.
        """
        opened_at = request.POST.get("version", "")
        if not (opened_at.isdecimal() and len(opened_at) < 10):
            return None
        by_others = [
            after
            for before, after in pairwise(versions.lives(story, opened_at))
            if before.life != after.life and after.by_id != request.user.pk
        ]
        if not by_others:
            return None
        return _(
            "Meanwhile %(who)s has changed its state: %(state)s. Your step was not taken; look, and"
            " take it if it is still right."
        ) % {"who": changes.person(by_others[-1].by), "state": states.of(story).label}

    def overtaken_by(self, story):
        """Who saved the story last, and when, in a sentence."""
        last = versions.current(story)
        return _("%(who)s saved this story at %(time)s, after you opened it.") % {
            "who": changes.person(last.by if last else None),
            "time": states.moment(story.modified_at),
        }

    # Where two changed the same

    def _collided(self, request, object_id, collided):
        """The page on which a person decides, place by place; it carries all that was typed."""
        story = super().get_object(request, object_id)
        places = changes.places(collided.collisions, request.POST, CHOICE, request.user)
        skipped = set("csrfmiddlewaretoken _save _move _next _cite _relate _suggest".split()) | {
            p.field for p in places
        }
        typed = [
            (name, value)
            for name, values in request.POST.lists()
            for value in values
            if name not in skipped
        ]
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Changed by two"),
            "original": story,
            "who": changes.person(collided.theirs.by if collided.theirs else None),
            "time": states.moment(collided.theirs.at) if collided.theirs else "",
            "places": places,
            "typed": typed,
            "move": request.POST.get("_move", ""),
            "is_next": "_next" in request.POST,
            "count": ngettext(
                "%(number)d place was changed by both of you.",
                "%(number)d places were changed by both of you.",
                len(collided.collisions),
            )
            % {"number": len(collided.collisions)},
        }
        return TemplateResponse(
            request, "admin/articles/article/collision.html", context, status=409
        )

    # The question before a form

    def asked_which(self, request, story):
        """The page that asks which version is meant, for a live story that has a next one."""
        editing = self.editing(request, story)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": story.headline,
            "original": story,
            "pending": editing.pending,
            "address": reverse("admin:articles_article_change", args=[story.pk]),
        }
        return TemplateResponse(request, "admin/articles/article/which.html", context)

    def address_after(self, request, story):
        """Where a save leads: to the form of what was saved."""
        address = reverse("admin:articles_article_change", args=[story.pk])
        query = dict(getattr(request, "asked_again", {}))
        if self.editing(request, story).mode == NEXT:
            query["version"] = NEXT
        elif "version" in request.GET:
            query["version"] = LIVE
        place = "#suggested" if "suggest" in query else ""
        return f"{address}?{urlencode(query, doseq=True)}{place}" if query else address

    def change_view(self, request, object_id, form_url="", extra_context=None):
        request.story = story = super().get_object(request, object_id)
        may_see = story is not None and self.has_view_permission(request, story)
        if may_see and self.editing(request, story).asks:
            return self.asked_which(request, story)
        return super().change_view(request, object_id, form_url, extra_context)
