import io
import zlib
from concurrent.futures import ThreadPoolExecutor
from html.parser import HTMLParser

import PIL.Image
import PIL.ImageCms
import PIL.ImageDraw
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.template import Context, Template
from django.utils.translation import override

from addresses.languages import Text
from images.models import Image
from images.reading import ORIENTATION
from images.renditions import (
    RECIPES,
    crop,
    draw,
    rendition_file,
    rendition_size,
    rendition_url,
    widths,
)
from images.templatetags.pictures import picture_html

# No test here may ask the database: that it is closed to them shows that printing asks nothing.
RED, GREEN, BLUE, WHITE = (200, 30, 30), (30, 160, 60), (30, 60, 200), (255, 255, 255)


def kept(picture, format="PNG", *, options=None, size=None, **fields):
    """An Image row (not saved) of a Pillow image; ``size`` where it is not the file's own."""
    out = io.BytesIO()
    picture.save(out, format, **(options or {}))
    width, height = size or picture.size
    image = Image(width=width, height=height, **fields)
    image.file.save(f"anything.{format.lower()}", ContentFile(out.getvalue()), save=False)
    return image


def striped(*colours, width=900, height=600):
    """A picture of upright stripes of equal width."""
    picture = PIL.Image.new("RGB", (width, height))
    pen = PIL.ImageDraw.Draw(picture)
    step = width / len(colours)
    for number, colour in enumerate(colours):
        pen.rectangle((number * step, 0, (number + 1) * step, height), fill=colour)
    return picture


def drawn(image, recipe, width=None, format="jpg"):
    """The rendition as a Pillow image."""
    width, _height = rendition_size(image, recipe, width)
    return PIL.Image.open(io.BytesIO(draw(image, recipe, width, format)))


def colour(picture, x, y):
    """The colour at fractions ``x``, ``y`` of a picture."""
    at = (int(x * (picture.width - 1)), int(y * (picture.height - 1)))
    return picture.convert("RGB").getpixel(at)


def near(one, other, by=40):
    return max(abs(a - b) for a, b in zip(one, other, strict=True)) <= by


class Tags(HTMLParser):
    """The tags of a piece of HTML: ``[("img", {"alt": ""}), ...]``."""

    def __init__(self, html):
        super().__init__()
        self.found = []
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        self.found.append((tag, dict(attributes)))


def parts(html):
    """What a ``<picture>`` says: its own attributes, those of its sources, those of its image."""
    tags = Tags(html).found
    assert [tag for tag, _ in tags] == ["picture", *["source"] * (len(tags) - 2), "img"]
    return tags[0][1], [attributes for _, attributes in tags[1:-1]], tags[-1][1]


def offered(srcset):
    """Of each entry in a srcset: the address and the width it promises."""
    return [(url, int(width[:-1])) for url, width in (e.split() for e in srcset.split(", "))]


# What is drawn


@pytest.mark.parametrize("format", ["avif", "jpg"])
@pytest.mark.parametrize("recipe", RECIPES)
def test_each_recipe_gives_the_sizes_it_promises(recipe, format):
    image = kept(striped(RED, BLUE, width=2000, height=1500), "JPEG")

    for width in widths(image, recipe):
        picture = drawn(image, recipe, width, format)
        assert picture.size == rendition_size(image, recipe, width)
        assert picture.format == {"avif": "AVIF", "jpg": "JPEG"}[format]


def test_a_jpeg_comes_in_layers_from_coarse_to_fine():
    assert drawn(kept(striped(RED, BLUE)), "card").info["progressive"]


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("turn", range(1, 9))
def test_a_picture_stands_upright_however_the_camera_was_held(turn, format):
    upright = PIL.Image.new("RGB", (900, 600), WHITE)
    pen = PIL.ImageDraw.Draw(upright)
    pen.rectangle((0, 0, 450, 300), fill=RED)
    pen.rectangle((450, 300, 900, 600), fill=BLUE)
    undo = {
        2: PIL.Image.Transpose.FLIP_LEFT_RIGHT,
        3: PIL.Image.Transpose.ROTATE_180,
        4: PIL.Image.Transpose.FLIP_TOP_BOTTOM,
        5: PIL.Image.Transpose.TRANSPOSE,
        6: PIL.Image.Transpose.ROTATE_90,
        7: PIL.Image.Transpose.TRANSVERSE,
        8: PIL.Image.Transpose.ROTATE_270,
    }
    lying = upright.transpose(undo[turn]) if turn in undo else upright
    data = PIL.Image.Exif()
    data[ORIENTATION] = turn

    picture = drawn(
        kept(lying, format, options={"exif": data}, size=(900, 600)), "card", format="jpg"
    )

    assert picture.size == (720, 480)
    assert near(colour(picture, 0.1, 0.1), RED)
    assert near(colour(picture, 0.9, 0.1), WHITE)
    assert near(colour(picture, 0.1, 0.9), WHITE)
    assert near(colour(picture, 0.9, 0.9), BLUE)


