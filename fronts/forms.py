"""What the page of a front is typed into: each pinned story's own words, the strip, a minute."""

from dataclasses import replace
from functools import cache
from types import SimpleNamespace

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from addresses.languages import codes, lazy_language_name
from articles import clock, permissions
from articles.forms.fields import MomentField, NamedField, PictureField
from articles.models import Article
from fronts import laying_out, leads
from fronts.laying_out import Layout, Placed
from fronts.models import Front, Lead, Pin
from images.models import Image

PLACES = 99


class PinForm(forms.Form):
    """A pinned story: where it stands and until when, and what is said differently about it there.

    ``picture``: the chosen Image, where its number alone would cost a query.
    """

    slot = forms.ChoiceField(label=_("Where"), choices=Pin.Slot.choices)
    place = forms.IntegerField(label=_("Place"), min_value=1, max_value=PLACES)
    kicker = forms.CharField(label=_("Kicker here"), max_length=60, required=False)
    headline = forms.CharField(label=_("Headline here"), max_length=250, required=False)
    image = PictureField(label=_("Picture here"), queryset=Image.objects.none(), required=False)
    until = MomentField(label=_("Until"), required=False)

    def __init__(self, *args, user, is_open=True, picture=None, **kwargs):
        super().__init__(*args, **kwargs)
        if not is_open:
            # What is said about a story would tell of it: only its place is moved.
            for name in ("kicker", "headline", "image", "until"):
                del self.fields[name]
            return
        self.fields["image"].queryset = permissions.visible_images(user, Image.objects.all())
        self.instance = SimpleNamespace(image=picture)


class StripForm(forms.Form):
    breaking_text = forms.CharField(label=_("Words"), max_length=200, required=False)
    breaking_url = forms.CharField(
        label=_("Leads to"),
        max_length=500,
        required=False,
        help_text=_("An address: https://… or a path of this site."),
    )
    breaking_until = MomentField(label=_("Until"), required=False)

    def clean_breaking_url(self):
        address = self.cleaned_data["breaking_url"]
        if address and not address.startswith(("/", "https://", "http://")):
            raise ValidationError(_("An address begins with https:// or with a slash."))
        return address

    def clean(self):
        cleaned = super().clean()
        if not cleaned.get("breaking_text"):
            cleaned |= {"breaking_text": "", "breaking_url": "", "breaking_until": None}
        elif cleaned.get("breaking_until") is None and "breaking_until" not in self.errors:
            self.add_error("breaking_until", _("Say until when the breaking strip stands."))
        return cleaned


class MinuteForm(forms.Form):
    at = MomentField(label=_("Goes live"))

    def clean_at(self):
        if self.cleaned_data["at"] <= timezone.now():
            raise ValidationError(_("This time has passed."))
        return self.cleaned_data["at"]


def pin_forms(layout, user, data=None):
    """A PinForm for each pinned story, in order; bound where ``data`` was posted."""
    numbers = [pin.article_id for pin in layout.pins]
    visible = permissions.visible_stories(user, Article.objects.filter(pk__in=numbers))
    known = set(visible.order_by().values_list("pk", flat=True))
    pictures = Image.objects.in_bulk([pin.image_id for pin in layout.pins if pin.image_id])
    return [
        PinForm(
            data,
            user=user,
            prefix=f"pin-{pin.article_id}",
            is_open=pin.article_id in known,
            picture=pictures.get(pin.image_id),
            initial={
                "slot": pin.slot,
                "place": pin.position + 1,
                "kicker": pin.kicker,
                "headline": pin.headline,
                "image": pin.image_id,
                "until": pin.until,
            },
        )
        for pin in layout.pins
    ]


def strip_form(layout, data=None):
    text, url, until = layout.strip
    initial = {"breaking_text": text, "breaking_url": url, "breaking_until": until}
    return StripForm(data, initial=initial)


def posted_pins(data, shown):
    """The pins that a posted page had, as a Layout: those of ``shown`` where they were known."""
    numbers = dict.fromkeys(
        int(n) for n in data.getlist("pin") if n.isascii() and n.isdecimal() and len(n) < 19
    )
    pins = [
        shown.of(number) or Placed(number, Pin.Slot.TOP.value, place)
        for place, number in enumerate(numbers)
    ]
    return Layout(tuple(pins[: laying_out.MOST_PINS + 1]))


