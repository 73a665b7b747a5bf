from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from addresses.languages import in_language
from addresses.slugs import free_slug, slugify

_ITSELF = _("A region cannot lie in itself, or in one that lies in it.")


class RegionQuerySet(models.QuerySet):
    def hold(self):
        """Hold the whole tree until the transaction ends, so that it is moved by one at a time.

        Gives the paths as they are now: primary key -> path. SQLite has one writer anyway.
        """
        rows = self.model.objects.select_for_update(no_key=True).order_by("pk")
        return dict(rows.values_list("pk", "path"))

    def within(self, region):
        """``region`` with all that lies in it, and for a group with all that lies in its members."""
        condition = Q(path__startswith=region.path)
        if region.kind == Region.Kind.GROUP:
            for path in region.members.values_list("path", flat=True):
                condition |= Q(path__startswith=path)
        return self.filter(condition)


class Region(models.Model):
    """A place that stories are filed under: a tree, and groups that cross its borders.

    ``path`` lists the numbers of all that it lies in and its own: ``/1/4/17/``.
    """

    class Kind(models.TextChoices):
        WORLD_REGION = "world region", _("world region")
        COUNTRY = "country", _("country")
        PROVINCE = "province", _("province")
        CITY = "city", _("city")
        GROUP = "group", _("group")

    name = models.CharField(_("name"), max_length=100)
    names = models.JSONField(default=dict, blank=True)
    slug = models.SlugField(max_length=100, unique=True, blank=True)
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("lies in"),
    )
    path = models.CharField(max_length=200, db_index=True, editable=False)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind, default=Kind.PROVINCE)
    iso_code = models.CharField(_("ISO 3166 code"), max_length=6, blank=True)
    aliases = models.JSONField(_("other spellings"), default=list, blank=True)
    members = models.ManyToManyField(
        "self", symmetrical=False, blank=True, related_name="groups", verbose_name=_("members")
    )
    description = models.TextField(_("description"), blank=True)
    descriptions = models.JSONField(default=dict, blank=True)

    objects = RegionQuerySet.as_manager()

    class Meta:
        verbose_name = _("region")
        verbose_name_plural = _("regions")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["parent", "name"], name="one_name_per_parent_region"),
            models.CheckConstraint(condition=~Q(slug=""), name="region_has_a_slug"),
            models.CheckConstraint(
                condition=~Q(parent=models.F("pk")), name="region_does_not_lie_in_itself"
            ),
        ]

    def __str__(self):
        return self.name

    def clean(self):
        if self.parent_id and self.pk and self.parent.path.startswith(self.path):
            raise ValidationError({"parent": _ITSELF})
        if self.kind == self.Kind.GROUP and self.pk and self.groups.exclude(pk=self.pk).exists():
            raise ValidationError({"kind": _("It belongs to a group, so it cannot be one.")})
        if names := self._groups_in_a_group():
            text = _("A group would lie in a group: %(names)s.")
            raise ValidationError({"parent": ValidationError(text, params={"names": names})})

    def _groups_in_a_group(self):
        """Names of the groups that it lies in and of those that lie in it, where there are both."""
        groups = Region.objects.filter(kind=self.Kind.GROUP).exclude(pk=self.pk)
        path = self.parent.path if self.parent_id else ""
        above = groups.filter(pk__in=[int(number) for number in path.split("/") if number])
        below = groups.filter(path__startswith=self.path) if self.path else groups.none()
        above, below = list(above), list(below)
        if self.kind != self.Kind.GROUP and not (above and below):
            return ""
        return ", ".join(group.name for group in above + below)

    def save(self, *args, **kwargs):
        if not self.slug:
            others = Region.objects.exclude(pk=self.pk)
            self.slug = free_slug(
                slugify(self.name, fallback="region"),
                lambda slug: others.filter(slug=slug).exists(),
            )
        with transaction.atomic():
            paths = Region.objects.hold()
            self.path = paths.get(self.pk, "")
            above = paths.get(self.parent_id, "/")
            if self.path and above.startswith(self.path):
                raise ValidationError({"parent": _ITSELF})
            super().save(*args, **kwargs)
            self._write_path(above)

    def _write_path(self, above):
        """Keep ``path`` of this region and of all below it in step with the path ``above`` it."""
        old, new = self.path, f"{above}{self.pk}/"
        if old == new:
            return
        if old:
            for below in Region.objects.filter(path__startswith=old).exclude(pk=self.pk):
                Region.objects.filter(pk=below.pk).update(path=new + below.path[len(old) :])
        Region.objects.filter(pk=self.pk).update(path=new)
        self.path = new

    def get_absolute_url(self):
        return reverse("region", args=[self.slug])

    def name_in(self, language):
        return in_language(self, "name", language)

    def description_in(self, language):
        return in_language(self, "description", language)
