"""The embedded PostgreSQL and Redis: started once, found again, kept apart from each other."""

import os
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg2
import pytest
import redis

from config.embedded import processes, values
from config.embedded.memory import remembered
from config.embedded.postgres import Postgres
from config.embedded.redis_server import Redis


@pytest.fixture
def postgres(tmp_path: Path) -> Iterator[Postgres]:
    server = Postgres(tmp_path / "var", durable=False)
    yield server
    server.stop()


@pytest.fixture
def redis_server(tmp_path: Path) -> Iterator[Redis]:
    server = Redis(tmp_path / "var")
    yield server
    server.stop()


def _ask(var_dir: Path, statement: str, role: str = "DATABASE_OWNER_URL") -> list[tuple[object]]:
    connection = psycopg2.connect(values(var_dir)[role])
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchall() if cursor.description else []
    finally:
        connection.close()


def test_a_second_start_keeps_the_data(postgres: Postgres) -> None:
    postgres.ensure()
    _ask(postgres.var_dir, "CREATE TABLE kept (n int); INSERT INTO kept VALUES (7)")
    postgres.stop()
    assert postgres.postmaster() is None
    postgres.ensure()
    assert _ask(postgres.var_dir, "SELECT n FROM kept") == [(7,)]


def test_the_portals_roles_are_ordinary_and_need_their_password(postgres: Postgres) -> None:
    postgres.ensure()
    found = _ask(
        postgres.var_dir,
        "SELECT rolname, rolsuper, rolcreaterole FROM pg_roles WHERE rolname LIKE 'portal%'"
        " ORDER BY 1",
    )
    assert found == [("portal_app", False, False), ("portal_owner", False, False)]
    port = remembered(postgres.var_dir).postgres_port
    for role in ("portal_app", "portal_owner", "postgres"):
        with pytest.raises(psycopg2.OperationalError, match="password"):
            psycopg2.connect(host="127.0.0.1", port=port, user=role, password="x", dbname="portal")


def test_it_listens_on_loopback_only(postgres: Postgres) -> None:
    postgres.ensure()
    assert _ask(postgres.var_dir, "SHOW listen_addresses") == [("127.0.0.1",)]


def test_several_that_start_at_once_get_the_same_server(postgres: Postgres) -> None:
    with ThreadPoolExecutor(4) as pool:
        several = [Postgres(postgres.var_dir, durable=False) for _ in range(4)]
        children = list(pool.map(Postgres.ensure, several))
    assert len([child for child in children if child]) == 1


def test_a_pid_file_that_names_another_process_is_no_server(postgres: Postgres) -> None:
    postgres.ensure()
    postgres.stop()
    (postgres.data / "postmaster.pid").write_text(f"{os.getpid()}\n{postgres.data}\n")
    assert postgres.postmaster() is None
    postgres.ensure()
    assert postgres.postmaster() not in {None, os.getpid()}


def test_a_port_that_somebody_took_is_given_up(postgres: Postgres) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", remembered(postgres.var_dir).postgres_port))
        taken.listen()
        postgres.ensure()
        assert remembered(postgres.var_dir).postgres_port != taken.getsockname()[1]
    assert _ask(postgres.var_dir, "SELECT 1") == [(1,)]


def test_redis_keeps_its_queues_and_asks_for_the_password(redis_server: Redis) -> None:
    redis_server.ensure()
    url = values(redis_server.var_dir)["REDIS_URL"]
    with redis.Redis.from_url(url) as client:
        client.rpush("queue", "a message")
    redis_server.stop()
    redis_server.ensure()
    with redis.Redis.from_url(values(redis_server.var_dir)["REDIS_URL"]) as client:
        assert client.lrange("queue", 0, -1) == [b"a message"]
    port = remembered(redis_server.var_dir).redis_port
    with (
        redis.Redis(host="127.0.0.1", port=port) as stranger,
        pytest.raises(redis.AuthenticationError),
    ):
        stranger.ping()


def test_no_secret_is_on_a_command_line(postgres: Postgres, redis_server: Redis) -> None:
    postgres.ensure()
    redis_server.ensure()
    memory = remembered(postgres.var_dir)
    commands = [
        path.read_bytes().decode(errors="replace")
        for path in Path("/proc").glob("[0-9]*/cmdline")
        if _readable(path)
    ]
    secrets = (memory.redis_password, memory.superuser_password, memory.owner_password)
    assert [line for line in commands if any(secret in line for secret in secrets)] == []


def _readable(path: Path) -> bool:
    try:
        path.read_bytes()
    except OSError:
        return False
    return True


def test_a_pid_that_belongs_to_another_process_is_left_alone() -> None:
    me = os.getpid()
    processes.end(me, "another start time", first=processes.signal.SIGKILL, patience_seconds=1)
    assert processes.started_at(me)
