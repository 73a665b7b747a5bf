"""An embargoed picture is nowhere until its minute and again after the story is withdrawn."""

import datetime

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from articles import publishing
from articles.models import Article
from images.renditions import RECIPES, rendition_url, widths
from tests.factories import chief, make_article, make_image

pytestmark = pytest.mark.django_db
SECOND = datetime.timedelta(seconds=1)


def test_page_original_and_each_rendition_come_at_the_minute_and_go_with_the_story():
    due = timezone.now().replace(microsecond=0) + datetime.timedelta(hours=5)
    image = make_image(400, 267)
    story = make_article(status="draft", lead_image=image, embargo_until=due)
    publishing.publish(story, by=chief(), at=due)
    story = Article.objects.get()
    assert story.published_at == due
    renditions = [
        rendition_url(image, recipe, width, format)
        for recipe in RECIPES
        for width in widths(image, recipe)
        for format in RECIPES[recipe].formats
    ]
    assert len(renditions) > sum(len(recipe.formats) for recipe in RECIPES.values())
    originals = [f"/media/{image.file.name}", f"/media/{image.token}/", f"/media/{image.token}.jpg"]
    reader = Client()

    def answers(paths):
        return {reader.get(path).status_code for path in paths}

    for moment, expected in ((due - SECOND, 404), (due, 200), (due + SECOND, 200)):
        with time_machine.travel(moment, tick=False):
            assert answers([story.get_absolute_url(), *renditions]) == {expected}
            assert answers(originals) == {404}
    with time_machine.travel(due + 2 * SECOND, tick=False):
        publishing.withdraw(story, by=chief(), reason="We could not confirm a figure.")
        assert answers([story.get_absolute_url()]) == {410}
        assert answers(renditions + originals) == {404}
