"""Whether old addresses lead readers well: in one step, to a page that is there, past none that is."""

import datetime
import re
from collections import Counter
from typing import NamedTuple

from django.db.models import Exists, OuterRef
from django.urls import is_valid_path
from django.utils import timezone
from django.utils.translation import override

from addresses.asking import ask, client
from addresses.languages import codes, language_of
from addresses.models import Redirect
from articles.models import Article

BATCH = 500
MOST_SHOWN = 200  # of each kind
MOST_ASKED = 500  # pages that are no stories: lists and the like, of which there are few
HOPS = 20
KINDS = ("loop", "chain", "nothing", "gone", "shadowed")
_STORY = re.compile(r"/(?:([a-z]{2,3})/)?([0-9]{4})/([0-9]{2})/([0-9]{2})/([-\w]+)/")


class Findings(NamedTuple):
    """``rows``: kind -> the first Redirects of it; ``numbers``: kind -> how many there are.

    ``unasked``: how many pages were not looked at, because there are too many of them.
    """

    rows: dict
    numbers: Counter
    unasked: int


def check():
    """Look at every old address; nothing is written."""
    now = timezone.now()
    found, numbers = {kind: [] for kind in KINDS}, Counter()

    def tell(kind, row):
        numbers[kind] += 1
        if len(found[kind]) < MOST_SHOWN:
            found[kind].append(row)

    for row in chains():
        tell("loop" if _end(row) is None else "chain", row)
    pages = _Pages(now)
    last = 0
    rows = Redirect.objects.order_by("pk")
    while batch := list(rows.filter(pk__gt=last)[:BATCH]):
        last = batch[-1].pk
        pages.learn({_page(row.target) for row in batch} | {r.path for r in batch if not r.query})
        further = set(
            Redirect.objects.filter(path__in={row.target for row in batch}, query="").values_list(
                "path", flat=True
            )
        )
        for row in batch:
            is_here = row.target.startswith("/") and row.target not in further
            state = pages.state(_page(row.target)) if is_here else 200
            if state in {404, 410}:
                tell("nothing" if state == 404 else "gone", row)
            if not row.query and pages.stands(row.path):
                tell("shadowed", row)
    return Findings(found, numbers, len(pages.unasked))


def chains():
    """Old addresses that lead to an old address."""
    further = Redirect.objects.filter(path=OuterRef("target"), query="")
    return Redirect.objects.filter(Exists(further)).order_by("path", "query")


def collapse():
    """Let every chain lead to its end in one step; loops stay for a person. Returns how many."""
    changed = []
    for row in chains():
        end = _end(row)
        if end is not None and (row.query or end != row.path):
            row.target = end
            changed.append(row)
    Redirect.objects.bulk_update(changed, ["target"], batch_size=100)
    return len(changed)


def _end(row):
    """Where a way ends, or None where it never does."""
    passed, target = set() if row.query else {row.path}, row.target
    for _hop in range(HOPS):
        if target in passed:
            return None
        passed.add(target)
        further = Redirect.objects.filter(path=target, query="").values_list("target", flat=True)
        further = further.first()
        if further is None:
            return target
        target = further
    return None


def _page(target):
    return target.partition("#")[0]


class _Pages:
    """What stands at paths of this site: stories are looked up together, other pages asked, once each."""

    def __init__(self, now):
        self.now, self.client = now, client()
        self.stories, self.others, self.asked, self.unasked = {}, {}, 0, set()

    def learn(self, paths):
        wanted = {}
        for path in paths:
            match = _STORY.fullmatch(path)
            day = _day(match) if match else None
            if day is not None:
                wanted[match[1] or codes()[0], day, match[5]] = path
        rows = Article.objects.filter(slug__in={slug for _language, _day, slug in wanted})
        self.stories = {}
        for language, day, slug, status, at in rows.values_list(
            "language", "address_date", "slug", "status", "published_at"
        ):
            path = wanted.get((language, day, slug))
            if path is not None and at is not None and at <= self.now:
                is_open = status in {"published", "retracted"}
                self.stories[path] = 200 if is_open else 410 if status == "withdrawn" else 404

    def state(self, path):
        """What it answers, or None where that is not known."""
        if not path.startswith("/"):
            return None
        if path in self.stories:
            return self.stories[path]
        if path not in self.others:
            self.others[path] = self._asked(path)
        return self.others[path]

    def stands(self, path):
        """Whether a page stands at an old address, so that nobody is led on from there."""
        if _STORY.fullmatch(path):
            return self.stories.get(path) == 200
        return self.state(path) == 200

    def _asked(self, path):
        with override(language_of(path)):
            if not is_valid_path(path.partition("?")[0]):
                return 404
        if self.asked >= MOST_ASKED:
            self.unasked.add(path)
            return None
        self.asked += 1
        return ask(self.client, path).status


def _day(match):
    try:
        return datetime.date(int(match[2]), int(match[3]), int(match[4]))
    except ValueError:
        return None
