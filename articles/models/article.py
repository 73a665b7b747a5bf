"""A story, who is credited for it, and which reports it relies on."""

import zoneinfo

from django.conf import settings
from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import Case, F, OuterRef, Prefetch, Q, Subquery, When
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override
from django.utils.translation import pgettext_lazy as pgettext
from taggit.managers import TaggableManager

from addresses.fields import WebAddressField
from addresses.languages import codes, in_language
from addresses.slugs import free_slug, slugify
from articles.models.region import Region
from articles.models.section import Section
from articles.models.tag import CaseFoldingManager, Filing
from authors.models import Author, Organisation
from images.models import Image
from prose.fields import BodyField

HEADLINE_LENGTH = 250


def site_zone():
    """The zone in which the site counts its days, whatever zone a person works in."""
    return zoneinfo.ZoneInfo(settings.TIME_ZONE)


def default_language():
    return codes()[0]


class Series(models.Model):
    """Stories that belong together, each with the number of its part."""

    name = models.CharField(_("name"), max_length=120, unique=True)
    names = models.JSONField(default=dict, blank=True)
    slug = models.SlugField(max_length=100, unique=True, blank=True)
    description = models.TextField(_("description"), blank=True)
    descriptions = models.JSONField(default=dict, blank=True)
    is_listed = models.BooleanField(_("listed"), default=False)

    class Meta:
        verbose_name = _("series")
        verbose_name_plural = pgettext("several", "series")
        ordering = ["name"]

    def __str__(self):
        return self.name

    def save(self, *args, **kwargs):
        if not self.slug:
            others = Series.objects.exclude(pk=self.pk)
            self.slug = free_slug(
                slugify(self.name, fallback="series"),
                lambda slug: others.filter(slug=slug).exists(),
            )
        super().save(*args, **kwargs)

    def get_absolute_url(self):
        return reverse("series", args=[self.slug])

    def name_in(self, language):
        return in_language(self, "name", language)


class ArticleQuerySet(models.QuerySet):
    def published(self, now=None):
        """The public's only door: what lists, feeds, fronts and search may show at ``now``."""
        return self.filter(status="published", published_at__lte=now or timezone.now())

    def readable(self, now=None):
        """What has a page: published stories and retracted ones."""
        return self.filter(
            status__in=["published", "retracted"], published_at__lte=now or timezone.now()
        )

    def taken_down(self, now=None):
        """What readers could open once and find in no list any more: pulled, withdrawn, retracted."""
        return self.filter(
            status__in=["pulled", "withdrawn", "retracted"],
            first_published_at__lte=now or timezone.now(),
            down_at__gte=F("published_at"),
        )

    def in_language(self, language):
        return self.filter(language=language)

    def newest_first(self):
        return self.order_by("-published_at", "-pk")

    def for_cards(self):
        """With what a card prints (section, picture, credits, regions), without the body."""
        return (
            self.select_related("section", "lead_image")
            .prefetch_related(
                Prefetch("bylines", queryset=Byline.objects.for_printing()),
                Prefetch("regions", queryset=Region.objects.order_by("path")),
            )
            .defer("body")
        )

    def with_parts(self, now=None):
        """With ``parts``: the highest part of a story's series that readers can find, in its language."""
        parts = Article.objects.published(now).filter(
            series=OuterRef("series"), language=OuterRef("language"), part__isnull=False
        )
        # Asked only of a story in a series: where there are none, SQLite would look through them all.
        highest = Subquery(parts.order_by("-part").values("part")[:1])
        return self.annotate(parts=Case(When(series__isnull=False, then=highest)))

    def for_page(self):
        """With everything that the page of a story prints."""
        return self.select_related(
            "section", "lead_image", "dateline_organisation", "paid_by", "series", "translated_from"
        ).prefetch_related(
            Prefetch("bylines", queryset=Byline.objects.for_printing()),
            Prefetch("regions", queryset=Region.objects.order_by("path")),
            "tags",
            Prefetch("citations", queryset=Citation.objects.select_related("organisation")),
            "corrections",
        )

    def in_region(self, region):
        """Stories filed under ``region`` or a region within it, each once."""
        within = Region.objects.within(region)
        return self.filter(
            pk__in=Article.regions.through.objects.filter(region__in=within).values("article")
        )

    def credited(self, author):
        """Stories that openly credit a person, in whatever role, each once."""
        return self.filter(
            pk__in=Byline.objects.filter(author=author, withheld=False).values("article")
        )

    def from_organisation(self, organisation):
        """Stories an organisation is credited for or that carry its name in the dateline."""
        return self.filter(
            Q(
                pk__in=Byline.objects.filter(organisation=organisation, withheld=False).values(
                    "article"
                )
            )
            | Q(dateline_organisation=organisation)
        )

    def relying_on(self, organisation):
        """Stories that name a report of ``organisation`` among those they rely on."""
        return self.filter(
            pk__in=Citation.objects.filter(organisation=organisation).values("article")
        )


