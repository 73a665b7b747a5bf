"""All roles try all moves in any order while the clock runs; after every step the promises hold."""

import datetime
import itertools

import hypothesis.strategies as st
import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from articles import publishing, versions
from articles.models import Article, Byline, Revision
from images.models import Use
from tests.factories import make_author, make_image, make_section, make_user

pytestmark = pytest.mark.django_db
HOUR = datetime.timedelta(hours=1)
START = datetime.datetime(2026, 3, 2, 6, tzinfo=datetime.UTC)
ROLES = ["reporter", "stranger", "editor", "chief editor", "administrator"]
EDITORS = {"editor", "chief editor"}
OWN = {"reporter", *EDITORS}
CHIEFS = {"chief editor"}
# Who may at most: whatever else is in the way, nobody else's move may ever succeed.
MOVES = {
    "submit": (OWN, lambda s, by: publishing.submit(s, by=by)),
    "take_back": (OWN, lambda s, by: publishing.take_back(s, by=by)),
    "return": (EDITORS, lambda s, by: publishing.return_(s, by=by, note="More.")),
    "approve": (EDITORS, lambda s, by: publishing.approve(s, by=by)),
    "publish": (EDITORS, lambda s, by: publishing.publish(s, by=by)),
    "schedule": (
        EDITORS,
        lambda s, by: publishing.publish(s, by=by, at=timezone.now() + 2 * HOUR),
    ),
    "unschedule": (EDITORS, lambda s, by: publishing.unschedule(s, by=by)),
    "correct": (
        EDITORS,
        lambda s, by: publishing.correct(s, by=by, kind="correction", text="It was Osh."),
    ),
    "pull": (EDITORS, lambda s, by: publishing.pull(s, by=by)),
    "release": (EDITORS, lambda s, by: publishing.release(s, by=by)),
    "withdraw": (
        CHIEFS,
        lambda s, by: publishing.withdraw(s, by=by, reason="It was wrong.", shows_headline=False),
    ),
    "retract": (CHIEFS, lambda s, by: publishing.retract(s, by=by, reason="It was wrong.")),
    "spike": (EDITORS, lambda s, by: publishing.spike(s, by=by)),
    "unspike": (EDITORS, lambda s, by: publishing.unspike(s, by=by)),
    "submit_version": (OWN, lambda s, by: publishing.submit_version(s, by=by)),
    "take_back_version": (OWN, lambda s, by: publishing.take_back_version(s, by=by)),
    "return_version": (EDITORS, lambda s, by: publishing.return_version(s, by=by, note="More.")),
    "approve_version": (EDITORS, lambda s, by: publishing.approve_version(s, by=by)),
    "schedule_version": (
        EDITORS,
        lambda s, by: publishing.approve_version(s, by=by, at=timezone.now() + HOUR),
    ),
    "unschedule_version": (EDITORS, lambda s, by: publishing.unschedule_version(s, by=by)),
    "drop_version": (OWN, lambda s, by: publishing.drop_version(s, by=by)),
}
REFUSALS = (PermissionDenied, publishing.Refused, publishing.Collided)


