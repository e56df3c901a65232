"""Deadlines are calendar days in the institution's zone; pauses move them."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foundation.clock.deadlines import days_left, deadline, end_of_day, paused_length
from foundation.clock.lights import Light, light_at
from foundation.clock.working_days import add_working_days, is_working_day

LONDON = ZoneInfo("Europe/London")
KOLKATA = ZoneInfo("Asia/Kolkata")
MOMENTS = st.integers(1_577_836_800, 2_208_988_800).map(  # 2020 to 2040
    lambda seconds: datetime.fromtimestamp(seconds, tz=UTC)
)
PAUSES = st.timedeltas(timedelta(), timedelta(days=200))
WEEKS = st.integers(0, 20)


@given(MOMENTS, WEEKS, PAUSES)
def test_it_ends_with_its_day(start: datetime, weeks: int, paused: timedelta) -> None:
    due = deadline(start, zone=LONDON, weeks=weeks, paused=paused)
    assert (due.hour, due.minute, due.second) == (23, 59, 59)
    begun_on = (start + paused).astimezone(LONDON).date()
    assert due.date() - begun_on == timedelta(weeks=weeks)


@given(MOMENTS, MOMENTS, WEEKS)
def test_who_is_complete_earlier_is_never_due_later(
    one: datetime, other: datetime, weeks: int
) -> None:
    earlier, later = sorted((one, other))
    assert deadline(earlier, zone=LONDON, weeks=weeks) <= deadline(later, zone=LONDON, weeks=weeks)


@given(MOMENTS, WEEKS, PAUSES, PAUSES)
def test_a_longer_pause_never_brings_it_forward(
    start: datetime, weeks: int, short: timedelta, more: timedelta
) -> None:
    first = deadline(start, zone=LONDON, weeks=weeks, paused=short)
    assert first <= deadline(start, zone=LONDON, weeks=weeks, paused=short + more)


@given(MOMENTS, PAUSES)
def test_the_target_is_never_after_the_limit(start: datetime, paused: timedelta) -> None:
    target = deadline(start, zone=LONDON, weeks=6, paused=paused)
    limit = deadline(start, zone=LONDON, weeks=8, paused=paused)
    assert limit.date() - target.date() == timedelta(weeks=2)


@pytest.mark.parametrize(
    ("start", "due"),
    [
        # Over the spring change in 2027: 6 weeks are 42 days, whatever the hours.
        (datetime(2027, 3, 3, 12, tzinfo=UTC), datetime(2027, 4, 14, 22, 59, 59, tzinfo=UTC)),
        # Over the autumn change.
        (datetime(2027, 10, 1, 12, tzinfo=UTC), datetime(2027, 11, 12, 23, 59, 59, tzinfo=UTC)),
        # Half an hour past midnight in London is still the day before in UTC.
        (datetime(2027, 6, 30, 23, 30, tzinfo=UTC), datetime(2027, 8, 12, 22, 59, 59, tzinfo=UTC)),
        # Over a leap day.
        (datetime(2028, 2, 1, 9, tzinfo=UTC), datetime(2028, 3, 14, 23, 59, 59, tzinfo=UTC)),
    ],
)
def test_six_weeks(start: datetime, due: datetime) -> None:
    assert deadline(start, zone=LONDON, weeks=6) == due


def test_the_zone_decides_the_day() -> None:
    late = datetime(2027, 6, 1, 20, 0, tzinfo=UTC)  # 1:30am on 2 June in Kolkata
    assert deadline(late, zone=KOLKATA, days=1).date() == date(2027, 6, 3)
    assert deadline(late, zone=LONDON, days=1).date() == date(2027, 6, 2)


def test_a_negative_pause_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="negative"):
        deadline(datetime(2027, 1, 1, tzinfo=UTC), zone=LONDON, paused=timedelta(-1))


INTERVALS = st.lists(
    st.tuples(MOMENTS, st.timedeltas(timedelta(), timedelta(days=60))), max_size=6
).map(lambda pairs: [(start, start + length) for start, length in pairs])


@given(INTERVALS, MOMENTS)
def test_overlapping_pauses_count_once(
    pauses: list[tuple[datetime, datetime]], until: datetime
) -> None:
    length = paused_length(pauses, until=until)
    each = sum((max(min(end, until) - start, timedelta()) for start, end in pauses), timedelta())
    assert timedelta() <= length <= each
    assert paused_length(pauses * 2, until=until) == length
    assert paused_length(reversed(pauses), until=until) == length


@given(INTERVALS, MOMENTS, st.timedeltas(timedelta(), timedelta(days=30)))
def test_time_only_adds_to_it(
    pauses: list[tuple[datetime, datetime]], until: datetime, later: timedelta
) -> None:
    assert paused_length(pauses, until=until) <= paused_length(pauses, until=until + later)


def test_an_open_pause_runs_until_now() -> None:
    start = datetime(2027, 1, 1, tzinfo=UTC)
    open_pause: list[tuple[datetime, datetime | None]] = [(start, None)]
    assert paused_length(open_pause, until=start + timedelta(days=3)) == timedelta(days=3)


def test_days_left_counts_days_of_the_zone() -> None:
    due = end_of_day(date(2027, 1, 31), LONDON)
    assert days_left(datetime(2027, 1, 31, 1, tzinfo=UTC), due, zone=LONDON) == 0
    assert days_left(datetime(2027, 1, 30, 23, 59, tzinfo=UTC), due, zone=LONDON) == 1
    assert days_left(datetime(2027, 2, 1, 1, tzinfo=UTC), due, zone=LONDON) == -1


def test_lights_change_at_the_last_second() -> None:
    target, limit = (end_of_day(date(2027, 4, day), LONDON) for day in (14, 28))
    second = timedelta(seconds=1)

    def light(now: datetime, *, paused: bool = False) -> Light:
        return light_at(now, target=target, limit=limit, paused=paused)

    assert light(target) is Light.ON_TRACK
    assert light(target + second) is Light.DUE_SOON
    assert light(limit) is Light.DUE_SOON
    assert light(limit + second) is Light.OVERDUE
    assert light(limit + second, paused=True) is Light.PAUSED


@settings(deadline=None)  # the holidays of a year are counted once, which takes its time
@given(st.dates(date(2020, 1, 1), date(2035, 1, 1)), st.integers(0, 30))
def test_working_days(day: date, count: int) -> None:
    due = add_working_days(day, count)
    days = [day + timedelta(days=n) for n in range(1, (due - day).days + 1)]
    assert sum(map(is_working_day, days)) == count


def test_christmas_is_no_working_day() -> None:
    assert add_working_days(date(2026, 12, 24), 1) == date(2026, 12, 29)
