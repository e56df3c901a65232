"""A portal in a folder of its own, made of the parts that `make run` starts, for as long as it is measured.

Nothing is due by time here: beat stays away, so that no timer disturbs a measurement.
"""

import http.client
import os
import subprocess
import sys
import time
from contextlib import AbstractContextManager
from pathlib import Path
from types import TracebackType

from benchmarks import memory
from config.embedded import parts, processes
from config.environment import VAR_DIR, is_embedded

WEB, MAIL, DOCUMENTS = "web", "mail", "documents"
START_SECONDS = 60.0


class Portal(AbstractContextManager["Portal"]):
    """The servers are up inside the `with`; `start` adds web and workers by name."""

    def __init__(self, folder: Path) -> None:
        if folder.resolve() != VAR_DIR.resolve() or not is_embedded(os.environ):
            raise RuntimeError("PORTAL_VAR must name this folder before settings are read")
        self.folder = folder
        self.port = int(os.environ["PORT"])
        self.environ = parts.child_environ(folder, self.port)
        self.running: list[parts.Part] = []

    def __enter__(self) -> "Portal":
        (self.folder / "logs").mkdir(parents=True, mode=0o700)
        for server in parts.servers(self.folder):
            self._begin(server)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for part in reversed(self.running):
            part.ask_to_end()
            part.insist()

    def manage(self, *command: str) -> None:
        subprocess.run(
            [sys.executable, str(parts.BASE_DIR / "manage.py"), *command],
            cwd=parts.BASE_DIR,
            env=self.environ,
            stdout=subprocess.DEVNULL,
            check=True,
        )

    def start(self, *names: str) -> None:
        for part in parts.portal(self.folder, self.environ, self.port):
            if part.name in names:
                self._begin(part)
        if WEB in names and not processes.wait_until(self._answers, seconds=START_SECONDS):
            raise RuntimeError(f"The web server does not answer; see {self.folder / 'logs'}.")

    def memory_of(self, name: str) -> memory.Memory | None:
        """Of the process that does the work: gunicorn's largest worker, a Celery worker itself."""
        part = next(part for part in self.running if part.name == name)
        assert part.process is not None
        pids = memory.children(part.process.pid) if name == WEB else [part.process.pid]
        found = [one for one in map(memory.of_process, pids) if one is not None]
        return max(found, key=lambda one: one.rss, default=None)

    def _begin(self, part: parts.Part) -> None:
        part.start(time.monotonic())
        self.running.append(part)

    def _answers(self) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", "/health/live")
            return connection.getresponse().status == 200
        except OSError:
            return False
        finally:
            connection.close()
