"""Old addresses on the desk: the list, the form, tables in and out, and whether they lead well."""

import json
import re
import secrets
import unicodedata
import zlib
from base64 import b64decode, b64encode
from urllib.parse import unquote

from django import forms
from django.contrib import admin, messages
from django.core.cache import cache
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponseRedirect
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from addresses import older
from addresses.models import Redirect
from articles import clock, permissions, states, tables
from articles.admin.base import DeskAdmin, labelled
from articles.models.article import site_zone
from newsroom import redirect_checks, redirect_tables

KEPT = 60 * 60  # seconds for which a table waits to be confirmed
MOST_AT_ONCE = 1_000
SHOWN = 50  # lines of a preview
_DELETED = "deleted addresses"
_ODD = re.compile(r"[\\\x00-\x1f\x7f]")


class RedirectForm(forms.ModelForm):
    path = forms.CharField(
        label=lazy("Old address"), max_length=500, help_text=lazy("A path of this site: /about-us/")
    )
    query = forms.CharField(
        label=lazy("with the query"),
        max_length=300,
        required=False,
        help_text=lazy("What stood after the question mark, if that tells pages apart: p=1234"),
    )
    target = forms.CharField(
        label=lazy("leads to"),
        max_length=500,
        required=False,
        help_text=lazy("A path of this site. Left empty, it says that the page is gone for good."),
    )

    class Meta:
        model = Redirect
        fields = ["path", "query", "target"]

    def clean_path(self):
        # As it is asked for: without escapes.
        return _a_path(unicodedata.normalize("NFC", unquote(self.cleaned_data["path"])))

    def clean_target(self):
        target = self.cleaned_data["target"]
        return _a_path(target) if target else ""

    def clean(self):
        cleaned = super().clean()
        path, query, target = (cleaned.get(name, "") for name in ("path", "query", "target"))
        if path:
            path, query = older.on_file(path, query.removeprefix("?"))
            cleaned |= {"path": path, "query": query}
            if path == "/" and not query:
                self.add_error("path", _("The home cannot lead elsewhere."))
        others = Redirect.objects.exclude(pk=self.instance.pk)
        if path and others.filter(path=path, query=query).exists():
            self.add_error("path", _("This old address leads somewhere already."))
        if path and path == target and not query:
            self.add_error("target", _("An address cannot lead to itself."))
        # One hop: what leads on is followed to its end here, so that no reader has to.
        for _hop in range(10):
            further = others.filter(path=target, query="").first() if target else None
            if further is None:
                break
            target = further.target
        if path and target == path and not query:
            self.add_error("target", _("From there it leads back to the old address."))
        elif "target" in cleaned:
            cleaned["target"] = target
        return cleaned


def _a_path(words):
    if not words.startswith("/") or words.startswith(("//", "/admin/")) or _ODD.search(words):
        raise ValidationError(_("An address of this site begins with a slash: /about-us/"))
    return words


class TableForm(forms.Form):
    table = forms.FileField(
        label=lazy("The table"),
        help_text=lazy("CSV in UTF-8, with commas, semicolons or tabs; at most 50,000 lines."),
    )


class FollowedFilter(admin.SimpleListFilter):
    title = lazy("use")
    parameter_name = "followed"

    def lookups(self, request, model_admin):
        return [("yes", _("followed")), ("no", _("never followed"))]

    def queryset(self, request, queryset):
        if self.value() in {"yes", "no"}:
            return queryset.filter(hits__gt=0) if self.value() == "yes" else queryset.filter(hits=0)
        return queryset


