"""Old addresses as a table: read from CSV, compared with what is on file, and written as a whole.

Spreadsheets write commas, semicolons or tabs, with a byte order mark or without; plugins of WordPress
name the columns ``source`` and ``target``. One line leads one address to one page of this site; there
are no wildcards.
"""

import csv
import io
import unicodedata
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from addresses import older
from addresses.models import Miss, Redirect
from authors.models import User

MOST_LINES = 50_000
MOST_BYTES = 20 * 1024 * 1024
MOST_ERRORS = 100
BATCH = 500
HOPS = 20
# What the columns are called elsewhere; our own names for them, in every language of the desk, beside.
NAMES = {
    "path": {"path", "source", "source url", "from", "old url", "old address"},
    "query": {"query", "with the query"},
    "target": {"target", "target url", "to", "new url", "leads to"},
}
FORMULAS = ("=", "+", "-", "@")


class Unreadable(Exception):
    """A file that is no table; a sentence."""


class Row(NamedTuple):
    line: int
    path: str
    query: str
    target: str


class Error(NamedTuple):
    line: int
    words: str
    said: str  # what stands in the line


class Plan(NamedTuple):
    """What a table would change: ``changed`` are pairs of Row and where the address leads now."""

    rows: list
    new: list
    changed: list
    same: int
    errors: list


def read(data):
    """``(rows, errors)`` of the bytes of a file. Raises Unreadable."""
    if len(data) > MOST_BYTES:
        raise Unreadable(_("The file is too large."))
    text = _text(data)
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
    rows, errors, columns = [], [], None
    seen = {}
    try:
        for cells in lines:
            cells = [_cell(cell) for cell in cells]
            if not any(cells):
                continue
            line = lines.line_num
            if columns is None:
                columns, is_header = _columns(cells)
                if is_header:
                    continue
            if len(rows) + len(errors) >= MOST_LINES:
                raise Unreadable(_("The file has more than %(most)d lines.") % {"most": MOST_LINES})
            row, words = _row(line, cells, columns)
            if not words and seen.setdefault(row[1:3], row.target) != row.target:
                words = _("This old address stands in the file before, with another target.")
            if words:
                errors.append(Error(line, words, ", ".join(cells)[:120]))
            else:
                rows.append(row)
    except csv.Error as error:
        raise Unreadable(
            _("Line %(line)d is no line of a table: %(error)s")
            % {"line": lines.line_num, "error": error}
        ) from None
    if columns is None:
        raise Unreadable(_("The file is empty."))
    return list({row[1:3]: row for row in rows}.values()), errors


def plan(rows, errors=()):
    """The Plan of rows that were read, by what is on file now; chains are collapsed."""
    rows, loops = _collapsed(rows)
    known = {}
    for batch in _batches(rows):
        for row in Redirect.objects.filter(path__in={row.path for row in batch}):
            known[row.path, row.query] = row.target
    new, changed, same = [], [], 0
    for row in rows:
        now = known.get((row.path, row.query))
        if now is None:
            new.append(row)
        elif now != row.target:
            changed.append((row, now))
        else:
            same += 1
    errors = sorted([*errors, *loops])
    return Plan(rows, new, changed, same, errors)


def write(rows):
    """Write rows as ``plan`` gives them, all or none; returns that Plan. One with errors is not written."""
    with transaction.atomic():
        wanted = plan(rows)
        if wanted.errors:
            return wanted
        for batch in _batches(wanted.changed):
            targets = {(row.path, row.query): row.target for row, _now in batch}
            held = Redirect.objects.select_for_update().filter(
                path__in={path for path, _query in targets}
            )
            found = [one for one in held.order_by("pk") if (one.path, one.query) in targets]
            for one in found:
                one.target = targets[one.path, one.query]
            Redirect.objects.bulk_update(found, ["target"], batch_size=100)
        for batch in _batches(wanted.new):
            Redirect.objects.bulk_create(
                [Redirect(path=row.path, query=row.query, target=row.target) for row in batch],
                ignore_conflicts=True,
            )
        led = {row.path: row.target for row in wanted.rows if not row.query}
        for batch in _batches(sorted(led)):
            lead_on({path: led[path] for path in batch})
        for batch in _batches(wanted.rows):
            forget(batch)
        return wanted


def lead_on(led):
    """What led to one of these paths leads on to where that leads now: one hop."""
    behind = list(Redirect.objects.filter(target__in=led).order_by("pk"))
    for row in behind:
        row.target = led[row.target]
    ones = [row for row in behind if row.query or row.path != row.target]
    Redirect.objects.bulk_update(ones, ["target"], batch_size=100)


def forget(rows):
    """Addresses that lead somewhere now are no longer among those that lead nowhere."""
    # Misses are kept without /index.php, which a row may have.
    wanted = {
        (path.rstrip("/"), row.query) for row in rows for path in (row.path, older.undone(row.path))
    }
    paths = {f"{path}{end}" for path, _query in wanted for end in ("", "/")}
    found = Miss.objects.filter(path__in=paths)
    gone = [miss.pk for miss in found if (miss.path.rstrip("/"), miss.query) in wanted]
    Miss.objects.filter(pk__in=gone).delete()


# The file


