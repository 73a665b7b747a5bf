"""Files made to lie about what was public, or to fall over: refused with a line, or no more public."""

import os
import re

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from articles.interchange import wordpress
from articles.interchange.records import Refused
from articles.models import Article
from articles.models.article import site_zone
from tests.articles.interchange.exports import VERSION, make_export, make_item, make_wp_author
from tests.factories import make_user

ITEM = make_item(1)
EXPORT = make_export(ITEM, authors=make_wp_author("nargiza", "Nargiza Ryskulova"))


def story(tmp_path, text):
    path = tmp_path / "export.xml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    wordpress.survey([path])
    (item,) = wordpress.items([path])
    return None if wordpress.is_left_out(item) else wordpress.story(item, site_zone(), timezone.now())  # fmt: skip


def refusal(tmp_path, text):
    with pytest.raises(Refused) as caught:
        story(tmp_path, text)
    return caught.value.line, caught.value.why


@pytest.mark.parametrize("status", ["archived", "", " ", "PUBLISH", "published", "publish2", "request-completed"])  # fmt: skip
def test_a_state_that_wordpress_does_not_know_is_no_public_one(tmp_path, status):
    assert story(tmp_path, make_export(make_item(1, status=status))).why == "unknown status"


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("<wp:status>publish</wp:status>", "<wp:status>publish</wp:status><wp:status>private</wp:status>", "unknown status"),
        ("<wp:status>publish</wp:status>", "<status>publish</status><wp:status>private</wp:status>", "private"),
        ("<wp:status>publish</wp:status>", '<status xmlns="urn:x">publish</status><wp:status>draft</wp:status>', "draft"),
        ("<wp:status>publish</wp:status>", "<wp:status><b>private</b></wp:status>", "private"),
        ("<wp:post_password></wp:post_password>", "<post_password></post_password><wp:post_password>x</wp:post_password>", "password"),
        ("<wp:post_password></wp:post_password>", "<wp:post_password></wp:post_password><wp:post_password>x</wp:post_password>", "password"),
        ("<wp:post_password></wp:post_password>", "<wp:post_password>0</wp:post_password>", "password"),
    ],
)  # fmt: skip
def test_what_is_said_twice_or_in_other_words_makes_nothing_public(tmp_path, old, new, why):
    assert old in ITEM
    assert story(tmp_path, make_export(ITEM.replace(old, new))).why == why


def test_the_kind_of_an_item_is_wordpresss_own(tmp_path):
    path = tmp_path / "export.xml"
    item = make_item(1, type="nav_menu_item").replace("<title>", "<post_type>post</post_type><title>")  # fmt: skip
    path.write_text(make_export(item))
    assert [item.type for item in wordpress.items([path])] == ["nav_menu_item"]


@pytest.mark.parametrize(
    ("date", "gmt", "moment"),
    [
        ("9999-12-31 23:59:59", "9999-12-31 23:59:59", "9999-12-31 23:59:59"),
        ("0001-01-01 00:00:00", "0001-01-01 00:00:00", None),
        ("1970-12-31 23:59:59", "", None),
        ("2019-05-04 10:00:60", "2019-05-04 04:00:60", None),
        ("2019-13-45 99:99:99", "", None),
    ],
)
def test_odd_times_are_none_or_lie_in_the_future(tmp_path, date, gmt, moment):
    found = story(tmp_path, make_export(make_item(1, date=date, gmt=gmt)))
    assert (found.published_at and f"{found.published_at:%Y-%m-%d %H:%M:%S}") == moment
    assert found.why in {"no date", "date in the future"}


@pytest.mark.parametrize(
    ("date", "gmt", "moment"),
    [
        ("2019-05-04T10:00:00", "2019-05-04T04:00:00Z", "2019-05-04 04:00:00"),
        ("2019-05-04T05:00:00+01:00", "", "2019-05-04 04:00:00"),
        ("2019-05-03T23:00:00.250-0500", "0000-00-00 00:00:00", "2019-05-04 04:00:00"),
        ("2019-05-04 10:00", "2019-05-04 04:00", "2019-05-04 04:00:00"),
        ("2019-05-04T10:00:00+99:00", "", None),
        ("2019-05-04", "", None),
    ],
)
def test_times_are_read_as_other_programs_write_them(tmp_path, date, gmt, moment):
    found = story(tmp_path, make_export(make_item(1, date=date, gmt=gmt))).published_at
    assert (found and f"{found:%Y-%m-%d %H:%M:%S}") == moment


