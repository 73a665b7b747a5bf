"""An export is looked at wholly before anything of it is written: every file, every line."""

import array
import bisect
import datetime
import hashlib
import json
import math
import uuid

from django.db import models

from images.models import Image
from newsroom.export import manifest as manifests
from newsroom.export.contents import KIND_OF, KINDS
from newsroom.export.manifest import Refused

LONGEST = 64_000_000  # bytes of a line
PIECE = 1 << 20
NUMBERS = range(1, 2**63)  # primary keys


def check(folder, manifest, show=lambda what, done, all_of_them: None):
    """Check every file of an export against its manifest, and the shape of every line.

    Gives the primary keys of each kind, by name, in ascending order. Raises Refused.
    """
    total = sum(said["bytes"] for said in manifest.files.values())
    done, numbers = 0, {}
    listed = {path for path in manifest.files if path.startswith("media/")}
    listed |= set(manifest.missing)
    named = set()
    for path, said in sorted(manifest.files.items()):
        if path.startswith("media/"):
            _same(folder / path, path, said)
            done += said["bytes"]
            show("bytes checked", done, total)
    for kind in KINDS:
        path = manifests.data_file(kind)
        said = manifest.files[path]
        _same(folder / path, path, said)
        numbers[kind.name] = found = array.array("q")
        for where, values in lines(folder, kind):
            if found and values["id"] <= found[-1]:
                raise Refused(f"{where}: the id {values['id']} comes twice, or out of order.")
            found.append(values["id"])
            if kind.model is Image and values["file"]:
                named.add(manifests.media_file(values["file"]))
                if manifests.media_file(values["file"]) not in listed:
                    raise Refused(f"{where}: the manifest knows no file {values['file']!r}.")
        if len(found) != said["lines"]:
            raise Refused(f"{path}: {len(found)} lines, and the manifest names {said['lines']}.")
        done += said["bytes"]
        show("bytes checked", done, total)
    if strange := sorted(listed - named):
        raise Refused(f"{strange[0]}: belongs to no picture.")
    return numbers


def _same(path, name, said):
    """Refuse a file that is not the one of the manifest."""
    digest, size = hashlib.sha256(), 0
    try:
        with open(path, "rb") as file:
            while piece := file.read(PIECE):
                digest.update(piece)
                size += len(piece)
    except OSError as error:
        raise Refused(f"{name}: missing or not readable: {error.strerror}.") from None
    if (digest.hexdigest(), size) != (said["sha256"], said["bytes"]):
        raise Refused(
            f"{name}: damaged: it is not the file of which the manifest has the checksum."
        )


def lines(folder, kind):
    """Each line of a kind: where it stands ("data/tags.jsonl, line 3") and what it says, a dict."""
    name = manifests.data_file(kind)
    with open(folder / name, "rb") as file:
        for number in range(1, 2**62):
            line = file.readline(LONGEST)
            if not line:
                return
            where = f"{name}, line {number}"
            if not line.endswith(b"\n"):
                raise Refused(f"{where}: not a whole line.")
            try:
                values = json.loads(line.decode(), parse_constant=_no_number)
            except (ValueError, RecursionError) as error:
                raise Refused(f"{where}: not JSON in UTF-8: {error}") from None
            if not isinstance(values, dict) or values.keys() != kind.keys:
                odd = kind.keys ^ (values.keys() if isinstance(values, dict) else set())
                raise Refused(f"{where}: missing or unknown: {', '.join(sorted(odd)) or values}.")
            if type(values["id"]) is not int or values["id"] not in NUMBERS:
                raise Refused(f"{where}: the id is no number of a row.")
            yield where, values


def _no_number(word):
    raise ValueError(f"{word} is no number")


def row(kind, values, where, numbers):
    """A line as an object of its model, not saved, and its lists: name -> primary keys.

    ``numbers``: see ``check``: whatever is referred to must be there. Raises Refused.
    """
    found = {}
    for name in kind.fields:
        field = kind.model._meta.get_field(name)
        try:
            found[field.attname] = _value(field, values[name], numbers)
        except (ValueError, TypeError, OverflowError) as error:
            raise Refused(f"{where}: {name}: {error}.") from None
    lists = {}
    for name in kind.many:
        other = KIND_OF[kind.model._meta.get_field(name).related_model]
        listed = values[name]
        if not isinstance(listed, list) or len(set(map(str, listed))) != len(listed):
            raise Refused(f"{where}: {name}: no list of numbers, each once.")
        try:
            lists[name] = [_reference(one, other, numbers) for one in listed]
        except ValueError as error:
            raise Refused(f"{where}: {name}: {error}.") from None
    return kind.model(**found), lists


def _reference(value, kind, numbers):
    there = numbers[kind.name]
    if type(value) is not int or value not in NUMBERS:
        raise ValueError("no number of a row")
    place = bisect.bisect_left(there, value)
    if place == len(there) or there[place] != value:
        raise ValueError(f"{value} is not in {manifests.data_file(kind)}")
    return value


def _value(field, value, numbers):
    """The value of a field, of the kind that its column takes. ValueError otherwise."""
    if value is None:
        if field.null:
            return None
        raise ValueError("is empty")
    if field.related_model is not None:
        return _reference(value, KIND_OF[field.related_model], numbers)
    if isinstance(field, models.JSONField):
        return _of_type(value, type(field.get_default()) if field.has_default() else dict)
    if isinstance(field, models.DateTimeField):
        moment = datetime.datetime.fromisoformat(_of_type(value, str))
        if moment.tzinfo is None:
            raise ValueError("a time without its zone")
        return moment.astimezone(datetime.UTC)
    if isinstance(field, models.DateField):
        return datetime.date.fromisoformat(_of_type(value, str))
    if isinstance(field, models.UUIDField):
        return uuid.UUID(_of_type(value, str))
    if isinstance(field, models.BooleanField):
        return _of_type(value, bool)
    if isinstance(field, models.IntegerField):
        return _whole(field, value)
    if isinstance(field, models.FloatField):
        if type(value) not in {int, float} or not math.isfinite(value):
            raise ValueError("no number")
        return float(value)
    return _text(field, value)


def _whole(field, value):
    least = 0 if "Positive" in type(field).__name__ else -(2**31)
    most = 2**63 if isinstance(field, models.BigIntegerField) or field.primary_key else 2**31
    if type(value) is not int or not least <= value < most:
        raise ValueError("no whole number of its size")
    return value


def _text(field, value):
    _of_type(value, str).encode()
    if "\0" in value:
        raise ValueError("holds a NUL character")
    # Of a longer text the number is a rule of forms, of a short one the width of a column.
    most = None if isinstance(field, models.TextField) else field.max_length
    if most is not None and len(value) > most:
        raise ValueError(f"longer than {most} characters")
    if isinstance(field, models.FileField) and value and not manifests.is_plain(value):
        raise ValueError("leads out of the folder of pictures")
    return value


def _of_type(value, wanted):
    if type(value) is not wanted:
        raise ValueError(f"{type(value).__name__} instead of {wanted.__name__}")
    return value
