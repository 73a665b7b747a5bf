import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from addresses import older
from addresses.models import Redirect, find, find_each
from articles import publishing
from tests.factories import make_article, make_section, make_user

pytestmark = pytest.mark.django_db
JOOMLA = "id=12&option=com_content&view=article"


def led(client, address, **headers):
    answer = client.get(address, **headers)
    return answer.get("Location") if answer.status_code == 301 else answer.status_code


@pytest.mark.parametrize(
    "asked",
    [
        "/index.php?option=com_content&view=article&id=12:spring&catid=3&Itemid=40",
        "/?Itemid=40&id=12&view=article&catid=3:news&option=com_content&lang=en",
        "/index.php?option=com_content&task=view&id=12&Itemid=26",
        "/en/?option=com_content&view=article&id=12",
        "/content/view/12/34/",
        "/index.php/component/content/article/3-news/12-spring",
        "/index.php/news/12-spring",
        "/index.php/news/12-an-older-headline",
        "/index.php/en/politics/asia/12-spring.html",
        "/news/12-spring.html",
        "/en/news/12-Spring",
        "/news/12-spring/?tmpl=component&print=1",
    ],
)
def test_what_joomla_wrote_in_any_order_and_below_any_menu_leads_to_the_story(client, asked):
    address = make_article(headline="Spring").get_absolute_url()
    Redirect.objects.create(path="/", query=JOOMLA, target=address)
    Redirect.objects.create(path="/12-spring", target=address)
    assert led(client, asked) == address


@pytest.mark.parametrize(
    "asked",
    [
        "/index.php?option=com_content&view=article&id=13",
        "/index.php?option=com_content&view=category&id=12",
        "/index.php?option=com_weblinks&view=weblink&id=12",
        "/news/12-reasons-to-stay/",
        "/index.php/2019/05/04/12-reasons/",
        "/index.php/2019/05/12/",
        "/index.php/a-story/12/",
    ],
)
def test_a_number_alone_or_of_something_else_leads_to_no_unrelated_story(client, asked):
    address = make_article(headline="Spring").get_absolute_url()
    Redirect.objects.create(path="/", query=JOOMLA, target=address)
    Redirect.objects.create(path="/12-spring", target=address)
    assert led(client, asked) != address


@pytest.mark.parametrize(
    "ending",
    ["amp/", "amp", "feed/", "feed/rss2/", "2/", "comment-page-3/", "embed/", "?amp=1", "?lang=en"],
)
def test_another_dress_of_a_story_leads_to_it_whether_its_address_stayed_or_changed(client, ending):
    story = make_article(headline="Spring 2019")
    address = story.get_absolute_url()
    Redirect.objects.create(path="/news/spring/", target=address)
    assert led(client, f"/news/spring/{ending}") == address
    if "?" not in ending:
        assert led(client, f"{address}{ending}") == address
    assert led(client, f"/index.php{address}{ending}") == address
    assert led(client, f"/index.php{address[:-1]}") == address


def test_escapes_in_any_case_escaped_twice_or_not_at_all_are_one_address(client):
    address = make_article().get_absolute_url()
    Redirect.objects.create(path="/2014/05/жаз/", target=address)
    once = "/2014/05/%D0%B6%D0%B0%D0%B7/"
    twice = once.replace("%", "%25")
    for asked in (once, once.lower(), twice, twice.lower(), once[:-1], once.upper()):
        assert led(client, asked) == address, asked


def test_numbers_and_names_are_known_among_whatever_else_was_asked(client):
    make_article(section=make_section(name="Politics"))
    for query in ("cat=3", "author=4", "tag=snow", "attachment_id=8", "page_id=9"):
        Redirect.objects.create(path="/", query=query, target="/sections/politics/")
    for asked in (
        "/?cat=3",
        "/?utm_source=x&cat=3&fbclid=7",
        "/?cat=003",
        "/index.php?author=4",
        "/?tag=Snow",
        "/?attachment_id=8&x",
        "/ru/?page_id=9",
    ):
        assert led(client, asked) == "/sections/politics/", asked
    assert led(client, "/?cat=3&feed=atom") == "/sections/politics/atom.xml"
    assert led(client, "/?cat=4") == 200


