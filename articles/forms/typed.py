"""A form that shows again what was typed into it before."""

from django import forms
from django.forms.utils import ErrorDict


class FormIdField(forms.CharField):
    """Which form it is, of all that were ever opened: see articles.autosaves."""

    widget = forms.HiddenInput

    def __init__(self):
        super().__init__(required=False, max_length=64)

    def has_changed(self, initial, data):
        return False


def unjudged(form, *row_sets):
    """Let a bound form and its rows show what is in them: it is judged when it is saved."""
    form._errors = ErrorDict()
    for rows in row_sets:
        rows._errors = []
        rows._non_form_errors = rows.error_class()
        for row in rows.forms:
            row._errors = ErrorDict()
