"""`manage.py invite_staff EMAIL --name NAME --role ROLE [--programme CODE]`."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from foundation.doors import Actor, Refused
from programmes.actions import invite_staff
from programmes.management.people import find_programme, role_help
from programmes.roles import Role


class Command(BaseCommand):
    help = (
        "Invite a member of staff and print the one-time link with which they set a password. This "
        "makes the first administrator; later ones are invited on the page People."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--name", required=True, help="their full name")
        parser.add_argument(
            "--role", required=True, choices=Role.values, metavar="ROLE", help=role_help()
        )
        parser.add_argument("--programme", metavar="CODE", help="without it: all programmes")
        parser.add_argument("--mail", action="store_true", help="send the invitation by email too")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            person, link = invite_staff(
                options["email"],
                options["name"],
                Role(options["role"]),
                find_programme(options["programme"]),
                actor=Actor.timer("invite_staff"),
                by_mail=options["mail"],
            )
        except Refused as refusal:
            raise CommandError(str(refusal.sentence)) from refusal
        self.stdout.write(f"{person.email} is invited as {Role(options['role']).label}.")
        self.stdout.write("Give them this link. It works once, for 7 days:")
        self.stdout.write(link)
