"""The manifest of an export: what it is, which files belong to it, and the one hash of all of it."""

import hashlib
import json
import os
import re
from dataclasses import asdict, dataclass
from pathlib import PurePosixPath

from newsroom.export.contents import KINDS, VERSION

NAME = "manifest.json"
FORMAT = "newsroom export"
MOST_BYTES = 500_000_000
_SHA256 = re.compile(r"[0-9a-f]{64}")


class Refused(Exception):
    """What is wrong with an export, or with where it is to go, in a sentence that says where."""


@dataclass
class Manifest:
    """``files``: path -> ``{"sha256", "bytes"}``, of data also ``"lines"``; ``missing``: paths of
    pictures whose file was not there. ``hash``: see ``canonical_hash``. ``made_at``: ISO 8601."""

    languages: list
    time_zone: str
    files: dict
    missing: list
    made_at: str = ""
    hash: str = ""
    version: int = VERSION
    format: str = FORMAT

    def __post_init__(self):
        self.hash = self.hash or canonical_hash(self)


def data_file(kind):
    return f"data/{kind.name}.jsonl"


def media_file(name):
    """Where the original of a picture lies, by its name in the storage of pictures."""
    return f"media/{name}"


def canonical_hash(manifest):
    """SHA-256 over what an export holds: the same for the same newsroom, wherever it is and whenever.

    Of these lines: ``newsroom export 1``, ``languages en,ru``, ``time_zone Asia/Bishkek``, then for
    each file in the order of paths ``<sha256>  <path>``, for each that is missing ``missing  <path>``.
    """
    lines = [
        f"{FORMAT} {manifest.version}",
        f"languages {','.join(manifest.languages)}",
        f"time_zone {manifest.time_zone}",
        *(f"{said['sha256']}  {path}" for path, said in sorted(manifest.files.items())),
        *(f"missing  {path}" for path in sorted(manifest.missing)),
    ]
    return hashlib.sha256("".join(f"{line}\n" for line in lines).encode()).hexdigest()


def write(manifest, folder):
    """Write the manifest, whole or not at all, when everything else lies on the disk."""
    said = json.dumps(asdict(manifest), ensure_ascii=False, sort_keys=True, indent=1)
    draft = folder / f"{NAME}.part"
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(f"{said}\n".encode())
        file.flush()
        os.fsync(file.fileno())
    draft.rename(folder / NAME)
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def read(folder):
    """The Manifest of an export that this release can read. Refused otherwise."""
    path = folder / NAME
    if not path.is_file():
        what = "There is no such folder." if not folder.is_dir() else _half(folder)
        raise Refused(f"{folder}: {what}")
    if path.stat().st_size > MOST_BYTES:
        raise Refused(f"{path}: too large for a manifest.")
    try:
        said = json.loads(path.read_bytes())
    except (ValueError, RecursionError) as error:
        raise Refused(f"{path}: damaged: {error}") from None
    if not isinstance(said, dict) or said.get("format") != FORMAT:
        raise Refused(f"{path}: not the manifest of an export of a newsroom.")
    if said.get("version") != VERSION or isinstance(said["version"], bool):
        raise Refused(
            f"{path}: an export of version {said.get('version')!r}; this release reads version "
            f"{VERSION}. Import it with the release that it was made for, and upgrade afterwards."
        )
    _check_shape(path, said)
    manifest = Manifest(**said)
    if canonical_hash(manifest) != manifest.hash:
        raise Refused(f"{path}: damaged: what it lists does not give the hash that it names.")
    return manifest


def _half(folder):
    if (folder / f"{NAME}.part").exists() or (folder / "data").exists():
        return f"half an export: it has no {NAME}, which is written last. Export again."
    return f"not an export: there is no {NAME}."


def _check_shape(path, said):
    is_sound = (
        said.keys() == set(Manifest.__dataclass_fields__)
        and isinstance(said["files"], dict)
        and all(_is_entry(name, entry) for name, entry in said["files"].items())
        and all(
            isinstance(said[name], list) and all(isinstance(one, str) for one in said[name])
            for name in ("languages", "missing")
        )
        and all(isinstance(said[name], str) for name in ("time_zone", "made_at", "hash"))
        and _SHA256.fullmatch(said["hash"]) is not None
    )
    if not is_sound:
        raise Refused(f"{path}: damaged: not in the shape of version {VERSION}.")
    wanted = {data_file(kind) for kind in KINDS}
    if listed := wanted ^ {name for name in said["files"] if not name.startswith("media/")}:
        raise Refused(f"{path}: damaged: {sorted(listed)[0]} is missing there or does not belong.")


def _is_entry(name, entry):
    keys = {"sha256", "bytes"} | ({"lines"} if name.startswith("data/") else set())
    return (
        is_plain(name)
        and isinstance(entry, dict)
        and entry.keys() == keys
        and _SHA256.fullmatch(str(entry["sha256"])) is not None
        and all(type(entry[key]) is int and entry[key] >= 0 for key in keys - {"sha256"})
    )


def is_plain(name):
    """Whether a path leads into the folder and nowhere else."""
    path = PurePosixPath(name)
    return (
        bool(path.parts)
        and not path.is_absolute()
        and str(path) == name
        and not {"..", "."} & set(path.parts)
        and not any(letter in name for letter in "\\\0\n")
    )
