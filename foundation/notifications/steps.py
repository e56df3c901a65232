"""Putting a message into the outbox: inside the action whose message it is."""

import re
from collections.abc import Mapping
from datetime import datetime

from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone

from foundation.doors import step
from foundation.notifications.kinds import MessageKind
from foundation.notifications.models import MessageState, OutgoingMessage
from foundation.notifications.nudge import nudge

#: An id or a code. A name or an address has no place in a context: they are read at delivery.
ID_OR_CODE = re.compile(r"[\w.:/-]{0,100}")


@step
def enqueue(
    kind: MessageKind,
    *,
    recipient: str,
    context: Mapping[str, int | str],
    dedupe_key: str,
    not_before: datetime | None = None,
) -> None:
    """Queue one message; the second with the same `dedupe_key` is dropped quietly, for ever.

    It leaves after the commit, within moments by a nudge, or with the next sweep when the broker
    can't be reached. With `not_before` it waits for the sweep after that time.

    Raises ValueError for an address that isn't one, or a context that holds more than ids.
    """
    validate_email(recipient)
    for name, value in context.items():
        if not isinstance(value, int) and not ID_OR_CODE.fullmatch(value):
            raise ValueError(f"a message's context holds ids only, and {name} is not one")
    now = timezone.now()
    message = OutgoingMessage(
        kind=kind.code,
        recipient=recipient,
        context=dict(context),
        dedupe_key=dedupe_key,
        lane=kind.lane,
        priority=kind.lane.priority,
        not_before=not_before,
        next_attempt_at=max(now, not_before) if not_before else now,
        created_at=now,
    )
    OutgoingMessage.objects.bulk_create([message], ignore_conflicts=True)
    if message.next_attempt_at <= now:
        transaction.on_commit(lambda: nudge(message.pk, kind.lane), robust=True)


@step
def erase_recipient(address: str) -> int:
    """Take a person's words and address out of the outbox. Queued messages to them are cancelled.

    Returns how many rows were changed. The `dedupe_key` stays, so nothing is sent twice.
    """
    theirs = OutgoingMessage.objects.filter(recipient__iexact=address)
    theirs.filter(state=MessageState.QUEUED).update(state=MessageState.CANCELLED)
    return theirs.update(
        recipient="erased@invalid.invalid",
        context={},
        subject="",
        body="",
        error="",
        purged_at=timezone.now(),
    )
