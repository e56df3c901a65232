"""`/health/live` and `/health/ready`."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from config import health
from foundation import timers
from foundation.notifications.models import Lane

pytestmark = pytest.mark.django_db


def _all_lanes_beat() -> None:
    for lane in Lane.values:
        timers.get(f"heartbeat_{lane}").run(timezone.now(), False)


def test_live_says_that_the_process_answers(client: Client) -> None:
    answer = client.get("/health/live")
    assert (answer.status_code, answer.json()) == (200, {"status": "live"})


def test_ready_when_everything_is_there(client: Client) -> None:
    _all_lanes_beat()
    answer = client.get("/health/ready")
    report = answer.json()
    assert answer.status_code == 200
    assert report["status"] == "ready"
    assert report["workers"] == {"signin": "ok", "bulk": "ok", "documents": "ok"}
    assert "no-store" in answer["Cache-Control"]


def test_a_lane_without_a_worker_is_named(client: Client) -> None:
    _all_lanes_beat()
    health.beat("documents", timezone.now() - health.SILENT_AFTER - timedelta(seconds=1))
    answer = client.get("/health/ready")
    assert answer.status_code == 503
    assert answer.json()["workers"] == {"signin": "ok", "bulk": "ok", "documents": "silent"}


def test_a_dry_run_leaves_no_heartbeat(client: Client) -> None:
    timers.get("heartbeat_bulk").run(timezone.now(), True)
    assert cache.get("heartbeat:bulk") is None


def test_pending_migrations_are_named(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    _all_lanes_beat()
    monkeypatch.setattr(health._Migrations, "look", classmethod(lambda cls: False))
    answer = client.get("/health/ready")
    assert (answer.status_code, answer.json()["migrations"]) == (503, "pending")


def test_a_dead_redis_is_named_and_costs_no_patience(client: Client, settings: Settings) -> None:
    caches = {**settings.CACHES}
    caches["default"] = {**caches["default"], "LOCATION": "redis://127.0.0.1:1/0"}
    settings.CACHES = caches
    began = timezone.now()
    answer = client.get("/health/ready")
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
    assert (answer.status_code, answer.json()["redis"]) == (503, "unreachable")
    assert timezone.now() - began < timedelta(seconds=3)


@pytest.mark.parametrize("path", ["/health/live", "/health/ready"])
def test_only_reading_is_allowed(client: Client, path: str) -> None:
    assert client.post(path).status_code == 405
