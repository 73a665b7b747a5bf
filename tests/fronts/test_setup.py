import datetime

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from fronts.models import Edition, Pin
from tests.factories import make_article

pytestmark = pytest.mark.django_db
HOUR = datetime.timedelta(hours=1)


def edition(live_from):
    front = Edition.objects.first().front
    found = Edition.objects.create(
        front=front,
        live_from=live_from,
        breaking_text="Pass closed",
        breaking_url="/x/",
        breaking_until=timezone.now() + HOUR,
    )
    Pin.objects.create(edition=found, article=make_article(), headline="As it was")
    return found


CHANGES = {
    "its time": lambda e: Edition.objects.filter(pk=e.pk).update(live_from=e.at + HOUR),
    "the words of the strip": lambda e: Edition.objects.filter(pk=e.pk).update(breaking_text=""),
    "where the strip leads": lambda e: Edition.objects.filter(pk=e.pk).update(breaking_url="/y/"),
    "the end of the strip": lambda e: Edition.objects.filter(pk=e.pk).update(
        breaking_until=e.breaking_until + HOUR
    ),
    "the words of a pin": lambda e: e.pins.update(headline="As it was not"),
    "the place of a pin": lambda e: e.pins.update(position=7),
    "a pin": lambda e: e.pins.all().delete(),
    "all of it": lambda e: e.delete(),
}


@pytest.mark.parametrize("what", CHANGES)
def test_the_database_keeps_an_edition_that_was_live(what):
    found = edition(timezone.now() - HOUR)
    with pytest.raises(DatabaseError, match="stays"), transaction.atomic():
        CHANGES[what](found)
    kept = Edition.objects.get(pk=found.pk)
    assert [pin.headline for pin in kept.pins.all()] == ["As it was"]
    assert kept.breaking_text == "Pass closed"


@pytest.mark.parametrize("live_from", ["draft", "waiting"])
@pytest.mark.parametrize("what", CHANGES)
def test_a_draft_and_one_that_waits_can_be_changed(what, live_from):
    found = edition(timezone.now() + HOUR if live_from == "waiting" else None)
    CHANGES[what](found)


def test_a_picture_of_a_live_edition_may_go():
    found = edition(timezone.now() - HOUR)
    assert found.pins.update(image=None) == 1
