"""Feeds as the programs of readers take them: through feedparser, and by JSON Feed's own rules."""

import datetime
import json
import re
import xml.etree.ElementTree as ET
from urllib.parse import urlsplit

import feedparser
import pytest
from django.conf import settings
from django.utils import timezone

from articles import people, publishing
from articles.feeds.kinds import KINDS
from articles.models import Article, Series
from tests.factories import (
    chief,
    make_article,
    make_author,
    make_house,
    make_image,
    make_organisation,
    make_region,
    make_section,
    make_user,
)

pytestmark = pytest.mark.django_db
XML = ["rss.xml", "atom.xml"]
FILES = [kind.FILE for kind in KINDS.values()]
TYPES = {kind.FILE: kind.TYPE for kind in KINDS.values()}
ATOM = "{http://www.w3.org/2005/Atom}"
GONE = "{http://purl.org/atompub/tombstones/1.0}deleted-entry"
# Words that programs trip over: ends of CDATA, controls, emoji, two directions, entities, markup.
ODD = {
    "end of CDATA": "Why ]]> is not an end ]]>",
    "controls": "A bell \x07, a form \x0c and a\x00 null \ufffe\uffff\x85",
    "emoji": "A 🐎 race and a 👨‍👩‍👧‍👦 family",
    "right to left": "قيرغيزستان: محادثات \u202eabc",
    "Cyrillic": "Өзгөн шаары: «Сууну ким бөлөт?» Ўзбекистон, Қазақстан, Тоҷикистон",
    "entities": "R&D &amp; &lt;b&gt; <i>AT&T</i> \"x\" 'y'",
    "long": "Vodokanal " * 24,
}


def get(client, address):
    response = client.get(address)
    assert response.status_code == 200, address
    return response


def parsed(client, address):
    response = get(client, address)
    about = {"content-type": response.headers["Content-Type"]}
    feed = feedparser.parse(response.content, response_headers=about)
    assert feed.bozo == 0, (address, feed.get("bozo_exception"))
    return feed


def told(client, address):
    return json.loads(get(client, address).content)


def names_with(words):
    return [f"{name} & {words}".replace("\x00", "")[:120] for name in ("Ada", "Bea", "Сергей")]


def odd_story(words):
    """A story of three people with ``words`` wherever words may stand, as an importer leaves them."""
    storable = words.replace("\x00", "")
    image = make_image(alt=storable[:400], caption=storable, credit=f"Photo: {storable}"[:200])
    story = make_article(
        headline="Headline",
        body="<p>Words.</p>",
        authors=[make_author(name=name) for name in names_with(words)],
        tags=["Water & ice"],
        regions=[make_region(name=f"R&D {storable}"[:100])],
        lead_image=image,
        dateline_place="Osh & Өзгөн",
    )
    Article.objects.filter(pk=story.pk).update(
        headline=storable[:250],
        standfirst=storable,
        lead_caption=storable,
        body=f"<p>{storable.replace('&', '&amp;').replace('<', '&lt;')}</p>",
    )
    return story


@pytest.mark.parametrize("kind", ODD)
def test_odd_words_reach_every_reader_with_three_authors_intact(client, kind):
    odd_story(ODD[kind])
    unwanted = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\ufffe\uffff]")
    clean = unwanted.sub("", ODD[kind])
    names = [unwanted.sub("", name) for name in names_with(ODD[kind])]
    for file in XML:
        [entry] = parsed(client, f"/{file}").entries
        assert [author.name.strip() for author in entry.authors] == [n.strip() for n in names]
        assert "OSH &amp; ӨЗГӨН" in entry.content[0].value
    raw = ET.fromstring(get(client, "/rss.xml").content)
    assert raw.findtext(".//item/title").strip() == clean[:250].strip()
    creators = raw.findall(".//item/{http://purl.org/dc/elements/1.1/}creator")
    assert [creator.text for creator in creators] == names
    atom = ET.fromstring(get(client, "/atom.xml").content)
    path = f"{ATOM}entry/{ATOM}author/{ATOM}name"
    assert [name.text for name in atom.findall(path)] == names
    [item] = told(client, "/feed.json")["items"]
    assert [author["name"] for author in item["authors"]] == names
    assert item["title"] == clean[:250]
    for file in FILES:
        assert not unwanted.search(get(client, f"/{file}").content.decode())


