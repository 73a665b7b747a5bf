"""People of an import: what is said of them, whose stories are whose, and what must stay private."""

import json
import re
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection

from articles import doubts, quarantine
from articles.interchange import accounts
from articles.models import Article, Citation, Doubt, Finding, Region
from authors.models import Author, Organisation
from newsroom.models import Page
from tests.articles.interchange.exports import SITE, make_export, make_item, make_wp_author
from tests.factories import make_author, make_house, make_organisation, make_region, make_user

pytestmark = pytest.mark.django_db


def guest(number, name, login, *, content="", **meta):
    rows = {"cap-display_name": name, "cap-user_login": login, "cap-user_email": f"{login}@secret.example.org"}  # fmt: skip
    rows |= {f"cap-{key}": value for key, value in meta.items()}
    return make_item(number, name, type="guest-author", name=f"cap-{login}", content=content, meta=list(rows.items()))  # fmt: skip


def credited(login, words=None):
    return ("author", f"cap-{login}", words or login)


def database():
    """All words in the database and in the names and the bytes of the files."""
    found = []
    with connection.cursor() as cursor:
        for model in apps.get_models(include_auto_created=True):
            cursor.execute(f'SELECT * FROM "{model._meta.db_table}"')
            found += [str(row) for row in cursor.fetchall()]
    for path in Path(settings.MEDIA_ROOT).rglob("*"):
        found.append(str(path))
        if path.is_file():
            found.append(path.read_bytes().decode("latin-1"))
    return "\n".join(found)


# What is said of them


def test_a_guest_comes_with_biography_website_and_job_title(bring):
    bring(
        make_export(
            guest(90, "Aida Bekova", "aida", description="Aida covers <b>water</b>.\n\nSince 2010.", website="https://aida.example.org/", job_title="Reporter"),
            make_item(1, terms=[credited("aida")]),
        )
    )  # fmt: skip
    person = Author.objects.get()
    assert (person.name, person.slug) == ("Aida Bekova", "aida-bekova")
    assert person.biography == "<p>Aida covers <strong>water</strong>.</p>\n<p>Since 2010.</p>"
    assert person.short_bio == "Aida covers water. Since 2010."
    assert person.job_title == "Reporter"
    assert person.links == [{"label": "aida.example.org", "url": "https://aida.example.org/"}]


def test_an_author_with_a_description_comes_with_it(bring):
    author = make_wp_author("aida", "Aida Bekova").replace("</wp:author>", "<wp:author_description>Aida covers water.</wp:author_description></wp:author>")  # fmt: skip
    bring(make_export(make_item(1, creator="aida"), authors=author))
    assert Author.objects.get().short_bio == "Aida covers water."


def test_what_was_written_here_stays_and_a_second_run_brings_nothing_back(bring):
    here = make_author(name="Aida Bekova", biographies={"ru": "<p>Аида.</p>"}, job_title="Editor")
    export = make_export(
        guest(90, "Aida Bekova", "aida", description="Another text.", job_title="Reporter"),
        make_item(1, terms=[credited("aida")]),
    )
    report, _ = bring(export)
    here.refresh_from_db()
    assert (here.biography, here.short_bio, here.job_title) == ("", "", "Editor")
    assert "biographies of people that stand here already" in report
    Author.objects.update(biographies={})
    bring(export)
    assert Author.objects.get().biography == ""


def test_two_of_one_name_in_the_file_are_credited_as_one_without_a_biography(bring):
    bring(
        make_export(
            guest(90, "Aida Bekova", "aida", description="She writes."),
            guest(91, "Aida Bekova", "aida2", description="She paints."),
            make_item(1, terms=[credited("aida")]),
            make_item(2, terms=[credited("aida2")]),
        )
    )
    person = Author.objects.get()
    assert (person.name, person.biography) == ("Aida Bekova", "")


