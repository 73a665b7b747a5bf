"""No time on the desk is without the zone it is of."""

import datetime
import html
import re

import pytest
from django.test import Client
from django.test.utils import override_settings
from django.utils import timezone

from articles.models import Article
from tests.articles.test_desk import address, as_it_is
from tests.factories import make_article, make_image, make_user
from tests.test_permission_matrix import ADDRESSES, newsroom  # noqa: F401  (a fixture)

pytestmark = pytest.mark.django_db
A_TIME = r"\b\d{1,2}:\d\d\b|\b\d{1,2} [ap]\.m\."


def texts(page):
    """What a page says, and the labels of its boxes for times with what stands beside them."""
    page = re.sub(r"<(script|style|template).*?</\1>", " ", page, flags=re.S)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def without_zone(page, zone):
    """Times of a page, with what follows, that no zone stands beside."""
    words = texts(page)
    return [
        words[found.start() - 30 : found.end() + 30]
        for found in re.finditer(A_TIME, words)
        if not words[found.end() :].startswith(f" {zone}")
    ]


def boxes_without_zone(page, zone):
    boxes = re.findall(r'<input type="datetime-local".*?>(.{0,80})', page, flags=re.S)
    assert all(zone in after for after in boxes), boxes
    return len(boxes)


def test_every_time_on_the_desk_has_its_zone_beside_it(newsroom):  # noqa: F811
    client = Client()
    user = make_user("editor", username="root", is_superuser=True)
    client.force_login(user)
    in_an_hour = timezone.now() + datetime.timedelta(hours=1)
    states = ("scheduled", "published", "pulled", "withdrawn", "returned", "in_review", "draft")
    stories = [make_article(status=status) for status in states]
    Article.objects.filter(pk=stories[-1].pk).update(due_at=in_an_hour, embargo_until=in_an_hour)
    image = make_image(rights_expire_at=in_an_hour)
    client.post(address(stories[1]), as_it_is(stories[1]))
    with override_settings(TIME_ZONE="Asia/Kolkata"):
        paths = [newsroom(each) for each in sorted(ADDRESSES) if each.startswith("admin:")]
        # On the page of what is planned the zone stands once, above the times.
        paths = [path for path in paths if not re.search(r"logout|/r/|/preview/|planned", path)]
        paths += [address(story, verb) for story in stories for verb in ("change", "history")]
        paths += [
            f"/admin/images/image/{image.pk}/change/",
            f"/admin/authors/user/{user.pk}/change/",
        ]
        paths += [f"/admin/articles/article/?state={state}" for state in ("scheduled", "mine")]
        wrong, seen, boxes = {}, 0, 0
        for path in paths:
            response = client.get(path)
            if response.status_code != 200 or "html" not in response["Content-Type"]:
                continue
            page = response.content.decode()
            seen += len(re.findall(A_TIME, texts(page)))
            if found := without_zone(page, "Kolkata"):
                wrong[path] = found
            boxes += boxes_without_zone(page, "Kolkata")
        assert wrong == {}
        assert seen > 40
        assert boxes > 10
