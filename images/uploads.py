"""Files that come into the library: their words are read from them, old files are cleared away."""

from pathlib import PurePath

from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction

from addresses.languages import codes
from images.alt import is_file_name, repeats
from images.models import Image, original_path
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


def bring(file, measure, ref, *, by, **words):
    """The picture of an importer's handle ``ref``, made of ``file`` and ``words``, unless it is here.

    ``measure``: what ``read_upload`` says of the file.

    The row is there before the file, so that whoever is killed between the two leaves no file that
    nobody knows of; the next who brings it makes it whole. Of what a file says, its caption is left
    out: nobody chose it.
    """
    said = read_words(file)
    said.caption = ""
    said.further.pop("caption", None)
    image = _row(ref, file.name, by)
    if image.width:
        return image
    for name, value in words.items():
        setattr(image, name, value)
    fill_in(image, said)
    default_storage.delete(image.file.name)  # half a file of who was killed
    name = default_storage.save(image.file.name, file)
    fields = {name: getattr(image, name) for name in (*words, *MOST, "alts", "captions")}
    fields |= {"file": name, "width": measure.width, "height": measure.height}
    was_first = Image.objects.filter(pk=image.pk, width=0).update(**fields)
    if not was_first and not Image.objects.filter(file=name).exists():
        default_storage.delete(name)  # another import was faster
    image.refresh_from_db()
    return image


def _row(ref, name, by):
    """The row of a picture, made without its file if it is not there."""
    image = Image.objects.filter(source_ref=ref).first()
    if image is not None:
        return image
    image = Image(source_ref=ref, entered_by=by)
    image.file.name = original_path(image, name)
    try:
        with transaction.atomic():
            image.save()
    except IntegrityError:  # another import, at this moment
        return Image.objects.get(source_ref=ref)
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
