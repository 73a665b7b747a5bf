"""The paper and the desk of a newsroom that has moved in, in a real browser and under the HTML checker."""

import shutil
import urllib.error
import urllib.request

import pytest
from django.core.management import call_command
from django.urls import reverse

from articles.models import Article
from images.models import Image
from newsroom.models import SiteSettings
from tests.articles.interchange import whole_site
from tests.browser.access import ANY, barriers
from tests.browser.test_desk import sign_in
from tests.browser.test_paper import STATUS
from tests.browser.test_validator import JAR, errors
from tests.factories import make_user

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.long]
WIDE = "document.documentElement.scrollWidth > innerWidth"
WINDOWS = [(390, False), (390, True), (1280, False), (1280, True)]


@pytest.fixture
def moved(site, tmp_path, capsys):
    SiteSettings.objects.create(name="The Courier", licence="Name us.")
    file, uploads = whole_site.make_place(tmp_path)
    make_user("chief editor", username="chief")
    with pytest.raises(SystemExit):  # something is lost: what was hidden and what no text has
        call_command("import_articles", "--media", str(uploads), str(file), verbosity=0)
    assert "public" in capsys.readouterr().out
    return site


def pages():
    """Name -> address of every kind of page that has something of the import in it."""
    found = {
        story.headline: story.get_absolute_url()
        for story in Article.objects.published().exclude(headline__startswith="Short news")
    }
    snow = Article.objects.get(headline__startswith="Snow closes")
    return found | {
        "home": "/",
        "home in Russian": "/ru/",
        "page": "/pages/about-the-courier/",
        "section": "/sections/power/",
        "region": "/regions/osh/",
        "tag": "/tags/snow/",
        "tag in Russian": "/ru/tags/sneg/",
        "series": "/series/winter/",
        "author": "/authors/aida-bekova/",
        "author without a biography": "/authors/bo-chen/",
        "organisation": "/organisations/tca/",
        "masthead": "/authors/",
        "year": "/2019/",
        "month": "/2018/03/",
        "day": "/2019/05/04/",
        "search": "/search/?q=snow",
        "search in Russian": "/ru/search/?q=%D1%81%D0%BD%D0%B5%D0%B3",
        "republish": f"{snow.get_absolute_url()}republish/",
        "report": f"/report/?story={snow.pk}",
        "corrections": "/corrections/",
        "of a draft": "/2019/05/04/quxdraftslug/",
    }


def desk():
    """Name -> address of what the desk has for those who move in."""
    snow = Article.objects.get(headline__startswith="Snow closes")
    draft = Article.objects.filter(status="draft").first()
    return {
        "desk": "/admin/",
        "stories": reverse("admin:articles_article_changelist"),
        "doubts": reverse("admin:articles_article_doubts"),
        "findings": reverse("admin:articles_article_findings"),
        "old addresses": reverse("admin:addresses_redirect_changelist"),
        "an old address": reverse("admin:addresses_redirect_add"),
        "table of old addresses": reverse("admin:addresses_redirect_bring"),
        "chains": reverse("admin:addresses_redirect_check"),
        "404s": reverse("admin:addresses_miss_changelist"),
        "story": reverse("admin:articles_article_change", args=[snow.pk]),
        "draft": reverse("admin:articles_article_change", args=[draft.pk]),
        "picture": reverse("admin:images_image_change", args=[Image.objects.first().pk]),
    }


@pytest.mark.parametrize(("width", "dark"), WINDOWS)
def test_axe_finds_nothing_on_any_kind_of_page(moved, new_page, width, dark):
    page = new_page(width, dark=dark, expect=[STATUS])
    found, wide = [], []
    for name, address in pages().items():
        assert page.goto(address).status == (404 if name == "of a draft" else 200), name
        found += [(name, *finding) for finding in barriers(page, impacts=ANY)]
        wide += [name] if page.evaluate(WIDE) else []
    assert found == []
    assert wide == []


@pytest.mark.parametrize(("width", "dark"), WINDOWS)
def test_axe_finds_nothing_on_the_desk(moved, new_page, client, width, dark):
    for path in ("/lost/", "/2019/05/04/never-there/", "/%D0%BF%D1%83%D1%82%D1%8C/?p=99999"):
        client.get(path, headers={"referer": "https://other.example.org/page"})
    page = new_page(width, dark=dark, expect=[STATUS])
    sign_in(page, "chief")
    found, wide = [], []
    for name, address in desk().items():
        assert page.goto(address).status == 200, name
        found += [(name, *finding) for finding in barriers(page)]
        wide += [name] if page.evaluate(WIDE) else []
    assert found == []
    assert wide == []


@pytest.mark.skipif(not JAR.exists() or not shutil.which("java"), reason="NO HTML CHECKER here")
def test_the_html_checker_finds_no_error_on_any_kind_of_page(moved, tmp_path):
    names = {}
    folder = tmp_path / "checked"
    folder.mkdir()
    for number, (name, path) in enumerate(pages().items()):
        try:
            html = urllib.request.urlopen(moved + path).read()
        except urllib.error.HTTPError as error:
            html = error.read()
        file = folder / f"{number}.html"
        file.write_bytes(html)
        names[file.name] = name
    assert len(names) > 20
    assert errors(folder, names) == []
