"""Who makes the paper: the masthead, and the pages of people and organisations with their stories."""

from django.db.models import Count, Exists, Min, OuterRef, Q
from django.http import HttpResponsePermanentRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_safe

from articles import bylines, lists, paging, structured_data
from articles.cards import card, section_name
from articles.models import Article, Citation
from articles.views.lists import StoryList
from authors.models import Author, Organisation


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
            structured_data.crumbs(_masthead_crumb(), structured_data.crumb(person)),
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
            structured_data.crumbs(_masthead_crumb(), structured_data.crumb(thing))
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


def _masthead_crumb():
    return gettext("Our journalists"), reverse("masthead")
