import pytest
from django.urls import reverse

from articles import doubts, quarantine
from articles.interchange.attribution import Hint
from articles.models import Doubt, Finding
from prose import spam
from tests.factories import make_article, make_author, make_organisation, make_user

pytestmark = pytest.mark.django_db
DOUBTS = "/admin/articles/article/doubts/"
FINDINGS = "/admin/articles/article/findings/"
BODY = "<p>Snow fell.</p><p>By Sergey Kwan</p>"
HINT = Hint("by-line", "By Sergey Kwan", ["Sergey Kwan"])
SOURCE = Hint("source", "Source: 24.kg", ["24.kg"], True, "author", "based on", "https://24.kg/7")


def doubt(hint=HINT, **fields):
    story = make_article(body=BODY, authors=[make_author(name="Site Admin")], **fields)
    doubts.raise_doubts(story, [hint], account="admin")
    return story.doubts.get()


def finding(cut="<div hidden>Pills &amp; <b>more</b></div>"):
    story = make_article()
    quarantine.keep(story, {"body": spam.look(f"<p>First words.</p>{cut}")})
    return story.findings.get()


@pytest.fixture
def editor(client):
    user = make_user("editor")
    client.force_login(user)
    return user


def fields(row, **changed):
    number = row.pk
    form = {
        "seen": f"{number}:{row.article.version}",
        f"names-{number}": "; ".join(row.names),
        f"kind-{number}": "organisation" if row.is_organisation else "person",
        f"role-{number}": row.role,
    }
    if row.relation:
        form |= {f"relation-{number}": row.relation, f"url-{number}": row.url}
    return form | changed


def text(response):
    return " ".join(response.content.decode().split())


def credits(row):
    return [str(byline.author or byline.organisation) for byline in row.article.bylines.all()]


def test_a_row_says_what_is_credited_and_what_the_text_says_and_is_accepted_by_one_press(
    client, editor
):
    row = doubt()
    page = text(client.get(DOUBTS))
    for words in ("Credited: Site Admin", "By Sergey Kwan", "account admin", "Sergey Kwan is not on file and will be made.", "Take this line out"):  # fmt: skip
        assert words in page
    answer = client.post(DOUBTS, fields(row, one=row.pk), follow=True)
    assert "1 doubt is settled: the story says so now." in text(answer)
    assert credits(row) == ["Sergey Kwan"]
    assert "No story is in doubt." in text(answer)


def test_what_is_typed_counts_and_the_line_is_taken_out_where_it_is_ticked(client, editor):
    row = doubt()
    typed = {f"names-{row.pk}": "Ann Lee; Bo Chen", f"role-{row.pk}": "reporter", f"out-{row.pk}": "on"}  # fmt: skip
    client.post(DOUBTS, fields(row, one=row.pk, **typed))
    row.article.refresh_from_db()
    assert (credits(row), row.article.body) == (["Ann Lee", "Bo Chen"], "<p>Snow fell.</p>")
    assert {byline.role for byline in row.article.bylines.all()} == {"reporter"}


def test_the_ticked_and_a_whole_group_are_settled_together(client, editor):
    rows = [doubt() for _ in range(4)]
    form = {"chosen": [rows[0].pk, rows[1].pk], "accept": "1", "seen": []}
    for row in rows:
        form |= {k: v for k, v in fields(row).items() if k != "seen"}
        form["seen"].append(f"{row.pk}:{row.article.version}")
    client.post(DOUBTS, form)
    assert Doubt.objects.filter(state="accepted").count() == 2
    page = text(client.get(DOUBTS))
    assert "2 stories of the account <strong>admin</strong>" in page
    key = rows[0].key
    client.post(DOUBTS, {"group": key, "upto": rows[3].pk})
    assert {credits(row)[0] for row in rows} == {"Sergey Kwan"}


def test_the_account_is_right_and_undo(client, editor):
    row = doubt()
    client.post(DOUBTS, fields(row, right_one=row.pk))
    row.refresh_from_db()
    assert (row.state, credits(row)) == ("right", ["Site Admin"])
    page = text(client.get(f"{DOUBTS}?state=settled"))
    assert "right as it is" in page
    client.post(f"{DOUBTS}?state=settled", {"reopen": row.pk})
    row.refresh_from_db()
    assert row.state == "open"