class Article(models.Model):
    """A story. ``status`` is written by articles.publishing alone."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("draft")
        IN_REVIEW = "in_review", _("in review")
        READY = "ready", _("ready")
        PUBLISHED = "published", _("published")
        PULLED = "pulled", _("pulled")
        WITHDRAWN = "withdrawn", _("withdrawn")
        RETRACTED = "retracted", _("retracted")
        SPIKED = "spiked", _("spiked")

    class Genre(models.TextChoices):
        NEWS = "news", _("news")
        REPORT = "report", _("report")
        ANALYSIS = "analysis", _("analysis")
        OPINION = "opinion", _("opinion")
        INTERVIEW = "interview", _("interview")
        EXPLAINER = "explainer", _("explainer")

    # words
    headline = models.CharField(_("headline"), max_length=HEADLINE_LENGTH)
    kicker = models.CharField(_("kicker"), max_length=60, blank=True)
    standfirst = models.TextField(
        _("standfirst"), blank=True, validators=[MaxLengthValidator(1000)]
    )
    slug = models.SlugField(_("slug"), max_length=100)
    body = BodyField(_("body"), blank=True)
    language = models.CharField(_("language"), max_length=10, default=default_language)
    genre = models.CharField(_("genre"), max_length=20, choices=Genre, default=Genre.NEWS)
    paid_by = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("paid for by"),
    )
    # credits: who is printed is decided by Byline; this only lets a person's stories be reached
    authors = models.ManyToManyField(
        Author, through="Byline", related_name="articles", editable=False
    )
    # dateline
    dateline_place = models.CharField(_("place"), max_length=100, blank=True)
    dateline_date = models.DateField(_("date in the dateline"), null=True, blank=True)
    dateline_organisation = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="datelined_articles",
        verbose_name=_("agency in the dateline"),
    )
    # filing
    section = models.ForeignKey(
        Section,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="articles",
        verbose_name=_("section"),
    )
    regions = models.ManyToManyField(
        Region, blank=True, related_name="articles", verbose_name=_("regions")
    )
    tags = TaggableManager(through=Filing, manager=CaseFoldingManager, blank=True)
    series = models.ForeignKey(
        Series,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="articles",
        verbose_name=_("series"),
    )
    part = models.PositiveIntegerField(_("part"), null=True, blank=True)
    supersedes = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="superseded_by"
    )
    translation_group = models.UUIDField(null=True, blank=True, db_index=True, editable=False)
    translated_from = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="translations"
    )
    translated_from_revision = models.ForeignKey(
        "Revision", models.SET_NULL, null=True, blank=True, related_name="+", editable=False
    )
    # picture
    lead_image = models.ForeignKey(
        Image,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("lead picture"),
    )
    lead_caption = models.TextField(
        _("caption here"), blank=True, help_text=_("Instead of the picture's own caption")
    )
    # life
    status = models.CharField(
        _("status"), max_length=20, choices=Status, default=Status.DRAFT, editable=False
    )
    published_at = models.DateTimeField(_("published"), null=True, blank=True, editable=False)
    first_published_at = models.DateTimeField(null=True, blank=True, editable=False)
    address_date = models.DateField(null=True, blank=True, editable=False)
    updated_at = models.DateTimeField(_("updated"), null=True, blank=True, editable=False)
    embargo_until = models.DateTimeField(_("embargo until"), null=True, blank=True)
    down_kind = models.CharField(max_length=20, blank=True, editable=False)
    down_at = models.DateTimeField(null=True, blank=True, editable=False)
    down_reason = models.TextField(blank=True, editable=False)
    down_note = models.TextField(blank=True, editable=False)
    down_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )
    down_shows_headline = models.BooleanField(default=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="entered_articles",
        editable=False,
        verbose_name=_("entered by"),
    )
    entered_at = models.DateTimeField(_("entered"), default=timezone.now, editable=False)
    modified_at = models.DateTimeField(_("last saved"), default=timezone.now, editable=False)
    # planning
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="assigned_articles",
        verbose_name=_("assigned to"),
    )
    due_at = models.DateTimeField(_("due"), null=True, blank=True)
    is_restricted = models.BooleanField(_("restricted"), default=False, editable=False)
    restricted_to = models.ManyToManyField(
        settings.AUTH_USER_MODEL, blank=True, related_name="+", verbose_name=_("restricted to")
    )
    # identity
    guid = models.CharField(max_length=300, unique=True, null=True, editable=False)  # noqa: DJ001
    source_ref = models.CharField(
        max_length=200, unique=True, null=True, blank=True, editable=False
    )
    canonical_url = WebAddressField(_("canonical address elsewhere"), blank=True)
    # search engines
    seo_title = models.CharField(_("title for search engines"), max_length=120, blank=True)
    seo_description = models.CharField(
        _("description for search engines"), max_length=300, blank=True
    )
    noindex = models.BooleanField(_("keep out of search engines"), default=False)
    # passing on
    may_not_be_republished = models.BooleanField(
        _("not to be republished"),
        default=False,
        help_text=_("Other papers are not offered this story."),
    )

    objects = ArticleQuerySet.as_manager()

    class Meta:
        verbose_name = _("story")
        verbose_name_plural = _("stories")
        ordering = ["-modified_at", "-pk"]
        indexes = [
            models.Index(
                fields=["language", "status", "-published_at", "-id"], name="stories_by_language"
            ),
            models.Index(fields=["slug", "language"], name="stories_by_slug"),
            models.Index(fields=["status", "-modified_at"], name="stories_by_state"),
            models.Index(fields=["-modified_at", "-id"], name="stories_by_save"),
            models.Index(fields=["-published_at", "-id"], name="stories_by_time"),
            models.Index(fields=["id"], condition=Q(is_restricted=True), name="restricted_stories"),
            models.Index(
                fields=["section", "language", "status", "-published_at", "-id"],
                name="stories_by_section",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["language", "address_date", "slug"],
                condition=Q(address_date__isnull=False),
                name="one_story_per_address",
            ),
            models.UniqueConstraint(
                fields=["translation_group", "language"],
                condition=Q(translation_group__isnull=False),
                name="one_story_per_language_of_a_translation",
            ),
            models.CheckConstraint(condition=~Q(headline=""), name="story_has_a_headline"),
            models.CheckConstraint(condition=~Q(slug=""), name="story_has_a_slug"),
            models.CheckConstraint(
                condition=Q(
                    status__in=(
                        [
                            "draft",
                            "in_review",
                            "ready",
                            "published",
                            "pulled",
                            "withdrawn",
                            "retracted",
                            "spiked",
                        ]
                    )
                ),
                name="story_is_in_a_known_state",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["draft", "in_review", "ready", "spiked"])
                | Q(
                    published_at__isnull=False,
                    first_published_at__isnull=False,
                    address_date__isnull=False,
                    section__isnull=False,
                    guid__isnull=False,
                ),
                name="published_story_has_date_section_and_guid",
            ),
            models.CheckConstraint(
                condition=Q(embargo_until=None)
                | Q(published_at=None)
                | Q(published_at__gte=F("embargo_until")),
                name="published_after_embargo",
            ),
            models.CheckConstraint(
                condition=~Q(status="withdrawn") | ~Q(down_reason=""),
                name="withdrawal_has_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(translated_from=None) | ~Q(translated_from=F("pk")),
                name="story_is_not_its_own_translation",
            ),
        ]

    def __str__(self):
        return self.headline

    def save(self, *args, **kwargs):
        if not self.slug:
            self.slug = slugify(self.headline, self.language)
        super().save(*args, **kwargs)

    # what it is now

    @property
    def is_live(self):
        """Whether readers can open it at this moment."""
        return (
            self.status in {"published", "retracted"}
            and self.published_at is not None
            and self.published_at <= timezone.now()
        )

    @property
    def is_scheduled(self):
        return (
            self.status == "published"
            and self.published_at is not None
            and self.published_at > timezone.now()
        )

    @property
    def was_public(self):
        """Whether readers may ever have seen it."""
        return self.first_published_at is not None and self.first_published_at <= timezone.now()

    @property
    def is_embargoed(self):
        return self.embargo_until is not None and self.embargo_until > timezone.now()

    # where it stands

    def get_absolute_url(self):
        """Its public address; ``""`` before the first publication, when there is none."""
        if self.address_date is None:
            return ""
        with override(self.language):
            return reverse(
                "article",
                args=[
                    f"{self.address_date:%Y}",
                    f"{self.address_date:%m}",
                    f"{self.address_date:%d}",
                    self.slug,
                ],
            )

    @staticmethod
    def date_of_address(moment):
        """The date in a story's address: the day in the site's zone.

        >>> Article.date_of_address(datetime.datetime(2026, 11, 23, 20, tzinfo=datetime.UTC))
        datetime.date(2026, 11, 24)
        """
        return moment.astimezone(site_zone()).date()

    # what is printed

    def credits(self):
        """The credits in printing order, as a list of Bylines (see Byline.printed)."""
        return list(self.bylines.all())

    def is_republished(self):
        """Whether it is another's text, which may not be passed on as ours."""
        return any(c.relation == Citation.Relation.REPUBLISHED for c in self.citations.all())

    def is_offered(self):
        """Whether other papers may have it, where the site offers its stories at all: not what is
        paid for, an opinion, another's text, what stands elsewhere, or what an editor keeps."""
        others = {Citation.Relation.REPUBLISHED, Citation.Relation.TRANSLATED}
        return (
            self.status == Article.Status.PUBLISHED
            and not self.may_not_be_republished
            and self.paid_by_id is None
            and not self.canonical_url
            and self.genre != Article.Genre.OPINION
            and not any(citation.relation in others for citation in self.citations.all())
        )

    def serious_corrections(self):
        return [c for c in self.printed_corrections() if c.is_serious]

    def minor_corrections(self):
        return [c for c in self.printed_corrections() if not c.is_serious]

    def printed_corrections(self):
        """Corrections that have not been superseded, newest first, with the ``earlier`` ones of each."""
        corrections = {c.pk: c for c in self.corrections.all()}
        superseded = {c.supersedes_id for c in corrections.values()}
        found = [c for c in corrections.values() if c.pk not in superseded]
        for correction in found:
            correction.earlier = []
            last = correction
            while last.supersedes_id is not None:
                last = corrections[last.supersedes_id]
                correction.earlier.append(last)
        return found


