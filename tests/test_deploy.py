"""The files that operators copy: nginx and systemd take them, and they name what is there."""

import datetime
import os
import re
import shutil
import subprocess
from pathlib import Path

import environ
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.core.management import get_commands

ROOT = Path(__file__).resolve().parent.parent
DEPLOY = ROOT / "deploy"
UNITS = sorted([*DEPLOY.glob("*.service"), *DEPLOY.glob("*.timer")])
NGINX = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
SYSTEMD = shutil.which("systemd-analyze")


def test_every_file_is_named_in_the_manual_and_no_other():
    manual = (ROOT / "docs" / "operations.md").read_text()
    for path in DEPLOY.iterdir():
        if path.suffix in {".service", ".timer"}:
            assert f"deploy/newsroom*{path.suffix}" in manual
        elif path.name not in {"upgrade.py", "__pycache__"}:
            assert f"deploy/{path.name}" in manual
    for name in re.findall(r"deploy/([\w.-]+)", manual.replace("newsroom*", "")):
        if not name.startswith("."):
            assert (DEPLOY / name).exists()


@pytest.mark.parametrize("unit", UNITS, ids=lambda path: path.name)
def test_every_unit_calls_commands_that_are_there(unit):
    for command in re.findall(r"manage\.py (?:job )?(\w+)", unit.read_text()):
        assert command in get_commands()
    if unit.suffix == ".timer":
        assert unit.with_suffix(".service").exists()


def test_every_line_of_the_example_is_a_setting(monkeypatch):
    lines = (DEPLOY / "newsroom.env").read_text().splitlines()
    names = [line.partition("=")[0] for line in lines if not line.startswith("#")]
    source = (ROOT / "newsroom" / "settings.py").read_text()
    for name in names:
        assert f'"{name}"' in source
    address = next(line for line in lines if line.startswith("DATABASE_URL")).partition("=")[2]
    database = environ.Env.db_url_config(address)
    assert database["HOST"] == "/var/run/postgresql"
    assert (database["NAME"], database["USER"]) == ("newsroom", "newsroom")


@pytest.mark.skipif(not SYSTEMD, reason="NO SYSTEMD: its files are not verified")
def test_systemd_takes_the_units(tmp_path):
    for unit in UNITS:
        text = unit.read_text().replace("/srv/newsroom/", f"{ROOT}/")
        (tmp_path / unit.name).write_text(text)
    done = subprocess.run(
        [SYSTEMD, "verify", *sorted(tmp_path.iterdir())], capture_output=True, text=True
    )
    ours = [line for line in done.stderr.splitlines() if "newsroom" in line]
    assert (done.returncode, ours) == (0, [])


@pytest.mark.long
@pytest.mark.skipif(not NGINX, reason="NO NGINX: see tests/images/nginx.sh")
def test_nginx_takes_its_file(tmp_path):
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "news.invalid")])
    now = datetime.datetime.now(datetime.UTC)
    certificate = x509.CertificateBuilder(
        name, name, key.public_key(), 1, now, now.replace(year=now.year + 1)
    )
    (tmp_path / "fullchain.pem").write_bytes(
        certificate.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
    )
    (tmp_path / "privkey.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    text = (DEPLOY / "nginx.conf").read_text()
    text = text.replace("/etc/letsencrypt/live/news.invalid", str(tmp_path))
    text = text.replace("/etc/nginx/", f"{DEPLOY}/")
    whole = f"pid {tmp_path}/pid;\nevents {{}}\nhttp {{\n{text}\n}}\n"
    (tmp_path / "nginx.conf").write_text(whole)
    done = subprocess.run(
        [NGINX, "-t", "-p", tmp_path, "-c", tmp_path / "nginx.conf"], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
