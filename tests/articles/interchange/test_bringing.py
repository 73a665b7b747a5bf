import datetime
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from addresses.models import Redirect
from articles import arrivals, publishing
from articles.interchange.bringing import Importer
from articles.models import Article, Message, Region, Revision, Section, Tag, Transition
from authors.models import Author, Organisation
from tests.articles.interchange.exports import SITE, make_export, make_item, make_wp_author
from tests.factories import (
    make_article,
    make_author,
    make_house,
    make_organisation,
    make_region,
    make_section,
    make_user,
)

pytestmark = pytest.mark.django_db
NARGIZA = make_wp_author("nargiza", "Nargiza Ryskulova")
REAL = Path(__file__).resolve().parents[3].parent / "shared" / "data" / "wxr"


def everything():
    """What an import can change, without times of the clock."""
    stories = Article.objects.order_by("pk").values_list(
        "headline", "slug", "body", "status", "published_at", "address_date", "guid", "source_ref",
        "language", "standfirst", "dateline_place", "section__name", "version",
    )  # fmt: skip
    return (
        list(stories),
        [list(story.tags.order_by("key").values_list("name", flat=True)) for story in Article.objects.order_by("pk")],
        list(Redirect.objects.order_by("path", "query").values_list("path", "query", "target")),
        list(Author.objects.order_by("pk").values_list("name", "slug")),
        Revision.objects.count(),
        Transition.objects.count(),
    )  # fmt: skip


def test_a_story_comes_with_its_time_day_identity_credit_and_addresses(bring, client):
    export = make_export(
        make_item(
            7,
            "Снег &amp; дождь",
            excerpt="What <b>fell</b>.",
            name="snow",
            guid="https://ancient.example.org/?p=7",
            meta=[("_wp_old_slug", "rain")],
            terms=[("post_tag", "weather", "Weather")],
        ),
        authors=NARGIZA,
    )
    report, is_whole = bring(export)
    story = Article.objects.get()
    assert story.headline == "Снег & дождь"
    assert story.standfirst == "What fell."
    assert story.published_at == datetime.datetime(2019, 5, 4, 4, tzinfo=datetime.UTC)
    assert story.guid == "https://ancient.example.org/?p=7"
    assert story.source_ref == "wordpress:old.example.org:post:7"
    assert story.get_absolute_url() == "/2019/05/04/snow/"
    assert [byline.author.name for byline in story.bylines.all()] == ["Nargiza Ryskulova"]
    assert Author.objects.get().slug == "nargiza-ryskulova"
    assert list(story.tags.names()) == ["Weather"]
    for old in ("/2019/05/04/rain/", "/?p=7"):
        answer = client.get(old)
        assert (answer.status_code, answer["Location"]) == (301, "/2019/05/04/snow/")
    assert client.get("/2019/05/04/snow/").status_code == 200
    assert "1  public" in report
    assert is_whole


def test_the_day_in_the_address_stays_that_of_the_old_clock(bring):
    late = make_item(7, date="2019-05-03 23:30:00", gmt="2019-05-04 04:30:00", link=f"{SITE}/2019/05/03/late/", name="late")  # fmt: skip
    bring(make_export(late, authors=NARGIZA))
    assert Article.objects.get().get_absolute_url() == "/2019/05/03/late/"
    of_the_story = Redirect.objects.filter(target="/2019/05/03/late/")
    assert list(of_the_story.values_list("path", "query")) == [("/", "p=7")]


@pytest.mark.parametrize(
    "fields",
    [
        {"status": "draft"},
        {"status": "pending"},
        {"status": "private"},
        {"status": "future"},
        {"status": "mystery"},
        {"password": "sesame"},
        {"gmt": "1970-01-01 00:00:00", "date": "0000-00-00 00:00:00"},
        {"gmt": "2099-01-01 00:00:00"},
        {"title": ""},
        {"content": ""},
    ],
)
def test_what_readers_could_not_see_or_we_cannot_print_is_a_draft(bring, client, fields):
    report, _ = bring(make_export(make_item(7, **fields), authors=NARGIZA))
    story = Article.objects.get()
    assert story.status == "draft"
    assert story.published_at is None
    assert not Redirect.objects.filter(target__contains=story.slug).exists()
    assert not Redirect.objects.filter(query="p=7").exists()
    assert client.get("/2019/05/04/story-7/").status_code == 404
    assert "1  draft: " in report
    assert "1  of 1 items" in report


