"""`manage.py fill_demonstration`: what the embedded default shows. Running it again adds nothing."""

from typing import Any

from django.conf import settings
from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand, CommandError

#: In this order. Each brings what is missing and leaves what is there.
COMMANDS = ("import_programmes", "load_demo")
#: This one's words are for whoever starts the portal: the demonstration's sign-ins.
TELLS = "load_demo"


class Command(BaseCommand):
    help = "Load the reference catalogue and the demonstration's people (embedded default only)."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("Demonstration data is for the embedded default, not for this one.")
        known = get_commands()
        for name in COMMANDS:
            if name in known:
                stdout = self.stdout if name == TELLS else _Silence()
                call_command(name, stdout=stdout, stderr=self.stderr)


class _Silence:
    """Takes what is written and keeps nothing."""

    def write(self, text: str) -> int:
        return len(text)

    def flush(self) -> None:
        """Nothing is held."""
