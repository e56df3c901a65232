"""Work for the workers before their memory is read: mail to send, decision letters to render."""

import time

from django.utils import timezone

from admissions.models import DecisionLetter
from config.celery import app
from config.embedded.processes import wait_until
from foundation import timers
from foundation.notifications.models import MessageState, OutgoingMessage

#: Timers whose work is waiting in the seeded data.
TIMERS = ("decisions.letters", "referees.remind", "referees.tell_silence", "clock.warn")
LETTERS = 10
MESSAGES = 100
SECONDS = 120.0


def give_and_wait() -> str:
    """Ask for the work as beat would, and wait until enough of it is done; says what was."""
    letters, messages = _done()
    began = time.monotonic()
    for name in TIMERS:
        app.send_task("foundation.run_timer", args=[name], queue=timers.get(name).queue)
    wait_until(
        lambda: _done() >= (letters + LETTERS, 0) and _done()[1] >= messages + MESSAGES,
        seconds=SECONDS,
    )
    rendered, sent = _done()
    seconds = time.monotonic() - began
    return (
        f"{rendered - letters} letters rendered, {sent - messages} mails sent in {seconds:.0f} s."
    )


def _done() -> tuple[int, int]:
    sent = OutgoingMessage.objects.filter(
        state=MessageState.SENT, sent_at__lte=timezone.now()
    ).count()
    return DecisionLetter.objects.count(), sent
