"""Random pairs of edits of one story: no acknowledged word is lost, every collision is shown."""

import datetime
import random

import pytest

from articles import autosaves, clock, versions
from articles.models import Article, Autosave, Region, Revision
from authors.models import Author
from tests.articles.test_desk import LIST, address, said, signed_in
from tests.articles.test_several import sent
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
GOES_LIVE = "2031-0{}-03T06:00"
STATES = ["draft", "in_review", "published", "scheduled", "ready"]
DONE = {"schedule": "It is scheduled.", "unschedule": "It is ready, without a time."}
MOVED = "The embargo moves its time."
OVERTAKEN = "Meanwhile Aida has changed its state"
PEOPLE = ["Ann", "Bek", "Cholpon", "Dana"]
AGENCIES = ["24.kg", "Kabar", "Hurriyet"]
REGIONS = ["Osh", "Naryn", "Talas"]
TAGS = ["Snow", "Roads", "Water", "Ice"]


def opened(desk, story, **query):
    """The form as a browser has it before it: name -> value, and its rows as lists of dicts."""
    query |= {"version": "live"} if story.is_live else {}
    page = desk.get(address(story), query).context
    form, data = page["form"], {"_passed": [] if page["problems"] else page["warning_codes"]}
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
        self.name, self.desk, self.dice, self.story = name, desk, dice, story
        self.data, self.rows = opened(desk, story)
        self.paragraphs = [[n, words] for n, words in enumerate(text_of(story))]
        self.places = {}  # what was changed -> how
        self.words = []  # in the text, which readers would miss
        self.life = life_of(story)  # as the form was opened
        self.turn = 0  # of the clock of the browser

    def work(self):
        kinds = [self.field, self.paragraph, self.paragraph, self.credit, self.source, self.names]
        kinds.append(self.time)
        for _ in range(self.dice.randint(1, 4)):
            self.dice.choice(kinds)()
        self.data["body"] = "".join(f"<p>{words}</p>" for _, words in self.paragraphs)

    def wish(self):
        """A change of the schedule: the button that is pressed, and the time that is typed."""
        at = GOES_LIVE.format(self.dice.randint(1, 9))
        preset = clock.instants(datetime.datetime.fromisoformat(at))[0].isoformat()
        ways = [("schedule", at), (f"schedule {preset}", "")]
        if self.life["status"] == "published":
            ways.append(("unschedule", ""))
        return dict(zip(("_move", "schedule-at"), self.dice.choice(ways), strict=True))

    def send(self, verb="change", **more):
        self.turn += 1
        data = posted(self.data, self.rows) | {"_turn": self.turn} | more
        return self.desk.post(address(self.story, verb), data)

    def is_kept(self, **more):
        """Whether the server keeps what stands in the form, as the page asks it while one types."""
        row = Article.objects.values().get(pk=self.story.pk)
        answer = self.send("autosave", **more).json()["is_kept"]
        assert Article.objects.values().get(pk=self.story.pk) == row
        return answer

    def loses_the_page(self):
        """The browser is gone with the form; what was kept is taken back into a new one."""
        form_id = self.data["form_id"]
        if autosaves.find(self.desk.user, self.story, form_id) is None:
            return
        typed = posted(self.data, self.rows)
        self.data, self.rows = opened(self.desk, self.story, take_back=form_id)
        again = posted(self.data, self.rows)
        assert {n: v for n, v in typed.items() if n != "_passed"}.items() <= again.items()

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


def life_of(story):
    return versions.life_of(Article.objects.get(pk=story.pk))


def names_in(story, field):
    return {thing.name for thing in getattr(story, field).all()}


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
        status=STATES[number % len(STATES)],
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


def saves_the_form(person):
    """They type, which is kept, and save; what was on its way comes in late. Perhaps with a step."""
    person.work()
    person.is_kept()
    before = life_of(person.story)
    wish = person.wish() if may_wish(person) else {}
    response = person.send(**wish)
    assert response.status_code == 302, response.context["summary"]
    assert not person.is_kept(_turn=person.turn - 1)
    check_schedule(person, response, wish, before)


def uses_the_schedule_sheet(person):
    """A step alone: nothing else of the form is saved."""
    if person.story.is_live:
        saves_the_form(person)
        return
    before, wish = life_of(person.story), person.wish()
    data = wish | {name: person.data[name] for name in ("version", "_passed")}
    check_schedule(person, person.desk.post(address(person.story, "move"), data), wish, before)


