"""Work that is due by time. A room registers its timers; Celery beat polls them, a command runs one.

A timer is idempotent, takes due rows with SKIP LOCKED, and acts through doors, one transaction per
application. With `dry_run` it only says what it would do.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any


@dataclass(frozen=True)
class Timer:
    """`run(now, dry_run)` returns one line per thing done, without names or addresses."""

    name: str
    every: timedelta
    description: Any
    run: Callable[[datetime, bool], list[str]]
    queue: str = "bulk"


_timers: dict[str, Timer] = {}


def register(*timers: Timer) -> None:
    """Called from `AppConfig.ready`. A second timer of the same name is a mistake."""
    for timer in timers:
        if _timers.get(timer.name, timer) != timer:
            raise ValueError(f"two timers are called {timer.name}")
        _timers[timer.name] = timer


def get(name: str) -> Timer:
    return _timers[name]


def all_timers() -> Iterable[Timer]:
    return sorted(_timers.values(), key=lambda timer: timer.name)
