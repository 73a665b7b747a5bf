"""Words that are one for whoever searches: forms, alphabets, apostrophes, letters people type for others."""

import pytest

from articles.search import asking, spelling, words

SAME_SOUND = [
    ("Kwan", "Кван"),
    ("Kwan", "Кваном"),
    ("Bishkek", "Бишкеке"),
    ("Almaty", "Алматы"),
    ("Sergey", "Сергея"),
    ("Sergei", "Сергей"),
    ("Yelena", "Елена"),
    ("Khujand", "Худжанд"),
    ("Tajikistan", "Таджикистан"),
    ("Kyrgyzstan", "Кыргызстана"),
    ("Issyk", "Иссык"),
    ("Kyzyl", "Кызыл"),
    ("Zhetysu", "Жетысу"),
    ("Jetisu", "Жетісу"),
    ("Taldyqorğan", "Талдықорған"),
    ("Song", "Соң"),
    ("Osh", "Ош"),
]


@pytest.mark.parametrize(("latin", "cyrillic"), SAME_SOUND)
def test_a_name_sounds_the_same_in_both_alphabets(latin, cyrillic):
    assert set(words.keys(latin)) & set(words.keys(cyrillic))


@pytest.mark.parametrize(
    ("one", "other"),
    [("Bishkek", "Ташкент"), ("Osh", "Ашгабат"), ("Kwan", "Ким"), ("Naryn", "Нарва")],
)
def test_other_names_sound_otherwise(one, other):
    assert not set(words.keys(one)) & set(words.keys(other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("glaciers", "glacier"),
        ("talking", "talks"),
        ("people’s", "People"),
        ("ледников", "ледники"),
        ("озёр", "озер"),
        ("Кыргызстана", "Кыргызстан"),
        ("café", "cafe"),
        ("Нарына", "Нарын"),
    ],
)
def test_forms_of_a_word_have_one_stem(one, other):
    assert words.stem(one) == words.stem(other)


@pytest.mark.parametrize("written", ["Oʻzbekiston", "O'zbekiston", "O‘zbekiston", "Ozbekiston"])
def test_apostrophes_make_no_difference(written):
    assert words.fold(written) == "ozbekiston"


def test_letters_that_keyboards_lack_may_be_typed_plainly():
    assert words.fold("Өнүгүү") == words.fold("онугуу")
    assert words.fold("қазақ") == words.fold("казак")


@pytest.mark.parametrize(("language", "stands"), [("ru", "жител"), ("ky", "жители")])
def test_only_english_and_russian_stories_are_stemmed(language, stands):
    assert words.index("жители", language) == stands


def test_a_text_is_indexed_with_the_sounds_of_its_names_alone():
    assert words.index("The river at Jalal-Abad", "en") == (
        "the river at jalal abad 0the 0jalal 0abad 0jalalabad"
    )


def test_marks_of_stress_and_unseen_hyphens_are_no_part_of_a_word():
    assert words.index("за́мок чело\u00adвек", "ru") == words.index("замок человек", "ru")


def test_the_sounds_of_a_long_name_are_no_longer_than_the_name():
    """PostgreSQL refuses what is longer than its column."""
    assert all(len(key) <= words.LONGEST for key in words.keys("x" * 60))


def test_a_query_is_words_phrases_and_what_is_not_wanted():
    asked = asking.parse('water "night train" -road -"old code" Тянь-Шань')
    assert [term.typed for term in asked.terms] == ["water", "night train", "Тянь Шань"]
    assert [term.typed for term in asked.without] == ["road", "old code"]
    assert "0tianshan" in asked.terms[2].tokens


@pytest.mark.parametrize("quotes", ["“{}”", "«{}»", "„{}“", '"{}"'])
def test_every_kind_of_quotation_marks_makes_a_phrase(quotes):
    (term,) = asking.parse(quotes.format("night train")).terms
    assert term.tokens == ("night train",)


def test_words_that_say_nothing_are_left_out_unless_they_are_all():
    assert [t.typed for t in asking.parse("the water in the canal").terms] == ["water", "canal"]
    assert [t.typed for t in asking.parse("to the").terms] == ["to", "the"]


@pytest.mark.parametrize(
    "typed", ["", " ", '"', '""', "-", "-water", "* ? ! ( ) :", "\x00", '-"x"', "NOT -a"]
)
def test_odd_queries_are_taken_apart_without_an_error(typed):
    asked = asking.parse(asking.plain(typed))
    assert [term.typed for term in asked.terms] == (["NOT"] if "NOT" in typed else [])


def test_a_query_has_an_end():
    assert len(asking.plain("wörd " * 5_000)) <= asking.LONGEST
    assert len(asking.parse(asking.plain("abc " * 500)).terms) == asking.MOST_WORDS


def test_a_keyboard_in_the_other_alphabet_is_understood():
    assert asking.other_keys(",birtr") == "бишкек"
    assert asking.other_keys("цфеук") == "water"


@pytest.mark.parametrize(
    ("one", "other", "number"),
    [
        ("water", "water", 0),
        ("water", "watr", 1),
        ("water", "wtaer", 1),
        ("water", "waiter", 1),
        ("water", "wader", 1),
        ("glacier", "glaceer", 1),
        ("water", "wine", 3),
        ("a", "abcdefgh", 3),
    ],
)
def test_errors_of_typing_are_counted_up_to_a_limit(one, other, number):
    assert spelling.distance(one, other, 2) == spelling.distance(other, one, 2) == number
