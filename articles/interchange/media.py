"""Files that an operator gives: a folder of the old site or a zip of it. Nothing in them is unpacked."""

import lzma
import os
import stat
import struct
import zipfile
import zlib
from pathlib import Path

from images.reading import MAX_BYTES

# The table of a zip is kept in memory: about 70 MB for 100,000 entries.
MOST_ENTRIES = 400_000
# What a zip raises that is cut off, damaged, encrypted or packed in a way not known here.
BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    NotImplementedError,
    RuntimeError,
    EOFError,
    ValueError,
)


class Unusable(Exception):
    """What was given cannot be read; the argument says why."""


def source(path):
    """The Folder or Zip at ``path``. Raises Unusable."""
    if os.path.isdir(path):
        return Folder(path)
    if not os.path.isfile(path):
        raise Unusable(f"{path}: there is no such folder or file.")
    try:
        return Zip(path)
    except (*BROKEN, OSError) as error:
        raise Unusable(f"{path}: neither a folder nor a zip that can be read: {error}") from None


class Folder:
    def __init__(self, path):
        self.path = os.path.realpath(path)
        self.left_out = 0  # links, which could lead anywhere, and names that are no text

    def __str__(self):
        return self.path

    def files(self):
        """``(name, path, size)`` of each file: how it is read, and its name as a text below here."""
        folders = [""]
        while folders:
            below = folders.pop()
            try:
                entries = list(os.scandir(os.path.join(self.path, below)))
            except OSError as error:
                raise Unusable(f"{error.filename}: {error.strerror}") from None
            for entry in entries:
                name = f"{below}/{entry.name}" if below else entry.name
                if entry.is_symlink() or "\\udc" in ascii(name):
                    self.left_out += 1
                elif entry.is_dir(follow_symlinks=False):
                    folders.append(name)
                elif entry.is_file(follow_symlinks=False):
                    yield name, name, entry.stat(follow_symlinks=False).st_size

    def read(self, name):
        """The bytes of a file, at most one more than a picture may have. Raises OSError."""
        path = Path(self.path, name)
        # It may have been exchanged for something else meanwhile.
        if os.path.realpath(path) != str(path):
            raise OSError("it is a link now")
        opened = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        with os.fdopen(opened, "rb") as file:
            if not stat.S_ISREG(os.fstat(opened).st_mode):
                raise OSError("it is no file")
            return file.read(MAX_BYTES + 1)


class Zip:
    def __init__(self, path):
        self.path = path
        self.left_out = 0  # names that lead out of it
        self.file = zipfile.ZipFile(path)
        if len(self.file.filelist) > MOST_ENTRIES:
            raise ValueError("it has more entries than are read from a zip: unpack it")

    def __str__(self):
        return str(self.path)

    def files(self):
        for entry in self.file.infolist():
            path = _readable(entry)
            if entry.is_dir():
                continue
            if path.startswith("/") or ".." in path.replace("\\", "/").split("/"):
                self.left_out += 1
            else:
                yield entry.filename, path, entry.file_size

    def read(self, name):
        try:
            with self.file.open(name) as member:
                return member.read(MAX_BYTES + 1)
        except BROKEN as error:
            raise OSError(str(error)) from error


def _readable(entry):
    """The name of an entry of a zip. Few say that they write UTF-8, and Windows writes Cyrillic in 866."""
    if entry.flag_bits & 0x800:
        return entry.filename
    name = entry.filename.encode("cp437", "replace")
    try:
        return name.decode()
    except UnicodeDecodeError:
        return name.decode("cp866")
