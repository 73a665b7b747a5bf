"""Who reads or works in Russian meets no English word of ours."""

import ast
import gettext
import html.parser
import re
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils.translation.template import templatize

from articles import notes, previews, publishing
from articles.models import Series
from newsroom.models import Page, SiteSettings
from tests.factories import (
    make_article,
    make_author,
    make_house,
    make_image,
    make_organisation,
    make_region,
    make_section,
    make_tag,
    make_user,
)

ROOT = Path(__file__).resolve().parent.parent
CATALOGUE = ROOT / "locale" / "ru" / "LC_MESSAGES"
DOMAINS = ["django", "djangojs"]
PACKAGES = ["addresses", "articles", "authors", "fronts", "images", "newsroom", "prose"]
LITERAL = r"""(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
# What Django's template reader and the desk's scripts write around a string.
CALL = re.compile(
    rf"\b(n?p?gettext|_)\(\s*u?({LITERAL})(?:,\s*u?({LITERAL}))?(?:,\s*u?({LITERAL}))?", re.S
)
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[a-z]|\{\w*\}|</?[a-z]\w*|&\w+;")


def strings_in_calls(code):
    """(context, msgid, msgid of several) of each call."""
    for match in CALL.finditer(code):
        texts = [ast.literal_eval(text) for text in match.groups()[1:] if text]
        yield _message(match[1], texts)


def _message(function, texts):
    context = texts.pop(0) if "pgettext" in function else None
    return context, texts[0], texts[1] if function.startswith("n") else None


def strings_in_templates():
    for path in sorted((ROOT / "templates").rglob("*.*")):
        for message in strings_in_calls(templatize(path.read_text(), origin=str(path))):
            yield message, path.relative_to(ROOT)


def strings_in_modules():
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            if "migrations" not in path.parts:
                for message in strings_in_module(ast.parse(path.read_text())):
                    yield message, path.relative_to(ROOT)


def strings_in_module(tree):
    functions = {
        alias.asname or alias.name: alias.name.removesuffix("_lazy")
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
        for alias in node.names
        if "gettext" in alias.name
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            function = functions.get(node.func.id)
            texts = [
                argument.value
                for argument in node.args
                if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
            ]
            if function and texts:
                yield _message(function, texts)


def strings_in_scripts():
    for path in sorted((ROOT / "static" / "desk").glob("*.js")):
        for message in strings_in_calls(path.read_text()):
            yield message, path.relative_to(ROOT)


def catalogue(domain):
    """The Russian of each (context, msgid): one string, or those of each number."""
    with (CATALOGUE / f"{domain}.mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)._catalog
    found = {}
    for key, translation in compiled.items():
        name, form = key if isinstance(key, tuple) else (key, 0)
        if name:
            context, mark, text = name.rpartition("\x04")
            forms = found.setdefault((context if mark else None, text), {})
            forms[form] = translation
    return {key: [forms[form] for form in sorted(forms)] for key, forms in found.items()}


def source(domain):
    """The same, out of the file that people write."""
    found = {}
    for entry in (CATALOGUE / f"{domain}.po").read_text().split("\n\n"):
        parts = {
            name: "".join(ast.literal_eval(line) for line in text.splitlines())
            for name, text in re.findall(r'^(msg\S+) ((?:".*"\n?)+)', entry, flags=re.M)
        }
        if parts.get("msgid"):
            russian = [parts[name] for name in sorted(parts) if name.startswith("msgstr")]
            key = parts.get("msgctxt"), parts["msgid"]
            assert key not in found, key
            found[key] = russian
    return found


FOUND = {
    "django": [*strings_in_templates(), *strings_in_modules()],
    "djangojs": [*strings_in_scripts()],
}


@pytest.mark.parametrize(("domain", "least"), [("django", 1000), ("djangojs", 45)])
def test_every_string_of_the_site_and_the_desk_is_translated(domain, least):
    known = catalogue(domain)
    assert len({message for message, _ in FOUND[domain]}) > least
    missing = {
        (message, str(where)) for message, where in FOUND[domain] if message[:2] not in known
    }
    assert sorted(missing, key=str) == []


@pytest.mark.parametrize("domain", DOMAINS)
def test_the_russian_is_of_strings_that_exist(domain):
    used = {message[:2] for message, _ in FOUND[domain]}
    assert sorted(set(catalogue(domain)) - used, key=str) == []


@pytest.mark.parametrize("domain", DOMAINS)
def test_the_russian_has_the_placeholders_of_the_english(domain):
    known = catalogue(domain)
    wrong = []
    for (context, text, several), where in FOUND[domain]:
        forms = known.get((context, text), [])
        if several and len(forms) != 4:
            wrong.append((text, "has not the four forms of Russian numbers", str(where)))
        english = {tuple(sorted(PLACEHOLDER.findall(each))) for each in [text, several or text]}
        wrong.extend(
            (text, form, str(where))
            for form in forms
            if tuple(sorted(PLACEHOLDER.findall(form))) not in english
        )
    assert wrong == []


@pytest.mark.parametrize("domain", DOMAINS)
def test_the_compiled_catalogue_is_in_step_with_its_source(domain):
    assert "fuzzy" not in (CATALOGUE / f"{domain}.po").read_text()
    assert catalogue(domain) == source(domain)
