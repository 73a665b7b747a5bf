"""What was found, as a page shows it: with what was asked for marked, and a few words around it."""

import re
from typing import NamedTuple

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from articles.search import words
from articles.search.index import text_of

SNIPPET, BEFORE = 34, 8  # words that are shown of a body, and of those before the first found
LOOKED_AT = 5_000  # words of a body
_SENTENCE = re.compile(r"[.!?…»”\"]\s+$|\n\s*$")


class Row(NamedTuple):
    """A story of the list. ``headline`` and ``snippet`` are safe to print."""

    card: object
    headline: SafeString
    snippet: SafeString


class Hits(NamedTuple):
    """Where the terms stand in a text: index of a word -> index of the term."""

    text: str
    words: list
    at: dict

    @property
    def terms(self):
        return len(set(self.at.values()))


def row(card, terms):
    """The Row of a Card: its story has the body loaded."""
    headline = _hits(card.headline, terms)
    above = _hits(card.standfirst, terms)
    inside = _hits(text_of(card.article.body), terms) if terms else None
    best = None if inside is None else _best(inside)
    if best is None or above.terms >= len({inside.at[n] for n in inside.at if n in best}):
        return Row(card, marked(headline), marked(above))
    return Row(card, marked(headline), _around(inside, best))


def _hits(text, terms):
    text = words.tidy(text)
    found = list(words.words(text))[:LOOKED_AT]
    single, phrases = {}, []
    for number, term in enumerate(terms):
        for token in term.tokens:
            if " " in token:
                phrases.append((token.split(), number))
            else:
                single.setdefault(token, number)
    at = {}
    tokens = [_tokens(word) for word in found] if single or phrases else []
    for n, its in enumerate(tokens):
        for token in its:
            if token in single:
                at.setdefault(n, single[token])
        for phrase, number in phrases:
            ahead = tokens[n : n + len(phrase)]
            if len(ahead) == len(phrase) and all(
                token in some for token, some in zip(phrase, ahead, strict=True)
            ):
                at |= dict.fromkeys(range(n, n + len(phrase)), number)
    return Hits(text, found, at)


def _tokens(word):
    """What a word of a text is found by: keys stand for names alone."""
    own = (words.stem(word.written), words.fold(word.written))
    return (*own, *words.keys(word.written)) if word.is_capital else own


def marked(hits, begin=0, end=None):
    """A text, or a part of it, with what was found in ``<mark>``."""
    end = len(hits.text) if end is None else end
    pieces, last = [], begin
    for n in sorted(hits.at):
        word = hits.words[n]
        if begin <= word.start and word.end <= end:
            pieces.append(hits.text[last : word.start])
            pieces.append(format_html("<mark>{}</mark>", word.written))
            last = word.end
    pieces.append(hits.text[last:end])
    return format_html_join("", "{}", ((piece,) for piece in pieces))


def _best(hits):
    """The range of words in which most of the terms stand, or None."""
    best, most = None, (0, 0)
    for n in sorted(hits.at):
        within = [hits.at[m] for m in range(n, n + SNIPPET - BEFORE) if m in hits.at]
        if (len(set(within)), len(within)) > most:
            most = len(set(within)), len(within)
            best = range(_start(hits, n), n + SNIPPET - BEFORE)
    return best


def _start(hits, n):
    """Where a snippet around the word ``n`` begins: with its sentence, where that is not far."""
    first = max(0, n - BEFORE)
    for m in range(n, max(0, n - 2 * BEFORE) - 1, -1):
        if m == 0 or _SENTENCE.search(hits.text[hits.words[m - 1].end : hits.words[m].start]):
            return m
    return first


def _around(hits, best):
    last = min(best.stop, len(hits.words)) - 1
    begin = hits.words[best.start].start if best.start else 0
    end = hits.words[last].end if last + 1 < len(hits.words) else len(hits.text)
    pieces = ["… " if best.start else "", marked(hits, begin, end)]
    pieces.append(" …" if last + 1 < len(hits.words) else "")
    return format_html_join("", "{}", ((piece,) for piece in pieces))
