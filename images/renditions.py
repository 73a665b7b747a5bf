"""Renditions: the sizes and crops in which readers get a picture, their addresses and their making.

Each is made when it is first asked for and kept in the default storage below ``renditions/``. Where
it is kept depends on what it shows (size, focal point, quality) and says (credit, copyright), so
recipes that ask for the same share it, and a moved focal point needs no cleaning up.
"""

import hashlib
import io
import math
import os
import secrets
import time
from typing import NamedTuple
from urllib.parse import urlencode

import PIL.Image
import PIL.ImageCms
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, default_storage
from django.core.signing import BadSignature, Signer
from django.urls import reverse

from images.costs import reduction
from images.reading import LYING, TURNS, load, one_at_a_time, open_picture, orientation
from images.words import written

TYPES = {"avif": "image/avif", "jpg": "image/jpeg", "png": "image/png"}
SIGNED_FOR = 3600  # seconds
# Pixels: of the tallest rendition, of what is left for the last filter, of a strip on the way there.
MOST_PIXELS = 4_000_000
_AT_A_TIME = 8_000_000
_STRIP = 2_000_000
# Above this width of the window a recipe with a ``phone`` crop of its own shows its wide one.
WIDE = "(min-width:40rem)"


class Recipe(NamedTuple):
    """How a picture is cut and offered in one place of a page.

    ``ratio``: width to height, None for the whole picture. ``widths`` in pixels; a browser picks
    one by ``sizes`` (the HTML attribute). ``phone`` and ``phone_tall``: recipes that take its place
    on narrow screens, the second for pictures that are taller than wide. ``decorative``: what it
    shows is said beside it, so it has no alternative text. ``see_through``: what can be seen through
    stays so; elsewhere it stands on white. ``for_machines``: no page shows it, other sites do.
    """

    ratio: tuple[int, int] | None
    widths: tuple[int, ...]
    sizes: str
    decorative: bool = False
    phone: str = ""
    phone_tall: str = ""
    avif_quality: int = 55
    jpeg_quality: int = 72
    see_through: bool = False
    for_machines: bool = False

    @property
    def formats(self):
        """In which it is offered, the best first; the last is for browsers that know no other."""
        if self.for_machines:
            return ("jpg",)
        return ("avif", "png") if self.see_through else ("avif", "jpg")

    def quality(self, format):
        return self.avif_quality if format == "avif" else self.jpeg_quality


BROAD = (480, 720, 960, 1280)
SMALL = (320, 480, 720)
FACE = (80, 160, 320)
RECIPES = {
    "hero": Recipe(
        (16, 9),
        (720, 960, 1280, 1600),
        "(min-width:80rem) 54rem, (min-width:64rem) 68vw, 100vw",
        phone="hero-phone",
        phone_tall="hero-tall",
    ),
    "hero-phone": Recipe((3, 2), BROAD, "100vw"),
    "hero-tall": Recipe((4, 5), BROAD, "100vw"),
    "lead": Recipe(
        (3, 2), BROAD, "(min-width:80rem) 38rem, (min-width:64rem) 48vw, 100vw", decorative=True
    ),
    "feature": Recipe((3, 2), BROAD, "(min-width:64rem) 44rem, 100vw", decorative=True),
    "card": Recipe(
        (3, 2), SMALL, "(min-width:64rem) 18rem, (min-width:40rem) 45vw, 6.5rem", decorative=True
    ),
    "rail": Recipe((3, 2), SMALL, "(min-width:64rem) 20rem, 6.5rem", decorative=True),
    "thumb": Recipe((3, 2), SMALL[:2], "(min-width:40rem) 12rem, 6.5rem", decorative=True),
    # In the text nothing is cut off: a chart or a map would lose its edges.
    "inline": Recipe(None, BROAD, "(min-width:64rem) 39rem, 100vw"),
    "gallery": Recipe(None, BROAD[:3], "(min-width:64rem) 19rem, (min-width:40rem) 47vw, 100vw"),
    "byline": Recipe((1, 1), FACE, "80px", decorative=True),
    "portrait": Recipe((1, 1), FACE, "104px", decorative=True),
    "portrait-large": Recipe((1, 1), FACE, "176px"),
    # Stands for the name of the site above every page, light or dark; its letters have sharp edges.
    "logo": Recipe(None, (160, 320, 640), "12rem", avif_quality=75, see_through=True),
    # What other sites show beside a link: 1.91 to 1 (Open Graph).
    "social": Recipe((1200, 630), (1200,), "100vw", for_machines=True),
    # What search engines choose from beside the hero's 16 to 9.
    "classic": Recipe((4, 3), (1200,), "100vw", for_machines=True),
    "square": Recipe((1, 1), (1200,), "100vw", for_machines=True),
}


