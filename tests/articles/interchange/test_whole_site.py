"""A site with another's whole paper in it keeps what it promises without: every page that leads
anywhere is walked for what was not public there, and every address of old is asked."""

import html
import itertools
import json
import re
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import feedparser
import pytest
from django.conf import settings
from django.core.management import call_command
from django.db.models import Q
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import override

from articles.models import Article
from articles.sitemaps import indexable
from authors.models import Author
from images.models import Image
from newsroom import nowhere
from newsroom.models import SiteSettings
from tests.articles.interchange import whole_site
from tests.articles.test_structured_data import told
from tests.factories import make_user

REAL = Path(__file__).resolve().parents[4] / "shared" / "data" / "wxr"
SOUND = ["wordpress-com-2025", "co-authors-plus", "feature-image-captions", "small-export"]
DESK = ("/admin", "/static")
# What feeds call their ways of filing by, and a form about no story.
NO_LINKS = {
    f"{prefix}/{name}/"
    for prefix in ("", "/ru")
    for name in ("sections", "regions", "tags", "series", "report")
}
FEEDS = ["rss.xml", "atom.xml", "feed.json"]
_LEADS = re.compile(
    r"""(?:href|src)=["']([^"'<>\s]+)|<loc>([^<]+)|srcset=["']([^"']+)|"(https?:[^"\\]+)["\\]"""
)

pytestmark = [pytest.mark.django_db, pytest.mark.long]


@pytest.fixture
def moved(tmp_path, capsys):
    """Imports our whole site, and the files of others where they are; returns what was printed."""
    SiteSettings.objects.create(name="The Courier", licence="Name us.")
    file, uploads = whole_site.make_place(tmp_path)
    make_user("chief editor", username="chief")
    said = run("--media", str(uploads), str(file))
    for name in SOUND:
        if (REAL / f"{name}.xml").exists():
            said += run(str(REAL / f"{name}.xml"))
    return said + capsys.readouterr().out


def run(*arguments):
    try:
        call_command("import_articles", *arguments, verbosity=0)
    except SystemExit:
        return "something is lost\n"
    return ""


def fixed():
    """All public addresses that need nothing filled in, in each language."""
    for name, held in nowhere.public_names().items():
        for language in ("en", "ru"):
            with override(language):
                try:
                    if name and not held:
                        yield reverse(name)
                except NoReverseMatch:
                    continue


def walk(client, *more):
    """``{address: (status, words and headers, where it is linked)}`` of all that readers are led to."""
    site = urlsplit(settings.SITE_URL).netloc
    seen, ahead = {}, [(address, "") for address in (*fixed(), *more)]
    while ahead:
        address, linked = ahead.pop()
        if address in seen:
            continue
        answer = client.get(address)
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content
        words = content.decode(errors="replace")
        seen[address] = (answer.status_code, words + str(answer.headers), linked)
        ways = [answer.headers.get("Location", "")]
        if not answer.headers.get("Content-Type", "").startswith("image/"):
            found = itertools.chain(*_LEADS.findall(words))
            ways += [part.split()[0] for one in found for part in one.split(",") if part.strip()]
        for way in ways:
            parts = urlsplit(urljoin(address, html.unescape(way)))
            is_public = parts.path.startswith("/") and not parts.path.startswith(DESK)
            if parts.netloc in {"", site} and is_public:
                ahead.append((f"{parts.path}?{parts.query}".rstrip("?"), address))
        assert len(seen) < 5000
    return seen


def test_what_was_not_public_is_nowhere(moved, client):
    assert Article.objects.filter(status="draft").count() >= 7
    asked = [f"/search/suggest/?q={word}" for word in ("qux", "quxd", "plans", "quxdraftt")]
    for words in ("plans", "words", "writer", "pills"):
        asked += [f"/search/?q={words}", f"/ru/search/?q={words}"]
    hidden = [f"/authors/{person.slug}/" for person in Author.objects.all()]
    hidden += [f"/a/{story.pk}/" for story in Article.objects.all()]
    found = walk(client, *asked, *hidden, *whole_site.OLD)
    assert len(found) > 300
    leaks, broken = set(), set()
    for address, (status, words, linked) in found.items():
        # Readers of the old site had that link, which leads to the old site.
        shown = words.replace(whole_site.TO_A_DRAFT, "").lower()
        said = {*re.findall(r"qux\w+", shown)}
        said |= {word for word in whole_site.PRIVATE if word.lower() in shown}
        leaks |= {(address, word) for word in said if word not in address}
        if status not in {200, 301, 302} and address not in {*hidden, *NO_LINKS}:
            broken.add((address, status, linked))
    assert leaks == set()
    assert broken == set()


