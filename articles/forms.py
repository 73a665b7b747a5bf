"""The form of a story on the desk: its words, its filing, and its rows of credits and sources.

Related things are typed by name, with suggestions where there is JavaScript and without it alike;
see articles.naming for what a name stands for.
"""

import csv

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import ProhibitNullCharactersValidator
from django.forms.formsets import BaseFormSet, formset_factory
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from addresses.slugs import slugify
from articles import datelines, naming, permissions, translations
from articles.models import (
    Article,
    Byline,
    Citation,
    Correction,
    Filing,
    Region,
    Series,
    Tag,
)
from articles.models.article import HEADLINE_LENGTH
from authors.models import Author, Organisation
from images.models import Image
from prose import body as prose

GOOD_HEADLINE = 110  # characters; the desk counts them and warns above
GOOD_STANDFIRST = 240
MOMENT = "%Y-%m-%dT%H:%M"
no_nul = ProhibitNullCharactersValidator()


def suggestions(*sources):
    """Addresses that suggest names for foreign keys ``(model, field)``, for a data attribute."""
    return " ".join(
        f"{reverse('admin:autocomplete')}?"
        + urlencode(
            {
                "app_label": model._meta.app_label,
                "model_name": model._meta.model_name,
                "field_name": field,
            }
        )
        for model, field in sources
    )


class MomentField(forms.DateTimeField):
    """A minute in the site's zone."""

    widget = forms.DateTimeInput(format=MOMENT, attrs={"type": "datetime-local"})

    def to_python(self, value):
        moment = super().to_python(value)
        if moment is not None and not 1900 <= moment.year <= 2200:
            raise ValidationError(_("This is not a year that a newsroom plans for."))
        return moment


class PictureField(forms.ModelChoiceField):
    """A picture of the library, by its number; the page shows it and lets one be chosen."""

    is_picture = True

    def __init__(self, *args, **kwargs):
        kwargs["widget"] = forms.NumberInput(attrs={"data-picture": "true", "min": 1})
        super().__init__(*args, **kwargs)


class NamedField(forms.Field):
    """One thing, typed by its name. ``things`` is its queryset; ``may_make``: a new name makes one."""

    widget = forms.TextInput

    def __init__(self, model, *, source, **kwargs):
        super().__init__(required=False, **kwargs)
        self.model, self.source = model, source
        self.things = model._default_manager.all()
        self.may_make = False
        self.maker = ""  # name of the box by which a new name is added

    def get_bound_field(self, form, field_name):
        # Addresses are not known yet when forms are defined.
        self.widget.attrs.setdefault("data-names", suggestions(self.source))
        self.widget.attrs.setdefault("autocomplete", "off")
        return super().get_bound_field(form, field_name)

    def prepare_value(self, value):
        if isinstance(value, int):
            value = self.things.filter(pk=value).first()
        if isinstance(value, self.model) and value.pk:
            return naming.labels([value])[value.pk]
        return "" if value is None else str(value)

    def to_python(self, value):
        words = " ".join((value or "").split())
        if not words:
            return None
        no_nul(words)
        found = naming.find(self.things, words)
        if len(found) == 1:
            return found[0]
        if found:
            raise ambiguous(words, found)
        if not self.may_make:
            raise ValidationError(
                _("There is nothing called “%(name)s” here yet."),
                params={"name": words},
                code="unknown",
            )
        thing = self.model(name=words)
        thing.full_clean(exclude=["slug"], validate_unique=False)
        return thing

    def has_changed(self, initial, data):
        return self.prepare_value(initial) != " ".join((data or "").split())


class NamesInput(forms.TextInput):
    """Names with commas between; several values of one name (numbers, from a program) are joined."""

    def value_from_datadict(self, data, files, name):
        values = data.getlist(name) if hasattr(data, "getlist") else [data.get(name)]
        return ", ".join(str(value) for value in values if value)


def in_row(names):
    """Names as one line with commas between; a name that has a comma itself stands in quotes."""
    return ", ".join(f'"{name}"' if "," in name else name for name in names)


