"""What can be done with the outbox."""

from datetime import datetime
from uuid import UUID

from foundation.doors import Actor


def deliver(message_id: UUID, *, actor: Actor, now: datetime | None = None) -> None:
    raise NotImplementedError
