"""Readers report an error in a story, without an account and without a cookie.

The form stands on a page of its own, since stored pages can carry no token. Its token is signed and
bound to the story, not to a browser: nothing that a browser is signed in to is used here, so there
is nothing that another site could have it do. Whatever is refused, the words are shown again.
"""

import re

from allauth.account.adapter import get_adapter as accounts
from django.core.signing import BadSignature, TimestampSigner
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import get_language, gettext, override
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from articles import reports
from articles.forms.reports import ReportForm
from articles.models import Article
from newsroom import caching
from newsroom.signing_in import throttling

LASTS = 24 * 3600  # seconds in which a form may be sent
TRAP = "homepage"  # a field that people do not see; what fills in every field fills it in too


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def report(request):
    """The form of a report on ``?story=``; a story that readers cannot read has none."""
    story = _story(request)
    if story.language != get_language():
        return HttpResponseRedirect(address(story))
    if request.method != "POST":
        return _page(request, story, ReportForm())
    form = ReportForm(request.POST)
    said, status = "", 422
    if form.is_valid():
        said, status = _refused(request, story)
        if not said:
            reports.add(story, **form.cleaned_data)
            return HttpResponseRedirect(f"{reverse('report_thanks')}?{_asked(story)}")
    return _page(request, story, form, said=said, status=status)


@require_safe
def thanks(request):
    """That a report has come. Where it names a story that can be read, the way back to it."""
    story = _story(request) if request.GET.get("story") else None
    if story is not None and story.language != get_language():
        raise Http404
    context = {"article": story, "is_noindex": True, "translations": {}}
    return _kept_nowhere(render(request, "newsroom/report_thanks.html", context))


def address(story):
    with override(story.language):
        return f"{reverse('report')}?{_asked(story)}"


def _asked(story):
    return urlencode({"story": story.pk})


def _story(request):
    number = request.GET.get("story", "")
    if not re.fullmatch(r"[0-9]{1,18}", number):
        raise Http404("no story")
    return get_object_or_404(Article.objects.readable(timezone.now()).defer("body"), pk=number)


def _refused(request, story):
    """Why a report that is well written is not taken, and the status that says so; or "" and 200."""
    if request.POST.get(TRAP) or not _is_ours(request.POST.get("form", ""), story):
        return gettext("We could not tell whether this came from a person."), 422
    address = accounts().get_client_ip(request)
    paid = throttling.spend(request, "report", address)
    if paid is None:
        return gettext("Many reports came from your connection within the last hour."), 429
    if throttling.spend(request, "reports", str(story.pk)) is None:
        throttling.give_back([paid])
        return gettext("Many reports on this story came within the last hour."), 429
    return "", 200


def _token(story):
    return _signer().sign(str(story.pk))


def _is_ours(token, story):
    try:
        return _signer().unsign(token, max_age=LASTS) == str(story.pk)
    except BadSignature:
        return False


def _signer():
    return TimestampSigner(salt="newsroom.report")


def _page(request, story, form, *, said="", status=200):
    context = {
        "article": story,
        "form": form,
        "token": _token(story),
        "trap": TRAP,
        "said": said,
        "is_full": status == 429,
        "action": address(story),
        "is_noindex": True,
        "translations": {},
    }
    return _kept_nowhere(render(request, "newsroom/report.html", context, status=status))


def _kept_nowhere(response):
    response.headers["Cache-Control"] = caching.PRIVATE
    return response
