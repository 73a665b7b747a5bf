"""Tables for spreadsheets: CSV in which no cell can act as a formula."""

import csv
import itertools
import re

from django.http import StreamingHttpResponse

# What a spreadsheet takes for the beginning of a formula, or of something like it, in full width
# too; and the same after a sign at which it may begin another cell.
_BEGINNING = re.compile("\\s*[=+\\-@＝＋－＠\\0]|[\\t\\r\\n]")
_WITHIN = re.compile("([;\\t\\r\\n])(?=\\s*[=+\\-@＝＋－＠])")


class _Line:
    """A file that gives back what is written to it."""

    def write(self, text):
        return text


def rows_as_csv(header, rows):
    """Lines of CSV, one by one, for a streamed answer in UTF-8.

    ``header``: the names of the columns; ``rows``: iterables of cells. Numbers stay numbers; any
    other cell that could act as a formula begins with an apostrophe. Every cell stands in quotes,
    so that a spreadsheet that expects another separator does not find one within.
    """
    writer = csv.writer(_Line(), quoting=csv.QUOTE_NONNUMERIC, lineterminator="\r\n")
    yield "\ufeff"  # or spreadsheets take Cyrillic for Latin
    for row in itertools.chain([header], rows):
        yield writer.writerow([cell(value) for value in row])


def cell(value):
    """A number as it is; anything else as words that are no formula."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return value
    words = "" if value is None else str(value)
    start = _BEGINNING.match(words)
    first = f"'{start[0]}" if start else ""
    return first + _WITHIN.sub(r"\1'", words[start.end() if start else 0 :])


def download(filename, header, rows):
    """An answer with ``rows`` (an iterable of lists, read while it is sent) below ``header``."""
    return StreamingHttpResponse(
        rows_as_csv(header, rows),
        content_type="text/csv; charset=utf-8",
        headers={
            "Content-Disposition": f'attachment; filename="{filename}"',
            "Cache-Control": "private, no-store",
        },
    )
