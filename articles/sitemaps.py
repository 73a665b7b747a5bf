"""What search engines are told of stories and of the lists they stand in, as XML.

https://www.sitemaps.org/protocol.html: at most 50,000 addresses and 50 MB a file.
https://developers.google.com/search/docs/crawling-indexing/sitemaps/news-sitemap: two days, at most
1,000 stories a file, languages of two or three letters. Pictures and languages have namespaces of
their own. A search engine is told nothing of what its page asks it to leave out.
"""

import datetime
import math
from typing import NamedTuple
from xml.sax.saxutils import escape, quoteattr

from django.conf import settings
from django.db.models import CharField, Count, Exists, Max, OuterRef, Q, Subquery, Value
from django.db.models.functions import Cast, Concat
from django.db.models.lookups import IsNull
from django.urls import reverse
from django.utils.translation import override

from addresses.languages import codes
from articles.models import Article, Byline, Region, Section, Tag
from articles.models.article import Series, site_zone
from authors.models import Author, Organisation
from images.models import Image, Use
from images.renditions import rendition_url
from prose import body

MOST_ADDRESSES, MOST_BYTES = 50_000, 50 * 1024 * 1024
MOST_NEWS = 1_000
MOST_PICTURES = 10  # of one story
NEWS = datetime.timedelta(days=2)
_NAMESPACES = {
    "": "http://www.sitemaps.org/schemas/sitemap/0.9",
    "image": "http://www.google.com/schemas/sitemap-image/1.1",
    "news": "http://www.google.com/schemas/sitemap-news/0.9",
    "xhtml": "http://www.w3.org/1999/xhtml",
}
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_CHINESE = {"zh-cn": "zh-cn", "zh-hans": "zh-cn", "zh-tw": "zh-tw", "zh-hant": "zh-tw"}
_FIELDS = (
    "pk",
    "language",
    "address_date",
    "slug",
    "updated_at",
    "first_published_at",
    "translation_group",
)


class Entry(NamedTuple):
    """An address with what is known of it.

    ``languages``: code -> address of the same thing, its own included; of one that is alone, empty.
    ``pictures``: addresses. ``news``: (name of the paper, language, moment, headline), or None.
    """

    address: str
    changed: datetime.datetime | None = None
    languages: dict = {}
    pictures: tuple = ()
    news: tuple | None = None


class Month(NamedTuple):
    """The stories that were first published in a month of the site's zone: how many, newest change."""

    first: datetime.date
    number: int
    changed: datetime.datetime


# Stories


def indexable(now):
    """The stories that search engines may list: as published, without those they are kept from."""
    stories = Article.objects.published(now).filter(language__in=codes())
    return stories.filter(noindex=False, canonical_url="").order_by()


def months(now):
    """Each month that has stories, the newest first. Grouped by day, which needs no function of the
    database that would be asked for each story."""
    days = indexable(now).values_list("address_date")
    days = days.annotate(Count("pk"), Max("first_published_at"), Max("updated_at"))
    found = {}
    for day, number, *moments in days:
        first = day.replace(day=1)
        changed = max(moment for moment in moments if moment is not None)
        month = found.get(first, Month(first, 0, changed))
        found[first] = Month(first, month.number + number, max(month.changed, changed))
    return sorted(found.values(), reverse=True)


def of_month(first, now, part=1):
    """Entries of the stories of a month, or of a part of them. Three queries."""
    after = (first + datetime.timedelta(days=31)).replace(day=1)
    stories = indexable(now).filter(address_date__gte=first, address_date__lt=after)
    size = per_file()
    stories = stories.order_by("pk")[size * (part - 1) : size * part]
    rows = list(stories.values_list(*_FIELDS, named=True))
    if not rows:
        return []
    where = _where()
    numbers = indexable(now).filter(
        address_date__gte=first, address_date__lt=after, pk__gte=rows[0].pk, pk__lte=rows[-1].pk
    )
    groups = _groups(numbers, now, where)
    pictures = _pictures(numbers, now)
    return [
        Entry(
            where(row),
            max(filter(None, [row.first_published_at, row.updated_at])),
            groups.get(row.translation_group, {}),
            tuple(pictures.get(row.pk, ())),
        )
        for row in rows
    ]


