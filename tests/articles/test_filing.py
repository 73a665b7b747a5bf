import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from articles.models import Article, Region, Tag
from authors.models import Author, Organisation
from tests.factories import (
    make_article,
    make_author,
    make_image,
    make_organisation,
    make_region,
    make_tag,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def tree():
    asia = make_region(name="Central Asia", kind="world region")
    kyrgyzstan = make_region(name="Kyrgyzstan", kind="country", parent=asia)
    uzbekistan = make_region(name="Uzbekistan", kind="country", parent=asia)
    osh = make_region(name="Osh", parent=kyrgyzstan)
    fergana = make_region(name="Fergana", parent=uzbekistan)
    valley = make_region(name="Ferghana Valley", kind="group", parent=asia)
    valley.members.set([osh, fergana])
    return {r.slug: r for r in (asia, kyrgyzstan, uzbekistan, osh, fergana, valley)}


def test_a_region_lists_what_lies_in_it_once(tree):
    story = make_article(regions=[tree["osh"], tree["kyrgyzstan"]])
    for slug, listed in {
        "osh": True,
        "kyrgyzstan": True,
        "central-asia": True,
        "ferghana-valley": True,
        "uzbekistan": False,
        "fergana": False,
    }.items():
        assert list(Article.objects.in_region(tree[slug])) == ([story] if listed else []), slug


def test_a_moved_region_takes_all_below_it_along(tree):
    city = make_region(name="Uzgen", parent=tree["osh"], kind="city")
    osh = Region.objects.get(slug="osh")
    osh.parent = tree["uzbekistan"]
    osh.save()
    city.refresh_from_db()
    assert city.path == f"{tree['uzbekistan'].path}{osh.pk}/{city.pk}/"
    assert city in Region.objects.within(tree["uzbekistan"])
    assert city not in Region.objects.within(tree["kyrgyzstan"])


def test_a_region_cannot_lie_in_itself(tree):
    asia = Region.objects.get(slug="central-asia")
    asia.parent = Region.objects.get(slug="osh")
    with pytest.raises(ValidationError):
        asia.full_clean()


def test_a_region_whose_number_begins_another_is_not_taken_for_it(tree):
    regions = [make_region(name=f"R{n}") for n in range(30)]
    for region in regions:
        assert list(Region.objects.within(region)) == [region]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Politics", "POLITICS"),
        ("Политика", "политика"),
        ("Өзгөрүү", "өЗГӨРҮҮ"),
        ("a  b", "A B"),
        ("ҚАЗАҚ", "қазақ"),
        ("Ҷӣ", "ҷӢ"),
        ("Ўзбек", "ўЗБЕК"),
        ("ԵՐԵՎԱՆ", "երեւան".replace("եւ", "եվ")),
        ("Straße", "STRASSE"),
    ],
)
def test_a_tag_is_one_whatever_its_case_in_every_script(one, other):
    story = make_article(tags=[one])
    story.tags.add(other)
    assert [t.name for t in story.tags.all()] == [" ".join(one.split())]
    assert Tag.objects.count() == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        Tag.objects.create(name=other)


def test_an_empty_tag_is_no_tag():
    story = make_article(tags=["", "  ", "Water"])
    assert [t.name for t in story.tags.all()] == ["Water"]


def test_a_merged_tag_stands_for_its_successor():
    new = make_tag(name="Water")
    make_tag(name="H2O", merged_into=new)
    story = make_article(tags=["h2o"])
    assert list(story.tags.all()) == [new]


def test_names_are_public_only_while_something_live_uses_them():
    used, unused = make_author(), make_author()
    agency, source = make_organisation(), make_organisation()
    story = make_article(authors=[used], organisations=[agency], citations=[source], tags=["Water"])
    make_article(status="draft", authors=[unused], tags=["Secret"])
    assert list(Author.objects.public()) == [used]
    assert set(Organisation.objects.public()) == {agency, source}
    assert [t.name for t in Tag.objects.public()] == ["Water"]
    Article.objects.filter(pk=story.pk).update(status="pulled")
    assert not Author.objects.public().exists()
    assert not Organisation.objects.public().exists()
    assert not Tag.objects.public().exists()


def test_a_person_named_only_in_cyrillic_has_an_address():
    person = make_author(name="Өмүрбек Жээнбай уулу")
    twin = make_author(name="Өмүрбек Жээнбай уулу")
    assert person.slug == "omurbek-zheenbay-uulu"
    assert twin.slug == "omurbek-zheenbay-uulu-2"


def test_a_persons_address_never_comes_from_their_login():
    assert "secret" not in make_author(name="Сергей").slug


def test_a_credited_person_cannot_be_deleted():
    person = make_author()
    make_article(authors=[person])
    with pytest.raises(IntegrityError), transaction.atomic():
        person.delete()


def test_a_hidden_person_gets_no_credit_and_no_portrait():
    person = make_author(portrait=make_image(64, 64))
    assert person.credit("en").name == person.name
    person.hidden_at = person.pk and make_article().published_at
    person.save()
    assert person.credit("en") is None
    assert not Author.objects.public().filter(pk=person.pk).exists()


def test_a_name_stands_in_the_pages_language_or_says_which_it_is_in():
    person = make_author(name="Sergey Kwan", names={"ru": "Сергей Кван"})
    assert person.name_in("ru") == ("Сергей Кван", "ru")
    assert make_author(name="Ann").name_in("ru") == ("Ann", "en")
    assert person.credit("ru").address == "/ru/authors/sergey-kwan/"
