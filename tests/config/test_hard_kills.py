"""`kill -9`: committed rows stay, and the next start works and ends what was left behind."""

import json
import os
import re
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg2
import pytest

from config.embedded import parts, ports, processes, values
from config.embedded.postgres import Postgres

pytestmark = pytest.mark.chaos

ROUNDS = 5
START_SECONDS = 180.0
#: 8 on a quiet machine with two cores; twice the promise of 15, for a busy one.
SECOND_START_SECONDS = 30


def test_postgresql_keeps_what_was_committed(tmp_path: Path) -> None:
    """A writer commits rows one by one and notes each; the server is killed meanwhile."""
    postgres = Postgres(tmp_path / "var")
    postgres.ensure()
    _execute(postgres.var_dir, "CREATE TABLE kept (n int PRIMARY KEY)")
    committed = 0
    for _ in range(ROUNDS):
        goal = committed + 200
        pid = postgres.postmaster()
        assert pid
        connection = psycopg2.connect(values(postgres.var_dir)["DATABASE_OWNER_URL"])
        connection.autocommit = True
        try:
            with connection.cursor() as cursor:
                while committed < goal + 10_000:
                    cursor.execute("INSERT INTO kept VALUES (%s)", [committed + 1])
                    committed += 1
                    if committed == goal:
                        os.kill(pid, signal.SIGKILL)
        except psycopg2.Error:
            connection.close()
        postgres.ensure()
        (found,) = _execute(postgres.var_dir, "SELECT max(n), count(*) FROM kept")
        # The last one may have been committed without its answer reaching us.
        assert found in {(committed, committed), (committed + 1, committed + 1)}
        committed = int(str(found[0]))
    postgres.stop()


class Start:
    """`python -m config.embedded start` in a folder of its own."""

    def __init__(self, var_dir: Path, port: int) -> None:
        self.address = f"http://127.0.0.1:{port}"
        self.log = var_dir.parent / "runner.log"
        kept = ("PATH", "HOME", "LANG", "TMPDIR", "VIRTUAL_ENV")
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "config.embedded", "start"],
                cwd=parts.BASE_DIR,
                env={name: os.environ[name] for name in kept if name in os.environ}
                | {"PORTAL_VAR": str(var_dir), "PORT": str(port)},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def wait_for(self, sentence: str) -> None:
        def said() -> bool:
            return sentence in self.said() or self.process.poll() is not None

        assert processes.wait_until(said, seconds=START_SECONDS), self.said()
        assert sentence in self.said(), self.said()

    def said(self) -> str:
        return self.log.read_text(encoding="utf-8")

    def status(self, path: str) -> int:
        with urllib.request.urlopen(f"{self.address}{path}", timeout=10) as answer:
            return int(answer.status)

    def kill(self, number: signal.Signals) -> None:
        self.process.send_signal(number)
        self.process.wait(120)


@pytest.fixture
def var_dir(tmp_path: Path) -> Path:
    return tmp_path / "var"


@pytest.fixture
def start(var_dir: Path) -> Iterator[Callable[[int], Start]]:
    """Start a portal on a port. A test that fails leaves nothing behind either."""
    started: list[Start] = []

    def begin(port: int) -> Start:
        started.append(Start(var_dir, port))
        return started[-1]

    yield begin
    for portal in started:
        if portal.process.poll() is None:
            portal.kill(signal.SIGTERM)


def _running(folder: Path) -> dict[str, int]:
    """The recorded processes that are alive."""
    path = folder / "running.json"
    found = json.loads(path.read_text()) if path.exists() else {}
    return {
        name: pid
        for name, (pid, started, _ending) in found.items()
        if processes.started_at(pid) == started
    }


def _execute(var_dir: Path, statement: str) -> list[tuple[object, ...]]:
    connection = psycopg2.connect(values(var_dir)["DATABASE_OWNER_URL"])
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchall() if cursor.description else []
    finally:
        connection.close()


def test_a_hard_kill_of_everything_loses_nothing_and_leaves_nothing(
    var_dir: Path, start: Callable[[int], Start]
) -> None:
    port = ports.find_free()
    first = start(port)
    first.wait_for("Ctrl-C stops everything")
    assert first.status("/health/ready") == 200
    assert first.status("/") == 200
    people = _execute(var_dir, "SELECT count(*) FROM accounts_person")
    old = _running(var_dir)
    assert {"postgres", "redis", "web", "mail", "documents", "beat"} <= set(old)
    first.kill(signal.SIGKILL)

    second = start(port)
    second.wait_for("Ctrl-C stops everything")
    assert second.status("/health/ready") == 200
    assert _execute(var_dir, "SELECT count(*) FROM accounts_person") == people
    assert set(old.values()).isdisjoint(_running(var_dir).values())
    assert [pid for pid in old.values() if processes.started_at(pid)] == []
    seconds = re.search(r"started in (\d+) seconds", second.said())
    assert seconds
    assert int(seconds[1]) < SECOND_START_SECONDS

    now = _running(var_dir)
    second.kill(signal.SIGINT)
    assert second.process.returncode == 0
    assert [name for name, pid in now.items() if processes.started_at(pid)] == []
    assert "had to be ended by force" not in second.said()


def test_what_dies_is_started_again_and_two_starts_do_not_mix(
    var_dir: Path, start: Callable[[int], Start]
) -> None:
    port = ports.find_free()
    portal = start(port)
    portal.wait_for("Ctrl-C stops everything")
    before = _running(var_dir)
    for name in ("mail", "web", "redis", "postgres"):
        os.kill(before[name], signal.SIGKILL)

    def all_are_back() -> bool:
        now = _running(var_dir)
        return set(now) == set(before) and all(
            now[name] != before[name] for name in ("mail", "web", "redis", "postgres")
        )

    assert processes.wait_until(all_are_back, seconds=60), portal.said()

    def is_ready() -> bool:
        try:
            return portal.status("/health/ready") == 200
        except OSError:
            return False

    assert processes.wait_until(is_ready, seconds=60), portal.said()

    same = subprocess.run(
        [sys.executable, "-m", "config.embedded", "start"],
        cwd=parts.BASE_DIR,
        env={"PATH": os.environ["PATH"], "PORTAL_VAR": str(var_dir), "PORT": str(port)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (same.returncode, "already runs" in same.stderr) == (1, True)
    other = subprocess.run(
        [sys.executable, "-m", "config.embedded", "start"],
        cwd=parts.BASE_DIR,
        env={
            "PATH": os.environ["PATH"],
            "PORTAL_VAR": str(var_dir.parent / "other"),
            "PORT": str(port),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert (other.returncode, f"Port {port} is in use" in other.stderr) == (1, True)
    portal.kill(signal.SIGTERM)
    assert portal.process.returncode == 0
