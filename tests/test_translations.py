"""Who reads or works in Russian meets no English word of ours."""

import ast
import gettext
import html.parser
import json
import re
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils.translation.template import templatize

from addresses.models import Redirect
from articles import publishing
from articles.models import Series
from authors.models import User
from newsroom.models import Page, SiteSettings
from tests.factories import (
    chief,
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
    assert sorted(set(catalogue(domain)) - used - OF_DJANGO, key=str) == []


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


# Django's own that its Russian lacks, or says in another way than papers of the region do.
OF_DJANGO = {(None, "Search"), (None, "Kyrgyz"), (None, "Add %(name)s")}
# The same in Russian: keys, names and codes, a login and an address of these tests, and what
# Django's icons say in English whatever the language.
SAME = set(
    "Alt Command Ctrl Enter Mac Shift Telegram CSV English en ru ky alt factory chief about "
    "True False Search Web".split()  # of WebP
)


class _Visible(html.parser.HTMLParser):
    """What a reader of a page sees or hears, except where it is said to be in another language."""

    VOID = {"area", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}

    def __init__(self):
        super().__init__()
        self.texts, self.open = [], [False]

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        hidden = self.open[-1] or tag in {"script", "style", "template", "textarea"}
        hidden = hidden or attrs.get("lang", "ru") != "ru"
        if tag not in self.VOID:
            self.open.append(hidden)
        if not hidden:
            is_button = tag == "input" and attrs.get("type") in {"submit", "button"}
            names = ["title", "aria-label", "placeholder", "alt", *["value"] * is_button]
            self.texts.extend(attrs[name] for name in names if attrs.get(name))

    def handle_endtag(self, tag):
        if tag not in self.VOID:
            self.open.pop()

    def handle_data(self, data):
        if not self.open[-1]:
            self.texts.append(data)


def english_in(page):
    """Words of a page in Latin letters, without addresses and what is the same in Russian."""
    visible = _Visible()
    visible.feed(page)
    texts = [re.sub(r"\S*/\S*|\S+@\S+", " ", text) for text in visible.texts]
    return {word for text in texts for word in re.findall(r"[A-Za-z][a-z’']+", text)} - SAME


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["editor", "chief editor", "administrator"])
def test_the_desk_speaks_russian_to_who_chose_it(client, role):
    name = {"first_name": "Анна", "last_name": "Ли"}
    User.objects.filter(pk=chief().pk).update(**name)
    user = make_user(role, username="логин", language="ru", **name)
    client.force_login(user)
    things = russian_things(user)
    wrong, seen = {}, 0
    for address in desk_pages(things):
        response = client.get(address)
        if response.status_code == 200:
            seen += 1
            if words := english_in(response.content.decode()):
                wrong[address] = words
    assert wrong == {}
    assert seen > {"editor": 45, "chief editor": 50, "administrator": 12}[role]


@pytest.mark.django_db
def test_the_scripts_of_the_desk_speak_russian_to_who_chose_it(client):
    client.force_login(make_user("editor", language="ru"))
    catalogue = client.get(reverse("admin:jsi18n")).content.decode()
    assert json.dumps("Врезка") in catalogue
    for name in ["index", "articles_article_changelist", "articles_article_add"]:
        assert reverse("admin:jsi18n") in client.get(reverse(f"admin:{name}")).content.decode()


def russian_things(user):
    """One of each thing of the desk, and a story in each state; all that people wrote is Russian."""
    make_house(name="Редакция")
    agency = make_organisation(name="Агентство", slug="agency", kind="agency")
    ann = make_author(name="Анна", slug="ann", user=user)
    region = make_region(name="Ош", slug="osh")
    section = make_section(name="Климат", slug="climate")
    series = Series.objects.create(name="Лёд", slug="ice")
    tag = make_tag(name="вода", slug="water")
    image = make_image(alt="Река")
    stories = []
    for status in [
        *"draft in_review returned ready scheduled published pulled withdrawn".split(),
        "retracted",
        "spiked",
    ]:
        story = make_article(
            headline="Заголовок",
            standfirst="Подводка.",
            body="<p>Первые слова. Ещё слова.</p>",
            status=status if status not in {"returned", "pulled"} else "draft",
            down_reason="Не подтвердилось.",
            authors=[ann],
            regions=[region],
            tags=[tag],
            citations=[agency],
            section=section,
            series=series,
            lead_image=image,
            entered_by=user,
            assigned_to=user,
        )
        by = chief()
        if status == "returned":
            publishing.submit(story, by=by)
            publishing.return_(story, by=by, note="Назовите второй источник.")
        if status == "pulled":
            publishing.publish(story, by=by)
            publishing.pull(story, by=by, note="Звонок")
        stories.append(story)
    bare = {"headline": "Голый", "standfirst": "", "body": "", "section": None}
    stories.append(make_article(status="draft", authors=[], entered_by=user, **bare))
    return {
        "articles_article": stories,
        "articles_section": [section],
        "articles_region": [region],
        "articles_tag": [tag],
        "articles_series": [series],
        "authors_author": [ann],
        "authors_organisation": [agency],
        "authors_user": [user],
        "images_image": [image],
        "addresses_redirect": [Redirect.objects.create(path="/old/", target="/new/")],
        "newsroom_page": [Page.objects.create(slug="about", name="О нас")],
        "newsroom_sitesettings": [SiteSettings.objects.create(name="Вестник")],
    }


def desk_pages(things):
    for name in ["index", "setup", "preferences", "password_change"]:
        yield reverse(f"admin:{name}")
    yield reverse("mfa_index")
    for name in ["planned", "audit"]:
        yield reverse(f"admin:articles_article_{name}")
    for model, ones in things.items():
        yield reverse(f"admin:{model}_changelist")
        yield reverse(f"admin:{model}_add")
        yield reverse(f"admin:{model}_history", args=[ones[-1].pk])
        for one in ones:
            yield reverse(f"admin:{model}_change", args=[one.pk])
    for name in ["compare", "frames", "purge"]:
        yield reverse(f"admin:articles_article_{name}", args=[things["articles_article"][2].pk])
