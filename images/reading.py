"""Reading picture files that people send us. Nothing is decoded before its size is known."""

import io
import struct
import threading
import warnings
import zipfile
import zlib
from contextlib import contextmanager
from typing import NamedTuple

import PIL.Image
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from images.costs import MOST_PASSES, most_pixels, passes

FORMATS = ["JPEG", "PNG", "WEBP", "AVIF", "GIF"]
MAX_BYTES = 40 * 1024 * 1024
MAX_PIXELS = 60_000_000
MAX_SIDE = 30_000  # pixels; an AVIF decoder may refuse more than 32,768

# Pillow warns above this number and refuses above twice of it, before it makes room for the pixels
# (its WebP decoder makes that room as soon as a file is opened). Twice of it is our own limit.
PIL.Image.MAX_IMAGE_PIXELS = MAX_PIXELS // 2

# Held while a picture is decoded: the memory that one may take is not there for several.
one_at_a_time = threading.Lock()

# What Pillow raises on files that are no pictures, or broken ones, besides errors of its own.
UNREADABLE = (
    OSError,
    SyntaxError,
    ValueError,
    IndexError,
    KeyError,
    TypeError,
    EOFError,
    RuntimeError,
    MemoryError,
    struct.error,
    zlib.error,
)
# EXIF orientation (CIPA DC-008, tag 0x0112): how to turn a picture so that it stands upright.
ORIENTATION = 0x0112
TURNS = {
    2: PIL.Image.Transpose.FLIP_LEFT_RIGHT,
    3: PIL.Image.Transpose.ROTATE_180,
    4: PIL.Image.Transpose.FLIP_TOP_BOTTOM,
    5: PIL.Image.Transpose.TRANSPOSE,
    6: PIL.Image.Transpose.ROTATE_270,
    7: PIL.Image.Transpose.TRANSVERSE,
    8: PIL.Image.Transpose.ROTATE_90,
}
LYING = {5, 6, 7, 8}
# How a file begins that a browser or a reader would also take for something else.
OTHERWISE_READ = (b"%pdf-", b"<!doctype", b"<html", b"<script", b"<svg", b"<?php")


class Measure(NamedTuple):
    """Width and height in pixels of a picture standing upright."""

    width: int
    height: int


@contextmanager
def refusing_bad_pictures(message, code):
    """Turns whatever Pillow raises in the block into a ValidationError, and keeps it quiet.

    What it warns of (a picture of more than half our limit, broken animation data) is no news.
    Filters of warnings belong to the process: with threads, these two may stay set, which is well.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)
            warnings.simplefilter("ignore", PIL.Image.DecompressionBombWarning)
            yield
    except PIL.Image.DecompressionBombError as error:
        raise too_many_pixels() from error
    except UNREADABLE as error:
        raise ValidationError(message, code=code) from error


def too_many_pixels():
    return ValidationError(
        _(
            "This picture has more than %(limit)d megapixels, or a side of more than %(side)d "
            "pixels. Make it smaller first."
        ),
        code="too_many_pixels",
        params={"limit": MAX_PIXELS // 1_000_000, "side": MAX_SIDE},
    )


def no_picture():
    return ValidationError(_NO_PICTURE, code="no_picture")


_NO_PICTURE = _(
    "This file is not a picture that can be used. Choose a JPEG, PNG, WebP, AVIF or GIF file."
)
_DAMAGED = _("This picture is damaged or incomplete.")


# ISO base media files of HEVC pictures (ISO/IEC 23008-12), which Pillow cannot read.
_HEIC = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}


def _is_heic(beginning):
    return beginning[4:8] == b"ftyp" and beginning[8:12] in _HEIC and b"avif" not in beginning[:64]


def open_picture(file):
    """The Pillow image in ``file``, not decoded yet; what is in it decides, never its name.

    ValidationError where it is none of FORMATS or too large.
    """
    file.seek(0)
    with refusing_bad_pictures(_NO_PICTURE, "no_picture"):
        picture = PIL.Image.open(file, formats=FORMATS)
    if picture.width * picture.height > MAX_PIXELS or max(picture.size) > MAX_SIDE:
        raise too_many_pixels()
    return picture


def load(picture):
    """Decode ``picture`` (of an animation the first frame); ValidationError where it is broken."""
    with refusing_bad_pictures(_DAMAGED, "damaged"):
        picture.load()


def read_exif(picture):
    """The EXIF data of ``picture``; raises what is in UNREADABLE, and warns of nothing."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        return picture.getexif()


def orientation(picture):
    """The EXIF orientation of ``picture``, 1 to 8; 1 (upright) where it says nothing sensible."""
    try:
        turn = read_exif(picture).get(ORIENTATION, 1)
    except UNREADABLE:
        return 1
    return turn if isinstance(turn, int) and turn in TURNS else 1


def read_upload(file):
    """The Measure of an uploaded picture, which was decoded once to see that it is whole.

    ValidationError, to be shown to who sent it, where it cannot be used. ``file`` stands at its
    beginning afterwards.
    """
    if file.seek(0, io.SEEK_END) > MAX_BYTES:
        raise ValidationError(
            _("This file is larger than %(limit)d MB."),
            code="too_large",
            params={"limit": MAX_BYTES // 1024 // 1024},
        )
    file.seek(0)
    beginning = file.read(1024).lower()
    if _is_heic(beginning):
        raise ValidationError(
            _(
                "This is an HEIC picture of a telephone, which browsers cannot show. Choose it from "
                "the photos of the telephone, which then sends a JPEG, or export it as a JPEG."
            ),
            code="heic",
        )
    if any(mark in beginning for mark in OTHERWISE_READ) or zipfile.is_zipfile(file):
        raise no_picture()
    picture = open_picture(file)
    width, height = picture.size
    _refuse_what_is_dear(picture, file)
    # A JPEG is read through at an eighth of its size: that shows where it is cut off, and takes
    # a sixty-fourth of the memory.
    picture.draft(None, (max(1, width // 8), max(1, height // 8)))
    with one_at_a_time:
        load(picture)
    if orientation(picture) in LYING:
        width, height = height, width
    file.seek(0)
    return Measure(width, height)


def _refuse_what_is_dear(picture, file):
    """ValidationError where decoding would take too much memory or time, though not too many pixels."""
    if picture.format == "JPEG" and passes(file) > MOST_PASSES:
        raise ValidationError(_DAMAGED, code="damaged")
    most = most_pixels(picture, file)
    if most is not None and picture.width * picture.height > most:
        raise ValidationError(
            _(
                "Opening this picture takes more memory than there is for one: in this kind of file "
                "it may have about %(limit)d megapixels. Save it as a plain (not progressive) JPEG, "
                "or make it smaller."
            ),
            code="too_dear",
            params={"limit": max(1, most // 1_000_000)},
        )
