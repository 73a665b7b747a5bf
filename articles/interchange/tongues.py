"""Texts that hold several languages at once, as qTranslate and its followers keep them.

``[:en]Snow[:ru]Снег[:]``, ``{:en}Snow{:}`` and ``<!--:en-->Snow<!--:-->`` are Snow in English.
"""

import re

from articles.interchange.records import Loss

TEXTS = ("title", "content:encoded", "excerpt:encoded")
_MARK = re.compile(r"\[:([a-z]{2})?\]|\{:([a-z]{2})?\}|<!--:([a-z]{2})?-->")


def is_mark(words):
    """Whether ``words`` are nothing but the mark of a language."""
    return _MARK.fullmatch(words) is not None


def spoken(words):
    """Languages in which ``words`` say something, in their order."""
    return list(dict.fromkeys(code for code, part in _parts(words) if code and part.strip()))


def only(words, language):
    """``words`` as readers of one language saw them: what is marked for it, or for nobody."""
    return "".join(part for code, part in _parts(words) if code in {"", language})


def choose(item):
    """Leave one language in an item: that of the site, else the first; the others are its losses."""
    found = dict.fromkeys(code for name in TEXTS for code in spoken(item.fields.get(name, "")))
    if not found:
        return
    base = item.language.lower().replace("_", "-").partition("-")[0]
    own = base if base in found else next(iter(found))
    for name in TEXTS:
        if name in item.fields:
            item.fields[name] = only(item.fields[name], own)
    item.terms = [(domain, key, only(words, own)) for domain, key, words in item.terms]
    if own != base:
        item.language = own
    for code in found:
        if code != own:
            item.beside[Loss("other language", code)] += 1


def _parts(words):
    """Pairs of a language, "" for what is for all, and words."""
    code, at = "", 0
    for mark in _MARK.finditer(words):
        yield code, words[at : mark.start()]
        code, at = mark[1] or mark[2] or mark[3] or "", mark.end()
    yield code, words[at:]
