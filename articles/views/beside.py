"""What stands beside a story: related ones, more from its place, and its translations."""

from django.db.models import Exists, OuterRef

from articles.cards import card, section_name
from articles.models import Article, Filing, Region
from articles.related import at_any, chosen_in

RELATED = 5
MORE = 4
# Of what shares a tag or a place with a story these are looked through, however much there is: the
# newest stories of all, and those that came last under the tag or the place.
NEWEST = 300
LAST = 300


def found_beside(story, countries, now):
    """Cards of related stories and of more from its place, and addresses of its translations.

    One query for the three. Related is what its text leads to, then what shares a tag, then what
    shares a region, newest first; its place is its first country, else its first region, else its
    section.
    """
    regions, filed = list(story.regions.all()), Article.regions.through.objects
    tagged = Filing.objects.filter(tag__in=[tag.pk for tag in story.tags.all()])
    there = filed.filter(region__in=[region.pk for region in regions])
    if countries:
        inside = f"/{countries[0].number}/"
        path = next(r.path for r in regions if inside in r.path).partition(inside)[0] + inside
        near = filed.filter(region__path__startswith=path)
    elif regions and regions[0].kind != Region.Kind.GROUP:
        near = filed.filter(region__path__startswith=regions[0].path)
    else:
        near = filed.filter(region__in=[region.pk for region in regions[:1]])
    others = Article.objects.published(now).in_language(story.language).exclude(pk=story.pk)
    others = others.newest_first().values("pk")
    parts = [
        # Nested, since SQLite takes no LIMIT in the parts of a union.
        Article.objects.filter(pk__in=found).order_by().values("pk")
        for found in (
            *_newest(others, tagged, "content_object", RELATED),
            *(_newest(others, there, "article", RELATED) if regions else ()),
            *(
                _newest(others, near, "article", RELATED + MORE)
                if regions
                else [others.filter(section=story.section_id)[: RELATED + MORE]]
            ),
        )
    ]
    chosen = chosen_in(story.body)
    if chosen:
        parts.append(
            Article.objects.filter(pk__in=others.filter(at_any(chosen))).order_by().values("pk")
        )
    if story.translation_group is not None:
        parts.append(
            Article.objects.filter(translation_group=story.translation_group)
            .order_by()
            .values("pk")
        )
    found = (
        Article.objects.readable(now)
        .filter(pk__in=parts[0].union(*parts[1:], all=True))
        .exclude(pk=story.pk)
        .select_related("section", "lead_image")
        .defer("body")
        .annotate(
            is_tagged=Exists(tagged.filter(content_object=OuterRef("pk"))),
            is_there=Exists(there.filter(article=OuterRef("pk"))),
            is_near=Exists(near.filter(article=OuterRef("pk"))),
        )
        .newest_first()
    )
    stories = [other for other in found if other.language == story.language]
    place = {path: number for number, path in enumerate(chosen)}
    for other in stories:
        other.place = place.get(other.get_absolute_url(), place.get(f"/a/{other.pk}/"))
    related = sorted((s for s in stories if s.place is not None), key=lambda other: other.place)
    related += [s for s in stories if s.is_tagged and s.place is None]
    related += [s for s in stories if s.is_there and not s.is_tagged and s.place is None]
    related = related[:RELATED]
    more = [s for s in stories if s not in related and (s.is_near or not regions)][:MORE]
    cards = [
        [card(other, now, places=section_name(other)) for other in chosen]
        for chosen in (related, more)
    ]
    translations = {
        other.language: other.get_absolute_url()
        for other in found
        if other.language != story.language
    }
    return *cards, translations


def _newest(others, rows, name, number):
    """Among ``others``, newest first, the first ``number`` whom ``rows`` name as ``name``: two queries
    that are to be united. Neither takes longer where a tag has ten thousand stories."""
    named = Exists(rows.filter(**{name: OuterRef("pk")}))
    yield others.filter(named, pk__in=others[:NEWEST])[:number]
    yield others.filter(pk__in=rows.order_by(f"-{name}").values(name)[:LAST])[:number]
