"""RSS 2.0 (https://www.rssboard.org/rss-specification) with the modules that readers know: content
for the whole text, Dublin Core for one name a person, Media RSS for the picture."""

import io

from django.utils.feedgenerator import rfc2822_date
from django.utils.xmlutils import SimplerXMLGenerator

from articles.feeds import content

NAME, FILE, TYPE = "RSS", "rss.xml", "application/rss+xml"
TTL = 15  # minutes after which it is worth asking again
NAMESPACES = {
    "xmlns:atom": "http://www.w3.org/2005/Atom",
    "xmlns:content": "http://purl.org/rss/1.0/modules/content/",
    "xmlns:dc": "http://purl.org/dc/elements/1.1/",
    "xmlns:media": "http://search.yahoo.com/mrss/",
}


def write(channel):
    """A Channel as bytes."""
    out = io.BytesIO()
    xml = SimplerXMLGenerator(out, "utf-8", short_empty_elements=True)
    xml.startDocument()
    xml.startElement("rss", {"version": "2.0", **NAMESPACES})
    xml.startElement("channel", {})
    xml.addQuickElement("title", channel.title)
    xml.addQuickElement("link", channel.link)
    xml.addQuickElement("description", channel.description)
    xml.addQuickElement("language", channel.language)
    own = {"rel": "self", "href": channel.address, "type": TYPE}
    xml.addQuickElement("atom:link", None, own)
    if channel.items:
        newest = max(item.updated for item in channel.items)
        xml.addQuickElement("lastBuildDate", rfc2822_date(newest))
    xml.addQuickElement("ttl", str(TTL))
    for item in channel.items:
        xml.startElement("item", {})
        _write_item(xml, item)
        xml.endElement("item")
    xml.endElement("channel")
    xml.endElement("rss")
    xml.endDocument()
    return out.getvalue()


def _write_item(xml, item):
    xml.addQuickElement("title", item.title)
    xml.addQuickElement("link", item.link)
    xml.addQuickElement("guid", item.guid, {"isPermaLink": "false"})
    xml.addQuickElement("pubDate", rfc2822_date(item.published))
    for person in item.authors:
        xml.addQuickElement("dc:creator", person.name)
    for person in item.contributors:
        xml.addQuickElement("dc:contributor", person.name)
    for category in item.categories:
        xml.addQuickElement("category", category.name, {"domain": category.scheme})
    # Before the whole text: some readers take whichever comes last.
    xml.addQuickElement("description", item.summary)
    if item.text is not None:
        xml.addQuickElement("content:encoded", content.html(item))
    if item.picture is not None:
        _write_picture(xml, item.picture)


def _write_picture(xml, picture):
    size = {"width": str(picture.width), "height": str(picture.height)}
    about = {"url": picture.address, "type": picture.type, "medium": "image", **size}
    xml.startElement("media:content", about)
    if picture.alt:
        xml.addQuickElement("media:title", picture.alt, {"type": "plain"})
    if picture.caption:
        xml.addQuickElement("media:description", picture.caption, {"type": "plain"})
    if picture.credit:
        xml.addQuickElement("media:credit", picture.credit)
    xml.endElement("media:content")
