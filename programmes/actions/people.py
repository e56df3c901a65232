"""Giving roles to staff and taking them back."""

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from foundation.accounts.actions import invite_person
from foundation.accounts.models import Person
from foundation.doors import Actor, ActorKind, Refused, door
from programmes import steps
from programmes.models import Programme, RoleGrant
from programmes.queries import current_or_coming
from programmes.roles import Role
from programmes.rules import may_grant


@door
def grant_role(
    person: Person,
    role: Role,
    programme: Programme | None,
    *,
    actor: Actor,
    reason: str = "",
    until_at: datetime | None = None,
    now: datetime | None = None,
) -> RoleGrant:
    """Give a member of staff a role, for one programme or (None) for all. Their sessions end.

    Raises Refused: `own_role` (nobody grants to themselves, so that one stolen account can't raise
    itself), `not_head`, `not_staff`, `has_role`, `ends_before_it_begins`.
    """
    now = now or timezone.now()
    person = Person.objects.select_for_update().get(pk=person.pk)
    _check_actor(person, programme, actor=actor, now=now)
    if not (person.is_staff_member and person.is_active):
        raise Refused(
            "not_staff", _("Only staff who may sign in can hold a role. Invite them first.")
        )
    if until_at is not None and until_at <= now:
        raise Refused("ends_before_it_begins", _("Choose an end that is still to come."))
    held = current_or_coming(now).filter(person=person, role=role, programme=programme)
    if held.exists():
        raise Refused("has_role", _("This person has that role already."))
    return steps.add_grant(
        person, role, programme, actor=actor, now=now, until_at=until_at, reason=reason
    )


@door
def end_role(
    grant: RoleGrant, *, actor: Actor, reason: str = "", now: datetime | None = None
) -> RoleGrant:
    """Take a role back at once. The person's sessions end.

    Raises Refused: `own_role`, `not_head`, `role_ended` when somebody else was faster.
    """
    now = now or timezone.now()
    person = Person.objects.select_for_update().get(pk=grant.person_id)
    grant = RoleGrant.objects.select_related("person", "programme").get(pk=grant.pk)
    _check_actor(person, grant.programme, actor=actor, now=now)
    if grant.until_at is not None and grant.until_at <= now:
        raise Refused("role_ended", _("This role has ended already."))
    steps.close_grant(grant, actor=actor, now=now, reason=reason)
    return grant


def invite_staff(
    email: str,
    full_name: str,
    role: Role,
    programme: Programme | None,
    *,
    actor: Actor,
    reason: str = "",
    until_at: datetime | None = None,
    by_mail: bool = True,
    now: datetime | None = None,
) -> tuple[Person, str]:
    """Invite somebody by email and give them a role: two actions, one after the other.

    Returns the person and the one-time link. Staff who are invited again get a new link and, if
    they lack it, the role. Raises Refused as both actions do, before anything is sent where the
    actor may not grant.
    """
    now = now or timezone.now()
    known = Person.objects.filter(email=email.strip().lower()).first()
    _check_actor(known, programme, actor=actor, now=now)
    person, link = invite_person(email, full_name, actor=actor, now=now, by_mail=by_mail)
    try:
        grant_role(person, role, programme, actor=actor, reason=reason, until_at=until_at, now=now)
    except Refused as refusal:
        if refusal.code != "has_role":
            raise
    return person, link


def _check_actor(
    person: Person | None, programme: Programme | None, *, actor: Actor, now: datetime
) -> None:
    """Heads of admissions decide about others' roles, and commands on the server about anybody's."""
    if actor.kind is ActorKind.TIMER:
        return
    giver = None
    if actor.is_person and actor.id is not None:
        giver = Person.objects.filter(pk=actor.id).first()
    if giver is not None and giver == person:
        raise Refused(
            "own_role", _("Nobody changes their own roles. Ask another head of admissions.")
        )
    if giver is None or not may_grant(giver, programme, now=now):
        raise Refused(
            "not_head", _("Only the head of admissions for these programmes may do that.")
        )
