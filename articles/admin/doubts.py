"""The page on which editors say whose imported stories are."""

from typing import NamedTuple

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.validators import URLValidator
from django.db.models import Count, Prefetch
from django.http import HttpResponseRedirect
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from articles import doubts, permissions, publishing
from articles.admin.several import unknown_words
from articles.models import Byline, Citation, Doubt

ON_A_PAGE = 25
MOST_ACCOUNTS = 100


class Row(NamedTuple):
    """A doubt on the page. ``on_file``: for each name how many here are called so."""

    doubt: Doubt
    on_file: list
    was_changed: bool
    has_line: bool
    credits: list


class SettlesDoubts:
    """Mixin of StoryAdmin."""

    def get_urls(self):
        view = self.admin_site.admin_view(
            require_http_methods(["GET", "HEAD", "POST"])(self.doubts_view)
        )
        return [path("doubts/", view, name="articles_article_doubts"), *super().get_urls()]

    def doubts_view(self, request):
        if not permissions.can_settle_doubts(request.user):
            raise PermissionDenied
        if request.method == "POST":
            self._settle_doubts(request)
            return HttpResponseRedirect(request.get_full_path())
        is_settled = request.GET.get("state") == "settled"
        found = (doubts.settled if is_settled else doubts.waiting)(request.user)
        narrowed = _narrowed(found, request.GET)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Whose story is it?"),
            "opts": self.opts,
            "is_settled": is_settled,
            "count": narrowed.order_by().count(),
            "rows": _rows(narrowed, request.user),
            "groups": [] if is_settled else doubts.groups(narrowed),
            "accounts": _accounts(found),
            "patterns": Doubt.Pattern.choices,
            "roles": Byline.Role.choices,
            "relations": Citation.Relation.choices,
            "account": request.GET.get("account", ""),
            "pattern": request.GET.get("pattern", ""),
            "is_narrowed": "account" in request.GET or "pattern" in request.GET,
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, "admin/articles/article/doubts.html", context)

    def _settle_doubts(self, request):
        data, by = request.POST, request.user
        if "reopen" in data:
            reopen(request, number_of(data["reopen"]), doubts.reopen)
            return
        is_right = "right" in data or "group_right" in data or "right_one" in data
        if key := data.get("group") or data.get("group_right"):
            upto = number_of(data.get("upto", ""))
            outcome = doubts.settle_group(key[:64], upto or 0, by=by, is_right=is_right)
        else:
            one = data.get("one") or data.get("right_one")
            wanted = [one] if one else data.getlist("chosen")
            seen = dict(pair.split(":", 1) for pair in data.getlist("seen") if ":" in pair)
            chosen = {n: number_of(seen.get(str(n), "")) for n in map(number_of, wanted) if n}
            if not chosen:
                messages.warning(request, _("Nothing was chosen, so nothing was done."))
                return
            wrong = [n for n in chosen if not is_right and not _is_sound(data, n)]
            for _n in wrong:
                messages.error(request, _("This is no web address, or no name is given."))
            answers = {n: _answer(data, n) for n in chosen if n not in wrong}
            chosen = {n: version for n, version in chosen.items() if n not in wrong}
            outcome = doubts.settle(chosen, by=by, answers=answers, is_right=is_right)
        tell(request, outcome, settled_words(len(outcome.done), is_right=is_right))


def _narrowed(found, query):
    account, pattern = query.get("account", ""), query.get("pattern", "")
    if "\0" in account or "\0" in pattern:
        return found.none()
    if account:
        found = found.filter(account=account)
    return found.filter(pattern=pattern) if pattern else found


def _accounts(found):
    rows = found.order_by().values_list("account").annotate(count=Count("pk"))
    return list(rows.order_by("-count", "account")[:MOST_ACCOUNTS])


def _rows(found, user):
    credits = permissions.known_bylines(user).select_related("author", "organisation")
    rows = list(
        found.select_related("article", "settled_by").prefetch_related(
            Prefetch("article__bylines", credits.order_by("position", "pk"))
        )[:ON_A_PAGE]
    )
    known = doubts.known(rows)
    return [
        Row(
            row,
            [(name, len(known[row.is_organisation, name])) for name in row.names],
            row.version != row.article.version,
            doubts.line_in(row.article.body, row.words) is not None,
            [str(byline.author or byline.organisation) for byline in row.article.bylines.all()],
        )
        for row in rows
    ]


def number_of(words):
    return int(words) if words.isascii() and words.isdecimal() and len(words) <= 18 else None


def _is_sound(data, number):
    url = data.get(f"url-{number}", "").strip()
    if url:
        try:
            URLValidator(schemes=["http", "https"])(url)
        except ValidationError:
            return False
    return bool(data.get(f"names-{number}", "").strip()) and len(url) <= 500


def _answer(data, number):
    """What was typed into the row of a doubt."""
    names = [name.strip() for name in data.get(f"names-{number}", "").split(";")]
    role, relation = data.get(f"role-{number}", ""), data.get(f"relation-{number}", "")
    return doubts.Answer(
        names=tuple(name for name in names if name)[:20],
        is_organisation=data.get(f"kind-{number}") == "organisation",
        role=role if role in Byline.Role.values else Byline.Role.AUTHOR,
        relation=relation if relation in Citation.Relation.values else Citation.Relation.CITES,
        url=data.get(f"url-{number}", "").strip(),
        takes_line_out=f"out-{number}" in data,
    )


def settled_words(count, *, is_right):
    """What became of doubts that were settled."""
    if is_right:
        words = ngettext(
            "%(count)d doubt is settled: the story stays as it is.",
            "%(count)d doubts are settled: the stories stay as they are.",
            count,
        )
    else:
        words = ngettext(
            "%(count)d doubt is settled: the story says so now.",
            "%(count)d doubts are settled: the stories say so now.",
            count,
        )
    return words % {"count": count}


def tell(request, outcome, words):
    """Say what came of it; ``words``: what was done with those that are done."""
    done = len(outcome.done)
    if done:
        messages.success(request, words)
    if outcome.more:
        words = ngettext(
            "%(count)d more like these is left: press once more.",
            "%(count)d more like these are left: press once more.",
            outcome.more,
        )
        messages.info(request, words % {"count": outcome.more})
    if outcome.left:
        page = "admin/articles/article/_several_told.html"
        told = {"name": "left", "rows": outcome.left[:10]}
        messages.warning(request, render_to_string(page, told, request))
    if outcome.unknown:
        messages.warning(request, unknown_words(outcome.unknown))
    if not (done or outcome.left or outcome.unknown):
        messages.info(request, _("Somebody has settled this already."))


def reopen(request, number, reopen_one):
    """Open what was settled again by ``reopen_one(number, by=)`` and say what became of it."""
    try:
        is_open_again = number and reopen_one(number, by=request.user)
    except publishing.Collided:
        words = _("Others changed the same place since. Change it in the story's form.")
        messages.error(request, words)
    except publishing.Refused as refused:
        for words in refused.messages:
            messages.error(request, words)
    else:
        if is_open_again:
            messages.success(request, _("It is as before, and open again."))
        else:
            messages.info(request, _("It is open already."))
