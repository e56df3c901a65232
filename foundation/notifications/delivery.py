"""Delivering one message in two transactions, as the actions call it.

The first counts the attempt, so that a message that kills its worker is counted. The second holds
the row's lock while the mail server is spoken to: a killed process frees it at once, and only the
commit after the server's 250 takes the message out of the queue. So no message is lost, and one
comes twice only when a process dies or a connection breaks between those two.
"""

from datetime import datetime, timedelta
from uuid import UUID

import structlog
from django.core.mail import EmailMultiAlternatives
from django.db import InterfaceError, OperationalError, transaction
from django.utils import timezone

from foundation.doors import step
from foundation.notifications import kinds, posting, queries, rendering, signals, switch
from foundation.notifications.models import Lane, MessageState, OutgoingMessage

logger = structlog.get_logger("portal.notifications")

#: How long to wait after the first, second … attempt. After the eighth the message has failed.
BACKOFF = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=15),
    timedelta(hours=1),
    timedelta(hours=4),
    timedelta(hours=12),
    timedelta(hours=24),
)
MAX_ATTEMPTS = len(BACKOFF) + 1
ERROR_LENGTH = 1000


class _Faulty(Exception):
    """Building or rendering the message failed: a person has to look at it."""


class _KindUnknown(Exception):
    """A worker of the previous release meets a kind of the next one."""


@step
def count_attempt(message_id: UUID, now: datetime) -> bool:
    """Raise `attempts` and `next_attempt_at`. False when there is nothing to attempt now.

    That is: not queued, not due, being delivered by somebody else, or stopped. A stopped outbox
    uses up no attempts.
    """
    message = _take(message_id, next_attempt_at__lte=now)
    if message is None:
        return False
    if not Lane(message.lane).passes_stop_switch and queries.is_stopped():
        return False
    if message.attempts >= MAX_ATTEMPTS:
        _settle(message, MessageState.FAILED, "given up: the last attempt did not end")
        return False
    message.attempts += 1
    message.next_attempt_at = now + BACKOFF[min(message.attempts, len(BACKOFF)) - 1]
    message.save(update_fields=["attempts", "next_attempt_at"])
    return True


@step
def attempt(message_id: UUID, *, line: posting.Line, now: datetime) -> MessageState | None:
    """Send one message whose attempt was counted. None when somebody else has it."""
    message = _take(message_id)
    if message is None:
        return None
    if not Lane(message.lane).passes_stop_switch and not switch.is_open():
        message.attempts = max(0, message.attempts - 1)
        message.next_attempt_at = now
        message.save(update_fields=["attempts", "next_attempt_at"])
        return MessageState.QUEUED
    try:
        composed = _compose(message, now)
    except _Faulty as fault:
        return _settle(message, MessageState.FAILED, str(fault))
    except _KindUnknown:
        return _postpone(message, f"this worker knows no kind {message.kind}")
    if composed is None:
        return _settle(message, MessageState.CANCELLED)
    return _send(message, composed, line=line, now=now)


def _send(
    message: OutgoingMessage, composed: EmailMultiAlternatives, *, line: posting.Line, now: datetime
) -> MessageState:
    try:
        message.provider_id = line.send(composed)[:200]
    except posting.RecipientRefused as refusal:
        state = _settle(message, MessageState.BOUNCED, str(refusal))
        signals.bounced.send(OutgoingMessage, message=message, now=now)
        return state
    except posting.TryLater as trouble:
        return _postpone(message, str(trouble))
    message.sent_at = timezone.now()
    return _settle(message, MessageState.SENT)


def _take(message_id: UUID, **conditions: object) -> OutgoingMessage | None:
    return (
        OutgoingMessage.objects.select_for_update(skip_locked=True)
        .filter(pk=message_id, state=MessageState.QUEUED, **conditions)
        .first()
    )


def _compose(message: OutgoingMessage, now: datetime) -> EmailMultiAlternatives | None:
    """The mail, rendered now; None when it is no longer wanted. Keeps the copy on the row."""
    try:
        kind = kinds.get(message.kind)
    except KeyError:
        raise _KindUnknown from None
    try:
        # A savepoint: what a failed build wrote is undone, and the failure can still be recorded.
        with transaction.atomic():
            if not kind.still_wanted(message, now):
                return None
            rendered = rendering.render(kind, kind.build(message, now))
            composed = posting.compose(message, rendered)
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:
        # Without the traceback, in which an address or a name could stand; the row has the words.
        logger.warning(
            "message can't be rendered",
            message_id=str(message.pk),
            kind=message.kind,
            error=type(error).__name__,
        )
        raise _Faulty(f"{type(error).__name__}: {error}") from error
    message.subject = rendering.without_links(rendered.subject)[:300]
    message.body = rendering.without_links(rendered.body)
    return composed


def _settle(message: OutgoingMessage, state: MessageState, error: str = "") -> MessageState:
    message.state = state
    message.error = error[:ERROR_LENGTH]
    message.save(update_fields=["state", "error", "subject", "body", "sent_at", "provider_id"])
    logger.info(
        "message attempted",
        message_id=str(message.pk),
        kind=message.kind,
        state=str(state),
        attempts=message.attempts,
    )
    return state


def _postpone(message: OutgoingMessage, error: str) -> MessageState:
    """Leave it queued for its next attempt, or give up after the eighth."""
    if message.attempts >= MAX_ATTEMPTS:
        return _settle(message, MessageState.FAILED, error)
    return _settle(message, MessageState.QUEUED, error)
