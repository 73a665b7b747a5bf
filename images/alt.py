"""Whether a picture's alternative text says anything to who cannot see the picture."""

import re

# What cameras, phones and programs call a file: "IMG_1234", "DSC 0042", "Screenshot 2026-11-23".
_FILE_NAME = re.compile(
    r"[^\n]*\.(avif|bmp|gif|heic|heif|jfif|jpe?g|png|psd|raw|svg|tiff?|webp)"
    r"|(dscf?|dscn|gopr|image|img|mvimg|p|photo|pict?|picture|pxl|scan|screenshot|untitled)"
    r"[-_ .:()\d]*\d[-_ .:()\d]*"
    r"|[-_\d.() ]+",
    re.IGNORECASE,
)


def is_file_name(alt, stem=""):
    """``stem``: the name of the picture's own file without its ending, where it is known."""
    named_so = alt.casefold() == stem.casefold() and re.fullmatch(r"\S*[-_\d]\S*", alt)
    return bool(_FILE_NAME.fullmatch(alt) or named_so)


def repeats(alt, caption):
    return bool(caption) and _bare(alt) == _bare(caption)


def _bare(words):
    """``words`` without what does not make them different: case, spaces, a full stop."""
    return " ".join(words.casefold().split()).strip(" .!?…")
