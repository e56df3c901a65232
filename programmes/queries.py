"""Rows of the catalogue and of the staff, as querysets."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.contrib.auth import get_user_model
from django.db.models import Prefetch, Q, QuerySet

from programmes.models import Intake, Programme, RoleGrant
from programmes.models.intakes import LAST_SECOND
from programmes.roles import Role

if TYPE_CHECKING:
    from foundation.accounts.models import Person


def published() -> QuerySet[Programme]:
    """The programmes that anybody may see."""
    return Programme.objects.filter(published=True)


def visible_to(person: object) -> QuerySet[Programme]:
    """The programmes that a person may see: the published ones, for a catalogue editor all theirs."""
    from programmes.rules import programmes_of

    if not getattr(person, "is_authenticated", False):
        return published()
    edited = programmes_of(person, Role.CATALOGUE_EDITOR).values("pk")
    return Programme.objects.filter(Q(published=True) | Q(pk__in=edited))


def open_intakes(now: datetime) -> QuerySet[Intake]:
    """The intakes of published programmes that one can apply for at a moment, the next to close first.

    Says in SQL what `Intake.state_at` says of one intake.
    """
    return (
        Intake.objects.filter(programme__published=True, is_historic=False, opens_at__lte=now)
        .filter(Q(closes_at=None) | Q(closes_at__gt=now - LAST_SECOND))
        .filter(Q(closed_early_at=None) | Q(closed_early_at__gt=now))
        .filter(Q(full_at=None) | Q(full_at__gt=now))
        .select_related("programme")
        .order_by("closes_at", "pk")
    )


def ended_intakes(now: datetime) -> QuerySet[Intake]:
    """The intakes that are closed at a moment, by their date, early, or because they are history."""
    return Intake.objects.filter(
        Q(is_historic=True) | Q(closes_at__lte=now - LAST_SECOND) | Q(closed_early_at__lte=now)
    )


def with_intakes(programmes: QuerySet[Programme]) -> QuerySet[Programme]:
    """Load what a programme's card shows, in two queries however many there are."""
    return programmes.prefetch_related("intakes")


def with_page(programmes: QuerySet[Programme]) -> QuerySet[Programme]:
    """Load what a programme's page shows, in a fixed number of queries."""
    return programmes.select_related("choice_rule").prefetch_related(
        "statements",
        "terms__parts__module",
        "modules",
        Prefetch(
            "intakes",
            Intake.objects.select_related("requirement_set").prefetch_related(
                "requirement_set__documents"
            ),
        ),
    )


def current_or_coming(now: datetime) -> QuerySet[RoleGrant]:
    """The grants that have not ended: those that hold, and those that are still to begin."""
    return RoleGrant.objects.filter(Q(until_at=None) | Q(until_at__gt=now))


def grants_at(now: datetime) -> QuerySet[RoleGrant]:
    """The grants that hold at a moment, of people who can sign in as staff."""
    return current_or_coming(now).filter(
        from_at__lte=now,
        person__is_active=True,
        person__is_staff_member=True,
    )


def staff() -> "QuerySet[Person]":
    """Everybody who is or was a member of staff, by name; whose account is closed stays listed."""
    people = get_user_model()._default_manager.filter(is_staff_member=True)
    return people.order_by("full_name", "pk")


def reachable_people(reader: "Person", now: datetime) -> "QuerySet[Person]":
    """Whose pages somebody may open: staff; for a system administrator applicants' accounts too."""
    from programmes.rules import has_role

    if has_role(reader, Role.SYSTEM_ADMINISTRATOR, now=now):
        return get_user_model()._default_manager.order_by("full_name", "pk")
    return staff()


def matching(reader: "Person", words: str, now: datetime) -> "QuerySet[Person]":
    """Staff whose name or address contains the words, and an applicant by the whole address.

    An applicant is found by nothing less, so that nobody leafs through the applicants here.
    """
    found = Q(is_staff_member=True)
    if words:
        found &= Q(full_name__icontains=words) | Q(email__icontains=words)
        found |= Q(email=words.lower())
    return reachable_people(reader, now).filter(found)


def with_grants(people: "QuerySet[Person]", now: datetime) -> "QuerySet[Person]":
    """Load each person's roles that have not ended, as `person.live_grants`."""
    grants = current_or_coming(now).select_related("programme", "granted_by").order_by("role", "pk")
    return people.prefetch_related(Prefetch("role_grants", grants, to_attr="live_grants"))


def people_with(
    *roles: Role, programme: Programme | None = None, now: datetime
) -> "QuerySet[Person]":
    """The staff who hold one of the roles, for a programme when one is given."""
    grants = grants_at(now).filter(role__in=roles)
    if programme is not None:
        grants = grants.filter(Q(programme=None) | Q(programme=programme))
    people = get_user_model()._default_manager.filter(pk__in=grants.values("person"))
    return people.order_by("full_name", "pk")
