"""An address is for ever: whatever is renamed, moved, merged, hidden or taken down."""

import random

import pytest
from django.utils.translation import override

from addresses.models import Redirect
from articles import people, publishing, successors
from articles.admin.base import lead_on
from articles.models import Article
from authors.models import Author
from tests.factories import (
    chief,
    make_article,
    make_author,
    make_organisation,
    make_region,
    make_section,
    make_tag,
)

pytestmark = pytest.mark.django_db
LANGUAGES = ("en", "ru")
DOWN = {"pulled": 404, "withdrawn": 410}


class World:
    """Things that have public addresses, and every address that they ever had."""

    def __init__(self, chance):
        self.chance, self.boss = chance, chief()
        self.makers = {
            "author": lambda: make_author(is_listed=True),
            "tag": lambda: make_tag(is_listed=True),
            "organisation": lambda: make_organisation(is_listed=True),
            "region": make_region,
            "section": make_section,
        }
        self.things = {kind: [make() for _ in range(6)] for kind, make in self.makers.items()}
        self.stories = [self.story(language) for language in (*LANGUAGES, "en", "en")]
        self.known = {}  # address -> (model, number)
        self.remember()

    def story(self, language="en"):
        return make_article(
            language=language,
            authors=self.chance.sample(self.things["author"], 2),
            tags=self.chance.sample(self.things["tag"], 2),
            regions=self.chance.sample(self.things["region"], 2),
            section=self.chance.choice(self.things["section"]),
        )

    def remember(self):
        for things in self.things.values():
            for thing in things:
                for language in LANGUAGES:
                    with override(language):
                        self.known[thing.get_absolute_url()] = (type(thing), thing.pk)
        for story in self.stories:
            self.known[story.get_absolute_url()] = (Article, story.pk)
            self.known[f"/a/{story.pk}/"] = (Article, story.pk)

    def step(self, number):
        acts = [self.rename] * 3 + [self.merge, self.hide, self.show, self.move]
        acts += [self.rename_story] * 2 + [self.pull, self.release, self.take_down, self.retract]
        self.chance.choice(acts)(number)
        self.remember()

    def rename(self, number):
        kind = self.chance.choice(list(self.things))
        place = self.chance.randrange(6)
        old = self.things[kind][place]
        new = type(old)._default_manager.get(pk=old.pk)
        taken = self.chance.choice(list(self.known)).rstrip("/").rpartition("/")[2]
        slug = self.chance.choice([f"s{self.chance.randrange(50)}-{number}", taken])
        if type(old)._default_manager.filter(slug=slug).exists():
            return
        new.slug = slug
        new.save()
        lead_on(old, new)
        self.things[kind][place] = new

    def merge(self, number):
        kind = self.chance.choice(["author", "tag", "organisation"])
        old, into = self.chance.sample(self.things[kind], 2)
        if kind == "author" and Author.objects.exclude(hidden_at=None).filter(
            pk__in=[old.pk, into.pk]
        ):
            return
        successors.merge(old, into=into, by=self.boss)
        self.things[kind][self.things[kind].index(old)] = self.makers[kind]()
        into.refresh_from_db()

    def hide(self, number):
        people.hide(self.chance.choice(self.things["author"]), by=self.boss)

    def show(self, number):
        people.show(self.chance.choice(self.things["author"]), by=self.boss)

    def move(self, number):
        below, above = self.chance.sample(self.things["region"], 2)
        below.refresh_from_db()
        above.refresh_from_db()
        if not above.path.startswith(below.path):
            below.parent = above
            below.save()

    def rename_story(self, number):
        story = self.one()
        if story.status == "published":
            story.slug = f"story-{self.chance.randrange(30)}"
            live = Article.objects.filter(address_date=story.address_date, language=story.language)
            if not live.filter(slug=story.slug).exists():
                publishing.save(story, by=self.boss)
                self.keep(story)

    def pull(self, number):
        story = self.one()
        if story.status == "published":
            publishing.pull(story, by=self.boss)

    def release(self, number):
        story = self.one()
        if story.status == "pulled":
            publishing.release(story, by=self.boss)

    def take_down(self, number):
        self.end(publishing.withdraw)

    def retract(self, number):
        self.end(publishing.retract)

    def end(self, act):
        """For good, and another story takes its place among those that change. Seldom."""
        story = self.one()
        if story.status == "published" and self.chance.random() < 0.2:
            act(story, by=self.boss, reason="It was wrong.")
            places = [one.pk for one in self.stories]
            self.stories[places.index(story.pk)] = self.story()

    def one(self):
        return Article.objects.get(pk=self.chance.choice(self.stories).pk)

    def keep(self, story):
        story.refresh_from_db()
        places = [one.pk for one in self.stories]
        self.stories[places.index(story.pk)] = story

    def expected(self, model, number):
        """What must be answered in the end at an address of this thing."""
        thing = model._default_manager.get(pk=number)
        if model is Article:
            return DOWN.get(thing.status, 200)
        while getattr(thing, "merged_into", None) is not None:
            thing = thing.merged_into
        return 404 if getattr(thing, "is_hidden", False) else 200

    def check(self, client, paths):
        table = dict(Redirect.objects.values_list("path", "target"))
        assert not set(table.values()) & set(table), "a second hop, or a loop"
        expected = {}
        for path in paths:
            of = self.known[path]
            if of not in expected:
                expected[of] = self.expected(*of)
            answer = client.get(path)
            if answer.status_code == 301:
                answer = client.get(answer["Location"])
            assert answer.status_code == expected[of], (path, of)


# Ten thousand steps in ten newsrooms, so that two processes share them.
MANY = [pytest.param(seed, 1_000, marks=pytest.mark.long) for seed in range(10)]


@pytest.mark.parametrize(("seed", "steps"), [(11, 60), *MANY])
def test_every_address_that_was_ever_public_leads_somewhere_in_one_hop(client, seed, steps):
    chance = random.Random(seed)
    world = World(chance)
    for number in range(steps):
        world.step(number)
        if number % 50 == 49:
            world.check(client, chance.sample(list(world.known), 40))
    world.check(client, list(world.known))
