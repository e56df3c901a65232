"""`manage.py load_demo [--sign-ins]`."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from programmes import demo


class Command(BaseCommand):
    help = (
        "Load the demonstration's programmes, open intakes and people. What is there already stays; "
        "intakes whose demonstration dates have passed are opened again."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--sign-ins", action="store_true", help="only print who can be signed in as"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("Demonstration data exists in the embedded default alone.")
        if not options["sign_ins"]:
            for line in demo.load_all(timezone.now()):
                self.stdout.write(f"  {line}", style_func=str)
        self.stdout.write("Demonstration sign-ins:")
        rows = demo.sign_ins()
        widths = [max(len(row[column]) for row in rows) for column in range(2)]
        for email, password, role in rows:
            self.stdout.write(f"  {email:<{widths[0]}}  {password:<{widths[1]}}  {role}")
