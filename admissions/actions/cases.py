"""Repairing the queue's row, and telling the office about the clock."""

from datetime import datetime

from django.utils import timezone

from admissions import messages, queries
from admissions.steps.cases import refresh_case
from applicants.models import ReviewClock
from applicants.steps.locks import lock_application
from foundation.doors import Actor, door
from foundation.notifications.steps import enqueue


@door
def repair_case(application_id: int, *, actor: Actor, now: datetime | None = None) -> None:
    """Write a file's queue row anew."""
    now = now or timezone.now()
    refresh_case(lock_application(application_id), now=now)


@door
def warn_about_clock(
    application_id: int, mark: str, *, actor: Actor, now: datetime | None = None
) -> int:
    """Tell the office that a file's target is a week away, has come, or that its limit has come.

    Each person is told once of each date: a date that a pause moved is a new one. Returns how many
    people are told.
    """
    now = now or timezone.now()
    application = lock_application(application_id)
    review_clock = ReviewClock.objects.filter(
        application=application, stopped_at=None, paused_at=None
    ).first()
    if review_clock is None:
        return 0
    date = review_clock.limit_at if mark == "limit" else review_clock.target_at
    people = queries.people_to_warn(application, now)
    for person in people:
        enqueue(
            messages.CLOCK_WARNING,
            recipient=person.email,
            context={"application": application.pk, "mark": mark},
            dedupe_key=f"clock.{mark}:{application.pk}:{date:%Y%m%d}:{person.pk}",
        )
    return len(people)
