"""What the story form suggests while it is written: sources the text names, and stories near it."""

from django.core.exceptions import PermissionDenied
from django.http import JsonResponse
from django.urls import path
from django.views.decorators.http import require_POST

from articles import mentions, naming, permissions, related, states
from articles.forms.fields import from_row
from articles.models import Article, Region
from articles.models.tag import Tag, tag_key
from prose import body

MOST_NAMES = 20  # regions and tags of one story that are looked at


class Suggesting:
    """Mixin of the story's admin: an address that answers while somebody types, and the same shown
    by the page where there are no scripts."""

    def get_urls(self):
        return [
            path(
                "suggest/",
                self.admin_site.admin_view(require_POST(self.suggest_view)),
                name="articles_article_suggest",
            ),
            *super().get_urls(),
        ]

    def suggest_view(self, request):
        """Suggestions for the text that is posted; with ``address``, the live story that is there."""
        if not permissions.can_write(request.user):
            raise PermissionDenied
        stories = _live(request.user)
        post = request.POST
        given = {name: body.plain(post.get(name, "")) for name in post}
        if address := given.get("address"):
            story = related.story_at(address[:2000], stories)
            return JsonResponse({"story": None if story is None else _story(story)})
        words = [
            given.get("headline", ""),
            given.get("standfirst", ""),
            body.text(given.get("body", "")[: 2 * mentions.LONGEST_TEXT]),
        ]
        found = mentions.organisations_in("\n".join(words))
        labels = naming.labels(found)
        linked = {naming.plain(name) for name in post.getlist("linked")[:200]}
        sources = [
            source
            for source in found
            if not source.is_house
            and linked.isdisjoint(map(naming.plain, [labels[source.pk], *naming.names_of(source)]))
        ]
        section, own = given.get("section", ""), given.get("story", "")
        near = related.near(
            stories,
            language=given.get("language", ""),
            section=int(section) if _is_key(section) else None,
            regions=_regions(given.get("regions", "")),
            tags=_tags(given.get("tags", "")),
            exclude=int(own) if _is_key(own) else None,
        )
        return JsonResponse(
            {
                "sources": [
                    {"id": source.pk, "name": labels[source.pk], "hint": naming.hint(source)}
                    for source in sources
                ],
                "stories": [_story(story) for story in near],
            }
        )

    def suggested(self, request, story):
        """The suggestions for a saved story, for a page that asks for them: ``?suggest=1``."""
        if story is None or not request.GET.get("suggest"):
            return {}
        linked = set(story.citations.values_list("organisation", flat=True))
        words = [story.headline, story.standfirst, body.text(story.body)]
        found = mentions.organisations_in("\n".join(words), linked)
        return {
            "is_suggesting": True,
            "suggested_sources": [source for source in found if not source.is_house],
            "suggested_stories": related.near(
                _live(request.user),
                language=story.language,
                section=story.section_id,
                regions=list(story.regions.values_list("pk", flat=True)),
                tags=list(story.tags.values_list("pk", flat=True)),
                exclude=story.pk,
            ),
        }

    def with_suggestion(self, request):
        """What was posted, with the source or the related story whose button was pressed."""
        post = request.POST
        if not ("_cite" in post or "_relate" in post):
            return post
        post = post.copy()
        if _is_key(key := post.get("_cite", "")):
            total = post.get("citations-TOTAL_FORMS", "")
            if total.isdecimal() and len(total) < 4:
                post[f"citations-{total}-organisation"] = key
                post["citations-TOTAL_FORMS"] = str(int(total) + 1)
        if _is_key(key := post.get("_relate", "")):
            story = _live(request.user).filter(pk=key).first()
            if story is not None:
                post["body"] = post.get("body", "") + related.paragraph(story)
        return post


def _live(user):
    return permissions.visible_stories(user, Article.objects.published())


def _story(story):
    return {
        "id": story.pk,
        "headline": story.headline,
        "address": story.get_absolute_url(),
        "language": story.language,
        "when": states.moment(story.first_published_at or story.published_at),
        "paragraph": related.paragraph(story),
    }


def _is_key(words):
    return words.isascii() and words.isdecimal() and len(words) < 19


def _regions(line):
    names = from_row(line)[:MOST_NAMES]
    return [r.pk for name in names for r in naming.find(Region.objects.all(), name, numbers=False)]


def _tags(line):
    keys = [tag_key(name) for name in from_row(line)[:MOST_NAMES]]
    return list(Tag.objects.filter(key__in=keys).values_list("pk", flat=True))
