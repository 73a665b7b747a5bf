import pytest
from django.urls import reverse

from addresses.models import Miss, Redirect
from articles import publishing
from newsroom.misses import suggestions
from tests.factories import make_article, make_author, make_section, make_user

pytestmark = pytest.mark.django_db
LIST = "admin:addresses_miss_changelist"


@pytest.fixture
def desk(client):
    client.force_login(make_user("administrator"))
    return client


def make_miss(path, query="", **fields):
    return Miss.objects.create(
        path=path, query=query, first_on="2026-11-01", last_on="2026-11-02", **fields
    )


def suggested(path):
    miss = make_miss(path)
    found = suggestions([miss]).get(miss.pk)
    return found and (found.address, found.is_sure)


def test_the_same_slug_elsewhere_is_suggested(desk):
    story = make_article(headline="Snow in Osh stops the trains")
    section = make_section(name="Power")
    there = story.get_absolute_url(), True
    assert suggested("/news/snow-in-osh-stops-the-trains/") == there
    assert suggested("/index.php/asia/77-snow-in-osh-stops-the-trains.html") == there
    assert suggested("/Snow-In-Osh-Stops-The-Trains/amp/") == there
    assert suggested("/rubric/power/feed/") == (section.get_absolute_url(), True)
    assert suggested("/news/snow-in-osh-stopped-the-trains/") == (story.get_absolute_url(), False)
    assert suggested("/news/snow-in-bishkek/") is None
    assert suggested("/1/") is None


def test_nothing_that_is_not_public_is_suggested(desk):
    draft = make_article(headline="A secret plan of theirs", status="draft", tags=["Secret"])
    pulled = make_article(headline="Another secret plan")
    publishing.pull(pulled, by=make_user("editor"), note="A call")
    author = make_author(name="Hidden Person")
    for path in (
        f"/news/{draft.slug or 'a-secret-plan-of-theirs'}/",
        f"/news/{pulled.slug}/",
        "/tag/secret/",
        f"/author/{author.slug}/",
    ):
        make_miss(path)
    assert suggestions(list(Miss.objects.all())) == {}
    page = desk.get(reverse(LIST)).content.decode()
    assert "Another secret plan" not in page


def test_one_press_leads_an_address_there_and_takes_it_off_the_list(desk):
    story = make_article(headline="Snow in Osh")
    miss, other = make_miss("/news/snow-in-osh/", times=7), make_miss("/x/")
    page = desk.get(reverse(LIST)).content.decode()
    assert "Lead there" in page
    desk.post(reverse(LIST), {"_lead": miss.pk})
    assert desk.get("/news/snow-in-osh/")["Location"] == story.get_absolute_url()
    assert list(Miss.objects.all()) == [other]
    desk.post(reverse(LIST), {"_lead": "9" * 30})
    desk.post(reverse(LIST), {"_lead": other.pk})
    assert Redirect.objects.count() == 1
    desk.post(reverse(LIST), {"_ignore": other.pk})
    assert "/x/" not in desk.get(reverse(LIST)).content.decode()
    assert "/x/" in desk.get(f"{reverse(LIST)}?ignored=yes").content.decode()


def test_several_are_led_or_ignored_at_once(desk):
    make_article(headline="Snow in Osh")
    ones = [make_miss("/a/snow-in-osh/"), make_miss("/b/snow-in-osh/"), make_miss("/nothing/")]
    data = {"action": "lead", "_selected_action": [one.pk for one in ones]}
    page = desk.post(reverse(LIST), data, follow=True).content.decode()
    assert "2 addresses lead to pages now." in page
    assert "For 1 address nothing is suggested." in page
    assert Redirect.objects.count() == 2
    data = {"action": "ignore", "_selected_action": [ones[2].pk]}
    assert "1 address is ignored." in desk.post(reverse(LIST), data, follow=True).content.decode()


def test_where_it_leads_elsewhere_the_form_is_filled_in_and_saving_takes_it_off(desk):
    make_miss("/", "p=77")
    add = f"{reverse('admin:addresses_redirect_add')}?path=%2F&query=p%3D77"
    assert add.replace("&", "&amp;") in desk.get(reverse(LIST)).content.decode()
    assert 'value="p=77"' in desk.get(add).content.decode()
    desk.post(
        reverse("admin:addresses_redirect_add"),
        {"path": "/", "query": "p=77", "target": "/corrections/"},
    )
    assert not Miss.objects.exists()


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_as_many_queries_with_three_as_with_one(
    desk, django_assert_num_queries, count
):
    make_article(headline="Snow in Osh", tags=["Water"])
    for number in range(count):
        make_miss(f"/{number}/snow-in-osh/")
        make_miss(f"/{number}/water-{number}-x/")
    desk.get(reverse(LIST))
    with django_assert_num_queries(15):
        desk.get(reverse(LIST))
