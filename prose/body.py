"""What may stand in the body of a story, and nothing else: the only maker of safe HTML.

Text is cleaned where it enters, by ``clean``; ``render`` makes of clean text what readers get.

Allowed: paragraphs, headings h2 to h4, lists, quotes with their speaker, pull quotes, links,
emphasis, sub- and superscript, tables, rules; a picture as a reference to the library
(``<figure data-image="12"><figcaption>Caption <cite>Credit</cite></figcaption></figure>``), several
of them as a gallery (``<aside class="gallery">`` around them, between the paragraphs), and something
embedded as a reference to a known provider, never as somebody's HTML
(``<figure data-embed="youtube" data-id="..."></figure>``).
"""

import re
from collections import Counter
from html import escape, unescape
from html.parser import HTMLParser
from typing import NamedTuple

import nh3
from django.utils.html import strip_tags
from django.utils.safestring import mark_safe

from addresses.languages import direction
from prose import pasted

MAX_LENGTH = 1_000_000  # characters
MOST_PASSES = 8
MAX_DEPTH = 40  # elements within one another; of deeper ones only the words are kept

TAGS = {
    "p",
    "br",
    "h2",
    "h3",
    "h4",
    "ul",
    "ol",
    "li",
    "blockquote",
    "footer",
    "aside",
    "a",
    "strong",
    "em",
    "sub",
    "sup",
    "table",
    "caption",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
    "hr",
    "figure",
    "figcaption",
    "cite",
}
ATTRIBUTES = {
    "a": {"href", "hreflang"},
    "aside": {"class"},
    "th": {"scope", "colspan", "rowspan"},
    "td": {"colspan", "rowspan"},
    "ol": {"start"},
    "figure": {"data-image", "data-embed", "data-id"},
    "p": {"lang"},
    "blockquote": {"lang"},
}
SCHEMES = {"http", "https", "mailto"}
# What an older or a foreign editor writes for the same thing.
RENAMED = {"b": "strong", "i": "em", "h1": "h2", "h5": "h4", "h6": "h4", "div": "p"}
DROPPED_WITH_CONTENT = {
    "script",
    "style",
    "iframe",
    "object",
    "embed",
    "svg",
    "math",
    "template",
    "noscript",
    "title",
    "textarea",
    "select",
    "button",
    "form",
    "video",
    "audio",
    "canvas",
    "applet",
    "frameset",
    "noembed",
    "noframes",
    "xmp",
    "plaintext",
}
VOID = {"br", "hr"}
BLOCKS = {"p", "h2", "h3", "h4", "ul", "ol", "blockquote", "aside", "table", "hr", "figure"}
LEAVES = {"p", "h2", "h3", "h4", "li", "footer", "th", "td", "caption", "figcaption"}

# Where a part of something may stand; anywhere else it is a paragraph, or only its words are kept.
PARENTS = {
    "figcaption": {"figure"},
    "cite": {"figcaption"},
    "footer": {"blockquote"},
    "li": {"ul", "ol"},
    "caption": {"table"},
    "thead": {"table"},
    "tbody": {"table"},
    "tr": {"table", "thead", "tbody"},
    "th": {"tr"},
    "td": {"tr"},
}

ASIDES = {"pullquote", "gallery"}


class Provider(NamedTuple):
    """Whose things may be embedded.

    ``reference``: how a reference looks; ``found_in``: regular expressions, for browsers too, with
    the reference as their one group, of addresses that people copy; ``address`` and ``frame``: with
    ``{}`` for the reference, where a person sees the thing and what can be shown within a page.
    ``is_post``: words in a column rather than a picture that moves.
    """

    name: str
    reference: re.Pattern
    found_in: tuple[str, ...]
    address: str
    frame: str
    is_post: bool = False