def from_row(line):
    """The names of such a line, each once, empty ones left out."""
    line = " ".join((line or "").split())
    rows = csv.reader([line.replace("“", '"').replace("”", '"')], skipinitialspace=True)
    names = {}
    for name in next(rows, []):
        names.setdefault(naming.plain(name), " ".join(name.split()))
    names.pop("", None)
    return list(names.values())


class NamesField(forms.Field):
    """Several things, typed by their names with commas between."""

    widget = NamesInput

    def __init__(self, model, *, source, **kwargs):
        super().__init__(required=False, **kwargs)
        self.model, self.source = model, source

    def get_bound_field(self, form, field_name):
        self.widget.attrs.setdefault("data-names", suggestions(self.source))
        self.widget.attrs.setdefault("data-several", "true")
        self.widget.attrs.setdefault("autocomplete", "off")
        return super().get_bound_field(form, field_name)

    def prepare_value(self, value):
        if not isinstance(value, (list, tuple)):
            return value
        labels = naming.labels([thing for thing in value if isinstance(thing, self.model)])
        return in_row(
            labels[thing.pk] if isinstance(thing, self.model) else str(thing) for thing in value
        )

    def to_python(self, value):
        no_nul(value or "")
        things, unknown = [], []
        for name in from_row(value):
            found = naming.find(self.model._default_manager.all(), name)
            if len(found) > 1:
                raise ambiguous(name, found)
            things += found
            if not found:
                unknown.append(name)
        if unknown:
            raise ValidationError(
                _("There is nothing called %(names)s here yet."),
                params={"names": ", ".join(f"“{name}”" for name in unknown)},
                code="unknown",
            )
        return things

    def has_changed(self, initial, data):
        return sorted(from_row(self.prepare_value(initial or []))) != sorted(from_row(data))


class TagsField(NamesField):
    """Tags by their names; a new name becomes a new tag when the story is saved."""

    def __init__(self, **kwargs):
        super().__init__(Tag, source=(Filing, "tag"), **kwargs)

    def get_bound_field(self, form, field_name):
        self.widget.attrs.setdefault("data-free", "true")
        return super().get_bound_field(form, field_name)

    def prepare_value(self, value):
        if isinstance(value, (list, tuple)):
            return in_row(str(tag) for tag in value)
        return value

    def to_python(self, value):
        no_nul(value or "")
        names = from_row(value)
        longest = Tag._meta.get_field("name").max_length
        for name in names:
            if len(name) > longest:
                raise ValidationError(
                    _("A tag has at most %(most)d letters: “%(name)s”"),
                    params={"most": longest, "name": name},
                )
        return names


def ambiguous(words, found):
    """The error for a name that several things have: it says how to name each of them."""
    each = [f"{naming.label(thing, is_single=False)} – {naming.hint(thing)}" for thing in found[:8]]
    return ValidationError(
        _("“%(name)s” may be any of these, type one of them: %(each)s"),
        params={"name": words, "each": "; ".join(each)},
        code="ambiguous",
    )


# The rows of a story


class Row(forms.Form):
    """A row that begins with a name; without a name it is no row."""

    name = forms.CharField(required=False, max_length=200)
    position = forms.IntegerField(required=False, min_value=0, max_value=10_000)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.thing = None  # a saved Author or Organisation, or one to be made
        self.fields["position"].widget.attrs["class"] = "row__position"

    @property
    def is_row(self):
        return self.thing is not None and not self.cleaned_data.get("DELETE")

    @property
    def is_unknown(self):
        return any(error.code == "unknown" for error in self.errors.as_data().get("name", []))


