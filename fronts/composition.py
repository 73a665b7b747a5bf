"""What stands on a home at a moment: first what editors pinned, then the newest, nothing twice.

Places are filled from the top down out of one query for the newest stories and the pinned ones.
"""

from dataclasses import dataclass, field

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import override

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


def compose(language, now):
    """The Home of ``language`` at ``now``, in at most six queries however much there is."""
    edition = edition_of(language, now)
    pins = list(_pins(edition, now))
    stories = candidates(language, now, [pin.article_id for pin in pins])
    with override(language):
        return _Composer(language, now, edition, pins, stories).home


def edition_of(language, now):
    """The edition shown at ``now``: the newest whose time has come, or None before the first."""
    return (
        Edition.objects.filter(front__name="home", front__language=language, live_from__lte=now)
        .order_by("-live_from", "-pk")
        .first()
    )


def _pins(edition, now):
    pins = Pin.objects.filter(Q(until=None) | Q(until__gt=now), edition=edition)
    return pins.select_related("image").order_by("position", "pk")


def candidates(language, now, pinned=()):
    """The newest published stories and the pinned ones, newest first, as a list.

    Of a story and those that it supersedes only the newest.
    """
    published = Article.objects.published(now)
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


def _address(text):
    """``text`` if it is an address of the web, else ""."""
    return text if text.startswith(("/", "https://", "http://")) else ""


class _Composer:
    """Fills the places of one Home; a story that has a place is used up."""

    def __init__(self, language, now, edition, pins, stories):
        self.language, self.now = language, now
        self.stories = stories
        self.news = [s for s in stories if s.genre != Article.Genre.OPINION]
        countries = {r.pk: r for r in Region.objects.filter(kind=Region.Kind.COUNTRY)}
        self.where = {s.pk: countries_of(s, countries) for s in stories}
        self.countries = sorted(countries.values(), key=lambda c: c.name_in(language).words)
        self.used = set()
        self.home = Home()
        if edition is not None and edition.breaking_text and edition.breaking_until > now:
            self.home.breaking = Breaking(edition.breaking_text, _address(edition.breaking_url))
        # Every pin has its story kept for it before any place is filled by rule.
        top = self.pinned(pins, Pin.Slot.TOP, 1 + SECONDS)
        long_read = self.pinned(pins, Pin.Slot.LONG_READ, 1)
        opinion = self.pinned(pins, Pin.Slot.OPINION, OPINION)
        self.fill(top, long_read, opinion)

    def fill(self, top, long_read, opinion):
        home = self.home
        # Pictures first, as far as they are not old; the last of the seconds is words alone.
        top += self.take(self.news[:FRESH], SECONDS - len(top), lambda s: s.lead_image is not None)
        top += self.take(self.news, 1 + SECONDS - len(top))
        top += self.take(self.stories, 1 - len(top))
        home.lead, home.seconds = (top[0], top[1:]) if top else (None, [])
        if not long_read and len(home.seconds) == SECONDS:
            long_read = self.take(
                self.news, 1, lambda s: s.genre in LONG and s.lead_image is not None
            )
        home.long_read = long_read[0] if long_read else None
        home.opinion = opinion + self.take(
            self.stories, OPINION - len(opinion), lambda s: s.genre == Article.Genre.OPINION
        )
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
        """Cards of the first public stories pinned in a slot, in their order, using them up."""
        public = {story.pk: story for story in self.stories}
        found = [p for p in pins if p.slot == slot and p.article_id in public][:number]
        self.used.update(pin.article_id for pin in found)
        return [
            card(
                public[pin.article_id],
                self.now,
                places=section_name(public[pin.article_id]),
                kicker=pin.kicker,
                headline=pin.headline,
                image=pin.image,
            )
            for pin in found
        ]

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
