"""The words of a story as they are printed: its dateline, its body with pictures, a description."""

import re
from typing import NamedTuple
from urllib.parse import urljoin, urlsplit

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.dateformat import format as format_date
from django.utils.html import format_html
from django.utils.text import Truncator
from django.utils.translation import gettext

from articles import datelines
from images.models import Image
from images.printing import printed
from images.renditions import rendition_size, rendition_url
from images.templatetags.pictures import picture_html
from prose import body

DESCRIPTION_LENGTH = 200  # characters, about what a search engine shows


def dateline(article, *, in_capitals=False):
    """``BISHKEK (TCA) —`` and a space, as safe HTML; "" for a story without a place.

    The place stands as it was typed and is set in capitals by the style sheet, so that it is read
    out and found as a word; ``in_capitals`` where no style sheet will be.
    """
    place = article.dateline_place.strip()
    if not place:
        return ""
    date, agency = "", ""
    if article.dateline_date is not None:
        date = f", {format_date(article.dateline_date, 'j E')}"
    if article.dateline_organisation is not None:
        agency = f" ({article.dateline_organisation.short_name or article.dateline_organisation})"
    if in_capitals:
        return format_html("<b>{}{}{}</b> — ", place.upper(), date, agency)
    return format_html('<b class="dateline"><span>{}</span>{}{}</b> — ', place, date, agency)


def pictures_in(articles, now, *, all_of_them=False):
    """The library pictures in the bodies of stories, number -> Image: one query, none without any.

    Only what readers may see at ``now``, unless ``all_of_them``.
    """
    numbers = {number for article in articles for number in body.images_in(article.body)}
    if not numbers:
        return {}
    pictures = Image.objects.all() if all_of_them else Image.objects.visible(now)
    return {image.pk: image for image in pictures.filter(pk__in=numbers)}


def body_html(article, pictures, *, signed=False):
    """The body as the story's page prints it, dateline first. ``pictures``: see pictures_in."""

    def picture(number, place):
        image = pictures.get(number)
        if image is None:
            return ""
        html = picture_html(image, place, language=article.language, signed=signed)
        return format_html("{}{}", html, own_caption(article, number, image))

    return body.render(
        article.body, opening=dateline(article), picture=picture, embed=_embed, caption=printed
    )


def frames_in(article):
    """Where the frames come from that a reader may open in a body: origins, each once, in order."""
    addresses = [urlsplit(embedded.frame) for embedded in body.embeds_in(article.body)]
    return list(dict.fromkeys(f"{address.scheme}://{address.netloc}" for address in addresses))


class ForFeeds(NamedTuple):
    """A body for other people's readers, before it is put together.

    ``opening``: the dateline. ``pictures``: pairs of a number and the safe HTML that stands there.
    """

    html: str
    opening: str
    pictures: tuple


def for_feeds(article, pictures):
    """The ForFeeds of a story; of ``pictures`` (see pictures_in) those that may be passed on."""
    shown = []
    for number in body.images_in(article.body):
        image = pictures.get(number)
        if image is not None and image.may_be_passed_on:
            html = plain_picture(image, "inline", article.language)
            caption = own_caption(article, number, image)
            shown.append((number, format_html("{}{}", html, caption)))
    return ForFeeds(article.body, dateline(article, in_capitals=True), tuple(shown))


def feed_html(given, address):
    """What a ForFeeds gives, safe to print: plain pictures, links instead of frames, whole addresses.

    ``address``: where the story stands.
    """
    pictures = dict(given.pictures)
    return body.render(
        given.html,
        opening=given.opening,
        picture=lambda number, _place: pictures.get(number, ""),
        embed=link_elsewhere,
        caption=printed,
        link=lambda link: _joined(address, link),
    )


def _joined(address, link):
    try:
        return urljoin(address, link)
    except ValueError:  # "//[": no address of anything
        return link


def plain_picture(image, recipe, language):
    """A picture as an ``<img>`` with a whole address, safe to print; "" without its size."""
    address = rendition_url(image, recipe, 960)
    if not address:
        return ""
    width, height = rendition_size(image, recipe, 960)
    return format_html(
        '<img src="{}{}" width="{}" height="{}" alt="{}">',
        settings.SITE_URL,
        address,
        width,
        height,
        image.alt_in(language).words,
    )


def own_caption(article, number, image):
    """The picture's own caption and credit, where the story gives it none."""
    if not re.search(rf'<figure data-image="{number}"[^>]*></figure>', article.body):
        return ""
    caption = image.caption_in(article.language).words
    credit = image.printed_credit
    if not caption and not credit:
        return ""
    credit = format_html("<cite>{}</cite>", credit) if credit else ""
    return format_html("<figcaption>{} {}</figcaption>", caption, credit)


def _embed(embedded):
    """A link, and for whoever has scripts a button that opens a frame (static/embed.js)."""
    context = {"embedded": embedded, "words": _words_of(embedded)}
    return render_to_string("articles/_embed.html", context)


def link_elsewhere(embedded):
    """Something embedded as a link, where no frame is to be opened."""
    html = '<p><a href="{}" rel="noopener">{}</a></p>'
    return format_html(html, embedded.address, _words_of(embedded))


def _words_of(embedded):
    words = gettext("See on %(name)s") if embedded.is_post else gettext("Watch on %(name)s")
    return words % {"name": embedded.name}


def description(article):
    """A sentence or two for search engines and social cards; never the dateline."""
    words = article.seo_description or article.standfirst
    if not words:
        # A heading that could not be moved into its fields still stands in the text.
        _place, _agency, html = datelines.split(article.body)
        words = body.text(html)
    return Truncator(" ".join(words.split())).chars(DESCRIPTION_LENGTH)
