"""A running newsroom with the demo in it: the product as somebody meets it after ``make run``."""

import os
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class DemoSite:
    def __init__(self, folder, port):
        self.folder, self.port = Path(folder), port
        self.url = f"http://127.0.0.1:{port}"
        self.password = {}

    def rows(self, sql):
        with sqlite3.connect(self.folder / "newsroom.sqlite3") as connection:
            return connection.execute(sql).fetchall()

    def story(self, condition):
        """The address of the first story that meets an SQL condition on articles_article."""
        language, date, slug = self.rows(
            "SELECT language, address_date, slug FROM articles_article "
            f"WHERE {condition} ORDER BY slug LIMIT 1"
        )[0]
        prefix = "" if language == "en" else f"/{language}"
        return f"{prefix}/{date.replace('-', '/')}/{slug}/"

    def number(self, language):
        condition = f"slug = 'glacier-lakes-valley-alarm' AND language = '{language}'"
        return self.rows(f"SELECT id FROM articles_article WHERE {condition}")[0][0]

    def pages(self):
        """One address of every kind of page, and of every kind of story: name -> path."""
        live = "status = 'published' AND published_at <= datetime('now')"
        day = self.story(f"{live} AND language = 'en'").rsplit("/", 2)[0]
        pages = {
            "home": "/",
            "story": self.story("slug = 'glacier-lakes-valley-alarm' AND language = 'en'"),
            "story in Russian": self.story(
                "slug = 'glacier-lakes-valley-alarm' AND language = 'ru'"
            ),
            "seed story": self.story("slug = 'no-talks-on-troops-for-syria'"),
            "eight bylines": self.story("slug = 'eight-desks-one-smog-night'"),
            "organisation only": self.story("slug = 'customs-post-hours'"),
            "long headline": self.story("length(headline) > 160"),
            "without a picture": self.story(
                f"{live} AND language = 'en' AND lead_image_id IS NULL"
            ),
            "without a picture in Russian": self.story(
                f"{live} AND language = 'ru' AND lead_image_id IS NULL"
            ),
            "opinion": self.story(f"{live} AND genre = 'opinion' AND language = 'en'"),
            "table": self.story("slug = 'courier-explains-water-code' AND language = 'en'"),
            "retracted": self.story("status = 'retracted'"),
            "withdrawn": self.story("status = 'withdrawn'"),
            "section": "/sections/climate/",
            "region": "/regions/kyrgyzstan/",
            "empty region": "/regions/arkadag/",
            "tag": "/tags/water/",
            "author": "/authors/nurgul-bekova/",
            "author without a biography": "/authors/kamila-niyazova/",
            "organisation": "/organisations/the-times-of-central-asia/",
            "cited organisation": "/organisations/24-kg/",
            "masthead": "/authors/",
            "year": day.rsplit("/", 2)[0] + "/",
            "month": day.rsplit("/", 1)[0] + "/",
            "day": day + "/",
            "corrections": "/corrections/",
            "page": "/pages/about/",
            "report": f"/report/?story={self.number('en')}",
            "report in Russian": f"/ru/report/?story={self.number('ru')}",
            "report sent": f"/report/thanks/?story={self.number('en')}",
            "search": "/search/?q=water",
            "narrowed search": "/search/?q=water&section=climate&from=2020&sort=date",
            "search that finds nothing": "/search/?q=zyzzyva",
            "search in Russian": "/ru/search/?q=%D0%B2%D0%BE%D0%B4%D0%B0",
            "not found": "/nothing/here/",
            "republish": self.story("slug = 'courier-explains-water-code' AND language = 'en'")
            + "republish/",
            "republish in Russian": self.story(
                "slug = 'glacier-lakes-valley-alarm' AND language = 'ru'"
            )
            + "republish/",
            "home in Russian": "/ru/",
            "region in Russian": "/ru/regions/kyrgyzstan/",
        }
        return pages


@contextmanager
def running(folder):
    """Prepare a newsroom in ``folder`` as ``make run`` does, serve it, and stop it at the end."""
    port = free_port()
    environment = {
        k: v for k, v in os.environ.items() if k not in {"DATABASE_URL", "DJANGO_SETTINGS_MODULE"}
    }
    environment |= {"VAR_DIR": str(folder), "PORT": str(port), "DEMO": "1"}
    log = Path(folder) / "server.log"
    with log.open("w") as output:
        server = subprocess.Popen(
            [sys.executable, "manage.py", "serve"],
            cwd=ROOT,
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    site = DemoSite(folder, port)
    try:
        deadline = time.monotonic() + 400
        while True:
            if server.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"the demo site did not start:\n{log.read_text()}")
            try:
                urllib.request.urlopen(f"{site.url}/healthz", timeout=2).close()
                break
            except OSError:
                time.sleep(0.2)
        for line in (Path(folder) / "demo-logins.txt").read_text().splitlines():
            *_, login, password = line.split()
            site.password[login] = password
        yield site
    finally:
        server.terminate()
        server.wait(20)
