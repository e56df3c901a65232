"""Inner work on accounts: called inside the action of whoever needs it."""

import hashlib
import secrets
from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator

from foundation.accounts import events
from foundation.accounts.models import Invitation, Person, PersonSession
from foundation.doors import Actor, step
from foundation.history.steps import record

#: How long an invitation may lie in a mailbox.
INVITATION_LASTS = timedelta(days=7)


def hash_token(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


@step
def add_verified_address(person: Person) -> None:
    """This person's address is known to be theirs, so they may sign in with it."""
    EmailAddress.objects.filter(user=person).exclude(email=person.email).delete()
    EmailAddress.objects.update_or_create(
        user=person, email=person.email, defaults={"primary": True, "verified": True}
    )


@step
def issue_invitation(person: Person, *, invited_by: Person | None, now: datetime) -> str:
    """A new one-time token for a link. Only its hash is kept; using one ends all of a person's."""
    token = secrets.token_urlsafe(32)
    Invitation.objects.create(
        person=person,
        token_hash=hash_token(token),
        invited_by=invited_by,
        created_at=now,
        expires_at=now + INVITATION_LASTS,
    )
    return token


@step
def end_invitations(person: Person, *, now: datetime) -> None:
    Invitation.objects.filter(person=person, used_at=None).update(used_at=now)


@step
def end_sessions(person: Person, *, actor: Actor, keep: str | None = None, reason: str = "") -> int:
    """Sign a person out everywhere, but for the session `keep`. Returns how many ended.

    A change of roles calls this, so that what somebody sees is what they may see now.
    """
    sessions = PersonSession.objects.filter(person=person)
    if keep:
        sessions = sessions.exclude(session_key=keep)
    ended, _ = sessions.delete()
    if ended:
        record(
            events.SESSIONS_ENDED,
            stream=person.public_id,
            actor=actor,
            data={"sessions": ended},
            text=reason,
        )
    return ended


@step
def remove_second_factor(person: Person) -> bool:
    """Take away authenticator app and recovery codes. Staff must then set up new ones.

    Returns whether there was anything to take away.
    """
    removed, _ = Authenticator.objects.filter(user=person).delete()
    return bool(removed)
