"""The page of a story: its addresses, what is left of it where it was withdrawn, its copy for other
papers, and how it looks before readers see it."""

from django.conf import settings
from django.http import Http404, HttpResponsePermanentRedirect
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import get_language, gettext, override
from django.views.decorators.http import require_safe

from addresses.languages import Text
from addresses.models import find
from articles import bylines, previews, printing, republishing, structured_data
from articles.cards import genre_name, shown
from articles.feeds import items
from articles.models import Article, Region
from articles.models.article import site_zone
from articles.places import countries_of
from articles.views.archive import date_of
from articles.views.beside import found_beside
from images.printing import printed
from images.renditions import rendition_size, rendition_url

MOST_COUNTRIES = 2  # a story about more of them is about the region


@require_safe
def article(request, year, month, day, slug):
    """A story; its true address, where this is nearly it; or word that it was withdrawn."""
    now = timezone.now()
    stories = Article.objects.in_language(get_language()).filter(slug=slug)
    try:
        of_that_day = stories.filter(address_date=date_of(year, month, day))
    except Http404:
        of_that_day = stories.none()
    story = of_that_day.readable(now).for_page().with_parts(now).first()
    if story is not None:
        if request.path != story.get_absolute_url():
            return HttpResponsePermanentRedirect(story.get_absolute_url())
        return _story_page(request, story, now)
    down = of_that_day.filter(status__in=["pulled", "withdrawn"], published_at__lte=now).first()
    if down is not None:
        return withdrawn(request, down)
    # An address that stood here before knows where it leads; its slug may be another's by now.
    if find(request.path) is None:
        story = stories.readable(now).newest_first().first()
        if story is not None:
            return HttpResponsePermanentRedirect(story.get_absolute_url())
    raise Http404


@require_safe
def republish(request, year, month, day, slug):
    """A story for other papers, on the terms of the site; 404 where it is not offered."""
    now, licence = timezone.now(), request.chrome.licence
    stories = Article.objects.published(now).in_language(get_language())
    stories = stories.filter(slug=slug, address_date=date_of(year, month, day))
    story = items.for_feeds(stories).first() if licence.words else None
    address = republishing.address(story, licence) if story is not None else ""
    if not address:
        raise Http404
    if request.path != address:
        return HttpResponsePermanentRedirect(address)
    copy = republishing.copy_of(story, request.chrome.house, request.chrome.name.words, now)
    context = {
        "article": story,
        "licence": licence,
        "copies": [
            ("HTML", "html", copy.html),
            (gettext("Plain text"), "text", copy.text),
        ],
        "is_noindex": True,
        "translations": {},
    }
    return render(request, "articles/republish.html", context)


@require_safe
def short_address(request, id):
    """``/a/12/``, which holds whatever becomes of headline and date."""
    number = int(id)
    stories = Article.objects.filter(
        status__in=["published", "retracted", "withdrawn"], published_at__lte=timezone.now()
    )
    story = get_object_or_404(stories, pk=number if number < 2**63 else None)
    if story.status == "withdrawn" and not story.down_shows_headline:
        return withdrawn_page(request, story)  # its true address would say what the headline was
    return HttpResponsePermanentRedirect(story.get_absolute_url())


def withdrawn(request, story):
    """What is left of a story that was taken down for good: 410, the reason, no word of its body."""
    if story.status != "withdrawn":
        raise Http404
    if request.path != story.get_absolute_url():
        return HttpResponsePermanentRedirect(story.get_absolute_url())
    return withdrawn_page(request, story)


def withdrawn_page(request, story):
    context = {
        "article": story,
        "corrections": story.printed_corrections(),
        "policy": request.chrome.policy("corrections"),
        "translations": {},
    }
    return render(request, "articles/withdrawn.html", context, status=410)


@require_safe
def preview(request, token):
    """An unpublished story as readers would see it, for whoever holds the link."""
    link = previews.find(token)
    if link is None:
        raise Http404
    response = preview_of(
        request, previews.as_of(link.article, link.revision.content), is_shared=True
    )
    response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Cache-Control"] = "private, no-store"
    return response


def preview_of(request, story, *, note="", is_shared=False, is_framed=False, pictures=None):
    """The page of a story in hand, whatever its state; who may see it was asked before.

    ``note``: what is said above it. ``is_shared``: for people outside, who get nothing on the page
    that is not of this story. ``is_framed``: shown within a page of the desk, so that links lead to
    a window of their own. ``pictures``: of those in the body only these, a queryset.
    """
    with override(story.language):
        preview = {
            "preview_note": note,
            "is_shared": is_shared,
            "is_framed": is_framed,
            "pictures": pictures,
        }
        response = _story_page(request, story, timezone.now(), preview)
        response.headers["Content-Language"] = story.language
    return response


