"""Waivers: asked for, decided once, and known to finance and the applicant alone."""

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from applicants.actions import submit_application
from applicants.demo import sample_pdf
from applicants.fees import actions
from applicants.fees.grounds import Ground
from applicants.models import (
    ClockPause,
    PauseReason,
    RequirementState,
    ReviewClock,
    Waiver,
    WaiverState,
)
from applicants.states import ApplicationState
from foundation import timers
from foundation.doors import Actor, Refused
from foundation.history.kinds import Audience
from foundation.history.models import Reading
from foundation.history.queries import timeline
from programmes.roles import Role
from tests.factories import (
    NOW,
    draft,
    make_intake,
    make_programme,
    make_staff,
    ready_draft,
    received_pdf,
)
from tests.fees.money import (
    EXPLANATION,
    NOTE,
    applicant_of,
    ask_waiver,
    at_once,
    begin,
    confirm,
    finance,
    refuse,
    standing,
)
from tests.referees.letters import deliver, request_at, send
from tests.sign_in import sign_in_as


def waiting_for_answer(*, now=NOW):
    """Submitted and complete, the waiver undecided."""
    application = ready_draft(fee_settled=False, now=now)
    ask_waiver(application, now=now)
    submit_application(application.pk, actor=applicant_of(application), now=now)
    for position in (1, 2):
        send(request_at(application, position), now=now)
    application.refresh_from_db()
    return application


def waiver_of(application):
    return Waiver.objects.get(application=application)


def clock_of(application):
    return ReviewClock.objects.get(application=application)


@pytest.mark.django_db
def test_one_submits_and_is_complete_while_a_waiver_is_undecided():
    application = waiting_for_answer()
    assert application.state == ApplicationState.IN_REVIEW
    assert waiver_of(application).due_on == date(2027, 1, 26)
    assert not standing(application).is_settled
    actions.grant_waiver(waiver_of(application).pk, actor=finance(), now=NOW)
    assert standing(application).is_settled
    assert not ClockPause.objects.exists()
    granted = [mail for mail in deliver(NOW) if "waiver is granted" in mail.subject]
    assert [mail.to for mail in granted] == [[application.applicant.email]]


@pytest.mark.django_db
def test_after_a_refusal_there_are_14_days_and_then_the_clock_stands_still():
    application = waiting_for_answer()
    target = clock_of(application).target_at
    deliver(NOW)
    refuse(waiver_of(application))
    (mail,) = deliver(NOW)
    assert "The evidence is from outside the period. " + NOTE in mail.body
    assert "if you pay £80 by 11:59pm on Tuesday 26 January 2027 (UK time)" in mail.body
    until = standing(application).fee.grace_until
    grace = timers.get("fees.end_grace")
    assert grace.run(until, False) == []
    assert clock_of(application).paused_at is None
    ended = until + timedelta(hours=1)
    assert len(grace.run(ended, True)) == 1
    assert len(grace.run(ended, False)) == 1
    assert grace.run(ended + timedelta(hours=1), False) == []
    assert clock_of(application).paused_at == ended
    assert ClockPause.objects.get().reason == PauseReason.FEE_ON_HOLD
    (held,) = deliver(ended)
    assert "waits for the fee" in held.subject
    paid = ended + timedelta(days=3)
    confirm(begin(application, now=paid), now=paid)
    clock = clock_of(application)
    assert clock.paused_at is None
    assert clock.target_at == target + timedelta(days=3)


@pytest.mark.django_db
def test_paid_in_the_days_of_grace_nothing_waited():
    application = waiting_for_answer()
    refuse(waiver_of(application))
    confirm(begin(application, now=NOW + timedelta(days=2)), now=NOW + timedelta(days=2))
    assert timers.get("fees.end_grace").run(NOW + timedelta(days=20), False) == []
    assert not ClockPause.objects.exists()


@pytest.mark.django_db
def test_grace_that_ends_before_the_file_is_complete_opens_the_requirement():
    application = ready_draft(fee_settled=False)
    ask_waiver(application)
    submit_application(application.pk, actor=applicant_of(application), now=NOW)
    refuse(waiver_of(application))
    deliver(NOW)
    ended = NOW + timedelta(days=15)
    assert len(timers.get("fees.end_grace").run(ended, False)) == 1
    assert timers.get("fees.end_grace").run(ended, False) == []
    assert application.requirements.get(kind="fee").state == RequirementState.OPEN
    assert ["waits for the fee" in mail.subject for mail in deliver(ended)] == [True]
    confirm(begin(application, now=ended), now=ended)
    assert application.requirements.get(kind="fee").state == RequirementState.MET


@pytest.mark.django_db
def test_giving_up_payments_again_and_again_does_not_put_the_fee_off():
    from applicants.models import PaymentState

    application = ready_draft(fee_settled=False)
    payment = begin(application)
    submit_application(application.pk, actor=applicant_of(application), now=NOW)
    confirm(payment, PaymentState.CANCELLED)
    until = standing(application).fee.grace_until
    assert until is not None
    confirm(begin(application), PaymentState.CANCELLED, now=NOW + timedelta(days=10))
    assert standing(application).fee.grace_until == until


