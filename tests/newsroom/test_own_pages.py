"""Pages of a WordPress site become pages here."""

import pytest
from django.core.management import call_command

from addresses.models import Redirect
from articles.models import Article
from newsroom.models import Page
from tests.articles.interchange.exports import SITE, make_export, make_item
from tests.factories import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def bring(tmp_path, capsys):
    make_user("chief editor", username="nurgul")

    def bring(*items, **options):
        path = tmp_path / "export.xml"
        path.write_text(make_export(*items))
        code = 0
        try:
            call_command("import_articles", str(path), **options)
        except SystemExit as end:
            code = end.code
        return capsys.readouterr().out, code == 0

    return bring


def make_page_item(number, title="About us", name="about", **fields):
    return make_item(number, title, type="page", name=name, link=f"{SITE}/info/{name}/", **fields)


def test_a_page_arrives_with_its_words_and_addresses_and_outside_the_footer(bring, client):
    report, is_whole = bring(make_page_item(7))
    page = Page.objects.get(source_ref="wordpress:old.example.org:page:7")
    assert page.get_absolute_url() == "/pages/about/"
    assert page.body == "<p>Words of the story.</p>"
    for old in ("/info/about/", "/?page_id=7", "/?p=7"):
        answer = client.get(old)
        assert (answer.status_code, answer["Location"]) == (301, "/pages/about/")
    assert "About us" in client.get("/pages/about/").text
    assert "About us" not in client.get("/").text
    assert not Article.objects.exists()
    assert "1  public, a page of the site" in report
    assert is_whole


def test_a_page_of_ours_without_words_takes_them_and_stays_in_the_footer(bring, client):
    Page.objects.create(slug="about", name="About the paper", position=1)
    bring(make_page_item(7))
    page = Page.objects.get()
    assert (page.name, page.position) == ("About the paper", 1)
    assert page.body == "<p>Words of the story.</p>"
    assert "About the paper" in client.get("/").text


def test_a_page_of_ours_with_words_keeps_them(bring):
    Page.objects.create(slug="about", name="Ours", body="<p>Ours.</p>")
    bring(make_page_item(7))
    assert set(Page.objects.values_list("slug", "body")) == {
        ("about", "<p>Ours.</p>"),
        ("about-2", "<p>Words of the story.</p>"),
    }


def test_a_second_run_changes_no_page(bring):
    bring(make_page_item(7))
    Page.objects.update(body="<p>Edited.</p>", slug="us")
    before = list(Page.objects.values()), list(Redirect.objects.values())
    report, _ = bring(make_page_item(7, "Other"), make_page_item(7, "Other"))
    assert (list(Page.objects.values()), list(Redirect.objects.values())) == before
    assert "1  here already" in report
    assert "1  twice in the files" in report


def test_a_dry_run_writes_no_page(bring):
    dry, _ = bring(make_page_item(7), dry_run=True)
    assert not Page.objects.exists()
    wet, _ = bring(make_page_item(7))
    assert dry.replace("would be", "was") == wet


@pytest.mark.parametrize(
    ("fields", "line"),
    [
        ({"status": "draft"}, "left out: page, draft"),
        ({"status": "private"}, "left out: page, private"),
        ({"status": "trash"}, "left out: page, trash"),
        ({"status": ""}, "left out: page, unknown status"),
        ({"password": "sesame"}, "left out: page, password"),
        ({"content": ""}, "left out: page, no words"),
        ({"gmt": "2099-01-01 00:00:00"}, "left out: page, date in the future"),
        ({"terms": [("language", "ru", "Русский")]}, "left out: page, page language"),
    ],
)
def test_what_readers_could_not_see_is_no_page_here(bring, client, fields, line):
    report, _ = bring(make_page_item(7, **fields))
    assert f"1  {line}" in report
    assert "1  of 1 items" in report
    assert not Page.objects.exists()
    assert client.get("/info/about/").status_code == 404
