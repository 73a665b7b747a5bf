"""Tells administrators by mail of jobs that fail, once when they begin to and once when they work again, and of
faults on pages. What was told is remembered in files, so that it works while the database does not.

``VAR_DIR/jobs/NAME.json``: what is known of the last run of a job (see ``Job``). ``VAR_DIR/jobs/faults/``: an
empty file for each fault that was told, as old as that.
"""

import datetime
import hashlib
import json
import logging
import os
import socket
import threading
import time
import traceback
from typing import NamedTuple
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import Error, connection
from django.utils.translation import gettext as _
from django.utils.translation import override

from articles.permissions import ADMINISTRATOR
from authors.models import User
from newsroom.logs import NUMBER, masked

log = logging.getLogger(__name__)
AGAIN = datetime.timedelta(hours=12)  # until the same is told once more
MOST_FAULTS = 20  # told in AGAIN, however many differ
LINES = 30


class Job(NamedTuple):
    """The last run of a job. Times are ISO 8601; ``told_at``: when its failing was told, "" where it was not."""

    ended_at: str
    has_failed: bool
    failing_since: str = ""
    told_at: str = ""
    worked_at: str = ""


def folder():
    place = settings.VAR_DIR / "jobs"
    place.mkdir(mode=0o700, exist_ok=True)
    return place


def known():
    """What is known of each job: {name: Job}."""
    return {path.stem: recall(path.stem) for path in sorted(folder().glob("*.json"))}


def recall(name):
    try:
        return Job(**json.loads((folder() / f"{name}.json").read_text()))
    except (OSError, ValueError, TypeError):
        return None  # never run, or written by another version


def remember(name, job):
    draft = folder() / f"{name}.json.{os.getpid()}"
    draft.write_text(json.dumps(job._asdict()))
    os.replace(draft, folder() / f"{name}.json")


def note(name, *, command, status, output, now):
    """Write down how a run of a job ended, and tell of it where that is news. ``output``: its last lines."""
    before = recall(name) or Job("", False)
    if status == 0:
        if before.told_at:
            tell(lambda: _works_again(name, before, now))
        remember(name, Job(now.isoformat(), False, worked_at=now.isoformat()))
        return
    told_at = before.told_at
    is_due = not told_at or now - datetime.datetime.fromisoformat(told_at) >= AGAIN
    if is_due and tell(lambda: _failed(name, command, status, output, now)):
        told_at = now.isoformat()
    since = before.failing_since or now.isoformat()
    remember(name, Job(now.isoformat(), True, since, told_at, before.worked_at))


def _failed(name, command, status, output, now):
    subject = _("%(job)s failed") % {"job": name}
    words = [
        _("On %(machine)s, at %(time)s:")
        % {"machine": socket.gethostname(), "time": f"{now:%F %T %Z}"},
        f"    {command}",
        _("It ended with %(status)s. Its last lines:") % {"status": status},
        "\n".join(f"    {line}" for line in output.splitlines()[-LINES:]),
        _("The same is not told again for %(hours)s hours; you hear when it works again.")
        % {"hours": AGAIN // datetime.timedelta(hours=1)},
    ]
    return subject, "\n\n".join(words)


def _works_again(name, before, now):
    subject = _("%(job)s works again") % {"job": name}
    since = datetime.datetime.fromisoformat(before.failing_since)
    words = _("It failed from %(since)s on and went well at %(time)s.")
    return subject, words % {"since": f"{since:%F %T %Z}", "time": f"{now:%F %T %Z}"}


# Faults on pages


def fault(error, request):
    """Tell of what broke while a page was made: where, not what was asked or by whom."""
    if not settings.HAS_MAIL:
        return
    frame = traceback.extract_tb(error.__traceback__)[-1]
    place = f"{type(error).__name__} {frame.filename} {frame.lineno}"
    try:
        if not _is_new(hashlib.sha256(place.encode()).hexdigest()[:32]):
            return
    except OSError as no_room:
        # A full disk breaks pages too, and must not break the page that says so.
        log.error("a fault could not be told: %s", no_room)
        return
    said = "".join(traceback.format_exception(error))
    number, page, machine = NUMBER.get(), f"{request.method} {request.path}", socket.gethostname()

    def words():
        lines = [
            _("Request %(number)s on %(machine)s: %(page)s")
            % {"number": number, "machine": machine, "page": page},
            said,
            _("The same is not told again for %(hours)s hours.")
            % {"hours": AGAIN // datetime.timedelta(hours=1)},
        ]
        return _("A page broke: %(error)s") % {"error": type(error).__name__}, "\n\n".join(lines)

    # The reader who waits for an answer does not wait for the mail server too.
    threading.Thread(target=_tell_apart, args=[words], name="tell of a fault").start()


def _tell_apart(words):
    try:
        tell(words)
    finally:
        connection.close()


def _is_new(name):
    """Whether a fault was not told within AGAIN, and not too many others were; if so it counts as told."""
    place = folder() / "faults"
    place.mkdir(mode=0o700, exist_ok=True)
    oldest = time.time() - AGAIN.total_seconds()
    for path in place.iterdir():
        if path.stat().st_mtime < oldest:
            path.unlink(missing_ok=True)
    if len(list(place.iterdir())) >= MOST_FAULTS:
        return False
    try:
        os.close(os.open(place / name, os.O_CREAT | os.O_EXCL, 0o600))
    except FileExistsError:
        return False
    return True


# Mail


def tell(words):
    """Mail to whoever runs the machine, in their languages: whether it went out.

    ``words``: a function that gives subject and text in the language that is active.
    """
    if not settings.HAS_MAIL:
        return False
    host = urlsplit(settings.SITE_URL).hostname
    went = False
    for address, language in _recipients():
        with override(language):
            subject, text = words()
        headers = {"Auto-Submitted": "auto-generated"}
        mail = EmailMessage(
            f"[{host}] {subject}", without_secrets(text), to=[address], headers=headers
        )
        try:
            mail.send()
            went = True
        except OSError as error:  # smtplib's own errors are some of these
            log.error("nobody could be told of a failure: %s", type(error).__name__)
            return went
    return went


def without_secrets(text):
    """``text`` without the secrets of the installation, and what is masked everywhere."""
    secrets = [settings.SECRET_KEY, settings.HEALTH_TOKEN, settings.WEBHOOK_URL, settings.REDIS_URL]
    secrets += [settings.DATABASES["default"].get("PASSWORD"), settings.EMAIL_HOST_PASSWORD]
    for secret in filter(None, secrets):
        text = text.replace(str(secret), "...")
    return masked(text)


def _recipients():
    """Addresses and languages: of ADMINS, else of the desk's administrators, as known last if need be."""
    if settings.ADMINS:
        return [(address, settings.LANGUAGE_CODE) for _name, address in settings.ADMINS]
    memory = folder() / "administrators"
    try:
        people = User.objects.filter(groups__name=ADMINISTRATOR, is_active=True).exclude(email="")
        found = [
            [address, language or settings.LANGUAGE_CODE]
            for address, language in people.order_by("pk").values_list("email", "language")
        ]
        with open(os.open(memory, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            json.dump(found, file)
        return found
    except Error:
        return json.loads(memory.read_text()) if memory.exists() else []
