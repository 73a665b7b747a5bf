"""The languages of the site: how their addresses begin, and how shared things are named in them.

What several languages share (a region, a person, a picture) keeps each text once in the first
language, in a plain field, and once in a JSON field beside it for the others: ``name`` and
``names = {"ru": "..."}``.
"""

from typing import NamedTuple

from django.conf import settings
from django.utils.functional import lazy
from django.utils.translation import get_language, get_language_info

PLURALS = {"biography": "biographies", "body": "bodies"}


class Text(NamedTuple):
    """Words and the language they are in (a code of ``settings.LANGUAGES``)."""

    words: str
    language: str

    def __str__(self):
        return self.words


# Languages whose usual script runs from right to left, and such scripts (CLDR, likely subtags).
_RTL_LANGUAGES = set("ar arc azb ckb dv fa he ks mzn pnb prs ps sd syr ug ur yi".split())
_RTL_SCRIPTS = set("adlm arab hebr mand nkoo rohg samr syrc thaa".split())


def direction(code):
    """ "rtl" or "ltr": how what is written in a language (a BCP 47 tag: "ug", "kk-Arab") runs."""
    language, *rest = code.lower().split("-")
    script = next((part for part in rest if len(part) == 4), "")
    is_rtl = script in _RTL_SCRIPTS if script else language in _RTL_LANGUAGES
    return "rtl" if is_rtl else "ltr"


def codes():
    """Codes of the site's languages, the first language first."""
    return [code for code, _ in settings.LANGUAGES]


def language_name(code):
    """What a language is called in the language of who reads it: "Russian", "русский"."""
    try:
        name = get_language_info(code)["name_translated"]
    except KeyError:  # Django knows no such language
        return code
    # English is alone with capitals here; Django writes one in every language.
    return name if (get_language() or "en").startswith("en") else name.lower()


lazy_language_name = lazy(language_name, str)


def prefix(language):
    """What a language's addresses begin with: ``/`` for the first, ``/ru/`` for another."""
    return "/" if language == settings.LANGUAGE_CODE else f"/{language}/"


def language_of(path):
    """The language in which a public path is: the code it begins with, or the first one."""
    head = path.lstrip("/").partition("/")[0]
    return head if head in codes()[1:] else settings.LANGUAGE_CODE


def in_language(thing, field, language):
    """``thing.field`` in ``language`` as a Text; falls back to the first language, marked as it."""
    table = getattr(thing, PLURALS.get(field, f"{field}s"))
    if language != settings.LANGUAGE_CODE and table.get(language):
        return Text(table[language], language)
    return Text(getattr(thing, field), settings.LANGUAGE_CODE)
