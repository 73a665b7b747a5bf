"""What is to be said to whom: the outbox of the desk."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from authors.models import Author


class Message(models.Model):
    """One message about a story, or about a person whose name is printed, to one login, or to the newsroom's common channel (``to`` None).
    One that tells what was "found" in many texts is about neither.

    Written in the transaction of what it tells of, sent afterwards by articles.delivery. Its words
    are made when it is sent, in the language of whoever gets it; ``text`` is the note that goes
    with them, and is emptied once the message has come to its end.
    """

    class Channel(models.TextChoices):
        MAIL = "mail"
        HOOK = "hook"

    class State(models.TextChoices):
        WAITING = "waiting"
        SENT = "sent"
        DROPPED = "dropped"  # whoever it was for may no longer hear of it
        FAILED = "failed"  # given up

    to = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="+")
    channel = models.CharField(max_length=10, choices=Channel)
    move = models.CharField(max_length=20)
    article = models.ForeignKey("Article", models.CASCADE, null=True, related_name="+")
    person = models.ForeignKey(Author, models.CASCADE, null=True, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    text = models.TextField(blank=True)
    at = models.DateTimeField(default=timezone.now)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    due_at = models.DateTimeField(default=timezone.now)
    tries = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["pk"]
        indexes = [
            models.Index(
                fields=["channel", "due_at"], condition=Q(state="waiting"), name="waiting_messages"
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(channel="mail") | Q(to__isnull=False), name="a_mail_goes_to_somebody"
            ),
            models.CheckConstraint(
                condition=Q(article__isnull=False, person__isnull=True)
                | Q(article__isnull=True, person__isnull=False)
                | Q(article__isnull=True, person__isnull=True, move="found"),
                name="message_is_about_a_story_or_a_person",
            ),
        ]

    def __str__(self):
        return f"{self.move} of {self.article_id or self.person_id} to {self.to_id or 'all'} by {self.channel}"
