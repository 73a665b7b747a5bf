"""Pictures asked of the old host, one after the other, and of nobody whom the operator did not name.

Every address is looked up by us, refused unless it is on the public network, and connected to as it
was looked at, so that neither a redirect nor a second look-up leads into a private network.
"""

import http.client
import ipaddress
import re
import socket
import ssl
import threading
import time
from urllib.parse import quote, urljoin, urlsplit

from images.reading import MAX_BYTES

MOST_REDIRECTS = 5
MOST_FAILURES = 5  # one after the other: the host is down, and is asked no more
TOTAL = 60  # seconds for one answer with all that belongs to it
CONNECTING = 10  # seconds
MOST_WAITING = 60  # seconds, if a host says how long it wants to be left alone
PAUSES = (2, 8, 30)  # seconds before each further try
_BUSY = {429, 500, 502, 503, 504}
_CHUNK = 64 * 1024
# Networks behind which an address of another network stands (RFC 6052, 8215, 3056, 4380, 4291), and
# what some Pythons still take for public.
_REFUSED = [
    ipaddress.ip_network(network)
    for network in (
        "64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32", "::/96", "::ffff:0:0/96",
        "fec0::/10", "100.64.0.0/10", "192.88.99.0/24", "192.0.0.0/24", "0.0.0.0/8",
    )
]  # fmt: skip


class Refused(Exception):
    """A picture that is not fetched; the argument says why, in a few words."""


class _Busy(Exception):
    """The host wants to be asked later: in so many seconds, or None."""


class Fetcher:
    """``names``: the hosts that may be asked. ``also``: addresses of this machine or of a private
    network that may be, as tests name the loopback. ``ports``: those of http and https."""

    def __init__(self, names, *, also=(), ports=(80, 443), pauses=PAUSES, total=TOTAL):
        self.names = [plain_name(name) for name in names]
        self.also, self.ports, self.pauses, self.total = set(also), set(ports), pauses, total
        self.failures = 0

    def may_ask(self, host):
        return plain_name(host or "") in self.names

    def fetch(self, address):
        """The bytes at an address. Raises Refused."""
        if self.failures >= MOST_FAILURES:
            raise Refused("the host does not answer")
        for pause in (*self.pauses, None):
            try:
                found = self._follow(address)
            except _Busy as busy:
                if pause is None:
                    self.failures += 1
                    raise Refused(f"the host is busy ({busy.args[1]})") from busy
                time.sleep(min(busy.args[0] or pause, MOST_WAITING))
            except (OSError, http.client.HTTPException) as error:
                if pause is None or isinstance(error, ssl.SSLCertVerificationError):
                    self.failures += 1
                    raise Refused(f"no answer ({type(error).__name__})") from error
                time.sleep(pause)
            else:
                self.failures = 0
                return found
        raise AssertionError("the last pause is None")

    def _follow(self, address):
        until = time.monotonic() + self.total
        for _ in range(MOST_REDIRECTS + 1):
            parts = self._checked(address)
            leads_to, content = self._ask(parts, until)
            if leads_to is None:
                return content
            address = urljoin(address, leads_to)
        raise Refused("too many redirects")

    def _checked(self, address):
        """The parts of an address that may be asked. Raises Refused."""
        try:
            parts = urlsplit(address)
            port = parts.port
        except ValueError:
            raise Refused("it is no web address") from None
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise Refused("it is no web address")
        if parts.username is not None or parts.password is not None:
            raise Refused("there is a name or password in the address")
        if not self.may_ask(parts.hostname):
            raise Refused(f"{parts.hostname[:80]} was not named")
        if port is not None and port not in self.ports:
            raise Refused(f"port {port} is not asked")
        return parts

    def _ask(self, parts, until):
        """``(where it leads on, content)``, of which one is None."""
        connection = self._connection(parts, until)
        timer = threading.Timer(max(0, until - time.monotonic()), connection.end)
        timer.daemon = True
        timer.start()
        try:
            path = quote(parts.path or "/", safe="/%!$&'()*+,;=:@~")
            query = "?" + quote(parts.query, safe="/%!$&'()*+,;=:@~?") if parts.query else ""
            connection.request(
                "GET",
                path + query,
                headers={
                    "User-Agent": "Newsroom",
                    "Accept": "image/*",
                    "Accept-Encoding": "identity",
                },
            )
            answer = connection.getresponse()
            if answer.status in {301, 302, 303, 307, 308} and answer.getheader("Location"):
                return answer.getheader("Location"), None
            if answer.status in _BUSY:
                after = answer.getheader("Retry-After", "")
                raise _Busy(int(after) if re.fullmatch(r"\d{1,4}", after) else None, answer.status)
            if answer.status != 200:
                self.failures = 0
                raise Refused(f"the host answers {answer.status}")
            if answer.getheader("Content-Encoding", "identity").strip().lower() != "identity":
                raise Refused("the answer is packed, which nobody asked for")
            return None, self._read(answer, connection)
        finally:
            timer.cancel()
            connection.close()

    def _read(self, answer, connection):
        said = answer.getheader("Content-Length", "")
        if said.isdigit() and int(said) > MAX_BYTES:
            raise Refused("it is too large")
        found = bytearray()
        while chunk := answer.read(_CHUNK):
            found += chunk
            if len(found) > MAX_BYTES:
                raise Refused("it is too large")
        if connection.is_over or (said.isdigit() and len(found) != int(said)):
            raise OSError("cut off")
        return bytes(found)

    def _connection(self, parts, until):
        """A connection to the very address that was looked at."""
        host = plain_name(parts.hostname)
        port = parts.port or (443 if parts.scheme == "https" else 80)
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except UnicodeError as error:
            raise OSError("the name is not known") from error
        numbers = list(dict.fromkeys(row[4][0] for row in found))
        if not numbers or not all(self._may_be_reached(number) for number in numbers):
            raise Refused("it leads into a private network")
        kind = _Secure if parts.scheme == "https" else _Plain
        connection = kind(host, port, timeout=min(CONNECTING, max(0.1, until - time.monotonic())))
        connection.numbers = numbers
        return connection

    def _may_be_reached(self, number):
        return number in self.also or is_public(number)


