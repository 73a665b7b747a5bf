"""What both commands say besides how far they are."""

from django.core.management.base import CommandError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

SHOWN = 20  # lines of one kind


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
