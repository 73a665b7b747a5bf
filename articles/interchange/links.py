"""Links in imported texts that lead to the old site, led to where the same page stands here.

A pass over all texts after an import, to be repeated as often as one likes: a link whose page comes
later is led by the run that brings it. The words stay. A link to what readers cannot open here stays
as it is, so that no address of a draft is told. ``lead`` is for stories; other things that have a
``body`` and a ``source_ref`` are led by whoever knows them, with ``lead_in``.
"""

import re
from html import escape, unescape
from typing import NamedTuple
from urllib.parse import unquote

from django.db import transaction
from django.db.models import Q
from django.urls import is_valid_path
from django.utils.translation import override

from addresses import older
from addresses.asking import ask, client
from addresses.languages import codes, language_of
from addresses.models import feed_of, find_each
from articles.interchange import figures
from articles.interchange.pictures import IMPORT
from articles.interchange.wordpress import FILE
from articles.interchange.wxr import split
from articles.models import Article, Revision
from articles.signals import article_changed

BATCH = 200
# What an import alone has done to a story; whatever else was done, a person did.
BROUGHT = {IMPORT, "publish", "change date"}
_LINK = re.compile(r'(<a\b[^<>]*?\bhref=")([^"<>]+)(")')
_STORY = re.compile(r"/(?:([a-z]{2,3})/)?([0-9]{4}/[0-9]{2}/[0-9]{2})/([-\w]+)/")


class Led(NamedTuple):
    """How many links of how many texts lead to pages here since."""

    links: int
    texts: int


class Link(NamedTuple):
    """What a link says: where it leads on the old site, and the place on the page."""

    path: str
    query: str
    fragment: str
    is_whole: bool


def read(href, hosts):
    """The Link of an ``href`` as it stands in a body, if it leads to one of ``hosts``, or None."""
    parts = split(unescape(href))
    if parts is None or parts.scheme not in {"", "http", "https"}:
        return None
    host = parts.netloc.lower().rpartition("@")[2].partition(":")[0].removeprefix("www.")
    if host and host not in hosts:
        return None
    if not host and not parts.path.startswith("/"):
        return None
    return Link(unquote(parts.path) or "/", parts.query, parts.fragment, bool(host))


def is_file(link):
    """Whether a Link leads to a picture or another file, which is no page."""
    return bool(FILE.search(link.path))


def lead(hosts):
    """Lead the links of all imported stories that are as the import left them. Returns a Led.

    ``hosts``: the old sites, without ``www.``.
    """
    return lead_in(Article.objects.all(), hosts, _write)


def lead_in(things, hosts, write):
    """The same for things of a queryset.

    ``write(led, leading)`` changes those that it may, of ``led`` (number -> the body that was read), by
    ``leading.replace``; it gives the numbers of links, one a text.
    """
    leading = Leading(hosts)
    concerned = Q(body__contains='href="/')
    for host in hosts:
        concerned |= Q(body__icontains=host)
    rows = things.filter(concerned, source_ref__startswith="wordpress:").order_by("pk")
    last, links, changed = 0, 0, 0
    while batch := list(rows.filter(pk__gt=last).values_list("pk", "body")[:BATCH]):
        last = batch[-1][0]
        leading.learn(body for _number, body in batch)
        led = {number: text for number, text in batch if leading.replace(text) != text}
        if led:
            done = write(led, leading)
            links, changed = links + sum(done), changed + len(done)
    return Led(links, changed)


