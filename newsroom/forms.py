"""What the site is set up with: its name, looks, menu and how readers reach it."""

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.db import transaction
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from addresses.forms import LinksField, TranslatedForm, translated
from articles.models import Region, Section
from images.models import Image
from images.reading import read_upload
from images.renditions import draw
from images.uploads import keep
from newsroom import looks
from newsroom.models import MenuItem, Page, SiteSettings

MOST_PLACES = 99
HELD_FOR = 86_400  # seconds: a logo that came with a form in which something else was wrong
FEW = 20  # things that a list of the menu shows without being asked


class SecureLinksField(LinksField):
    """Links that begin with https://."""

    most = 20

    @staticmethod
    def entry(line):
        link = LinksField.entry(line)
        if not link["url"].startswith("https://"):
            raise ValidationError(
                _("“%(line)s”: the address must begin with https://."), params={"line": line}
            )
        if len(link["label"]) > 40:
            raise ValidationError(
                _("“%(line)s”: the name has at most 40 characters."), params={"line": line}
            )
        return link


class MenuInput(forms.Widget):
    """A number for each thing that may stand in the menu."""

    use_fieldset = True
    things = ()  # (title, [(key, label)])

    def render(self, name, value, attrs=None, renderer=None):
        value = value or {}
        groups = [
            (
                title,
                [(f"{name}-{key}", label, value.get(key, "")) for key, label in things],
                # Many stand folded up, but where one of them is in the menu.
                len(things) > FEW,
                any(value.get(key) for key, _label in things),
            )
            for title, things in self.things
        ]
        return render_to_string(
            "admin/newsroom/_menu.html", {"groups": groups, "most": MOST_PLACES}
        )

    def value_from_datadict(self, data, files, name):
        keys = [key for _title, things in self.things for key, _label in things]
        return {key: data.get(f"{name}-{key}", "").strip() for key in keys}

    def value_omitted_from_data(self, data, files, name):
        return not any(key.startswith(f"{name}-") for key in data)


class MenuField(forms.Field):
    """What stands in the menu: ``{"section 3": 1, "page 2": 2}``, the place of each thing in it."""

    widget = MenuInput

    def to_python(self, value):
        places = {}
        for key, words in (value or {}).items():
            if words == "":
                continue
            if not (words.isascii() and words.isdecimal() and 1 <= int(words[:4]) <= MOST_PLACES):
                raise ValidationError(
                    _("“%(words)s” is no place: write a number from 1 to %(most)d, or nothing."),
                    params={"words": words, "most": MOST_PLACES},
                )
            places[key] = int(words)
        return places

    def has_changed(self, initial, data):
        return {k: str(v) for k, v in (initial or {}).items()} != {
            k: v for k, v in (data or {}).items() if v
        }


def menu_things():
    """What may stand in the menu, as MenuInput takes it; one query each for three tables."""
    wide = {Region.Kind.WORLD_REGION, Region.Kind.COUNTRY, Region.Kind.GROUP}
    regions = list(Region.objects.order_by("name"))
    return [
        (Section._meta.verbose_name_plural, _keyed("section", Section.objects.all())),
        (
            Region._meta.verbose_name_plural,
            _keyed("region", (r for r in regions if r.kind in wide)),
        ),
        (_("Provinces and cities"), _keyed("region", (r for r in regions if r.kind not in wide))),
        (Page._meta.verbose_name_plural, _keyed("page", Page.objects.all())),
    ]


def _keyed(kind, things):
    return [(f"{kind} {thing.pk}", thing.name) for thing in things]


def menu():
    """The menu as it stands: the value of a MenuField."""
    names = ("section", "region", "page")
    items = MenuItem.objects.values_list("position", *(f"{name}_id" for name in names))
    return {
        f"{name} {number}": position
        for position, *numbers in items
        for name, number in zip(names, numbers, strict=True)
        if number is not None
    }


def save_menu(places):
    """Write the menu; of two things with one number the order of the form holds."""
    items = []
    for key, place in places.items():
        kind, number = key.split()
        items.append(MenuItem(**{f"{kind}_id": int(number)}, position=place))
    with transaction.atomic():
        MenuItem.objects.all().delete()
        MenuItem.objects.bulk_create(items)


