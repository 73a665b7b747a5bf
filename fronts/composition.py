"""What stands on a home at a moment: first what editors pinned, then the newest, nothing twice.

Places are filled from the top down out of one query for the newest stories and the pinned ones.
"""

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import Exists, Min, OuterRef
from django.utils.translation import override

from articles import pasted, previews
from articles.cards import card, section_name
from articles.models import Article, Region
from articles.places import countries_of
from fronts.models import Edition, Pin

CANDIDATES = 120
SECONDS = 3
FRESH = 12  # of the newest stories: among these the rule looks for pictures for the top
LATEST = 6
IN_A_COUNTRY = 3
FEWEST_IN_A_COUNTRY = 2
OPINION = 4
IN_A_STRIP = 3
FEWEST_IN_A_STRIP = 2
LONG = {Article.Genre.REPORT, Article.Genre.ANALYSIS}


@dataclass
class Breaking:
    """The strip above everything; ``address`` is "" where there is nothing to lead to."""

    text: str
    address: str


@dataclass
class Block:
    """Cards under the name of a thing with a page: a country, a section."""

    thing: object
    cards: list


@dataclass
class Home:
    """A home in its order of reading. ``lead`` and ``long_read`` are Cards or None."""

    breaking: Breaking | None = None
    lead: object = None
    seconds: list = field(default_factory=list)
    latest: list = field(default_factory=list)
    countries: list = field(default_factory=list)
    opinion: list = field(default_factory=list)
    long_read: object = None
    strips: list = field(default_factory=list)


def compose(language, now, *, edition=None, among=None):
    """The Home of ``language`` at ``now``, in at most six queries however much there is, and three
    more for a breaking strip that leads somewhere.

    ``edition``: another than the one that is shown then, for a look before it is published.
    ``among``: the stories that whoever looks may know of, with the next versions that will be live
    by then (a few queries for each of these); without it those that are public then.
    """
    edition = edition or edition_of(language, now)
    pins = list(_pins(edition))
    stories = candidates(language, now, [pin.article_id for pin in pins], among=among)
    if among is not None:
        stories = previews.foreseen(stories, now)
        continued = {story.supersedes_id for story in stories}
        stories = [story for story in stories if story.pk not in continued]
    with override(language):
        home = _Composer(language, now, pins, stories).home
        home.breaking = breaking(edition, now)
        return home


def edition_of(language, now):
    """The edition shown at ``now``: the newest whose time has come, or None before the first."""
    return (
        Edition.objects.filter(front__name="home", front__language=language, live_from__lte=now)
        .order_by("-live_from", "-pk")
        .first()
    )


def next_due(language, now):
    """When the home changes by itself next: an edition, a story, an end; None if nothing is due."""
    edition = edition_of(language, now)
    editions = Edition.objects.filter(front__name="home", front__language=language)
    stories = Article.objects.filter(status="published", language=language)
    moments = [
        editions.filter(live_from__gt=now).aggregate(at=Min("live_from"))["at"],
        stories.filter(published_at__gt=now).aggregate(at=Min("published_at"))["at"],
        Pin.objects.filter(edition=edition, until__gt=now).aggregate(at=Min("until"))["at"],
        edition.breaking_until if edition is not None and edition.breaking_text else None,
    ]
    return min((moment for moment in moments if moment and moment > now), default=None)


def _pins(edition):
    pins = Pin.objects.filter(edition=edition)
    return pins.select_related("image").order_by("position", "pk")


def candidates(language, now, pinned=(), *, among=None):
    """The newest published stories and the pinned ones, newest first, as a list.

    Of a story and those that it supersedes only the newest.
    """
    published = (Article.objects.all() if among is None else among).published(now)
    fresh = published.in_language(language).filter(
        ~Exists(published.filter(supersedes=OuterRef("pk")))
    )
    newest = fresh.newest_first().values("pk")[:CANDIDATES]
    # Nested, since SQLite takes no LIMIT in the parts of a union.
    wanted = (
        Article.objects.filter(pk__in=newest)
        .order_by()
        .values("pk")
        .union(fresh.filter(pk__in=list(pinned)).order_by().values("pk"), all=True)
    )
    return list(Article.objects.filter(pk__in=wanted).for_cards().newest_first())


def breaking(edition, now):
    """The strip of an edition until its end, as Breaking; None where it leads to a story of ours that
    stands on no front: it goes, and comes, with its story."""
    if edition is None or not edition.breaking_text or edition.breaking_until <= now:
        return None
    address = edition.breaking_url
    if not address.startswith(("/", "https://", "http://")):
        return Breaking(edition.breaking_text, "")
    ours = pasted.address_in(address, [urlsplit(settings.SITE_URL).hostname])
    number = pasted.story_at(*ours) if ours else None
    if number is not None and not Article.objects.published(now).filter(pk=number).exists():
        return None
    return Breaking(edition.breaking_text, address)


