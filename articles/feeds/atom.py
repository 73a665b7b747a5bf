"""Atom (RFC 4287), which alone can also say what was taken down (RFC 6721)."""

import io
import re
from urllib.parse import quote, urlsplit

from django.conf import settings
from django.utils.feedgenerator import rfc3339_date
from django.utils.xmlutils import SimplerXMLGenerator

from articles.feeds import content
from authors.models import ALWAYS

NAME, FILE, TYPE = "Atom", "atom.xml", "application/atom+xml"
NAMESPACES = {
    "xmlns": "http://www.w3.org/2005/Atom",
    "xmlns:at": "http://purl.org/atompub/tombstones/1.0",
    "xmlns:media": "http://search.yahoo.com/mrss/",
}
_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]+")


def write(channel):
    """A Channel as bytes."""
    out = io.BytesIO()
    xml = SimplerXMLGenerator(out, "utf-8", short_empty_elements=True)
    xml.startDocument()
    xml.startElement("feed", {**NAMESPACES, "xml:lang": channel.language})
    xml.addQuickElement("id", channel.address)
    xml.addQuickElement("title", channel.title)
    if channel.description:
        xml.addQuickElement("subtitle", channel.description)
    xml.addQuickElement("updated", rfc3339_date(channel.updated or ALWAYS))
    _write_person(xml, "author", channel.publisher)
    own = {"rel": "self", "type": TYPE, "href": channel.address}
    xml.addQuickElement("link", None, own)
    page = {"rel": "alternate", "type": "text/html", "href": channel.link}
    xml.addQuickElement("link", None, page)
    for stone in channel.tombstones:
        gone = {"ref": iri(stone.guid), "when": rfc3339_date(stone.at)}
        xml.addQuickElement("at:deleted-entry", None, gone)
    for item in channel.items:
        xml.startElement("entry", {})
        _write_entry(xml, item)
        xml.endElement("entry")
    xml.endElement("feed")
    xml.endDocument()
    return out.getvalue()


def _write_person(xml, kind, person):
    xml.startElement(kind, {})
    xml.addQuickElement("name", person.name)
    if person.address:
        xml.addQuickElement("uri", person.address)
    xml.endElement(kind)


def _write_entry(xml, item):
    xml.addQuickElement("id", iri(item.guid))
    xml.addQuickElement("title", item.title)
    page = {"rel": "alternate", "type": "text/html", "href": item.link}
    xml.addQuickElement("link", None, page)
    xml.addQuickElement("published", rfc3339_date(item.published))
    xml.addQuickElement("updated", rfc3339_date(item.updated))
    for person in item.authors:
        _write_person(xml, "author", person)
    for person in item.contributors:
        _write_person(xml, "contributor", person)
    for category in item.categories:
        about = {"term": category.name, "scheme": category.scheme}
        xml.addQuickElement("category", None, about)
    if item.summary:
        xml.addQuickElement("summary", item.summary)
    if item.text is not None:
        xml.addQuickElement("content", content.html(item), {"type": "html"})
    if item.picture is not None:
        _write_picture(xml, item.picture)


def _write_picture(xml, picture):
    file = {"rel": "enclosure", "type": picture.type, "href": picture.address}
    xml.addQuickElement("link", None, file)
    size = {"width": str(picture.width), "height": str(picture.height)}
    about = {"url": picture.address, "type": picture.type, "medium": "image", **size}
    xml.startElement("media:content", about)
    if picture.credit:
        xml.addQuickElement("media:credit", picture.credit)
    xml.endElement("media:content")


def iri(guid):
    """A guid as Atom wants it: what an imported story brought along need not be an address."""
    if _IRI.fullmatch(guid):
        return guid
    host = urlsplit(settings.SITE_URL).hostname
    return f"tag:{host},2000:guid/{quote(guid, safe='')}"
