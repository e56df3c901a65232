"""Reading values out of a document, collecting every fault instead of stopping at the first."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import Any, TypeVar

from django.db.models import TextChoices
from django.utils import timezone
from django.utils.translation import gettext as _

ChoicesT = TypeVar("ChoicesT", bound=TextChoices)


@dataclass(frozen=True)
class Problem:
    """What is wrong with a document, and where."""

    file: str
    where: str
    sentence: str

    def __str__(self) -> str:
        return ", ".join(part for part in (self.file, self.where) if part) + f": {self.sentence}"


class Reader:
    """One mapping of a document. Each method takes a value out; `finish` names what is left over.

    A faulty value becomes a problem and is read as not stated, so that reading goes on.
    """

    def __init__(self, data: object, *, file: str, where: str, problems: list[Problem]) -> None:
        self.file = file
        self.where = where
        self.problems = problems
        if isinstance(data, dict):
            self.data: dict[str, Any] = {str(key): value for key, value in data.items()}
        else:
            self.data = {}
            self.problem(_("here should be a list of names and values"))

    def problem(self, sentence: str) -> None:
        self.problems.append(Problem(self.file, self.where, sentence))

    def inner(self, data: object, where: str) -> "Reader":
        place = f"{self.where}, {where}" if self.where else where
        return Reader(data, file=self.file, where=place, problems=self.problems)

    def group(self, name: str) -> "Reader":
        """The mapping below a name; an empty one when it is not there."""
        return self.inner(self.data.pop(name, None) or {}, name)

    def rows(self, name: str) -> list["Reader"]:
        """The mappings listed below a name."""
        found = self.data.pop(name, None) or []
        if not isinstance(found, list):
            self.problem(_("“%(name)s” should be a list") % {"name": name})
            return []
        return [self.inner(row, f"{name} {number}") for number, row in enumerate(found, start=1)]

    def finish(self) -> None:
        for name in self.data:
            self.problem(_("“%(name)s” is not known here") % {"name": name})

    def _value(self, name: str, *, required: bool) -> Any:
        value = self.data.pop(name, None)
        if required and value in (None, ""):
            self.problem(_("“%(name)s” is missing") % {"name": name})
        return value

    def _wrong(self, name: str, what: str) -> None:
        self.problem(_("“%(name)s” should be %(what)s") % {"name": name, "what": what})

    def text(self, name: str, *, required: bool = False) -> str:
        value = self._value(name, required=required)
        if value is None:
            return ""
        if not isinstance(value, str):
            self._wrong(name, _("words (put them in quotation marks)"))
            return ""
        return value.strip()

    def texts(self, name: str) -> list[str]:
        value = self._value(name, required=False) or []
        if not isinstance(value, list) or not all(isinstance(entry, str) for entry in value):
            self._wrong(name, _("a list of words"))
            return []
        return [entry.strip() for entry in value]

    def flag(self, name: str, *, default: bool) -> bool:
        value = self._value(name, required=False)
        if value is None:
            return default
        if not isinstance(value, bool):
            self._wrong(name, _("true or false"))
            return default
        return value

    def whole(self, name: str, *, required: bool = False, least: int = 0) -> int | None:
        value = self._value(name, required=required)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int) or value < least:
            self._wrong(name, _("a whole number, %(least)s or more") % {"least": least})
            return None
        return value

    def number(self, name: str, *, required: bool = False) -> Decimal | None:
        """A decimal number that is not negative. Written in quotation marks it keeps its digits."""
        value = self._value(name, required=required)
        if value is None:
            return None
        try:
            number = None if isinstance(value, bool) else Decimal(str(value))
        except InvalidOperation:
            number = None
        if number is None or not number.is_finite() or number < 0:
            self._wrong(name, _("a number, 0 or more"))
            return None
        return number

    def choice(self, name: str, choices: type[ChoicesT], *, default: str = "") -> str:
        value = self._value(name, required=False)
        if value is None:
            return default
        if value not in choices.values:
            self._wrong(name, _("one of: %(values)s") % {"values": ", ".join(choices.values)})
            return default
        return str(value)

    def day(self, name: str) -> date | None:
        value = self._value(name, required=False)
        if value is None:
            return None
        if isinstance(value, datetime) or not isinstance(value, date):
            self._wrong(name, _("a date like 2027-09-27"))
            return None
        return value

    def moment(self, name: str, *, end_of_day: bool = False) -> datetime | None:
        """A time in UTC. A date alone is that day in the institution's time zone, start or end."""
        value = self._value(name, required=False)
        if value is None:
            return None
        if not isinstance(value, date):
            self._wrong(
                name,
                _("a date like 2027-07-31, or a time like 2027-07-31 12:00:00+01:00"),
            )
            return None
        if not isinstance(value, datetime):
            value = datetime.combine(value, time(23, 59, 59) if end_of_day else time.min)
        if value.tzinfo is None:
            value = timezone.make_aware(value, timezone.get_default_timezone())
        return value.astimezone(UTC)
