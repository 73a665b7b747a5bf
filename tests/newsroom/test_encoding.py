"""Encodings that a request claims: none of them breaks the server."""

from io import BytesIO

import pytest
from django.core.handlers.wsgi import WSGIRequest

from newsroom.encoding import only_utf_8

ODD = ["hex", "rot13", "idna", "punycode", "unicode_escape", "utf-7", "utf-16", "latin-1", "x" * 99]
FORM = b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n\xd0\xb1\r\n--x--\r\n'


def reader(environ, start_response):
    """Says what Django reads in a request."""
    request = WSGIRequest(environ)
    start_response("200 OK", [])
    return [request.GET["q"].encode(), request.POST.get("a", "").encode()]


def answer(content_type, method="GET", words=b""):
    """The status and the words of an answer."""
    said = []
    environ = {
        "REQUEST_METHOD": method,
        "PATH_INFO": "/",
        "QUERY_STRING": "q=%D0%B0%5Cud800",
        "CONTENT_TYPE": content_type,
        "CONTENT_LENGTH": str(len(words)),
        "wsgi.input": BytesIO(words),
    }
    site = only_utf_8(reader)
    found = b"".join(site(environ, lambda status, headers: said.append(status)))
    return said[0], found.decode()


@pytest.mark.parametrize("charset", ["utf-8", '"UTF-8"', *ODD])
def test_a_page_is_shown_whatever_encoding_is_claimed(charset):
    for name in ("charset=", "Charset*=utf-8''"):
        assert answer(f"text/plain; {name}{charset}") == ("200 OK", "а\\ud800")


@pytest.mark.parametrize("charset", ODD)
def test_a_form_in_another_encoding_is_refused(charset):
    kind = "multipart/form-data; boundary=x"
    assert answer(f"{kind}; charset={charset}", "POST", FORM)[0] == "400 Bad Request"
    for more in ("", "; charset=utf-8"):
        assert answer(kind + more, "POST", FORM) == ("200 OK", "а\\ud800б")
