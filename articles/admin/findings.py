"""The page on which editors decide about what does not belong in our texts."""

from typing import NamedTuple

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from articles import permissions, quarantine
from articles.admin import doubts
from articles.models import Finding
from prose import cuts

ON_A_PAGE = 40
THINGS = {
    "story": (lazy("story"), "articles_article"),
    "person": (lazy("person"), "authors_author"),
    "organisation": (lazy("organisation"), "authors_organisation"),
    "picture": (lazy("picture"), "images_image"),
    "tag": (lazy("tag"), "articles_tag"),
    "section": (lazy("section"), "articles_section"),
    "region": (lazy("region"), "articles_region"),
    "series": (lazy("series"), "articles_series"),
    "page": (lazy("page"), "newsroom_page"),
    "site": (lazy("site"), "newsroom_sitesettings"),
}


# Why nobody sees some words, where prose.hiding says so in words and not in those of a style.
HIDDEN = {
    "off the screen": lazy("off the screen"),
    "a tiny box": lazy("a tiny box"),
    "colour": lazy("colour on the same colour"),
}


class Row(NamedTuple):
    finding: Finding
    thing: str
    address: str
    why: str
    before: str  # whole words


class ShowsFindings:
    """Mixin of StoryAdmin."""

    def get_urls(self):
        view = self.admin_site.admin_view(
            require_http_methods(["GET", "HEAD", "POST"])(self.findings_view)
        )
        return [path("findings/", view, name="articles_article_findings"), *super().get_urls()]

    def findings_view(self, request):
        if not permissions.can_settle_doubts(request.user):
            raise PermissionDenied
        if request.method == "POST":
            _settle(request)
            return HttpResponseRedirect(request.get_full_path())
        is_settled = request.GET.get("state") == "settled"
        found = (quarantine.settled if is_settled else quarantine.waiting)(request.user)
        kind = request.GET.get("kind", "")
        kind = kind if kind in Finding.Kind.values else ""
        narrowed = found.filter(kind=kind) if kind else found
        rows = list(narrowed.select_related("article", "settled_by")[:ON_A_PAGE])
        context = {
            **self.admin_site.each_context(request),
            "title": _("What does not belong in our texts"),
            "opts": self.opts,
            "is_settled": is_settled,
            "kind": kind,
            "kinds": Finding.Kind.choices,
            "count": narrowed.order_by().count(),
            "rows": [_row(finding) for finding in rows],
            "upto": rows[0].pk if rows else 0,
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, "admin/articles/article/findings.html", context)


def _row(finding):
    label, model = THINGS[finding.thing]
    address = reverse(f"admin:{model}_change", args=[finding.number])
    before = finding.before
    if len(before.rstrip()) >= cuts.BEFORE and " " in before.strip():
        before = before.partition(" ")[2]  # the first word is a piece of one
    return Row(finding, label, address, HIDDEN.get(finding.why, finding.why), before)


def _settle(request):
    data, by = request.POST, request.user
    if "reopen" in data:
        doubts.reopen(request, doubts.number_of(data["reopen"]), quarantine.reopen)
        return
    if "all" in data:
        found = quarantine.waiting(by).filter(pk__lte=doubts.number_of(data.get("upto", "")) or 0)
        kind = request.GET.get("kind", "")
        found = found.filter(kind=kind) if kind in Finding.Kind.values else found
        # Ordered rows are no matter of an update.
        count = quarantine.confirm(found.filter(is_cut=True).order_by(), by=by)
        _say(request, count)
        return
    one = data.get("confirm_one") or data.get("fine_one") or data.get("back_one")
    numbers = [n for n in map(doubts.number_of, [one] if one else data.getlist("chosen")) if n]
    if not numbers:
        messages.warning(request, _("Nothing was chosen, so nothing was done."))
    elif "back" in data or "back_one" in data:
        seen = dict(pair.split(":", 1) for pair in data.getlist("seen") if ":" in pair)
        chosen = {n: doubts.number_of(seen.get(str(n), "")) for n in numbers}
        outcome = quarantine.put_back(chosen, by=by)
        count = len(outcome.done)
        words = ngettext(
            "%(count)d finding is back in its story.",
            "%(count)d findings are back in their stories.",
            count,
        )
        doubts.tell(request, outcome, words % {"count": count})
    else:
        found = quarantine.waiting(by).filter(pk__in=numbers[: quarantine.MOST]).order_by()
        is_fine = "fine" in data or "fine_one" in data
        if is_fine:
            found = found.filter(is_cut=False)  # of what was cut one says so by putting it back
        stays = 0 if is_fine else found.filter(is_cut=False).count()
        _say(request, quarantine.confirm(found, by=by, is_fine=is_fine), stays)


def _say(request, count, stays=0):
    """``stays``: of how many what was found still stands before readers."""
    if count:
        words = ngettext("%(count)d finding is settled.", "%(count)d findings are settled.", count)
        messages.success(request, words % {"count": count})
        if stays:
            words = ngettext(
                "%(count)d of them was not cut out and still stands there: open it and take it out.",
                "%(count)d of them were not cut out and still stand there: open and take them out.",
                stays,
            )
            messages.warning(request, words % {"count": stays})
    else:
        messages.info(request, _("Somebody has settled this already."))