@pytest.mark.parametrize(("focal_x", "seen"), [(0, RED), (0.5, GREEN), (1, BLUE), (0.36, GREEN)])
def test_a_crop_keeps_the_focal_point(focal_x, seen):
    image = kept(striped(RED, GREEN, BLUE, width=1800, height=600), focal_x=focal_x)

    picture = drawn(image, "portrait")

    assert picture.size == (320, 320)
    assert near(colour(picture, 0.5, 0.5), seen)


def test_a_crop_from_a_large_jpeg_is_as_exact_as_from_a_small_one():
    large = striped(WHITE, WHITE, WHITE, RED, width=4000, height=1000)

    picture = drawn(kept(large, "JPEG", focal_x=1), "portrait", 80)

    assert all(near(colour(picture, x, 0.5), RED) for x in (0.02, 0.5, 0.98))


def test_a_crop_never_leaves_the_picture():
    for x in (0, 0.3, 1):
        for y in (0, 0.7, 1):
            for ratio in ((16, 9), (3, 2), (1, 1), (4, 5), (1200, 630), None):
                cut = crop(1001, 777, ratio, x, y)
                assert cut.left >= 0
                assert cut.top >= 0
                assert cut.left + cut.width <= 1001.0001
                assert cut.top + cut.height <= 777.0001


def test_a_picture_in_the_text_is_shown_whole():
    image = kept(striped(RED, GREEN, BLUE, width=600, height=900), focal_y=0)

    picture = drawn(image, "inline")

    assert picture.size == (480, 720)
    assert near(colour(picture, 0.1, 0.5), RED)
    assert near(colour(picture, 0.9, 0.5), BLUE)


@pytest.mark.parametrize("format", ["avif", "jpg"])
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_nothing_of_where_and_by_whom_a_photograph_was_taken_is_left(kind, format):
    data = PIL.Image.Exif()
    data[0x013B] = "Secret Photographer"
    data[0x010F] = "Secret Camera"
    data.get_ifd(0x8825).update({1: "N", 2: (42.0, 52.0, 11.0)})
    profile = PIL.ImageCms.ImageCmsProfile(PIL.ImageCms.createProfile("sRGB")).tobytes()
    options = {"exif": data, "icc_profile": profile, "xmp": b"<x:xmpmeta>Secret place</x:xmpmeta>"}
    if kind == "JPEG":
        options["comment"] = b"Secret comment"
    image = kept(striped(RED, BLUE), kind, options=options)
    with image.file.open() as file:
        assert b"Secret Camera" in file.read()

    content = draw(image, "card", 480, format)

    picture = PIL.Image.open(io.BytesIO(content))
    assert b"Secret" not in content
    assert dict(picture.getexif()) == {}
    assert not {"exif", "xmp", "icc_profile", "comment"} & set(picture.info)


def test_colours_mean_what_their_profile_says():
    # A profile in which the first number is green and the second red: sRGB's with two names changed.
    profile = PIL.ImageCms.ImageCmsProfile(PIL.ImageCms.createProfile("sRGB")).tobytes()
    swapped = profile.replace(b"rXYZ", b"swap").replace(b"gXYZ", b"rXYZ")
    swapped = swapped.replace(b"swap", b"gXYZ")
    image = kept(striped((255, 0, 0), (0, 255, 0)), options={"icc_profile": swapped})

    picture = drawn(image, "card")

    assert near(colour(picture, 0.1, 0.5), (0, 255, 0))
    assert near(colour(picture, 0.9, 0.5), (255, 0, 0))


