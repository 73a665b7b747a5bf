import json
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from newsroom.backups import folders, taking
from newsroom.backups.refusals import Refused
from newsroom.health import LAST_BACKUP


class Command(BaseCommand):
    help = "Back up database and pictures into a new folder below DIR, while people go on working."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("dir", type=Path, metavar="DIR")
        parser.add_argument(
            "--keep", type=int, metavar="N", help="then delete whole backups but the newest N"
        )
        parser.add_argument("--without-pictures", action="store_true", help="the database alone")

    def handle(self, *, dir, keep, without_pictures, **options):
        if keep is not None and keep < 1:
            raise CommandError("--keep must leave one backup at least.")
        try:
            is_new = not dir.exists()
            with folders.work() as work:
                made = taking.take(dir, work, with_media=not without_pictures)
            gone = folders.keep_newest(dir, keep) if keep else []
        except (Refused, OSError) as error:
            raise CommandError(str(error)) from error
        if not without_pictures:
            last = {"taken_at": made.manifest["taken_at"], "place": str(made.place)}
            (settings.VAR_DIR / LAST_BACKUP).write_text(json.dumps(last))
        pictures = sum(name.startswith(taking.MEDIA) for name in made.manifest["files"])
        size = sum(entry["size"] for entry in made.manifest["files"].values())
        self.stdout.write(
            f"{made.place}: {sum(made.manifest['tables'].values())} rows, {pictures} pictures, "
            f"{size / 1e6:.1f} MB, {'sealed' if settings.BACKUP_PASSPHRASE_FILE else 'not sealed'}."
        )
        if is_new:  # as it is too where the disk that holds the others is not mounted
            self.stderr.write(f"{dir} was not there before: it was made for this backup.")
        for name in made.manifest["missing"]:
            self.stderr.write(f"The newsroom names a file that is not there: {name}")
        for place in gone:
            self.stdout.write(f"Deleted: {place.name}")
