"""What things of the old site are called here: a TOML file that a dry run writes and people edit."""

import json
import re
import tomllib
from dataclasses import dataclass, field
from typing import NamedTuple

from addresses.languages import codes
from articles import naming
from articles.interchange.families import Families
from articles.models import Region, Section, Series, Tag
from authors.models import Author, Organisation
from prose import body

KINDS = ("category", "tag", "author")
CATEGORY = {"section", "region", "tag", "nothing"}
CREATOR = {"person", "organisation"}
TYPE = {"story", "page", "nothing"}
FIXED = {"attachment", "guest-author", "nav_menu_item", "revision"}
# What WordPress files stories under that are filed under nothing.
UNFILED = {"uncategorized", "без рубрики", "bez-rubriki", "без-рубрики"}
LONGEST_TAG = 100
BASE = re.compile(r"/?[\w./-]{1,100}")
NEWS = {"en": "News", "ru": "Новости"}

HEAD = """\
# What the import calls things here. Edit the right sides, then run it with --mapping and this file.
"""
BASES = """
# Below what the lists of the old site stood, which an export does not say: /category/power/
[bases]
"""
TYPES = """
# Other things than posts and pages: "story", "page" or "nothing"
[types]
"""
LANGUAGES = """
# Languages of the old site -> languages of this one ("" = leave for an editor: a draft)
[languages]
"""
CATEGORIES = """
# as: "section", "region" (one that is there), "tag" or "nothing". A story's first section is its own.
# "topic/power" is what was filed under power in another way, a taxonomy called topic.
[categories]
"""
CREATORS = """
# as: "person" or "organisation". With an empty "to" the story is credited to the house.
[creators]
"""


class Wrong(Exception):
    """A mapping that cannot be used; the arguments are sentences, one for each thing wrong."""


class Target(NamedTuple):
    kind: str
    name: str


@dataclass
class Mapping:
    """``section``: where stories stand whose categories name none; ``house``: who is credited where
    nobody is known."""

    section: str
    house: str
    bases: dict[str, str] = field(default_factory=lambda: {name: name for name in KINDS})
    types: dict[str, str] = field(default_factory=dict)
    languages: dict[str, str] = field(default_factory=dict)
    categories: dict[str, Target] = field(default_factory=dict)
    creators: dict[str, Target] = field(default_factory=dict)
    families: Families = field(default_factory=Families)

    def kind(self, type):
        """What items of a type are here: "story", "page" or "nothing"."""
        own = {"post": "story", "story": "story", "page": "page"}
        return self.types.get(type) or own.get(type, "nothing")


def suggested(survey):
    """The Mapping that the names of the old site suggest, with what this site has."""
    house = Organisation.objects.filter(is_house=True).first()
    families = Families(survey.terms)
    places = [_Named(Section, "section"), _Named(Region, "region")]
    return Mapping(
        section=_news(),
        house=house.name if house else body.plain(survey.title)[:150].strip() or "The newsroom",
        types=dict.fromkeys(sorted(survey.types), "nothing"),
        languages={code: _language(code) for code in sorted(survey.languages)},
        categories={
            key: _filed(key, name, key in survey.otherwise, places)
            for key, name in sorted(_categories(survey, families))
        },
        creators={
            key: Target("person", survey.people.get(key, "")[:120])
            for key in sorted(survey.creators)
        },
        families=families,
    )


def _categories(survey, families):
    """``(key, name)`` of the categories that stories are filed under, and of those above them."""
    above = {up for key in survey.categories for up in families.above(key)}
    return (families.named(above) | survey.categories).items()


def _news():
    """The name of the section for what is news and nothing more particular."""
    section = Section.objects.filter(slug="news").first()
    return section.name if section else NEWS.get(codes()[0], NEWS["en"])


def _language(code):
    base = code.partition("-")[0]
    return base if base in codes() else ("" if base else codes()[0])


class _Named:
    """Things of one kind that are here, asked for by the names of thousands of categories."""

    def __init__(self, model, kind):
        self.model, self.kind = model, kind
        self.names = {
            naming.plain(n) for each in model.objects.all() for n in naming.names_of(each)
        }

    def find(self, name):
        # "Osh (city)" is no name of its own: naming.find knows what the brackets say.
        if naming.plain(name) not in self.names and "(" not in name:
            return []
        return naming.find(self.model.objects.all(), name, numbers=False)


def _filed(key, name, is_otherwise, places):
    if key in UNFILED or naming.plain(name) in UNFILED:
        return Target("nothing", "")
    for place in places:
        if len(found := place.find(name)) == 1:
            return Target(place.kind, naming.label(found[0]))
    # Other ways of filing are as often for machines as for readers.
    return Target("nothing", "") if is_otherwise else Target("tag", name)


