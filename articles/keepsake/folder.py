"""The folder of a person's work, zipped while it is sent: nothing of it lies whole in memory."""

import zipfile
from pathlib import Path
from typing import NamedTuple

from django.contrib.staticfiles import finders
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import get_language, override

from articles import bylines, naming
from articles.keepsake import pages
from articles.keepsake.work import may_have, works
from articles.models.article import site_zone
from images import printing
from images.renditions import rendition_file

FONTS = [
    "serif-latin.woff2",
    "serif-cyr.woff2",
    "serif-latin-italic.woff2",
    "serif-cyr-italic.woff2",
    "OFL.txt",
]


class Entry(NamedTuple):
    """A line of the first page. ``address``: in the folder, or on the site; ``did``: in what role."""

    headline: str
    language: str
    address: str
    day: object
    year: int | None
    did: str
    is_retracted: bool


class _Pieces:
    """A file to write to that gives away what was written."""

    def __init__(self):
        self.some = []

    def write(self, data):
        self.some.append(bytes(data))
        return len(data)

    def flush(self):
        pass

    def take(self):
        some, self.some = b"".join(self.some), []
        return some


def zipped(person, *, by, house, paper):
    """The zip in pieces of bytes, for a streamed answer.

    ``house``, ``paper``: functions that give, in the language of the moment, the Credit printed where
    nobody is named and the name of the paper. Names of hidden people are masked as in this request,
    and its language is that of the first page.
    """
    return _zipped(person, by, house, paper, printing.mask_of_now(), get_language())


def _zipped(person, by, house, paper, mask, language):
    made, pieces = timezone.now(), _Pieces()
    files = _files(person, by, house, paper, language)
    with zipfile.ZipFile(pieces, "w", zipfile.ZIP_DEFLATED) as archive:
        is_over = False
        while not is_over:
            with printing.masked(mask), override(language):
                name, content, moment = next(files, (None, b"", None))
                is_over = name is None
            if not is_over:
                _add(archive, name, content, moment or made)
                yield pieces.take()
    yield pieces.take()


def _add(archive, name, content, moment):
    local = moment.astimezone(site_zone())
    info = zipfile.ZipInfo(name, local.timetuple()[:6])
    # What a zip cannot say: it begins in 1980.
    if local.year < 1980:
        info.date_time = (1980, 1, 1, 0, 0, 0)
    info.external_attr = 0o600 << 16
    is_packed = name.endswith((".jpg", ".woff2"))
    info.compress_type = zipfile.ZIP_STORED if is_packed else zipfile.ZIP_DEFLATED
    archive.writestr(info, content)


def _files(person, by, house, paper, language):
    """Each file of the folder: its name, its content, and of when it is (None: of now)."""
    yield "style.css", render_to_string("articles/keepsake/style.css"), None
    for name in FONTS:
        yield f"fonts/{name}", Path(finders.find(f"fonts/{name}")).read_bytes(), None
    yield "person.json", pages.person_data(person), None
    portrait = _portrait(person)
    if portrait is not None:
        yield portrait
    entries, known = [], {}
    for work in works(person, by=by):
        for image in pages.pictures_of(work):
            if image.pk not in known:
                known[image.pk] = content = _drawn(image)
                if content is not None:
                    known[image.pk] = True
                    yield pages.picture_name(image), content, None
        work = _with_files(work, known)
        entries.append(_entry(work, person))
        if not work.is_given:
            continue
        moment = work.story.first_published_at if work.is_public else work.story.modified_at
        name = pages.story_name(work)
        yield name, pages.story_page(work, person, house, paper), moment
        yield name.replace(".html", ".json"), pages.story_data(work, house), moment
    with override(language):
        page = pages.index_page(person, entries, paper(), portrait and portrait[0])
    yield "index.html", page, None


def _portrait(person):
    image = person.face
    names = {naming.plain(name) for name in naming.names_of(person)}
    content = _drawn(image) if image is not None and may_have(image, names) else None
    return ("pictures/portrait.jpg", content, None) if content is not None else None


def _drawn(image):
    """A picture as bytes, without what its file says of places and cameras; None where it has none."""
    width = pages.rendition_size(image, pages.RECIPE, pages.WIDTH)[0]
    if not width:
        return None
    try:
        name = rendition_file(image, pages.RECIPE, width, "jpg")
    except (FileNotFoundError, ValidationError):
        return None
    with default_storage.open(name) as file:
        return file.read()


def _with_files(work, known):
    """A Work without the pictures that could not be drawn."""
    is_there = lambda image: image is not None and known.get(image.pk) is True  # noqa: E731
    return work._replace(
        lead=work.lead if is_there(work.lead) else None,
        pictures={n: image for n, image in work.pictures.items() if is_there(image)},
    )


def _entry(work, person):
    story = work.story
    own = {b.role for b in story.credits() if b.author_id == person.pk and not b.withheld}
    is_public = work.is_public
    return Entry(
        story.headline,
        story.language,
        pages.story_name(work) if work.is_given else pages.whole(story.get_absolute_url()),
        story.first_published_at if is_public else None,
        story.first_published_at.astimezone(site_zone()).year if is_public else None,
        "" if own <= bylines.WROTE else ", ".join(bylines.role_names(own)),
        story.status == "retracted",
    )
