"""The log of corrections."""

from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_safe

from addresses.languages import Text
from articles import paging, structured_data
from articles.models import Correction


@require_safe
def corrections(request):
    """Every mistake put right, newest first, each with an anchor of its own."""
    entries = Correction.objects.public().filter(article__language=get_language())
    entries = entries.select_related("article", "supersedes", "superseded_by")
    entries = entries.defer("article__body")
    before = request.GET.get("before", "")
    page = paging.page(entries, before, size=50)
    context = {
        "corrections": page.items,
        "policy": request.chrome.policy("corrections"),
        "name": Text(gettext("Corrections"), get_language()),
        "feed": reverse("corrections_rss"),
        "newest": request.path if before else "",
        "older": f"{request.path}?{urlencode({'before': page.older})}" if page.older else "",
        "structured_data": structured_data.script(
            structured_data.crumbs((gettext("Corrections"), reverse("corrections")))
        ),
    }
    return render(request, "articles/corrections.html", context)
