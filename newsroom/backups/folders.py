"""A backup as a folder: its files, each with its checksum, and the manifest that makes it one.

    2026-11-29T031500.123456Z/ (readable by its owner alone)
        database.sqlite3      or database.pgdump (pg_dump's custom format)
        media/originals/...   pictures as they came in
        manifest.json         written last: without it a folder is no backup

Where a passphrase is given each file is sealed, and ``.sealed`` is added to its name. Checksums are of what
is in it. The manifest:

    format, taken_at (ISO 8601), commit, engine ("sqlite" or "postgresql"), engine_version, languages,
    time_zone, site_url, migrations ([[app, name]...]), tables ({name: rows}), has_media, missing (files
    that the newsroom names and did not have), files ({path: {"sha256": hex, "size": bytes}})
"""

import datetime
import fcntl
import hashlib
import json
import os
import re
import shutil
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from django.conf import settings

from newsroom.backups import sealing
from newsroom.backups.refusals import Refused

FORMAT = 1
MANIFEST = "manifest.json"
SEALED = ".sealed"
UNFINISHED = ".unfinished"
_NAME = re.compile(r"\d{4}-\d\d-\d\dT\d{6}\.\d{6}Z")
_SAID = set(
    "taken_at commit engine engine_version languages time_zone migrations tables has_media missing files".split()
)
_PIECE = 1024 * 1024


def passphrase():
    """What backups are sealed with, as bytes; None where they are not."""
    if not settings.BACKUP_PASSPHRASE_FILE:
        return None
    try:
        lines = Path(settings.BACKUP_PASSPHRASE_FILE).read_text().splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise Refused(f"BACKUP_PASSPHRASE_FILE cannot be read: {error}") from error
    if not lines or len(lines[0].strip()) < 12:
        raise Refused("The first line of BACKUP_PASSPHRASE_FILE must have 12 characters or more.")
    return lines[0].strip().encode()


@contextmanager
def alone(folder):
    """Nobody else makes, clears or restores a backup in this folder meanwhile; else Refused."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor = os.open(folder / ".backup-lock", os.O_CREAT | os.O_RDWR, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Refused(f"Another backup or restore is at work in {folder}.") from None
        yield
    finally:
        os.close(descriptor)


@contextmanager
def work():
    """A folder for copies while they are made, beside the database, for they are as secret. One backup or
    restore at a time has it; what a run that was killed left there goes."""
    folder = settings.VAR_DIR / "backup-work"
    with alone(folder):
        for old in folder.iterdir():
            if old.is_dir():
                shutil.rmtree(old)
        place = folder / "now"
        place.mkdir(mode=0o700)
        try:
            yield place
        finally:
            shutil.rmtree(place)


# Writing


def begin(folder):
    """A folder in which a backup is written; those that were broken off go."""
    for old in folder.glob(f"*{UNFINISHED}"):
        if _NAME.fullmatch(old.name.removesuffix(UNFINISHED)):
            shutil.rmtree(old)
    now = datetime.datetime.now(datetime.UTC)
    place = folder / f"{now:%Y-%m-%dT%H%M%S.%fZ}{UNFINISHED}"
    place.mkdir(mode=0o700)
    return place


def stored(place, name, secret):
    """Where a file of a backup lies."""
    return place / (f"{name}{SEALED}" if secret else name)


def digest(pieces):
    """What a manifest says of a file."""
    digest, size = hashlib.sha256(), 0
    for piece in pieces:
        digest.update(piece)
        size += len(piece)
    return {"sha256": digest.hexdigest(), "size": size}


def write(place, name, pieces, secret):
    """Write a file of a backup. Returns what the manifest says of it."""
    path = stored(place, name, secret)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    digest, size = hashlib.sha256(), 0

    def counted():
        nonlocal size
        for piece in pieces:
            digest.update(piece)
            size += len(piece)
            yield piece

    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        for piece in sealing.seal(counted(), name, secret) if secret else counted():
            file.write(piece)
        file.flush()
        os.fsync(file.fileno())
    return {"sha256": digest.hexdigest(), "size": size}


def finish(place, manifest, secret):
    """Write the manifest and give the backup its name. Returns the backup."""
    words = json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True).encode()
    write(place, MANIFEST, [words], secret)
    for folder in [place, *(path for path in place.rglob("*") if path.is_dir())]:
        _keep(folder)
    whole = place.with_name(place.name.removesuffix(UNFINISHED))
    os.rename(place, whole)
    _keep(whole.parent)
    return whole


def _keep(folder):
    """Have the disk keep the names in a folder, also through a loss of power."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def pieces_of(file):
    while piece := file.read(_PIECE):
        yield piece


