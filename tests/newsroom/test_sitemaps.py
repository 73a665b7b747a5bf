"""Sitemaps: what their published schemas ask for, what is in them and what is not."""

import datetime
import re
from urllib.parse import urlsplit
from xml.etree import ElementTree

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from django.utils.translation import override

from articles import people, publishing, sitemaps, translations, versions
from articles.models import Article, Byline
from articles.models.article import Series
from articles.people import hide
from newsroom.models import Page, SiteSettings
from tests.factories import (
    chief,
    make_article,
    make_author,
    make_house,
    make_image,
    make_organisation,
    make_region,
    make_section,
    make_tag,
    make_user,
)

pytestmark = pytest.mark.django_db
PROTOCOL = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
NEWS = "{http://www.google.com/schemas/sitemap-news/0.9}"
IMAGE = "{http://www.google.com/schemas/sitemap-image/1.1}"
LINK = "{http://www.w3.org/1999/xhtml}link"
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d")
NOW = datetime.datetime(2026, 11, 29, 12, tzinfo=datetime.UTC)
DAY = datetime.timedelta(days=1)


def read(path, client=None):
    """A sitemap as its root element; what its schema forbids fails."""
    response = (client or Client()).get(path)
    assert response.status_code == 200, path
    assert response.headers["Content-Type"] == "application/xml; charset=utf-8"
    root = ElementTree.fromstring(response.content)
    assert root.tag in {f"{PROTOCOL}urlset", f"{PROTOCOL}sitemapindex"}
    entry = "url" if root.tag.endswith("urlset") else "sitemap"
    assert 0 < len(root) <= sitemaps.MOST_ADDRESSES
    assert len(response.content) <= sitemaps.MOST_BYTES
    for each in root:
        assert each.tag == PROTOCOL + entry
        check(each, entry)
    assert len({address(each) for each in root}) == len(root)
    return root


def check(entry, kind):
    """Elements of an entry: which, how often, in which order, and what they hold."""
    names = [child.tag for child in entry]
    own = [name for name in names if name.startswith(PROTOCOL)]
    assert own in ([f"{PROTOCOL}loc"], [f"{PROTOCOL}loc", f"{PROTOCOL}lastmod"])
    assert names[: len(own)] == own
    assert 12 <= len(address(entry)) <= 2048
    assert address(entry).isascii()
    assert urlsplit(address(entry)).scheme in {"http", "https"}
    for changed in entry.findall(f"{PROTOCOL}lastmod"):
        assert MOMENT.fullmatch(changed.text)
    allowed = {f"{NEWS}news": 1, f"{IMAGE}image": 1000, LINK: 100} if kind == "url" else {}
    for name in names[len(own) :]:
        assert names.count(name) <= allowed[name]
    for picture in entry.findall(f"{IMAGE}image"):
        assert [child.tag for child in picture] == [f"{IMAGE}loc"]
    for link in entry.findall(LINK):
        assert set(link.attrib) == {"rel", "hreflang", "href"}
        assert link.get("rel") == "alternate"
    for story in entry.findall(f"{NEWS}news"):
        tags = ["publication", "publication_date", "title"]
        assert [child.tag for child in story] == [NEWS + tag for tag in tags]
        assert [child.tag for child in story[0]] == [f"{NEWS}name", f"{NEWS}language"]
        assert re.fullmatch(r"zh-cn|zh-tw|[a-z]{2,3}", story[0][1].text)
        assert MOMENT.fullmatch(story[1].text)
        assert story[0][0].text
        assert story[2].text


def address(entry):
    return entry.find(f"{PROTOCOL}loc").text


def addresses(path):
    return [address(entry) for entry in read(path)]


def paths(path):
    return [urlsplit(each).path for each in addresses(path)]


def month_of(story):
    return f"/sitemap-{story.address_date:%Y-%m}.xml"


def one(story, path=None):
    """The entry of a story in the sitemap of its month."""
    found = [e for e in read(path or month_of(story)) if address(e).endswith(f"{story.slug}/")]
    assert len(found) == 1
    return found[0]


def pair(**fields):
    """A live story and its live translation."""
    original = make_article(headline="Water is low", **fields)
    other = make_article(headline="Вода низкая", language="ru", translated_from=original, **fields)
    translations.link(other)
    other.refresh_from_db()
    return Article.objects.get(pk=original.pk), other


