"""`manage.py grant_role EMAIL ROLE [--programme CODE] [--reason TEXT]`."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from foundation.doors import Actor, Refused
from programmes.actions import grant_role
from programmes.management.people import find_person, find_programme, role_help
from programmes.roles import Role


class Command(BaseCommand):
    help = "Give a member of staff a role, for one programme or for all. Their sessions end."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")
        parser.add_argument("role", choices=Role.values, metavar="ROLE", help=role_help())
        parser.add_argument("--programme", metavar="CODE", help="without it: all programmes")
        parser.add_argument("--reason", default="")

    def handle(self, *args: Any, **options: Any) -> None:
        person = find_person(options["email"])
        role = Role(options["role"])
        try:
            grant_role(
                person,
                role,
                find_programme(options["programme"]),
                actor=Actor.timer("grant_role"),
                reason=options["reason"],
            )
        except Refused as refusal:
            raise CommandError(str(refusal.sentence)) from refusal
        where = options["programme"] or "all programmes"
        self.stdout.write(f"{person.email} is now {role.label} for {where}.")
