"""The desk's page of a front: its draft beside what is live, what waits, and what was before."""

from dataclasses import replace
from typing import NamedTuple

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import render
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import override
from django.views.decorators.http import require_safe
from js_asset import Media, Script

from addresses.languages import language_name
from articles import clock, permissions, publishing, schedules
from articles.admin import moves
from articles.admin.base import DeskAdmin
from articles.admin.filing import RegionAdmin, SectionAdmin
from articles.forms.fields import MomentField
from articles.models import Article, Region, Section
from fronts import laying_out, leads
from fronts.composition import compose, edition_of, next_due
from fronts.forms import (
    LEAD_FIELDS,
    LeadsForm,
    MinuteForm,
    PlaceForm,
    layout_from,
    pin_forms,
    posted_pins,
    strip_form,
    with_leads,
)
from fronts.laying_out import Changed, Placed, Refused
from fronts.models import Front, Pin

FOUND = 12
EARLIER = 20


class Row(NamedTuple):
    """A pinned story on the page; ``story`` is None where it is not open to whoever looks."""

    pin: Placed
    form: object
    story: object


class Conflict(NamedTuple):
    """What somebody else did meanwhile: the edition, and how it differs from what was typed."""

    problem: str
    edition: object
    lines: list


@admin.register(Front)
class FrontAdmin(DeskAdmin):
    list_display = ["home"]

    def may_see(self, user, thing=None):
        return permissions.can_lay_out(user)

    def may_add(self, user):
        return False

    def may_change(self, user, thing=None):
        return permissions.can_lay_out(user)

    @admin.display(description=lazy("Front"))
    def home(self, front):
        return _("Home: %(language)s") % {"language": language_name(front.language)}

    def get_urls(self):
        view = self.admin_site.admin_view(require_safe(self.preview_view))
        return [
            path("<int:object_id>/preview/", view, name="fronts_front_preview"),
            *super().get_urls(),
        ]

    def _front(self, request, object_id):
        if not self.has_change_permission(request):
            raise PermissionDenied
        front = self.get_object(request, str(object_id))
        if front is None:
            raise Http404
        return front

    # The page

    def change_view(self, request, object_id, form_url="", extra_context=None):
        front = self._front(request, object_id)
        if request.method == "POST":
            return self._act(request, front)
        edition = self._asked_for(front, request.GET.get("edition", ""))
        return self._page(request, front, edition)

    def _asked_for(self, front, number):
        """The waiting edition whose number is given, else the draft, else None."""
        if _is_number(number):
            found = front.editions.filter(pk=number, live_from__gt=timezone.now()).first()
            if found is not None:
                return found
        return laying_out.draft(front)

    def _page(self, request, front, edition, *, layout=None, typed=None, conflict=None, at=None):
        """``layout``: what was typed, where it is not saved; ``typed``: forms with what is wrong."""
        now = timezone.now()
        live = front.editions.filter(live_from__lte=now).select_related("by").first()
        live_layout = laying_out.layout_of(live)
        if layout is None:
            layout = laying_out.layout_of(edition) if edition is not None else live_layout
        pins, strip = typed or (pin_forms(layout, request.user), strip_form(layout))
        stories = _stories(request.user, layout)
        others = [
            e
            for e in front.editions.filter(live_from__gt=now)
            .select_related("by")
            .order_by("live_from")
            if edition is None or e.pk != edition.pk
        ]
        moved_on = None
        is_draft = edition is not None and edition.live_from is None
        if is_draft and live is not None and edition.based_on_id != live.pk:
            before = laying_out.layout_of(edition.based_on)
            moved_on = _lines(request.user, laying_out.differences(before, live_layout))
        query = request.GET.get("q", "")
        is_waiting = edition is not None and edition.live_from is not None
        context = self.admin_site.each_context(request) | {
            "title": self.home(front),
            "opts": self.opts,
            "original": front,
            "edition": edition,
            "is_waiting": is_waiting,
            "live": live,
            "shown": compose(front.language, now),
            "rows": [
                Row(pin, form, stories.get(pin.article_id))
                for pin, form in zip(layout.pins, pins, strict=True)
            ],
            "slots": Pin.Slot.choices,
            "strip": strip,
            "is_wrong": any(form.errors for form in [*pins, strip]),
            "waiting": others,
            "earlier": front.editions.filter(live_from__lte=now).select_related("by")[
                1 : EARLIER + 1
            ],
            "query": query,
            "found": self._found(request, front, query, layout),
            "conflict": conflict,
            "moved_on": moved_on,
            "minute": at or MinuteForm(),
            "zone": clock.zone_name(),
            "presets": schedules.presets(now),
            "next_due": next_due(front.language, now),
            "now": now,
            "media": Media.from_media(
                Media(
                    js=[Script(f"desk/{name}.js", type="module") for name in ("pictures", "front")]
                ),
                nonce=request.csp_nonce,
            ),
        }
        return TemplateResponse(request, "admin/fronts/front/change_form.html", context)

    def _found(self, request, front, query, layout):
        """Live and scheduled stories that have each word, newest first, and where each stands now."""
        stories = permissions.visible_stories(
            request.user, Article.objects.filter(status="published", language=front.language)
        )
        if query.strip():
            stories_admin = self.admin_site.get_model_admin(Article)
            stories, _distinct = stories_admin.get_search_results(request, stories, query)
        found = stories.select_related("section").defer("body").newest_first()[:FOUND]
        return [(story, layout.of(story.pk)) for story in found]

    # What is done on it

    def _act(self, request, front):
        post, user = request.POST, request.user
        if "_roll_back" in post:
            return self._simple(request, front, self._roll_back)
        if post.keys() & {"_drop", "_unschedule"}:
            return self._simple(request, front, self._put_away)
        number, version = _number(post.get("edition")), _number(post.get("version"))
        edition = front.editions.filter(pk=number).first() if number else None
        base = edition if edition is not None else laying_out.live(front)
        shown = laying_out.layout_of(base)
        pins = posted_pins(post, shown)
        forms, strip = pin_forms(pins, user, post), strip_form(shown, post)
        if not all([*[form.is_valid() for form in forms], strip.is_valid()]):
            return self._page(request, front, edition, layout=pins, typed=(forms, strip))
        layout = self._with_step(post, layout_from(pins.pins, forms, strip))
        at = None
        if "_schedule" in post:
            minute = MinuteForm({"at": _minute(post), "at_which": post.get("at_which", "")})
            if not minute.is_valid():
                return self._page(request, front, edition, layout=layout, at=minute)
            at = minute.cleaned_data["at"]
        goes_live = bool(post.keys() & {"_publish", "_schedule"})
        try:
            with transaction.atomic():
                found = edition
                if number or layout != shown or goes_live:
                    found = laying_out.save(front, layout, by=user, edition=number, version=version)
                if goes_live:
                    laying_out.publish(
                        front,
                        by=user,
                        edition=found.pk,
                        version=found.version,
                        live_seen=_number(post.get("live")),
                        at=at,
                        into=[_number(n) for n in post.getlist("into")],
                    )
        except Changed as changed:
            return self._conflict(request, front, changed, layout)
        except Refused as refused:
            for problem in refused.problems:
                messages.error(request, problem)
            return self._page(request, front, edition, layout=layout)
        if goes_live:
            said = _("It is live.")
            if at is not None:
                said = _("It goes live %(time)s.") % {"time": clock.text_with_weekday(at)}
            messages.success(request, said)
            return self._back(front)
        if "_save" in post:
            messages.success(request, _("Saved."))
        # The page goes on where the button was: for the eye, and for whoever goes by Tab.
        moved = _number(post.get("_up") or post.get("_down"))
        place = f"pin-{moved}" if moved else "draft" if "_add" in post else ""
        return self._back(front, found, q=post.get("q", ""), place=place)

    def _with_step(self, post, layout):
        """The layout with what one button asks for: one up, one down, one out, one in."""
        for name, step in (("_up", -1), ("_down", 1)):
            if (number := _number(post.get(name))) is not None:
                layout = laying_out.moved(layout, number, step)
        if (number := _number(post.get("_remove"))) is not None:
            layout = laying_out.without(layout, number)
        number, _space, rest = post.get("_add", "").partition(" ")
        slot, _space, place = rest.rpartition(" ")
        number, place = _number(number), _number(place)
        if number and place and slot in Pin.Slot.values and place < 100:
            placed = layout.of(number) or Placed(number, slot, 0)
            placed = replace(placed, slot=slot, position=place - 1)
            layout = laying_out.with_story(layout, placed)
        return layout

    def _conflict(self, request, front, changed, layout):
        """The page with what was typed, and beside it what somebody else did meanwhile."""
        theirs = changed.theirs
        now = timezone.now()
        lines = []
        if theirs is not None:
            lines = laying_out.differences(layout, laying_out.layout_of(theirs))
        conflict = Conflict(changed.problems[0], theirs, _lines(request.user, lines))
        is_open = theirs is not None and not theirs.is_live(now)
        edition = theirs if is_open else laying_out.draft(front)
        return self._page(request, front, edition, layout=layout, conflict=conflict)

    def _simple(self, request, front, act):
        try:
            act(request, front)
        except Refused as refused:
            for problem in refused.problems:
                messages.error(request, problem)
        return self._back(front)

    def _roll_back(self, request, front):
        post = request.POST
        laying_out.roll_back(
            front,
            by=request.user,
            to=_number(post.get("_roll_back")),
            live_seen=_number(post.get("live")),
            into=[_number(n) for n in post.getlist("into")],
        )
        messages.success(request, _("The earlier edition is live again, as a new one."))

    def _put_away(self, request, front):
        post = request.POST
        is_drop = "_drop" in post
        act = laying_out.drop if is_drop else laying_out.unschedule
        act(
            front,
            by=request.user,
            edition=_number(post.get("edition")),
            version=_number(post.get("version")),
        )
        said = _("It is dropped.") if is_drop else _("It is the draft again, without a time.")
        messages.success(request, said)

    def _back(self, front, edition=None, q="", place=""):
        address = reverse("admin:fronts_front_change", args=[front.pk])
        asked = {"q": q} if q else {}
        if edition is not None and edition.live_from is not None:
            asked["edition"] = edition.pk
        address += f"?{urlencode(asked)}" if asked else ""
        return HttpResponseRedirect(address + (f"#{place}" if place else ""))

    # The front at another time

    def preview_view(self, request, object_id):
        """A front as readers will see it: ``?at=`` a moment, ``?edition=`` one before its minute."""
        front = self._front(request, object_id)
        at = timezone.now()
        try:
            at = MomentField(required=False).clean(request.GET.get("at", "")) or at
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
            return self._back(front)
        number = _number(request.GET.get("edition"))
        edition = front.editions.filter(pk=number).first() if number else None
        edition = edition or edition_of(front.language, at)
        among = permissions.visible_stories(request.user, Article.objects.all())
        note = _("The home as of %(time)s.") % {"time": clock.text_with_weekday(at)}
        with override(front.language):
            home = compose(front.language, at, edition=edition, among=among)
            context = {
                "home": home,
                "is_preview": True,
                "preview_note": note,
                "is_noindex": True,
                "translations": {},
            }
            response = render(request, "fronts/home.html", context)
        response.headers["Content-Language"] = front.language
        return response


