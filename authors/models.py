"""Logins, the people whose names are printed, and organisations: three things that are never one."""

import datetime
from typing import NamedTuple

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override
from django.utils.translation import pgettext_lazy as pgettext

from addresses.fields import WebAddressField
from addresses.languages import in_language
from addresses.slugs import free_slug, slugify
from images.models import Image, record_uses
from prose.fields import BodyField

# When the portrait of a person listed on the masthead became public: before anything else.
ALWAYS = datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC)


class User(AbstractUser):
    """A login. Never public: what is printed is an Author or an Organisation."""

    LANGUAGES = [("en", "English"), ("ru", "Русский")]

    language = models.CharField(_("language"), max_length=10, blank=True, choices=LANGUAGES)
    # What the person does not want to hear: "mail submitted", "hook published".
    muted = models.JSONField(default=list, blank=True)
    # Where the newsroom's webhook finds the person: for a Telegram bot the number of the chat.
    messenger = models.CharField(_("address at the messenger"), max_length=100, blank=True)

    class Meta(AbstractUser.Meta):
        verbose_name = _("login")
        verbose_name_plural = _("logins")


class OneTimeLink(models.Model):
    """With it the owner of a login sets a password. Of its token only a hash is kept."""

    login = models.ForeignKey(User, models.CASCADE, related_name="one_time_links")
    # Nobody, where the owner asked for it on the sign-in page.
    made_by = models.ForeignKey(User, models.CASCADE, null=True, related_name="+")
    token_hash = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()

    def __str__(self):
        return str(self.login)


class Credit(NamedTuple):
    """A name as it may be printed: ``address`` is empty where there is no page to lead to."""

    name: str
    language: str
    address: str


class OrganisationQuerySet(models.QuerySet):
    def public(self, now=None):
        """Organisations with a page: an editor listed them, or a live story names them."""
        now = now or timezone.now()
        listed = Q(is_listed=True) | Q(is_house=True)
        # Each by itself: joined in one, the rows of each would be multiplied by those of the others.
        for path in ("bylines__article", "citations__article", "datelined_articles"):
            is_named = {"bylines__withheld": False} if path.startswith("bylines") else {}
            named = self.model.objects.filter(
                **{
                    f"{path}__status__in": ["published", "retracted"],
                    f"{path}__published_at__lte": now,
                },
                **is_named,
            )
            listed |= Q(pk__in=named.order_by().values("pk"))
        return self.filter(listed, merged_into=None)


class Organisation(models.Model):
    """A news organisation, an agency or an institution: the house, a credit, or a source."""

    class Kind(models.TextChoices):
        HOUSE = "house", _("house")
        AGENCY = "agency", _("agency")
        NEWSPAPER = "newspaper", _("newspaper")
        BROADCASTER = "broadcaster", _("broadcaster")
        OFFICIAL = "official", _("official")
        OTHER = "other", _("other")

    name = models.CharField(_("name"), max_length=150, unique=True)
    names = models.JSONField(default=dict, blank=True)
    short_name = models.CharField(
        _("short name"), max_length=40, blank=True, help_text=_("As in a dateline: TCA")
    )
    slug = models.SlugField(max_length=100, unique=True, blank=True)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind, default=Kind.OTHER)
    url = WebAddressField(_("website"), blank=True)
    description = models.TextField(_("description"), blank=True)
    descriptions = models.JSONField(default=dict, blank=True)
    logo = models.ForeignKey(
        Image, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("logo")
    )
    aliases = models.JSONField(
        _("other spellings"), default=list, blank=True, help_text=_("For recognising it in text")
    )
    is_house = models.BooleanField(_("this is us"), default=False)
    is_listed = models.BooleanField(_("listed"), default=False)
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="merged", editable=False
    )

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["is_house"], condition=Q(is_house=True), name="at_most_one_house"
            ),
            models.CheckConstraint(condition=~Q(slug=""), name="organisation_has_a_slug"),
            models.CheckConstraint(
                condition=~Q(merged_into=models.F("pk")),
                name="organisation_is_not_merged_into_itself",
            ),
        ]

    def __str__(self):
        return self.name

    def save(self, *args, **kwargs):
        if not self.slug:
            others = Organisation.objects.exclude(pk=self.pk)
            self.slug = free_slug(
                slugify(self.short_name or self.name, fallback="organisation"),
                lambda slug: others.filter(slug=slug).exists(),
            )
        super().save(*args, **kwargs)

    def get_absolute_url(self):
        return reverse("organisation", args=[self.slug])

    def name_in(self, language):
        return in_language(self, "name", language)

    def description_in(self, language):
        return in_language(self, "description", language)

    def credit(self, language):
        """Its name as printed in ``language``, with the address of its page."""
        text = self.name_in(language)
        with override(language):
            return Credit(text.words, text.language, self.get_absolute_url())


class AuthorQuerySet(models.QuerySet):
    def public(self, now=None):
        """People with a page: an editor listed them or a live story credits them openly."""
        now = now or timezone.now()
        credited = self.model.objects.filter(
            bylines__withheld=False,
            bylines__article__status__in=["published", "retracted"],
            bylines__article__published_at__lte=now,
        )
        return self.filter(
            Q(is_listed=True) | Q(pk__in=credited.values("pk")), hidden_at=None, merged_into=None
        )


