"""Where the lists of a WordPress site stood, and which list here each of them is now."""

from collections import Counter, defaultdict
from urllib.parse import quote_plus, unquote

from django.utils.translation import override

from addresses.languages import codes, prefix
from addresses.models import Redirect
from addresses.older import is_kept
from articles import naming
from articles.interchange import particulars, standing
from articles.interchange.accounts import plain
from articles.interchange.mapping import LONGEST_TAG, Target
from articles.interchange.records import Term
from articles.models import Region, Section, Tag
from articles.models.tag import tag_key
from authors.models import Author, Organisation
from prose import body

BATCH = 500
MOST_PARENTS = 10
KINDS = {"category": "cat", "tag": "tag", "author": "author"}


class Lists:
    """Notes of each story where it was filed, in which language; ``keep`` writes the old addresses."""

    def __init__(self, survey, mapping, report):
        self.mapping, self.report = mapping, report
        self.terms = {(term.kind, term.base, term.key): term for term in survey.terms}
        self.languages = defaultdict(Counter)
        self.bases = defaultdict(Counter)
        self.months = set()

    def note(self, item, moment):
        """A public story of the old site: the lists it stood in were public too."""
        old = particulars.language(item)
        language = self.mapping.languages.get(old, "")
        if not language:
            return
        self.bases[item.base][language] += 1
        if item.base != "/":
            self.months |= {(item.base, f"{moment:%Y}/"), (item.base, f"{moment:%Y/%m}/")}
        for filed in particulars.categories(item):
            self._note(Term("category", item.base, filed.key, name=filed.name), language)
        for domain, nicename, words in item.terms:
            if domain in {"post_tag", "tag"} and (name := plain(words)):
                key = unquote(nicename or words).lower()
                self._note(Term("tag", item.base, key, name=name), language)
        for key in particulars.credits(item):
            self._note(Term("author", item.base, key), language)

    def _note(self, term, language):
        place = term.kind, term.base, term.key
        self.terms.setdefault(place, term)
        self.languages[place][language] += 1

    def keep(self, *, is_dry_run):
        """Write the addresses. What leads somewhere already stays; what has no list here is left."""
        for place in self.languages:
            self.report.lose("old list", place[0])
        if is_dry_run:
            return
        rows = []
        for path, query, target in self._rows():
            path = body.plain(path)
            if is_kept(path, query) and (path, query) != (target, ""):
                rows.append(Redirect(path=path, query=query, target=target))
            if len(rows) == BATCH:
                standing.write(rows, self.report)
                rows = []
        standing.write(rows, self.report)

    def _rows(self):
        for base, languages in self.bases.items():
            # Comments of readers are not brought, and so there is no feed of them.
            yield f"{base}comments/feed/", "", ""
            yield base, "feed=comments-rss2", ""
            home = prefix(languages.most_common(1)[0][0])
            if base != "/":
                yield base, "", home
            for old, ours in self._prefixes():
                if f"{base}{old}/" != prefix(ours):
                    yield f"{base}{old}/", "", prefix(ours)
        for base, month in sorted(self.months):
            yield f"{base}{month}", "", f"/{month}"
        find = _Found(self.mapping)
        for place, term in self.terms.items():
            languages = self.languages.get(place)
            if languages is None:
                continue
            language = languages.most_common(1)[0][0]
            target = find(term, language)
            if not target:
                continue
            for path in self._paths(term):
                yield path, "", target
                for old, ours in self._prefixes():
                    if ours == language:
                        yield f"{term.base}{old}/{path.removeprefix(term.base)}", "", target
            yield from self._questions(term, target)

    def _prefixes(self):
        """``(code of the old site, our language)`` of those that stood below their code."""
        pairs = {(old.partition("-")[0], ours) for old, ours in self.mapping.languages.items()}
        return sorted((old, ours) for old, ours in pairs if old and ours in codes()[1:])

    def _paths(self, term):
        below = f"{term.base}{self.mapping.bases[term.kind].strip('/')}/".replace("//", "/")
        yield f"{below}{term.key}/"
        names, parent = [term.key], term.parent
        for _ in range(MOST_PARENTS):
            above = self.terms.get((term.kind, term.base, parent)) if parent else None
            if above is None or above.key in names:
                break  # at the top, or round and round
            names.insert(0, above.key)
            parent = above.parent
        if len(names) > 1:
            yield f"{below}{'/'.join(names)}/"

    @staticmethod
    def _questions(term, target):
        if term.kind == "tag":
            yield term.base, f"tag={quote_plus(term.key)}", target
        elif term.number:
            yield term.base, f"{KINDS[term.kind]}={term.number}", target
        if term.kind == "author":
            yield term.base, f"author_name={quote_plus(term.key)}", target
        elif term.kind == "category":
            yield term.base, f"category_name={quote_plus(term.key)}", target
        if term.joomla:
            yield "/", f"id={term.joomla}&option=com_content&view=category", target


class _Found:
    """The address of the list here that a Term is, in a language, or "": nothing is made for it."""

    def __init__(self, mapping):
        self.mapping, self.known = mapping, {}
        self.tags = dict(Tag.objects.filter(merged_into=None).values_list("key", "slug").iterator())

    def __call__(self, term, language):
        target = self._target(term)
        if target.kind == "tag":
            slug = self.tags.get(tag_key(target.name[:LONGEST_TAG]))
            thing = Tag(slug=slug) if slug else self._thing(target)
        else:
            thing = self._thing(target)
        if thing is None:
            return ""
        with override(language):
            return thing.get_absolute_url()

    def _target(self, term):
        if term.kind == "tag":
            return Target("tag", term.name)
        if term.kind == "category":
            target = self.mapping.categories.get(term.key)
            is_filed = target is not None and target.kind != "nothing"
            return target if is_filed else Target("section", self.mapping.section)
        target = self.mapping.creators.get(term.key)
        is_known = target is not None and target.name
        return target if is_known else Target("organisation", self.mapping.house)

    def _thing(self, target):
        if target not in self.known:
            things = {
                "section": Section,
                "region": Region,
                "tag": Tag,
                "person": Author,
                "organisation": Organisation,
            }[target.kind].objects.all()
            found = naming.find(things, target.name, numbers=target.kind == "region")
            self.known[target] = found[0] if len(found) == 1 else None
        return self.known[target]
