"""The home of each language: what editors pinned, and from when on."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.models import Article, Region, Section
from images.models import Image


class Front(models.Model):
    """A page that editors lay out; the home, once a language."""

    name = models.CharField(max_length=40, default="home")
    language = models.CharField(max_length=10)

    class Meta:
        verbose_name = _("front")
        verbose_name_plural = _("fronts")
        constraints = [
            models.UniqueConstraint(fields=["name", "language"], name="one_front_per_language")
        ]

    def __str__(self):
        return f"{self.name} ({self.language})"


class Edition(models.Model):
    """An arrangement of a front. Shown is the newest one whose time has come.

    Without ``live_from`` it is the front's draft. Written by fronts.laying_out only: once live, it is
    never changed. ``based_on``: what was live when it was begun, or what it goes back to.
    """

    front = models.ForeignKey(Front, models.CASCADE, related_name="editions")
    live_from = models.DateTimeField(null=True, blank=True)
    based_on = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    version = models.PositiveIntegerField(default=1)
    breaking_text = models.CharField(max_length=200, blank=True)
    breaking_url = models.CharField(max_length=500, blank=True)
    breaking_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-live_from", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["front"], condition=Q(live_from=None), name="one_draft_per_front"
            ),
            models.CheckConstraint(
                condition=Q(breaking_text="") | Q(breaking_until__isnull=False),
                name="breaking_strip_has_an_end",
            ),
        ]

    def __str__(self):
        return f"{self.front}, {self.live_from or 'draft'}"

    @property
    def strip(self):
        """The words of the breaking strip until its end, then ""."""
        has_ended = not self.breaking_text or self.breaking_until <= timezone.now()
        return "" if has_ended else self.breaking_text

    def is_live(self, now):
        """Whether its time has come; another may have followed."""
        return self.live_from is not None and self.live_from <= now


class Pin(models.Model):
    """A story in a slot of an edition, with what is said differently about it there.

    ``position`` is the place in the slot, from 0, counting those pinned above it that take no room.
    """

    class Slot(models.TextChoices):
        TOP = "top", _("top")
        OPINION = "opinion", _("opinion")
        LONG_READ = "long read", _("long read")

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="pins")
    slot = models.CharField(max_length=20, choices=Slot, default=Slot.TOP)
    article = models.ForeignKey(Article, models.CASCADE, related_name="pins")
    position = models.PositiveIntegerField(default=0)
    until = models.DateTimeField(null=True, blank=True)
    kicker = models.CharField(max_length=60, blank=True)
    headline = models.CharField(max_length=250, blank=True)
    image = models.ForeignKey(Image, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["slot", "position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["edition", "article"], name="one_pin_per_story_and_edition"
            )
        ]

    def __str__(self):
        return f"{self.slot} {self.position}: {self.article}"


class Lead(models.Model):
    """The story pinned to the head of a section's or a region's list, in one language.

    It stands there while it is public, belongs to the list and ``until`` has not come.
    Written by fronts.leads only.
    """

    section = models.ForeignKey(
        Section, models.CASCADE, null=True, blank=True, related_name="leads"
    )
    region = models.ForeignKey(Region, models.CASCADE, null=True, blank=True, related_name="leads")
    language = models.CharField(max_length=10)
    article = models.ForeignKey(Article, models.CASCADE, related_name="leads")
    until = models.DateTimeField(null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(section__isnull=False, region=None)
                | Q(section=None, region__isnull=False),
                name="lead_heads_a_section_or_a_region",
            ),
            models.UniqueConstraint(
                fields=["section", "language"], name="one_lead_per_section_and_language"
            ),
            models.UniqueConstraint(
                fields=["region", "language"], name="one_lead_per_region_and_language"
            ),
        ]

    def __str__(self):
        return f"{self.section or self.region} ({self.language}): {self.article}"