def test_feeds_and_later_pages_of_lists_lead_to_the_feed_and_the_list(client):
    make_article(section=make_section(name="Politics"))
    Redirect.objects.create(path="/category/politics/", target="/sections/politics/")
    for asked, target in {
        "/category/politics/feed/": "/sections/politics/rss.xml",
        "/category/politics/feed/atom/": "/sections/politics/atom.xml",
        "/category/politics/?feed=rss2": "/sections/politics/rss.xml",
        "/category/politics/page/3/": "/sections/politics/",
        "/category/politics/page/3/feed/": "/sections/politics/rss.xml",
        "/feed/": "/rss.xml",
        "/feed": "/rss.xml",
        "/feed/rss2/": "/rss.xml",
        "/feed/atom/": "/atom.xml",
        "/?feed=rss2": "/rss.xml",
        "/?format=feed&type=atom": "/atom.xml",
        "/index.php?format=feed&type=rss": "/rss.xml",
        "/ru/feed/": "/ru/rss.xml",
        "/page/2/": "/",
        "/index.php": "/",
        "/?lang=ru": "/ru/",
    }.items():
        assert led(client, asked) == target, asked
    assert led(client, "/category/unknown/feed/") == 404


def test_a_month_by_its_number_leads_to_the_archive(client):
    story = make_article()
    month = f"{story.address_date:%Y/%m}"
    assert led(client, f"/?m={month.replace('/', '')}") == f"/{month}/"


def test_a_story_in_another_language_is_found_by_the_parameter(client):
    story = make_article(language="ru")
    address = story.get_absolute_url()
    assert led(client, f"{address.removeprefix('/ru')}?lang=ru&x=1") == address


def test_no_dress_of_what_is_not_public_is_told(client):
    story = make_article(headline="Spring")
    address = story.get_absolute_url()
    Redirect.objects.create(path="/news/spring/", target=address)
    Redirect.objects.create(path="/", query=JOOMLA, target=address)
    publishing.pull(story, by=make_user("editor"), note="A call")
    for asked in ("/news/spring/amp/", f"{address}2/", f"/index.php{address}", f"/?{JOOMLA}"):
        assert led(client, asked) == 404, asked


@pytest.mark.parametrize(
    "query",
    ["p=%00", "&".join(f"a{n}=1" for n in range(200)), "p=" + "9" * 400, "option=com_content&id=%FF",
     "lang=%D1%80", "p=１２", "tag=", "feed[]=x", "=&=", "p=12;cat=3", "option[]=com_content"],
)  # fmt: skip
def test_no_query_breaks_anything(client, query):
    for path in ("/", "/nothing/", "/index.php"):
        assert led(client, f"{path}?{query}") in {200, 404, "/"}


def test_a_page_that_stands_is_not_looked_for_among_old_addresses(client):
    story = make_article(section=make_section(name="Politics"))
    for asked in (story.get_absolute_url(), "/?utm_source=x", "/search/?tag=x&author=y&q=z"):
        with CaptureQueriesContext(connection) as queries:
            assert client.get(asked).status_code == 200
        assert not [q for q in queries if "addresses_redirect" in q["sql"]]


@pytest.mark.parametrize("rows", [1, 3])
def test_one_look_finds_whatever_is_meant(django_assert_num_queries, rows):
    for number in range(rows):
        Redirect.objects.create(path="/", query=f"p={number}", target="/x/")
    with django_assert_num_queries(1):
        assert find("/index.php/ru/", "p=0&lang=ru&x=1").target == "/x/"
    pairs = [("/", f"p={number}&x=1") for number in range(rows)]
    with django_assert_num_queries(1):
        assert {row.target for row in find_each([*pairs, ("/a", "")]).values() if row} == {"/x/"}


def test_what_is_meant_is_bounded():
    path = "/index.php/" + "a%2525/" * 60 + "12-x/page/2/page/2/page/2/page/2/feed/"
    assert len(older.meant(path, "p=1&cat=3&option=com_content&id=4&view=article&lang=ru")) < 60
