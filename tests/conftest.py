"""Tests run on the embedded PostgreSQL and Redis, as the owner of the tables.

The services must stand before Django reads its settings, so this happens when pytest configures
itself, and `DJANGO_SETTINGS_MODULE` is not in pytest's own configuration.
"""

import os
from collections.abc import Iterator
from typing import Any

import django
import pytest

from tests import services

FOREIGN = (
    "DATABASE_URL",
    "DATABASE_OWNER_URL",
    "REDIS_URL",
    "EMAIL_URL",
    "STORAGE_URL",
    "STRIPE_SECRET_KEY",
    "PUBLIC_URL",
)


# First of all: test modules import models, and pytest collects them right after this file.
for _name in FOREIGN:
    os.environ.pop(_name, None)
_slot = services.take_slot()
os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
# Playwright's own event loop makes Django think that it runs in asynchronous code.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

from django.conf import settings  # noqa: E402 (the environment had to be there first)

settings.STORAGES = {
    **settings.STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
django.setup()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_setupnodes() -> None:
    """The workers inherit this environment, and each has to find a slot of its own."""
    os.environ.pop("DJANGO_SETTINGS_MODULE", None)
    os.environ.pop("PORTAL_VAR", None)


@pytest.hookimpl(trylast=True)
def pytest_unconfigure() -> None:
    services.give_back()


@pytest.fixture(scope="session")
def django_db_modify_db_settings() -> None:
    """The test database is the slot's: a child process that is given PORTAL_VAR finds the same."""
    from django.db import connections

    connections["default"].settings_dict["TEST"]["NAME"] = _slot.database


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """What `prepare_database` does after migrating: child processes run as the app's role.

    At the end nobody else may be in the database, or it can't be dropped.
    """
    from django.db import connections

    from foundation.history import roles

    with django_db_blocker.unblock():
        roles.grant("portal_app")
    yield
    with django_db_blocker.unblock():
        connections.close_all()
    services.end_other_sessions(_slot)


@pytest.fixture(autouse=True)
def _clear_cache() -> Iterator[None]:
    """Rate limits live in the cache, and one test's sign-ins must not slow the next one's."""
    from django.core.cache import cache

    yield
    cache.clear()
