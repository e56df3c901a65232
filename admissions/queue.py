"""Reading the queue: filters, pages by key, counts and ages. Querysets of `ReviewCase` throughout."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import (
    Case,
    CharField,
    Count,
    DurationField,
    ExpressionWrapper,
    F,
    FloatField,
    IntegerField,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models.fields.tuple_lookups import Tuple, TupleGreaterThan, TupleLessThan
from django.db.models.functions import Cast, Extract, Floor, Greatest, Least

from admissions import search
from admissions.models import Need, ReviewCase
from applicants.models import Application
from applicants.queries import snapshots
from foundation.accounts.models import Person
from foundation.clock.lights import Light
from programmes.models import Programme

PAGE_SIZE = 25
#: Counts are exact up to this.
COUNTED_UP_TO = 1000
WEEK = timedelta(days=7)
#: Weeks in the chart of ages; the last bar holds everything older.
OLDEST_WEEK = 8
KEY = ("need", "sort_at", "application_id")
LIGHTS = (Light.OVERDUE, Light.DUE_SOON, Light.ON_TRACK, Light.PAUSED)
NOBODY = "nobody"


@dataclass(frozen=True)
class Filter:
    """What is asked for in the address. Values that mean nothing are left out, not refused."""

    search: str = ""
    need: Need | None = None
    light: Light | None = None
    programme: str = ""
    reviewer: str = ""

    @property
    def is_active(self) -> bool:
        return bool(self.search or self.need or self.light or self.programme or self.reviewer)


@dataclass(frozen=True)
class Page:
    """Some rows, and the keys with which the pages beside it begin."""

    rows: list[ReviewCase]
    before: str = ""
    after: str = ""


@dataclass
class Summary:
    """How many files there are, from one grouped query."""

    by_need: dict[Need, int] = field(default_factory=dict)
    by_light: dict[Light, int] = field(default_factory=dict)
    by_week: dict[int, int] = field(default_factory=dict)

    @property
    def total(self) -> int:
        return sum(self.by_need.values())


def open_cases(programmes: list[Programme], person: Person) -> QuerySet[ReviewCase]:
    """The files of these programmes that have not ended, without the person's own."""
    own = Application.objects.filter(applicant=person).values("pk")
    cases = ReviewCase.objects.exclude(need=Need.NONE).exclude(application__in=own)
    return cases.filter(programme__in=[programme.pk for programme in programmes])


def with_light(light: Light, now: datetime) -> Q:
    """A light as a predicate on target and limit: it is never stored."""
    return {
        Light.ON_TRACK: Q(target_at__gte=now),
        Light.DUE_SOON: Q(target_at__lt=now, limit_at__gte=now),
        Light.OVERDUE: Q(limit_at__lt=now),
        Light.PAUSED: Q(paused=True),
    }[light]


def filtered(
    cases: QuerySet[ReviewCase], wanted: Filter, *, person: Person, now: datetime
) -> QuerySet[ReviewCase]:
    if wanted.need is not None:
        cases = cases.filter(need=wanted.need)
    if wanted.light is not None:
        cases = cases.filter(with_light(wanted.light, now))
    if wanted.programme:
        cases = cases.filter(programme__slug=wanted.programme)
    if wanted.reviewer == NOBODY:
        cases = cases.filter(reviewer_ids=[])
    elif wanted.reviewer:
        cases = cases.filter(reviewer_ids__contains=[_reviewer_id(wanted.reviewer, person)])
    if wanted.search:
        words = search.searched_words(wanted.search)
        if not words:
            return cases.none()
        cases = cases.filter(search_tokens__begins=search.prefix_query(words))
    return cases


def _reviewer_id(reviewer: str, person: Person) -> int:
    """The id behind a person's public id; -1, which nobody has, for somebody unknown."""
    if reviewer == "me":
        return person.pk
    try:
        public_id = UUID(reviewer)
    except ValueError:
        return -1
    found = Person.objects.filter(public_id=public_id).values_list("pk", flat=True).first()
    return found if found is not None else -1


def page_of(
    cases: QuerySet[ReviewCase], *, after: str = "", before: str = "", size: int = PAGE_SIZE
) -> Page:
    """The rows after a key, or before one, in the order of the queue.

    By row comparison, so that a deep page costs what the first one does. A key that can't be read
    gives the first page.
    """
    rows = cases.select_related("application__applicant", "programme")
    rows = rows.defer("search_text", "search_tokens", *snapshots("application__"))
    start, end = _read_key(after), _read_key(before)
    key = Tuple(*(F(name) for name in KEY))
    if end is not None:
        rows = rows.filter(TupleLessThan(key, end)).order_by(*(f"-{name}" for name in KEY))
        found = list(rows[: size + 1])
        more, found = len(found) > size, found[:size][::-1]
        return Page(
            found,
            before=_write_key(found[0]) if more and found else "",
            after=_write_key(found[-1]) if found else "",
        )
    if start is not None:
        rows = rows.filter(TupleGreaterThan(key, start))
    found = list(rows.order_by(*KEY)[: size + 1])
    more, found = len(found) > size, found[:size]
    return Page(
        found,
        before=_write_key(found[0]) if start is not None and found else "",
        after=_write_key(found[-1]) if more else "",
    )


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def _write_key(case: ReviewCase) -> str:
    microseconds = (case.sort_at - _EPOCH) // timedelta(microseconds=1)
    return f"{case.need}.{microseconds}.{case.pk}"


def _read_key(text: str) -> tuple[int, datetime, int] | None:
    parts = text.split(".")
    if len(parts) != 3 or not all(part.isascii() and part.isdecimal() for part in parts):
        return None
    need, microseconds, pk = (int(part[:18]) for part in parts)
    try:
        return need % 32768, _EPOCH + timedelta(microseconds=microseconds), pk
    except OverflowError:
        return None


def capped_count(cases: QuerySet[ReviewCase]) -> int:
    """How many rows, counted to just above COUNTED_UP_TO."""
    return cases.order_by()[: COUNTED_UP_TO + 1].count()


def summary_of(cases: QuerySet[ReviewCase], now: datetime) -> Summary:
    """Needs, lights and ages of the open files, from one grouped query."""
    rows = (
        cases.annotate(
            light=_light_expression(now),
            week=_week_expression(now),
        )
        .values("need", "light", "week")
        .annotate(files=Count("pk"))
        .order_by()
    )
    found = Summary()
    for row in rows:
        _add(found.by_need, Need(row["need"]), row["files"])
        if row["light"]:
            _add(found.by_light, Light(row["light"]), row["files"])
        if row["week"] is not None:
            _add(found.by_week, int(row["week"]), row["files"])
    return found


def _add(counts: dict[Any, int], key: Any, files: int) -> None:
    counts[key] = counts.get(key, 0) + files


def _light_expression(now: datetime) -> Case:
    whens = [When(with_light(light, now), then=Value(light.value)) for light in LIGHTS]
    return Case(*whens, default=Value(""), output_field=CharField())


def _week_expression(now: datetime) -> Case:
    """Whole weeks since the file was complete, without its pauses: counted back from the limit."""
    seconds = Extract(
        ExpressionWrapper(Value(now) - F("limit_at"), output_field=DurationField()), "epoch"
    )
    weeks = Floor(Cast(seconds, FloatField()) / WEEK.total_seconds() + F("intake__limit_weeks"))
    bounded = Greatest(Value(0), Least(Value(OLDEST_WEEK), Cast(weeks, IntegerField())))
    return Case(When(limit_at__isnull=False, then=bounded), output_field=IntegerField())