def test_a_second_run_brings_what_is_new_and_leaves_what_is_here(bring):
    first = make_export(make_item(1), make_item(2, status="draft"), authors=NARGIZA)
    bring(first)
    story = Article.objects.get(source_ref__endswith=":1")
    story.headline = "Edited here"
    publishing.save(story, by=story.entered_by)
    publishing.record(story, by=story.entered_by)
    before = everything()
    report, _ = bring(first)
    assert everything() == before
    assert "2  here already" in report
    bring(make_export(make_item(1, "Edited there"), make_item(3), authors=NARGIZA))
    assert Article.objects.count() == 3
    assert Article.objects.get(pk=story.pk).headline == "Edited here"


def test_several_files_are_one_and_what_stands_in_both_comes_once(bring):
    report, _ = bring(
        make_export(make_item(1), make_item(2), authors=NARGIZA), make_export(make_item(2), make_item(3))
    )  # fmt: skip
    assert Article.objects.count() == 3
    assert "1  twice in the files" in report
    assert "4  of 4 items" in report
    # The people are named in the first file only.
    assert {str(b.author) for a in Article.objects.all() for b in a.bylines.all()} == {
        "Nargiza Ryskulova"
    }


def test_stories_of_one_number_are_told_apart_by_their_date(bring):
    one = make_item(5, "One", name="one", guid="a")
    other = make_item(5, "Other", name="other", guid="b", gmt="2020-01-02 00:00:00")
    bring(make_export(one, authors=NARGIZA))
    bring(make_export(one, other, authors=NARGIZA))
    bring(make_export(other, authors=NARGIZA))
    assert list(Article.objects.order_by("pk").values_list("headline", flat=True)) == [
        "One",
        "Other",
    ]


def test_two_stories_of_one_file_with_one_number_and_date_are_two(bring, client):
    export = make_export(
        make_item(7, "Snow", status="draft"),
        make_item(7, "Rain", content="<p>Wet.</p>", name="rain"),
        make_item(7, "Rain", content="<p>Wet.</p>", name="rain"),
        make_item(7, "Hail", content="<p>Hard.</p>", name="hail", guid="https://old.example.org/?p=77"),
        authors=NARGIZA,
    )  # fmt: skip
    dry, _ = bring(export, dry_run=True)
    report, _ = bring(export)
    assert dry.split("\n\n")[1] == report.split("\n\n")[1]
    assert "1  twice in the files" in report
    stories = Article.objects.order_by("pk")
    assert [(s.headline, s.status) for s in stories] == [
        ("Snow", "draft"), ("Rain", "published"), ("Hail", "published")
    ]  # fmt: skip
    assert [s.guid.startswith("tag:") for s in stories] == [False, True, False]
    assert client.get("/2019/05/04/rain/").status_code == 200
    before = everything()
    bring(export)
    assert everything() == before


def test_what_a_later_file_has_as_public_is_not_lost_for_an_earlier_draft(bring):
    draft = make_export(make_item(7, "Snow", status="draft"), authors=NARGIZA)
    public = make_export(make_item(7, "Snow", content="<p>At last.</p>"), authors=NARGIZA)
    bring(draft, public)
    assert [story.body for story in Article.objects.published()] == ["<p>At last.</p>"]
    before = everything()
    bring(draft, public)
    assert everything() == before


@pytest.mark.parametrize("act", [publishing.spike, publishing.publish])
def test_what_became_of_a_draft_here_is_not_brought_again(bring, act):
    draft = make_export(make_item(7, "Snow", status="draft"), authors=NARGIZA)
    public = make_export(make_item(7, "Snow", content="<p>At last.</p>"), authors=NARGIZA)
    bring(draft)
    act(Article.objects.get(), by=make_user("chief editor"))
    report, _ = bring(draft, public)
    assert Article.objects.count() == 1
    assert "1  twice in the files" in report


def test_an_edited_headline_in_a_later_file_makes_no_second_story(bring):
    first = make_export(make_item(7, "Snow"), authors=NARGIZA)
    later = make_export(make_item(7, "Snow falls"), authors=NARGIZA)
    report, _ = bring(first, later)
    assert Article.objects.get().headline == "Snow"
    assert "1  twice in the files" in report


def test_two_sites_with_the_same_numbers_are_two(bring):
    bring(
        make_export(make_item(1, guid="a"), authors=NARGIZA),
        make_export(make_item(1, guid="b"), site="https://other.example.org", authors=NARGIZA),
    )
    assert Article.objects.count() == 2


