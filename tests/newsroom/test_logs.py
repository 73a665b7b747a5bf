"""What is written of each request and fault: a line each, with its number, and nothing of who asked what."""

import io
import json
import logging

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.test import RequestFactory

from newsroom import logs
from tests.factories import make_article

pytestmark = pytest.mark.django_db
NUMBER = "0af7651916cd43dd8448eb211c80319c"


@pytest.fixture
def lines():
    """A function that gives the lines that were written, parsed."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(logs.Json())
    loggers = [logs.requests, logging.getLogger("django.request")]
    before = logs.requests.level
    logs.requests.setLevel(logging.INFO)
    for one in loggers:
        one.addHandler(handler)
    yield lambda: [json.loads(line) for line in written.getvalue().splitlines()]
    for one in loggers:
        one.removeHandler(handler)
    logs.requests.setLevel(before)


def test_a_request_is_a_line_without_what_was_asked_or_who_asked(client, lines):
    client.get(
        "/search/?q=aids+clinic+bishkek",
        REMOTE_ADDR="203.0.113.7",
        headers={"referer": "https://example.org/secret", "user-agent": "Agent"},
    )
    (line,) = [one for one in lines() if one["logger"] == "newsroom.requests"]
    assert (line["method"], line["path"], line["status"]) == ("GET", "/search/", 200)
    assert isinstance(line["ms"], int)
    assert len(line["request"]) == 16
    words = json.dumps(line)
    for what in ("aids", "203.0.113.7", "secret", "Agent"):
        assert what not in words


def test_the_number_of_the_proxy_is_taken_over_and_returned(client, lines):
    response = client.get("/healthz", headers={"x-request-id": NUMBER})
    assert response.headers["X-Request-ID"] == NUMBER
    assert client.get("/healthz").headers["X-Request-ID"] != NUMBER


@pytest.mark.parametrize(
    "forged",
    ["x", "a" * 65, "abcdefgh\nERROR", 'abcdefgh"}', "номер-12345", "abcdefgh 123", "<b>12345678"],
)
def test_what_is_no_number_is_not_taken_over(client, forged):
    response = client.get("/healthz", headers={"x-request-id": forged})
    assert response.headers["X-Request-ID"] != forged
    assert len(response.headers["X-Request-ID"]) == 16


@pytest.mark.parametrize("path", ["/preview/{}/", "/admin/welcome/{}/"])
def test_what_opens_a_door_is_in_no_line(client, lines, path):
    client.get(path.format("Zm9yLXlvdXItZXllcw"))
    written = json.dumps(lines())
    assert "Zm9yLX" not in written
    assert path.partition("{")[0] + "..." in written


def test_nobody_writes_a_line_of_their_own(client, lines):
    client.get("/nothing%0A%7B%22level%22:%22ERROR%22%7D%1b[2J/")
    assert len([one for one in lines() if one["logger"] == "newsroom.requests"]) == 1
    record = logging.LogRecord("n", 40, "p", 1, "a\nERROR b\u2028c\x1b[2J %s", ("d\re",), None)
    assert len(logs.Plain().format(record).splitlines()) == 1
    assert "\x1b" not in logs.Plain().format(record)
    assert len(logs.Json().format(record).splitlines()) == 1


def test_a_fault_in_many_lines_stays_one_entry():
    try:
        raise ValueError("first\n2026-01-01 00:00:00 ERROR forged, writes@example.org")
    except ValueError as error:
        about = (type(error), error, error.__traceback__)
    record = logging.LogRecord("n", 40, "p", 1, "broke", (), about)
    plain = logs.Plain().format(record).splitlines()
    assert all(line.startswith("    ") for line in plain[1:])
    assert "@example.org" not in "\n".join(plain)
    assert "forged" in json.loads(logs.Json().format(record))["error"]


def test_the_number_stands_on_the_page_that_says_that_we_broke_and_in_its_line(
    client, lines, monkeypatch
):
    monkeypatch.setattr("fronts.views.compose", lambda *args: 1 / 0)
    client.raise_request_exception = False
    response = client.get("/", headers={"x-request-id": NUMBER})
    assert response.status_code == 500
    assert NUMBER in response.content.decode()
    assert "0" * 16 not in response.content.decode()
    fault = [one for one in lines() if "ZeroDivisionError" in one.get("error", "")]
    assert [one["request"] for one in fault] == [NUMBER]


def test_a_stored_page_is_the_same_whatever_its_number(client):
    path = make_article().get_absolute_url()
    first = client.get(path, headers={"x-request-id": NUMBER})
    second = client.get(path)
    assert first.content == second.content
    assert first.headers["ETag"] == second.headers["ETag"]
    again = client.get(path, headers={"if-none-match": first.headers["ETag"]})
    assert again.status_code == 304
    assert "X-Request-ID" not in first.headers.get("Vary", "")


@pytest.mark.parametrize("address", ["/", "/nothing/", "/healthz", "/static/site.css"])
def test_a_head_has_the_headers_of_a_get_and_nothing_else(address, settings):
    settings.ALLOWED_HOSTS = ["testserver"]
    answers = {}

    def keep(status, headers, exc_info=None):
        answers[method] = status, dict(headers)

    for method in ("GET", "HEAD"):
        environ = RequestFactory().generic(method, address).environ
        pieces = WSGIHandler()(environ, keep)
        body = b"".join(pieces)
        pieces.close()
        if method == "HEAD":
            assert body == b""
    (status, headers), (same, also) = answers["GET"], answers["HEAD"]
    assert status == same
    assert headers.get("Content-Type") == also.get("Content-Type")
