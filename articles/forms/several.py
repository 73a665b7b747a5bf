"""What a change of several stories at once asks for. ``stories``: those that it would be made on."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from articles import changes, permissions
from articles.forms.fields import NamesField, TagsField
from articles.models import Article, Region, Section, Tag
from authors.models import User
from prose import body


class OfSeveral(forms.Form):
    def __init__(self, *args, stories, **kwargs):
        super().__init__(*args, **kwargs)
        self.stories = stories


class Reasoned(OfSeveral):
    reason = forms.CharField(
        label=_("Why this change? (for the history)"), required=False, max_length=300
    )

    def clean_reason(self):
        return body.plain(" ".join(self.cleaned_data["reason"].split()))


class NoteOfSeveral(OfSeveral):
    note = forms.CharField(
        label=_("Note for the desk"), required=False, widget=forms.Textarea(attrs={"rows": 3})
    )


class AssignForm(Reasoned):
    """To whom. ``to`` is a login when cleaned, or None for nobody."""

    NOBODY = "nobody"
    to = forms.ChoiceField(label=_("Assigned to"))
    field_order = ["to", "reason"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        writers = User.objects.filter(permissions.writers(), is_active=True).order_by("username")
        self.people = {str(login.pk): login for login in writers}
        self.fields["to"].choices = [
            ("", _("choose")),
            (self.NOBODY, _("nobody")),
            *((number, changes.person(login)) for number, login in self.people.items()),
        ]

    def clean_to(self):
        return self.people.get(self.cleaned_data["to"])


class SectionForm(Reasoned):
    section = forms.ModelChoiceField(
        Section.objects.all(), label=_("Section"), empty_label=_("choose")
    )
    field_order = ["section", "reason"]


class TagsForm(Reasoned):
    tags = TagsField(label=_("Tags"), help_text=_("A new name makes a new tag."))
    field_order = ["tags", "reason"]

    def clean_tags(self):
        return self.cleaned_data["tags"] or _nothing()


class RegionsForm(Reasoned):
    regions = NamesField(Region, source=(Article, "regions"), label=_("Regions"))
    field_order = ["regions", "reason"]

    def clean_regions(self):
        return self.cleaned_data["regions"] or _nothing()


class RemoveTagForm(Reasoned):
    tag = forms.ModelChoiceField(Tag.objects.all(), label=_("Tag"))
    field_order = ["tag", "reason"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        numbers = [story.pk for story in self.stories]
        tags = Tag.objects.filter(filings__content_object__in=numbers).distinct()
        # Only these are told of; one that a first click took away is no error in the second.
        self.fields["tag"].choices = [("", _("choose")), *((tag.pk, tag.name) for tag in tags)]
        if not tags:
            self.fields["tag"].help_text = _("None of these stories has a tag.")


def _nothing():
    raise ValidationError(_("Name at least one."))
