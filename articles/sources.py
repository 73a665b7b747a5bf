"""Organisations that a story names in its text and does not list among its sources."""

from django.db.models import Exists, OuterRef

from articles import mentions, naming
from authors.models import Organisation
from prose import body

MOST = 5  # that are told of at once


def unlinked(article):
    """Up to MOST organisations whose name stands in the text and that are no source, no credit and
    no agency of the story, in the order in which it names them. One query, whatever the text.

    Institutions (kind "official") are what news is about, and are not asked for.
    """
    words = f"{article.headline}\n{article.standfirst}\n{body.text(article.body)}"
    asked = Organisation.objects.exclude(kind=Organisation.Kind.OFFICIAL).exclude(is_house=True)
    for rows in (article.citations, article.bylines.exclude(organisation=None)):
        asked = asked.exclude(pk__in=rows.values("organisation"))
    asked = asked.exclude(pk__in=[article.dateline_organisation_id, article.paid_by_id])
    # The others are looked for too: what is a part of their name is no other's.
    things = Organisation.objects.filter(merged_into=None).annotate(
        is_asked=Exists(asked.filter(pk=OuterRef("pk")))
    )
    names = {
        thing: naming.names_of(thing)
        for thing in things.only("name", "short_name", "names", "aliases")
    }
    return [thing for thing in mentions.find(words, names) if thing.is_asked][:MOST]
