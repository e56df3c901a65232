"""As whom PostgreSQL runs. It refuses to run as root, and a portal started by root must still work.

Somebody who is not root: as themselves. Root, in this order:

1. as the system's user `postgres`, else `nobody`, when that user can reach the binaries and the data;
2. in a user namespace of its own, where root's files belong to an ordinary user: for a checkout
   below a home that only root may enter. Nothing has to be created, copied or opened;
3. where namespaces are forbidden, as that user with the binaries and the data copied to `FALLBACK`.

The choice is made once, and remembered by who owns the data.
"""

import ctypes
import hashlib
import os
import pwd
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from config.embedded.processes import end_with_parent

FALLBACK = Path("/var/lib/portal-embedded")
CLONE_NEWUSER = 0x10000000
_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


@dataclass(frozen=True)
class Identity:
    """Where the binaries and the data lie, and whom to become before running them."""

    binaries: Path
    data: Path
    user: pwd.struct_passwd | None = None
    in_namespace: bool = False

    def run(
        self,
        name: str,
        *arguments: str | Path,
        environ: Mapping[str, str] | None = None,
        reading: IO[bytes] | None = None,
        writing: IO[bytes] | None = None,
    ) -> None:
        """Run one of PostgreSQL's programs to its end. Files are opened by us, it may not reach them."""
        done = subprocess.run(
            [str(self.binaries / name), *map(str, arguments)],
            stdin=reading or subprocess.DEVNULL,
            stdout=writing or subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            check=False,
            **self._as_user(environ=environ),
        )
        if done.returncode:
            raise RuntimeError(f"{name} failed: {done.stderr.decode(errors='replace').strip()}")

    def begin(
        self, name: str, *arguments: str, log: Path, with_parent: bool
    ) -> subprocess.Popen[bytes]:
        """Start one of PostgreSQL's programs. `with_parent`: it ends when we do, even by a kill -9."""
        ask = end_with_parent(signal.SIGINT) if with_parent else None
        with log.open("ab") as output:
            return subprocess.Popen(
                [str(self.binaries / name), *arguments],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
                **self._as_user(then=ask),
            )

    def own(self, folder: Path) -> None:
        """Make a private folder that PostgreSQL may use."""
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        folder.chmod(0o700)
        if self.user and not self.in_namespace:
            os.chown(folder, self.user.pw_uid, self.user.pw_gid)

    def _as_user(
        self,
        then: Callable[[], None] | None = None,
        environ: Mapping[str, str] | None = None,
    ) -> dict[str, Any]:
        options: dict[str, Any] = {"cwd": "/", "env": _clean_environ() | dict(environ or {})}
        enter = _enter_namespace(self.user) if self.user and self.in_namespace else None
        if self.user and not self.in_namespace:
            options |= {
                "user": self.user.pw_uid,
                "group": self.user.pw_gid,
                "extra_groups": [],
            }
        if enter or then:
            options["preexec_fn"] = _both(enter, then)
        return options


def choose(binaries: Path, data: Path) -> Identity:
    """Whom to run as, for these binaries and this data folder."""
    if os.geteuid() != 0:
        if data.exists() and data.stat().st_uid != os.geteuid():
            raise RuntimeError(
                f"{data} belongs to another user: start the portal as that user, or remove it."
            )
        return Identity(binaries, data)
    user = _system_user()
    plain = Identity(binaries, data, user)
    walled = Identity(binaries, data, user, in_namespace=True)
    copied = Identity(_fallback(data) / "bin", _fallback(data) / data.name, user)
    if data.exists():
        return walled if data.stat().st_uid == 0 else plain
    if copied.data.exists():
        return copied
    if _works(plain):
        return plain
    if _works(walled):
        return walled
    _copy_binaries(binaries, copied)
    return copied


def _works(identity: Identity) -> bool:
    """Try it: permissions, mount options and security modules are too many to predict."""
    parent = identity.data.parent
    try:
        identity.run("postgres", "--version")
        subprocess.run(
            ["test", "-x", str(parent)],
            check=True,
            **identity._as_user(),  # noqa: SLF001 (the module's own)
        )
    except (OSError, RuntimeError, subprocess.SubprocessError):
        return False
    return True


def _system_user() -> pwd.struct_passwd:
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise RuntimeError("Started as root, and there is no user `nobody` to run PostgreSQL as.")


def _enter_namespace(user: pwd.struct_passwd) -> Callable[[], None]:
    """Become `user` inside a new namespace, with root's own files and without root's powers."""

    def enter() -> None:
        if _libc is None or _libc.unshare(CLONE_NEWUSER) != 0:
            os._exit(126)
        Path("/proc/self/setgroups").write_text("deny", encoding="ascii")
        Path("/proc/self/uid_map").write_text(f"{user.pw_uid} 0 1", encoding="ascii")
        Path("/proc/self/gid_map").write_text(f"{user.pw_gid} 0 1", encoding="ascii")

    return enter


def _both(
    first: Callable[[], None] | None, second: Callable[[], None] | None
) -> Callable[[], None]:
    def run() -> None:
        if first:
            first()
        if second:
            second()

    return run


def _fallback(data: Path) -> Path:
    name = hashlib.sha256(str(data).encode()).hexdigest()[:12]
    return FALLBACK / name


def _copy_binaries(binaries: Path, target: Identity) -> None:
    """Copy the wheel's folder and its sibling with libpq, so that their relative links still fit."""
    package = binaries.parent.parent
    home = target.data.parent
    home.mkdir(parents=True, exist_ok=True, mode=0o711)
    for folder in (binaries.parent, package.with_name(f"{package.name}.libs")):
        if folder.exists():
            copy = home / folder.relative_to(package.parent)
            shutil.copytree(folder, copy, dirs_exist_ok=True, symlinks=True)
    link = target.binaries
    link.unlink(missing_ok=True)
    link.symlink_to(home / binaries.relative_to(package.parent))


def _clean_environ() -> dict[str, str]:
    """PostgreSQL reads PG… and locale variables; it gets none of ours, and no secret either."""
    kept = ("PATH", "HOME", "TMPDIR", "TZ")
    return {name: os.environ[name] for name in kept if name in os.environ} | {"LC_ALL": "C"}
