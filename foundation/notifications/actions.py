"""What can be done with the outbox: deliver, sweep, retry, cancel, stop, and forget old contexts."""

import time
from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import OperationalError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from foundation.doors import Actor, Refused, door
from foundation.history.steps import record
from foundation.notifications import delivery, events, posting, queries, switch
from foundation.notifications.models import Lane, MessageState, OutgoingMessage, StopSwitch
from foundation.notifications.nudge import nudge

#: A sweep ends well before the next one starts; what is left over is the next one's.
SWEEP_SECONDS = 45.0
SWEEP_BATCH = 500
KEEP_CONTEXTS = timedelta(days=90)
PURGE_BATCH = 2000


def deliver(message_id: UUID, *, actor: Actor, now: datetime | None = None) -> MessageState | None:
    """Try to send one message. Returns its state, or None when there was nothing to do.

    Not a door but two of them, one after the other: see `delivery`. Safe to call any number of
    times, at the same time, for any message.
    """
    now = now or timezone.now()
    if not begin_attempt(message_id, actor=actor, now=now):
        return None
    with posting.Line() as line:
        return finish_attempt(message_id, line=line, actor=actor, now=now)


@door
def begin_attempt(message_id: UUID, *, actor: Actor, now: datetime) -> bool:
    """The first transaction of a delivery: it counts."""
    return delivery.count_attempt(message_id, now)


@door
def finish_attempt(
    message_id: UUID, *, line: posting.Line, actor: Actor, now: datetime
) -> MessageState | None:
    """The second transaction of a delivery: it sends."""
    return delivery.attempt(message_id, line=line, now=now)


def sweep(now: datetime, dry_run: bool = False, *, lanes: Iterable[str] = Lane.values) -> list[str]:
    """Deliver what is due and no worker has taken: new ones whose nudge was lost, and retries.

    A message that is being delivered elsewhere is skipped. While the outbox is stopped, only the
    lanes that pass the switch are looked at.
    """
    if queries.is_stopped():
        lanes = [lane for lane in lanes if Lane(lane).passes_stop_switch]
    due = list(queries.due(now, lanes).values_list("pk", "kind")[:SWEEP_BATCH])
    if dry_run:
        return [f"{pk} {kind}" for pk, kind in due]
    end = time.monotonic() + SWEEP_SECONDS
    lines = []
    for pk, kind in due:
        if time.monotonic() > end:
            break
        state = deliver(pk, actor=Actor.timer("outbox"), now=now)
        if state is not None:
            lines.append(f"{pk} {kind} {state}")
    return lines


@door
def retry_message(message_id: UUID, *, actor: Actor, now: datetime | None = None) -> None:
    """Send a failed, bounced or waiting message now, with all its attempts before it.

    Raises Refused for one that was sent or cancelled, whose context is purged, or that is being sent.
    """
    now = now or timezone.now()
    message = _locked(message_id)
    if not MessageState(message.state).can_be_retried:
        raise Refused("not_retriable", _("This message was sent or cancelled already."))
    if message.purged_at is not None:
        raise Refused("purged", _("This message is too old: what it was about is no longer kept."))
    message.state = MessageState.QUEUED
    message.attempts = 0
    message.next_attempt_at = now
    message.error = ""
    message.save(update_fields=["state", "attempts", "next_attempt_at", "error"])
    record(events.RETRIED, stream=message.pk, actor=actor, at=now, data={"kind": message.kind})
    transaction.on_commit(lambda: nudge(message.pk, message.lane), robust=True)


@door
def cancel_message(
    message_id: UUID, *, actor: Actor, reason: str = "", now: datetime | None = None
) -> None:
    """Never send a queued message. Raises Refused when it is not queued or is being sent."""
    now = now or timezone.now()
    message = _locked(message_id)
    if message.state != MessageState.QUEUED:
        raise Refused("not_queued", _("Only a queued message can be cancelled."))
    message.state = MessageState.CANCELLED
    message.save(update_fields=["state"])
    record(
        events.CANCELLED,
        stream=message.pk,
        actor=actor,
        at=now,
        data={"kind": message.kind},
        text=reason,
    )