PROVIDERS = {
    "youtube": Provider(
        "YouTube",
        re.compile(r"[\w-]{6,20}", re.ASCII),
        (
            r"youtube\.com/(?:watch\?(?:.*&)?v=|embed/|shorts/|live/)([\w-]{6,20})",
            r"youtu\.be/([\w-]{6,20})",
        ),
        "https://www.youtube.com/watch?v={}",
        "https://www.youtube-nocookie.com/embed/{}?autoplay=1",
    ),
    "vimeo": Provider(
        "Vimeo",
        re.compile(r"\d{4,14}", re.ASCII),
        (r"vimeo\.com/(?:video/)?(\d{4,14})",),
        "https://vimeo.com/{}",
        "https://player.vimeo.com/video/{}?dnt=1&autoplay=1",
    ),
    "telegram": Provider(
        "Telegram",
        re.compile(r"\w{4,40}/\d{1,10}", re.ASCII),
        (r"t\.me/(?:s/)?(\w{4,40}/\d{1,10})",),
        "https://t.me/{}",
        "https://t.me/{}?embed=1",
        is_post=True,
    ),
    "instagram": Provider(
        "Instagram",
        re.compile(r"(?:p|reel)/[\w-]{5,40}", re.ASCII),
        (r"instagram\.com/(?:[\w.]+/)?((?:p|reel)/[\w-]{5,40})",),
        "https://www.instagram.com/{}/",
        "https://www.instagram.com/{}/embed/captioned/",
        is_post=True,
    ),
    "x": Provider(
        "X",
        re.compile(r"\d{5,20}", re.ASCII),
        (r"(?:twitter|\bx)\.com/\w+(?:/web)?/status/(\d{5,20})",),
        "https://x.com/i/status/{}",
        "https://platform.twitter.com/embed/Tweet.html?id={}&dnt=true",
        is_post=True,
    ),
}


class Embedded(NamedTuple):
    """Something that stands elsewhere: whose it is, where a person sees it, what a frame shows."""

    name: str
    address: str
    frame: str
    is_post: bool


# C0 and C1 controls but tab and line ends, NUL (which PostgreSQL cannot store), half surrogates,
# and the invisible marks that turn text around.
_UNWANTED = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069\ufeff]"
)
_EMPTY = re.compile(
    r"<(p|h[2-4]|li|ul|ol|blockquote|aside|footer|figcaption|cite|em|strong|sub|sup|a)(?: [^>]*)?>(?:\s|&nbsp;|\xa0|<br>)*</\1>"
)
# Tags that stay open until they are closed; a paragraph or an item ends where the next begins.
_NESTING = re.compile(r"<(/?)(?!(?:p|li|br|hr|td|th|tr|img|input|meta|link)\b)[a-zA-Z][^<>]*>")
_FIGURE = re.compile(r"<figure ([^>]*)>(.*?)</figure>", re.S)
_LINK = re.compile(r'(?<=<a href=")(?![A-Za-z][A-Za-z0-9+.-]*:)[^"]*')
_PICTURES_FIRST = re.compile(
    r"(?:\s*(?:<figure[ >].*?</figure>|<(aside|div) class=\"gallery\">.*?</\1>))*\s*", re.S
)
_IN_A_LANGUAGE = re.compile(r'<(p|blockquote) lang="([A-Za-z-]+)">')
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z]{2,8})?")

_first_pass = nh3.Cleaner(
    tags=TAGS | set(RENAMED),
    clean_content_tags=DROPPED_WITH_CONTENT,
    attributes=ATTRIBUTES,
    url_schemes=SCHEMES,
    strip_comments=True,
    link_rel=None,
)
_last_pass = nh3.Cleaner(
    tags=TAGS, attributes=ATTRIBUTES, url_schemes=SCHEMES, strip_comments=True, link_rel=None
)


def plain(words):
    """``words`` without the characters that no text of ours may hold (NUL and its like)."""
    return _UNWANTED.sub("", words)


def clean(html):
    """``html`` with what may stand in a body and nothing else; ``""`` where nothing is left.

    Cleaning what is clean changes nothing.
    """
    html = pasted.tidy(plain(html or ""))
    # What stands in a table between its cells moves out when it is read again, so that the first
    # pass over odd HTML need not be the last. Bounded, so that no text can hold a worker.
    for _ in range(MOST_PASSES):
        again = _pass(html)
        if again == html:
            break
        html = again
    return html


def is_clean(html):
    """Whether ``html`` can be told at a glance to hold nothing but what may stand in a body.

    For many texts that were cleaned once: of others, and of those with figures, ``clean`` decides.
    """
    return "<figure" not in html and plain(html) == html and _last_pass.clean(html) == html


def _pass(html):
    if not html.strip():
        return ""
    rebuilt = _Rebuilder.rebuild(_first_pass.clean(_shallow(html)))
    while (shorter := _EMPTY.sub("", rebuilt)) != rebuilt:
        rebuilt = shorter
    return _last_pass.clean(_in_order(rebuilt)).strip()


def _shallow(html):
    """``html`` without the tags that lie too deep: parsing takes time with the square of depth."""
    depth = 0

    def tag(match):
        nonlocal depth
        if match[1]:
            depth -= depth > 0
        else:
            depth += 1
        return match[0] if depth <= 5 * MAX_DEPTH else ""

    return _NESTING.sub(tag, html)


