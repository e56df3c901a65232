"""The app's role can add history and never change it: PostgreSQL itself says no."""

import uuid
from collections.abc import Iterator

import psycopg2
import pytest
from django.conf import settings
from django.db import connection

from config.embedded.memory import remembered

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


@pytest.mark.parametrize("table", ["history_event", "history_reading"])
@pytest.mark.parametrize(
    "statement",
    ["UPDATE {} SET at = now()", "DELETE FROM {}", "TRUNCATE {} CASCADE", "DROP TABLE {} CASCADE"],
)
def test_postgresql_denies_the_app_to_rewrite_history(
    as_app: "psycopg2.extensions.cursor", table: str, statement: str
) -> None:
    with pytest.raises(psycopg2.errors.InsufficientPrivilege):
        as_app.execute(statement.format(table))
