"""Inner work on the fee: opened once, then looked at whenever money, a waiver or grace changed."""

import logging
from datetime import datetime

from django.conf import settings

from applicants import events, signals
from applicants.fees import messages, queries
from applicants.fees.providers import Report
from applicants.fees.queries import COLLECTING, UNDER_REVIEW
from applicants.models import (
    Application,
    EntryKind,
    Fee,
    Holder,
    LedgerEntry,
    PauseReason,
    Payment,
    PaymentState,
    RequirementKind,
)
from applicants.steps import clock
from applicants.steps.locks import lock_applications
from applicants.steps.requirements import meet_requirement, open_requirement
from foundation.clock.deadlines import deadline
from foundation.doors import Actor, step
from foundation.history.steps import record

logger = logging.getLogger("portal.fees")

#: Who puts a file on hold or in order, whatever it was that settled the fee.
THE_FEE = Actor.provider("fee")


@step
def open_fee(application: Application, *, actor: Actor, now: datetime) -> Fee:
    """The cycle's fee, charged and frozen when the first application of the cycle is started."""
    intake = application.intake
    fee, created = Fee.objects.get_or_create(
        applicant_id=application.applicant_id,
        cycle=application.cycle,
        defaults={
            "amount": intake.fee_amount,
            "currency": intake.fee_currency,
            "frozen_at": now,
        },
    )
    if created:
        LedgerEntry.objects.create(
            fee=fee,
            kind=EntryKind.CHARGE,
            amount=fee.amount,
            currency=fee.currency,
            at=now,
        )
        record(
            events.CHARGED,
            stream=application.public_id,
            actor=actor,
            at=now,
            data={"amount": str(fee.amount), "currency": fee.currency},
        )
    return fee


@step
def lock_fee_with_files(fee_id: int) -> tuple[Fee, list[Application]]:
    """The fee and the applications it covers, locked: applications by id first, then the fee."""
    found = Fee.objects.get(pk=fee_id)
    applications = lock_applications(queries.covered_by(found).values_list("pk", flat=True))
    return Fee.objects.select_for_update().get(pk=fee_id), applications


@step
def grant_grace(fee: Fee, *, now: datetime) -> None:
    """Days to pay after a refused waiver or a payment that failed when the application was in."""
    fee.grace_until = deadline(now, zone=clock.institution_zone(), days=settings.FEE_GRACE_DAYS)
    fee.save(update_fields=["grace_until"])


@step
def look_at_fee(fee: Fee, applications: list[Application], *, now: datetime) -> None:
    """Carry the fee's standing to the files it covers. The caller holds all their locks.

    On the files the portal does it: who paid, asked or granted would tell their readers a payment from
    a waiver. Who it was stands in the events of the payment or the waiver itself.
    """
    in_order = queries.is_in_order(fee, now)
    for application in applications:
        if in_order:
            _put_in_order(application, now=now)
        else:
            _put_on_hold(application, now=now)
        signals.fee_changed.send(Application, application=application, actor=THE_FEE, now=now)
    waiting = not in_order and any(
        application.state in UNDER_REVIEW for application in applications
    )
    if waiting == (fee.held_at is not None):
        return
    fee.held_at = now if waiting else None
    fee.save(update_fields=["held_at"])
    for application in applications:
        if application.state in UNDER_REVIEW:
            kind = events.FEE_HELD if waiting else events.FEE_RELEASED
            record(kind, stream=application.public_id, actor=THE_FEE, at=now)


def _put_in_order(application: Application, *, now: datetime) -> None:
    if application.state in COLLECTING:
        meet_requirement(application, RequirementKind.FEE, actor=THE_FEE, arrived_at=now, now=now)
    elif application.state in UNDER_REVIEW:
        clock.resume(application, PauseReason.FEE_ON_HOLD, actor=THE_FEE, now=now)


def _put_on_hold(application: Application, *, now: datetime) -> None:
    if application.state in COLLECTING:
        open_requirement(
            application,
            RequirementKind.FEE,
            held_by=Holder.APPLICANT,
            actor=THE_FEE,
            now=now,
        )
    elif application.state in UNDER_REVIEW:
        clock.pause(application, PauseReason.FEE_ON_HOLD, actor=THE_FEE, now=now)


@step
def apply_report(
    fee: Fee,
    applications: list[Application],
    payment: Payment,
    report: Report,
    *,
    actor: Actor,
    now: datetime,
) -> str:
    """Do what a provider says of a payment, under all locks. Returns the outcome as a code.

    The second time nothing happens. Another amount or currency settles nothing and stays with
    finance. Money that came late, after a failure or a waiver, is entered all the same.
    """
    if report.state is None or payment.state == report.state:
        return "nothing_new"
    if payment.state == PaymentState.PAID:
        return "already_paid"
    if report.state == PaymentState.PAID:
        if (report.amount, report.currency) != (payment.amount, payment.currency):
            logger.error("payment %s has another amount", payment.public_id)
            return "amount_mismatch"
        _enter_payment(fee, payment, actor=actor, now=now)
        messages.tell_paid(payment, payment.application)
    elif payment.state in (PaymentState.CREATED, PaymentState.PENDING):
        end_payment(payment, report.state, actor=actor, now=now)
        # Once: somebody who gives up payment after payment must not put it off for ever.
        if fee.grace_until is None and any(row.submitted_at for row in applications):
            grant_grace(fee, now=now)
    else:
        return "nothing_new"
    look_at_fee(fee, applications, now=now)
    return report.state.value


def _enter_payment(fee: Fee, payment: Payment, *, actor: Actor, now: datetime) -> None:
    LedgerEntry.objects.create(
        fee=fee,
        kind=EntryKind.PAYMENT,
        amount=payment.amount,
        currency=payment.currency,
        payment=payment,
        at=now,
    )
    end_payment(payment, PaymentState.PAID, actor=actor, now=now)


_PAYMENT_EVENTS = {
    PaymentState.PAID: events.PAYMENT_PAID,
    PaymentState.FAILED: events.PAYMENT_FAILED,
    PaymentState.CANCELLED: events.PAYMENT_CANCELLED,
}


@step
def end_payment(payment: Payment, state: PaymentState, *, actor: Actor, now: datetime) -> None:
    """Write how a payment ended, with its event."""
    payment.state = state
    payment.changed_at = now
    payment.save(update_fields=["state", "changed_at"])
    record(
        _PAYMENT_EVENTS[state],
        stream=payment.application.public_id,
        actor=actor,
        at=now,
        data={"payment": str(payment.public_id), "amount": str(payment.amount)},
    )
