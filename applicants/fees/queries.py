"""What is owed and whether a fee is settled or in order, derived from the ledger."""

from datetime import datetime
from decimal import Decimal

from django.db.models import Case, F, QuerySet, Sum, When

from applicants.models import (
    Application,
    EntryKind,
    Fee,
    LedgerEntry,
    Payment,
    PaymentState,
    Waiver,
    WaiverState,
)

UNDECIDED_WAIVER = (WaiverState.REQUESTED, WaiverState.MORE_EVIDENCE)


def fee_of(application: Application) -> Fee:
    """The fee that covers an application: one per applicant and cycle."""
    return Fee.objects.get(
        applicant_id=application.applicant_id, cycle=application.cycle
    )


def balance(fee: Fee) -> Decimal:
    """What is still owed, in the fee's currency; negative when more came than was due."""
    signed = Case(
        When(kind__in=[EntryKind.CHARGE, EntryKind.REFUND], then=F("amount")),
        default=-F("amount"),
    )
    owed: Decimal | None = LedgerEntry.objects.filter(fee=fee).aggregate(
        owed=Sum(signed)
    )["owed"]
    return owed if owed is not None else fee.amount


def is_settled(fee: Fee) -> bool:
    """The entries cover the charge. A waiver settles like a payment."""
    return balance(fee) <= 0


def undecided_payment(fee: Fee) -> Payment | None:
    return Payment.objects.filter(fee=fee, state=PaymentState.PENDING).first()


def undecided_waiver(fee: Fee) -> Waiver | None:
    return Waiver.objects.filter(fee=fee, state__in=UNDECIDED_WAIVER).first()


def is_in_order(fee: Fee, now: datetime) -> bool:
    """Settled, or a waiver or payment is undecided, or days of grace run after a refusal.

    So nobody loses a place by being poor, or because a provider is down.
    """
    return (
        is_settled(fee)
        or (fee.grace_until is not None and now <= fee.grace_until)
        or undecided_waiver(fee) is not None
        or undecided_payment(fee) is not None
    )


def covered_by(fee: Fee) -> QuerySet[Application]:
    """The applications that a fee covers."""
    return Application.objects.filter(applicant_id=fee.applicant_id, cycle=fee.cycle)
