"""A thousand messages, while workers are killed at random and connections are cut."""

import random
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from foundation.notifications import actions
from foundation.notifications.models import OutgoingMessage
from tests.foundation.notifications import note
from tests.foundation.notifications.mail_server import MailServer
from tests.foundation.notifications.processes import Worker

pytestmark = [pytest.mark.chaos, pytest.mark.django_db(transaction=True)]
MESSAGES = 1000
KILLS = 20
CUT_EVERY = 40


@pytest.fixture
def cutting_server(settings: Any) -> Iterator[MailServer]:
    """A mail server that breaks one connection in forty between the content and its 250."""
    note.install(settings)
    server = MailServer(cut_every=CUT_EVERY)
    server.start()
    server.take_over(settings)
    yield server
    server.stop()
    note.remove()


def test_every_message_arrives_and_few_come_twice(cutting_server: MailServer) -> None:
    chance = random.Random(20270303)
    with transaction.atomic():
        messages = [note.queue(f"a{number}@example.org") for number in range(MESSAGES)]
    ids = {f"<{message.pk}@127.0.0.1>" for message in messages}
    with Worker(cutting_server.port) as worker:
        for _kill in range(KILLS):
            wanted = len(cutting_server.received) + chance.randint(1, 2 * MESSAGES // KILLS // 3)
            cutting_server.wait_for_mails(min(wanted, MESSAGES - 100), timeout=60)
            if chance.random() < 0.3:
                worker.kill_child()
            else:
                worker.kill()
                worker.start()
        cutting_server.wait_for_mails(MESSAGES - 100, timeout=120)
        _sweep_until_nothing_is_queued()
    assert set(OutgoingMessage.objects.values_list("state", flat=True)) == {"sent"}
    assert set(cutting_server.message_ids) == ids
    twice = sum(cutting_server.message_ids.values()) - MESSAGES
    assert twice <= worker.killed + cutting_server.cuts


def _sweep_until_nothing_is_queued() -> None:
    """As the timer does, only that an hour passes between two sweeps."""
    now = timezone.now()
    while OutgoingMessage.objects.filter(state="queued").exists():
        actions.sweep(now)
        now += timedelta(hours=1)
