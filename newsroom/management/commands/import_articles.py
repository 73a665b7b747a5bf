import os
import re
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.utils import timezone

from articles import permissions
from articles.interchange import afterwards, jsonl, standing, wordpress
from articles.interchange import mapping as mappings
from articles.interchange import media as media_sources
from articles.interchange import report as reports
from articles.interchange.bringing import Importer
from articles.interchange.fetching import Fetcher
from articles.interchange.library import Library
from articles.interchange.pictures import Pictures
from articles.interchange.records import Refused
from articles.models.article import site_zone
from articles.progress import Bar
from authors.models import User
from newsroom import own_pages

CHANGED = "A file changed after it was read the first time. What was brought till then stays: run it again."
READERS = {"jsonl": jsonl, "wordpress": wordpress}


class Command(BaseCommand):
    help = "Bring in stories and pages of another system. Run again, it brings only what is new."

    def add_arguments(self, parser):
        parser.add_argument("files", nargs="+", metavar="FILE")
        parser.add_argument(
            "--format",
            choices=sorted(READERS),
            help="without it, what begins with < is of WordPress, and all else JSON lines",
        )
        parser.add_argument("--dry-run", action="store_true", help="write nothing, say everything")
        parser.add_argument(
            "--mapping",
            help="what things are called here; a dry run writes the file if it is missing",
        )
        parser.add_argument(
            "--media",
            action="append",
            default=[],
            metavar="SOURCE",
            help="a folder or a zip with the old site's pictures (wp-content/uploads); may be repeated",
        )
        parser.add_argument(
            "--fetch-from",
            action="append",
            default=[],
            metavar="NAME",
            help="a host that may be asked for pictures, such as old.example.org; may be repeated",
        )
        parser.add_argument("--report", help="write the report into this file as well")
        parser.add_argument("--by", help="login of the chief editor in whose name stories come in")

    def handle(
        self,
        *,
        files,
        format,
        dry_run,
        mapping,
        media,
        fetch_from,
        report,
        by,
        verbosity=1,
        **options,
    ):
        reader = READERS[format or self.format_of(files[0])]
        if reader is not wordpress and (media or fetch_from):
            raise CommandError("--media and --fetch-from are for WordPress exports.")
        for name in fetch_from:
            if not re.fullmatch(r"[\w-]+(\.[\w-]+)*\.?", name):
                raise CommandError(f"--fetch-from {name}: a host's name, such as old.example.org.")
        person = None if dry_run else self.chief(by)
        bar = Bar(self.stderr)
        if report:
            self.keep(report, "")  # a folder that is not there is told before the work, not after
        if verbosity:
            self.stderr.write("Reading what is in the files, before anything is written.")
        before = self.stamps(files)
        library = Library()
        known = (library,) if reader is wordpress else ()
        try:
            sources = [media_sources.source(path) for path in media]
            survey = reader.survey(files, *known)
        except (media_sources.Unusable, Refused) as error:
            raise CommandError(f"{error}\nNothing was brought.") from None
        if self.stamps(files) != before:
            raise CommandError("A file changed while it was read.\nNothing was brought.")
        names = self.names(mapping, survey, dry_run)
        said = reports.Report(survey.items, is_dry_run=dry_run)
        fetcher = Fetcher(fetch_from) if fetch_from else None
        try:
            pictures = Pictures(library, said, sources=sources, fetcher=fetcher, by=person)
        except media_sources.Unusable as error:
            raise CommandError(f"{error}\nNothing was brought.") from None
        importer = Importer(names, said, pictures, by=person, about=survey.about)
        now, zone = timezone.now(), site_zone()
        with afterwards.opened(survey, names, said) as older, standing.opened(said) as shadowed:
            try:
                for number, item in enumerate(reader.items(files), 1):
                    kind = names.kind(item.type)
                    if kind == "page":
                        older.note_site(item)
                        page = own_pages.bring(importer, item, zone, now)
                        if page is not None:
                            shadowed.note(page)
                    elif why := reader.is_left_out(item, kind):
                        self.leave_out(item, why, said)
                        older.note(item)
                    else:
                        story = reader.story(item, zone, now, *known)
                        older.note(item, story)
                        importer.bring(story)
                        shadowed.note(story)
                    if verbosity:
                        bar("items", number, survey.items)
            except Refused as error:
                raise CommandError(f"{error}\n{CHANGED}") from None
            except OSError as error:  # the disk is full, perhaps
                name = error.filename or "a picture"
                raise CommandError(f"{name}: {error.strerror}. Run it again to go on.") from error
            finally:
                importer.finish()
            if self.stamps(files) != before:
                raise CommandError(CHANGED)
            pictures.count()
            shadowed.settle(is_dry_run=dry_run)
            led = older.do(is_dry_run=dry_run)
            also = own_pages.lead_links(older.hosts) if led is not None else None
        if verbosity and led is not None:
            self.stderr.write(f"{led.links:,} links of {led.texts:,} stories lead to pages here.")
            self.stderr.write(f"{also.links:,} links of {also.texts:,} pages do so too.")
        if not dry_run:
            with connection.cursor() as cursor:
                cursor.execute("ANALYZE")  # the database counts what came, to find it fast
        text = said.text()
        self.stdout.write(text)
        if report:
            self.keep(report, text, library.missing())
        if not said.is_whole:
            raise SystemExit(1)

    @staticmethod
    def stamps(files):
        """What tells whether files are as they were; of what is not there the reader tells."""
        found = []
        for path in files:
            try:
                state = os.stat(path)
            except OSError:
                continue
            found.append((path, state.st_ino, state.st_size, state.st_mtime_ns))
        return found

    @staticmethod
    def format_of(path):
        try:
            with open(path, "rb") as file:
                start = file.read(4096)
        except OSError as error:
            raise CommandError(f"{path}: {error.strerror}") from None
        # As UTF-16 it has marks before and zeros between.
        return (
            "wordpress" if start.lstrip(b"\xef\xbb\xbf\xff\xfe\0 \t\r\n")[:1] == b"<" else "jsonl"
        )

    @staticmethod
    def keep(path, text, missing=()):
        """Write the report, with all the pictures that are not there below it."""
        try:
            with open(path, "w", encoding="utf-8") as file:
                file.write(text)
                for number, (address, where, why) in enumerate(missing):
                    file.write("" if number else "\nPictures, one by one\n\n")
                    file.write(f"  {where}\t{why}\t{address}\n")
        except OSError as error:
            raise CommandError(f"{path}: {error.strerror}") from None

    def chief(self, login):
        chiefs = User.objects.filter(permissions.chiefs(), is_active=True).order_by("pk")
        person = (chiefs.filter(username=login) if login else chiefs).first()
        if person is None:
            named = f"{login} is no chief editor." if login else "There is no chief editor."
            raise CommandError(f"{named} Stories come in by a chief editor: name one with --by.")
        return person

    def names(self, path, survey, dry_run):
        if path and dry_run and not Path(path).exists():
            names = mappings.suggested(survey)
            with open(
                os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8"
            ) as file:
                file.write(mappings.written(names, survey))
            return names
        try:
            return mappings.read(path, survey) if path else mappings.suggested(survey)
        except mappings.Wrong as error:
            raise CommandError("\n".join(error.args)) from None

    @staticmethod
    def leave_out(item, why, said):
        if item.type == "guest-author":
            said.count(reports.PEOPLE)
            return
        if item.type == "attachment":
            return  # counted at the end, when it is known who uses them
        said.count(f"left out: {why}")
        if why in reports.KINDS:
            said.lose(why, where=item.where)
        elif item["status"] == "publish" and item.type not in wordpress.MACHINERY:
            said.lose("left out", item.type, item.where)
