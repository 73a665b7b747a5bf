"""The pictures of imported stories: found in what the operator gave, kept once, put at their places.

What is here is known by its handle, so that an import can be run again, also with more media than the
first time. A story that was changed here since it came is left as it is.
"""

import re
from pathlib import PurePosixPath
from typing import NamedTuple
from urllib.parse import unquote

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import transaction

from addresses.languages import codes
from articles import publishing, versions
from articles.interchange import captions, figures, library
from articles.interchange import report as reports
from articles.interchange.fetching import Refused
from articles.interchange.media import Unusable
from articles.interchange.records import Loss
from articles.models import Article
from images.alt import is_file_name, repeats
from images.models import Image
from images.reading import read_upload
from images.uploads import bring, fill_in
from images.words import read_words
from prose import body

# The reason of the versions that an import makes of a story.
IMPORT = "import"
MOST_ASKED = 6  # addresses for one picture
_HREF = re.compile(r'(?<=<a href=")[^"]*')


class Missing(Exception):
    """A picture that is not brought: a kind that ``report`` knows, and what is said of it."""


class Brought(NamedTuple):
    """``numbers`` and ``words``: see ``figures.placed``; ``lead``: the number of the lead picture."""

    numbers: dict[int, int]
    words: dict[int, tuple[str, str]]
    lead: int | None
    lead_caption: str


