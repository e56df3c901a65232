"""Pages of the outbox's list by key: a page costs the same wherever it lies."""

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from django.db.models import QuerySet
from django.db.models.fields.tuple_lookups import Tuple, TupleGreaterThan, TupleLessThan

from foundation.notifications.models import OutgoingMessage

SIZE = 25


@dataclass(frozen=True)
class Page:
    """Newest first. `newer` and `older` are keys for the pages beside this one, or empty."""

    messages: list[OutgoingMessage]
    newer: str
    older: str


def page(rows: QuerySet[OutgoingMessage], *, before: str = "", after: str = "") -> Page:
    """The page older than the key `before`, or newer than `after`, or the newest.

    A key that makes no sense counts as none.
    """
    if key := _read(after):
        newer = rows.filter(TupleGreaterThan(Tuple("created_at", "id"), key))
        found, more = _some(newer.order_by("created_at", "id"))
        messages = found[::-1]
        return Page(messages, _key(messages, 0) if more else "", _key(messages, -1))
    key = _read(before)
    if key:
        rows = rows.filter(TupleLessThan(Tuple("created_at", "id"), key))
    messages, more = _some(rows.order_by("-created_at", "-id"))
    return Page(messages, _key(messages, 0) if key else "", _key(messages, -1) if more else "")


def _some(rows: QuerySet[OutgoingMessage]) -> tuple[list[OutgoingMessage], bool]:
    found = list(rows[: SIZE + 1])
    return found[:SIZE], len(found) > SIZE


def _key(messages: list[OutgoingMessage], index: int) -> str:
    if not messages:
        return ""
    message = messages[index]
    return f"{message.created_at.astimezone(UTC):%Y%m%dT%H%M%S.%f}_{message.pk.hex}"


def _read(key: str) -> tuple[datetime, UUID] | None:
    at, _, pk = key.partition("_")
    try:
        return datetime.strptime(at, "%Y%m%dT%H%M%S.%f").replace(tzinfo=UTC), UUID(pk)
    except ValueError:
        return None
