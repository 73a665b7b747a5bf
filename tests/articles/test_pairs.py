"""Random pairs of edits of one story: no acknowledged word is lost, every collision is shown."""

import random

import pytest

from articles import versions
from articles.models import Article, Region, Revision
from authors.models import Author
from tests.articles.test_desk import address, signed_in
from tests.articles.test_two_people import carried, choices
from tests.factories import (
    make_article,
    make_author,
    make_organisation,
    make_region,
    make_section,
)

pytestmark = pytest.mark.django_db
SCALARS = [
    "headline",
    "standfirst",
    "kicker",
    "dateline_place",
    "lead_caption",
    "seo_title",
    "seo_description",
]
TIMES = {"embargo_until": "2031-0{}-01T06:00", "due_at": "2031-0{}-02T06:00"}
PEOPLE = ["Ann", "Bek", "Cholpon", "Dana"]
AGENCIES = ["24.kg", "Kabar", "Hurriyet"]
REGIONS = ["Osh", "Naryn", "Talas"]
TAGS = ["Snow", "Roads", "Water", "Ice"]


def opened(desk, story):
    """The form as a browser has it before it: name -> value, and its rows as lists of dicts."""
    form = desk.get(address(story), {"version": "live"} if story.is_live else {}).context["form"]
    data = {}
    for bound in form:
        value = bound.field.widget.format_value(bound.value())
        if bound.widget_type == "checkbox":
            data |= {bound.html_name: "on"} if bound.value() else {}
        else:
            data[bound.html_name] = value[0] if isinstance(value, list) else value or ""
    rows = {
        rows.prefix: [
            {name: row[name].value() or "" for name in row.fields if name not in {"DELETE", "make"}}
            for row in rows
            if row["name"].value()
        ]
        for rows in (form.credits, form.sources)
    }
    return data, rows


def posted(data, rows):
    data = dict(data)
    for prefix, given in rows.items():
        data |= {f"{prefix}-TOTAL_FORMS": len(given), f"{prefix}-INITIAL_FORMS": 0}
        for number, row in enumerate(given):
            row = {**row, "position": number + 1}
            data |= {f"{prefix}-{number}-{n}": v for n, v in row.items() if v not in (False, "")}
    return data


class Person:
    """One of two at work: what they do to the form, and where they did it."""

    def __init__(self, name, desk, story, dice):
        self.name, self.desk, self.dice = name, desk, dice
        self.data, self.rows = opened(desk, story)
        self.paragraphs = [[n, words] for n, words in enumerate(text_of(story))]
        self.places = {}  # what was changed -> how
        self.words = []  # in the text, which readers would miss

    def work(self):
        kinds = [self.field, self.paragraph, self.paragraph, self.credit, self.source, self.names]
        kinds.append(self.time)
        for _ in range(self.dice.randint(1, 4)):
            self.dice.choice(kinds)()
        self.data["body"] = "".join(f"<p>{words}</p>" for _, words in self.paragraphs)
        return posted(self.data, self.rows)

    def new_word(self):
        word = f"{self.name}{self.dice.randrange(10**9)}"
        self.words.append(word)
        return word

    def field(self):
        name = self.dice.choice(SCALARS)
        self.data[name] = f"{self.name}{self.dice.randrange(10**6)}"
        self.places[name] = self.data[name]

    def time(self):
        name = self.dice.choice([name for name in TIMES if name in self.data])
        self.data[name] = TIMES[name].format(self.dice.randint(1, 9))
        self.places[name] = self.data[name]

    def paragraph(self):
        what = self.dice.choice(["change", "change", "insert", "remove"])
        at = self.dice.randrange(len(self.paragraphs) + 1)
        if what == "insert" or at == len(self.paragraphs):
            self.paragraphs.insert(at, [None, f"A new one by {self.new_word()}."])
            return
        number, words = self.paragraphs[at]
        if number is None:
            return
        if what == "remove":
            self.paragraphs.pop(at)
            self.places[("paragraph", number)] = None
        else:
            self.paragraphs[at][1] = f"{words} Also {self.new_word()}."
            self.places[("paragraph", number)] = self.paragraphs[at][1]

    def credit(self):
        self._row("bylines", PEOPLE, "role", ["author", "editor", "translator"])

    def source(self):
        self._row("citations", AGENCIES, "relation", ["cites", "based on", "photo from"])

    def _row(self, prefix, names, key, values):
        name = self.dice.choice(names)
        rows = [row for row in self.rows[prefix] if row["name"] != name]
        value = self.dice.choice([None, *values])
        if value is not None:
            rows.append({"name": name, key: value})
        self.rows[prefix] = rows
        self.places[(prefix, name)] = value

    def names(self):
        field, names = self.dice.choice([("tags", TAGS), ("regions", REGIONS)])
        present = [name for name in self.data[field].split(", ") if name]
        name = self.dice.choice(names)
        present = [n for n in present if n != name] if name in present else [*present, name]
        self.data[field] = ", ".join(present)
        self.places[(field, name)] = name in present


