import csv
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils.translation import override

from addresses.models import Miss, Redirect
from articles import publishing
from newsroom import redirect_checks, redirect_tables
from tests.factories import make_article, make_section, make_user

pytestmark = pytest.mark.django_db
LIST = "admin:addresses_redirect_changelist"


@pytest.fixture
def desk(client):
    client.force_login(make_user("administrator"))
    return client


def on_file():
    return {(r.path, r.query): r.target for r in Redirect.objects.all()}


def bring(desk, text, *, encoding="utf-8", confirm=True):
    """Brings a table in as people do; returns the page that shows what would change."""
    data = text if isinstance(text, bytes) else text.encode(encoding)
    file = SimpleUploadedFile("table.csv", data, content_type="text/csv")
    page = desk.post(reverse("admin:addresses_redirect_bring"), {"table": file})
    assert page.status_code == 200
    if confirm and page.context.get("token"):
        answer = desk.post(
            reverse("admin:addresses_redirect_bring"), {"token": page.context["token"]}, follow=True
        )
        assert answer.status_code == 200
    return page


# Tables


def test_a_table_goes_out_and_comes_in_again_the_same(desk):
    Redirect.objects.create(path="/жаз/", target="/x/", hits=7)
    Redirect.objects.create(path="/", query="p=1", target="")
    Redirect.objects.create(path="/old/", query="-1=x", target="/y/?a=1")
    before = on_file()
    data = b"".join(desk.get(reverse("admin:addresses_redirect_table")).streaming_content)
    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))
    assert rows[0] == ["old address", "with the query", "leads to", "followed", "last followed"]
    assert ["/old/", "'-1=x", "/y/?a=1", "0", ""] in rows
    assert "3 are on file so already" in bring(desk, data).content.decode()
    Redirect.objects.all().delete()
    bring(desk, data)
    assert on_file() == before


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("/a/,/x/\n/b/?p=2,\n", "utf-8"),
        ("/a/;/x/\r\n/b/?p=2;\r\n", "utf-8-sig"),
        ("/a/\t/x/\n/b/?p=2\t\n", "utf-16"),
        ("source,target,regex,code\nhttps://old.example.org/a/,/x/,0,301\n/b/?p=2&utm_source=x,,0,410\n", "utf-8"),
        ("Старый адрес;с запросом;ведёт на\n/a/;;/x/\n/b/;p=2;\n", "utf-8-sig"),
        ('"/a/","/x/"\n\n"/b/?p=02",""\n', "utf-8"),
    ],
)  # fmt: skip
def test_tables_of_spreadsheets_and_plugins_are_read(desk, text, encoding):
    if "Старый" in text:
        with override("ru"):
            names = [
                str(Redirect._meta.get_field(n).verbose_name) for n in ("path", "query", "target")
            ]
        text = ";".join(names) + "\n" + text.partition("\n")[2]
    bring(desk, text, encoding=encoding)
    assert on_file() == {("/a/", ""): "/x/", ("/b/", "p=2"): ""}