def test_a_profile_that_means_nothing_is_left_aside():
    lab = PIL.ImageCms.ImageCmsProfile(PIL.ImageCms.createProfile("LAB")).tobytes()

    for profile in (lab, b"no profile at all"):
        image = kept(striped(RED, BLUE), "JPEG", options={"icc_profile": profile})
        assert near(colour(drawn(image, "card"), 0.1, 0.5), RED)


@pytest.mark.parametrize("format", ["avif", "jpg"])
def test_what_can_be_seen_through_stands_on_white(format):
    glass = PIL.Image.new("RGBA", (900, 600), (0, 0, 0, 0))
    PIL.ImageDraw.Draw(glass).rectangle((0, 0, 300, 600), fill=(*RED, 255))

    for picture in (
        drawn(kept(glass), "card", format=format),
        drawn(kept(glass.quantize()), "card", format=format),
    ):
        assert near(colour(picture, 0.1, 0.5), RED)
        assert near(colour(picture, 0.9, 0.5), WHITE)


@pytest.mark.parametrize(
    ("mode", "format"), [("1", "PNG"), ("L", "PNG"), ("LA", "PNG"), ("P", "GIF"), ("CMYK", "JPEG")]
)
def test_every_kind_of_pixels_is_drawn(mode, format):
    picture = drawn(kept(striped((0, 0, 0), WHITE).convert(mode), format), "card")

    assert near(colour(picture, 0.1, 0.5), (0, 0, 0))
    assert near(colour(picture, 0.9, 0.5), WHITE)


def test_sixteen_bits_of_grey_are_grey_and_not_white():
    grey = PIL.Image.new("I;16", (900, 600), 0x8000)

    assert near(colour(drawn(kept(grey), "card"), 0.5, 0.5), (128, 128, 128), by=3)


# How large


def test_a_small_picture_is_never_made_larger():
    image = kept(striped(RED, BLUE, width=600, height=600))

    assert widths(image, "card") == [320, 480]
    assert widths(image, "inline") == [480]
    assert widths(image, "hero") == [600]
    assert widths(image, "portrait") == [80, 160, 320]
    assert rendition_size(image, "hero") == (600, 338)
    assert drawn(image, "hero").size == (600, 338)


def test_a_tiny_picture_has_its_own_size():
    image = kept(striped(RED, width=3, height=200))

    for recipe in RECIPES:
        assert widths(image, recipe) == [3]
        assert drawn(image, recipe).width == 3


def test_a_picture_of_unknown_size_is_not_printed():
    image = Image()

    assert widths(image, "card") == []
    assert rendition_url(image, "card") == ""
    assert picture_html(image, "card") == ""
    assert picture_html(None, "card") == ""


def test_an_address_never_promises_more_than_there_is():
    image = Image(width=1000, height=1000)

    assert rendition_url(image, "social", 1200, "jpg") == f"/media/{image.token}/social-1000.jpg"
    assert rendition_size(image, "social") == (1000, 525)
    assert rendition_url(image, "card", 500, "avif") == f"/media/{image.token}/card-480.avif"


# Where it is kept


def test_a_rendition_is_drawn_once_and_kept():
    image = kept(striped(RED, BLUE))
    place = rendition_file(image, "card", 480, "jpg")
    default_storage.delete(image.file.name)

    assert rendition_file(image, "card", 480, "jpg") == place
    assert place.startswith(f"renditions/{image.token[:2]}/{image.token}/")
    with pytest.raises(FileNotFoundError):
        rendition_file(image, "card", 320, "jpg")


def test_recipes_that_ask_for_the_same_share_it():
    image = kept(striped(RED, BLUE))

    assert rendition_file(image, "card", 480, "jpg") == rendition_file(image, "lead", 480, "jpg")


def test_a_focal_point_that_moves_takes_the_crop_along():
    image = kept(striped(RED, GREEN, BLUE, width=1800, height=600), focal_x=0)
    before = rendition_file(image, "portrait", 80, "jpg")

    image.focal_x = 1

    assert rendition_file(image, "portrait", 80, "jpg") != before


