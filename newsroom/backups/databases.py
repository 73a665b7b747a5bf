"""One state of the whole database while people write: taken, put back, and with which tools.

SQLite: its own online copy, made in one step, in which other connections go on writing; put back by the same
copy the other way round, which is one transaction for everybody who has the database open. PostgreSQL: pg_dump
on a snapshot that this process holds; put back by psql in one transaction.
"""

import os
import re
import shutil
import sqlite3
import subprocess
import tempfile
from contextlib import closing, contextmanager
from pathlib import Path

from django.apps import apps
from django.db import connection, models

from newsroom.backups import folders
from newsroom.backups.refusals import Refused

DEBIANS = Path("/usr/lib/postgresql")  # a folder for each version
TOOLS = ("pg_dump", "pg_restore", "psql")
# What psycopg calls it -> what the tools read it from.
_ENVIRONMENT = {
    "host": "PGHOST",
    "port": "PGPORT",
    "user": "PGUSER",
    "password": "PGPASSWORD",
    "dbname": "PGDATABASE",
    "sslmode": "PGSSLMODE",
    "sslrootcert": "PGSSLROOTCERT",
    "sslcert": "PGSSLCERT",
    "sslkey": "PGSSLKEY",
    "service": "PGSERVICE",
    "passfile": "PGPASSFILE",
}


class Snapshot:
    """One state of the database. ``rows(sql)``: what a query finds in it. ``pieces()``: all of it, as the
    bytes of the file ``name``."""

    def __init__(self, name, rows, pieces):
        self.name, self.rows, self.pieces = name, rows, pieces

    def tables(self):
        return count(self.rows)

    def migrations(self):
        """Those that were applied, as [app, name]; none before the first migrate."""
        if ("django_migrations",) not in self.rows(_TABLES[connection.vendor]):
            return []
        return [list(r) for r in self.rows("SELECT app, name FROM django_migrations ORDER BY 1, 2")]

    def files(self):
        """The names in the storage that rows say they have, as far as their tables are there."""
        found = set()
        for model in apps.get_models():
            for field in model._meta.concrete_fields:
                if isinstance(field, models.FileField) and self._has(model._meta.db_table, field):
                    column = field.column
                    rows = self.rows(f'SELECT "{column}" FROM "{model._meta.db_table}"')
                    found |= {name for (name,) in rows if name}
        return found

    def _has(self, table, field):
        if connection.vendor == "sqlite":
            columns = [row[1] for row in self.rows(f'PRAGMA table_info("{table}")')]
        else:
            columns = [
                row[0]
                for row in self.rows(
                    "SELECT column_name FROM information_schema.columns WHERE table_schema = "
                    f"current_schema() AND table_name = '{table}'"
                )
            ]
        return field.column in columns


_TABLES = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite~_%' "
    "ESCAPE '~' ORDER BY name",
    "postgresql": "SELECT tablename FROM pg_tables WHERE schemaname = current_schema() ORDER BY 1",
}


def count(rows):
    """How many rows each table has: {name: number}."""
    names = [name for (name,) in rows(_TABLES[connection.vendor])]
    return {name: rows(f'SELECT COUNT(*) FROM "{name}"')[0][0] for name in names}


def snapshot(work):
    """A Snapshot, as a context manager; ``work`` is a folder of this machine for what it needs."""
    connection.ensure_connection()
    return _sqlite_snapshot(work) if connection.vendor == "sqlite" else _postgresql_snapshot()


def load(path, work, tables=None):
    """Put the whole database in the place of what is there: all of it or, with Refused, nothing.

    ``path``: what a Snapshot's ``pieces`` gave, as a file. ``tables``: how many rows each must have then.
    """
    connection.close()
    if connection.vendor == "sqlite":
        _load_sqlite(path, tables)
    else:
        _load_postgresql(path, work, tables or {})


def version():
    """The version of the database that runs, as numbers with a dot between."""
    if connection.vendor == "sqlite":
        return sqlite3.sqlite_version
    connection.ensure_connection()
    return f"{connection.pg_version // 10000}.{connection.pg_version % 10000}"


# SQLite


@contextmanager
def _sqlite_snapshot(work):
    path = Path(tempfile.mkdtemp(dir=work)) / "database.sqlite3"
    try:
        copy_sqlite(connection.settings_dict["NAME"], path)
        with closing(sqlite3.connect(path)) as copy:
            # One file, which needs no other beside it.
            copy.execute("PRAGMA journal_mode=DELETE")
            found = copy.execute("PRAGMA quick_check(3)").fetchall()
            if found != [("ok",)]:
                words = "; ".join(row[0] for row in found)
                raise Refused(f"The database is damaged, and must be seen to first: {words}")

            def pieces():
                with open(path, "rb") as file:
                    yield from folders.pieces_of(file)

            yield Snapshot(path.name, lambda sql: copy.execute(sql).fetchall(), pieces)
    finally:
        shutil.rmtree(path.parent)


