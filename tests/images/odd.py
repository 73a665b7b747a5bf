"""Odd image files, the same at every run: what cameras, agencies, mistakes and enemies send."""

import io
import itertools
import random
import struct
import zipfile
import zlib

import PIL.Image
import PIL.ImageCms
import PIL.ImageDraw

PLACE = "Secretplace"  # what no rendition may say
ORIENTATION = 0x0112
CORNERS = [(200, 30, 30), (30, 160, 60), (30, 60, 200), (240, 240, 240)]
TAKEN, REFUSED, EITHER, UPRIGHT = "taken", "refused", "either", "upright"
UNDO = {
    2: PIL.Image.Transpose.FLIP_LEFT_RIGHT,
    3: PIL.Image.Transpose.ROTATE_180,
    4: PIL.Image.Transpose.FLIP_TOP_BOTTOM,
    5: PIL.Image.Transpose.TRANSPOSE,
    6: PIL.Image.Transpose.ROTATE_90,
    7: PIL.Image.Transpose.TRANSVERSE,
    8: PIL.Image.Transpose.ROTATE_270,
}
FORMATS = ["JPEG", "PNG", "WEBP", "AVIF", "GIF"]
XMP = (
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    '<rdf:Description xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/" photoshop:City="{}"/>'
    "</rdf:RDF></x:xmpmeta>"
)


