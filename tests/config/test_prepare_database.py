"""`prepare_database` migrates as the owner, grants to the app's role, and refuses to mix the two."""

import threading

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from pytest_django.fixtures import Settings

from config.management.commands import prepare_database


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "value"), [("DATABASE_ROLE", "app"), ("OWNER_ROLE", ""), ("OWNER_ROLE", "portal_app")]
)
def test_one_role_for_both_is_refused(settings: Settings, name: str, value: str) -> None:
    setattr(settings, name, value)
    with pytest.raises(CommandError, match="DATABASE_OWNER_URL"):
        call_command("prepare_database")


@pytest.mark.django_db
def test_a_role_that_does_not_exist_is_named(settings: Settings) -> None:
    settings.APP_ROLE = "portal_nobody"
    with pytest.raises(CommandError, match="no role portal_nobody"):
        prepare_database.Command()._grant(settings.APP_ROLE)


@pytest.mark.django_db
def test_two_at_once_wait_for_each_other() -> None:
    entered, leave = threading.Event(), threading.Event()

    def hold() -> None:
        with prepare_database.one_at_a_time():
            entered.set()
            leave.wait(30)

    first = threading.Thread(target=hold)
    first.start()
    try:
        assert entered.wait(30)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [prepare_database.LOCK])
            assert cursor.fetchone() == (False,)
    finally:
        leave.set()
        first.join()
    with prepare_database.one_at_a_time(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [prepare_database.LOCK])
        assert cursor.fetchone() == (False,)
