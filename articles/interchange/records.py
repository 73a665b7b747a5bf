"""What every importer makes of a foreign story, and what ``bringing`` brings in."""

import datetime
import uuid
from collections import Counter
from dataclasses import dataclass, field
from typing import NamedTuple


class Refused(Exception):
    """A file that is no sound export: its path, the line, and why."""

    def __init__(self, path, line, why):
        self.path, self.line, self.why = path, line, why
        super().__init__(f"{path}, line {line}: {why}")


class Term(NamedTuple):
    """A category, a tag or an account of the old site, which stood below the path ``base``.

    ``number`` and ``joomla`` (the number that it had there) are digits or ""; ``key``: of whom or
    what stories speak.
    """

    kind: str
    base: str
    key: str
    number: str = ""
    parent: str = ""
    name: str = ""
    joomla: str = ""


@dataclass
class Survey:
    """What all files say together. ``people``: what an item calls somebody -> a name, "" if none;
    ``about``: the same -> what the old site says of them (accounts.About)."""

    items: int = 0
    title: str = ""
    people: dict[str, str] = field(default_factory=dict)
    about: dict[str, object] = field(default_factory=dict)
    categories: dict[str, str] = field(default_factory=dict)
    category_stories: Counter = field(default_factory=Counter)
    creators: Counter = field(default_factory=Counter)
    languages: Counter = field(default_factory=Counter)
    terms: list[Term] = field(default_factory=list)
    types: Counter = field(default_factory=Counter)  # of items that could be stories


class Filed(NamedTuple):
    """A category of the old site: ``key`` is what a mapping calls it."""

    key: str
    name: str


class Credit(NamedTuple):
    """Who is credited by name: ``kind`` is "person" or "organisation"."""

    kind: str
    name: str
    role: str


class Source(NamedTuple):
    organisation: str
    relation: str
    url: str = ""


class Loss(NamedTuple):
    """Something that is not brought as it was: a kind that ``report`` knows, and which one."""

    kind: str
    name: str = ""


class Use(NamedTuple):
    """A picture that a story shows: by its ``number`` in the old library (0 where that is not said), by
    ``addresses``. ``credit``: as a plugin says it at this place."""

    number: int = 0
    addresses: tuple[str, ...] = ()
    alt: str = ""
    credit: str = ""


@dataclass
class Story:
    """One story of another system, its words clean already.

    ``refs``: its handles, the one to be used first; the second tells stories apart that have the
    same number. ``why``: the reason for which readers may not see it, or "". ``credits``: keys of the
    people of the old site, in printing order. ``addresses``: pairs of path and query. ``found``: what
    prose.spam cut out, by the place it stood in ("body"). ``primary``: base and number of the category
    that goes before the others. ``translation``: one for all languages.

    What a mapping has no say in, because the file itself says it in our words: ``section``,
    ``regions``, ``series`` and ``dateline_organisation`` by name, ``bylines``, ``sources``, and
    ``fields``, further columns of the Article.
    """

    refs: tuple[str, str]
    where: str  # file and line, for the report
    headline: str = ""
    slug: str = ""
    standfirst: str = ""
    body: str = ""
    language: str = ""  # as the old site says it
    why: str = ""
    published_at: datetime.datetime | None = None
    address_date: datetime.date | None = None
    guid: str = ""
    credits: list[str] = field(default_factory=list)
    categories: list[Filed] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    addresses: list[tuple[str, str]] = field(default_factory=list)
    losses: list[Loss] = field(default_factory=list)
    found: dict[str, list] = field(default_factory=dict)
    primary: tuple[str, str] = ("", "")
    translation: uuid.UUID | None = None
    modified_at: datetime.datetime | None = None
    section: str = ""
    regions: list[str] = field(default_factory=list)
    series: str = ""
    dateline_organisation: str = ""
    bylines: list[Credit] = field(default_factory=list)
    sources: list[Source] = field(default_factory=list)
    fields: dict[str, object] = field(default_factory=dict)
    # A picture in ``body`` is ``<figure data-image="3">`` for the third of ``pictures``.
    site: str = ""
    lead: Use | None = None
    pictures: list[Use] = field(default_factory=list)
