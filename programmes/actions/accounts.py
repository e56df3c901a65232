"""What the office does with somebody's account: whether this actor may, then the account's own action."""

from collections.abc import Callable
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from foundation.accounts import actions
from foundation.accounts.models import Person
from foundation.doors import Actor, ActorKind, Refused
from programmes.rules import may_close_account, may_look_after_account

Rule = Callable[..., bool]


def close_account(
    person: Person, *, actor: Actor, reason: str, now: datetime | None = None
) -> None:
    """Close an account to sign-in: somebody left, or their account is in wrong hands.

    Raises Refused: `own_account`, `not_allowed`, `closed_already` when somebody else was faster.
    """
    _check_actor(person, may_close_account, actor=actor, now=now)
    actions.deactivate(person, actor=actor, reason=reason)


def open_account(person: Person, *, actor: Actor, reason: str, now: datetime | None = None) -> None:
    """Let somebody sign in again, with the roles that have not ended meanwhile.

    Raises Refused: `own_account`, `not_allowed`, `open_already`.
    """
    _check_actor(person, may_look_after_account, actor=actor, now=now)
    actions.reactivate(person, actor=actor, reason=reason)


def reset_second_factor(
    person: Person, *, actor: Actor, reason: str, now: datetime | None = None
) -> None:
    """Take away the second factor of somebody who lost their phone and has no recovery code.

    Raises Refused: `own_account`, `not_allowed`, `reason_missing`, `no_second_factor`.
    """
    _check_actor(person, may_look_after_account, actor=actor, now=now)
    actions.reset_second_factor(person, actor=actor, reason=reason)


def end_sessions(person: Person, *, actor: Actor, reason: str, now: datetime | None = None) -> int:
    """Sign somebody out everywhere. Returns how many sessions ended.

    Raises Refused: `own_account`, `not_allowed`, `reason_missing`.
    """
    _check_actor(person, may_look_after_account, actor=actor, now=now)
    return actions.end_all_sessions(person, actor=actor, reason=reason)


def _check_actor(person: Person, rule: Rule, *, actor: Actor, now: datetime | None) -> None:
    """Commands on the server may; of people, whom the rule lets. Own accounts the action refuses."""
    if actor.kind is ActorKind.TIMER or (actor.is_person and actor.id == person.pk):
        return
    giver = None
    if actor.is_person and actor.id is not None:
        giver = Person.objects.filter(pk=actor.id).first()
    if giver is None or not rule(giver, person, now=now or timezone.now()):
        raise Refused("not_allowed", _("Your roles don’t cover this person’s account."))
