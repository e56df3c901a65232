"""Pages of people by key: their cost doesn't grow with how far one has gone."""

from urllib.parse import urlencode
from uuid import UUID

from django.db.models import QuerySet
from django.db.models.fields.tuple_lookups import TupleGreaterThan
from django.http import HttpRequest

from foundation.accounts.models import Person


def page_of(
    people: QuerySet[Person], request: HttpRequest, *, size: int
) -> tuple[list[Person], str]:
    """The people after the one named by `after`, and the address of the next page, or nothing.

    `people` is ordered by name and key. A last person who is no longer there starts anew.
    """
    last = _last(request.GET.get("after", ""))
    if last is not None:
        key = (last.full_name, last.pk)
        people = people.filter(TupleGreaterThan(("full_name", "pk"), key))
    rows = list(people[: size + 1])
    if len(rows) <= size:
        return rows, ""
    rows = rows[:size]
    query = {**request.GET.dict(), "after": str(rows[-1].public_id)}
    return rows, f"{request.path}?{urlencode(query)}"


def _last(after: str) -> Person | None:
    try:
        return Person.objects.filter(public_id=UUID(after)).first()
    except ValueError:
        return None