def news(now, names):
    """Entries of what was first published in the last two days, newest first. One query.

    ``names``: what the paper is called, by language. What somebody paid for is not news.
    """
    since = now - NEWS
    stories = indexable(now).filter(
        paid_by=None, first_published_at__gt=since, published_at__gt=since
    )
    stories = stories.order_by("-first_published_at", "-pk")
    where = _where()
    return [
        Entry(
            where(row),
            news=(
                names[row.language],
                news_language(row.language),
                row.first_published_at,
                row.headline,
            ),
        )
        for row in stories.values_list(*_FIELDS, "headline", named=True)
    ]


def news_language(code):
    """A language as the schema of news wants it: two or three letters, but for Chinese.

    >>> [news_language(code) for code in ("en-us", "ru", "zh-hans")]
    ['en', 'ru', 'zh-cn']
    """
    return _CHINESE.get(code.lower(), code.lower().partition("-")[0])


def _where():
    """A function of a row that gives the whole address of its story, without asking for each."""
    starts = {}
    for code in codes():
        with override(code):
            starts[code] = reverse("article", args=["0000", "00", "00", "-"])
    starts = {
        code: settings.SITE_URL + start.removesuffix("0000/00/00/-/")
        for code, start in starts.items()
    }
    return lambda row: f"{starts[row.language]}{row.address_date:%Y/%m/%d}/{row.slug}/"


def _groups(stories, now, where):
    """The public stories of each translation that ``stories`` belong to: group -> code -> address."""
    grouped = stories.exclude(translation_group=None).values("translation_group")
    rows = indexable(now).filter(translation_group__in=grouped).values_list(*_FIELDS, named=True)
    found = {}
    for row in rows:
        found.setdefault(row.translation_group, {})[row.language] = where(row)
    return {group: halves for group, halves in found.items() if len(halves) > 1}


def _pictures(stories, now):
    """Addresses of the pictures that readers see in stories: number of the story -> list."""
    name = Concat(Value("story "), Cast("pk", CharField()), output_field=CharField())
    users = stories.annotate(user=name)
    uses = Use.objects.live(now).filter(user__in=users.values("user"))
    uses = uses.filter(Q(image__rights_expire_at=None) | Q(image__rights_expire_at__gt=now))
    found = {}
    rows = uses.order_by("-place", "pk").values_list(
        "user", "place", "image_id", "image__token", "image__width", "image__height"
    )
    for user, place, number, token, width, height in rows:
        pictures = found.setdefault(int(user.removeprefix("story ")), {})
        image = Image(token=token, width=width, height=height)
        address = rendition_url(image, "hero" if place == "lead" else "inline")
        if address and len(pictures) < MOST_PICTURES:
            pictures.setdefault(number, settings.SITE_URL + address)
    return {number: list(pictures.values()) for number, pictures in found.items()}


# Lists


def lists(now):
    """Entries of every list that a search engine may have, in each language in which it may.

    The same conditions as those of the lists' own pages. Seven queries, however many there are.
    """
    stories = Article.objects.published(now).order_by()

    def of(code, **condition):
        return stories.in_language(code).filter(**condition)

    def through(model, code, **condition):
        """Rows that lead to the stories of ``of``."""
        public = {"status": "published", "published_at__lte": now, "language": code}
        public = {f"article__{field}": value for field, value in public.items()}
        return Exists(model.objects.order_by().filter(**public, **condition))

    def credited(code, field):
        return through(Byline, code, withheld=False, **{field: OuterRef("pk")})

    def filed(code):
        return through(Article.regions.through, code, region=OuterRef("pk"))

    def two_tagged(code):
        tagged = of(code, filings__tag=OuterRef("pk"))
        return IsNull(Subquery(tagged.values("pk")[1:2]), False)

    def own(code):
        # Asked once for all: SQLite takes an index of which most is NULL for one that helps nothing.
        dated = of(code, dateline_organisation__isnull=False).values("dateline_organisation")
        is_ours = Q(is_house=True) | Q(is_listed=True)
        return is_ours | Q(pk__in=dated) | credited(code, "organisation")

    found = [
        ("section", Section.objects.all(), lambda code: Exists(of(code, section=OuterRef("pk")))),
        ("tag", Tag.objects.public(now), two_tagged),
        ("author", Author.objects.public(now), lambda code: credited(code, "author")),
        ("organisation", Organisation.objects.public(now), own),
        ("series", Series.objects.all(), lambda code: Exists(of(code, series=OuterRef("pk")))),
    ]
    entries = list(_regions(filed))
    for name, things, has in found:
        rows = _flagged(things.order_by("pk"), has, "slug")
        entries += [entry for row in rows for entry in in_languages(name, row[0], row[1:])]
    return entries


