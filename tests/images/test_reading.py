import io
import struct
import tracemalloc
import zipfile
import zlib

import PIL.Image
import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given, settings
from hypothesis import strategies as st

from images import reading
from images.reading import open_picture, read_upload
from tests.factories import picture_bytes

SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'
TURNED = PIL.Image.Exif()
TURNED[reading.ORIENTATION] = 6


def upload(content, name="picture.jpg"):
    return SimpleUploadedFile(name, content)


def png_that_claims(width, height, pixels=b""):
    """A PNG whose header says ``width`` x ``height``, with little or nothing in it."""

    def chunk(kind, data):
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        [chunk(b"IHDR", header), chunk(b"IDAT", zlib.compress(pixels)), chunk(b"IEND", b"")]
    )


def webp_that_claims(width, height):
    content = bytearray(picture_bytes(8, 8, "WEBP", exif=TURNED))
    assert content[12:16] == b"VP8X"
    content[24:27] = (width - 1).to_bytes(3, "little")
    content[27:30] = (height - 1).to_bytes(3, "little")
    return bytes(content)


def refusal(content, name="picture.jpg"):
    with pytest.raises(ValidationError) as refused:
        read_upload(upload(content, name))
    return refused.value.code


@pytest.mark.parametrize("format", reading.FORMATS)
def test_the_formats_of_cameras_and_agencies_are_read(format):
    file = upload(picture_bytes(60, 40, format), "anything.bin")

    assert read_upload(file) == (60, 40)
    assert file.tell() == 0


def test_the_first_frame_of_an_animation_is_the_picture():
    out = io.BytesIO()
    first, second = PIL.Image.new("RGB", (30, 20), "red"), PIL.Image.new("RGB", (30, 20), "blue")
    first.save(out, "GIF", save_all=True, append_images=[second])

    assert read_upload(upload(out.getvalue())) == (30, 20)


def test_a_photograph_of_two_frames_is_read_as_a_jpeg():
    out = io.BytesIO()
    frame = PIL.Image.new("RGB", (30, 20), "red")
    frame.save(out, "MPO", save_all=True, append_images=[frame])

    assert read_upload(upload(out.getvalue())) == (30, 20)


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_a_picture_lying_on_its_side_is_measured_standing(format):
    assert read_upload(upload(picture_bytes(60, 40, format, exif=TURNED))) == (40, 60)


def test_broken_camera_data_does_not_spoil_a_good_picture():
    content = picture_bytes(60, 40, exif=b"Exif\x00\x00MM\x00*\xff\xff\xff\xff\x00\x01")

    assert read_upload(upload(content)) == (60, 40)


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"", "empty.jpg"),
        (b"just words, and a few more of them", "words.jpg"),
        (SVG, "drawing.svg"),
        (SVG, "drawing.png"),
        (b"<!doctype html><script>alert(1)</script>", "page.gif"),
        (b"GIF89a/*<script>alert(1)</script>*/", "script.gif"),
        (picture_bytes(9, 9, "TIFF"), "scan.jpg"),
        (picture_bytes(9, 9, "BMP"), "painting.png"),
        (picture_bytes(9, 9, "PPM"), "raw.png"),
        (picture_bytes(9, 9, "PDF"), "page.jpg"),
        (picture_bytes(9, 9, "EPS"), "print.jpg"),
        (picture_bytes(9, 9, "JPEG", comment=b"%PDF-1.7 1 0 obj"), "both.jpg"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_no_picture_is_refused_whatever_its_name(content, name):
    assert refusal(content, name) == "no_picture"


def test_a_picture_that_is_an_archive_too_is_refused():
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("page.html", "<script>alert(1)</script>")

    assert refusal(picture_bytes(9, 9, "PNG") + archive.getvalue()) == "no_picture"


@pytest.mark.parametrize("format", ["JPEG", "PNG", "GIF"])
def test_a_picture_that_is_cut_off_is_refused(format):
    out = io.BytesIO()
    PIL.Image.effect_noise((300, 200), 90).save(out, format)
    content = out.getvalue()

    assert refusal(content[: len(content) // 2]) == "damaged"


@pytest.mark.parametrize("format", ["WEBP", "AVIF"])
def test_a_picture_of_a_newer_format_that_is_cut_off_is_refused(format):
    out = io.BytesIO()
    PIL.Image.effect_noise((300, 200), 90).save(out, format)
    content = out.getvalue()

    assert refusal(content[: len(content) // 2]) in {"damaged", "no_picture"}


@pytest.mark.parametrize(
    "content",
    [
        png_that_claims(13300, 13300),
        png_that_claims(7746, 7746),
        png_that_claims(60000, 60000),
        png_that_claims(100, 30001),
        webp_that_claims(13300, 13300),
        webp_that_claims(7800, 7800),
    ],
    ids=["177 MP", "just above", "3,600 MP", "a strip", "177 MP WebP", "just above, WebP"],
)
def test_too_many_pixels_are_refused_before_there_is_room_made_for_them(content, recwarn):
    tracemalloc.start()
    try:
        code = refusal(content)
        _now, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert code == "too_many_pixels"
    assert peak < 5_000_000
    assert not recwarn.list


def test_a_large_picture_within_the_limit_is_no_bomb(recwarn):
    picture = open_picture(io.BytesIO(png_that_claims(7000, 8000)))

    assert picture.size == (7000, 8000)
    assert not recwarn.list


def test_a_file_that_is_too_large_is_not_even_opened(monkeypatch):
    monkeypatch.setattr(reading, "MAX_BYTES", 1000)

    assert refusal(b"\xff\xd8" + bytes(2000)) == "too_large"


places = st.integers(0, 9999)  # parts in ten thousand of a file


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(reading.FORMATS),
    st.lists(st.tuples(places, st.integers(0, 255)), min_size=1, max_size=8),
    st.one_of(st.just(10000), places),
)
def test_no_damage_to_a_picture_gives_anything_but_a_refusal(format, scratches, end):
    content = bytearray(picture_bytes(40, 30, format, exif=TURNED))
    for place, value in scratches:
        content[place * len(content) // 10000] = value

    try:
        outcome = min(read_upload(upload(bytes(content[: end * len(content) // 10000])))) > 0
    except ValidationError as refused:
        outcome = refused.code

    assert outcome in {True, "no_picture", "damaged", "too_many_pixels"}
