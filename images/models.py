"""Pictures, and what uses them. A picture is served only while something live uses it."""

import datetime
import secrets
from pathlib import PurePath

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from addresses.languages import in_language
from images.printing import printed

# How long before the rights to a picture end editors are warned.
WARNED = datetime.timedelta(days=14)


def new_token():
    """128 random bits: the only thing that a public file name is made from."""
    return secrets.token_hex(16)


def original_path(image, filename):
    """Where the original is kept: never below a public address, never under its own name."""
    return f"originals/{image.token[:2]}/{image.token}{PurePath(filename).suffix.lower()[:6]}"


class ImageQuerySet(models.QuerySet):
    def visible(self, now=None):
        """Pictures that something live uses at this moment and whose rights have not run out."""
        now = now or timezone.now()
        return self.filter(
            Q(rights_expire_at=None) | Q(rights_expire_at__gt=now),
            pk__in=Use.objects.live(now).values("image"),
        )

    def unused(self):
        return self.exclude(pk__in=Use.objects.values("image"))

    def ending(self, now=None):
        """Pictures whose rights end within the time of the warning, or have ended."""
        return self.filter(rights_expire_at__lte=(now or timezone.now()) + WARNED)

    def without_alt(self):
        return self.filter(alt="")


class Image(models.Model):
    """A picture: the original file, and what is printed with it."""

    file = models.FileField(_("file"), upload_to=original_path, max_length=200)
    alt = models.CharField(
        _("alternative text"),
        max_length=400,
        blank=True,
        help_text=_("What is seen, for those who cannot see it. Not the caption again."),
    )
    alts = models.JSONField(default=dict, blank=True)
    caption = models.TextField(_("caption"), blank=True)
    captions = models.JSONField(default=dict, blank=True)
    credit = models.CharField(_("credit"), max_length=200, blank=True)
    creator = models.CharField(
        _("creator"), max_length=200, blank=True, help_text=_("Who made it. Not printed.")
    )
    copyright = models.CharField(_("copyright"), max_length=200, blank=True)
    source = models.CharField(_("source"), max_length=200, blank=True)
    licence = models.CharField(_("licence"), max_length=100, blank=True)
    may_be_passed_on = models.BooleanField(_("may be passed on"), default=True)
    rights_expire_at = models.DateTimeField(_("rights expire"), null=True, blank=True)
    focal_x = models.FloatField(
        _("what to look at, across"),
        default=0.5,
        validators=[MinValueValidator(0), MaxValueValidator(1)],
    )
    focal_y = models.FloatField(
        _("what to look at, down"),
        default=0.5,
        validators=[MinValueValidator(0), MaxValueValidator(1)],
    )
    width = models.PositiveIntegerField(default=0, editable=False)
    height = models.PositiveIntegerField(default=0, editable=False)
    token = models.CharField(max_length=32, unique=True, default=new_token, editable=False)
    # The handle of an importer.
    source_ref = models.CharField(
        max_length=200, null=True, blank=True, unique=True, editable=False
    )
    entered_by = models.ForeignKey(
        "authors.User", models.SET_NULL, null=True, blank=True, related_name="+", editable=False
    )
    entered_at = models.DateTimeField(_("entered"), default=timezone.now, editable=False)

    objects = ImageQuerySet.as_manager()

    class Meta:
        verbose_name = _("picture")
        verbose_name_plural = _("pictures")
        ordering = ["-entered_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(focal_x__gte=0, focal_x__lte=1, focal_y__gte=0, focal_y__lte=1),
                name="focal_point_lies_in_the_picture",
            )
        ]

    def __str__(self):
        return self.caption[:60] or self.alt[:60] or f"#{self.pk}"

    @property
    def rights_have_ended(self):
        return self.rights_expire_at is not None and self.rights_expire_at <= timezone.now()

    @property
    def rights_end_soon(self):
        """Whether editors are to be warned; also after the end."""
        ends = self.rights_expire_at
        return ends is not None and ends <= timezone.now() + WARNED

    # What is printed with it; the plain fields are for the desk.

    def alt_in(self, language):
        text = in_language(self, "alt", language)
        return text._replace(words=printed(text.words))

    def caption_in(self, language):
        text = in_language(self, "caption", language)
        return text._replace(words=printed(text.words))

    @property
    def printed_credit(self):
        return printed(self.credit)

    @property
    def printed_copyright(self):
        return printed(self.copyright)


class UseQuerySet(models.QuerySet):
    def live(self, now):
        return self.filter(Q(visible_until=None) | Q(visible_until__gt=now), visible_from__lte=now)


class Use(models.Model):
    """One place where a picture stands: ``user`` is "story 12" or "person 3", ``place`` a word.

    Written in the transaction that publishes, so the question "does something live use this
    picture" is answered without looking at stories. No ``visible_from``: nothing public yet.
    """

    image = models.ForeignKey(Image, models.CASCADE, related_name="uses")
    user = models.CharField(max_length=60, db_index=True)
    place = models.CharField(max_length=30)
    visible_from = models.DateTimeField(null=True, blank=True)
    visible_until = models.DateTimeField(null=True, blank=True)

    objects = UseQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["image", "user", "place"], name="one_use_per_picture_and_place"
            )
        ]

    def __str__(self):
        return f"{self.image_id}: {self.user}, {self.place}"


def record_uses(user, uses):
    """Write which pictures ``user`` uses, replacing what was written before.

    ``uses``: an iterable of ``(image_id, place, visible_from)``; None where not public.
    """
    wanted = {(image, place): since for image, place, since in uses if image}
    present = {(use.image_id, use.place): use for use in Use.objects.filter(user=user)}
    for key, use in present.items():
        if key not in wanted:
            use.delete()
        elif use.visible_from != wanted[key] or use.visible_until is not None:
            use.visible_from, use.visible_until = wanted[key], None
            use.save()
    # Two stories that print the same face for the first time may come at the same moment.
    Use.objects.bulk_create(
        [
            Use(image_id=image, user=user, place=place, visible_from=since)
            for (image, place), since in wanted.items()
            if (image, place) not in present
        ],
        update_conflicts=True,
        unique_fields=["image", "user", "place"],
        update_fields=["visible_from", "visible_until"],
    )
