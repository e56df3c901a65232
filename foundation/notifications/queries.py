"""Reading the outbox: queryset in, queryset out."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import QuerySet

from foundation.notifications.models import Lane, MessageState, OutgoingMessage, StopSwitch

#: Counting stops here: a page shows "1,000+".
MOST_COUNTED = 1000


def due(now: datetime, lanes: Iterable[str] = Lane.values) -> QuerySet[OutgoingMessage]:
    """Messages whose time has come, sign-in first, then the one that waits longest."""
    return OutgoingMessage.objects.filter(
        state=MessageState.QUEUED, next_attempt_at__lte=now, lane__in=list(lanes)
    ).order_by("priority", "next_attempt_at")


def in_state(state: MessageState) -> QuerySet[OutgoingMessage]:
    return OutgoingMessage.objects.filter(state=state).order_by("-created_at", "-id")


def to_purge(before: datetime) -> QuerySet[OutgoingMessage]:
    """Messages that are over and done with, whose context is still kept."""
    return OutgoingMessage.objects.filter(purged_at=None, created_at__lt=before).exclude(
        state=MessageState.QUEUED
    )


def oldest_due_at(now: datetime) -> datetime | None:
    """Since when the longest waiting message has been due: what a health check looks at."""
    return due(now).order_by("next_attempt_at").values_list("next_attempt_at", flat=True).first()


def is_stopped() -> bool:
    return StopSwitch.objects.filter(pk=StopSwitch.ONLY, stopped=True).exists()


def counts(states: Iterable[MessageState] = MessageState) -> dict[MessageState, int]:
    """How many messages are in each state, exact to `MOST_COUNTED` and no further."""
    return {state: in_state(state).order_by()[: MOST_COUNTED + 1].count() for state in states}
