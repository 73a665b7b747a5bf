import pytest
from django.conf import settings as django_settings
from django.core.cache import cache
from django.db import connection

from articles.setup import APPEND_ONLY


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
            for table in APPEND_ONLY:
                cursor.execute(f"DROP TRIGGER IF EXISTS {table}_is_never_edited")
                cursor.execute(f"DROP TRIGGER IF EXISTS {table}_is_never_deleted")
