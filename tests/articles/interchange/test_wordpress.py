import datetime
import zoneinfo

import pytest
from django.core.management import CommandError, call_command

from articles.interchange import wordpress
from articles.interchange.records import Refused
from articles.models import Article
from tests.articles.interchange.exports import VERSION, make_export, make_item, make_wp_author
from tests.factories import make_user

ZONE = zoneinfo.ZoneInfo("Asia/Bishkek")
NOW = datetime.datetime(2026, 11, 29, tzinfo=datetime.UTC)


def keep(folder, text, name="export.xml"):
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return str(path)


def read(folder, text):
    path = keep(folder, text)
    return [wordpress.story(item, ZONE, NOW) for item in wordpress.items([path])]


def refusal(folder, text):
    path = keep(folder, text)
    with pytest.raises(Refused) as refused:
        wordpress.survey([path])
    return refused.value.line, refused.value.why


def test_a_doctype_is_refused_with_its_line_and_no_entity_is_read(tmp_path):
    secret = keep(tmp_path, "a secret", "secret.txt")
    for inside in (
        "",
        f' [<!ENTITY x SYSTEM "file://{secret}">]',
        ' [<!ENTITY a "ha"><!ENTITY b "&a;&a;"><!ENTITY c "&b;&b;">]',
    ):
        export = make_export(make_item(1)).replace("<rss", f"<!DOCTYPE rss{inside}>\n<rss", 1)
        line, why = refusal(tmp_path, export)
        assert line == 2
        assert "DOCTYPE" in why


@pytest.mark.parametrize(
    ("text", "line", "why"),
    [
        ("", 1, "no XML"),
        ("PK\x03\x04 a zip", 1, "no XML"),
        ("<html><body/></html>", 1, "<html>"),
        ("<rss version='2.0'><channel><title>A feed</title></channel></rss>", 1, "wxr_version"),
        (make_export(make_item(1), version=""), 13, "wxr_version"),
        (make_export(make_item(1), version=VERSION.replace("1.2", "3.0")), 11, "'3.0'"),
        (make_export(make_item(1)).replace("</item>", ""), 28, "not well-formed"),
        (make_export(make_item(1)).replace("A headline", "A&nbsp;headline"), 14, "not well-formed"),
        (make_export(make_item(1))[:-12], 28, "not well-formed"),
        (make_export(make_item(1), version="").replace("</item>", ""), 28, "not well-formed"),
    ],
)
def test_what_is_no_sound_export_is_refused_with_its_line(tmp_path, text, line, why):
    found = refusal(tmp_path, text)
    assert why in found[1]
    assert found[0] == line


@pytest.mark.django_db
def test_one_unsound_file_of_several_leaves_the_database_as_it_was(tmp_path):
    make_user("chief editor")
    sound = keep(tmp_path, make_export(make_item(1)), "a.xml")
    broken = keep(tmp_path, make_export(make_item(2)) + "<", "b.xml")
    with pytest.raises(CommandError, match=r"b\.xml, line 30: not well-formed"):
        call_command("import_articles", sound, broken, "--format", "wordpress")
    assert not Article.objects.exists()


@pytest.mark.parametrize(
    ("fields", "moment", "why"),
    [
        ({}, "2019-05-04T04:00:00+00:00", ""),
        ({"gmt": "0000-00-00 00:00:00"}, "2019-05-04T04:00:00+00:00", ""),
        ({"gmt": ""}, "2019-05-04T04:00:00+00:00", ""),
        ({"gmt": "0000-00-00 00:00:00", "date": "0000-00-00 00:00:00"}, None, "no date"),
        ({"gmt": "-0001-11-30 00:00:00", "date": "-0001-11-30 00:00:00"}, None, "no date"),
        ({"gmt": "1970-01-01 00:00:00", "date": "1970-01-01 06:00:00"}, None, "no date"),
        ({"gmt": "1969-12-31 23:59:59", "date": "1970-01-01 05:59:59"}, None, "no date"),
        ({"gmt": "2019-02-30 00:00:00", "date": "rubbish"}, None, "no date"),
        ({"gmt": "", "date": ""}, None, "no date"),
        (
            {"gmt": "2030-01-01 00:00:00"},
            "2030-01-01T00:00:00+00:00",
            "date in the future",
        ),
        ({"status": "draft"}, "2019-05-04T04:00:00+00:00", "draft"),
        ({"status": "pending"}, "2019-05-04T04:00:00+00:00", "pending"),
        ({"status": "private"}, "2019-05-04T04:00:00+00:00", "private"),
        ({"status": "future"}, "2019-05-04T04:00:00+00:00", "future"),
        ({"status": "Publish"}, "2019-05-04T04:00:00+00:00", "unknown status"),
        ({"status": ""}, "2019-05-04T04:00:00+00:00", "unknown status"),
        ({"status": "acf-disabled"}, "2019-05-04T04:00:00+00:00", "unknown status"),
        ({"password": "sesame"}, "2019-05-04T04:00:00+00:00", "password"),
        ({"password": " "}, "2019-05-04T04:00:00+00:00", "password"),
    ],
)
def test_what_was_not_public_stays_not_public_and_no_date_is_made_up(tmp_path, fields, moment, why):
    (story,) = read(tmp_path, make_export(make_item(1, **fields)))
    found = story.published_at
    assert (found and found.astimezone(datetime.UTC).isoformat()) == moment
    assert story.why == why


