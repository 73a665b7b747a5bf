"""How readers meet a story before they open it: on a card, in a search engine, where it is shared."""

from typing import NamedTuple
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import timezone

from articles import cards, printing

# What is shown of it elsewhere, in characters: https://developers.google.com/search/docs/appearance
# gives no number and cuts by width; these are what fits there with usual letters.
SEARCH_TITLE = 60
SEARCH_DESCRIPTION = 155
SOCIAL_TITLE = 90
SOCIAL_DESCRIPTION = 110
MOST = {
    "search_title": SEARCH_TITLE,
    "search_description": SEARCH_DESCRIPTION,
    "social_title": SOCIAL_TITLE,
    "social_description": SOCIAL_DESCRIPTION,
}


class Teasers(NamedTuple):
    kicker: str
    headline: str
    standfirst: str
    site: str
    search_title: str
    search_description: str
    social_title: str
    social_description: str


def of(article):
    """The Teasers of a story as it stands. Never its dateline."""
    card = cards.card(article, timezone.now(), places=cards.section_name(article))
    description = printing.description(article)
    return Teasers(
        kicker=card.kicker.words if card.kicker else "",
        headline=article.headline,
        standfirst=article.standfirst,
        site=urlsplit(settings.SITE_URL).netloc,
        search_title=cut(article.seo_title or article.headline, SEARCH_TITLE),
        search_description=cut(description, SEARCH_DESCRIPTION),
        social_title=cut(article.headline, SOCIAL_TITLE),
        social_description=cut(description, SOCIAL_DESCRIPTION),
    )


def cut(words, most):
    """``words`` as others cut them: at the end of a word, with dots, at most ``most`` characters."""
    words = " ".join(words.split())
    if len(words) <= most:
        return words
    head = words[: most - 1]
    if words[most - 1] != " " and " " in head:
        head = head[: head.rindex(" ")]
    return head.rstrip(" ,;:–—-") + " …"