class Pictures:
    """``sources``: of ``media``; ``fetcher``: of ``fetching``. ``by``: None for a dry run.

    Raises Unusable where a source cannot be read, or has no pictures.
    """

    def __init__(self, known, report, *, sources=(), fetcher=None, by=None):
        self.library, self.report, self.by = known, report, by
        self.sources, self.fetcher = list(sources), fetcher
        for number, source in enumerate(self.sources):
            if not known.take_in(number, source.files()):
                raise Unusable(f"{source}: no picture lies in it.")

    @property
    def are_given(self):
        return bool(self.sources or self.fetcher)

    # a new story

    def bring(self, story, language):
        """The Brought of a Story; what is missing is among its losses."""
        uses = _uses(story)
        found = {order: self.library.find(use, story.site) for order, use in uses.items()}
        said = figures.captions_in(story.body)
        alts, credits = {}, {}
        for order, use in uses.items():
            picture = found[order]
            if picture is not None:
                own = captions.cited(said.get(order, ""))[1]
                alts[picture.ref] = alts.get(picture.ref) or picture.alt or use.alt
                credits[picture.ref] = (
                    credits.get(picture.ref) or picture.credit or use.credit or figures.text(own)
                )
        here = self._here({picture.ref for picture in found.values() if picture is not None})
        numbers = {}
        for order, picture in found.items():
            try:
                if not self.are_given and (picture is None or picture.ref not in here):
                    raise Missing("no source", "")
                if picture is None:
                    address = next(iter(uses[order].addresses), "")
                    raise Missing("missing", address or f"number {uses[order].number}")
                ref = picture.ref
                if ref not in here:
                    here[ref] = self._bring(picture, language, alts[ref], credits[ref])
                numbers[order] = here[ref][0]
                self.library.mark(picture, "here")
            except Missing as missing:
                self._miss(story, picture, *missing.args)
        lead = found.get(0)
        lead_is_here = 0 in numbers
        if lead_is_here and not here[lead.ref][1]:
            story.losses.append(Loss("no alt"))
        return Brought(
            numbers,
            _said_beside(found, uses),
            lead=numbers.get(0),
            lead_caption=lead.own_caption if lead_is_here else "",
        )

    def _miss(self, story, picture, kind, said):
        name = "" if kind == "no source" else f"{said}  ({story.where})"
        story.losses.append(Loss(kind, name))
        if kind != "no source":
            self.library.miss(said, story.where, reports.KINDS[kind][0])
        if picture is not None:
            self.library.mark(picture, "asked" if kind == "not asked" else "missing")

    def _here(self, refs):
        """Of handles those of pictures that are here: handle -> number, and an alt."""
        rows = Image.objects.filter(source_ref__in=refs, width__gt=0)
        return {row.source_ref: (row.pk, _alt(row)) for row in rows}

    def _bring(self, picture, language, alt, credit):
        """``(number, an alt)`` of a picture that was not here. Raises Missing."""
        noted = self.library.outcome(picture.ref)
        if noted is not None and noted[0]:
            raise Missing(*noted)
        if noted is not None:
            return 1, noted[1]
        try:
            file, measure = self._file(picture)
        except Missing as missing:
            self.library.note(picture.ref, *missing.args)
            raise
        words = _words(picture, language, alt, credit, PurePosixPath(file.name).stem)
        if self.by is not None:
            image = bring(file, measure, picture.ref, by=self.by, **words)
            return image.pk, _alt(image)
        image = Image(**words)
        fill_in(image, read_words(file))
        self.library.note(picture.ref, "", _alt(image))
        return 1, _alt(image)

    def _file(self, picture):
        """``(file, measure)`` of a picture, looked through as an upload is. Raises Missing."""
        failure = Missing("missing" if picture.site else "elsewhere", _name(picture))
        if self.sources and self.library.is_ambiguous(picture):
            failure = Missing("ambiguous", _name(picture))
        else:
            for source, name in self.library.files(picture):
                try:
                    return _checked(self.sources[source].read(name), name)
                except OSError as error:
                    failure = Missing("unusable", f"{name}: {error}")
                except ValidationError as error:
                    failure = Missing("unusable", f"{name}: {error.messages[0]}")
        for address in self._addresses(picture)[:MOST_ASKED]:
            if self.by is None:
                raise Missing("not asked", address)
            try:
                return _checked(self.fetcher.fetch(address), unquote(address))
            except Refused as error:
                failure = Missing("missing", f"{address}: {error}")
            except ValidationError as error:
                failure = Missing("unusable", f"{address}: {error.messages[0]}")
        raise failure

    def _addresses(self, picture):
        """Where to ask the old host for a picture, the best first."""
        if self.fetcher is None:
            return []
        found = []
        for address in picture.addresses:
            for step in reversed(list(library.steps(address))):
                parts = library.split(step)
                if parts is None:
                    continue
                scheme = parts.scheme or "https"
                if self.fetcher.may_ask(parts.hostname):
                    found.append(parts._replace(scheme=scheme).geturl())
                elif picture.site and parts.path.startswith("/"):
                    # The old site stands under another name now.
                    for name in self.fetcher.names:
                        found.append(parts._replace(scheme=scheme, netloc=name).geturl())
        return list(dict.fromkeys(found))

    # a story that is here

    def complete(self, article, story, with_dateline):
        """Put what was missing when a story came at its places, if nobody has changed it since.

        ``with_dateline(story, html)``: an unsaved Article as the import makes one of this body.
        """
        uses = _uses(story)
        found = {order: self.library.find(use, story.site) for order, use in uses.items()}
        here = self._here({picture.ref for picture in found.values() if picture is not None})
        for picture in found.values():
            if picture is not None:
                self.library.mark(picture, "here" if picture.ref in here else "missing")
        inside = set(body.images_in(article.body))
        before = {
            order: here[picture.ref][0]
            for order, picture in found.items()
            if order and picture is not None and here.get(picture.ref, (0,))[0] in inside
        }
        lacks_lead = story.lead is not None and article.lead_image_id is None
        is_complete = len(before) == len(story.pictures) and not lacks_lead
        if is_complete or not self.are_given:
            return
        words = _said_beside(found, uses)
        was = with_dateline(story, figures.placed(story.body, before, words)).body
        if not _is_untouched(article) or _HREF.sub("", was) != _HREF.sub("", article.body):
            self.report.lose("edited", where=story.where)
            return
        brought = self.bring(story, article.language)
        for loss in story.losses:
            if loss.kind in reports.OF_PICTURES:
                self.report.lose(loss.kind, loss.name, story.where)
        now = with_dateline(story, figures.placed(story.body, brought.numbers, words)).body
        now = _with_links_of(article.body, now)
        if now == article.body and not (lacks_lead and brought.lead):
            return
        self.report.lose("completed")
        if self.by is not None:
            self._write(article, now, brought if lacks_lead else None)

    def _write(self, article, html, brought):
        with transaction.atomic():
            row = Article.objects.select_for_update().get(pk=article.pk)
            if row.version != article.version:
                return  # somebody saves it at this moment
            row.body = html
            if brought is not None:
                row.lead_image_id, row.lead_caption = brought.lead, brought.lead_caption
            modified = row.modified_at
            publishing.save(row, by=self.by)
            publishing.record(row, by=self.by, reason=IMPORT)
            Article.objects.filter(pk=row.pk).update(modified_at=modified)

    # what is said at the end

    def count(self):
        """Put the attachments of the exports into the report, each in one line."""
        counts = self.library.counts()
        lines = {
            reports.USED: counts.get((True, "here"), 0) + counts.get((False, "here"), 0),
            reports.NOT_THERE: counts.get((True, "missing"), 0) + counts.get((False, "missing"), 0),
            reports.TO_FETCH: counts.get((True, "asked"), 0) + counts.get((False, "asked"), 0),
            reports.UNUSED: counts.get((True, ""), 0),
            reports.NO_PICTURES: counts.get((False, ""), 0),
        }
        lines[reports.TWICE] = self.library.items - sum(lines.values())
        for line, number in lines.items():
            if number:
                self.report.count(line, number)
        for _ in range(self.library.unread):
            self.report.lose("php")
        for source in self.sources:
            if source.left_out:
                self.report.lose("outside", f"{source}: {source.left_out:,}")