def cornered(width=420, height=280):
    """A picture whose four quarters have the colours of CORNERS: top left, top right, then below."""
    picture = PIL.Image.new("RGB", (width, height))
    pen = PIL.ImageDraw.Draw(picture)
    for number, colour in enumerate(CORNERS):
        left, top = number % 2 * width // 2, number // 2 * height // 2
        pen.rectangle((left, top, left + width // 2, top + height // 2), fill=colour)
    return picture


def noise(width=240, height=160):
    one = PIL.Image.effect_noise((width, height), 70)
    return PIL.Image.merge("RGB", (one, one.transpose(PIL.Image.Transpose.ROTATE_180), one))


def saved(picture, format, **options):
    out = io.BytesIO()
    picture.save(out, format, **options)
    return out.getvalue()


def exif(turn=1):
    """EXIF of a telephone: how it was held, what it is, and where."""
    data = PIL.Image.Exif()
    data[ORIENTATION] = turn
    data[0x010F] = PLACE
    data[0x013B] = PLACE
    data.get_ifd(0x8825).update({1: "N", 2: (42.0, 52.0, 11.0), 27: PLACE.encode()})
    return data


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width, height, *, depth=8, colours=2, rows=None, extra=b"", interlaced=0):
    """A PNG of black made without a picture in memory; ``rows`` fewer than it claims where given."""
    channels = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}[colours]
    row = bytes(1 + -(-width * channels * depth // 8))
    pack = zlib.compressobj(9)
    packed = b"".join(pack.compress(row) for _ in range(height if rows is None else rows))
    header = struct.pack(">IIBBBBB", width, height, depth, colours, 0, 0, interlaced)
    palette = chunk(b"PLTE", bytes(range(255)) + b"\0" * 3) if colours == 3 else b""
    parts = [chunk(b"IHDR", header), palette, extra, chunk(b"IDAT", packed + pack.flush())]
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts) + chunk(b"IEND", b"")


def turned():
    """Pictures held in all eight ways."""
    for format, turn in itertools.product(["JPEG", "PNG", "WEBP", "AVIF"], range(1, 9)):
        if format == "AVIF" and turn > 1:
            continue  # turned by the format itself, which Pillow does when it decodes
        lying = cornered()
        lying = lying.transpose(UNDO[turn]) if turn in UNDO else lying
        options = {"exif": exif(turn), "xmp": XMP.format(PLACE).encode()}
        yield f"held {turn}.{format}", saved(lying, format, **options), UPRIGHT


def of_all_kinds():
    """Every kind of pixels and container that is a picture."""
    plain = cornered()
    for mode in ("1", "L", "LA", "P", "RGBA", "I;16"):
        picture = plain.convert("L").convert(mode) if mode[0] in "I1L" else plain.convert(mode)
        yield f"{mode.replace(';', '')}.png", saved(picture, "PNG"), TAKEN
    for depth, colours in ((16, 2), (16, 6), (16, 4), (4, 3), (2, 0), (1, 0)):
        yield f"{depth} bits {colours}.png", png(300, 200, depth=depth, colours=colours), TAKEN
    yield "woven.png", png(300, 200, interlaced=1, rows=400), TAKEN
    seen_through = plain.quantize(16)
    yield "palette.png", saved(seen_through, "PNG", transparency=3), TAKEN
    yield "palette bytes.png", saved(seen_through, "PNG", transparency=bytes(range(16))), TAKEN
    yield "palette.gif", saved(seen_through, "GIF", transparency=3), TAKEN
    yield "key.png", saved(plain, "PNG", transparency=CORNERS[0]), TAKEN
    for kind in ({"progressive": True}, {"subsampling": 0}, {"quality": 1}, {"smooth": 50}):
        yield f"{next(iter(kind))}.jpg", saved(plain, "JPEG", **kind), UPRIGHT
    yield "cmyk.jpg", saved(plain.convert("CMYK"), "JPEG", exif=exif()), TAKEN
    yield "cmyk progressive.jpg", saved(plain.convert("CMYK"), "JPEG", progressive=True), TAKEN
    yield "grey.jpg", saved(plain.convert("L"), "JPEG"), TAKEN
    yield "two.mpo", saved(plain, "MPO", save_all=True, append_images=[plain]), TAKEN
    frames = [noise() for _ in range(5)]
    for format, name in (("GIF", "gif"), ("WEBP", "webp"), ("PNG", "apng"), ("AVIF", "avif")):
        content = saved(frames[0], format, save_all=True, append_images=frames[1:], duration=40)
        yield f"moving.{name}", content, TAKEN
    yield "lossless.webp", saved(plain, "WEBP", lossless=True), TAKEN
    yield "glass.webp", saved(plain.convert("RGBA"), "WEBP"), TAKEN
    yield "glass.avif", saved(plain.convert("RGBA"), "AVIF"), TAKEN
    for size in ((1, 1), (1, 3000), (3000, 1), (2, 7), (1279, 853)):
        for format in FORMATS:
            content = saved(noise(*size), format)
            yield f"{size[0]}x{size[1]}.{format}", content, EITHER if format == "AVIF" else TAKEN
    for name, profile in (("lab", "LAB"), ("xyz", "XYZ")):
        icc = PIL.ImageCms.ImageCmsProfile(PIL.ImageCms.createProfile(profile)).tobytes()
        yield f"{name}.jpg", saved(plain, "JPEG", icc_profile=icc), TAKEN
    yield "profile of nothing.png", saved(plain, "PNG", icc_profile=b"none" * 99), TAKEN
    yield "comment.jpg", saved(plain, "JPEG", comment=PLACE), TAKEN


def of_other_kinds():
    """What is no picture here, under names that say it is."""
    plain = cornered(60, 40)
    svg = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'
    yield "drawing.svg", svg, REFUSED
    yield "drawing.jpg", svg, REFUSED
    yield "words.png", b"just words", REFUSED
    yield "empty.gif", b"", REFUSED
    yield "page.webp", b"<!doctype html><script>alert(1)</script>", REFUSED
    for format in ("TIFF", "BMP", "PPM", "PDF", "EPS", "ICO", "TGA", "PCX", "DDS", "JPEG2000"):
        yield f"really {format}.jpg", saved(plain, format), REFUSED
    for brand in (b"heic", b"heix", b"mif1", b"msf1", b"hevc"):
        box = b"ftyp" + brand + bytes(4) + b"mif1heic"
        yield f"{brand.decode()}.jpg", struct.pack(">I", len(box) + 4) + box + bytes(99), REFUSED


def for_two():
    """Files that something else would take for its own."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("index.html", "<script>alert(1)</script>")
    for format in FORMATS:
        content = saved(cornered(60, 40), format)
        yield f"archive.{format}", content + archive.getvalue(), REFUSED
        # What stands after a picture is never sent on: readers get what is drawn.
        yield f"page behind.{format}", content + b"<html><script>alert(1)</script>", EITHER
    for words in (b"<?php phpinfo();", b"<html><script>1</script>", b"%PDF-1.7", b"<svg onload=1>"):
        content = saved(cornered(60, 40), "JPEG", comment=words)
        yield f"{words[1:5].decode()} within.jpg", content, REFUSED
    yield "script.gif", b"GIF89a=1/*" + saved(noise(), "GIF")[10:] + b"*/;alert(1)", EITHER
    yield "php.gif", b"GIF89a<?php phpinfo();" + bytes(99), REFUSED


def bombs():
    """Little files that want much memory or time."""
    yield "177 megapixels.png", png(13300, 13300, rows=0), REFUSED
    yield "177 whole.png", png(13300, 13300, depth=1, colours=0), REFUSED
    yield "3600 megapixels.png", png(60000, 60000, rows=0), REFUSED
    yield "strip.png", png(30001, 10), REFUSED
    gif = bytearray(saved(cornered(60, 40), "GIF"))
    gif[6:10] = struct.pack("<HH", 65535, 65535)
    yield "screen.gif", bytes(gif), REFUSED
    at = gif.index(b",", 13 + 3 * 2 ** ((gif[10] & 7) + 1))
    gif = bytearray(saved(cornered(60, 40), "GIF"))
    gif[at + 5 : at + 9] = struct.pack("<HH", 65535, 65535)
    yield "frame.gif", bytes(gif), EITHER
    frames = [PIL.Image.new("L", (8, 8), n % 256) for n in range(2000)]
    yield "2000 frames.gif", saved(frames[0], "GIF", save_all=True, append_images=frames[1:]), TAKEN
    packed = zlib.compress(bytes(200_000_000), 9)
    for kind, start in ((b"iCCP", b"icc\0\0"), (b"zTXt", b"words\0\0")):
        yield f"{kind.decode()}.png", png(60, 40, extra=chunk(kind, start + packed)), EITHER
    yield "words.png", png(60, 40, extra=chunk(b"iTXt", b"w\0\1\0\0\0" + packed)), EITHER
    progressive = saved(noise(1200, 800), "JPEG", progressive=True)
    last = progressive.rindex(b"\xff\xda")
    for times in (200, 5000):
        content = progressive[:-2] + progressive[last:-2] * times + b"\xff\xd9"
        yield f"{times} passes.jpg", content, REFUSED
    deep = "<rdf:Description><dc:creator>" * 12000 + "</dc:creator></rdf:Description>" * 12000
    names = 'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:dc="http://purl.org/dc/elements/1.1/"'
    yield "deep.png", _with_xmp(f"<rdf:RDF {names}>{deep}</rdf:RDF>"), TAKEN
    laughs = '<!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><l>&b;</l>'
    yield "laughs.png", _with_xmp(laughs), EITHER
    loop = (
        b"II*\0\x08\0\0\0" + b"\1\0" + struct.pack("<HHII", 0x8769, 4, 1, 8) + struct.pack("<I", 8)
    )
    yield "loop.jpg", saved(cornered(60, 40), "JPEG", exif=b"Exif\0\0" + loop), TAKEN
    huge = b"II*\0\x08\0\0\0\1\0" + struct.pack("<HHII", 0x010E, 2, 0xFFFFFFF0, 8) + bytes(4)
    yield "long words.jpg", saved(cornered(60, 40), "JPEG", exif=b"Exif\0\0" + huge), TAKEN


def _with_xmp(packet):
    return png(60, 40, extra=chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + packet.encode()))


def large():
    """Up to the limits, and just above."""
    yield "60 grey.png", png(9000, 6600, colours=0), TAKEN
    yield "60 palette.png", png(9000, 6600, colours=3, extra=chunk(b"tRNS", bytes(9))), TAKEN
    yield "60 16 bits.png", png(9000, 6600, depth=16, colours=0), TAKEN
    yield "37 colours.png", png(7400, 5000), TAKEN
    yield "37 glass.png", png(7400, 5000, colours=6), TAKEN
    yield "37 deep colours.png", png(7400, 5000, depth=16), TAKEN
    yield "37 woven.png", png(7400, 5000, colours=6, interlaced=1, rows=10000), TAKEN
    yield "tall.png", png(1240, 30000, colours=6), TAKEN
    yield "60 colours.png", png(9000, 6600), REFUSED
    yield "60 glass 16 bits.png", png(9000, 6600, depth=16, colours=6), REFUSED
    for turn in (6, 7):
        lying = cornered(5000, 3000).transpose(UNDO[turn])
        yield f"large {turn}.jpg", saved(lying, "JPEG", exif=exif(turn)), UPRIGHT
        lying = cornered(2400, 1600).convert("CMYK").transpose(UNDO[turn])
        yield f"cmyk {turn}.jpg", saved(lying, "JPEG", exif=exif(turn)), TAKEN
    grey = PIL.Image.linear_gradient("L")
    for name, size, mode, options in (
        ("59.jpg", (9000, 6600), "RGB", {}),
        ("59 cmyk.jpg", (9000, 6600), "CMYK", {}),
        ("25 progressive.jpg", (5700, 4350), "RGB", {"progressive": True, "subsampling": 0}),
        ("56 progressive.jpg", (9000, 6200), "L", {"progressive": True}),
        ("wide.jpg", (30000, 1990), "RGB", {}),
        ("tall.jpg", (1990, 30000), "RGB", {}),
    ):
        picture = grey.resize(size).convert(mode)
        yield name, saved(picture, "JPEG", quality=60, **options), TAKEN
        del picture
    for name, format, size, expected in (
        ("12.webp", "WEBP", (4032, 3024), TAKEN),
        ("12.avif", "AVIF", (4032, 3024), TAKEN),
        ("24.webp", "WEBP", (6000, 4000), REFUSED),
        ("24.avif", "AVIF", (6000, 4000), REFUSED),
        ("59.gif", "GIF", (9000, 6600), TAKEN),
    ):
        options = {"GIF": {}, "WEBP": {"method": 0}, "AVIF": {"speed": 10}}[format]
        yield name, saved(grey.resize(size), format, **options), expected
    whole = saved(grey.resize((6000, 6000)).convert("RGB"), "JPEG", progressive=True, subsampling=0)
    yield "36 progressive.jpg", whole, REFUSED
    yield "61.jpg", saved(grey.resize((9500, 6500)), "JPEG", quality=30), REFUSED


def damaged(number):
    """``number`` pictures cut off somewhere or with wrong bytes in them."""
    chance = random.Random(4)
    options = {"JPEG": {"exif": exif(6)}, "PNG": {"exif": exif(6)}, "WEBP": {"exif": exif(6)}}
    whole = {format: saved(noise(), format, **options.get(format, {})) for format in FORMATS}
    whole["progressive"] = saved(noise(), "JPEG", progressive=True)
    whole["moving"] = saved(noise(), "GIF", save_all=True, append_images=[noise()])
    kinds = itertools.cycle(whole)
    for count in range(number):
        kind = next(kinds)
        content = bytearray(whole[kind])
        if count % 3 == 0:
            del content[chance.randrange(len(content)) :]
        else:
            end = len(content) if count % 3 == 1 else min(600, len(content))
            for _ in range(chance.randrange(1, 9)):
                content[chance.randrange(end)] = chance.randrange(256)
        yield f"damaged {count}.{kind}", bytes(content), EITHER


def sample():
    """About forty files that are quickly made and read."""
    small = [*turned(), *of_all_kinds(), *of_other_kinds(), *for_two()]
    return small[::4] + list(damaged(10))
