"""Run a management command in a process that kills itself: python -m ...killed POINT COMMAND ARGUMENTS.

Points are counted while it runs: each statement to the database, and each file below the media folder
that is opened, renamed or removed. At the given one the process gets SIGKILL; with 0 it ends by
itself and says how many there were.
"""

import os
import signal
import sys

import django


def main():
    last, command = int(sys.argv[1]), sys.argv[2:]
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsroom.settings")
    django.setup()
    from django.conf import settings  # noqa: PLC0415  (after setup)
    from django.core.management import execute_from_command_line  # noqa: PLC0415
    from django.db import connection  # noqa: PLC0415

    count, media = 0, str(settings.MEDIA_ROOT)

    def point():
        nonlocal count
        count += 1
        if count == last:
            os.kill(os.getpid(), signal.SIGKILL)

    def statement(execute, *arguments):
        point()
        return execute(*arguments)

    def hook(event, arguments):
        if event in {"open", "os.rename", "os.remove", "os.link"} and media in str(arguments[0]):
            point()

    sys.addaudithook(hook)
    code = 0
    with connection.execute_wrapper(statement):
        try:
            execute_from_command_line(["manage.py", *command])
        except SystemExit as end:
            code = end.code or 0
    print(f"POINTS {count}", file=sys.stderr)
    sys.exit(code)


if __name__ == "__main__":
    main()
