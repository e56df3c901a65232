"""The world is built once for a module; each test's changes are rolled back."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.permissions.world import World, portal


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    with django_db_blocker.unblock(), portal() as built:
        yield built
