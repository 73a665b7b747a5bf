"""How long searches take with the stories of twenty years: ``make bench-search``.

Fills a throwaway database (SQLite; PostgreSQL where DATABASE_URL leads to an empty one), indexes it and
prints for each search its queries and the median of its milliseconds. Figures to read, not a test.
"""

import os
import random
import statistics
import sys
import tempfile
import time

import django

FOLDER = tempfile.TemporaryDirectory(prefix="bench-search-")
os.environ["VAR_DIR"] = FOLDER.name
os.environ["LOG_LEVEL"] = "ERROR"
os.environ.setdefault("DATABASE_URL", f"sqlite:///{FOLDER.name}/search.sqlite3")
os.environ["DJANGO_SETTINGS_MODULE"] = "newsroom.settings"
django.setup()

# What is below needs the settings that are above.
from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

from articles import publishing  # noqa: E402
from articles.models import Article  # noqa: E402
from articles.search import index  # noqa: E402
from authors.models import User  # noqa: E402
from benchmarks import desk  # noqa: E402

ROUNDS = 7
SEARCHES = {
    "no words": "/search/",
    "a word of six stories": "/search/?q=needleword",
    "a word of most stories": "/search/?q=river",
    "the same, newest first": "/search/?q=river&sort=date",
    "the same, in the last page": "/search/?q=river&page=100",
    "three words of most stories": "/search/?q=river+water+border",
    "a phrase": "/search/?q=%22river+water%22",
    "a word of most without another": "/search/?q=river+-road",
    "a word of most in a section": "/search/?q=river&section=section-3",
    "a word of most in a country": "/search/?q=river&region=country-3",
    "a word of most with a tag": "/search/?q=river&tag=tag-77",
    "a word of most by a rare person": "/search/?q=river&author=person-1999",
    "a word of most of one year": "/search/?q=river&from=2015&to=2015",
    "a place alone": "/search/?region=province-7",
    "a name": "/search/?q=Person+1234",
    "a name in the other alphabet": "/search/?q=Needlevord",
    "a Russian word form": "/ru/search/?q=%D1%80%D0%B5%D0%BA%D0%BE%D0%B9",
    "a word in error": "/search/?q=neddleword",
    "nothing": "/search/?q=zyzzyva+quokka",
    "suggestion, two letters": "/search/suggest/?q=ri",
    "suggestion, a word": "/search/suggest/?q=river",
    "suggestion, a rare word": "/search/suggest/?q=needle",
    "suggestion, two words": "/search/suggest/?q=river+wat",
}


def vary():
    """Give each story a text of its own, of which some words are in most and some in few."""
    dice = random.Random(2)
    rare = [f"{desk.words('en', 1, dice)}{number:x}ish" for number in range(30_000)]
    rows = Article.objects.order_by("pk").only("pk", "language", "body")
    some = []
    for story in rows.iterator(chunk_size=desk.BATCH):
        own = " ".join(dice.choices(rare, k=40))
        story.body = f"<p>{desk.words(story.language, 300, dice)} {own}</p>"
        some.append(story)
        if len(some) == desk.BATCH:
            Article.objects.bulk_update(some, ["body"], batch_size=200)
            some = []
    Article.objects.bulk_update(some, ["body"], batch_size=200)


def measure():
    settings.ALLOWED_HOSTS = ["testserver"]
    client = Client()
    print(f"{'search':<34}{'queries':>8}{'ms':>8}{'of it SQL':>11}{'longest':>9}")
    for name, address in SEARCHES.items():
        client.get(address)
        taken = []
        for _round in range(ROUNDS):
            started = time.perf_counter()
            response = client.get(address)
            taken.append((time.perf_counter() - started) * 1000)
        assert response.status_code == 200, (name, response.status_code)
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        spent = [float(query["time"]) * 1000 for query in queries]
        print(
            f"{name:<34}{len(queries):>8}{statistics.median(taken):>8.0f}"
            f"{sum(spent):>11.0f}{max(spent):>9.0f}"
        )


def measure_saving():
    """A live story saved again, of which its entry is a part."""
    by = User.objects.filter(groups__name="chief editor").first()
    taken = []
    for story in Article.objects.published().order_by("-pk")[:ROUNDS]:
        started = time.perf_counter()
        index.refresh([story.pk])
        own = (time.perf_counter() - started) * 1000
        publishing.save(story, by=by)
        publishing.record(story, by=by)
        taken.append((own, (time.perf_counter() - started) * 1000 - own))
    entry, saved = (statistics.median(column) for column in zip(*taken, strict=True))
    print(f"\na live story saved: {saved:.0f} ms, of which its entry {entry:.0f}")


if __name__ == "__main__":
    many = int(sys.argv[1]) if len(sys.argv) > 1 else desk.STORIES
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    if Article.objects.exists():
        sys.exit("This database has stories. A benchmark fills an empty one.")
    desk.fill(many)
    vary()
    started = time.perf_counter()
    index.rebuild()
    seconds = time.perf_counter() - started
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    print(f"{connection.vendor}, {many:,} stories, indexed in {seconds:.0f} s\n")
    measure()
    measure_saving()
