"""Readers of the Russian edition meet no English word of ours."""

import ast
import gettext
import re
from pathlib import Path

from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
CATALOGUE = ROOT / "locale" / "ru" / "LC_MESSAGES"
PUBLIC_MODULES = [
    "articles/bylines.py",
    "articles/cards.py",
    "articles/feeds.py",
    "articles/views.py",
    "articles/templatetags/news.py",
    "articles/printing.py",
    "articles/structured_data.py",
    "articles/naming.py",
    "articles/lists.py",
    "newsroom/views.py",
    "newsroom/chrome.py",
    "fronts/composition.py",
]


def strings_in_templates():
    """Every msgid of the public templates."""
    for path in sorted((ROOT / "templates").rglob("*.html")):
        if "admin" in path.parts:
            continue
        code = templatize(path.read_text(), origin=str(path))
        calls = r"\b(?:n?gettext|_|pgettext|npgettext)\((?:u?'((?:[^'\\]|\\.)*)')(?:,\s*u?'((?:[^'\\]|\\.)*)')?"
        for match in re.finditer(calls, code):
            is_context = match[0].startswith(("pgettext", "npgettext"))
            text = match[2] if is_context else match[1]
            yield ast.literal_eval(f"'{text}'"), path.name


def strings_in_modules():
    for name in PUBLIC_MODULES:
        path = ROOT / name
        if not path.exists():
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and node.func.id
                in {
                    "_",
                    "gettext",
                    "gettext_lazy",
                    "lazy",
                    "pgettext",
                    "ngettext",
                    "ngettext_lazy",
                    "pgettext_lazy",
                }
            ):
                texts = [
                    a.value
                    for a in node.args
                    if isinstance(a, ast.Constant) and isinstance(a.value, str)
                ]
                if texts:
                    yield texts[1 if node.func.id.startswith("pgettext") else 0], name


def catalogue():
    with (CATALOGUE / "django.mo").open("rb") as file:
        return gettext.GNUTranslations(file)


def test_every_string_that_readers_see_is_translated():
    known = {key for key in catalogue()._catalog if isinstance(key, str)}
    known |= {key[0] for key in catalogue()._catalog if isinstance(key, tuple)}
    known = {key.partition("\x04")[2] or key for key in known}
    found = [*strings_in_templates(), *strings_in_modules()]
    assert len(found) > 60
    # Django's own catalogue has the names of months and the like.
    assert sorted({(text, where) for text, where in found if text not in known}) == []


def test_the_compiled_catalogue_is_in_step_with_its_source():
    source = (CATALOGUE / "django.po").read_text()
    written = len(re.findall(r'^msgid (?!""\n(?!"))', source, flags=re.M))
    assert "fuzzy" not in source
    compiled = {k[0] if isinstance(k, tuple) else k for k in catalogue()._catalog} - {""}
    assert len(compiled) == written
