"""A withheld name is known to chief editors only: on no page of the desk does another role read it."""

import datetime
import re

import pytest
from django.urls import reverse
from django.utils import timezone

from articles import publishing, successors, versions
from articles.models import Article, Byline
from authors.models import Author
from tests.articles.test_desk import LIST, address, as_it_is, credits, signed_in
from tests.factories import chief, make_article, make_author, make_house

pytestmark = pytest.mark.django_db
NAME = "Zyzzyva Secret"
HOUR = datetime.timedelta(hours=1)
FORM_ID = "0123456789abcdef0123456789abcdef"


def withheld_in(client, *, role="author", **fields):
    """A story with a credit that is withheld, the client's own where they are a reporter."""
    make_house()
    secret = make_author(name=NAME)
    open_ = make_author(name="Ann Open")
    owner = {} if client.user.groups.get().name != "reporter" else {"entered_by": client.user}
    story = make_article(headline="Snow", authors=[open_, (secret, role)], **owner, **fields)
    Byline.objects.filter(author=secret).update(withheld=True)
    publishing.save(story, by=chief())
    publishing.record(story, by=chief())
    return story


def form_of(client, story, query=""):
    """What the form sends back as it came, as a browser does."""
    page = client.get(address(story) + query).content.decode()
    data = {}
    for tag in re.findall(r"<(?:input|select)[^>]*>", page):
        name = re.search(r'name="(bylines-\d+-\w+|bylines-\w+_FORMS|began|_next)"', tag)
        value = re.search(r'value="([^"]*)"', tag)
        is_box = 'type="checkbox"' in tag
        if name and tag.startswith("<input") and (not is_box or "checked" in tag):
            data[name[1]] = value[1] if value else "on" if is_box else ""
    for name, options in re.findall(
        r'<select name="(bylines-\d+-role)".*?>(.*?)</select>', page, re.S
    ):
        data[name] = re.search(r'value="([^"]+)" selected', options)[1]
    return as_it_is(story, **data)


def rows(story):
    return [(str(b.author), b.role, b.withheld) for b in story.bylines.all()]


@pytest.mark.parametrize("role", ["reporter", "editor", "chief editor"])
@pytest.mark.parametrize("status", ["draft", "published", "scheduled"])
def test_no_page_of_the_desk_names_a_withheld_person_but_to_chiefs(role, status):
    client = signed_in(role)
    story = withheld_in(client, status=status)
    if status == "published":
        content = versions.snapshot(story)
        content["fields"]["headline"] = "Later"
        publishing.propose(story, by=chief(), content=content)
    verbs = ["change", "history", "compare", "preview", "frames"]
    pages = [address(story, verb) for verb in verbs]
    pages += [f"{address(story)}?version={which}" for which in ("next", "live")]
    pages += [LIST, f"{LIST}csv/", f"{LIST}?q=Zyzzyva", f"{LIST}?person=Zyzzyva", "/admin/"]
    pages += [reverse("admin:articles_article_planned")]
    named = set()
    for path in pages:
        response = client.get(path)
        page = b"".join(response) if response.streaming else response.content
        # What was searched for stands in its field, and in links.
        found = re.sub(r'(?:value="|q=|person=)Zyzzyva\b(?! Secret)', "", page.decode())
        if "Zyzzyva" in found or "zyzzyva-secret" in found:
            named.add(path)
    if role == "chief editor":
        assert {f"{address(story)}?version=live", LIST, f"{LIST}csv/"} <= named
    else:
        assert named == set()


@pytest.mark.parametrize("role", ["reporter", "editor"])
def test_a_form_that_does_not_name_them_keeps_them(role):
    client = signed_in(role)
    story = withheld_in(client, status="draft")
    data = form_of(client, story)
    assert data["bylines-1-name"] == "(name withheld)"
    assert data["bylines-1-kept"]
    assert client.post(address(story), data | {"headline": "Rain"}).status_code == 302
    story.refresh_from_db()
    assert story.headline == "Rain"
    assert rows(story) == [("Ann Open", "author", False), (NAME, "author", True)]


def test_their_place_and_role_may_change_and_they_may_be_taken_out():
    client = signed_in()
    story = withheld_in(client, status="draft")
    data = form_of(client, story) | {
        "bylines-0-position": "2",
        "bylines-1-position": "1",
        "bylines-1-role": "translator",
    }
    client.post(address(story), data)
    assert rows(story) == [(NAME, "translator", True), ("Ann Open", "author", False)]
    story.refresh_from_db()
    client.post(address(story), form_of(client, story) | {"bylines-0-DELETE": "on"})
    assert rows(story) == [("Ann Open", "author", False)]


@pytest.mark.parametrize("role", ["reporter", "editor"])
def test_nobody_but_a_chief_shows_the_name_again(role):
    client = signed_in(role)
    story = withheld_in(client, status="draft")
    # The box is not there; a name that is typed does not lift it either.
    data = form_of(client, story) | {"bylines-1-withheld": ""}
    client.post(address(story), data)
    story.refresh_from_db()
    client.post(address(story), as_it_is(story, **credits({"name": NAME, "role": "reporter"})))
    assert rows(story) == [(NAME, "reporter", True)]
    story.refresh_from_db()
    data = credits({"name": NAME, "role": "reporter"})
    signed_in("chief editor").post(address(story), as_it_is(story, **data))
    assert rows(story) == [(NAME, "reporter", False)]


