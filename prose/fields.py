"""The rich-text field of the desk: the editor's schema and the cleaning rules in one place."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django_prose_editor.fields import ProseEditorField

from prose import body

# What the editor offers. body.py is what decides; this only has to offer nothing that it drops.
EXTENSIONS = {
    "Bold": True,
    "Italic": True,
    "Subscript": True,
    "Superscript": True,
    "Heading": {"levels": [2, 3, 4]},
    "BulletList": True,
    "OrderedList": True,
    "Blockquote": True,
    "HorizontalRule": True,
    "HardBreak": True,
    "Link": {"enableTarget": False, "protocols": ["http", "https", "mailto"]},
    "Table": True,
    "History": True,
    "Fullscreen": True,
}


class BodyField(ProseEditorField):
    """Clean HTML as body.py allows it. ``clean()`` cleans; importers call body.clean() themselves."""

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("extensions", dict(EXTENSIONS))
        kwargs.setdefault("sanitize", body.clean)
        super().__init__(*args, **kwargs)

    def clean(self, value, instance):
        if value and len(value) > body.MAX_LENGTH:
            raise ValidationError(
                _("The text is too long: %(length)d characters, at most %(most)d."),
                params={"length": len(value), "most": body.MAX_LENGTH},
            )
        return super().clean(value, instance)
