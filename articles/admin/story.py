"""The story on the desk: its form, its moves, and the list of stories."""

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.options import IS_POPUP_VAR
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpResponseRedirect
from django.template.loader import render_to_string
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_POST
from js_asset import Script

from articles import clock, permissions, printing, publishing, states, teasers, translations
from articles.admin import filters, moves
from articles.admin.autosaves import KeepsTyping
from articles.admin.base import DeskAdmin
from articles.admin.correcting import Corrects
from articles.admin.doubts import SettlesDoubts
from articles.admin.findings import ShowsFindings
from articles.admin.history import HistoryPages
from articles.admin.listing import Listing
from articles.admin.notes import NotesAdmin
from articles.admin.planned import PlannedStories
from articles.admin.presence import ShowsPresence
from articles.admin.previews import PreviewPages, shared_words
from articles.admin.reports import SettlesReports
from articles.admin.saving import NEXT, Saving
from articles.admin.several import ChangesSeveral
from articles.admin.suggest import Suggesting
from articles.admin.taking import TakesAlong
from articles.admin.translating import Translates
from articles.forms.moves import ScheduleForm
from articles.forms.story import StoryForm
from articles.models import Article
from articles.templatetags.desk import chip
from authors.models import User

RECENT_PLACES = 12
SCRIPTS = "form names rows pictures keys teasers suggest notes presence beside".split()
LAST_SAVES = 3  # that the form tells of


