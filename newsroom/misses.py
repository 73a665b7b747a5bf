"""Addresses that lead nowhere, on the desk: how often they are asked for, and where they could lead."""

import re
from difflib import SequenceMatcher
from typing import NamedTuple

from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.db import transaction
from django.db.models import Q
from django.http import HttpResponseRedirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from addresses import older
from addresses.languages import language_of
from addresses.models import Miss, Redirect
from addresses.slugs import slugify
from articles import clock, permissions
from articles.admin.base import DeskAdmin, labelled
from articles.models import Article, Region, Section, Tag
from authors.models import Author, Organisation
from newsroom import redirect_tables

ALIKE = 0.75  # of 1, where a slug is the same
MOST_SIMILAR = 500  # stories that are compared
_NUMBER = re.compile(r"^[0-9]+[-:]")
_ENDING = re.compile(r"\.(?:html?|php)$", re.I)


class Suggestion(NamedTuple):
    """Where an address could lead: a page that readers can open."""

    address: str
    words: str
    is_sure: bool


def suggestions(misses):
    """``{number of the Miss: Suggestion}`` for those that resemble something public."""
    now = timezone.now()
    slugs = {miss.pk: slug for miss in misses if (slug := slug_of(miss))}
    if not slugs:
        return {}
    found = {}
    for thing in _lists(set(slugs.values()), now):
        found.setdefault(thing.slug, Suggestion(thing.get_absolute_url(), thing.name, True))
    stories = Article.objects.published(now).only(
        "slug", "headline", "language", "address_date", "published_at"
    )
    by_slug = {}
    for story in stories.filter(slug__in=set(slugs.values())).order_by("-published_at"):
        by_slug.setdefault((story.slug, story.language), story)
        by_slug.setdefault((story.slug, ""), story)
    open_ = {pk: slug for pk, slug in slugs.items() if (slug, "") not in by_slug}
    similar = _similar({slug for slug in open_.values() if slug not in found}, stories)
    out = {}
    for miss in misses:
        slug = slugs.get(miss.pk)
        story = by_slug.get((slug, language_of(miss.path))) or by_slug.get((slug, ""))
        if story is not None:
            out[miss.pk] = Suggestion(story.get_absolute_url(), story.headline, True)
        elif slug in found:
            out[miss.pk] = found[slug]
        elif slug in similar:
            story = similar[slug]
            out[miss.pk] = Suggestion(story.get_absolute_url(), story.headline, False)
    return out


def slug_of(miss):
    """What a slug of ours would be for the last words of an address, or ""."""
    path = older.undone(miss.path)
    if (short := older.shorter(path)) is not None:
        path = short[0]
    last = _ENDING.sub("", path.rstrip("/").rpartition("/")[2])
    last = _NUMBER.sub("", last)
    return slugify(last, fallback="") if last else ""


def _lists(slugs, now):
    """What has a public page of one of these slugs, besides stories."""
    yield from Section.objects.filter(slug__in=slugs)
    yield from Region.objects.filter(slug__in=slugs)
    for model in (Tag, Author, Organisation):
        yield from model.objects.public(now).filter(slug__in=slugs)


def _similar(slugs, stories):
    """``{slug: the published story whose slug is most like it}``."""
    beginnings = {slug: "-".join(slug.split("-")[:2]) for slug in slugs if "-" in slug}
    if not beginnings:
        return {}
    wanted = Q()
    for beginning in set(beginnings.values()):
        wanted |= Q(slug__startswith=beginning)
    candidates = list(stories.filter(wanted).order_by("-published_at")[:MOST_SIMILAR])
    found = {}
    for slug, beginning in beginnings.items():
        matcher = SequenceMatcher(b=slug, autojunk=False)
        best = ALIKE
        for story in candidates:
            if not story.slug.startswith(beginning):
                continue
            matcher.set_seq1(story.slug)
            if (ratio := matcher.ratio()) > best:
                best, found[slug] = ratio, story
    return found


class IgnoredFilter(admin.SimpleListFilter):
    title = lazy("state")
    parameter_name = "ignored"

    def lookups(self, request, model_admin):
        return [("yes", _("ignored"))]

    def choices(self, changelist):
        for value, label in ((None, _("to be looked at")), ("yes", _("ignored"))):
            yield {
                "selected": self.value() == value,
                "query_string": changelist.get_query_string(
                    {self.parameter_name: value} if value else {}, [self.parameter_name]
                ),
                "display": label,
            }

    def queryset(self, request, queryset):
        return queryset.filter(is_ignored=self.value() == "yes")


