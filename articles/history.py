"""What a story was, as the desk tells it: its versions, and what differs between two of them."""

import re
from typing import NamedTuple

from django.utils.text import capfirst
from django.utils.translation import gettext, gettext_lazy, pgettext_lazy

from articles import comparing, permissions, versions
from articles.comparing import DELETE, EQUAL, INSERT, Segment
from articles.models import Article, Byline, Citation, Region, Tag
from authors.models import Author, Organisation
from images.models import Image
from prose import body

DONE = {
    "submit": pgettext_lazy("done with a story", "Submitted for review"),
    "take back": pgettext_lazy("done with a story", "Taken back"),
    "return": pgettext_lazy("done with a story", "Returned"),
    "approve": pgettext_lazy("done with a story", "Marked as ready"),
    "publish": pgettext_lazy("done with a story", "Published"),
    "schedule": pgettext_lazy("done with a story", "Scheduled"),
    "unschedule": pgettext_lazy("done with a story", "Taken off its time"),
    "change date": pgettext_lazy("done with a story", "Date of the address changed"),
    "correct": pgettext_lazy("done with a story", "Corrected"),
    "pull": pgettext_lazy("done with a story", "Pulled"),
    "release": pgettext_lazy("done with a story", "Released"),
    "withdraw": pgettext_lazy("done with a story", "Withdrawn"),
    "retract": pgettext_lazy("done with a story", "Retracted"),
    "spike": pgettext_lazy("done with a story", "Spiked"),
    "unspike": pgettext_lazy("done with a story", "Taken up again"),
    "take": pgettext_lazy("done with a story", "Taken on"),
    "begin version": pgettext_lazy("done with a story", "Next version begun"),
    "submit version": pgettext_lazy("done with a story", "Next version submitted for review"),
    "take back version": pgettext_lazy("done with a story", "Next version taken back"),
    "return version": pgettext_lazy("done with a story", "Next version returned"),
    "approve version": pgettext_lazy("done with a story", "Next version approved"),
    "schedule version": pgettext_lazy("done with a story", "Next version scheduled"),
    "unschedule version": pgettext_lazy("done with a story", "Next version taken off its time"),
    "drop version": pgettext_lazy("done with a story", "Next version dropped"),
    "next version": pgettext_lazy("done with a story", "Next version went live"),
    "translate": pgettext_lazy("done with a story", "Begun as a translation"),
    "restrict": pgettext_lazy("done with a story", "Opened to other people"),
    "purge": pgettext_lazy("done with a story", "Versions purged"),
    "assign": pgettext_lazy("done with a story", "Assigned"),
    "set section": pgettext_lazy("done with a story", "Section set"),
    "withhold": pgettext_lazy("done with a story", "Name withheld with the other language"),
    "set embargo": pgettext_lazy("done with a story", "Embargo set with the other language"),
    "credit": pgettext_lazy("done with a story", "Credited as its text says"),
    "undo credit": pgettext_lazy("done with a story", "Credited as before"),
    "put back": pgettext_lazy("done with a story", "Words put back"),
    "undo put back": pgettext_lazy("done with a story", "Words taken out again"),
    "add tags": pgettext_lazy("done with a story", "Tags added"),
    "remove tag": pgettext_lazy("done with a story", "Tag removed"),
    "add regions": pgettext_lazy("done with a story", "Regions added"),
}
_RESTORED = re.compile(r"restore ([0-9]{1,9})")

# Markup that a comparison shows, in words.
MARKS = {
    "p": gettext_lazy("paragraph"),
    "h2": gettext_lazy("heading"),
    "h3": gettext_lazy("smaller heading"),
    "h4": gettext_lazy("smallest heading"),
    "ul": gettext_lazy("list"),
    "/ul": gettext_lazy("end of the list"),
    "ol": gettext_lazy("numbered list"),
    "/ol": gettext_lazy("end of the list"),
    "li": gettext_lazy("item"),
    "blockquote": gettext_lazy("quote"),
    "/blockquote": gettext_lazy("end of the quote"),
    "footer": gettext_lazy("who says it"),
    "aside": gettext_lazy("pull quote"),
    "a": gettext_lazy("link"),
    "/a": gettext_lazy("end of the link"),
    "strong": gettext_lazy("bold"),
    "/strong": gettext_lazy("end of bold"),
    "em": gettext_lazy("italics"),
    "/em": gettext_lazy("end of italics"),
    "sub": gettext_lazy("subscript"),
    "/sub": gettext_lazy("end of subscript"),
    "sup": gettext_lazy("superscript"),
    "/sup": gettext_lazy("end of superscript"),
    "cite": gettext_lazy("credit"),
    "/cite": gettext_lazy("end of the credit"),
    "br": gettext_lazy("new line"),
    "hr": gettext_lazy("rule"),
    "table": gettext_lazy("table"),
    "/table": gettext_lazy("end of the table"),
    "caption": gettext_lazy("caption"),
    "figcaption": gettext_lazy("caption"),
    "tr": gettext_lazy("row"),
    "th": gettext_lazy("heading of a row or column"),
    "td": gettext_lazy("cell"),
    "thead": gettext_lazy("head of the table"),
    "tbody": gettext_lazy("rows of the table"),
    "image": gettext_lazy("picture"),
    "embed": gettext_lazy("video or post"),
    "gallery": gettext_lazy("gallery"),
}
_NEW_LINE = {"li", "br", "tr", "footer", "figcaption", "caption"}
_SHOWN = {"image", "embed", "gallery", "hr"}  # also where nothing changed
# What is shown of a paragraph that came or went as a whole: not that it is one, nor what is bold.
_SHOWN_OF_WHOLE = _SHOWN | {"h2", "h3", "h4", "ul", "ol", "blockquote", "aside", "table", "a"}

