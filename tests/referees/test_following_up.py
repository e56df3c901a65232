"""Time travel: exactly the promised mails, none twice, none after it is settled."""

from collections import Counter
from datetime import timedelta

import pytest

from applicants.models import Holder
from foundation import timers
from foundation.doors import Actor, Refused
from foundation.notifications.actions import sweep
from foundation.notifications.models import OutgoingMessage
from referees import actions, rules
from referees.models import RequestState
from tests.factories import NOW, make_intake, submitted
from tests.foundation.notifications.mail_server import MailServer
from tests.referees.letters import deliver, request_at, requirement, send

pytestmark = pytest.mark.django_db
TIMERS = ("referees.remind", "referees.tell_silence", "referees.expire")


def pass_time(first: int, last: int, *, hours: int = 6):
    """Let the timers run, and say which kinds of mail left on which day."""
    sent = []
    for passed in range(first * 24, last * 24, hours):
        now = NOW + timedelta(hours=passed)
        for name in TIMERS:
            timers.get(name).run(now, False)
        sent += [(passed // 24, mail.to[0], mail.subject) for mail in deliver(now)]
    return sent


def days(sent, words, to=None):
    return [day for day, address, subject in sent if words in subject and to in (None, address)]


def test_sixty_days_of_silence():
    application = submitted()
    one, two = request_at(application, 1), request_at(application, 2)
    sent = pass_time(0, 60)
    for request in (one, two):
        email, name = request.nominee.email, request.nominee.full_name
        assert days(sent, "asks you", email) == [0]
        assert days(sent, "Reminder", email) == [7, 14, 21, 28]
        assert days(sent, f"{name} has not sent") == [9]
        assert days(sent, f"{name} is silent") == [16]
    assert pass_time(0, 60) == []


def test_nothing_after_the_letter_came():
    application = submitted()
    one, two = request_at(application, 1), request_at(application, 2)
    pass_time(0, 8)
    send(one, now=NOW + timedelta(days=8))
    sent = pass_time(8, 60)
    assert days(sent, "Reminder", one.nominee.email) == []
    assert days(sent, f"{one.nominee.full_name} has not sent") == []
    assert days(sent, "Reminder", two.nominee.email) == [14, 21, 28]


def test_a_reminder_that_waited_in_the_outbox_is_dropped_when_the_letter_came():
    application = submitted()
    deliver(NOW)
    request = request_at(application)
    now = NOW + timedelta(days=7)
    timers.get("referees.remind").run(now, False)
    send(request, now=now)
    subjects = [mail.subject for mail in deliver(now) if mail.to == [request.nominee.email]]
    assert subjects == [f"Thank you: we have your letter for {application.applicant.full_name}"]


def test_a_worker_that_was_off_sends_one_and_not_three():
    application = submitted()
    email = request_at(application).nominee.email
    pass_time(0, 6)
    sent = pass_time(24, 60)
    assert days(sent, "Reminder", email) == [24, 28]
    sent = pass_time(24, 60)
    assert sent == []
    silence = OutgoingMessage.objects.filter(
        kind__in=["reference.silent", "reference.still_silent"]
    )
    assert Counter(silence.values_list("kind", flat=True)) == {"reference.still_silent": 2}


def test_a_reminder_by_hand_moves_the_next_one():
    application = submitted()
    email = request_at(application).nominee.email
    pass_time(0, 6)
    by_hand = NOW + timedelta(days=6)
    actions.remind_referee(
        request_at(application).pk, actor=Actor.person(application.applicant), now=by_hand
    )
    assert rules.next_reminder_at(request_at(application)) == by_hand + timedelta(hours=48)
    assert days(pass_time(6, 60), "Reminder", email) == [6, 8, 14, 21, 28]


def test_a_dry_run_does_nothing():
    submitted()
    deliver(NOW)
    now = NOW + timedelta(days=10)
    assert len(timers.get("referees.remind").run(now, True)) == 2
    assert len(timers.get("referees.tell_silence").run(now, True)) == 2
    assert deliver(now) == []


@pytest.mark.parametrize(("closes_in_weeks", "day"), [(10, 84), (1, 35)])
def test_a_letter_may_come_14_days_after_closing_and_never_less_than_35(closes_in_weeks, day):
    intake = make_intake(closes_at=NOW + timedelta(weeks=closes_in_weeks))
    application = submitted(intake=intake)
    request = request_at(application)
    ends = rules.expires_at(request)
    assert ends.date() == (NOW + timedelta(days=day)).date()
    assert (ends.hour, ends.minute, ends.second) == (23, 59, 59)
    expire = timers.get("referees.expire")
    assert expire.run(ends, False) == []
    assert len(expire.run(ends + timedelta(seconds=1), False)) == 2
    assert expire.run(ends + timedelta(days=1), False) == []
    assert request_at(application).state == RequestState.EXPIRED
    assert requirement(application).held_by == Holder.APPLICANT
    mails = [mail for mail in deliver(ends) if "did not come in time" in mail.subject]
    assert [mail.to for mail in mails] == [[application.applicant.email]] * 2
    with pytest.raises(Refused, match="request_expired"):
        send(request, now=ends + timedelta(days=1))
    # Asked once more, it has 35 days.
    later = ends + timedelta(days=2)
    actions.ask_referee(request.nominee_id, actor=Actor.person(application.applicant), now=later)
    assert rules.expires_at(request_at(application)) >= later + timedelta(days=35)
    send(request, now=later + timedelta(days=3))


def test_a_refused_address_is_told_to_the_applicant_at_once(settings):
    application = submitted()
    request = request_at(application)
    OutgoingMessage.objects.filter(recipient=request.nominee.email).update(
        recipient="gone-marsh@college.example"
    )
    server = MailServer()
    server.start()
    try:
        server.take_over(settings)
        sweep(NOW)
        sweep(NOW)
        server.wait_for_mails(3)
    finally:
        server.stop()
    assert request_at(application).state == RequestState.BOUNCED
    assert request_at(application, 2).state == RequestState.ASKED
    assert requirement(application).held_by == Holder.APPLICANT
    (told,) = [mail for mail in server.received if "did not arrive" in str(mail["Subject"])]
    assert told["To"] == application.applicant.email
    assert f"/applications/{application.reference}/referees/" in told.get_body().get_content()
    # The same address once more, or another: both are open to the applicant.
    actions.ask_referee(
        request.nominee_id,
        actor=Actor.person(application.applicant),
        now=NOW + timedelta(hours=1),
    )
    assert request_at(application).state == RequestState.ASKED
