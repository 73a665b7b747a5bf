"""How often old addresses are followed, and which addresses lead nowhere: counted without a wait.

Each process of a server keeps its counts in memory and writes them about once a minute, in a thread of
its own: no request writes, and none waits for one that does. What a killed process has not written is
lost. Only a process that called ``begin`` counts: a server, and no command.

Nothing of who asked is kept: of an address its path and what tells pages apart, of where a reader came
from the host. Neither table can be made to grow: addresses that came once make room for others.
"""

import atexit
import datetime
import logging
import re
import threading
from collections import Counter, defaultdict
from urllib.parse import urlsplit

from django.db import DatabaseError, connection, transaction
from django.db.models import F, Q
from django.utils import timezone

from addresses import older
from addresses.models import Miss, Redirect, find_each

logger = logging.getLogger(__name__)

PAUSE = 60  # seconds between two writings of one process
MOST_WAITING = 500  # addresses that one process holds; further ones are let go
MOST_ROWS = 5_000
KEPT = datetime.timedelta(days=180)  # since it was last asked for
BATCH = 500

# What no page of a paper ever was: doors that scanners try, files of machines, pages of ours that
# are for one person.
_NOISE = re.compile(
    r"/\.(?!well-known)|\.(?:php[0-9]?|aspx?|jspx?|cgi|env|git|sql|bak|old|zip|gz|tgz|rar|7z|exe|dll|"
    r"ini|conf|cfg|ya?ml|toml|log|sh|pem|key|map|js|css|json|axd|action|do)/?$"
    r"|/(?:wp-admin|wp-includes|wp-json|wp-login|xmlrpc|cgi-bin|vendor|phpmyadmin|administrator|"
    r"wp-content/(?:plugins|themes))(?:/|$)"
    r"|^/(?:admin|media|static|preview|looks|healthz|search)(?:/|$)|[@<>\"'{}|\\^`\x00-\x1f\x7f]|\.\.|/\*",
    re.I,
)
_INDEX = re.compile(r"^(?:/[a-z]{2,3})?/index\.php(?:/|$)")


class _Counts:
    """Of one process: what was followed and missed since it was last written."""

    def __init__(self):
        self.is_on = False
        self.lock = threading.Lock()
        self.timer = None
        self.clear()

    def clear(self):
        self.followed = Counter()
        self.missed = {}  # (path, query) -> [times, host]


_counts = _Counts()


def begin():
    """From now on this process counts; what it has not written it writes when it ends."""
    if not _counts.is_on:
        _counts.is_on = True
        atexit.register(end)


def end():
    """Write what waits, and count nothing from then on."""
    if _counts.is_on:
        _counts.is_on = False
        atexit.unregister(end)
        with _counts.lock:
            timer, _counts.timer = _counts.timer, None
        if timer is not None:
            timer.cancel()
        flush()


def followed(number):
    """The Redirect of a number led somebody on."""
    if _counts.is_on:
        with _counts.lock:
            if number in _counts.followed or len(_counts.followed) < 10 * MOST_WAITING:
                _counts.followed[number] += 1
        _write_soon()


def missed(path, query, referrer):
    """Somebody asked for what leads nowhere, led there by the page at ``referrer``, if any."""
    if not _counts.is_on or is_noise(path):
        return
    path = older.undone(path)
    if not path.endswith("/") and "." not in path.rpartition("/")[2]:
        path += "/"  # with and without, it is one address
    key = path[:500], older.read(query).identity[:300] if query else ""
    with _counts.lock:
        if key not in _counts.missed and len(_counts.missed) >= MOST_WAITING:
            return
        known = _counts.missed.setdefault(key, [0, ""])
        known[0] += 1
        known[1] = host_of(referrer) or known[1]
    _write_soon()


def is_noise(path):
    """Whether a path is none that a paper ever had."""
    return bool(_NOISE.search(_INDEX.sub("/", path)))


def host_of(referrer):
    """The host of a whole address, and nothing else of it; "" for what is none."""
    try:
        host = urlsplit(referrer).hostname or ""
    except ValueError:
        return ""
    return host[:100] if re.fullmatch(r"[\w.-]+", host) else ""


def _write_soon():
    with _counts.lock:
        # A server may have forked since: threads do not come along.
        if _counts.timer is None or not _counts.timer.is_alive():
            _counts.timer = threading.Timer(PAUSE, _write)
            _counts.timer.daemon = True
            _counts.timer.start()


def _write():
    try:
        flush()
    except DatabaseError:
        logger.exception("What was counted of addresses could not be written.")
    finally:
        connection.close()


def flush(today=None):
    """Write what this process has counted. Several processes add to each other's counts."""
    with _counts.lock:
        hits, missed = _counts.followed, _counts.missed
        _counts.clear()
    today = today or timezone.localdate()
    by_number = defaultdict(list)
    for number, times in hits.items():
        by_number[times].append(number)
    for times, numbers in by_number.items():
        for at in range(0, len(numbers), BATCH):
            with transaction.atomic():
                rows = Redirect.objects.filter(pk__in=numbers[at : at + BATCH])
                _hold(rows)
                rows.update(hits=F("hits") + times, last_hit_on=today)
    if missed:
        _write_missed(missed, today)


def _write_missed(missed, today):
    """What leads somewhere since it was asked for is left out."""
    dresses = {key: [(start + key[0], key[1]) for start in ("", "/index.php")] for key in missed}
    found = find_each([pair for pairs in dresses.values() for pair in pairs])
    missed = {
        key: counted
        for key, counted in missed.items()
        if not any(found[pair] for pair in dresses[key])
    }
    if not missed:
        return
    with transaction.atomic():
        Miss.objects.filter(last_on__lt=today - KEPT).delete()
        wanted = Q()
        by_query = defaultdict(list)
        for path, query in missed:
            by_query[query].append(path)
        for query, paths in by_query.items():
            wanted |= Q(path__in=paths, query=query)
        rows = Miss.objects.filter(wanted)
        _hold(rows)
        known = set(rows.values_list("path", "query"))
        new = [key for key in sorted(missed) if key not in known]
        Miss.objects.bulk_create(
            [
                Miss(path=path, query=query, first_on=today, last_on=today)
                for path, query in new[: _room_for(len(new))]
            ],
            ignore_conflicts=True,
        )
        same = defaultdict(list)
        for key, (times, host) in missed.items():
            same[times, host].append(key)
        for (times, host), keys in same.items():
            rows = Q()
            for path, query in keys:
                rows |= Q(path=path, query=query)
            more = {"referrer": host} if host else {}
            Miss.objects.filter(rows).update(times=F("times") + times, last_on=today, **more)


def _hold(rows):
    """Lock rows in one order, so that two processes never wait for each other."""
    list(rows.select_for_update().order_by("pk").values_list("pk", flat=True))


def _room_for(number):
    """How many new rows there is room for: those that were asked for once leave, the oldest first."""
    room = MOST_ROWS - Miss.objects.count()
    if room < number:
        once = Miss.objects.filter(times__lte=1, is_ignored=False).order_by("last_on", "pk")
        leaving = list(once.values_list("pk", flat=True)[: number - max(room, 0)])
        Miss.objects.filter(pk__in=leaving).delete()
        room += len(leaving)
    return max(room, 0)
