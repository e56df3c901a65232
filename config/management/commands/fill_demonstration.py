"""`manage.py fill_demonstration`: what the embedded default shows. Running it again adds nothing."""

from io import StringIO
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

#: In this order. Each brings what is missing and leaves what is there.
COMMANDS = ("import_programmes", "load_demo")
#: Its words are for whoever starts the portal.
SIGN_INS = "load_demo"


class Command(BaseCommand):
    help = "Load the reference catalogue and the demonstration's people (embedded default only)."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("Demonstration data is for the embedded default, not for this one.")
        for name in COMMANDS:
            call_command(name, stdout=StringIO(), stderr=self.stderr)
        call_command(SIGN_INS, "--sign-ins", stdout=self.stdout)
