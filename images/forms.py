"""Pictures on the desk: a file, and the words that go with it in each language of the site."""

import re
from pathlib import PurePath

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from addresses.forms import TranslatedForm, translated
from images.alt import is_file_name, repeats
from images.models import Image, new_token
from images.reading import read_upload
from images.uploads import clear_away, fill_in
from images.words import read_words

# NUL, which PostgreSQL cannot store, and the other controls but tab and line ends; half surrogates.
_UNWANTED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")


# What can be pressed instead of the very point: the middles of three columns and three rows.
PLACES = [
    ("0.17 0.17", pgettext_lazy("in a picture", "top left")),
    ("0.5 0.17", pgettext_lazy("in a picture", "top")),
    ("0.83 0.17", pgettext_lazy("in a picture", "top right")),
    ("0.17 0.5", pgettext_lazy("in a picture", "left")),
    ("0.5 0.5", pgettext_lazy("in a picture", "middle")),
    ("0.83 0.5", pgettext_lazy("in a picture", "right")),
    ("0.17 0.83", pgettext_lazy("in a picture", "bottom left")),
    ("0.5 0.83", pgettext_lazy("in a picture", "bottom")),
    ("0.83 0.83", pgettext_lazy("in a picture", "bottom right")),
]


@translated(Image, "alt", "caption")
class ImageForm(TranslatedForm):
    """A picture: its file is read before it is kept, and a new file gets new public addresses."""

    place = forms.ChoiceField(
        label=_("roughly"),
        choices=PLACES,
        required=False,
        widget=forms.RadioSelect(attrs={"data-focal-place": ""}),
    )

    class Meta:
        model = Image
        fields = [
            "file",
            "alt",
            "caption",
            "credit",
            "creator",
            "copyright",
            "focal_x",
            "focal_y",
            "source",
            "licence",
            "may_be_passed_on",
            "rights_expire_at",
        ]
        # Named here so that a desk with fields of its own for moments keeps to one input.
        field_classes = {"rights_expire_at": forms.DateTimeField}
        widgets = {
            # Never a link to the original, which has no public address.
            "file": forms.FileInput(
                attrs={"accept": "image/jpeg,image/png,image/webp,image/avif,image/gif"}
            ),
            "caption": forms.Textarea(attrs={"rows": 3}),
            "focal_x": forms.NumberInput(attrs={"min": 0, "max": 1, "step": "any"}),
            "focal_y": forms.NumberInput(attrs={"min": 0, "max": 1, "step": "any"}),
            "rights_expire_at": forms.DateTimeInput(
                format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"}
            ),
        }

    def __init__(self, data=None, *args, **kwargs):
        super().__init__(_without_unwanted(data), *args, **kwargs)
        self.measure = None
        self.before = (self.instance.token, self.instance.file.name)
        if self.instance.pk and "file" in self.fields:
            self.fields["file"].label = _("Replace the file")
            self.fields["file"].help_text = _(
                "Another file stands wherever this one does; the addresses of this one end."
            )
        for axis in {"focal_x", "focal_y"} & set(self.fields):
            self.fields[axis].required = False

    def clean_file(self):
        file = self.cleaned_data["file"]
        if isinstance(file, UploadedFile):
            self.measure = read_upload(file)
            self.words = read_words(file)
        return file

    def clean_focal_x(self):
        return self._focal("focal_x")

    def clean_focal_y(self):
        return self._focal("focal_y")

    def clean(self):
        cleaned = super().clean()
        if place := cleaned.get("place"):
            cleaned["focal_x"], cleaned["focal_y"] = map(float, place.split())
        for name in [name for name in cleaned if name == "alt" or name.startswith("alt_")]:
            alt, caption = cleaned[name], cleaned.get(name.replace("alt", "caption", 1), "")
            if alt and (problem := self._problem_with(alt, caption)):
                self.add_error(name, problem)
        return cleaned

    def save(self, commit=True):
        if not self.errors and self.measure:
            self.instance.width, self.instance.height = self.measure
            if self.instance.pk:
                self.instance.token = new_token()
                clear_away(*self.before)
            else:
                fill_in(self.instance, self.words)
        return super().save(commit)

    def _focal(self, axis):
        """The middle, where nobody said where the eye should go."""
        value = self.cleaned_data[axis]
        return 0.5 if value is None else value

    def _problem_with(self, alt, caption):
        """Why ``alt`` says nothing to who cannot see the picture, or None."""
        stem = PurePath(getattr(self.cleaned_data.get("file"), "name", None) or "").stem
        if is_file_name(alt, stem):
            return ValidationError(
                _("This is the name of a file. Say what is seen in the picture."), code="file_name"
            )
        if repeats(alt, caption):
            return ValidationError(
                _("This is the caption again. Say what is seen in the picture."), code="caption"
            )
        return None


def _without_unwanted(data):
    """Submitted data with no character in it that no text of ours may hold; None for None."""
    if data is None:
        return None
    lists = (
        data.lists() if isinstance(data, MultiValueDict) else ((k, [v]) for k, v in data.items())
    )
    return MultiValueDict(
        {
            key: [_UNWANTED.sub("", value) if isinstance(value, str) else value for value in values]
            for key, values in lists
        }
    )
