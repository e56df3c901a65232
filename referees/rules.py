"""When something may be asked of a referee, how long their letter may come, and when it is replaced."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from applicants.models import Application
from applicants.nominees import MAX_ADDRESSES
from applicants.states import ApplicationState
from applicants.steps.clock import institution_zone
from foundation.clock.deadlines import deadline
from foundation.doors import Refused
from foundation.ui.wording import moment
from referees.models import ReferenceRequest, RequestState

#: At most this many different addresses for one application, and requests of one person in a day.
ADDRESSES_PER_APPLICATION = MAX_ADDRESSES
REQUESTS_PER_DAY = 10
#: Days after asking on which a referee is reminded, and on which the applicant is told of silence.
REMINDER_DAYS = (7, 14, 21, 28)
SILENCE_DAYS = (9, 16)
#: Between two mails to the same referee.
MAIL_GAP = timedelta(hours=48)
#: Between two new links that a referee asks for.
NEW_LINK_GAP = timedelta(hours=1)
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


def next_mail_at(request: ReferenceRequest) -> datetime | None:
    """From when the referee may be written to again; None when nobody has written yet."""
    return request.last_mail_at + MAIL_GAP if request.last_mail_at else None


def next_reminder_at(request: ReferenceRequest) -> datetime | None:
    """When the next automatic reminder goes out; none when the last of them has gone."""
    if not request.status.is_waiting or request.asked_at is None:
        return None
    for day in REMINDER_DAYS:
        if day > request.reminded_day:
            due = request.asked_at + timedelta(days=day)
            return max(due, next_mail_at(request) or due)
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


_CLOSED = {
    RequestState.DRAFT: _("The applicant has not asked for this letter."),
    RequestState.CANCELLED: _("The applicant has named somebody else. No letter is needed."),
    RequestState.EXPIRED: _("The time for this letter has passed."),
    RequestState.DECLINED: _("You told us that you can’t write this letter."),
}


def check_open(request: ReferenceRequest, now: datetime) -> None:
    """Raises Refused `request_<why>` when a link leads to nothing that can be written any more."""
    if request.state == RequestState.RECEIVED:
        if may_replace(request, now):
            return
        arrived = moment(request.received_at) if request.received_at else ""
        raise Refused(
            "request_received",
            _("Your letter arrived at %(at)s, and can’t be replaced any more. Thank you.")
            % {"at": arrived},
        )
    if request.application.status == ApplicationState.WITHDRAWN:
        raise Refused("request_withdrawn", _("The applicant has withdrawn. No letter is needed."))
    if not letters_wanted(request.application):
        raise Refused("request_settled", _("This application no longer needs a letter."))
    if request.status in _CLOSED:
        raise Refused(f"request_{request.state}", _CLOSED[request.status])
