"""The stop switch, restored copies, retrying and cancelling, and forgetting."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from foundation.doors import Actor, Refused
from foundation.history.models import Event
from foundation.notifications import actions, queries
from foundation.notifications.models import OutgoingMessage, StopSwitch
from tests.foundation.notifications.mail_server import MailServer
from tests.foundation.notifications.note import ACCOUNT_NOTE, queue

pytestmark = pytest.mark.django_db
TIMER = Actor.timer("test")


def stop() -> None:
    actions.set_stop_switch(stopped=True, reason="wrong mails", actor=TIMER)


def test_a_stopped_outbox_keeps_its_messages(mail_server: MailServer) -> None:
    bulk, account = queue("bulk@example.org"), queue("account@example.org", kind=ACCOUNT_NOTE)
    stop()
    actions.sweep(timezone.now() + timedelta(days=3))
    actions.deliver(bulk.pk, actor=TIMER)
    bulk.refresh_from_db()
    assert (bulk.state, bulk.attempts) == ("queued", 0)
    assert [mail["To"] for mail in mail_server.received] == [account.recipient]
    actions.set_stop_switch(stopped=False, actor=TIMER)
    actions.sweep(timezone.now())
    assert len(mail_server.received) == 2


def test_stopping_needs_a_reason() -> None:
    with pytest.raises(Refused, match="reason_missing"):
        actions.set_stop_switch(stopped=True, reason=" ", actor=TIMER)
    assert not queries.is_stopped()


def test_who_comes_second_is_told() -> None:
    stop()
    with pytest.raises(Refused, match="switch_moved"):
        stop()


def test_the_switch_writes_history() -> None:
    stop()
    actions.set_stop_switch(stopped=False, actor=TIMER)
    kinds = Event.objects.filter(stream=StopSwitch.STREAM).order_by("id")
    assert [event.kind for event in kinds] == ["outbox.stopped", "outbox.started"]
    assert kinds[0].text.body == "wrong mails"


@pytest.fixture
def production(settings: Any) -> None:
    settings.DEMO = False
    settings.PUBLIC_URL = "https://apply.example.ac.uk"


def test_a_restored_copy_starts_stopped(production: None, settings: Any) -> None:
    assert actions.check_fingerprint(actor=TIMER) is False
    assert actions.check_fingerprint(actor=TIMER) is False
    settings.PUBLIC_URL = "https://staging.example.ac.uk"
    assert actions.check_fingerprint(actor=TIMER) is True
    assert "https://apply.example.ac.uk" in StopSwitch.objects.get().reason
    assert queries.is_stopped()
    assert actions.check_fingerprint(actor=TIMER) is True
    actions.set_stop_switch(stopped=False, actor=TIMER)
    assert actions.check_fingerprint(actor=TIMER) is False
    assert not queries.is_stopped()


def test_a_demonstration_may_change_its_port(settings: Any) -> None:
    settings.DEMO = True
    actions.check_fingerprint(actor=TIMER)
    settings.PUBLIC_URL = "http://127.0.0.1:1"
    assert actions.check_fingerprint(actor=TIMER) is False
    assert not queries.is_stopped()


def test_a_bounced_one_is_sent_again(mail_server: MailServer) -> None:
    message = queue("gone-ada@example.org")
    actions.deliver(message.pk, actor=TIMER)
    OutgoingMessage.objects.update(recipient="ada@example.org")
    actions.retry_message(message.pk, actor=TIMER)
    actions.deliver(message.pk, actor=TIMER)
    message.refresh_from_db()
    assert (message.state, message.attempts, message.error) == ("sent", 1, "")
    assert Event.objects.get(stream=message.pk).kind == "message.retried"
    with pytest.raises(Refused, match="not_retriable"):
        actions.retry_message(message.pk, actor=TIMER)


def test_a_cancelled_one_never_leaves(mail_server: MailServer) -> None:
    message = queue()
    actions.cancel_message(message.pk, actor=TIMER, reason="wrong person")
    actions.sweep(timezone.now())
    assert mail_server.received == []
    with pytest.raises(Refused, match="not_queued"):
        actions.cancel_message(message.pk, actor=TIMER)


def test_old_contexts_are_forgotten_and_keys_stay() -> None:
    now = timezone.now()
    old, waiting, young = queue(number=1), queue(number=2), queue(number=3)
    long_ago = now - timedelta(days=91)
    OutgoingMessage.objects.exclude(pk=young.pk).update(created_at=long_ago)
    OutgoingMessage.objects.exclude(pk=waiting.pk).update(state="failed")
    assert actions.purge_contexts(now, True) == ["1 contexts"]
    assert actions.purge_contexts(now) == ["1 contexts"]
    assert actions.purge_contexts(now) == []
    for message, context in ((old, {}), (waiting, {"number": 2}), (young, {"number": 3})):
        key = message.dedupe_key
        message.refresh_from_db()
        assert (message.context, message.dedupe_key) == (context, key)
    with pytest.raises(Refused, match="purged"):
        actions.retry_message(old.pk, actor=TIMER)
