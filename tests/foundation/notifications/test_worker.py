"""The worker is killed hard in the middle of sending: nothing is lost, little comes twice."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from foundation.notifications import actions
from foundation.notifications.models import OutgoingMessage
from tests.foundation.notifications.mail_server import MailServer
from tests.foundation.notifications.note import queue
from tests.foundation.notifications.processes import Worker


@pytest.mark.django_db(transaction=True)
def test_killed_in_the_middle_of_sending(mail_server: MailServer) -> None:
    with transaction.atomic():
        ids = {f"<{queue(f'a{n}@example.org').pk}@127.0.0.1>" for n in range(40)}
    with Worker(mail_server.port) as worker:
        mail_server.wait_for_mails(10)
        worker.kill()
        worker.start()
        mail_server.wait_for_mails(30)
        actions.sweep(timezone.now())
    # What was under way when the worker died waits for its next attempt.
    actions.sweep(timezone.now() + timedelta(hours=1))
    assert not OutgoingMessage.objects.exclude(state="sent").exists()
    assert set(mail_server.message_ids) == ids
    assert sum(mail_server.message_ids.values()) - 40 <= worker.killed