@admin.register(Article)
class StoryAdmin(
    KeepsTyping,
    ShowsPresence,
    SettlesReports,
    NotesAdmin,
    Corrects,
    Saving,
    HistoryPages,
    PreviewPages,
    PlannedStories,
    SettlesDoubts,
    ShowsFindings,
    Suggesting,
    TakesAlong,
    Translates,
    ChangesSeveral,
    Listing,
    DeskAdmin,
):
    form = StoryForm
    list_display = ["story", "state", "credited", "language", "saved"]
    list_display_links = None
    list_filter = [
        filters.StateFilter,
        filters.SectionFilter,
        filters.RegionFilter,
        filters.TagFilter,
        filters.PersonFilter,
        filters.LanguageFilter,
        filters.FromFilter,
        filters.ToFilter,
    ]
    search_fields = ["headline"]
    # Who may

    def may_see(self, user, thing=None):
        return permissions.is_reporter(user) if thing is None else permissions.can_read(user, thing)

    def may_add(self, user):
        return permissions.can_write(user)

    def may_change(self, user, thing=None):
        if thing is None:
            return permissions.is_reporter(user)
        return permissions.can_edit(user, thing) or permissions.can_propose(user, thing)

    def get_queryset(self, request):
        stories = super().get_queryset(request)
        match = request.resolver_match
        if match is not None and match.url_name == "articles_article_change":
            stories = stories.select_related("section", "entered_by", "dateline_organisation")
        return permissions.visible_stories(request.user, stories)

    # The form

    def groups(self, request, obj=None):
        user, is_editor = request.user, permissions.is_editor(request.user)
        before_public = obj is None or not obj.was_public
        filing = ["section", "regions", "tags", ("genre", "language"), ("series", "part"), "kicker"]
        if not before_public:
            # The language is part of the address, and an address is for ever.
            filing[3] = "genre"
        # What a next version says nothing about is not asked in its form.
        posted = request.POST.keys()
        is_next = self.editing(request, obj).mode == NEXT and not (
            "_next" in posted and "began" not in posted
        )
        life = ["assigned_to", "due_at"] if permissions.can_assign(user) and not is_next else []
        if is_editor and (obj is None or permissions.can_set_embargo(user, obj)):
            has_others = obj is not None and translations.under_embargo_with(obj, by=user)
            life = ["embargo_until", *(["embargo_too"] if has_others else []), *life]
        links = self._links(user, obj)
        if is_next:
            links = [name for name in links if name != "translated_from"]
        links = [
            *links,
            *(["paid_by", "canonical_url", "may_not_be_republished"] if is_editor else []),
        ]
        if before_public or permissions.can_change_address(user, obj):
            links = ["slug", *links]
        engines = ["seo_title", "seo_description", *(["noindex"] if is_editor else [])]
        return [
            (None, {"classes": ["main"], "fields": ["headline", "standfirst"]}),
            (
                lazy("Dateline"),
                {
                    "classes": ["main", "dateline"],
                    "fields": [("dateline_place", "dateline_organisation", "dateline_date")],
                },
            ),
            (None, {"classes": ["main"], "fields": ["body"]}),
            (lazy("Filing"), {"classes": ["side"], "fields": filing}),
            (lazy("Picture"), {"classes": ["side"], "fields": ["lead_image", "lead_caption"]}),
            (lazy("Planning"), {"classes": ["side", "life"], "fields": life}),
            (
                lazy("Address and links"),
                {"classes": ["side", "links", "collapse"], "fields": links},
            ),
            (
                lazy("Search engines"),
                {"classes": ["side", "links", "collapse"], "fields": engines},
            ),
        ]

    def _links(self, user, obj):
        """The fields that name other stories; not one that names a story hidden from the user."""
        visible = permissions.visible_stories(user, Article.objects.all())
        return [
            name
            for name in ("supersedes", "translated_from")
            if obj is None
            or getattr(obj, f"{name}_id") is None
            or visible.filter(pk=getattr(obj, f"{name}_id")).exists()
        ]

    def get_changeform_initial_data(self, request):
        """A new story begins in the section and the language of the last one its writer began."""
        last = Article.objects.filter(entered_by=request.user).order_by("-pk").first()
        initial = {"section": last.section_id, "language": last.language} if last else {}
        return initial | super().get_changeform_initial_data(request)

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        request.POST = self.with_suggestion(request)
        return super().changeform_view(request, object_id, form_url, extra_context)

    def more_fields(self, obj):
        more = ["version", "reason", "form_id"]
        return [*more, "is_substantive"] if obj is not None and obj.is_live else more

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name == "assigned_to":
            writers = User.objects.filter(permissions.writers(), is_active=True)
            kwargs["queryset"] = writers.order_by("username")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    @property
    def media(self):
        # No jQuery on this page: rows, suggestions and pictures have scripts of their own.
        return forms.Media(js=[Script(f"desk/{name}.js", type="module") for name in SCRIPTS])

    def _tell_made(self, request, things):
        for thing in things:
            opts = thing._meta
            name = f"admin:{opts.app_label}_{opts.model_name}_change"
            messages.success(
                request,
                format_html(
                    _('New here: {}. <a href="{}">Add what readers should know</a>'),
                    thing,
                    reverse(name, args=[thing.pk]),
                )
                if name != "admin:articles_series_change"
                else _("New here: %s.") % thing,
            )

    def response_add(self, request, obj, post_url_continue=None):
        if IS_POPUP_VAR in request.POST:
            return super().response_add(request, obj, post_url_continue)
        return self._after_saving(request, obj)

    def response_change(self, request, obj):
        return self._after_saving(request, obj)

    def _after_saving(self, request, obj):
        if move := request.POST.get("_move"):
            self._move(request, obj, move, is_saved=True)
        else:
            messages.success(request, _("Saved."))
        self.keep_unsent_note(request, obj)
        return self._back_to(request, obj)

    def _back_to(self, request, story):
        """The story, or the list where the last change has closed it to whoever made it."""
        if getattr(request, "asked_along", ""):
            return HttpResponseRedirect(request.asked_along)
        if permissions.can_read(request.user, story):
            # Without scripts, suggestions are asked for and taken by buttons that save.
            if request.POST.keys() & {"_suggest", "_cite", "_relate"}:
                request.asked_again = getattr(request, "asked_again", {}) | {"suggest": "1"}
            return HttpResponseRedirect(self.address_after(request, story))
        return HttpResponseRedirect(reverse("admin:articles_article_changelist"))

    # Moves

    def _move(self, request, obj, name, *, is_saved=False):
        """Make a move and say how it went; a refused one leaves what was saved as it is."""
        name, data = moves.pressed(name, request.POST)
        if overtaken := self.overtaken(request, obj, name):
            saved = _("Your changes are saved.") + " " if is_saved else ""
            messages.error(request, saved + overtaken)
            return
        if getattr(request, "has_unseen", False) and name in moves.GOES_OUT:
            messages.error(
                request,
                _(
                    "Your changes are saved, your step was not taken: somebody else's words would have"
                    " gone out with it. Look, and take it if it is right."
                ),
            )
            return
        if self.asks_along(request, obj, name):
            if is_saved:
                messages.success(request, _("Your changes are saved."))
            return
        try:
            result = moves.make(name, obj, by=request.user, data=data)
        except moves.Unpassed:
            request.asked_again = {"passing": name} | moves.to_ask_again(name, data)
            messages.warning(
                request, _("Your changes are saved. Look at the warnings before it goes out.")
            )
            return
        except publishing.Refused as refused:
            request.asked_again = moves.to_ask_again(name, data)
            messages.error(request, _refusal(name, refused.problems, is_saved))
            return
        except PermissionDenied:
            # What an approved version does at once stands in the audit above the approval.
            made = [(step.by_id, step.move) for step in obj.transitions.all()[:2]]
            if (request.user.pk, moves.kept_as(name)) in made:
                # A second click on the same button.
                messages.success(request, moves.MOVES[name].done)
                return
            if not is_saved:
                raise
            # The state, or the right, changed while the form was open: what was typed stands.
            messages.error(request, _("Saved, but this step is no longer open to you."))
            return
        if name == "share":
            messages.success(request, shared_words(request, *result))
            return
        if name == "translate":
            self.tell_begun(request, result)
            return
        said = moves.MOVES[name].done
        if obj.is_live and obj.status != "pulled":
            may_pull = name == "publish" and permissions.can_pull(request.user, obj)
            said = render_to_string(
                "admin/articles/article/_live_now.html",
                {"said": said, "story": obj, "may_pull": may_pull},
                request,
            )
        messages.success(request, said)
        if name == "correct":
            self.tell_elsewhere(request, obj)

    def move_view(self, request, object_id):
        """A move of a story that is not open for changes: nothing else is saved."""
        story = self._story_or_nothing(request, object_id)
        with transaction.atomic():
            self._move(request, story, request.POST.get("_move", ""))
        return self._back_to(request, story)

    def _story_or_nothing(self, request, object_id):
        if not self.has_view_permission(request):
            raise PermissionDenied
        story = self.get_object(request, str(object_id))
        if story is None:
            raise Http404
        if not self.has_view_permission(request, story):
            raise PermissionDenied
        return story

    def get_urls(self):
        wrap = self.admin_site.admin_view
        return [
            path(
                "<int:object_id>/move/",
                wrap(require_POST(self.move_view)),
                name="articles_article_move",
            ),
            *super().get_urls(),
        ]

    # What the page of the form shows

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        user = request.user
        context |= self.notes_of(request, obj)
        context |= {
            "passing": request.GET.get("passing", ""),
            "form": context["adminform"].form,
            "state": states.of(obj) if obj else states.State("new", states.NEW),
            "may_edit": add or self._may_write(request, obj),
        }
        if context["may_edit"]:
            form = context["form"]
            context["media"] = context["media"] + form.credits.media + form.sources.media
            context["recent_places"] = self._recent_places(user)
            context["summary"] = _summary(form)
            context |= self.suggested(request, obj)
            context["teasers"] = teasers.of(obj or form.instance)
            context["teaser_lengths"] = teasers.MOST
        if add:
            first = moves.MOVES["publish" if permissions.is_editor(user) else "submit"]
            form = first.form(prefix=first.name)
            offers = [moves.Offer(moves.MOVES["schedule"], ScheduleForm(prefix="schedule"))]
            context |= {
                "primary": moves.Offer(first, form if form.fields else None),
                "offers": offers if permissions.is_editor(user) else [],
            }
        else:
            context |= self._about(request, obj) | self.about_languages(request, obj)
        return super().render_change_form(request, context, add, change, form_url, obj)

    def _may_write(self, request, story):
        editing = self.editing(request, story)
        if editing.mode == NEXT:
            return permissions.can_edit_version(request.user, story, editing.pending)
        return permissions.can_edit(request.user, story)

    def _about(self, request, story):
        user, editing = request.user, self.editing(request, story)
        is_next = editing.mode == NEXT
        primary, offers = moves.offered(
            user, story, request.GET, of_next=is_next, pending=editing.pending
        )
        is_waiting = (
            is_next or story.status in {"draft", "in_review", "ready"} or story.is_scheduled
        )
        warnings = publishing.warnings(story) if is_waiting else []
        saves = list(story.revisions.select_related("by").defer("content")[:LAST_SAVES])
        last = editing.pending if is_next else None
        last = last or (saves[0] if saves else None)
        about = {
            "primary": primary,
            "offers": self.with_report(
                request, story, self.with_typed_correction(request, story, offers)
            ),
            "problems": _linked(publishing.problems(story)) if is_waiting else [],
            "warnings": _linked(warnings),
            "to_pass": _linked([warning for warning in warnings if warning.code]),
            "warning_codes": [warning.code for warning in warnings if warning.code],
            "is_waiting": is_waiting,
            "live_from": _live_from(story) if story.is_scheduled else "",
            "may_unschedule": permissions.can_unschedule(user, story),
            "saved_by": last.by if last else None,
            "saved_at": last.at if last else story.modified_at,
            "last_saves": saves,
            "may_see_history": permissions.can_see_history(user, story),
            "public_address": story.get_absolute_url() if story.is_live else "",
            "is_next": is_next,
            "began": self.began_of(request, story, editing),
            "pending": editing.pending,
            "may_begin_next": not is_next
            and editing.pending is None
            and permissions.can_propose(user, story),
        }
        if is_next:
            about["state"] = states.of_next(editing.pending)
        if not self._may_write(request, story):
            pictures = printing.pictures_in([story], timezone.now(), all_of_them=True)
            about["reading"] = printing.body_html(story, pictures, signed=True)
            about["credits"] = list(
                permissions.known_bylines(user).for_printing().filter(article=story)
            )
            about["citations"] = list(story.citations.select_related("organisation"))
        return about

    def _recent_places(self, user):
        """Datelines used lately, as they are typed: "Bishkek (TCA)"."""
        stories = permissions.visible_stories(user, Article.objects.exclude(dateline_place=""))
        agency = "dateline_organisation__"
        rows = stories.order_by("-modified_at").values_list(
            "dateline_place", f"{agency}short_name", f"{agency}name"
        )
        places = [
            f"{place} ({short or name})" if short or name else place
            for place, short, name in rows[:100]
        ]
        return list(dict.fromkeys(places))[:RECENT_PLACES]

    # The list

    @admin.display(description=lazy("Story"))
    def story(self, story):
        return render_to_string("admin/articles/article/_row.html", {"story": story})

    @admin.display(description=lazy("State"))
    def state(self, story):
        return chip(story)

    @admin.display(description=lazy("Credits"))
    def credited(self, story):
        names = list(dict.fromkeys(str(b.author or b.organisation) for b in story.bylines.all()))
        more = len(names) - 3
        shown = ", ".join(names[:3])
        return (
            _("%(names)s and %(more)d more") % {"names": shown, "more": more} if more > 0 else shown
        )

    @admin.display(description=lazy("Saved"))
    def saved(self, story):
        if story.due_at and not story.was_public:
            due = _("due %s") % states.moment(story.due_at)
            return format_html("{}<br>{}", states.moment(story.modified_at), due)
        return states.moment(story.modified_at)


