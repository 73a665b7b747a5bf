"""Two persons, organisations or tags that are one: what moves, what stays, and where addresses lead."""

import pytest
from django.contrib.admin.models import LogEntry
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.translation import override

from addresses.models import Redirect, forward
from articles import mentions, naming, people, successors, versions
from articles.models import Byline, Tag
from authors.models import Author, BiographyProposal, Organisation
from images.models import Use
from tests.articles.test_desk import signed_in
from tests.factories import (
    chief,
    make_article,
    make_author,
    make_house,
    make_image,
    make_organisation,
    make_tag,
    make_user,
)

pytestmark = pytest.mark.django_db


def merge(old, into):
    successors.merge(old, into=into, by=chief())
    old.refresh_from_db()
    into.refresh_from_db()


def credits(story):
    return [(b.author, b.role, b.withheld) for b in Byline.objects.filter(article=story)]


def test_all_credits_move_and_a_double_one_becomes_one():
    old, into = make_author(name="A. Lee"), make_author(name="Ann Lee")
    alone = make_article(authors=[old])
    both = make_article(authors=[old, into, (old, "photographer")])
    merge(old, into)
    assert credits(alone) == [(into, "author", False)]
    assert credits(both) == [(into, "author", False), (into, "photographer", False)]
    assert old.merged_into == into
    assert into.aliases == ["A. Lee"]


@pytest.mark.parametrize("whose", ["old", "into"])
def test_a_double_credit_is_withheld_where_either_was(client, whose):
    make_house()
    old, into = make_author(name="A. Zyzzyva"), make_author(name="Ann Zyzzyva")
    story = make_article(authors=[old, into])
    Byline.objects.filter(author={"old": old, "into": into}[whose]).update(withheld=True)
    merge(old, into)
    assert credits(story) == [(into, "author", True)]
    assert "Zyzzyva" not in client.get(story.get_absolute_url()).content.decode()


def test_old_addresses_lead_on_in_one_hop_in_every_language(client):
    old, into, last = (make_author(name=n, is_listed=True) for n in ("Old", "Middle", "Last"))
    for language in ("en", "ru"):
        with override(language):
            forward(old.get_absolute_url().replace("old", "older"), old.get_absolute_url())
    merge(old, into)
    merge(into, last)
    for prefix in ("", "/ru"):
        for slug in ("older", "old", "middle"):
            for feed in ("", "rss.xml"):
                answer = client.get(f"{prefix}/authors/{slug}/{feed}")
                assert answer.status_code == 301
                assert answer["Location"] == f"{prefix}/authors/last/{feed}"
    assert client.get("/authors/last/").status_code == 200


def test_what_readers_never_saw_leaves_no_address(client):
    old, into = make_tag(name="Working title"), make_tag(name="Water")
    make_article(status="draft", tags=[old])
    merge(old, into)
    assert not Redirect.objects.exists()
    assert client.get("/tags/working-title/").status_code == 404


def test_what_the_successor_lacks_is_taken_over():
    house = make_organisation()
    portrait = make_image(64, 64)
    old = make_author(
        name="Old",
        job_title="Reporter",
        biography="<p>Long.</p>",
        biographies={"ru": "<p>Долго.</p>"},
        portrait=portrait,
        organisation=house,
        short_bio="Short.",
        short_bios={"ru": "Кратко."},
        is_listed=True,
    )
    old.record_portrait()
    into = make_author(name="New", short_bio="Her own.")
    merge(old, into)
    assert (into.job_title, into.organisation, into.portrait) == ("Reporter", house, portrait)
    assert (into.biography, into.biographies) == ("<p>Long.</p>", {"ru": "<p>Долго.</p>"})
    assert (into.short_bio, into.short_bios) == ("Her own.", {})
    use = Use.objects.get(image=portrait, visible_from__isnull=False)
    assert use.user == f"person {into.pk}"


def test_the_login_goes_along_and_two_are_refused():
    user = make_user("reporter")
    old, into = make_author(user=user), make_author()
    merge(old, into)
    assert (old.user, into.user) == (None, user)
    other = make_author(user=make_user("reporter"))
    with pytest.raises(ValidationError, match="Both have a login"):
        merge(other, into)
    assert Author.objects.get(pk=other.pk).merged_into is None


def test_what_is_in_the_way_is_said_all_at_once():
    old, into = make_author(user=make_user()), make_author(user=make_user())
    BiographyProposal.objects.create(author=old, content={"location": "Osh"})
    people.hide(old, by=chief())
    old.refresh_from_db()
    assert len(successors.problems(old, into)) == 3
    assert len(successors.problems(into, into)) == 1
    house = make_house()
    with pytest.raises(ValidationError, match="The house"):
        merge(house, make_organisation())
    tag, other = make_tag(), make_tag()
    merge(tag, other)
    with pytest.raises(ValidationError, match="merged already"):
        merge(other, tag)