class CreditRow(Row):
    """Whom a story credits: a person or an organisation, in one role.

    ``author`` and ``organisation`` take numbers, for programs that know them.
    """

    author = forms.ModelChoiceField(Author.objects.all(), required=False)
    organisation = forms.ModelChoiceField(Organisation.objects.all(), required=False)
    make = forms.ChoiceField(
        label=_("New here?"),
        required=False,
        choices=[
            ("", _("choose")),
            ("person", _("add as a person")),
            ("organisation", _("add as an organisation")),
        ],
    )
    role = forms.ChoiceField(choices=Byline.Role, initial=Byline.Role.AUTHOR, required=False)
    withheld = forms.BooleanField(label=_("withhold the name"), required=False)

    def __init__(self, *args, user=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["name"].widget.attrs |= {
            "data-names": suggestions((Byline, "author"), (Byline, "organisation")),
            "data-make": "make",
            "autocomplete": "off",
        }
        if not permissions.is_editor(user):
            del self.fields["withheld"]

    def clean(self):
        cleaned = super().clean()
        cleaned["role"] = cleaned.get("role") or Byline.Role.AUTHOR
        given = [thing for key in ("author", "organisation") if (thing := cleaned.get(key))]
        if len(given) > 1:
            self.add_error("name", _("A credit is a person or an organisation, not both."))
        elif given:
            self.thing = given[0]
        elif name := " ".join(cleaned.get("name", "").split()):
            self._find(name)
        if isinstance(self.thing, Author) and self.thing.merged_into is not None:
            self.thing = self.thing.merged_into
        return cleaned

    def _find(self, name):
        people = naming.find(Author.objects.select_related("merged_into"), name, numbers=False)
        people = list({(p.merged_into or p).pk: p.merged_into or p for p in people}.values())
        found = people + naming.find(Organisation.objects.all(), name, numbers=False)
        make = self.cleaned_data.get("make")
        if len(found) == 1:
            self.thing = found[0]
        elif found:
            self.add_error("name", ambiguous(name, found))
        elif make:
            self.thing = Author(name=name) if make == "person" else Organisation(name=name)
            _check_new(self, self.thing)
        else:
            self.add_error(
                "name",
                ValidationError(
                    _("Nobody here is called “%(name)s” yet. Add them as new, or mend the name."),
                    params={"name": name},
                    code="unknown",
                ),
            )


class SourceRow(Row):
    """A report that the story relies on. ``organisation`` takes a number, for programs."""

    organisation = forms.ModelChoiceField(Organisation.objects.all(), required=False)
    make = forms.BooleanField(label=_("add as a new organisation"), required=False)
    relation = forms.ChoiceField(
        choices=Citation.Relation, initial=Citation.Relation.CITES, required=False
    )
    url = forms.URLField(required=False, max_length=500, assume_scheme="https")

    def __init__(self, *args, user=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["name"].widget.attrs |= {
            "data-names": suggestions((Citation, "organisation")),
            "data-make": "make",
            "autocomplete": "off",
        }
        self.fields["url"].widget.attrs["placeholder"] = "https://"

    def clean(self):
        cleaned = super().clean()
        cleaned["relation"] = cleaned.get("relation") or Citation.Relation.CITES
        name = " ".join(cleaned.get("name", "").split())
        if cleaned.get("organisation"):
            self.thing = cleaned["organisation"]
        elif name:
            found = naming.find(Organisation.objects.all(), name, numbers=False)
            if len(found) == 1:
                self.thing = found[0]
            elif found:
                self.add_error("name", ambiguous(name, found))
            elif cleaned.get("make"):
                self.thing = Organisation(name=name)
                _check_new(self, self.thing)
            else:
                self.add_error(
                    "name",
                    ValidationError(
                        _("No organisation here is called “%(name)s” yet. Add it as new?"),
                        params={"name": name},
                        code="unknown",
                    ),
                )
        elif cleaned.get("url"):
            self.add_error("name", _("Whose report is this?"))
        return cleaned


def _check_new(form, thing):
    try:
        thing.full_clean(exclude=["slug"], validate_unique=False)
    except ValidationError as error:
        form.thing = None
        form.add_error("name", error.messages)


class RowSet(BaseFormSet):
    """Rows in their order: by the number typed beside them, else as they stand."""

    deletion_widget = forms.CheckboxInput

    def in_order(self):
        rows = [
            (form.cleaned_data.get("position"), number, form)
            for number, form in enumerate(self.forms)
            if form.is_valid() and form.is_row
        ]
        rows.sort(key=lambda row: (row[0] if row[0] is not None else row[1], row[1]))
        return [form for _position, _number, form in rows]

    def make_new(self, made):
        """Save the people and organisations that are new here. ``made``: see make_once."""
        for form in self.in_order():
            if form.thing.pk is None:
                form.thing = make_once(form.thing, made)


def make_once(thing, made):
    """Save a thing that is new here, or give the one of its name that was made already.

    ``made``: a list of what one form has made, to which it is added; one name is made once.
    """
    for other in made:
        if type(other) is type(thing) and _is_named(other, thing):
            return other
    thing.save()
    made.append(thing)
    return thing


def _is_named(one, other):
    return naming.plain(one.name) == naming.plain(other.name)


class Credits(RowSet):
    def clean(self):
        seen = set()
        for form in self.in_order():
            key = (type(form.thing), form.thing.pk or naming.plain(form.thing.name))
            key += (form.cleaned_data["role"],)
            if key in seen:
                form.add_error("name", _("This name stands here twice in the same role."))
            seen.add(key)

    @classmethod
    def of(cls, article):
        """The rows of a saved story, as initial data."""
        bylines = list(article.bylines.select_related("author", "organisation"))
        people = naming.labels([b.author for b in bylines if b.author is not None])
        houses = naming.labels([b.organisation for b in bylines if b.organisation is not None])
        return [
            {
                "name": people[b.author_id] if b.author_id else houses[b.organisation_id],
                "role": b.role,
                "withheld": b.withheld,
                "position": number,
            }
            for number, b in enumerate(bylines, start=1)
        ]

    def save(self, article, made):
        """Write the credits of a story. ``made``: see make_once.

        Credits that stay keep their row, and a person who was withheld stays so, in whatever role,
        where whoever saves may not withhold a name.
        """
        self.make_new(made)
        present = {(b.author_id, b.organisation_id, b.role): b for b in article.bylines.all()}
        kept = set()
        wanted = []
        for position, form in enumerate(self.in_order()):
            is_person = isinstance(form.thing, Author)
            key = (
                form.thing.pk if is_person else None,
                None if is_person else form.thing.pk,
                form.cleaned_data["role"],
            )
            old = present.get(key)
            was = any(b.withheld for b in present.values() if b.author_id == key[0] is not None)
            withheld = form.cleaned_data.get("withheld", old.withheld if old else was)
            kept.add(key)
            wanted.append((old, key, position, withheld))
        for key, byline in present.items():
            if key not in kept:
                byline.delete()
        for old, (author, organisation, role), position, withheld in wanted:
            if old is None:
                Byline.objects.create(
                    article=article,
                    author_id=author,
                    organisation_id=organisation,
                    role=role,
                    position=position,
                    withheld=withheld,
                )
            elif (old.position, old.withheld) != (position, withheld):
                old.position, old.withheld = position, withheld
                old.save()
        # Portraits of people who are no longer credited may have to go from public view.
        for key, byline in present.items():
            if key not in kept and byline.author_id:
                Author.objects.get(pk=byline.author_id).record_portrait()


class Sources(RowSet):
    @classmethod
    def of(cls, article):
        citations = list(article.citations.select_related("organisation"))
        houses = naming.labels([c.organisation for c in citations])
        return [
            {
                "name": houses[c.organisation_id],
                "relation": c.relation,
                "url": c.url,
                "position": number,
            }
            for number, c in enumerate(citations, start=1)
        ]

    def save(self, article, made):
        """Write the sources of a story. ``made``: see make_once."""
        self.make_new(made)
        wanted = [
            (form.thing.pk, form.cleaned_data["relation"], form.cleaned_data.get("url", ""))
            for form in self.in_order()
        ]
        present = list(article.citations.values_list("organisation_id", "relation", "url"))
        if wanted != present:
            article.citations.all().delete()
            Citation.objects.bulk_create(
                Citation(
                    article=article,
                    organisation_id=organisation,
                    relation=relation,
                    url=url,
                    position=position,
                )
                for position, (organisation, relation, url) in enumerate(wanted)
            )


CreditSet = formset_factory(
    CreditRow, formset=Credits, can_delete=True, extra=1, max_num=60, absolute_max=100
)
SourceSet = formset_factory(
    SourceRow, formset=Sources, can_delete=True, extra=1, max_num=100, absolute_max=200
)


# The story


class StoryForm(forms.ModelForm):
    """A story with its rows. ``user`` and ``refusals`` are set by the admin for each request.

    ``refusals``: what articles.publishing found (its Problems) when this was to be saved.
    """

    user = None
    refusals = ()
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
    due_at = MomentField(label=_("Due"), required=False)
    is_substantive = forms.BooleanField(
        label=_("Readers should know of this change"),
        required=False,
        help_text=_("Moves the time of “Updated”, and tells feeds."),
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

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
        ]
        widgets = {
            "dateline_place": forms.TextInput(attrs={"list": "recent-places"}),
            "dateline_date": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
            "seo_description": forms.Textarea(attrs={"rows": 2}),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.notices = []  # what was done to the text on the way, said after saving
        self.overtaken = None  # the story as it is, where somebody else has saved it meanwhile
        fields = self.fields
        if self.instance.pk:
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
        if "lead_image" in fields:
            pictures = permissions.visible_images(self.user, Image.objects.all())
            kept = Image.objects.filter(pk=self.instance.lead_image_id)
            fields["lead_image"].queryset = pictures | kept
        self.credits = self._rows(CreditSet, "bylines")
        self.sources = self._rows(SourceSet, "citations")

    def _rows(self, rows, prefix):
        """The rows below ``prefix``: as posted, or as they are where nothing was posted of them."""
        initial = rows.of(self.instance) if self.instance.pk else []
        options = {"prefix": prefix, "form_kwargs": {"user": self.user}}
        if self.is_bound and f"{prefix}-TOTAL_FORMS" in self.data:
            return rows(self.data, initial=initial, **options)
        return rows(initial=initial, **options)

    def is_valid(self):
        valid = [rows.is_valid() for rows in (self.credits, self.sources) if rows.is_bound]
        return super().is_valid() and all(valid)

    def clean_headline(self):
        headline = " ".join(self.cleaned_data["headline"].split())
        if not headline:
            raise ValidationError(_("The headline is missing."))
        return headline

    def clean_slug(self):
        words = self.cleaned_data["slug"].strip()
        return slugify(words, self.data.get("language", "")) if words else ""

    def clean_body(self):
        html = self.cleaned_data["body"]
        # Checked before it is cleaned: cleaning a mountain takes long.
        Article._meta.get_field("body").check_length(html)
        return prose.clean(html)

    def clean(self):
        cleaned = super().clean()
        if self.instance.pk and self.cleaned_data.get("version") is None and not self.errors:
            self.add_error(None, _("The form has lost its place. Open the story again."))
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

    def save_rows(self):
        """Write credits and sources of the saved story; ``made`` is all that was new here."""
        for rows in (self.credits, self.sources):
            if rows.is_bound:
                rows.save(self.instance, self.made)


def _is_place(words):
    return bool(naming.find(Region.objects.all(), words, numbers=False))


def _says(one, other):
    return naming.plain(one) == naming.plain(other)


# What a change of state asks for


class NoteForm(forms.Form):
    note = forms.CharField(
        label=_("Note for the desk"), required=False, widget=forms.Textarea(attrs={"rows": 3})
    )


class ReturnForm(NoteForm):
    note = forms.CharField(
        label=_("What is to be done?"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class ScheduleForm(forms.Form):
    at = MomentField(label=_("Goes live"), required=False)

    def clean_at(self):
        at = self.cleaned_data["at"]
        if at is None:
            raise ValidationError(_("Say when it goes live."))
        if at <= timezone.now():
            raise ValidationError(_("This time has passed."))
        return at


class ReasonForm(NoteForm):
    reason = forms.CharField(
        label=_("Reason that readers will see"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    field_order = ["reason", "note"]


class WithdrawForm(ReasonForm):
    shows_headline = forms.BooleanField(
        label=_("Go on showing the headline"), required=False, initial=True
    )


class CorrectionForm(forms.Form):
    kind = forms.ChoiceField(label=_("Kind"), required=False)
    text = forms.CharField(
        label=_("What was wrong, and what is right?"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        # A retraction has a move of its own.
        self.fields["kind"].choices = [
            choice for choice in Correction.Kind.choices if choice[0] != Correction.Kind.RETRACTION
        ]