def acts_on_several(person):
    """An action of the list of stories, as it was opened when the form was."""
    field, names = person.dice.choice([("tags", TAGS), ("regions", REGIONS)])
    name, story = person.dice.choice(names), person.story
    person.desk.post(LIST, sent(f"add {field}", story, **{field: name}))
    assert name in names_in(story, field)
    person.places[(field, name)] = True


# What the first of the two does while the other has the form open. Whatever else can change a story
# from beside its form is one more function here.
BETWEEN = [*[saves_the_form] * 3, uses_the_schedule_sheet, acts_on_several]


def may_wish(person):
    return not person.story.is_live and person.dice.random() < 0.5


def check_schedule(person, response, wish, before):
    """A step is taken as it was chosen and said so, or it is said why it was not; nothing is moved
    silently. ``before``: state and time just before the step."""
    messages = " ".join(said(person.desk.get(response.url)))
    story = Article.objects.get(pk=person.story.pk)
    after, (move, _, preset) = versions.life_of(story), wish.get("_move", "").partition(" ")
    is_overtaken = person.life != before
    assert (OVERTAKEN in messages) == (bool(wish) and is_overtaken), messages
    if wish and DONE[move] in messages:
        assert not is_overtaken
        at = wish["schedule-at"] or preset
        wanted = clock.local(story.published_at).isoformat() if story.published_at else ""
        assert wanted.startswith(at) or datetime.datetime.fromisoformat(at) == story.published_at
        assert story.status == ("published" if move == "schedule" else "ready")
        return
    if wish:
        told = ["Not scheduled yet", "Look at the warnings", OVERTAKEN]
        # Or the other's words would have gone out with it, unseen.
        has_unseen = "your step was not taken" in messages and "That stands" in messages
        assert has_unseen or any(words in messages for words in told), messages
    if after != before:
        assert MOVED in messages
        assert story.published_at == story.embargo_until


def one_pair(seed):
    dice = random.Random(seed)
    story = make_a_story(seed)
    before = {f: getattr(story, f) for f in SCALARS}
    a = Person("a", signed_in(first_name="Aida"), story, dice)
    b = Person("b", signed_in(first_name="Bek"), story, dice)
    b.work()
    if dice.random() < 0.5:
        assert b.is_kept()
        b.work()
    dice.choice(BETWEEN)(a)
    if dice.random() < 0.5:
        assert b.is_kept()
        assert [typed.form_id for typed in autosaves.kept(a.desk.user, story)] == []
        if dice.random() < 0.5:
            b.loses_the_page()
            b.work()
    life = life_of(story)
    wish = b.wish() if may_wish(b) else {}
    response = b.send(**wish)
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
        assert response.context["move"] == wish.get("_move", "")
        if dice.random() < 0.5:
            wish = {}
        decided |= {"_move": wish["_move"]} if wish else {"_save": "1"}
        response = b.desk.post(address(story), carried(response) | decided)
    assert response.status_code == 302, (seed, response.context["summary"])
    check_schedule(b, response, wish, life)
    # What is in the story waits nowhere to be taken back.
    assert not Autosave.objects.filter(article=story).exists(), seed
    now = Article.objects.get(pk=story.pk)
    kept = [r.content["fields"]["body"] for r in Revision.objects.filter(article=story)]
    for word in [w for w in a.words if alive(w, a)]:
        assert any(word in body for body in kept), (seed, word)
    for person in (a, b):
        missing = [w for w in person.words if w not in now.body and alive(w, person)]
        # A word is gone only where somebody decided against it, or removed what it stood in.
        assert not missing or taken or removed(a, b), (seed, person.name, missing)
    if "theirs" not in taken:
        for word in [w for w in b.words if alive(w, b)]:
            assert word in now.body, (seed, word)
    if not taken:
        for word in [w for w in a.words if alive(w, a)]:
            assert word in now.body, (seed, word)
    for one, other in ((a, b), (b, a)):
        for place, is_there in one.places.items():
            if place[0] in {"tags", "regions"} and place not in other.places:
                assert (place[1] in names_in(now, place[0])) == is_there, (seed, place)
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