def _in_order(html):
    """Headings that begin with h2, below the headline, and skip no level on the way down."""
    levels = [int(n) for n in re.findall(r"<h([2-4])>", html)]
    if not levels:
        return html
    shift, last, ends = min(levels) - 2, 1, []

    def start(match):
        nonlocal last
        last = min(int(match[2]) - shift, last + 1)
        ends.append(last)
        return f"<h{last}>"

    def either(match):
        return f"</h{ends.pop()}>" if match[1] else start(match)

    return re.sub(r"<(/?)h([2-4])>", either, html)


class _Rebuilder(HTMLParser):
    """Writes clean HTML again in our own terms: one name for one thing, every text in a block.

    ``open`` holds what is open as pairs: the tag that was read, and the tag written for it ("" where
    only its words are kept).
    """

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.out = []
        self.open = []
        self.too_deep = Counter()
        self.gallery = 0  # how many were open when the gallery that is open began, it included

    @classmethod
    def rebuild(cls, html):
        self = cls()
        self.feed(html)
        self.close()
        while self.open:
            self._end()
        return "".join(self.out)

    def handle_starttag(self, tag, attributes):
        tag = RENAMED.get(tag, tag)
        if len(self.open) >= MAX_DEPTH and tag not in VOID:
            self.too_deep[tag] += 1
            return
        attributes = dict(attributes)
        if self._ends_gallery(tag, attributes):
            self._end_gallery()
        written = [w for _, w in self.open if w]
        if tag == "p" and {"p", "figcaption", "caption"} & set(written):
            self.open.append((tag, ""))
            return
        if tag in BLOCKS:
            while any(w in LEAVES - {"li", "th", "td"} for _, w in self.open):
                self._end()
            while any(
                w == "figure" for _, w in self.open
            ):  # nothing but its caption is in a figure
                self._end()
        kind = attributes.get("class") if tag == "aside" else ""
        if (
            (tag == "figure" and not self._reference(attributes))
            or (tag == "aside" and kind not in ASIDES)
            or (kind == "gallery" and any(w for _, w in self.open))
        ):
            self.open.append((tag, ""))
        elif tag in PARENTS and not (written and written[-1] in PARENTS[tag]):
            if tag in LEAVES and not self._in_block():
                self._start("p", {}, read=tag)
            else:
                self.open.append((tag, ""))
        else:
            if tag not in BLOCKS and tag not in LEAVES and not self._in_block():
                self._start("p", {})
            self._start(tag, attributes)
            self.gallery = len(self.open) if kind == "gallery" else self.gallery

    def handle_startendtag(self, tag, attributes):
        self.handle_starttag(tag, attributes)

    def handle_endtag(self, tag):
        tag = RENAMED.get(tag, tag)
        if self.too_deep[tag]:
            self.too_deep[tag] -= 1
            return
        if not any(read == tag for read, _ in self.open):
            return
        while self.open[-1][0] != tag:
            self._end()
        self._end()

    def handle_data(self, data):
        if data.strip() and self._ends_gallery("", {}):
            self._end_gallery()
        if not self._in_block():
            if not data.strip():
                self.out.append("\n" if "\n" in data else "")
                return
            self._start("p", {})
        self.out.append(escape(data, quote=False).replace("\xa0", "&nbsp;"))

    def _ends_gallery(self, tag, attributes):
        """Whether a gallery ends where ``tag`` (or text) begins: in it are only pictures."""
        if not self.gallery or any(w for _, w in self.open[self.gallery :]):
            return False
        return not (tag == "figure" and "data-image" in attributes and self._reference(attributes))

    def _end_gallery(self):
        while self.gallery:
            self._end()

    def _in_block(self):
        return any(written in BLOCKS or written in LEAVES for _, written in self.open)

    def _start(self, tag, attributes, read=None):
        kept = {
            name: value
            for name, value in attributes.items()
            if name in ATTRIBUTES.get(tag, ()) and self._sound(tag, name, value)
        }
        written = "".join(f' {name}="{escape(value)}"' for name, value in sorted(kept.items()))
        self.out.append(f"<{tag}{written}>")
        if tag not in VOID:
            self.open.append((read or tag, tag))

    def _end(self):
        if len(self.open) == self.gallery:
            self.gallery = 0
        _, tag = self.open.pop()
        if tag:
            self.out.append(f"</{tag}>")

    @staticmethod
    def _reference(attributes):
        """Whether a figure refers to a picture of the library or to a known provider's thing."""
        if re.fullmatch(r"[0-9]{1,9}", attributes.get("data-image") or ""):
            return True
        provider = PROVIDERS.get(attributes.get("data-embed"))
        return provider is not None and provider.reference.fullmatch(
            attributes.get("data-id") or ""
        )

    @staticmethod
    def _sound(tag, name, value):
        if value is None:
            return False
        if name in {"colspan", "rowspan", "start"}:
            return re.fullmatch(r"[0-9]{1,3}", value) is not None
        if name == "scope":
            return value in {"row", "col"}
        if name in {"lang", "hreflang"}:
            return _LANGUAGE.fullmatch(value)
        return True


