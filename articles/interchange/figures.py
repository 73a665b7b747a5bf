"""Pictures in the text of a WordPress story: found, noted as Uses, and marked at their places.

What stands for one is ``<embedded data-image="3">``, the third that was found; which picture of ours
that is, is known later (``placed``).
"""

import re
from html import escape, unescape

from articles.interchange import captions
from articles.interchange.records import Loss, Use
from prose import body

# A tag ends before the next begins, so that what is never closed costs no more than its length.
IMAGE = re.compile(r"<img\b(?:[^<>\"']|\"[^\"<]{0,1000}\"|'[^'<]{0,1000}')*>|<img\b[^<>]*>", re.I)
LONGEST_ADDRESS = 2000
_LINKED = re.compile(rf"(<a\b[^<>]*>)\s*({IMAGE.pattern})", re.I)
_EMPTY_LINK = re.compile(r"<a\b[^<>]*>\s*</a>", re.I)
_NOSCRIPT = re.compile(r"<noscript\b[^<>]*>\s*<img\b[^<>]*>\s*</noscript>", re.I)
_ATTRIBUTE = re.compile(r"([\w:-]+)\s*=\s*(\"[^\"]*\"|'[^']*'|[^\s\"'>]+)")
_MARK = re.compile(r'<embedded data-image="\d+">.*?</embedded>', re.S)
_NUMBERED = re.compile(
    r"<!--\s+wp:(?:image|cover|media-text)\s+\{[^{}]*?\"(?:id|mediaId)\":(\d{1,15})\b"
)
_BACKGROUND = re.compile(
    r"<div\b[^<>]{0,500}wp-block-cover[^<>]{0,500}background-image:\s*url\((?:&quot;|['\"])?"
    r"([^()'\"<>]{1,500}?)(?:&quot;|['\"])?\)[^<>]{0,500}>",
    re.I,
)
_PICTURE_FILE = re.compile(r"\.(?:jpe?g|png|gif|webp|avif|bmp|tiff?)(?:[?#]|$)", re.I)
_OTHER_FILE = re.compile(
    r"https?://[^\s\"'<>]{1,500}?\.(?:pdf|mp3|m4a|ogg|wav|mp4|m4v|mov|webm|ogv|avi|docx?|xlsx?|pptx?|zip|epub)\b",
    re.I,
)
_FIGURE = re.compile(
    r'<figure data-image="(?P<order>\d+)">(?:<figcaption>(?P<caption>.*?)</figcaption>)?.*?</figure>',
    re.S,
)
_EITHER = re.compile(rf'<aside class="gallery">(?P<gallery>.*?)</aside>|{_FIGURE.pattern}', re.S)
_FIGCAPTION = re.compile(r"<figcaption>(.*?)</figcaption>", re.S)
_PARAGRAPH = re.compile(r"<p>(.*?)</p>", re.S)
_CREDITED = re.compile(r"\[media-credit\b([^\[\]]{0,500})\](.{0,5000}?)\[/media-credit\]", re.S)
_OLD_FIGURE = re.compile(
    r"<div\b([^<>]{0,500}\bwp-caption\b[^<>]{0,500})>(.{0,5000}?)</div>", re.S | re.I
)
_OLD_CAPTION = re.compile(r"<p\b[^<>]{0,200}\bwp-caption-text\b[^<>]{0,200}>(.*?)</p>", re.S | re.I)


class Found:
    """The pictures of one text in their order, and what is lost with them.

    ``children(number)``: numbers of the pictures that were uploaded to a story, None for this one.
    """

    def __init__(self, children):
        self.children = children
        self.uses = []
        self.losses = []

    def mark(self, image, caption="", number=0):
        """What stands for the ``<img>`` tag ``image``, with the HTML of its caption."""
        said = attributes(image)
        below = f"<p>{caption}</p>" if caption.strip() else ""
        if {said.get("width"), said.get("height")} <= {"0", "1"}:
            self.losses.append(Loss("pixel"))
            return below
        use = _use(said, number)
        if linked := said.get("data-link", ""):
            self._note_link(linked, said)
        return self._marked(use, caption)

    def gallery(self, said):
        """What stands for a ``[gallery]`` with these attributes, "" for an empty one."""
        numbers = [
            int(n) for n in re.findall(r"\d{1,15}", said.get("ids") or said.get("include") or "")
        ]
        if not numbers:
            of = said.get("id", "")
            left_out = {int(n) for n in re.findall(r"\d{1,15}", said.get("exclude", ""))}
            numbers = self.children(int(of) if re.fullmatch(r"\d{1,15}", of) else None)
            numbers = [number for number in numbers if number not in left_out]
        marks = [self._marked(Use(number), "") for number in dict.fromkeys(numbers)]
        return together(marks)

    def _marked(self, use, caption):
        self.uses.append(use)
        words = f"<figcaption>{caption}</figcaption>" if caption.strip() else ""
        return f'<embedded data-image="{len(self.uses)}">{words}</embedded>'

    def _note_link(self, address, said):
        is_page = "attachment" in said.get("data-link-rel", "") or "attachment_id=" in address
        if not is_page and not _PICTURE_FILE.search(address):
            self.losses.append(Loss("linked picture", address[:200]))


def attributes(tag):
    """The attributes of a tag or a shortcode, names in small letters."""
    return {name.lower(): unescape(value.strip("\"'")) for name, value in _ATTRIBUTE.findall(tag)}


def _as_words(match):
    """The character that a picture stands for, an emoji or a smiley; else the picture."""
    said = attributes(match[0])
    names = said.get("class", "").split()
    is_words = {"emoji", "wp-smiley"} & set(names) or "/core/emoji/" in said.get("src", "")
    return escape(said.get("alt", "")) if is_words else match[0]