def _story_page(request, story, now, preview=None):
    language, house = story.language, request.chrome.house
    is_preview, is_shared = preview is not None, preview is not None and preview["is_shared"]
    countries = countries_of(story, {link.number: link for link in request.chrome.countries})
    if len(countries) > MOST_COUNTRIES:
        countries = []
    related, more, translations = ([], [], {}) if is_shared else found_beside(story, countries, now)
    image = story.lead_image if is_preview else shown(story.lead_image, now)
    lines = bylines.lines(story, language, house)
    pictures = printing.pictures_in([story], now, all_of_them=is_preview)
    if is_preview and preview["pictures"] is not None:
        allowed = set(preview["pictures"].filter(pk__in=pictures).values_list("pk", flat=True))
        pictures = {number: image for number, image in pictures.items() if number in allowed}
    original = story.translated_from if not is_shared else None
    context = {
        "article": story,
        "is_preview": is_preview,
        "current": story.section.get_absolute_url() if story.section is not None else "",
        "places": countries or _wide_region(story),
        "genre": _genre(story),
        "lines": lines,
        "people": bylines.people(story, language),
        "organisations": bylines.organisations(story),
        "image": image,
        "caption": _caption(story, image),
        "social": _social(image),
        "body": printing.body_html(story, pictures, signed=is_preview),
        "frames": printing.frames_in(story),
        "above": story.serious_corrections(),
        "below": story.minor_corrections(),
        "related": related,
        "more": more,
        "more_from": _more_from(story, countries),
        "original": original if original is not None and original.is_live else None,
        "translations": translations,
        "description": printing.description(story),
        "address": settings.SITE_URL + story.get_absolute_url(),
        "republish": "" if is_preview else republishing.address(story, request.chrome.licence),
        "years": years_old(story, now),
        "is_noindex": is_preview or story.noindex or story.status == "retracted",
    } | (preview or {})
    named = set()
    for citation in story.citations.all():
        citation.is_first = citation.organisation_id not in named
        named.add(citation.organisation_id)
    if not is_preview:
        data = structured_data.story(
            story,
            lines=lines,
            house=house,
            image=image,
            publisher=request.chrome.publisher,
            translations=translations,
        )
        way = [structured_data.crumb(story.section)] if story.section is not None else []
        way = structured_data.crumbs(*way, (story.headline, story.get_absolute_url()))
        context["structured_data"] = structured_data.script(data, way)
    response = render(request, "articles/article_detail.html", context)
    if context["frames"]:
        response._csp_update = {"frame-src": context["frames"]}  # read by django-csp
    return response


def years_old(story, now):
    """Whole years since a story was first published, in the site's zone; 0 where that does not
    matter, for explainers, which are kept up to date."""
    if story.first_published_at is None or story.genre == Article.Genre.EXPLAINER:
        return 0
    day, today = (moment.astimezone(site_zone()) for moment in (story.first_published_at, now))
    years = today.year - day.year
    # Somebody's 29 February has its birthday on 1 March.
    if (today.month, today.day) < (day.month, day.day):
        years -= 1
    return max(years, 0)


def _social(image):
    """The picture beside a link to a story: ``address``, ``width`` and ``height``; None without."""
    address = rendition_url(image, "social") if image is not None else ""
    if not address:
        return None
    width, height = rendition_size(image, "social")
    return {"address": address, "width": width, "height": height}


def _genre(story):
    """The word for a story's genre, unless its section says the same."""
    section = story.section
    return "" if section is not None and section.slug == story.genre else genre_name(story)


def _wide_region(story):
    """The first region above the countries that a story is filed under, as a list of one or none."""
    wide = {Region.Kind.WORLD_REGION, Region.Kind.GROUP}
    return [_linked(region) for region in story.regions.all() if region.kind in wide][:1]


def _linked(thing):
    """A region or section as ``name`` (a Text) and ``address``."""
    return {"name": thing.name_in(get_language()), "address": thing.get_absolute_url()}


def _caption(story, image):
    """The caption of the lead picture, as a Text."""
    if story.lead_caption or image is None:
        return Text(printed(story.lead_caption), story.language)
    return image.caption_in(story.language)


def _more_from(story, countries):
    """What "More from ..." leads to: the first country of a story, else its first region, else its
    section. A thing with ``name`` (a Text) and ``address``, or None."""
    if countries:
        return countries[0]
    for thing in [*list(story.regions.all())[:1], story.section]:
        if thing is not None:
            return _linked(thing)
    return None
