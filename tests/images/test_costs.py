"""What decoding would take is known from a file's headers, before a pixel is decoded."""

import io

import PIL.Image
import pytest
from django.core.exceptions import ValidationError

from images.costs import MOST_PASSES, most_pixels, passes, reduction
from images.reading import open_picture, read_upload
from tests.images.odd import noise, png, saved


def opened(content):
    file = io.BytesIO(content)
    return open_picture(file), file


def most(content):
    return most_pixels(*opened(content))


def refusal(content):
    with pytest.raises(ValidationError) as refused:
        read_upload(io.BytesIO(content))
    return refused.value


def test_a_plain_jpeg_costs_no_more_for_being_large():
    assert most(saved(noise(), "JPEG")) is None
    assert most(saved(noise().convert("CMYK"), "JPEG")) is None


def test_a_jpeg_of_several_passes_may_have_fewer_pixels_the_more_colour_it_has():
    halved = most(saved(noise(), "JPEG", progressive=True, subsampling=2))
    whole = most(saved(noise(), "JPEG", progressive=True, subsampling=0))
    of_four = most(saved(noise().convert("CMYK"), "JPEG", progressive=True))

    assert halved // 1_000_000 == 50
    assert whole // 1_000_000 == 25
    assert of_four // 1_000_000 == 18


@pytest.mark.parametrize(
    ("mode", "format", "megapixels"),
    [
        ("RGB", "PNG", 37),
        ("RGBA", "PNG", 37),
        ("P", "PNG", 150),
        ("L", "PNG", 150),
        ("I;16", "PNG", 75),
        ("RGB", "WEBP", 13),
        ("RGB", "AVIF", 15),
        ("P", "GIF", 150),
    ],
)
def test_each_kind_of_file_has_its_limit(mode, format, megapixels):
    picture = PIL.Image.new(mode, (60, 40))

    assert most(saved(picture, format)) // 1_000_000 == megapixels


def test_who_sent_it_hears_how_large_it_may_be():
    refused = refusal(png(9000, 6600, rows=1))

    assert refused.code == "too_dear"
    assert "about 37 megapixels" in refused.messages[0]


@pytest.mark.parametrize("progressive", [False, True])
def test_passes_are_counted_and_those_of_a_small_picture_within_are_not(progressive):
    small = saved(noise(40, 30), "JPEG", progressive=True)
    data = PIL.Image.Exif()
    data[0x010E] = b"II" + small
    content = saved(noise(), "JPEG", progressive=progressive, exif=data, comment=small)
    file = io.BytesIO(content)
    file.seek(7)

    found = passes(file)

    assert (found == 1) is not progressive
    assert found < 20
    assert file.tell() == 7
    assert passes(io.BytesIO(content[:60])) <= 1
    assert passes(io.BytesIO(b"")) == 0


def test_passes_without_end_are_refused():
    content = saved(noise(60, 40), "JPEG", progressive=True)
    last = content.rindex(b"\xff\xda")
    endless = content[:-2] + content[last:-2] * MOST_PASSES + b"\xff\xd9"

    assert passes(io.BytesIO(endless)) > MOST_PASSES
    assert refusal(endless).code == "damaged"


@pytest.mark.parametrize(
    ("size", "scale", "by"),
    [
        ((1600, 900), 1.5, 1),
        ((4000, 3000), 0.6, 1),
        ((4000, 3000), 0.5, 2),
        ((4000, 3000), 0.1, 8),
        ((9000, 6600), 0.9, 4),
    ],
)
def test_a_jpeg_is_decoded_as_small_as_what_is_wanted_or_memory_allows(size, scale, by):
    content = saved(PIL.Image.new("RGB", size), "JPEG", quality=10)

    assert reduction(opened(content)[0], scale) == by
