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


def grants_of(person: Any, *, now: datetime | None = None) -> QuerySet[RoleGrant]:
    """The grants that hold for a person now. Nobody who is not signed in as active staff has one."""
    if not getattr(person, "is_authenticated", False):
        return RoleGrant.objects.none()
    return grants_at(now or timezone.now()).filter(person_id=person.pk)


def has_role(
    person: Any,
    *roles: Role,
    programme: Programme | None = None,
    now: datetime | None = None,
) -> bool:
    """Whether a person holds one of the roles, for `programme`, or for any when none is given."""
    grants = grants_of(person, now=now).filter(role__in=roles)
    if programme is not None:
        grants = grants.filter(Q(programme=None) | Q(programme=programme))
    return grants.exists()


def has_role_everywhere(person: Any, *roles: Role, now: datetime | None = None) -> bool:
    """Whether a person holds one of the roles for all programmes, not for some."""
    return grants_of(person, now=now).filter(role__in=roles, programme=None).exists()


def roles_of(
    person: Any, *, programme: Programme | None = None, now: datetime | None = None
) -> frozenset[Role]:
    """All the roles a person holds, for `programme`, or for any when none is given."""
    grants = grants_of(person, now=now)
    if programme is not None:
        grants = grants.filter(Q(programme=None) | Q(programme=programme))
    return frozenset(Role(role) for role in grants.values_list("role", flat=True))


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
