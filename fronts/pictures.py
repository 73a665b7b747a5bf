"""Which pictures fronts show in place of a story's own, so that readers may fetch them just then."""

import itertools

from django.db import transaction
from django.dispatch import receiver
from django.utils import timezone

from articles.signals import article_changed
from fronts.models import Front, Pin
from images.models import Use


def record_pictures(front, now):
    """Write anew which pictures the editions of a front show, from when until when."""
    edition = front.editions.filter(live_from__lte=now).first()
    coming = list(front.editions.filter(live_from__gt=now).order_by("live_from", "pk"))
    editions = [*([edition] if edition is not None else []), *coming]
    ends = {e.pk: after.live_from for e, after in itertools.pairwise(editions)}
    starts = {e.pk: e.live_from for e in editions}
    pins = Pin.objects.filter(
        edition__in=starts, image__isnull=False, article__status="published"
    ).select_related("article")
    spans = {}
    for pin in pins.defer("article__body"):
        since = max(starts[pin.edition_id], pin.article.published_at)
        until = min((t for t in (pin.until, ends.get(pin.edition_id)) if t), default=None)
        if until is None or until > since:
            spans.setdefault((pin.image_id, pin.edition_id), []).append((since, until))
    user = f"front {front.pk}"
    Use.objects.filter(user=user).delete()
    Use.objects.bulk_create(
        Use(
            image_id=image,
            user=user,
            place=f"edition {edition}",
            visible_from=min(since for since, _ in span),
            visible_until=None
            if any(until is None for _, until in span)
            else max(until for _, until in span),
        )
        for (image, edition), span in spans.items()
    )


@receiver(article_changed, dispatch_uid="pictures of fronts")
def keep_in_step(sender, article, **kwargs):
    """A story that is pulled takes the picture that a front gave it along, and brings it back."""
    pinned = Pin.objects.filter(article=article, image__isnull=False)
    fronts = list(Front.objects.filter(editions__in=pinned.values("edition")).distinct())
    if fronts:  # nobody waits for the database over a story that stands on none
        with transaction.atomic():
            for front in fronts:
                record_pictures(front, timezone.now())
