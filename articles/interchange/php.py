"""What PHP's ``serialize`` wrote, read as data: no object, class or reference is ever followed."""

import re

MOST_BYTES = 1_000_000
MOST_DEPTH = 20
MOST_VALUES = 20_000

_SCALAR = re.compile(rb"(?:N|b:(?P<b>[01])|i:(?P<i>[+-]?\d{1,19})|d:(?P<d>[-+.\w]{1,40}));")
_STRING = re.compile(rb's:(\d{1,7}):"')
_ARRAY = re.compile(rb"a:(\d{1,7}):\{")


class Unreadable(ValueError):
    """No serialised value, one that is cut off, too large or too deep, or one with objects in it."""


def read(words):
    """None, a bool, int, float or str, or a dict of such for an array. Raises Unreadable."""
    data = words.encode()
    if len(data) > MOST_BYTES:
        raise Unreadable("too large")
    value, end, _ = _value(data, 0, 0, 0)
    if data[end:].strip():
        raise Unreadable("something follows")
    return value


def _value(data, at, depth, count):
    """``(value, end, count)``: the value at ``at``, where it ends, and how many were read so far."""
    count += 1
    if depth > MOST_DEPTH or count > MOST_VALUES:
        raise Unreadable("too deep, or too many values")
    if scalar := _SCALAR.match(data, at):
        return _scalar(scalar), scalar.end(), count
    if string := _STRING.match(data, at):
        end = string.end() + int(string[1])
        if data[end : end + 2] != b'";':
            raise Unreadable("a text of another length")
        return data[string.end() : end].decode(errors="replace"), end + 2, count
    array = _ARRAY.match(data, at)
    if array is None:
        raise Unreadable("an object, a reference or nothing known")
    found, at = {}, array.end()
    for _ in range(int(array[1])):
        key, at, count = _value(data, at, depth + 1, count)
        if not isinstance(key, int | str):
            raise Unreadable("a key that is none")
        found[key], at, count = _value(data, at, depth + 1, count)
    if data[at : at + 1] != b"}":
        raise Unreadable("not closed")
    return found, at + 1, count


def _scalar(found):
    if found["b"]:
        return found["b"] == b"1"
    if found["i"]:
        return int(found["i"])
    if found["d"]:
        try:
            return float(found["d"])
        except ValueError:
            raise Unreadable("a number that is none") from None
    return None
