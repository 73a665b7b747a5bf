"""Every kind of public page read by the Nu Html Checker."""

import json
import shutil
import subprocess
import urllib.error
import urllib.request
from pathlib import Path

import pytest

JAR = Path(__file__).resolve().parents[2] / ".cache" / "package" / "build" / "dist" / "vnu.jar"

pytestmark = [pytest.mark.long, pytest.mark.demo]


def errors(folder, names):
    """What the checker says against the HTML files of a folder; ``names``: file -> kind of page."""
    checked = subprocess.run(
        ["java", "-jar", str(JAR), "--format", "json", *map(str, sorted(folder.glob("*.html")))],
        capture_output=True,
        text=True,
        check=False,
    )
    messages = json.loads(checked.stderr)["messages"]
    return [
        f"{names[m['url'].rsplit('/', 1)[1]]}: {m['message']} {m.get('extract', '')[:120]}"
        for m in messages
        if m["type"] == "error"
        or (m.get("subType") == "warning" and "section lacks" not in m["message"])
    ]


@pytest.mark.skipif(not JAR.exists() or not shutil.which("java"), reason="NO HTML CHECKER here")
def test_the_html_checker_finds_no_error_on_any_kind_of_page(demo_site, tmp_path):
    names = {}
    for number, (name, path) in enumerate(demo_site.pages().items()):
        try:
            html = urllib.request.urlopen(demo_site.url + path).read()
        except urllib.error.HTTPError as error:
            html = error.read()
        file = tmp_path / f"{number}.html"
        file.write_bytes(html)
        names[file.name] = name
    assert len(names) > 20
    assert errors(tmp_path, names) == []