class BylineQuerySet(models.QuerySet):
    def for_printing(self):
        return self.select_related(
            "author__portrait", "author__organisation", "author__merged_into", "organisation__logo"
        ).order_by("position", "pk")


class Byline(models.Model):
    """A credit: one person or one organisation, in one role. Drives every name that is printed."""

    class Role(models.TextChoices):
        AUTHOR = "author", _("author")
        REPORTER = "reporter", _("reporter")
        TRANSLATOR = "translator", _("translator")
        EDITOR = "editor", _("editor")
        PHOTOGRAPHER = "photographer", _("photographer")
        ILLUSTRATOR = "illustrator", _("illustrator")
        ADDITIONAL = "additional reporting", _("additional reporting")
        DATA = "data", _("data")

    WRITING = [Role.AUTHOR, Role.REPORTER, Role.TRANSLATOR, Role.ADDITIONAL, Role.DATA]

    article = models.ForeignKey(Article, models.CASCADE, related_name="bylines")
    author = models.ForeignKey(
        Author,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="bylines",
        verbose_name=_("person"),
    )
    organisation = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="bylines",
        verbose_name=_("organisation"),
    )
    role = models.CharField(_("role"), max_length=20, choices=Role, default=Role.AUTHOR)
    position = models.PositiveIntegerField(_("position"), default=0)
    withheld = models.BooleanField(
        _("withheld"), default=False, help_text=_("Print the house instead of the name")
    )

    objects = BylineQuerySet.as_manager()

    class Meta:
        verbose_name = _("credit")
        verbose_name_plural = _("credits")
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(author__isnull=False, organisation__isnull=True)
                | Q(author__isnull=True, organisation__isnull=False),
                name="credit_is_a_person_or_an_organisation",
            ),
            models.UniqueConstraint(
                fields=["article", "author", "role"],
                condition=Q(author__isnull=False),
                name="one_credit_per_person_and_role",
            ),
            models.UniqueConstraint(
                fields=["article", "organisation", "role"],
                condition=Q(organisation__isnull=False),
                name="one_credit_per_organisation_and_role",
            ),
        ]

    def __str__(self):
        return f"{self.author or self.organisation} ({self.get_role_display()})"

    @property
    def shows_person(self):
        """Whether the person may be named: there is one, not withheld and not hidden."""
        return self.author is not None and not self.withheld and not self.author.is_hidden

    def printed(self, language):
        """The Credit to print, or None where the house stands in for the person."""
        if self.organisation is not None:
            return None if self.withheld else self.organisation.credit(language)
        return self.author.credit(language) if self.shows_person else None


class Citation(models.Model):
    """A report that the story relies on. Never a person's name; never a credit."""

    class Relation(models.TextChoices):
        CITES = "cites", _("cites")
        BASED_ON = "based on", _("based on")
        REPUBLISHED = "republished from", _("republished from")
        TRANSLATED = "translated from", _("translated from")
        PHOTO = "photo from", _("photo from")

    article = models.ForeignKey(Article, models.CASCADE, related_name="citations")
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="citations", verbose_name=_("organisation")
    )
    relation = models.CharField(
        _("relation"), max_length=20, choices=Relation, default=Relation.CITES
    )
    url = WebAddressField(_("address of the report"), blank=True, max_length=500)
    position = models.PositiveIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        ordering = ["position", "pk"]

    def __str__(self):
        return f"{self.get_relation_display()} {self.organisation}"
