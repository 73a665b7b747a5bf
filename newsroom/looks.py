"""The site's own colours: whether they can be read, and the style sheet that brings them to the page.

The style sheet has an address that says all of it, so that it never changes and needs no query; the
page's policy takes no style within it. Papers and what stands on them: static/site.css, tokens.
"""

import hashlib
import io
import re

import PIL.Image
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

LEAST = 4.5  # WCAG 2.2, 1.4.3, for text of any size
FAINT = 2  # below it parts of a logo are taken for missing
PAPER, SOFT = "#ffffff", "#f4f3ef"
DARK_PAPER, DARK_SOFT = "#121416", "#1c2023"
FOREVER = "public, max-age=31536000, immutable"

_COLOUR = re.compile("#[0-9a-f]{6}")
_NAME = re.compile(r"([0-9a-f]{6})-([0-9a-f]{6})-([0-9a-f]{12})\.css")
_SHEET = (
    "@media screen{{:root{{--accent:{light};--accent2:{light2}}}"
    ".band{{--accent:{dark}}}"
    "@media (prefers-color-scheme:dark){{:root{{--accent:{dark};--accent2:{dark2}}}}}}}\n"
)


def colour(words):
    """``words`` as ``#rrggbb`` in small letters; three digits stand for six. ValidationError."""
    found = words.strip().lower()
    found = found if found.startswith("#") else f"#{found}"
    if len(found) == 4:
        found = "#" + "".join(digit * 2 for digit in found[1:])
    if not _COLOUR.fullmatch(found):
        raise ValidationError(
            _("“%(colour)s” is no colour: write six digits, such as #0b5563."),
            params={"colour": words},
        )
    return found


def _parts(colour):
    return [int(colour[place : place + 2], 16) for place in (1, 3, 5)]


def _luminance(colour):
    """Relative luminance, WCAG 2.2."""
    parts = [part / 255 for part in _parts(colour)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    """The contrast ratio of two colours, 1 to 21."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def mixed(colour, other, share):
    """``colour`` with that ``share`` (0 to 1) of another in it."""
    pairs = zip(_parts(colour), _parts(other), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def check(colour, grounds):
    """ValidationError, with what was measured, where ``colour`` cannot be read on one of
    ``grounds``: (what it is called, its colour)."""
    poor = [(name, contrast(colour, on)) for name, on in grounds]
    poor = [(name, ratio) for name, ratio in poor if ratio < LEAST]
    if poor:
        raise ValidationError(
            [
                ValidationError(
                    _(
                        "%(colour)s has a contrast of %(ratio)s to 1 with %(ground)s;"
                        " it takes %(least)s to 1 to be read."
                    ),
                    # Cut, not rounded: 4.499 is not 4.5.
                    params={
                        "colour": colour,
                        "ratio": f"{int(ratio * 100) / 100:.2f}",
                        "ground": name,
                        "least": LEAST,
                    },
                )
                for name, ratio in poor
            ]
        )


ON_LIGHT = [
    (_("the paper (#ffffff), and white words on it"), PAPER),
    (_("the ground of boxes (#f4f3ef)"), SOFT),
]
ON_DARK = [
    (_("the dark paper (#121416)"), DARK_PAPER),
    (_("the dark ground of boxes (#1c2023)"), DARK_SOFT),
]


def is_lost_on_dark(content):
    """Whether a logo (a picture file, as bytes) that can be seen through has parts too dark to be seen
    on the dark page: letters in black, say. One with a ground of its own never has."""
    with PIL.Image.open(io.BytesIO(content)) as picture:
        if picture.mode != "RGBA":
            return False
        picture.thumbnail((64, 64))
        points = picture.tobytes()
    points = [tuple(points[start : start + 4]) for start in range(0, len(points), 4)]
    seen = ["#{:02x}{:02x}{:02x}".format(*point) for point in points if point[3] > 127]
    lost = sum(contrast(colour, DARK_PAPER) < FAINT for colour in seen)
    return len(seen) < len(points) and lost > len(seen) / 10


def for_dark(light):
    """A colour for the dark page made from the one for the light page: white is put in until it
    can be read well."""
    lighter = (mixed(light, PAPER, share / 20) for share in range(21))
    return next(found for found in lighter if contrast(found, DARK_SOFT) >= 7)


def sheet(light, dark):
    return _SHEET.format(
        light=light,
        light2=mixed(light, "#000000", 0.3),
        dark=dark,
        dark2=mixed(dark, PAPER, 0.4),
    )


def _name(light, dark):
    digest = hashlib.sha256(sheet(light, dark).encode()).hexdigest()[:12]
    return f"{light[1:]}-{dark[1:]}-{digest}.css"


def address(light, dark):
    """The address of the style sheet of two colours; "" where there is no first."""
    if not light:
        return ""
    return reverse("looks", args=[_name(light, dark or for_dark(light))])


@require_safe
def style_sheet(request, name):
    found = _NAME.fullmatch(name)
    if found is None or name != _name(*(f"#{part}" for part in found.groups()[:2])):
        raise Http404
    words = sheet(f"#{found[1]}", f"#{found[2]}")
    response = HttpResponse(words, content_type="text/css; charset=utf-8")
    response.headers["Cache-Control"] = FOREVER
    return response
