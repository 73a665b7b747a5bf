"""Versions of a story in words, for the page on which a person decides between them."""

from typing import NamedTuple

from django.utils.translation import gettext, gettext_lazy
from django.utils.translation import gettext_lazy as _

from articles import comparing, merging, permissions, states, versions
from articles.models import Article, Byline, Citation
from authors.models import Author, Organisation, User
from images.models import Image

NAMES = {
    "headline": _("Headline"),
    "kicker": _("Kicker"),
    "standfirst": _("Standfirst"),
    "slug": _("Address"),
    "body": _("Text"),
    "language": _("Language"),
    "genre": _("Genre"),
    "dateline_place": _("Place"),
    "dateline_date": _("Date in the dateline"),
    "dateline_organisation": _("Agency"),
    "part": _("Part"),
    "lead_image": _("Lead picture"),
    "lead_caption": _("Caption here"),
    "canonical_url": _("Canonical address elsewhere"),
    "seo_title": _("Title for search engines"),
    "seo_description": _("Description for search engines"),
    "noindex": _("Keep out of search engines"),
    "may_not_be_republished": _("Not to be republished"),
    "paid_by": _("Paid for by"),
    "section": _("Section"),
    "series": _("Series"),
    "supersedes": _("Continues"),
    "translated_from": _("Translated from"),
    "assigned_to": _("Assigned to"),
    "due_at": _("Due"),
    "embargo_until": _("Embargo until"),
    "regions": _("Regions"),
    "tags": _("Tags"),
    "bylines": _("Credits"),
    "citations": _("Sources"),
    "order": _("Order"),
}
NOBODY = gettext_lazy("Someone")
EMPTY = gettext_lazy("nothing")


class Side(NamedTuple):
    """What one of two made of a place: ``words``: comparing's Segments against what both began from."""

    segments: list
    is_empty: bool


class Place(NamedTuple):
    """A collision as the page shows it. ``field``: name of the choice; ``chosen``: of an earlier try."""

    field: str
    name: str
    base: str
    mine: Side
    theirs: Side
    can_keep_both: bool
    chosen: str


def name_of(field):
    return NAMES[field]


def person(user):
    """How a colleague is called on the desk."""
    return (user.get_full_name() or user.get_username()) if user else str(NOBODY)


def places(collisions, posted, prefix, user):
    """Collisions (see articles.merging) in words, as Places. A withheld name is told to chiefs only."""
    speak = _Words(collisions, user)
    shown = []
    for collision in collisions:
        base = speak.words(collision, collision.base)
        sides = [
            Side(comparing.words(base, words), not words)
            for words in (
                speak.words(collision, collision.mine),
                speak.words(collision, collision.theirs),
            )
        ]
        name = str(NAMES[collision.part if collision.part in NAMES else collision.name])
        if collision.name == "order":
            name = f"{name}: {NAMES['order']}"
        field = prefix + collision.key
        shown.append(
            Place(field, name, base, *sides, collision.can_keep_both, posted.get(field, ""))
        )
    return shown


class _Words:
    """Values of snapshots as a person reads them; what they refer to is loaded once for all."""

    MODELS = versions.RELATIONS | {"translated_from": Article, "assigned_to": User}

    def __init__(self, collisions, user):
        self.user = user
        self.hidden = set()  # whom one of the sides withholds
        wanted = {}
        for collision in collisions:
            for value in collision[2:]:
                if collision.name in self.MODELS and value is not None:
                    wanted.setdefault(self.MODELS[collision.name], set()).add(value)
                elif collision.part in merging.ROWS:
                    for row in value or []:
                        wanted.setdefault(Organisation, set()).add(row["organisation_id"])
                        wanted.setdefault(Author, set()).add(row.get("author_id"))
                        if row.get("withheld"):
                            self.hidden.add(row["author_id"])
        self.things = {
            model: model._default_manager.in_bulk(numbers - {None})
            for model, numbers in wanted.items()
        }

    def words(self, collision, value):
        if value in (None, "", []):
            return ""
        if collision.part == "body":
            return "\n\n".join(comparing_text(block) for block in value)
        if collision.part == "bylines":
            return "\n".join(self._credit(row) for row in value)
        if collision.part == "citations":
            return "\n".join(self._source(row) for row in value)
        if collision.name in self.MODELS:
            return self._thing(self.MODELS[collision.name], value)
        if collision.name in versions.PLANNED_TIMES:
            return states.moment(versions.moment_of(value))
        if value is True or value is False:
            return gettext("yes") if value else gettext("no")
        if collision.name == "genre":
            return str(Article.Genre(value).label)
        return str(value)

    def _thing(self, model, number):
        thing = self.things.get(model, {}).get(number)
        if thing is None:
            return gettext("something that is no longer here")
        if model is User:
            return person(thing)
        return f"{thing} ({number})" if model is Image else str(thing)

    def _credit(self, row):
        role = Byline.Role(row["role"]).label
        if not permissions.may_know_credit(self.user, row, self.hidden):
            name = gettext("a withheld name")
        elif row["author_id"]:
            name = self._thing(Author, row["author_id"])
        else:
            name = self._thing(Organisation, row["organisation_id"])
        withheld = f", {gettext('withheld')}" if row["withheld"] else ""
        return f"{name}, {role}{withheld}"

    def _source(self, row):
        name = self._thing(Organisation, row["organisation_id"])
        address = f" {row['url']}" if row["url"] else ""
        return f"{name}, {Citation.Relation(row['relation']).label}{address}"


def comparing_text(block):
    """A block of a body as words, with the markup that says something between them."""
    return "".join(
        segment.text if not segment.mark else _MARKS.get(segment.mark, "").format(segment.text)
        for segment in comparing.bodies("", block)[0].segments
    ).strip()


_MARKS = {
    "image": "[▣ {}]",
    "embed": "[▶ {}]",
    "a": "[→ {}] ",
    "h2": "## ",
    "h3": "### ",
    "h4": "#### ",
    "li": "\n– ",
    "strong": "*",
    "/strong": "*",
    "em": "_",
    "/em": "_",
    "br": "\n",
    "hr": "———",
    "blockquote": "> ",
    "tr": "\n",
    "td": " | ",
    "th": " | ",
}
