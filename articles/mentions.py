"""Which organisations a text speaks of: their names, short names and other spellings in it."""

import re
import unicodedata

from articles import naming
from authors.models import Organisation

LONGEST_TEXT = 200_000  # characters that are looked at
SHORTEST_NAME = 3  # letters and digits; shorter ones stand in every text
MOST = 30  # organisations that are found in one text

_WORD = re.compile(r"\w+")


def organisations_in(text, exclude=()):
    """The organisations that plain ``text`` names, in the order in which it does; at most MOST.

    ``exclude``: primary keys of those that are not wanted. Two queries, however many there are.
    """
    if not text.strip():
        return []
    fields = ["pk", "name", "short_name", "names", "aliases"]
    names = {
        key: naming.names_of(Organisation(name=name, short_name=short, names=more, aliases=others))
        for key, name, short, more, others in Organisation.objects.filter(
            merged_into=None
        ).values_list(*fields)
    }
    found = [key for key in find(text, names) if key not in exclude]
    rows = Organisation.objects.in_bulk(found)
    return [rows[key] for key in found]


def find(text, names):
    """The keys of ``names`` (key -> its spellings) that stand in ``text``, each once, in its order.

    A name stands there as a whole, whatever the case of its letters in any script, but: one word
    that begins with a capital needs one ("Time", not "time"), and one in capitals alone needs them
    all ("WHO"). Where one name begins another, the longer one counts.
    """
    text = _plain(text[:LONGEST_TEXT])
    folded, tree = _folded(text), {}
    for key, spellings in names.items():
        for spelling in spellings:
            name = _plain(spelling)
            if sum(letter.isalnum() for letter in name) < SHORTEST_NAME:
                continue
            node = tree
            for word in _WORD.findall(_folded(name)):
                node = node.setdefault(word, {})
            node.setdefault("", []).append((name, key))
    words = list(_WORD.finditer(folded))
    found, past = {}, 0
    for number, word in enumerate(words):
        if word.start() < past or word[0] not in tree:
            continue
        for name, key in _candidates(tree, words, number):
            wanted = _folded(name)
            start = word.start() - _WORD.search(wanted).start()
            end = start + len(wanted)
            if folded[max(start, 0) : end] == wanted and _is_spelt(name, text[start:end]):
                found.setdefault(key)
                past = end
                break
        if len(found) >= MOST:
            break
    return list(found)


def _candidates(tree, words, number):
    """The names whose words stand in the text from word ``number`` on, the longest first."""
    node, found = tree, []
    while number < len(words) and (node := node.get(words[number][0])) is not None:
        found += node.get("", ())
        number += 1
    return sorted(found, key=lambda one: -len(one[0]))


def _plain(words):
    """``words`` with one space where there are several, and one kind of apostrophe and quote."""
    words = " ".join(unicodedata.normalize("NFC", words).split())
    return words.translate({0x2019: "'", 0x02BC: "'", 0x02BB: "'", 0x2018: "'", 0x2011: "-"})


def _folded(words):
    """``words`` without case, letter for letter, so that places in both are the same."""
    return "".join(low if len(low := letter.lower()) == 1 else letter for letter in words)


def _is_spelt(name, written):
    """Whether a single word is written with the capitals that tell it from an ordinary one."""
    if not name.isalnum() or not name[0].isupper():
        return True
    if name.isupper():
        return written == name
    return written[:1].isupper()