def test_every_secret_is_searched_for_and_not_found(moved, client):
    for word in whole_site.secrets():
        page = client.get(f"/search/?q={word}").content.decode()
        assert '<ol class="list"' not in page, word
        others = set(re.findall(r"qux\w+", page.lower())) - {word}
        assert others == set(), word
        assert "qux" not in client.get(f"/search/suggest/?q={word[:5]}").content.decode().replace(
            word[:5], ""
        )


def test_every_story_is_where_it_should_be(moved):
    wrong = {}
    short = Q(headline__startswith="Short news")
    for story in Article.objects.exclude(short & ~Q(headline__endswith="0")).order_by("pk"):
        if found := nowhere.findings(story):
            wrong[story.headline] = [str(one) for one in found[:5]]
    assert wrong == {}


def test_every_old_address_answers_in_one_hop_and_what_was_hidden_leads_nowhere(
    moved, client, tmp_path, capsys
):
    file, report = tmp_path / "old.txt", tmp_path / "answers.txt"
    file.write_text("".join(f"{whole_site.SITE}{address}\n" for address in whole_site.OLD))
    call_command("check_addresses", str(file), report=str(report), verbosity=0)
    assert f"{len(whole_site.OLD):>9,}  addresses" in capsys.readouterr().out
    for address in whole_site.OLD:
        answer = client.get(address)
        if answer.status_code == 301:
            assert client.get(answer["Location"]).status_code == 200, address
        else:
            assert (address, answer.status_code) == (address, 200)
            assert "?" not in address or "page_id" not in address, address
    for address in whole_site.gone():
        answer = client.get(address)
        assert answer.status_code == (200 if address.startswith("/?") else 404), address
        assert "qux" not in answer.content.decode().replace(address, "")


def test_feeds_are_read_and_keep_what_they_were_known_by(moved, client):
    guids = set(Article.objects.published().exclude(guid=None).values_list("guid", flat=True))
    said = {name: [] for name in FEEDS}
    bases = [
        "/",
        "/ru/",
        "/sections/power/",
        "/regions/osh/",
        "/tags/snow/",
        "/series/winter/",
        "/authors/aida-bekova/",
    ]
    for base in bases:
        for name in FEEDS:
            answer = client.get(base + name)
            assert answer.status_code == 200, base + name
            if name == "feed.json":
                said[name] += [item["id"] for item in json.loads(answer.content)["items"]]
                continue
            feed = feedparser.parse(
                answer.content, response_headers={"content-type": answer["Content-Type"]}
            )
            assert feed.bozo == 0, (base + name, feed.get("bozo_exception"))
            assert feed.entries, base + name
            said[name] += [entry.id for entry in feed.entries]
    for name in FEEDS:
        assert f"{whole_site.SITE}/?p=1" in said[name]
    assert set(said["rss.xml"]) <= guids
    assert len({frozenset(ids) for ids in said.values()}) == 1


def test_machines_are_told_nothing_that_the_vocabulary_has_not(moved):
    for story in indexable(timezone.now()):
        assert told(story.get_absolute_url())
    assert told("/authors/aida-bekova/")["ProfilePage"]


def test_what_the_library_has_of_drafts_is_given_to_nobody(moved, client):
    hidden = Image.objects.filter(source_ref__contains="/qux")
    assert hidden
    for image in hidden:
        for name in ("card-480.jpg", "card-480.webp", "hero-960.jpg", "original.jpg"):
            assert client.get(f"/media/{image.token}/{name}").status_code == 404
        assert client.get(f"/media/{image.file.name}").status_code == 404
