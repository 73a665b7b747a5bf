"""Another newsroom beside the one under test: an empty database and an empty folder of its own."""

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

import psycopg2
from django.conf import settings
from django.db import connection

from newsroom.backups import databases

_TABLES = databases._TABLES
# What is of this process alone; browser tests set the last, which no site may run with.
_OURS = {"MEDIA_ROOT", "DATABASE_URL", "DJANGO_ALLOW_ASYNC_UNSAFE"}


class Elsewhere:
    """``folder``: its VAR_DIR. ``rows()``: what stands in it, ``files()``: its originals."""

    def __init__(self, folder):
        self.folder = Path(folder)
        self.folder.mkdir()
        self.parameters = None
        if connection.vendor == "postgresql":
            given = connection.get_connection_params()
            self.parameters = {
                k: given[k] for k in ("host", "port", "user", "password") if given.get(k)
            }
            self.parameters["dbname"] = f"elsewhere_{os.getpid()}"
            self._on_the_server(f"DROP DATABASE IF EXISTS {self.parameters['dbname']} WITH (FORCE)")
            self._on_the_server(f"CREATE DATABASE {self.parameters['dbname']}")

    def close(self):
        if self.parameters:
            self._on_the_server(f"DROP DATABASE {self.parameters['dbname']} WITH (FORCE)")

    def _on_the_server(self, sql):
        server = psycopg2.connect(**self.parameters | {"dbname": "postgres"})
        server.autocommit = True
        with closing(server), server.cursor() as cursor:
            cursor.execute(sql)

    def environment(self):
        env = {k: v for k, v in os.environ.items() if k not in _OURS}
        env["VAR_DIR"] = str(self.folder)
        if self.parameters:
            ours = urlsplit(os.environ["DATABASE_URL"])
            path = ours.path.rpartition("/")[0] + "/" + self.parameters["dbname"]
            env["DATABASE_URL"] = ours._replace(path=path).geturl()
        return env

    def manage(self, *arguments, **environment):
        return subprocess.run(
            [sys.executable, "manage.py", *map(str, arguments)],
            cwd=settings.BASE_DIR,
            env=self.environment() | environment,
            capture_output=True,
            text=True,
        )

    def start(self, *arguments):
        return subprocess.Popen(
            [sys.executable, "manage.py", *map(str, arguments)],
            cwd=settings.BASE_DIR,
            env=self.environment(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def sql(self, words):
        if self.parameters:
            with closing(psycopg2.connect(**self.parameters)) as raw:
                return _asked(raw, words)
        with closing(sqlite3.connect(self.folder / "newsroom.sqlite3")) as raw:
            return _asked(raw, words)

    def rows(self):
        return _all(self.sql)

    def files(self):
        return files_below(self.folder / "media" / "originals")


def _asked(raw, words):
    with closing(raw.cursor()) as cursor:
        cursor.execute(words)
        found = cursor.fetchall() if cursor.description else []
    raw.commit()
    return found


def rows_here():
    """Every row of every table of the database under test, past Django: {table: sorted rows}."""
    if connection.vendor == "postgresql":
        raw = psycopg2.connect(
            **{
                k: v
                for k, v in connection.get_connection_params().items()
                if k in {"host", "port", "user", "password", "dbname"}
            }
        )
    else:
        raw = sqlite3.connect(connection.settings_dict["NAME"])
    with closing(raw):
        return _all(lambda words: _asked(raw, words))


def _all(sql):
    tables = [name for (name,) in sql(_TABLES[connection.vendor])]
    return {name: sorted(map(repr, sql(f'SELECT * FROM "{name}"'))) for name in tables}


def files_below(folder):
    """{path: bytes} of the files in a folder."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
