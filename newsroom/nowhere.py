"""Whether a story is where it should be, and nowhere else: every public address is asked, as readers do.

The addresses are collected from the URL configuration, so that a page which is new is walked too; one
whose address holds something that is not known here raises Unknown. Each goes through the whole stack.
"""

import html
import itertools
import re
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote_plus, urlencode, urlsplit

from django.conf import settings
from django.db.models import Q
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone
from django.utils.translation import override

from addresses.languages import codes
from addresses.models import Redirect
from articles import paging, publishing, sitemaps
from articles.models import Article, Region
from articles.models.article import site_zone
from authors.models import Author, Organisation
from images.models import Image
from images.renditions import RECIPES, widths
from newsroom.models import Page
from prose import body

LONG, SHORT = 20, 8  # letters of words that are looked for anywhere, and at least by themselves
START = 60  # letters of a sentence that a shortened one still has
MOST_WORDS = 80
LISTS = {"section", "region", "tag", "author", "organisation", "series", "archive_day"}
LISTS |= {"sitemap_month"}
SITEMAPS = {"sitemap", "sitemap_lists", "sitemap_news"}
_NEITHER = re.compile(r"[\W_]+")
_JSON_ESCAPE = re.compile(r"\\u([0-9a-fA-F]{4})")
_ONCE = re.compile(r"nonce=\"[^\"]*\"")


class Unknown(LookupError):
    """A public address that this walk cannot fill: say in ``Walk.values`` what belongs there."""


class Finding(NamedTuple):
    """What is wrong at an address: ``surface`` is its name in the URL configuration."""

    surface: str
    address: str
    words: str

    def __str__(self):
        return f"{self.surface}: {self.address}: {self.words}"


class Surface(NamedTuple):
    """``is_listing``: whether the story belongs there while it is live."""

    name: str
    address: str
    is_listing: bool = False


def patterns():
    """Every address that is not the desk's, as (name, pattern, names of what it holds)."""

    def walk(entries, prefix):
        for entry in entries:
            if isinstance(entry, URLResolver):
                if entry.namespace != "admin":
                    yield from walk(entry.url_patterns, prefix + str(entry.pattern))
            elif isinstance(entry, URLPattern):
                yield entry.name, prefix + str(entry.pattern), list(entry.pattern.regex.groupindex)

    return list(walk(get_resolver().url_patterns, ""))


def public_names():
    """The names of all public addresses, with what each holds. The door of the desk is none."""
    return {name: held for name, path, held in patterns() if not path.startswith("admin/")}


def findings(story):
    """Everything that is wrong with where a story is, as Findings; of one that is right, none."""
    return Walk(story).findings()


