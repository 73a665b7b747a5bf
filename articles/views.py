"""The story, and every list of stories. All of it reads, and what it reads comes by published()."""

import datetime

from django.conf import settings
from django.db.models import Count, Exists, Max, Min, OuterRef, Q
from django.db.models.functions import ExtractDay, ExtractMonth
from django.http import Http404, HttpResponsePermanentRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import get_language, gettext, override
from django.views.decorators.http import require_safe
from django.views.generic import ListView

from addresses.languages import Text, in_language
from addresses.models import find
from articles import (
    bylines,
    lists,
    paging,
    previews,
    printing,
    republishing,
    structured_data,
)
from articles.cards import card, genre_name, section_name, shown
from articles.feeds import items
from articles.models import Article, Citation, Correction, Filing, Region
from articles.models.article import site_zone
from articles.places import countries_of
from articles.related import at_any, chosen_in
from articles.templatetags.news import date_text, month_text, weekday_text
from authors.models import Author, Organisation
from images.printing import printed
from images.renditions import rendition_size, rendition_url

RELATED = 5
MORE = 4
MOST_COUNTRIES = 2  # a story about more of them is about the region


def date_of(year, month=1, day=1):
    """A date, or Http404 where the calendar has none: ``/2025/13/``."""
    try:
        return datetime.date(int(year), int(month), int(day))
    except ValueError as error:
        raise Http404("no such date") from error


# The story


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
    related, more, translations = ([], [], {}) if is_shared else _beside(story, countries, now)
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
        way = [_crumb(story.section)] if story.section is not None else []
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


def _crumb(thing):
    return thing.name_in(get_language()).words, thing.get_absolute_url()


def _masthead_crumb():
    return gettext("Our journalists"), reverse("masthead")


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


def _beside(story, countries, now):
    """Cards of related stories and of more from its place, and addresses of its translations.

    One query for the three. Related is what its text leads to, then what shares a tag, then what
    shares a region, newest first; its place is its first country, else its first region, else its
    section.
    """
    regions, filed = list(story.regions.all()), Article.regions.through.objects
    tagged = Filing.objects.filter(tag__in=[tag.pk for tag in story.tags.all()])
    there = filed.filter(region__in=[region.pk for region in regions])
    if countries:
        inside = f"/{countries[0].number}/"
        path = next(r.path for r in regions if inside in r.path).partition(inside)[0] + inside
        near = filed.filter(region__path__startswith=path)
    elif regions and regions[0].kind != Region.Kind.GROUP:
        near = filed.filter(region__path__startswith=regions[0].path)
    else:
        near = filed.filter(region__in=[region.pk for region in regions[:1]])
    others = Article.objects.published(now).in_language(story.language).exclude(pk=story.pk)
    others = others.newest_first().values("pk")
    parts = [
        # Nested, since SQLite takes no LIMIT in the parts of a union.
        Article.objects.filter(pk__in=found).order_by().values("pk")
        for found in (
            others.filter(pk__in=tagged.values("content_object"))[:RELATED],
            others.filter(pk__in=there.values("article"))[:RELATED],
            (
                others.filter(pk__in=near.values("article"))
                if regions
                else others.filter(section=story.section_id)
            )[: RELATED + MORE],
        )
    ]
    chosen = chosen_in(story.body)
    if chosen:
        parts.append(
            Article.objects.filter(pk__in=others.filter(at_any(chosen))).order_by().values("pk")
        )
    if story.translation_group is not None:
        parts.append(
            Article.objects.filter(translation_group=story.translation_group)
            .order_by()
            .values("pk")
        )
    found = (
        Article.objects.readable(now)
        .filter(pk__in=parts[0].union(*parts[1:], all=True))
        .exclude(pk=story.pk)
        .select_related("section", "lead_image")
        .defer("body")
        .annotate(
            is_tagged=Exists(tagged.filter(content_object=OuterRef("pk"))),
            is_there=Exists(there.filter(article=OuterRef("pk"))),
            is_near=Exists(near.filter(article=OuterRef("pk"))),
        )
        .newest_first()
    )
    stories = [other for other in found if other.language == story.language]
    place = {path: number for number, path in enumerate(chosen)}
    for other in stories:
        other.place = place.get(other.get_absolute_url(), place.get(f"/a/{other.pk}/"))
    related = sorted((s for s in stories if s.place is not None), key=lambda other: other.place)
    related += [s for s in stories if s.is_tagged and s.place is None]
    related += [s for s in stories if s.is_there and not s.is_tagged and s.place is None]
    related = related[:RELATED]
    more = [s for s in stories if s not in related and (s.is_near or not regions)][:MORE]
    cards = [
        [card(other, now, places=section_name(other)) for other in chosen]
        for chosen in (related, more)
    ]
    translations = {
        other.language: other.get_absolute_url()
        for other in found
        if other.language != story.language
    }
    return *cards, translations


