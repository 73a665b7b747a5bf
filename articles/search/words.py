"""What makes two words the same for whoever searches: case, word forms, alphabets, apostrophes.

A text becomes *tokens*: stems for English and Russian, folded words for other languages; of names
also *keys*, which are the same in Latin and in Cyrillic and begin with a nought, as no stem does.
"""

import itertools
import re
import threading
import unicodedata
from functools import lru_cache
from typing import NamedTuple

import snowballstemmer

from addresses.slugs import transliterate

LONGEST = 40  # letters of a word that count
WITH_FORMS = {"en", "ru"}  # languages whose stories are indexed by stems

_APOSTROPHES = "'’‘ʻʼ`´‛′"
# Within a word also marks above letters and hyphens that are seen at the end of a line only.
_WORD = re.compile(
    rf"[^\W_](?:[^\W_]|[\u0300-\u036f\u00ad]|[{_APOSTROPHES}](?=[^\W_]))*", re.UNICODE
)
# Letters that only Kazakh, Kyrgyz, Uzbek and Tajik have, and those that people type for them.
_OWN = dict(zip("әғқңөұүһіўҳҷӣӯ", "агкноуухиухчиу", strict=True))
_FOLDED = str.maketrans(_OWN | {"ё": "е", "ı": "i", "ə": "a", "ø": "o", "ł": "l", "đ": "d"})
_UNSEEN = re.compile(rf"[\u0300-\u036f\u00ad{_APOSTROPHES}]")
_POSSESSIVE = re.compile(rf"[{_APOSTROPHES}]s?$")
_LATIN_WITH_MARKS = re.compile("[\u00c0-\u024f\u1e00-\u1eff]")
_CYRILLIC = re.compile("[\u0400-\u04ff]")
# The stemmer takes the end of Кыргызстан for a verb's.
_COUNTRY = re.compile("([а-я]+стан)(?:а|у|ом|е)?")

# Different spellings of one sound, in the order in which they are looked for.
_SOUNDS = [
    (re.compile(pattern), sound)
    for pattern, sound in [
        ("^ye", "e"),
        ("^x", "h"),
        ("x", "ks"),
        ("shch|sch", "sh"),
        ("dzh|dj|zh", "j"),
        ("kh", "h"),
        ("gh", "g"),
        ("ph", "f"),
        ("ck|c(?!h)|q", "k"),
        ("w", "v"),
        ("y", "i"),
        (r"(.)\1+", r"\1"),
    ]
]
_LAST_VOWELS = re.compile("[aeiou]+$")

# What says nothing about a story; left out where other words are asked for as well.
STOP = frozenset(
    "a an and are as at be but by for from has have he her his how in is it its of on or she that the"
    " their they this to was were what when where which who will with"
    " а без бы был была были было в во вот все для до его ее если же за и из или их к как ко кто ли"
    " на над не но о об он она они от по под при с со так то у что чтобы это".split()
)

_stemmers = {name: snowballstemmer.stemmer(name) for name in ("english", "russian")}
_one_at_a_time = threading.Lock()  # a stemmer keeps its place in itself


class Word(NamedTuple):
    """A word of a text: where it stands, and as it is written."""

    start: int
    end: int
    written: str

    @property
    def is_capital(self):
        return self.written[0].isupper() or self.written[0].istitle()


def tidy(text):
    """``text`` in the form in which words are looked for in it: letters with their marks as one."""
    return unicodedata.normalize("NFC", text)


def words(text):
    """The Words of a tidy text, in order."""
    for found in _WORD.finditer(text):
        yield Word(found.start(), found.end(), found[0])


@lru_cache(maxsize=50_000)
def fold(written):
    """A word without what makes no difference: case, marks of Latin letters, apostrophes, ё, the
    height of a figure; "" where nothing is left.

    >>> fold("O‘zbekiston’s"), fold("Көл"), fold("Ёлка"), fold("CO₂"), fold("ʼʼ")
    ('ozbekiston', 'кол', 'елка', 'co2', '')
    """
    word = unicodedata.normalize("NFKC", written).casefold()
    if not _CYRILLIC.search(word):
        word = _POSSESSIVE.sub("", word)
    if _LATIN_WITH_MARKS.search(word):
        word = unicodedata.normalize("NFD", word)
    word = unicodedata.normalize("NFC", _UNSEEN.sub("", word))
    # What both databases take for a part of a word.
    word = "".join(
        letter for letter in word.translate(_FOLDED) if letter.isalpha() or letter.isdecimal()
    )
    return word[:LONGEST]


@lru_cache(maxsize=50_000)
def stem(written):
    """What the forms of an English or Russian word have in common; of other words, the folded one."""
    word = fold(written)
    if _OWN.keys() & set(written.casefold()):
        return word
    if word.isascii() and word.isalpha():
        return _stemmed("english", word)
    if country := _COUNTRY.fullmatch(word):
        return country[1]
    if _CYRILLIC.match(word):
        return _stemmed("russian", word)
    return word


def _stemmed(language, word):
    with _one_at_a_time:
        return _stemmers[language].stemWord(word)


@lru_cache(maxsize=50_000)
def keys(written):
    """What a name may sound like, the same in both alphabets; none of what is no name.

    >>> keys("Kwan"), keys("Кваном")
    (('0kvan',), ('0kvan', '0kvanom'))
    """
    word = fold(written)
    if len(word) < 2 or not word.isalpha():
        return ()
    # A Russian stem may be shorter than the name is (Кызыл), and ң is more than an н (Соң-Көл).
    forms = (stem(written), word, written.casefold()) if _CYRILLIC.match(word) else (word,)
    return tuple(dict.fromkeys(filter(None, map(_sound, forms))))


def _sound(word):
    sound = re.sub("[^a-z]", "", transliterate(word))[:LONGEST]
    for pattern, same in _SOUNDS:
        sound = pattern.sub(same, sound)
    bare = _LAST_VOWELS.sub("", sound)
    return f"0{bare if len(bare) > 2 else sound}"[:LONGEST] if sound else ""


def token(written, language):
    """How a word of a story in ``language`` stands in the index."""
    return stem(written) if language in WITH_FORMS else fold(written)


def _joined(text, found):
    """Pairs of a text's Words between which is only a hyphen, as one word each: Tien-Shan."""
    for one, next_ in itertools.pairwise(found):
        if text[one.end : next_.start] in {"-", "‐", "‑"}:
            yield one.written + next_.written.lower()


def index(text, language, *, names=False):
    """What the index says of a text: its tokens in order, then the keys of the names in it, as one
    string. ``names``: all of it is names; else words with a capital are taken for them."""
    text = tidy(text)
    found = list(words(text))
    tokens = [token(word.written, language) for word in found]
    capitals = [word for word in found if names or word.is_capital]
    sounds = [sound for word in capitals for sound in keys(word.written)]
    sounds += [sound for word in _joined(text, capitals) for sound in keys(word)]
    return " ".join(filter(None, [*tokens, *dict.fromkeys(sounds)]))


def meant(typed):
    """The words of a tidy query that something can be found by, as they are written."""
    return [word.written for word in words(typed) if fold(word.written)]


@lru_cache(maxsize=10_000)
def alternatives(written):
    """All tokens that stand for a word that somebody typed: stem, folded word, keys."""
    return tuple(dict.fromkeys(filter(None, [stem(written), fold(written), *keys(written)])))


def all_of(names):
    """Every token by which any of ``names`` is found, as a set."""
    found = set()
    for name in names:
        text = tidy(name)
        its = list(words(text))
        for word in its:
            found.update(alternatives(word.written))
        for word in _joined(text, its):
            found.update(keys(word))
    return found