class Workflow(RuleBasedStateMachine):
    stories = Bundle("stories")

    def __init__(self):
        super().__init__()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.travel = time_machine.travel(START, tick=False)
        self.clock = self.travel.start()
        self.numbers = itertools.count(1)
        self.client = Client()
        self.saved = {}  # story -> words of acknowledged saves
        self.status = {}
        self.addresses = {}
        self.first = {}

    def teardown(self):
        self.travel.stop()
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)

    @initialize()
    def newsroom(self):
        self.users = {role: make_user("reporter" if role == "stranger" else role) for role in ROLES}
        self.person = make_author(user=self.users["reporter"])
        self.section = make_section(name="Politics", slug="politics")

    def word(self):
        return f"Word{next(self.numbers)}x"

    @rule(target=stories)
    def write(self):
        word = self.word()
        story = Article(headline=word, body=f"<p>{word}</p>", section=self.section)
        story.lead_image = make_image()
        publishing.save(story, by=self.users["reporter"])
        Byline.objects.create(article=story, author=self.person)
        publishing.record(story, by=self.users["reporter"])
        self.saved[story.pk] = [word]
        self.status[story.pk] = "draft"
        return story.pk

    @rule(story=stories, role=st.sampled_from(ROLES))
    def save(self, story, role):
        story, word = Article.objects.get(pk=story), self.word()
        story.headline, story.body = word, f"<p>{word}</p>"
        try:
            with transaction.atomic():
                publishing.save(story, by=self.users[role], opened_at=story.version)
                publishing.record(story, by=self.users[role])
        except REFUSALS:
            return
        assert role in OWN
        self.saved[story.pk].append(word)

    @rule(story=stories, role=st.sampled_from(ROLES))
    def write_the_next_version(self, story, role):
        story, word = Article.objects.get(pk=story), self.word()
        old = versions.pending(story)
        content = old.content if old else versions.snapshot(story)
        content["fields"] |= {"headline": word, "body": f"<p>{word}</p>"}
        try:
            publishing.propose(story, by=self.users[role], content=content, began=old)
        except REFUSALS:
            return
        assert role in OWN
        self.saved[story.pk].append(word)

    @rule(story=stories, role=st.sampled_from(ROLES), hours=st.integers(-1, 3))
    def set_an_embargo(self, story, role, hours):
        story = Article.objects.get(pk=story)
        before = story.embargo_until
        story.embargo_until = timezone.now() + hours * HOUR
        try:
            with transaction.atomic():
                publishing.save(story, by=self.users[role])
                publishing.record(story, by=self.users[role])
        except REFUSALS:
            return
        now = Article.objects.get(pk=story.pk).embargo_until
        assert now == before or role in EDITORS

    @rule(story=stories, role=st.sampled_from(ROLES), move=st.sampled_from(sorted(MOVES)))
    def move(self, story, role, move):
        self._move(story, role, move)

    @rule(story=stories, move=st.sampled_from(sorted(MOVES)))
    def move_by_a_chief(self, story, move):
        self._move(story, "chief editor", move)

    def _move(self, number, role, move):
        allowed, act = MOVES[move]
        story = Article.objects.get(pk=number)
        before, lines = story.status, story.transitions.count()
        was = Article.objects.filter(pk=number).values().get()
        try:
            with transaction.atomic():
                act(story, self.users[role])
        except REFUSALS:
            assert Article.objects.filter(pk=number).values().get() == was
            assert story.transitions.count() == lines
            return
        assert role in allowed, (role, move)
        written = list(story.transitions.all()[: story.transitions.count() - lines])
        assert len([line for line in written if line.move != "next version"]) == 1
        story.refresh_from_db()
        assert written[-1].before == before
        assert written[0].after == story.status
        self.status[number] = story.status

    @rule(hours=st.integers(1, 3))
    def time_goes_by(self, hours):
        self.clock.shift(hours * HOUR)

    # What must hold

    def answer(self, path):
        response = self.client.get(path)
        assert response.status_code < 500
        return response.status_code, response.content.decode()

    @invariant()
    def readers_see_what_is_public_and_nothing_else(self):
        if not self.saved:
            return
        pages = ["/", "/rss.xml", "/sections/politics/", f"/authors/{self.person.slug}/"]
        pages += [f"{timezone.now():/%Y/%m/}", "/corrections/"]
        answers = [self.answer(path)[1] for path in pages]
        lists = "".join(answers)
        for story in Article.objects.all():
            on_lists = story.status == "published" and story.is_live
            has_page = on_lists or (story.status == "retracted" and story.is_live)
            assert (story.headline in answers[2]) == on_lists
            for word in self.saved[story.pk]:
                if word != story.headline or not has_page:
                    assert word not in lists, (word, story.status)
            live = Use.objects.live(timezone.now()).filter(image=story.lead_image_id)
            assert live.exists() == has_page
            if has_page:
                self.addresses.setdefault(story.pk, set()).add(story.get_absolute_url())
            for address in self.addresses.get(story.pk, ()):
                self._check_address(story, address, has_page)

    def _check_address(self, story, address, has_page):
        status, page = self.answer(address)
        if status == 301:
            status, page = self.answer(self.client.get(address).headers["Location"])
        wanted = 200 if has_page else {"withdrawn": 410, "pulled": 404}[story.status]
        assert status == wanted, (story.status, address)
        for word in self.saved[story.pk]:
            if not (has_page and word == story.headline):
                assert word not in page

    @invariant()
    def what_was_saved_can_be_read(self):
        for story, words in self.saved.items():
            kept = {r.content["fields"]["headline"] for r in Revision.objects.filter(article=story)}
            assert set(words) <= kept

    @invariant()
    def state_and_dates_are_those_of_the_audit(self):
        for story in Article.objects.all():
            last = story.transitions.first()
            assert story.status == self.status[story.pk] == (last.after if last else "draft")
            if story.was_public:
                first = self.first.setdefault(story.pk, story.first_published_at)
                assert story.first_published_at == first
            if story.published_at and story.embargo_until:
                assert story.published_at >= story.embargo_until
            row = versions.current(story)
            assert row.content["fields"]["headline"] == story.headline
            assert story.revisions.filter(state__in=Revision.PENDING).count() <= 1


def run(examples, steps, **options):
    run_state_machine_as_test(
        Workflow,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            **options,
        ),
    )


def test_the_workflow_keeps_its_promises():
    run(examples=6, steps=25, derandomize=True)


@pytest.mark.long
def test_the_workflow_keeps_its_promises_for_long():
    run(examples=150, steps=50)
