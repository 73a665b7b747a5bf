"""Puts a backup back: proved whole first, into a place that is empty or kept aside, and all of it or nothing."""

import os
import secrets
import tempfile
from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from images.renditions import lies_on_disk
from newsroom.backups import databases, folders, taking
from newsroom.backups.refusals import Refused

ASIDE = "before-restore"


class Restored(NamedTuple):
    """``aside``: the backup of what was there before, or None."""

    place: Path
    manifest: dict
    aside: Path | None


def restore(folder, work, *, replace=False):
    """Put back the backup that is (or is the newest in) ``folder``. Refused where that cannot be done wholly;
    then database and pictures are as they were. ``work``: folders.work()."""
    place = folders.find(folder)
    manifest, secret = folders.read_manifest(place)
    refuse_another_kind(manifest)
    databases.check_tools()
    refuse_newer(manifest)
    here = what_is_here()
    if here and not replace:
        raise Refused(
            f"This newsroom is not empty ({here}). With --replace it is kept aside as a backup of its "
            "own, and the other put in its place."
        )
    try:
        staged = check_all(place, manifest, secret, work)
        aside = None
        if here:
            aside = taking.take(settings.VAR_DIR / ASIDE, work, with_media=manifest["has_media"])
        _put(place, manifest, secret, staged, work)
        _let_go(manifest, aside)
    except OSError as error:
        raise Refused(f"It could not be restored: {error}") from error
    return Restored(place, manifest, aside and aside.place)


# What is refused


def refuse_another_kind(manifest):
    here = (connection.vendor, [code for code, _name in settings.LANGUAGES], settings.TIME_ZONE)
    there = (manifest["engine"], manifest["languages"], manifest["time_zone"])
    if here[0] != there[0]:
        raise Refused(
            f"The backup is of {there[0]}, this newsroom is on {here[0]}: set DATABASE_URL to a database "
            "of its kind."
        )
    if here[0] == "postgresql":
        major = [
            int(v.partition(".")[0]) for v in (manifest["engine_version"], databases.version())
        ]
        if major[0] > major[1]:
            raise Refused(
                f"The backup is of PostgreSQL {major[0]}, the server here is {major[1]}: it takes a "
                f"server of version {major[0]} or newer."
            )
    if here[1:] != there[1:]:
        raise Refused(
            "Addresses hang on languages and time zone, and the backup has others. Set them first, in "
            f"{settings.ENV_FILE}:\n  LANGUAGES={','.join(there[1])}\n  TIME_ZONE={there[2]}"
        )


def refuse_newer(manifest):
    known = MigrationLoader(None, ignore_no_migrations=True).disk_migrations
    apps = {app for app, _name in known}
    unknown = [f"{app}.{name}" for app, name in manifest["migrations"] if app in apps]
    unknown = [one for one in unknown if tuple(one.split(".", 1)) not in known]
    if unknown:
        raise Refused(
            "The backup was made by a newer version, whose database this one does not know "
            f"({', '.join(unknown[:3])}). Check out the version {manifest['commit'] or 'that made it'} "
            "and restore with that."
        )


def what_is_here():
    """What the newsroom holds that a restore would take the place of, in words; "" where it is empty."""
    present = set(connection.introspection.table_names())
    found = []
    with connection.cursor() as cursor:
        for table, words in (("articles_article", "stories"), ("images_image", "pictures")):
            if table in present:
                cursor.execute(f"SELECT COUNT(*) FROM {table}")
                if number := cursor.fetchone()[0]:
                    found.append(f"{number} {words}")
    return ", ".join(found)


def check_all(place, manifest, secret, work):
    """Prove every file of the backup. Returns its database as a file in ``work``, unsealed."""
    (name,) = [name for name in manifest["files"] if name.startswith("database.")]
    staged = work / Path(name).name
    for path, entry in sorted(manifest["files"].items()):
        pieces = folders.checked(place, path, entry, secret)
        if path != name:
            for _piece in pieces:
                pass
            continue
        with open(os.open(staged, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.writelines(pieces)
    return staged


# What is done


def _put(place, manifest, secret, staged, work):
    """Pictures first, whose names no row knows yet, then the database in one step."""
    added, is_done = [], False
    before = work / f"before-{staged.name}"
    with databases.snapshot(work) as state, open(before, "wb") as file:
        file.writelines(state.pieces())
    try:
        for path, entry in manifest["files"].items():
            if path.startswith(taking.MEDIA):
                name = path.removeprefix(taking.MEDIA)
                _put_file(name, folders.checked(place, path, entry, secret), entry, added)
        databases.load(staged, work, manifest["tables"])
        _bring_up_to_date(before, work)
        is_done = True
    finally:
        if not is_done:
            for name in added:
                default_storage.delete(name)


def _bring_up_to_date(before, work):
    """Migrate, which also puts back triggers and what searches need; where it fails all is as before."""
    is_done = False
    ContentType.objects.clear_cache()
    try:
        call_command("migrate", interactive=False, verbosity=0)
        is_done = True
    finally:
        if not is_done:
            databases.load(before, work)


def _let_go(manifest, aside):
    """Of the files that were kept aside, those that no row names any more."""
    if aside is None:
        return
    for path in aside.manifest["files"].keys() - manifest["files"].keys():
        if path.startswith(taking.MEDIA):
            default_storage.delete(path.removeprefix(taking.MEDIA))


def _put_file(name, pieces, entry, added):
    """Put a picture into the storage; one that is there and the same stays."""
    if default_storage.exists(name):
        with default_storage.open(name) as file:
            if folders.digest(folders.pieces_of(file)) == entry:
                return
    else:
        added.append(name)
    if not lies_on_disk():
        with tempfile.TemporaryFile(dir=settings.VAR_DIR) as file:
            file.writelines(pieces)
            file.seek(0)
            default_storage.delete(name)
            default_storage.save(name, File(file))
        return
    whole = Path(default_storage.path(name))
    whole.parent.mkdir(parents=True, exist_ok=True)
    draft = whole.with_name(f"{whole.name}.{secrets.token_hex(4)}")
    try:
        with open(draft, "wb") as file:
            file.writelines(pieces)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(draft, settings.FILE_UPLOAD_PERMISSIONS)
        os.replace(draft, whole)
    finally:
        draft.unlink(missing_ok=True)
