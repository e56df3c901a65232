"""Working days: Monday to Friday without the public holidays of England."""

from datetime import date, timedelta
from functools import lru_cache


@lru_cache(maxsize=16)
def public_holidays(year: int) -> frozenset[date]:
    """Public holidays of England in a year, from the `holidays` library."""
    import holidays

    return frozenset(holidays.country_holidays("GB", subdiv="ENG", years=year))


def is_working_day(day: date) -> bool:
    return day.weekday() < 5 and day not in public_holidays(day.year)


def add_working_days(day: date, count: int) -> date:
    """The `count`-th working day after `day`, which itself does not count."""
    if count < 0:
        raise ValueError("count working days forward")
    while count:
        day += timedelta(days=1)
        count -= is_working_day(day)
    return day
