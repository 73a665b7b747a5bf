import datetime
import socket
import ssl
import threading
import time

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from articles.interchange import fetching
from articles.interchange.fetching import Fetcher, Refused

HERE = {"127.0.0.1", "::1"}


def fetcher(host, *names, **options):
    options = {"pauses": (), "also": HERE, "ports": (host.server_port,)} | options
    return Fetcher(names or ["localhost"], **options)


def leads_to(address, status=302):
    def answer(handler):
        handler.send_response(status)
        handler.send_header("Location", address)
        handler.end_headers()

    return answer


def says(status, **headers):
    def answer(handler):
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()

    return answer


def test_a_file_is_fetched_as_it_is_with_no_cookie_and_nothing_packed(host, monkeypatch):
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    host.answers["/%D1%81.jpg?a=1"] = b"words"
    assert fetcher(host).fetch(f"{host.at}/с.jpg?a=1") == b"words"
    ((_, headers),) = host.asked
    assert headers["Host"] == f"localhost:{host.server_port}"
    assert headers["Accept-Encoding"] == "identity"
    assert "Cookie" not in headers


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("http://other.example.org/a", "was not named"),
        ("ftp://localhost/a", "no web address"),
        ("file:///etc/passwd", "no web address"),
        ("http://localhost:22/a", "port 22"),
        ("http://eve@localhost/a", "name or password"),
        ("http://localhost:99999/a", "no web address"),
        ("http://[::1/a", "no web address"),
        ("", "no web address"),
    ],
)
def test_what_was_not_allowed_is_not_asked(host, address, why):
    with pytest.raises(Refused, match=why):
        fetcher(host).fetch(address)
    assert host.asked == []


@pytest.mark.parametrize(
    "number",
    [
        "127.0.0.1", "10.0.0.1", "172.16.3.4", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0",
        "224.0.0.1", "240.0.0.1", "255.255.255.255", "192.0.2.1", "198.18.0.1", "192.88.99.1", "::1", "::",
        "fe80::1", "fe80::1%eth0", "fc00::1", "fec0::1", "ff02::1", "::ffff:8.8.8.8", "::ffff:127.0.0.1",
        "::127.0.0.1", "64:ff9b::7f00:1", "64:ff9b:1::1", "2002:7f00:1::", "2001::1", "2001:db8::1",
    ],
)  # fmt: skip
def test_addresses_that_are_not_of_the_public_network_are_known(number):
    assert not fetching.is_public(number)


def test_addresses_of_the_public_network_are_known_too():
    assert fetching.is_public("8.8.8.8")
    assert fetching.is_public("2a00:1450:4001:81b::200e")


def test_a_name_that_leads_into_a_private_network_is_refused(host):
    host.answers["/a"] = b"secret"
    with pytest.raises(Refused, match="private network"):
        Fetcher(["localhost"], ports=(host.server_port,)).fetch(f"{host.at}/a")
    assert host.asked == []


def test_a_redirect_is_followed_to_names_that_were_given_alone(host):
    host.answers |= {
        "/a": leads_to("/b"),
        "/b": leads_to(f"http://127.0.0.1:{host.server_port}/c"),
        "/c": b"words",
        "/out": leads_to("http://169.254.169.254/latest/"),
        "/port": leads_to("http://localhost:22/"),
        "/file": leads_to("file:///etc/passwd"),
    }
    both = fetcher(host, "localhost", "127.0.0.1")
    assert both.fetch(f"{host.at}/a") == b"words"
    with pytest.raises(Refused, match=r"127\.0\.0\.1 was not named"):
        fetcher(host).fetch(f"{host.at}/a")
    for path in ("/out", "/port", "/file"):
        with pytest.raises(Refused):
            both.fetch(f"{host.at}{path}")


def test_a_redirect_to_a_given_name_within_a_private_network_is_refused(host):
    host.answers |= {"/a": leads_to(f"http://127.0.0.1:{host.server_port}/b"), "/b": b"secret"}
    with pytest.raises(Refused, match="private network"):
        fetcher(host, "localhost", "127.0.0.1", also={"::1"}).fetch(f"http://127.0.0.1:{host.server_port}/a")  # fmt: skip
    assert host.asked == []


def test_redirects_without_end_are_given_up(host):
    host.answers["/a"] = leads_to("/a")
    with pytest.raises(Refused, match="too many redirects"):
        fetcher(host).fetch(f"{host.at}/a")
    assert len(host.asked) == fetching.MOST_REDIRECTS + 1


def names(monkeypatch, **answers):
    """Lets names be known by what ``answers`` give, one answer after the other, the last again."""
    look_up = socket.getaddrinfo

    def looked_up(name, port, *arguments, **options):
        known = answers.get(name.partition(".")[0])
        if known is None:
            return look_up(name, port, *arguments, **options)
        number = known.pop(0) if len(known) > 1 else known[0]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (number, port))]

    monkeypatch.setattr(socket, "getaddrinfo", looked_up)