# Lists


class StoryList(ListView):
    """Stories that belong to something, newest first; older ones by ``?before=``."""

    template_name = "articles/story_list.html"
    context_object_name = "cards"
    http_method_names = ["get", "head"]
    feed = ""  # the name of the list's feed
    can_narrow = False  # whether ?section= holds
    text_field = "description"  # what is said about the thing
    fewest = 1  # stories without which search engines are kept away
    find = None  # one of articles.lists

    def get(self, request, *args, **kwargs):
        try:
            return super().get(request, *args, **kwargs)
        except lists.Moved as moved:
            return HttpResponsePermanentRedirect(moved.thing.get_absolute_url())

    def get_queryset(self):
        self.now = timezone.now()
        stories = Article.objects.published(self.now).in_language(get_language())
        self.thing, stories = self.find(self.kwargs["slug"], stories)
        self.narrowed = self._section()
        if self.narrowed is not None:
            stories = stories.filter(section__slug=self.narrowed.slug)
        before, lead = self.request.GET.get("before", ""), None
        if self.narrowed is None:
            lead = lists.lead(self.thing, stories, get_language(), self.now)
        stories = stories.for_cards().newest_first()
        self.page = (
            paging.page(stories, before)
            if lead is None
            else paging.page_below(lead, stories, before)
        )
        return self.cards(self.page.items)

    def _section(self):
        """The Link of the section that narrows the list, or None."""
        slug = self.request.GET.get("section", "") if self.can_narrow else ""
        if not slug:
            return None
        for link in self.request.chrome.sections:
            if link.slug == slug:
                return link
        raise Http404("no such section")

    def cards(self, stories):
        return [card(story, self.now, places=self.places(story)) for story in stories]

    def places(self, story):
        """What may stand above a headline here, as a list of Texts, the first of which does."""
        return section_name(story)

    def country_names(self, story):
        countries = {link.number: link.name for link in self.request.chrome.countries}
        return countries_of(story, countries)

    def address(self, **more):
        """The address of this list with what narrows it."""
        query = {"section": self.narrowed.slug} if self.narrowed is not None else {}
        query |= {name: value for name, value in more.items() if value}
        return self.request.path + (f"?{urlencode(query)}" if query else "")

    def get_context_data(self, **kwargs):
        before, language = self.request.GET.get("before", ""), get_language()
        context = {
            "thing": self.thing,
            "name": self.thing.name_in(language),
            "text": in_language(self.thing, self.text_field, language),
            "feed": reverse(self.feed, args=[self.thing.slug]),
            "narrowed": self.narrowed,
            "can_narrow": self.can_narrow,
            "whole": self.request.path,
            "newest": self.address() if before else "",
            "older": self.address(before=self.page.older) if self.page.older else "",
            "address": settings.SITE_URL + self.address(before=before),
            "is_noindex": len(self.page.items) < self.fewest and not before,
            "structured_data": structured_data.script(
                structured_data.crumbs(*kwargs.pop("way", ()), _crumb(self.thing))
            ),
        }
        return super().get_context_data(**context | kwargs)


