"""`manage.py reset_second_factor EMAIL --reason TEXT`."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from foundation.doors import Actor, Refused
from programmes.actions.accounts import reset_second_factor
from programmes.management.people import find_person


class Command(BaseCommand):
    help = (
        "Take away the authenticator app of somebody who lost it. For the only system "
        "administrator; others are helped on the page People."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--reason", required=True, help="how you recognised them")

    def handle(self, *args: Any, **options: Any) -> None:
        person = find_person(options["email"])
        actor = Actor.timer("reset_second_factor")
        try:
            reset_second_factor(person, actor=actor, reason=options["reason"])
        except Refused as refusal:
            raise CommandError(str(refusal.sentence)) from refusal
        self.stdout.write(f"{person.email} sets up a new authenticator app at the next sign-in.")
