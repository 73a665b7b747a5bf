"""Who is credited for a story, as lines to print: "By A, B and C", "Translated by D".

Everything here reads what is loaded already (``for_cards()``, ``for_page()``); nothing asks the
database. ``house`` is the authors.models.Credit that is printed where a person is not named.
"""

from typing import NamedTuple

from django.utils.translation import gettext_lazy, pgettext

from articles.models import Byline

Role = Byline.Role

# Roles whose credit says that somebody wrote the story.
WROTE = {Role.AUTHOR, Role.REPORTER}
# The lines, in their order: what is printed on each, and the roles that stand on it.
LINES = {
    "by": (gettext_lazy("By %(names)s"), WROTE),
    "translation": (gettext_lazy("Translated by %(names)s"), {Role.TRANSLATOR}),
    "photographs": (gettext_lazy("Photographs by %(names)s"), {Role.PHOTOGRAPHER}),
    "illustrations": (gettext_lazy("Illustrations by %(names)s"), {Role.ILLUSTRATOR}),
    "additional": (gettext_lazy("Additional reporting by %(names)s"), {Role.ADDITIONAL}),
    "data": (gettext_lazy("Data by %(names)s"), {Role.DATA}),
    "editing": (gettext_lazy("Edited by %(names)s"), {Role.EDITOR}),
}

# What a person did for a story, on their card.
ROLES = {
    Role.AUTHOR: gettext_lazy("Author"),
    Role.REPORTER: gettext_lazy("Reporter"),
    Role.TRANSLATOR: gettext_lazy("Translation"),
    Role.EDITOR: gettext_lazy("Editing"),
    Role.PHOTOGRAPHER: gettext_lazy("Photographs"),
    Role.ILLUSTRATOR: gettext_lazy("Illustrations"),
    Role.ADDITIONAL: gettext_lazy("Additional reporting"),
    Role.DATA: gettext_lazy("Data"),
}


class Name(NamedTuple):
    """A name on a line. ``person`` is the Author whose face may stand beside it, or None."""

    words: str
    language: str
    address: str
    person: object = None


class Line(NamedTuple):
    """One line of credits: what stands before the names, the names, what stands after them."""

    kind: str
    before: str
    names: list
    after: str

    @property
    def parts(self):
        """The names as pairs: what stands before each of them, and the Name."""
        last = len(self.names) - 1
        joint = pgettext("between the last two names of a list", "and")
        return [
            ("" if n == 0 else f" {joint} " if n == last else ", ", name)
            for n, name in enumerate(self.names)
        ]

    @property
    def is_long(self):
        """Whether the names are a list rather than a sentence."""
        return len(self.names) > 3

    @property
    def faces(self):
        """The persons on the line who have a portrait."""
        return [name.person for name in self.names if name.person and name.person.face]

    @property
    def only_person(self):
        """The person, where the line names just one and nobody else."""
        return self.names[0].person if len(self.names) == 1 else None

    def __str__(self):
        return self.before + "".join(joint + name.words for joint, name in self.parts) + self.after


class Person(NamedTuple):
    """A person on a card below the story: who, the Credit, and all they did for the story."""

    author: object
    credit: object
    roles: list


def lines(article, language, house):
    """The credits of a story as a list of Lines in ``language``, each name once a line.

    Nobody credited for the words: the house is. The names of withheld and hidden persons: the same.
    """
    found = []
    for kind, (pattern, roles) in LINES.items():
        names = {}
        for byline in article.credits():
            if byline.role in roles:
                credit = byline.printed(language)
                name = Name(*(credit or house), person=_person(byline) if credit else None)
                names.setdefault((name.words, name.address), name)
        if names:
            found.append(_line(kind, pattern, list(names.values())))
    if not any(line.kind in {"by", "translation"} for line in found):
        found.insert(0, _line("by", LINES["by"][0], [Name(*house)]))
    return found


def _line(kind, pattern, names):
    before, _, after = (str(pattern) % {"names": "\0"}).partition("\0")
    return Line(kind, before, names, after)


def _person(byline):
    """The person who is printed for a credit: the one that theirs was merged into, if it was."""
    if byline.author is None:
        return None
    return byline.author.merged_into or byline.author


def names(article, language, house):
    """The Names of those who wrote a story, or translated it, for a card."""
    return lines(article, language, house)[0].names


def people(article, language):
    """The persons that a story credits openly, as a list of Person in printing order, each once."""
    found = {}
    for byline in article.credits():
        credit = byline.printed(language) if byline.author is not None else None
        if credit is None:
            continue
        author = _person(byline)
        person = found.setdefault(author.pk, Person(author, credit, []))
        if byline.role not in person.roles:
            person.roles.append(byline.role)
    return [person._replace(roles=role_names(person.roles)) for person in found.values()]


def role_names(roles):
    """Names of roles in the order of the lines, as a list of words."""
    return [str(label) for role, label in ROLES.items() if role in roles]


def organisations(article):
    """The organisations that stand behind a story: in its dateline, and among its credits."""
    found = {}
    if article.dateline_organisation is not None:
        found[article.dateline_organisation.pk] = article.dateline_organisation
    for byline in article.credits():
        if byline.organisation is not None and not byline.withheld:
            found[byline.organisation.pk] = byline.organisation
    return list(found.values())