@pytest.mark.parametrize("file", XML)
def test_feedparser_finds_all_that_an_entry_has(client, file):
    agency = make_organisation(name="The Times of Central Asia", short_name="TCA")
    source = make_organisation(name="24.kg")
    ada, bea, kwan = (make_author(name=name) for name in ("Ada", "Bea", "Sergey Kwan"))
    inside = make_image(alt="A map", credit="Map: C. D.")
    story = make_article(
        headline="No talks & no troops",
        standfirst="Two capitals deny it.",
        body=f'<p>First <a href="/pages/about/?a=1&amp;b=2">words</a>, <a href="#x">here</a> and '
        f'<a href="../other/">there</a>.</p><figure data-image="{inside.pk}"></figure>'
        '<figure data-embed="vimeo" data-id="76979871"></figure>',
        dateline_place="Bishkek",
        dateline_organisation=agency,
        authors=[ada, bea, kwan, (make_author(name="Dan"), "translator")],
        organisations=[agency],
        section=make_section(name="Security"),
        tags=["Water"],
        regions=[make_region(name="Osh")],
        lead_image=make_image(alt="A hall", caption="The hall", credit="Photo: A. B."),
        citations=[(source, "cites", "https://24.example/1")],
        paid_by=make_organisation(name="A sponsor"),
    )
    publishing.correct(story, by=chief(), kind="correction", text="There are 38.")
    publishing.correct(story, by=chief(), kind="apology", text="We are sorry.")
    feed = parsed(client, f"/{file}")
    assert feed.feed.title == "Newsroom"
    links = {(link.rel, link.href) for link in feed.feed.links}
    assert ("self", f"{settings.SITE_URL}/{file}") in links
    assert feed.feed.language == "en"
    [entry] = feed.entries
    assert entry.title == "No talks &amp; no troops" or entry.title == "No talks & no troops"
    assert entry.id == Article.objects.get().guid
    assert entry.link == settings.SITE_URL + Article.objects.get().get_absolute_url()
    assert [a.name for a in entry.authors] == [
        "Ada",
        "Bea",
        "Sergey Kwan",
        "The Times of Central Asia",
    ]
    assert [c.name for c in entry.contributors] == ["Dan"]
    assert {tag.term for tag in entry.tags} == {"Security", "Water", "Osh"}
    assert entry.summary == "Two capitals deny it."
    assert "published_parsed" in entry
    [media] = entry.media_content
    assert (media["width"], media["height"], media["type"]) == ("1280", "720", "image/jpeg")
    assert entry.media_credit[0]["content"] == "Photo: A. B."
    html = entry.content[0].value
    for words in (
        "Paid for by A sponsor",
        "By Ada, Bea, Sergey Kwan and The Times of Central Asia<br",
        "Translated by Dan",
        "<b>BISHKEK (TCA)</b> — First",
        f'href="{settings.SITE_URL}/pages/about/?a=1&amp;b=2"',
        f'href="{entry.link}#x"',
        "The hall",
        "Photo: A. B.",
        "Map: C. D.",
        "There are 38.",
        'href="https://24.example/1"',
        "https://vimeo.com/76979871",
    ):
        assert words in html, words
    assert "&lt;p" not in html
    assert html.index("We are sorry.") < html.index("BISHKEK") < html.index("There are 38.")
    raw = get(client, f"/{file}").content.decode()
    for never in (
        "<iframe",
        "lt;iframe",
        "<script",
        "lt;script",
        "player.vimeo.com",
        "href=&quot;/",
        "../other",
    ):
        assert never not in raw, never