def _text(data):
    for mark, encoding in ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (b"", "utf-8-sig")):
        if data.startswith(mark):
            try:
                return data.decode(encoding)
            except UnicodeDecodeError as error:
                line = data[: error.start].count(b"\n") + 1
                raise Unreadable(
                    _("Line %(line)d is not in UTF-8. Save the table as “CSV UTF-8”.")
                    % {"line": line}
                ) from None
    return ""


def _delimiter(text):
    first = next((line for line in text.splitlines() if line.strip()), "")
    return max(",;\t", key=first.count)


def _cell(words):
    """A cell as it was before a spreadsheet was kept from taking it for a formula."""
    words = words.strip()
    if words.startswith("'") and words[1:].lstrip().startswith(FORMULAS):
        words = words[1:]
    return words


def _columns(cells):
    """``({name: place}, whether this line is the one with the names)``."""
    if _is_address(cells[0]):
        if len(cells) == 2:
            return {"path": 0, "target": 1}, False
        raise Unreadable(_missing())
    names = {name: set(known) for name, known in NAMES.items()}
    for code, _own_name in User.LANGUAGES:
        with override(code):
            for name in names:
                names[name].add(str(Redirect._meta.get_field(name).verbose_name).lower())
    found = {}
    for place, cell in enumerate(cells):
        for name, known in names.items():
            if cell.lower() in known:
                found.setdefault(name, place)
        if cell.lower() in {"regex", "is_regex"}:
            found["regex"] = place
    if not {"path", "target"} <= set(found):
        raise Unreadable(_missing())
    return found, True


def _missing():
    return _(
        "The first line has to name the columns: old address, with the query, leads to."
        " A table of two columns, the old address and where it leads, needs none."
    )


def _row(line, cells, columns):
    """``(Row, "")``, or ``(None, what is wrong)``."""

    def value(name):
        place = columns.get(name)
        return cells[place] if place is not None and place < len(cells) else ""

    if value("regex").lower() in {"1", "true", "yes"}:
        return None, _("A pattern is no address. Name each address by itself.")
    source, asked = _split(value("path"))
    query = value("query").removeprefix("?") or asked
    path, words = _path(source)
    if not words:
        path, query = older.on_file(path, query)
        words = _about_old(path, query)
    target, about = _target(value("target")) if not words else ("", "")
    words = words or about
    if not words and path == target and not query:
        words = _("An address cannot lead to itself.")
    return (None, words) if words else (Row(line, path, query, target), "")


def _is_address(words):
    return words.startswith(("/", "http://", "https://"))


def _split(words):
    path, _mark, query = words.partition("#")[0].partition("?")
    return path, query


def _path(words):
    """``(path, "")`` of a path or of a whole address, whatever its host; or ``("", what is wrong)``."""
    try:
        parts = urlsplit(words)
    except ValueError:
        parts = None
    if parts is None or not _is_address(words) or words.startswith(("//", "/admin/")):
        return "", _("An address of this site begins with a slash: /about-us/")
    path = unicodedata.normalize("NFC", unquote(parts.path)) or "/"
    if any(character in path for character in "*\\") or any(ord(c) < 32 for c in path):
        return "", _("An old address holds no wildcards, backslashes or control characters.")
    return path, ""


def _about_old(path, query):
    if len(path) > older.LONGEST or len(query) > 300:
        return _("This old address is too long.")
    if path == "/" and not query:
        return _("The home cannot lead elsewhere.")
    return ""


def _target(words):
    """``(target, "")``; "" is gone for good. Or ``("", what is wrong)``."""
    if not words:
        return "", ""
    try:
        parts = urlsplit(words)
    except ValueError:
        return "", _("It leads to no address of this site.")
    if parts.netloc and parts.netloc.lower().removeprefix("www.") not in _hosts():
        return "", _("It leads to another site: %(host)s.") % {"host": parts.netloc[:100]}
    path, wrong = _path(words.partition("?")[0].partition("#")[0])
    if wrong:
        return "", _("It leads to no address of this site.")
    target = f"{path}?{parts.query}" if parts.query else path
    target += f"#{parts.fragment}" if parts.fragment else ""
    return (target, "") if len(target) <= older.LONGEST else ("", _("Where it leads is too long."))


def _hosts():
    return {urlsplit(settings.SITE_URL).netloc.lower().removeprefix("www.")}


# What is on file


def _collapsed(rows):
    """``(rows, errors)``: each leads to the end of its way, through the table and what is on file."""
    ways = {row.path: row.target for row in rows if not row.query}
    known = dict(ways)
    wanted = {row.target for row in rows} - set(known)
    for _hop in range(HOPS):
        found = {}
        for batch in _batches(sorted(wanted)):
            on_file = Redirect.objects.filter(path__in=batch, query="")
            found |= dict(on_file.values_list("path", "target"))
        known |= found
        wanted = set(found.values()) - set(known) - {""}
        if not wanted:
            break
    out, errors = [], []
    for row in rows:
        target, passed = row.target, {row.path} if not row.query else set()
        while target in known and target not in passed:
            passed.add(target)
            target = known[target]
        if target in passed:
            said = f"{row.path}, {row.target}"[:120]
            errors.append(Error(row.line, _("From there it leads back to the old address."), said))
        else:
            out.append(row._replace(target=target))
    return out, errors


def _batches(things):
    return (things[at : at + BATCH] for at in range(0, len(things), BATCH))