def test_an_hour_that_the_clock_left_out_is_a_time_all_the_same(tmp_path, settings):
    settings.TIME_ZONE = "Europe/Berlin"
    found = story(tmp_path, make_export(make_item(1, date="2019-03-31 02:30:00", gmt="")))
    assert found.published_at.astimezone(tz=None) is not None
    assert found.why == ""


@pytest.mark.parametrize(
    ("said", "year"),
    [
        ("Sat, 04 May 2019 04:00:00 +0000", 2019),
        ("Mon, 30 Nov -0001 00:00:00 +0000", None),
        ("Mon, 30 Nov 01 00:00:00 +0000", None),
        ("Thu, 01 Jan 1970 00:00:00 +0000", None),
        ("yesterday", None),
    ],
)
def test_the_date_of_the_feed_counts_only_where_it_is_one(tmp_path, said, year):
    item = make_item(1, date="", gmt="").replace("<title>", f"<pubDate>{said}</pubDate><title>")
    found = story(tmp_path, make_export(item)).published_at
    assert (found and found.year) == year


@pytest.mark.parametrize(
    ("text", "line", "why"),
    [
        (make_export(ITEM).replace("A headline", "A &nbsp; headline"), 14, "'nbsp' not defined"),
        (make_export(ITEM).replace("A headline", "A\0headline"), 14, "not well-formed"),
        (make_export(ITEM).replace("A headline", "A\x08headline"), 14, "not well-formed"),
        (make_export(ITEM).replace("A headline", "A&#8;headline"), 14, "not well-formed"),
        (make_export(ITEM).replace("A headline", "A &#xD800; headline"), 14, "not well-formed"),
        (make_export(ITEM).replace("<title>A", "<&#xD800;>A"), 14, "not well-formed"),
        (make_export(ITEM).replace("old.example.org</link>", "old.example.org&#xDFFF;</link>", 1), 9, "not well-formed"),
        (make_export(ITEM).replace("A headline", "<b>" * 400 + "</b>" * 400), 14, "too much at once"),
        (make_export(make_item(1, content="word " * 2_100_000)), 18, "too much at once"),
        (make_export(ITEM).replace("<item>", f'<item x="{"a" * 11_000_000}">'), 30, "too much at once"),
        (make_export(ITEM).replace("A headline", "caf\xe9").encode("latin-1"), 14, "not well-formed"),
        (make_export(ITEM).replace("UTF-8", "ISO-8859-1").replace("A headline", "Снег"), 1, "is UTF-8"),
        (make_export(ITEM).replace("UTF-8", "windows-1251").replace("A headline", "Снег"), 1, "is UTF-8"),
        (make_export(ITEM).replace("UTF-8", "x-klingon"), 1, "not well-formed"),
        (make_export(ITEM).encode("utf-32"), 1, "not well-formed"),
        (make_export(ITEM) + make_export(ITEM), 30, "not well-formed"),
        (make_export(ITEM)[:600], 17, "not well-formed"),
        (make_export(ITEM, version=VERSION + "<wp:wxr_version>9</wp:wxr_version>"), 11, "'9'"),
        (make_export(ITEM, version="").replace("</channel>", f"{VERSION}</channel>"), 13, "wxr_version"),
        (make_export(ITEM).replace("<channel>", "<channel>\n" + make_item(2)), 8, "wxr_version"),
        (b"\x1f\x8b\x08\0 a gzip", 1, "no XML"),
        ("  \n", 1, "no XML"),
        (make_export(ITEM).replace("<rss", '<rss xmlns="urn:x"'), 6, "not <rss>"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_as_it_is_meant_is_refused_with_its_line(tmp_path, text, line, why):
    found = refusal(tmp_path, text)
    assert why in found[1]
    assert "\n" not in found[1]
    assert found[0] == line


@pytest.mark.parametrize(
    ("text", "headline"),
    [
        (make_export(ITEM).replace("UTF-8", "windows-1251").replace("A headline", "Снег").encode("cp1251"), "Снег"),
        (make_export(ITEM).replace("UTF-8", "UTF-16").replace("A headline", "Снег").encode("utf-16"), "Снег"),
        (b"\xef\xbb\xbf" + make_export(ITEM).replace("A headline", "Снег").encode(), "Снег"),
        (make_export(ITEM).replace("UTF-8", "ISO-8859-1").replace("A headline", "caf\xe9").encode("latin-1"), "café"),
    ],
)  # fmt: skip
def test_other_encodings_are_read_where_the_file_says_so(tmp_path, text, headline):
    assert story(tmp_path, text).headline == headline


def undeclared(text, *prefixes):
    for prefix in prefixes:
        text = re.sub(rf'\s+xmlns:{prefix}="[^"]*"', "", text, count=1)
    return text


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (make_export(ITEM).replace("<item>", '<atom:link rel="hub"/><item>'), ""),
        (make_export(ITEM).replace("</item>", "<itunes:author>Jo</itunes:author></item>"), ""),
        (undeclared(make_export(ITEM), "wp", "content", "dc", "excerpt"), ""),
        (undeclared(make_export(make_item(1, status="private")), "wp"), "private"),
        (undeclared(make_export(make_item(1, password="x")), "wp", "content"), "password"),
        (make_export(ITEM).replace("<item>", '<item xmlns:x="https://пример.example/ё">'), ""),
        (make_export(ITEM).replace("<item>", '<item xmlns:x="no/address">'), ""),
    ],
)  # fmt: skip
def test_a_prefix_that_stands_for_nothing_is_no_fault(tmp_path, text, why):
    found = story(tmp_path, text)
    assert (found.headline, found.body, found.credits) == (
        "A headline", "<p>Words of the story.</p>", ["nargiza"]
    )  # fmt: skip
    assert found.why == why


@pytest.mark.parametrize(
    ("text", "line", "why"),
    [
        (undeclared(make_export(ITEM).replace("A headline", "A &nbsp; headline"), "wp"), 13, "'nbsp' not defined"),
        (undeclared(make_export(ITEM).replace("</item>", "</items>"), "wp"), 26, "mismatch"),
        (make_export(ITEM).replace("<item>", '<item xmlns:-x="urn:x">'), 13, "-x"),
        (make_export(ITEM).replace("<rss", "<w:rss"), 6, "not <rss>"),
    ],
)  # fmt: skip
def test_what_else_is_wrong_with_it_is_refused_all_the_same(tmp_path, text, line, why):
    found = refusal(tmp_path, text)
    assert why in found[1]
    assert found[0] == line


def test_a_file_that_goes_wrong_is_not_read_to_its_end(tmp_path, monkeypatch):
    monkeypatch.setattr("articles.interchange.wxr.OFTEN", 100)
    path = tmp_path / "export.xml"
    items = [make_item(number) for number in range(1, 201)]
    items[3] = items[3].replace("</wp:status>", "</wp:state>")
    path.write_text(make_export(*items))
    seen = []
    with pytest.raises(Refused, match="not well-formed"):
        seen.extend(item.line for item in wordpress.items([path]))
    assert len(seen) < 100


def test_a_text_split_over_two_cdata_is_one(tmp_path):
    found = story(tmp_path, make_export(make_item(1, content="<p>a ]]]]><![CDATA[> b</p>")))
    assert found.body == "<p>a ]]&gt; b</p>"


@pytest.mark.django_db
def test_a_folder_and_what_is_not_there_are_refused(tmp_path):
    make_user("chief editor")
    for path, why in ((tmp_path, "Is a directory"), (tmp_path / "none.xml", "No such file")):
        with pytest.raises(CommandError, match=why):
            call_command("import_articles", str(path), format="wordpress")


@pytest.mark.django_db
@pytest.mark.skipif(os.getuid() == 0, reason="NOT TESTED: root reads everything")
def test_a_file_that_may_not_be_read_is_refused(tmp_path):
    make_user("chief editor")
    path = tmp_path / "export.xml"
    path.write_text(make_export(ITEM))
    path.chmod(0)
    with pytest.raises(CommandError, match="Permission denied"):
        call_command("import_articles", str(path), format="wordpress")


@pytest.mark.django_db
@pytest.mark.parametrize("changed", [make_export(make_item(2)), make_export(ITEM)[:700]])
def test_a_file_that_changes_between_its_readings_brings_nothing_or_says_so(
    tmp_path, monkeypatch, changed
):
    make_user("chief editor")
    path = tmp_path / "export.xml"
    path.write_text(EXPORT)
    read = wordpress.survey

    def survey(files, *library):
        found = read(files, *library)
        path.write_text(changed)
        return found

    with monkeypatch.context() as patch:
        patch.setattr(wordpress, "survey", survey)
        with pytest.raises(CommandError, match="changed while it was read"):
            call_command("import_articles", str(path), format="wordpress")
    assert not Article.objects.exists()
    path.write_text(EXPORT)
    call_command("import_articles", str(path), format="wordpress")
    assert Article.objects.count() == 1
    give = wordpress.items

    def items(files):
        path.write_text(changed)
        os.utime(path, ns=(1, 1))
        yield from give(files)

    with monkeypatch.context() as patch:
        patch.setattr(wordpress, "items", items)
        with pytest.raises(CommandError, match="What was brought till then stays"):
            call_command("import_articles", str(path), format="wordpress")
