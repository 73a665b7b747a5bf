"""Everything out: a folder that holds the newsroom, whole or not at all."""

import contextlib
import hashlib
import os
from typing import NamedTuple

from django.conf import settings
from django.core.files.storage import default_storage
from django.utils import timezone

from addresses.languages import codes
from images.models import Image
from newsroom.export import manifest as manifests
from newsroom.export import rows
from newsroom.export.contents import KINDS
from newsroom.export.manifest import Manifest, Refused

PIECE = 1 << 20  # bytes


class Progress(NamedTuple):
    """Called with what is being written and how much of how much of it is."""

    show: object
    all_of_them: int

    def __call__(self, what, done):
        self.show(what, done, self.all_of_them)


def write(folder, show=lambda what, done, all_of_them: None):
    """Write an export into ``folder``, a Path: new or empty. Gives its Manifest.

    Of what readers of the folder could otherwise see nothing is left to the umask: it holds withheld
    names, drafts and restricted stories. Refused where the folder cannot be used; what was written is
    taken away again if it does not come to an end.
    """
    made = _folder(folder)
    written = []
    with contextlib.ExitStack() as undoing:
        undoing.callback(_take_away, folder, written, made)
        with rows.one_moment():
            manifest = _write(folder, written, show)
        os.sync()
        written.append(folder / f"{manifests.NAME}.part")
        manifests.write(manifest, folder)
        undoing.pop_all()
    return manifest


def _folder(folder):
    """Make the folder, or see that it is empty. Gives whether it was made."""
    try:
        if not folder.exists():
            folder.mkdir(mode=0o700)
            return True
        if not folder.is_dir():
            raise Refused(f"{folder}: not a folder.")
        if any(folder.iterdir()):
            raise Refused(f"{folder}: not empty. An export goes into a folder of its own.")
    except OSError as error:
        raise Refused(f"{folder}: {error.strerror}.") from None
    return False


def _take_away(folder, written, made):
    for path in reversed(written):
        if path.is_dir():
            path.rmdir()
        else:
            path.unlink(missing_ok=True)
    if made:
        folder.rmdir()


def _write(folder, written, show):
    files, missing = {}, []
    # First what may be replaced meanwhile: the file of a picture goes with its row.
    pictures = Image.objects.exclude(file="").order_by("pk")
    names = pictures.values_list("file", flat=True)
    progress = Progress(show, len(names))
    for number, name in enumerate(names, 1):
        path = manifests.media_file(name)
        if path in files or path in missing:
            continue
        found = _picture(folder, name, written)
        if found is None:
            missing.append(path)
        else:
            files[path] = found
        progress("pictures", number)
    _make(folder / "data", written)
    progress = Progress(show, sum(rows.queryset(kind).count() for kind in KINDS))
    done = 0
    for kind in KINDS:
        path = folder / manifests.data_file(kind)
        digest, size, count = hashlib.sha256(), 0, 0
        with _new(path, written) as file:
            for line in rows.lines(kind):
                file.write(line)
                digest.update(line)
                size, count, done = size + len(line), count + 1, done + 1
                progress("lines", done)
        files[manifests.data_file(kind)] = {
            "sha256": digest.hexdigest(),
            "bytes": size,
            "lines": count,
        }
    return Manifest(
        languages=codes(),
        time_zone=settings.TIME_ZONE,
        files=files,
        missing=missing,
        made_at=timezone.now().isoformat(timespec="seconds"),
    )


def _picture(folder, name, written):
    """Copy an original. Gives its entry of the manifest; None where there is no such file."""
    if not manifests.is_plain(name):
        return None
    try:
        source = default_storage.open(name)
    except FileNotFoundError:
        return None
    path = folder / manifests.media_file(name)
    _make(path.parent, written)
    digest, size = hashlib.sha256(), 0
    with source, _new(path, written) as file:
        while piece := source.read(PIECE):
            file.write(piece)
            digest.update(piece)
            size += len(piece)
    return {"sha256": digest.hexdigest(), "bytes": size}


def _make(folder, written):
    if not folder.exists():
        _make(folder.parent, written)
        folder.mkdir(mode=0o700)
        written.append(folder)


def _new(path, written):
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    written.append(path)
    return open(descriptor, "wb")


def data_hashes():
    """What the files of data would say of the newsroom as it is, without writing any: path -> SHA-256."""
    found = {}
    for kind in KINDS:
        digest = hashlib.sha256()
        for line in rows.lines(kind):
            digest.update(line)
        found[manifests.data_file(kind)] = digest.hexdigest()
    return found
