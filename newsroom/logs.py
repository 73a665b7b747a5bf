"""What is written of each request and each fault: one line each, with the number of its request.

A line never holds what readers typed (no query, no body), who they are (no address, no cookie, no e-mail), or what
opens a door (tokens of previews and one-time links). Nobody can write a line of their own: what is not
printable is escaped.
"""

import contextvars
import datetime
import json
import logging
import re
import secrets
import time

NUMBER = contextvars.ContextVar("number of the request", default="")
requests = logging.getLogger("newsroom.requests")

_WELL_FORMED = re.compile(r"[A-Za-z0-9._-]{8,64}", re.ASCII)
_SECRET = [
    (re.compile(r"(/(?:preview|welcome)/)[^/\s\"'?]+"), r"\1..."),
    (re.compile(r"\b(sig|token|password|code|key|q)=[^&\s\"']+", re.I), r"\1=..."),
    (re.compile(r"(\w+://[^\s/:@]*):[^\s/@]+@"), r"\1:...@"),
    (re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"), "...@..."),
    (re.compile(r"^DETAIL: .*$", re.M), "DETAIL: ..."),  # PostgreSQL's: values of a row
]


def masked(text):
    """``text`` without what must not be written down."""
    for pattern, instead in _SECRET:
        text = pattern.sub(instead, text)
    return text


def printable(text):
    """``text`` in one line: what is not printable is escaped, so that it can begin no line of its own."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def numbered(get_response):
    """Each request has a number: that of the web server before us, if it looks like one, else a new one.

    It is in every line that is written meanwhile, in the answer, and on the page that says that we broke.
    """

    def middleware(request):
        number = request.headers.get("X-Request-ID", "")
        if not _WELL_FORMED.fullmatch(number):
            number = secrets.token_hex(8)
        before, started = NUMBER.set(number), time.monotonic()
        try:
            response = get_response(request)
            response.headers["X-Request-ID"] = number
            _write(request, response, round((time.monotonic() - started) * 1000))
        finally:
            NUMBER.reset(before)
        return response

    return middleware


def _write(request, response, milliseconds):
    said = {
        "method": request.method,
        "path": request.path,
        "status": response.status_code,
        "ms": milliseconds,
    }
    # Pieces of pages and a look from outside every few seconds are of no interest while all is well.
    is_dull = request.path.startswith("/static/") or request.path == "/healthz"
    level = logging.DEBUG if is_dull and response.status_code < 400 else logging.INFO
    words = "%(method)s %(path)s %(status)s %(ms)s ms"
    requests.log(level, words, said, extra={"said": said})


class Plain(logging.Formatter):
    """For people: the time, where it comes from, the words, the number of the request."""

    def format(self, record):
        time = datetime.datetime.fromtimestamp(record.created).astimezone()
        number = f" [{NUMBER.get()}]" if NUMBER.get() else ""
        words = printable(masked(record.getMessage()))
        line = f"{time:%Y-%m-%d %H:%M:%S} {record.levelname} {record.name}: {words}{number}"
        if record.exc_info:
            error = masked(self.formatException(record.exc_info))
            line += "".join(f"\n    {printable(one)}" for one in error.splitlines())
        return line


class Json(logging.Formatter):
    """For machines: an object a line."""

    def format(self, record):
        time = datetime.datetime.fromtimestamp(record.created, datetime.UTC)
        entry = {
            "at": time.isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": masked(record.getMessage()),
        }
        if NUMBER.get():
            entry["request"] = NUMBER.get()
        for name, value in getattr(record, "said", {}).items():
            entry[name] = masked(value) if isinstance(value, str) else value
        if record.exc_info:
            entry["error"] = masked(self.formatException(record.exc_info))
        return json.dumps(entry)
