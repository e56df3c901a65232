"""When something is due: calendar days in the institution's zone, and pauses.

A deadline ends with its day, at 23:59:59, so that nobody has to know at which minute a clock began.
A pause moves a deadline as if the clock had started later by the time it stood still.
"""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

END_OF_DAY = time(23, 59, 59)


def end_of_day(day: date, zone: ZoneInfo) -> datetime:
    """The last second of a day in `zone`, aware."""
    return datetime.combine(day, END_OF_DAY, tzinfo=zone)


def deadline(
    start: datetime,
    *,
    zone: ZoneInfo,
    weeks: int = 0,
    days: int = 0,
    paused: timedelta = timedelta(),
) -> datetime:
    """The end of the day `weeks` and `days` after `start`, moved by the time the clock was `paused`.

    Weeks and days are calendar ones: over a change of the clocks the day stays the same.
    """
    if paused < timedelta():
        raise ValueError("a pause can't be negative")
    begun_on = (start + paused).astimezone(zone).date()
    return end_of_day(begun_on + timedelta(weeks=weeks, days=days), zone)


def paused_length(
    pauses: Iterable[tuple[datetime, datetime | None]], *, until: datetime
) -> timedelta:
    """How long a clock stood still before `until`. Pauses that overlap count once; an open one runs on."""
    total = timedelta()
    covered_to: datetime | None = None
    for start, end in sorted((start, min(end or until, until)) for start, end in pauses):
        begin = start if covered_to is None else max(start, covered_to)
        if end > begin:
            total += end - begin
            covered_to = end
    return total


def days_left(now: datetime, due: datetime, *, zone: ZoneInfo) -> int:
    """Whole days in `zone` between today and the day it is due; negative once that day is past."""
    return (due.astimezone(zone).date() - now.astimezone(zone).date()).days
