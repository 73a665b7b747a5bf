"""Bringing foreign stories in: each in a transaction of its own, through articles.arrivals.

What is here already is left as it is, so that an import can be run again and goes on where it was
killed. Nothing that readers of the old site could not see becomes public.
"""

import hashlib
from collections import Counter
from typing import NamedTuple

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from addresses import older
from addresses.asking import is_on_every_site
from addresses.languages import codes
from addresses.models import Redirect
from articles import arrivals, datelines, doubts, naming, quarantine
from articles.interchange import attribution, biographies, figures
from articles.interchange import mapping as mappings
from articles.interchange import report as reports
from articles.interchange.pictures import IMPORT
from articles.interchange.records import Loss
from articles.models import Article, Byline, Citation, Region
from articles.models.article import HEADLINE_LENGTH
from articles.search import index
from authors.models import Author, Organisation
from prose import body

LONGEST_STANDFIRST = 1000
LONGEST_GUID = 300
WORDS_AT_ONCE = 200  # stories whose words are counted together
UNTITLED = 80  # characters of the text that stand for a headline


class Seen(NamedTuple):
    """What tells a story of this run from others of its number; hashes, since there are thousands."""

    guid: int
    stamp: int
    slug: int
    file: int
    is_public: bool


class Importer:
    """``by``: the chief editor in whose name stories are brought; None for a dry run. ``about``: what
    the old site says of people, see records.Survey. ``pictures``: a ``pictures.Pictures``.
    """

    def __init__(self, mapping, report, pictures, *, by=None, about=None):
        self.mapping, self.report, self.by = mapping, report, by
        self.pictures = pictures
        self.about = biographies.by_name(mapping, about or {})
        self.found = {}
        self.spelt, self.uncounted = Counter(), 0
        self.seen = {}
        self.files = {}
        self.groups = set()  # of translations: (group, language)
        self.region_names = {
            naming.plain(name)
            for region in Region.objects.all()
            for name in naming.names_of(region)
        }
        self.person_names = mappings.person_names(mapping)
        self.organisation_names = mappings.organisation_names()
        self.agencies = {}
        for organisation in Organisation.objects.filter(merged_into=None):
            self.agencies.setdefault(organisation.short_name or organisation.name, organisation)

    def bring(self, story):
        """Bring one Story in, unless it is here; counts it in the report."""
        ref, known = self.known(story)
        if known == reports.TWICE:
            self.report.count(known)
            return
        if known is not None:
            self._complete(known, story)
            self.pictures.complete(known, story, self._with_dateline)
            self.report.count(reports.HERE)
            return
        language = self.mapping.languages.get(story.language, "")
        brought = self.pictures.bring(story, language or codes()[0])
        if story.site:
            story.body = figures.placed(story.body, brought.numbers, brought.words)
        why = story.why or self._missing(story, language)
        self.settle(story)
        article = Article(
            headline=story.headline,
            slug=story.slug,
            standfirst=story.standfirst,
            language=language or codes()[0],
            body=story.body,
            **story.fields,
        )
        self._take_dateline(article, story)
        self._group(story, language)
        section, regions, tags = self._filed(story)
        credits = self._credits(story)
        hints = self._hints(article, story, credits)
        if self.by is None:
            self.taken(story, "")
            for target, _role in credits:
                if target.kind == "person":
                    self._find(self._person, target.name)
        else:
            with transaction.atomic():
                article.section = self._find(mappings.section, section)
                if story.series:
                    article.series = self._find(mappings.series, story.series)
                article.lead_image_id, article.lead_caption = brought.lead, brought.lead_caption
                article.source_ref, article.guid = ref, story.guid or None
                article.translation_group = story.translation
                rows = arrivals.Rows(
                    bylines=self._bylines(credits),
                    tags=list(dict.fromkeys(self._find(mappings.tag, name) for name in tags)),
                    regions=list(dict.fromkeys(regions)),
                    citations=self._citations(story.sources),
                )
                entry = self._write(article, rows, story, None if why else story.published_at)
                quarantine.keep(article, story.found)
                doubts.raise_doubts(article, hints, account=(story.credits or [""])[0])
            self._count_words(entry)
        if why in reports.KINDS:
            self.report.lose(why, where=story.where)
        for loss in story.losses:
            self.report.lose(loss.kind, loss.name, story.where)
        self.report.count(f"draft: {reports.DRAFTS.get(why, why)}" if why else reports.PUBLIC)

    # what is here

    def known(self, story):
        """``(ref, None)`` for a new story; else the Article it is, or TWICE."""
        first, second = story.refs
        file = self.files.setdefault(story.where.partition(", line ")[0], len(self.files))
        own = Seen(hash(story.guid), hash(second), hash(story.slug), file, not story.why)
        if first in self.seen:
            there = self.seen[first]
            has_its_guid = bool(story.guid) and there.guid == own.guid
            is_same = has_its_guid or there.stamp == own.stamp
            # Nothing stands in one file twice: under another slug it is another story. And what
            # a later file has as public is not lost for a draft that an earlier one has.
            is_later = own.is_public and not there.is_public and self._is_draft(first)
            is_another = (there.file == own.file and there.slug != own.slug) or is_later
            if is_same and not is_another:
                return first, reports.TWICE
            if is_same:
                second = f"{second}:{hashlib.sha256(story.slug.encode()).hexdigest()[:8]}"
                if has_its_guid:
                    story.losses.append(Loss("guid", "another story has it"))
                    story.guid = ""
            first = second
            if first in self.seen:
                return first, reports.TWICE
        self.seen[first] = own
        here = Article.objects.filter(source_ref__in={first, second})
        if not here.exists():
            return first, None
        rows = {row.source_ref: row for row in here}
        if second in rows:
            return second, rows[second]
        row = rows.get(first)
        if row is not None and first != second and self._is_another(row, story):
            return second, None
        return first, row

    @staticmethod
    def _is_draft(ref):
        """Whether nobody here has made more of a draft that was brought, or is to be."""
        here = Article.objects.filter(source_ref=ref)
        return not here.exclude(status=Article.Status.DRAFT).exists()

    @staticmethod
    def _is_another(row, story):
        """Whether the story here has the number of ``story`` but is another one, by guid and date."""
        if not story.guid or not row.guid or row.guid.startswith("tag:"):
            return False
        return row.guid != story.guid and row.published_at != story.published_at

    def _complete(self, article, story):
        """Old addresses of a story that was a draft when it came, and is public now."""
        if self.by is None or not story.addresses or not article.is_live:
            return
        if not self._on_file(story.addresses):
            with transaction.atomic():
                self.keep_addresses(article, story)

    # what it is to be

    @staticmethod
    def _missing(story, language):
        if not story.headline:
            return "no headline"
        if not body.text(story.body):
            return "nothing but spam" if story.found.get("body") else "no text"
        if len(story.body) > body.MAX_LENGTH:
            return "too long"
        return "" if language else "no language"

    def settle(self, story):
        """Bring the words of a story within what fits here."""
        if not story.headline:
            words = body.text(story.body)[: UNTITLED + 1].split("\n")[0].strip()
            if len(words) > UNTITLED:  # the last word may be a piece of one
                words = f"{words.rpartition(' ')[0] or words[:UNTITLED]}…"
            story.headline = words or story.refs[0].rpartition(":")[2]
        story.headline = self._cut(story, "headline", story.headline, HEADLINE_LENGTH)
        story.standfirst = self._cut(story, "standfirst", story.standfirst, LONGEST_STANDFIRST)
        story.tags = [self._cut(story, "tag", tag, mappings.LONGEST_TAG) for tag in story.tags]
        fits = [address for address in story.addresses if older.is_kept(*address)]
        for path, _ in sorted(set(story.addresses) - set(fits)):
            story.losses.append(Loss("address unfit", " ".join(path[:80].split())))
        story.addresses = fits
        if len(story.guid) > LONGEST_GUID:
            story.losses.append(Loss("guid", "too long"))
            story.guid = ""
        if story.guid and Article.objects.filter(guid=story.guid).exists():
            story.losses.append(Loss("guid", "another story has it"))
            story.guid = ""

    @staticmethod
    def _cut(story, kind, words, most):
        if len(words) <= most:
            return words
        story.losses.append(Loss(kind))
        return words[: most - 1].rsplit(" ", 1)[0].rstrip() + "…"

    def _filed(self, story):
        """``(section, regions, tags)``: a name, Regions, and names."""
        section, regions, tags = story.section, [], list(story.tags)
        for name in story.regions:
            found = self._find(mappings.regions, name)
            if len(found) == 1:
                regions += found
            else:
                story.losses.append(Loss("region", name))
        lost = {}
        for category in self._in_order(story):
            target = self.mapping.categories.get(category.key)
            if target is None or target.kind == "nothing":
                if category.domain:
                    lost.setdefault(Loss("taxonomy", category.domain))
                continue
            if target.kind == "section" and not section:
                section = target.name
            elif target.kind == "region":
                regions += self._find(mappings.regions, target.name)
            else:
                tags.append(target.name)
        story.losses += lost
        section = section or next(self._above(story, "section"), "")
        if not regions:
            for name in self._above(story, "region"):
                regions += self._find(mappings.regions, name)
        if not section:
            section = self.mapping.section
            story.losses.append(Loss("section", section))
        return section, regions, tags

    def _with_dateline(self, story, html):
        article = Article(body=html)
        self._take_dateline(article, story)
        return article

    def _in_order(self, story):
        """The categories of a story, that which the old site put first before the others."""
        first = self.mapping.families.key(*story.primary)
        return sorted(story.categories, key=lambda category: category.key != first)

    def _above(self, story, kind):
        """Names of the sections or regions that the categories above those of a story are."""
        for category in self._in_order(story):
            for key in self.mapping.families.above(category.key):
                target = self.mapping.categories.get(key)
                if target is not None and target.kind == kind:
                    yield target.name
                    break

    def _take_dateline(self, article, story):
        """Lift the dateline into its fields, where it will be printed with the very words."""
        if article.dateline_place:
            if name := story.dateline_organisation:
                article.dateline_organisation = self.agencies.get(name)
                if article.dateline_organisation is None:
                    story.losses.append(Loss("dateline", name))
            return
        start = body.after_pictures(article.body)
        heading = datelines.find(
            article.body[start:],
            is_place=lambda words: naming.plain(words) in self.region_names,
            today=(story.published_at or timezone.now()).date(),
        )
        if heading is None or not heading.html:
            return
        agency = self.agencies.get(heading.agency) if heading.agency else None
        if heading.date is not None or (heading.agency and agency is None):
            story.losses.append(Loss("dateline", heading.agency or "with a date"))
            return
        article.dateline_place = heading.place
        article.dateline_organisation = agency
        article.body = article.body[:start] + heading.html

    def _credits(self, story):
        """Pairs of Target and role of everybody who is credited, in printing order; the house for
        whom nobody knows."""
        house = mappings.Target("organisation", self.mapping.house)
        found = []
        for credit in story.bylines:
            found.append((mappings.Target(credit.kind, credit.name), credit.role))
        for key in story.credits or ([] if found else [""]):
            target = self.mapping.creators.get(key)
            if target is None or not target.name:
                story.losses.append(Loss("creator", key or "(nobody named)"))
                target = house
            found.append((target, Byline.Role.AUTHOR))
        for at, (target, role) in enumerate(found):
            if not self._find(mappings.is_clear, target):
                story.losses.append(Loss("creator", f"several are called {target.name}"))
                found[at] = (house, role)
        return list(dict.fromkeys(found))

    def _group(self, story, language):
        """See that a group of translations has one story a language; others stay outside."""
        if story.translation is None:
            return
        place = (story.translation, language)
        there = Article.objects.filter(translation_group=story.translation, language=language)
        if not language or place in self.groups or there.exists():
            story.losses.append(Loss("translation", language))
            story.translation = None
        self.groups.add(place)

    def _hints(self, article, story, credits):
        """What the text says of whose it is, where the credits say something else, and the file
        itself says nothing in our words."""
        if story.bylines or story.sources:
            return []
        found = attribution.hints(
            article.body,
            is_person=lambda name: naming.plain(name) in self.person_names,
            is_organisation=lambda name: naming.plain(name) in self.organisation_names,
            is_place=lambda name: naming.plain(name) in self.region_names,
        )
        credited = [target.name for target, _role in credits]
        hints = [
            hint
            for hint in found
            if hint.relation or not all(doubts.is_same(name, credited) for name in hint.names)
        ]
        story.losses += [Loss("source" if hint.relation else "credit") for hint in hints]
        return hints

    # writing

    def _write(self, article, rows, story, at):
        """Write it with its rows, and with its old addresses if it was public since ``at``."""
        if at is None:
            return arrivals.arrive(article, rows, by=self.by, reason=IMPORT)
        # The day in the address as the old site had it, whose clock may stand in another zone.
        article.address_date = story.address_date
        # It does not stand above what is written now.
        is_past = story.modified_at is not None and story.modified_at <= timezone.now()
        modified = story.modified_at if is_past else None
        entry = arrivals.arrive(
            article, rows, by=self.by, reason=IMPORT, at=at, modified_at=modified
        )
        self.keep_addresses(article, story)
        return entry

    def _count_words(self, entry):
        if entry is not None:
            self.spelt.update(index.spelt([entry]))
            self.uncounted += 1
        if self.uncounted == WORDS_AT_ONCE:
            self.finish()

    def finish(self):
        """Count the words of the stories that came last, for who misspells one in a search."""
        index.count(self.spelt)
        self.spelt, self.uncounted = Counter(), 0

    def _bylines(self, credits):
        found = {}
        for target, role in credits:
            if target.kind == "person":
                who = {"author": self._find(self._person, target.name)}
            else:
                who = {"organisation": self._find(mappings.organisation, target.name)}
            found.setdefault((*who.items(), role), Byline(role=role, **who))
        return list(found.values())

    def _citations(self, sources):
        return [
            Citation(
                organisation=self._find(mappings.organisation, source.organisation),
                relation=source.relation,
                url=source.url,
            )
            for source in sources
        ]

    def _person(self, name):
        """The person of a name; of a rehearsal, where there is none, one that is not written."""
        is_rehearsal = self.by is None
        found = naming.find(Author.objects.all(), name, numbers=False) if is_rehearsal else []
        person = (found or [Author(name=name)])[0] if is_rehearsal else mappings.person(name)
        said = self.about.pop(name, None)
        biographies.fill(person, said, self.report, is_rehearsal=is_rehearsal)
        return person

    def _find(self, find, name):
        """Who or what a name stands for, asked once for a name."""
        key = (find, name)
        if key not in self.found:
            self.found[key] = find(name)
        return self.found[key]

    def taken(self, story, own):
        """Those of the old addresses that are on file already, or pages of ours; says which lead
        elsewhere."""
        there = self._on_file(story.addresses)
        there |= {(p, q): p for p, q in story.addresses if not q and is_on_every_site(p)}
        for (path, query), target in there.items():
            if target != own:
                name = f"{path}?{query}" if query else path
                story.losses.append(Loss("address taken", name))
        return set(there)

    @staticmethod
    def _on_file(addresses):
        """Of pairs of path and query those that are old addresses here -> where they lead."""
        # Pair by pair: below the home stand the numbers of all stories.
        wanted = Q()
        for path, query in addresses:
            wanted |= Q(path=path, query=query)
        rows = Redirect.objects.filter(wanted).order_by("path", "query") if addresses else ()
        return {(row.path, row.query): row.target for row in rows}

    def keep_addresses(self, article, story):
        """Let the old addresses lead to the story; one that leads elsewhere already stays so."""
        own = article.get_absolute_url()
        Redirect.objects.filter(path=own, query="").delete()
        # Not by forward(): what never was an address of ours has nothing that leads to it.
        Redirect.objects.bulk_create(
            Redirect(path=path, query=query, target=own)
            for path, query in sorted(set(story.addresses) - self.taken(story, own))
            if (path, query) != (own, "")
        )
