"""Asking: from the draft, on submission, and what limits it."""

from datetime import timedelta

import pytest
from django.db import transaction

from applicants.actions import name_referee, submit_application, withdraw_application
from applicants.models import Holder, Nominee, RequirementKind
from applicants.nominees import mailbox
from applicants.steps.locks import lock_application
from applicants.steps.requirements import waive_requirement
from foundation.doors import Actor, Refused
from referees import actions
from referees.models import DeclineReason, ReferenceRequest, RequestState, SuppressedAddress
from tests.factories import NOW, draft, make_intake, make_person, ready_draft, submitted
from tests.referees.letters import deliver, request_at, requirement, send
from tests.sign_in import sign_in_as

pytestmark = pytest.mark.django_db


def nominee_of(application, position=1):
    return Nominee.objects.get(application=application, position=position, replaced_at=None)


def applicant_of(application):
    return Actor.person(application.applicant)


def name(application, position, email, *, now=NOW):
    return name_referee(
        application.pk,
        position,
        full_name="Prof. Ada Byron",
        email=email,
        kind="academic",
        post="Professor",
        institution="Analytical College",
        relationship="Taught me",
        actor=applicant_of(application),
        now=now,
    )


def ask(nominee, *, now=NOW, **values):
    application = nominee.application
    return actions.ask_referee(nominee.pk, actor=applicant_of(application), now=now, **values)


def test_a_referee_is_asked_from_the_draft_and_not_again_on_submission():
    application = ready_draft()
    ask(nominee_of(application), personal_line="It is for the thesis you know")
    (mail,) = deliver(NOW)
    assert mail.to == [nominee_of(application).email]
    assert "“It is for the thesis you know”" in mail.body
    assert "11:59pm on" in mail.body
    assert "(UK time)" in mail.body
    submit_application(application.pk, actor=applicant_of(application), now=NOW)
    asked = [mail for mail in deliver(NOW) if "asks you" in mail.subject]
    assert [mail.to for mail in asked] == [[nominee_of(application, 2).email]]
    states = ReferenceRequest.objects.filter(application=application).values_list("state")
    assert {state for (state,) in states} == {RequestState.ASKED}
    assert requirement(application).held_by == Holder.REFEREE


def test_nobody_but_the_applicant_asks():
    application = ready_draft()
    with pytest.raises(Refused, match="not_allowed"):
        actions.ask_referee(nominee_of(application).pk, actor=Actor.person(make_person()), now=NOW)


def test_at_most_ten_requests_a_day_the_same_referee_counted_each_time():
    person = make_person()
    intake = make_intake()
    application = draft(applicant=person, intake=intake)
    nominee = name(application, 1, "byron@college.example")
    for number in range(10):
        asked = ask(nominee, now=NOW + timedelta(minutes=number))
        actions.decline_request(
            asked.pk,
            actor=Actor.referee(asked.pk),
            reason=DeclineReason.NO_TIME,
            now=NOW + timedelta(minutes=number),
        )
    with pytest.raises(Refused, match="too_many_requests"):
        ask(nominee, now=NOW + timedelta(hours=1))
    ask(nominee, now=NOW + timedelta(hours=25))


def test_at_most_six_addresses_for_one_application():
    application = draft()
    for number in range(6):
        ask(name(application, 1, f"referee{number}@college.example"), now=NOW)
    with pytest.raises(Refused, match="too_many_addresses"):
        name(application, 1, "referee7@college.example")
    # One that was asked before may be named again.
    ask(name(application, 1, "referee0@college.example"), now=NOW + timedelta(days=2))


def test_who_does_not_know_the_applicant_is_not_written_to_again():
    application = submitted()
    request = request_at(application)
    email = request.nominee.email
    actions.decline_request(
        request.pk, actor=Actor.referee(request.pk), reason=DeclineReason.DONT_KNOW_PERSON, now=NOW
    )
    assert SuppressedAddress.objects.count() == 1
    with pytest.raises(Refused, match="address_suppressed"):
        ask(request.nominee)
    # Nor by somebody else, nor under a plus-tag.
    local, _at, domain = email.partition("@")
    other = draft()
    with pytest.raises(Refused, match="address_suppressed"):
        ask(name(other, 1, f"{local.upper()}+tag@{domain}"))
    (mail,) = [mail for mail in deliver(NOW) if "can’t write" in mail.subject]
    assert "know" not in mail.body.replace("nobody who reads", "")


def test_a_suppressed_address_does_not_stop_the_submission():
    application = ready_draft()
    SuppressedAddress.objects.create(mailbox=mailbox(nominee_of(application, 2).email))
    submit_application(application.pk, actor=applicant_of(application), now=NOW)
    assert request_at(application, 1).state == RequestState.ASKED
    assert request_at(application, 2).state == RequestState.DRAFT


def test_a_letter_that_the_office_does_without_is_not_asked_for():
    application = submitted()
    with transaction.atomic():
        waive_requirement(
            lock_application(application.pk),
            RequirementKind.LETTER_1,
            actor=Actor.timer("test"),
            now=NOW,
            reason="The referee has died",
        )
    request = request_at(application)
    actions.decline_request(
        request.pk, actor=Actor.referee(request.pk), reason=DeclineReason.NO_TIME, now=NOW
    )
    assert requirement(application).state == "waived"
    with pytest.raises(Refused, match="not_asking"):
        ask(request.nominee)


