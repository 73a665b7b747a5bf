"""The site's own pages, what machines ask for, and the pages that say what went wrong."""

from django.conf import settings
from django.contrib import admin
from django.http import HttpResponse, HttpResponseNotFound, HttpResponseServerError
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from addresses.languages import codes, prefix
from articles import printing, structured_data
from articles.admin.autosaves import unsent
from articles.cards import card, section_name
from articles.models import Article
from newsroom import caching, chrome, logs
from newsroom.models import Page
from prose import body

LATEST = 5
ABOUT = {"about", "about-us"}  # the page that tells who makes the paper
# Read once: when this page is needed, nothing else may be there to be read.
SORRY = (settings.BASE_DIR / "templates" / "500.html").read_bytes()


@require_safe
def page(request, slug):
    """A page of the site's own: about us, ethics, contact."""
    own = get_object_or_404(Page, slug=slug)
    text = own.body_in(get_language())
    context = {
        "name": own.name_in(get_language()),
        "text": text,
        "body": body.render(text.words, embed=printing.link_elsewhere),
        "structured_data": structured_data.script(
            *([structured_data.newsroom(request.chrome)] if slug in ABOUT else []),
            structured_data.crumbs((own.name_in(get_language()).words, own.get_absolute_url())),
        ),
    }
    return render(request, "newsroom/page.html", context)


# For machines


@require_safe
def robots(request):
    """What is not for search engines: the desk, previews, answers to questions, forms. Feeds and
    pictures are."""
    closed = ["/admin/", "/preview/"]
    closed += [f"{prefix(code)}{name}/" for code in codes() for name in ("search", "report")]
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in closed), ""]
    for name in ("sitemap", "sitemap_news"):
        lines.append(f"Sitemap: {settings.SITE_URL}{reverse(name)}")
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@require_safe
def security(request):
    """Whom to tell of a weakness (RFC 9116), good until the end of next year."""
    lines = [
        f"Contact: mailto:{settings.DEFAULT_FROM_EMAIL}",
        f"Expires: {timezone.now().year + 1}-12-31T00:00:00Z",
        f"Canonical: {settings.SITE_URL}/.well-known/security.txt",
        f"Preferred-Languages: {', '.join(code for code, _name in settings.LANGUAGES)}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


# What went wrong


def is_at_the_desk(request):
    """Whether somebody who works here asked for a page of the desk."""
    return request.path_info.startswith("/admin/") and admin.site.has_permission(request)


def on_the_desk(request, title, words, *, status):
    context = admin.site.each_context(request) | {"title": title, "words": words}
    return render(request, "admin/wrong.html", context, status=status)


def not_found(request, exception=None):
    """404 with the latest stories, in the language of the address; a word where no page stands."""
    if is_at_the_desk(request):
        words = _("Nothing stands at this address. Perhaps it was mistyped, or it is gone.")
        return on_the_desk(request, _("Page not found"), words, status=404)
    if caching.is_bare(request.path_info) and not request.path_info.startswith("/admin/"):
        return HttpResponseNotFound("Not found.\n", content_type="text/plain; charset=utf-8")
    now = timezone.now()
    chrome.of(request, now)
    latest = Article.objects.published(now).in_language(get_language()).newest_first()
    latest = latest.select_related("section", "lead_image").defer("body")[:LATEST]
    context = {
        "cards": [card(story, now, places=section_name(story)) for story in latest],
        "translations": {},
    }
    return render(request, "404.html", context, status=404)


def gone(request):
    """410: something stood here that will not come back."""
    chrome.of(request, timezone.now())
    context = {"policy": request.chrome.policy("corrections"), "translations": {}}
    return render(request, "410.html", context, status=410)


def forbidden(request, exception=None):
    if is_at_the_desk(request):
        words = _("You may not do this, or see what is here.")
        return on_the_desk(request, _("Not allowed"), words, status=403)
    return render(request, "403.html", status=403)


def csrf_failed(request, reason=""):
    """403; what was typed into a story's form is shown again, not lost."""
    return unsent(request) or forbidden(request)


def bad_request(request, exception=None):
    return render(request, "400.html", status=400)


def broken(request):
    """500, with the number by which the fault is found in what was written of it."""
    return HttpResponseServerError(SORRY.replace(b"0" * 16, logs.NUMBER.get().encode()))