@pytest.mark.parametrize("file", XML)
def test_a_story_without_picture_or_names_and_a_feed_without_stories_are_sound(client, file):
    make_house(name="The House")
    assert parsed(client, f"/{file}").entries == []
    make_article(standfirst="", body="<p>Only this.</p>").bylines.all().delete()
    [entry] = parsed(client, f"/{file}").entries
    assert [author.name for author in entry.authors] == ["The House"]
    assert entry.summary == "Only this."
    assert "media_content" not in entry
    assert "By The House" in entry.content[0].value


# JSON Feed


def is_address(value):
    parts = urlsplit(value)
    return parts.scheme in {"http", "https"} and bool(parts.netloc) and " " not in value


def is_text(value):
    return isinstance(value, str) and value != ""


def is_moment(value):
    return datetime.datetime.fromisoformat(value).tzinfo is not None


def are_people(value):
    return value != [] and all(
        person.keys() <= {"name", "url", "avatar"}
        and person
        and is_text(person.get("name", "x"))
        and is_address(person.get("url", "https://x.example/"))
        for person in value
    )


# https://www.jsonfeed.org/version/1.1/: name -> (what it must be, whether it must be there)
TOP = {
    "version": (lambda value: value == "https://jsonfeed.org/version/1.1", True),
    "title": (is_text, True),
    "home_page_url": (is_address, False),
    "feed_url": (is_address, False),
    "description": (is_text, False),
    "user_comment": (is_text, False),
    "next_url": (is_address, False),
    "icon": (is_address, False),
    "favicon": (is_address, False),
    "authors": (are_people, False),
    "language": (lambda value: re.fullmatch(r"[a-z]{2,3}(-[A-Za-z0-9]+)*", value), False),
    "expired": (lambda value: value is True or value is False, False),
    "hubs": (lambda value: isinstance(value, list), False),
    "items": (lambda value: isinstance(value, list), True),
}
ITEM = {
    "id": (is_text, True),
    "url": (is_address, False),
    "external_url": (is_address, False),
    "title": (is_text, False),
    "content_html": (is_text, False),
    "content_text": (is_text, False),
    "summary": (is_text, False),
    "image": (is_address, False),
    "banner_image": (is_address, False),
    "date_published": (is_moment, False),
    "date_modified": (is_moment, False),
    "authors": (are_people, False),
    "tags": (lambda value: value and all(is_text(tag) for tag in value), False),
    "language": (is_text, False),
    "attachments": (lambda value: isinstance(value, list), False),
}


def complaints(said, rules):
    found = [name for name, (_, must) in rules.items() if must and name not in said]
    for name, value in said.items():
        if name.startswith("_"):
            if not re.fullmatch(r"_[A-Za-z][^.]*", name) or not isinstance(value, dict):
                found.append(name)
        elif name not in rules or not rules[name][0](value):
            found.append(name)
    return found


def complaints_about(feed):
    found = complaints(feed, TOP)
    for item in feed["items"]:
        found += complaints(item, ITEM)
        if "content_html" not in item and "content_text" not in item:
            found.append("content")
    numbers = [item["id"] for item in feed["items"]]
    return found + (["id"] if len(set(numbers)) < len(numbers) else [])


def test_the_rules_of_json_feed_can_be_broken():
    assert complaints_about({"version": "1", "items": [{"id": "", "tags": [""], "y": 1}]}) == [
        "title",
        "version",
        "id",
        "tags",
        "y",
        "content",
    ]


def test_json_feed_keeps_its_published_rules(client):
    assert complaints_about(told(client, "/feed.json")) == []
    for words in ODD.values():
        odd_story(words)
    make_article(standfirst="").bylines.all().delete()
    make_article(citations=[(make_organisation(), "republished from", "https://t.example/")])
    story = make_article(headline="Gauges")
    publishing.correct(story, by=chief(), kind="correction", text="There are 38.")
    for address in ("/feed.json", "/sections/politics/feed.json", "/corrections/feed.json"):
        feed = told(client, address)
        assert feed["items"]
        assert complaints_about(feed) == []
        assert feed["feed_url"] == settings.SITE_URL + address


