"""What can be done with an account, other than what its owner does on django-allauth's pages."""

from datetime import datetime
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from foundation.accounts import events, links, messages, notices, rules, steps
from foundation.accounts.models import Invitation, Person
from foundation.doors import Actor, Refused, door
from foundation.history.steps import record


@door
def invite_person(
    email: str,
    full_name: str,
    *,
    actor: Actor,
    now: datetime | None = None,
    by_mail: bool = True,
) -> tuple[Person, str]:
    """Make somebody a member of staff, and a one-time link with which they set a password.

    Returns the person and the link. `by_mail` also sends them a link of its own, made when the mail
    is rendered. An applicant who is invited keeps their account. Inviting again ends older links.
    The link works for 7 days and only once; then an authenticator app has to be set up.

    Raises Refused: `invalid_address`, `invalid_name`, `account_closed`.
    """
    now = now or timezone.now()
    person = _staff_member(email, full_name)
    steps.end_invitations(person, now=now)
    steps.end_sessions(person, actor=actor)
    inviter = None
    if actor.is_person and actor.id is not None:
        inviter = Person.objects.filter(pk=actor.id).first()
    token = steps.issue_invitation(person, invited_by=inviter, now=now)
    if by_mail:
        ids = {"person": person.pk} | ({"invited_by": inviter.pk} if inviter else {})
        messages.send(messages.INVITATION, person.email, **ids)
    record(events.INVITED, stream=person.public_id, actor=actor, at=now)
    return person, links.public("accounts:invitation", token=token)


def _staff_member(email: str, full_name: str) -> Person:
    email = email.strip().lower()
    try:
        validate_email(email)
        rules.check_address_length(email)
    except ValidationError as error:
        raise Refused("invalid_address", _("Enter an email address, such as a@b.ac.uk.")) from error
    try:
        name = rules.tidy_name(full_name)
    except ValidationError as error:
        raise Refused("invalid_name", error.messages[0]) from error
    if not name:
        raise Refused("invalid_name", _("Enter a name."))
    try:
        with transaction.atomic():
            return Person.objects.create_user(email, full_name=name, is_staff_member=True)
    except IntegrityError:
        person = Person.objects.select_for_update().get(email=email)
    if not person.is_active:
        raise Refused("account_closed", _("This account is closed. Open it again first."))
    person.is_staff_member = True
    if person.last_login is None:
        # Nobody has shown yet that this account is theirs: the inviter knows the name better.
        person.full_name = name
    person.save(update_fields=["is_staff_member", "full_name"])
    return person


@door
def accept_invitation(
    token: str, password: str, *, actor: Actor, now: datetime | None = None
) -> Person:
    """Use up an invitation: set the password and take the address as confirmed.

    Every other session and invitation of this person ends. A second factor that is set up stays.

    Raises Refused: `invitation_invalid` for a link that is wrong, used or expired, all alike;
    `password_weak` with the sentences of the password rules.
    """
    now = now or timezone.now()
    person = _lock_invited(token, now=now)
    try:
        validate_password(password, person)
    except ValidationError as error:
        raise Refused("password_weak", " ".join(error.messages)) from error
    steps.end_invitations(person, now=now)
    steps.end_sessions(person, actor=actor)
    person.set_password(password)
    person.save(update_fields=["password"])
    steps.add_verified_address(person)
    record(
        events.INVITATION_ACCEPTED,
        stream=person.public_id,
        actor=Actor.person(person),
        at=now,
    )
    return person


def _lock_invited(token: str, *, now: datetime) -> Person:
    """The person is locked before the link is looked at again: two links of theirs may race."""
    found = open_invitation(token, now=now)
    if found is not None:
        person = Person.objects.select_for_update().get(pk=found.person_id)
        if open_invitation(token, now=now) is not None:
            return person
    raise Refused("invitation_invalid", _("This invitation was used already or has expired."))


def open_invitation(token: str, *, now: datetime) -> Invitation | None:
    """The invitation of a link that still works, else nothing: why not is nobody's business."""
    return (
        Invitation.objects.filter(
            token_hash=steps.hash_token(token),
            used_at=None,
            expires_at__gt=now,
            person__is_active=True,
        )
        .select_related("person")
        .first()
    )


@door
def accept_notices(
    person: Person, codes: list[str], *, actor: Actor, now: datetime | None = None
) -> None:
    """Keep that a person accepted the present versions of these notices."""
    for code in codes:
        notices.accept_notice(person, code, now=now)


@door
def end_other_sessions(person: Person, *, keep: str | None, actor: Actor) -> int:
    """Sign out everywhere else: what somebody does who left a session open in a library."""
    return steps.end_sessions(person, actor=actor, keep=keep)


@door
def end_all_sessions(person: Person, *, actor: Actor, reason: str) -> int:
    """Sign somebody else out everywhere: a laptop was stolen, a session was left open.

    Returns how many sessions ended. Raises Refused: `own_account`, `reason_missing`.
    """
    _refuse_own_account(person, actor, _("Your own sessions end on the page of your account."))
    _require(reason, _("Say why."))
    person = Person.objects.select_for_update().get(pk=person.pk)
    return steps.end_sessions(person, actor=actor, reason=reason)


@door
def deactivate(person: Person, *, actor: Actor, reason: str = "") -> None:
    """Close an account to sign-in and end its sessions and invitations at once. Nothing is deleted.

    Raises Refused: `own_account`, because nobody closes their own by mistake; `closed_already`.
    """
    _refuse_own_account(person, actor, _("You can’t close your own account."))
    person = Person.objects.select_for_update().get(pk=person.pk)
    if not person.is_active:
        raise Refused("closed_already", _("This account was closed already."))
    person.is_active = False
    person.save(update_fields=["is_active"])
    steps.end_invitations(person, now=timezone.now())
    steps.end_sessions(person, actor=actor)
    record(events.DEACTIVATED, stream=person.public_id, actor=actor, text=reason)


@door
def reactivate(person: Person, *, actor: Actor, reason: str = "") -> None:
    """Open a closed account to sign-in again, with the password and second factor it had.

    Raises Refused: `own_account`, `open_already`.
    """
    _refuse_own_account(person, actor, _("You can’t open your own account."))
    person = Person.objects.select_for_update().get(pk=person.pk)
    if person.is_active:
        raise Refused("open_already", _("This account was opened already."))
    person.is_active = True
    person.save(update_fields=["is_active"])
    record(events.REACTIVATED, stream=person.public_id, actor=actor, text=reason)


@door
def reset_second_factor(person: Person, *, actor: Actor, reason: str) -> None:
    """Take away a lost second factor, after the person was recognised by other means.

    Their sessions end and they are told by mail. Staff set up a new one at the next sign-in.

    Raises Refused: `own_account`, `reason_missing`, `no_second_factor`.
    """
    _refuse_own_account(person, actor, _("Ask a colleague: nobody resets their own second factor."))
    _require(reason, _("Say how you recognised this person."))
    person = Person.objects.select_for_update().get(pk=person.pk)
    if not steps.remove_second_factor(person):
        raise Refused("no_second_factor", _("This person has no authenticator app set up."))
    steps.end_sessions(person, actor=actor)
    messages.send(messages.SECOND_FACTOR_REMOVED, person.email, person=person.pk)
    record(events.SECOND_FACTOR_RESET, stream=person.public_id, actor=actor, text=reason)


def _refuse_own_account(person: Person, actor: Actor, sentence: Any) -> None:
    if actor.is_person and actor.id == person.pk:
        raise Refused("own_account", sentence)


def _require(reason: str, sentence: Any) -> None:
    if not reason.strip():
        raise Refused("reason_missing", sentence)
