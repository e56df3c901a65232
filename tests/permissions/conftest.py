"""The world is built once for a module; each test's changes are rolled back."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.admissions import office
from tests.factories import make_intake
from tests.permissions.looking import NOW
from tests.permissions.world import World, portal


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    with django_db_blocker.unblock(), portal() as built:
        yield built


@pytest.fixture
def intake() -> Any:
    return make_intake(now=NOW)


@pytest.fixture
def staff(intake: Any) -> office.Staff:
    return office.Staff.make(intake.programme)


@pytest.fixture(autouse=True)
def _undo_window(settings: Any) -> None:
    settings.UNDO_WINDOW_MINUTES = 10