@pytest.mark.parametrize("status", ["trash", "auto-draft", "inherit"])
def test_what_was_thrown_away_is_left_out(tmp_path, status):
    path = keep(tmp_path, make_export(make_item(1, status=status)))
    (item,) = wordpress.items([path])
    assert wordpress.is_left_out(item) == f"post, {status}"


def test_people_are_named_by_what_they_are_called_and_never_by_a_login_or_an_address(tmp_path):
    authors = (
        make_wp_author("nargiza", "Nargiza Ryskulova")
        + make_wp_author("admin", "admin")
        + make_wp_author("bob", "bob@mail.example.org", "Bob", "Jones")
        + make_wp_author("eve", "Eve", "", "")
        + make_wp_author("old", "Old Hand", tag="wp:wp_author")
    )
    export = make_export(
        make_item(1, creator="nobody"),
        make_item(2, creator="stranger@mail.example.org"),
        authors=authors,
    )
    people = wordpress.survey([keep(tmp_path, export)]).people
    assert people == {
        "nargiza": "Nargiza Ryskulova",
        "admin": "",
        "bob": "Bob Jones",
        "eve": "",
        "old": "Old Hand",
        "nobody": "",
        "strangermail-example-org": "",
    }


def test_one_login_with_two_names_is_nobody(tmp_path):
    authors = make_wp_author("desk", "Ann Lee") + make_wp_author("desk", "Bo Kim")
    assert wordpress.survey([keep(tmp_path, make_export(authors=authors))]).people == {"desk": ""}


def test_co_authors_come_in_the_files_order_each_once_with_the_guests_names(tmp_path):
    guest = make_item(
        50,
        "b.guest",
        type="guest-author",
        name="cap-b-guest",
        meta=[("cap-display_name", "Бермет Гость"), ("cap-user_login", "b.guest")],
    )
    terms = [
        ("author", "cap-b-guest", "b.guest"),
        ("author", "nargiza", "nargiza"),
        ("author", "cap-b-guest", "b.guest"),
        ("author", "cap-unknown", "unknown"),
    ]
    export = make_export(
        make_item(1, terms=terms, creator="admin"),
        guest,
        authors=make_wp_author("nargiza", "Nargiza Ryskulova"),
    )
    path = keep(tmp_path, export)
    people = wordpress.survey([path]).people
    story = wordpress.story(next(wordpress.items([path])), ZONE, NOW)
    assert [people[key] for key in story.credits] == ["Бермет Гость", "Nargiza Ryskulova", ""]


def test_addresses_are_the_permalink_the_number_and_old_slugs(tmp_path):
    name = "%d0%be%d1%88"
    export = make_export(
        make_item(7, name=name, meta=[("_wp_old_slug", "osh-1"), ("_wp_old_slug", "osh-2")]),
        make_item(8, link="https://old.example.org/?p=8"),
        make_item(9, link="/blog/post.html"),
    )
    stories = read(tmp_path, export)
    assert stories[0].addresses == [
        ("/2019/05/04/ош/", ""),
        ("/2019/05/04/osh-1/", ""),
        ("/2019/05/04/osh-2/", ""),
        ("/", "p=7"),
    ]
    assert stories[0].slug == "ош"
    assert stories[0].address_date == datetime.date(2019, 5, 4)
    assert stories[1].addresses == [("/", "p=8")]
    assert stories[2].addresses == [("/blog/post.html", ""), ("/", "p=9")]


def test_a_site_below_a_path_keeps_its_numbers_there(tmp_path):
    export = make_export(make_item(7), site="https://www.old.example.org/news/")
    (story,) = read(tmp_path, export)
    assert story.addresses[-1] == ("/news/", "p=7")
    assert story.refs[0] == "wordpress:old.example.org/news:post:7"


def test_a_draft_has_no_old_address(tmp_path):
    (story,) = read(tmp_path, make_export(make_item(7, status="private")))
    assert story.addresses == []


def test_what_php_serialised_is_not_read(tmp_path):
    poison = 'O:8:"stdClass":1:{s:1:"a";s:6:"secret";}'
    (story,) = read(tmp_path, make_export(make_item(7, meta=[("_settings", poison)])))
    assert "secret" not in repr(story)


def test_the_language_is_the_items_own_or_the_sites(tmp_path):
    stories = read(
        tmp_path,
        make_export(make_item(1), make_item(2, terms=[("language", "ru", "Русский")])),
    )
    assert [story.language for story in stories] == ["en-us", "ru"]
