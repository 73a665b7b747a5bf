"""One's own page, and the house style in which an editor looks at it first."""

import pytest
from django.test import Client
from django.urls import reverse

from articles import biographies
from authors.models import Author, BiographyProposal
from newsroom.models import SiteSettings
from tests.articles.test_desk import person_form, said, signed_in
from tests.factories import make_article, make_author, make_image, make_user

pytestmark = pytest.mark.django_db
NEW = "<p>Born in Osh. Writes about water.</p>"


@pytest.fixture
def reviewed():
    site = SiteSettings.objects.first() or SiteSettings()
    site.biographies_are_reviewed = True
    site.save()


@pytest.fixture
def reporter():
    """A client signed in as a reporter who is a person with a page."""
    client = signed_in("reporter")
    client.person = make_author(
        name="Ann", slug="ann", user=client.user, biography="<p>Born in Osh.</p>"
    )
    make_article(authors=[client.person])
    return client


def form(person):
    return reverse("admin:authors_author_change", args=[person.pk])


def review(person):
    return reverse("admin:authors_author_biography", args=[person.pk])


def public(person):
    return Client().get(person.get_absolute_url()).content.decode()


def change(client, **fields):
    person = Author.objects.get(pk=client.person.pk)
    fields = {"biography": NEW, "biography_ru": "<p>Пишет о воде.</p>"} | fields
    return client.post(form(person), person_form(person, **fields), follow=True)


def decide(client, person, **data):
    seen = client.get(review(person)).context["seen"]
    return client.post(review(person), {"seen": seen} | data, follow=True)


def test_without_that_house_style_a_biography_is_public_at_once(reporter):
    change(reporter)
    assert "Writes about water." in public(reporter.person)
    assert not BiographyProposal.objects.exists()


def test_a_change_waits_until_an_editor_takes_it_over(reviewed, reporter):
    response = change(reporter)
    assert "waits for an editor" in said(response)[0]
    assert "Writes about water." not in public(reporter.person)
    reporter.person.refresh_from_db()
    assert reporter.person.biography == "<p>Born in Osh.</p>"
    # The person goes on with what they wrote.
    assert "Writes about water." in reporter.get(form(reporter.person)).content.decode()
    editor = signed_in()
    assert "Biography of Ann" in editor.get("/admin/").content.decode()
    page = editor.get(review(reporter.person)).content.decode()
    assert "Writes about water." in page
    assert "Пишет о воде." in page
    decide(editor, reporter.person, approve="1")
    assert "Writes about water." in public(reporter.person)
    reporter.person.refresh_from_db()
    assert reporter.person.biographies == {"ru": "<p>Пишет о воде.</p>"}
    assert not BiographyProposal.objects.exists()
    assert "Biography of Ann" not in editor.get("/admin/").content.decode()
    assert editor.get(review(reporter.person)).status_code == 404


def test_a_dropped_change_leaves_the_page_and_says_why(reviewed, reporter):
    change(reporter)
    editor = signed_in()
    decide(editor, reporter.person, drop="1", reason="Which Osh?")
    assert "Writes about water." not in public(reporter.person)
    page = reporter.get(form(reporter.person)).content.decode()
    assert "Which Osh?" in page
    assert "not taken over" in reporter.get("/admin/").content.decode()
    assert "Biography of Ann" not in editor.get("/admin/").content.decode()
    # Another try takes the place of the first.
    change(reporter, biography="<p>Born in Osh, the city.</p>")
    assert BiographyProposal.objects.get().dropped_at is None


def test_everything_readers_see_of_the_own_page_waits(reviewed, reporter):
    portrait = make_image(entered_by=reporter.user)
    change(
        reporter,
        short_bio="Short.",
        location="Osh",
        languages="ky, ru",
        links="Telegram https://t.me/ann",
        portrait=portrait.pk,
    )
    before = Author.objects.get(pk=reporter.person.pk)
    assert (before.short_bio, before.location, before.languages) == ("", "", [])
    assert (before.links, before.portrait) == ([], None)
    page = signed_in().get(review(before)).content.decode()
    for words in ("Short.", "Osh", "ky, ru", "https://t.me/ann", f"/{portrait.pk}/thumbnail/"):
        assert words in page
    decide(signed_in(), before, approve="1")
    after = Author.objects.get(pk=before.pk)
    assert (after.short_bio, after.location, after.languages) == ("Short.", "Osh", ["ky", "ru"])
    assert (after.links[0]["url"], after.portrait) == ("https://t.me/ann", portrait)
    assert portrait.uses.filter(user=f"person {after.pk}").exists()


def test_what_changed_while_an_editor_looked_is_looked_at_again(reviewed, reporter):
    change(reporter)
    editor = signed_in()
    seen = editor.get(review(reporter.person)).context["seen"]
    change(reporter, biography="<p>Something else.</p>")
    for answer in ("approve", "drop"):
        response = editor.post(review(reporter.person), {"seen": seen, answer: "1"}, follow=True)
        assert "changed while you were looking" in said(response)[0]
    assert "Something else." not in public(reporter.person)
    # The page itself counts as well.
    seen = editor.get(review(reporter.person)).context["seen"]
    Author.objects.filter(pk=reporter.person.pk).update(biography="<p>By an editor.</p>")
    editor.post(review(reporter.person), {"seen": seen, "approve": "1"})
    assert "By an editor." in public(reporter.person)
    assert (
        "has changed since this was written" in editor.get(review(reporter.person)).content.decode()
    )


