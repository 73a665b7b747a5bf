from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from articles.models import Message
from newsroom.backups import folders, restoring
from newsroom.backups.refusals import Refused


class Command(BaseCommand):
    help = "Put back the backup DIR (or the newest in DIR) into an empty newsroom."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("dir", type=Path, metavar="DIR")
        parser.add_argument(
            "--replace",
            action="store_true",
            help="where the newsroom is not empty: keep it aside as a backup, and put this in its place",
        )

    def handle(self, *, dir, replace, **options):
        try:
            with folders.work() as work:
                done = restoring.restore(dir, work, replace=replace)
        except (Refused, OSError) as error:
            raise CommandError(f"{error}\nThe newsroom here is as it was.") from error
        self.stdout.write(f"Restored: {done.place}, of {done.manifest['taken_at']}.")
        if done.aside:
            self.stdout.write(f"What was here before is kept: {done.aside}")
        if done.manifest["missing"]:
            self.stdout.write(f"{len(done.manifest['missing'])} pictures had no file then either.")
        if waiting := Message.objects.filter(state=Message.State.WAITING).count():
            self.stdout.write(f"{waiting} messages waited then; `deliver` will send them.")
        self.stdout.write("Now: manage.py collectstatic --noinput, and start the services.")