def copy_sqlite(source, target):
    try:
        with (
            closing(sqlite3.connect(f"{Path(source).absolute().as_uri()}?mode=ro", uri=True)) as a,
            closing(sqlite3.connect(target)) as b,
        ):
            # Without a number of pages in one step: the copy need not begin again with each write.
            a.backup(b)
    except sqlite3.Error as error:
        raise Refused(f"The database could not be copied: {error}") from error


def _load_sqlite(path, tables):
    if tables is not None:
        with closing(sqlite3.connect(path)) as staged:
            if count(lambda sql: staged.execute(sql).fetchall()) != tables:
                raise Refused("The database of the backup has not the rows that the manifest says.")
    target = Path(connection.settings_dict["NAME"])
    if not target.exists():
        os.close(os.open(target, os.O_WRONLY | os.O_CREAT, 0o600))
    copy_sqlite(path, target)


# PostgreSQL


@contextmanager
def _postgresql_snapshot():
    raw = connection.get_new_connection(connection.get_connection_params())
    try:
        raw.set_session(isolation_level="REPEATABLE READ", readonly=True)
        with raw.cursor() as cursor:

            def rows(sql):
                cursor.execute(sql)
                return cursor.fetchall()

            ((number, schema),) = rows("SELECT pg_export_snapshot(), current_schema()")

            def pieces():
                command = [find_tool("pg_dump"), "--format=custom", "--no-owner", "--no-privileges"]
                command += ["--no-password", f"--snapshot={number}", f"--schema={schema}"]
                yield from _output(command)

            yield Snapshot("database.pgdump", rows, pieces)
    finally:
        raw.close()


def _output(command):
    """What a command prints, in pieces; Refused where it fails."""
    with (
        tempfile.TemporaryFile() as said,
        subprocess.Popen(command, env=_for_tools(), stdout=subprocess.PIPE, stderr=said) as process,
    ):
        try:
            yield from folders.pieces_of(process.stdout)
        finally:
            process.stdout.close()
            if process.wait() != 0:
                said.seek(0)
                words = said.read().decode(errors="replace").strip()
                raise Refused(f"{Path(command[0]).name} failed: {words}")


def _load_postgresql(path, work, tables):
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_schema()")
        schema = cursor.fetchone()[0] or "public"
    connection.close()
    # Written out before anything is touched: a dump that breaks off in the middle is never run.
    script, proof = Path(work) / "database.sql", Path(work) / "proof.sql"
    _run([find_tool("pg_restore"), "--no-owner", "--no-privileges", f"--file={script}", str(path)])
    proof.write_text("".join(_PROOF.format(schema, *one) for one in tables.items()))
    empty = f'SET lock_timeout = 60000; DROP SCHEMA IF EXISTS "{schema}" CASCADE;'
    command = [find_tool("psql"), "--no-psqlrc", "--quiet", "--no-password", "--single-transaction"]
    command += [
        "--set=ON_ERROR_STOP=1",
        f"--command={empty}",
        f"--file={script}",
        f"--file={proof}",
    ]
    _run(command)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


_PROOF = """DO $$ BEGIN IF (SELECT COUNT(*) FROM "{0}"."{1}") <> {2} THEN
RAISE EXCEPTION 'table {1} has not the {2} rows that the manifest says'; END IF; END $$;
"""


def _run(command):
    done = subprocess.run(
        command, env=_for_tools(), stdin=subprocess.DEVNULL, capture_output=True, text=True
    )
    if done.returncode:
        raise Refused(f"{Path(command[0]).name} failed: {done.stderr.strip()[-2000:]}")


def _for_tools():
    """The environment in which the tools of PostgreSQL reach our database; nothing is said in arguments."""
    given = connection.get_connection_params()
    said = {_ENVIRONMENT[k]: str(v) for k, v in given.items() if k in _ENVIRONMENT and v}
    if options := given.get("options"):
        said["PGOPTIONS"] = options
    return {**os.environ, **said, "PGCONNECT_TIMEOUT": "20"}


def check_tools():
    """Refuse tools of PostgreSQL that are not there or older than the server, before anything is done."""
    if connection.vendor != "postgresql":
        return
    server = int(version().partition(".")[0])
    for name in TOOLS:
        path = find_tool(name)
        found = tool_version(path) if path else None
        if found is None or found < server:
            said = f"is of version {found} ({path})" if found else "is not there"
            raise Refused(
                f"The server is PostgreSQL {server}, and {name} {said}. Install the tools of version "
                f"{server} or newer (on Debian and Ubuntu: apt install postgresql-client-{server}) "
                "and put them first in PATH."
            )


def find_tool(name):
    """The path of a tool: that in PATH, or where that is older than the server one of Debian's folders."""
    server = int(version().partition(".")[0])
    paths = [shutil.which(name)]
    paths += sorted(map(str, DEBIANS.glob(f"*/bin/{name}")), reverse=True)
    paths = [path for path in paths if path]
    for path in paths:
        if (tool_version(path) or 0) >= server:
            return path
    return paths[0] if paths else None


def tool_version(path):
    """The major version of a tool of PostgreSQL; None where it does not say."""
    done = subprocess.run([path, "--version"], capture_output=True, text=True)
    found = re.search(r"\(PostgreSQL\) (\d+)", done.stdout)
    return int(found[1]) if found else None
