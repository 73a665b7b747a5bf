"""How long the desk takes with the stories of twenty years: ``make bench-desk``.

Fills a throwaway database (SQLite; PostgreSQL where DATABASE_URL leads to an empty one) and prints
for each page its queries and the median of its milliseconds. Figures to read, not a test.
"""

import datetime
import itertools
import os
import random
import statistics
import sys
import tempfile
import time

import django

FOLDER = tempfile.TemporaryDirectory(prefix="bench-desk-")
os.environ["VAR_DIR"] = FOLDER.name
os.environ["LOG_LEVEL"] = "ERROR"
os.environ.setdefault("DATABASE_URL", f"sqlite:///{FOLDER.name}/desk.sqlite3")
os.environ["DJANGO_SETTINGS_MODULE"] = "newsroom.settings"
django.setup()

# What is below needs the settings that are above.
from django.conf import settings  # noqa: E402
from django.contrib.auth.models import Group  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from django.urls import reverse  # noqa: E402
from django.utils import timezone  # noqa: E402

from articles.models import (  # noqa: E402
    Article,
    Byline,
    Filing,
    Note,
    Region,
    Revision,
    Section,
    Tag,
)
from articles.models.tag import tag_key  # noqa: E402
from authors.models import Author, Organisation, User  # noqa: E402

STORIES, TAGS, PEOPLE, ORGANISATIONS, LOGINS = 100_000, 5_000, 2_000, 300, 15
ROUNDS = 7
BATCH = 2_000
# What is not live of a hundred thousand.
STATES = {
    "draft": 2_000,
    "in_review": 300,
    "ready": 100,
    "scheduled": 400,
    "pulled": 20,
    "withdrawn": 50,
    "retracted": 100,
    "spiked": 1_000,
}
LATIN = "river water border election talks minister region power market village season road snow"
CYRILLIC = "река вода граница выборы переговоры министр область рынок село сезон дорога снег газ"
NEEDLES = {"en": "Needleword", "ru": "Иголочка"}


def words(language, count, dice):
    return " ".join(dice.choices((LATIN if language == "en" else CYRILLIC).split(), k=count))


def make_many(model, rows):
    rows = iter(rows)
    while some := list(itertools.islice(rows, BATCH)):
        model.objects.bulk_create(some)


