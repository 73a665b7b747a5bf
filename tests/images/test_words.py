"""What a file says about itself is read in the order of trust, in any character set."""

import io
import struct

import PIL.Image
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from images.forms import ImageForm
from images.uploads import keep
from images.words import Words, read_words
from tests import factories

XMP = """<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF
 xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
 <rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/"
 xmlns:Iptc4xmpCore="http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/" {attributes}>
 {elements}</rdf:Description></rdf:RDF></x:xmpmeta>"""
ALT = "<{0}><rdf:Alt>{1}</rdf:Alt></{0}>"
LI = '<rdf:li xml:lang="{}">{}</rdf:li>'


def xmp(elements="", attributes=""):
    return XMP.format(elements=elements, attributes=attributes).encode()


def iptc(entries, marker=None):
    """A Photoshop resource with IPTC records: ``entries`` is ``[(dataset, bytes), ...]``."""
    data = b""
    if marker:
        data += b"\x1c\x01\x5a" + struct.pack(">H", len(marker)) + marker
    for dataset, value in entries:
        data += b"\x1c\x02" + bytes([dataset]) + struct.pack(">H", len(value)) + value
    resource = b"8BIM\x04\x04\0\0" + struct.pack(">I", len(data)) + data + b"\0" * (len(data) % 2)
    return b"Photoshop 3.0\0" + resource


def file_with(*, packet=None, records=None, exif=None, format="JPEG"):
    out = io.BytesIO()
    options = {"exif": exif} if exif else {}
    if packet and format != "PNG":
        options["xmp"] = packet
    PIL.Image.new("RGB", (60, 40)).save(out, format, **options)
    content = out.getvalue()
    if records:
        segment = b"\xff\xed" + struct.pack(">H", len(records) + 2) + records
        content = content[:2] + segment + content[2:]
    return SimpleUploadedFile("photo.jpg", content)


def exif_of(**values):
    exif = PIL.Image.Exif()
    for name, tag in (("caption", 0x010E), ("creator", 0x013B), ("copyright", 0x8298)):
        if name in values:
            exif[tag] = values[name]
    return exif


RUSSIAN = "Паром у причала"


def test_all_is_read_from_xmp_with_its_languages():
    words = read_words(
        file_with(
            packet=xmp(
                ALT.format(
                    "dc:description",
                    LI.format("x-default", "The ferry.") + LI.format("ru-RU", RUSSIAN),
                )
                + ALT.format(
                    "Iptc4xmpCore:AltTextAccessibility", LI.format("x-default", "A white ship")
                )
                + ALT.format("dc:rights", LI.format("x-default", "© 2026 Agency"))
                + "<dc:creator><rdf:Seq><rdf:li>Ann</rdf:li><rdf:li>Timur</rdf:li></rdf:Seq></dc:creator>",
                'photoshop:Credit="Agency &amp; Co" photoshop:Source="Wire"',
            )
        )
    )
    assert (words.caption, words.alt, words.credit) == ("The ferry.", "A white ship", "Agency & Co")
    assert (words.creator, words.copyright, words.source) == ("Ann, Timur", "© 2026 Agency", "Wire")
    assert words.further == {"caption": {"ru": RUSSIAN}}


@pytest.mark.parametrize("format", ["JPEG", "WEBP", "AVIF"])
def test_every_format_that_holds_xmp_is_read(format):
    packet = xmp(attributes=f'photoshop:Credit="{RUSSIAN}"')
    assert read_words(file_with(packet=packet, format=format)).credit == RUSSIAN


def test_xmp_goes_before_iptc_and_iptc_before_exif():
    words = read_words(
        file_with(
            packet=xmp(attributes='photoshop:Credit="from XMP"'),
            records=iptc([(110, b"from IPTC"), (120, b"Caption of IPTC")]),
            exif=exif_of(caption="Caption of EXIF", copyright="(c) EXIF"),
        )
    )
    assert (words.credit, words.caption, words.copyright) == (
        "from XMP",
        "Caption of IPTC",
        "(c) EXIF",
    )