AROUND = 1  # paragraphs that are shown around a change
MOST_FOLDED = 60  # unchanged paragraphs that can be unfolded
MOST_SHOWN = 1_500  # paragraphs on the page
MOST_SEGMENTS = 12_000

# The rows beside headline, standfirst and text, in their order; how each is compared.
_BY_WORDS = ["kicker", "dateline_place", "lead_caption", "seo_title", "seo_description"]
ROWS = [
    "kicker",
    "dateline_place",
    "dateline_organisation",
    "dateline_date",
    "section",
    "regions",
    "tags",
    "genre",
    "language",
    "series",
    "part",
    "supersedes",
    "lead_image",
    "lead_caption",
    "credits",
    "sources",
    "paid_by",
    "slug",
    "canonical_url",
    "seo_title",
    "seo_description",
    "noindex",
    "may_not_be_republished",
]
LABELS = {
    "regions": gettext_lazy("regions"),
    "tags": gettext_lazy("tags"),
    "credits": gettext_lazy("credits"),
    "sources": gettext_lazy("sources"),
    "supersedes": gettext_lazy("continues"),
    "dateline_place": gettext_lazy("place in the dateline"),
    "slug": gettext_lazy("address"),
    "language": gettext_lazy("language"),
    "genre": gettext_lazy("genre"),
    "part": gettext_lazy("part"),
}


class Piece(NamedTuple):
    """A Segment as it is printed. ``form``: "words", "markup" (in brackets) or "line" (a new one)."""

    kind: str
    text: str
    form: str


class Row(NamedTuple):
    """What differs beside the text: a label, and Pieces; each on a line of its own in a list."""

    label: str
    pieces: list
    is_list: bool


class Paragraph(NamedTuple):
    """``kind``: "equal", "added", "removed", "changed"; ``is_markup_only``: see comparing.Change."""

    kind: str
    pieces: list
    is_markup_only: bool = False


class Fold(NamedTuple):
    """Paragraphs that are not shown at first, or not at all. ``is_changed``: too many changes."""

    number: int
    paragraphs: list
    is_changed: bool = False


class Comparison(NamedTuple):
    headline: list
    standfirst: list
    body: list
    rows: list

    @property
    def is_same(self):
        return not (self.headline or self.standfirst or self.body or self.rows)


def done(move):
    """A move in words: "Returned"."""
    return str(DONE.get(move, move))


def why(revision):
    """The reason of a version in words: what was done, or what somebody typed."""
    if restored := _RESTORED.fullmatch(revision.reason):
        return gettext("Version %(number)s restored") % {"number": restored[1]}
    return done(revision.reason)


# What differs


def compare(old, new, *, user):
    """What leads from one Revision to another, as a Comparison with names for numbers.

    Empty lists where nothing differs. People whose part is not known to ``user`` are not named.
    """
    before, after = old.content, new.content
    work = comparing.Work()
    words = {
        name: comparing.words(before["fields"][name], after["fields"][name], work)
        if before["fields"][name] != after["fields"][name]
        else []
        for name in ("headline", "standfirst")
    }
    known = versions.related(before, after)
    hidden = set() if permissions.is_chief(user) else versions.withheld(old.article)
    lines = [_lines(content, known, hidden, user) for content in (before, after)]
    return Comparison(
        pieces(words["headline"], {}),
        pieces(words["standfirst"], {}),
        _body(before["fields"]["body"], after["fields"]["body"], work),
        [_row(name, *lines, work) for name in ROWS if lines[0][name] != lines[1][name]],
    )


def _row(name, before, after, work):
    label = LABELS.get(name) or Article._meta.get_field(name).verbose_name
    if name in _BY_WORDS:
        old, new = "".join(before[name]), "".join(after[name])
        return Row(capfirst(label), pieces(comparing.words(old, new, work), {}), False)
    lines = pieces(comparing.items(before[name], after[name], work), {})
    return Row(capfirst(label), lines, True)


