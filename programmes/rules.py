"""Who holds which role. Other rooms build their own rules from these."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from programmes.models import Programme, RoleGrant
from programmes.queries import current_or_coming, grants_at
from programmes.roles import Role

if TYPE_CHECKING:
    from foundation.accounts.models import Person


_KEPT = "grants_of_this_request"


def grants_of(person: Any, *, now: datetime | None = None) -> QuerySet[RoleGrant]:
    """The grants that hold for a person now. Nobody who is not signed in as active staff has one."""
    if not getattr(person, "is_authenticated", False):
        return RoleGrant.objects.none()
    return grants_at(now or timezone.now()).filter(person_id=person.pk)


def look_up_once(person: Any) -> None:
    """Keep a person's grants with the person, who lives as long as one request: a page asks often.

    Actions load a person of their own, so they go by what is true when they act.
    """
    grants = current_or_coming(timezone.now()).filter(
        person_id=person.pk, person__is_active=True, person__is_staff_member=True
    )
    setattr(person, _KEPT, list(grants.values_list("role", "programme_id", "from_at", "until_at")))


def _grants(person: Any, now: datetime | None) -> list[tuple[str, int | None]]:
    """Role and programme of each grant that holds, from what is kept or from the database."""
    kept = getattr(person, _KEPT, None)
    if kept is None:
        return list(grants_of(person, now=now).values_list("role", "programme_id"))
    at = now or timezone.now()
    return [
        (role, programme)
        for role, programme, from_at, until_at in kept
        if from_at <= at and (until_at is None or until_at > at)
    ]


def has_role(
    person: Any,
    *roles: Role,
    programme: Programme | None = None,
    now: datetime | None = None,
) -> bool:
    """Whether a person holds one of the roles, for `programme`, or for any when none is given."""
    return not roles_of(person, programme=programme, now=now).isdisjoint(roles)


def has_role_everywhere(person: Any, *roles: Role, now: datetime | None = None) -> bool:
    """Whether a person holds one of the roles for all programmes, not for some."""
    return any(role in roles for role, programme in _grants(person, now) if programme is None)


def roles_of(
    person: Any, *, programme: Programme | None = None, now: datetime | None = None
) -> frozenset[Role]:
    """All the roles a person holds, for `programme`, or for any when none is given."""
    reached = None if programme is None else {None, programme.pk}
    return frozenset(
        Role(role) for role, where in _grants(person, now) if reached is None or where in reached
    )


def programmes_of(person: Any, *roles: Role, now: datetime | None = None) -> QuerySet[Programme]:
    """The programmes for which a person holds one of the roles, published or not."""
    grants = grants_of(person, now=now).filter(role__in=roles)
    return Programme.objects.filter(
        Exists(grants.filter(Q(programme=None) | Q(programme=OuterRef("pk"))))
    )


def grantable_programmes(person: Any, *, now: datetime | None = None) -> QuerySet[Programme]:
    """The programmes for which a person may give and end roles."""
    return programmes_of(person, Role.HEAD_OF_ADMISSIONS, now=now)


def may_grant(person: "Person", programme: Programme | None, *, now: datetime) -> bool:
    """Heads of admissions grant for the programmes they head; for all programmes only if they head all."""
    if programme is None:
        return has_role_everywhere(person, Role.HEAD_OF_ADMISSIONS, now=now)
    return has_role(person, Role.HEAD_OF_ADMISSIONS, programme=programme, now=now)


def may_close_account(giver: "Person", person: "Person", *, now: datetime) -> bool:
    """System administrators, and for staff the heads who may grant every role the person has.

    Nobody closes their own account.
    """
    if giver.pk == person.pk:
        return False
    if has_role(giver, Role.SYSTEM_ADMINISTRATOR, now=now):
        return True
    if not (person.is_staff_member and has_role(giver, Role.HEAD_OF_ADMISSIONS, now=now)):
        return False
    grants = current_or_coming(now).filter(person=person).select_related("programme")
    return all(may_grant(giver, grant.programme, now=now) for grant in grants)


def may_look_after_account(giver: "Person", person: "Person", *, now: datetime) -> bool:
    """System administrators open accounts, reset second factors and end sessions, never their own."""
    return giver.pk != person.pk and has_role(giver, Role.SYSTEM_ADMINISTRATOR, now=now)
