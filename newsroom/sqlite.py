"""SQLite compares letters without case in ASCII only; here it learns the other scripts."""

import functools
import re

from django.db.backends.signals import connection_created
from django.dispatch import receiver


@functools.lru_cache(maxsize=256)
def _fits(pattern, escape):
    """A LIKE pattern as a function of a case-folded text: whether it fits."""
    pieces, letters = [""], iter(pattern.casefold())
    for letter in letters:
        if letter == escape:
            pieces[-1] += next(letters, "")
        elif letter in "%_":
            pieces += [{"%": ".*", "_": "."}[letter], ""]
        else:
            pieces[-1] += letter
    words, wild = pieces[::2], pieces[1::2]
    if wild == [".*", ".*"] and words[0] == words[2] == "":
        return lambda text: words[1] in text
    if wild == [".*"] and words[1] == "":
        return lambda text: text.startswith(words[0])
    expression = re.escape(words[0])
    for anything, word in zip(wild, words[1:], strict=True):
        expression += anything + re.escape(word)
    return re.compile(expression, re.S).fullmatch


def like(pattern, text, escape=None):
    """What ``text LIKE pattern ESCAPE escape`` says in SQL; None where either side is NULL."""
    if pattern is None or text is None:
        return None
    return bool(_fits(str(pattern), escape)(str(text).casefold()))


@receiver(connection_created, dispatch_uid="letters of every script")
def teach_letters(sender, connection, **kwargs):
    if connection.vendor == "sqlite":
        connection.connection.create_function("like", 2, like, deterministic=True)
        connection.connection.create_function("like", 3, like, deterministic=True)
