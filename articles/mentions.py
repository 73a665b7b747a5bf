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

    ``exclude``: primary keys of those that are not looked for. One query, however many there are.
    """
    if not text.strip():
        return []
    fields = ["pk", "name", "short_name", "names", "aliases"]
    names = {
        key: naming.names_of(Organisation(name=name, short_name=short, names=more, aliases=others))
        for key, name, short, more, others in Organisation.objects.values_list(*fields)
        if key not in exclude
    }
    found = find(text, names)
    rows = Organisation.objects.in_bulk(found)
    return [rows[key] for key in found]


def find(text, names):
    """The keys of ``names`` (key -> its spellings) that stand in ``text``, each once, in its order.

    A name stands there as a whole, whatever the case of its letters in any script, but: one word
    that begins with a capital needs one ("Time", not "time"), and one in capitals alone needs them
    all ("WHO"). Where one name begins another, the longer one counts.
    """
    text = _plain(text[:LONGEST_TEXT])
    folded, by_word = _folded(text), {}
    for key, spellings in names.items():
        for spelling in spellings:
            name = _plain(spelling)
            first = _WORD.search(name)
            if first and sum(letter.isalnum() for letter in name) >= SHORTEST_NAME:
                by_word.setdefault(_folded(first[0]), []).append((name, _folded(name), key))
    for entries in by_word.values():
        entries.sort(key=lambda entry: -len(entry[0]))
    found, past = {}, 0
    for word in _WORD.finditer(folded):
        if word.start() < past:
            continue
        for name, wanted, key in by_word.get(word[0], ()):
            start = word.start() - _WORD.search(wanted).start()
            if start < 0 or not folded.startswith(wanted, start):
                continue
            end = start + len(wanted)
            if _is_within_a_word(folded, end) or not _is_spelt(name, text[start:end]):
                continue
            found.setdefault(key)
            past = end
            break
        if len(found) >= MOST:
            break
    return list(found)


def _plain(words):
    """``words`` with one space where there are several, and one kind of apostrophe and quote."""
    words = " ".join(unicodedata.normalize("NFC", words).split())
    return words.translate({0x2019: "'", 0x02BC: "'", 0x02BB: "'", 0x2018: "'", 0x2011: "-"})


def _folded(words):
    """``words`` without case, letter for letter, so that places in both are the same."""
    return "".join(low if len(low := letter.lower()) == 1 else letter for letter in words)


def _is_within_a_word(text, end):
    return end < len(text) and text[end - 1].isalnum() and text[end].isalnum()


def _is_spelt(name, written):
    """Whether a single word is written with the capitals that tell it from an ordinary one."""
    if " " in name or not name[:1].isalpha() or not name[0].isupper():
        return True
    if name.isupper() and len(name) <= 6:
        return written == name
    return written[:1].isupper()