def text(html):
    """The words of clean ``html``, blocks on lines of their own."""
    lines = re.sub(r"</(?:p|h[2-4]|li|blockquote|tr|caption|figcaption)>|<br>", "\n", html)
    return re.sub(r"\n\s*\n+", "\n", unescape(strip_tags(lines))).strip()


def images_in(html):
    """Numbers of the library pictures that clean ``html`` refers to, in order, each once."""
    return list(dict.fromkeys(int(n) for n in re.findall(r'<figure data-image="(\d+)"', html)))


def after_pictures(html):
    """Where in clean ``html`` (or what ``render`` makes of it) the pictures end that it begins with."""
    return _PICTURES_FIRST.match(html).end()


def embeds_in(html):
    """What clean ``html`` shows from elsewhere: Embedded things in order."""
    found = re.findall(r'<figure data-embed="(\w+)" data-id="([^"]+)">', html)
    return [_embedded(provider, reference) for provider, reference in found]


def _embedded(provider, reference):
    of = PROVIDERS[provider]
    return Embedded(of.name, of.address.format(reference), of.frame.format(reference), of.is_post)


def render(html, *, opening="", picture=None, embed=None, caption=None, link=None):
    """Clean ``html`` as readers get it: safe to print.

    ``opening``: safe HTML put before the first words (the dateline), in the first paragraph if the
    text begins with one, pictures apart. ``picture(number, place)`` (place: "inline" or "gallery") and
    ``embed(embedded)`` give the safe HTML of a figure's inside, or "" where it must not be shown; the
    figure is left out then, and a gallery without figures. ``caption(words)`` gives the words that
    are printed of a figure's own caption; ``link(address)`` an address without its beginning whole.
    """

    def figure(match, place="inline"):
        attributes, inside = match[1], match[2]
        if number := re.search(r'data-image="(\d+)"', attributes):
            shown = picture(int(number[1]), place) if picture else ""
        else:
            (embedded,) = embeds_in(match[0])
            shown = embed(embedded) if embed else ""
        return f"<figure>{shown}{_printed(inside, caption)}</figure>" if shown else ""

    def gallery(match):
        figures = _FIGURE.sub(lambda one: figure(one, "gallery"), match[1])
        return f'<div class="gallery">{figures}</div>' if figures.strip() else ""

    html = re.sub(r'<aside class="gallery">(.*?)</aside>', gallery, html, flags=re.S)
    html = _FIGURE.sub(figure, html)
    html = re.sub(r"<table>.*?</table>", _scrolling, html, flags=re.S)
    html = _IN_A_LANGUAGE.sub(_running, html)
    if opening:
        html = _opened(html, opening)
    if link:
        html = _LINK.sub(lambda found: escape(link(unescape(found[0]))), html)
    return mark_safe(html)


def _opened(html, opening):
    """``html`` with ``opening`` before its first words, below the pictures that it begins with."""
    start = after_pictures(html)
    first = re.compile(r"<p(?: [^>]*)?>").match(html, start)
    if first is None:
        return f"{html[:start]}<p>{opening}</p>{html[start:]}"
    return f"{html[: first.end()]}{opening}{html[first.end() :]}"


def _printed(html, caption):
    """The caption of a figure with its words as ``caption`` gives them; what stays is not touched."""
    if caption is None:
        return html
    parts = re.split(r"(<[^>]*>)", html)
    for number in range(0, len(parts), 2):
        words = unescape(parts[number])
        if (given := caption(words)) != words:
            parts[number] = escape(given, quote=False)
    return "".join(parts)


def _running(match):
    """The beginning of a passage in another language, with the way in which that runs."""
    return f'<{match[1]} lang="{match[2]}" dir="{direction(match[2])}">'


def _scrolling(match):
    """A table in a box of its own, which scrolls where the screen is narrower; reachable by key."""
    label = re.search(r"<caption>(.*?)</caption>", match[0], flags=re.S)
    name = escape(unescape(strip_tags(label[1]))) if label else ""
    named = f' role="region" aria-label="{name}"' if name else ""
    return f'<div class="table"{named} tabindex="0">{match[0]}</div>'
