"""Who has a story open on the desk: a hint to colleagues, never a lock."""

from django.conf import settings
from django.db import models


class Presence(models.Model):
    """One person at one story. Read and written by articles.presence alone."""

    article = models.ForeignKey("Article", models.CASCADE, related_name="present")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    seen_at = models.DateTimeField(db_index=True)
    typed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["article", "user"], name="one_presence_per_person_and_story"
            ),
        ]

    def __str__(self):
        return f"{self.user_id} at {self.article_id}"
