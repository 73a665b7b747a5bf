"""What of a person's work goes into the folder that they keep, and what does not.

Public stories that credit them openly, and, where they take it themselves, what of theirs is still
written and may be shown to others as a preview. No story that withholds their name, for anybody: the
folder has a name on it, and what lies on a disk is not asked who reads it. No investigation, nothing
under an embargo that is not theirs to show, no pulled, withdrawn or spiked story, and no word of
another paper's text.
"""

from typing import NamedTuple

from django.utils import timezone

from articles import naming, permissions
from articles.cards import shown
from articles.feeds import items
from articles.models import Article, Byline
from images.models import Image
from prose import body

AT_A_TIME = 20  # stories that are read at once


class Work(NamedTuple):
    """A story with the pictures that go along: number -> Image. ``is_given``: whether its text does."""

    story: Article
    is_public: bool
    is_given: bool
    lead: Image | None
    pictures: dict


def stories(person, *, by):
    """The numbers of the stories that go along, those that are still written first, then the newest."""
    now = timezone.now()
    withheld = Byline.objects.filter(author=person, withheld=True).order_by()
    credited = Article.objects.credited(person).exclude(pk__in=withheld.values("article"))
    public = credited.readable(now).newest_first().values_list("pk", flat=True)
    return [*_unpublished(credited, person, by), *public]


def _unpublished(credited, person, by):
    if person.user_id != by.pk:
        return []
    waiting = credited.filter(status__in=["draft", "in_review", "ready", "published"])
    waiting = waiting.order_by("-modified_at", "-pk").defer("body")
    return [story.pk for story in waiting if not story.is_live and _may_take(by, story)]


def _may_take(by, story):
    return permissions.can_take_along(by, story)


def works(person, *, by):
    """The Works, read a few at a time; what was taken down meanwhile is left out."""
    numbers = stories(person, by=by)
    for begin in range(0, len(numbers), AT_A_TIME):
        some = numbers[begin : begin + AT_A_TIME]
        now = timezone.now()
        found = {story.pk: story for story in items.for_feeds(Article.objects.filter(pk__in=some))}
        found = [found[number] for number in some if number in found]
        public = [story for story in found if story.is_live]
        given = [story for story in found if not story.is_republished()]
        seen = _pictures(person, given, public, now)
        for story in found:
            if story in public or _may_take(by, story):
                own = {n: seen[n] for n in body.images_in(story.body) if n in seen}
                is_given = story in given
                lead = seen.get(story.lead_image_id) if is_given else None
                yield Work(story, story in public, is_given, lead, own)


def _pictures(person, given, public, now):
    """The pictures in stories that may go along, number -> Image."""
    numbers = {
        number
        for story in given
        for number in (*body.images_in(story.body), story.lead_image_id)
        if number
    }
    if not numbers:
        return {}
    visible = set(Image.objects.visible(now).filter(pk__in=numbers).values_list("pk", flat=True))
    of_own = {
        number
        for story in given
        if story not in public
        for number in (*body.images_in(story.body), story.lead_image_id)
    }
    names = {naming.plain(name) for name in naming.names_of(person)}
    return {
        image.pk: image
        for image in Image.objects.filter(pk__in=numbers & (visible | of_own))
        if shown(image, now) and may_have(image, names)
    }


def may_have(image, names):
    """Whether a picture goes along: one that may be passed on, or is credited to the person.

    ``names``: what the person is called, see articles.naming.plain.
    """
    credited = {naming.plain(words) for words in (image.credit, image.creator) if words}
    return image.may_be_passed_on or bool(credited & names)
