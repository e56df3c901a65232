"""Run one timer now, or say with --dry-run what it would do."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from foundation import timers


class Command(BaseCommand):
    help = "Runs one timer now. Without a name, lists them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", nargs="?")
        parser.add_argument("--dry-run", action="store_true", help="only say what would be done")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["name"]:
            for timer in timers.all_timers():
                self.stdout.write(f"{timer.name:32} every {timer.every}: {timer.description}")
            return
        try:
            timer = timers.get(options["name"])
        except KeyError:
            raise CommandError(f"There is no timer called {options['name']}.") from None
        lines = timer.run(timezone.now(), options["dry_run"])
        for line in lines:
            self.stdout.write(line)
        self.stdout.write(f"{len(lines)} {'to do' if options['dry_run'] else 'done'}")
