"""Two letters in the same instant: the file is complete once."""

import threading
from typing import Any

import pytest
from django.db import connection

from applicants.models import Application, ReviewClock
from applicants.states import ApplicationState
from foundation.doors import Actor, Refused
from foundation.history.models import Event
from foundation.notifications.models import OutgoingMessage
from referees import actions
from referees.models import Letter
from tests.factories import NOW, submitted
from tests.referees.letters import WORDS, request_at, save

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*works):
    """Run these in threads that start together, and return what each returned or raised."""
    start = threading.Barrier(len(works))
    found: list[Any] = [None] * len(works)

    def run(number, work):
        try:
            start.wait()
            found[number] = work()
        except Refused as refusal:
            found[number] = refusal.code
        finally:
            connection.close()

    threads = [
        threading.Thread(target=run, args=(number, work)) for number, work in enumerate(works)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def sending(request):
    return lambda: actions.send_letter(request.pk, actor=Actor.referee(request.pk), now=NOW)


def test_two_letters_in_the_same_instant_complete_the_file_once():
    for _round in range(3):
        application = submitted()
        one, two = request_at(application, 1), request_at(application, 2)
        save(one, now=NOW)
        save(two, now=NOW)
        letters = at_once(sending(one), sending(two))
        assert all(isinstance(letter, Letter) for letter in letters)
        state = Application.objects.get(pk=application.pk).state
        assert state == ApplicationState.IN_REVIEW
        assert ReviewClock.objects.filter(application=application).count() == 1
        completed = Event.objects.filter(stream=application.public_id, kind="application.complete")
        assert completed.count() == 1
        told = OutgoingMessage.objects.filter(
            kind="application.complete", recipient=application.applicant.email
        )
        assert told.count() == 1


def test_one_letter_sent_on_two_devices_is_one_letter():
    application = submitted()
    request = request_at(application)
    save(request, now=NOW, text=WORDS)
    found = at_once(*[sending(request)] * 4)
    assert found.count("nothing_to_send") == 3
    assert Letter.objects.filter(request=request).count() == 1
    receipts = OutgoingMessage.objects.filter(kind="reference.receipt")
    assert receipts.count() == 1