def plain_name(host):
    """A host's name as the network knows it: small letters, no dot at its end, Cyrillic encoded."""
    host = host.strip().rstrip(".").lower()
    try:
        return host.encode("idna").decode()
    except UnicodeError:
        return host


def is_public(number):
    """Whether an IP address is one of the public network, and stands for no other."""
    if "%" in number:
        return False
    address = ipaddress.ip_address(number)
    is_special = address.is_multicast or address.is_reserved or address.is_unspecified
    return (
        address.is_global
        and not is_special
        and not any(
            address in network for network in _REFUSED if network.version == address.version
        )
    )


class _Plain(http.client.HTTPConnection):
    """HTTP to the first of ``numbers`` that answers; ``end`` breaks it off from another thread."""

    numbers = ()
    is_over = False
    line = None  # the socket, which http.client lets go before the answer is read

    def connect(self):
        self.sock = self.line = self._reached()

    def end(self):
        self.is_over = True
        if self.line is not None:
            try:
                socket.socket.shutdown(self.line, socket.SHUT_RDWR)
            except OSError:
                self.line.close()  # the other side was faster

    def _reached(self):
        failure = OSError("no address")
        for number in self.numbers:
            if self.is_over:
                break
            try:
                return socket.create_connection((number, self.port), self.timeout)
            except OSError as error:
                failure = error
        raise failure


class _Secure(_Plain, http.client.HTTPSConnection):
    """HTTPS to a number, with the certificate asked for by name."""

    def connect(self):
        context = ssl.create_default_context()
        self.sock = self.line = context.wrap_socket(
            self._reached(), server_hostname=self.host, do_handshake_on_connect=False
        )
        self.sock.do_handshake()
