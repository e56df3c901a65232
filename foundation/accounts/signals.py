"""What follows from signing in, signing out and changing a password or second factor."""

from typing import Any

import structlog
from allauth.account import signals as account_signals
from allauth.mfa import signals as mfa_signals
from allauth.mfa.models import Authenticator
from django.contrib.auth import signals as auth_signals
from django.db import transaction
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone

from foundation.accounts import access, sessions, steps
from foundation.accounts.models import Person
from foundation.doors import Actor

log = structlog.get_logger("portal.accounts")


@receiver(auth_signals.user_logged_in)
def note_start(request: HttpRequest | None, user: Person, **kwargs: Any) -> None:
    """A session begins: its lifetime counts from here."""
    if request is None:
        return
    request.session[sessions.STARTED_AT] = timezone.now().isoformat()
    request.session[sessions.DEVICE] = sessions.describe_device(
        request.headers.get("User-Agent", "")
    )
    log.info("signed_in", person=user.pk)


@receiver(auth_signals.user_logged_out)
def note_end(user: Person | None, **kwargs: Any) -> None:
    if user is not None:
        log.info("signed_out", person=user.pk)


@receiver(mfa_signals.authentication_failed)
def note_wrong_code(user: Person, **kwargs: Any) -> None:
    log.warning("second_factor_failed", person=user.pk)


@receiver(account_signals.authentication_step_completed)
def rotate(request: HttpRequest, **kwargs: Any) -> None:
    """After proving again who one is, the session has a new key, as after signing in."""
    if kwargs.get("reauthenticated"):
        request.session.cycle_key()


@receiver(account_signals.password_changed)
@receiver(account_signals.password_set)
@receiver(account_signals.password_reset)
def end_others_after_password(request: HttpRequest, user: Person, **kwargs: Any) -> None:
    """Whoever knew the old password is signed out; Django does so too, this removes the rows."""
    _end_others(request, user)
    log.info("password_changed", person=user.pk)


@receiver(mfa_signals.authenticator_removed)
def end_others_after_second_factor(
    request: HttpRequest, user: Person, authenticator: Authenticator, **kwargs: Any
) -> None:
    """A session that was opened with the removed factor no longer counts as having one."""
    if authenticator.type == Authenticator.Type.TOTP:
        access.forget_second_factor(request)
        _end_others(request, user)
        log.info("second_factor_removed", person=user.pk)


def _end_others(request: HttpRequest, person: Person) -> None:
    with transaction.atomic():
        steps.end_sessions(person, actor=Actor.person(person), keep=request.session.session_key)