class Crop(NamedTuple):
    """A part of a picture, in its pixels (fractions allowed)."""

    left: float
    top: float
    width: float
    height: float


def crop(width, height, ratio, focal_x=0.5, focal_y=0.5):
    """The largest Crop of ``ratio`` that lies in the picture, as near as can be to the focal point."""
    if ratio is None:
        return Crop(0, 0, width, height)
    across, down = ratio
    cut_width = min(width, height * across / down)
    cut_height = min(height, width * down / across)
    left = min(max(focal_x * width - cut_width / 2, 0), width - cut_width)
    top = min(max(focal_y * height - cut_height / 2, 0), height - cut_height)
    return Crop(left, top, cut_width, cut_height)


def widths(image, recipe):
    """The widths in pixels of a recipe that ``image`` gives without being enlarged, ascending.

    Its own width where it is smaller than all of them; empty where its size is not known. What is
    shown whole and is very tall is narrower, so that no rendition has more than MOST_PIXELS.
    """
    if not (image.width and image.height):
        return []
    available = max(1, int(crop(image.width, image.height, RECIPES[recipe].ratio).width))
    if RECIPES[recipe].ratio is None:
        narrow = int(math.sqrt(MOST_PIXELS * image.width / image.height))
        available = max(1, min(available, narrow))
    return [width for width in RECIPES[recipe].widths if width <= available] or [available]


def rendition_size(image, recipe, width=None):
    """Width and height in pixels of a rendition; the widest there is, or of those up to ``width``."""
    given = widths(image, recipe)
    width = max([w for w in given if width is None or w <= width] or given[:1], default=0)
    across, down = RECIPES[recipe].ratio or (image.width, image.height)
    return width, max(1, round(width * down / across)) if width else 0


def rendition_url(image, recipe, width=None, format=None, *, signed=False):
    """The address of a rendition, beginning with a slash; "" for a picture of unknown size.

    ``width``: see ``rendition_size``. ``format``: one of the recipe's; if None the one that
    everything can read. ``signed``: the address works for an hour, whether anything live uses the
    picture or not.
    """
    format = format or RECIPES[recipe].formats[-1]
    width, _height = rendition_size(image, recipe, width)
    return address_maker(image, signed=signed)(recipe, width, format) if width else ""


def address_maker(image, *, signed=False):
    """A function of recipe, width and format that gives addresses of renditions of ``image``."""
    folder = reverse("rendition", args=[image.token, "-"])[:-1]
    until = str(int(time.time()) + SIGNED_FOR)

    def address(recipe, width, format):
        name = f"{recipe}-{width}.{format}"
        if not signed:
            return folder + name
        signature = _signer().signature(_what_is_signed(image.token, name, until))
        return f"{folder}{name}?{urlencode({'until': until, 'sig': signature})}"

    return address


def signature_holds(token, name, until, signature):
    """Whether ``until`` (seconds since 1970, as text) and its signature open this rendition now."""
    signer = _signer()
    signed = _what_is_signed(token, name, until)
    try:
        signer.unsign(f"{signed}{signer.sep}{signature}")
    except BadSignature:
        return False
    return int(until) > time.time()


def _signer():
    return Signer(salt="images.rendition")


def _what_is_signed(token, name, until):
    return f"{token}/{name} {until}"


