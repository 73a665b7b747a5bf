"""What it takes to decode a picture file, told from its headers before a pixel of it is decoded.

Bytes for each pixel, as measured: Pillow keeps one or two for grey and palettes and four for colour.
WebP and AVIF libraries and what Pillow copies out of them keep several pictures at a time. A JPEG of
several passes keeps its coefficients, two bytes each, until the last has come.
"""

import re

# The rest of a worker's 300 MB is the worker itself, and what is made of the picture.
MOST_BYTES = 220_000_000
# So much of it is left for what is made of the file on the way to a rendition.
_FOR_DRAWING = 70_000_000
# And so much may the pixels of a JPEG take.
_FOR_PIXELS = 50_000_000
_ONE_BYTE, _TWO_BYTES = {"1", "L", "P"}, {"I;16", "I;16B", "I;16L", "I;16N"}
_MANY_PLACES = {"WEBP": 16, "AVIF": 14}  # together with all copies
MOST_PASSES = 100  # over a JPEG; usual are ten, and each takes time whatever is in it
_START_OF_PASS, _STANDING_ALONE = 0xDA, {0x01, 0xD8, *range(0xD0, 0xD8)}
_PASS_OR_END = re.compile(rb"\xff[\xda\xd9]")
_CHUNK = 256 * 1024


def most_pixels(picture, file):
    """How many pixels a picture like this one, just opened from ``file``, may have for its decoding.

    None where it makes no difference: a JPEG of one pass is decoded smaller, as ``reduction`` says.
    """
    for_decoding = MOST_BYTES - _FOR_DRAWING
    if picture.format == "JPEG":
        return int(for_decoding / _of_coefficients(picture)) if passes(file) > 1 else None
    if picture.format in _MANY_PLACES:
        return (MOST_BYTES - 2 * _size(file)) // _MANY_PLACES[picture.format]
    return for_decoding // _for_a_pixel(picture)


def reduction(picture, scale):
    """By what a JPEG is to be reduced when decoded: 1, 2, 4 or 8.

    As far as ``scale`` (of what is wanted to what is there) allows, further where memory asks it.
    """
    size = picture.width * picture.height * _for_a_pixel(picture)
    by = 1
    while by < 8 and (by * 2 * scale <= 1 or size / by**2 > _FOR_PIXELS):
        by *= 2
    return by


def passes(file):
    """How many scans the JPEG in ``file`` has, which then stands where it stood."""
    before = file.tell()
    file.seek(2)
    try:
        while (marker := _next_marker(file)) is not None and marker != _START_OF_PASS:
            if marker not in _STANDING_ALONE:
                file.seek(max(2, int.from_bytes(file.read(2), "big")) - 2, 1)
        found, last = int(marker is not None), b""
        while chunk := file.read(_CHUNK):
            # Within a pass 0xFF is followed by zero, so these two bytes are what they look like.
            marks = _PASS_OR_END.findall(last + chunk)
            end = marks.index(b"\xff\xd9") if b"\xff\xd9" in marks else None
            found += len(marks[:end])
            if end is not None:
                break
            last = chunk[-1:] if chunk.endswith(b"\xff") else b""
        return found
    finally:
        file.seek(before)


def _next_marker(file):
    """The byte after the next 0xFF that is neither that nor zero; None at the end."""
    previous = b""
    while byte := file.read(1):
        if previous == b"\xff" and byte not in {b"\xff", b"\0"}:
            return byte[0]
        previous = byte
    return None


def _of_coefficients(picture):
    """Bytes for a pixel; of colours that are kept at half the width or height less."""
    most_across = max((layer[1] for layer in picture.layer), default=1)
    most_down = max((layer[2] for layer in picture.layer), default=1)
    share = sum(layer[1] * layer[2] for layer in picture.layer) / (most_across * most_down)
    return max(1, 2 * share)


def _for_a_pixel(picture):
    return 1 if picture.mode in _ONE_BYTE else 2 if picture.mode in _TWO_BYTES else 4


def _size(file):
    before = file.tell()
    try:
        return file.seek(0, 2)
    finally:
        file.seek(before)
