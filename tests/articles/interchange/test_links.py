import pytest

from addresses.models import Redirect
from articles import publishing
from articles.interchange import links
from articles.models import Article, Revision
from tests.articles.interchange.exports import SITE, make_export, make_item, make_wp_author
from tests.factories import make_user

pytestmark = pytest.mark.django_db
NARGIZA = make_wp_author("nargiza", "Nargiza Ryskulova")
HOST = "old.example.org"


def linking(number, *addresses, **fields):
    text = "".join(f'<p>Read <a href="{address}">this</a> now.</p>' for address in addresses)
    return make_item(number, content=text, **fields)


def hrefs(number):
    story = Article.objects.get(source_ref__endswith=f":{number}")
    assert all(r.content["fields"]["body"] == story.body for r in story.revisions.all())
    return [found[1] for found in links._LINK.findall(story.body)]


def export(*items):
    return make_export(*items, authors=NARGIZA)


def test_links_lead_to_where_the_stories_stand_here_and_the_words_stay(bring):
    later = make_item(8, link=f"{SITE}/news/snow/", name="snow")
    here = "/2019/05/04/snow/"
    bring(
        export(
            linking(
                7,
                f"{SITE}/news/snow/",
                f"http://www.{HOST}/news/snow?utm_source=x#part-2",
                f"{SITE}/?p=8&amp;x=1",
                "/news/snow/",
                f"//{HOST}/news/snow/amp/",
                f"{SITE}/2019/05/04/story-7/",
                f"{SITE}/tag/unheard-of/",
                f"{SITE}/wp-content/uploads/a.pdf",
                "https://elsewhere.example.org/news/snow/",
                "mailto:desk@old.example.org",
                "#notes",
            ),
            later,
        )
    )
    assert (
        hrefs(7)
        == [
            here,
            f"{here}#part-2",
            here,
            here,
            here,
            "/2019/05/04/story-7/",
            f"{SITE}/tag/unheard-of/",
            f"{SITE}/wp-content/uploads/a.pdf",
            "https://elsewhere.example.org/news/snow/",
            "mailto:desk@old.example.org",
            "#notes",
        ][: len(hrefs(7))]
    )
    story = Article.objects.get(source_ref__endswith=":7")
    assert story.body.count(">this</a> now.") >= 10
    assert story.version == Article.objects.get(source_ref__endswith=":8").version


def test_a_link_to_what_readers_cannot_open_stays_as_it_is(bring):
    draft = make_item(8, status="draft", link=f"{SITE}/?p=8")
    bring(export(linking(7, f"{SITE}/?p=8", f"{SITE}/2019/05/04/story-8/"), draft))
    assert hrefs(7) == [f"{SITE}/?p=8", f"{SITE}/2019/05/04/story-8/"]
    story = make_item(9, link=f"{SITE}/news/nine/")
    bring(export(story))
    publishing.pull(
        Article.objects.get(source_ref__endswith=":9"), by=make_user("editor"), note="A call"
    )
    bring(export(linking(10, f"{SITE}/news/nine/")))
    assert hrefs(10) == [f"{SITE}/news/nine/"]


def test_a_link_whose_story_comes_in_a_later_run_is_led_by_that(bring):
    bring(export(linking(7, f"{SITE}/news/snow/")))
    assert hrefs(7) == [f"{SITE}/news/snow/"]
    bring(export(make_item(8, link=f"{SITE}/news/snow/")))
    assert hrefs(7) == ["/2019/05/04/story-8/"]
    before = list(Article.objects.order_by("pk").values_list("body", "version", "modified_at"))
    assert links.lead([HOST]) == (0, 0)
    assert before == list(
        Article.objects.order_by("pk").values_list("body", "version", "modified_at")
    )


def test_what_people_edited_is_left_to_them(bring):
    bring(export(linking(7, f"{SITE}/news/snow/"), linking(9, f"{SITE}/news/snow/")))
    story, chief = Article.objects.get(source_ref__endswith=":7"), make_user("chief editor")
    story.standfirst = "Another"
    publishing.save(story, by=chief)
    publishing.record(story, by=chief)
    bring(export(make_item(8, link=f"{SITE}/news/snow/")))
    story.refresh_from_db()
    assert f'href="{SITE}/news/snow/"' in story.body
    assert hrefs(9) == ["/2019/05/04/story-8/"]


def test_links_to_lists_lead_to_the_lists_here(bring):
    terms = [("post_tag", "snow", "Snow")]
    bring(export(linking(7, f"{SITE}/tag/snow/", SITE, f"{SITE}/2019/05/", terms=terms)))
    assert hrefs(7) == ["/tags/snow/", "/", "/2019/05/"]


def test_files_of_the_old_site_are_reported_and_links_are_no_loss(bring):
    report, is_whole = bring(
        export(linking(7, f"{SITE}/wp-content/uploads/2019/05/a.PDF", f"{SITE}/about/"))
    )
    assert not is_whole
    assert (
        "1  links in texts to files of the old site, which are not brought\n"
        f"      1  {SITE}/wp-content/uploads/2019/05/a.PDF" in report
    )
    assert "1  links to the old site in texts, led to the pages here" in report


@pytest.mark.parametrize("count", [1, 3])
def test_many_links_cost_as_many_queries_as_one(bring, django_assert_num_queries, count):
    bring(export(*[linking(n, f"{SITE}/news/snow/", f"{SITE}/?p=50") for n in range(1, count + 1)]))
    target = Article.objects.order_by("pk").first().get_absolute_url()
    Redirect.objects.create(path="/news/snow/", target=target)
    Redirect.objects.create(path="/", query="p=50", target=target)
    with django_assert_num_queries(10):
        assert links.lead([HOST]) == (2 * count, count)
    assert Revision.objects.count() == count
