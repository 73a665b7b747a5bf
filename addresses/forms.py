"""Form fields for what the languages of the site share, and for lists that are typed as lines."""

import re
from copy import deepcopy

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from addresses.languages import PLURALS, lazy_language_name


class TranslatedForm(forms.ModelForm):
    """A form that keeps the texts of further languages in the JSON fields beside the plain ones.

    ``translated(model, "name", ...)`` gives it the fields: ``name_ru`` for the Russian name.
    """

    in_languages = {}  # name of the form's field: (plain field, table, language)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, (_plain, table, language) in self.in_languages.items():
            if name in self.fields:
                self.initial.setdefault(name, getattr(self.instance, table).get(language, ""))

    def _get_validation_exclusions(self):
        """A slug that was left empty is made when the thing is saved; until then it is no mistake."""
        excluded = super()._get_validation_exclusions()
        return excluded if self.cleaned_data.get("slug") else excluded | {"slug"}

    def clean(self):
        cleaned = super().clean() or self.cleaned_data
        for name, (plain, table, language) in self.in_languages.items():
            if name not in cleaned:
                continue
            texts = dict(getattr(self.instance, table))
            texts.pop(language, None)
            if cleaned[name]:
                # Through the model's field, which cleans rich text and knows its length.
                field = self.instance._meta.get_field(plain)
                try:
                    texts[language] = field.clean(cleaned[name], self.instance)
                except ValidationError as error:
                    self.add_error(name, error)
                    continue
            setattr(self.instance, table, texts)
        return cleaned


def translated(model, *names):
    """Class decorator: a field for each further language of the site beside each of ``names``."""

    def decorate(form):
        fields, tables = {}, {}
        widgets = getattr(form.Meta, "widgets", {})
        for name in names:
            for code, _own_name in settings.LANGUAGES[1:]:
                plain = model._meta.get_field(name)
                own = {"widget": deepcopy(widgets[name])} if name in widgets else {}
                field = plain.formfield(required=False, **own)
                field.label = format_lazy(
                    _("{field} in {language}"),
                    field=plain.verbose_name,
                    language=lazy_language_name(code),
                )
                field.help_text = ""
                field.widget.attrs["lang"] = code
                fields[f"{name}_{code}"] = field
                tables[f"{name}_{code}"] = (name, PLURALS.get(name, f"{name}s"), code)
        return type(form)(form.__name__, (form,), fields | {"in_languages": tables})

    return decorate


def with_languages(*names):
    """``names`` of fields, each followed by those that ``translated`` put beside it."""
    further = [code for code, _ in settings.LANGUAGES[1:]]
    return [field for name in names for field in [name, *(f"{name}_{code}" for code in further)]]


class LinesField(forms.Field):
    """A list of texts, typed one a line; empty and repeated lines are left out."""

    widget = forms.Textarea(attrs={"rows": 2})
    most = 100

    def prepare_value(self, value):
        return "\n".join(self.line(entry) for entry in value) if isinstance(value, list) else value

    def to_python(self, value):
        if isinstance(value, list):
            return value
        lines = (" ".join(line.split()) for line in (value or "").replace("\0", "").splitlines())
        entries = []
        for line in lines:
            if line and (entry := self.entry(line)) not in entries:
                entries.append(entry)
        if len(entries) > self.most:
            raise ValidationError(_("At most %(most)d lines."), params={"most": self.most})
        return entries

    def has_changed(self, initial, data):
        try:
            return (initial or []) != self.to_python(data)
        except ValidationError:
            return True

    @staticmethod
    def line(entry):
        return entry

    @staticmethod
    def entry(line):
        if len(line) > 200:
            raise ValidationError(_("A line has at most 200 characters."))
        return line


class LinksField(LinesField):
    """Links as ``[{"label": "Telegram", "url": "https://..."}]``, typed ``Telegram https://...``."""

    @staticmethod
    def line(entry):
        return f"{entry.get('label', '')} {entry.get('url', '')}".strip()

    @staticmethod
    def entry(line):
        label, _space, url = line.rpartition(" ")
        try:
            URLValidator(schemes=["http", "https"])(url)
        except ValidationError as error:
            raise ValidationError(
                _("“%(line)s” does not end with an address such as https://example.org/."),
                params={"line": line},
            ) from error
        return {"label": label or url, "url": url}


class CodesField(LinesField):
    """A list of language codes, typed with commas between: ``ky, ru, en``."""

    widget = forms.TextInput

    def prepare_value(self, value):
        return ", ".join(value) if isinstance(value, list) else value

    def to_python(self, value):
        if isinstance(value, str):
            value = value.replace(",", "\n").replace(" ", "\n")
        return super().to_python(value)

    @staticmethod
    def entry(line):
        if not re.fullmatch(r"[a-z]{2,3}", line.lower()):
            raise ValidationError(
                _("“%(code)s” is no language code: they have two or three letters, such as ky."),
                params={"code": line},
            )
        return line.lower()
