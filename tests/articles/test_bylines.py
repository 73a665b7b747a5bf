"""Who is printed for a story: the lines as exact text in two languages, and the cards below it."""

import pytest
from django.utils import timezone
from django.utils.translation import override

from articles import bylines
from articles.models import Article, Byline
from authors.models import Credit
from tests.factories import make_article, make_author, make_house, make_organisation

pytestmark = pytest.mark.django_db
EIGHT = ["Ada", "Bea", "Cem", "Dan", "Eva", "Fay", "Gus", "Hal"]
# Credits as (name, role), "org:" before an organisation's; English lines; Russian lines.
MATRIX = {
    "one person": ([("Ada", "author")], ["By Ada"], ["Текст: Ada"]),
    "two": (
        [("Ada", "author"), ("Bea", "author")],
        ["By Ada and Bea"],
        ["Текст: Ada и Bea"],
    ),
    "three": (
        [("Ada", "author"), ("Bea", "author"), ("Cem", "author")],
        ["By Ada, Bea and Cem"],
        ["Текст: Ada, Bea и Cem"],
    ),
    "eight": (
        [(name, "author") for name in EIGHT],
        ["By Ada, Bea, Cem, Dan, Eva, Fay, Gus and Hal"],
        ["Текст: Ada, Bea, Cem, Dan, Eva, Fay, Gus и Hal"],
    ),
    "an organisation": ([("org:TCA", "author")], ["By TCA"], ["Текст: TCA"]),
    "a person and an organisation": (
        [("Ada", "author"), ("org:TCA", "author")],
        ["By Ada and TCA"],
        ["Текст: Ada и TCA"],
    ),
    "nobody": ([], ["By The House"], ["Текст: Дом"]),
    "a translator alone": (
        [("Ada", "translator")],
        ["Translated by Ada"],
        ["Перевод: Ada"],
    ),
    "a photographer alone": (
        [("Ada", "photographer")],
        ["By The House", "Photographs by Ada"],
        ["Текст: Дом", "Фото: Ada"],
    ),
    "one person in two roles": (
        [("Ada", "author"), ("Ada", "photographer")],
        ["By Ada", "Photographs by Ada"],
        ["Текст: Ada", "Фото: Ada"],
    ),
    "author and reporter at once": (
        [("Ada", "author"), ("Ada", "reporter")],
        ["By Ada"],
        ["Текст: Ada"],
    ),
    "every role": (
        [
            ("Hal", "editor"),
            ("Ada", "author"),
            ("Bea", "reporter"),
            ("Cem", "translator"),
            ("Dan", "photographer"),
            ("Eva", "illustrator"),
            ("Fay", "additional reporting"),
            ("Gus", "data"),
        ],
        [
            "By Ada and Bea",
            "Translated by Cem",
            "Photographs by Dan",
            "Illustrations by Eva",
            "Additional reporting by Fay",
            "Data by Gus",
            "Edited by Hal",
        ],
        [
            "Текст: Ada и Bea",
            "Перевод: Cem",
            "Фото: Dan",
            "Иллюстрации: Eva",
            "В подготовке участвовали: Fay",
            "Данные: Gus",
            "Редактура: Hal",
        ],
    ),
    "withheld": ([("!Ada", "author")], ["By The House"], ["Текст: Дом"]),
    "two withheld": (
        [("!Ada", "author"), ("!Bea", "author"), ("Cem", "author")],
        ["By The House and Cem"],
        ["Текст: Дом и Cem"],
    ),
    "hidden": ([("?Ada", "photographer")], ["By The House", "Photographs by The House"], None),
}


def story(credits):
    """A story with the credits of the matrix, loaded as a page loads it. "!" withheld, "?" hidden."""
    article = make_article()
    article.bylines.all().delete()
    known = {}
    for position, (name, role) in enumerate(credits):
        plain = name.removeprefix("org:").lstrip("!?")
        if name.startswith("org:"):
            who = {"organisation": make_organisation(name=plain)}
        else:
            hidden_at = timezone.now() if name.startswith("?") else None
            if plain not in known:
                known[plain] = make_author(name=plain, hidden_at=hidden_at)
            who = {"author": known[plain]}
        Byline.objects.create(
            article=article, role=role, position=position, withheld=name.startswith("!"), **who
        )
    return Article.objects.for_page().get(pk=article.pk)


def lines(article, language):
    house = make_house(names={"ru": "Дом"})
    with override(language):
        return [str(line) for line in bylines.lines(article, language, house.credit(language))]


@pytest.mark.parametrize("case", MATRIX)
def test_the_lines_read_as_written_here(case):
    credits, english, russian = MATRIX[case]
    article = story(credits)
    assert lines(article, "en") == english
    if russian is not None:
        assert lines(article, "ru") == russian


def test_the_lines_cost_no_query(django_assert_num_queries):
    article = story(MATRIX["every role"][0])
    house = Credit("The House", "en", "")
    with django_assert_num_queries(0):
        bylines.lines(article, "en", house)
        bylines.people(article, "en")
        bylines.organisations(article)


def test_a_name_known_only_in_the_first_language_is_marked_as_such():
    article = story([("Ada", "author")])
    [line] = bylines.lines(article, "ru", Credit("Дом", "ru", ""))
    assert [(name.words, name.language) for name in line.names] == [("Ada", "en")]
    assert line.names[0].address == "/ru/authors/ada/"


def test_four_names_are_a_list_and_three_a_sentence():
    few, many = story(MATRIX["three"][0]), story([(name, "author") for name in EIGHT[3:7]])
    house = Credit("The House", "en", "")
    assert not bylines.lines(few, "en", house)[0].is_long
    assert bylines.lines(many, "en", house)[0].is_long


def test_each_person_has_one_card_with_all_roles():
    article = story([("Ada", "photographer"), ("Bea", "author"), ("Ada", "author")])
    people = bylines.people(article, "en")
    assert [(p.credit.name, p.roles) for p in people] == [
        ("Ada", ["Author", "Photographs"]),
        ("Bea", ["Author"]),
    ]


@pytest.mark.parametrize("credit", ["!Ada", "?Ada", "org:TCA"])
def test_withheld_and_hidden_persons_and_organisations_have_no_card(credit):
    assert bylines.people(story([(credit, "author")]), "en") == []


def test_a_merged_person_is_printed_as_the_one_they_were_merged_into():
    article = story([("Ada", "author")])
    other = make_author(name="Adelaide")
    person = article.bylines.get().author
    person.merged_into = other
    person.save()
    article = Article.objects.for_page().get(pk=article.pk)
    assert lines(article, "en") == ["By Adelaide"]
    assert [p.author for p in bylines.people(article, "en")] == [other]


def test_the_organisations_of_a_story_stand_once_each():
    agency, other = make_organisation(), make_organisation()
    article = make_article(
        organisations=[agency, other],
        dateline_place="Bishkek",
        dateline_organisation=agency,
    )
    article = Article.objects.for_page().get(pk=article.pk)
    assert bylines.organisations(article) == [agency, other]