def anchor(field):
    """Where in the form a field of publishing's Problems stands."""
    return {"bylines": "id_bylines-0-name", "citations": "id_citations-0-name"}.get(
        field, f"id_{field}"
    )


def _linked(problems):
    return [(anchor(problem.field), problem.message) for problem in problems]


def _summary(form):
    """All errors of the form in one list, as (id of the field, label, message)."""
    found = [("", "", message) for message in form.non_field_errors()]
    for name, messages_ in form.errors.items():
        if name in form.fields:
            field = form[name]
            found += [(field.id_for_label, field.label, message) for message in messages_]
    for rows, label in ((form.credits, _("Credits")), (form.sources, _("Sources"))):
        if not rows.is_bound:
            continue
        found += [("", label, message) for message in rows.non_form_errors()]
        for row in rows:
            for name, messages_ in row.errors.items():
                key = name if name in row.fields else "name"
                found += [(row[key].id_for_label, label, message) for message in messages_]
    return found


def _refusal(name, problems, is_saved):
    """One message with everything that stood in the way, each leading to its field."""
    items = format_html_join(
        "", '<li><a href="#{}">{}</a></li>', ((anchor(p.field), p.message) for p in problems)
    )
    said = {
        "publish": _("Not published yet."),
        "schedule": _("Not scheduled yet."),
    }.get(name, _("That could not be done."))
    if is_saved:
        said = _("Your changes are saved.") + " " + said
    return format_html("<strong>{}</strong><ul>{}</ul>", said, items)


def _live_from(story):
    return _("Goes live %(moment)s, %(time_left)s.") % {
        "moment": clock.text_with_weekday(story.published_at),
        "time_left": clock.time_left(story.published_at),
    }
