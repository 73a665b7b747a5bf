from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from articles.progress import Bar
from newsroom.export import filling, telling, writing
from newsroom.export.manifest import Refused


class Command(BaseCommand):
    help = "Bring the newsroom that export_newsroom wrote into an empty one."

    def add_arguments(self, parser):
        parser.add_argument("folder", metavar="DIR")

    def handle(self, *, folder, verbosity=1, **options):
        telling.check_tables()
        bar = Bar(self.stderr) if verbosity else telling.no_bar
        try:
            manifest, cleaned = filling.fill(Path(folder), bar)
        except Refused as error:
            raise CommandError(f"{error}\nNothing was brought.") from None
        self.stdout.write(f"Brought: {telling.counts(manifest)}.")
        telling.say(self.stderr, [f"Not in the export: {path}" for path in manifest.missing])
        telling.say(
            self.stderr,
            [f"{where}: held markup that no text may have; it was cleaned." for where in cleaned],
        )
        other = self.other_than(manifest)
        for path in other:
            self.stderr.write(f"An export would say something else now: {path}")
        if not other:
            self.stdout.write(f"Canonical hash: {manifest.hash}")
        self.stdout.write(
            "The logins of the export are closed and have no password: open those that are needed on "
            "the desk. Without a login here: manage.py createsuperuser"
        )
        if other:
            raise SystemExit(1)

    @staticmethod
    def other_than(manifest):
        """Files of data that would not be the same if the newsroom were exported again."""
        found = writing.data_hashes()
        return sorted(path for path in found if found[path] != manifest.files[path]["sha256"])
