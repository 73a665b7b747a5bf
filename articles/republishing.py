"""A story as other papers may take it over: clean HTML and plain text that say whose it is."""

import re
from typing import NamedTuple

from django.utils.html import format_html
from django.utils.translation import gettext

from articles import printing
from articles.feeds import content, items
from articles.templatetags.news import day_text
from prose import body

_FIGURE = re.compile(r"<figure>.*?</figure>", re.S)
_LINK_ALONE = re.compile(r'<a href="([^"]*)" rel="noopener">([^<]*)</a>')


class Copy(NamedTuple):
    """The two forms of one text."""

    html: str
    text: str


def address(story, licence):
    """Where a story is offered, or "" where it is not. ``licence``: the terms of the site, a Text."""
    if not licence.words or not story.is_offered():
        return ""
    return f"{story.get_absolute_url()}republish/"


def copy_of(story, house, name, now):
    """The Copy of a story of ``items.for_feeds``. ``name``: what the paper is called."""
    [item] = items.of_stories([story], house, now)
    before, after = _first_published(item).split("\0")
    html = [
        format_html("<h1>{}</h1>", item.title),
        content.html(item),
        format_html('<p>{}<a href="{}">{}</a>{}</p>', before, item.link, name, after),
    ]
    blocks = [*_blocks(item), f"{before}{name}{after}\n{item.link}"]
    return Copy("\n".join(html), "\n\n".join(filter(None, blocks)))


def _first_published(item):
    said = {"name": "\0", "day": day_text(item.published)}
    return gettext("First published by %(name)s on %(day)s.") % said


def _blocks(item):
    """The paragraphs of a story in plain words."""
    text = item.text
    html = printing.feed_html(text.body, item.link)
    html = _FIGURE.sub(lambda found: "" if "<img" in found[0] else found[0], html)
    html = _LINK_ALONE.sub(r"\2: \1", html)
    html = re.sub(r"</t[dh]>(?=<t[dh])", "\t", html.replace("<li>", "<li>– "))
    return [
        item.title,
        text.standfirst,
        "\n".join(text.credits),
        *map(_note, text.above),
        *body.text(html).split("\n"),
        *map(_note, text.below),
        _reports(text.reports),
    ]


def _note(note):
    return f"{note.kind}, {note.day}: {note.text}"


def _reports(reports):
    if not reports:
        return ""
    title = gettext("This story relies on reports by")
    lines = [", ".join(filter(None, [one.name, one.used, one.address])) for one in reports]
    return "\n".join([title, *(f"– {line}" for line in lines)])