def label(image, recipe, width, format):
    """What a rendition is, as the name of a file: alike for two only if they look and say the same.

    So a person who is hidden leaves a picture's credit together with its old file.
    """
    size = "x".join(map(str, rendition_size(image, recipe, width)))
    focal = f"{round(image.focal_x * 1000)}-{round(image.focal_y * 1000)}"
    words = f"{image.printed_credit}\0{image.printed_copyright}"
    said = f"-{hashlib.sha256(words.encode()).hexdigest()[:12]}" if words != "\0" else ""
    clear = "-clear" if RECIPES[recipe].see_through else ""
    return f"{size}-{focal}-q{RECIPES[recipe].quality(format)}{clear}{said}.{format}"


def rendition_file(image, recipe, width, format):
    """Where a rendition is kept in the default storage; it is made now if nobody asked before.

    FileNotFoundError where the original is missing, ValidationError where it cannot be read.
    """
    name = f"renditions/{image.token[:2]}/{image.token}/{label(image, recipe, width, format)}"
    if not default_storage.exists(name):
        _keep(name, draw(image, recipe, width, format))
    return name


def _keep(name, content):
    """Store ``content`` under ``name``, which is whole at every moment for everyone else.

    Two that make the same rendition at once both succeed. Storages without folders of their own
    (object stores) put a file in place whole by themselves.
    """
    if not lies_on_disk():
        default_storage.save(name, ContentFile(content))
        return
    draft = default_storage.save(f"{name}.{secrets.token_hex(4)}", ContentFile(content))
    os.replace(default_storage.path(draft), default_storage.path(name))


def lies_on_disk():
    """Whether files of the default storage lie in a folder of this machine."""
    return isinstance(default_storage, FileSystemStorage)


def forget(token, original):
    """Delete what is kept under a token that no picture has any more: renditions, and the original."""
    folder = f"renditions/{token[:2]}/{token}"
    try:
        names = default_storage.listdir(folder)[1]
    except (FileNotFoundError, NotADirectoryError):
        names = []
    for name in names:
        default_storage.delete(f"{folder}/{name}")
    if names:
        default_storage.delete(folder)
    if original:
        default_storage.delete(original)


