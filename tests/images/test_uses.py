"""What is written of where pictures stand, by two at once."""

import threading
import time

import pytest
from django.db import transaction
from django.utils import timezone

from images.models import Use, record_uses
from tests.articles.test_merges import MOMENT, together
from tests.factories import make_image

pytestmark = pytest.mark.django_db(transaction=True)


def test_one_face_is_written_by_two_at_the_same_moment():
    image, since = make_image(), timezone.now()
    written = threading.Event()

    def first():
        with transaction.atomic():
            record_uses("person 1", [(image.pk, "portrait", since)])
            written.set()
            # On SQLite the other waits before it reads; on PostgreSQL where it writes.
            time.sleep(2 * MOMENT)

    def second():
        assert written.wait(10)
        with transaction.atomic():
            record_uses("person 1", [(image.pk, "portrait", since)])

    together(first, second)
    assert Use.objects.get().visible_from == since
