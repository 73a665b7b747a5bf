"""Prepare what is not prepared yet, then serve: what ``make run`` does once Python is ready."""

import os
import socket
import subprocess
import sys
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from newsroom.models import SiteSettings


class Command(BaseCommand):
    help = "Bring the database and the static files up to date, fill a new newsroom, and serve it."

    def handle(self, **options):
        port = int(os.environ.get("PORT", "8000"))
        refuse_a_taken_port(port)
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            self.stdout.write("Preparing the database ...")
            call_command("migrate", interactive=False, verbosity=0)
        if not SiteSettings.objects.exists():
            if os.environ.get("DEMO", "1") == "0":
                call_command("setup")
                # The languages and the zone just chosen hold from the start.
                os.execv(sys.executable, [sys.executable, *sys.argv])
            self.stdout.write("Making the demo newsroom ...")
            call_command("demo")
        if static_files_changed():
            self.stdout.write("Collecting static files ...")
            call_command("collectstatic", interactive=False, verbosity=0)
        self.stdout.write(
            f"The paper: http://127.0.0.1:{port}/  The desk: http://127.0.0.1:{port}/admin/"
        )
        logins = settings.VAR_DIR / "demo-logins.txt"
        if logins.exists():
            self.stdout.write(f"Logins made for this machine ({logins}):\n{logins.read_text()}")
        self.stdout.flush()
        connection.close()
        # What is to be sent is sent beside the server, and stops with it.
        subprocess.Popen(
            [sys.executable, sys.argv[0], "deliver", "--watch", "--parent", str(os.getpid())]
        )
        os.execv(
            sys.executable,
            [
                sys.executable,
                "-m",
                "gunicorn",
                "newsroom.wsgi",
                "--bind",
                f"127.0.0.1:{port}",
                "--workers",
                "2",
                "--threads",
                "4",
                "--log-level",
                "warning",
                "--max-requests",
                "5000",
            ],
        )


def refuse_a_taken_port(port):
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise CommandError(f"Port {port} is taken. Try: make run PORT={port + 1}") from error


def static_files_changed():
    """Whether any static file is newer than what was collected last."""
    manifest = Path(settings.STATIC_ROOT) / "staticfiles.json"
    if not manifest.exists():
        return True
    collected = manifest.stat().st_mtime
    return any(
        Path(storage.path(name)).stat().st_mtime > collected
        for finder in finders.get_finders()
        for name, storage in finder.list([])
    )