def test_what_was_looked_at_is_connected_to_though_the_name_leads_elsewhere_since(
    host, monkeypatch
):
    names(monkeypatch, rebinding=["127.0.0.1", "10.9.9.9"])
    host.answers["/a"] = b"words"
    address = f"http://rebinding.example.org:{host.server_port}/a"
    asking = fetcher(host, "rebinding.example.org")
    assert asking.fetch(address) == b"words"
    assert host.asked[0][1]["Host"] == f"rebinding.example.org:{host.server_port}"
    with pytest.raises(Refused, match="private network"):
        asking.fetch(address)


def test_one_private_address_among_others_is_enough_to_refuse_a_name(host, monkeypatch):
    def both(name, port, *arguments, **options):
        return [(2, 1, 6, "", ("127.0.0.1", port)), (2, 1, 6, "", ("10.0.0.1", port))]

    monkeypatch.setattr(socket, "getaddrinfo", both)
    with pytest.raises(Refused, match="private network"):
        fetcher(host).fetch(f"{host.at}/a")


@pytest.fixture
def secure(host, tmp_path, monkeypatch):
    """The host over TLS, with a certificate for secure.example.org that this machine trusts."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "secure.example.org")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.DNSName("secure.example.org")]), critical=False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path / "certificate.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + made.public_bytes(serialization.Encoding.PEM)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    host.greeted = []
    context.sni_callback = lambda line, name, context: host.greeted.append(name)
    host.socket = context.wrap_socket(host.socket, server_side=True)
    monkeypatch.setenv("SSL_CERT_FILE", str(path))
    names(monkeypatch, secure=["127.0.0.1"], other=["127.0.0.1"])
    return host


def test_a_certificate_is_asked_for_by_the_name(secure):
    secure.answers["/a"] = b"words"
    asking = fetcher(secure, "secure.example.org", "other.example.org")
    assert asking.fetch(f"https://secure.example.org:{secure.server_port}/a") == b"words"
    assert secure.greeted == ["secure.example.org"]
    with pytest.raises(Refused, match="SSLCertVerificationError"):
        asking.fetch(f"https://other.example.org:{secure.server_port}/a")
    assert len(secure.asked) == 1


def test_what_is_too_large_is_not_read_to_its_end(host, monkeypatch):
    monkeypatch.setattr(fetching, "MAX_BYTES", 100_000)

    def endless(handler):
        handler.send_response(200)
        handler.end_headers()
        while True:
            handler.wfile.write(b"x" * 10_000)

    host.answers |= {"/said": says(200, Content_Length="100001"), "/endless": endless}
    for path in host.answers:
        with pytest.raises(Refused, match="too large"):
            fetcher(host).fetch(f"{host.at}{path}")


def test_what_is_packed_is_refused_and_never_unpacked(host):
    host.answers["/a"] = says(200, Content_Encoding="gzip")
    with pytest.raises(Refused, match="packed"):
        fetcher(host).fetch(f"{host.at}/a")


@pytest.mark.parametrize("part", ["head", "body"])
def test_whoever_answers_a_letter_at_a_time_is_left_when_the_time_is_over(host, part):
    is_over = threading.Event()

    def slowly(handler):
        handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
        if part == "body":
            handler.wfile.write(b"Connection: close\r\n\r\n")
        try:
            while not is_over.wait(0.05):
                handler.wfile.write(b"x")
        except OSError:
            pass

    host.answers["/a"] = slowly
    try:
        with pytest.raises(Refused, match="no answer"):
            fetcher(host, total=0.4).fetch(f"{host.at}/a")
    finally:
        is_over.set()


def test_what_is_cut_off_is_no_picture(host):
    def short(handler):
        handler.send_response(200)
        handler.send_header("Content-Length", "100")
        handler.end_headers()
        handler.wfile.write(b"half")

    host.answers["/a"] = short
    with pytest.raises(Refused, match="no answer"):
        fetcher(host).fetch(f"{host.at}/a")


@pytest.mark.parametrize("status", [429, 500, 502, 503])
def test_a_host_that_is_busy_is_asked_again_later(host, status):
    host.answers["/a"] = [says(status, Retry_After="0"), says(status), b"words"]
    assert fetcher(host, pauses=(0, 0)).fetch(f"{host.at}/a") == b"words"


def test_a_host_that_is_down_is_asked_no_more(host):
    asking = fetcher(host, pauses=(0,))
    host.answers["/busy"] = says(503)
    for _ in range(fetching.MOST_FAILURES):
        with pytest.raises(Refused, match="busy"):
            asking.fetch(f"{host.at}/busy")
    asked = len(host.asked)
    with pytest.raises(Refused, match="does not answer"):
        asking.fetch(f"{host.at}/busy")
    assert len(host.asked) == asked


def test_what_is_not_there_is_no_sign_that_the_host_is_down(host):
    asking = fetcher(host)
    for _ in range(fetching.MOST_FAILURES + 1):
        with pytest.raises(Refused, match="answers 404"):
            asking.fetch(f"{host.at}/none")


def test_a_host_says_how_long_it_wants_to_be_left_alone_within_reason(host, monkeypatch):
    slept = []
    monkeypatch.setattr(time, "sleep", slept.append)
    host.answers["/a"] = [says(429, Retry_After="7"), says(429, Retry_After="9999"), b"words"]
    fetcher(host, pauses=(1, 1)).fetch(f"{host.at}/a")
    assert slept == [7, fetching.MOST_WAITING]