def colour_field(label, help_text):
    return forms.CharField(
        label=label,
        help_text=help_text,
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"size": 9, "spellcheck": "false", "autocapitalize": "off"}),
    )


@translated(SiteSettings, "name", "description", "contact", "licence")
class SiteForm(TranslatedForm):
    logo_file = forms.FileField(
        label=_("New logo"),
        required=False,
        help_text=_(
            "Stands for the name above every page. JPEG, PNG, WebP, AVIF or GIF, three times as wide "
            "as tall or less; no SVG, which can hold a program. What can be seen through stays so: the "
            "page is white or dark."
        ),
        widget=forms.FileInput(
            attrs={"accept": "image/jpeg,image/png,image/webp,image/avif,image/gif"}
        ),
    )
    logo_held = forms.CharField(required=False, widget=forms.HiddenInput)
    logo_none = forms.BooleanField(label=_("No logo: the name in words"), required=False)
    accent = colour_field(
        _("Accent colour"),
        _("Of links and kickers: #0b5563. Left empty, it is the one the paper came with."),
    )
    accent_dark = colour_field(
        _("Accent colour on the dark page"),
        _("Left empty, a lighter shade of the other is made that can be read well."),
    )
    social_links = SecureLinksField(
        label=_("Elsewhere"),
        required=False,
        help_text=_("One a line, the name first: Telegram https://t.me/…"),
    )
    menu = MenuField(
        label=_("Places in the menu"),
        required=False,
        help_text=_(
            "What has a number stands in the bar above every page, smaller numbers first. Without "
            "any number: all countries, then all sections."
        ),
    )

    class Meta:
        model = SiteSettings
        fields = ["name"]
        widgets = {
            "description": forms.Textarea(attrs={"rows": 2}),
            "licence": forms.Textarea(attrs={"rows": 3}),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "menu" in self.fields:
            self.fields["menu"].widget.things = menu_things()
            self.initial["menu"] = menu()

    def clean_logo_file(self):
        file = self.cleaned_data["logo_file"]
        if file:
            read_upload(file)
        return file

    def clean_accent(self):
        return _readable(self.cleaned_data["accent"], looks.ON_LIGHT)

    def clean_accent_dark(self):
        return _readable(self.cleaned_data["accent_dark"], looks.ON_DARK)

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("accent_dark") and not cleaned.get("accent") and "accent" not in self.errors:
            self.add_error("accent", _("Choose the colour for the light page too."))
        return cleaned

    def clean_logo_held(self):
        """The picture of an earlier try, or None."""
        held = self.cleaned_data["logo_held"]
        if not held or self.cleaned_data.get("logo_file"):
            return None
        try:
            number = signing.loads(held, salt="logo", max_age=HELD_FOR)
        except signing.BadSignature:
            number = None
        image = Image.objects.filter(pk=number).first()
        if image is None:
            self.add_error("logo_file", _("The logo that was sent is gone. Choose it again."))
        return image

    def hold_logo(self, *, by):
        """Keep a logo that came with a form in which something else is wrong: it is shown, and taken
        when the form comes again."""
        image = self._sent_logo(by=by)
        if image is not None:
            self.data = self.data.copy()
            self.data[self.add_prefix("logo_held")] = signing.dumps(image.pk, salt="logo")
            self._show(image)
            self["logo_file"].help_text = _(
                "The new logo is here already and need not be chosen again: save to have it on the site."
            )

    def save_logo(self, *, by):
        """Make the picture of an uploaded logo, or let go of the logo, on the instance."""
        image, site = self._sent_logo(by=by), self.instance
        if image is not None:
            image.alt, image.alts = site.name, site.names
            image.save()
            self._show(image)
        elif self.cleaned_data.get("logo_none"):
            site.logo, site.logo_is_dark = None, False

    def _show(self, image):
        site = self.instance
        site.logo, site.logo_is_dark = image, looks.is_lost_on_dark(draw(image, "logo", 160, "png"))

    def _sent_logo(self, *, by):
        """The picture that was sent with the form, or with an earlier try of it; or None."""
        file = self.cleaned_data.get("logo_file")
        return keep(file, by=by) if file else self.cleaned_data.get("logo_held")


def _readable(words, grounds):
    if not words.strip():
        return ""
    colour = looks.colour(words)
    looks.check(colour, grounds)
    return colour
