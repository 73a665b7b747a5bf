"""Old addresses at which a page of ours answers by now: a redirect from there would lead nobody on.

What is asked for is looked up as the views look it up; no page is made. ``Shadowed`` goes through the
addresses of stories once all is brought, since what comes last may have made the page.
"""

import datetime
import json
import re
import tempfile
from collections import defaultdict
from contextlib import contextmanager

from django.db.models import Q
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from addresses.asking import is_on_every_site
from addresses.languages import codes, language_of, prefix
from addresses.models import Redirect
from addresses.older import is_kept
from articles import lists
from articles.models import Article

BATCH = 500
# Name of an address with a slug -> function (slug, stories), see articles.lists. Apps above add theirs.
PAGES = {
    "section": lists.section,
    "region": lists.region,
    "tag": lists.tag,
    "author": lists.author,
    "organisation": lists.organisation,
    "series": lists.series,
}
# What has a ``source_ref`` and an address. Apps above add theirs.
BROUGHT = [Article]
_DATED = re.compile(r"([0-9]{4})/(?:([0-9]{1,2})/(?:([0-9]{1,2})/(?:([-\w]+)/)?)?)?")
_SHORT = re.compile(r"a/([0-9]{1,18})/")
_NAMED = re.compile(r"([a-z]+)/([-\w]+)/")


def standing(paths):
    """Of ``paths`` those at which something answers -> the address at which a reader ends there."""
    now = timezone.now()
    kinds, found = _kinds(), {}
    stories, numbers = defaultdict(list), defaultdict(list)
    for path in paths:
        language = language_of(path)
        rest = path.removeprefix(prefix(language))
        if match := _DATED.fullmatch(rest):
            day = _day(match)
            if day is not None and match[4]:
                stories[language, day, match[4]].append(path)
            elif day is not None:  # the archive has a page of each day
                found[path] = _archive(language, match)
        elif match := _SHORT.fullmatch(rest):
            numbers[int(match[1])].append(path)
        elif (match := _NAMED.fullmatch(rest)) and match[1] in kinds:
            if address := _page(kinds[match[1]], match[2], language, now):
                found[path] = address
        elif not rest[:1].isdigit() and is_on_every_site(path):
            found[path] = path
    return found | _stories(stories, numbers, now)


def _kinds():
    """First part of an address -> what finds the thing whose slug is the second."""
    with override(codes()[0]):
        return {reverse(name, args=["x"]).split("/")[1]: find for name, find in PAGES.items()}


def _day(match):
    try:
        return datetime.date(int(match[1]), int(match[2] or 1), int(match[3] or 1))
    except ValueError:
        return None


def _archive(language, match):
    numbers = [match[1], *(f"{int(part):02}" for part in match.groups()[1:3] if part)]
    return f"{prefix(language)}{'/'.join(numbers)}/"


def _page(find, slug, language, now):
    """The address at which the page of a slug is found, or ""."""
    with override(language):
        try:
            return find(slug, Article.objects.published(now))[0].get_absolute_url()
        except lists.Moved as moved:
            return moved.thing.get_absolute_url()
        except Http404:
            return ""


def _stories(wanted, numbers, now):
    """The same of stories, wanted by ``(language, day, slug)`` and by number."""
    if not wanted and not numbers:
        return {}
    slugs = {slug for _language, _day, slug in wanted}
    is_there = Q(status__in=["published", "retracted", "withdrawn"], published_at__lte=now)
    rows = Article.objects.filter(is_there, Q(slug__in=slugs) | Q(pk__in=numbers))
    found = {}
    for story in rows.only("language", "address_date", "slug").order_by():
        place = story.language, story.address_date, story.slug
        for path in [*wanted.get(place, []), *numbers.get(story.pk, [])]:
            found[path] = story.get_absolute_url()
    return found


def write(rows, report):
    """Write Redirects, but those from where nobody would be led on: these are reported. What leads
    somewhere already stays."""
    answering = standing({row.path for row in rows if not row.query})
    free = []
    for row in rows:
        if not row.query and answering.get(row.path, row.target) != row.target:
            report.lose("address taken", row.path)
        else:
            free.append(row)
    Redirect.objects.bulk_create(free, ignore_conflicts=True)


@contextmanager
def opened(report):
    """A Shadowed, and the file in which it keeps what has to wait."""
    with tempfile.TemporaryFile("w+", encoding="utf-8") as waiting:
        yield Shadowed(report, waiting)


class Shadowed:
    """Notes the addresses of what is brought; ``settle`` takes back those that lead nobody on."""

    def __init__(self, report, waiting):
        self.report, self.waiting = report, waiting
        self.kinds = _kinds()

    def note(self, story):
        """The old addresses of a records.Story, also of one that is here already: a run that was
        killed may have written them."""
        if story.why:
            return
        for path, query in story.addresses:
            if not query and is_kept(path, query) and self._may_stand(path):
                self.waiting.write(json.dumps([path, story.refs, story.where]) + "\n")

    def _may_stand(self, path):
        """Whether a page of ours may answer there, which is then to be looked up."""
        rest = path.removeprefix(prefix(language_of(path)))
        if _DATED.fullmatch(rest) or _SHORT.fullmatch(rest):
            return path.isascii()  # as all our slugs are
        match = _NAMED.fullmatch(rest)
        return match is not None and match[1] in self.kinds

    def settle(self, *, is_dry_run):
        self.waiting.seek(0)
        batch = []
        for line in self.waiting:
            batch.append(json.loads(line))
            if len(batch) == BATCH:
                self._settle(batch, is_dry_run)
                batch = []
        self._settle(batch, is_dry_run)

    def _settle(self, batch, is_dry_run):
        paths = {path for path, _refs, _where in batch}
        rows = {row.path: row for row in Redirect.objects.filter(path__in=paths, query="")}
        # Most stories stand here where they stood, so that nothing was written for them.
        answering = standing(paths if is_dry_run else rows)
        batch = [row for row in batch if row[0] in answering]
        own = _own({ref for _path, refs, _where in batch for ref in refs})
        for path, (first, second), where in batch:
            target = own.get(second) or own.get(first)
            row = rows.get(path)
            if answering[path] == target:
                continue
            if is_dry_run:
                is_lost = target is None and row is None
            else:  # one that leads elsewhere was told of when the story came
                is_lost = row is not None and row.target == target
            if is_lost:
                self.report.lose("address taken", path, where)
                if not is_dry_run:
                    rows.pop(path).delete()


def _own(refs):
    """Handle -> address of what is here of these."""
    found = {}
    for model in BROUGHT if refs else ():
        for thing in model.objects.filter(source_ref__in=refs).defer("body"):
            if address := thing.get_absolute_url():
                found[thing.source_ref] = address
    return found
