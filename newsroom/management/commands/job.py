"""Runs another command for a timer: what fails is told, and when it works again."""

import collections
import datetime
import signal
import subprocess
import sys

from django.core.management.base import BaseCommand
from django.utils import timezone

from newsroom import failures


class Command(BaseCommand):
    help = "Run a command of manage.py; mail administrators when it begins to fail and when it works again."
    requires_system_checks = []

    def run_from_argv(self, argv):
        # What follows belongs to the other command, options too.
        if len(argv) < 3 or argv[2].startswith("-"):
            return super().run_from_argv(argv)
        sys.exit(run(argv[0], argv[2:]))

    def add_arguments(self, parser):
        parser.add_argument("command", nargs="+", metavar="COMMAND", help="with its own arguments")

    def handle(self, *, command, **options):
        sys.exit(run(sys.argv[0], command))


def run(manage, command):
    """Run ``manage.py COMMAND...``, pass on what it prints, and note how it ended. Returns its exit code."""
    last, is_stopped = collections.deque(maxlen=failures.LINES), []
    process = subprocess.Popen(
        [sys.executable, manage, *command], stderr=subprocess.PIPE, text=True, errors="replace"
    )

    def stop(number, frame):
        is_stopped.append(number)
        process.send_signal(number)

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    for line in process.stderr:
        sys.stderr.write(line)
        last.append(line)
    status = process.wait()
    if is_stopped:
        return 0  # whoever stopped it knows
    failures.note(
        command[0],
        command=" ".join(["manage.py", *command]),
        status=status,
        output="".join(last),
        now=timezone.now().astimezone(datetime.UTC),
    )
    return status if status >= 0 else 128 - status
