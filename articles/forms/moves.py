"""What a change of a story's state asks for."""

import datetime

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from addresses.languages import language_name
from articles import clock, corrections, going_out, reports, schedules
from articles.forms.fields import MomentField
from articles.models import Correction


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


class _Keys(forms.MultipleChoiceField):
    """What was shown and chosen, whatever became of it since: that is said when it is done."""

    widget = forms.CheckboxSelectMultiple

    def valid_value(self, value):
        return True


class TogetherForm(forms.Form):
    """Which of the story's other languages go out together with it, as going_out.Other.key."""

    story = None  # set by articles.admin.moves; a new story has none
    others = ()

    def about(self, story, by):
        self.others = going_out.others(story, by=by)
        if self.others:
            self.fields["along"] = _Keys(
                label=_("Together with it, in the same minute"),
                required=False,
                choices=[(other.key, other.story.headline) for other in self.others],
                initial=[other.key for other in self.others if other.is_ticked],
            )

    @property
    def rows(self):
        """Each of the others with its checkbox, as pairs."""
        return list(zip(self.others, self["along"], strict=True)) if self.others else []

    def clean(self):
        """All that was ticked, also where nothing could be ticked any more: that is said then."""
        widget, name = _Keys.widget, self.add_prefix("along")
        return super().clean() | {"along": widget().value_from_datadict(self.data, {}, name) or []}


class FollowForm(forms.Form):
    """What the original said when whoever translates it looked: number of a Revision."""

    revision = forms.IntegerField(min_value=1, max_value=10**18)


class LanguageForm(forms.Form):
    language = forms.CharField(max_length=20)


class ScheduleForm(TogetherForm):
    """When a story goes live: a time that is typed, or one press on a usual one."""

    move = "schedule"  # or "schedule-version", set by articles.admin.moves
    at = MomentField(label=_("Goes live"), required=False)

    def clean_at(self):
        at = self.cleaned_data["at"]
        if at is None:
            raise ValidationError(_("Say when it goes live."))
        if at <= timezone.now():
            raise ValidationError(_("This time has passed."))
        if self.floor and at < self.floor:
            raise ValidationError(
                _("The story is under embargo until %(time)s: it can go live then, or later."),
                params={"time": clock.text_with_weekday(self.floor)},
            )
        return at

    @property
    def floor(self):
        """The end of the story's embargo, or None."""
        return self.story.embargo_until if self.story and self.story.is_embargoed else None

    def presets(self):
        """Usual times that it could go live at, each a Preset; none that this form would refuse."""
        return schedules.presets(timezone.now(), self.floor)


class ShareForm(forms.Form):
    """How long a link shows a story: hours as posted, a timedelta when cleaned."""

    lasts = forms.TypedChoiceField(
        label=_("The link works for"),
        required=False,
        initial="72",
        choices=[
            ("24", _("a day")),
            ("72", _("three days")),
            ("168", _("a week")),
            ("336", _("two weeks")),
        ],
        coerce=lambda hours: datetime.timedelta(hours=int(hours)),
        empty_value=datetime.timedelta(hours=72),
    )


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
    """An entry that stands with the story for ever; what it takes the place of stays in the database."""

    story = None
    is_settled = False  # the report that it was made from, by somebody else meanwhile
    kind = forms.ChoiceField(
        label=_("Kind"), required=False, initial=Correction.Kind.CORRECTION, widget=forms.Select
    )
    text = forms.CharField(
        label=_("What was wrong, and what is right?"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "data-first": ""}),
    )
    supersedes = forms.ChoiceField(label=_("In the place of"), required=False)
    ELSEWHERE = "elsewhere-"  # + number of the story in another language: its words there
    report = forms.CharField(required=False, max_length=18, widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        # A retraction has a move of its own.
        self.fields["kind"].choices = [
            choice for choice in Correction.Kind.choices if choice[0] != Correction.Kind.RETRACTION
        ]

    def about(self, story, by):
        """Let earlier entries of the story be superseded; where there is none it is not asked.

        And let its other languages be corrected by the same press.
        """
        # The words of the reader that led to it stand above it.
        number = self["report"].value() or ""
        self.reader = reports.find(story, number)
        if self.is_bound and self.reader is None and reports.was_settled(story, number):
            # Said once; whoever sends it again means another correction.
            self.is_settled = True
            self.data = self.data.copy()
            self.data[self.add_prefix("report")] = ""
        self.others = corrections.others(story, by=by)
        for other in self.others:
            said = _("The same in %(language)s, for “%(headline)s” (left empty, it gets none)")
            self.fields[f"{self.ELSEWHERE}{other.pk}"] = forms.CharField(
                label=said
                % {"language": language_name(other.language), "headline": other.headline},
                required=False,
                widget=forms.Textarea(attrs={"rows": 3, "lang": other.language}),
            )
        entries = [
            entry
            for entry in story.printed_corrections()
            if entry.kind != Correction.Kind.RETRACTION
        ]
        self.earlier = {str(entry.pk): entry for entry in entries}
        if not entries:
            del self.fields["supersedes"]
            return
        self.fields["supersedes"].choices = [
            ("", _("nothing: it is another one")),
            *((number, str(entry)) for number, entry in self.earlier.items()),
        ]

    def clean(self):
        data = super().clean()
        if self.is_settled:
            raise ValidationError(_("Somebody has settled this report already."))
        words = [(other, data.get(f"{self.ELSEWHERE}{other.pk}", "")) for other in self.others]
        return data | {
            "supersedes": self.earlier.get(data.get("supersedes", "")),
            "report": reports.find(self.story, data.get("report", "")),
            "elsewhere": [(other, said) for other, said in words if said.strip()],
        }