def test_a_source_is_cited_with_what_is_typed_and_a_wrong_address_is_refused(client, editor):
    row = doubt(SOURCE)
    wrong = client.post(DOUBTS, fields(row, one=row.pk, **{f"url-{row.pk}": "javascript:alert(1)"}), follow=True)  # fmt: skip
    assert "This is no web address" in text(wrong)
    assert not row.article.citations.exists()
    client.post(DOUBTS, fields(row, one=row.pk, **{f"relation-{row.pk}": "republished from"}))
    citation = row.article.citations.get()
    assert (citation.organisation.name, citation.relation, citation.url) == ("24.kg", "republished from", "https://24.kg/7")  # fmt: skip


def test_forged_and_broken_forms_do_nothing(client, editor):
    row = doubt()
    for data in (
        {},
        {"one": "x"},
        {"one": "9" * 30},
        {"one": row.pk},
        {"accept": "1", "chosen": [row.pk], "seen": f"{row.pk}:99"},
        {"accept": "1", "chosen": [row.pk], "seen": "x:y", f"names-{row.pk}": "A B"},
        {"group": "none", "upto": "x"},
        {"group": row.key},
        {"reopen": "x"},
        {"reopen": row.pk},
    ):
        assert client.post(DOUBTS, data).status_code == 302
    for query in ("?account=%00", "?pattern=x", "?state=x&account=nobody", "?pattern=%00"):
        assert client.get(DOUBTS + query).status_code == 200
        assert client.get(FINDINGS + query).status_code == 200
    assert credits(row) == ["Site Admin"]


def test_the_list_is_narrowed_by_account_and_by_what_the_text_has(client, editor):
    doubt(), doubt(SOURCE, headline="Sourced")
    assert "Sourced" in text(client.get(f"{DOUBTS}?pattern=source"))
    assert "Sourced" not in text(client.get(f"{DOUBTS}?pattern=by-line"))
    assert "No story fits." in text(client.get(f"{DOUBTS}?account=nobody"))


def test_a_finding_is_shown_as_it_stands_and_never_as_html(client, editor):
    row = finding()
    page = client.get(FINDINGS).content.decode()
    assert "&lt;div hidden&gt;Pills &amp;amp; &lt;b&gt;more&lt;/b&gt;&lt;/div&gt;" in page
    assert "… First words." in page
    seen = {"back_one": row.pk, "seen": f"{row.pk}:{row.article.version}"}
    assert "1 finding is back in its story." in text(client.post(FINDINGS, seen, follow=True))
    row.article.refresh_from_db()
    assert "<p>Pills &amp; <strong>more</strong></p>" in row.article.body
    client.post(f"{FINDINGS}?state=settled", {"reopen": row.pk})
    row.article.refresh_from_db()
    assert "Pills" not in row.article.body
    client.post(FINDINGS, {"confirm": "1", "chosen": [row.pk]})
    row.refresh_from_db()
    assert row.state == "confirmed"


def test_what_was_cut_is_confirmed_all_at_once_and_no_newer_one_with_it(client, editor):
    rows = [finding() for _ in range(3)]
    client.post(FINDINGS, {"all": "1", "upto": rows[1].pk})
    assert list(Finding.objects.filter(state="open")) == [rows[2]]


def test_the_front_page_of_the_desk_counts_both_and_leads_there(client, editor):
    assert "To be decided" not in text(client.get("/admin/"))
    doubt(), doubt(), finding()
    page = text(client.get("/admin/"))
    assert f'<a href="{DOUBTS}">2 imported stories may be another' in page
    assert f'<a href="{FINDINGS}">1 thing in our texts' in page
    client.force_login(make_user("reporter"))
    assert "To be decided" not in text(client.get("/admin/"))


@pytest.mark.parametrize("number", [1, 3])
def test_the_pages_cost_the_same_with_one_row_and_with_three(
    client, editor, number, django_assert_num_queries
):
    for n in range(number + 1):
        doubt(), doubt(SOURCE), finding()
        make_organisation(name=f"24.kg {n}", aliases=["24.kg"])
    for address, queries in ((DOUBTS, 14), (FINDINGS, 7), (f"{DOUBTS}?state=settled", 8)):
        client.get(address)
        with django_assert_num_queries(queries):
            assert client.get(address).status_code == 200


def test_both_pages_are_the_editors(client):
    assert reverse("admin:articles_article_doubts") == DOUBTS
    for role, status in (("reporter", 403), ("administrator", 403), ("editor", 200)):
        client.force_login(make_user(role))
        assert {client.get(address).status_code for address in (DOUBTS, FINDINGS)} == {status}
