"""Two people's changes made one: what does not collide is merged, what does is shown, nothing lost."""

import copy

from hypothesis import given, settings
from hypothesis import strategies as st

from articles import merging
from articles.merging import merge


def content(body="", **fields):
    given = {"headline": "Snow", "kicker": "", "body": body} | fields
    return {
        "schema": 1,
        "fields": given,
        "relations": {"section": 1},
        "regions": [1],
        "tags": [1, 2],
        "bylines": [credit(1), credit(2)],
        "citations": [],
        "planning": {"assigned_to": None, "translated_from": None, "due_at": None},
        "life": {},
    }


def credit(author, role="author", withheld=False):
    return {"author_id": author, "organisation_id": None, "role": role, "withheld": withheld}


def paragraphs(*words):
    return "".join(f"<p>{word}</p>" for word in words)


def test_what_only_one_changed_is_taken():
    base = content()
    mine = content(headline="Rain")
    theirs = content(kicker="Weather") | {"regions": [1, 2]}
    merged = merge(base, mine, theirs)
    assert merged.open == []
    assert merged.taken == ["kicker", "regions"]
    assert (merged.content["fields"]["headline"], merged.content["fields"]["kicker"]) == (
        "Rain",
        "Weather",
    )
    assert merged.content["regions"] == [1, 2]


def test_the_same_change_by_both_is_no_collision():
    merged = merge(content(), content(headline="Rain"), content(headline="Rain"))
    assert (merged.open, merged.taken) == ([], [])


def test_what_both_changed_is_shown_and_mine_stands_until_somebody_decides():
    [collision] = merge(content(), content(headline="Rain"), content(headline="Hail")).open
    assert (collision.name, collision.base, collision.mine, collision.theirs) == (
        "headline",
        "Snow",
        "Rain",
        "Hail",
    )


def test_a_decision_holds_for_that_collision_only():
    base, mine, theirs = content(), content(headline="Rain"), content(headline="Hail")
    [collision] = merge(base, mine, theirs).open
    for choice, headline in ((merging.MINE, "Rain"), (merging.THEIRS, "Hail")):
        merged = merge(base, mine, theirs, {collision.key: choice})
        assert merged.open == []
        assert merged.content["fields"]["headline"] == headline
    later = content(headline="Fog")
    assert len(merge(base, mine, later, {collision.key: merging.MINE}).open) == 1


def test_different_paragraphs_do_not_collide_even_side_by_side():
    base = content(paragraphs("Snow fell in Osh.", "Roads are closed today.", "Schools too."))
    mine = content(
        paragraphs("Snow fell in Osh at night.", "Roads are closed today.", "Schools too.")
    )
    theirs = content(
        paragraphs(
            "Snow fell in Osh.", "Roads are closed until noon today.", "Schools too.", "More."
        )
    )
    merged = merge(base, mine, theirs)
    assert merged.open == []
    assert merged.content["fields"]["body"] == paragraphs(
        "Snow fell in Osh at night.", "Roads are closed until noon today.", "Schools too.", "More."
    )


def test_one_paragraph_changed_by_both_collides_and_both_can_be_kept():
    base = content(paragraphs("A first paragraph here.", "Snow fell in Osh."))
    mine = content(paragraphs("A first paragraph here.", "Snow fell in Osh today."))
    theirs = content(paragraphs("A first paragraph here.", "Wet snow fell in Osh."))
    [collision] = merge(base, mine, theirs).open
    assert collision.part == "body"
    assert collision.base == ["<p>Snow fell in Osh.</p>"]
    merged = merge(base, mine, theirs, {collision.key: merging.BOTH})
    assert merged.content["fields"]["body"] == paragraphs(
        "A first paragraph here.", "Snow fell in Osh today.", "Wet snow fell in Osh."
    )


def test_a_paragraph_that_one_removed_and_the_other_changed_collides():
    base = content(paragraphs("A first paragraph here.", "Snow fell in Osh."))
    mine = content(paragraphs("A first paragraph here."))
    theirs = content(paragraphs("A first paragraph here.", "Wet snow fell in Osh."))
    [collision] = merge(base, mine, theirs).open
    assert (collision.mine, collision.theirs) == ([], ["<p>Wet snow fell in Osh.</p>"])