# Reading


def is_whole(place):
    return (place / MANIFEST).is_file() or (place / f"{MANIFEST}{SEALED}").is_file()


def backups(folder):
    """The whole backups in a folder, the oldest first."""
    if not folder.is_dir():
        return []
    return sorted(p for p in folder.iterdir() if _NAME.fullmatch(p.name) and is_whole(p))


def keep_newest(folder, number):
    """Delete whole backups in ``folder`` but the newest ``number``. Returns those that went."""
    old = backups(folder)[:-number]
    for place in old:
        # Its manifest first: what is left of it at any moment is no backup.
        for name in (MANIFEST, f"{MANIFEST}{SEALED}"):
            (place / name).unlink(missing_ok=True)
        shutil.rmtree(place)
    return old


def find(folder):
    """The backup that ``folder`` is, or the newest one in it."""
    if not folder.is_dir():
        raise Refused(f"There is no folder {folder}.")
    if folder.name.endswith(UNFINISHED):
        raise Refused(f"{folder} is a backup that was broken off.")
    if is_whole(folder):
        return folder
    if found := backups(folder):
        return found[-1]
    raise Refused(f"{folder} is no backup and holds none: no {MANIFEST} in it.")


def read_manifest(place):
    """The manifest of a backup and the passphrase that opens it (None where it is not sealed)."""
    secret = None
    if (place / f"{MANIFEST}{SEALED}").is_file():
        secret = passphrase()
        if secret is None:
            raise Refused("This backup is sealed: set BACKUP_PASSPHRASE_FILE.")
    try:
        manifest = json.loads(b"".join(read(place, MANIFEST, secret)))
    except ValueError as error:
        raise Refused(f"{place / MANIFEST} cannot be read: {error}") from error
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        raise Refused(f"{place} was made by a version that writes backups in another format.")
    if absent := _SAID - manifest.keys():
        raise Refused(f"The manifest of {place} says nothing of {', '.join(sorted(absent))}.")
    for name in manifest["files"]:
        path = PurePosixPath(name)
        if path.is_absolute() or ".." in path.parts or "\\" in name:
            raise Refused(f"The manifest names a file outside the backup: {name!r}.")
    if sum(name.startswith("database.") for name in manifest["files"]) != 1:
        raise Refused(f"The manifest of {place} names no database.")
    return manifest, secret


def read(place, name, secret):
    """The bytes of a file of a backup, in pieces."""
    path = stored(place, name, secret)
    try:
        with open(path, "rb") as file:
            yield from sealing.unseal(file, name, secret) if secret else pieces_of(file)
    except FileNotFoundError:
        raise Refused(f"{path} is missing: this backup is not whole.") from None


def checked(place, name, entry, secret):
    """The bytes of a file of a backup; Refused at the end where they are not those of the manifest."""
    digest, size = hashlib.sha256(), 0
    for piece in read(place, name, secret):
        digest.update(piece)
        size += len(piece)
        yield piece
    if (digest.hexdigest(), size) != (entry["sha256"], entry["size"]):
        raise Refused(f"{place / name} is not what was backed up: its checksum differs.")
