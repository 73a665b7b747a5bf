"""Makes a backup of database and pictures that belong together, while people write.

Files of pictures never change (a new file has a new name), are there before a row names them and go after none
does. So the pictures are copied first; then a state of the database is held, and what it names and was not there
before is copied. What is gone by then was deleted since: the next state is held instead. Only what was gone
before a state that still names it is lost, and the manifest says so.
"""

import datetime
import logging
import os
import shutil
import subprocess
from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import connection

from newsroom.backups import databases, folders
from newsroom.backups.refusals import Refused

log = logging.getLogger(__name__)
MEDIA = "media/"
TRIES = 20


class Backup(NamedTuple):
    place: Path
    manifest: dict


def take(folder, work, *, with_media=True):
    """Make a backup in ``folder``. Returns a Backup; Refused where there is none. ``work``: folders.work()."""
    secret = folders.passphrase()
    databases.check_tools()
    try:
        with folders.alone(folder):
            before = None if secret else _latest_unsealed(folder)
            place = folders.begin(folder)
            try:
                manifest = _write(place, secret, work, before, with_media=with_media)
                return Backup(folders.finish(place, manifest, secret), manifest)
            finally:
                if place.exists():
                    shutil.rmtree(place)
    except OSError as error:
        raise Refused(f"The backup could not be written: {error}") from error


def _write(place, secret, work, before, *, with_media):
    files, missing = {}, set()
    if with_media:
        with databases.snapshot(work) as state:
            named = state.files()
        missing = _copy(named, place, secret, files, before)
    for _try in range(TRIES):
        with databases.snapshot(work) as state:
            named = state.files() if with_media else set()
            lost = _copy(named - files.keys(), place, secret, files, before)
            if not lost <= missing:
                missing |= lost
                continue
            for name in files.keys() - named:
                del files[name]
                folders.stored(place, MEDIA + name, secret).unlink()
            paths = {MEDIA + name: entry for name, entry in files.items()}
            paths[state.name] = folders.write(place, state.name, state.pieces(), secret)
            return {
                "format": folders.FORMAT,
                "taken_at": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
                "commit": commit(),
                "engine": connection.vendor,
                "engine_version": databases.version(),
                "languages": [code for code, _name in settings.LANGUAGES],
                "time_zone": settings.TIME_ZONE,
                "site_url": settings.SITE_URL,
                "migrations": state.migrations(),
                "tables": state.tables(),
                "has_media": with_media,
                "missing": sorted(lost),
                "files": paths,
            }
    raise Refused(
        "Pictures are deleted faster than they can be copied: try again when that is over."
    )


def _copy(names, place, secret, files, before):
    """Copy files of the storage into a backup and note them in ``files``. Returns names of what is not there."""
    missing = set()
    for name in sorted(names):
        try:
            file = default_storage.open(name)
        except FileNotFoundError:
            missing.add(name)
            continue
        with file:
            if not (before and _link(name, file, place, files, before)):
                pieces = folders.pieces_of(file)
                files[name] = folders.write(place, MEDIA + name, pieces, secret)
    return missing


def _link(name, file, place, files, before):
    """Share a file with the backup before, where both there and here it is what it was. Returns whether."""
    entry = before.manifest["files"].get(MEDIA + name)
    old, new = before.place / MEDIA / name, place / MEDIA / name
    if entry is None or folders.digest(folders.pieces_of(file)) != entry:
        file.seek(0)
        return False
    file.seek(0)
    try:
        with open(old, "rb") as kept:
            if folders.digest(folders.pieces_of(kept)) != entry:
                return False
        new.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        os.link(old, new)
    except OSError:
        return False  # no links on this disk, or gone: copied then
    files[name] = entry
    return True


def _latest_unsealed(folder):
    for place in reversed(folders.backups(folder)):
        if (place / folders.MANIFEST).is_file():
            try:
                return Backup(place, folders.read_manifest(place)[0])
            except Refused as error:
                log.warning("nothing is shared with the backup before: %s", error)
                return None
    return None


def commit():
    """Which version of the code this is; "" where that is not known."""
    done = subprocess.run(
        ["git", "-C", str(settings.BASE_DIR), "rev-parse", "HEAD"], capture_output=True, text=True
    )
    return done.stdout.strip() if done.returncode == 0 else ""