def test_two_of_one_name_here_are_not_guessed_between_and_nobodys_biography_is_touched(bring):
    make_house()
    for _ in range(2):
        make_author(name="Aida Bekova")
    report, _ = bring(
        make_export(
            guest(90, "Aida Bekova", "aida", description="She writes."),
            make_item(1, terms=[credited("aida")]),
        )
    )
    assert "several are called Aida Bekova" in report
    assert set(Author.objects.values_list("biography", flat=True)) == {""}
    assert Article.objects.get().bylines.get().organisation.is_house


def test_a_biography_with_spam_in_it_is_not_taken(bring):
    report, _ = bring(
        make_export(
            guest(90, "Aida Bekova", "aida", content='<p>Aida.</p><div style="display:none">pills</div>'),
            make_item(1, terms=[credited("aida")]),
        )
    )  # fmt: skip
    assert Author.objects.get().biography == ""
    assert "biographies not taken, with spam in them" in report


def test_a_rehearsal_says_the_same_of_people_and_writes_nothing(bring):
    here = make_author(name="Aida Bekova", biography="<p>Ours.</p>")
    export = make_export(
        guest(90, "Aida Bekova", "aida", description="Theirs."),
        guest(91, "Bo Chen", "bo", content="<p>Bo.</p><div hidden>pills</div>"),
        make_item(1, terms=[credited("aida"), credited("bo")]),
    )
    dry, _ = bring(export, dry_run=True)
    assert list(Author.objects.all()) == [here]
    wet, _ = bring(export)
    assert dry.replace("would be brought", "was brought") == wet
    for words in ("biographies of people that stand here already", "biographies not taken"):
        assert words in wet


def test_a_story_by_the_login_of_a_guest_is_the_guests(bring):
    bring(
        make_export(
            guest(90, "Aida Bekova", "aida-guest", linked_account="editor7"),
            make_item(1, terms=[("author", "cap-aida-guest", "aida-guest")]),
            make_item(2, creator="editor7"),
            authors=make_wp_author("editor7", "editor7"),
        )
    )
    names = {byline.author.name for story in Article.objects.all() for byline in story.bylines.all()}  # fmt: skip
    assert names == {"Aida Bekova"}


# Names


@pytest.mark.parametrize(
    ("words", "login", "email", "can"),
    [
        ("Jo Smith", "jsmith", "jo@mail.example.org", True),
        ("Айгүл Т.", "aigul", "", True),
        ("Нургуль", "nurgul", "", True),
        ("jsmith", "jsmith", "", False),
        ("J.Smith", "j_smith", "", False),
        ("jo", "x12", "jo@mail.example.org", False),
        ("jo@mail.example.org", "x12", "", False),
        ("Jo <jo@mail.example.org>", "x12", "", False),
        ("https://jo.example.org", "x12", "", False),
        ("jo.smith", "jo.smith@mail.example.org", "", False),
        ("12345", "x12", "", False),
        ("<b></b>", "x12", "", False),
    ],
)
def test_a_login_or_a_mail_address_is_no_name(words, login, email, can):
    assert accounts.is_name(words, login, email) is can


def test_no_page_of_a_person_has_the_address_of_a_login_or_a_mail_address(bring):
    make_house()
    logins = ["admin", "jo@mail.example.org", "j.smith", "nurgul", "Мария"]
    authors = "".join(
        make_wp_author(login, name)
        for login, name in zip(logins, ["admin", "jo@mail.example.org", "jsmith", "Нургуль Ж.", "Мария Ли"], strict=True)
    )  # fmt: skip
    bring(
        make_export(
            *(make_item(number, creator=login) for number, login in enumerate(logins, 1)),
            authors=authors,
        )
    )
    assert sorted(Author.objects.values_list("name", flat=True)) == ["Мария Ли", "Нургуль Ж."]
    assert not {"admin", "j-smith", "jsmith", "nurgul"} & set(Author.objects.values_list("slug", flat=True))  # fmt: skip


