"""A Celery worker as processes of its own, to be killed hard."""

import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Self

from config import embedded, environment

ROOT = Path(__file__).resolve().parents[3]
CHILDREN = 2


class Worker:
    """`killed` counts the processes killed that could have been sending."""

    def __init__(self, mail_port: int) -> None:
        self.killed = 0
        self._mail_port = mail_port
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._signal_all()

    def start(self) -> None:
        """It runs as the app's role, on the database and Redis of this test."""
        values = embedded.values(environment.VAR_DIR)
        inherited = {k: v for k, v in os.environ.items() if k != "PORTAL_DATABASE_ROLE"}
        app = ["-A", "tests.foundation.notifications.worker"]
        options = ["--loglevel", "WARNING", "-c", str(CHILDREN), "-Q", "signin,bulk,documents"]
        with (environment.VAR_DIR / "worker.log").open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "celery", *app, "worker", *options],
                cwd=ROOT,
                env={**inherited, **values, "EMAIL_URL": f"smtp://127.0.0.1:{self._mail_port}"},
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def kill(self) -> None:
        """`kill -9` to the worker and its children, all at once."""
        self.killed += CHILDREN
        self._signal_all()

    def kill_child(self) -> None:
        """`kill -9` to one child; the worker has to notice and replace it."""
        children = self._children()
        if children:
            self.killed += 1
            with suppress(ProcessLookupError):
                os.kill(children[0], signal.SIGKILL)

    def _children(self) -> list[int]:
        assert self._process is not None
        listing = subprocess.run(
            ["ps", "-A", "-o", "pid=,ppid="], capture_output=True, text=True, check=True
        )
        pairs = (line.split() for line in listing.stdout.splitlines())
        return [int(pid) for pid, parent in pairs if int(parent) == self._process.pid]

    def _signal_all(self) -> None:
        assert self._process is not None
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait(10)
