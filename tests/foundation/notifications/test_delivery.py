"""One delivery: what each answer of the mail server makes of a message."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from config.embedded import ports
from foundation.doors import Actor
from foundation.notifications import actions, delivery, signals
from foundation.notifications.models import MessageState, OutgoingMessage
from tests.foundation.notifications.mail_server import MailServer
from tests.foundation.notifications.note import ACCOUNT_NOTE, BROKEN, queue

pytestmark = pytest.mark.django_db
TIMER = Actor.timer("test")


def deliver(message: OutgoingMessage, now: datetime | None = None) -> OutgoingMessage:
    actions.deliver(message.pk, actor=TIMER, now=now)
    message.refresh_from_db()
    return message


def test_a_message_is_sent_once(mail_server: MailServer, settings: Any) -> None:
    settings.PUBLIC_URL = "https://apply.example.ac.uk"
    message = deliver(queue("ada@example.org", number=12))
    deliver(message)
    [mail] = mail_server.received
    assert (message.state, message.attempts, message.error) == ("sent", 1, "")
    assert message.sent_at is not None
    assert mail["Message-ID"] == f"<{message.pk}@apply.example.ac.uk>"
    assert mail["To"] == "ada@example.org"
    assert mail["Auto-Submitted"] == "auto-generated"


def test_text_comes_before_its_html_twin(mail_server: MailServer) -> None:
    deliver(queue())
    text, html = mail_server.received[0].iter_parts()
    assert text.get_content_type() == "text/plain"
    assert "Dear Zoë O'Brien-Łukasiewicz <b>," in text.get_content()
    assert html.get_content_type() == "text/html"
    assert "Dear Zoë O&#x27;Brien-Łukasiewicz &lt;b&gt;," in html.get_content()


def test_the_kept_copy_has_no_link(mail_server: MailServer) -> None:
    message = deliver(queue())
    assert "/reference/" in mail_server.received[0].get_body(("plain",)).get_content()
    assert "/reference/" not in message.body
    assert "[link]" in message.body
    assert message.subject == "A note for Zoë O'Brien-Łukasiewicz <b>"


@pytest.mark.parametrize("who", ["busy", "slow", "cut"])
def test_what_may_pass_is_tried_later(mail_server: MailServer, who: str) -> None:
    message = deliver(queue(f"{who}-ada@example.org"))
    assert message.state == MessageState.QUEUED
    assert message.next_attempt_at > timezone.now() + timedelta(seconds=50)
    assert message.error != ""


def test_no_mail_server_is_tried_later(mail_server: MailServer, settings: Any) -> None:
    settings.EMAIL_PORT = ports.find_free()
    message = deliver(queue())
    assert (message.state, message.attempts) == ("queued", 1)
    assert "ConnectionRefusedError" in message.error


def test_our_own_fault_is_no_bounce(mail_server: MailServer, settings: Any) -> None:
    """The server wants no sign-in: 5xx, but it says nothing about the recipient."""
    settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "portal", "wrong"
    assert deliver(queue()).state == MessageState.QUEUED


@pytest.mark.parametrize("who", ["gone", "full"])
def test_a_refused_address_bounces_and_tells(mail_server: MailServer, who: str) -> None:
    told = []

    def hear(sender: Any, message: OutgoingMessage, now: datetime, **_more: Any) -> None:
        told.append((message.pk, message.state))

    signals.bounced.connect(hear)
    message = deliver(queue(f"{who}-ada@example.org"))
    signals.bounced.disconnect(hear)
    assert message.state == MessageState.BOUNCED
    assert message.error.startswith("55")
    assert told == [(message.pk, MessageState.BOUNCED)]


def test_what_nobody_wants_any_more_is_cancelled(mail_server: MailServer) -> None:
    assert deliver(queue(wanted=0)).state == MessageState.CANCELLED
    assert mail_server.received == []


def test_a_rendering_error_fails_at_once_and_shows(mail_server: MailServer) -> None:
    message = deliver(queue(kind=BROKEN))
    assert message.state == MessageState.FAILED
    assert "the template of this kind is wrong" in message.error


def test_a_kind_of_a_newer_release_waits(mail_server: MailServer) -> None:
    message = queue()
    OutgoingMessage.objects.update(kind="from.tomorrow")
    assert deliver(message).state == MessageState.QUEUED


def test_the_waits_grow_and_the_eighth_is_the_last(mail_server: MailServer) -> None:
    message = queue("busy-ada@example.org")
    now = timezone.now()
    waits = []
    while message.state == MessageState.QUEUED:
        deliver(message, now)
        waits.append(round((message.next_attempt_at - now).total_seconds() / 60))
        now = message.next_attempt_at
    assert waits == [1, 5, 15, 60, 240, 720, 1440, 1440]
    assert (message.state, message.attempts) == ("failed", 8)


def test_it_is_not_tried_before_its_time(mail_server: MailServer) -> None:
    message = deliver(queue("busy-ada@example.org"))
    OutgoingMessage.objects.update(recipient="ada@example.org")
    assert deliver(message).attempts == 1
    assert deliver(message, timezone.now() + timedelta(minutes=2)).state == "sent"


def test_each_attempt_mints_another_link(mail_server: MailServer) -> None:
    message = queue("cut-ada@example.org")
    deliver(message)
    deliver(message, timezone.now() + timedelta(hours=1))
    first, second = (mail.get_body(("plain",)).get_content() for mail in mail_server.received)
    assert first != second
    assert len(mail_server.message_ids) == 1


def test_a_message_that_kills_its_worker_is_counted(mail_server: MailServer) -> None:
    """Only the first of the two transactions happened, eight times."""
    message = queue()
    now = timezone.now()
    for _attempt in range(delivery.MAX_ATTEMPTS):
        assert actions.begin_attempt(message.pk, actor=TIMER, now=now)
        message.refresh_from_db()
        now = message.next_attempt_at
    assert deliver(message, now).state == MessageState.FAILED
    assert mail_server.received == []


def test_a_sweep_delivers_what_is_due(mail_server: MailServer) -> None:
    late, account = queue("bulk@example.org"), queue("account@example.org", kind=ACCOUNT_NOTE)
    queue("later@example.org")
    OutgoingMessage.objects.filter(recipient="later@example.org").update(
        next_attempt_at=timezone.now() + timedelta(hours=1)
    )
    now = timezone.now()
    assert len(actions.sweep(now, True)) == 2
    assert mail_server.received == []
    assert len(actions.sweep(now)) == 2
    assert [mail["To"] for mail in mail_server.received] == [account.recipient, late.recipient]
    assert actions.sweep(now) == []
