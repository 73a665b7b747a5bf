"""The text of a WordPress story as a body of ours.

``read`` takes blocks, shortcodes and classic text without paragraphs; what comes out is clean. The
words stay as they are; what a plugin would have put among them is named as lost.
"""

import re
from html import escape, unescape
from typing import NamedTuple

from articles.interchange import figures
from articles.interchange.records import Loss, Use
from prose import body

# Blocks that are no more than their HTML.
PLAIN_BLOCKS = set(
    "paragraph heading list list-item quote pullquote table image gallery embed html code "
    "preformatted verse separator spacer columns column group buttons button more nextpage cover "
    "media-text freeform details".split()
)
# Shortcodes also without attributes, an end, or a hyphen in their names.
SHORTCODES = set("gallery audio video playlist caption embed wp_caption".split())
LOST_ELEMENTS = (
    "iframe|script|object|embed|video|audio|form|canvas|svg|applet|select|textarea|template|math"
)
# Shortcodes that show what an address leads to, said as [youtube=…], [youtube …] or within.
SHOWING = "youtube|vimeo|tweet|twitter|instagram|facebook|dailymotion|soundcloud|ted|spotify|telegram|tiktok"
MOST_PASSES = 10

_BLOCK = re.compile(r"<!--\s+wp:([a-z][\w/-]*)")
_SHORTCODE = re.compile(r"\[(\[?)(/?)([a-zA-Z][\w-]{1,40})((?:\s[^\[\]]{0,10000}|/)?)\](\]?)")
_SHOWING = re.compile(
    rf"(?<!\[)\[({SHOWING})(?:(?:=|\s+)[\"']?(https?://[^\s\[\]<>\"']+)[^\[\]<>]{{0,500}}\](?:\[/\1\])?"
    rf"|\]\s*(https?://[^\s\[\]<>\"']+)\s*\[/\1\])",
    re.I,
)
_FIGURE = re.compile(r"<figure\b([^<>]*)>((?:(?!<figure\b).)*?)</figure>", re.S | re.I)
_FRAME = re.compile(r"<iframe\b([^<>]*)>(?:\s*</iframe>)?", re.I)
_SOURCE = re.compile(r"\bsrc=[\"']?([^\"'\s]+)", re.I)
_ADDRESS = re.compile(r"https?://[^\s<>\"'\[\]]+")
_ALONE = re.compile(r"<p>\s*(https?://[^\s<>\"']+)\s*</p>")
_CAPTION = re.compile(r"<figcaption\b[^<>]*>(.*?)</figcaption>", re.S | re.I)
_INSIDE_CITE = r"((?:(?!</?cite\b|</?blockquote\b|</?p\b).)*)"
_SPEAKER = re.compile(rf"<cite\b[^<>]*>{_INSIDE_CITE}</cite>(\s*</blockquote>)", re.S | re.I)
_CITE = re.compile(rf"<cite\b[^<>]*>{_INSIDE_CITE}</cite>", re.S | re.I)
_BREAK = re.compile(r"<br\s*/?>", re.I)
_ON_A_LINE = re.compile(r"^[ \t]*(https?://[^\s<>\"']+)[ \t]*$", re.M)
_BUTTON = re.compile(r"</?button\b[^<>]*>", re.I)
_TAG = re.compile(
    r"<(/?)(p|div|h[1-6]|ul|ol|li|dl|dt|dd|table|thead|tbody|tfoot|tr|td|th|caption|blockquote|pre|"
    r"figure|embedded|figcaption|form|fieldset|section|article|aside|header|footer|main|nav|address|hr|"
    r"details|summary|script|style|center)\b[^<>]*>",
    re.I,
)
# Boxes around paragraphs, of which a body has none.
_BOXES = set(
    "div section article main center details summary header nav address fieldset dl dt dd".split()
)
_HOLDERS = {"", "blockquote", "aside", *_BOXES}
_LINES = {"p", "li", "td", "th", "figcaption"} | {f"h{n}" for n in range(1, 7)}


class Body(NamedTuple):
    """``html`` is clean; a picture in it has the number of its Use in ``uses``, from 1 on."""

    html: str
    losses: list[Loss]
    uses: list[Use]


