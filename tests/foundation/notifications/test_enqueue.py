"""Putting messages into the outbox: once, with ids only, and without waiting for anybody."""

import socket
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from celery import current_app
from django.core.exceptions import ValidationError
from django.utils import timezone

from foundation.doors import Actor, door
from foundation.notifications.models import Lane, OutgoingMessage
from foundation.notifications.steps import enqueue, erase_recipient
from tests.foundation.notifications.note import ACCOUNT_NOTE, NOTE, queue

pytestmark = pytest.mark.django_db


def test_a_step_needs_a_door(transactional_db: None) -> None:
    with pytest.raises(RuntimeError):
        enqueue(NOTE, recipient="ada@example.org", context={}, dedupe_key="k")


def test_the_second_with_the_same_key_is_dropped() -> None:
    for number in (1, 2):
        enqueue(NOTE, recipient="ada@example.org", context={"number": number}, dedupe_key="k")
    assert OutgoingMessage.objects.get().context == {"number": 1}


def test_a_sent_one_is_not_sent_again() -> None:
    enqueue(NOTE, recipient="ada@example.org", context={}, dedupe_key="k")
    OutgoingMessage.objects.update(state="sent", sent_at=timezone.now())
    enqueue(NOTE, recipient="ada@example.org", context={}, dedupe_key="k")
    assert OutgoingMessage.objects.get().state == "sent"


@pytest.mark.parametrize("value", ["Zoë Marsh", "ada@example.org", "a\nb", "x" * 101])
def test_a_context_takes_ids_only(value: str) -> None:
    with pytest.raises(ValueError, match="ids only"):
        enqueue(NOTE, recipient="ada@example.org", context={"name": value}, dedupe_key="k")


@pytest.mark.parametrize("address", ["", "ada", "ada@example.org\nBcc: all@example.org"])
def test_an_address_is_an_address(address: str) -> None:
    with pytest.raises(ValidationError):
        enqueue(NOTE, recipient=address, context={}, dedupe_key="k")


def test_lanes_set_the_order_of_a_sweep() -> None:
    bulk, account = queue(), queue(kind=ACCOUNT_NOTE)
    assert (bulk.lane, account.lane) == (Lane.BULK, Lane.SIGN_IN)
    assert account.priority < bulk.priority


def test_a_nudge_goes_out_after_the_commit(django_capture_on_commit_callbacks: Any) -> None:
    with django_capture_on_commit_callbacks() as callbacks:
        queue()
    assert len(callbacks) == 1


def test_what_has_to_wait_is_not_nudged(django_capture_on_commit_callbacks: Any) -> None:
    later = timezone.now() + timedelta(minutes=10)
    with django_capture_on_commit_callbacks() as callbacks:
        enqueue(NOTE, recipient="a@example.org", context={}, dedupe_key="k", not_before=later)
    assert callbacks == []
    assert OutgoingMessage.objects.get().next_attempt_at == later


@door
def _queue_twenty(*, actor: Actor) -> None:
    for number in range(20):
        enqueue(NOTE, recipient="a@example.org", context={}, dedupe_key=f"k{number}")


@pytest.fixture
def hung_broker() -> Iterator[None]:
    """A broker that takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        before = current_app.conf.broker_url
        current_app.conf.broker_url = f"redis://127.0.0.1:{listener.getsockname()[1]}/0"
        _forget_connections()
        yield
        current_app.conf.broker_url = before
        _forget_connections()


def _forget_connections() -> None:
    current_app.amqp.__dict__.pop("_producer_pool", None)
    current_app.amqp._producer_pool = None
    current_app._pool = None


@pytest.mark.django_db(transaction=True)
def test_a_hung_broker_does_not_hang_the_page(hung_broker: None) -> None:
    start = time.monotonic()
    _queue_twenty(actor=Actor.timer("test"))
    assert time.monotonic() - start < 5
    assert OutgoingMessage.objects.filter(state="queued").count() == 20


def test_a_person_can_be_taken_out() -> None:
    message = queue("Ada@example.org")
    assert erase_recipient("ada@example.org") == 1
    message.refresh_from_db()
    assert message.state == "cancelled"
    assert "ada" not in f"{message.recipient} {message.subject} {message.body}".lower()
