"""What a hard-killed start left running: recorded by pid and start time, ended by the next start."""

import json
import signal
from collections.abc import Iterable
from pathlib import Path

from config.embedded import processes
from config.embedded.files import write_whole
from config.embedded.parts import Part

PATIENCE_SECONDS = 20.0


def record(var_dir: Path, parts: Iterable[Part]) -> None:
    """Write down what runs now."""
    running = {}
    for part in parts:
        if part.process and part.is_running:
            started = processes.started_at(part.process.pid)
            if started:
                running[part.name] = [part.process.pid, started, int(part.ending)]
    write_whole(_path(var_dir), json.dumps(running) + "\n")


def end_recorded(var_dir: Path) -> list[str]:
    """End what is still there, the last started first. Returns the names of what was found."""
    path = _path(var_dir)
    try:
        running = json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, json.JSONDecodeError):
        return []
    found = []
    for name, (pid, started, ending) in reversed(running.items()):
        if processes.started_at(pid) == started:
            found.append(name)
            processes.end(
                pid,
                started,
                first=signal.Signals(ending),
                patience_seconds=PATIENCE_SECONDS,
            )
    path.unlink()
    return found


def _path(var_dir: Path) -> Path:
    return var_dir / "running.json"