def _flagged(things, has, *fields):
    """Rows of ``fields`` of things, and for each language of the site whether ``has(code)`` holds."""
    flags = {f"in_{number}": has(code) for number, code in enumerate(codes())}
    return things.annotate(**flags).values_list(*fields, *flags)


def _regions(has):
    """Entries of regions: a region has the stories of all that lies in it, a group of its members."""
    rows = list(_flagged(Region.objects.order_by("path", "pk"), has, "pk", "slug", "path"))
    paths, flags = {row[0]: row[2] for row in rows}, {row[0]: list(row[3:]) for row in rows}
    within = {number: [path] for number, path in paths.items()}
    members = Region.members.through.objects.values_list("from_region", "to_region")
    for group, member in members:
        within[group].append(paths[member])
    full = {path: flags[number] for number, path in paths.items()}
    for number, slug, *_rest in rows:
        inside = [own for path, own in full.items() if path.startswith(tuple(within[number]))]
        yield from in_languages("region", slug, [any(each) for each in zip(*inside, strict=True)])


def in_languages(name, slug, flags):
    """Entries of a page in the languages for which ``flags`` are true, each knowing the others.

    ``slug``: what its address holds, or None.
    """
    languages = {}
    for code, has in zip(codes(), flags, strict=True):
        if has:
            with override(code):
                path = reverse(name, args=[] if slug is None else [slug])
            languages[code] = settings.SITE_URL + path
    others = languages if len(languages) > 1 else {}
    return [Entry(address, languages=others) for address in languages.values()]


# As XML


def per_file():
    """How many addresses a file may have, so that neither limit is passed whatever they are."""
    address = len(settings.SITE_URL) + 140  # a slug has at most 100 letters
    languages = (len(codes()) + 1) * (address + 80)
    pictures = MOST_PICTURES * (len(settings.SITE_URL) + 160)
    return min(MOST_ADDRESSES, (MOST_BYTES - 1000) // (address + 120 + languages + pictures))


def parts(number):
    """In how many files so many addresses stand: one at least."""
    return max(1, math.ceil(number / per_file()))


def urlset(entries):
    """A sitemap of Entries. Without any it would break its schema."""
    used = {"": True, "image": any(entry.pictures for entry in entries)}
    used["news"] = any(entry.news for entry in entries)
    used["xhtml"] = any(entry.languages for entry in entries)
    return _document("urlset", [name for name in used if used[name]], map(_url, entries))


def index(addresses):
    """A sitemap of sitemaps: pairs of an address and when something in it changed last, or None."""
    return _document(
        "sitemapindex", [""], (f"<sitemap>{_loc(*one)}</sitemap>" for one in addresses)
    )


def _document(name, namespaces, lines):
    names = "".join(
        f" xmlns{':' * bool(short)}{short}={quoteattr(_NAMESPACES[short])}" for short in namespaces
    )
    return "".join([_HEAD, f"<{name}{names}>\n", *(f"{line}\n" for line in lines), f"</{name}>\n"])


def _loc(address, changed):
    lastmod = f"<lastmod>{moment(changed)}</lastmod>" if changed is not None else ""
    return f"<loc>{escape(address)}</loc>{lastmod}"


def _url(entry):
    found = [_loc(entry.address, entry.changed)]
    if entry.news is not None:
        paper, language, published, headline = entry.news
        found.append(
            f"<news:news><news:publication><news:name>{_words(paper)}</news:name>"
            f"<news:language>{language}</news:language></news:publication>"
            f"<news:publication_date>{moment(published)}</news:publication_date>"
            f"<news:title>{_words(headline)}</news:title></news:news>"
        )
    found += [
        f"<image:image><image:loc>{escape(address)}</image:loc></image:image>"
        for address in entry.pictures
    ]
    if entry.languages:
        default = next(code for code in codes() if code in entry.languages)
        languages = entry.languages | {"x-default": entry.languages[default]}
        found += [
            f'<xhtml:link rel="alternate" hreflang="{code}" href={quoteattr(address)}/>'
            for code, address in languages.items()
        ]
    return f"<url>{''.join(found)}</url>"


def _words(text):
    return escape(body.plain(" ".join(text.split())))


def moment(when):
    """A moment as W3C writes it, in the site's zone: ``2026-11-29T10:15:00+06:00``."""
    return when.astimezone(site_zone()).isoformat(timespec="seconds")
