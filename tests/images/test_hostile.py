"""Odd files sent to the desk: each is taken and drawn, or refused with a word, at a known price."""

import json
import subprocess
import sys
from pathlib import Path

import PIL
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from images.models import Image
from images.renditions import rendition_url
from tests.articles.test_desk import signed_in
from tests.images import odd

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[2]
PILLOWS = ROOT / ".cache" / "odd" / f"pillow-{PIL.__version__}" / "Tests" / "images"
UPLOAD = "/admin/images/image/upload/"
MOST_MEMORY, MOST_SECONDS = 300_000_000, 5


@pytest.fixture(scope="module")
def measure():
    """A function of a path; see tests.images.measured."""
    child = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-m", "tests.images.measured"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        cwd=ROOT,
    )

    def ask(path):
        child.stdin.write(f"{path}\n")
        child.stdin.flush()
        return json.loads(child.stdout.readline())

    yield ask
    child.stdin.close()
    assert child.wait(timeout=60) == 0
    child.stdout.close()


def problems(name, content, expected, *, desk, measure, folder):
    """What is wrong with how a file was received, as sentences; none where all is well."""
    before = set(Image.objects.values_list("pk", flat=True))
    answer = desk.post(
        UPLOAD,
        {"files": [SimpleUploadedFile(name, content)]},
        headers={"x-requested-with": "fetch"},
    )
    if answer.status_code != 200:
        yield f"{name}: the desk answers {answer.status_code}"
        return
    image = Image.objects.exclude(pk__in=before).first()
    kept = folder / "odd"
    kept.write_bytes(content)
    found = measure(kept)
    taken = "drawn" in found
    if found["status"] or taken == ("refused" in found):
        yield f"{name}: the process ended with {found}"
        return
    # No form hands an empty file on.
    if taken != (image is not None):
        yield f"{name}: the desk and the reader do not agree: {found.get('refused')}"
    if expected not in {odd.EITHER, odd.UPRIGHT if taken else "", "taken" if taken else "refused"}:
        yield f"{name}: expected to be {expected}, but {found.get('refused', 'taken')}"
    if found["peak"] >= MOST_MEMORY:
        yield f"{name}: {found['peak'] // 1_000_000} MB"
    if found["longest"][0] >= MOST_SECONDS:
        yield f"{name}: {found['longest']} seconds"
    for label, one in found.get("drawn", {}).items():
        if one["is"] != one["wanted"]:
            yield f"{name}, {label}: {one['is']}"
        if one["said"] or one["tells"]:
            yield f"{name}, {label}: says {one['said']}, {one['tells']}"
        if expected == odd.UPRIGHT and one["corners"]:
            for is_there, wanted in zip(one["corners"], odd.CORNERS, strict=True):
                if max(abs(a - b) for a, b in zip(is_there, wanted, strict=True)) > 60:
                    yield f"{name}, {label}: {one['corners']}"
    if image is not None:
        address = rendition_url(image, "inline", 480, signed=True)
        if Client().get(address).status_code != 200:
            yield f"{name}: {address} cannot be seen"
        image.file.delete(save=False)


def all_problems(files, measure, folder):
    desk = signed_in()
    count, found = 0, []
    for name, content, expected in files:
        count += 1
        found += problems(name, content, expected, desk=desk, measure=measure, folder=folder)
    return count, found


def test_odd_files_are_taken_or_refused_at_a_known_price(measure, tmp_path):
    count, found = all_problems(odd.sample(), measure, tmp_path)

    assert count >= 40
    assert found == []


@pytest.mark.long
@pytest.mark.parametrize(
    "kind", ["turned", "of_all_kinds", "of_other_kinds", "for_two", "bombs", "large"]
)
def test_each_odd_file_is_taken_or_refused_at_a_known_price(kind, measure, tmp_path):
    count, found = all_problems(getattr(odd, kind)(), measure, tmp_path)

    assert count >= 10
    assert found == []


@pytest.mark.long
def test_damaged_files_are_taken_or_refused_at_a_known_price(measure, tmp_path):
    count, found = all_problems(odd.damaged(400), measure, tmp_path)

    assert count == 400
    assert found == []


@pytest.mark.long
@pytest.mark.skipif(not PILLOWS.is_dir(), reason="NO ODD IMAGES: Pillow's sources are not here")
def test_the_test_images_of_pillow_are_taken_or_refused_at_a_known_price(measure, tmp_path):
    files = sorted(path for path in PILLOWS.rglob("*") if path.is_file())

    count, found = all_problems(
        ((path.name, path.read_bytes(), odd.EITHER) for path in files), measure, tmp_path
    )

    assert count > 600  # with the 400 damaged ones above a thousand
    assert found == []