@pytest.mark.django_db
def test_a_refused_waiver_is_not_asked_for_again(client):
    application = draft()
    refuse(ask_waiver(application))
    with pytest.raises(Refused, match="already_refused"):
        ask_waiver(application)
    sign_in_as(client, application.applicant)
    page = client.get(reverse("fees:fee", args=[application.reference]))
    assert NOTE in page.text
    assert "Ask for a waiver" not in page.text
    assert client.get(reverse("fees:waiver", args=[application.reference])).status_code == 302


@pytest.mark.django_db
def test_finance_asks_for_more_and_the_evidence_brings_it_back():
    application = draft()
    waiver = ask_waiver(application)
    officer = finance()
    actions.ask_more_evidence(waiver.pk, actor=officer, note="Please\n\nmore", now=NOW)
    waiver.refresh_from_db()
    assert waiver.state == WaiverState.MORE_EVIDENCE
    assert standing(application).is_in_order(NOW)
    (mail,) = deliver(NOW)
    assert "Please\n\nmore" in mail.body
    later = NOW + timedelta(days=7)
    actions.add_waiver_evidence(
        waiver.pk, received_pdf("benefit.pdf"), actor=applicant_of(application), now=later
    )
    waiver.refresh_from_db()
    assert waiver.state == WaiverState.REQUESTED
    assert waiver.due_on == date(2027, 2, 2)
    for _number in range(9):
        actions.add_waiver_evidence(
            waiver.pk, received_pdf(), actor=applicant_of(application), now=later
        )
    with pytest.raises(Refused, match="too_many_files"):
        actions.add_waiver_evidence(
            waiver.pk, received_pdf(), actor=applicant_of(application), now=later
        )
    actions.grant_waiver(waiver.pk, actor=officer, now=later)
    with pytest.raises(Refused, match="moved_on"):
        actions.add_waiver_evidence(
            waiver.pk, received_pdf(), actor=applicant_of(application), now=later
        )


@pytest.mark.django_db(transaction=True)
def test_of_two_officers_at_once_one_decides():
    for _round in range(3):
        waiver = ask_waiver(draft())
        one, two = finance(), finance()
        found = at_once(
            lambda waiver=waiver, one=one: actions.grant_waiver(waiver.pk, actor=one).state,
            lambda waiver=waiver, two=two: refuse(waiver, by=two).state,
        )
        assert found.count("moved_on") == 1
        waiver.refresh_from_db()
        assert waiver.state in found
        assert standing(waiver.application).is_settled == (waiver.state == WaiverState.GRANTED)


@pytest.mark.django_db
def test_the_applicants_pages(client):
    application = draft(now=timezone.now())
    sign_in_as(client, application.applicant)
    address = reverse("fees:waiver", args=[application.reference])
    page = client.post(address, {"explanation": "word " * 301})
    assert "Choose what is true for you" in page.text
    assert "300 words" in page.text
    assert "word word" in page.text
    values = {"ground": Ground.BENEFITS, "explanation": EXPLANATION}
    page = client.post(address, values, follow=True)
    assert "Evidence for your waiver" in page.text
    evidence = reverse("fees:evidence", args=[application.reference])
    page = client.post(evidence, {"file": SimpleUploadedFile("a.pdf", b"nonsense")})
    assert 'id="id_file_error"' in page.text
    page = client.post(evidence, {})
    assert "Choose a file" in page.text
    good = SimpleUploadedFile("Bescheid ö.pdf", sample_pdf("Letter", ["Support"]))
    page = client.post(evidence, {"file": good}, follow=True)
    assert "We have your document." in page.text
    assert "Bescheid ö.pdf" in page.text
    page = client.get(reverse("fees:fee", args=[application.reference]))
    assert "You asked for a waiver on" in page.text
    assert client.get(address).status_code == 302
    withdraw = reverse("fees:withdraw_waiver", args=[application.reference])
    assert (
        f'href="{reverse("fees:fee", args=[application.reference])}"' in client.get(withdraw).text
    )
    page = client.post(withdraw, follow=True)
    assert "Pay £80" in page.text
    assert not standing(application).is_in_order(timezone.now())


