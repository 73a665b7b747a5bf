"""What a picture file says about itself: caption, credit, creator, copyright, alternative text.

XMP is trusted first, then IPTC, then EXIF: the first is written last, in UTF-8, and is the only one
with alternative text. Names: IPTC Photo Metadata Standard 2023.1.
"""

import re
import xml.etree.ElementTree as ET
from dataclasses import dataclass, field
from xml.sax.saxutils import escape

import PIL.Image

from images.alt import is_file_name, repeats
from images.reading import UNREADABLE, one_at_a_time, open_picture, read_exif

_MOST_XMP = 1024 * 1024  # bytes
_DC = "{http://purl.org/dc/elements/1.1/}"
_PHOTOSHOP = "{http://ns.adobe.com/photoshop/1.0/}"
_IPTC = "{http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/}"
_RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
XMP = {
    "caption": f"{_DC}description",
    "credit": f"{_PHOTOSHOP}Credit",
    "creator": f"{_DC}creator",
    "copyright": f"{_DC}rights",
    "source": f"{_PHOTOSHOP}Source",
    "alt": f"{_IPTC}AltTextAccessibility",
}
# IPTC-IIM 4.2: datasets of record 2, and what dataset 1:90 says about their characters.
IPTC = {"caption": 120, "credit": 110, "creator": 80, "copyright": 116, "source": 115}
CHARSETS = {
    b"\x1b%G": "utf-8",
    b"\x1b-L": "iso8859_5",
    b"\x1b-A": "latin-1",
    b"\x1b.A": "latin-1",
}
EXIF = {"caption": 0x010E, "creator": 0x013B, "copyright": 0x8298}
MOST = {"alt": 400, "credit": 200, "creator": 200, "copyright": 200, "source": 200}
# What cameras write where a person would describe the picture.
_OF_CAMERAS = re.compile(r"(olympus|minolta|sony|dcim|samsung|kodak|nikon|ricoh)[a-z ]*", re.I)
_UNWANTED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffd]")


@dataclass
class Words:
    """Texts, "" where the file says nothing; in ``further`` those of other languages by field."""

    caption: str = ""
    credit: str = ""
    creator: str = ""
    copyright: str = ""
    source: str = ""
    alt: str = ""
    further: dict = field(default_factory=dict)  # {"caption": {"ru": "..."}, "alt": {...}}


def read_words(file):
    """The Words in a picture file. ValidationError where it is no picture; ``file`` is rewound."""
    picture = open_picture(file)
    try:
        words = Words()
        for said in (_from_xmp(picture, words.further), _from_iptc(picture), _from_exif(picture)):
            for name, text in said.items():
                if not getattr(words, name):
                    setattr(words, name, _plain(name, text))
    finally:
        file.seek(0)
    words.credit = words.credit or words.creator
    words.alt = _worth_saying(words.alt, words.caption)
    alts, captions = words.further.get("alt", {}), words.further.get("caption", {})
    for language in list(alts):
        alts[language] = _worth_saying(alts[language], captions.get(language, ""))
    return words


def _worth_saying(alt, caption):
    return "" if is_file_name(alt) or repeats(alt, caption) else alt


def _plain(name, text):
    text = " ".join(_UNWANTED.sub(" ", text).split())
    if name == "caption" and (_OF_CAMERAS.fullmatch(text) or is_file_name(text)):
        return ""
    return text[: MOST.get(name, 2000)]


def _from_xmp(picture, further):
    packet = picture.info.get("xmp") or picture.info.get("XML:com.adobe.xmp") or b""
    if isinstance(packet, str):
        packet = packet.encode()
    # A document type could define entities that grow without end; XMP has none.
    if not packet or len(packet) > _MOST_XMP or b"<!" in packet:
        return {}
    try:
        root = ET.fromstring(packet.strip(b"\0 \r\n\t"))
    except (ET.ParseError, ValueError, LookupError):
        return {}
    said = {}
    for description in root.iter(f"{_RDF}Description"):
        for name, tag in XMP.items():
            texts = _texts(description, tag)
            if name == "creator":
                text = ", ".join(text for _language, text in texts)
            else:
                text = next(
                    (text for language, text in texts if language in {"", "x-default"}),
                    texts[0][1] if texts else "",
                )
                for language, translated in texts:
                    if name in {"alt", "caption"} and language not in {"", "x-default"}:
                        code = language.partition("-")[0].lower()
                        further.setdefault(name, {}).setdefault(code, _plain(name, translated))
            if text:
                said.setdefault(name, text)
    return said


