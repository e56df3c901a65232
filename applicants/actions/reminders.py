"""Reminding of a draft that is about to miss its intake."""

from datetime import datetime
from uuid import UUID

from django.utils import timezone

from applicants import messages
from applicants.steps.locks import lock_application
from foundation.doors import Actor, door

#: Days before an intake closes at which its drafts are reminded of.
REMINDER_DAYS = (14, 3)


def reminder_key(public_id: UUID, days: int) -> str:
    """What makes a reminder the same one: it is sent once, whatever happens in between."""
    return f"{messages.DRAFT_REMINDER.code}:{public_id}:{days}"


@door
def remind_of_draft(
    application_id: int, days: int, *, actor: Actor, now: datetime | None = None
) -> bool:
    """Queue the reminder. False when the draft was submitted meanwhile or can't be any more."""
    now = now or timezone.now()
    application = lock_application(application_id)
    if not application.is_draft or not application.intake.is_open_at(now):
        return False
    messages.tell(application, messages.DRAFT_REMINDER, occasion=str(days))
    return True
