"""One person at one story, half a second away from the site: nobody else is there, so nothing collides.

Over real HTTP, with all that may come late or twice: what is kept while they type, a second click,
words typed while the save is on its way, and the clock, by which the story goes live meanwhile.
"""

import http.client
import json
import random
import re
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from html.parser import HTMLParser
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urlsplit

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from articles import autosaves, clock
from articles.models import Article
from tests.articles.test_desk import ADD, HOUR
from tests.factories import make_author, make_region, make_section, make_user

LATENCY = 0.5  # seconds on the way to the site
SAVES = 10  # of a story
GOES_LIVE = 5  # after this save
OFFER = "You typed this at"
ALARMS = ["Changed by two", "Meanwhile", "after you had opened it", 'id="summary"']


class Form(HTMLParser):
    """What a browser would send of the story's form on a page: name -> value."""

    def __init__(self, page):
        super().__init__()
        self.fields, self.is_inside, self.templates, self.name, self.words = {}, False, 0, None, ""
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        about = dict(attributes)
        if tag == "form":
            self.is_inside = about.get("id") == "article_form"
        self.templates += tag == "template"
        if not self.is_inside or self.templates:
            return
        name, kind = about.get("name"), about.get("type")
        if tag == "input" and name and (kind not in {"checkbox", "radio"} or "checked" in about):
            self.fields[name] = about.get("value") or ""
        elif tag == "select":
            self.name = name
        elif (
            tag == "option" and self.name and ("selected" in about or self.name not in self.fields)
        ):
            self.fields[self.name] = about.get("value") or ""
        elif tag == "textarea":
            self.name, self.words = name, ""

    def handle_data(self, data):
        self.words += data

    def handle_endtag(self, tag):
        self.templates -= tag == "template"
        if tag == "textarea" and self.name:
            # The line end after the tag is no part of it.
            self.fields[self.name] = self.words.removeprefix("\n")
        if tag in {"textarea", "select"}:
            self.name = None
        if tag == "form":
            self.is_inside = False