@admin.action(description=lazy("Delete them"))
def delete_several(model_admin, request, queryset):
    """Delete what is ticked; it can be put back as long as the message stands."""
    rows = list(queryset.order_by("pk")[: MOST_AT_ONCE + 1])
    if len(rows) > MOST_AT_ONCE:
        messages.error(
            request,
            _("At most %(most)d at once. Nothing was deleted.") % {"most": MOST_AT_ONCE},
        )
        return
    request.session[_DELETED] = [
        [row.path, row.query, row.target, row.hits, str(row.last_hit_on or "")] for row in rows
    ]
    Redirect.objects.filter(pk__in=[row.pk for row in rows]).delete()
    words = ngettext(
        "%(count)d old address was deleted.", "%(count)d old addresses were deleted.", len(rows)
    )
    page = "admin/addresses/redirect/_deleted.html"
    told = render_to_string(page, {"words": words % {"count": len(rows)}}, request)
    messages.success(request, told)


@admin.register(Redirect)
class RedirectAdmin(DeskAdmin):
    form = RedirectForm
    list_display = ["address", "leads_to", "followed", "last_followed", "made"]
    list_filter = [FollowedFilter]
    search_fields = ["path", "query", "target"]
    fields = ["path", "query", "target"]
    actions = [delete_several]

    @admin.display(description=lazy("old address"), ordering="path")
    def address(self, redirect):
        return f"{redirect.path}?{redirect.query}" if redirect.query else redirect.path

    @admin.display(description=lazy("leads to"), ordering="target")
    def leads_to(self, redirect):
        return labelled(redirect.target or _("gone for good"), before="→")

    @admin.display(description=lazy("followed"), ordering="hits")
    def followed(self, redirect):
        return labelled(redirect.hits, ngettext("time followed", "times followed", redirect.hits))

    @admin.display(description=lazy("last followed"), ordering="last_hit_on")
    def last_followed(self, redirect):
        return redirect.last_hit_on and clock.short_day(redirect.last_hit_on)

    @admin.display(description=lazy("made"), ordering="created_at")
    def made(self, redirect):
        return states.moment(redirect.created_at)

    def may_see(self, user, thing=None):
        return permissions.can_manage_logins(user)

    def may_add(self, user):
        return permissions.can_manage_logins(user)

    def may_change(self, user, thing=None):
        return permissions.can_manage_logins(user)

    def has_delete_permission(self, request, obj=None):
        return permissions.can_manage_logins(request.user)

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        if not obj.query:
            # What led to this address leads on to where it leads now.
            redirect_tables.lead_on({obj.path: obj.target})
        redirect_tables.forget([obj])

    def get_actions(self, request):
        return {k: v for k, v in super().get_actions(request).items() if k != "delete_selected"}

    def get_urls(self):
        def page(route, view, name):
            return path(route, self.admin_site.admin_view(view), name=f"addresses_redirect_{name}")

        return [
            page("table/", require_safe(self.table_view), "table"),
            page("bring/", self.bring_view, "bring"),
            page("check/", self.check_view, "check"),
            page("put-back/", require_POST(self.put_back_view), "put_back"),
            *super().get_urls(),
        ]

    def _require(self, request):
        if not self.may_change(request.user):
            raise PermissionDenied

    def table_view(self, request):
        """All of them as CSV, as ``bring`` reads it again."""
        self._require(request)
        fields = ["path", "query", "target", "hits", "last_hit_on"]
        header = [Redirect._meta.get_field(name).verbose_name for name in fields]
        rows = Redirect.objects.order_by("path", "query").values_list(*fields)
        today = timezone.now().astimezone(site_zone())
        return tables.download(
            f"addresses-{today:%Y-%m-%d}.csv", header, rows.iterator(chunk_size=2000)
        )

    def bring_view(self, request):
        """A table: chosen, shown with what it would change, then written as a whole."""
        self._require(request)
        token = request.POST.get("token", "")[:40]
        if request.method == "POST" and token:
            return self._written(request, token)
        form = TableForm(request.POST, request.FILES) if request.method == "POST" else TableForm()
        if request.method == "POST" and form.is_valid():
            try:
                if form.cleaned_data["table"].size > redirect_tables.MOST_BYTES:
                    raise redirect_tables.Unreadable(_("The file is too large."))
                rows, errors = redirect_tables.read(form.cleaned_data["table"].read())
            except redirect_tables.Unreadable as error:
                form.add_error("table", str(error))
            else:
                return self._preview(request, rows, errors)
        return self._page(request, "bring", lazy("Bring in a table"), form=form)

    def _preview(self, request, rows, errors):
        plan = redirect_tables.plan(rows, errors)
        token = ""
        if not plan.errors and (plan.new or plan.changed):
            token = secrets.token_urlsafe(20)
            _keep(request.user, token, rows)
        return self._page(
            request,
            "bring",
            lazy("Bring in a table"),
            form=TableForm(),
            plan=plan,
            token=token,
            errors=plan.errors[: redirect_tables.MOST_ERRORS],
            new=plan.new[:SHOWN],
            changed=plan.changed[:SHOWN],
        )

    def _written(self, request, token):
        rows = _kept(request.user, token)
        if rows is None:
            messages.error(request, _("The table waited too long. Choose it once more."))
            return HttpResponseRedirect(reverse("admin:addresses_redirect_bring"))
        plan = redirect_tables.write(rows)
        if plan.errors:  # what is on file has changed since it was shown
            return self._preview(request, rows, [])
        cache.delete(_key(request.user, token))
        words = _("%(new)d old addresses are new, %(changed)d lead elsewhere now.")
        messages.success(request, words % {"new": len(plan.new), "changed": len(plan.changed)})
        return HttpResponseRedirect(reverse("admin:addresses_redirect_changelist"))

    def check_view(self, request):
        """Whether all lead well; a POST collapses the chains."""
        self._require(request)
        if request.method == "POST":
            count = redirect_checks.collapse()
            words = ngettext(
                "%(count)d old address leads to the end of its way now.",
                "%(count)d old addresses lead to the end of their way now.",
                count,
            )
            messages.success(request, words % {"count": count})
            return HttpResponseRedirect(request.path)
        found = redirect_checks.check()
        names = {
            "loop": _("They lead in a circle: readers get nowhere"),
            "chain": _("They lead to another old address: two steps where one would do"),
            "nothing": _("They lead to what is not there (404)"),
            "gone": _("They lead to what is gone for good (410)"),
            "shadowed": _("A page stands at the old address, so nobody is led on"),
        }
        kinds = [
            (kind, names[kind], found.numbers[kind], found.rows[kind])
            for kind in redirect_checks.KINDS
            if found.numbers[kind]
        ]
        return self._page(
            request, "check", lazy("Do they lead well?"), kinds=kinds, unasked=found.unasked
        )

    def put_back_view(self, request):
        self._require(request)
        rows = request.session.pop(_DELETED, [])
        Redirect.objects.bulk_create(
            [
                Redirect(path=path, query=query, target=target, hits=hits, last_hit_on=day or None)
                for path, query, target, hits, day in rows
            ],
            ignore_conflicts=True,
        )
        if rows:
            messages.success(request, _("They are back."))
        else:
            messages.warning(request, _("There is nothing to put back."))
        return HttpResponseRedirect(reverse("admin:addresses_redirect_changelist"))

    def _page(self, request, name, title, **context):
        request.current_app = self.admin_site.name
        context |= self.admin_site.each_context(request) | {"opts": self.opts, "title": title}
        return TemplateResponse(request, f"admin/addresses/redirect/{name}.html", context)


def _key(user, token):
    return f"addresses:{user.pk}:{token}"


def _keep(user, token, rows):
    packed = zlib.compress(json.dumps([list(row) for row in rows]).encode())
    cache.set(_key(user, token), b64encode(packed).decode(), KEPT)


def _kept(user, token):
    """The rows that were shown to this login, or None."""
    packed = cache.get(_key(user, token))
    if packed is None:
        return None
    rows = json.loads(zlib.decompress(b64decode(packed)))
    return [redirect_tables.Row(*row) for row in rows]