class Leading:
    """Where links lead; ``learn`` has to see a body before ``replace`` does."""

    def __init__(self, hosts):
        self.hosts = set(hosts)
        self.client = client()
        self.lists = {}  # path of a list -> whether readers can open it
        self.targets = {}

    def learn(self, bodies):
        """Look up all links of some bodies at once; forgets those of the bodies before."""
        found = set()
        for text in bodies:
            for _before, href, _after in _LINK.findall(text):
                link = read(href, self.hosts)
                if link is not None and not is_file(link):
                    found.add(link)
        rows = find_each({(link.path, link.query) for link in found}) if found else {}
        wanted = {}
        for link in found:
            row = rows[link.path, link.query]
            if row is not None:
                wanted[link] = row.target
            elif link.is_whole:
                near = older.live(link.path, link.query)
                is_of_another = older.read(link.query).identity
                wanted[link] = near[0] if near else "" if is_of_another else link.path
        public = self._public({target for target in wanted.values() if target.startswith("/")})
        self.targets = {link: target for link, target in wanted.items() if target in public}

    def replace(self, html):
        return _LINK.sub(self._replaced, html)

    def _replaced(self, match):
        link = read(match[2], self.hosts)
        target = self.targets.get(link) if link is not None else None
        if target is None:
            return match[0]
        href = f"{target}#{link.fragment}" if link.fragment else target
        return f"{match[1]}{escape(href)}{match[3]}"

    def _public(self, targets):
        """Of paths here those that readers can open."""
        stories, found = {}, set()
        for target in targets:
            if match := _STORY.fullmatch(target):
                stories[match[1] or codes()[0], match[2], match[3]] = target
            elif self._is_open(target):
                found.add(target)
        slugs = {slug for _language, _day, slug in stories}
        rows = Article.objects.readable().filter(slug__in=slugs)
        for language, day, slug in rows.values_list("language", "address_date", "slug"):
            found.add(stories.get((language, f"{day:%Y/%m/%d}", slug)))
        return found - {None}

    def _is_open(self, target):
        if target not in self.lists:
            with override(language_of(target)):
                is_known = is_valid_path(target.partition("?")[0])
            # Of a list its feed, which says the same and is sooner made than the page.
            asked = feed_of(target, "feed.json")
            self.lists[target] = is_known and ask(self.client, asked).status == 200
        return self.lists[target]


def _write(led, leading):
    """Lead the links of stories (number -> body that was read); numbers of links, one a story.

    What the import brought is finished here, so it makes no version of its own; a story that anybody
    has touched in the meantime stays.
    """
    done = []
    with transaction.atomic():
        rows = list(Article.objects.select_for_update().filter(pk__in=led).order_by("pk"))
        versions = {}
        for revision in Revision.objects.filter(article__in=led).order_by("pk"):
            versions.setdefault(revision.article_id, []).append(revision)
        stories, revisions = [], []
        for row in rows:
            own = versions.get(row.pk, [])
            if row.body != led[row.pk] or not _is_as_brought(row, own):
                continue
            before = row.body
            row.body = leading.replace(before)
            for revision in own:  # older ones may have had fewer pictures
                fields = revision.content["fields"]
                fields["body"] = leading.replace(fields["body"])
            stories.append(row)
            revisions += own
            done.append(differences(before, row.body))
        Article.objects.bulk_update(stories, ["body"], batch_size=50)
        Revision.objects.bulk_update(revisions, ["content"], batch_size=50)
        for row in stories:
            transaction.on_commit(
                lambda number=row.pk: article_changed.send(
                    sender=Article, article=number, move="save"
                )
            )
    return done


def _is_as_brought(row, revisions):
    """Whether imports alone wrote the body of a story: at once, or with pictures that came later.

    ``revisions``: all of the story, the oldest first. Anybody may type the reason that an import
    gives, so that of a later version its text is looked at too.
    """
    last = None
    for revision in revisions:
        text = revision.content.get("fields", {}).get("body")
        if text is None or revision.reason not in BROUGHT or revision.state in Revision.PENDING:
            return False
        is_same = last is None or text == last
        if not is_same and not (
            revision.reason == IMPORT and figures.adds_only_pictures(last, text)
        ):
            return False
        last = text
    return last is not None and last == row.body


def differences(before, after):
    """How many links of a text lead elsewhere in the same text, led."""
    pairs = zip(_LINK.findall(before), _LINK.findall(after), strict=True)
    return sum(old != new for old, new in pairs)