class SectionPage(StoryList):
    feed = "section_rss"
    find = staticmethod(lists.section)

    def places(self, story):
        return self.country_names(story)


class RegionPage(StoryList):
    """Stories of a region with all that lies in it, and the way to the regions around it."""

    template_name = "articles/region_detail.html"
    feed = "region_rss"
    find = staticmethod(lists.region)
    can_narrow = True

    def get_context_data(self, **kwargs):
        above, below = self.around()
        way = [_crumb(region) for region in above]
        return super().get_context_data(above=above, below=below, way=way, **kwargs)

    def around(self):
        """Regions that this one lies in, and those in it of which there are stories: two lists."""
        region, language = self.thing, get_language()
        over = [int(number) for number in region.path.strip("/").split("/")[:-1]]
        stories = Article.objects.published(self.now).in_language(language)
        inside = Q(path__startswith=region.path)
        if region.kind == Region.Kind.GROUP:
            inside = Q(pk__in=region.members.values("pk"))
        known = Region.objects.filter(
            Q(pk__in=over) | inside & Exists(stories.filter(regions=OuterRef("pk")))
        ).exclude(pk=region.pk)
        found = sorted(known, key=lambda other: other.path)
        above = [other for other in found if other.pk in over]
        below = [other for other in found if other.pk not in over]
        return above, sorted(below, key=lambda other: other.name_in(language).words)


class TagPage(StoryList):
    feed = "tag_rss"
    find = staticmethod(lists.tag)
    can_narrow = True
    fewest = 2


class SeriesPage(StoryList):
    feed = "series_rss"
    find = staticmethod(lists.series)

    def cards(self, stories):
        parts = self.thing.articles.published(self.now).in_language(get_language())
        self.parts = parts.aggregate(Max("part"))["part__max"] or 0
        return super().cards(stories)

    def places(self, story):
        if story.part is None:
            return []
        words = gettext("Part %(number)d") % {"number": story.part}
        if self.parts > 1:
            words = gettext("Part %(number)d of %(parts)d") % {
                "number": story.part,
                "parts": self.parts,
            }
        return [Text(words, get_language())]


class AuthorPage(StoryList):
    """A person: portrait, biography, and all that they are credited for."""

    template_name = "articles/author_detail.html"
    feed = "author_rss"
    find = staticmethod(lists.author)
    text_field = "short_bio"

    def cards(self, stories):
        return [
            card(story, self.now, places=self.places(story), note=self.note(story))
            for story in stories
        ]

    def note(self, story):
        """What the person did for a story, unless they wrote it, and with whom: words."""
        language, house = get_language(), self.request.chrome.house
        own = [b for b in story.credits() if b.author_id == self.thing.pk and not b.withheld]
        roles = {byline.role for byline in own}
        first = bylines.lines(story, language, house)[0]
        others = [n for n in first.names if n.person is None or n.person.pk != self.thing.pk]
        said = [] if roles <= bylines.WROTE else bylines.role_names(roles)
        if others and len(others) < len(first.names):
            names = bylines.Line("by", "", others, "")
            said.append(gettext("With %(names)s") % {"names": names})
        elif others:
            said.append(str(first))
        return " · ".join(said)

    def get_context_data(self, **kwargs):
        person = self.thing
        stories = Article.objects.published(self.now).in_language(get_language())
        whole = stories.credited(person).aggregate(
            number=Count("pk"), first=Min("first_published_at")
        )
        organisation = person.organisation
        if organisation is not None and not organisation.is_house:
            public = Organisation.objects.public(self.now).filter(pk=organisation.pk)
            organisation = organisation if public.exists() else None
        links = [link for link in person.links if _is_link(link)]
        data = structured_data.script(
            structured_data.profile(person, organisation, links),
            structured_data.crumbs(_masthead_crumb(), _crumb(person)),
        )
        context = super().get_context_data(
            **whole,
            organisation=organisation,
            languages=[code for code in person.languages if isinstance(code, str)],
            links=links,
            **kwargs,
        )
        return context | {"structured_data": data}


