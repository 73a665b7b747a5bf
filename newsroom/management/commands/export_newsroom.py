from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from articles.progress import Bar
from newsroom.export import telling, writing
from newsroom.export.manifest import Refused


class Command(BaseCommand):
    help = "Write the whole newsroom into a new folder, as JSON lines and originals of pictures."

    def add_arguments(self, parser):
        parser.add_argument("folder", metavar="DIR", help="new, or empty")

    def handle(self, *, folder, verbosity=1, **options):
        telling.check_tables()
        bar = Bar(self.stderr) if verbosity else telling.no_bar
        try:
            manifest = writing.write(Path(folder), bar)
        except Refused as error:
            raise CommandError(str(error)) from None
        except OSError as error:
            raise CommandError(f"{error}. Nothing was left behind.") from None
        self.stdout.write(f"Written: {telling.counts(manifest)}.")
        self.stdout.write(
            "It holds withheld names, drafts and restricted stories: keep it as you keep the database."
        )
        self.stdout.write(f"Canonical hash: {manifest.hash}")
        if manifest.missing:
            lost = [
                f"No such file, so it is not in the export: {path}" for path in manifest.missing
            ]
            telling.say(self.stderr, lost)
            raise SystemExit(1)