def _lines(content, known, hidden, user):
    """What a snapshot says beside its text, each row as a list of lines."""
    fields = content["fields"]
    found = {name: [str(fields[name])] if fields[name] else [] for name in ROWS if name in fields}
    found["genre"] = [str(dict(Article.Genre.choices).get(fields["genre"], fields["genre"]))]
    for name in ("noindex", "may_not_be_republished"):
        found[name] = [gettext("yes")] if fields.get(name) else []
    for name, model in versions.RELATIONS.items():
        key = content["relations"][name]
        found[name] = [] if key is None else [_name(known, model, key, user)]
    for name, model in (("regions", Region), ("tags", Tag)):
        found[name] = sorted(_name(known, model, key, user) for key in content[name])
    roles, relations = dict(Byline.Role.choices), dict(Citation.Relation.choices)
    found["credits"] = []
    for row in content["bylines"]:
        if not permissions.may_know_credit(user, row, hidden):
            name = gettext("(name withheld)")
        else:
            model = Author if row["author_id"] else Organisation
            name = _name(known, model, row["author_id"] or row["organisation_id"], user)
            name += f" {gettext('(withheld)')}" if row["withheld"] else ""
        found["credits"].append(f"{name}, {roles.get(row['role'], row['role'])}")
    found["sources"] = [
        ", ".join(
            filter(
                None,
                [
                    _name(known, Organisation, row["organisation_id"], user),
                    str(relations.get(row["relation"], row["relation"])),
                    row["url"],
                ],
            )
        )
        for row in content["citations"]
    ]
    return found


def _name(known, model, key, user):
    thing = known.get(model, key)
    if thing is None:
        return gettext("(no longer here)")
    if model is Article and not permissions.visible_stories(
        user, Article.objects.filter(pk=thing.pk)
    ):
        return gettext("(a story that is closed to you)")
    return str(thing)


def _body(old, new, work):
    """The body as Paragraphs and Folds; an empty list where nothing differs."""
    if old == new:
        return []
    changes = comparing.bodies(old, new, work)
    near = _near(changes)
    pictures = _pictures(old, new)
    shown, folded, room = [], [], MOST_SEGMENTS
    for n, change in enumerate(changes):
        if not near[n]:
            folded.append(change)
            continue
        if folded:
            shown.append(_folded(folded, pictures))
            folded = []
        if len(shown) >= MOST_SHOWN:
            rest = sum(c.kind != EQUAL for c in changes[n:])
            if rest:
                shown.append(Fold(rest, [], is_changed=True))
            return shown
        segments = change.segments
        room -= len(segments)
        if room < 0 and change.kind == "changed":
            segments = _whole(change)
        is_whole = change.kind in {"added", "removed"}
        words = pieces(segments, pictures, is_whole=is_whole)
        shown.append(Paragraph(change.kind, words, change.is_markup_only))
    if folded:
        shown.append(_folded(folded, pictures))
    return shown


def parts(changes):
    """Each of comparing's Changes as a Paragraph, those that are the same among them."""
    pictures = _pictures(*(html for change in changes for html in (change.old, change.new)))
    return [
        Paragraph(
            change.kind,
            pieces(change.segments, pictures, is_whole=change.kind in {"added", "removed"}),
            change.is_markup_only,
        )
        for change in changes
    ]


def _pictures(*bodies):
    """What the pictures in bodies are called: number, as text -> name."""
    numbers = {number for html in bodies for number in body.images_in(html)}
    return {str(i.pk): str(i) for i in Image.objects.filter(pk__in=numbers)} if numbers else {}


def _near(changes):
    """Of each change, whether it is shown at once: it is one, or stands beside one."""
    near = [change.kind != EQUAL for change in changes]
    for n in [n for n, is_changed in enumerate(near) if is_changed]:
        for m in range(max(0, n - AROUND), min(len(changes), n + AROUND + 1)):
            near[m] = True
    return near


def _folded(changes, pictures):
    few = changes if len(changes) <= MOST_FOLDED else []
    return Fold(len(changes), [Paragraph(c.kind, pieces(c.segments, pictures)) for c in few])


def _whole(change):
    return [Segment(DELETE, body.text(change.old)), Segment(INSERT, body.text(change.new))]


def pieces(segments, pictures, *, is_whole=False):
    """Segments as Pieces. ``pictures``: see _pictures."""
    found = []
    for kind, text, mark in segments:
        if not mark:
            found.append(Piece(kind, text, "words"))
            continue
        if mark in _NEW_LINE and any(piece.text.strip() for piece in found):
            found.append(Piece(EQUAL, "", "line"))
        elif mark in {"td", "th"} and found:
            found.append(Piece(EQUAL, " ", "words"))
        if mark in (_SHOWN_OF_WHOLE if is_whole else _SHOWN) or (kind != EQUAL and not is_whole):
            label = str(MARKS.get(mark, mark))
            if mark == "image":
                text = pictures.get(text) or gettext("(no longer here)")
            found.append(Piece(kind, f"{label}: {text}" if text else label, "markup"))
    return found
