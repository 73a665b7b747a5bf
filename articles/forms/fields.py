"""Fields of the desk: a minute in the site's zone, a picture, things typed by their names.

Related things are typed by name, with suggestions where there is JavaScript and without it alike;
see articles.naming for what a name stands for.
"""

import csv
import datetime

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import ProhibitNullCharactersValidator
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from articles import clock, naming
from articles.models import Filing, Tag

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


class MomentInput(forms.DateTimeInput):
    """A time on the site's clock, with the name of its zone beside it.

    Where the clocks go back and the time comes twice, a second box asks which of the two is meant.
    What it sends is the whole moment, so that it holds for the time it was asked about and no other.
    """

    input_type = "datetime-local"

    def format_value(self, value):
        moment = value if isinstance(value, datetime.datetime) else moment_in(value)
        if moment is None:
            wall = wall_in(value)
            return value if wall is None else wall.strftime(MOMENT)
        here = clock.local(moment)
        return here.strftime(f"{MOMENT}:%S" if here.second else MOMENT)

    def render(self, name, value, attrs=None, renderer=None):
        field_id = (attrs or {}).get("id") or f"id_{name}"
        described = f"{(attrs or {}).get('aria-describedby', '')} {field_id}_zone".strip()
        attrs = (attrs or {}) | {"aria-describedby": described}
        return render_to_string(
            "admin/includes/_moment.html",
            {
                "input": super().render(name, value, attrs, renderer),
                "zone": clock.zone_name(),
                "id": field_id,
                "name": name,
                "which": self._which(value),
            },
        )

    def _which(self, value):
        """The two moments of a time that comes twice, as (value, label, whether it is meant)."""
        meant = value if isinstance(value, datetime.datetime) else moment_in(value)
        wall = wall_in(value)
        if meant is not None:
            wall = clock.local(meant).replace(tzinfo=None, fold=0)
        both = clock.instants(wall) if wall else []
        if len(both) != 2:
            return []
        labels = [_("the first, %(offset)s"), _("the second, %(offset)s")]
        return [
            (
                moment.isoformat(),
                label % {"offset": clock.offset(moment)},
                meant is not None and meant.astimezone(datetime.UTC) == moment,
            )
            for moment, label in zip(both, labels, strict=True)
        ]

    def value_from_datadict(self, data, files, name):
        value = super().value_from_datadict(data, files, name)
        which = data.get(f"{name}_which")
        wall, meant = wall_in(value), moment_in(which)
        if wall and meant and meant in clock.instants(wall):
            return which
        return value


def _parsed(value):
    """What ISO 8601 words say, as a datetime; None for anything else."""
    if not isinstance(value, str):
        return None
    try:
        return parse_datetime(value.strip())
    except ValueError:
        return None


def wall_in(value):
    """The naive datetime that ISO 8601 words say: the time on a clock, without an offset."""
    found = _parsed(value)
    return found if found is not None and found.tzinfo is None and _is_plannable(found) else None


def moment_in(value):
    """The aware datetime that ISO 8601 words with an offset say."""
    found = _parsed(value)
    return found if found is not None and found.tzinfo and _is_plannable(found) else None


def _is_plannable(moment):
    return 1900 <= moment.year <= 2200


class MomentField(forms.DateTimeField):
    """A minute on the site's clock. One that does not exist, or exists twice, is not guessed."""

    widget = MomentInput

    def prepare_value(self, value):
        return value

    def to_python(self, value):
        if value in self.empty_values:
            return None
        if isinstance(value, datetime.datetime):
            found = value
        else:
            # Its parent's, not DateTimeField's own: that one knows only Django's current zone.
            found = _parsed(value) or super(forms.DateTimeField, self).to_python(value)
        if not _is_plannable(found):
            raise ValidationError(_("This is not a year that a newsroom plans for."))
        return found.astimezone(datetime.UTC) if found.tzinfo else the_instant(found)


def the_instant(wall):
    """The one instant of a time on the site's clock; ValidationError where there is none, or two."""
    found = clock.instants(wall)
    if not found:
        before, after = clock.around(wall)
        raise ValidationError(
            _(
                "There is no %(time)s on that day in %(zone)s: the clocks are put forward."
                " The nearest times are %(before)s and %(after)s."
            ),
            params={
                "time": f"{wall:%H:%M}",
                "zone": clock.zone_name(),
                "before": clock.text(before),
                "after": clock.text(after),
            },
            code="gap",
        )
    if len(found) == 2:
        raise ValidationError(
            _(
                "%(time)s comes twice on that day in %(zone)s, as the clocks are put back."
                " Say which of the two is meant: the first (%(first)s) or the second (%(second)s)."
            ),
            params={
                "time": f"{wall:%H:%M}",
                "zone": clock.zone_name(),
                "first": clock.offset(found[0]),
                "second": clock.offset(found[1]),
            },
            code="twice",
        )
    return found[0]


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