def draw(image, recipe, width, format):
    """A rendition as bytes: upright, cut around the focal point, in sRGB.

    Of all that the file said of itself nothing is left; what is said is credit and copyright as
    they are printed.
    Errors: see ``rendition_file``.
    """
    if not image.file:
        raise FileNotFoundError(f"picture {image.pk} has no file")
    size = rendition_size(image, recipe, width)
    with one_at_a_time, image.file.storage.open(image.file.name) as file:
        picture = open_picture(file)
        turn = orientation(picture)
        across, down = picture.size
        if turn in LYING:
            across, down = down, across
        cut = crop(across, down, RECIPES[recipe].ratio, image.focal_x, image.focal_y)
        # A JPEG decodes at a half, a quarter or an eighth of its size for less; twice of what is
        # wanted is left for a good reduction.
        by = reduction(picture, 2 * size[0] / cut.width)
        picture.draft(None, [max(1, side // by) for side in picture.size])
        load(picture)
        profile = picture.info.get("icc_profile")
        lying = _as_it_lies(cut, across, down, turn)
        scale = picture.width / lying.across, picture.height / lying.down
        box = (
            max(lying.left * scale[0], 0),
            max(lying.top * scale[1], 0),
            min((lying.left + lying.width) * scale[0], picture.width),
            min((lying.top + lying.height) * scale[1], picture.height),
        )
        size = size[::-1] if turn in LYING else size
        picture, box = _reduced(picture, box, size)
    picture = picture.resize(size, PIL.Image.Resampling.LANCZOS, box=box)
    finish = _clear if RECIPES[recipe].see_through else _on_white
    picture = finish(_upright(picture, turn), profile)
    picture.info = {}  # savers put comments and profiles found there into the file
    out = io.BytesIO()
    options = {"quality": RECIPES[recipe].quality(format)}
    options |= written(image.printed_credit, image.printed_copyright)
    if format == "avif":
        options.pop("exif", None)  # nobody reads it there
        picture.save(out, "AVIF", speed=8, **options)
    elif format == "png":
        picture.save(out, "PNG", optimize=True, **options)
    else:
        picture.save(out, "JPEG", progressive=True, optimize=True, **options)
    return out.getvalue()


class _Lying(NamedTuple):
    """A Crop in the pixels of the file, and the file's own width and height."""

    left: float
    top: float
    width: float
    height: float
    across: int
    down: int


def _as_it_lies(cut, across, down, turn):
    """Where ``cut``, a Crop of an upright picture of ``across`` x ``down``, is in the file itself.

    What ``_upright`` does, backwards: mirror what it mirrors, then change width and height.
    """
    left, top, width, height = cut
    if turn in {2, 3, 6, 7}:
        left = across - left - width
    if turn in {3, 4, 7, 8}:
        top = down - top - height
    if turn in LYING:
        return _Lying(top, left, height, width, down, across)
    return _Lying(left, top, width, height, across, down)


def _reduced(picture, box, size):
    """What is in ``box``, reduced to little more than ``size`` with plain pixels; and its box there.

    Done a strip at a time, because in one call Pillow would first copy the whole picture.
    """
    left, top = int(box[0]), int(box[1])
    right, bottom = math.ceil(box[2]), math.ceil(box[3])
    # Twice of what is wanted is left for the filter, unless that is very much.
    by = max(1, int(min((box[2] - box[0]) / size[0], (box[3] - box[1]) / size[1]) / 2))
    while (right - left) * (bottom - top) > _AT_A_TIME * by * by:
        by += 1
    rows = max(1, _STRIP // ((right - left) * by)) * by
    small = None
    for start in range(top, bottom, rows):
        strip = picture.crop((left, start, right, min(start + rows, bottom)))
        strip = _with_plain_pixels(strip).reduce(by)
        if small is None:
            tall = -(-(bottom - top) // by)
            small = PIL.Image.new(strip.mode, (strip.width, tall))
        small.paste(strip, (0, (start - top) // by))
    inner = [(box[0] - left) / by, (box[1] - top) / by, (box[2] - left) / by, (box[3] - top) / by]
    inner[2:] = min(inner[2], small.width), min(inner[3], small.height)
    return small, inner


def _with_plain_pixels(picture):
    """``picture`` in a mode that can be reduced: no palette, no single bits, eight bits a channel."""
    if picture.mode.startswith("I"):  # sixteen bits, which a plain convert would cut off at 255
        return picture.convert("I").point(lambda value: value / 256).convert("L")
    if picture.has_transparency_data:
        return picture if picture.mode == "RGBA" else picture.convert("RGBA")
    if picture.mode == "1":
        return picture.convert("L")
    if picture.mode in {"L", "RGB", "CMYK"}:
        return picture
    return picture.convert("RGB")


def _upright(picture, turn):
    return picture.transpose(TURNS[turn]) if turn in TURNS else picture


def _on_white(picture, profile):
    if picture.mode == "RGBA":
        ground = PIL.Image.new("RGB", picture.size, "white")
        ground.paste(picture, mask=picture)
        picture = ground
    return _in_srgb(picture, profile)


def _clear(picture, profile):
    if picture.mode != "RGBA":
        return _in_srgb(picture, profile)
    seen = _in_srgb(picture.convert("RGB"), profile)
    seen.putalpha(picture.getchannel("A"))
    return seen


def _in_srgb(picture, profile):
    """``picture`` with colours as its profile means them; phones and agencies send wider ones."""
    if profile:
        try:
            return PIL.ImageCms.profileToProfile(
                picture, io.BytesIO(profile), PIL.ImageCms.createProfile("sRGB"), outputMode="RGB"
            )
        except PIL.ImageCms.PyCMSError:
            pass  # a broken profile, or one for another kind of picture: the numbers as they are
    return picture if picture.mode in {"L", "RGB"} else picture.convert("RGB")