def test_json_feed_says_what_the_others_say(client):
    ada = make_author(name="Ada")
    story = make_article(
        headline="Headline",
        standfirst="In short.",
        authors=[ada],
        lead_image=make_image(credit="Photo: A. B.", alt="A hall"),
    )
    [item] = told(client, "/feed.json")["items"]
    assert item["id"] == story.guid
    assert item["authors"] == [{"name": "Ada", "url": settings.SITE_URL + ada.get_absolute_url()}]
    assert item["summary"] == "In short."
    assert "By Ada" in item["content_html"]
    assert item["_picture"]["credit"] == "Photo: A. B."
    assert item["_picture"]["width"] == 1280
    assert item["image"] == item["_picture"]["address"]


# What may not be passed on, and what is no more


@pytest.mark.parametrize("file", FILES)
def test_anothers_text_and_pictures_not_ours_to_give_stay_here(client, file):
    make_article(
        headline="Theirs",
        standfirst="",
        body="<p>Quokka words.</p>",
        lead_image=make_image(credit="Wombat"),
        authors=[make_author(name="Ada")],
        citations=[(make_organisation(), "republished from", "https://their.example/")],
    )
    inside = make_image(credit="Numbat", may_be_passed_on=False)
    make_article(
        headline="Ours",
        body=f'<p>Our words.</p><figure data-image="{inside.pk}"></figure>',
        lead_image=make_image(credit="Dunnart", may_be_passed_on=False),
    )
    words = get(client, f"/{file}").content.decode()
    for never in ("Quokka", "Wombat", "Numbat", "Dunnart", "/media/"):
        assert never not in words, never
    for there in ("Theirs", "Ours", "Our words.", "Ada"):
        assert there in words, there


@pytest.mark.parametrize("how", ["hidden", "withheld"])
@pytest.mark.parametrize("file", FILES)
def test_a_name_that_is_not_printed_is_in_no_feed(client, file, how):
    make_house(name="The House")
    person = make_author(name="Ann Zyzzyva", slug="zyzzyva")
    story = make_article(
        authors=[make_author(name="Bob"), person], lead_image=make_image(credit="Ann Zyzzyva")
    )
    assert "Zyzzyva" in get(client, f"/{file}").content.decode()
    if how == "hidden":
        people.hide(person, by=make_user("editor"))
    else:
        story.bylines.filter(author=person).update(withheld=True)
        story.lead_image.credit = ""
        story.lead_image.save()
    words = get(client, f"/{file}").content.decode()
    assert "zyzzyva" not in words.lower()
    assert "Bob" in words
    assert "The House" in words


def stones(client, address="/atom.xml"):
    feed = ET.fromstring(get(client, address).content)
    return [stone.attrib for stone in feed.iter(GONE)]


@pytest.mark.parametrize("status", ["pulled", "withdrawn", "retracted"])
def test_what_was_taken_down_leaves_a_stone_without_a_word(client, status):
    section = make_section(name="Energy")
    make_article(headline="Stays", section=section)
    story = make_article(headline="Quokka", status=status, section=section, tags=["Numbat"])
    for address in ("/atom.xml", "/sections/energy/atom.xml"):
        [stone] = stones(client, address)
        assert stone["ref"] == story.guid
        assert datetime.datetime.fromisoformat(stone["when"]) == story.down_at.replace(
            microsecond=0
        )
        assert "Quokka" not in get(client, address).content.decode()
    assert parsed(client, "/atom.xml").entries[0].title == "Stays"
    assert stones(client, "/ru/atom.xml") == []
    for file in ("rss.xml", "feed.json"):
        assert story.guid not in get(client, f"/{file}").content.decode()