def _said_beside(found, uses):
    """What is printed beside pictures besides the text's own words: see ``figures.placed``."""
    return {
        order: (picture.own_caption, uses[order].credit or picture.credit)
        for order, picture in found.items()
        if picture is not None
    }


def _alt(image):
    """An alternative text of a picture, in whatever language it has one, or ""."""
    return image.alt or next(filter(None, image.alts.values()), "")


def _uses(story):
    """The Uses of a Story by their order, the lead picture's is 0."""
    uses = {0: story.lead} if story.lead is not None else {}
    return uses | dict(enumerate(story.pictures, 1))


def _is_untouched(article):
    """Whether text and pictures of a story are still those that an import left."""
    if article.status not in {Article.Status.DRAFT, Article.Status.PUBLISHED}:
        return False
    if versions.pending(article) is not None:
        return False
    kept = article.revisions.filter(reason=IMPORT).first() or article.revisions.last()
    if kept is None or not kept.content:
        return False
    fields = kept.content["fields"]
    return (fields["body"], fields["lead_caption"], kept.content["relations"]["lead_image"]) == (
        article.body,
        article.lead_caption,
        article.lead_image_id,
    )


def _with_links_of(old, new):
    """``new`` with the addresses to which the links of ``old`` lead, where it has as many."""
    addresses = _HREF.findall(old)
    if len(addresses) != len(_HREF.findall(new)):
        return new
    left = iter(addresses)
    return _HREF.sub(lambda match: next(left), new)


def _checked(content, name):
    """``content`` as a file that may become a picture, and its Measure. Raises ValidationError."""
    file = ContentFile(content, name=PurePosixPath(name).name[-100:])
    return file, read_upload(file)


def _name(picture):
    """What a picture is called in the report."""
    return (picture.addresses or picture.paths or [picture.ref])[0]


def _words(picture, language, alt, credit, stem):
    """Fields of an Image: what the old site says of it, in the language of the story that has it."""
    most = {name: Image._meta.get_field(name).max_length for name in ("alt", "credit", "copyright")}
    if is_file_name(alt, stem) or repeats(alt, picture.caption):
        alt = ""
    alt = alt[: most["alt"]]
    words = {
        "credit": credit[: most["credit"]],
        "copyright": picture.copyright[: most["copyright"]],
    }
    if language in codes()[1:]:
        words["alts"] = {language: alt} if alt else {}
        words["captions"] = {language: picture.caption} if picture.caption else {}
    else:
        words |= {"alt": alt, "caption": picture.caption}
    return words