def layout_from(pins, forms_of_pins, strip):
    """The Layout that valid forms say. Of two with one number the one that was given it goes first."""
    rows = []
    for pin, form in zip(pins, forms_of_pins, strict=True):
        typed = form.cleaned_data
        position = typed["place"] - 1
        stays = (typed["slot"], position) == (pin.slot, pin.position)
        placed = replace(pin, slot=typed["slot"], position=position)
        if "until" in typed:
            placed = replace(
                placed,
                until=typed["until"],
                kicker=typed["kicker"],
                headline=typed["headline"],
                image_id=typed["image"].pk if typed["image"] else None,
            )
        rows.append((position, stays, pin.position, placed))
    rows.sort(key=lambda row: row[:3])
    free, placed = {}, []
    for position, _stays, _was, pin in rows:
        there = max(position, free.get(pin.slot, 0))
        free[pin.slot] = there + 1
        placed.append(replace(pin, position=there))
    return Layout(tuple(placed), **strip.cleaned_data)


PLACES_FROM_A_STORY = [
    ("top 1", _("Home, first")),
    ("top 2", _("Home, second")),
    ("top 3", _("Home, third")),
    ("top 4", _("Home, fourth")),
    ("opinion 1", _("Home, opinion")),
    ("long read 1", _("Home, long read")),
]


class PlaceForm(forms.Form):
    """Where a story is put from its own page, and whether editions that wait have it there too."""

    place = forms.ChoiceField(choices=PLACES_FROM_A_STORY)
    everywhere = forms.BooleanField(required=False, initial=True)

    @property
    def story(self):
        """The story; set by articles.admin.moves. What it can lead is offered with the home."""
        return self._story

    @story.setter
    def story(self, story):
        self._story = story
        self.fields["place"].choices = cache(lambda: [*PLACES_FROM_A_STORY, *leads.places(story)])

    @property
    def waiting(self):
        """The minutes of the editions that wait."""
        front = Front.objects.filter(name="home", language=self.story.language).first()
        editions = laying_out.waiting(front) if front is not None else []
        return [clock.text_with_weekday(edition.live_from) for edition in editions]


# The pages of sections and regions


class LeadsForm(forms.ModelForm):
    """Mixin of their forms: which story heads the list in each language, and until when.

    ``user`` is set by the admin.
    """

    user = None

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        found = leads.of(self.instance) if self.instance.pk else {}
        for code in codes():
            if (field := self.fields.get(f"lead_{code}")) is None:
                continue
            stories = Article.objects.filter(status="published", language=code)
            stories = permissions.visible_stories(self.user, stories)
            field.things = leads.belong(self.instance, stories)
            if (lead := found.get(code)) is not None:
                is_open = permissions.can_place(self.user, lead.article)
                self.initial[f"lead_{code}"] = lead.article if is_open else ""
                self.initial[f"lead_until_{code}"] = lead.until if is_open else None

    def clean(self):
        cleaned = super().clean()
        for code in codes():
            until = cleaned.get(f"lead_until_{code}")
            is_new = f"lead_until_{code}" in self.changed_data
            if until is not None and is_new and until <= timezone.now():
                self.add_error(f"lead_until_{code}", _("This time has passed."))
        return cleaned

    def save_leads(self, *, by):
        """Write what was changed. Returns the sentences about what was refused."""
        refused = []
        for code in codes():
            names = [f"lead_{code}", f"lead_until_{code}"]
            if not set(names) & set(self.changed_data):
                continue
            story, until = (self.cleaned_data.get(name) for name in names)
            try:
                if story is None:
                    leads.take_out(by=by, thing=self.instance, language=code)
                else:
                    leads.pin(story, by=by, thing=self.instance, until=until)
            except laying_out.Refused as error:
                refused += error.problems
        return refused


def with_leads(form):
    """Class decorator: the form of a section or a region with a lead for each language."""
    fields = {}
    for code in codes():
        about = {"language": lazy_language_name(code)}
        fields[f"lead_{code}"] = NamedField(
            Article,
            source=(Lead, "article"),
            label=format_lazy(_("Lead in {language}"), **about),
            help_text=_("A live or scheduled story of this list, by its headline or number."),
        )
        fields[f"lead_until_{code}"] = MomentField(
            label=format_lazy(_("until ({language})"), **about), required=False
        )
    return type(form)(form.__name__, (LeadsForm, form), fields)


LEAD_FIELDS = [f"{name}_{code}" for code in codes() for name in ("lead", "lead_until")]
