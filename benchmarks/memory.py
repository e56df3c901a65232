"""How much memory processes hold, from Linux's own books. Elsewhere nothing is known."""

from dataclasses import dataclass
from pathlib import Path

PROC = Path("/proc")


@dataclass(frozen=True)
class Memory:
    """In MB. `pss` counts what is shared with others in parts, so it can be added up."""

    rss: float
    pss: float


def of_process(pid: int) -> Memory | None:
    try:
        lines = (PROC / str(pid) / "smaps_rollup").read_text(encoding="ascii").splitlines()
    except OSError:
        return None
    found = {line.split()[0]: float(line.split()[1]) / 1024 for line in lines[1:]}
    return Memory(rss=found["Rss:"], pss=found["Pss:"])


def children(pid: int) -> list[int]:
    try:
        text = (PROC / str(pid) / "task" / str(pid) / "children").read_text(encoding="ascii")
    except OSError:
        return []
    return [int(child) for child in text.split()]
