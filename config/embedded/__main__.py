"""`python -m config.embedded start | backup | restore FILE`, which `make` calls."""

import argparse
import os
import sys
from pathlib import Path

from config.environment import VAR_DIR, is_embedded


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m config.embedded", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("start", help="start everything, until Ctrl-C")
    commands.add_parser("backup", help="write database and documents to one file in var/backups")
    restore = commands.add_parser("restore", help="bring a backup back")
    restore.add_argument("file", type=Path)
    arguments = parser.parse_args()

    from config.embedded import archive, runner

    if not is_embedded(os.environ):
        print(
            "This command is for the embedded default, and settings of real services are given. "
            "docs/operations.md says how the portal runs with those.",
            file=sys.stderr,
        )
        return 2
    try:
        if arguments.command == "start":
            runner.Runner(VAR_DIR).run()
        elif arguments.command == "backup":
            print(archive.back_up(VAR_DIR))
        else:
            archive.restore(VAR_DIR, arguments.file)
    except (runner.Problem, RuntimeError) as problem:
        print(problem, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
