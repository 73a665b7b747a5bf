"""Lighthouse with its phone profile on pages of a running site.

It runs on the Node inside Playwright: the one that a system has may be too old for it.
"""

import json
import os
import shutil
import statistics
import subprocess
from pathlib import Path
from typing import NamedTuple

import playwright

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = ROOT / ".cache" / "lighthouse" / "node_modules" / "lighthouse" / "cli" / "index.js"
NODE = Path(playwright.__file__).parent / "driver" / "node"
BROWSER = shutil.which("chromium-headless-shell") or shutil.which("chromium")
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
FIGURES = {
    "lcp": "largest-contentful-paint",
    "cls": "cumulative-layout-shift",
    "tbt": "total-blocking-time",
    "bytes": "total-byte-weight",
}
IS_HERE = SCRIPT.exists() and BROWSER is not None


class Report(NamedTuple):
    """``scores``: of 100, by category; ``figures``: ms, score of shifts, bytes; ``wrong``: titles."""

    scores: dict
    figures: dict
    wrong: list


def look(address, folder, times=3):
    """The median Report of several looks at a page."""
    reports = [_look(address, Path(folder) / f"{n}.json") for n in range(times)]
    return Report(
        {key: statistics.median(r.scores[key] for r in reports) for key in CATEGORIES},
        {key: statistics.median(r.figures[key] for r in reports) for key in FIGURES},
        reports[-1].wrong,
    )


def _look(address, file):
    subprocess.run(
        [
            NODE,
            SCRIPT,
            address,
            "--quiet",
            "--output=json",
            f"--output-path={file}",
            "--chrome-flags=--headless --no-sandbox",
        ],
        env=os.environ | {"CHROME_PATH": BROWSER},
        check=True,
    )
    report = json.loads(file.read_text())
    audits = report["audits"]
    wrong = [
        audits[each["id"]]["title"]
        for key in CATEGORIES[1:]
        for each in report["categories"][key]["auditRefs"]
        if each["weight"] and audits[each["id"]]["score"] not in (1, None)
    ]
    return Report(
        {key: round(report["categories"][key]["score"] * 100) for key in CATEGORIES},
        {key: audits[name]["numericValue"] for key, name in FIGURES.items()},
        wrong,
    )
