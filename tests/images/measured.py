"""Reads picture files as an upload does and draws what is taken, each in a process of its own.

``python -m tests.images.measured`` takes paths, one a line, and answers each with a line of JSON:
``refused`` (a code) or ``drawn`` (what was found in the renditions), and what it took.
"""

import contextlib
import io
import json
import os
import sys
import time

import django
import PIL.Image
from django.core.exceptions import ValidationError
from django.core.files.storage import FileSystemStorage

# Renditions show credit and copyright, and of where and by what it was taken nothing.
LEFT = {"jfif", "jfif_version", "jfif_unit", "jfif_density", "dpi", "progressive", "progression"}


def main():
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsroom.settings")
    django.setup()
    # As much of the site as a worker has loaded.
    __import__("newsroom.urls")
    from django.urls import reverse  # noqa: PLC0415

    reverse("admin:index")
    PIL.Image.init()
    for line in sys.stdin:
        print(json.dumps(measured(line.rstrip("\n"))), flush=True)


def measured(path):
    """What reading and drawing the file came to, with peak memory (bytes) and seconds of processor."""
    ours, theirs = os.pipe()
    child = os.fork()
    if not child:
        os.close(ours)
        status = 1
        try:
            answer = json.dumps(tried(path))
            with os.fdopen(theirs, "w") as out:
                out.write(answer)
            status = 0
        finally:
            os._exit(status)
    os.close(theirs)
    with os.fdopen(ours) as answers:
        answer = answers.read()
    _pid, status, used = os.wait4(child, 0)
    return {"peak": used.ru_maxrss * 1024, "status": status} | json.loads(answer or "{}")


def tried(path):
    from images.models import Image  # noqa: PLC0415
    from images.reading import read_upload  # noqa: PLC0415
    from images.renditions import RECIPES, TYPES, draw, label, widths  # noqa: PLC0415
    from images.words import read_words  # noqa: PLC0415

    steps, drawn = [], {}

    @contextlib.contextmanager
    def step(name):
        start = time.process_time()
        try:
            yield
        finally:
            steps.append((round(time.process_time() - start, 3), name))

    with open(path, "rb") as file:
        try:
            with step("read"):
                width, height = read_upload(file)
            with step("words"):
                read_words(file)
        except ValidationError as error:
            return {"refused": error.code, "longest": max(steps)}
    image = Image(width=width, height=height)
    image.file.storage = FileSystemStorage(location=os.path.dirname(path))
    image.file.name = os.path.basename(path)
    for recipe in RECIPES:
        given = widths(image, recipe)
        *better, plain = RECIPES[recipe].formats
        drawings = {(given[0], plain), (given[-1], plain), *((given[-1], best) for best in better)}
        for at, format in drawings:
            name = label(image, recipe, at, format)
            if name in drawn:
                continue
            with step(name):
                content = draw(image, recipe, at, format)
            with PIL.Image.open(io.BytesIO(content)) as picture:
                drawn[name] = {
                    "is": [picture.size[0], TYPES[format] == picture.get_format_mimetype()],
                    "wanted": [at, True],
                    "said": sorted(set(picture.info) - LEFT) + [hex(t) for t in picture.getexif()],
                    "tells": b"Secretplace" in content,
                    "corners": corners(picture) if recipe == "inline" else None,
                }
    return {"drawn": drawn, "longest": max(steps)}


def corners(picture):
    picture = picture.convert("RGB")
    right, low = picture.width - 1, picture.height - 1
    places = [(0, 0), (right, 0), (0, low), (right, low)]
    # A little inside, where no neighbour shines in.
    inner = [(x * 8 // 10 + right // 10, y * 8 // 10 + low // 10) for x, y in places]
    return [picture.getpixel(place) for place in inner]


if __name__ == "__main__":
    main()