def _use(said, number):
    own = re.search(r"\bwp-image-(\d{1,15})\b", said.get("class", ""))
    own = own[1] if own else said.get("data-attachment-id") or said.get("data-id") or str(number)
    names = ("data-orig-file", "data-full-url", "data-src", "data-lazy-src", "src")
    addresses = [said.get(name, "").strip() for name in names]
    if _PICTURE_FILE.search(said.get("data-link", "")):
        addresses.append(said["data-link"])
    kept = [one for one in dict.fromkeys(addresses) if one and not one.startswith("data:")]
    return Use(
        number=int(own) if re.fullmatch(r"\d{1,15}", own) else 0,
        addresses=tuple(one for one in kept if len(one) <= LONGEST_ADDRESS),
        alt=body.plain(" ".join(said.get("alt", "").split())),
        credit=body.plain(said.get("data-credit", ""))[: captions.LONGEST],
    )


def prepared(html):
    """``html`` with what is said beside a picture in its tag: its number, and where it leads."""
    html = IMAGE.sub(_as_words, re.sub(r"</?embedded\b[^<>]*>", "", html))
    html = _BACKGROUND.sub(lambda match: f'{match[0]}<img src="{match[1]}">', html)
    if "data-src=" in html or "data-lazy-src=" in html:
        html = _NOSCRIPT.sub("", html)  # the same picture again
    html = re.sub(r"</?noscript\b[^<>]*>", "", html)
    html = _OLD_FIGURE.sub(_as_figure, _CREDITED.sub(_with_credit, html))
    out, at = [], 0
    for block in _NUMBERED.finditer(html):
        image = html.find("<img", block.end())
        following = html.find("<!--", block.end())
        if image >= at and (following < 0 or image < following):
            out += [html[at:image], f'<img data-id="{block[1]}"']
            at = image + len("<img")
    html = "".join([*out, html[at:]])

    def before(match):
        link = attributes(match[1])
        leads = f' data-link="{escape(link.get("href", ""))}" data-link-rel="{escape(link.get("rel", ""))}"'
        return f"<img{leads}{match[2][4:]}{match[1]}"

    return _EMPTY_LINK.sub("", _LINKED.sub(before, html))


def _with_credit(match):
    name = attributes(match[1]).get("name", "")
    if not name or not IMAGE.search(match[2]):
        return match[0]
    return match[2].replace("<img", f'<img data-credit="{escape(name)}"', 1)


def _as_figure(match):
    if not IMAGE.search(match[2]):
        return match[0]
    number = re.search(r"attachment_(\d{1,15})", match[1])
    inside = _OLD_CAPTION.sub(r"<figcaption>\1</figcaption>", match[2])
    if number:
        inside = inside.replace("<img", f'<img data-id="{number[1]}"', 1)
    return f"<figure>{inside}</figure>"


def split(html):
    """``(image, words)`` of what a caption holds: its first ``<img>`` tag or "", and the rest."""
    image = IMAGE.search(html)
    if image is None:
        return "", html
    return image[0], (html[: image.start()] + html[image.end() :]).strip()


def marks_in(html):
    return _MARK.findall(html)


def without_marks(html):
    return _MARK.sub("", html)


def together(marks):
    """Several marks as a gallery."""
    return f'<aside class="gallery">{"".join(marks)}</aside>' if len(marks) > 1 else "".join(marks)


def files_in(html):
    """Addresses of sound, video and documents, each once."""
    return list(dict.fromkeys(unescape(one) for one in _OTHER_FILE.findall(html)))


def placed(html, numbers, words):
    """Clean ``html`` with pictures of ours: ``numbers`` (a story's third -> its number here).

    Of what is not there the caption stays as a paragraph: its words are words of the text.
    ``words``: a story's third -> a caption for where the text has none, and whose it is, printed
    where a caption does not say it.
    """
    if "<figure data-image=" not in html:
        return html

    def figure(match):
        order, caption = int(match["order"]), match["caption"] or ""
        if order not in numbers:
            return f"<p>{caption}</p>" if caption else ""
        own, credit = words.get(order, ("", ""))
        if caption := caption or escape(own):
            caption = f"<figcaption>{captions.cited(caption, escape(credit))[0]}</figcaption>"
        return f'<figure data-image="{numbers[order]}">{caption}</figure>'

    def either(match):
        if match["gallery"] is None:
            return figure(match)
        figures = [figure(one) for one in _FIGURE.finditer(match["gallery"])]
        there = [one for one in figures if one.startswith("<figure")]
        return together(there) + "".join(one for one in figures if not one.startswith("<figure"))

    return body.clean(_EITHER.sub(either, html))


def adds_only_pictures(before, after):
    """Whether clean ``after`` is ``before`` with further pictures, whose captions may have stood there
    as paragraphs (see ``placed``), and not a word else is another."""
    words = [text(found[1]) for found in _FIGCAPTION.finditer(after)]

    def kept(match):
        caption = text(match[1])
        return "" if any(said.startswith(caption) for said in words) else match[0]

    rest = [_PARAGRAPH.sub(kept, _EITHER.sub("", before)), _EITHER.sub("", after)]
    return "".join(rest[0].split()) == "".join(rest[1].split())


def text(html):
    """The words of a caption, or of a part of it."""
    return " ".join(unescape(re.sub(r"<[^>]*>", "", html)).split())


def captions_in(html):
    """Which of a story's pictures stand in its clean ``html``, each with its caption there."""
    return {int(found["order"]): found["caption"] or "" for found in _FIGURE.finditer(html)}