def fill(stories):
    """A newsroom of fifteen logins, with ``stories`` stories over twenty years."""
    dice, now = random.Random(1), timezone.now()
    roles = ["reporter"] * 9 + ["editor"] * 4 + ["chief editor"] * 2
    logins = [User.objects.create(username=f"login{n}", is_staff=True) for n in range(LOGINS)]
    for login, role in zip(logins, roles, strict=True):
        login.groups.add(Group.objects.get(name=role))
    sections = [Section.objects.create(name=f"Section {n}") for n in range(10)]
    world = Region.objects.create(name="Central Asia", kind="world region")
    countries = [
        Region.objects.create(name=f"Country {n}", kind="country", parent=world) for n in range(6)
    ]
    regions = countries + [
        Region.objects.create(name=f"Province {n}", parent=countries[n % 6]) for n in range(54)
    ]
    make_many(
        Author,
        (
            Author(
                name=f"Person {n}",
                names={"ru": f"Человек {n}"},
                slug=f"person-{n}",
                user=logins[n] if n < LOGINS else None,
            )
            for n in range(PEOPLE)
        ),
    )
    make_many(
        Organisation,
        (Organisation(name=f"Agency {n}", slug=f"agency-{n}") for n in range(ORGANISATIONS)),
    )
    make_many(
        Tag, (Tag(name=f"Tag {n}", slug=f"tag-{n}", key=tag_key(f"Tag {n}")) for n in range(TAGS))
    )
    people = list(Author.objects.order_by("pk").values_list("pk", flat=True))
    agencies = list(Organisation.objects.values_list("pk", flat=True))
    tags = list(Tag.objects.values_list("pk", flat=True))
    states = [state for state, count in STATES.items() for _n in range(count * stories // STORIES)]
    states += ["live"] * (stories - len(states))
    dice.shuffle(states)
    filler = {language: f"<p>{words(language, 60, dice)}</p>" * 4 for language in NEEDLES}

    def story(number, state):
        language = "ru" if number % 3 == 0 else "en"
        saved = now - datetime.timedelta(minutes=105 * number)
        published = saved - datetime.timedelta(minutes=dice.randrange(5000))
        if state == "scheduled":
            published = now + datetime.timedelta(minutes=10 * number % 20_000 + 5)
        was_out = state not in {"draft", "in_review", "ready", "spiked"}
        needle = f"{NEEDLES[language]} " if number % (stories // 6 + 1) == 5 else ""
        return Article(
            headline=f"{needle}{words(language, 7, dice)} {number}".capitalize(),
            standfirst=words(language, 18, dice),
            slug=f"story-{number}",
            body=filler[language],
            language=language,
            section=dice.choice(sections),
            dateline_place="" if number % 3 == 1 else "Bishkek",
            status={"live": "published", "scheduled": "published"}.get(state, state),
            published_at=published if was_out else None,
            first_published_at=published if was_out else None,
            address_date=Article.date_of_address(published) if was_out else None,
            guid=f"tag:bench.invalid,2026:{number}" if was_out else None,
            down_at=now if state in {"pulled", "withdrawn", "retracted"} else None,
            down_reason="A figure was wrong." if state == "withdrawn" else "",
            entered_by=logins[min(int(dice.expovariate(0.3)), LOGINS - 1)],
            entered_at=saved,
            modified_at=saved,
            due_at=saved if state == "draft" and number % 20 == 0 else None,
            is_restricted=number % 4_000 == 7,
        )

    make_many(Article, (story(number, state) for number, state in enumerate(states)))
    numbers = list(Article.objects.order_by("pk").values_list("pk", "status"))

    def of_people():
        for pk, _status in numbers:
            first = min(int(dice.expovariate(0.004)), PEOPLE - 1)
            yield Byline(article_id=pk, author_id=people[first], position=0)
            if pk % 2:
                yield Byline(
                    article_id=pk,
                    author_id=people[dice.randrange(PEOPLE)],
                    role="translator",
                    position=1,
                    withheld=pk % 500 == 1,
                )
            if pk % 5 == 0:
                yield Byline(article_id=pk, organisation_id=dice.choice(agencies), position=2)

    make_many(Byline, of_people())
    make_many(
        Filing,
        (
            Filing(content_object_id=pk, tag_id=tag)
            for pk, _status in numbers
            for tag in {dice.choice(tags) for _n in range(3)}
        ),
    )
    through = Article.regions.through
    make_many(
        through,
        (
            through(article_id=pk, region_id=region.pk)
            for pk, _status in numbers
            for region in {dice.choice(regions) for _n in range(2)}
        ),
    )
    make_many(
        Revision,
        (
            Revision(
                article_id=pk,
                version=version,
                by=logins[pk % LOGINS],
                content={"schema": 1, "fields": {"headline": "As it was"}},
                state="live" if version == 2 and status == "published" else "past",
            )
            for pk, status in numbers
            for version in (1, 2)
        ),
    )
    make_many(
        Note,
        (
            Note(article_id=pk, text="Name the second source.", kind="return")
            for pk, status in numbers
            if status == "draft" and pk % 4 == 0
        ),
    )
    make_many(
        Note,
        (
            Note(
                article_id=pk,
                text="It was 38, not 36.",
                kind="report",
                closed_at=now if pk % 1000 else None,
            )
            for pk, status in numbers
            if status == "published" and pk % 20 == 0
        ),
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE" if connection.vendor == "sqlite" else "VACUUM ANALYZE")


def pages():
    """``[(name, role, address), ...]`` of what is measured."""
    stories = reverse("admin:articles_article_changelist")
    draft = Article.objects.filter(status="in_review", is_restricted=False).first()
    day = timezone.now() - datetime.timedelta(days=3000)
    old = Article.objects.filter(status="published").order_by("published_at")[500]
    listed = {
        "list": "",
        "list, last page of many": f"?to={day:%Y-%m-%d}",
        "list, my stories": "?state=mine",
        "list, in review": "?state=in_review",
        "list, drafts": "?state=draft",
        "list, scheduled": "?state=scheduled",
        "list, published": "?state=live",
        "list, section": f"?section={Section.objects.first().pk}",
        "list, a country": "?region=Country 3",
        "list, all of the world region": "?region=Central Asia",
        "list, a province": "?region=Province 7",
        "list, tag": "?tag=Tag 77",
        "list, busy person": "?person=Person 3",
        "list, rare person": "?person=Person 1999",
        "list, one day long ago": f"?from={day:%Y-%m-%d}&to={day:%Y-%m-%d}",
        "list, Russian": "?language=ru",
        "search, common word": "?q=river",
        "search, rare word": f"?q={NEEDLES['en']}",
        "search, common Cyrillic": "?q=РЕКА",
        "search, rare Cyrillic": f"?q={NEEDLES['ru'].upper()}",
        "search, no such word": "?q=zyzzyva",
        "search, a name": "?q=Человек 1234",
        "an address pasted": f"?q={old.get_absolute_url()}",
    }
    for role in ("reporter", "editor", "chief editor"):
        yield f"front page, {role}", role, reverse("admin:index")
    for name, query in listed.items():
        yield name, "editor", stories + query
        if name in {"list", "list, my stories"}:
            yield f"{name}, reporter", "reporter", stories + query
    yield "story form", "editor", reverse("admin:articles_article_change", args=[draft.pk])
    yield "new story", "editor", reverse("admin:articles_article_add")
    yield (
        "person's name suggested",
        "editor",
        reverse("admin:autocomplete")
        + "?app_label=articles&model_name=byline&field_name=author&term=person 19",
    )


def measure():
    settings.ALLOWED_HOSTS = ["testserver"]
    clients = {}
    for role in ("reporter", "editor", "chief editor"):
        clients[role] = Client()
        clients[role].force_login(User.objects.filter(groups__name=role).first())
    print(f"{'page':<34}{'queries':>8}{'ms':>8}{'of it SQL':>11}{'longest':>9}{'counts':>8}")
    for name, role, address in pages():
        client = clients[role]
        client.get(address)
        taken = []
        for _round in range(ROUNDS):
            started = time.perf_counter()
            response = client.get(address)
            taken.append((time.perf_counter() - started) * 1000)
        assert response.status_code in {200, 302}, (name, response.status_code)
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        spent = [float(query["time"]) * 1000 for query in queries]
        counts = sum("COUNT(" in query["sql"].upper() for query in queries)
        print(
            f"{name:<34}{len(queries):>8}{statistics.median(taken):>8.0f}"
            f"{sum(spent):>11.0f}{max(spent):>9.0f}{counts:>8}"
        )
        if slow := [query for query in queries if float(query["time"]) > SHOWN / 1000]:
            print("".join(f"    {query['time']} s: {query['sql'][:3000]}\n" for query in slow))
    started = time.perf_counter()
    response = clients["editor"].get(reverse("admin:articles_article_csv"))
    size = sum(len(piece) for piece in response.streaming_content)
    print(f"\nthe whole list as CSV: {time.perf_counter() - started:.1f} s, {size:,} bytes")
    measure_several(clients["editor"])


def measure_several(client):
    """A page of the list, asked about publication and then tagged."""
    drafts = Article.objects.filter(status="draft", is_restricted=False)[:50]
    data = {
        "index": "0",
        "_selected_action": [story.pk for story in drafts],
        "_seen": [f"{story.pk}:{story.version}" for story in drafts],
    }
    for name, more in {
        "asked whether 50 go out": {"action": "publish"},
        "50 stories tagged": {"action": "add tags", "_meant": "1", "tags": "Tag 7, Brand new"},
    }.items():
        started = time.perf_counter()
        with CaptureQueriesContext(connection) as queries:
            response = client.post(reverse("admin:articles_article_changelist"), data | more)
        assert response.status_code in {200, 302}, (name, response.status_code)
        print(f"{name}: {time.perf_counter() - started:.1f} s, {len(queries)} queries")


if __name__ == "__main__":
    SHOWN = float(os.environ.get("SLOW", "inf"))  # milliseconds from which a query is printed
    many = int(sys.argv[1]) if len(sys.argv) > 1 else STORIES
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    if Article.objects.exists():
        sys.exit("This database has stories. A benchmark fills an empty one.")
    started = time.perf_counter()
    fill(many)
    print(
        f"{connection.vendor}, {many:,} stories, filled in {time.perf_counter() - started:.0f} s\n"
    )
    measure()
