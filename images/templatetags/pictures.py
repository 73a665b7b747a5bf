"""``{% picture image "card" %}``: a picture as readers get it, without a query."""

from django import template
from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import get_language

from addresses.languages import Text
from images.renditions import RECIPES, TYPES, WIDE, address_maker, rendition_size, widths

register = template.Library()


def picture_html(
    image, recipe, *, alt=None, language=None, lazy=True, priority=False, signed=False
):
    """The safe HTML of a picture cut by a recipe of images.renditions; "" without a picture.

    ``alt``: a string or a Text; None for the picture's own in ``language`` (if None, the active
    one), or for nothing where the recipe is decorative. ``lazy``: fetched only when it comes near
    the window. ``priority``: for the one picture a page waits for, never lazy. ``signed``: for
    previews and the desk, who may see a picture before readers do.
    """
    if not image or not widths(image, recipe):
        return ""
    language = language or get_language() or settings.LANGUAGE_CODE
    chosen = RECIPES[recipe]
    if alt is None:
        alt = Text("", language) if chosen.decorative else image.alt_in(language)
    elif not isinstance(alt, Text):
        alt = Text(alt, language)
    address = address_maker(image, signed=signed)
    base = (chosen.phone_tall if image.height > image.width else chosen.phone) or recipe
    first, last = RECIPES[base].formats
    sources = [_source(image, base, first, address)]
    if base != recipe:
        sources = [
            _source(image, recipe, format, address, WIDE) for format in chosen.formats
        ] + sources
    context = {
        "sources": sources,
        "plain": _source(image, base, last, address),
        "alt": alt,
        "lang": alt.language if alt.words and alt.language != language else "",
        # A page may not fix the proportions of what has one crop for phones and another above.
        "ratio": "x".join(map(str, chosen.ratio)) if chosen.ratio and base == recipe else "",
        "lazy": lazy and not priority,
        "priority": priority,
    }
    return render_to_string("images/_picture.html", context)


def _source(image, recipe, format, address, media=""):
    """What ``<source>`` and ``<img>`` say about one recipe in one format, all as strings."""
    given = widths(image, recipe)
    width, height = rendition_size(image, recipe)
    return {
        "media": media,
        "type": TYPES[format],
        # The one address for whoever knows no srcset: the second smallest, right for a phone.
        "src": address(recipe, given[:2][-1], format),
        "srcset": ", ".join(f"{address(recipe, w, format)} {w}w" for w in given),
        "sizes": RECIPES[recipe].sizes,
        "width": str(width),
        "height": str(height),
    }


@register.simple_tag(name="picture")
def picture_tag(image, recipe, alt=None, language=None, lazy=True, priority=False, signed=False):
    """``{% picture image "hero" priority=True %}``; see ``picture_html``."""
    return picture_html(
        image,
        recipe,
        alt=alt,
        language=language,
        lazy=lazy,
        priority=priority,
        signed=signed,
    )
