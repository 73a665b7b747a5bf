"""Stories as JSON lines: from systems whose exports we do not read."""

import json

import pytest
from django.core.management import CommandError, call_command

from articles import publishing
from articles.models import Article, Revision, Series
from authors.models import Author, Organisation
from tests.factories import make_house, make_organisation, make_region, make_section, make_user

pytestmark = pytest.mark.django_db

GOLDEN = {
    "source_ref": "courier:7",
    "headline": "Снег в Нарыне",
    "kicker": "Weather",
    "standfirst": "What fell.",
    "slug": "snow",
    "body": "<p onclick=x>First.</p><script>alert(1)</script>",
    "language": "ru",
    "genre": "analysis",
    "published_at": "2019-05-04T10:00:00+06:00",
    "section": "News",
    "regions": ["Naryn"],
    "tags": ["Snow", "snow"],
    "series": "Winter",
    "part": 2,
    "dateline_place": "Naryn",
    "dateline_organisation": "TSC",
    "dateline_date": "2019-05-03",
    "bylines": [
        {"author": "Sergey Kwan", "role": "translator"},
        {"organisation": "The Courier"},
        {"author": "Sergey Kwan", "role": "editor"},
    ],
    "citations": [{"organisation": "24.kg", "relation": "based on", "url": "https://24.kg/1/"}],
    "guid": "https://old.example.org/?p=7",
    "addresses": ["/index.php/news/7-snow", "/?p=7"],
    "canonical_url": None,
}


@pytest.fixture
def bring(tmp_path, capsys):
    make_user("chief editor", username="nurgul")

    def bring(*lines, **options):
        path = tmp_path / "stories.jsonl"
        path.write_text("\n".join(json.dumps(line, ensure_ascii=False) for line in lines) + "\n\n")
        code = 0
        try:
            call_command("import_articles", str(path), **options)
        except SystemExit as end:
            code = end.code
        return capsys.readouterr().out, code == 0

    return bring


def line(**fields):
    said = {
        "source_ref": "a:1",
        "headline": "Snow",
        "body": "Words.",
        "bylines": [{"author": "A B"}],
    }
    return said | {"published_at": "2019-05-04T10:00:00Z", "section": "News"} | fields


def test_a_story_arrives_as_its_line_says(bring, client):
    make_section(name="News")
    region = make_region(name="Naryn")
    agency = make_organisation(name="Tien Shan Courier", short_name="TSC")
    report, is_whole = bring(GOLDEN)
    story = Article.objects.get()
    assert story.get_absolute_url() == "/ru/2019/05/04/snow/"
    assert (story.headline, story.kicker, story.genre) == ("Снег в Нарыне", "Weather", "analysis")
    assert story.body == "<p>First.</p>"
    assert (story.series, story.part) == (Series.objects.get(name="Winter"), 2)
    assert (story.dateline_place, story.dateline_organisation) == ("Naryn", agency)
    assert str(story.dateline_date) == "2019-05-03"
    assert list(story.regions.all()) == [region]
    assert list(story.tags.names()) == ["Snow"]
    credited = [(str(row.author or row.organisation), row.role) for row in story.bylines.all()]
    assert credited == [
        ("Sergey Kwan", "translator"),
        ("The Courier", "author"),
        ("Sergey Kwan", "editor"),
    ]
    citation = story.citations.get()
    assert (citation.organisation.name, citation.relation) == ("24.kg", "based on")
    assert client.get("/index.php/news/7-snow")["Location"] == story.get_absolute_url()
    assert client.get("/?p=7")["Location"] == story.get_absolute_url()
    assert "1  public" in report
    assert "1  script" in report
    assert not is_whole  # the script


def test_a_second_run_brings_what_is_new_and_leaves_what_was_edited(bring):
    bring(line())
    story = Article.objects.get()
    story.headline = "Edited here"
    publishing.save(story, by=story.entered_by)
    publishing.record(story, by=story.entered_by)
    revisions = Revision.objects.count()
    report, is_whole = bring(line(headline="Edited there"), line(source_ref="a:2"))
    assert is_whole
    assert "1  here already" in report
    assert "1  public" in report
    assert Article.objects.get(pk=story.pk).headline == "Edited here"
    assert Revision.objects.filter(article=story).count() == revisions