# The index


def test_the_index_has_a_file_a_month_with_its_newest_change():
    with time_machine.travel(NOW, tick=False):
        make_article(at=NOW - 70 * DAY)
        changed = make_article(at=NOW - 69 * DAY)
        make_article(at=NOW - DAY)
        Article.objects.filter(pk=changed.pk).update(updated_at=NOW - 2 * DAY)
        root = read("/sitemap.xml")
        found = {urlsplit(address(e)).path: e.findtext(f"{PROTOCOL}lastmod") for e in root}
        assert found == {
            "/sitemap-lists.xml": None,
            "/sitemap-2026-11.xml": "2026-11-28T18:00:00+06:00",
            "/sitemap-2026-09.xml": "2026-11-27T18:00:00+06:00",
        }
        for path in found:
            read(path)
        # Saved and not substantively changed: nothing is newer.
        publishing.save(changed, by=chief())
        assert read("/sitemap.xml")[2].findtext(f"{PROTOCOL}lastmod") == "2026-11-27T18:00:00+06:00"


def test_a_month_begins_and_ends_in_the_zone_of_the_site():
    last = make_article(at=datetime.datetime(2026, 10, 31, 17, 59, 59, tzinfo=datetime.UTC))
    first = make_article(at=datetime.datetime(2026, 10, 31, 18, 0, 0, tzinfo=datetime.UTC))
    assert paths("/sitemap-2026-10.xml") == [last.get_absolute_url()]
    assert paths("/sitemap-2026-11.xml") == [first.get_absolute_url()]


@pytest.mark.parametrize(
    "path",
    [
        "/sitemap-2020-13.xml",
        "/sitemap-0000-01.xml",
        "/sitemap-9999-12.xml",
        "/sitemap-1999-01.xml",
        "/sitemap-2020-02-2.xml",
        "/sitemap-2020-02-999999.xml",
        "/sitemap-lists-2.xml",
        "/sitemap-2020-2.xml",
        "/ru/sitemap.xml",
    ],
)
def test_what_holds_nothing_is_no_sitemap(client, path):
    make_article(at=datetime.datetime(2020, 2, 2, tzinfo=datetime.UTC))
    assert client.get(path).status_code == 404


def test_an_empty_site_has_valid_sitemaps():
    assert paths("/sitemap.xml") == ["/sitemap-lists.xml"]
    assert "/" in paths("/sitemap-lists.xml")
    assert paths("/sitemap-news.xml") == ["/", "/ru/"]


def test_a_month_that_is_too_long_is_split(monkeypatch):
    monkeypatch.setattr(sitemaps, "per_file", lambda: 3)
    stories = [make_article(lead_image=make_image(64, 43)) for _ in range(7)]
    start = f"/sitemap-{stories[0].address_date:%Y-%m}"
    files = [f"{start}.xml", f"{start}-2.xml", f"{start}-3.xml"]
    assert [path for path in paths("/sitemap.xml") if path.startswith(start)] == files
    found = [path for file in files for path in paths(file)]
    assert found == [story.get_absolute_url() for story in stories]
    assert all(entry.find(f"{IMAGE}image") is not None for file in files for entry in read(file))
    moved = Client().get(f"{start}-1.xml")
    assert (moved.status_code, moved.headers["Location"]) == (301, f"{start}.xml")
    assert Client().get(f"{start}-4.xml").status_code == 404
    assert Client().get("/sitemap-lists-1.xml").headers["Location"] == "/sitemap-lists.xml"


def test_the_longest_addresses_of_a_full_file_stay_under_fifty_megabytes(settings):
    for site in ("http://a.example", f"https://{'long-name.' * 20}example"):
        settings.SITE_URL = site
        longest = f"{site}/ru-latn/2026/11/29/{'x' * 100}/"
        moment = datetime.datetime(2026, 11, 29, 12, 30, 15, tzinfo=datetime.UTC)
        languages = dict.fromkeys((code for code, _name in settings.LANGUAGES), longest)
        picture = f"{site}/media/{'f' * 32}/inline-1280.jpg"
        entry = sitemaps.Entry(longest, moment, languages, (picture,) * sitemaps.MOST_PICTURES)
        assert sitemaps.per_file() > 5_000
        hundred = len(sitemaps.urlset([entry] * 100))
        assert hundred / 100 * sitemaps.per_file() <= sitemaps.MOST_BYTES