class MissList(ChangeList):
    """Each address of a page of the list with what it resembles, looked up together."""

    def get_results(self, request):
        super().get_results(request)
        self.result_list = list(self.result_list)
        found = suggestions(self.result_list)
        for miss in self.result_list:
            miss.suggestion = found.get(miss.pk)


@admin.action(description=lazy("Lead them to what is suggested"))
def lead(model_admin, request, queryset):
    misses = list(queryset.order_by("pk"))
    found = suggestions(misses)
    done = sum(_led(miss, found[miss.pk].address) for miss in misses if miss.pk in found)
    if done and len(misses) == 1:
        words = _("%(address)s leads to “%(page)s” now.")
        page = found[misses[0].pk].words
        messages.success(request, words % {"address": misses[0], "page": page})
    elif done:
        words = ngettext(
            "%(count)d address leads to a page now.", "%(count)d addresses lead to pages now.", done
        )
        messages.success(request, words % {"count": done})
    if left := len(misses) - done:
        words = ngettext(
            "For %(count)d address nothing is suggested.",
            "For %(count)d addresses nothing is suggested.",
            left,
        )
        messages.warning(request, words % {"count": left})


@admin.action(description=lazy("Ignore them"))
def ignore(model_admin, request, queryset):
    count = queryset.update(is_ignored=True)
    words = ngettext("%(count)d address is ignored.", "%(count)d addresses are ignored.", count)
    messages.success(request, words % {"count": count})


@admin.action(description=lazy("Ignore them no longer"))
def look_again(model_admin, request, queryset):
    count = queryset.update(is_ignored=False)
    words = ngettext(
        "%(count)d address is to be looked at.", "%(count)d addresses are to be looked at.", count
    )
    messages.success(request, words % {"count": count})


def _led(miss, target):
    """Whether an address leads to ``target`` from now on; what leads somewhere since stays."""
    path, query = older.on_file(miss.path, miss.query)
    with transaction.atomic():
        is_home = path == "/" and not query
        if is_home or (path == target and not query):
            return False
        row, _made = Redirect.objects.get_or_create(
            path=path, query=query, defaults={"target": target}
        )
        redirect_tables.forget([miss, row])
    return True


@admin.register(Miss)
class MissAdmin(DeskAdmin):
    """Nothing is typed here: addresses come by being asked for, and go by leading somewhere."""

    list_display = ["address", "asked", "last", "first", "referrer", "to_do"]
    list_display_links = None
    list_filter = [IgnoredFilter]
    search_fields = ["path", "referrer"]
    actions = [lead, ignore, look_again]

    @admin.display(description=lazy("address"), ordering="path")
    def address(self, miss):
        return str(miss)

    @admin.display(description=lazy("times"), ordering="times")
    def asked(self, miss):
        return labelled(miss.times, ngettext("time", "times", miss.times))

    @admin.display(description=lazy("last"), ordering="last_on")
    def last(self, miss):
        return labelled(clock.short_day(miss.last_on), before=_("last"))

    @admin.display(description=lazy("first"), ordering="first_on")
    def first(self, miss):
        return labelled(clock.short_day(miss.first_on), before=_("first"))

    @admin.display(description=lazy("where it could lead"))
    def to_do(self, miss):
        context = {"miss": miss, "suggestion": miss.suggestion, "add": _add_link(miss)}
        return render_to_string("admin/addresses/miss/_to_do.html", context)

    def may_see(self, user, thing=None):
        return permissions.can_manage_logins(user)

    def may_add(self, user):
        return False

    def may_change(self, user, thing=None):
        return thing is None and permissions.can_manage_logins(user)

    def get_changelist(self, request, **kwargs):
        return MissList

    def get_actions(self, request):
        return {k: v for k, v in super().get_actions(request).items() if k != "delete_selected"}

    def changelist_view(self, request, extra_context=None):
        """The list; its buttons act on the one address beside which they stand."""
        if request.method == "POST" and self.may_change(request.user):
            for name, action in (("_lead", lead), ("_ignore", ignore)):
                number = request.POST.get(name, "")
                if number.isascii() and number.isdecimal() and len(number) < 19:
                    action(self, request, Miss.objects.filter(pk=int(number)))
                    return HttpResponseRedirect(request.get_full_path())
        return super().changelist_view(request, extra_context)


def _add_link(miss):
    """The form of an old address with this one filled in."""
    return f"{reverse('admin:addresses_redirect_add')}?{urlencode({'path': miss.path, 'query': miss.query})}"
