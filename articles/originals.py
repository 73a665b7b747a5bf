"""The original beside its translation: what it says, what of it changed, what is still to be done."""

from typing import NamedTuple

from articles import comparing, history, versions
from articles.models import Article, Revision
from prose import body


class Paragraph(NamedTuple):
    """A paragraph of the original. ``part``: a history.Paragraph; ``is_left``: the translation
    still has it in the original's words."""

    part: history.Paragraph
    is_left: bool


class Original(NamedTuple):
    """``headline`` and ``standfirst``: as it says them now, with what changed since it was
    translated (lists of history.Pieces); ``paragraphs``: the same of its text, in its order.

    ``revision``: what it says now. ``since``: the Revision that was translated, None where that is
    not kept. ``pending``: a next version of it, or None. ``changes``: how many places changed.
    """

    story: Article
    revision: Revision
    since: Revision | None
    pending: Revision | None
    headline: list
    standfirst: list
    paragraphs: list
    changes: int

    @property
    def left(self):
        """How many paragraphs are still in the original's words."""
        return sum(paragraph.is_left for paragraph in self.paragraphs)


def beside(translation):
    """The Original of a story that was translated here; of its row, not of a next version."""
    story = translation.translated_from
    since = translation.translated_from_revision
    since = since if since is not None and since.content else None
    fields = {name: getattr(story, name) for name in ("headline", "standfirst", "body")}
    before = since.content["fields"] if since else fields
    work = comparing.Work()
    changes = comparing.bodies(before["body"], fields["body"], work)
    mine = _words(translation.body)
    parts = history.parts(changes)
    words = {
        name: comparing.words(before[name], fields[name], work)
        for name in ("headline", "standfirst")
    }
    return Original(
        story,
        versions.current(story),
        since,
        versions.pending(story),
        history.pieces(words["headline"], {}),
        history.pieces(words["standfirst"], {}),
        [
            Paragraph(part, bool(change.new) and _key(change.new) in mine)
            for part, change in zip(parts, changes, strict=True)
        ],
        sum(change.kind != comparing.EQUAL for change in changes)
        + sum(before[name] != fields[name] for name in words),
    )


def left(translation):
    """What of a translation is still in the original's words: (headline is, number of paragraphs)."""
    story = translation.translated_from
    mine = _words(translation.body)
    paragraphs = sum(_key(block) in mine for block in comparing.blocks(story.body))
    return translation.headline == story.headline, paragraphs


def _words(html):
    return {_key(block) for block in comparing.blocks(html)} - {""}


def _key(block):
    """The words of a block that are to be translated; none in a picture without a caption."""
    words = " ".join(body.text(block).split())
    return words if any(letter.isalpha() for letter in words) else ""
