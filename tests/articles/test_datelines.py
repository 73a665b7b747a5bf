import datetime

import pytest

from articles import datelines
from prose import body

TODAY = datetime.date(2026, 11, 23)
REST = "Officials have said that no talks are held."


def found(html, **options):
    return datelines.find(body.clean(html), today=TODAY, **options)


@pytest.mark.parametrize(
    ("heading", "place", "agency"),
    [
        ("BISHKEK (TCA) — ", "Bishkek", "TCA"),
        ("BISHKEK (TCA)— ", "Bishkek", "TCA"),
        ("BISHKEK (TCA) – ", "Bishkek", "TCA"),
        ("BISHKEK (TCA) - ", "Bishkek", "TCA"),
        ("BISHKEK (TCA) -- ", "Bishkek", "TCA"),
        ("BISHKEK&nbsp;(TCA)&nbsp;— ", "Bishkek", "TCA"),
        ("  BISHKEK (24.kg) — ", "Bishkek", "24.kg"),
        ("БИШКЕК (ТЦА) — ", "Бишкек", "ТЦА"),
        ("АЛМАТЫ, ОШ (ТШК) — ", "Алматы, Ош", "ТШК"),
        ("ALMATY, OSH (TSC) — ", "Almaty, Osh", "TSC"),
        ("ALMATY/OSH (TSC) — ", "Almaty, Osh", "TSC"),
        ("NUR-SULTAN (TCA) — ", "Nur-Sultan", "TCA"),
        ("РОСТОВ-НА-ДОНУ (ТАСС) — ", "Ростов-на-Дону", "ТАСС"),
        ("ST. PETERSBURG (Reuters) — ", "St. Petersburg", "Reuters"),
        ("THE HAGUE (RFE/RL) — ", "The Hague", "RFE/RL"),
        ("WASHINGTON, D.C. (AP) — ", "Washington, D.C.", "AP"),
        ("ҚАРАҒАНДЫ (ТЦА) — ", "Қарағанды", "ТЦА"),
        ("KYRGYZSTAN’S SOUTH (TCA) — ", "Kyrgyzstan’s South", "TCA"),
        ("<strong>BISHKEK (TCA) — </strong>", "Bishkek", "TCA"),
        ("<strong>BISHKEK</strong> (<em>TCA</em>) — ", "Bishkek", "TCA"),
        ("BISHKEK (TCA) —<br>", "Bishkek", "TCA"),
    ],
)
def test_a_heading_moves_out_of_the_text(heading, place, agency):
    assert found(f"<p>{heading}{REST}</p><p>More.</p>") == (
        place,
        None,
        agency,
        f"<p>{REST}</p><p>More.</p>",
    )


@pytest.mark.parametrize(
    ("written", "date"),
    [
        ("BISHKEK, June 23 (TCA) — ", datetime.date(2026, 6, 23)),
        ("BISHKEK, 23 June (TCA) — ", datetime.date(2026, 6, 23)),
        ("BISHKEK, June 23, 2017 (TCA) — ", datetime.date(2017, 6, 23)),
        ("BISHKEK, Nov. 23 — ", datetime.date(2026, 11, 23)),
        ("BISHKEK, 30 December (TCA) — ", datetime.date(2025, 12, 30)),
        ("БИШКЕК, 23 июня (ТЦА) — ", datetime.date(2026, 6, 23)),
        ("БИШКЕК, 1 мая 2017 года (ТЦА) — ", datetime.date(2017, 5, 1)),
        ("БИШКЕК, 23.06.2017 — ", datetime.date(2017, 6, 23)),
    ],
)
def test_a_date_in_the_heading_is_kept_as_a_date(written, date):
    heading = found(f"<p>{written}{REST}</p>")
    assert heading.date == date
    assert heading.place in {"Bishkek", "Бишкек"}
    assert heading.html == f"<p>{REST}</p>"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Officials in Bishkek (TCA) — who knows",
        "NATO — the alliance — has said no.",
        "BREAKING — A bridge has fallen.",
        "World Health Organization (WHO) — the agency of the United Nations",
        "BISHKEK, 40 June (TCA) — not a date.",
        "24.kg (BISHKEK) — no place begins with a number.",
        "A-B (TCA)",
        "ONE (TCA) TWO — ",
        "Nur-Sultan was renamed - again",
        "K2 (TCA) — the mountain",
    ],
)
def test_what_is_no_heading_stays(text):
    assert found(f"<p>{text}</p>") is None


def test_a_known_place_needs_neither_agency_nor_capitals():
    def known(name):
        return name.casefold() in {"bishkek", "osh"}

    assert found(f"<p>BISHKEK — {REST}</p>") is None
    assert found(f"<p>BISHKEK — {REST}</p>", is_place=known).place == "Bishkek"
    assert found(f"<p>Bishkek (TCA) — {REST}</p>", is_place=known).agency == "TCA"
    assert found(f"<p>NATO — {REST}</p>", is_place=known) is None
    assert found(f"<p>BISHKEK, NATO — {REST}</p>", is_place=known) is None


def test_a_heading_in_a_paragraph_of_its_own_leaves_no_empty_one():
    assert found(f"<p>BISHKEK (TCA) —</p><p>{REST}</p>").html == f"<p>{REST}</p>"


def test_marks_and_signs_of_the_text_stay_as_they_were():
    text = '<p lang="en"><em>A &amp; B</em> &lt;said&gt; <a href="https://24.kg/">so</a>.</p>'
    marked = text.replace("<em>", "<em>BISHKEK (TCA) — ", 1)
    assert found(marked).html == text


def test_only_the_first_block_is_looked_at():
    assert found(f"<h2>Talks</h2><p>BISHKEK (TCA) — {REST}</p>") is None
    assert found(f"<p>A headline</p><p>BISHKEK (TCA) — {REST}</p>") is None


def test_what_is_printed_again_has_every_letter():
    heading = found(f"<p>BISHKEK (TCA) — {REST}</p>")
    printed = f"{heading.place.upper()} ({heading.agency}) — {body.text(heading.html)}"
    assert printed == f"BISHKEK (TCA) — {REST}"


def test_split_gives_place_agency_and_the_rest():
    assert datelines.split(f"<p>BISHKEK (TCA) — {REST}</p>") == (
        "Bishkek",
        "TCA",
        f"<p>{REST}</p>",
    )
    assert datelines.split(f"<p>{REST}</p>") == ("", "", f"<p>{REST}</p>")
