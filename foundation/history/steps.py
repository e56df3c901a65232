"""Writing history. Steps: they run inside the action whose event they write."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.utils import timezone

from foundation.doors import Actor, step
from foundation.history.kinds import EventKind
from foundation.history.models import Event, EventText, Reading

Code = str | int | bool | None


@step
def record(
    kind: EventKind,
    *,
    stream: UUID,
    actor: Actor,
    at: datetime | None = None,
    data: Mapping[str, Code | list[str]] | None = None,
    text: str = "",
    visible_at: datetime | None = None,
) -> Event:
    """Add one event. `data` holds codes and ids; what a person typed goes to `text`.

    The actor's reason for acting for somebody else is kept as the text when no other is given.
    """
    event = Event.objects.create(
        stream=stream,
        kind=kind.code,
        actor_kind=actor.kind,
        actor_id=actor.id,
        actor_name=actor.name,
        acting_for_id=actor.acting_for,
        at=at or timezone.now(),
        data=dict(data or {}),
        visible_at=visible_at,
    )
    body = (text or actor.reason).strip()
    if body:
        EventText.objects.create(event=event, body=body)
    return event


@step
def record_reading(*, stream: UUID, version: UUID, reader: Actor, reason: str) -> Reading:
    return Reading.objects.create(
        stream=stream,
        version=version,
        reader_kind=reader.kind,
        reader_id=reader.id,
        reason=reason,
    )