def text_of(story):
    return story.body.removeprefix("<p>").removesuffix("</p>").split("</p><p>")


def both_changed(one, other, before):
    """Scalars, times and paragraphs that both changed, each to something else."""
    return [
        place
        for place in one.places.keys() & other.places.keys()
        if one.places[place] != other.places[place]
        and (isinstance(place, str) or place[0] == "paragraph")
        and before.get(place, "") not in (one.places[place], other.places[place])
    ]


def make_a_story(number):
    return make_article(
        status=("draft", "in_review", "published")[number % 3],
        headline="Snow falls",
        body="".join(
            f"<p>Paragraph {word} of the story says what happened there.</p>"
            for word in ("one", "two", "three", "four", "five")
        ),
        authors=[Author.objects.get(name=PEOPLE[0])],
        regions=[Region.objects.get(name=REGIONS[0])],
        tags=TAGS[:2],
    )


def newsroom():
    make_section(name="Politics")
    for name in PEOPLE:
        make_author(name=name)
    for name in REGIONS:
        make_region(name=name)
    for name in AGENCIES:
        make_organisation(name=name)


def one_pair(seed):
    dice = random.Random(seed)
    story = make_a_story(seed)
    before = {f: getattr(story, f) for f in SCALARS}
    a = Person("a", signed_in(), story, dice)
    b = Person("b", signed_in(), story, dice)
    first = a.desk.post(address(story), a.work())
    assert first.status_code == 302, first.context["summary"]
    response = b.desk.post(address(story), b.work())
    must_show = both_changed(a, b, before)
    if must_show:
        assert response.status_code == 409, (seed, must_show)
    rounds, taken = 0, []
    while response.status_code == 409:
        rounds += 1
        assert rounds < 4, seed
        shown = str(response.context["places"])
        names = choices(response)
        decided = {name: dice.choice(["mine", "theirs"]) for name in names}
        taken += list(decided.values())
        # All that collides stands on the page, in both forms.
        for place in must_show:
            for person in (a, b):
                words = person.places[place]
                if words and place not in TIMES:
                    assert words.split()[-1] in shown, (seed, place)
        response = b.desk.post(address(story), carried(response) | decided)
    assert response.status_code == 302, (seed, response.context["summary"])
    now = Article.objects.get(pk=story.pk)
    kept = [r.content["fields"]["body"] for r in Revision.objects.filter(article=story)]
    for word in a.words:
        assert any(word in body for body in kept), (seed, word)
    for person in (a, b):
        missing = [w for w in person.words if w not in now.body and alive(w, person)]
        # A word is gone only where somebody decided against it, or removed what it stood in.
        assert not missing or taken or removed(a, b), (seed, person.name, missing)
    if not taken:
        for word in [w for w in b.words if alive(w, b)]:
            assert word in now.body, (seed, word)
        for word in [w for w in a.words if alive(w, a)]:
            assert word in now.body, (seed, word)
    assert versions.current(now).content == versions.snapshot(now)
    return bool(must_show), bool(taken)


def alive(word, person):
    """Whether a word still stood in what the person posted: they may have removed it again."""
    return word in person.data["body"]


def removed(a, b):
    return any(v is None for p in (a, b) for k, v in p.places.items() if k[0] == "paragraph")


def run(seeds):
    newsroom()
    shown = [one_pair(seed) for seed in seeds]
    # A run in which nothing collides, or nothing goes together, would show nothing.
    assert any(collided for _, collided in shown)
    assert not all(collided for _, collided in shown)


def test_pairs_of_edits_lose_nothing():
    run(range(8))


@pytest.mark.long
@pytest.mark.parametrize("first", range(1000, 1200, 20))
def test_two_hundred_pairs_of_edits_lose_nothing(first):
    run(range(first, first + 20))
