"""What a feed says, as plain data: all that is printed of it is here, and nothing else.

Words hold no character that XML cannot, addresses are whole. Two feeds of which these data are the
same are the same to the byte.
"""

import datetime
from dataclasses import dataclass
from typing import NamedTuple

from django.conf import settings
from django.db.models import Prefetch
from django.urls import reverse
from django.utils.translation import gettext

from articles import bylines, printing
from articles.cards import shown
from articles.feeds.words import plain
from articles.models import Citation
from articles.templatetags.news import day_text, kind_of_correction, relation_of
from images.printing import printed
from images.renditions import TYPES, rendition_size, rendition_url

PICTURE = "hero", 1280  # the recipe, and the width in pixels, of the picture of an item


class Person(NamedTuple):
    """A person or an organisation. ``address``: of their page here, or ""."""

    name: str
    address: str


class Category(NamedTuple):
    """``scheme``: the address below which all things of the kind stand."""

    name: str
    scheme: str


class Picture(NamedTuple):
    address: str
    width: int
    height: int
    type: str
    alt: str
    caption: str
    credit: str


class Note(NamedTuple):
    """A correction beside its story. ``kind``: "Correction", ``day``: in words."""

    kind: str
    day: str
    text: str


class Report(NamedTuple):
    """A report that a story relies on: whose, where, and how it was used, in a word."""

    name: str
    address: str
    used: str


class Text(NamedTuple):
    """The whole text of a story: what ``content.html`` prints."""

    paid_by: str
    standfirst: str
    credits: tuple[str, ...]
    above: tuple[Note, ...]
    body: printing.ForFeeds
    below: tuple[Note, ...]
    reports: tuple[Report, ...]


@dataclass(frozen=True)
class Item:
    """``text``: None where only headline, standfirst and link may be given."""

    guid: str
    title: str
    link: str
    summary: str
    published: datetime.datetime
    updated: datetime.datetime
    authors: tuple[Person, ...] = ()
    contributors: tuple[Person, ...] = ()
    categories: tuple[Category, ...] = ()
    picture: Picture | None = None
    text: Text | None = None


class Tombstone(NamedTuple):
    """What was taken down: which, and when. Never what it was."""

    guid: str
    at: datetime.datetime


@dataclass(frozen=True)
class Channel:
    """A feed. ``address``: its own; ``link``: of the page that lists the same; ``mask``: changes when
    other names are kept out of what is said beside pictures."""

    title: str
    description: str
    link: str
    address: str
    language: str
    publisher: Person
    items: tuple[Item, ...]
    tombstones: tuple[Tombstone, ...] = ()
    mask: str = ""

    @property
    def updated(self):
        """When the newest thing in it happened, or None for a feed without any."""
        times = [item.updated for item in self.items] + [stone.at for stone in self.tombstones]
        return max(times, default=None)


def whole(address):
    """An address of this site with its beginning; "" stays."""
    return settings.SITE_URL + address if address else ""


def second(moment):
    """The second that a moment lies in: not every reader takes a fraction."""
    return moment.replace(microsecond=0)


def for_feeds(stories):
    """With everything that items print."""
    return (
        stories.for_cards()
        .defer(None)
        .select_related("section", "lead_image", "dateline_organisation", "paid_by")
        .prefetch_related(
            "tags",
            Prefetch("citations", queryset=Citation.objects.select_related("organisation")),
            "corrections",
        )
    )


def of_stories(stories, house, now):
    """Stories of ``for_feeds`` as Items. ``house``: the Credit printed where nobody is named."""
    pictures = printing.pictures_in(stories, now)
    return tuple(_of_story(story, pictures, house, now) for story in stories)


def _of_story(story, pictures, house, now):
    language = story.language
    is_anothers = story.is_republished()
    lines = bylines.lines(story, language, house)
    authors = _people(lines[:1])
    picture = None if is_anothers else _picture(story, now)
    return Item(
        guid=plain(story.guid),
        title=plain(story.headline),
        link=whole(story.get_absolute_url()),
        summary=plain(_summary(story, is_anothers)),
        published=second(story.first_published_at),
        updated=second(story.updated_at or story.published_at),
        authors=authors,
        contributors=tuple(p for p in _people(lines[1:]) if p not in authors),
        categories=_categories(story),
        picture=picture,
        text=None if is_anothers else _text(story, pictures, lines),
    )


def _people(lines):
    names = (name for line in lines for name in line.names)
    people = (Person(plain(name.words), whole(name.address)) for name in names)
    return tuple(dict.fromkeys(people))


def _summary(story, is_anothers):
    """The standfirst, else the beginning; of another's text we give no word that is not ours."""
    if story.standfirst or is_anothers:
        return story.standfirst or story.seo_description
    return printing.description(story)


def _categories(story):
    filed = [(tag, "tag") for tag in story.tags.all()]
    filed += [(region, "region") for region in story.regions.all()]
    if story.section is not None:
        filed.insert(0, (story.section, "section"))
    return tuple(
        Category(plain(thing.name_in(story.language).words), _scheme(kind)) for thing, kind in filed
    )


def _scheme(kind):
    return whole(reverse(kind, args=["-"]).removesuffix("-/"))


def _picture(story, now):
    image = shown(story.lead_image, now)
    if image is None or not image.may_be_passed_on:
        return None
    address = rendition_url(image, *PICTURE)
    if not address:
        return None
    width, height = rendition_size(image, *PICTURE)
    caption = printed(story.lead_caption) or image.caption_in(story.language).words
    return Picture(
        whole(address),
        width,
        height,
        TYPES[address.rpartition(".")[2]],
        plain(image.alt_in(story.language).words),
        plain(caption),
        plain(image.printed_credit),
    )


def _text(story, pictures, lines):
    paid_by = story.paid_by
    return Text(
        paid_by=plain(paid_by.name_in(story.language).words) if paid_by is not None else "",
        standfirst=plain(story.standfirst),
        credits=tuple(plain(line) for line in lines),
        above=tuple(_note(entry) for entry in story.serious_corrections()),
        body=printing.for_feeds(story, pictures),
        below=tuple(_note(entry) for entry in story.minor_corrections()),
        reports=reports(story),
    )


def _note(entry):
    return Note(str(kind_of_correction(entry)), day_text(entry.published_at), plain(entry.text))


def reports(story):
    """The Reports that a story relies on."""
    return tuple(
        Report(
            plain(citation.organisation.name_in(story.language).words),
            citation.url,
            str(relation_of(citation)),
        )
        for citation in story.citations.all()
    )


# Corrections


def of_correction(entry):
    """An entry of the log of corrections as an Item."""
    story, kind = entry.article, str(kind_of_correction(entry))
    about = story.headline
    if story.status == "withdrawn" and not story.down_shows_headline:
        about = gettext("a withdrawn story")
    return Item(
        guid=plain(f"{story.guid}#c{entry.pk}"),
        title=plain(f"{kind}: {about}"),
        link=f"{whole(reverse('corrections'))}#c{entry.pk}",
        summary=plain(entry.text),
        published=second(entry.published_at),
        updated=second(entry.published_at),
        categories=(Category(kind, whole(reverse("corrections"))),),
    )