def test_nothing_private_of_the_file_is_kept_said_or_shown(bring, tmp_path, client):
    secret = ["planted1@secret.example.org", "203.0.113.77", "hunter2secret", "planted2@secret.example.org", "198.51.100.9", "planted3@secret.example.org"]  # fmt: skip
    authors = (
        make_wp_author(secret[0], secret[0])
        .replace(f"{secret[0]}@mail.example.org", secret[0])
        .replace("</wp:author>", f"<wp:author_IP>{secret[1]}</wp:author_IP></wp:author>")
    )
    comments = (
        "<wp:comment><wp:comment_id>1</wp:comment_id><wp:comment_author>Reader</wp:comment_author>"
        f"<wp:comment_author_email>{secret[3]}</wp:comment_author_email>"
        f"<wp:comment_author_IP>{secret[4]}</wp:comment_author_IP></wp:comment></item>"
    )
    meta = [("cap-user_email", secret[5]), ("_edit_ip", secret[1]), ("billing_email", secret[5])]
    export = make_export(
        make_item(1, creator=secret[0], meta=meta).replace("</item>", comments),
        make_item(2, password=secret[2], creator=secret[0]).replace("</item>", comments),
        make_item(3, status="private", creator="ghost", meta=meta),
        guest(90, secret[5], "x9", user_email=secret[5]),
        make_item(4, terms=[credited("x9", secret[5])]),
        authors=authors,
    )
    names, report = tmp_path / "names.toml", tmp_path / "report.txt"
    with pytest.MonkeyPatch.context() as _:
        bring(export, dry_run=True, mapping=str(names))
    said, _ = bring(export, mapping=str(names), report=str(report))
    everything = database() + said + names.read_text() + report.read_text()
    for path in ("/", "/rss.xml", "/feed.json", "/sitemap.xml", *(a.get_absolute_url() for a in Article.objects.all() if a.is_live)):  # fmt: skip
        everything += client.get(path).content.decode()
    assert [word for word in secret if word in everything] == []
    assert not re.search(r"[\w.]+@secret", everything)


def test_a_mapping_that_names_a_mail_address_is_refused(bring, tmp_path):
    names = tmp_path / "names.toml"
    names.write_text('[creators]\n"nargiza" = { as = "person", to = "n@mail.example.org" }\n')
    with pytest.raises(CommandError, match="no name"):
        bring(make_export(make_item(1)), mapping=str(names))


# Whose a story is


def test_where_the_text_names_another_there_is_one_doubt_and_no_second_one(bring):
    make_house()
    export = make_export(
        *(make_item(n, content="Snow.\n\nMore.\n\nBy Sergey Kwan", creator="admin") for n in (1, 2)),
        make_item(3, content="Snow.\n\nMore.\n\nBy Ann Lee", creator="ann"),
        make_item(4, content="Snow.\n\nMore.\n\nBy A. Lee", creator="ann"),
        authors=make_wp_author("admin", "Site Editor") + make_wp_author("ann", "Ann Lee"),
    )  # fmt: skip
    report, is_whole = bring(export)
    assert is_whole
    assert "2  texts that name another than the account" in report
    assert [(d.names, d.account, d.words) for d in Doubt.objects.all()] == [(["Sergey Kwan"], "admin", "By Sergey Kwan")] * 2  # fmt: skip
    first, second = Doubt.objects.all()
    chief = make_user("chief editor")
    doubts.settle({first.pk: first.article.version}, by=chief, is_right=True)
    report, _ = bring(export)
    assert "another than the account" not in report
    assert Doubt.objects.count() == 2
    assert list(doubts.waiting(chief)) == [second]


def test_a_dry_run_says_the_same_and_raises_no_doubt(bring):
    make_house()
    export = make_export(make_item(1, content="Snow.\n\nBy Sergey Kwan\n\nSource: 24.kg"))
    dry, _ = bring(export, dry_run=True)
    assert not Doubt.objects.exists()
    wet, _ = bring(export)
    assert dry.replace("would be brought", "was brought") == wet
    assert Doubt.objects.count() == 2


# What strangers put there


