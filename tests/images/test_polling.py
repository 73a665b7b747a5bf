"""An embargoed picture asked for every tenth of a second: none before its minute, none after its end.

Through the application alone, and through nginx as deploy/nginx.conf sets it up; and how long a
cache before either goes on after its end.
"""

import contextlib
import datetime
import os
import re
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.utils import timezone

from articles import publishing
from articles.models import Article
from images.models import Image
from images.renditions import RECIPES, rendition_url, widths
from tests.articles.test_desk import signed_in
from tests.factories import chief, make_article, make_image
from tests.images.test_library import change, photo, typed

pytestmark = [pytest.mark.long, pytest.mark.django_db(transaction=True)]
ROOT = Path(__file__).resolve().parents[2]
NGINX = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
TICK = 0.1  # seconds
NEEDS_NGINX = pytest.mark.skipif(not NGINX, reason="NO NGINX: see tests/images/nginx.sh")
# How long things are kept is not said here: that is for the headers of the answers.
CACHE = """
proxy_cache_path {folder}/cache keys_zone=kept:1m;
proxy_cache kept;
add_header X-Cache-Status $upstream_cache_status always;
"""


@contextlib.contextmanager
def nginx(upstream, media, folder, more=""):
    """The address of an nginx before ``upstream``, set up by the lines of deploy/nginx.conf.

    ``more``: further lines for all that it serves, with {folder} for a place to write.
    """
    folder.mkdir(exist_ok=True)
    manual = (ROOT / "deploy" / "nginx.conf").read_text()
    locations = manual[manual.index("    location /static/") :].rstrip().removesuffix("}")
    locations = locations.replace("/srv/newsroom/var/media/", f"{media}/")
    locations = locations.replace("http://newsroom", upstream)
    locations = locations.replace("/etc/nginx/", f"{ROOT}/deploy/")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    user = "user root;" if os.getuid() == 0 else ""  # who made the folder of the test
    temporary = "".join(
        f"{kind}_temp_path {folder}/{kind};\n"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (folder / "nginx.conf").write_text(
        f"{user}\ndaemon off;\nworker_processes 1;\npid {folder}/pid;\nerror_log {folder}/errors;\n"
        f"events {{}}\nhttp {{\naccess_log off;\n{temporary}{more.replace('{folder}', str(folder))}"
        f"server {{\nlisten 127.0.0.1:{port};\n{locations}}}\n}}\n"
    )
    server = subprocess.Popen(
        [NGINX, "-p", folder, "-c", folder / "nginx.conf"], stderr=subprocess.DEVNULL
    )
    try:
        for _ in range(100):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)):
                break
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(timeout=20)


@pytest.fixture(
    params=[
        "application",
        pytest.param("nginx", marks=NEEDS_NGINX),
    ]
)
def door(request, site, settings, tmp_path):
    """The address at which readers ask."""
    if request.param == "application":
        yield site
        return
    settings.SENDFILE_PREFIX = "/kept/"
    with nginx(site, settings.MEDIA_ROOT, tmp_path) as address:
        yield address


def ask(address):
    """When it was asked, when answered (seconds), the status, and the bytes of the answer."""
    start = time.time()
    try:
        with urllib.request.urlopen(address, timeout=30) as answer:
            status, content = answer.status, answer.read()
    except urllib.error.HTTPError as error:
        status, content = error.code, error.read()
    return start, time.time(), status, content


class Polling:
    """Asks for all of some addresses every TICK, until it is left; ``seen`` is what came."""

    def __init__(self, addresses):
        self.addresses = addresses
        self.seen = []
        self.is_over = False

    def __enter__(self):
        self.pool = ThreadPoolExecutor(6)
        self.clock = self.pool.submit(self._tick)
        return self

    def _tick(self):
        while not self.is_over:
            start = time.monotonic()
            for address, answer in zip(
                self.addresses, self.askers.map(ask, self.addresses), strict=True
            ):
                self.seen.append((address, answer))
            time.sleep(max(0, TICK - (time.monotonic() - start)))

    @property
    def askers(self):
        if not hasattr(self, "_askers"):
            self._askers = ThreadPoolExecutor(5)
        return self._askers

    def __exit__(self, *error):
        self.is_over = True
        self.pool.shutdown()
        self.askers.shutdown()
        self.clock.result()

    def statuses(self, addresses, *, after=0.0, before=float("inf")):
        """Of answers wholly between two moments."""
        return {
            status
            for address, (start, end, status, _content) in self.seen
            if address in addresses and start > after and end < before
        }


def all_renditions(image):
    return [
        rendition_url(image, recipe, width, format)
        for recipe in RECIPES
        for width in widths(image, recipe)
        for format in RECIPES[recipe].formats
    ]


