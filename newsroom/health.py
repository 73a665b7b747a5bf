"""How the newsroom is: one word for everybody, each thing that it needs for whoever may know."""

import datetime
import json
import os
import secrets
import shutil
import tempfile
import time
from pathlib import Path

from django.conf import settings
from django.core.cache import cache
from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.views.decorators.http import require_safe

from articles.delivery import SIGN_OF_LIFE
from articles.models import Article, Message
from images.renditions import lies_on_disk
from newsroom import failures

# Without these readers are not served.
NEEDED = ("database", "migrations", "store", "media")
LEAST_FREE = 1_000_000_000  # bytes
DELIVERED_AFTER = datetime.timedelta(minutes=10)
BACKED_UP_AFTER = datetime.timedelta(hours=26)
LAST_BACKUP = "last-backup.json"


@require_safe
def answer(request):
    """Whether the process answers; with ``?full=1`` whether all is well, for staff or a holder of HEALTH_TOKEN."""
    if request.GET.get("full") != "1":
        response = HttpResponse("ok\n", content_type="text/plain; charset=utf-8")
    elif _holds_token(request) or _is_staff(request):
        found = look()
        is_served = all(found[name]["ok"] for name in NEEDED)
        said = {
            "ok": all(one["ok"] for one in found.values()),
            "readers": is_served,
            "checks": found,
        }
        response = JsonResponse(said, status=200 if is_served else 503)
    else:
        response = HttpResponse(
            "Not allowed.\n", content_type="text/plain; charset=utf-8", status=403
        )
    response.headers["Cache-Control"] = "no-store"
    return response


def _holds_token(request):
    """Asked first, for it needs no database. The token comes in a header, so that no log has it."""
    kind, _space, token = request.headers.get("Authorization", "").partition(" ")
    return bool(
        settings.HEALTH_TOKEN
        and kind.lower() == "bearer"
        and constant_time_compare(token.strip(), settings.HEALTH_TOKEN)
    )


def _is_staff(request):
    try:
        return request.user.is_active and request.user.is_staff
    except Error:
        return False


def look():
    """What was found: {name: {"ok": bool, and what is known}}. Names and numbers, never a secret or a text."""
    found = {"database": _database()}
    unknown = {"ok": False, "error": "the database does not answer"}
    for name, check in (
        ("migrations", _migrations),
        ("store", _store),
        ("deliver", _deliver),
        ("search", _search),
    ):
        found[name] = check() if found["database"]["ok"] else unknown
    return found | {"media": _media(), "disk": _disk(), "backup": _backup(), "jobs": _jobs()}


def _database():
    started = time.monotonic()
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error as error:
        return {"ok": False, "error": type(error).__name__}
    return {"ok": True, "kind": connection.vendor, "ms": round((time.monotonic() - started) * 1000)}


def _migrations():
    executor = MigrationExecutor(connection)
    pending = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return {"ok": not pending, "pending": len(pending)}


def _store():
    """What all workers must know of each other: Redis, or a table."""
    key, kind = f"health-{secrets.token_hex(8)}", "redis" if settings.REDIS_URL else "table"
    try:
        cache.set(key, 1, 30)
        is_kept = cache.get(key) == 1
        cache.delete(key)
    except (Error, OSError, *_redis_errors()) as error:
        return {"ok": False, "kind": kind, "error": type(error).__name__}
    return {"ok": is_kept, "kind": kind}


def _redis_errors():
    return [cache._cache._lib.RedisError] if settings.REDIS_URL else []


def _media():
    if not lies_on_disk():
        return {"ok": True, "kind": "elsewhere"}
    try:
        Path(settings.MEDIA_ROOT).mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=settings.MEDIA_ROOT) as file:
            file.write(b"health")
    except OSError as error:
        return {"ok": False, "error": os.strerror(error.errno) if error.errno else "unknown"}
    return {"ok": True}


def _disk():
    free = min(
        shutil.disk_usage(p).free
        for p in (settings.VAR_DIR, settings.MEDIA_ROOT)
        if Path(p).exists()
    )
    return {"ok": free >= LEAST_FREE, "free_bytes": free}


def _deliver():
    now = timezone.now()
    sign = settings.VAR_DIR / SIGN_OF_LIFE
    seen = now.timestamp() - sign.stat().st_mtime if sign.exists() else None
    waiting = Message.objects.filter(state=Message.State.WAITING)
    late = waiting.filter(due_at__lt=now - DELIVERED_AFTER).count()
    failed = Message.objects.filter(
        state=Message.State.FAILED, due_at__gt=now - datetime.timedelta(days=1)
    ).count()
    is_alive = seen is not None and seen < DELIVERED_AFTER.total_seconds()
    return {
        "ok": is_alive and not late and not failed,
        "seen_seconds_ago": None if seen is None else round(seen),
        "waiting": waiting.count(),
        "late": late,
        "failed_today": failed,
    }


def _search():
    missing = Article.objects.published().filter(search_entry__isnull=True).exists()
    return {"ok": not missing, "stories_missing": missing}


def _backup():
    try:
        last = json.loads((settings.VAR_DIR / LAST_BACKUP).read_text())
        age = timezone.now() - datetime.datetime.fromisoformat(last["taken_at"])
    except FileNotFoundError:
        return {"ok": False, "error": "never"}
    except (OSError, ValueError, KeyError, TypeError):
        return {"ok": False, "error": "unreadable"}
    return {"ok": age < BACKED_UP_AFTER, "hours_ago": round(age.total_seconds() / 3600, 1)}


def _jobs():
    jobs = failures.known()
    last = {
        name: {"ok": not job.has_failed, "ended_at": job.ended_at, "worked_at": job.worked_at}
        for name, job in jobs.items()
        if job is not None
    }
    return {"ok": all(one["ok"] for one in last.values()), "last": last}
