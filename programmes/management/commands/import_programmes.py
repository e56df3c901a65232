"""`manage.py import_programmes [file …] [--dry-run]`."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from foundation.doors import Actor
from programmes.actions import FaultyCatalogue, import_catalogue, read_catalogue
from programmes.actions.catalogue import shipped_files


class Command(BaseCommand):
    help = (
        "Bring the catalogue up to date from YAML documents, all or nothing. Without a file: the "
        "catalogue that ships with the portal."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="*", type=Path, help="one document per programme")
        parser.add_argument(
            "--dry-run",
            action="store_true",
            help="say what would change, and change nothing",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        files = options["files"] or shipped_files()
        try:
            changes = import_catalogue(
                read_catalogue(files),
                actor=Actor.timer("import_programmes"),
                dry_run=options["dry_run"],
            )
        except FaultyCatalogue as faults:
            lines = [f"  - {problem}" for problem in faults.problems]
            raise CommandError("\n".join([str(faults.sentence), *lines])) from faults
        for change in changes:
            self.stdout.write(f"  {change}")
        did = "would change" if options["dry_run"] else "changed"
        self.stdout.write(f"{len(files)} documents read, {len(changes)} rows {did}.")
