"""What an import could not know and a person has to say: whose a story is, and what was cut from it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.models.article import Byline, Citation


class Doubt(models.Model):
    """The words of a story name another than its credit, or a place where it stood first.

    ``words``: the line as it stands there; ``names``: whom it names, nobody of whom need be here
    yet; ``account``: what the old site called whoever is credited. ``key`` is the same for doubts
    that can be settled together. ``version``: that of the story when the doubt was raised;
    ``settled_version``: the one that settling it made, or None where nothing was changed.
    """

    class Kind(models.TextChoices):
        CREDIT = "credit", _("credit")
        SOURCE = "source", _("source")

    class Pattern(models.TextChoices):
        BYLINE = "by-line", _("a by-line in the text")
        SIGNATURE = "signature", _("a name below the text")
        BIOGRAPHY = "biography", _("a biography below the text")
        FIRST_PUBLISHED = "first published", _("published elsewhere first")
        SOURCE = "source", _("a line with the source")

    class State(models.TextChoices):
        OPEN = "open", _("open")
        ACCEPTED = "accepted", _("accepted")
        RIGHT = "right", _("right as it is")

    article = models.ForeignKey("Article", models.CASCADE, related_name="doubts")
    kind = models.CharField(max_length=10, choices=Kind)
    pattern = models.CharField(max_length=20, choices=Pattern)
    account = models.CharField(max_length=200, blank=True)
    words = models.CharField(max_length=500)
    names = models.JSONField(default=list)
    is_organisation = models.BooleanField(default=False)
    role = models.CharField(max_length=20, choices=Byline.Role, default=Byline.Role.AUTHOR)
    relation = models.CharField(max_length=20, choices=Citation.Relation, blank=True)
    url = models.CharField(max_length=500, blank=True)
    key = models.CharField(max_length=64)
    version = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    at = models.DateTimeField(default=timezone.now)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    settled_at = models.DateTimeField(null=True)
    settled_version = models.PositiveIntegerField(null=True)

    class Meta:
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["key", "id"], condition=Q(state="open"), name="open_doubts")
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["article", "kind"], name="one_doubt_per_story_and_kind"
            ),
            models.CheckConstraint(
                condition=Q(state="open", settled_at__isnull=True)
                | Q(settled_at__isnull=False) & ~Q(state="open"),
                name="a_settled_doubt_says_when",
            ),
        ]

    def __str__(self):
        return f"{self.article_id}: {self.words[:60]}"


class Finding(models.Model):
    """Something foreign in a text: cut out of what was imported, or found in what is here.

    ``thing`` and ``number``: where ("story", 12); ``place``: which of its texts, by the name of the
    field. ``cut``: the HTML, or the words, that were found; ``before``: the words that stand before
    it. ``is_cut``: it was taken out, and can be put back. ``digest``: the same for the same thing
    found in the same place, so that it is told once; ``is_told``: the chief editors were.
    """

    class Kind(models.TextChoices):
        HIDDEN = "hidden", _("hidden from readers")
        LINKS = "links", _("links to sell something")
        WORDS = "words", _("words that sell something")
        SCRIPT = "script", _("a hidden program")
        FRAME = "frame", _("an invisible frame")
        ALPHABET = "alphabet", _("in a script that this site does not use")

    class State(models.TextChoices):
        OPEN = "open", _("open")
        CONFIRMED = "confirmed", _("confirmed")
        PUT_BACK = "put back", _("put back")
        FINE = "fine", _("nothing wrong")

    thing = models.CharField(max_length=20)
    number = models.PositiveBigIntegerField()
    article = models.ForeignKey("Article", models.CASCADE, null=True, related_name="findings")
    place = models.CharField(max_length=60, default="body")
    kind = models.CharField(max_length=10, choices=Kind)
    why = models.CharField(max_length=200, blank=True)
    cut = models.TextField()
    before = models.CharField(max_length=200, blank=True)
    is_cut = models.BooleanField(default=False)
    is_told = models.BooleanField(default=False)
    digest = models.CharField(max_length=64)
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    at = models.DateTimeField(default=timezone.now)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    settled_at = models.DateTimeField(null=True)
    settled_version = models.PositiveIntegerField(null=True)

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["id"], condition=Q(state="open"), name="open_findings")]
        constraints = [
            models.UniqueConstraint(
                fields=["thing", "number", "place", "digest"], name="a_finding_is_told_once"
            ),
            models.CheckConstraint(
                condition=Q(state="open", settled_at__isnull=True)
                | Q(settled_at__isnull=False) & ~Q(state="open"),
                name="a_settled_finding_says_when",
            ),
        ]

    def __str__(self):
        return f"{self.thing} {self.number}, {self.place}: {self.get_kind_display()}"


class Round(models.Model):
    """How far the nightly look at all texts has come, by what it looks at."""

    thing = models.CharField(max_length=20, unique=True)
    reached = models.PositiveBigIntegerField(default=0)
    begun_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True)

    def __str__(self):
        return f"{self.thing}: {self.reached}"