@pytest.mark.parametrize("killed_at", [1, 2, 3, 5, 8])
def test_killed_at_any_point_it_goes_on_to_the_same_end(bring, monkeypatch, killed_at):
    export = make_export(
        *[make_item(n, f"Story {n}", status="publish" if n % 3 else "draft") for n in range(1, 6)],
        authors=NARGIZA,
    )
    with transaction.atomic():
        bring(export)
        clean = everything()
        transaction.set_rollback(True)
    calls = iter(range(1, 100))

    class Killed(BaseException):
        pass

    def dying(owner, name):
        original = getattr(owner, name)

        def function(*arguments):
            if next(calls) == killed_at:
                raise Killed
            return original(*arguments)

        return function

    with monkeypatch.context() as patched:
        for owner, name in (
            (Importer, "_write"),
            (arrivals, "_hang"),
            (Importer, "keep_addresses"),
        ):
            patched.setattr(owner, name, dying(owner, name))
        with pytest.raises(Killed):
            bring(export)
    # Nothing half done.
    assert not Article.objects.filter(source_ref=None).exists()
    assert not Article.objects.filter(bylines=None).exists()
    bring(export)
    assert everything() == clean
    assert len(clean[0]) == 5


def test_nobody_is_told_of_old_news(bring):
    writer = make_user("reporter", email="nargiza@mail.example.org")
    make_author(name="Nargiza Ryskulova", user=writer)
    bring(make_export(make_item(1), authors=NARGIZA))
    assert Article.objects.get().bylines.get().author.user == writer
    assert not Message.objects.exists()


def test_who_is_not_known_is_reported_and_the_house_is_credited(bring):
    make_house(name="Tien Shan Courier")
    report, is_whole = bring(make_export(make_item(1, creator="admin"), authors=make_wp_author("admin", "admin")))  # fmt: skip
    assert Article.objects.get().bylines.get().organisation.name == "Tien Shan Courier"
    assert not Author.objects.exists()
    assert "1  admin" in report
    assert not is_whole


def test_several_of_one_name_are_not_guessed_between(bring):
    make_author(name="Nargiza Ryskulova")
    make_author(name="Nargiza Ryskulova")
    report, is_whole = bring(make_export(make_item(1), authors=NARGIZA))
    assert Article.objects.get().bylines.get().author is None
    assert "several are called Nargiza Ryskulova" in report
    assert not is_whole


def test_no_mail_address_network_address_or_password_is_kept(bring):
    bring(
        make_export(
            make_item(1, password="opensesame", comments=2, creator="eve@mail.example.org"),
            make_item(2, creator="bob"),
            authors=make_wp_author("bob", "bob@mail.example.org", "Bob", "Jones"),
        )
    )
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            kept = repr(cursor.fetchall())
            for secret in ("mail.example.org", "203.0.113.7", "opensesame"):
                assert secret not in kept, table


def test_categories_are_sections_regions_or_tags_of_their_names(bring):
    make_section(name="Business")
    region = make_region(name="Osh")
    terms = [
        ("category", "business", "business"),
        ("category", "osh", "Osh"),
        ("category", "longreads", "Longreads"),
        ("category", "uncategorized", "Uncategorized"),
    ]
    bring(make_export(make_item(1, terms=terms), authors=NARGIZA))
    story = Article.objects.get()
    assert story.section.name == "Business"
    assert list(story.regions.all()) == [region]
    assert list(story.tags.names()) == ["Longreads"]


def test_a_dry_run_says_the_same_and_writes_nothing_but_a_mapping_to_edit(bring, tmp_path):
    make_region(name="Osh")
    terms = [("category", "uncategorized", "Uncategorized"), ("category", "vlast", "Власть")]
    export = make_export(
        make_item(1, terms=terms, content="OSH (XYZ) — Words.\n\n[poll id=1]"),
        make_item(2, creator="admin", meta=[("_thumbnail_id", "9")]),
        make_item(2, creator="admin"),
        make_item(3, type="page"),
        make_item(4, status="trash"),
        make_item(5, type="attachment", status="inherit"),
        authors=NARGIZA + make_wp_author("admin", "admin"),
    )
    mapping = tmp_path / "mapping.toml"
    before = everything()
    dry, is_whole = bring(export, dry_run=True, mapping=str(mapping))
    assert everything() == before
    assert not is_whole
    assert [model.objects.count() for model in (Section, Tag, Organisation)] == [0, 0, 0]
    assert mapping.stat().st_mode & 0o77 == 0
    text = mapping.read_text()
    assert '"vlast" = { as = "tag", to = "Власть" }  # 1 story' in text
    mapping.write_text(
        text.replace('as = "tag", to = "Власть"', 'as = "section", to = "Power"').replace(
            '"admin" = { as = "person", to = "" }',
            '"admin" = { as = "organisation", to = "The Desk" }',
        )
    )
    wet, _ = bring(export, mapping=str(mapping), report=str(tmp_path / "report.txt"))
    assert (tmp_path / "report.txt").read_text() == wet
    lines = [line for line in dry.splitlines() if line.startswith("  ") and "  of 6" not in line]
    for line in ("2  public", "1  twice", "public, a page", "left out: post, trash", "poll", "XYZ"):
        assert any(line in each for each in lines), line
        assert line in wet
    assert Article.objects.get(source_ref__endswith=":1").section.name == "Power"
    assert (
        Article.objects.get(source_ref__endswith=":2").bylines.get().organisation.name == "The Desk"
    )


