"""Tables for a spreadsheet: CSV that Excel reads in every script and that runs nothing."""

import csv
import re

from django.http import StreamingHttpResponse

BYTE_ORDER_MARK = "\ufeff"  # without it Excel reads Cyrillic as Latin
# What makes a cell a formula, also after a sign at which a spreadsheet may begin another cell.
_FORMULA = re.compile(r"(^|[;\t\r\n])(?=\s*[=+\-@＝＋－＠\t\r\n])")


class _Line:
    """A file for csv.writer that gives back what is written to it."""

    def write(self, words):
        return words


def cell(value):
    """A value as it may stand in a table: text that would act as a formula gets an apostrophe."""
    if value is None:
        return ""
    if isinstance(value, (int, float)):
        return value
    return _FORMULA.sub(r"\1'", str(value).replace("\0", ""))


def rows_as_csv(filename, header, rows):
    """A download of ``rows`` (an iterable of lists, read while it is sent) below ``header``."""
    writer = csv.writer(_Line(), quoting=csv.QUOTE_ALL)

    def lines():
        yield BYTE_ORDER_MARK + writer.writerow([cell(value) for value in header])
        for row in rows:
            yield writer.writerow([cell(value) for value in row])

    return StreamingHttpResponse(
        lines(),
        content_type="text/csv; charset=utf-8",
        headers={
            "Content-Disposition": f'attachment; filename="{filename}"',
            "Cache-Control": "private, no-store",
        },
    )