class Walk:
    def __init__(self, story):
        self.story, self.now = story, timezone.now()
        self.is_live = story.is_live
        self.is_listed = self.is_live and story.status == "published"
        self.own = story.get_absolute_url()
        with override(story.language):
            self.short = reverse("short_address", args=[story.pk])
        others = Article.objects.readable(self.now).exclude(pk=story.pk)
        self.others = others
        self.bylines = list(story.bylines.select_related("author", "organisation"))
        self.citations = list(story.citations.select_related("organisation"))
        self.tags = list(story.tags.all())
        self.words = self._words()
        self.alone = self._made_for_it()
        self.pictures = self._pictures()
        site = urlsplit(settings.SITE_URL)
        self.client = Client(raise_request_exception=False, HTTP_HOST=site.netloc)
        self.is_secure = site.scheme == "https"

    def get(self, address):
        answer = self.client.get(address, secure=self.is_secure)
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content
        return answer, content

    # What is looked for

    def _words(self):
        """(as it is told, letters alone) of the story's own words that no other live story has."""
        story, found = self.story, []
        lead = [story.lead_caption]
        if story.lead_image is not None:
            lead += [story.lead_image.caption, *story.lead_image.captions.values()]
        texts = [story.headline, story.seo_title, story.standfirst, story.seo_description, *lead]
        nodes = re.split(r"<[^>]*>", story.body)
        for text in [*texts, *map(html.unescape, nodes)]:
            for sentence in re.split(r"(?<=[.!?…])\s+", text):
                sentence = sentence.strip()
                plain = letters(sentence)
                if len(plain) >= LONG or (text in texts and len(plain) >= SHORT):
                    found.append((sentence, plain[:START]))
        if not found:
            found = [(text.strip(), letters(text)) for text in nodes if len(letters(text)) >= SHORT]
        found = list(dict(reversed([(plain, said) for said, plain in found])).items())
        return [(said, plain) for plain, said in found if not self._is_anothers(said)][:MOST_WORDS]

    def _is_anothers(self, words):
        escaped = html.escape(words, quote=False)
        same = Q(body__contains=escaped) | Q(headline=words) | Q(standfirst__contains=words)
        pictures = Q(lead_caption__contains=words) | Q(lead_image__caption__contains=words)
        return self.others.filter(same | pictures).exists()

    def _made_for_it(self):
        """Addresses of tags, people, organisations and the series that no other live story uses."""
        found = []
        for tag in self.tags:
            if not _is_listed(tag) and not self.others.filter(filings__tag=tag).exists():
                found.append(tag)
        for person in {b.author for b in self.bylines if b.author is not None}:
            if not _is_listed(person) and not self.others.credited(person).exists():
                found.append(person)
        for organisation in self._organisations():
            used = self.others.from_organisation(organisation).exists()
            used = used or self.others.relying_on(organisation).exists()
            if not _is_listed(organisation) and not used:
                found.append(organisation)
        series = self.story.series
        if series is not None and not self.others.filter(series=series).exists():
            found.append(series)
        return {
            address: str(thing)
            for thing in found
            for language in codes()
            for address in [_in(language, thing.get_absolute_url)]
        }

    def _organisations(self):
        found = {b.organisation for b in self.bylines} | {c.organisation for c in self.citations}
        return {*found, self.story.dateline_organisation} - {None}

    def _pictures(self):
        """The pictures of the story that nothing else which is public uses."""
        numbers = [self.story.lead_image_id, *body.images_in(self.story.body)]
        faces = {b.author.portrait_id for b in self.bylines if b.author is not None}
        found = Image.objects.filter(pk__in={*numbers, *faces} - {None})
        return [image for image in found if not self._is_used_elsewhere(image)]

    def _is_used_elsewhere(self, image):
        inside = self.others.filter(body__contains=f'<figure data-image="{image.pk}"')
        if inside.exists() or self.others.filter(lead_image=image).exists():
            return True
        if Organisation.objects.public(self.now).filter(logo=image).exists():
            return True
        return any(
            person.is_listed or self.others.credited(person).exists()
            for person in Author.objects.filter(portrait=image, hidden_at=None)
        )

    # Where it is looked for

    def values(self):
        """For every public address what it may be filled with: name -> list of dicts of its parts."""
        story = self.story
        day = story.address_date or self.now.astimezone(site_zone()).date()
        date = {"year": f"{day:%Y}", "month": f"{day:%m}", "day": f"{day:%d}"}
        people = {b.author for b in self.bylines if b.author is not None}
        things = {
            "section": [story.section] if story.section else [],
            "region": self._regions(),
            "tag": self.tags,
            "author": people,
            "organisation": self._organisations(),
            "series": [story.series] if story.series else [],
            "page": Page.objects.all(),
        }
        found = {name: [{"slug": thing.slug} for thing in of] for name, of in things.items()}
        return found | {
            "article": [date | {"slug": story.slug}],
            "archive_year": [{"year": date["year"]}],
            "archive_month": [{"year": date["year"], "month": date["month"]}],
            "archive_day": [date],
            "short_address": [{"id": str(story.pk)}],
            "sitemap_month": [{"year": date["year"], "month": date["month"]}],
            "sitemap_month_part": [{"year": date["year"], "month": date["month"], "part": "2"}],
            "sitemap_lists_part": [{"part": "2"}],
            "sitemap_news_part": [{"part": "1"}],
            "preview": [{"token": "0" * 32}],
            "looks": [{"name": "0"}],
            "rendition": [
                {"token": image.token, "name": f"{recipe}-{width}.{kind}"}
                for image in self.pictures
                for recipe in RECIPES
                for width in widths(image, recipe)
                for kind in RECIPES[recipe].formats
            ],
        }

    def _regions(self):
        paths = list(self.story.regions.values_list("path", flat=True))
        numbers = {int(number) for path in paths for number in path.strip("/").split("/")}
        return Region.objects.filter(Q(pk__in=numbers) | Q(members__in=numbers)).distinct()

    def surfaces(self):
        """Every public address at which something of the story could be, as Surfaces."""
        values = self.values()
        place = {"before": self._place()} if self.story.published_at else None
        for name, held in public_names().items():
            base = name if name in values else name.rpartition("_")[0]
            if held and base not in values:
                raise Unknown(name)
            is_listing = base in LISTS and name == base
            for language, parts in itertools.product(codes(), values[base] if held else [{}]):
                if name == "archive_day" and language != self.story.language and not self.own:
                    continue
                address = _in(language, reverse, name, kwargs=parts)
                is_its = is_listing and language == self.story.language
                yield Surface(name, address, is_its and self._belongs_to(base, parts))
                if is_listing and place:
                    yield Surface(name, f"{address}?{urlencode(place)}")
                if name in {"search", "search_suggest"}:
                    yield Surface(name, f"{address}?{urlencode({'q': self.story.headline})}")
                if name.startswith("report"):
                    yield Surface(name, f"{address}?{urlencode({'story': self.story.pk})}")

    def _place(self):
        """The cursor of the page of a list on which the story stands first."""
        after = Article(pk=self.story.pk + 1, published_at=self.story.published_at)
        return paging.cursor(after)

    def _belongs_to(self, name, parts):
        if name == "sitemap_month":
            return sitemaps.indexable(self.now).filter(pk=self.story.pk).exists()
        if name != "author":
            return True
        return any(
            b.shows_person and b.author.slug == parts["slug"] and b.author.merged_into_id is None
            for b in self.bylines
        )

    def old_addresses(self):
        paths = {self.own, self.short} - {""}
        whole = {settings.SITE_URL + path for path in paths}
        return Redirect.objects.filter(target__in=paths | whole)

    # What is found

    def findings(self):
        found, lists = [], {}
        for surface in dict.fromkeys(self.surfaces()):
            answer, content = self.get(surface.address)
            shown = content.decode(errors="replace") + answer.headers.get("Location", "")
            if answer.status_code >= 500:
                found.append(Finding(surface.name, surface.address, str(answer.status_code)))
            if surface.name == "rendition":
                found += self._about_picture(surface, answer)
            elif surface.name in {"article", "short_address"}:
                found += self._about_page(surface, answer, shown)
            elif not self.is_live:
                found += self._leaks(surface, answer, shown)
            elif surface.name in LISTS:
                address = surface.address.partition("?")[0]
                is_there = self.own in shown
                before = lists.get(address, (surface, False))
                lists[address] = (before[0], before[1] or is_there)
        if self.is_listed:
            found += [
                Finding(surface.name, surface.address, "the story is missing")
                for surface, is_there in lists.values()
                if surface.is_listing and not is_there
            ]
            found += self._missing_from_the_feed()
            found += self._missing_from_the_search()
        if not self.is_live and self.story.published_at is not None:
            found += self._differing()
        return list(dict.fromkeys([*found, *self._about_old_addresses(), *self._about_files()]))

    @property
    def shows_headline(self):
        return self.story.status == "withdrawn" and self.story.down_shows_headline

    def _about_page(self, surface, answer, shown):
        """The story's own page, and its short address."""
        is_own = surface.address in {self.own, self.short}
        wanted = 404
        if is_own and self.is_live:
            wanted = 200 if surface.address == self.own else 301
        elif is_own and self.story.status == "withdrawn" and self.story.was_public:
            wanted = 301 if surface.address == self.short and self.shows_headline else 410
        elif not is_own and surface.name == "short_address":
            wanted = None  # in another language it leads to the same
        if wanted is not None and answer.status_code != wanted:
            words = f"answers {answer.status_code} instead of {wanted}"
            yield Finding(surface.name, surface.address, words)
        if not self.is_live:
            yield from self._leaks(surface, answer, shown)

    def _leaks(self, surface, answer, shown):
        """Words, addresses and pictures of a story that is to be nowhere."""
        plain = letters(shown)
        may_say = self.story.status == "withdrawn" and (
            surface.name in {"article", "short_address"} or surface.name.startswith("corrections")
        )
        headline = letters(self.story.headline)[:START]
        # What was looked for is said again, and tells nothing.
        looked_for = letters(unquote_plus(urlsplit(surface.address).query))
        for said, letters_of in self.words:
            if letters_of in looked_for:
                continue
            if may_say and self.shows_headline and letters_of in headline:
                continue
            if letters_of in plain:
                yield Finding(surface.name, surface.address, said)
        asked = surface.address.partition("?")[0]
        for address in [] if may_say else filter(None, {self.own, self.short} - {asked}):
            is_linked = self.others.filter(body__contains=address).exists
            if _leads_to(shown, address) and not is_linked():
                yield Finding(surface.name, surface.address, address)
        for address, name in self.alone.items():
            if asked.startswith(address):
                if answer.status_code == 200:
                    yield Finding(surface.name, surface.address, name)
            elif _leads_to(shown, address):
                yield Finding(surface.name, surface.address, name)
        for image in self.pictures:
            if image.token in shown:
                yield Finding(surface.name, surface.address, f"picture {image.token}")

    def _about_picture(self, surface, answer):
        if answer.status_code == 200 and not self.is_live:
            yield Finding(surface.name, surface.address, "the picture is given out")

    def _missing_from_the_feed(self):
        language = self.story.language
        newest = Article.objects.published(self.now).in_language(language).newest_first()
        if self.story.pk in list(newest.values_list("pk", flat=True)[: paging.PER_PAGE]):
            for name in public_names():
                if name.startswith("home_"):
                    address = _in(language, reverse, name)
                    if self.own not in self.get(address)[1].decode(errors="replace"):
                        yield Finding(name, address, "the story is missing")

    def _missing_from_the_search(self):
        words = " ".join(re.findall(r"\w+", self.story.headline))
        day = f"{self.story.address_date:%Y-%m-%d}"
        query = urlencode({"q": words, "from": day, "to": day})
        address = f"{_in(self.story.language, reverse, 'search')}?{query}"
        # A page that finds nothing has the latest stories instead of a list.
        found = self.get(address)[1].decode(errors="replace").partition('<ol class="list"')[2]
        if words and self.own not in found:
            yield Finding("search", address, "the story is missing")

    def _differing(self):
        """Pages that are another one where the story is not there: it is counted, at least.

        What is asked without it is asked in a transaction that is taken back.
        """
        surfaces = [
            surface
            for surface in dict.fromkeys(self.surfaces())
            if not surface.name.startswith(("corrections", "article", "short_address", "rendition"))
            and surface.name
            in {*LISTS, "masthead", "archive_year", "archive_month", "home", *SITEMAPS}
        ]
        with_it = [self._page(surface) for surface in surfaces]
        with publishing.as_if_not_there(self.story):
            without = [self._page(surface) for surface in surfaces]
        for surface, one, other in zip(surfaces, with_it, without, strict=True):
            if one != other:
                yield Finding(surface.name, surface.address, "the story is counted")

    def _page(self, surface):
        return _ONCE.sub("", self.get(surface.address)[1].decode(errors="replace"))

    def _about_old_addresses(self):
        """Addresses that led to the story lead there while it is live, and tell nothing after."""
        for old in self.old_addresses():
            address = old.path + (f"?{old.query}" if old.query else "")
            answer, content = self.get(address)
            surface = Surface("old address", address)
            if self.is_live:
                to = answer.headers.get("Location", "").removeprefix(settings.SITE_URL)
                if to not in {self.own, self.short}:
                    words = f"answers {answer.status_code} and does not lead to {self.own}"
                    yield Finding(*surface[:2], words)
                continue
            shown = content.decode(errors="replace") + answer.headers.get("Location", "")
            if self.story.status == "withdrawn" and self.story.was_public:
                if answer.status_code not in {301, 410}:
                    yield Finding(*surface[:2], f"answers {answer.status_code} instead of 410")
                surface = surface._replace(name="article")
            elif answer.status_code != 404:
                yield Finding(*surface[:2], f"answers {answer.status_code} instead of 404")
            for leak in self._leaks(surface, answer, shown):
                yield leak._replace(surface="old address")

    def _about_files(self):
        """Originals are never public, whatever the story is: not under a name, not as a copy."""
        for image in self.pictures:
            name = image.file.name
            if not name:
                continue
            for address in {
                f"/{p}{n}" for p in ("media/", "static/", "") for n in (name, Path(name).name)
            }:
                if self.get(address)[0].status_code == 200:
                    yield Finding("original", address, "the original is given out")
            yield from self._copies(image)

    def _copies(self, image):
        try:
            with image.file.storage.open(image.file.name) as file:
                original = file.read()
        except FileNotFoundError:
            return
        for root in [settings.STATIC_ROOT, *settings.STATICFILES_DIRS]:
            files = (path for path in Path(root).rglob("*") if path.is_file())
            of_its_size = (path for path in files if path.stat().st_size == len(original))
            for path in of_its_size:
                if path.read_bytes() == original:
                    address = f"{settings.STATIC_URL}{path.relative_to(root)}"
                    yield Finding("original", address, "a copy lies at a public address")


def letters(text):
    """A text as it is compared: letters and digits alone, whatever marks and escapes are between."""
    text = _JSON_ESCAPE.sub(lambda found: chr(int(found[1], 16)), text)
    return _NEITHER.sub("", html.unescape(html.unescape(text)).casefold())


def _is_listed(thing):
    return getattr(thing, "is_listed", False) or getattr(thing, "is_house", False)


def _leads_to(shown, address):
    return re.search(rf"{re.escape(address)}(?![\w-])", shown) is not None


def _in(language, make, *args, **kwargs):
    with override(language):
        return make(*args, **kwargs)