def read(html, children=lambda number: []):
    """``children``: see ``figures.Found``."""
    found = figures.Found(children)
    losses = found.losses
    html = html.replace("\r\n", "\n").replace("\r", "\n")
    has_blocks = "<!-- wp:" in html
    html = _without_comments(figures.prepared(_BUTTON.sub("", html)), losses)
    html = _without_shortcodes(html, found)
    html = _without_figures(html, found)
    html = _FRAME.sub(_frame, figures.IMAGE.sub(lambda match: found.mark(match[0]), html))
    # Ours are written last, so that they are not taken for theirs.
    html = html.replace("<embedded ", "<figure ").replace("</embedded>", "</figure>")
    losses += [Loss("element", name) for name in lost_elements(html)]
    html = _SPEAKER.sub(lambda match: f"<footer>{_bare(match[1])}</footer>{match[2]}", html)
    html = paragraphs(html, breaks=not has_blocks)
    html = body.clean(_ALONE.sub(lambda match: _embedded(match[1]), html))
    return Body(html, losses, found.uses)


def lost_elements(html):
    """Names of the elements in ``html`` that no body can have."""
    return [name.lower() for name in re.findall(rf"<({LOST_ELEMENTS})\b", html, flags=re.I)]


def _bare(words):
    """Words of a line without the line ends around them."""
    return "<br>".join(part.strip() for part in _BREAK.split(words) if part.strip())


def _between(html, opening, closing, replace):
    """``html`` with ``replace(match, inside)`` for each ``opening`` (a pattern) up to ``closing``."""
    out, at = [], 0
    while found := opening.search(html, at):
        end = html.find(closing, found.end())
        if end < 0:
            break
        out += [html[at : found.start()], replace(found, html[found.end() : end])]
        at = end + len(closing)
    return "".join([*out, html[at:]])


def _without_comments(html, losses):
    def replace(match, inside):
        block = _BLOCK.match(f"<!--{inside}")
        if block is not None:
            name = block[1].removeprefix("core/")
            is_embed = name.startswith("core-embed/")
            if inside.endswith("/") and name not in {"separator", "spacer", "more", "nextpage"}:
                losses.append(Loss("block", name))
            elif name not in PLAIN_BLOCKS and not is_embed:
                losses.append(Loss("foreign block", name))
        return ""

    html = _between(html, re.compile("<!--"), "-->", replace)
    return html.replace("<!--", "")


def _without_shortcodes(html, found):
    def caption(match, inside):
        image, words = figures.split(inside)
        if not image:
            return inside
        said = figures.attributes(match[0])
        number = re.search(r"attachment_(\d{1,15})", said.get("id", ""))
        words = words or escape(said.get("caption", ""))
        return found.mark(image, words, number=number[1] if number else 0)

    html = _between(html, re.compile(r"\[(?:wp_)?caption\b[^\]]*\]"), "[/caption]", caption)

    def embed(match, inside):
        address = _ADDRESS.search(unescape(inside))
        return f"\n\n{_embedded(address[0], mark='embedded')}\n\n" if address else inside

    html = _between(html, re.compile(r"\[embed\b[^\]]*\]"), "[/embed]", embed)
    html = _SHOWING.sub(
        lambda match: f"\n\n{_embedded(match[2] or match[3], mark='embedded')}\n\n", html
    )
    # Columns and boxes that touch are apart on the page, and so are their words.
    html = re.sub(r"(\w)(\[/[\w-]{2,40}\]\s*)(?=\[[a-zA-Z])", r"\1\2\n\n", html)
    ended = {name.lower() for name in re.findall(r"\[/([a-zA-Z][\w-]{1,40})\]", html)}

    def shortcode(match):
        open_twice, closes, name, attributes, close_twice = match.groups()
        name = name.lower()
        if open_twice and close_twice:  # written twice, it is shown and not done
            return match[0][1:-1]
        is_one = (
            "=" in attributes
            or attributes == "/"
            or name in ended
            or name in SHORTCODES
            or re.search(r"[-_]", name)
        )
        if not is_one:
            return match[0]
        if name == "gallery" and not closes:
            if marks := found.gallery(figures.attributes(attributes)):
                return open_twice + marks + close_twice
            found.losses.append(Loss("picture gallery"))
        elif not closes:
            found.losses.append(Loss("shortcode", name))
        return open_twice + close_twice

    return _SHORTCODE.sub(shortcode, html)


