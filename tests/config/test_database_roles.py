"""The app's role can add history and never change it: PostgreSQL itself says no."""

import uuid
from collections.abc import Iterator

import psycopg2
import pytest
from django.conf import settings
from django.db import connection

from config.embedded.memory import remembered
from foundation.history.roles import append_only_tables

pytestmark = pytest.mark.django_db

INSERT = """
    INSERT INTO history_event (stream, kind, actor_kind, actor_name, at, data)
    VALUES (%s, 'test.added', 'timer', 'test', now(), '{}')
"""


@pytest.fixture
def as_app() -> Iterator["psycopg2.extensions.cursor"]:
    """A cursor of the app's role on the test database. Nothing is committed."""
    memory = remembered(settings.VAR_DIR)
    app = psycopg2.connect(
        host="127.0.0.1",
        port=memory.postgres_port,
        user="portal_app",
        password=memory.app_password,
        dbname=connection.settings_dict["NAME"],
    )
    try:
        with app.cursor() as cursor:
            yield cursor
    finally:
        app.close()


def test_the_app_adds_and_reads_events(as_app: "psycopg2.extensions.cursor") -> None:
    stream = str(uuid.uuid4())
    as_app.execute(INSERT, [stream])
    as_app.execute("SELECT kind FROM history_event WHERE stream = %s", [stream])
    assert as_app.fetchall() == [("test.added",)]


@pytest.mark.parametrize("table", append_only_tables())
@pytest.mark.parametrize(
    "statement",
    ["UPDATE {} SET id = id", "DELETE FROM {}", "TRUNCATE {} CASCADE", "DROP TABLE {} CASCADE"],
)
def test_postgresql_denies_the_app_to_rewrite_history(
    as_app: "psycopg2.extensions.cursor", table: str, statement: str
) -> None:
    with pytest.raises(psycopg2.errors.InsufficientPrivilege):
        as_app.execute(statement.format(table))


def test_what_is_only_added_to_says_so() -> None:
    """Events, readings and the ledger; a new one of the kind declares `append_only`, too."""
    assert {"history_event", "history_reading", "applicants_ledgerentry"} <= set(
        append_only_tables()
    )


def test_the_app_owns_no_table_and_may_make_none(as_app: "psycopg2.extensions.cursor") -> None:
    as_app.execute(
        "SELECT count(*) FROM pg_tables WHERE schemaname = 'public' AND tableowner = current_user"
    )
    assert as_app.fetchall() == [(0,)]
    with pytest.raises(psycopg2.errors.InsufficientPrivilege):
        as_app.execute("CREATE TABLE public.mine (id int)")


def test_the_app_is_no_superuser(as_app: "psycopg2.extensions.cursor") -> None:
    as_app.execute(
        "SELECT rolsuper, rolcreaterole, rolcreatedb, rolbypassrls FROM pg_roles"
        " WHERE rolname = current_user"
    )
    assert as_app.fetchall() == [(False, False, False, False)]


@pytest.mark.parametrize(
    "statement", ["SET ROLE portal_owner", "SET session_replication_role = replica"]
)
def test_the_app_takes_no_other_role(as_app: "psycopg2.extensions.cursor", statement: str) -> None:
    with pytest.raises(psycopg2.Error):
        as_app.execute(statement)
