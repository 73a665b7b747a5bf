"""Organisations that a story names in its text and does not list among its sources."""

import re

from articles import naming
from authors.models import Organisation
from prose import body

SHORTEST = 3  # letters of a name that is looked for: shorter ones stand in other words
MOST = 5  # that are told of at once


def unlinked(article):
    """Up to MOST organisations whose name stands in the text and that are no source, no credit and
    no agency of the story, in the order of their names. One query, whatever the text.

    Names are looked for as they are written, capitals included: “Time” is a magazine, time is not.
    Institutions (kind "official") are what news is about, and are not asked for.
    """
    words = f"{article.headline}\n{article.standfirst}\n{body.text(article.body)}"
    known = [
        article.citations.values("organisation"),
        article.bylines.exclude(organisation=None).values("organisation"),
    ]
    things = (
        Organisation.objects.filter(merged_into=None)
        .exclude(kind=Organisation.Kind.OFFICIAL)
        .exclude(is_house=True)
    )
    for rows in known:
        things = things.exclude(pk__in=rows)
    things = things.exclude(pk__in=[article.dateline_organisation_id, article.paid_by_id])
    found = []
    for thing in things.only("name", "short_name", "names", "aliases").order_by("name"):
        if any(_stands_in(words, name) for name in naming.names_of(thing)):
            found.append(thing)
            if len(found) == MOST:
                break
    return found


def _stands_in(words, name):
    name = name.strip()
    if len(name) < SHORTEST or name not in words:
        return False
    return re.search(rf"(?<!\w){re.escape(name)}(?!\w)", words) is not None