def test_the_same_run_dry_and_wet_reports_the_same(bring):
    export = make_export(
        make_item(1, "H" * 300, excerpt="s " * 900, guid="g" * 400),
        make_item(2, comments=1, content="[gallery]", terms=[("series", "a", "A")]),
        make_item(3, status="mystery", creator="who"),
        authors=NARGIZA,
    )
    dry, _ = bring(export, dry_run=True)
    wet, _ = bring(export)
    assert dry.replace("would be", "was") == wet


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("section = 3", "section: a name is needed"),
        ("[categories]\nx = { as = 'genre', to = 'X' }", "categories, x: as is one of"),
        (
            "[categories]\nx = { as = 'region', to = 'Atlantis' }",
            "not one region called 'Atlantis'",
        ),
        ("[languages]\nen = 'xx'", "'xx' is no language"),
        ("[persons]\n", "persons: unknown"),
        ("section = ", "Invalid value"),
    ],
)
def test_a_mapping_that_cannot_be_used_is_refused_before_anything_is_written(
    bring, tmp_path, text, why
):
    mapping = tmp_path / "m.toml"
    mapping.write_text(text)
    with pytest.raises(CommandError, match=why):
        bring(make_export(make_item(1), authors=NARGIZA), mapping=str(mapping))
    assert not Article.objects.exists()


def test_a_dateline_is_lifted_where_its_very_words_will_be_printed(bring, client):
    make_organisation(name="The Times of Central Asia", short_name="TCA")
    make_region(name="Osh")
    words = "<p>{} Words of the story.</p>"
    export = make_export(
        make_item(1, content=words.format("BISHKEK (TCA) —")),
        make_item(2, content=words.format("OSH —")),
        make_item(3, content=words.format("BISHKEK (Nobody) —")),
        make_item(4, content=words.format("NATO — the alliance.")),
        authors=NARGIZA,
    )
    bring(export)
    one, two, three, four = Article.objects.order_by("pk")
    assert (one.dateline_place, one.dateline_organisation.short_name) == ("Bishkek", "TCA")
    assert (two.dateline_place, two.dateline_organisation) == ("Osh", None)
    assert one.body == two.body == "<p>Words of the story.</p>"
    for story, start in ((three, "<p>BISHKEK (Nobody) — Words"), (four, "<p>NATO — the")):
        assert story.dateline_place == ""
        assert story.body.startswith(start)


def test_old_addresses_that_lead_elsewhere_stay_and_are_reported(bring):
    Redirect.objects.create(path="/", query="p=7", target="/pages/about/")
    report, is_whole = bring(make_export(make_item(7), authors=NARGIZA))
    assert Redirect.objects.get(query="p=7").target == "/pages/about/"
    assert "/?p=7" in report
    assert not is_whole


def test_a_guid_that_another_story_has_is_not_taken_from_it(bring):
    other = make_article()
    Article.objects.filter(pk=other.pk).update(guid="taken")
    report, _ = bring(make_export(make_item(7, guid="taken"), authors=NARGIZA))
    assert Article.objects.get(source_ref__isnull=False).guid.startswith("tag:")
    assert "another story has it" in report


def test_the_old_address_of_a_story_without_a_date_leads_to_it_once_it_is_public(bring, client):
    export = make_export(make_item(7, gmt="", date="0000-00-00 00:00:00"), authors=NARGIZA)
    bring(export)
    story = Article.objects.get()
    publishing.publish(story, by=story.entered_by)
    assert client.get("/?p=7").status_code == 200
    bring(export)
    assert client.get("/?p=7")["Location"] == story.get_absolute_url()


