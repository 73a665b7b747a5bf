"""Send the messages of the desk: mail, and what goes to the webhook."""

import datetime
import os
import threading
import time

from django.core.management.base import BaseCommand
from django.db import InterfaceError, OperationalError, close_old_connections, connection
from django.utils import timezone

from articles.delivery import deliver, forget, is_held, show_life
from articles.models import Message

PAUSE = 3  # seconds between two looks into the outbox
LONG_PAUSE = 30  # where mail or webhook did not answer


class Command(BaseCommand):
    help = "Send what waits in the outbox, once; with --watch, as it comes."

    def add_arguments(self, parser):
        parser.add_argument("--watch", action="store_true", help="go on until stopped")
        parser.add_argument(
            "--parent", type=int, help="with --watch: stop when the process of this number is gone"
        )

    def handle(self, *, watch=False, parent=None, **options):
        if not watch:
            show_life()
            if is_held():
                return
            forget()
            for channel in Message.Channel.values:
                deliver(channel)
            return
        self.is_over = threading.Event()
        # A webhook that does not answer holds up no mail: each has a thread of its own.
        threads = [
            threading.Thread(target=self.attend, args=[channel], daemon=True)
            for channel in Message.Channel.values
        ]
        for thread in threads:
            thread.start()
        try:
            while parent is None or os.getppid() == parent:
                time.sleep(1)
        except KeyboardInterrupt:
            pass  # Ctrl+C ends the server and this alike
        self.is_over.set()
        for thread in threads:
            thread.join(timeout=10)

    def attend(self, channel):
        forgotten, is_over = None, False
        while not is_over:
            is_open = True
            try:
                close_old_connections()
                show_life()
                is_open = not is_held() and deliver(channel)
                if timezone.now().date() != forgotten:
                    forget()
                    forgotten = timezone.now().date()
            except (OperationalError, InterfaceError) as error:
                # The database is away or busy for a moment.
                self.stderr.write(f"{datetime.datetime.now():%H:%M:%S} {error}")
                connection.close()
                is_open = False
            is_over = self.is_over.wait(PAUSE if is_open else LONG_PAUSE)
        connection.close()
