"""PostgreSQL and Redis for tests: one of each per checkout, and in them a place per test process.

Every test process (one per xdist worker; several people may run tests at once) takes a free *slot*:
a database, a Redis database, a folder and a port of its own. The lock on the slot ends with the process.
"""

import dataclasses
import os
from pathlib import Path

import redis

from config.embedded import ports
from config.embedded.files import locked, make_folder, try_lock
from config.embedded.memory import Memory, copy_to, remembered
from config.embedded.postgres import Postgres
from config.embedded.redis_server import DATABASES, Redis

BASE = Path(__file__).resolve().parent.parent / "var" / "test"
_held: list[int] = []


def take_slot() -> Memory:
    """Have the services running, take a slot, and point this process's environment at it."""
    make_folder(BASE)
    with locked(BASE / "services.lock"):
        number, descriptor = _first_free()
        _held.append(descriptor)
        Postgres(BASE, durable=False).ensure()
        Redis(BASE, durable=False).ensure()
    servers = remembered(BASE)
    web = ports.find_free()
    memory = dataclasses.replace(
        servers,
        database=f"test_portal_{number}",
        redis_database=number,
        web_port=web,
        sandbox_port=ports.find_free(excluding=frozenset({web})),
    )
    folder = BASE / f"slot-{number}"
    copy_to(folder, memory)
    (folder / "static").mkdir(exist_ok=True)
    redis.Redis(port=servers.redis_port, password=servers.redis_password, db=number).flushdb()
    os.environ["PORTAL_VAR"] = str(folder)
    os.environ["PORTAL_DATABASE_ROLE"] = "owner"
    os.environ["DJANGO_LIVE_TEST_SERVER_ADDRESS"] = f"127.0.0.1:{web}"
    os.environ.pop("PORT", None)
    return memory


def give_back() -> None:
    """Leave the slot; whoever leaves last stops the services."""
    with locked(BASE / "services.lock"):
        while _held:
            os.close(_held.pop())
        if _nobody_left():
            Postgres(BASE, durable=False).stop()
            Redis(BASE, durable=False).stop()


def end_other_sessions(memory: Memory) -> None:
    """Close what a test left open in its database: a server's thread, a child that was killed."""
    connection = Postgres(BASE, durable=False).connect(memory)
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = %s",
                [memory.database],
            )
    finally:
        connection.close()


def _first_free() -> tuple[int, int]:
    for number in range(1, DATABASES):
        descriptor = try_lock(BASE / f"slot-{number}.lock")
        if descriptor is not None:
            return number, descriptor
    raise RuntimeError("All test slots are taken.")


def _nobody_left() -> bool:
    for path in BASE.glob("slot-*.lock"):
        descriptor = try_lock(path)
        if descriptor is None:
            return False
        os.close(descriptor)
    return True
