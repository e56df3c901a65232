"""Starting and ending processes so that none is left behind, and none of somebody else's is ended."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

PR_SET_PDEATHSIG = 1
POLL_SECONDS = 0.05
# Loaded here: between fork and exec nothing may be imported.
_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def end_when_parent_dies(ending: signal.Signals) -> None:
    """Ask the kernel to send us this signal then. Does nothing where the kernel can't (macOS)."""
    if _libc is not None:
        _libc.prctl(PR_SET_PDEATHSIG, int(ending))


def end_with_parent(ending: signal.Signals) -> Callable[[], None]:
    """For `preexec_fn`, after any change of user (which clears it): end when the parent dies.

    On systems without it (macOS) the next start ends what was left.
    """
    parent = os.getpid()

    def ask_kernel() -> None:
        end_when_parent_dies(ending)
        if os.getppid() != parent:
            os._exit(1)

    return ask_kernel


def begin(
    command: Sequence[str | Path],
    *,
    environ: Mapping[str, str] | None = None,
    log: Path | None = None,
    ending: signal.Signals | None = signal.SIGTERM,
) -> subprocess.Popen[bytes]:
    """Start a child in a session of its own, so that a terminal's Ctrl-C reaches the runner alone.

    It is sent `ending` when we die; with None it outlives us.
    """
    output = log.open("ab") if log else None
    try:
        return subprocess.Popen(
            [str(part) for part in command],
            env=dict(environ) if environ is not None else None,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
            preexec_fn=end_with_parent(ending) if ending else None,
        )
    finally:
        if output:
            output.close()


def let_go(child: subprocess.Popen[bytes]) -> None:
    """This child is meant to outlive us: Python need not warn that nobody waits for it."""
    child.returncode = 0


def started_at(pid: int) -> str | None:
    """When this process began, in whatever unit the system keeps; None when there is none.

    A pid alone is no name: the system gives it to another process after a while.
    """
    stat = Path(f"/proc/{pid}/stat")
    if sys.platform == "linux":
        try:
            fields = stat.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            return None
        state, start = fields[0], fields[19]
        return None if state == "Z" else start
    answer = subprocess.run(
        ["ps", "-o", "lstart=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return answer.stdout.strip() or None


def end(pid: int, started: str, *, first: signal.Signals, patience_seconds: float) -> None:
    """Ask a process to end, wait, then insist. Does nothing when the pid belongs to another now."""
    for ending, patience in ((first, patience_seconds), (signal.SIGKILL, 5.0)):
        if started_at(pid) != started:
            return
        try:
            os.kill(pid, ending)
        except ProcessLookupError:
            return
        wait_until(lambda: started_at(pid) != started, seconds=patience)


def wait_until(condition: Callable[[], bool], *, seconds: float) -> bool:
    """Look until the condition holds; False when the time is over."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(POLL_SECONDS)
    return True
