"""The program that opens hostile files: `python -m foundation.documents.inspector '{"task": …}'`.

Runs in a process of its own, with limits on memory, CPU time and file size, and an empty
environment. It reads `given` in its folder and writes `made` and `result.json` there. It imports no
Django: it has to start quickly and has nothing to lose.
"""

import json
import os
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from foundation.documents.errors import Refusal

MEGABYTE = 1024 * 1024
MEMORY_BYTES = 768 * MEGABYTE
CPU_SECONDS = 10
FILE_BYTES = 64 * MEGABYTE


def limit_this_process() -> None:
    """Take away memory, time, large files and core dumps, for good."""
    import resource

    for what, value in (
        (resource.RLIMIT_AS, MEMORY_BYTES),
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_FSIZE, FILE_BYTES),
        (resource.RLIMIT_CORE, 0),
    ):
        # macOS refuses a limit on address space; time and size still hold there.
        with suppress(ValueError, OSError):
            resource.setrlimit(what, (value, value))


def check(folder: Path, order: dict[str, Any]) -> dict[str, Any]:
    from foundation.documents import inspect_image, inspect_pdf, sniffing

    given = folder / "given"
    with given.open("rb") as stream:
        content_type = sniffing.content_type(stream.read(sniffing.HEAD_BYTES))
    sniffing.require(content_type, extension=order["extension"], types=order["types"])
    made = folder / "made"
    if content_type == sniffing.PDF:
        inspect_pdf.clean(given, made, max_pages=order["max_pages"])
    else:
        inspect_image.to_pdf(given, made, content_type)
    return inspect_pdf.describe(made)


def picture(folder: Path, order: dict[str, Any]) -> dict[str, Any]:
    from foundation.documents import inspect_pdf

    inspect_pdf.draw_page(folder / "given", folder / "made", order["page"], order["width"])
    return {}


TASKS: dict[str, Callable[[Path, dict[str, Any]], dict[str, Any]]] = {
    "check": check,
    "picture": picture,
}


def main() -> None:
    limit_this_process()
    folder = Path(os.environ["PORTAL_INSPECT"])
    order = json.loads(sys.argv[1])
    try:
        result = TASKS[order["task"]](folder, order)
    except Refusal as refusal:
        result = {"refused": refusal.code, "facts": refusal.facts}
    except (MemoryError, RecursionError):
        result = {"refused": "too_complex", "facts": {}}
    (folder / "result.json").write_text(json.dumps(result))


if __name__ == "__main__":
    main()
