"""What somebody typed, as what is to be looked for."""

import re
from typing import NamedTuple

from articles.search import names, words
from articles.search.databases import Wanted
from prose import body

LONGEST = 200  # letters of a query that count
MOST_WORDS = 12
_QUOTES = str.maketrans(dict.fromkeys("“”„‟«»", '"'))
_PART = re.compile(r'(-?)(?:"([^"]*)"|(\S+))')

# What comes out when a word is typed with the keyboard in the other alphabet.
_LATIN_KEYS = "`qwertyuiop[]asdfghjkl;'zxcvbnm,."
_CYRILLIC_KEYS = "ёйцукенгшщзхъфывапролджэячсмитьбю"
_OTHER_KEYS = str.maketrans(
    _LATIN_KEYS + _CYRILLIC_KEYS,
    _CYRILLIC_KEYS + _LATIN_KEYS,
)


class Term(NamedTuple):
    """A word, or a phrase, that was asked for. ``tokens``: what stands for it in a text (a token of
    several words is a phrase); ``marks``: what stands for it among the marks of an entry."""

    typed: str
    tokens: tuple
    marks: tuple = ()

    @property
    def is_phrase(self):
        return " " in self.typed


class Asked(NamedTuple):
    """``terms`` are to be there, all of them; ``without`` are not."""

    terms: list
    without: list

    @property
    def wanted(self):
        return Wanted(
            [[*term.tokens, *term.marks] for term in self.terms],
            [[*term.tokens, *term.marks] for term in self.without],
        )


def plain(typed):
    """A query as it is kept: one line without what nobody can type, of at most LONGEST letters."""
    return " ".join(words.tidy(body.plain(typed[: 20 * LONGEST])).split())[:LONGEST].strip()


def other_keys(typed):
    """What would have been typed with the keyboard in the other alphabet: ``,birtr`` is Бишкек."""
    return typed.casefold().translate(_OTHER_KEYS)


def parse(typed):
    """The Asked of a plain query. Without names: see ``with_names``."""
    terms, without, left = [], [], MOST_WORDS
    for minus, phrase, word in _PART.findall(typed.translate(_QUOTES)):
        found = words.meant(phrase or word)[:left]
        if not found:
            continue
        left -= len(found)
        (without if minus else terms).append(_term(found, is_quoted=bool(phrase)))
    spoken = [term for term in terms if words.fold(term.typed) not in words.STOP]
    return Asked(spoken or terms, without)


def _term(found, *, is_quoted):
    if len(found) == 1:
        return Term(found[0], words.alternatives(found[0]))
    # A phrase, or a word with a hyphen or a point in it. Stories are indexed in one of two ways.
    tokens = [" ".join(map(words.stem, found)), " ".join(map(words.fold, found))]
    if not is_quoted:
        tokens += words.keys("".join(found))
    return Term(" ".join(found), tuple(dict.fromkeys(tokens)))


def with_names(*askeds):
    """The Askeds with the marks of people, organisations, tags and regions that are called so."""
    tokens = {
        token
        for asked in askeds
        for term in (*asked.terms, *asked.without)
        for word in term.typed.split()
        for token in words.alternatives(word)
    }
    known = names.marks(tokens) if tokens else {}

    def marked(term):
        found = None
        for word in term.typed.split():
            its = {mark for token in words.alternatives(word) for mark in known.get(token, [])}
            found = its if found is None else found & its
        return term._replace(marks=tuple(sorted(found or ())))

    return [
        Asked([marked(term) for term in asked.terms], [marked(term) for term in asked.without])
        for asked in askeds
    ]
