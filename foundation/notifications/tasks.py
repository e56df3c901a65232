"""Celery's way into the outbox."""

from uuid import UUID

from celery import shared_task

from foundation.doors import Actor
from foundation.notifications import actions
from foundation.notifications.nudge import DELIVER


@shared_task(name=DELIVER)
def deliver(message_id: str) -> None:
    actions.deliver(UUID(message_id), actor=Actor.timer("outbox"))
