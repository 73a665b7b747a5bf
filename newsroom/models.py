"""What belongs to the site and to no story: its name, and its own pages."""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from addresses.languages import in_language
from prose.fields import BodyField


class SiteSettings(models.Model):
    """How the site calls itself. One row, made with the database."""

    name = models.CharField(_("name"), max_length=80, default="Newsroom")
    names = models.JSONField(default=dict, blank=True)
    description = models.CharField(_("description"), max_length=300, blank=True)
    descriptions = models.JSONField(default=dict, blank=True)
    biographies_are_reviewed = models.BooleanField(
        _("biographies are reviewed"),
        default=False,
        help_text=_("What reporters change on their own page waits for an editor"),
    )
    # Names of roles with commas between: who must have a second factor to work at the desk.
    second_factor_for = models.CharField(max_length=100, blank=True, default="")
    is_demo = models.BooleanField(default=False, editable=False)

    class Meta:
        verbose_name = _("site")
        verbose_name_plural = _("site")
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="there_is_one_site")]

    def __str__(self):
        return self.name

    def save(self, *args, **kwargs):
        self.pk = 1
        super().save(*args, **kwargs)


class Page(models.Model):
    """A page of the site's own: about us, ethics, contact."""

    slug = models.SlugField(_("slug"), max_length=100, unique=True)
    name = models.CharField(_("title"), max_length=120)
    names = models.JSONField(default=dict, blank=True)
    body = BodyField(_("text"), blank=True)
    bodies = models.JSONField(default=dict, blank=True)
    position = models.PositiveIntegerField(_("place in the footer"), default=100)

    class Meta:
        verbose_name = _("page")
        verbose_name_plural = _("pages")
        ordering = ["position", "name"]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("page", args=[self.slug])

    def name_in(self, language):
        return in_language(self, "name", language)

    def body_in(self, language):
        return in_language(self, "body", language)
