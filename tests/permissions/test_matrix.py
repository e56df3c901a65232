"""Every address as every kind of person: what it answers, and that a GET changes nothing."""

import re
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.apps import apps
from django.core.cache import cache
from django.db import connection, transaction
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.permissions.answers import INSIDE, Answer, answer_of
from tests.permissions.matrix import ROWS, Row
from tests.permissions.people import KINDS, Kind
from tests.permissions.world import World

pytestmark = pytest.mark.django_db

#: What a GET may write: the reading log, and the browser's own session.
MAY_WRITE = ("history_reading", "accounts_personsession")
#: So many people for each answer look whether they can tell what is there from what is not.
COMPARED = 4
#: Enough people where everybody gets the same answer.
SOME = ("visitor", "owner", "referee of this request", "every role hours ago")
#: What stands in an address in place of something that exists.
MISSING = {
    "reference": "MLDS-27-ZZZZZZ",
    "intake_reference": "no-such",
    "name": "1" * 20 + "-" + "a" * 32,
    "slug": "no-such",
}
#: Links with a secret in them: who has it is let in, and the pages say so when it is no good.
TOKENS = (
    "accounts:invitation",
    "referees:link",
    "account_confirm_email",
    "account_reset_password_from_key",
)
_WRITES = re.compile(r'^\s*(?:INSERT INTO|UPDATE|DELETE FROM)\s+"(\w+)"', re.IGNORECASE)
_TOKEN = re.compile(rb'name="csrfmiddlewaretoken" value="[^"]*"')


def all_names() -> Iterator[str]:
    """The names of all addresses, with their namespaces; an address without a name by its pattern."""

    def walk(patterns: list[Any], prefix: str) -> Iterator[str]:
        for pattern in patterns:
            if isinstance(pattern, URLResolver):
                space = f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix
                yield from walk(pattern.url_patterns, space)
            elif isinstance(pattern, URLPattern):
                yield f"{prefix}{pattern.name or pattern.pattern}"

    yield from walk(get_resolver().url_patterns, "")


def test_every_address_has_a_row_and_every_row_an_address() -> None:
    assert set(all_names()) == set(ROWS)


@pytest.mark.parametrize("name", sorted(ROWS))
def test_who_may_open_it(name: str, world: World) -> None:
    row = ROWS[name]
    url = reverse(name, kwargs=row.arguments(world))
    missing = _missing(name, row, world)
    wrong: dict[str, list[str]] = {}
    compared: Counter[Answer] = Counter()
    for kind in KINDS:
        expected = row.audience(kind)
        compared[expected] += 1
        compare = missing if compared[expected] <= COMPARED else []
        problems = [_get(url, compare, row, kind, world), _post(url, row, kind, world)]
        for problem in filter(None, problems):
            wrong.setdefault(problem, []).append(kind.code)
    assert not wrong, "\n".join(
        [url, *(f"{problem}: {', '.join(kinds)}" for problem, kinds in wrong.items())]
    )


def _get(url: str, missing: list[str], row: Row, kind: Kind, world: World) -> str:
    """What is wrong with the answer to a GET, or to one for something that doesn't exist.

    Who is let in finds nothing there. Everybody else can't tell what is there from what is not.
    """
    browser = world.browser(kind)
    with nothing_written(url, except_in=(*MAY_WRITE, *row.logs)):
        there = _ask(browser.get, url)
    expected = row.audience(kind)
    if "GET" not in row.methods:
        needs_sign_in = there.answer is expected is Answer.SIGN_IN
        fine = needs_sign_in or there.answer is Answer.WRONG_METHOD
        return "" if fine else f"GET {there.answer.value}, but it takes only a POST"
    if there.answer is not expected:
        return f"GET {there.answer.value}, not {expected.value}"
    for address in missing:
        not_there = _ask(browser.get, address)
        if expected in INSIDE and not_there.answer is not Answer.NOT_THERE:
            return f"GET {address} {not_there.answer.value}, though nothing is there"
        told = expected is Answer.FORBIDDEN and row.is_listed
        if expected not in INSIDE and not told and not_there != there:
            return f"GET {address} ({not_there.answer.value}) can be told from what is there"
    return ""


def _post(url: str, row: Row, kind: Kind, world: World) -> str:
    """A POST of next to nothing is let no further than a GET; what it changed is taken back."""
    if "POST" not in row.methods and kind.code not in SOME:
        return ""
    savepoint = transaction.savepoint()
    found = _ask(world.browser(kind).post, url, row.post(world)).answer
    transaction.savepoint_rollback(savepoint)
    expected = (row.on_post or row.audience)(kind)
    if "POST" not in row.methods:
        fine = found is Answer.WRONG_METHOD or (found is expected and found not in INSIDE)
        return "" if fine else f"POST {found.value}, but it takes none"
    fine = found in INSIDE if expected in INSIDE else found is expected
    return "" if fine else f"POST {found.value}, not {expected.value}"


@dataclass(frozen=True)
class Shown:
    """What somebody can tell an answer by: what it is, where it leads, and the page."""

    answer: Answer
    leads_to: str
    page: bytes = field(repr=False)


def _ask(method: Callable[..., Any], url: str, data: Any = None) -> Shown:
    response = method(url, data)
    cache.clear()  # of rate limits
    page = b"".join(response.streaming_content) if response.streaming else response.content
    return Shown(
        answer_of(response),
        response.headers.get("Location", "").split("?")[0],
        _TOKEN.sub(b"", page).replace(url.encode(), b""),
    )


@contextmanager
def nothing_written(url: str, *, except_in: tuple[str, ...]) -> Iterator[None]:
    """No other table may be written while this lasts."""

    def watch(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        written = _WRITES.match(sql)
        assert written is None or written[1] in except_in, f"GET {url} wrote: {sql}"
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch):
        yield


def test_opening_every_page_changes_no_row(world: World) -> None:
    """Once more, by counting: nothing came by a trigger or by raw SQL either."""
    before = _counts()
    for name, row in ROWS.items():
        url = reverse(name, kwargs=row.arguments(world))
        for kind in SOME:
            _ask(world.browser(kind).get, url)
    assert _counts() == before


def _counts() -> dict[str, int]:
    tables = {model._meta.db_table for model in apps.get_models(include_auto_created=True)}
    with connection.cursor() as cursor:
        found = {}
        for table in sorted(tables - set(MAY_WRITE)):
            cursor.execute(f'SELECT count(*) FROM "{table}"')
            found[table] = cursor.fetchone()[0]
    return found


def _missing(name: str, row: Row, world: World) -> list[str]:
    """The address with each of its references and ids in turn replaced by one that nothing has."""
    if name in TOKENS or "GET" not in row.methods:
        return []
    arguments = row.arguments(world)
    return [
        reverse(name, kwargs={**arguments, key: MISSING.get(key, uuid.uuid4())})
        for key, value in arguments.items()
        if key in MISSING or isinstance(value, uuid.UUID)
    ]
