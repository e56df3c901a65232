"""Inner work on roles: called inside the action of whoever needs it."""

from datetime import datetime

from foundation.accounts.models import Person
from foundation.accounts.steps import end_sessions
from foundation.doors import Actor, step
from foundation.history.kinds import EventKind
from foundation.history.steps import Code, record
from programmes import events
from programmes.models import Programme, RoleGrant
from programmes.roles import Role


@step
def add_grant(
    person: Person,
    role: Role,
    programme: Programme | None,
    *,
    actor: Actor,
    now: datetime,
    until_at: datetime | None = None,
    reason: str = "",
) -> RoleGrant:
    """Give a role from now on. The person's sessions end, so that they come back with it."""
    grant = RoleGrant.objects.create(
        person=person,
        role=role,
        programme=programme,
        from_at=now,
        until_at=until_at,
        granted_by_id=actor.id if actor.is_person else None,
        reason=reason,
    )
    _record(events.ROLE_GRANTED, grant, person, actor=actor, now=now, reason=reason)
    return grant


@step
def close_grant(grant: RoleGrant, *, actor: Actor, now: datetime, reason: str) -> None:
    """End a role now, or before it begins. The person's sessions end with it."""
    grant.until_at = max(now, grant.from_at)
    grant.save(update_fields=["until_at"])
    _record(events.ROLE_ENDED, grant, grant.person, actor=actor, now=now, reason=reason)


def _record(
    kind: EventKind,
    grant: RoleGrant,
    person: Person,
    *,
    actor: Actor,
    now: datetime,
    reason: str,
) -> None:
    data: dict[str, Code | list[str]] = {
        "grant": grant.pk,
        "role": grant.role,
        "programme": grant.programme_id,
    }
    record(kind, stream=person.public_id, actor=actor, at=now, data=data, text=reason)
    end_sessions(person, actor=actor)
