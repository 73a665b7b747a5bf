"""What every importer makes of a foreign story, and what ``bringing`` brings in."""

import datetime
from dataclasses import dataclass, field
from typing import NamedTuple


class Filed(NamedTuple):
    """A category of the old site: ``key`` is what a mapping calls it."""

    key: str
    name: str


class Loss(NamedTuple):
    """Something that is not brought as it was: a kind that ``report`` knows, and which one."""

    kind: str
    name: str = ""


@dataclass
class Story:
    """One story of another system, its words clean already.

    ``refs``: its handles, the one to be used first; the second tells stories apart that have the
    same number. ``why``: the reason for which readers may not see it, or "". ``credits``: keys of the
    people of the old site, in printing order. ``addresses``: pairs of path and query.
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
    found: list = field(default_factory=list)  # what prose.spam cut out of the body