class Browser:
    """A signed-in browser with a story's form in it: ``page`` as it was sent, ``form`` as typed."""

    def __init__(self, site, user, seed):
        client = Client()
        client.force_login(user)
        self.user = user
        self.cookies = {name: morsel.value for name, morsel in client.cookies.items()}
        self.host, self.dice = urlsplit(site).netloc, random.Random(seed)
        self.turn, self.stories, self.sent, self.way = 0, [], 0, None

    # The line

    def ask(self, path, data=None, *, late=0.0):
        """(path, page) that an answer leads to."""
        time.sleep(LATENCY + late)
        while True:
            line = http.client.HTTPConnection(self.host, timeout=120)
            headers = {"Cookie": "; ".join(f"{n}={v}" for n, v in self.cookies.items())}
            if data is not None:
                headers["Content-Type"] = "application/x-www-form-urlencoded"
            method, body = ("GET", None) if data is None else ("POST", urlencode(data))
            line.request(method, path, body, headers)
            answer = line.getresponse()
            page = answer.read().decode()
            line.close()
            for words in answer.headers.get_all("Set-Cookie", []):
                for name, morsel in SimpleCookie(words).items():
                    self.cookies[name] = morsel.value
            if answer.status != 302:
                break
            path, data = answer.headers["Location"], None
        found = [words for words in ALARMS if words in page]
        said = re.findall(r'<li><a href="#id[^<]+|<li class="(?:error|warning|info)[^<]+', page)
        assert (answer.status, found) == (200, []), (path, self.way.__name__, self.sent, said)
        return path, page

    def at_once(self, *calls):
        with ThreadPoolExecutor(len(calls)) as pool:
            return [one.result() for one in [pool.submit(call) for call in calls]]

    # The form

    def open(self, path):
        self.show(*self.ask(path))

    def show(self, path, page):
        self.path, self.page, self.form = path.partition("?")[0], page, Form(page).fields

    def type(self):
        """A word more in a paragraph that was there, or in the headline."""
        self.words.append(f"w{len(self.words)}w")
        text, place = self.form["body"], self.dice.choice(["One", "Two", "headline"])
        if place == "headline":
            self.form["headline"] += f" {self.words[-1]}"
        else:
            self.form["body"] = text.replace(place, f"{place} {self.words[-1]}", 1)
        self.turn += 1

    def keep(self, *, late=0.0):
        """What the page sends while somebody types."""
        data, path = {**self.form, "_turn": self.turn}, self.path.replace("/change/", "/")
        return lambda: json.loads(self.ask(f"{path}autosave/", data, late=late)[1])

    def send(self, *, late=0.0, **more):
        self.turn += 1
        self.sent += 1
        data = {**self.form, "_turn": self.turn, **(more or {"_save": "1"})}
        return lambda: self.ask(self.path, data, late=late)

    # One save, with what may come in between

    def save(self, **more):
        self.type()
        self.way = self.dice.choice([self.calmly, self.late, self.twice, self.typing_on])
        self.show(*self.way(more))
        if OFFER in self.page:
            # They typed on: that is taken back, and saved with the next.
            form_id = re.search(r"take_back=([0-9a-f]{32})", self.page)[1]
            self.open(f"{self.path}?take_back={form_id}")

    def calmly(self, more):
        self.keep()()
        self.type()
        return self.send(**more)()

    def late(self, more):
        """What was kept before comes in before, while or after what is saved."""
        kept = [self.keep(late=self.dice.uniform(0, 0.6)), self.keep(late=0.1)]
        self.type()
        *_kept, answer = self.at_once(*kept, self.send(late=self.dice.uniform(0, 0.4), **more))
        return answer

    def twice(self, more):
        send = self.send(**more)
        return self.at_once(send, send, self.keep())[0]

    def typing_on(self, more):
        send = self.send(**more)
        self.type()
        answer, _kept = self.at_once(send, self.keep(late=0.4))
        return self.ask(answer[0])

    # A story from its first words on

    def write(self):
        self.words = []
        self.open(ADD)
        self.form |= {"headline": "Snow", "body": "<p>One.</p><p>Two.</p>", "regions": "Osh"}
        self.form |= {"bylines-0-name": "Ann", "section": self.section}
        for number in range(1, SAVES + 1):
            if number == GOES_LIVE:
                self.form["schedule-at"] = f"{clock.local(timezone.now() + HOUR):%Y-%m-%dT%H:%M}"
                self.save(_move="schedule")
                assert "chip--scheduled" in self.page
                self.type()
                self.two_hours_later.wait()
            else:
                self.save()
            assert ("chip--live" in self.page) == (number > GOES_LIVE)
        # The last words that were typed on.
        self.show(*self.send()())
        self.stories.append((int(self.path.split("/")[-3]), self.words, self.page))


def is_of_the_gate(error):
    return isinstance(error, threading.BrokenBarrierError)


def everybody_writes(site, people, stories):
    """Each their stories, all at once; returns how many forms were saved."""
    section, _ann, _osh = make_section(), make_author(name="Ann"), make_region(name="Osh")
    browsers = [Browser(site, make_user("editor"), seed) for seed in range(people)]
    with time_machine.travel(timezone.now()) as now:
        # The clock is moved when everybody has a scheduled story open.
        gate = threading.Barrier(people, lambda: now.shift(2 * HOUR))

        def work(browser):
            browser.section, browser.two_hours_later = str(section.pk), gate
            try:
                for _ in range(stories):
                    browser.write()
            except BaseException:
                gate.abort()
                raise

        with ThreadPoolExecutor(people) as pool:
            done = [pool.submit(work, browser) for browser in browsers]
        # What went wrong for one, before what the others say of a gate that stays shut.
        errors = sorted(filter(None, (one.exception() for one in done)), key=is_of_the_gate)
        if errors:
            raise errors[0]
        for browser in browsers:
            for number, words, page in browser.stories:
                assert OFFER not in page
                check(Article.objects.get(pk=number), browser.user, words)
    assert Article.objects.count() == people * stories
    return sum(browser.sent for browser in browsers)


def check(story, user, words):
    assert story.is_live
    assert set(re.findall(r"w\d+w", story.headline + story.body)) == set(words)
    assert autosaves.kept(user, story) == []
    # Each save once, the step, and the last words.
    assert story.revisions.count() == SAVES + 2


@pytest.mark.django_db(transaction=True)
def test_one_person_on_a_slow_line_meets_no_conflict(site):
    assert everybody_writes(site, people=2, stories=1) == 2 * (SAVES + 1)


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
def test_five_hundred_saves_on_a_slow_line_meet_no_conflict(site):
    assert everybody_writes(site, people=5, stories=10) == 550