def test_declining_hands_the_letter_to_the_applicant_who_hears_at_once():
    application = submitted()
    deliver(NOW)
    request = request_at(application)
    actions.decline_request(
        request.pk,
        actor=Actor.referee(request.pk),
        reason=DeclineReason.SOMEBODY_ELSE,
        note="Professor Ada Byron",
        now=NOW,
    )
    assert requirement(application).held_by == Holder.APPLICANT
    (mail,) = deliver(NOW)
    assert mail.to == [application.applicant.email]
    assert "They suggest asking: Professor Ada Byron" in mail.body
    ask(request.nominee, now=NOW + timedelta(hours=1))
    assert requirement(application).held_by == Holder.REFEREE


def test_who_is_replaced_is_told_kindly_and_the_new_one_is_asked(client):
    application = submitted()
    deliver(NOW)
    old = request_at(application)
    sign_in_as(client, application.applicant)
    values = {
        "full_name": "Prof. Ada Byron",
        "email": "byron@college.example",
        "kind": "academic",
        "post": "Professor",
        "institution": "Analytical College",
        "relationship": "Taught me",
    }
    address = f"/applications/{application.reference}/referees/1/"
    answer = client.post(address, values, follow=True)
    assert "We have asked Prof. Ada Byron" in answer.text
    old.refresh_from_db()
    assert old.state == RequestState.CANCELLED
    mails = {mail.to[0]: mail for mail in deliver(NOW)}
    assert "No letter is needed" in mails[old.nominee.email].subject
    assert "asks you for a reference" in mails["byron@college.example"].subject


def test_a_letter_that_is_here_keeps_its_referee(client):
    application = submitted()
    send(request_at(application), now=NOW)
    sign_in_as(client, application.applicant)
    page = client.get(f"/applications/{application.reference}/referees/")
    assert f"/applications/{application.reference}/referees/1/" not in page.text
    with pytest.raises(Refused):
        name(application, 1, "byron@college.example")


def test_after_withdrawing_nobody_is_waited_for():
    application = submitted()
    deliver(NOW)
    withdraw_application(application.pk, actor=applicant_of(application), now=NOW)
    mails = [mail for mail in deliver(NOW) if "No letter is needed" in mail.subject]
    assert len(mails) == 2
    with pytest.raises(Refused, match="not_asking"):
        ask(request_at(application).nominee)
    with pytest.raises(Refused, match="request_moved_on"):
        actions.remind_referee(
            request_at(application).pk,
            actor=applicant_of(application),
            now=NOW + timedelta(days=3),
        )


@pytest.mark.parametrize(
    "line",
    [
        "Look at https://evil.example",
        "see www.evil.example",
        "my page evil.com has it",
        "evil.example/offer",
        "write to me@evil.example",
        "turn \u202e this",
    ],
)
def test_a_personal_line_carries_no_address(client, line):
    application = ready_draft()
    sign_in_as(client, application.applicant)
    address = f"/applications/{application.reference}/referees/1/ask/"
    page = client.post(address, {"personal_line": line})
    assert page.status_code == 200
    assert "Error:" in page.text
    assert not ReferenceRequest.objects.filter(application=application).exists()


def test_a_name_is_no_advertisement(client):
    application = ready_draft()
    sign_in_as(client, application.applicant)
    values = {
        "full_name": "Win at casino.com",
        "email": "byron@college.example",
        "kind": "academic",
        "post": "Professor",
        "institution": "Analytical College",
        "relationship": "Taught me",
    }
    page = client.post(f"/applications/{application.reference}/referees/1/", values)
    assert "Write this without web or email addresses" in page.text
    assert "Win at casino.com" in page.text


@pytest.mark.parametrize(
    ("email", "words"),
    [("own", "your own email address"), ("other", "other referee has this email address")],
)
def test_an_address_that_is_taken_is_refused_beside_its_field(client, email, words):
    application = ready_draft()
    sign_in_as(client, application.applicant)
    local, _at, domain = application.applicant.email.partition("@")
    addresses = {
        "own": f"{local}+x@{domain}".upper(),
        "other": nominee_of(application, 2).email,
    }
    values = {
        "full_name": "Dr.Marsh-O’Neill",
        "email": addresses[email],
        "kind": "academic",
        "post": "Professor",
        "institution": "Analytical College",
        "relationship": "Taught me",
    }
    page = client.post(f"/applications/{application.reference}/referees/1/", values)
    assert words in page.text
    assert "Dr.Marsh-O’Neill" in page.text


def test_a_reminder_by_hand_counts_and_waits_48_hours(client):
    application = submitted()
    request = request_at(application)
    by = applicant_of(application)
    with pytest.raises(Refused, match="too_soon"):
        actions.remind_referee(request.pk, actor=by, now=NOW + timedelta(hours=47))
    actions.remind_referee(request.pk, actor=by, now=NOW + timedelta(hours=49))
    with pytest.raises(Refused, match="too_soon"):
        actions.remind_referee(request.pk, actor=by, now=NOW + timedelta(hours=96))
    sign_in_as(client, application.applicant)
    # Asked in the future of this clock: the page says so instead of offering a button.
    page = client.get(f"/applications/{application.reference}/referees/1/remind/")
    assert "you can send the next reminder from" in page.text
    assert "Send the reminder" not in page.text