def _is_link(link):
    return (
        isinstance(link, dict)
        and link.get("label")
        and str(link.get("url", "")).startswith(("https://", "http://", "mailto:"))
    )


@require_safe
def organisation(request, slug):
    """An organisation: its own stories, and ours that rely on its reports, each list by a cursor."""
    now, language = timezone.now(), get_language()
    stories = Article.objects.published(now).in_language(language)
    try:
        thing, own = lists.organisation(slug, stories)
    except lists.Moved as moved:
        return HttpResponsePermanentRedirect(moved.thing.get_absolute_url())
    relying = stories.relying_on(thing)
    before, relying_before = request.GET.get("before", ""), request.GET.get("relying_before", "")
    if before:
        own, relying = paging.older_than(own, before), relying.none()
    elif relying_before:
        own, relying = own.none(), paging.older_than(relying, relying_before)
    parts = [
        Article.objects.filter(pk__in=some.newest_first().values("pk")[: paging.PER_PAGE + 1])
        .order_by()
        .values("pk")
        for some in (own, relying)
    ]
    cites = Citation.objects.filter(organisation=thing, article=OuterRef("pk"))
    found = (
        Article.objects.published(now)
        .filter(pk__in=parts[0].union(parts[1], all=True))
        .for_cards()
        .newest_first()
        .annotate(relies=Exists(cites))
    )
    pages = {"own": [], "relying": []}
    for story in found:
        credited = any(byline.organisation_id == thing.pk for byline in story.credits())
        if (credited or story.dateline_organisation_id == thing.pk) and not relying_before:
            pages["own"].append(story)
        if story.relies and not before:
            pages["relying"].append(story)
    context = {
        "thing": thing,
        "name": thing.name_in(language),
        "text": thing.description_in(language),
        "people": list(
            Author.objects.public(now)
            .filter(organisation=thing)
            .select_related("portrait")
            .order_by("position", "name", "pk")
        ),
        "feed": reverse("organisation_rss", args=[thing.slug]),
        "newest": request.path if before or relying_before else "",
        "is_noindex": not (pages["own"] or thing.is_house or thing.is_listed),
        "structured_data": structured_data.script(
            structured_data.crumbs(_masthead_crumb(), _crumb(thing))
        ),
    }
    for name, parameter in (("own", "before"), ("relying", "relying_before")):
        page = paging.cut(pages[name])
        context[name] = [card(story, now, places=section_name(story)) for story in page.items]
        context[f"older_{name}"] = (
            f"{request.path}?{urlencode({parameter: page.older})}" if page.older else ""
        )
    return render(request, "articles/organisation_detail.html", context)


@require_safe
def masthead(request):
    """Who makes the paper: staff, contributors, former colleagues, organisations whose work we run."""
    now = timezone.now()
    people = Author.objects.public(now).select_related("portrait", "organisation")
    groups = {status: [] for status in Author.Status.values}
    for person in people.order_by("position", "name", "pk"):
        groups[person.status].append(person)
    live = Article.objects.readable(now)
    organisations = Organisation.objects.public(now).filter(
        Q(is_house=True)
        | Q(is_listed=True)
        | Exists(live.filter(bylines__organisation=OuterRef("pk")))
        | Exists(live.filter(dateline_organisation=OuterRef("pk")))
    )
    context = groups | {
        "organisations": list(organisations.order_by("-is_house", "name")),
        "structured_data": structured_data.script(structured_data.crumbs(_masthead_crumb())),
    }
    return render(request, "articles/masthead.html", context)


# The archive


