"""RSS 2.0 of the site and of every list, with the whole text.

https://www.rssboard.org/rss-specification with ``content:encoded`` (RSS content module) and
``dc:creator``, one a person. There is no Last-Modified: a story that was withdrawn or back-dated
changes what a feed holds without making anything in it newer. The ETag is that of the content.
"""

import io

from django.conf import settings
from django.db.models import Exists, OuterRef
from django.http import HttpResponse, HttpResponsePermanentRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.encoding import iri_to_uri
from django.utils.feedgenerator import Rss201rev2Feed, rfc2822_date
from django.utils.html import format_html, format_html_join
from django.utils.translation import get_language, gettext
from django.views.generic import View

from articles import bylines, lists, paging, printing
from articles.cards import shown
from articles.models import Article, Citation, Correction
from articles.templatetags.news import kind_of_correction
from images.printing import printed
from prose import body


class Rss(Rss201rev2Feed):
    """Django's RSS with the elements of the content and Dublin Core modules, in a set order."""

    def rss_attributes(self):
        return super().rss_attributes() | {
            "xmlns:content": "http://purl.org/rss/1.0/modules/content/",
            "xmlns:dc": "http://purl.org/dc/elements/1.1/",
        }

    def add_root_elements(self, handler):
        for name in ("title", "link", "description", "language"):
            handler.addQuickElement(name, self.feed[name])
        link = {"rel": "self", "href": self.feed["feed_url"], "type": "application/rss+xml"}
        handler.addQuickElement("atom:link", None, link)
        if self.items:
            newest = max(item["updateddate"] for item in self.items)
            handler.addQuickElement("lastBuildDate", rfc2822_date(newest))

    def add_item_elements(self, handler, item):
        handler.addQuickElement("title", item["title"])
        handler.addQuickElement("link", item["link"])
        handler.addQuickElement("guid", item["unique_id"], {"isPermaLink": "false"})
        handler.addQuickElement("pubDate", rfc2822_date(item["pubdate"]))
        for name in item.get("creators", ()):
            handler.addQuickElement("dc:creator", name)
        for category in item["categories"]:
            handler.addQuickElement("category", category)
        handler.addQuickElement("description", item["description"])
        if item.get("content"):
            handler.addQuickElement("content:encoded", item["content"])


class Feed(View):
    """A feed: ``title()``, where its page is, and ``items()``; the rest is said here."""

    http_method_names = ["get", "head"]

    def get(self, request, slug=""):
        self.now = timezone.now()
        try:
            self.prepare(slug)
        except lists.Moved as moved:
            return HttpResponsePermanentRedirect(f"{moved.thing.get_absolute_url()}rss.xml")
        feed = Rss(
            title=body.plain(self.title()),
            link=settings.SITE_URL + self.page(),
            description=body.plain(self.description()),
            language=get_language(),
            feed_url=settings.SITE_URL + iri_to_uri(request.path),
        )
        for item in self.items():
            feed.add_item(**{name: _plain(value) for name, value in item.items()})
        out = io.BytesIO()
        feed.write(out, "utf-8")
        return HttpResponse(out.getvalue(), content_type="application/rss+xml; charset=utf-8")

    def prepare(self, slug):
        """Find what the feed is of."""

    def title(self):
        return self.request.chrome.name.words

    def description(self):
        return self.request.chrome.description.words

    def page(self):
        """The address of the page that lists the same."""
        return reverse("home")

    def stories(self):
        """The published stories of the language that the feed may hold."""
        return Article.objects.published(self.now).in_language(get_language())

    def items(self):
        stories = list(_for_feeds(self.stories().newest_first())[: paging.PER_PAGE])
        pictures = printing.pictures_in(stories, self.now)
        return [story_item(s, pictures, self.request.chrome.house, self.now) for s in stories]


def _plain(value):
    """A value without characters that XML cannot hold."""
    return body.plain(value) if isinstance(value, str) else value