def test_page_and_renditions_come_at_the_minute_and_go_with_the_story(door):
    image = make_image(60, 40, credit="Jo Smith")
    due = timezone.now() + datetime.timedelta(seconds=6)
    story = make_article(status="draft", lead_image=image, embargo_until=due)
    publishing.publish(story, by=chief(), at=due)
    story = Article.objects.get()
    page = door + story.get_absolute_url()
    renditions = [door + path for path in all_renditions(image)]
    # Not below "/" itself: there the server of the tests, and it alone, shows files of the storage.
    originals = [f"{door}/media/{image.file.name}", f"{door}/kept/{image.file.name}"]
    assert len(renditions) == sum(len(recipe.formats) for recipe in RECIPES.values())

    with Polling([page, *renditions, *originals]) as polling:
        time.sleep(max(0, due.timestamp() + 4 - time.time()))
        withdrawing = time.time()
        publishing.withdraw(story, by=chief(), reason="We could not confirm a figure.")
        withdrawn = time.time()
        time.sleep(3)

    live = due.timestamp()
    assert polling.statuses(originals) == {404}
    for addresses, down in (({page}, 410), (set(renditions), 404)):
        assert polling.statuses(addresses, before=live) == {404}
        assert polling.statuses(addresses, after=live, before=withdrawing) == {200}
        assert polling.statuses(addresses, after=withdrawn) == {down}
    for address in renditions:
        assert polling.statuses({address}, after=live, before=withdrawing) == {200}
    pictures = [
        content for a, (*_, status, content) in polling.seen if a in renditions and status == 200
    ]
    assert pictures
    for content in pictures:
        assert content.startswith((b"\xff\xd8\xff", b"\x89PNG")) or content[4:8] == b"ftyp"
    # What was kept to be sent is not to be had without asking.
    folder = f"renditions/{image.token[:2]}/{image.token}"
    for name in default_storage.listdir(folder)[1]:
        for before in ("/kept/", "/media/"):
            assert ask(f"{door}{before}{folder}/{name}")[2] == 404


def kept_answer(address):
    """The status of an answer through a cache, and whether the cache had it: HIT, MISS, EXPIRED ..."""
    try:
        with urllib.request.urlopen(address, timeout=30) as answer:
            return answer.status, answer.headers["X-Cache-Status"]
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.headers["X-Cache-Status"]


@NEEDS_NGINX
def test_a_cache_lets_go_of_a_withdrawn_picture_within_a_minute(door, settings, tmp_path):
    image = make_image(60, 40)
    due = timezone.now() + datetime.timedelta(seconds=3)
    story = make_article(status="draft", lead_image=image, embargo_until=due)
    publishing.publish(story, by=chief(), at=due)
    story = Article.objects.get()
    with nginx(door, settings.MEDIA_ROOT, tmp_path / "before", CACHE) as cache:
        page = cache + story.get_absolute_url()
        assert kept_answer(page)[0] == 404
        for path in all_renditions(image):
            assert kept_answer(cache + path)[0] == 404

        time.sleep(max(0, due.timestamp() + 0.5 - time.time()))
        with urllib.request.urlopen(page) as answer:
            [printed] = re.findall(r'<img [^>]*src="(/media/[^"]+)"', answer.read().decode())
        picture = cache + printed
        # A refusal from before its minute was not kept. The picture is: up to the withdrawal.
        assert kept_answer(picture) == (200, "MISS")
        withdrawing = time.time()
        assert kept_answer(picture) == (200, "HIT")
        publishing.withdraw(story, by=chief(), reason="We could not confirm a figure.")
        withdrawn = time.time()

        assert kept_answer(page)[0] == 410
        assert kept_answer(picture) == (200, "HIT")
        while (seen := kept_answer(picture)) == (200, "HIT") and time.time() < withdrawn + 70:
            time.sleep(TICK)
        took = time.time() - withdrawing

    assert seen[0] == 404
    # A browser may have asked at the last moment, and keeps it as long again.
    assert took < 30.5


def test_names_are_random_and_change_with_the_file(door):
    image = make_image(60, 40)
    make_article(lead_image=image)
    old = all_renditions(image)
    assert re.fullmatch("[0-9a-f]{32}", image.token)
    assert {ask(door + path)[2] for path in old} == {200}

    with Polling([door + path for path in old]) as polling:
        signed_in().post(change(image), typed(image, file=photo()))
        replaced = time.time()
        time.sleep(1)

    new = Image.objects.get()
    assert new.token != image.token
    assert polling.statuses({door + path for path in old}, after=replaced) == {404}
    assert {ask(door + path)[2] for path in all_renditions(new)} == {200}