@pytest.mark.django_db
def test_finances_pages():
    application = draft(now=timezone.now())
    waiver = ask_waiver(application, now=timezone.now())
    actions.add_waiver_evidence(
        waiver.pk, received_pdf("benefit.pdf"), actor=applicant_of(application)
    )
    officer = make_staff(Role.FINANCE_OFFICER)
    client = sign_in_as(Client(), officer)
    page = client.get(reverse("fees:waivers"))
    assert application.applicant.full_name in page.text
    address = reverse("fees:decide_waiver", args=[waiver.public_id])
    page = client.get(address)
    assert EXPLANATION in page.text
    document = waiver.evidence.get().document
    file = reverse("fees:waiver_evidence", args=[waiver.public_id, document.pk])
    assert file in page.text
    served = client.get(file)
    assert served.headers["Content-Disposition"].startswith("attachment")
    assert b"".join(served.streaming_content).startswith(b"%PDF")  # type: ignore[attr-defined]
    assert Reading.objects.get().reader_id == officer.pk
    page = client.post(address, {"do": "refuse", "refuse-note": "Sorry"})
    assert "Choose why it is refused" in page.text
    assert "Sorry" in page.text
    grant = reverse("fees:grant_waiver", args=[waiver.public_id])
    assert f'href="{address}"' in client.get(grant).text
    page = client.post(grant, follow=True)
    assert "The waiver is granted, and the applicant is told." in page.text
    assert "Nothing to decide" in page.text
    # Somebody was faster.
    page = client.post(grant)
    assert page.status_code == 409
    assert "This request has been decided meanwhile: “Granted”." in page.text


@pytest.mark.django_db
def test_finance_works_on_its_programmes_and_never_on_its_own():
    waiver = ask_waiver(draft())
    elsewhere = make_staff(Role.FINANCE_OFFICER, programme=make_programme())
    own = make_staff(Role.FINANCE_OFFICER)
    own_waiver = ask_waiver(draft(applicant=own, intake=make_intake()))
    for officer, hidden in ((elsewhere, waiver), (own, own_waiver)):
        client = sign_in_as(Client(), officer)
        assert str(hidden.public_id) not in client.get(reverse("fees:waivers")).text
        for name in ("fees:decide_waiver", "fees:grant_waiver"):
            address = reverse(name, args=[hidden.public_id])
            assert client.get(address).status_code == 404
            assert client.post(address, {"do": "more", "more-note": "x"}).status_code == 404
        with pytest.raises(Refused, match="not_allowed"):
            actions.grant_waiver(hidden.pk, actor=Actor.person(officer))


OTHERS = [role for role in Role if role != Role.FINANCE_OFFICER]


@pytest.fixture
def secret():
    """A complete file with a waiver, its evidence, and what must not be seen of them."""
    application = waiting_for_answer(now=timezone.now())
    waiver = waiver_of(application)
    actions.add_waiver_evidence(
        waiver.pk, received_pdf("P45-redundancy.pdf"), actor=applicant_of(application)
    )
    return application, waiver


@pytest.mark.django_db
@pytest.mark.parametrize("role", OTHERS)
def test_no_other_role_can_tell_a_waiver_from_a_payment(secret, role):
    application, waiver = secret
    document = waiver.evidence.get().document
    client = sign_in_as(Client(), make_staff(role))
    for name in ("fees:decide_waiver", "fees:grant_waiver"):
        address = reverse(name, args=[waiver.public_id])
        assert client.get(address).status_code in (403, 404)
        assert client.post(address).status_code in (403, 404)
    assert client.get(reverse("fees:waivers")).status_code == 403
    evidence = reverse("fees:waiver_evidence", args=[waiver.public_id, document.pk])
    assert client.get(evidence).status_code in (403, 404)
    for kind in (document.pk, document.newest.pk):
        address = reverse("admissions:document", args=[application.reference, kind])
        assert client.get(address).status_code in (403, 404)
    for address in (
        reverse("admissions:file", args=[application.reference]),
        reverse("admissions:queue"),
        reverse("fees:fee", args=[application.reference]),
        reverse("fees:evidence", args=[application.reference]),
    ):
        page = client.get(address, follow=True)
        for word in (
            EXPLANATION,
            "P45",
            "redundancy",
            "lost my work",
            "waiver",
            str(waiver.public_id),
        ):
            assert word not in page.text, (address, word)


@pytest.mark.django_db
def test_no_timeline_but_the_applicants_and_finances_tells(secret):
    application, _waiver = secret
    for audience in Audience:
        kinds = timeline(application.public_id, audience=audience, now=timezone.now())
        found = {kind for kind in kinds.values_list("kind", flat=True) if "waiver" in kind}
        assert bool(found) == (audience in (Audience.APPLICANT, Audience.FINANCE)), audience


@pytest.mark.django_db
def test_another_applicant_meets_the_same_404(secret):
    application, _waiver = secret
    client = sign_in_as(Client(), draft().applicant)
    for name in ("fee", "returned", "waiver", "evidence", "withdraw_waiver"):
        assert client.get(reverse(f"fees:{name}", args=[application.reference])).status_code == 404
    for name in ("pay", "give_up", "withdraw_waiver"):
        assert client.post(reverse(f"fees:{name}", args=[application.reference])).status_code == 404
    assert waiver_of(application).state == WaiverState.REQUESTED
    assert client.get(reverse("fees:waivers")).status_code in (302, 403, 404)