def test_an_organisation_moves_with_all_that_names_it(client):
    old, into = make_organisation(name="Old Agency"), make_organisation(name="New Agency")
    person = make_author(organisation=old)
    story = make_article(
        organisations=[old],
        citations=[(old, "cites", "https://x.example/"), (into, "cites", "https://x.example/")],
        dateline_place="Osh",
        dateline_organisation=old,
        paid_by=old,
    )
    merge(old, into)
    story.refresh_from_db()
    person.refresh_from_db()
    assert story.bylines.get().organisation == into
    assert story.citations.get().organisation == into
    assert (story.dateline_organisation, story.paid_by, person.organisation) == (into, into, into)
    assert client.get("/organisations/old-agency/")["Location"] == "/organisations/new-agency/"
    assert client.get("/organisations/new-agency/").status_code == 200
    assert mentions.organisations_in("The Old Agency reports.") == [into]
    assert naming.find(Organisation.objects.all(), "old agency") == [into]


def test_tags_of_one_story_become_one_and_a_typed_old_name_means_the_new_one(client):
    old, into = make_tag(name="Вода"), make_tag(name="Водоснабжение")
    story = make_article(tags=[old, into])
    merge(old, into)
    assert list(story.tags.all()) == [into]
    assert Tag.objects.named(["ВОДА"]) == [into]
    assert client.get(f"/tags/{old.slug}/")["Location"] == f"/tags/{into.slug}/"


def test_a_typed_alias_means_its_tag_and_one_of_two_means_neither():
    water = make_tag(name="Water", aliases=["Водичка"], names={"ru": "Вода"})
    assert Tag.objects.named(["ВОДА", "водичка"]) == [water]
    make_tag(name="Drinks", aliases=["водичка"])
    (new,) = Tag.objects.named(["Водичка"])
    assert new.name == "Водичка"


def test_old_versions_and_next_versions_credit_the_successor():
    old, into = make_author(name="Old"), make_author(name="New")
    tag, other = make_tag(), make_tag()
    agency, house = make_organisation(), make_organisation()
    story = make_article(authors=[old], tags=[tag], citations=[agency])
    content = versions.snapshot(story)
    merge(old, into)
    merge(tag, other)
    merge(agency, house)
    kept, gone = versions.present(content)
    assert gone == set()
    assert kept["bylines"][0]["author_id"] == into.pk
    assert (kept["tags"], kept["citations"][0]["organisation_id"]) == ([other.pk], house.pk)
    versions.set_rows(story, content | {"citations": []})
    assert credits(story) == [(into, "author", False)]
    assert list(story.tags.all()) == [other]


def test_only_a_chief_editor_merges():
    old, into = make_tag(), make_tag()
    for role in ("reporter", "editor", "administrator"):
        with pytest.raises(PermissionDenied):
            successors.merge(old, into=into, by=make_user(role))
    old.refresh_from_db()
    assert old.merged_into is None


@pytest.mark.parametrize(
    ("make", "path"),
    [
        (make_author, "authors/author"),
        (make_organisation, "authors/organisation"),
        (make_tag, "articles/tag"),
    ],
)
def test_the_page_shows_what_moves_and_wants_the_name(make, path):
    old, into = make(name="The Old One"), make(name="The New One")
    make_article(
        authors=[old] if make is make_author else None,
        organisations=[old] if make is make_organisation else (),
        tags=[old] if make is make_tag else (),
    )
    client = signed_in("chief editor")
    address = f"/admin/{path}/{old.pk}/merge/"
    assert f'href="{address}"' in client.get(f"/admin/{path}/{old.pk}/change/").content.decode()
    assert "What moves" not in client.get(address).content.decode()
    assert "nothing called" in client.get(f"{address}?into=Nobody").content.decode()
    assert "the same one" not in client.get(f"{address}?into=the new one").content.decode()
    page = client.get(f"{address}?into=the new one").content.decode()
    assert "What moves" in page
    assert ": 1</li>" in page
    wrong = client.post(address, {"into": "The New One", "name": "the old one", "merge": "1"})
    assert "letter for letter" in wrong.content.decode()
    old.refresh_from_db()
    assert old.merged_into is None
    client.post(address, {"into": "The New One", "name": "The Old One", "merge": "1"})
    old.refresh_from_db()
    assert old.merged_into == into
    assert LogEntry.objects.filter(object_id__in=[old.pk, into.pk]).count() == 2
    assert client.get(address).status_code == 404
    page = client.get(f"/admin/{path}/{old.pk}/change/").content.decode()
    assert f'Merged into <a href="/admin/{path}/{into.pk}/change/">The New One</a>' in page
    assert 'name="_save"' not in page
    assert "The Old One" not in client.get(f"/admin/{path}/?q=The").content.decode()
