import gc
import os
import threading
from contextlib import contextmanager

import pytest
from django.conf import settings as django_settings
from django.core.cache import cache
from django.db import connection
from django.test.utils import override_settings
from xdist.scheduler import LoadScopeScheduling

# Files that read one running demo site: it is made once, by one of the processes.
ON_THE_DEMO = (
    "tests/browser/test_paper.py",
    "tests/browser/test_journeys.py",
    "tests/browser/test_validator.py",
    "tests/browser/test_lighthouse.py",
)


class Shared(LoadScopeScheduling):
    """Each test to whichever process is free, those on the demo site to one and the same."""

    def _split_scope(self, nodeid):
        return "demo" if nodeid.startswith(ON_THE_DEMO) else nodeid


def pytest_xdist_make_scheduler(config, log):
    return Shared(config, log)


# Files whose tests are about what is read from a file, printed, or may be asked for: the database keeps
# a row there, and finds it by its number or address. ``make test`` runs them on SQLite, ``make test-long``
# on PostgreSQL too. Not among them is what rests on constraints and triggers, locks and transactions,
# order, letters and their case, lengths, search, JSON, dates, or a dump. A new file is run on both.
ONCE = [
    f"tests/{path}"
    for path in """
    articles/interchange/test_bodies.py
    articles/interchange/test_others.py
    articles/interchange/test_pictures.py
    articles/interchange/test_fetching.py
    articles/interchange/test_wordpress.py
    articles/test_biographies.py
    articles/test_bylines.py
    articles/test_correcting.py
    articles/test_datelines.py
    articles/test_desk_rights.py
    articles/test_doubts_page.py
    articles/test_feed_conditions.py
    articles/test_feed_formats.py
    articles/test_keepsake.py
    articles/test_notices.py
    articles/test_passing.py
    articles/test_republishing.py
    articles/test_structured_data.py
    articles/test_teasers.py
    articles/test_withheld.py
    articles/test_zone.py
    fronts/test_desk.py
    images/test_costs.py
    images/test_hostile.py
    images/test_reading.py
    images/test_renditions.py
    images/test_said.py
    images/test_words.py
    newsroom/export/test_contents.py
    newsroom/test_board.py
    newsroom/test_closed.py
    newsroom/test_compressed.py
    newsroom/test_demo.py
    newsroom/test_encoding.py
    newsroom/test_failures.py
    newsroom/test_logs.py
    newsroom/test_nowhere.py
    newsroom/test_own_pages.py
    newsroom/test_preferences.py
    newsroom/test_second_factor.py
    newsroom/test_sessions.py
    newsroom/test_sitemaps.py
    """.split()
]


def pytest_collection_modifyitems(config, items):
    """Mark what is run once, and on PostgreSQL leave out what asks no database."""
    for item in items:
        if item.nodeid.startswith(tuple(ONCE)):
            item.add_marker(pytest.mark.once)
    if not os.environ.get("DATABASE_URL", "").startswith("postgres"):
        return
    asking = {"db", "transactional_db", "live_server"}
    chosen = {True: [], False: []}
    for item in items:
        asks = item.get_closest_marker("django_db") or asking & set(item.fixturenames)
        chosen[bool(asks or item.get_closest_marker("long"))].append(item)
    items[:] = chosen[True]
    config.hook.pytest_deselected(items=chosen[False])


def pytest_collection_finish():
    """What was collected stays until the end: it need not be looked through for garbage again."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(request, tmp_path_factory):
    """SQLite as a file, as on a site: a connection a thread.

    In memory the threads of a live server share one connection, and with it a lock: one thread
    holds it while it waits for Python to run our LIKE, another holds Python and waits for it.
    """
    if connection.vendor == "sqlite":
        connection.settings_dict["TEST"]["NAME"] = str(
            tmp_path_factory.mktemp("database") / "newsroom.sqlite3"
        )
    else:
        request.getfixturevalue("django_db_modify_db_settings_parallel_suffix")


@pytest.fixture(autouse=True)
def _pictures_in_a_folder_of_the_test(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture(autouse=True)
def _fast_passwords(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True, scope="session")
def _a_folder_for_static_files():
    """WhiteNoise warns where there is none; what tests need is served from the sources."""
    django_settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)


@pytest.fixture(autouse=True)
def _plain_static_files(settings):
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }


@pytest.fixture(autouse=True)
def _append_only_tables_can_be_flushed(request):
    """A transactional test ends with a flush, which SQLite's triggers would refuse.

    Dropped before it; post_migrate, which the flush sends, puts them back.
    """
    names = {"transactional_db", "live_server"} & set(request.fixturenames)
    marker = request.node.get_closest_marker("django_db")
    if not names and not (marker and marker.kwargs.get("transaction")):
        yield
        return
    request.getfixturevalue("transactional_db")
    yield
    # No model's table, so no flush empties it.
    cache.clear()
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
            for (name,) in cursor.fetchall():
                cursor.execute(f"DROP TRIGGER {name}")


def _kept(start_response):
    """``start_response`` of a file that browsers keep, as they do where its name has a hash in it.

    Else a browser asks again for each of thirty files with each page.
    """

    def start(status, headers, exc_info=None):
        return start_response(status, [*headers, ("Cache-Control", "max-age=86400")], exc_info)

    return start


class Gate:
    """Before a running site: while it is closed nobody gets in, and it closes behind the last one.

    A page that is closed may have said goodbye a moment ago; the tables are not to be emptied, and
    the next test not to begin, while that is still being answered.
    """

    def __init__(self, site):
        self.site = site
        self.is_open = False
        self.inside = 0
        self.turn = threading.Condition()

    def __call__(self, environ, start_response):
        with self.turn:
            if not self.is_open:
                start_response("503 Service Unavailable", [("Content-Length", "0")])
                return [b""]
            self.inside += 1
        try:
            if environ["PATH_INFO"].startswith("/static/"):
                return self.site(environ, _kept(start_response))
            return self.site(environ, start_response)
        finally:
            with self.turn:
                self.inside -= 1
                self.turn.notify_all()

    @contextmanager
    def opened(self):
        self.is_open = True
        yield
        with self.turn:
            self.is_open = False
            assert self.turn.wait_for(lambda: self.inside == 0, timeout=60)


@pytest.fixture(scope="session")
def gate(live_server):
    server = live_server.thread.httpd
    gate = Gate(server.get_app())
    server.set_app(gate)
    return gate


@pytest.fixture
def site(live_server, gate):
    """The address of a running site, which knows itself by that address."""
    with override_settings(SITE_URL=live_server.url), gate.opened():
        yield live_server.url
