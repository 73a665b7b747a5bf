"""Other stories that a story may lead to: those near it, and the one at a pasted address."""

import re
from collections import Counter
from html import escape, unescape
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext, override

from addresses.languages import codes
from addresses.models import find as find_redirect
from articles.models import Article, Filing
from prose import body

MOST = 6
_LOOKED_AT = (
    60  # the newest stories that have something in common, among which the nearest are chosen
)
_MOST_ADDRESSES = 30  # of our own in one text, each a query or two

_STORY = re.compile(r"(?:/([a-z-]{2,10}))?/\d{4}/\d{1,2}/\d{1,2}/([-\w]+)/?")
_SHORT = re.compile(r"/a/([0-9]{1,18})/?")
_PIECES = re.compile(r'(<a href="([^"]*)"[^>]*>([^<]*)</a>|<[^>]*>)')
_ADDRESS = re.compile(r"https?://[^\s<>\"“”«»]+[^\s<>\"“”«».,;:!?)]")


def near(stories, *, language, section=None, regions=(), tags=(), exclude=None):
    """Of a queryset of live stories, the nearest to one with these things, nearest and newest first.

    A common tag says most, then a region, then the section. ``section``, ``regions``, ``tags``:
    primary keys. At most MOST stories, without their bodies, in at most four queries.
    """
    stories = stories.in_language(language).exclude(pk=exclude).newest_first().defer("body")
    of_regions = Article.regions.through.objects
    common = Q()
    if tags:
        common |= Q(pk__in=Filing.objects.filter(tag__in=tags).values("content_object"))
    if regions:
        common |= Q(pk__in=of_regions.filter(region__in=regions).values("article"))
    found = list(stories.filter(common)[:_LOOKED_AT]) if common else []
    weight = Counter()
    keys = [story.pk for story in found]
    for key in Filing.objects.filter(content_object__in=keys, tag__in=tags).values_list(
        "content_object", flat=True
    ):
        weight[key] += 4
    for key in of_regions.filter(article__in=keys, region__in=regions).values_list(
        "article", flat=True
    ):
        weight[key] += 2
    for story in found:
        weight[story.pk] += section is not None and story.section_id == section
    found.sort(key=lambda story: -weight[story.pk])
    if len(found) < MOST and section is not None:
        found += stories.filter(section=section).exclude(pk__in=keys)[: MOST - len(found)]
    return found[:MOST]


def story_at(address, stories):
    """The story among ``stories`` whose public address, now or once, ``address`` is; or None.

    ``address``: a whole one of this site, or a path.
    """
    try:
        parts = urlsplit(address.strip())
    except ValueError:
        return None
    if parts.netloc and parts.netloc != urlsplit(settings.SITE_URL).netloc:
        return None
    path = body.plain(unquote(parts.path))
    story = _at(path, stories)
    if story is None and path.startswith("/") and (moved := find_redirect(path)) is not None:
        story = _at(moved.target, stories)
    return story


def _at(path, stories):
    if short := _SHORT.fullmatch(path):
        return stories.filter(pk=int(short[1])).first()
    parts = _STORY.fullmatch(path)
    if parts is None:
        return None
    language = parts[1] or codes()[0]
    found = list(stories.in_language(language).filter(slug=parts[2]).newest_first()[:20])
    path = path if path.endswith("/") else f"{path}/"
    return next((story for story in found if story.get_absolute_url() == path), None)


def chosen_in(html):
    """The paths of stories of ours that a clean body leads to, in its order: what its writer chose."""
    begin = f"{settings.SITE_URL}/"
    addresses = (unescape(href) for _whole, href, _words in _PIECES.findall(html) if href)
    paths = [
        unquote(urlsplit(address).path)
        for address in addresses
        if address.startswith((begin, "/")) and not address.startswith("//")
    ]
    paths = [path for path in paths if _SHORT.fullmatch(path) or _STORY.fullmatch(path)]
    return list(dict.fromkeys(paths))[:_MOST_ADDRESSES]


def at_any(paths):
    """A condition on stories that those at one of ``paths`` meet; and some that only look like it."""
    numbers = [int(short[1]) for path in paths if (short := _SHORT.fullmatch(path))]
    slugs = [story[2] for path in paths if (story := _STORY.fullmatch(path))]
    return Q(pk__in=numbers) | Q(slug__in=slugs)


def link(story):
    """A link to a story as a body may hold it."""
    return f'<a href="{escape(story.get_absolute_url())}">{escape(story.headline, quote=False)}</a>'


def paragraph(story):
    """A paragraph of a body that leads to a story."""
    with override(story.language):
        words = gettext("Read more:")
    return f"<p>{escape(words, quote=False)} {link(story)}</p>"


def name_addresses(html, stories):
    """Clean ``html`` in which a bare address of one of ``stories`` is a link with its headline."""
    if settings.SITE_URL not in html:
        return html
    left, out, within = _MOST_ADDRESSES, [], False

    def named(address, otherwise):
        nonlocal left
        if not address.startswith(f"{settings.SITE_URL}/") or left <= 0:
            return otherwise
        left -= 1
        story = story_at(address, stories)
        return otherwise if story is None else link(story)

    last = 0
    for piece in _PIECES.finditer(html):
        out.append(_in_text(html[last : piece.start()], named, within))
        last = piece.end()
        if piece[2] is not None and unescape(piece[3]).strip() == unescape(piece[2]):
            out.append(named(unescape(piece[2]), piece[1]))
            continue
        if piece[1].startswith("<a ") and piece[2] is None:
            within = True
        elif piece[1] == "</a>":
            within = False
        out.append(piece[1])
    out.append(_in_text(html[last:], named, within))
    return "".join(out)


def _in_text(text, named, within):
    if within:
        return text
    return _ADDRESS.sub(lambda match: named(unescape(match[0]), match[0]), text)