def test_two_endings_collide_and_two_beginnings_do_not_touch_them():
    base = content(paragraphs("Middle of the story."))
    mine = content(paragraphs("Middle of the story.", "My ending."))
    theirs = content(paragraphs("Middle of the story.", "Another ending that they wrote."))
    assert len(merge(base, mine, theirs).open) == 1
    theirs = content(paragraphs("Their beginning.", "Middle of the story."))
    merged = merge(base, mine, theirs)
    assert merged.open == []
    assert merged.content["fields"]["body"] == paragraphs(
        "Their beginning.", "Middle of the story.", "My ending."
    )


def test_credits_of_different_people_do_not_collide():
    base = content()
    mine = content() | {"bylines": [credit(1), credit(2), credit(3)]}
    theirs = content() | {"bylines": [credit(1, "editor"), credit(2)]}
    merged = merge(base, mine, theirs)
    assert merged.open == []
    assert merged.content["bylines"] == [credit(1, "editor"), credit(2), credit(3)]


def test_one_persons_credit_changed_by_both_collides():
    base = content()
    mine = content() | {"bylines": [credit(2)]}
    theirs = content() | {"bylines": [credit(1, withheld=True), credit(2)]}
    [collision] = merge(base, mine, theirs).open
    assert (collision.part, collision.mine, collision.theirs) == (
        "bylines",
        [],
        [credit(1, withheld=True)],
    )


def test_two_new_orders_of_the_same_people_collide():
    three = [credit(n) for n in (1, 2, 3)]
    base = content() | {"bylines": three}
    mine = content() | {"bylines": [three[1], three[0], three[2]]}
    theirs = content() | {"bylines": [three[0], three[2], three[1]]}
    [collision] = merge(base, mine, theirs).open
    assert collision.name == "order"
    merged = merge(base, mine, theirs, {collision.key: merging.THEIRS})
    assert merged.content["bylines"] == theirs["bylines"]
    mine = content() | {"bylines": three}
    assert merge(base, mine, theirs).content["bylines"] == theirs["bylines"]


def test_nothing_known_of_the_beginning_overwrites_nothing():
    nothing = {"fields": {}, "relations": {}, "planning": {}} | {
        name: [] for name in ("regions", "tags", "bylines", "citations")
    }
    mine, theirs = content("<p>Mine.</p>"), content("<p>Theirs, in other words.</p>", kicker="K")
    places = {c.name for c in merge(nothing, mine, theirs).open}
    assert places == {"body", "kicker"}


WORDS = st.sampled_from("snow rain hail fog roads closed in Osh Naryn Talas today".split())
PARAGRAPH = st.lists(WORDS, min_size=1, max_size=6).map(" ".join)
TEXT = st.lists(PARAGRAPH, max_size=7)


@st.composite
def three_texts(draw):
    base = draw(TEXT)

    def edited():
        text = list(base)
        for _ in range(draw(st.integers(0, 3))):
            at = draw(st.integers(0, len(text)))
            what = draw(st.sampled_from(["insert", "remove", "change"]))
            if what == "insert":
                text.insert(at, draw(PARAGRAPH))
            elif at < len(text):
                if what == "remove":
                    del text[at]
                else:
                    text[at] = f"{text[at]} {draw(WORDS)}"
        return text

    return base, edited(), edited()


@given(three_texts(), st.booleans())
@settings(max_examples=300, deadline=None)
def test_no_new_paragraph_of_either_is_lost(texts, keep_both):
    base, mine, theirs = (content(paragraphs(*text)) for text in texts)
    before = copy.deepcopy((base, mine, theirs))
    merged = merge(base, mine, theirs)
    shown = "".join("".join(c.mine + c.theirs) for c in merged.open)
    for text in texts[1:]:
        for paragraph in set(text) - set(texts[0]):
            one = f"<p>{paragraph}</p>"
            assert one in merged.content["fields"]["body"] or one in shown
    assert (base, mine, theirs) == before
    decided = merge(
        base,
        mine,
        theirs,
        {c.key: merging.BOTH if c.can_keep_both else merging.MINE for c in merged.open},
    )
    assert decided.open == []


@given(three_texts())
@settings(max_examples=300, deadline=None)
def test_who_saves_alone_meets_no_collision(texts):
    base, mine, _ = (content(paragraphs(*text)) for text in texts)
    assert merge(base, mine, base) == (mine, [], [])
    assert merge(base, base, mine).content == mine
    assert merge(base, mine, mine).open == []