def test_a_change_back_to_what_readers_see_waits_for_nobody(reviewed, reporter):
    change(reporter)
    response = change(reporter, biography="<p>Born in Osh.</p>", biography_ru="")
    assert "nothing waits" in said(response)[0]
    assert not BiographyProposal.objects.exists()


def test_hostile_html_in_a_proposal_is_cleaned(reviewed, reporter):
    change(reporter, biography="<p>Hi<script>x()</script></p><img src=x onerror=x()>")
    assert BiographyProposal.objects.get().content["biography"] == "<p>Hi</p>"
    decide(signed_in(), reporter.person, approve="1")
    assert Author.objects.get(pk=reporter.person.pk).biography == "<p>Hi</p>"


def test_nobody_decides_about_their_own_words(reviewed, reporter):
    change(reporter)
    response = reporter.get(review(reporter.person))
    assert response.status_code == 200
    assert 'name="approve"' not in response.content.decode()
    data = {"seen": response.context["seen"], "approve": "1"}
    assert reporter.post(review(reporter.person), data).status_code == 403
    for role, status in (("reporter", 403), ("administrator", 403), ("editor", 200)):
        assert signed_in(role).get(review(reporter.person)).status_code == status
    assert "Writes about water." not in public(reporter.person)


@pytest.mark.parametrize("role", ["editor", "chief editor", "administrator"])
def test_editors_and_administrators_write_their_own_page_themselves(reviewed, role):
    client = signed_in(role)
    client.person = make_author(name="Ann", slug="ann", user=client.user)
    make_article(authors=[client.person])
    change(client, position=1, status="staff")
    assert "Writes about water." in public(client.person)


def test_an_administrator_without_a_desk_keeps_their_own_page_and_no_other():
    client = signed_in("administrator")
    client.person = make_author(name="Ann", slug="ann", user=client.user, job_title="Machines")
    other = make_author(name="Other")
    make_article(authors=[client.person])
    assert form(client.person) in client.get("/admin/").content.decode()
    page = client.get(form(client.person))
    assert page.status_code == 200
    assert 'href="/admin/authors/author/"' not in page.content.decode()
    image = make_image()
    response = change(client, name="Chief", job_title="Chief", portrait=image.pk, slug="x")
    assert response.status_code == 200
    person = Author.objects.get(pk=client.person.pk)
    assert person.biography == NEW
    assert (person.name, person.job_title, person.portrait) == ("Ann", "Machines", None)
    assert client.get(form(other)).status_code == 403
    assert client.post(form(other), person_form(other, biography="Mine")).status_code == 403
    for path in ("/admin/authors/author/", "/admin/authors/author/add/", "/admin/images/image/"):
        assert client.get(path).status_code == 403


def test_who_has_no_role_keeps_no_page():
    client = signed_in(make_user(None))
    person = make_author(user=client.user)
    assert client.get(form(person)).status_code == 403
    assert client.get(review(person)).status_code == 403


def test_the_switch_is_the_chiefs_and_the_administrators():
    site = SiteSettings.objects.first() or SiteSettings.objects.create(name="The Paper")
    path = reverse("admin:newsroom_sitesettings_change", args=[site.pk])
    data = {"name": "The Paper", "biographies_are_reviewed": "on"}
    for role, status, is_on in (
        ("editor", 403, False),
        ("chief editor", 302, True),
        ("administrator", 302, True),
    ):
        SiteSettings.objects.update(biographies_are_reviewed=False)
        assert signed_in(role).post(path, data).status_code == status
        assert SiteSettings.objects.get().biographies_are_reviewed is is_on


def test_what_waits_is_overtaken_where_the_house_style_ends(reviewed, reporter):
    change(reporter)
    SiteSettings.objects.update(biographies_are_reviewed=False)
    change(reporter, biography="<p>Straight on.</p>")
    assert "Straight on." in public(reporter.person)
    assert not BiographyProposal.objects.exists()


def test_very_long_texts_are_compared_whole():
    person = make_author(biography="<p>" + "a b " * 3000 + "</p>")
    content = {"biography": "<p>" + "c d " * 3000 + "</p>"}
    proposal = BiographyProposal.objects.create(
        author=person, content=content, base={"biography": person.biography}
    )
    (difference,) = biographies.differences(proposal)
    assert [segment.kind for segment in difference.segments] == ["delete", "insert"]


def test_a_difference_is_told_word_by_word():
    person = make_author(biography="<p>Born in Osh.</p><p>Writes.</p>", languages=["ky"])
    proposal = BiographyProposal.objects.create(
        author=person,
        content={"biography": "<p>Born in Naryn.</p><p>Writes.</p>", "languages": ["ky", "ru"]},
        base={"biography": person.biography, "languages": ["ky"]},
    )
    words, languages = biographies.differences(proposal)
    assert words.segments == [
        ("equal", "Born in ", ""),
        ("delete", "Osh", ""),
        ("insert", "Naryn", ""),
        ("equal", ".\nWrites.", ""),
    ]
    assert not words.was_changed_since
    assert languages.segments == [("equal", "ky", ""), ("insert", ", ru", "")]
