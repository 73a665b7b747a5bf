"""Files that come into the library: their words are read from them, old files are cleared away."""

from pathlib import PurePath

from django.db import transaction

from addresses.languages import codes
from images.alt import is_file_name, repeats
from images.models import Image
from images.reading import read_upload
from images.renditions import forget
from images.words import MOST, read_words


def keep(file, *, by):
    """Make a picture of an uploaded file, with the words that it holds; nothing uses it yet.

    ValidationError, to be shown to whoever sent it, where the file cannot be used.
    """
    width, height = read_upload(file)
    image = Image(file=file, width=width, height=height, entered_by=by)
    fill_in(image, read_words(file))
    image.save()
    return image


def fill_in(image, words):
    """Put into empty fields of ``image`` what its file says."""
    for name in ("caption", *MOST):
        if not getattr(image, name):
            setattr(image, name, getattr(words, name))
    stem = PurePath(image.file.name or "").stem
    if is_file_name(image.alt, stem) or repeats(image.alt, image.caption):
        image.alt = ""
    for name, table in (("caption", image.captions), ("alt", image.alts)):
        for language, text in words.further.get(name, {}).items():
            if text and language in codes()[1:]:
                table.setdefault(language, text)


def clear_away(token, original):
    """After this transaction: take the files of a picture, or of its last file, from the storage."""
    transaction.on_commit(lambda: forget(token, original))
