"""How dates, deadlines and money are written for people."""

from datetime import date, datetime
from decimal import Decimal

from django.utils import dateformat, timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

_SYMBOLS = {"GBP": "£", "EUR": "€", "USD": "$"}


def clock_time(moment: datetime) -> str:
    """The time of day in the current zone: 11:59pm, 9am, midday, midnight."""
    local = timezone.localtime(moment)
    if local.minute == 0 and local.hour in (0, 12):
        return _("midday") if local.hour else _("midnight")
    half = pgettext("time of day", "pm") if local.hour >= 12 else pgettext("time of day", "am")
    minutes = f":{local.minute:02}" if local.minute else ""
    return f"{local.hour % 12 or 12}{minutes}{half}"


def zone_name() -> str:
    """The current zone as people call it, to stand beside every deadline."""
    name = timezone.get_current_timezone_name()
    if name == "Europe/London":
        return _("UK time")
    return _("%(place)s time") % {"place": name.rpartition("/")[2].replace("_", " ")}


def deadline(moment: datetime) -> str:
    """A deadline in full: 11:59pm on Monday 30 November 2026 (UK time)."""
    return _("%(time)s on %(day)s (%(zone)s)") % {
        "time": clock_time(moment),
        "day": dateformat.format(timezone.localtime(moment), "l j F Y"),
        "zone": zone_name(),
    }


def moment(at: datetime) -> str:
    """When something happened: 9:05am on 3 March 2027."""
    return _("%(time)s on %(day)s") % {"time": clock_time(at), "day": day(at)}


def day(at: date | datetime) -> str:
    """A day: 30 November 2026. A moment is first taken to the current zone."""
    return dateformat.format(_local(at), "j F Y")


def short_day(at: date | datetime) -> str:
    """A day for a narrow column: 30 Nov."""
    return dateformat.format(_local(at), "j M")


def money(amount: Decimal, currency: str) -> str:
    """An amount: £80, £80.50, −£80, 1,250 CHF. Pence are shown when there are any."""
    figures = f"{abs(amount):,.2f}".removesuffix(".00")
    sign = "−" if amount < 0 else ""
    symbol = _SYMBOLS.get(currency)
    return f"{sign}{symbol}{figures}" if symbol else f"{sign}{figures} {currency}"


def _local(at: date | datetime) -> date | datetime:
    return timezone.localtime(at) if isinstance(at, datetime) and timezone.is_aware(at) else at