def read(path, survey):
    """The Mapping in a file, with what it does not name as suggested. Raises Wrong."""
    try:
        with open(path, "rb") as file:
            given = tomllib.load(file)
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Wrong(f"{path}: {error}") from None
    except RecursionError:
        raise Wrong(f"{path}: brackets in brackets, more than can be read.") from None
    wrong = []
    mapping = suggested(survey)
    for name in ("section", "house"):
        value = given.pop(name, getattr(mapping, name))
        if isinstance(value, str) and (value := body.plain(value).strip()):
            setattr(mapping, name, value)
        else:
            wrong.append(f"{name}: a name is needed.")
    for name, base in _table(given, "bases", wrong):
        if name in KINDS and isinstance(base, str) and BASE.fullmatch(base):
            mapping.bases[name] = base
        else:
            wrong.append(f"bases, {name}: category, tag or author is a path such as topics.")
    for name, kind in _table(given, "types", wrong):
        if name in FIXED:
            wrong.append(f"types, {name}: these are never stories or pages.")
        elif not isinstance(kind, str) or kind not in TYPE:
            wrong.append(f"types, {name}: one of {', '.join(sorted(TYPE))}.")
        mapping.types[name] = kind
    for code, ours in _table(given, "languages", wrong):
        if ours not in ["", *codes()]:
            wrong.append(f"languages, {code}: {ours!r} is no language of this site.")
        mapping.languages[code] = ours
    for name, kinds in (("categories", CATEGORY), ("creators", CREATOR)):
        for key, row in _table(given, name, wrong):
            kind, to = (row.get("as"), row.get("to", "")) if isinstance(row, dict) else ("", "")
            if not isinstance(kind, str) or kind not in kinds or not isinstance(to, str):
                wrong.append(f"{name}, {key}: as is one of {', '.join(sorted(kinds))}.")
                continue
            to = body.plain(to).strip()
            if kind in {"section", "tag", "region"} and not to:
                wrong.append(f"{name}, {key}: to needs a name.")
            elif kind == "region" and len(naming.find(Region.objects.all(), to)) != 1:
                wrong.append(f"{name}, {key}: there is not one region called {to!r}.")
            elif name == "creators" and "@" in to:
                wrong.append(f"{name}, {key}: a mail address is no name to print.")
            getattr(mapping, name)[key] = Target(kind, to)
    wrong += [f"{name}: unknown." for name in given]
    if wrong:
        raise Wrong(*(f"{path}: {line}" for line in wrong))
    return mapping


def _table(given, name, wrong):
    table = given.pop(name, {})
    if not isinstance(table, dict):
        wrong.append(f"{name}: a table is needed.")
        return []
    return table.items()


def written(mapping, survey):
    """The Mapping as the text of a file, with how many stories each line concerns."""
    lines = [HEAD, f"section = {_quoted(mapping.section)}\n", f"house = {_quoted(mapping.house)}\n"]
    lines.append(BASES)
    lines += [f"{name} = {_quoted(base)}\n" for name, base in mapping.bases.items()]
    if mapping.types:
        lines.append(TYPES)
    for name, kind in mapping.types.items():
        lines.append(
            f"{_quoted(name)} = {_quoted(kind)}  # {_counted(survey.types[name], 'item', 'items')}\n"
        )
    lines.append(LANGUAGES)
    for code, ours in mapping.languages.items():
        number = _counted(survey.languages[code])
        lines.append(f"{_quoted(code)} = {_quoted(ours)}  # {number}\n")
    lines.append(CATEGORIES)
    for key, target in mapping.categories.items():
        below = mapping.families.parents.get(key, "")
        lines.append(_row(key, target, survey.category_stories[key], below))
    lines.append(CREATORS)
    for key, target in mapping.creators.items():
        lines.append(_row(key, target, survey.creators[key]))
    return "".join(lines)


def _row(key, target, stories, below=""):
    kind, name = _quoted(target.kind), _quoted(target.name)
    where = f", below {_quoted(below)}" if below else ""
    return f"{_quoted(key)} = {{ as = {kind}, to = {name} }}  # {_counted(stories)}{where}\n"


def _counted(number, one="story", several="stories"):
    return f"{number:,} {one if number == 1 else several}"


def _quoted(words):
    # A JSON string is a TOML string, but for DEL, which no plain text of ours has.
    return json.dumps(body.plain(words), ensure_ascii=False)


def is_clear(target):
    """Whether a Target names one person or organisation, or one that is to be made."""
    things = Author.objects.all() if target.kind == "person" else Organisation.objects.all()
    return len(naming.find(things, target.name, numbers=False)) < 2


def person_names(mapping):
    """What the people are called who are here, or come by the mapping; see naming.plain."""
    names = {naming.plain(t.name) for t in mapping.creators.values() if t.kind == "person"}
    people = Author.objects.only("name", "names", "aliases")
    return names | {naming.plain(name) for each in people for name in naming.names_of(each)}


def organisation_names():
    return {
        naming.plain(name) for each in Organisation.objects.all() for name in naming.names_of(each)
    }


def person(name):
    """The person of a name, made where there is none."""
    name = name[:120].strip()
    found = naming.find(Author.objects.all(), name, numbers=False)
    return found[0] if found else Author.objects.create(name=name)


def organisation(name):
    name = name[:150].strip()
    found = naming.find(Organisation.objects.all(), name, numbers=False)
    return found[0] if found else Organisation.objects.create(name=name)


def section(name):
    name = name[:80].strip()
    found = naming.find(Section.objects.all(), name, numbers=False)
    return found[0] if found else Section.objects.create(name=name)


def series(name):
    name = name[:120].strip()
    found = naming.find(Series.objects.all(), name, numbers=False)
    return found[0] if found else Series.objects.create(name=name)


def tag(name):
    return Tag.objects.named([name[:LONGEST_TAG]])[0]


def regions(name):
    return naming.find(Region.objects.all(), name)
