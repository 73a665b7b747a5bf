from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class CorrectionQuerySet(models.QuerySet):
    def public(self, now=None):
        """What the log shows: corrections of stories that are live or withdrawn, newest first, those
        that were superseded among them."""
        now = now or timezone.now()
        return self.filter(
            article__status__in=["published", "retracted", "withdrawn"],
            article__published_at__lte=now,
            published_at__lte=now,
        ).order_by("-published_at", "-pk")


class Correction(models.Model):
    """A mistake put right in public. Append-only: superseded once at most, never edited.

    ``earlier``: the entries that it took the place of, the newest first, where a story prints it.
    """

    class Kind(models.TextChoices):
        CORRECTION = "correction", _("correction")
        CLARIFICATION = "clarification", _("clarification")
        EDITORS_NOTE = "editor's note", _("editor's note")
        REPLY = "reply", _("reply")
        APOLOGY = "apology", _("apology")
        RETRACTION = "retraction", _("retraction")

    earlier = ()
    SERIOUS = {Kind.EDITORS_NOTE, Kind.APOLOGY, Kind.RETRACTION}

    article = models.ForeignKey("Article", models.PROTECT, related_name="corrections")
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    text = models.TextField(_("text"))
    published_at = models.DateTimeField(_("published"), default=timezone.now)
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    supersedes = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="superseded_by"
    )

    objects = CorrectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("correction")
        verbose_name_plural = _("corrections")
        ordering = ["-published_at", "-pk"]
        indexes = [models.Index(fields=["-published_at", "-id"], name="corrections_by_time")]
        constraints = [
            models.CheckConstraint(condition=~models.Q(text=""), name="correction_says_something"),
        ]

    def __str__(self):
        return f"{self.get_kind_display()}: {self.text[:60]}"

    @property
    def is_serious(self):
        """Whether it stands above the story rather than below it."""
        return self.kind in self.SERIOUS