def test_hidden_words_are_kept_apart_and_a_story_of_nothing_else_is_a_draft(bring, client):
    hidden = '<div style="position:absolute;left:-9999px">cheap zyzzyva pills</div>'
    export = make_export(
        make_item(1, content=f"<p>Snow fell.</p>{hidden}<p>It melted.</p>"),
        make_item(2, "Pills", content=hidden),
    )
    report, is_whole = bring(export)
    assert not is_whole
    assert "2  pieces cut out of texts as spam" in report
    assert "1  draft: nothing but spam" in report
    story = Article.objects.get(source_ref__endswith=":1")
    assert story.body == "<p>Snow fell.</p><p>It melted.</p>"
    assert Article.objects.get(source_ref__endswith=":2").status == "draft"
    finding = Finding.objects.get(article=story)
    assert (finding.kind, finding.cut, finding.is_cut) == ("hidden", hidden, True)
    page = client.get(story.get_absolute_url()).content.decode()
    assert "zyzzyva" not in page
    bring(export)
    assert Finding.objects.count() == 2


def test_hidden_words_beside_the_text_are_cut_too_and_shown_to_be_copied_by_hand(bring):
    hidden = '<span style="display:none">pills</span>'
    bring(make_export(make_item(1, f"Snow{hidden}", excerpt=f"It fell.{hidden}"), authors=make_wp_author("nargiza", "Nargiza R")))  # fmt: skip
    story = Article.objects.get()
    assert (story.headline, story.standfirst) == ("Snow", "It fell.")
    assert set(story.findings.values_list("place", flat=True)) == {"headline", "standfirst"}
    finding = story.findings.first()
    outcome = quarantine.put_back({finding.pk: story.version}, by=make_user("editor"))
    assert "beside the text" in outcome.left[0].why[0]


def test_a_page_and_a_line_of_json_are_looked_at_too(bring, tmp_path):
    hidden = "<div hidden>pills</div>"
    bring(make_export(make_item(1, "About", type="page", content=f"<p>We.</p>{hidden}")))
    page = Page.objects.exclude(source_ref=None).get()
    assert page.body == "<p>We.</p>"
    assert Finding.objects.get(thing="page").number == page.pk
    line = {"source_ref": "a:1", "headline": "Snow", "body": f"<p>Snow fell.</p>{hidden}", "language": "en"}  # fmt: skip
    path = tmp_path / "stories.jsonl"
    path.write_text(json.dumps(line))
    with pytest.raises(SystemExit):
        call_command("import_articles", str(path))
    assert Finding.objects.get(thing="story").cut == hidden
    assert Article.objects.get().body == "<p>Snow fell.</p>"


# The story that every decision is tested against

GOLDEN = """<style>.x9q{{display:none}}</style>
BISHKEK (TCA) — Officials in two countries said on Friday that nobody had asked them for soldiers.

There are no talks, the secretary of the Security Council told <a href="https://24.kg/x">24.kg</a> news agency.

A mechanism is worked on in the capital, a Turkish official said, RFE/RL reported. “We will be there,” the Hurriyet newspaper quoted him.

<div class="x9q"><a href="https://a.example/">best online casino</a> zyzzyva</div>
Sergey Kwan

Sergey Kwan has worked for The Times of Central Asia as a journalist, translator and editor since its foundation. He studied in Bishkek.

{spam}
View more articles from TCA
"""
OLD = f"{SITE}/index.php/news/18287-no-talks-about-soldiers"
FARM = '<p style="font-size:1px">' + " ".join(f'<a href="https://p{n}.example/">buy viagra online</a>' for n in range(5)) + "</p>"  # fmt: skip


def golden():
    return make_export(
        make_item(
            18287,
            "No talks about soldiers",
            content=GOLDEN.format(spam=FARM),
            creator="admin",
            link=OLD,
            name="no-talks-about-soldiers",
            guid=f"{SITE}/index.php?option=com_content&view=article&id=18287",
            date="2017-06-23 17:21:00",
            gmt="2017-06-23 11:21:00",
            meta=[("_fgj2wp_old_id", "18287")],
            terms=[
                ("category", "news", "News"),
                ("category", "kazakhstan", "Kazakhstan"),
                ("category", "kyrgyzstan", "Kyrgyzstan"),
            ],
        ),
        authors=make_wp_author("admin", "admin"),
    )


