"""Several workers and an administrator at once, on real transactions."""

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone

from foundation.doors import Actor
from foundation.notifications import actions
from foundation.notifications.models import MessageState, OutgoingMessage
from tests.foundation.notifications.mail_server import MailServer
from tests.foundation.notifications.note import ACCOUNT_NOTE, queue
from tests.foundation.notifications.waiting import until

pytestmark = pytest.mark.django_db(transaction=True)
TIMER = Actor.timer("test")


def in_thread(pool: ThreadPoolExecutor, work: Callable[..., Any], *args: Any, **kw: Any) -> Future:
    def run() -> Any:
        try:
            return work(*args, **kw)
        finally:
            connection.close()

    return pool.submit(run)


def committed(*recipients: str, **options: Any) -> list[OutgoingMessage]:
    with transaction.atomic():
        return [queue(recipient, **options) for recipient in recipients]


def somebody_waits_for_a_lock() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks JOIN pg_database d ON d.oid = database"
            " WHERE NOT granted AND d.datname = current_database()"
        )
        return bool(cursor.fetchone()[0])


def test_two_deliverers_send_once(mail_server: MailServer, settings: Any) -> None:
    settings.EMAIL_TIMEOUT = 15
    [message] = committed("hold-ada@example.org")
    with ThreadPoolExecutor(1) as pool:
        first = in_thread(pool, actions.deliver, message.pk, actor=TIMER)
        mail_server.wait_for_held()
        # Even when the message is due again, whoever comes second leaves it alone.
        later = timezone.now() + timedelta(hours=1)
        assert actions.deliver(message.pk, actor=TIMER, now=later) is None
        assert actions.sweep(later) == []
        mail_server.release()
        assert first.result(20) == MessageState.SENT
    message.refresh_from_db()
    assert (message.state, message.attempts) == ("sent", 1)
    assert len(mail_server.received) == 1


def test_two_sweeps_share_the_work(mail_server: MailServer) -> None:
    committed(*(f"a{number}@example.org" for number in range(30)))
    start = threading.Barrier(2)

    def sweep() -> int:
        start.wait(10)
        return len(actions.sweep(timezone.now()))

    with ThreadPoolExecutor(2) as pool:
        done = [in_thread(pool, sweep) for _sweep in range(2)]
        assert sum(future.result(30) for future in done) == 30
    assert set(mail_server.message_ids.values()) == {1}
    assert len(mail_server.message_ids) == 30


def test_stopping_waits_for_what_is_being_sent(mail_server: MailServer, settings: Any) -> None:
    settings.EMAIL_TIMEOUT = 15
    [under_way] = committed("hold-ada@example.org")
    [waiting] = committed("ben@example.org")
    [account] = committed("cy@example.org", kind=ACCOUNT_NOTE)
    with ThreadPoolExecutor(2) as pool:
        sending = in_thread(pool, actions.deliver, under_way.pk, actor=TIMER)
        mail_server.wait_for_held()
        stopping = in_thread(
            pool, actions.set_stop_switch, stopped=True, reason="wrong mails", actor=TIMER
        )
        until(somebody_waits_for_a_lock)
        # New bulk deliveries don't pass the one who waits to stop them; account mails do.
        assert actions.deliver(waiting.pk, actor=TIMER) == MessageState.QUEUED
        assert actions.deliver(account.pk, actor=TIMER) == MessageState.SENT
        assert not stopping.done()
        mail_server.release()
        assert sending.result(20) == MessageState.SENT
        stopping.result(20)
    assert actions.deliver(waiting.pk, actor=TIMER) is None
    waiting.refresh_from_db()
    assert (waiting.state, waiting.attempts) == ("queued", 0)
    assert {mail["To"] for mail in mail_server.received} == {
        "hold-ada@example.org",
        "cy@example.org",
    }


def test_what_is_being_sent_cannot_be_cancelled(mail_server: MailServer, settings: Any) -> None:
    settings.EMAIL_TIMEOUT = 15
    [message] = committed("hold-ada@example.org")
    with ThreadPoolExecutor(1) as pool:
        sending = in_thread(pool, actions.deliver, message.pk, actor=TIMER)
        mail_server.wait_for_held()
        with pytest.raises(actions.Refused, match="being_sent"):
            actions.cancel_message(message.pk, actor=TIMER)
        mail_server.release()
        assert sending.result(20) == MessageState.SENT
