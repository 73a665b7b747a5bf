"""A person takes their work along: all that is theirs to have, and nothing else."""

import io
import json
import re
import zipfile

import pytest
from django.urls import reverse
from django.utils import timezone

from articles import people, publishing
from articles.keepsake.work import stories
from articles.models import Article
from authors.models import Author
from images.models import Image
from tests.factories import (
    chief,
    make_article,
    make_author,
    make_house,
    make_image,
    make_organisation,
    make_region,
    make_tag,
    make_user,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def writer():
    make_house(name="Tien Shan Courier")
    return make_user("reporter", username="kwan", first_name="Sergey", language="en")


@pytest.fixture
def person(writer):
    return make_author(
        name="Sergey Kwan",
        names={"ru": "Сергей Кван"},
        slug="sergey-kwan",
        user=writer,
        job_title="Correspondent",
        biography="<p>Journalist, <em>translator and editor</em>.</p>",
        biographies={"ru": "<p>Журналист и переводчик.</p>"},
        portrait=make_image(200, 200),
    )


def taken(client, user, person):
    """The files of the zip: name -> bytes. Each is read, so none is damaged."""
    client.force_login(user)
    response = client.get(reverse("admin:authors_author_work", args=[person.pk]))
    assert response.status_code == 200
    assert response["Content-Type"] == "application/zip"
    assert response["Cache-Control"] == "private, no-store"
    with zipfile.ZipFile(io.BytesIO(b"".join(response.streaming_content))) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def words(found):
    """All words of the pages and of JSON."""
    return "\n".join(v.decode() for n, v in found.items() if n.endswith((".html", ".json")))


def test_a_story_is_there_whole_in_both_forms_and_read_without_a_server(client, writer, person):
    agency = make_organisation(name="24.kg", short_name="TCA")
    image = make_image(900, 600, caption="High water", credit="Press service")
    story = make_article(
        headline="The lakes rise",
        standfirst="Faster than before.",
        slug="lakes-rise",
        body=f'<p>Water &amp; ice at <a href="/a/1/">the lakes</a>.</p><figure data-image="{image.pk}"></figure>',
        authors=[person],
        regions=[make_region(name="Osh")],
        tags=[make_tag(name="Water")],
        citations=[(agency, "based on", "https://24.kg/1")],
        dateline_place="Bishkek",
        dateline_organisation=agency,
        lead_image=image,
        at=timezone.datetime(2026, 11, 23, 3, tzinfo=timezone.get_current_timezone()),
    )
    publishing.correct(story, by=chief(), kind="correction", text="It was two metres.")
    found = taken(client, writer, person)
    page = found["stories/2026-11-23-lakes-rise-en.html"].decode()
    assert '<html lang="en">' in page
    assert "<h1>The lakes rise</h1>" in page
    assert "Faster than before." in page
    assert "<b>BISHKEK (TCA)</b> — Water &amp; ice" in page
    assert 'href="http://127.0.0.1:8000/a/1/"' in page
    assert "By Sergey Kwan" in page
    assert "It was two metres." in page
    assert 'href="https://24.kg/1"' in page
    assert "http://127.0.0.1:8000/2026/11/23/lakes-rise/" in page
    assert page.count(f'<img src="../pictures/{image.pk}.jpg"') == 2
    assert found[f"pictures/{image.pk}.jpg"][:2] == b"\xff\xd8"
    data = json.loads(found["stories/2026-11-23-lakes-rise-en.json"])
    assert data["headline"] == "The lakes rise"
    assert data["credits"] == [{"as": "by", "names": ["Sergey Kwan"]}]
    assert data["dateline"] == {"place": "Bishkek", "date": None, "agency": "24.kg"}
    assert data["corrections"][0]["text"] == "It was two metres."
    assert data["text"] == "Water & ice at the lakes."
    # Each page leads to files that are there, and to nothing that a server must give.
    for name, content in found.items():
        if name.endswith(".html"):
            folder = name.rpartition("/")[0]
            for path in re.findall(r'(?:src|href)="(?!https?:|mailto:)([^"]+)"', content.decode()):
                whole = path.removeprefix("../") if folder else path
                assert whole in found, (name, path)
            assert "<script" not in content.decode()


def test_the_first_page_has_the_biography_and_everything_by_year(client, writer, person):
    now = timezone.now()
    for years in (0, 1, 3):
        make_article(
            headline=f"Story of {years}",
            authors=[(person, "translator")],
            at=now - years * timezone.timedelta(days=366),
        )
    russian = make_article(headline="Озёра", language="ru", authors=[person])
    found = taken(client, writer, person)
    page = found["index.html"].decode()
    assert "<h1>Sergey Kwan</h1>" in page
    assert "<em>translator and editor</em>" in page
    assert '<section class="text bio" lang="ru"><p>Журналист и переводчик.</p>' in page
    assert "4 stories" in page
    headings = re.findall(r"<h2>(\d+)</h2>", page)
    assert headings == sorted(headings, reverse=True)
    assert len(headings) == 3
    assert page.count("Translation") == 3
    assert f'lang="ru">{russian.headline}</a>' in page
    assert "pictures/portrait.jpg" in found
    russian_page = next(v for n, v in found.items() if n.endswith("-ru.html")).decode()
    assert "Сергей Кван" in russian_page
    assert json.loads(found["person.json"])["biography"].startswith("<p>Journalist")


def test_what_is_not_theirs_to_have_is_not_there(client, writer, person):
    other = make_author(name="Somebody Else")
    make_article(headline="Of another", authors=[other])
    make_article(headline="Withheld from readers", authors=[person]).bylines.update(withheld=True)
    twice = make_article(headline="Withheld in one role", authors=[(person, "author")])
    twice.bylines.update(withheld=True)
    twice.bylines.create(author=person, role="data", position=1)
    for status in ("pulled", "withdrawn", "spiked"):
        make_article(headline=f"A story that is {status}", status=status, authors=[person])
    closed = make_article(headline="An investigation", status="draft", authors=[person])
    publishing.restrict(closed, by=chief(), people=[writer])
    later = timezone.now() + timezone.timedelta(days=2)
    make_article(headline="Under an embargo", status="draft", authors=[person], embargo_until=later)
    make_article(headline="Entered, not written", status="draft", entered_by=writer)
    note = make_article(headline="Mine, unfinished", status="draft", authors=[person])
    note.notes.create(by=chief(), text="Ring the ministry", kind="note")
    found = taken(client, writer, person)
    text = words(found)
    assert "Mine, unfinished" in text
    for leaked in (
        "Of another",
        "Withheld",
        "A story that is",
        "An investigation",
        "Under an embargo",
        "Entered, not written",
        "Ring the ministry",
        "kwan@",
    ):
        assert leaked not in text, leaked
    assert [n for n in found if n.startswith("drafts/")] == [
        f"drafts/{note.pk}-mine-unfinished.html",
        f"drafts/{note.pk}-mine-unfinished.json",
    ]


def test_names_that_readers_do_not_see_are_in_no_file(client, writer, person):
    hidden, source = make_author(name="Hidden Person"), make_author(name="A Source")
    story = make_article(
        headline="By several",
        authors=[person, hidden, source],
        lead_image=make_image(90, 60, credit="Hidden Person", caption="Hidden Person in Osh"),
        body=f'<p>Words.</p><figure data-image="{make_image(90, 60).pk}">'
        "<figcaption>Beside Hidden Person</figcaption></figure>",
    )
    story.bylines.filter(author=source).update(withheld=True)
    people.hide(hidden, by=chief())
    text = words(taken(client, writer, person))
    assert "By several" in text
    assert "Hidden Person" not in text
    assert "A Source" not in text
    assert "Tien Shan Courier in Osh" in text


def test_pictures_go_along_by_their_licence_or_to_whoever_made_them(client, writer, person):
    kept = {"may_be_passed_on": False}
    agencys = make_image(90, 60, credit="Reuters", **kept)
    own = make_image(90, 60, credit="Сергей Кван", **kept)
    ended = make_image(90, 60)
    make_article(
        authors=[person],
        lead_image=own,
        body="<p>Words.</p>"
        + "".join(f'<figure data-image="{i.pk}"></figure>' for i in (agencys, ended)),
    )
    Image.objects.filter(pk=ended.pk).update(rights_expire_at=timezone.now())
    lost = make_image(90, 60)
    make_article(authors=[person], lead_image=lost, headline="Without its picture")
    lost.file.storage.delete(lost.file.name)
    found = taken(client, writer, person)
    pictures = sorted(name for name in found if name.startswith("pictures/"))
    assert pictures == [f"pictures/{own.pk}.jpg", "pictures/portrait.jpg"]
    assert "Without its picture" in words(found)


def test_another_papers_text_stays_here(client, writer, person):
    agency = make_organisation(name="Eurasianet")
    make_article(
        headline="Republished",
        body="<p>Their words.</p>",
        authors=[(person, "editor")],
        citations=[(agency, "republished from", "https://eurasianet.org/1")],
    )
    found = taken(client, writer, person)
    assert "Republished" in found["index.html"].decode()
    assert "Their words" not in words(found)
    assert not [name for name in found if name.startswith("stories/")]


def test_a_retracted_story_says_so(client, writer, person):
    make_article(headline="Wrong", status="retracted", authors=[person], down_reason="Invented.")
    text = words(taken(client, writer, person))
    assert "We have retracted this story" in text
    assert "Invented." in text


def test_a_chief_takes_the_public_work_of_anybody_and_no_draft(client, person):
    make_article(headline="For readers", authors=[person])
    make_article(headline="Unfinished", status="draft", authors=[person])
    text = words(taken(client, chief(), person))
    assert "For readers" in text
    assert "Unfinished" not in text


@pytest.mark.parametrize("role", ["reporter", "editor", "administrator"])
def test_nobody_else_takes_it(client, person, role):
    client.force_login(make_user(role))
    address = reverse("admin:authors_author_work", args=[person.pk])
    assert client.get(address).status_code == 403
    assert client.post(address).status_code in {403, 405}


def test_while_a_name_is_hidden_no_folder_bears_it(client, writer, person):
    people.hide(person, by=chief())
    address = reverse("admin:authors_author_work", args=[person.pk])
    for user in (writer, chief()):
        client.force_login(user)
        assert client.get(address).status_code == 403
        assert address not in client.get(reverse("admin:index")).content.decode()


def test_the_way_there_is_on_ones_own_page(client, writer, person):
    client.force_login(writer)
    address = reverse("admin:authors_author_work", args=[person.pk])
    assert address in client.get(reverse("admin:index")).content.decode()
    own = reverse("admin:authors_author_change", args=[person.pk])
    assert address in client.get(own).content.decode()
    other = make_author()
    page = client.get(reverse("admin:authors_author_change", args=[other.pk]))
    assert reverse("admin:authors_author_work", args=[other.pk]) not in page.content.decode()


@pytest.mark.parametrize("number", [1, 3])
def test_more_stories_cost_no_more_queries(
    client, writer, person, number, django_assert_num_queries
):
    for _ in range(number):
        make_article(authors=[person], lead_image=make_image(90, 60))
    taken(client, writer, person)  # now the pictures are drawn
    address = reverse("admin:authors_author_work", args=[person.pk])
    with django_assert_num_queries(16):
        b"".join(client.get(address).streaming_content)


def test_the_first_page_speaks_the_language_of_whoever_takes_it(client, writer, person):
    writer.language = "ru"
    writer.save()
    make_article(authors=[person])
    page = taken(client, writer, person)["index.html"].decode()
    assert '<html lang="ru">' in page
    assert "Сергей Кван" in page
    assert Author.objects.count() >= 1
    assert list(stories(person, by=writer)) == list(Article.objects.values_list("pk", flat=True))
