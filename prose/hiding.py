"""Whether an element of raw HTML would be seen by a reader: by its style, its attributes and the rules
that stand in the text itself."""

import functools
import re
from html import unescape

_COMMENT = re.compile(r"/\*(?:(?!\*/).)*(?:\*/|$)", re.S)
_ESCAPE = re.compile(r"\\([0-9a-fA-F]{1,6})\s?|\\(.)")
_NUMBER = re.compile(r"(-?\d*\.?\d+)\s*(px|pt|em|rem|ex|ch|vw|vh|%|in|cm|mm|pc)?", re.ASCII)
_RULE = re.compile(r"([^{}]{1,2000})\{([^{}]{0,2000})\}")
_SELECTOR = re.compile(r"([a-z][a-z0-9]*)?([.#][\w-]+)", re.I)
_PIXELS = {"pt": 4 / 3, "em": 16, "rem": 16, "ex": 8, "ch": 8, "vw": 12, "vh": 8, "%": 5, "in": 96, "cm": 38, "mm": 3.8, "pc": 16}  # fmt: skip
_BY_SCRIPT = re.compile(
    r"getElementById\(\s*['\"]([\w-]{1,80})['\"]\s*\)\s*\.\s*style\s*\.\s*"
    r"(?:display\s*=\s*['\"]none|visibility\s*=\s*['\"]hidden|(?:left|top|textIndent)\s*=\s*['\"]-\d{3,})"
)
_FAR, _TINY = -400, 1  # pixels
_SIDES = ["left", "top", "right", "bottom", "margin-left", "margin-top", "margin", "inset"]
_WHITE = {"white", "#fff", "#ffffff", "rgb(255,255,255)", "rgba(255,255,255,1)", "#fefefe"}
_CLEAR = re.compile(r"transparent|(?:rgba|hsla)\([^()]*,\s*0?\.?0*\)|#[0-9a-f]{6}00|#[0-9a-f]{3}0")
_NAMED = {"white": "#ffffff", "black": "#000000", "red": "#ff0000"}


def rules(css):
    """The hiding rules of a style sheet: ``{".class" or "#id" or "tag.class": why}``."""
    found = {}
    for selectors, declarations in _RULE.findall(_COMMENT.sub("", css)):
        if why := by_style(declarations):
            for selector in selectors.split(",")[:50]:
                last = selector.split()[-1] if selector.split() else ""
                if match := _SELECTOR.fullmatch(last):
                    found[(match[1] or "").lower() + match[2]] = why
    return found


def by_scripts(script):
    """The same of a program that hides elements by their id."""
    return {f"#{name}": "hidden by a script" for name in _BY_SCRIPT.findall(script)}


def why(tag, attributes, sheet):
    """Why nobody sees an element, in a few words, or "". ``attributes``: a dict of their values."""
    if "hidden" in attributes and attributes["hidden"].lower() not in {"until-found"}:
        return "hidden"
    if found := by_style(attributes.get("style", "")):
        return found
    names = [f".{name}" for name in attributes.get("class", "").split()]
    if attributes.get("id"):
        names.append(f"#{attributes['id'].strip()}")
    for name in names:
        if found := sheet.get(name) or sheet.get(tag + name):
            return found
    sizes = [_pixels(attributes.get(name, "")) for name in ("width", "height")]
    if tag in {"iframe", "marquee", "div", "object", "embed"} and any(
        size is not None and 0 <= size <= _TINY for size in sizes
    ):
        return "a tiny box"
    if tag == "font" and attributes.get("size", "").strip() in {"0", "-7"}:
        return "font-size"
    return ""


def is_white(tag, attributes):
    """Whether the words are white on what may be white."""
    style = _declared(attributes.get("style", ""))
    has_ground = any(name.startswith("background") for name in style)
    colour = style.get("color", attributes.get("color", "") if tag == "font" else "")
    return _squeezed(colour) in _WHITE and not has_ground


