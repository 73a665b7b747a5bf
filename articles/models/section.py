from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from addresses.languages import in_language
from addresses.slugs import free_slug, slugify


class Section(models.Model):
    """A department of the paper: Politics, Business. Every published story stands in one."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    names = models.JSONField(default=dict, blank=True)
    slug = models.SlugField(max_length=100, unique=True, blank=True)
    position = models.PositiveIntegerField(_("place in the menu"), default=100)
    description = models.TextField(_("description"), blank=True)
    descriptions = models.JSONField(default=dict, blank=True)

    class Meta:
        verbose_name = _("section")
        verbose_name_plural = _("sections")
        ordering = ["position", "name"]
        constraints = [
            models.CheckConstraint(condition=~Q(slug=""), name="section_has_a_slug"),
        ]

    def __str__(self):
        return self.name

    def save(self, *args, **kwargs):
        if not self.slug:
            others = Section.objects.exclude(pk=self.pk)
            self.slug = free_slug(
                slugify(self.name, fallback="section"),
                lambda slug: others.filter(slug=slug).exists(),
            )
        super().save(*args, **kwargs)

    def get_absolute_url(self):
        return reverse("section", args=[self.slug])

    def name_in(self, language):
        return in_language(self, "name", language)

    def description_in(self, language):
        return in_language(self, "description", language)