def _texts(description, tag):
    """``[(language, text), ...]`` of a property of XMP, in any of the forms that it may have."""
    found = [("", description.attrib[tag])] if tag in description.attrib else []
    for value in description.findall(tag):
        entries = list(value.iter(f"{_RDF}li"))
        if entries:
            found += [(entry.get(_LANG, ""), entry.text or "") for entry in entries]
        else:
            found.append((value.get(_LANG, ""), value.text or ""))
    return [(language, text.strip()) for language, text in found if text.strip()]


def _from_iptc(picture):
    resources = picture.info.get("photoshop")
    data = resources.get(0x0404, b"") if isinstance(resources, dict) else b""
    entries, charset, place = {}, None, 0
    while place + 5 <= len(data) and data[place] == 0x1C:
        record, dataset = data[place + 1], data[place + 2]
        size = int.from_bytes(data[place + 3 : place + 5], "big")
        place += 5
        if size & 0x8000:  # longer than any text of ours: its length has so many bytes
            break
        value = data[place : place + size]
        place += size
        if (record, dataset) == (1, 90):
            charset = CHARSETS.get(value)
        elif record == 2:
            entries.setdefault(dataset, []).append(value)
    return {
        name: ", ".join(decoded(value, charset) for value in entries[dataset])
        for name, dataset in IPTC.items()
        if dataset in entries
    }


def _from_exif(picture):
    try:
        with one_at_a_time:  # to look behind the pixels of a PNG, Pillow decodes it
            exif = read_exif(picture)
        values = {name: exif.get(tag) for name, tag in EXIF.items()}
    except UNREADABLE:
        return {}
    said = {}
    for name, value in values.items():
        if isinstance(value, str):  # Pillow reads every byte as a character of its own
            value = value.encode("latin-1", "replace")
        if isinstance(value, bytes):
            said[name] = decoded(value.partition(b"\0")[0])
    return said


def decoded(value, charset=None):
    """``value`` as text. Where no character set is named: UTF-8 if it is, else Russian or Western.

    Of the last two, in which each byte is a letter, Russian words are runs of bytes above 127;
    in Western ones these stand alone.
    """
    for candidate in (charset, "utf-8"):
        if candidate:
            try:
                return value.decode(candidate)
            except UnicodeDecodeError:
                continue
    runs = re.findall(rb"[\x80-\xff]+", value)
    in_runs = sum(len(run) for run in runs if len(run) > 1)
    is_cyrillic = 2 * in_runs > sum(map(len, runs))
    return value.decode("cp1251" if is_cyrillic else "cp1252", "replace")


# What we say in a file that readers get. EXIF is for whoever reads no XMP, and has no field for a
# credit but the one for an artist. In ASCII by its standard, in UTF-8 by the habit of all readers.

_PACKET = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>\
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="{rdf}">\
<rdf:Description rdf:about="" xmlns:dc="{dc}" xmlns:photoshop="{photoshop}">{said}</rdf:Description>\
</rdf:RDF></x:xmpmeta><?xpacket end="r"?>"""


def written(credit, copyright):
    """``{"xmp": ..., "exif": ...}`` that says this in a JPEG or AVIF; empty where nothing is said."""
    credit, copyright = (_UNWANTED.sub(" ", words).strip() for words in (credit, copyright))
    said = f"<photoshop:Credit>{escape(credit)}</photoshop:Credit>" if credit else ""
    if copyright:
        entry = f'<rdf:li xml:lang="x-default">{escape(copyright)}</rdf:li>'
        said += f"<dc:rights><rdf:Alt>{entry}</rdf:Alt></dc:rights>"
    if not said:
        return {}
    names = {"rdf": _RDF, "dc": _DC, "photoshop": _PHOTOSHOP}
    spaces = {prefix: name.strip("{}") for prefix, name in names.items()}
    exif = PIL.Image.Exif()
    for name, words in (("creator", credit), ("copyright", copyright)):
        if words:
            exif[EXIF[name]] = words.encode()
    return {"xmp": _PACKET.format(said=said, **spaces).encode(), "exif": exif}
