"""Telling a worker that a message waits. Only a hint: the sweep finds what no nudge brought."""

import time
from uuid import UUID

import structlog
from celery import current_app
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

DELIVER = "notifications.deliver"
#: After a broker did not answer, this process leaves it alone for a while. Otherwise each message
#: of an action that queues twenty would wait for the time-out again, and the page with it.
QUIET_SECONDS = 20.0

logger = structlog.get_logger("portal.notifications")


class _Quiet:
    """Until when this process leaves the broker alone, on the monotonic clock."""

    until = 0.0


def nudge(message_id: UUID, lane: str) -> None:
    """Publish the delivery of one message, without retries. Never raises for a broker's fault."""
    if time.monotonic() < _Quiet.until:
        return
    try:
        current_app.send_task(DELIVER, args=[str(message_id)], queue=lane, retry=False)
    except (OperationalError, RedisError, OSError) as error:
        _Quiet.until = time.monotonic() + QUIET_SECONDS
        logger.warning(
            "broker unreachable, the sweep will deliver",
            message_id=str(message_id),
            error=type(error).__name__,
        )


def forget_silence() -> None:
    """Try the broker again at once, as a test does that has a new one."""
    _Quiet.until = 0.0