def test_nothing_is_written_before_it_was_shown_and_then_all_of_it(desk):
    Redirect.objects.create(path="/a/", target="/x/")
    page = bring(desk, "/a/,/y/\n/b/,/z/\n", confirm=False)
    assert on_file() == {("/a/", ""): "/x/"}
    words = page.content.decode()
    assert "1 old address is new." in words
    assert "/a/ → /y/ (now: /x/)" in words
    desk.post(reverse("admin:addresses_redirect_bring"), {"token": page.context["token"]})
    assert on_file() == {("/a/", ""): "/y/", ("/b/", ""): "/z/"}
    again = desk.post(
        reverse("admin:addresses_redirect_bring"), {"token": page.context["token"]}, follow=True
    )
    assert "waited too long" in again.content.decode()


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("a/,/x/", "begins with a slash"),
        ("/old*,/x/", "no wildcards"),
        ("/a/,/a/", "cannot lead to itself"),
        ("/admin/x/,/x/", "begins with a slash"),
        ("/,/x/", "The home cannot lead elsewhere"),
        ("/a/,https://elsewhere.example.org/x/", "another site: elsewhere.example.org"),
        ("/a/,javascript:alert(1)", "no address of this site"),
        (f"/{'a' * 600}/,/x/", "too long"),
        ("/ok/,/y/", "stands in the file before"),
        ("/a/,/b/\n/b/,/a/", "leads back"),
    ],
)
def test_one_wrong_line_is_named_and_nothing_at_all_is_written(desk, line, why):
    page = bring(desk, f"old address,leads to\n/ok/,/x/\n{line}\n").content.decode()
    assert "so nothing is written" in page
    assert "Line 3: " in page
    assert line.split("\n")[0].replace(",", ", ", 1)[:100] in page
    assert why in page
    assert on_file() == {}


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "empty"),
        (b"\n\n", "empty"),
        ("/жаз/,/x/\n".encode("cp1251"), "Line 1 is not in UTF-8"),
        (b"/a/,b,/x/\n", "has to name the columns"),
        (b"one,two\n/a/,/x/\n", "has to name the columns"),
        (b"path,target\n" + b"x" * 200_000 + b",/x/\n", "no line of a table"),
    ],
)
def test_what_is_no_table_is_refused(desk, data, why):
    page = bring(desk, data).content.decode()
    assert why in page
    assert on_file() == {}


def test_chains_are_collapsed_through_the_table_and_what_is_on_file(desk):
    Redirect.objects.create(path="/c/", target="/d/")
    Redirect.objects.create(path="/before/", target="/a/")
    Miss.objects.create(path="/a/", first_on="2026-11-01", last_on="2026-11-02")
    bring(desk, "/a/,/b/\n/b/,/c/\n")
    assert set(on_file().values()) == {"/d/"}
    assert not Miss.objects.exists()


def test_what_another_wrote_in_the_meantime_is_shown_once_more(desk):
    page = bring(desk, "/a/,/b/\n", confirm=False)
    Redirect.objects.create(path="/b/", target="/a/")
    answer = desk.post(reverse("admin:addresses_redirect_bring"), {"token": page.context["token"]})
    assert "leads back" in answer.content.decode()
    assert on_file() == {("/b/", ""): "/a/"}


def test_a_table_waits_for_the_one_who_chose_it_alone(desk, client):
    page = bring(desk, "/a/,/b/\n", confirm=False)
    client.force_login(make_user("chief editor"))
    client.post(reverse("admin:addresses_redirect_bring"), {"token": page.context["token"]})
    assert on_file() == {}


@pytest.mark.parametrize("count", [1, 3])
def test_many_lines_cost_as_many_queries_as_one(django_assert_num_queries, count):
    rows, errors = redirect_tables.read("".join(f"/a{n}/,/x/\n" for n in range(count)).encode())
    assert errors == []
    with django_assert_num_queries(7):
        redirect_tables.write(rows)
    assert Redirect.objects.count() == count


@pytest.mark.long
def test_fifty_thousand_lines_come_in_and_one_more_does_not(desk):
    text = "".join(f"/old/{n}/,/new/{n}/\n" for n in range(50_000))
    bring(desk, text)
    assert Redirect.objects.count() == 50_000
    assert "50000 are on file so already" in bring(desk, text).content.decode()
    assert "more than 50000 lines" in bring(desk, f"{text}/one-more/,/x/\n").content.decode()
    assert desk.get(reverse("admin:addresses_redirect_check")).status_code == 200


# The list and the form


def test_several_are_deleted_and_put_back_with_their_counts(desk):
    rows = [
        Redirect.objects.create(path=f"/{n}/", target="/x/", hits=n, last_hit_on="2026-11-02")
        for n in range(3)
    ]
    data = {"action": "delete_several", "_selected_action": [rows[0].pk, rows[2].pk]}
    page = desk.post(reverse(LIST), data, follow=True).content.decode()
    assert "2 old addresses were deleted." in page
    assert list(on_file()) == [("/1/", "")]
    desk.post(reverse("admin:addresses_redirect_put_back"))
    assert Redirect.objects.get(path="/2/").hits == 2
    again = desk.post(reverse("admin:addresses_redirect_put_back"), follow=True)
    assert "nothing to put back" in again.content.decode()
    assert len(on_file()) == 3


