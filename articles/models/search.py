"""What searches look through: see articles.search, which alone writes it."""

from django.db import models
from django.db.models import Q

from articles.models.article import Article


class SearchEntry(models.Model):
    """What the index says of a story that is live or scheduled: tokens, see articles.search.words.

    ``place`` is its place by time, as one number: also the number of its row in SQLite's index.
    ``marks`` names whom and what it is filed under: "a12" a person, "o5" an organisation, "t9" a tag,
    "r3" a region.
    """

    article = models.OneToOneField(
        Article, models.CASCADE, primary_key=True, related_name="search_entry"
    )
    place = models.BigIntegerField(unique=True)
    headline = models.TextField(blank=True)
    standfirst = models.TextField(blank=True)
    marks = models.TextField(blank=True)
    body = models.TextField(blank=True)

    def __str__(self):
        return f"{self.article_id}"


class SearchName(models.Model):
    """A word by which a person, an organisation, a tag, a region or a section is found.

    ``kind`` and ``number`` make the mark of the thing: "a" and 12.
    """

    kind = models.CharField(max_length=1)
    number = models.PositiveBigIntegerField()
    token = models.CharField(max_length=60, db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "number", "token"], name="one_row_per_thing_and_word"
            ),
            models.CheckConstraint(condition=~Q(token=""), name="searched_name_has_a_word"),
        ]

    def __str__(self):
        return f"{self.kind}{self.number}: {self.token}"


class SearchSpelling(models.Model):
    """A word of the index and the number of entries that hold it, for guessing what was meant.

    ``head`` and ``tail``: its first letter and its last two.
    """

    token = models.CharField(max_length=60, primary_key=True)
    head = models.CharField(max_length=1)
    tail = models.CharField(max_length=2)
    count = models.IntegerField(default=0)

    class Meta:
        indexes = [
            models.Index(fields=["head"], name="searched_words_by_head"),
            models.Index(fields=["tail"], name="searched_words_by_tail"),
        ]

    def __str__(self):
        return self.token