def _in_place(pinned, rest):
    """Pinned cards at their places and the others, in order, at those between and after them."""
    rest, cards = iter(rest), []
    for place in sorted(pinned):
        while len(cards) < place and (filler := next(rest, None)) is not None:
            cards.append(filler)
        cards.append(pinned[place])
    return [*cards, *rest]


class _Composer:
    """Fills the places of one Home; a story that has a place is used up."""

    def __init__(self, language, now, pins, stories):
        self.language, self.now = language, now
        self.stories = stories
        self.news = [s for s in stories if s.genre != Article.Genre.OPINION]
        countries = {r.pk: r for r in Region.objects.filter(kind=Region.Kind.COUNTRY)}
        self.where = {s.pk: countries_of(s, countries) for s in stories}
        self.countries = sorted(countries.values(), key=lambda c: c.name_in(language).words)
        self.used = set()
        self.home = Home()
        # Every pin has its story kept for it before any place is filled by rule.
        top = self.pinned(pins, Pin.Slot.TOP, 1 + SECONDS)
        long_read = self.pinned(pins, Pin.Slot.LONG_READ, 1)
        opinion = self.pinned(pins, Pin.Slot.OPINION, OPINION)
        self.fill(top, long_read, opinion)

    def fill(self, top, long_read, opinion):
        home = self.home
        # Pictures first, as far as they are not old; the last of the seconds is words alone.
        rest = self.take(self.news[:FRESH], SECONDS - len(top), lambda s: s.lead_image is not None)
        rest += self.take(self.news, 1 + SECONDS - len(top) - len(rest))
        rest += self.take(self.stories, 1 - len(top) - len(rest))
        top = _in_place(top, rest)
        home.lead, home.seconds = (top[0], top[1:]) if top else (None, [])
        if not long_read and len(home.seconds) == SECONDS:
            found = self.take(self.news, 1, lambda s: s.genre in LONG and s.lead_image is not None)
            long_read = dict(enumerate(found))
        home.long_read = next(iter(_in_place(long_read, [])), None)
        rest = self.take(
            self.stories, OPINION - len(opinion), lambda s: s.genre == Article.Genre.OPINION
        )
        home.opinion = _in_place(opinion, rest)
        home.latest = self.take(self.news, LATEST)
        for country in self.countries:
            inside = self.take(
                self.news,
                IN_A_COUNTRY,
                lambda s, country=country: country in self.where[s.pk],
                fewest=FEWEST_IN_A_COUNTRY,
                above=lambda s: [],
            )
            if inside:
                # The first with a picture heads the column; the others keep their order.
                inside.sort(key=lambda c: c is not next((c for c in inside if c.image), None))
                home.countries.append(Block(country, inside))
        sections = {s.section for s in self.news if s.section is not None}
        for section in sorted(sections, key=lambda s: (s.position, s.name)):
            inside = self.take(
                self.news,
                IN_A_STRIP,
                lambda s, section=section: s.section_id == section.pk,
                fewest=FEWEST_IN_A_STRIP,
                above=self.country_names,
            )
            if inside:
                home.strips.append(Block(section, inside))

    def pinned(self, pins, slot, number):
        """Cards of the public stories pinned in a slot by their places (from 0), using them up.

        What is not public, or has ended, takes no room: those below it move up.
        """
        public = {story.pk: story for story in self.stories}
        found, absent, free = {}, 0, 0
        for pin in pins:
            if pin.slot != slot:
                continue
            if pin.article_id not in public or (pin.until is not None and pin.until <= self.now):
                absent += 1
                continue
            place = max(pin.position - absent, free)
            if place >= number:
                break
            free = place + 1
            story = public[pin.article_id]
            self.used.add(story.pk)
            found[place] = card(
                story,
                self.now,
                places=section_name(story),
                kicker=pin.kicker,
                headline=pin.headline,
                image=pin.image,
            )
        return found

    def take(self, stories, number, fits=lambda story: True, *, fewest=1, above=section_name):
        """Cards of the first ``number`` unused stories that fit, using them up.

        None where there are not ``fewest``. ``above``: what may stand over a headline (Texts).
        """
        found = [s for s in stories if s.pk not in self.used and fits(s)][: max(number, 0)]
        if len(found) < fewest:
            return []
        self.used.update(story.pk for story in found)
        return [card(story, self.now, places=above(story)) for story in found]

    def country_names(self, story):
        return [country.name_in(self.language) for country in self.where[story.pk]]