def test_many_who_ask_at_once_all_get_the_whole_rendition():
    image = kept(striped(RED, BLUE))

    def ask(_number):
        with default_storage.open(rendition_file(image, "card", 320, "jpg")) as file:
            return file.read()

    with ThreadPoolExecutor(6) as pool:
        answers = set(pool.map(ask, range(12)))

    assert len(answers) == 1
    assert PIL.Image.open(io.BytesIO(answers.pop())).size == (320, 213)
    folder = f"renditions/{image.token[:2]}/{image.token}"
    assert len(default_storage.listdir(folder)[1]) == 1


# What is printed


def test_a_card_says_nothing_and_waits_until_it_is_near():
    image = Image(width=1600, height=1067, alt="A lake")

    picture, [avif], img = parts(picture_html(image, "card"))

    folder = f"/media/{image.token}"
    assert picture == {"class": "r3x2"}
    assert avif["type"] == "image/avif"
    assert offered(avif["srcset"]) == [
        (f"{folder}/card-320.avif", 320),
        (f"{folder}/card-480.avif", 480),
        (f"{folder}/card-720.avif", 720),
    ]
    assert offered(img["srcset"]) == [(f"{folder}/card-{w}.jpg", w) for w in (320, 480, 720)]
    assert img["src"] == f"{folder}/card-480.jpg"
    assert img["sizes"] == avif["sizes"] == RECIPES["card"].sizes
    assert (img["width"], img["height"], img["alt"]) == ("720", "480", "")
    assert (img["loading"], img["decoding"]) == ("lazy", "async")


def test_only_widths_that_exist_are_offered():
    html = picture_html(Image(width=500, height=500, token="a" * 32), "card")

    assert [width for _, width in offered(parts(html)[2]["srcset"])] == [320, 480]
    assert "720" not in html.replace("sizes", "")


def test_the_first_picture_of_a_page_is_asked_for_first_and_cut_for_phones():
    image = Image(width=1600, height=1067, alt="A lake & its shore")

    picture, sources, img = parts(picture_html(image, "hero", priority=True))

    assert picture == {}
    assert [(s.get("media"), s["type"]) for s in sources] == [
        ("(min-width:40rem)", "image/avif"),
        ("(min-width:40rem)", "image/jpeg"),
        (None, "image/avif"),
    ]
    assert (sources[0]["width"], sources[0]["height"]) == ("1600", "900")
    assert "hero-phone-1280.avif 1280w" in sources[2]["srcset"]
    assert (img["width"], img["height"]) == ("1280", "853")
    assert img["fetchpriority"] == "high"
    assert "loading" not in img
    assert img["alt"] == "A lake & its shore"


def test_a_tall_picture_stays_tall_on_a_phone():
    html = picture_html(Image(width=1000, height=1500), "hero")

    assert "hero-tall-960" in parts(html)[2]["srcset"]
    assert "hero-phone" not in html


def test_words_for_who_cannot_see_it_are_in_their_language():
    image = Image(width=900, height=600, alt="A lake", alts={"ru": "Озеро"})
    other = Image(width=900, height=600, alt="A lake")

    with override("ru"):
        assert parts(picture_html(image, "inline"))[2]["alt"] == "Озеро"
        img = parts(picture_html(other, "inline"))[2]
        assert (img["alt"], img["lang"]) == ("A lake", "en")
        assert "lang" not in parts(picture_html(other, "card"))[2]
        assert "lang" not in parts(picture_html(other, "inline", language="en"))[2]
        assert parts(picture_html(other, "card", alt=Text("Lake", "en")))[2]["lang"] == "en"
    assert "lang" not in parts(picture_html(image, "inline"))[2]


def test_words_cannot_break_out_of_the_page():
    image = Image(width=900, height=600, alt='"><script>alert(1)</script>')

    assert "<script" not in picture_html(image, "inline")


def test_templates_print_pictures_by_name_without_a_query():
    image = Image(width=900, height=600, alt="A lake")
    page = Template(
        "{% load pictures %}{% picture image 'hero' priority=True %}{% picture image 'card' %}"
        "{% picture nothing 'card' %}{% picture image 'portrait' alt='Aida' lazy=False %}"
    )

    html = page.render(Context({"image": image}))

    assert html.count("<picture") == 3
    assert 'alt="Aida"' in html
    assert html.count("lazy") == 1


def test_a_page_full_of_cards_stays_small():
    cards = "".join(picture_html(Image(width=1600, height=1067), "card") for _ in range(40))

    assert len(zlib.compress(cards.encode(), 6)) < 5000
