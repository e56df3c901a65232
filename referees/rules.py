"""When something may be asked of a referee, how long their letter may come, and when it is replaced."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings

from applicants.models import Application
from applicants.states import ApplicationState
from applicants.steps.clock import institution_zone
from foundation.clock.deadlines import deadline
from referees.models import ReferenceRequest

#: At most this many different addresses for one application, and requests of one person in a day.
ADDRESSES_PER_APPLICATION = 6
REQUESTS_PER_DAY = 10
#: Days after asking on which a referee is reminded, and on which the applicant is told of silence.
REMINDER_DAYS = (7, 14, 21, 28)
SILENCE_DAYS = (9, 16)
#: Between two mails to the same referee.
MAIL_GAP = timedelta(hours=48)
#: A letter may always come until this long after asking, however soon the intake closes.
LEAST_TIME = timedelta(days=35)
#: A sent letter can be replaced for so long.
REPLACEMENT_TIME = timedelta(hours=24)
#: A referee's browser stays in one request for so long after the button.
SESSION_TIME = timedelta(hours=2)

#: The states in which a letter is of use.
LETTERS_WANTED = frozenset(
    {
        ApplicationState.DRAFT,
        ApplicationState.SUBMITTED,
        ApplicationState.IN_REVIEW,
        ApplicationState.INFORMATION_REQUESTED,
    }
)

_replacement_ends: list[Callable[[Application], bool]] = []


def end_replacement_when(holds: Callable[[Application], bool]) -> None:
    """A higher room adds what ends replacing a letter: that a decision was proposed."""
    if holds not in _replacement_ends:
        _replacement_ends.append(holds)


def letters_wanted(application: Application) -> bool:
    return application.status in LETTERS_WANTED


def expires_at(request: ReferenceRequest) -> datetime | None:
    """Until when a letter may come: 14 days after the intake closed, never before day 35 after asking."""
    closes_at = request.application.intake.closes_at
    if closes_at is None or request.asked_at is None:
        return None
    zone = institution_zone()
    return max(
        deadline(closes_at, zone=zone, days=settings.LETTER_GRACE_DAYS),
        deadline(request.asked_at + LEAST_TIME, zone=zone),
    )


def next_reminder_at(request: ReferenceRequest) -> datetime | None:
    """When the next automatic reminder goes out; none when the last of them has gone."""
    if not request.status.is_waiting or request.asked_at is None:
        return None
    for day in REMINDER_DAYS:
        if day > request.reminded_day:
            due = request.asked_at + timedelta(days=day)
            return max(due, (request.last_mail_at or due - MAIL_GAP) + MAIL_GAP)
    return None


def due_day(asked_at: datetime, days: tuple[int, ...], *, after: int, now: datetime) -> int | None:
    """The latest of the fixed days that is due and not yet acted on: after a pause one, not three."""
    due = [day for day in days if day > after and now >= asked_at + timedelta(days=day)]
    return max(due, default=None)


def may_replace(request: ReferenceRequest, now: datetime) -> bool:
    """A sent letter can be replaced for 24 hours, or until a decision is proposed."""
    return (
        request.received_at is not None
        and now <= request.received_at + REPLACEMENT_TIME
        and letters_wanted(request.application)
        and not any(ends(request.application) for ends in _replacement_ends)
    )
