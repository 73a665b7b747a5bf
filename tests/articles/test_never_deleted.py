"""A story that was ever live is never deleted, on no path; a draft is spiked, and kept."""

import contextlib

import pytest
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db import DatabaseError, connection, models, transaction
from django.db.models import ProtectedError
from django.urls import reverse

from articles.models import Article, Series
from fronts.models import Edition, Pin
from tests.factories import (
    make_article,
    make_author,
    make_image,
    make_organisation,
    make_region,
    make_section,
    make_user,
)

pytestmark = pytest.mark.django_db
ROLES = ["reporter", "editor", "chief editor", "administrator", "superuser"]
STATES = ["draft", "scheduled", "published", "pulled", "withdrawn", "retracted", "spiked"]


def login(role):
    if role != "superuser":
        return make_user(role)
    user = make_user(None)
    user.is_superuser = True
    user.save()
    return user


@pytest.mark.parametrize("role", ROLES)
def test_nobody_deletes_a_story_on_the_desk(client, role):
    stories = [make_article(status=status) for status in STATES]
    client.force_login(login(role))
    for story in stories:
        address = reverse("admin:articles_article_delete", args=[story.pk])
        for answer in (client.get(address), client.post(address, {"post": "yes"})):
            assert answer.status_code in {302, 403}
    client.post(
        reverse("admin:articles_article_changelist"),
        {
            "action": "delete_selected",
            "post": "yes",
            ACTION_CHECKBOX_NAME: [story.pk for story in stories],
        },
    )
    assert Article.objects.count() == len(STATES)


def test_nothing_that_a_story_points_at_takes_it_along():
    rules = {
        field.name: field.remote_field.on_delete
        for field in Article._meta.get_fields()
        if isinstance(field, models.ForeignKey)
    }
    assert set(rules.values()) <= {models.PROTECT, models.SET_NULL}


def test_what_a_live_story_uses_is_kept_or_leaves_the_story():
    login_ = make_user("editor")
    person, agency = make_author(user=login_), make_organisation()
    image, region = make_image(), make_region()
    series, section = Series.objects.create(name="Ice"), make_section()
    story = make_article(
        section=section,
        series=series,
        lead_image=image,
        regions=[region],
        tags=["Water"],
        authors=[person],
        citations=[agency],
        dateline_organisation=agency,
        dateline_place="Osh",
        entered_by=login_,
        assigned_to=login_,
        supersedes=make_article(),
    )
    edition = Edition.objects.first()
    Pin.objects.create(edition=edition, article=story)
    kept = []
    things = [section, series, image, person, agency, login_, region, story.tags.get(), edition]
    for thing in things:
        with contextlib.suppress(ProtectedError, DatabaseError), transaction.atomic():
            thing.delete()
            continue
        kept.append(thing)
    assert {section, series, image, person, agency, login_, edition} <= set(kept)
    assert Article.objects.filter(pk=story.pk, status="published").exists()


@pytest.mark.parametrize("status", ["published", "pulled", "withdrawn", "retracted"])
def test_the_database_refuses_to_delete_a_story_that_was_live(status):
    story = make_article(status=status)
    with (
        pytest.raises(DatabaseError, match="never deleted"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("DELETE FROM articles_article WHERE id = %s", [story.pk])
    assert Article.objects.filter(pk=story.pk).exists()


def test_a_draft_is_spiked_kept_and_brought_back(client):
    story = make_article(status="draft")
    client.force_login(make_user("editor"))
    move, form = (
        reverse(f"admin:articles_article_{name}", args=[story.pk]) for name in ("move", "change")
    )
    listed = reverse("admin:articles_article_changelist")
    assert story.headline in client.get(listed).content.decode()
    client.post(move, {"_move": "spike"})
    assert story.headline not in client.get(listed).content.decode()
    assert client.get(form).status_code == 200
    client.post(move, {"_move": "unspike"})
    assert story.headline in client.get(listed).content.decode()
    story.refresh_from_db()
    assert story.status == "draft"