# Stories


@pytest.mark.parametrize("status", ["draft", "in_review", "ready", "scheduled", "spiked"])
def test_what_was_never_public_is_in_none(status):
    story = make_article(status=status, headline="Zyzzyva")
    shown = make_article()
    for path in ("/sitemap.xml", "/sitemap-lists.xml", "/sitemap-news.xml", month_of(shown)):
        assert "zyzzyva" not in Client().get(path).content.decode()
    assert story.pk not in [s.pk for s in sitemaps.indexable(timezone.now())]


def test_what_is_taken_down_leaves_within_the_request():
    moves = {
        "pull": lambda s: publishing.pull(s, by=chief(), note="A call"),
        "withdraw": lambda s: publishing.withdraw(s, by=chief(), reason="A figure."),
        "retract": lambda s: publishing.retract(s, by=chief(), reason="A figure."),
    }
    stays = make_article()
    for move in moves.values():
        story = make_article()
        files = [month_of(story), "/sitemap-news.xml"]
        assert all(story.get_absolute_url() in paths(file) for file in files)
        move(story)
        assert all(story.get_absolute_url() not in paths(file) for file in files)
    assert paths(month_of(stays)) == [stays.get_absolute_url()]


@pytest.mark.parametrize(
    "field", [{"noindex": True}, {"canonical_url": "https://elsewhere.example/story"}]
)
def test_what_its_page_keeps_search_engines_from_is_in_none(field):
    story, shown = make_article(**field), make_article()
    assert paths(month_of(shown)) == [shown.get_absolute_url()]
    assert story.get_absolute_url() not in paths("/sitemap-news.xml")


def test_what_somebody_paid_for_is_listed_and_is_no_news():
    story = make_article(paid_by=make_organisation())
    assert paths(month_of(story)) == [story.get_absolute_url()]
    assert paths("/sitemap-news.xml") == ["/", "/ru/"]


def test_halves_of_a_translation_know_each_other_while_both_are_live():
    original, other = pair()
    alone = make_article(language="ru")
    english, russian = original.get_absolute_url(), other.get_absolute_url()
    assert set(paths(month_of(original))) == {english, russian, alone.get_absolute_url()}
    for story in (original, other):
        links = {e.get("hreflang"): urlsplit(e.get("href")).path for e in one(story).findall(LINK)}
        assert links == {"en": english, "ru": russian, "x-default": english}
    assert one(alone).findall(LINK) == []
    publishing.pull(other, by=chief(), note="A call")
    assert one(original).findall(LINK) == []
    assert russian not in Client().get(month_of(original)).content.decode()


def test_a_half_of_another_month_is_known_too():
    original = make_article(headline="Old", at=NOW - 100 * DAY)
    other = make_article(headline="Старое", language="ru", translated_from=original)
    translations.link(other)
    assert len(one(original).findall(LINK)) == len(one(other).findall(LINK)) == 3


def test_pictures_are_listed_while_they_may_be_shown():
    lead, inside = make_image(), make_image()
    body = f'<p>Words.</p><figure data-image="{inside.pk}"></figure>'
    body += f'<figure data-image="{lead.pk}"></figure>'
    story = make_article(lead_image=lead, body=body)
    hidden = make_image()
    make_article(status="draft", lead_image=hidden)

    def shown():
        return [e[0].text for e in one(story).findall(f"{IMAGE}image")]

    pictures = shown()
    assert [lead.token in pictures[0], inside.token in pictures[1]] == [True, True]
    assert len(pictures) == 2
    assert all(Client().get(urlsplit(url).path).status_code == 200 for url in pictures)
    lead.rights_expire_at = timezone.now()
    lead.save()
    assert shown() == pictures[1:]


def test_addresses_are_those_of_the_pages():
    for language in ("en", "ru"):
        story = make_article(language=language)
        assert story.get_absolute_url() in paths(month_of(story))


