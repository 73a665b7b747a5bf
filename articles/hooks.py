"""The newsroom's webhook: an address that gets each message as JSON. A Telegram bot is one.

Its address holds a secret and comes from the environment, never from the database or a form. Where
a message is for one person, ``{to}`` in WEBHOOK_FIELDS stands for that person's own address there.
"""

import http.client
import ipaddress
import json
import socket
import ssl
from urllib.parse import urlsplit

from django.conf import settings

TIMEOUT = 5  # seconds, for each step of a request


class Refused(Exception):
    """The message did not arrive; ``is_down``: nor would another one now."""

    def __init__(self, reason, *, is_down):
        super().__init__(reason)
        self.is_down = is_down


def is_set():
    return bool(settings.WEBHOOK_URL)


def is_personal():
    """Whether people can be reached one by one."""
    values = settings.WEBHOOK_FIELDS.values()
    return is_set() and any(isinstance(value, str) and "{to}" in value for value in values)


def has_common_channel():
    return is_set() and bool(settings.WEBHOOK_TO or not is_personal())


def problem(url):
    """Why messages cannot go to ``url``, in a few words; "" where they can."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return "it is no web address"
    if not parts.hostname or port == 0:
        return "it is no web address"
    if parts.username is not None:
        return "a name or password in the address is not sent"
    if parts.scheme != "https" and not (parts.scheme == "http" and is_this_machine(parts.hostname)):
        return "it must begin with https://"
    return ""


def is_this_machine(host):
    return host in {"localhost", "127.0.0.1", "::1"}


def post(text, *, to="", **more):
    """Send one message as JSON. Raises Refused unless the answer is one of success.

    Redirects are not followed, proxies not asked, and what the answer says is not read.
    """
    url = settings.WEBHOOK_URL
    if wrong := problem(url):
        raise Refused(wrong, is_down=True)
    fields = {
        name: value.replace("{to}", to or settings.WEBHOOK_TO) if isinstance(value, str) else value
        for name, value in settings.WEBHOOK_FIELDS.items()
    }
    payload = json.dumps({"text": text, **more, **fields}).encode()
    parts = urlsplit(url)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    connection = _connection(parts)
    try:
        connection.request(
            "POST", path, payload, {"Content-Type": "application/json", "User-Agent": "Newsroom"}
        )
        status = connection.getresponse().status
    except (OSError, http.client.HTTPException) as error:
        # Never the address itself: it holds the secret.
        raise Refused(type(error).__name__, is_down=True) from error
    finally:
        connection.close()
    if not 200 <= status < 300:
        raise Refused(f"answered {status}", is_down=status >= 500 or status in {404, 429})


def _connection(parts):
    """A connection to the very address that was looked at, so that no second look-up differs."""
    host = parts.hostname
    port = parts.port or (443 if parts.scheme == "https" else 80)
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise Refused("the name is not known", is_down=True) from error
    numbers = list(dict.fromkeys(row[4][0] for row in found))
    if not is_this_machine(host) and not all(_is_public(number) for number in numbers):
        raise Refused("it leads into a private network", is_down=True)
    kind = _Secure if parts.scheme == "https" else _Plain
    connection = kind(host, port, timeout=TIMEOUT)
    connection.numbers = numbers
    return connection


def _is_public(number):
    address = ipaddress.ip_address(number.partition("%")[0])
    address = getattr(address, "ipv4_mapped", None) or address
    return address.is_global and not address.is_multicast


class _Plain(http.client.HTTPConnection):
    numbers = ()

    def connect(self):
        self.sock = self._reached()

    def _reached(self):
        """A socket to the first of the numbers that answers."""
        failure = OSError("no address")
        for number in self.numbers:
            try:
                return socket.create_connection((number, self.port), self.timeout)
            except OSError as error:
                failure = error
        raise failure


class _Secure(_Plain, http.client.HTTPSConnection):
    """HTTPS to a number, with the certificate asked for by name."""

    def connect(self):
        plain = self._reached()
        try:
            self.sock = ssl.create_default_context().wrap_socket(plain, server_hostname=self.host)
        except OSError:
            plain.close()
            raise