def test_a_dry_run_writes_nothing_and_says_the_same(bring):
    lines = [line(), line(source_ref="a:2", regions=["Atlantis"], published_at=None)]
    dry, _ = bring(*lines, dry_run=True)
    assert not Article.objects.exists()
    assert not Author.objects.exists()
    wet, is_whole = bring(*lines)
    assert dry.replace("would be", "was") == wet
    assert "1  Atlantis" in wet
    assert not is_whole


def test_text_without_marks_has_paragraphs_and_nobody_named_is_the_house(bring):
    make_house(name="The House")
    bring(line(body="One & two.\n\nThree\nfour.", bylines=[]))
    story = Article.objects.get()
    assert story.body == "<p>One &amp; two.</p>\n<p>Three<br>\nfour.</p>"
    assert story.bylines.get().organisation.name == "The House"


@pytest.mark.parametrize(
    "fields",
    [
        {"status": "draft"},
        {"published_at": None},
        {"status": "published", "published_at": None},
        {"published_at": "2099-01-01T00:00:00Z"},
        {"headline": ""},
        {"body": " "},
        {"language": "de"},
    ],
)
def test_what_is_not_said_to_be_public_is_a_draft(bring, fields):
    bring(line(addresses=["/old/"], **fields))
    assert Article.objects.get().status == "draft"


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ([1], "an object is needed"),
        ({"headling": "x"}, "'headling': no such key"),
        ({"headline": 7}, "headline: a text is needed"),
        ({"source_ref": " "}, "source_ref: a handle"),
        ({"source_ref": "a:1"}, "source_ref: the same as in"),
        ({"status": "pulled"}, "status: draft or published"),
        ({"genre": "poem"}, "genre: one of"),
        ({"published_at": "2019-05-04T10:00:00"}, "published_at: a time"),
        ({"published_at": "2019-13-04T10:00:00Z"}, "published_at: a time"),
        ({"published_at": "9999-12-31T23:59:59-12:00"}, "published_at: a time"),
        ({"dateline_date": "2019-02-30"}, "dateline_date: a date"),
        ({"kicker": "k" * 61}, "kicker: longer than 60"),
        ({"dateline_organisation": "TSC"}, "without dateline_place"),
        ({"part": 1}, "part: without series"),
        ({"part": True, "series": "x"}, "part: a number"),
        ({"canonical_url": "javascript:x"}, "canonical_url: an address"),
        ({"tags": "snow"}, "tags: a list"),
        ({"tags": [1]}, "tags: a list of texts"),
        ({"addresses": ["//evil.example.org/"]}, "is no path"),
        ({"addresses": ["/[::1"]}, None),
        ({"bylines": ["A B"]}, "bylines: a list of objects"),
        ({"bylines": [{"author": "A", "organisation": "B"}]}, "bylines: each has"),
        ({"bylines": [{"author": " "}]}, "a name is empty"),
        ({"bylines": [{"author": "A", "role": "king"}]}, "role is one of"),
        ({"citations": [{"organisation": "24.kg", "url": "ftp://x"}]}, "url is an address"),
        ({"citations": [{"organisation": "24.kg", "relation": "x"}]}, "relation is one of"),
    ],
)
def test_one_wrong_line_refuses_the_file_with_its_number(bring, wrong, why):
    second = line(source_ref="a:2") | wrong if isinstance(wrong, dict) else wrong
    if why is None:
        bring(line(), second)
        assert Article.objects.count() == 2
        return
    with pytest.raises(CommandError, match=f"stories.jsonl, line 2: .*{why}"):
        bring(line(), second)
    assert not Article.objects.exists()
    assert not Organisation.objects.filter(name="24.kg").exists()


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe\x00", b"[" * 100_000, b"nothing\n"])
def test_what_is_no_json_is_refused(tmp_path, content):
    make_user("chief editor")
    path = tmp_path / "odd.jsonl"
    path.write_bytes(content)
    with pytest.raises(CommandError, match="line 1: "):
        call_command("import_articles", str(path), format="jsonl")


def test_which_format_it_is_stands_at_its_beginning(tmp_path):
    make_user("chief editor")
    path = tmp_path / "export"
    path.write_text("\ufeff\n<rss></rss>")
    with pytest.raises(CommandError, match="no WordPress export"):
        call_command("import_articles", str(path))
    with pytest.raises(CommandError, match="No such file"):
        call_command("import_articles", str(tmp_path / "missing"))
