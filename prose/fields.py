"""The rich-text field of the desk: the editor's schema and the cleaning rules in one place."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django_prose_editor.fields import ProseEditorField

from prose import body

# What the editor offers. body.py is what decides; the two hold the same, so that a text passes
# through the editor without loss. static/desk/prose.js makes what the package does not have, and
# takes the place of what it does otherwise; static/desk/paste.js tidies what is pasted.
EXTENSIONS = {
    "Bold": True,
    "Italic": True,
    "Cite": True,
    "Subscript": True,
    "Superscript": True,
    "Heading": {"levels": [2, 3, 4]},
    "BulletList": True,
    "OrderedList": {"enableListAttributes": False},
    "ListItem": True,
    "Blockquote": True,
    "Speaker": True,
    "PullQuote": True,
    "LibraryFigure": {
        "providers": [[key, of.name, list(of.found_in)] for key, of in body.PROVIDERS.items()]
    },
    "Caption": True,
    "Gallery": True,
    "HorizontalRule": True,
    "HardBreak": True,
    "Link": {"enableTarget": False, "protocols": ["http", "https", "mailto"]},
    "Table": True,
    "TableRow": True,
    "TableHeader": True,
    "TableCell": True,
    "Languages": True,
    "Manners": True,
    "Pasting": True,
    "Fullscreen": True,
    "NoSpellCheck": False,
    "Menu": {
        "groups": [
            {"group": "headings"},
            {"group": "marks"},
            {"group": "link"},
            {"group": "lists"},
            {"group": "quotes"},
            {"group": "insert"},
            {"group": "table"},
            {"group": "history"},
            {"group": "utility"},
        ]
    },
}


def nothing_to_allow(config, allowed):
    """What an extension of ours adds to the editor package's own cleaning, which is not used."""


class BodyField(ProseEditorField):
    """Clean HTML as body.py allows it. ``clean()`` cleans; importers call body.clean() themselves.

    ``shows``: which figures are printed where the text stands, so that the desk offers no others.
    """

    def __init__(self, *args, shows=("picture", "embed"), **kwargs):
        figure = EXTENSIONS["LibraryFigure"] | {"shows": list(shows)}
        kwargs.setdefault("extensions", EXTENSIONS | {"LibraryFigure": figure})
        kwargs.setdefault("sanitize", body.clean)
        super().__init__(*args, **kwargs)

    @staticmethod
    def check_length(value):
        """Refuse what is too long to be cleaned in reasonable time."""
        if value and len(value) > body.MAX_LENGTH:
            raise ValidationError(
                _("The text is too long: %(length)d characters, at most %(most)d."),
                params={"length": len(value), "most": body.MAX_LENGTH},
            )

    def clean(self, value, instance):
        self.check_length(value)
        return super().clean(value, instance)
