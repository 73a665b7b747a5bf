"""search(query, filters): which stories are found, in which order, counted how."""

import datetime

import pytest
from django.utils import timezone

from articles.models import Byline, SearchEntry
from articles.search import finding, index
from articles.search.finding import Filters
from tests.factories import (
    make_article,
    make_author,
    make_organisation,
    make_region,
    make_section,
    make_tag,
)

pytestmark = pytest.mark.django_db
HIDDEN = ["draft", "in_review", "ready", "scheduled", "pulled", "spiked", "withdrawn", "retracted"]


def search(query, *, now=None, by_date=False, **filters):
    filters.setdefault("language", "en")
    return finding.search(query, Filters(**filters), now=now or timezone.now(), by_date=by_date)


def found(query, **more):
    return search(query, **more).numbers


def ago(days):
    return timezone.now() - datetime.timedelta(days=days)


def counts(result, kind):
    return {facet.slug: facet.number for facet in result.facets[kind]}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("headline", "A quokka was seen"),
        ("kicker", "Quokka"),
        ("standfirst", "It was a quokka."),
        ("body", "<p>One.</p><p>They saw <em>quokkas</em>.</p>"),
    ],
)
def test_each_text_of_a_story_is_searched(field, value):
    story = make_article(**{field: value})
    make_article()
    assert found("QUOKKAS") == [story.pk]


def test_people_organisations_tags_and_places_are_searched():
    person = make_author(name="Sergey Kwan", aliases=["Кван С."])
    credited, cited, datelined = (
        make_organisation(name=f"{n} Agency") for n in ["Alfa", "Bravo", "Charlie"]
    )
    story = make_article(
        authors=[person],
        organisations=[credited],
        citations=[cited],
        dateline_place="Osh",
        dateline_organisation=datelined,
        tags=[make_tag(name="Glaciers", names={"ru": "Ледники"}, aliases=["Мөңгү"])],
        regions=[make_region(name="Naryn", names={"ru": "Нарын"})],
    )
    make_article()
    for (
        query
    ) in "kwan|Сергей Кван|alfa|bravo agency|charlie|glacier|ледник|монгу|naryn|Нарын".split("|"):
        assert found(query) == [story.pk], query


@pytest.mark.parametrize(
    ("query", "headline"), [("Кван", "What Kwan said"), ("Бишкек", "In Bishkek")]
)
def test_a_name_in_a_text_is_found_in_the_other_alphabet(query, headline):
    story = make_article(headline=headline)
    assert found(query) == [story.pk]


@pytest.mark.parametrize("language", ["en", "ru"])
def test_each_language_has_its_own_stories(language):
    stories = {
        "en": make_article(headline="Wombat"),
        "ru": make_article(headline="Wombat", language="ru"),
    }
    assert found("wombat", language=language) == [stories[language].pk]
    assert set(found("wombat", language=None)) == {story.pk for story in stories.values()}


@pytest.mark.parametrize("status", HIDDEN)
def test_a_story_that_is_not_public_is_neither_found_nor_counted(status):
    hidden = make_article(
        status=status,
        headline="Wombat hidden",
        section=make_section(name="Secret"),
        regions=[make_region(name="Lost")],
        tags=["Hush"],
        authors=[make_author(name="Ann Unseen")],
    )
    public = make_article(
        headline="Wombat public", section=make_section(name="Open"), tags=["Loud"]
    )
    for query in ("wombat", "wombat -zebra", '"wombat"', ""):
        result = search(query)
        assert result.numbers == [public.pk]
        assert counts(result, "section") == {"open": 1}
        assert counts(result, "tag") == {"loud": 1}
        assert counts(result, "region") == {}
        assert list(counts(result, "author")) == [public.bylines.get().author.slug]
        assert counts(result, "year").keys() == {str(public.address_date.year)}
        assert counts(result, "language") == {"en": 1}
    for query in ("hidden", "unseen", "hush", "lost"):
        assert found(query) == []
    assert search("hidden").instead == {}
    assert hidden.pk not in found("wombat", language=None)


def test_a_withheld_or_hidden_person_is_not_found_by_name():
    withheld, hidden = make_author(name="Ann Withheld"), make_author(name="Bob Concealed")
    story = make_article(headline="Wombat", authors=[withheld, hidden])
    Byline.objects.filter(author=withheld).update(withheld=True)
    index.refresh([story.pk])
    hidden.hidden_at = timezone.now()
    hidden.save()
    assert found("withheld") == found("concealed") == found("Ann") == []
    assert search("wombat").facets["author"] == []
    hidden.hidden_at = None
    hidden.save()
    assert found("concealed") == [story.pk]


def test_filters_narrow_what_is_found():
    country = make_region(name="Kyrgyzstan", kind="country")
    city = make_region(name="Osh", parent=country)
    group = make_region(name="Valley", kind="group")
    group.members.set([country])
    tag, person = make_tag(name="Water"), make_author(name="Ann")
    section = make_section(name="Climate")
    make_article(headline="Wombat elsewhere", section=make_section(name="Other"), at=ago(800))
    story = make_article(
        headline="Wombat here", section=section, regions=[city], tags=[tag], authors=[person]
    )
    day = story.address_date
    for filters in (
        {"section": section},
        {"region": city},
        {"region": country},
        {"region": group},
        {"tag": tag},
        {"author": person},
        {"since": day},
        {"since": day, "until": day},
    ):
        assert found("wombat", **filters) == [story.pk], filters
    assert found("wombat", until=day - datetime.timedelta(days=1)) != [story.pk]
    assert found("wombat", region=make_region(name="Empty")) == []