def test_the_next_version_that_is_due_is_there():
    story = make_article()
    content = versions.snapshot(story)
    content["fields"]["noindex"] = True
    publishing.propose(story, by=chief(), content=content)
    soon = timezone.now() + datetime.timedelta(minutes=5)
    publishing.approve_version(story, by=chief(), at=soon)
    assert paths(month_of(story)) == [story.get_absolute_url()]
    with time_machine.travel(soon, tick=False):
        assert Client().get(month_of(story)).status_code == 404


def test_a_cache_that_asks_again_is_told_of_each_change(client):
    story = make_article()
    for path in (month_of(story), "/sitemap.xml", "/sitemap-news.xml"):
        tag = client.get(path).headers["ETag"]
        assert client.get(path, headers={"If-None-Match": tag}).status_code == 304
    publishing.pull(story, by=chief(), note="A call")
    assert client.get("/sitemap-news.xml", headers={"If-None-Match": tag}).status_code == 200


# News


def test_news_is_what_was_first_published_in_two_days():
    SiteSettings.objects.update_or_create(
        pk=1, defaults={"name": "The <Courier>", "names": {"ru": "Курьер"}}
    )
    with time_machine.travel(NOW, tick=False):
        old = make_article(at=NOW - 2 * DAY)
        Article.objects.filter(pk=old.pk).update(updated_at=NOW)
        make_article(status="scheduled", at=NOW + DAY)
        new = make_article(at=NOW - 2 * DAY + datetime.timedelta(seconds=1), headline="A & <B>\n C")
        russian = make_article(at=NOW - DAY, language="ru", headline="Вода в Оше")
        root = read("/sitemap-news.xml")
        assert paths("/sitemap-news.xml") == [russian.get_absolute_url(), new.get_absolute_url()]
        said = [[e.text for e in entry.find(f"{NEWS}news").iter() if e.text] for entry in root]
        assert said == [
            ["Курьер", "ru", "2026-11-28T18:00:00+06:00", "Вода в Оше"],
            ["The <Courier>", "en", "2026-11-27T18:00:01+06:00", "A & <B> C"],
        ]
    with time_machine.travel(NOW + DAY, tick=False):
        assert new.get_absolute_url() not in paths("/sitemap-news.xml")


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("en-us", "en"),
        ("ru", "ru"),
        ("ckb", "ckb"),
        ("uz-Latn", "uz"),
        ("zh-hans", "zh-cn"),
        ("zh-tw", "zh-tw"),
        ("pt-br", "pt"),
    ],
)
def test_languages_of_news_are_as_the_schema_wants_them(code, said):
    assert sitemaps.news_language(code) == said


def fresh(number):
    """So many stories of this hour, made in one go."""
    model, now = make_article(), timezone.now()
    Article.objects.bulk_create(
        Article(
            headline=f"Story {n}",
            slug=f"story-{n}",
            section=model.section,
            status="published",
            published_at=now,
            first_published_at=now,
            address_date=Article.date_of_address(now),
            guid=f"tag:news.invalid,2026:{n}",
        )
        for n in range(number - 1)
    )


def test_a_thousand_and_one_fresh_stories_are_split(django_assert_num_queries):
    fresh(1_001)
    assert paths("/sitemap-news.xml") == ["/sitemap-news-1.xml", "/sitemap-news-2.xml"]
    one, other = paths("/sitemap-news-1.xml"), paths("/sitemap-news-2.xml")
    assert (len(one), len(other), len({*one, *other})) == (1_000, 1, 1_001)
    assert Client().get("/sitemap-news-3.xml").status_code == 404
    with django_assert_num_queries(2):
        Client().get("/sitemap-news-1.xml")
    publishing.pull(Article.objects.earliest("pk"), by=chief(), note="A call")
    assert len(paths("/sitemap-news.xml")) == 1_000
    moved = Client().get("/sitemap-news-1.xml")
    assert (moved.status_code, moved.headers["Location"]) == (301, "/sitemap-news.xml")


# Lists


