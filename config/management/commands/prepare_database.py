"""`manage.py prepare_database`: once per release, before the new code serves anybody."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, connection

from foundation.doors import Actor
from foundation.history import roles
from foundation.notifications.actions import check_fingerprint

#: Any number that no other part of the portal uses for an advisory lock.
LOCK = 0x706F7274616C


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Hold an advisory lock, on a connection of its own: closing it gives it back, whatever happens."""
    holder = connection.copy()
    try:
        with holder.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        yield
    finally:
        holder.close()


class Command(BaseCommand):
    help = (
        "Migrate, as the role that owns the tables, and give the role that the portal runs as its "
        "rights: to add history, never to change it. Several at once wait for each other."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        app_role = settings.APP_ROLE
        if settings.DATABASE_ROLE != "owner" or settings.OWNER_ROLE in {"", app_role}:
            raise CommandError(
                "The portal runs as one role and its tables belong to another, so that no fault of "
                "the portal can rewrite history. Set DATABASE_URL to the first and "
                "DATABASE_OWNER_URL to the second (docs/operations.md has the two lines of SQL)."
            )
        try:
            connection.ensure_connection()
        except OperationalError as error:
            raise CommandError(f"The database does not answer: {error}") from error
        with one_at_a_time():
            call_command("migrate", interactive=False, verbosity=options["verbosity"])
            self._grant(app_role)
            self._look_for_a_copy()
        self.stdout.write("The database is up to date.")

    def _grant(self, app_role: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [app_role])
            if cursor.fetchone() is None:
                raise CommandError(f"There is no role {app_role}, which DATABASE_URL names.")
        roles.grant(app_role)

    def _look_for_a_copy(self) -> None:
        """A database that belongs to another address is a copy, and must not write to people."""
        if check_fingerprint(actor=Actor.timer("prepare_database")):
            self.stdout.write(
                "This database comes from another address: no message leaves until an administrator "
                "starts the outbox (Office, Messages)."
            )
