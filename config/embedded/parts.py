"""The processes that make a running portal, in the order in which they start."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from config.embedded import processes
from config.embedded.memory import remembered
from config.embedded.postgres import Postgres
from config.embedded.redis_server import Redis

BASE_DIR = Path(__file__).resolve().parent.parent.parent
SANDBOX_URLS = "applicants.fees.sandbox.urls"
WEB_WORKERS = 2
BACKOFF_SECONDS = (1.0, 2.0, 5.0, 10.0, 30.0)
#: Having run this long, a part counts as healthy again.
STEADY_SECONDS = 60.0


@dataclass
class Part:
    """One process. `ending` asks it to finish what it does; only its main process is signalled,

    because a signal to a Celery worker's whole group hangs its warm shutdown.
    """

    name: str
    begin: Callable[[], subprocess.Popen[bytes]]
    ending: signal.Signals = signal.SIGTERM
    patience_seconds: float = 30.0
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    failures: int = 0
    retry_at: float = field(default=0.0)

    def start(self, now: float) -> None:
        self.process = self.begin()
        self.started = now

    @property
    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def note_death(self, now: float) -> float:
        """Plan the next attempt; returns in how many seconds."""
        self.failures = 0 if now - self.started > STEADY_SECONDS else self.failures
        wait = BACKOFF_SECONDS[min(self.failures, len(BACKOFF_SECONDS) - 1)]
        self.failures += 1
        self.retry_at = now + wait
        self.process = None
        return wait

    def ask_to_end(self) -> None:
        if self.process and self.is_running:
            self.process.send_signal(self.ending)

    def insist(self) -> bool:
        """Wait for the end; False when it had to be killed."""
        if self.process is None:
            return True
        try:
            self.process.wait(self.patience_seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            return False
        return True


def servers(var_dir: Path) -> list[Part]:
    """PostgreSQL and Redis of our own. They end with us, even when we are killed."""

    def begin_postgres() -> subprocess.Popen[bytes]:
        postgres = Postgres(var_dir)
        postgres.stop()
        return _ours(postgres.ensure(with_parent=True), "PostgreSQL")

    def begin_redis() -> subprocess.Popen[bytes]:
        server = Redis(var_dir)
        server.stop()
        return _ours(server.ensure(with_parent=True), "Redis")

    return [
        Part("postgres", begin_postgres, ending=signal.SIGINT, patience_seconds=60.0),
        Part("redis", begin_redis),
    ]


def portal(var_dir: Path, environ: Mapping[str, str], port: int) -> list[Part]:
    """Web, the workers' three lanes in two processes, beat, and the sandbox payment service."""
    logs = var_dir / "logs"

    def part(name: str, *command: str, patience: float = 30.0, **more: str) -> Part:
        def begin() -> subprocess.Popen[bytes]:
            return processes.begin(command, environ={**environ, **more}, log=logs / f"{name}.log")

        return Part(name, begin, patience_seconds=patience)

    found = [
        part("web", *gunicorn(port, workers=WEB_WORKERS)),
        part("mail", *worker("mail", queues="signin,bulk", pool="threads", concurrency=4)),
        part("documents", *worker("documents", queues="documents", pool="threads", concurrency=1)),
        part("beat", *beat(), patience=10.0),
    ]
    if (BASE_DIR / Path(*SANDBOX_URLS.split("."))).with_suffix(".py").exists():
        sandbox = gunicorn(remembered(var_dir).sandbox_port, workers=1)
        found.append(part("sandbox", *sandbox, PORTAL_URLCONF=SANDBOX_URLS))
    return found


def gunicorn(port: int, *, workers: int) -> list[str]:
    return [
        *(sys.executable, "-m", "gunicorn", "--config", "python:config.web_server"),
        *("--bind", f"127.0.0.1:{port}", "--workers", str(workers), "config.wsgi:application"),
    ]


def worker(name: str, *, queues: str, pool: str, concurrency: int) -> list[str]:
    return [
        *(
            sys.executable,
            "-m",
            "celery",
            "--app",
            "config.celery",
            "--quiet",
            "--skip-checks",
            "worker",
        ),
        *("--hostname", f"{name}@portal", "--queues", queues),
        *("--pool", pool, "--concurrency", str(concurrency)),
        *("--without-gossip", "--without-mingle", "--loglevel", "WARNING"),
    ]


def beat() -> list[str]:
    """In-memory: what was due is in tables, so there is no schedule to remember."""
    return [
        *(
            sys.executable,
            "-m",
            "celery",
            "--app",
            "config.celery",
            "--quiet",
            "--skip-checks",
            "beat",
        ),
        *("--scheduler", "celery.beat:Scheduler", "--loglevel", "WARNING"),
    ]


def child_environ(var_dir: Path, port: int) -> dict[str, str]:
    """What the portal's processes are given: ours, and where `var` and the port are."""
    return {
        **os.environ,
        "PORTAL_VAR": str(var_dir),
        "PORT": str(port),
        "PYTHONUNBUFFERED": "1",
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }


def _ours(child: subprocess.Popen[bytes] | None, name: str) -> subprocess.Popen[bytes]:
    if child is None:
        raise RuntimeError(f"{name} is in use by another command on this folder.")
    return child
