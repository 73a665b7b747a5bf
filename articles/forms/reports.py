from django import forms
from django.utils.translation import gettext_lazy as _

from articles import reports
from prose import body


class ReportForm(forms.Form):
    """What a reader says about an error. Only the first field must be filled."""

    text = forms.CharField(
        label=_("What is wrong?"),
        max_length=reports.TEXT,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("And what is right, if you know it."),
        error_messages={"required": _("Say what is wrong.")},
    )
    quote = forms.CharField(
        label=_("Where in the story?"),
        max_length=reports.QUOTE,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Copy the words here, if you can."),
    )
    contact = forms.CharField(
        label=_("How can we reach you?"),
        max_length=reports.CONTACT,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "email"}),
        help_text=_(
            "E-mail or telephone, if we may ask you. Only our editors see it; it is never published."
        ),
    )

    def clean_text(self):
        text = body.plain(self.cleaned_data["text"]).strip()
        if not text:
            raise forms.ValidationError(self.fields["text"].error_messages["required"])
        return text
