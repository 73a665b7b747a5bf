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


class _Visible(html.parser.HTMLParser):
    """What a reader of a page sees or hears, except where it is said to be in another language."""

    ATTRIBUTES = ["title", "aria-label", "placeholder", "alt"]
    VOID = {"area", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}

    def __init__(self):
        super().__init__()
        self.texts, self.open = [], []

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        hidden = tag in {"script", "style", "template"} or attrs.get("lang", "ru") != "ru"
        hidden = hidden or "textarea" in self.open or (self.open and self.open[-1] is None)
        if tag not in self.VOID:
            self.open.append(None if hidden else tag)
        if not hidden:
            names = [*self.ATTRIBUTES]
            if attrs.get("type") in {"submit", "button"}:
                names.append("value")
            self.texts.extend(attrs[name] for name in names if attrs.get(name))

    def handle_endtag(self, tag):
        if tag not in self.VOID and self.open:
            self.open.pop()

    def handle_data(self, data):
        if not (self.open and self.open[-1] in {None, "textarea"}):
            self.texts.append(data)


def english_in(page):
    """Words of a page in Latin letters, without those that are the same in Russian."""
    visible = _Visible()
    visible.feed(page)
    texts = [re.sub(r"\bhttps?://\S+|\S+@\S+|\S*/\S*", " ", text) for text in visible.texts]
    words = {word for text in texts for word in re.findall(r"[A-Za-z][a-z’']+", text)}
    return words


@pytest.fixture
def rusdesk(settings):
    return None


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["reporter", "editor", "chief editor", "administrator"])
def test_the_desk_speaks_russian_to_who_chose_it(client, role, settings):
    user = make_user(
        role, username=f"логин-{role[0]}", first_name="Анна", last_name="Ли", language="ru"
    )
    client.force_login(user)
    things = _everything(user)
    found = {}
    for address in _pages(things):
        response = client.get(address, follow=True)
        if response.status_code == 200:
            if words := english_in(response.content.decode()):
                found[address] = words
    import pprint
    pprint.pprint(found)
    assert found == {}


def _everything(user):
    SiteSettings.objects.create(name="Вестник")
    make_house(name="Редакция")
    agency = make_organisation(name="Агентство", slug="agency", kind="agency")
    ann = make_author(name="Анна", slug="ann", user=user)
    region = make_region(name="Ош", slug="osh")
    words = {
        "headline": "Заголовок",
        "standfirst": "Подводка.",
        "body": "<p>Первые слова. Ещё слова.</p>",
        "section": make_section(name="Климат", slug="climate"),
    }
    image = make_image(alt="Река")
    series = Series.objects.create(name="Лёд", slug="ice")
    tag = make_tag(name="вода", slug="water")
    stories = [
        make_article(
            status=status,
            authors=[ann],
            regions=[region],
            tags=[tag],
            citations=[agency],
            lead_image=image,
            series=series,
            entered_by=user,
            assigned_to=user,
            **words,
        )
        for status in [
            "draft",
            "in_review",
            "returned",
            "ready",
            "scheduled",
            "published",
            "pulled",
            "withdrawn",
            "retracted",
            "spiked",
        ]
    ]
    bare = make_article(status="draft", headline="Голый", standfirst="", body="", authors=[], organisations=[], section=None, entered_by=user)
    page = Page.objects.create(slug="about", name="О нас")
    return {
        "articles_article": [*stories, bare],
        "articles_section": [words["section"]],
        "articles_region": [region],
        "articles_tag": [tag],
        "articles_series": [series],
        "authors_author": [ann],
        "authors_organisation": [agency],
        "authors_user": [user],
        "images_image": [image],
        "newsroom_page": [page],
        "newsroom_sitesettings": [SiteSettings.objects.get()],
    }


def _pages(things):
    for name in ["index", "setup", "preferences", "articles_article_planned", "articles_article_audit"]:
        yield reverse(f"admin:{name}")
    for name in ["mfa_index", "account_change_password"]:
        yield reverse(name)
    yield reverse("admin:articles_article_planned") + "?shown=month"
    for model, ones in things.items():
        yield reverse(f"admin:{model}_changelist")
        yield reverse(f"admin:{model}_add")
        for one in ones:
            yield reverse(f"admin:{model}_change", args=[one.pk])
            yield reverse(f"admin:{model}_history", args=[one.pk])
    for one in things["articles_article"]:
        for name in ["compare", "frames", "purge", "preview"]:
            yield reverse(f"admin:articles_article_{name}", args=[one.pk])
