import unicodedata

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from taggit.managers import _TaggableManager
from taggit.models import ItemBase, TagBase

from addresses.languages import in_language
from addresses.slugs import free_slug, slugify


def tag_key(name):
    """What makes two names one tag: letters without case, spaces made single.

    I is the capital of the dotted i in most languages and of the dotless one in Turkish, Azerbaijani
    and Kazakh Latin, so all four are one letter here: İstanbul, ISTANBUL, Istanbul, ısı and ISI.
    """
    folded = unicodedata.normalize("NFD", unicodedata.normalize("NFD", name).casefold())
    folded = folded.replace("ı", "i").replace("i\u0307", "i")
    return " ".join(unicodedata.normalize("NFC", folded).split())


class TagQuerySet(models.QuerySet):
    def public(self, now=None):
        """Tags with a page: a live story carries them, or an editor listed them."""
        now = now or timezone.now()
        used = self.model.objects.filter(
            filings__content_object__status__in=["published", "retracted"],
            filings__content_object__published_at__lte=now,
        )
        return self.filter(Q(is_listed=True) | Q(pk__in=used.values("pk")), merged_into=None)

    def named(self, names):
        """The tags of these names, in their order, made where there are none yet.

        Case and spaces make no difference, in any script; a merged tag stands for its successor, and
        a tag for its other spellings and its names in other languages.
        Empty names are left out.
        """
        tags = {}
        for name in names:
            key = tag_key(name)
            if not key or key in tags:
                continue
            tag = self.filter(key=key).select_related("merged_into").first()
            if tag is None:
                tag = self._spelt(key)
            if tag is None:
                tag = self.create(name=" ".join(name.split()))
            tags[key] = tag.merged_into or tag
        return list(dict.fromkeys(tags.values()))

    def _spelt(self, key):
        """The one tag that goes by this key among its other names, or None."""
        # Most have no other name: an import of twenty years asks this for thousands of tags.
        others = self.filter(merged_into=None).exclude(aliases=[], names={})
        rows = others.values_list("pk", "aliases", "names")
        found = [
            number
            for number, aliases, names in rows
            if any(tag_key(name) == key for name in [*aliases, *names.values()])
        ]
        return self.get(pk=found[0]) if len(found) == 1 else None


class Tag(TagBase):
    """What a story is about. Its ``key`` (the case-folded name) is unique in every script."""

    names = models.JSONField(default=dict, blank=True)
    key = models.CharField(max_length=300, unique=True, editable=False)
    aliases = models.JSONField(_("other spellings"), default=list, blank=True)
    description = models.TextField(_("description"), blank=True)
    descriptions = models.JSONField(default=dict, blank=True)
    is_listed = models.BooleanField(_("listed"), default=False)
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="merged", editable=False
    )

    objects = TagQuerySet.as_manager()

    class Meta:
        verbose_name = _("tag")
        verbose_name_plural = _("tags")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(condition=~Q(key=""), name="tag_has_a_name"),
        ]

    def save(self, *args, **kwargs):
        # A key from when letters were told apart more finely may have a twin: it stays.
        if tag_key(self.key) != tag_key(self.name):
            self.key = tag_key(self.name)
        if not self.slug:
            others = Tag.objects.exclude(pk=self.pk)
            self.slug = free_slug(
                slugify(self.name, fallback="tag"), lambda slug: others.filter(slug=slug).exists()
            )
        models.Model.save(self, *args, **kwargs)

    def get_absolute_url(self):
        return reverse("tag", args=[self.slug])

    def name_in(self, language):
        return in_language(self, "name", language)

    def description_in(self, language):
        return in_language(self, "description", language)


class Filing(ItemBase):
    """A tag on a story."""

    tag = models.ForeignKey(Tag, models.CASCADE, related_name="filings")
    content_object = models.ForeignKey("Article", models.CASCADE, related_name="filings")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tag", "content_object"], name="one_filing_per_tag_and_story"
            )
        ]


class CaseFoldingManager(_TaggableManager):
    """taggit's manager, for which «Политика» and «политика» are one tag."""

    def _to_tag_model_instances(self, tags, tag_kwargs):
        names = [tag for tag in tags if isinstance(tag, str)]
        given = [tag for tag in tags if not isinstance(tag, str)]
        return set(Tag.objects.named(names)) | set(given)