def test_lists_are_there_in_the_languages_in_which_they_have_stories():
    group = make_region(name="Valley", kind="group")
    country = make_region(name="Kyrgyzstan", kind="country")
    city = make_region(name="Osh", parent=country, kind="city")
    make_region(name="Nowhere", kind="country")
    group.members.add(city)
    make_section(name="Empty")
    section, person = make_section(name="Politics"), make_author(name="Ann")
    agency, cited = make_organisation(name="Agency"), make_organisation(name="Cited")
    series = Series.objects.create(name="Ice")
    make_tag(name="Listed", is_listed=True)
    hidden = make_author(name="Hidden")
    for number in range(2):
        make_article(
            section=section,
            regions=[city],
            tags=["Water"] if number else ["Water", "Once"],
            authors=[person, hidden],
            organisations=[agency],
            citations=[cited],
            series=series,
        )
    russian = make_article(language="ru", section=section, authors=[person])
    make_article(status="draft", language="ru", tags=["Water"], series=series, regions=[city])
    house = make_house()
    Page.objects.create(slug="about", name="About", body="<p>We.</p>")
    Page.objects.create(
        slug="ethics", name="Ethics", body="<p>We.</p>", bodies={"ru": "<p>Мы.</p>"}
    )
    Page.objects.create(slug="empty", name="Empty")
    hide(hidden, by=make_user("editor"))
    lists = {
        "/",
        "/ru/",
        "/authors/",
        "/ru/authors/",
        "/corrections/",
        "/ru/corrections/",
        "/pages/about/",
        "/pages/ethics/",
        "/ru/pages/ethics/",
        "/sections/politics/",
        "/ru/sections/politics/",
        "/regions/osh/",
        "/regions/kyrgyzstan/",
        "/regions/valley/",
        "/tags/water/",
        "/authors/ann/",
        "/ru/authors/ann/",
        "/organisations/agency/",
        house.get_absolute_url(),
        f"/ru{house.get_absolute_url()}",
        "/series/ice/",
    }
    assert set(paths("/sitemap-lists.xml")) == lists
    pages = {path: Client().get(path) for path in lists}
    assert {p.status_code for p in pages.values()} == {200}
    assert [path for path, p in pages.items() if b'content="noindex' in p.content] == []
    links = {
        address(e).rpartition("/sections/")[2]: [link.get("hreflang") for link in e.findall(LINK)]
        for e in read("/sitemap-lists.xml")
        if "/sections/" in address(e)
    }
    assert links == {"politics/": ["en", "ru", "x-default"]}
    publishing.pull(russian, by=chief(), note="A call")
    assert "/ru/authors/ann/" not in paths("/sitemap-lists.xml")
    people.show(hidden, by=chief())
    assert "/authors/hidden/" in paths("/sitemap-lists.xml")


def test_a_withheld_person_is_in_no_list():
    person = make_author(name="Ann")
    story = make_article(authors=[person], organisations=[make_organisation()])
    Byline.objects.filter(article=story, author=person).update(withheld=True)
    assert not [path for path in paths("/sitemap-lists.xml") if "ann" in path]


# What it costs


@pytest.mark.parametrize("number", [1, 3])
def test_sitemaps_cost_the_same_with_one_and_with_three(django_assert_num_queries, number):
    for _ in range(number):
        original, _other = pair(
            lead_image=make_image(64, 43),
            tags=["Water"],
            regions=[make_region()],
            series=Series.objects.create(name=f"Series {Series.objects.count()}"),
        )
        Page.objects.create(slug=f"page-{Page.objects.count()}", name="Page", body="<p>x</p>")
    for path, queries in {
        "/sitemap.xml": 10,
        "/sitemap-lists.xml": 9,
        "/sitemap-news.xml": 2,
        month_of(original): 4,
    }.items():
        with django_assert_num_queries(queries):
            Client().get(path)


def test_robots_are_told_where_sitemaps_are_and_what_is_closed(client, settings):
    lines = client.get("/robots.txt").content.decode().splitlines()
    for path in ("/admin/", "/preview/", "/search/", "/ru/search/", "/report/", "/ru/report/"):
        assert f"Disallow: {path}" in lines
    open_to_all = ["/", "/media/", "/rss.xml", "/sitemap.xml"]
    closed = [line.removeprefix("Disallow: ") for line in lines if line.startswith("Disallow")]
    assert not [p for p in open_to_all for c in closed if p.startswith(c)]
    for name in ("sitemap", "sitemap-news"):
        assert f"Sitemap: {settings.SITE_URL}/{name}.xml" in lines
    with override("ru"):
        assert client.get("/robots.txt").content.decode().splitlines() == lines
