"""What an applicant is promised once their file is complete: when to expect an answer, and why not."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Min

from applicants.models import Application, PauseReason, ReviewClock
from applicants.states import WITH_OFFICE, ApplicationState
from foundation.clock.lights import Light, light_at


@dataclass(frozen=True)
class Promise:
    """`reading_up_to` is when the file that has waited longest for the same programme was completed.

    While the clock is paused there are no dates, and `paused_because` says why.
    """

    completed_at: datetime
    target_at: datetime | None = None
    limit_at: datetime | None = None
    reading_up_to: datetime | None = None
    paused_because: tuple[Any, ...] = ()
    is_overdue: bool = False

    @property
    def is_paused(self) -> bool:
        return self.target_at is None


def promise_to(application: Application, now: datetime) -> Promise | None:
    """The promise of a complete file that has no visible answer yet, else none. One query."""
    if application.status not in WITH_OFFICE or application.status is ApplicationState.SUBMITTED:
        return None
    clock: ReviewClock | None = getattr(application, "review_clock", None)
    if clock is None or clock.stopped_at is not None:
        return None
    if clock.paused_at is not None:
        reasons = clock.pauses.filter(to_at=None).values_list("reason", flat=True)
        return Promise(
            completed_at=clock.completed_at,
            paused_because=tuple(PauseReason(reason).label for reason in reasons),
        )
    light = light_at(now, target=clock.target_at, limit=clock.limit_at)
    return Promise(
        completed_at=clock.completed_at,
        target_at=clock.target_at,
        limit_at=clock.limit_at,
        reading_up_to=_reading_up_to(application),
        is_overdue=light is Light.OVERDUE,
    )


def _reading_up_to(application: Application) -> datetime | None:
    waiting = ReviewClock.objects.filter(
        stopped_at=None,
        paused_at=None,
        application__intake__programme_id=application.intake.programme_id,
        application__state__in=[ApplicationState.IN_REVIEW, ApplicationState.DECIDED],
    )
    earliest: datetime | None = waiting.aggregate(earliest=Min("completed_at"))["earliest"]
    return earliest
