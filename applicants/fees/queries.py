"""What is owed and whether a fee is settled or in order, derived from the ledger."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Case, Exists, F, OuterRef, QuerySet, Sum, When

from applicants.models import (
    Application,
    EntryKind,
    Fee,
    LedgerEntry,
    Payment,
    PaymentState,
    Requirement,
    RequirementKind,
    RequirementState,
    Waiver,
    WaiverState,
)
from applicants.queries import snapshots
from applicants.states import ApplicationState

#: Still collecting: here the fee is a requirement. Later a missing fee pauses the clock.
COLLECTING = (ApplicationState.DRAFT, ApplicationState.SUBMITTED)
UNDER_REVIEW = (
    ApplicationState.IN_REVIEW,
    ApplicationState.INFORMATION_REQUESTED,
    ApplicationState.DECIDED,
)
UNDECIDED_WAIVER = (WaiverState.REQUESTED, WaiverState.MORE_EVIDENCE)


@dataclass(frozen=True)
class Standing:
    """How a fee stands. `balance` is what is still owed, negative when more came than was due.

    In order: settled, or a waiver or payment is undecided, or days of grace run after a refusal. So
    nobody loses a place by being poor, or because a provider is down.
    """

    fee: Fee
    balance: Decimal
    has_undecided_waiver: bool
    has_undecided_payment: bool

    @property
    def is_settled(self) -> bool:
        """The entries cover the charge. A waiver settles like a payment."""
        return self.balance <= 0

    def is_in_order(self, now: datetime) -> bool:
        return (
            self.is_settled
            or self.has_undecided_waiver
            or self.has_undecided_payment
            or (self.fee.grace_until is not None and now <= self.fee.grace_until)
        )


def with_standing(fees: QuerySet[Fee]) -> QuerySet[Fee]:
    """Annotate what `standing_of` needs, in the one query."""
    signed = Case(
        When(entries__kind__in=[EntryKind.CHARGE, EntryKind.REFUND], then=F("entries__amount")),
        default=-F("entries__amount"),
    )
    waivers = Waiver.objects.filter(fee=OuterRef("pk"), state__in=UNDECIDED_WAIVER)
    payments = Payment.objects.filter(fee=OuterRef("pk"), state=PaymentState.PENDING)
    return fees.annotate(
        owed=Sum(signed), waiver_waits=Exists(waivers), payment_waits=Exists(payments)
    )


def standing(fee: Fee) -> Standing:
    """How a fee stands now, read afresh."""
    return _standing(with_standing(Fee.objects.filter(pk=fee.pk)).get())


def standing_for(application: Application) -> Standing:
    """How the fee that covers an application stands: one per applicant and cycle."""
    return _standing(
        with_standing(
            Fee.objects.filter(applicant_id=application.applicant_id, cycle=application.cycle)
        ).get()
    )


def _standing(fee: Fee) -> Standing:
    annotated: Any = fee
    return Standing(
        fee=fee,
        balance=annotated.owed if annotated.owed is not None else fee.amount,
        has_undecided_waiver=annotated.waiver_waits,
        has_undecided_payment=annotated.payment_waits,
    )


def fee_of(application: Application) -> Fee:
    """The fee that covers an application."""
    return Fee.objects.get(applicant_id=application.applicant_id, cycle=application.cycle)


def is_settled(fee: Fee) -> bool:
    return standing(fee).is_settled


def is_in_order(fee: Fee, now: datetime) -> bool:
    return standing(fee).is_in_order(now)


def balance(fee: Fee) -> Decimal:
    return standing(fee).balance


def covered_by(fee: Fee) -> QuerySet[Application]:
    """The applications that a fee covers, in the order in which they are locked."""
    return Application.objects.filter(applicant_id=fee.applicant_id, cycle=fee.cycle).order_by("pk")


def grace_ended(now: datetime) -> QuerySet[Fee]:
    """Fees whose days of grace ended unpaid, and whose files don't know yet.

    A file that is collected knows by its requirement, one under review by the fee's `held_at`.
    """
    unaware = Requirement.objects.filter(
        kind=RequirementKind.FEE,
        state=RequirementState.MET,
        application__applicant_id=OuterRef("applicant_id"),
        application__cycle=OuterRef("cycle"),
        application__state__in=(*COLLECTING, *UNDER_REVIEW),
    )
    ended: Any = with_standing(
        Fee.objects.filter(Exists(unaware), grace_until__lt=now, held_at=None)
    )
    unpaid: QuerySet[Fee] = ended.filter(owed__gt=0, waiver_waits=False, payment_waits=False)
    return unpaid.order_by("id")


def entries_disagreeing() -> QuerySet[Payment]:
    """Payments whose state and ledger disagree: paid without an entry, or an entry without paid."""
    entries = LedgerEntry.objects.filter(payment=OuterRef("pk"), kind=EntryKind.PAYMENT)
    settled = (PaymentState.PAID, PaymentState.REFUNDED, PaymentState.DISPUTED)
    return (
        Payment.objects.annotate(has_entry=Exists(entries))
        .filter(has_entry=False, state__in=settled)
        .union(
            Payment.objects.annotate(has_entry=Exists(entries))
            .filter(has_entry=True)
            .exclude(state__in=settled)
        )
    )


def waivers_to_decide() -> QuerySet[Waiver]:
    """What finance has to decide, the longest promised first. Without files: finance reads none."""
    return (
        Waiver.objects.filter(state__in=UNDECIDED_WAIVER)
        .select_related("application__applicant", "fee")
        .defer(*snapshots("application__"))
        .order_by("due_on", "id")
    )
