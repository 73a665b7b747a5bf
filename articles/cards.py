"""What a card says about a story, in one place for fronts, lists and rails.

A Card reads what ``for_cards()`` has loaded and asks the database nothing.
"""

from dataclasses import dataclass

from django.utils.translation import gettext

from addresses.languages import Text
from articles.models import Article

# Kinds of story whose card says what they are; plain news and reports say nothing.
_SPOKEN = {Article.Genre.OPINION, Article.Genre.ANALYSIS, Article.Genre.INTERVIEW}


def genre_name(article):
    """What a story is, where readers should know: "Opinion", "Analysis"; else ``""``."""
    return {
        Article.Genre.OPINION: gettext("Opinion"),
        Article.Genre.ANALYSIS: gettext("Analysis"),
        Article.Genre.INTERVIEW: gettext("Interview"),
        Article.Genre.EXPLAINER: gettext("Explainer"),
    }.get(article.genre, "")


def shown(image, now):
    """``image`` while it may be shown, else None: a picture whose rights have run out is none."""
    if image is None or (image.rights_expire_at is not None and image.rights_expire_at <= now):
        return None
    return image


@dataclass(frozen=True)
class Card:
    """A story as a card shows it.

    ``kicker``: a Text or None. ``note``: what a list says instead of the writers' names, None where
    it says nothing else.
    """

    article: Article
    headline: str
    kicker: Text | None
    image: object
    note: str | None = None

    @property
    def standfirst(self):
        return self.article.standfirst


def card(article, now, *, places=(), kicker="", headline="", image=None, note=None):
    """The Card of a story.

    ``places``: Texts that stand above the headline unless the story has a word of its own (a list's
    own name would say nothing there). ``kicker``, ``headline``, ``image`` go before the story's own.
    """
    own = kicker or article.kicker
    if article.paid_by_id is not None:
        own = gettext("Sponsored")
    elif not own and article.genre in _SPOKEN:
        own = genre_name(article)
    above = Text(own, article.language) if own else next(iter(places), None)
    return Card(
        article=article,
        headline=headline or article.headline,
        kicker=above,
        image=shown(image or article.lead_image, now),
        note=note,
    )


def section_name(article):
    """The name of a story's section in its language, as a list of one Text, or of none."""
    return [article.section.name_in(article.language)] if article.section is not None else []
