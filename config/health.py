"""Is the portal alive, and is it ready? For load balancers, monitors and `make run`.

`live` says only that this process answers. `ready` looks at everything a visitor needs; 503 means
that something of it is missing, and the answer names what.
"""

from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.core.cache import cache
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from redis.exceptions import RedisError

from foundation import timers
from foundation.documents.pdf import pango_problem
from foundation.notifications import queries
from foundation.notifications.models import Lane

BEAT_EVERY = timedelta(seconds=15)
#: A worker that has been silent this long counts as gone.
SILENT_AFTER = timedelta(seconds=75)
OK = "ok"


@never_cache
@require_safe
def live(request: HttpRequest) -> HttpResponse:
    return JsonResponse({"status": "live"})


@never_cache
@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """200 when database, Redis, migrations and every worker lane are there, else 503.

    Waiting messages and a missing pango are reported, but are no reason to take the site away.
    """
    now = timezone.now()
    report: dict[str, Any] = {"database": _database(), "migrations": "unknown"}
    if report["database"] == OK:
        report["migrations"] = _migrations()
    report["redis"], report["workers"] = _redis_and_workers(now)
    is_ready = all(
        found == OK
        for found in (
            report["database"],
            report["migrations"],
            report["redis"],
            *report["workers"].values(),
        )
    )
    report["oldest_message_seconds"] = _oldest_message(now) if report["migrations"] == OK else None
    report["pango"] = "missing" if pango_problem() else OK
    report["status"] = "ready" if is_ready else "unready"
    return JsonResponse(report, status=200 if is_ready else 503)


def beat(lane: str, now: datetime) -> None:
    """A worker of this lane says that it is there."""
    cache.set(_key(lane), now.timestamp(), timeout=None)


def register_timers() -> None:
    """One timer per lane, run by that lane's own workers: a lane that is stuck falls silent."""
    for lane in Lane:
        timers.register(
            timers.Timer(
                name=f"heartbeat_{lane.value}",
                every=BEAT_EVERY,
                description=_("A worker of the lane says that it is there."),
                run=partial(_run_beat, lane.value),
                queue=lane.value,
            )
        )


def _run_beat(lane: str, now: datetime, dry_run: bool) -> list[str]:
    if not dry_run:
        beat(lane, now)
    return [f"heartbeat of {lane}"]


def _database() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return "unreachable"
    return OK


class _Migrations:
    """Looking costs a tenth of a second; once all are applied they stay applied for this code."""

    applied = False

    @classmethod
    def look(cls) -> bool:
        if not cls.applied:
            executor = MigrationExecutor(connection)
            cls.applied = not executor.migration_plan(executor.loader.graph.leaf_nodes())
        return cls.applied


def _migrations() -> str:
    try:
        return OK if _Migrations.look() else "pending"
    except DatabaseError:
        return "unknown"


def _redis_and_workers(now: datetime) -> tuple[str, dict[str, str]]:
    try:
        beats = cache.get_many([_key(lane) for lane in Lane.values])
    except (RedisError, OSError):
        return "unreachable", dict.fromkeys(Lane.values, "unknown")
    oldest = (now - SILENT_AFTER).timestamp()
    return OK, {lane: OK if beats.get(_key(lane), 0) > oldest else "silent" for lane in Lane.values}


def _oldest_message(now: datetime) -> float | None:
    """For how long the longest waiting message has been due."""
    try:
        since = queries.oldest_due_at(now)
    except DatabaseError:
        return None
    return round((now - since).total_seconds()) if since else 0


def _key(lane: str) -> str:
    return f"heartbeat:{lane}"
