"""`manage.py end_role EMAIL ROLE [--programme CODE] [--reason TEXT]`."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from foundation.doors import Actor, Refused
from programmes.actions import end_role
from programmes.management.people import find_person, find_programme, role_help
from programmes.queries import current_or_coming
from programmes.roles import Role


class Command(BaseCommand):
    help = "End a role of a member of staff at once. Their sessions end."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")
        parser.add_argument("role", choices=Role.values, metavar="ROLE", help=role_help())
        parser.add_argument(
            "--programme", metavar="CODE", help="without it: the grant for all programmes"
        )
        parser.add_argument("--reason", default="")

    def handle(self, *args: Any, **options: Any) -> None:
        person = find_person(options["email"])
        role = Role(options["role"])
        grant = (
            current_or_coming(timezone.now())
            .filter(person=person, role=role, programme=find_programme(options["programme"]))
            .first()
        )
        where = options["programme"] or "all programmes"
        if grant is None:
            raise CommandError(f"{person.email} is not {role.label} for {where}.")
        try:
            end_role(grant, actor=Actor.timer("end_role"), reason=options["reason"])
        except Refused as refusal:
            raise CommandError(str(refusal.sentence)) from refusal
        self.stdout.write(f"{person.email} is no longer {role.label} for {where}.")