class Author(models.Model):
    """A person whose name is printed. Needs no login; is never deleted, only retired or merged."""

    class Status(models.TextChoices):
        STAFF = "staff", _("staff")
        CONTRIBUTOR = "contributor", _("contributor")
        FORMER = "former", _("former")

    name = models.CharField(pgettext("of a person", "name"), max_length=120)
    names = models.JSONField(default=dict, blank=True)
    slug = models.SlugField(max_length=100, unique=True, blank=True)
    user = models.OneToOneField(
        User,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="author",
        verbose_name=_("login"),
        help_text=_("Only if this person also works on the desk"),
    )
    organisation = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="people",
        verbose_name=_("organisation"),
    )
    job_title = models.CharField(_("job title"), max_length=120, blank=True)
    job_titles = models.JSONField(default=dict, blank=True)
    short_bio = models.TextField(_("short biography"), blank=True)
    short_bios = models.JSONField(default=dict, blank=True)
    biography = BodyField(_("biography"), blank=True, shows=[])
    biographies = models.JSONField(default=dict, blank=True)
    portrait = models.ForeignKey(
        Image, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("portrait")
    )
    location = models.CharField(_("based in"), max_length=100, blank=True)
    locations = models.JSONField(default=dict, blank=True)
    languages = models.JSONField(
        _("languages"), default=list, blank=True, help_text=_("Codes: en, ru, ky")
    )
    links = models.JSONField(_("links"), default=list, blank=True)
    status = models.CharField(
        _("status"), max_length=20, choices=Status, default=Status.CONTRIBUTOR
    )
    aliases = models.JSONField(_("other spellings"), default=list, blank=True)
    position = models.PositiveIntegerField(_("place on the masthead"), default=100)
    is_listed = models.BooleanField(_("listed on the masthead"), default=False)
    hidden_at = models.DateTimeField(null=True, blank=True, editable=False)
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="merged", editable=False
    )

    objects = AuthorQuerySet.as_manager()

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ["name"]
        indexes = [
            models.Index(
                fields=["hidden_at"], condition=Q(hidden_at__isnull=False), name="hidden_people"
            )
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(slug=""), name="person_has_a_slug"),
            models.CheckConstraint(
                condition=~Q(merged_into=models.F("pk")),
                name="person_is_not_merged_into_themselves",
            ),
        ]

    def __str__(self):
        return self.name

    def save(self, *args, **kwargs):
        if not self.slug:
            others = Author.objects.exclude(pk=self.pk)
            self.slug = free_slug(
                slugify(self.name, fallback="person"),
                lambda slug: others.filter(slug=slug).exists(),
            )
        super().save(*args, **kwargs)

    def get_absolute_url(self):
        return reverse("author", args=[self.slug])

    def initials_in(self, language):
        """The first letters of the first and last name, for the tile that stands for a portrait."""
        words = self.name_in(language).words.split()
        return (words[0][:1] + (words[-1][:1] if len(words) > 1 else "")).upper()

    @property
    def is_hidden(self):
        return self.hidden_at is not None

    def name_in(self, language):
        return in_language(self, "name", language)

    def job_title_in(self, language):
        return in_language(self, "job_title", language)

    def short_bio_in(self, language):
        return in_language(self, "short_bio", language)

    def biography_in(self, language):
        return in_language(self, "biography", language)

    def location_in(self, language):
        return in_language(self, "location", language)

    def credit(self, language):
        """The one door for a printed name: a Credit, or None where a house credit is printed."""
        if self.is_hidden:
            return None
        if self.merged_into_id is not None:
            return self.merged_into.credit(language)
        text = self.name_in(language)
        with override(language):
            return Credit(text.words, text.language, self.get_absolute_url())

    @property
    def face(self):
        """The portrait while readers may see it as theirs; None where there is none, its rights ended
        or the person is hidden."""
        portrait = self.portrait
        is_shown = portrait is not None and not portrait.rights_have_ended and not self.is_hidden
        return portrait if is_shown else None

    def record_portrait(self):
        """Write from when on the portrait may be seen: while a live story credits the person."""
        since = None
        if not self.is_hidden and self.merged_into_id is None:
            if self.is_listed:
                since = ALWAYS
            else:
                since = self.bylines.filter(
                    withheld=False,
                    article__status__in=["published", "retracted"],
                    article__published_at__isnull=False,
                ).aggregate(first=models.Min("article__published_at"))["first"]
        record_uses(f"person {self.pk}", [(self.portrait_id, "portrait", since)])


class BiographyProposal(models.Model):
    """What a person changed on their own page and an editor has not looked at yet; one a person.

    ``content``: by name of a field of the Author, what is to stand there; ``base``: what stood
    there. Taken over, the row is gone; dropped, it stays with the reason until the next proposal.
    """

    author = models.OneToOneField(Author, models.CASCADE, related_name="proposal")
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    content = models.JSONField(default=dict)
    base = models.JSONField(default=dict)
    dropped_at = models.DateTimeField(null=True, blank=True)
    dropped_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    reason = models.TextField(blank=True)

    class Meta:
        ordering = ["at"]
        constraints = [
            models.CheckConstraint(condition=~Q(content={}), name="proposal_changes_something"),
        ]

    def __str__(self):
        return f"{self.author_id}: {', '.join(sorted(self.content))}"