def test_facets_count_what_was_found_and_nothing_else():
    water, roads = make_tag(name="Water"), make_tag(name="Roads")
    osh = make_region(name="Osh")
    for number, tags in enumerate([[water], [water, roads], [roads]]):
        make_article(headline=f"Wombat {number}", tags=tags, regions=[osh], at=ago(number))
    make_article(headline="Zebra", tags=[water])
    make_article(headline="Wombat", language="ru", tags=[water])
    result = search("wombat")
    assert counts(result, "tag") == {"water": 2, "roads": 2}
    assert counts(result, "region") == {"osh": 3}
    assert counts(result, "language") == {"en": 3, "ru": 1}
    assert [facet.number for facet in search("wombat", tag=roads).facets["tag"]] == [2, 1]


def test_the_headline_says_more_than_the_text_and_two_words_more_than_one():
    text = make_article(headline="One", body="<p>wombat wombat wombat</p>", at=ago(1))
    above = make_article(headline="Two", standfirst="A wombat.", at=ago(3))
    headline = make_article(headline="Wombat three", at=ago(5))
    assert found("wombat") == [headline.pk, above.pk, text.pk]
    together = make_article(headline="A grey wombat", at=ago(400))
    make_article(headline="Wombat in grey", at=ago(1))
    assert found("grey wombat")[0] == together.pk


def test_by_date_the_newest_stands_first():
    old = make_article(headline="Wombat", at=ago(5))
    new = make_article(headline="Other", body="<p>A wombat.</p>", at=ago(1))
    assert found("wombat") == [old.pk, new.pk]
    assert found("wombat", by_date=True) == [new.pk, old.pk]


def test_phrases_are_found_in_their_order_and_not_across_texts():
    story = make_article(headline="The night train", standfirst="Leaves at ten.")
    make_article(headline="A train at night")
    assert found('"night train"') == [story.pk]
    assert found('"train leaves"') == []
    assert len(found("night train")) == 2


def test_what_is_not_wanted_is_left_out():
    make_article(headline="Wombat road")
    story = make_article(headline="Wombat river")
    assert found("wombat -roads") == [story.pk]
    assert len(found("wombat -zebra")) == 2


@pytest.mark.parametrize("query", ["gealcier", "glacer", "glaciier", "Gkacier"])
def test_typing_errors_are_forgiven_when_nothing_else_matches(query):
    story = make_article(headline="The glacier")
    index.rebuild()
    result = search(query)
    assert result.numbers == [story.pk]
    assert result.instead == {query: ["glacier"]}


def test_an_error_is_not_forgiven_where_the_word_is_there():
    make_article(headline="The waiter")
    story = make_article(headline="The water")
    index.rebuild()
    assert found("water") == [story.pk]
    assert search("water").instead == {}


def test_what_was_meant_is_never_a_word_of_a_hidden_story():
    make_article(headline="The glacier", status="scheduled")
    make_article(headline="The platypus", status="draft")
    index.rebuild()
    for query in ("glacer", "platipus"):
        assert search(query).numbers == []
        assert search(query).instead == {}


def test_a_hidden_word_does_not_stand_before_one_that_is_public():
    """That nothing is found where something was before would tell of it."""
    story = make_article(headline="The glacier")
    make_article(headline="The glaciem", status="scheduled")
    make_article(headline="Ours", status="draft", tags=["Glaciez"])
    index.rebuild()
    for query in ("glaciez", "glaciemm", "glaciem"):
        result = search(query)
        assert result.numbers == [story.pk]
        assert finding.instead_of(result, ["The glacier"]) == {query: ["glacier"]}


def test_few_words_of_one_query_are_forgiven():
    make_article(headline="Glacier wombat platypus quokka")
    index.rebuild()
    assert search("glacer wombad platipus").numbers
    assert search("glacer wombad platipus quoka").numbers == []


@pytest.mark.parametrize("typed", ["0", "ʼʼ", "ʼs", "²", "½", "௰", "ё"])
def test_figures_and_signs_are_found_where_they_stand_alone(typed):
    other = make_article(headline="Wombat")
    story = make_article(headline=f"Quokka {typed} river")
    assert found(f"quokka {typed}") == [story.pk]
    assert found(f"wombat -{typed}") == [other.pk]


def test_a_nought_is_a_word_as_any_other():
    make_article(headline="Wombat")
    story = make_article(headline="Quokka: 0 of 10")
    assert found("0") == [story.pk]


def test_a_high_or_low_figure_may_be_typed_plainly():
    story = make_article(headline="CO₂ on 5 km²")
    assert found("co2") == found("km2") == found("CO₂") == [story.pk]


def test_a_word_of_many_stories_is_looked_for_in_the_newest(monkeypatch):
    stories = [
        make_article(headline=f"Wombat {n}", tags=["Water"], at=ago(n + 1)) for n in range(5)
    ]
    monkeypatch.setattr(finding, "WINDOW", 3)
    result = search("wombat")
    assert sorted(result.numbers) == sorted(story.pk for story in stories[:3])
    assert counts(result, "tag") == {"water": 3}
    assert counts(result, "language") == {"en": 3}


def test_two_stories_of_one_second_have_places_of_their_own():
    moment = ago(1)
    stories = [make_article(headline="Wombat", at=moment) for _ in range(3)]
    assert found("wombat", by_date=True) == [story.pk for story in reversed(stories)]
    assert SearchEntry.objects.values("place").distinct().count() == 3


def test_a_long_story_and_odd_letters_are_indexed():
    body = (
        "<p>" + " ".join(f"слово{n}" for n in range(60_000)) + " ʻokina 数字 ½ a\u0301 _x_ 🐫</p>"
    )
    story = make_article(headline="Длинный wombat", body=body, language="ru")
    assert found("слово5", language="ru") == [story.pk]
    assert len(SearchEntry.objects.get().body) <= index.LONGEST_BODY
