import pytest

from articles.interchange import attribution

ORGANISATIONS = {"24.kg", "rfe/rl", "the times of central asia", "tca", "eurasianet", "kloop"}
PLACES = {"central asia", "new york"}
MIDDLE = "<p>One.</p><p>Two.</p><p>Three, and it goes on.</p><p>Four.</p><p>Five.</p><p>Six.</p>"


def credit(html, people=()):
    return attribution.credit(
        html,
        is_person=lambda name: name.casefold() in people,
        is_organisation=lambda name: name.casefold() in ORGANISATIONS,
        is_place=lambda name: name.casefold() in PLACES,
    )


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("<p>By Jo Smith</p>", ["Jo Smith"]),
        ("<p><strong>By JO SMITH</strong></p>", ["Jo Smith"]),
        ("<p>By Jo Smith, for 24.kg</p>", ["Jo Smith"]),
        ("<p>By Sergey Kwan and Aida Bekova</p>", ["Sergey Kwan", "Aida Bekova"]),
        ("<p>Text by Jean-Paul de la Tour</p>", ["Jean-Paul de la Tour"]),
        ("<p>Written by: J. R. Smith</p>", ["J. R. Smith"]),
        ("<p>Автор: Айгүл Токтосунова</p>", ["Айгүл Токтосунова"]),
        ("<p>Текст: Бектур Асан уулу</p>", ["Бектур Асан уулу"]),
        ("<p>Авторы: Иван Петров, Анна Ким и Олег Ли</p>", ["Иван Петров", "Анна Ким", "Олег Ли"]),
        ("<p>Подготовила — Анна Ким</p>", ["Анна Ким"]),
        ("<p>АВТОР: АННА КИМ</p>", ["Анна Ким"]),
    ],
)
@pytest.mark.parametrize("at", ["first", "last"])
def test_a_by_line_at_the_beginning_or_end_names_its_people(line, names, at):
    hint = credit(line + MIDDLE if at == "first" else MIDDLE + line)
    assert (hint.pattern, hint.names, hint.role) == ("by-line", names, "author")


def test_a_translator_is_one():
    hint = credit(MIDDLE + "<p>Перевод: Анна Ким</p>")
    assert (hint.names, hint.role) == (["Анна Ким"], "translator")


def test_an_organisation_that_is_known_can_be_the_author():
    hint = credit(MIDDLE + "<p>By RFE/RL</p>")
    assert (hint.names, hint.is_organisation) == (["RFE/RL"], True)
    assert credit(MIDDLE + "<p>By Nobody/Knows</p>") is None


def test_a_name_above_a_biography_is_a_signature():
    below = "<p>Sergey Kwan</p><p>Sergey Kwan has worked for The Times of Central Asia as a journalist.</p><p>View more articles fromTCA</p>"
    hint = credit(MIDDLE + below)
    assert (hint.pattern, hint.names) == ("signature", ["Sergey Kwan"])


@pytest.mark.parametrize(
    "line", ["<p><em>Jo Smith</em></p>", "<p><strong>Анна Ким</strong></p>", "<p>— Jo Smith</p>"]
)
def test_a_name_in_italics_or_bold_alone_at_the_end_is_a_signature(line):
    assert credit(MIDDLE + line).pattern == "signature"


def test_a_plain_name_at_the_end_is_one_where_the_person_is_known():
    assert credit(MIDDLE + "<p>Jo Smith</p>") is None
    assert credit(MIDDLE + "<p>Jo Smith</p>", people={"jo smith"}).names == ["Jo Smith"]


@pytest.mark.parametrize(
    "line",
    [
        "<p><em>Jo Smith is a journalist in Bishkek.</em></p>",
        "<p>Jo Smith covers water as a reporter for Kloop.</p>",
        "<p>Анна Ким — корреспондент в Оше.</p>",
    ],
)
def test_a_biography_at_the_end_names_its_person(line):
    assert credit(MIDDLE + line).pattern == "biography"


@pytest.mark.parametrize(
    "line",
    [
        "<p>By contrast, prices in Osh fell by half.</p>",
        "<p>By Monday the road was open.</p>",
        "<p><strong>Read More</strong></p>",
        "<p><strong>Central Asia</strong></p>",
        "<p><strong>Photo Gallery</strong></p>",
        "<p>Читайте также</p>",
        "<p>He said the water would come by Friday.</p>",
        "<p>By phone, Jo Smith told us that the dam holds, and that nobody is in danger any more.</p>",
        "<p>Автор закона: депутат от Оша, который просил его не называть.</p>",
    ],
)
def test_what_is_no_by_line_is_none(line):
    assert credit(line + MIDDLE) is None
    assert credit(MIDDLE + line) is None


def test_what_stands_in_the_middle_is_not_looked_at():
    assert credit(MIDDLE + "<p>By Jo Smith</p>" + MIDDLE) is None


@pytest.mark.parametrize(
    ("line", "name", "relation", "url"),
    [
        ("<p>This article first appeared in The Diplomat.</p>", "The Diplomat", "republished from", ""),
        ('<p>Originally published by <a href="https://eurasianet.org/a">Eurasianet</a>.</p>', "Eurasianet", "republished from", "https://eurasianet.org/a"),
        ("<p>This story was originally published on Eurasianet.org on 5 May.</p>", "Eurasianet.org", "republished from", ""),
        ('<p>This was first published <a href="https://www.thediplomat.com/x">here</a> in The Diplomat</p>', None, "republished from", ""),
        ('<p>Originally published at <a href="https://www.kloop.kg/x">here</a></p>', "kloop.kg", "republished from", "https://www.kloop.kg/x"),
        ("<p>Source: 24.kg</p>", "24.kg", "based on", ""),
        ('<p>Источник: <a href="https://24.kg/7">24.kg</a></p>', "24.kg", "based on", "https://24.kg/7"),
        ("<p>Источник: https://24.kg/obschestvo/7/</p>", "24.kg", "based on", "https://24.kg/obschestvo/7/"),
        ("<p>Первоначально опубликовано на Kloop.</p>", "Kloop", "republished from", ""),
        ("<p>Первоначально опубликовано на сайте 24.kg.</p>", "24.kg", "republished from", ""),
        ("<p>Впервые опубликовано в газете «Вечерний Бишкек»</p>", "Вечерний Бишкек", "republished from", ""),
        ("<p>Republished with permission from openDemocracy</p>", "openDemocracy", "republished from", ""),
    ],
)  # fmt: skip
def test_a_place_where_it_stood_first_is_a_source(line, name, relation, url):
    hint = attribution.source(MIDDLE + line)
    if name is None:
        assert hint is None or hint.relation == relation
        return
    assert (hint.names, hint.relation, hint.url) == ([name], relation, url)
    assert hint.is_organisation


@pytest.mark.parametrize(
    "line",
    [
        "<p>The figures were first published in 2019.</p>",
        "<p>A source: it is not clear who paid, and when the money came, said people who know of it; they asked for time</p>",
        "<p>The song first appeared in May.</p>",
    ],
)
def test_what_names_no_place_is_no_source(line):
    assert attribution.source(MIDDLE + line) is None


def test_a_text_made_to_be_slow_is_read_at_once():
    for line in (
        "By " + "Aa " * 200,
        "Автор: " + "А. " * 200,
        "Originally published by " + "a " * 400,
    ):
        attribution.credit(f"<p>{line}</p>" * 50)
        attribution.source(f"<p>{line}</p>" * 50)
