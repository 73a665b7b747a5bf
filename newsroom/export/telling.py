"""What both commands say on a terminal."""

import time

from django.core.management.base import CommandError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

WIDTH = 40
SHOWN = 20  # lines of one kind
PAUSE = 0.2  # seconds between two pictures of the bar


class Bar:
    """A bar in one line on a terminal; elsewhere a line for each tenth of each kind of work."""

    def __init__(self, out):
        self.out, self.what, self.tenth, self.drawn = out, "", 0, 0.0

    def __call__(self, what, done, all_of_them):
        if what != self.what:
            self.what, self.tenth, self.drawn = what, 0, 0.0
        filled = WIDTH * done // all_of_them if all_of_them else WIDTH
        line = f"[{'#' * filled}{'.' * (WIDTH - filled)}] {done:,} of {all_of_them:,} {what}"
        if self.out.isatty():
            if done >= all_of_them or time.monotonic() - self.drawn > PAUSE:
                self.drawn = time.monotonic()
                self.out.write(f"\r{line}", ending="" if done < all_of_them else "\n")
                self.out.flush()
        elif all_of_them and done * 10 // all_of_them > self.tenth:
            self.tenth = done * 10 // all_of_them
            self.out.write(line)


def no_bar(what, done, all_of_them):
    """Where nobody wants to see one."""


def check_tables():
    """Refuse a database that this release did not make or bring up to date."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise CommandError("The database is not up to date. First: manage.py migrate")


def counts(manifest):
    """How much of what an export holds: "1,204 stories, 86 pictures ..."."""
    names = ("stories", "revisions", "corrections", "people", "pictures", "redirects")
    return ", ".join(f"{manifest.files[f'data/{name}.jsonl']['lines']:,} {name}" for name in names)


def say(out, lines):
    """The first of many lines, and how many more there are."""
    for line in lines[:SHOWN]:
        out.write(line)
    if len(lines) > SHOWN:
        out.write(f"... and {len(lines) - SHOWN:,} more.")
