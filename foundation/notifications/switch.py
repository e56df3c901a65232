"""Reading and taking the stop switch's lock.

A delivery reads the row FOR SHARE and keeps it until its commit, so whoever stops the outbox waits
for what is being sent, and nothing leaves once the stop is committed. PostgreSQL lets new sharers
pass somebody who waits for the row alone, and a busy outbox would never let the stop through;
advisory locks queue fairly. So both take the advisory lock first, and a delivery that can't have it
at once knows that the switch is being moved.
"""

from django.db import connection

from foundation.doors import step
from foundation.notifications.models import StopSwitch

#: Any number that no other part of the portal uses for an advisory lock.
LOCK = 0x6F7574626F78
#: Longer than a delivery may take (15 s for each answer of the server), shorter than a request.
WAIT = "25s"


@step
def is_open() -> bool:
    """True when messages may leave, and then until this transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock_shared(%s)", [LOCK])
        if not cursor.fetchone()[0]:
            return False
        # Django's ORM knows no FOR SHARE.
        cursor.execute("SELECT stopped FROM notifications_stopswitch WHERE id = 1 FOR SHARE")
        row = cursor.fetchone()
    return row is None or not row[0]


@step
def hold() -> StopSwitch:
    """The switch, locked for moving it. Waits for the deliveries in flight.

    Raises django.db.OperationalError when they take longer than `WAIT`.
    """
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL lock_timeout = '{WAIT}'")
        cursor.execute(f"SET LOCAL statement_timeout = '{WAIT}'")
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    StopSwitch.objects.bulk_create([StopSwitch()], ignore_conflicts=True)
    return StopSwitch.objects.select_for_update().get(pk=StopSwitch.ONLY)