def test_the_list_is_put_in_order_by_how_often_they_are_followed(desk):
    for number in range(3):
        Redirect.objects.create(path=f"/{number}/", target="/x/", hits=number)
    page = desk.get(f"{reverse(LIST)}?o=-4")
    assert [row.hits for row in page.context["cl"].result_list] == [2, 1, 0]
    page = desk.get(f"{reverse(LIST)}?followed=no")
    assert [row.hits for row in page.context["cl"].result_list] == [0]


def test_an_address_copied_from_a_browser_is_kept_as_it_is_asked_for(desk):
    address = make_article().get_absolute_url()
    copied = "/2014/%D0%B6%D0%B0%D0%B7/"
    desk.post(reverse("admin:addresses_redirect_add"), {"path": copied, "target": address})
    assert list(on_file()) == [("/2014/жаз/", "")]
    assert desk.get(copied)["Location"] == address
    desk.post(reverse("admin:addresses_redirect_add"), {"path": "/%00/", "target": address})
    desk.post(reverse("admin:addresses_redirect_add"), {"path": "/%2F/evil/", "target": address})
    assert ("/\0/", "") not in on_file()


def test_what_joomla_wrote_is_put_on_file_as_it_is_looked_for(desk):
    address = make_article().get_absolute_url()
    query = "option=com_content&catid=3&view=article&id=12:slug&Itemid=4"
    desk.post(
        reverse("admin:addresses_redirect_add"),
        {"path": "/index.php", "query": query, "target": address},
    )
    assert list(on_file()) == [("/", "id=12&option=com_content&view=article")]
    assert desk.get("/index.php?id=12&option=com_content")["Location"] == address
    page = desk.post(reverse("admin:addresses_redirect_add"), {"path": "/", "target": address})
    assert "The home cannot lead elsewhere" in page.content.decode()


# Whether they lead well


def test_circles_chains_dead_ends_and_shadowed_addresses_are_found(desk):
    live, pulled, gone = make_article(), make_article(), make_article()
    section = make_section(name="Power")
    publishing.pull(pulled, by=make_user("editor"), note="A call")
    publishing.withdraw(gone, by=make_user("chief editor"), reason="False")
    address = live.get_absolute_url()
    for path, target in {
        "/well/": address,
        "/list/": section.get_absolute_url(),
        "/away/": "https://elsewhere.example.org/",
        "/circle-1/": "/circle-2/",
        "/circle-2/": "/circle-1/",
        "/chain/": "/well/",
        "/nothing/": "/nobody/",
        "/pulled/": pulled.get_absolute_url(),
        "/withdrawn/": gone.get_absolute_url(),
        section.get_absolute_url(): "/list/",
        address: "/corrections/",
        "/for-good/": "",
    }.items():
        Redirect.objects.create(path=path, target=target)
    found = redirect_checks.check()
    paths = {kind: {row.path for row in rows} for kind, rows in found.rows.items()}
    assert paths["loop"] == {"/circle-1/", "/circle-2/", "/list/", section.get_absolute_url()}
    assert paths["chain"] == {"/chain/", "/well/"}
    assert {"/nothing/", "/pulled/"} <= paths["nothing"]
    assert paths["gone"] == {"/withdrawn/"}
    assert paths["shadowed"] == {address, section.get_absolute_url()}
    page = desk.get(reverse("admin:addresses_redirect_check")).content.decode()
    assert "They lead in a circle" in page
    desk.post(reverse("admin:addresses_redirect_check"))
    assert on_file()[("/chain/", "")] == "/corrections/"
    assert on_file()[("/circle-1/", "")] == "/circle-2/"


def test_where_all_is_well_that_is_said(desk):
    Redirect.objects.create(path="/well/", target=make_article().get_absolute_url())
    page = desk.get(reverse("admin:addresses_redirect_check")).content.decode()
    assert "All of them lead in one step" in page
