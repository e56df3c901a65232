"""Starting the inspector: hostile files are parsed in a process of their own, with limits.

The process gets a folder, a clean environment and nothing else. It writes its result to a file
there; what it says is checked again here, because a hostile file may have taken it over.
"""

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

from foundation.documents import names
from foundation.documents.purposes import PDF, Limits
from foundation.documents.refusals import SENTENCES, Unacceptable, refuse

GIVEN = "given"
MADE = "made"
RESULT = "result.json"
#: Seconds on the clock. The inspector's own limits (memory, CPU) stand in `inspector`.
WALL_SECONDS = 20
_MAX_RESULT_BYTES = 10_000
#: A web process has four threads or so; the others go on serving pages.
_SLOTS = threading.BoundedSemaphore(2)
_SLOT_WAIT_SECONDS = 10


@dataclass(frozen=True)
class Inspection:
    content_type: str
    pages: int
    has_text: bool


class InspectorDied(Exception):
    """The subprocess crashed, ran out of its limits, or made no sense."""


def check(folder: Path, *, given_name: str, limits: Limits) -> Inspection:
    """Inspect `folder/given` and write what we keep to `folder/made`. Raises Unacceptable."""
    order = {
        "task": "check",
        "extension": names.extension_of(given_name),
        "types": sorted(limits.types),
        "max_pages": limits.pages,
    }
    try:
        result = run(folder, order)
    except InspectorDied:
        raise refuse("too_complex") from None
    if "refused" in result:
        raise _refusal(result)
    pages = result.get("pages")
    if not isinstance(pages, int) or not 0 < pages <= limits.pages or not (folder / MADE).is_file():
        raise refuse("broken")
    return Inspection(content_type=PDF, pages=pages, has_text=result.get("has_text") is True)


def run(folder: Path, order: dict[str, Any]) -> dict[str, Any]:
    """Run the inspector on a folder. Raises InspectorDied, or Unacceptable when we are too busy."""
    with _slot():
        process = subprocess.Popen(  # noqa: S603 (our own module, without a shell)
            [sys.executable, "-m", "foundation.documents.inspector", json.dumps(order)],
            cwd=settings.BASE_DIR,
            env={
                "PATH": os.defpath,
                "PORTAL_INSPECT": str(folder),
                "PYTHONDONTWRITEBYTECODE": "1",
            },
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            code = process.wait(timeout=WALL_SECONDS)
        except subprocess.TimeoutExpired:
            raise InspectorDied("took too long") from None
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
    if code != 0:
        raise InspectorDied(f"ended with {code}")
    return _read_result(folder / RESULT)


def _read_result(path: Path) -> dict[str, Any]:
    try:
        with path.open("rb") as stream:
            result = json.loads(stream.read(_MAX_RESULT_BYTES))
    except (OSError, ValueError) as error:
        raise InspectorDied("left no result") from error
    if not isinstance(result, dict):
        raise InspectorDied("left no result")
    return result


def _refusal(result: dict[str, Any]) -> Unacceptable:
    code = result["refused"]
    facts = result.get("facts")
    if code not in SENTENCES or not isinstance(facts, dict):
        return refuse("broken")
    try:
        return refuse(code, **facts)
    except (KeyError, TypeError, IndexError):
        return refuse("broken")


@contextmanager
def _slot() -> Iterator[None]:
    if not _SLOTS.acquire(timeout=_SLOT_WAIT_SECONDS):
        raise refuse("busy")
    try:
        yield
    finally:
        _SLOTS.release()
