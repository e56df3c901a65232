"""`python -m benchmarks`, which `make bench` calls; `python -m benchmarks seed` only fills a portal."""

import argparse
import os
import socket
import sys
import tempfile
import time
from pathlib import Path

APPLICATIONS = 1000
#: Settings of real services would make it another portal than the embedded one.
FOREIGN = (
    "DATABASE_URL",
    "DATABASE_OWNER_URL",
    "REDIS_URL",
    "EMAIL_URL",
    "STORAGE_URL",
    "STRIPE_SECRET_KEY",
    "PUBLIC_URL",
    "PORTAL_DATABASE_ROLE",
)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("command", nargs="?", choices=["run", "seed"], default="run")
    parser.add_argument("--applications", type=int, default=APPLICATIONS)
    parser.add_argument("--repeated", action="store_true", help="name queries asked more than once")
    arguments = parser.parse_args()
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    if arguments.command == "seed":
        print(_seed(arguments.applications))
    else:
        with tempfile.TemporaryDirectory(prefix="portal-bench-") as folder:
            _move_into(folder)
            _run(Path(folder), arguments.applications, repeated=arguments.repeated)
    return 0


def _move_into(folder: str) -> None:
    """This process and its children are the portal in `folder`, whatever the terminal had set.

    Before anything of the portal is imported: its settings are read once.
    """
    for name in FOREIGN:
        os.environ.pop(name, None)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    os.environ |= {"PORTAL_VAR": folder, "PORT": str(port), "PORTAL_URLCONF": "benchmarks.urls"}


def _seed(applications: int) -> str:
    import django
    from django.utils import timezone

    django.setup()
    from benchmarks import seeding

    states = seeding.seed(applications, timezone.now())
    return ", ".join(f"{number} {state}" for state, number in states.items())


def _run(folder: Path, applications: int, *, repeated: bool) -> None:
    from benchmarks.portal import DOCUMENTS, MAIL, WEB, Portal

    print("Starting PostgreSQL and Redis in a folder of their own …", flush=True)
    with Portal(folder) as portal:
        portal.manage("collectstatic", "--noinput", "--verbosity", "0")
        portal.manage("prepare_database")
        began = time.monotonic()
        print(f"Seeding {applications} applications …", flush=True)
        print(f"{_seed(applications)} ({time.monotonic() - began:.0f} s)", flush=True)
        portal.start(WEB)

        from benchmarks import report, run, work

        floor, costs = run.measure(portal.port)
        print(f"\n{report.page_table(floor, costs)}\n", flush=True)
        if repeated:
            _print_repeated(costs)
        portal.start(MAIL, DOCUMENTS)
        print("Letting the workers send mail and render letters …", flush=True)
        print(f"{work.give_and_wait()}\n")
        memory = {name: portal.memory_of(name) for name in (WEB, MAIL, DOCUMENTS)}
        print(f"{report.memory_table(memory)}\n")
    missed = report.missed(floor, costs, memory)
    print("\n".join(["Missed goals:", *missed]) if missed else "Every goal is reached.")


def _print_repeated(costs: list) -> None:
    for cost in costs:
        if cost.repeated:
            print("\n  ".join([cost.page.name, *cost.repeated]))
    print()


if __name__ == "__main__":
    sys.exit(main())
