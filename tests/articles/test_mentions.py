"""Organisations are recognised in a text by their names and other spellings."""

import time

import pytest

from articles import mentions, sources
from tests.factories import make_article, make_organisation

NAMES = {
    1: ["24.kg", "24"],
    2: ["Radio Free Europe / Radio Liberty", "RFE/RL"],
    3: ["Hürriyet", "Hurriyet"],
    4: ["Азаттык", "Азаттык Үналгысы"],
    5: ["Time"],
    6: ["World Health Organization", "WHO"],
    7: ["Radio Free Europe"],
    8: ["O’zbekiston"],
    9: ["AP"],
    10: ["Akipress.org"],
}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("As 24.kg reports, it rained.", [1]),
        ("It weighs 24 kg, in 2024.kg too.", []),
        ("Hurriyet wrote what RFE/RL had said.", [3, 2]),
        ("HURRIYET wrote.", [3]),
        ("“Азаттык” билдирди. АЗАТТЫК!", [4]),
        ("Азаттыкка айтты", []),
        ("It took some time. Who knows?", []),
        ("Time says that the WHO knows.", [5, 6]),
        ("the world  health\norganization", [6]),
        ("Radio Free Europe / Radio Liberty said", [2]),
        ("Radio Free Europe said", [7]),
        ("radio free europe said", [7]),
        ("O'zbekiston xabar berdi", [8]),
        ("The AP said", []),
        ("see www.akipress.org", [10]),
        ("24.kg and 24.KG", [1]),
        ("", []),
    ],
)
def test_a_name_is_found_as_a_whole_in_any_script(text, found):
    assert mentions.find(text, NAMES) == found


def test_one_query_finds_them_and_one_loads_them(db, django_assert_num_queries):
    kg = make_organisation(name="24.kg", aliases=["Двадцать четыре"])
    linked = make_organisation(name="Hürriyet")
    make_organisation(name="Never Named")
    with django_assert_num_queries(2):
        found = mentions.organisations_in("Hürriyet и двадцать Четыре", exclude={linked.pk})
    assert found == [kg]


def test_a_part_of_a_name_that_is_not_wanted_is_no_other_name(db):
    whole = make_organisation(name="Azattyk Media")
    make_organisation(name="Azattyk")
    assert mentions.organisations_in("Azattyk Media reports.", exclude={whole.pk}) == []
    story = make_article(body="<p>Azattyk Media reports.</p>", citations=[whole])
    assert sources.unlinked(story) == []


def test_two_thousand_names_in_a_long_text_take_no_time():
    names = {
        n: [f"Agency Number{n} of Somewhere", f"Alias{n} Press", f"AN{n}"] for n in range(2000)
    }
    text = "Agency said that Alias17 Press was told. Alias the agency " * 1800
    assert len(text) > 100_000
    began = time.process_time()
    assert mentions.find(text, names) == [17]
    assert time.process_time() - began < 2
