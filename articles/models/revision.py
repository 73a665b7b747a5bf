"""What was: every save, every change of state; and what is not public yet: next versions, notes."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Revision(models.Model):
    """A story at one save: all editorial fields with credits, regions, tags, sources and picture.

    The row of the story is what readers see; a next version of a live story is a Revision in one
    of the PENDING states until it goes live. ``content``: see articles.versions.
    """

    class State(models.TextChoices):
        WORKING = "working", _("working")
        IN_REVIEW = "in_review", _("in review")
        RETURNED = "returned", _("returned")
        APPROVED = "approved", _("approved")
        LIVE = "live", _("live")
        PAST = "past", _("past")
        DROPPED = "dropped", _("dropped")

    PENDING = [State.WORKING, State.IN_REVIEW, State.RETURNED, State.APPROVED]

    article = models.ForeignKey("Article", models.CASCADE, related_name="revisions")
    version = models.PositiveIntegerField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    reason = models.CharField(max_length=300, blank=True)
    is_substantive = models.BooleanField(default=True)
    content = models.JSONField()
    based_on = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="+")
    state = models.CharField(max_length=20, choices=State, default=State.WORKING)
    due_at = models.DateTimeField(null=True, blank=True)
    # When a chief took its content away for good; ``content`` is empty since.
    purged_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("version")
        verbose_name_plural = _("versions")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["state", "due_at"], name="versions_by_state")]
        constraints = [
            models.UniqueConstraint(
                fields=["article"],
                condition=Q(state__in=["working", "in_review", "returned", "approved"]),
                name="one_pending_version_per_story",
            ),
            models.CheckConstraint(
                condition=Q(due_at=None) | Q(state__in=["approved", "live", "past", "dropped"]),
                name="only_an_approved_version_is_due",
            ),
            models.CheckConstraint(
                condition=Q(purged_at=None) | Q(state__in=["past", "dropped"]),
                name="only_a_past_version_is_purged",
            ),
        ]

    def __str__(self):
        return f"{self.article_id}, version {self.version}"


class Transition(models.Model):
    """The audit of a story: who changed its state, when and why. Append-only."""

    article = models.ForeignKey("Article", models.PROTECT, related_name="transitions")
    move = models.CharField(max_length=20)
    before = models.CharField(max_length=20, blank=True)
    after = models.CharField(max_length=20)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    note = models.TextField(blank=True)

    class Meta:
        ordering = ["-pk"]

    def __str__(self):
        return f"{self.article_id}: {self.move} ({self.before} → {self.after})"


class Note(models.Model):
    """A private word about a story on the desk; ``kind`` "return" opens a returned story.

    Of a "report" a reader wrote ``text``, ``quote`` (where in the story) and ``contact``; it is open
    until ``closed_at``. Never public, in no version of the story and in no export.
    """

    KINDS = [
        ("note", _("note")),
        ("submit", _("submitted")),
        ("return", _("returned")),
        ("report", _("report of a reader")),
    ]

    article = models.ForeignKey("Article", models.CASCADE, related_name="notes")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    text = models.TextField()
    kind = models.CharField(max_length=10, choices=KINDS)
    quote = models.TextField(blank=True)
    contact = models.CharField(max_length=200, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    # What a report became; none where it was set aside.
    correction = models.ForeignKey("Correction", models.PROTECT, null=True, related_name="reports")

    class Meta:
        ordering = ["-pk"]
        indexes = [
            models.Index(
                fields=["-at"],
                condition=models.Q(kind="report", closed_at=None),
                name="open_reports",
            )
        ]

    def __str__(self):
        return self.text[:60]


class Autosave(models.Model):
    """What a person typed into a story and did not save yet. Nothing public ever reads it.

    Read and written by articles.autosaves alone. ``content``: the form's fields as typed, name ->
    list of values; ``version``: the one of the story it began from; ``form_id``: of the form it
    was typed into. ``earlier``: what other forms of the same person and story had in them, oldest
    first, each ``{"form_id", "at", "version", "turn", "content"}``. ``turn``: see SavedForm.
    """

    article = models.ForeignKey(
        "Article", models.CASCADE, null=True, blank=True, related_name="autosaves"
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="autosaves")
    form_id = models.CharField(max_length=64, blank=True)
    version = models.PositiveIntegerField(default=0)
    content = models.JSONField(default=dict)
    earlier = models.JSONField(default=list)
    turn = models.BigIntegerField(default=0)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["article", "by"],
                condition=Q(article__isnull=False),
                name="one_autosave_per_person_and_story",
            ),
            models.UniqueConstraint(
                fields=["form_id", "by"],
                condition=Q(article__isnull=True),
                name="one_autosave_per_person_and_new_form",
            ),
        ]

    def __str__(self):
        return f"{self.article_id or self.form_id}: {self.by_id}"


class SavedForm(models.Model):
    """A form that was saved: sent again, by a double click, it saves nothing twice.

    ``digest``: see articles.autosaves.digest; ``version``: the one of the story it made. ``turn``:
    when it was sent, in milliseconds of its browser's clock, or 0: what was typed before and comes
    in after it is in the story already. ``is_next``: saved as a next version, not onto the story;
    ``made``: that version, where it says what the form said and nothing of others came in.
    """

    article = models.ForeignKey("Article", models.CASCADE, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    form_id = models.CharField(max_length=64)
    version = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    turn = models.BigIntegerField(default=0)
    is_next = models.BooleanField(default=False)
    made = models.ForeignKey(Revision, models.SET_NULL, null=True, blank=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["by", "form_id"], name="a_form_is_saved_once"),
        ]

    def __str__(self):
        return f"{self.form_id}: {self.article_id}, version {self.version}"


class PreviewLink(models.Model):
    """An expiring look at one version of a story. The token is stored as its SHA-256 only."""

    article = models.ForeignKey("Article", models.CASCADE, related_name="preview_links")
    revision = models.ForeignKey(Revision, models.CASCADE, null=True, related_name="+")
    token_hash = models.CharField(max_length=64, unique=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-pk"]

    def __str__(self):
        return f"{self.article_id} until {self.expires_at:%Y-%m-%d %H:%M}"
