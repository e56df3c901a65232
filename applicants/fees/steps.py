"""Inner work on the fee: opened once, then looked at whenever money, a waiver or grace changed."""

from datetime import datetime

from django.conf import settings

from applicants import events, signals
from applicants.fees import queries
from applicants.models import (
    Application,
    EntryKind,
    Fee,
    Holder,
    LedgerEntry,
    PauseReason,
    RequirementKind,
)
from applicants.states import ApplicationState
from applicants.steps import clock
from applicants.steps.requirements import meet_requirement, open_requirement
from foundation.clock.deadlines import deadline
from foundation.doors import Actor, step
from foundation.history.steps import record

#: Still collecting: here the fee is a requirement. Later a missing fee pauses the clock.
COLLECTING = (ApplicationState.DRAFT, ApplicationState.SUBMITTED)
UNDER_REVIEW = (
    ApplicationState.IN_REVIEW,
    ApplicationState.INFORMATION_REQUESTED,
    ApplicationState.DECIDED,
)


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
def lock_fee(fee_id: int) -> Fee:
    """The fee, locked and read afresh. Its applications are locked before it."""
    return Fee.objects.select_for_update().get(pk=fee_id)


@step
def grant_grace(fee: Fee, *, now: datetime) -> None:
    """Days to pay after a refused waiver or a payment that failed when the application was in."""
    fee.grace_until = deadline(
        now, zone=clock.institution_zone(), days=settings.FEE_GRACE_DAYS
    )
    fee.save(update_fields=["grace_until"])


@step
def look_at_fee(
    fee: Fee, applications: list[Application], *, actor: Actor, now: datetime
) -> None:
    """Carry the fee's standing to the files it covers. The caller holds all their locks."""
    in_order = queries.is_in_order(fee, now)
    for application in applications:
        if in_order:
            _put_in_order(application, actor=actor, now=now)
        else:
            _put_on_hold(application, actor=actor, now=now)
        signals.fee_changed.send(
            Application, application=application, actor=actor, now=now
        )
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
            record(kind, stream=application.public_id, actor=actor, at=now)


def _put_in_order(application: Application, *, actor: Actor, now: datetime) -> None:
    if application.state in COLLECTING:
        meet_requirement(
            application, RequirementKind.FEE, actor=actor, arrived_at=now, now=now
        )
    elif application.state in UNDER_REVIEW:
        clock.resume(application, PauseReason.FEE_ON_HOLD, actor=actor, now=now)


def _put_on_hold(application: Application, *, actor: Actor, now: datetime) -> None:
    if application.state in COLLECTING:
        open_requirement(
            application,
            RequirementKind.FEE,
            held_by=Holder.APPLICANT,
            actor=actor,
            now=now,
        )
    elif application.state in UNDER_REVIEW:
        clock.pause(application, PauseReason.FEE_ON_HOLD, actor=actor, now=now)
