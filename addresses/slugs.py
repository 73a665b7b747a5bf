"""ASCII slugs from words in any script of the region.

Letters follow what readers of each language type on a Latin keyboard, not a scholarly system.
"""

import re
import unicodedata

MAX_LENGTH = 100

_CYRILLIC = dict(
    zip(
        "абвгдеёжзийклмнопрстуфхцчшщъыьэюя",
        [
            "a",
            "b",
            "v",
            "g",
            "d",
            "e",
            "yo",
            "zh",
            "z",
            "i",
            "y",
            "k",
            "l",
            "m",
            "n",
            "o",
            "p",
            "r",
            "s",
            "t",
            "u",
            "f",
            "kh",
            "ts",
            "ch",
            "sh",
            "shch",
            "_",
            "y",
            "_",
            "e",
            "yu",
            "ya",
        ],
        strict=True,
    )
) | {
    "ә": "a",
    "ғ": "gh",
    "қ": "q",
    "ң": "ng",
    "ө": "o",
    "ұ": "u",
    "ү": "u",
    "һ": "h",
    "і": "i",
    "ў": "o",
    "ҳ": "h",
    "ҷ": "j",
    "ӣ": "i",
    "ӯ": "u",
    "є": "ye",
    "ї": "yi",
    "ґ": "g",
    "ј": "j",
}
_BY_LANGUAGE = {
    "ky": {"ж": "j"},
    "kk": {"х": "h", "ғ": "g", "ң": "n"},
    "tg": {"х": "kh", "ъ": "_"},
    "uz": {"х": "x", "ж": "j", "ғ": "g"},
}
_LATIN = {
    "ı": "i",
    "ə": "a",
    "ø": "o",
    "ß": "ss",
    "æ": "ae",
    "œ": "oe",
    "ł": "l",
    "đ": "d",
    "ð": "d",
    "þ": "th",
}
_APOSTROPHES = "'’‘ʻʼ`´"


def transliterate(words, language=""):
    """``words`` in ASCII letters as far as they can be; other characters become spaces."""
    table = _CYRILLIC | _BY_LANGUAGE.get(language, {}) | _LATIN
    out = []
    for letter in unicodedata.normalize("NFC", words).lower():
        if letter in _APOSTROPHES or unicodedata.combining(letter):
            continue
        if letter in table:
            out.append(table[letter].replace("_", ""))
            continue
        plain = unicodedata.normalize("NFKD", letter)
        out.append("".join(c if c.isascii() else "" for c in plain) or " ")
    return "".join(out)


def slugify(words, language="", fallback="story"):
    """A slug of at most MAX_LENGTH letters, digits and hyphens; never empty."""
    slug = re.sub(r"[^a-z0-9]+", "-", transliterate(words, language)).strip("-")
    if len(slug) > MAX_LENGTH:
        slug = slug[: MAX_LENGTH + 1].rsplit("-", 1)[0][:MAX_LENGTH].strip("-")
    return slug or fallback


def free_slug(wanted, taken):
    """``wanted``, or ``wanted-2``, ``wanted-3`` ...: the first for which ``taken(slug)`` is false."""
    slug, number = wanted, 1
    while taken(slug):
        number += 1
        ending = f"-{number}"
        slug = wanted[: MAX_LENGTH - len(ending)].rstrip("-") + ending
    return slug
