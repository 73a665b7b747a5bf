"""Short tests that guard the whole project."""

import ast
import re
import subprocess
from pathlib import Path

import pytest
from django.core.management import call_command

ROOT = Path(__file__).resolve().parent.parent
# Each may import those before it, never those after.
ARROW = ["addresses", "images", "prose", "authors", "articles", "fronts", "newsroom"]


def modules(*apps):
    return [p for app in apps for p in (ROOT / app).rglob("*.py") if "migrations" not in p.parts]


@pytest.mark.parametrize("app", ARROW)
def test_imports_point_one_way(app):
    higher = set(ARROW[ARROW.index(app) + 1 :])
    wrong = []
    for path in modules(app):
        for node in ast.walk(ast.parse(path.read_text())):
            names = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                names = [node.module or ""]
            wrong += [f"{path.relative_to(ROOT)}: {n}" for n in names if n.split(".")[0] in higher]
    assert wrong == []


def test_only_the_body_module_makes_html_safe():
    wrong = []
    for path in [*modules(*ARROW), *(ROOT / "templates").rglob("*.html")]:
        if path == ROOT / "prose" / "body.py":
            continue
        if re.search(r"\|\s*safe\b|autoescape off|mark_safe|SafeString\(", path.read_text()):
            wrong.append(str(path.relative_to(ROOT)))
    assert wrong == []


def test_templates_hold_no_inline_style_script_or_handler():
    wrong = []
    for path in (ROOT / "templates").rglob("*.html"):
        text = path.read_text()
        if re.search(r"\sstyle=|<style|\son[a-z]+=\"", text):
            wrong.append(str(path.relative_to(ROOT)))
        for script in re.findall(r"<script[^>]*>", text):
            if "src=" not in script and "application/ld+json" not in script:
                wrong.append(f"{path.relative_to(ROOT)}: {script}")
    assert wrong == []


def test_status_is_written_in_one_module():
    wrong = []
    for path in modules(*ARROW):
        if path == ROOT / "articles" / "publishing.py":
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            targets = node.targets if isinstance(node, ast.Assign) else []
            for target in targets:
                if isinstance(target, ast.Attribute) and target.attr == "status":
                    wrong.append(f"{path.relative_to(ROOT)}:{node.lineno}")
            if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "update":
                wrong += [
                    f"{path.relative_to(ROOT)}:{node.lineno}"
                    for keyword in node.keywords
                    if keyword.arg in {"status", "published_at"}
                ]
    assert wrong == []


def test_no_exception_is_swallowed():
    wrong = []
    for path in modules(*ARROW):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ExceptHandler) and (
                node.type is None
                or (
                    isinstance(node.type, ast.Name)
                    and node.type.id in {"Exception", "BaseException"}
                )
            ):
                wrong.append(f"{path.relative_to(ROOT)}:{node.lineno}")
    assert wrong == []


@pytest.mark.django_db
def test_no_migration_is_missing():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_nothing_names_a_registry_or_this_machine():
    wrong = []
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    for name in filter(None, listed.stdout.split("\0")):
        path = ROOT / name
        if path.suffix in {".woff2", ".png", ".mo", ".jpg", ".avif"} or not path.exists():
            continue
        if re.search(
            r"/(work|farm)/(main|shared)|/opt/(pypi|wheels)|--find-links|--index-url",
            path.read_text(),
        ):
            wrong.append(name)
    assert [w for w in wrong if w != "tests/test_project.py"] == []