def test_the_golden_story_arrives_with_all_that_belongs_to_it_and_nothing_else(bring, client):
    house = make_house(name="The Times of Central Asia", short_name="TCA")
    agencies = [make_organisation(name="24.kg"), make_organisation(name="RFE/RL"), make_organisation(name="Hurriyet")]  # fmt: skip
    for name in ("Kazakhstan", "Kyrgyzstan"):
        make_region(name=name, kind="country")
    report, is_whole = bring(golden())
    story = Article.objects.get()
    # The words
    assert (story.status, story.dateline_place, story.dateline_organisation) == ("published", "Bishkek", house)  # fmt: skip
    assert story.body.startswith("<p>Officials in two countries said")
    assert list(story.regions.order_by("name")) == list(Region.objects.filter(kind="country"))
    page = client.get(story.get_absolute_url()).content.decode()
    for word in ("zyzzyva", "casino", "viagra", "admin"):
        assert word not in page.replace("/admin/", "")
    # What a person has to say
    assert not is_whole
    assert "1  texts that name another than the account" in report
    assert "2  pieces cut out of texts as spam" in report
    assert {finding.kind for finding in Finding.objects.all()} == {"hidden"}
    doubt = Doubt.objects.get()
    assert (doubt.names, doubt.account, doubt.pattern) == (["Sergey Kwan"], "admin", "signature")
    doubts.settle({doubt.pk: story.version}, by=make_user("editor"))
    story.refresh_from_db()
    assert [byline.author.name for byline in story.bylines.all()] == ["Sergey Kwan"]
    assert "Sergey Kwan" in client.get(story.get_absolute_url()).content.decode()
    assert client.get("/authors/sergey-kwan/").status_code == 200
    assert {each.name for each in agencies} == set(Organisation.objects.exclude(pk=house.pk).values_list("name", flat=True))  # fmt: skip
    assert not Citation.objects.exists()
    # Its old addresses
    for path in (
        "/index.php/news/18287-no-talks-about-soldiers",
        "/index.php?option=com_content&view=article&id=18287",
        "/?p=18287",
    ):
        answer = client.get(path)
        assert (path, answer.status_code, answer.headers.get("Location")) == (path, 301, story.get_absolute_url())  # fmt: skip


@pytest.mark.parametrize(
    ("login", "words", "name"),
    [
        ("jo-smith", "Jo Smith", "Jo Smith"),
        ("jan-van-der-berg", "Jan van der Berg", "Jan van der Berg"),
        ("%d0%b0%d0%b9%d0%b3%d1%83%d0%bb%d1%8c", "Айгуль Токтогулова", "Айгуль Токтогулова"),
        ("jo.smith", "jo.smith", ""),
        ("jo-smith", "jo smith", ""),
        ("jo", "Jo", ""),
        ("jo", "Jo <jo@mail.example.org>", ""),
    ],
)
def test_a_term_with_a_whole_name_names_whom_the_file_says_nothing_else_of(
    bring, login, words, name
):
    make_house(name="The house")
    bring(make_export(make_item(1, terms=[("author", login, words)])))
    byline = Article.objects.get().bylines.get()
    assert str(byline.author or byline.organisation) == (name or "The house")


def test_what_the_file_says_of_a_login_stands_before_the_words_of_a_term(bring):
    make_house(name="The house")
    bring(
        make_export(
            make_item(1, terms=[credited("jo", "Jo Smith"), credited("nargiza", "Some Body")]),
            authors=make_wp_author("nargiza", "Nargiza Ryskulova") + make_wp_author("jo", "jo"),
        )
    )
    found = [
        str(b.author or b.organisation) for b in Article.objects.get().bylines.order_by("position")
    ]
    assert found == ["The house", "Nargiza Ryskulova"]
