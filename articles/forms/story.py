"""The form of a story on the desk: its words, its filing, and its rows of credits and sources."""

import re

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from addresses.slugs import slugify
from articles import (
    autosaves,
    datelines,
    naming,
    permissions,
    related,
    translations,
    versions,
)
from articles.forms.fields import MomentField, NamedField, NamesField, PictureField, TagsField
from articles.forms.rows import Concealed, CreditSet, Known, SourceSet
from articles.forms.typed import FormIdField, unjudged
from articles.models import Article, Region, Series, Tag
from articles.models.article import HEADLINE_LENGTH
from articles.publishing import GOOD_HEADLINE
from authors.models import Organisation
from images.models import Image
from prose import body as prose

GOOD_STANDFIRST = 240
_PLACE_AND_AGENCY = re.compile(r"(?P<place>[^()]+?) *\((?P<agency>[^()]+)\)")


class StoryForm(forms.ModelForm):
    """A story with its rows. Set by the admin for each request:

    ``user``; ``refusals``: what articles.publishing found (its Problems) when this was to be saved;
    ``began``: the snapshot that the form shows where it is not the story's own (a next version);
    ``typed``: data of this form as it was left, to be shown again where nothing is posted.
    """

    user = None
    refusals = ()
    began = None
    typed = None
    concealed = None  # a story that is not saved yet withholds nobody
    is_held = False  # it comes back to whoever sent it, whatever is in it
    MAKEABLE = ("dateline_organisation", "series", "paid_by")

    headline = forms.CharField(
        label=_("Headline"),
        max_length=HEADLINE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 1, "data-count": GOOD_HEADLINE}),
    )
    standfirst = forms.CharField(
        label=_("Standfirst"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 1, "data-count": GOOD_STANDFIRST}),
    )
    body = Article._meta.get_field("body").formfield(required=False, label=_("Text"))
    slug = forms.CharField(
        label=_("Address"),
        required=False,
        max_length=200,
        help_text=_(
            "The last part of the story's address. Left empty, it is made of the headline."
        ),
    )
    dateline_organisation = NamedField(
        Organisation, source=(Article, "dateline_organisation"), label=_("Agency")
    )
    paid_by = NamedField(
        Organisation,
        source=(Article, "paid_by"),
        label=_("Paid for by"),
        help_text=_("For sponsored copy only. Readers are told."),
    )
    series = NamedField(Series, source=(Article, "series"), label=_("Series"))
    supersedes = NamedField(
        Article,
        source=(Article, "supersedes"),
        label=_("Continues"),
        help_text=_("The older story that this one takes the place of on fronts."),
    )
    translated_from = NamedField(
        Article, source=(Article, "translated_from"), label=_("Translated from")
    )
    regions = NamesField(
        Region,
        source=(Article, "regions"),
        label=_("Regions"),
        help_text=_("Where it happens. Pages of larger regions list it too."),
    )
    tags = TagsField(label=_("Tags"), help_text=_("A new name makes a new tag."))
    lead_image = PictureField(Image.objects.all(), label=_("Lead picture"), required=False)
    lead_caption = forms.CharField(
        label=_("Caption here"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Instead of the picture's own caption."),
    )
    language = forms.ChoiceField(label=_("Language"))
    embargo_until = MomentField(label=_("Embargo until"), required=False)
    embargo_too = forms.BooleanField(
        label=_("The same embargo for its other languages"), required=False, initial=True
    )
    due_at = MomentField(label=_("Due"), required=False)
    is_substantive = forms.BooleanField(
        label=_("Readers should know of this change"),
        required=False,
        help_text=_("Moves the time of “Updated”, and tells feeds."),
    )
    reason = forms.CharField(
        label=_("Why this change? (for the history)"), required=False, max_length=300
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    form_id = FormIdField()

    class Meta:
        model = Article
        fields = [
            "kicker",
            "genre",
            "section",
            "dateline_place",
            "dateline_date",
            "part",
            "assigned_to",
            "canonical_url",
            "seo_title",
            "seo_description",
            "noindex",
            "may_not_be_republished",
        ]
        widgets = {
            "dateline_place": forms.TextInput(attrs={"list": "recent-places"}),
            "dateline_date": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
            "seo_description": forms.Textarea(attrs={"rows": 2}),
        }

    def __init__(self, data=None, *args, **kwargs):
        super().__init__(self.typed if data is None else data, *args, **kwargs)
        self.initial["form_id"] = autosaves.new_form_id()
        self.notices = []  # what was done to the text on the way, said after saving
        fields = self.fields
        if self.instance.pk:
            hidden = set()
            if self.began is None:
                self.began = versions.snapshot(self.instance)
                self.initial["regions"] = list(self.instance.regions.all())
                self.initial["tags"] = list(self.instance.tags.all())
            else:
                # A next version may name whom the story itself withholds, or will.
                if not permissions.is_chief(self.user):
                    hidden = versions.withheld(self.instance)
                self.initial["regions"] = list(Region.objects.filter(pk__in=self.began["regions"]))
                self.initial["tags"] = list(Tag.objects.filter(pk__in=self.began["tags"]))
            self.known = Known(self.began, self.instance)
            self.concealed = Concealed(self.instance, self.user, self.began["bylines"], hidden)
            for name, field in fields.items():
                if isinstance(field, NamedField):
                    self.initial[name] = getattr(self.instance, name)
            self.initial["version"] = self.instance.version
        for name in {"headline", "standfirst"} & set(fields):
            fields[name].widget.attrs.pop("maxlength", None)
        for name in {"supersedes", "translated_from"} & set(fields):
            stories = permissions.visible_stories(self.user, Article.objects.all())
            fields[name].things = stories.exclude(pk=self.instance.pk).defer("body")
        for name in set(self.MAKEABLE) & set(fields):
            fields[name].maker = f"{name}_make"
            fields[name].widget.attrs["data-make"] = "make"
            fields[name].may_make = bool(self.data.get(f"{name}_make"))
        if "language" in fields:
            fields["language"].choices = settings.LANGUAGES
        self.made = []
        if "lead_image" in fields and self.is_bound:
            pictures = permissions.visible_images(self.user, Image.objects.all())
            kept = Image.objects.filter(pk=self.instance.lead_image_id)
            fields["lead_image"].queryset = pictures | kept
        if self.is_bound and self.instance.pk:
            self.data = self._whole(self.data)
        self.credits = self._rows(CreditSet, "bylines", concealed=self.concealed)
        self.sources = self._rows(SourceSet, "citations")
        if data is None and self.is_bound:
            unjudged(self, self.credits, self.sources)

    def _whole(self, data):
        """The posted data with, for each field that was not posted at all, what stands there."""
        data = data.copy()
        for name, field in self.fields.items():
            prefixed = self.add_prefix(name)
            if name != "version" and field.widget.value_omitted_from_data(data, {}, prefixed):
                value = field.prepare_value(self.get_initial_for_field(field, name))
                value = field.widget.format_value(value)
                data.setlist(prefixed, value if isinstance(value, list) else [value or ""])
        return data

    def _rows(self, rows, prefix, **more):
        """The rows below ``prefix``: as posted, or as they are where nothing was posted of them."""
        initial = rows.of(self.began[prefix], self.known, **more) if self.began else []
        options = {"prefix": prefix, "form_kwargs": {"user": self.user, **more}}
        if self.is_bound and f"{prefix}-TOTAL_FORMS" in self.data:
            return rows(self.data, initial=initial, **options)
        return rows(initial=initial, **options)

    def is_valid(self):
        valid = [rows.is_valid() for rows in (self.credits, self.sources) if rows.is_bound]
        return super().is_valid() and all(valid) and not self.is_held

    def clean_headline(self):
        headline = " ".join(self.cleaned_data["headline"].split())
        if not headline:
            raise ValidationError(_("The headline is missing."))
        return headline

    def clean_reason(self):
        return prose.plain(" ".join(self.cleaned_data["reason"].split()))

    def clean_slug(self):
        words = self.cleaned_data["slug"].strip()
        return slugify(words, self.data.get("language", "")) if words else ""

    def clean_body(self):
        html = self.cleaned_data["body"]
        # Checked before it is cleaned: cleaning a mountain takes long.
        Article._meta.get_field("body").check_length(html)
        stories = permissions.visible_stories(self.user, Article.objects.published())
        return related.name_addresses(prose.clean(html), stories)

    def clean(self):
        cleaned = super().clean()
        for name, value in cleaned.items():
            if isinstance(value, str):
                # Browsers send line ends as CRLF; that is no change of what was written.
                cleaned[name] = value.replace("\r\n", "\n")
        if self.instance.pk and self.cleaned_data.get("version") is None and not self.errors:
            self.add_error(None, _("The form has lost its place. Open the story again."))
        self._part_place(cleaned)
        if "body" in cleaned:
            self._take_dateline(cleaned)
        self._check_translation(cleaned)
        for problem in self.refusals:
            self.add_error(problem.field if problem.field in self.fields else None, problem.message)
        return cleaned

    def _check_translation(self, cleaned):
        if "translated_from" in self.errors or "language" in self.errors:
            return
        field = "translated_from" if "translated_from" in cleaned else "language"
        original = cleaned.get("translated_from", self.instance.translated_from)
        language = cleaned.get("language", self.instance.language)
        if field in self.fields and (
            problem := translations.problem(self.instance, original, language)
        ):
            self.add_error(field, problem)

    def _part_place(self, cleaned):
        """Take the agency out of a picked dateline, ``Bishkek (TCA)``, into its own field."""
        parts = _PLACE_AND_AGENCY.fullmatch(cleaned.get("dateline_place") or "")
        if parts is None or "dateline_organisation" not in cleaned:
            return
        found = naming.find(Organisation.objects.all(), parts["agency"], numbers=False)
        agency = cleaned["dateline_organisation"]
        if len(found) == 1 and agency in (None, found[0]):
            cleaned["dateline_place"] = parts["place"]
            cleaned["dateline_organisation"] = found[0]

    def _take_dateline(self, cleaned):
        """Move an agency's heading, ``BISHKEK (TCA) —``, from the text into its fields."""
        if not {"dateline_place", "dateline_organisation"} <= set(self.fields):
            return
        heading = datelines.find(cleaned["body"], is_place=_is_place, today=timezone.localdate())
        if heading is None:
            return
        place = cleaned.get("dateline_place", "")
        agency = cleaned.get("dateline_organisation")
        if place and naming.plain(place) != naming.plain(heading.place):
            self.notices.append(
                _("The text begins with another dateline than the fields: “%(place)s”. It stays.")
                % {"place": heading.place}
            )
            return
        if heading.agency:
            found = naming.find(Organisation.objects.all(), heading.agency, numbers=False)
            if agency is not None and agency.pk is None and _says(agency.name, heading.agency):
                found = [agency]
            if len(found) != 1 or (agency is not None and agency.pk != found[0].pk):
                self.notices.append(
                    _(
                        "The dateline stays in the text: the agency “%(agency)s” is not known here."
                        " Add it under Dateline."
                    )
                    % {"agency": heading.agency}
                )
                return
            cleaned["dateline_organisation"] = found[0]
        cleaned["dateline_place"] = heading.place
        if heading.date is not None and not cleaned.get("dateline_date"):
            cleaned["dateline_date"] = heading.date
        cleaned["body"] = heading.html
        self.notices.append(
            _("The dateline moved from the text into its fields: %(place)s.")
            % {"place": heading.place}
        )

    def content(self):
        """What the valid form says, as a snapshot (see articles.versions).

        Tags, people and organisations that are new here are made; ``made`` lists those of the rows.
        """
        began = self.began or versions.NOTHING
        regions = self.cleaned_data.get("regions")
        tags = self.cleaned_data.get("tags")
        return versions.content_of(
            self.instance,
            regions=began["regions"] if regions is None else {region.pk for region in regions},
            tags=began["tags"] if tags is None else {tag.pk for tag in Tag.objects.named(tags)},
            bylines=self.credits.content(began["bylines"], self.made)
            if self.credits.is_bound
            else began["bylines"],
            citations=self.sources.content(self.made)
            if self.sources.is_bound
            else began["citations"],
        )


def _is_place(words):
    return bool(naming.find(Region.objects.all(), words, numbers=False))


def _says(one, other):
    return naming.plain(one) == naming.plain(other)
