"""Which WordPress stories belong together: as parts of a series, or as one story in several languages."""

import re
import uuid
from typing import NamedTuple

# Organize Series and PublishPress Series; with several of them the number of the series stands behind.
_PART = re.compile(r"_series_part(?:_\d+)?")
_NUMBER = re.compile(r"[1-9]\d{0,3}")
SERIES = "series"
# Polylang says it in a taxonomy, WPML's own exporter in fields.
TRANSLATIONS = "post_translations"
WPML_GROUP = "_wpml_import_translation_group"
WPML_LANGUAGE = "_wpml_import_language_code"
META = {WPML_GROUP, WPML_LANGUAGE}
_OLD_SITE = uuid.UUID("6b3c2a52-6f0e-4d38-9a53-0d6c1d5b7c11")


def is_part(key):
    return _PART.fullmatch(key) is not None


class Series(NamedTuple):
    """``others``: how many more a story is in; ours are in one."""

    name: str = ""
    part: int | None = None
    others: int = 0


def series(names, meta):
    """The Series of a story that is filed under ``names``, in their order."""
    if not names:
        return Series()
    numbers = [value.strip() for key, value in meta if is_part(key)]
    parts = [int(number) for number in numbers if _NUMBER.fullmatch(number)]
    # Of several series nobody knows whose number it is.
    part = parts[0] if parts and len(names) == 1 else None
    return Series(names[0], part, len(names) - 1)


def translation(site, terms, meta):
    """The group of a story and its translations, the same in each run; None where it has none."""
    keys = [nicename or words for domain, nicename, words in terms if domain == TRANSLATIONS]
    keys += [value.strip() for key, value in meta if key == WPML_GROUP]
    key = next((key for key in keys if key), "")
    return uuid.uuid5(_OLD_SITE, f"{site} {key}") if key else None


def language(meta):
    """The language that WPML says, or ""."""
    return next((value.strip() for key, value in meta if key == WPML_LANGUAGE), "")
