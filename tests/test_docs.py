"""Undocumented means red: settings, commands, roles, states and formats are in docs/."""

import re
from pathlib import Path

import pytest

from articles import notices, several
from articles.admin.several import SEVERAL
from articles.models import Article, Byline, Citation, Correction
from articles.permissions import GROUPS
from prose import body

ROOT = Path(__file__).resolve().parent.parent


def page(name):
    return (ROOT / "docs" / name).read_text()


def test_every_setting_is_documented_and_no_other():
    source = (ROOT / "newsroom" / "settings.py").read_text()
    read = set(re.findall(r"\benv(?:\.\w+)?\(\s*[\"']([A-Z_]+)", source)) - {"PORT"}
    documented = set(re.findall(r"^\| `([A-Z_]+)` \|", page("operations.md"), flags=re.M))
    assert documented == read


def test_every_command_is_documented():
    commands = {p.stem for p in ROOT.glob("*/management/commands/*.py")} - {"__init__"}
    documented = set(re.findall(r"`manage\.py (\w+)", page("operations.md")))
    assert commands <= documented


@pytest.mark.parametrize("role", GROUPS)
def test_every_role_is_documented(role):
    assert role in page("editors.md")


@pytest.mark.parametrize(
    "word",
    [
        *(label for _, label in Article.Status.choices),
        *Byline.Role.values,
        *Citation.Relation.values,
        *Correction.Kind.values,
        *Article.Genre.values,
    ],
)
def test_every_word_of_the_desk_is_documented(word):
    assert str(word) in page("editors.md").replace("\n", " ")


@pytest.mark.parametrize("tag", sorted(body.TAGS))
def test_every_tag_of_a_body_is_documented(tag):
    assert re.search(rf"\b{tag}\b", page("formats.md"))


@pytest.mark.parametrize("event", notices.EVENTS)
def test_every_event_is_documented(event):
    assert re.search(rf"^\| {event} \|", page("editors.md"), flags=re.M)


@pytest.mark.parametrize("change", SEVERAL.values(), ids=SEVERAL)
def test_every_action_of_the_list_is_documented(change):
    assert re.search(rf"^\| {re.escape(str(change.label))} \|", page("editors.md"), flags=re.M)


def test_the_most_stories_of_an_action_are_documented():
    assert f"At most {several.MOST} stories" in page("editors.md")


def test_links_between_pages_lead_somewhere():
    for path in [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]:
        for target in re.findall(r"\]\(([^)#:]+)\)", path.read_text()):
            assert (path.parent / target).exists(), f"{path.name}: {target}"