def _is_number(words):
    return bool(words) and words.isascii() and words.isdecimal() and len(words) < 19


def _number(words):
    return int(words) if _is_number(words) else None


def _minute(post):
    """What a press on Schedule says: a usual time, or the one that was typed."""
    preset = post.get("_schedule", "")
    known = {preset.value for preset in schedules.presets(timezone.now())}
    if preset in known:
        return schedules.moment_of(preset, timezone.now())
    return post.get("at", "")


def _stories(user, layout):
    """The pinned stories that a login may know of, by number."""
    numbers = [pin.article_id for pin in layout.pins]
    stories = permissions.visible_stories(user, Article.objects.filter(pk__in=numbers))
    return {s.pk: s for s in stories.select_related("section").defer("body")}


def _lines(user, differences):
    """Differences between two layouts as (what it is about, what), naming what may be named."""
    numbers = [number for number, _words in differences if number is not None]
    visible = permissions.visible_stories(user, Article.objects.filter(pk__in=numbers))
    names = dict(visible.order_by().values_list("pk", "headline"))
    return [
        (
            _("Breaking strip")
            if number is None
            else names.get(number, _("a story that is not open to you")),
            words,
        )
        for number, words in differences
    ]


# On the pages of sections and regions


class SetsLeads:
    """Mixin of their admins: the story that heads the list, for who may lay out fronts."""

    def groups(self, request, obj=None):
        groups = super().groups(request, obj)
        if obj is None or not permissions.can_lay_out(request.user):
            return groups
        return [*groups, (lazy("Lead story"), {"fields": LEAD_FIELDS})]

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        form.user = request.user
        return form

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        if not isinstance(form, LeadsForm):
            return  # a row of the list, in which positions are changed
        for problem in form.save_leads(by=request.user):
            messages.error(request, problem)


admin.site.unregister([Section, Region])


@admin.register(Section)
class SectionWithLead(SetsLeads, SectionAdmin):
    form = with_leads(SectionAdmin.form)


@admin.register(Region)
class RegionWithLead(SetsLeads, RegionAdmin):
    form = with_leads(RegionAdmin.form)


# From the page of a story


def _place(article, by, data):
    if (thing := leads.thing_of(data["place"])) is not None:
        try:
            return leads.pin(article, by=by, thing=thing)
        except Refused as refused:
            raise publishing.Refused(
                publishing.Problem("place", problem) for problem in refused.problems
            ) from refused
    slot, _space, place = data["place"].rpartition(" ")
    try:
        return laying_out.place(
            article, by=by, slot=slot, position=int(place) - 1, everywhere=data["everywhere"]
        )
    except Refused as refused:
        raise publishing.Refused(
            publishing.Problem("place", problem) for problem in refused.problems
        ) from refused


moves.MOVES["place"] = moves.Move(
    "place",
    lazy("Place"),
    permissions.can_place,
    _place,
    lazy("It has its place."),
    form=PlaceForm,
    sheet="admin/fronts/_place.html",
    preset_of=lambda words: ("place", words),
)