def test_what_was_never_public_leaves_no_stone(client):
    later = timezone.now() + datetime.timedelta(hours=5)
    for status in ("draft", "in_review", "ready", "spiked", "scheduled"):
        make_article(status=status)
    early = make_article(status="scheduled", at=later)
    Article.objects.filter(pk=early.pk).update(status="pulled", down_at=timezone.now())
    assert stones(client) == []


def test_a_story_that_comes_back_is_an_entry_again(client):
    story = make_article(status="pulled")
    assert [stone["ref"] for stone in stones(client)] == [story.guid]
    publishing.release(story, by=chief())
    assert stones(client) == []
    assert [entry.id for entry in parsed(client, "/atom.xml").entries] == [story.guid]


def test_guids_of_older_systems_are_addresses_in_atom_and_tell_no_headline(client):
    kept, gone = make_article(), make_article(headline="Quokka seen", status="pulled")
    plain = make_article(status="pulled")
    Article.objects.filter(pk=kept.pk).update(guid="1234 at old paper")
    Article.objects.filter(pk=gone.pk).update(guid=f"https://old.example/{gone.slug}/")
    Article.objects.filter(pk=plain.pk).update(guid="https://old.example/?p=12")
    [entry] = parsed(client, "/atom.xml").entries
    assert re.fullmatch(r"tag:[^ ]+,2000:guid/1234%20at%20old%20paper", entry.id)
    assert [stone["ref"] for stone in stones(client)] == ["https://old.example/?p=12"]
    assert parsed(client, "/rss.xml").entries[0].id == "1234 at old paper"


# Where they are


def test_every_list_leads_to_its_feeds_in_each_format(client):
    person, agency = make_author(name="Ada"), make_organisation(name="Agency")
    make_article(
        authors=[person],
        organisations=[agency],
        regions=[make_region(name="Osh")],
        tags=["Water"],
        series=Series.objects.create(name="Ice"),
    )
    lists = {
        "/": "Newsroom",
        "/ru/": "Newsroom",
        "/authors/": "Newsroom",
        "/sections/politics/": "Politics | Newsroom",
        "/regions/osh/": "Osh | Newsroom",
        "/tags/water/": "Water | Newsroom",
        "/authors/ada/": "Ada | Newsroom",
        "/organisations/agency/": "Agency | Newsroom",
        "/series/ice/": "Ice | Newsroom",
        "/corrections/": "Corrections | Newsroom",
        "/ru/tags/water/": "Water | Newsroom",
    }
    for page, title in lists.items():
        html = get(client, page).content.decode()
        found = re.findall(
            r'<link rel="alternate" type="([^"]+)" title="([^"]+)" href="([^"]+)">', html
        )
        folder = page if page != "/authors/" else "/"
        assert [(kind, where) for kind, _, where in found] == [
            (TYPES[file], folder + file) for file in FILES
        ], page
        assert {name.rpartition(" (")[0] for _, name, _ in found} == {title}
        for kind, _, where in found:
            response = get(client, where)
            assert response.headers["Content-Type"] == f"{kind}; charset=utf-8"
            language = "ru" if page.startswith("/ru/") else "en"
            assert response.headers["Content-Language"] == language
    assert len(parsed(client, "/regions/osh/atom.xml").entries) == 1
    assert told(client, "/ru/feed.json")["items"] == []


def test_a_feed_of_a_region_has_what_lies_in_it(client):
    country = make_region(name="Kyrgyzstan", kind="country")
    make_article(headline="Inside", regions=[make_region(name="Naryn", parent=country)])
    make_article(headline="Elsewhere")
    for file in XML:
        found = parsed(client, f"/regions/kyrgyzstan/{file}").entries
        assert [entry.title for entry in found] == ["Inside"]
    assert [i["title"] for i in told(client, "/regions/kyrgyzstan/feed.json")["items"]] == [
        "Inside"
    ]