def test_stories_stand_in_the_language_that_the_old_site_says(bring):
    export = make_export(
        make_item(1, terms=[("language", "ru", "Русский")]),
        make_item(2),
        make_item(3, terms=[("language", "de", "Deutsch")]),
        authors=NARGIZA,
    )
    bring(export)
    found = Article.objects.order_by("pk").values_list("language", "status")
    assert list(found) == [("ru", "published"), ("en", "published"), ("en", "draft")]


def test_only_a_chief_editor_brings_stories_in(bring):
    make_user("editor", username="elena")
    export = make_export(make_item(1), authors=NARGIZA)
    with pytest.raises(CommandError, match="elena is no chief editor"):
        bring(export, by="elena")
    bring(export, by="nurgul")
    assert Article.objects.get().entered_by.username == "nurgul"


def test_a_report_that_cannot_be_kept_is_told_before_anything_is_written(bring, tmp_path):
    with pytest.raises(CommandError, match="No such file"):
        bring(make_export(make_item(1), authors=NARGIZA), report=str(tmp_path / "no" / "report"))
    assert not Article.objects.exists()


def test_links_to_the_old_site_are_counted_and_no_loss(bring):
    content = '<a href="https://www.old.example.org/a/">a</a> <a href="https://old.example.organic/">b</a>'
    report, is_whole = bring(make_export(make_item(1, content=content), authors=NARGIZA))
    assert "1  links to the old site" in report
    assert is_whole


def test_what_is_not_public_is_nowhere_and_what_is_stands_where_it_should(bring):
    make_organisation(name="The Times of Central Asia", short_name="TCA")
    export = make_export(
        make_item(1, content="BISHKEK (TCA) — Words.", terms=[("post_tag", "snow", "Snow")]),
        make_item(2, "Planned raid", status="private", terms=[("post_tag", "raid", "Raidword")]),
        authors=NARGIZA,
    )
    bring(export)
    for story in Article.objects.all():
        call_command("audit_public", str(story.pk))


def test_regions_of_a_mapping_are_found_by_their_labels(bring, tmp_path):
    parent = make_region(name="Osh", kind="province")
    city = Region.objects.create(name="Osh", kind="city", parent=parent)
    mapping = tmp_path / "m.toml"
    mapping.write_text("[categories]\nosh = { as = 'region', to = 'Osh (city)' }")
    export = make_export(make_item(1, terms=[("category", "osh", "Osh")]), authors=NARGIZA)
    bring(export, mapping=str(mapping))
    assert list(Article.objects.get().regions.all()) == [city]


@pytest.mark.long
@pytest.mark.parametrize(
    ("name", "stories", "drafts", "items"),
    [
        ("wordpress-com-2025.xml", 7, 0, 16),
        ("co-authors-plus.xml", 4, 0, 4),
        ("feature-image-captions.xml", 3, 0, 5),
        ("small-export.xml", 5, 1, 11),
    ],
)
def test_exports_of_others_arrive_whole_and_once(bring, name, stories, drafts, items):
    if not REAL.is_dir():
        pytest.skip(f"NOT TESTED: the exports of others are not there ({REAL})")
    export = (REAL / name).read_text()
    report, _ = bring(export)
    assert f"of {items} items in the files" in report
    assert Article.objects.published().count() == stories
    assert Article.objects.filter(status="draft").count() == drafts
    before = everything()
    bring(export)
    assert everything() == before


@pytest.mark.long
@pytest.mark.parametrize(("name", "line"), [("malformed.xml", 90), ("missing-version-tag.xml", 26)])
def test_unsound_exports_of_others_are_refused(bring, name, line):
    if not REAL.is_dir():
        pytest.skip(f"NOT TESTED: the exports of others are not there ({REAL})")
    with pytest.raises(CommandError, match=f"line {line}: "):
        bring((REAL / name).read_text())
    assert not Article.objects.exists()


def test_a_story_is_named_by_its_headline_in_the_report_and_a_draft_without_one_by_whole_words(
    bring,
):
    report, _ = bring(
        make_export(
            make_item(1, title="<b>Snow</b> &amp; ice", content=""),
            make_item(2, title="", content=f"<p>{'The council of the valley met today. ' * 3}</p>"),
            make_item(3, status="pending"),
        )
    )
    assert "“Snow & ice”" in report
    assert "1  draft: waited for review" in report
    story = Article.objects.get(source_ref__endswith=":2")
    assert story.headline.endswith("met today. The…")
