import pytest
from django.core.management import CommandError, call_command
from django.urls import path

from addresses import checking
from addresses.models import Redirect
from articles import publishing
from tests.factories import make_article, make_user

pytestmark = pytest.mark.django_db


def broken(request):
    raise LookupError("as views do at night")


urlpatterns = [path("broken/", broken)]
JOOMLA = "id=12&option=com_content&view=article"


@pytest.fixture
def check(tmp_path, capsys):
    def check(text, **options):
        path = tmp_path / "list.txt"
        path.write_text(text)
        code = 0
        try:
            call_command("check_addresses", str(path), verbosity=0, **options)
        except SystemExit as end:
            code = end.code
        return capsys.readouterr().out, code

    return check


def test_each_kind_of_answer_is_counted_and_all_is_well_without_a_404(check):
    address = make_article().get_absolute_url()
    Redirect.objects.create(path="/old/", target=address)
    Redirect.objects.create(path="/жаз/", target=address)
    Redirect.objects.create(path="/", query="p=3", target=address)
    Redirect.objects.create(path="/", query=JOOMLA, target=address)
    Redirect.objects.create(path="/gone/", target="")
    Redirect.objects.create(path="/away/", target="https://elsewhere.example.org/")
    out, code = check(f"""
# a comment
{address}
https://www.old.example.org/old/?utm_source=x#part
/old/amp/
/%D0%B6%D0%B0%D0%B7/
/жаз
http://old.example.org/?p=3
/index.php?Itemid=3&option=com_content&id=12:x&view=article
old.example.org
{address[:-1]}
/gone/
/away/
""")
    assert code == 0
    lines = [line.split() for line in out.strip().splitlines()]
    assert lines == [["2", "200"], ["8", "301"], ["1", "410"], ["0", "404"], ["11", "addresses"]]


def test_a_404_fails_also_behind_a_301_and_says_where(check, tmp_path):
    story = make_article()
    address = story.get_absolute_url()
    Redirect.objects.create(path="/old/", target=address)
    Redirect.objects.create(path="/one/", target="/two/")
    publishing.pull(story, by=make_user("editor"), note="A call")
    report = tmp_path / "report.txt"
    text = f"/old/\n/nothing/\n{address}\n/one/\n/?p=5\nnot an address\nmailto:x@example.org\n"
    out, code = check(text, report=str(report))
    assert code == 1
    assert "4  404" in out
    assert "2  no address" in out
    assert "404  /nothing/" in out
    assert "no address  line 6" in out
    assert report.read_text().splitlines()[1] == "404\t/nothing/"
    assert len(report.read_text().splitlines()) == 7


def test_a_sitemap_is_read_as_it_is(check):
    address = make_article().get_absolute_url()
    head = '<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
    urls = f"<url><loc> https://x.example.org{address}</loc><lastmod>2019</lastmod></url>" * 2
    out, code = check(f"{head}{urls}<url><loc>https://x.example.org/no/</loc></url></urlset>")
    assert code == 1
    assert "2  200" in out
    assert "404  /no/" in out


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("<urlset><url>", "not well-formed"),
        ('<!DOCTYPE x [<!ENTITY a "b">]><urlset><url><loc>&a;</loc></url></urlset>', "DOCTYPE"),
        ("<sitemapindex><sitemap><loc>https://x/a.xml</loc></sitemap></sitemapindex>", "other sitemaps"),
    ],
)  # fmt: skip
def test_what_is_no_sound_sitemap_is_refused(check, text, why):
    with pytest.raises(CommandError, match=why):
        check(text)


def test_a_file_that_is_not_there_and_a_report_that_cannot_be_written_are_told(check, tmp_path):
    with pytest.raises(CommandError, match="No such file"):
        call_command("check_addresses", str(tmp_path / "none"))
    with pytest.raises(CommandError, match="No such file"):
        check("/\n", report=str(tmp_path / "none" / "report"))


def test_a_page_that_breaks_is_told(check, settings):
    settings.ROOT_URLCONF = __name__
    out, code = check("/broken/\n")
    assert code == 1
    assert "1  500" in out
    assert "500  /broken/" in out


def test_addresses_of_one_page_ask_it_once(django_assert_max_num_queries):
    address = make_article().get_absolute_url()
    numbers = range(20)
    Redirect.objects.bulk_create(
        Redirect(path="/", query=f"p={number}", target=address) for number in numbers
    )
    walk = checking.Walk()
    assert walk.result(address).first == 200
    with django_assert_max_num_queries(20):
        for number in numbers:
            assert walk.result(f"/?p={number}") == (301, 200, address)


def test_a_number_in_whose_place_the_home_answers_fails(check, tmp_path):
    report = tmp_path / "report.txt"
    out, code = check("/\n/?utm_source=x\n/?p=77\n", report=str(report))
    assert code == 1
    assert "only the home  /?p=77" in out
    assert report.read_text() == "200\t/\n200\t/?utm_source=x\n200\t/?p=77\t\tonly the home\n"
