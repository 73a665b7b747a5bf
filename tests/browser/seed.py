"""The story every design decision is tested against, as it is pasted: headline, text, biography.

Read from the file that lies beside the checkout, where it does; else the demo's own telling of it.
"""

import html
import re
import tomllib
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
FILE = ROOT.parent / "shared" / "data" / "seed-article.txt"
SOURCES = [
    ("24.kg", "https://24.kg/"),
    ("RFE/RL", "https://www.rferl.org/"),
    ("Hurriyet", "https://www.hurriyetdailynews.com/"),
]


class Seed(NamedTuple):
    headline: str
    paragraphs: list
    biography: list
    sources: list


def from_file(path):
    lines = [line.strip() for line in path.read_text().splitlines() if line.strip()]
    byline = lines.index("Sergey Kwan")
    return Seed(lines[0], lines[1:byline], lines[byline + 1 : byline + 3], SOURCES)


def from_demo():
    content = ROOT / "newsroom" / "demo"
    story = tomllib.loads((content / "stories" / "no-talks-on-troops-for-syria.toml").read_text())
    people = tomllib.loads((content / "people.toml").read_text())["person"]
    kwan = next(person for person in people if person["slug"] == "sergey-kwan")
    words = [plain(p) for p in re.findall(r"<p>(.*?)</p>", story["body"], re.S)]
    words[0] = f"BISHKEK (TCA) — {words[0]}"
    biography = [plain(p) for p in re.findall(r"<p>(.*?)</p>", kwan["biography"], re.S)]
    return Seed(story["headline"], words, biography, SOURCES)


def plain(words):
    return html.unescape(re.sub(r"<[^>]+>|\s+", " ", words)).strip()


SEED = from_file(FILE) if FILE.exists() else from_demo()
