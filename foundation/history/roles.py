"""The app's database role: it may add events, ledger entries and readings, never change or remove them.

A model says `append_only = True`. Whoever owns the tables (the owner's role, which migrates) grants;
the portal runs as the other role, so that no bug and no stolen session of the app can rewrite history.
"""

from django.apps import apps
from django.db import connection
from psycopg2 import sql


def append_only_tables() -> list[str]:
    return sorted(
        model._meta.db_table for model in apps.get_models() if getattr(model, "append_only", False)
    )


def grant(app_role: str) -> None:
    """Give the app's role what it needs on every table and sequence, and no more. Run as the owner."""
    role = sql.Identifier(app_role)
    with connection.cursor() as cursor:
        for statement in (
            "GRANT USAGE ON SCHEMA public TO {}",
            "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {}",
            "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {}",
        ):
            cursor.execute(sql.SQL(statement).format(role))
        for table in append_only_tables():
            cursor.execute(
                sql.SQL("REVOKE UPDATE, DELETE, TRUNCATE ON {} FROM {}").format(
                    sql.Identifier(table), role
                )
            )