@functools.lru_cache(maxsize=2000)  # a text has the same few styles throughout
def by_style(style):
    """Why nobody sees what has this style, or ""."""
    if not style or ":" not in style:
        return ""
    said = _declared(style)
    size = {name: _pixels(value) for name, value in said.items()}

    def at_most(name, most):
        return size.get(name) is not None and size[name] <= most

    if said.get("display") == "none":
        return "display:none"
    if said.get("visibility") in {"hidden", "collapse"}:
        return "visibility"
    if said.get("content-visibility") == "hidden" or at_most("zoom", 0.1):
        return "content-visibility or zoom"
    if at_most("opacity", 0.05) or re.match(
        r"(?:alpha\()?opacity(?:=|\()0(?:\.0*)?%?\)", said.get("filter", "")
    ):
        return "opacity"
    if at_most("font-size", 2) or re.match(r"0(?:px|pt|em|%)?(?:/|\s|$)", said.get("font", "")):
        return "font-size"
    if at_most("text-indent", -100) or (size.get("text-indent") or 0) >= 1000:
        return "text-indent"
    margins = [_pixels(part) or 0 for part in said.get("margin", "").split()[:4]]
    if (
        any(at_most(name, _FAR) for name in _SIDES)
        or min(margins, default=0) <= _FAR
        or any((size.get(name) or 0) >= 3000 for name in ("left", "top", "right", "margin-left"))
    ):
        return "off the screen"
    if re.search(
        r"scale[xy3d]*\(\s*0?\.?0*\s*[,)]|translate[xy3d]*\(\s*-\d{3,}", said.get("transform", "")
    ):
        return "transform"
    boxes = [
        name
        for name in ("height", "max-height", "width", "max-width", "line-height")
        if at_most(name, _TINY)
    ]
    boxes = [name for name in boxes if size[name] >= 0]
    if boxes and (
        said.get("overflow", "") in {"hidden", "clip", "auto", "scroll"}
        or {"height", "width"} <= set(boxes)
    ):
        return "a tiny box"
    if said.get("mso-hide") == "all":
        return "mso-hide"
    colour = said.get("color", "")
    ground = said.get("background-color") or said.get("background", "")
    if colour and (_CLEAR.fullmatch(_squeezed(colour)) or _hue(colour) == _hue(ground)):
        return "colour"
    return ""


def is_clipped(attributes):
    """Whether an element is cut away as things for screen readers are, which is no hiding by itself."""
    style = _declared(attributes.get("style", ""))
    clip = _squeezed(style.get("clip", "") + style.get("clip-path", ""))
    return bool(
        re.match(r"rect\([01](?:px)?[,)]|rect\([01](?:px)?\s|inset\((?:50|100)%|circle\(0", clip)
    )


def _declared(style):
    style = _ESCAPE.sub(_unescaped, _COMMENT.sub("", unescape(style)))
    found = {}
    for part in style.split(";"):
        name, colon, value = part.partition(":")
        if colon:
            value = value.lower().replace("!important", "").strip()
            found[name.strip().lower()] = " ".join(value.split())
    return found


def _unescaped(match):
    if match[2]:
        return match[2]
    number = int(match[1], 16)
    return chr(number) if 0 < number < 0xD800 else ""


def _pixels(value):
    """A length in pixels, about; None for what is none."""
    match = _NUMBER.match(value.strip())
    return float(match[1]) * _PIXELS.get(match[2], 1) if match else None


def _squeezed(value):
    return re.sub(r"\s+", "", value.lower())


def _hue(value):
    value = _squeezed(value)
    value = _NAMED.get(value, value)
    if re.fullmatch(r"#[0-9a-f]{3}", value):
        value = "#" + "".join(2 * letter for letter in value[1:])
    numbers = re.fullmatch(r"rgba?\((\d{1,3}),(\d{1,3}),(\d{1,3})(?:,1(?:\.0)?)?\)", value)
    if numbers:
        value = "#" + "".join(f"{min(int(n), 255):02x}" for n in numbers.groups())
    return value