def _for_feeds(stories):
    """With everything that an item prints."""
    republished = Citation.objects.filter(
        article=OuterRef("pk"), relation=Citation.Relation.REPUBLISHED
    )
    return (
        stories.for_cards()
        .defer(None)
        .select_related("section", "lead_image", "dateline_organisation")
        .prefetch_related("tags")
        .annotate(is_anothers=Exists(republished))
    )


def story_item(story, pictures, house, now):
    """A story as the arguments of ``SyndicationFeed.add_item``.

    Another's text that we only republish is not passed on: its item has no content.
    """
    language = story.language
    lines = bylines.lines(story, language, house)
    names = [name.words for line in lines[:1] for name in line.names]
    filed = [*story.tags.all(), *story.regions.all()]
    if story.section is not None:
        filed.insert(0, story.section)
    content = "" if story.is_anothers else _content(story, pictures, lines, now)
    return {
        "title": story.headline,
        "link": settings.SITE_URL + story.get_absolute_url(),
        "description": story.standfirst or printing.description(story),
        "unique_id": story.guid,
        "pubdate": story.first_published_at,
        "updateddate": story.updated_at or story.published_at,
        "creators": names,
        "categories": [thing.name_in(language).words for thing in filed],
        "content": content,
    }


def _content(story, pictures, lines, now):
    parts = []
    if story.standfirst:
        parts.append(format_html("<p><em>{}</em></p>", story.standfirst))
    credits = format_html_join("", "{}<br>", ((str(line),) for line in lines))
    parts.append(format_html("<p>{}</p>", credits))
    image = shown(story.lead_image, now)
    if image is not None and image.may_be_passed_on:
        caption = printed(story.lead_caption) or image.caption_in(story.language).words
        parts.append(
            format_html(
                "<figure>{}<figcaption>{} {}</figcaption></figure>",
                printing.plain_picture(image, "hero", story.language),
                caption,
                image.printed_credit,
            )
        )
    parts.append(printing.feed_html(story, pictures))
    return "".join(parts)


class ListFeed(Feed):
    """The feed of a list of articles.lists."""

    find = None

    def prepare(self, slug):
        self.thing, self.found = self.find(slug, super().stories())

    def stories(self):
        return self.found

    def title(self):
        return f"{self.thing.name_in(get_language()).words} | {super().title()}"

    def description(self):
        return gettext("%(what)s: the newest stories") % {
            "what": self.thing.name_in(get_language()).words
        }

    def page(self):
        return self.request.path.removesuffix("rss.xml")


class SectionFeed(ListFeed):
    find = staticmethod(lists.section)


class RegionFeed(ListFeed):
    find = staticmethod(lists.region)


class TagFeed(ListFeed):
    find = staticmethod(lists.tag)


class AuthorFeed(ListFeed):
    find = staticmethod(lists.author)


class OrganisationFeed(ListFeed):
    find = staticmethod(lists.organisation)


class SeriesFeed(ListFeed):
    find = staticmethod(lists.series)


class CorrectionsFeed(Feed):
    def title(self):
        return f"{gettext('Corrections')} | {super().title()}"

    def page(self):
        return reverse("corrections")

    def items(self):
        entries = Correction.objects.public(self.now).filter(
            article__language=get_language(), superseded_by=None
        )
        entries = entries.select_related("article").defer("article__body")
        return [_correction_item(entry) for entry in entries[: paging.PER_PAGE]]


def _correction_item(entry):
    story = entry.article
    about = story.headline
    if story.status == "withdrawn" and not story.down_shows_headline:
        about = gettext("a withdrawn story")
    return {
        "title": f"{kind_of_correction(entry)}: {about}",
        "link": f"{settings.SITE_URL}{reverse('corrections')}#c{entry.pk}",
        "description": entry.text,
        "unique_id": f"{story.guid}#c{entry.pk}",
        "pubdate": entry.published_at,
        "updateddate": entry.published_at,
        "categories": [str(kind_of_correction(entry))],
    }