def _without_figures(html, found):
    """Figures of the editor's as what we know: embeds, tables, pull quotes, pictures, galleries."""

    def figure(match):
        attributes, inside = match[1], match[2]
        if "wp-block-embed" in attributes:
            words = re.sub(r"<figcaption\b.*", "", inside, flags=re.S | re.I)
            address = _ADDRESS.search(unescape(words))
            caption = re.search(r"<figcaption\b[^<>]*>(.*)</figcaption>", inside, re.S | re.I)
            below = f"<p>{caption[1]}</p>" if caption else ""
            return _embedded(address[0], mark="embedded") + below if address else inside
        if "wp-block-pullquote" in attributes:
            inside = re.sub(r"</?blockquote\b[^<>]*>", "", inside, flags=re.I)
            inside = _CITE.sub(lambda match: f"<p>{_bare(match[1])}</p>", inside)
            return f'<aside class="pullquote">{inside}</aside>'
        is_picture = figures.IMAGE.search(inside) or figures.marks_in(inside)
        if is_picture and "<table" not in inside:
            return _pictures(inside, found)
        return re.sub(r"(</?)figcaption\b[^<>]*>", r"\1p>", inside, flags=re.I)

    for _ in range(MOST_PASSES):
        again = _FIGURE.sub(figure, html)
        if again == html:
            break
        html = again
    return html


def _pictures(inside, found):
    """What stands for a figure with one picture or several, its words with them."""
    words = figures.without_marks(inside)
    caption = _CAPTION.search(words)
    words = _CAPTION.sub("", words)
    caption = caption[1] if caption else ""
    images = figures.IMAGE.findall(words)
    words = figures.IMAGE.sub("", words)
    if len(images) == 1 and not figures.marks_in(inside):
        marks = found.mark(images[0], caption)
    else:
        inside = figures.IMAGE.sub(lambda match: found.mark(match[0]), inside)
        marks = figures.together(figures.marks_in(inside))
        marks += f"<p>{caption}</p>" if caption.strip() else ""
    return marks + (words if re.sub(r"<[^>]*>", "", words).strip() else "")


def _frame(match):
    source = _SOURCE.search(match[1])
    return (source and _figure(unescape(source[1]))) or match[0]


def _figure(address, mark="figure"):
    """The figure of something at a provider whom we know, or ""."""
    for name, provider in body.PROVIDERS.items():
        for pattern in provider.found_in:
            found = re.search(rf"^(?:https?:)?//(?:[\w-]+\.)*{pattern}", address)
            if found is not None:
                reference = escape(found[1])
                return f'<{mark} data-embed="{name}" data-id="{reference}"></{mark}>'
    return ""


def _embedded(address, mark="figure"):
    """What an address alone on its line is: something embedded, else a link."""
    address = unescape(address)
    words = escape(address)
    return _figure(address, mark) or f'<p><a href="{words}">{words}</a></p>'


def paragraphs(html, *, breaks=True):
    """Classic text with the paragraphs that empty lines mean, and ``breaks`` for single line ends."""
    html = re.sub(r"<br\s*/?>[ \t]*\n", "<br>", html)
    out, at, stack = [], 0, []
    for tag in [*_TAG.finditer(html), None]:
        run = html[at : tag.start() if tag else len(html)]
        out.append(_run(run, stack, breaks))
        if tag is None:
            break
        at = tag.end()
        closes, name = tag[1], tag[2].lower()
        if closes:
            if name in stack:
                while stack.pop() != name:
                    pass
        elif name != "hr":
            if stack and (stack[-1] == "p" or stack[-1] == name == "li"):
                stack.pop()
            stack.append(name)
        if name in _BOXES:
            out.append("\n")
        else:
            out.append(f"<{closes}p>" if name == "pre" else tag[0])
    return "".join(out)


def _run(text, stack, breaks):
    """Text between two block tags, with paragraphs where it stands in none."""
    inner = stack[-1] if stack else ""
    if inner == "pre":
        return text.strip("\n").replace("\n", "<br>")
    if not text.strip():
        return text
    end = "<br>\n" if breaks else "\n"
    before = text
    if inner in _HOLDERS or inner == "p":
        text = _ON_A_LINE.sub(_apart, text)
    if inner in _HOLDERS:
        parts = [part.strip() for part in re.split(r"\n\s*\n", text)]
        return "\n".join(f"<p>{part.replace(chr(10), end)}</p>" for part in parts if part)
    if inner in _LINES and (breaks or text != before):
        parts = [part.strip("\n") for part in re.split(r"\n[ \t]*\n\s*", text.strip("\n"))]
        between = "</p><p>" if inner == "p" else "<br>"
        return between.join(part.replace("\n", end) for part in parts if part.strip())
    return text


def _apart(match):
    """An address alone on a line in a paragraph of its own, if it is one that we show."""
    return f"\n\n{match[1]}\n\n" if _figure(unescape(match[1])) else match[0]
