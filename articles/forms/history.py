"""What the audit asks for."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from articles.models import Article


class PeriodForm(forms.Form):
    """One story, or the days from ``first`` to ``last``, both of them included."""

    story = forms.ModelChoiceField(
        Article.objects.defer("body"), required=False, widget=forms.HiddenInput
    )
    first = forms.DateField(
        label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    last = forms.DateField(
        label=_("Up to and with"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )

    def clean(self):
        cleaned = super().clean()
        if self.errors or cleaned.get("story"):
            return cleaned
        for name in ("first", "last"):
            day = cleaned.get(name)
            if day is None:
                self.add_error(name, _("Choose a day."))
            elif not 1900 <= day.year <= 2200:
                self.add_error(name, ValidationError(_("This is not a year of a newsroom.")))
        if not self.errors and cleaned["last"] < cleaned["first"]:
            self.add_error("last", _("This day is before the first one."))
        return cleaned
