"""What belongs to the site and to no story: its name, and its own pages."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from addresses.languages import in_language
from articles.models import Region, Section
from authors.models import ALWAYS
from images.models import Image, record_uses
from prose.fields import BodyField


class SiteSettings(models.Model):
    """How the site calls itself and what it looks like. One row, made with the database.

    ``accent``: colour of links and kickers on white, ``#rrggbb``; empty is the style sheet's own.
    ``accent_dark``: the same on the dark page; empty is made from the other (newsroom.looks).
    ``social_links``: ``[{"label": "Telegram", "url": "https://..."}]``.
    """

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
    logo = models.ForeignKey(
        Image, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("logo")
    )
    # Letters that the dark page would swallow: there the logo stands on a light plate.
    logo_is_dark = models.BooleanField(default=False, editable=False)
    accent = models.CharField(_("accent colour"), max_length=7, blank=True)
    accent_dark = models.CharField(_("accent colour on the dark page"), max_length=7, blank=True)
    corrections_policy = models.ForeignKey(
        "Page",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("how we correct mistakes"),
    )
    ethics_policy = models.ForeignKey(
        "Page",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("how we report"),
    )
    email = models.EmailField(_("e-mail address for readers"), blank=True)
    contact = models.TextField(_("postal address and telephone"), max_length=500, blank=True)
    contacts = models.JSONField(default=dict, blank=True)
    social_links = models.JSONField(_("elsewhere"), default=list, blank=True)
    licence = models.TextField(
        _("stories may be republished"),
        blank=True,
        max_length=1000,
        help_text=_(
            "On which terms other papers may take over our stories. Left empty, they are not offered."
        ),
    )
    licences = models.JSONField(default=dict, blank=True)
    is_demo = models.BooleanField(
        _("this is a demonstration"),
        default=False,
        help_text=_(
            "Every page says that people and stories are invented. Untick it when they are yours."
        ),
    )

    class Meta:
        verbose_name = _("site")
        verbose_name_plural = _("site")
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="there_is_one_site")]

    def __str__(self):
        return self.name

    def save(self, *args, **kwargs):
        self.pk = 1
        super().save(*args, **kwargs)
        record_uses("site", [(self.logo_id, "logo", ALWAYS)])


class Page(models.Model):
    """A page of the site's own: about us, ethics, contact."""

    slug = models.SlugField(_("slug"), max_length=100, unique=True)
    name = models.CharField(_("title"), max_length=120)
    names = models.JSONField(default=dict, blank=True)
    body = BodyField(_("text"), blank=True, shows=["embed"])
    bodies = models.JSONField(default=dict, blank=True)
    position = models.PositiveIntegerField(
        _("place in the footer"),
        default=100,
        null=True,
        blank=True,
        help_text=_("Empty: not there."),
    )
    # The handle of an importer; see Article.source_ref.
    source_ref = models.CharField(max_length=200, unique=True, null=True, editable=False)  # noqa: DJ001
    # The digest of the body as an import left it: where the body has another, it was edited since.
    brought = models.CharField(max_length=64, blank=True, default="", editable=False)

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


class MenuItem(models.Model):
    """What stands in the menu of every page: a section, a region or a page of the site's own.

    Without any the menu has the countries and the sections.
    """

    section = models.OneToOneField(
        Section, models.CASCADE, null=True, blank=True, related_name="menu_item"
    )
    region = models.OneToOneField(
        Region, models.CASCADE, null=True, blank=True, related_name="menu_item"
    )
    page = models.OneToOneField(
        Page, models.CASCADE, null=True, blank=True, related_name="menu_item"
    )
    position = models.PositiveIntegerField()

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(section__isnull=False, region=None, page=None)
                | Q(section=None, region__isnull=False, page=None)
                | Q(section=None, region=None, page__isnull=False),
                name="menu_item_leads_to_one_thing",
            )
        ]

    def __str__(self):
        return str(self.section or self.region or self.page)