@door
def set_stop_switch(
    *, stopped: bool, actor: Actor, reason: str = "", now: datetime | None = None
) -> None:
    """Stop all messages but those of the sign-in lane, or let them leave again.

    Stopping waits for the deliveries in flight: once this returns, nothing leaves. Messages stay
    queued and lose no attempt. Starting makes this installation the database's rightful one.

    Raises Refused without a reason, when it is so already, or when a delivery does not end.
    """
    now = now or timezone.now()
    if stopped and not reason.strip():
        raise Refused("reason_missing", _("Say why messages are to be stopped."))
    the_switch = _held_switch()
    if the_switch.stopped == stopped:
        raise Refused("switch_moved", _("Somebody was faster: it is so already."))
    _move(the_switch, stopped=stopped, reason=reason.strip(), actor=actor, now=now)


@door
def check_fingerprint(*, actor: Actor, now: datetime | None = None) -> bool:
    """At start-up: stop the outbox when this database came from somewhere else. True if it did.

    A copy of the real database, restored for a test, would otherwise remind real referees. In the
    embedded default no mail can leave, and its address changes with a port: there it only notes.
    """
    the_switch = _held_switch()
    if the_switch.fingerprint == settings.PUBLIC_URL:
        return False
    stranger = bool(the_switch.fingerprint) and not settings.DEMO
    if stranger and not the_switch.stopped:
        reason = _("This database belongs to %(old)s and was started at %(new)s.") % {
            "old": the_switch.fingerprint,
            "new": settings.PUBLIC_URL,
        }
        now = now or timezone.now()
        _move(the_switch, stopped=True, reason=reason[:300], actor=actor, now=now)
    elif not stranger:
        the_switch.fingerprint = settings.PUBLIC_URL
        the_switch.save(update_fields=["fingerprint"])
    return stranger


def purge_contexts(now: datetime, dry_run: bool = False) -> list[str]:
    """Forget what messages older than 90 days were about. The `dedupe_key` stays, for ever."""
    old = queries.to_purge(now - KEEP_CONTEXTS)
    if dry_run:
        return [f"{count} contexts"] if (count := old.count()) else []
    lines = []
    while count := purge_some(actor=Actor.timer("purge"), now=now):
        lines.append(f"{count} contexts")
    return lines


@door
def purge_some(*, actor: Actor, now: datetime) -> int:
    """One batch, small enough for the statement timeout."""
    ids = list(
        queries.to_purge(now - KEEP_CONTEXTS)
        .select_for_update(skip_locked=True)
        .values_list("pk", flat=True)[:PURGE_BATCH]
    )
    return OutgoingMessage.objects.filter(pk__in=ids).update(context={}, purged_at=now)


def _locked(message_id: UUID) -> OutgoingMessage:
    message = (
        OutgoingMessage.objects.select_for_update(skip_locked=True).filter(pk=message_id).first()
    )
    if message is None:
        raise Refused(
            "being_sent", _("This message is being sent at this moment. Look again in a minute.")
        )
    return message


def _held_switch() -> StopSwitch:
    try:
        return switch.hold()
    except OperationalError:
        raise Refused(
            "deliveries_in_flight",
            _("A message has been on its way for too long. Nothing was changed; try again."),
        ) from None


def _move(
    the_switch: StopSwitch, *, stopped: bool, reason: str, actor: Actor, now: datetime
) -> None:
    the_switch.stopped = stopped
    the_switch.reason = reason
    the_switch.by = actor.id
    the_switch.at = now
    if not stopped:
        the_switch.fingerprint = settings.PUBLIC_URL
    the_switch.save()
    kind = events.STOPPED if stopped else events.STARTED
    record(kind, stream=StopSwitch.STREAM, actor=actor, at=now, text=reason)
