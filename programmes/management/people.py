"""What the commands about people share: finding a person and a programme by what was typed."""

from django.core.management.base import CommandError

from foundation.accounts.models import Person
from programmes.models import Programme
from programmes.roles import Role


def find_person(email: str) -> Person:
    person = Person.objects.filter(email=email.strip().lower()).first()
    if person is None:
        raise CommandError(f"Nobody has the address {email}. Invite them with invite_staff.")
    return person


def find_programme(code: str | None) -> Programme | None:
    """The programme with a code. No code means all programmes."""
    if code is None:
        return None
    programme = Programme.objects.filter(code__iexact=code).first()
    if programme is None:
        known = ", ".join(Programme.objects.values_list("code", flat=True)) or "none yet"
        raise CommandError(f"There is no programme {code}. There are: {known}.")
    return programme


def role_help() -> str:
    return "one of: " + ", ".join(Role.values)