def test_an_editor_withholds_a_name_and_does_not_read_it_any_more():
    client = signed_in()
    make_author(name=NAME)
    story = make_article(status="draft", headline="Snow")
    data = as_it_is(story, **credits({"name": NAME, "role": "author", "withheld": "on"}))
    assert client.post(address(story), data).status_code == 302
    assert rows(story) == [(NAME, "author", True)]
    assert NAME not in client.get(address(story)).content.decode()


@pytest.mark.parametrize("mark", ["x", "0" * 32, "ы", "\0"])
def test_a_mark_that_is_none_is_a_clear_error(mark):
    client = signed_in()
    story = withheld_in(client, status="draft")
    data = form_of(client, story) | {"bylines-1-kept": mark}
    response = client.post(address(story), data)
    assert response.status_code == 200
    assert len(rows(story)) == 2


def test_the_mark_of_one_story_is_none_of_another():
    client = signed_in()
    story = withheld_in(client, status="draft")
    other = make_article(status="draft", headline="Rain")
    data = {name: v for name, v in form_of(client, story).items() if name.startswith("bylines-")}
    response = client.post(address(other), as_it_is(other, **data))
    assert "This credit is no longer known." in response.content.decode()
    assert NAME not in str(rows(other))


def test_a_stale_form_keeps_them_too_and_what_a_chief_opened_stays_open():
    client = signed_in()
    story = withheld_in(client, status="draft")
    data = form_of(client, story) | {"headline": "Rain"}
    story.bylines.update(withheld=False)
    publishing.save(story, by=chief())
    publishing.record(story, by=chief())
    assert client.post(address(story), data).status_code == 302
    assert rows(story) == [("Ann Open", "author", False), (NAME, "author", False)]


def test_the_page_of_collisions_does_not_name_who_is_withheld_on_one_side_only():
    client = signed_in()
    secret = make_author(name=NAME)
    story = make_article(status="draft", headline="Snow", authors=[secret])
    data = as_it_is(story, **credits({"name": NAME, "role": "editor"}))
    story.bylines.update(withheld=True)
    publishing.save(story, by=chief())
    publishing.record(story, by=chief())
    response = client.post(address(story), data)
    assert response.status_code == 409
    page = response.content.decode()
    # What was typed is carried, and said nowhere else.
    assert page.count(NAME) == page.count(f"\n{NAME}</textarea>")


def test_a_next_version_keeps_them_and_names_nobody():
    client = signed_in()
    story = withheld_in(client)
    data = form_of(client, story, "?version=next") | {"_next": "1", "headline": "Later"}
    assert client.post(f"{address(story)}?version=next", data).status_code == 302
    pending = versions.pending(story)
    assert [row["withheld"] for row in pending.content["bylines"]] == [False, True]
    assert NAME not in client.get(f"{address(story)}?version=next").content.decode()
    publishing.approve_version(story, by=chief())
    assert rows(Article.objects.get(pk=story.pk))[1] == (NAME, "author", True)


def test_a_name_that_a_chief_will_show_is_not_shown_before():
    client = signed_in()
    story = withheld_in(client)
    content = versions.snapshot(story)
    content["bylines"][1]["withheld"] = False
    publishing.propose(story, by=chief(), content=content)
    assert NAME not in client.get(f"{address(story)}?version=next").content.decode()
    publishing.approve_version(story, by=chief(), at=timezone.now() + HOUR)
    assert NAME not in client.get(address(story, "compare")).content.decode()


def test_what_is_typed_and_taken_back_or_previewed_does_not_name_them():
    client = signed_in()
    story = withheld_in(client, status="draft")
    data = form_of(client, story) | {"headline": "Typed", "form_id": FORM_ID}
    assert client.post(address(story, "autosave"), data).json()["is_kept"]
    page = client.get(f"{address(story)}?take_back={FORM_ID}").content.decode()
    assert "Typed" in page
    assert NAME not in page
    page = client.post(address(story, "preview"), data).content.decode()
    assert "Typed" in page
    assert NAME not in page
    assert "(name withheld)" not in page
    assert "The House" in page


def test_two_roles_of_one_person_are_told_apart():
    client = signed_in("reporter")
    story = withheld_in(client, status="draft", role="translator")
    secret = Byline.objects.get(withheld=True).author
    Byline.objects.create(article=story, author=secret, role="author", position=3)
    publishing.save(story, by=chief())
    publishing.record(story, by=chief())
    client.post(address(story), form_of(client, story))
    assert rows(story)[1:] == [(NAME, "translator", True), (NAME, "author", False)]


def test_a_withheld_person_who_was_merged_is_withheld_in_old_versions_too():
    client = signed_in("editor")
    story = withheld_in(client, status="draft")
    secret, other = Author.objects.get(name=NAME), make_author(name="Another Name")
    story.bylines.filter(author=secret).delete()
    publishing.save(story, by=chief())
    publishing.record(story, by=chief())
    successors.merge(secret, into=other, by=chief())
    assert versions.withheld(story) == {secret.pk, other.pk}