@pytest.mark.parametrize(
    ("text", "encoding", "marker"),
    [
        (RUSSIAN, "utf-8", b"\x1b%G"),
        (RUSSIAN, "utf-8", None),
        (RUSSIAN, "cp1251", None),
        (RUSSIAN, "iso8859_5", b"\x1b-L"),
        ("Ысык-Көл, ғарыш", "utf-8", b"\x1b%G"),
        ("Café à la gare", "cp1252", None),
        ("Café à la gare", "utf-8", None),
        ("Zürich, Straße", "latin-1", b"\x1b-A"),
        # The marker lies: the bytes are no UTF-8.
        (RUSSIAN, "cp1251", b"\x1b%G"),
    ],
)
def test_iptc_is_read_in_its_character_set(text, encoding, marker):
    file = file_with(records=iptc([(120, text.encode(encoding))], marker))
    assert read_words(file).caption == text


def test_exif_in_utf_8_and_in_windows_letters():
    assert read_words(file_with(exif=exif_of(caption=RUSSIAN.encode()))).caption == RUSSIAN
    exif = exif_of(creator=RUSSIAN.encode("cp1251"))
    words = read_words(file_with(exif=exif))
    assert (words.creator, words.credit) == (RUSSIAN, RUSSIAN)


@pytest.mark.parametrize("caption", ["OLYMPUS DIGITAL CAMERA", "SONY DSC", "DSC_0042.JPG", "   "])
def test_what_cameras_write_is_no_caption(caption):
    assert read_words(file_with(exif=exif_of(caption=caption))).caption == ""


@pytest.mark.parametrize("alt", ["IMG_0042.jpg", "the ferry"])
def test_an_alternative_text_that_says_nothing_is_left_out(alt):
    packet = xmp(
        ALT.format("dc:description", LI.format("x-default", "The ferry."))
        + ALT.format("Iptc4xmpCore:AltTextAccessibility", LI.format("x-default", alt))
    )
    assert read_words(file_with(packet=packet)).alt == ""


@pytest.mark.parametrize(
    "packet",
    [
        b"<not xml",
        b'<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>',
        b"<x/>" + b" " * 2_000_000,
        b"\xff\xfe\x00",
        b"<?xml version='1.0' encoding='no-such'?><x/>",
    ],
    ids=["broken", "entities", "long", "bytes", "encoding"],
)
def test_broken_xmp_says_nothing_and_spoils_nothing(packet):
    file = file_with(packet=packet, exif=exif_of(creator="Ann"), format="WEBP")
    assert read_words(file).creator == "Ann"


@pytest.mark.parametrize("records", [b"Photoshop 3.0\0", iptc([(120, b"A" * 9)])[:-4], iptc([])])
def test_broken_iptc_spoils_nothing(records):
    assert read_words(file_with(records=records, exif=exif_of(creator="Ann"))).creator == "Ann"


def test_long_and_odd_words_fit_into_their_fields():
    words = read_words(file_with(exif=exif_of(creator=b"A\x01\x02" + "Ы".encode() * 500)))
    assert len(words.creator) == 200
    assert "\x01" not in words.creator


@pytest.mark.django_db
def test_an_upload_is_kept_with_its_words():
    packet = xmp(
        ALT.format(
            "dc:description", LI.format("x-default", "The ferry.") + LI.format("ru", RUSSIAN)
        ),
        'photoshop:Credit="Agency"',
    )
    image = keep(file_with(packet=packet), by=None)
    image.refresh_from_db()
    assert (image.caption, image.captions, image.credit) == (
        "The ferry.",
        {"ru": RUSSIAN},
        "Agency",
    )


@pytest.mark.django_db
def test_the_form_without_scripts_fills_in_only_what_was_left_empty():
    file = file_with(exif=exif_of(caption="The ferry.", creator="Ann", copyright="(c) Ann"))
    form = ImageForm({"caption": "A better caption"}, {"file": file})
    image = form.save()
    image.refresh_from_db()
    assert (image.caption, image.creator, image.copyright) == ("A better caption", "Ann", "(c) Ann")


def test_exif_that_is_cut_off_is_no_news(recwarn):
    cut_off = b"Exif\0\0II*\0\x08\0\0\0\x05\0\x0e\x01"

    assert read_words(io.BytesIO(factories.picture_bytes(90, 60, exif=cut_off))) == Words()
    assert not recwarn.list
