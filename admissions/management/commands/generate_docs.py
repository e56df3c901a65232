"""`manage.py generate_docs [--check]`."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from admissions.docs import pages


class Command(BaseCommand):
    help = "Write docs/workflow.md, docs/workflow.svg and docs/emails.md from the code's tables."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--check", action="store_true", help="change nothing, and fail when one is stale"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        folder = settings.BASE_DIR / "docs"
        stale = []
        for name, text in pages().items():
            path = folder / name
            if path.exists() and path.read_text(encoding="utf-8") == text:
                continue
            if options["check"]:
                stale.append(name)
                continue
            folder.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
            self.stdout.write(f"wrote docs/{name}")
        if stale:
            raise CommandError(f"Stale: {', '.join(stale)}. Run `make docs`.")
