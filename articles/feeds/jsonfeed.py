"""JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/)."""

import json

from django.utils.feedgenerator import rfc3339_date

from articles.feeds import content

NAME, FILE, TYPE = "JSON Feed", "feed.json", "application/feed+json"
VERSION = "https://jsonfeed.org/version/1.1"


def write(channel):
    """A Channel as bytes."""
    said = {
        "version": VERSION,
        "title": channel.title,
        "home_page_url": channel.link,
        "feed_url": channel.address,
        "description": channel.description,
        "language": channel.language,
        "authors": [_person(channel.publisher)],
        "items": [_item(item) for item in channel.items],
    }
    return json.dumps(_without_empty(said), ensure_ascii=False).encode()


def _without_empty(said):
    """Without what says nothing. A list of items may be empty; the feed must have one."""
    return {name: value for name, value in said.items() if value or name == "items"}


def _item(item):
    said = {
        "id": item.guid,
        "url": item.link,
        "title": item.title,
        "summary": item.summary,
        "date_published": rfc3339_date(item.published),
        "date_modified": rfc3339_date(item.updated),
        "authors": [_person(person) for person in item.authors],
        "tags": [category.name for category in item.categories],
    }
    if item.text is not None:
        said["content_html"] = content.html(item)
    else:
        said["content_text"] = item.summary or item.title
    if item.picture is not None:
        said["image"] = item.picture.address
        said["_picture"] = _without_empty(item.picture._asdict())
    return _without_empty(said)


def _person(person):
    return _without_empty({"name": person.name, "url": person.address})
