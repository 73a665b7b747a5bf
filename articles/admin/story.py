"""The story on the desk: its form, its moves, and the list of stories."""

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.options import IS_POPUP_VAR
from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.http import Http404, HttpResponseRedirect
from django.template.loader import render_to_string
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_POST, require_safe
from js_asset import Script

from articles import permissions, printing, publishing, states, translations, views
from articles.admin import filters, moves
from articles.admin.base import DeskAdmin
from articles.admin.listing import Listing
from articles.forms.moves import ScheduleForm
from articles.forms.rows import make_once
from articles.forms.story import StoryForm
from articles.models import Article
from articles.templatetags.desk import chip
from articles.templatetags.news import zone
from authors.models import User

RECENT_PLACES = 12
HISTORY = 200  # rows of each kind on the page of a story's history


@admin.register(Article)
class StoryAdmin(Listing, DeskAdmin):
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
        return permissions.is_reporter(user) if thing is None else permissions.can_edit(user, thing)

    def get_queryset(self, request):
        return permissions.visible_stories(request.user, super().get_queryset(request))

    # The form

    def groups(self, request, obj=None):
        user, is_editor = request.user, permissions.is_editor(request.user)
        before_public = obj is None or not obj.was_public
        filing = ["section", "regions", "tags", ("genre", "language"), ("series", "part"), "kicker"]
        if not before_public:
            # The language is part of the address, and an address is for ever.
            filing[3] = "genre"
        life = ["assigned_to", "due_at"] if is_editor else []
        if is_editor and (obj is None or permissions.can_set_embargo(user, obj)):
            life = ["embargo_until", *life]
        links = [*self._links(user, obj), *(["paid_by", "canonical_url"] if is_editor else [])]
        if before_public or permissions.can_change_address(user, obj):
            links = ["slug", *links]
        engines = ["seo_title", "seo_description", *(["noindex"] if is_editor else [])]
        return [
            (None, {"classes": ["main"], "fields": ["headline", "standfirst", "body"]}),
            (
                lazy("Dateline"),
                {
                    "classes": ["side", "dateline"],
                    "fields": ["dateline_place", "dateline_organisation", "dateline_date"],
                },
            ),
            (lazy("Filing"), {"classes": ["side"], "fields": filing}),
            (lazy("Picture"), {"classes": ["side"], "fields": ["lead_image", "lead_caption"]}),
            (lazy("Planning"), {"classes": ["side", "life"], "fields": life}),
            (lazy("Address and links"), {"classes": ["side", "collapse"], "fields": links}),
            (lazy("Search engines"), {"classes": ["side", "collapse"], "fields": engines}),
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

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        form.user = request.user
        form.refusals = getattr(request, "refusals", ())
        return form

    def more_fields(self, obj):
        return ["version", "is_substantive"] if obj is not None and obj.is_live else ["version"]

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name == "assigned_to":
            writers = models.Q(groups__name__in=permissions.WRITERS) | models.Q(is_superuser=True)
            kwargs["queryset"] = (
                User.objects.filter(writers, is_active=True).distinct().order_by("username")
            )
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    @property
    def media(self):
        # No jQuery on this page: rows, suggestions and pictures have scripts of their own.
        return forms.Media(
            js=[
                Script(f"desk/{name}.js", type="module")
                for name in ("form", "names", "rows", "pictures")
            ]
        )

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        """The form; where articles.publishing refuses the save, the form again with all in it."""
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except publishing.Refused as refused:
            request.refusals = refused.problems
        except publishing.Stale as stale:
            request.overtaken = stale.current
            request.refusals = [publishing.Problem("", self._overtaken(stale.current))]
        return super().changeform_view(request, object_id, form_url, extra_context)

    def _overtaken(self, current):
        last = current.revisions.select_related("by").first()
        who = (
            (last.by.get_full_name() or last.by.get_username())
            if last and last.by
            else _("Someone")
        )
        return _(
            "%(who)s saved this story at %(time)s, after you opened it. Nothing is lost: theirs is"
            " saved, and yours is still in this form."
        ) % {"who": who, "time": states.moment(current.modified_at)}

    def save_model(self, request, obj, form, change):
        for name in form.MAKEABLE:
            thing = getattr(obj, name) if name in form.fields else None
            if thing is not None and thing.pk is None:
                setattr(obj, name, make_once(thing, form.made))
        opened_at = form.cleaned_data.get("version") if change else None
        # Who has looked at the other's version and wants this one says so, for that one version.
        over = request.POST.get("_over", "")
        if change and over.isdecimal() and len(over) < 10:
            opened_at = int(over)
        publishing.save(obj, by=request.user, opened_at=opened_at)

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        if "translated_from" in form.changed_data:
            translations.link(form.instance)
        form.save_rows()
        self._tell_made(request, form.made)
        publishing.record(
            form.instance,
            by=request.user,
            is_substantive=form.cleaned_data.get("is_substantive", False),
        )
        for notice in form.notices:
            messages.info(request, notice)

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
        return self._back_to(request, obj)

    def _back_to(self, request, story):
        """The story, or the list where the last change has closed it to whoever made it."""
        if permissions.can_read(request.user, story):
            return HttpResponseRedirect(reverse("admin:articles_article_change", args=[story.pk]))
        return HttpResponseRedirect(reverse("admin:articles_article_changelist"))

    # Moves

    def _move(self, request, obj, name, *, is_saved=False):
        """Make a move and say how it went; a refused one leaves what was saved as it is."""
        try:
            result = moves.make(name, obj, by=request.user, data=request.POST)
        except publishing.Refused as refused:
            messages.error(request, _refusal(name, refused.problems, is_saved))
            return
        except PermissionDenied:
            if not is_saved:
                raise
            # The state, or the right, changed while the form was open: what was typed stands.
            messages.error(request, _("Saved, but this step is no longer open to you."))
            return
        if name == "share":
            address = request.build_absolute_uri(reverse("preview", args=[result]))
            messages.success(
                request,
                format_html(
                    _("Whoever has this link can read the story for three days: {}"),
                    format_html('<a href="{0}">{0}</a>', address),
                ),
            )
            return
        said = moves.MOVES[name].done
        if obj.is_live and obj.status != "pulled":
            said = format_html(
                '{} <a href="{}">{}</a>', said, obj.get_absolute_url(), _("See it on the site")
            )
        elif obj.is_scheduled:
            said = format_html("{} {}", said, _live_from(obj))
        messages.success(request, said)

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

    def preview_view(self, request, object_id):
        """The saved story in its page, for whoever may read it on the desk."""
        story = self._story_or_nothing(request, object_id)
        if not permissions.can_preview(request.user, story):
            raise PermissionDenied
        return views.preview_of(request, story)

    def history_view(self, request, object_id, extra_context=None):
        """Every change of state and every save: who, when, and why."""
        story = self._story_or_nothing(request, object_id) if object_id.isdecimal() else None
        context = {
            "transitions": story.transitions.select_related("by")[:HISTORY] if story else [],
            "revisions": story.revisions.select_related("by").defer("content")[:HISTORY]
            if story
            else [],
        }
        return super().history_view(request, object_id, context | (extra_context or {}))

    def get_urls(self):
        wrap = self.admin_site.admin_view
        return [
            path(
                "<int:object_id>/move/",
                wrap(require_POST(self.move_view)),
                name="articles_article_move",
            ),
            path(
                "<int:object_id>/preview/",
                wrap(require_safe(self.preview_view)),
                name="articles_article_preview",
            ),
            *super().get_urls(),
        ]

    # What the page of the form shows

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        user = request.user
        context |= {
            "form": context["adminform"].form,
            "state": states.of(obj) if obj else states.State("new", states.NEW),
            "zone": zone(timezone.now()),
            "may_edit": add or permissions.can_edit(user, obj),
            "overtaken": getattr(request, "overtaken", None),
        }
        if context["may_edit"]:
            form = context["form"]
            context["media"] = context["media"] + form.credits.media + form.sources.media
            context["recent_places"] = self._recent_places(user)
            context["summary"] = _summary(form)
        if add:
            first = moves.MOVES["publish" if permissions.is_editor(user) else "submit"]
            offers = [moves.Offer(moves.MOVES["schedule"], ScheduleForm(prefix="schedule"))]
            context |= {
                "primary": moves.Offer(first, None),
                "offers": offers if permissions.is_editor(user) else [],
            }
        else:
            context |= self._about(user, obj)
        return super().render_change_form(request, context, add, change, form_url, obj)

    def _about(self, user, story):
        primary, offers = moves.offered(user, story)
        is_waiting = story.status in {"draft", "in_review", "ready"} or story.is_scheduled
        last = story.revisions.select_related("by").first()
        about = {
            "primary": primary,
            "offers": offers,
            "problems": _linked(publishing.problems(story)) if is_waiting else [],
            "warnings": _linked(publishing.warnings(story)) if is_waiting else [],
            "is_waiting": is_waiting,
            "live_from": _live_from(story) if story.is_scheduled else "",
            "return_note": story.notes.filter(kind="return", closed_at=None)
            .select_related("by")
            .first(),
            "saved_by": last.by if last else None,
            "public_address": story.get_absolute_url() if story.is_live else "",
        }
        if not permissions.can_edit(user, story):
            pictures = printing.pictures_in([story], timezone.now(), all_of_them=True)
            about["reading"] = printing.body_html(story, pictures, signed=True)
            about["credits"] = list(
                permissions.known_bylines(user).for_printing().filter(article=story)
            )
            about["citations"] = list(story.citations.select_related("organisation"))
        return about

    def _recent_places(self, user):
        stories = permissions.visible_stories(user, Article.objects.exclude(dateline_place=""))
        places = stories.order_by("-modified_at").values_list("dateline_place", flat=True)[:100]
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
    return _("Goes live %(moment)s (%(zone)s).") % {
        "moment": states.moment(story.published_at),
        "zone": zone(timezone.now()),
    }