def _archive(request, first, after):
    """Published stories of the days from ``first`` up to but not including ``after``, and the days
    nearest to them on which there are any (dates or None)."""
    stories = Article.objects.published().in_language(get_language())
    within = stories.filter(address_date__gte=first)
    if after is not None:
        within = within.filter(address_date__lt=after)
    earlier = stories.filter(address_date__lt=first).aggregate(day=Max("address_date"))["day"]
    later = None
    if after is not None:
        later = stories.filter(address_date__gte=after).aggregate(day=Min("address_date"))["day"]
    return within, earlier, later


def _archive_crumbs(first, kind):
    """The way to a year, a month or a day of the archive."""
    parts = [f"{first:%Y}".zfill(4), f"{first:%m}", f"{first:%d}"]
    words = [f"{first.year}", month_text(first), date_text(first)]
    kinds = ["year", "month", "day"]
    way = [
        (words[n], reverse(f"archive_{name}", args=parts[: n + 1]))
        for n, name in enumerate(kinds[: kinds.index(kind) + 1])
    ]
    return structured_data.script(structured_data.crumbs(*way))


def _is_padded(request, name, first, *parts):
    """Whether the address is the one way to write the date; else where it should lead."""
    address = reverse(name, args=[f"{first:%Y}".zfill(4), *(f"{part:02}" for part in parts)])
    return None if request.path == address else HttpResponsePermanentRedirect(address)


@require_safe
def archive_year(request, year):
    first = date_of(year)
    after = first.replace(year=first.year + 1) if first.year < datetime.MAXYEAR else None
    within, earlier, later = _archive(request, first, after)
    counts = within.annotate(month=ExtractMonth("address_date")).values_list("month")
    counts = dict(counts.annotate(number=Count("pk")).order_by("month"))
    months = [(first.replace(month=month), number) for month, number in counts.items()]
    context = {
        "heading": f"{first.year}",
        "months": months,
        "earlier": earlier,
        "later": later,
        "structured_data": _archive_crumbs(first, "year"),
    }
    return render(request, "articles/archive_year.html", context)


@require_safe
def archive_month(request, year, month):
    first = date_of(year, month)
    if moved := _is_padded(request, "archive_month", first, first.month):
        return moved
    within, earlier, later = _archive(request, first, _next_month(first))
    counts = within.annotate(day=ExtractDay("address_date")).values_list("day")
    counts = dict(counts.annotate(number=Count("pk")).order_by("day"))
    days = [(first.replace(day=day), number) for day, number in counts.items()]
    context = {
        "first": first,
        "heading": month_text(first),
        "structured_data": _archive_crumbs(first, "month"),
        "days": days,
        "earlier": earlier,
        "later": later,
    }
    return render(request, "articles/archive_month.html", context)


def _next_month(first):
    """The first of the month after, or None after the last that the calendar has."""
    year, month = (first.year + 1, 1) if first.month == 12 else (first.year, first.month + 1)
    return datetime.date(year, month, 1) if year <= datetime.MAXYEAR else None


@require_safe
def archive_day(request, year, month, day):
    first = date_of(year, month, day)
    if moved := _is_padded(request, "archive_day", first, first.month, first.day):
        return moved
    after = None if first == datetime.date.max else first + datetime.timedelta(days=1)
    within, earlier, later = _archive(request, first, after)
    before = request.GET.get("before", "")
    page = paging.page(within.for_cards().newest_first(), before, size=50)
    now = timezone.now()
    context = {
        "first": first,
        "heading": weekday_text(first),
        "structured_data": _archive_crumbs(first, "day"),
        "cards": [card(story, now, places=section_name(story)) for story in page.items],
        "earlier": earlier,
        "later": later,
        "newest": request.path if before else "",
        "older": f"{request.path}?{urlencode({'before': page.older})}" if page.older else "",
    }
    return render(request, "articles/archive_day.html", context)


# Corrections


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
