"""Asking not to pay because of hardship, and deciding on it. Only finance and the applicant see why."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from applicants import events, rules
from applicants.fees import messages, queries, steps
from applicants.fees.grounds import Ground, RefusalReason
from applicants.fees.queries import UNDECIDED_WAIVER
from applicants.models import (
    Application,
    EntryKind,
    Fee,
    LedgerEntry,
    Payment,
    PaymentState,
    Waiver,
    WaiverEvidence,
    WaiverState,
)
from applicants.states import OPEN
from applicants.steps.clock import institution_zone
from foundation.clock.working_days import add_working_days
from foundation.documents import Received
from foundation.documents import steps as document_steps
from foundation.doors import Actor, Refused, door
from foundation.history.kinds import EventKind
from foundation.history.steps import record

#: Finance answers within so many working days.
PROMISED_WORKING_DAYS = 10
#: More than any ground asks for.
MOST_EVIDENCE = 10
#: A document's kind while it supports a waiver.
EVIDENCE = "waiver_evidence"


def due_on(requested_at: datetime) -> date:
    """The day by which finance promises an answer."""
    return add_working_days(
        requested_at.astimezone(institution_zone()).date(), PROMISED_WORKING_DAYS
    )


@door
def request_waiver(
    application_id: int,
    *,
    actor: Actor,
    ground: Ground,
    explanation: str,
    now: datetime | None = None,
) -> Waiver:
    """Ask for a waiver. While it is undecided the fee is in order: nobody's place in the queue waits.

    Evidence may be added now or follow. Raises Refused `moved_on`, `already_settled`,
    `already_refused`, `waiver_undecided` or `payment_undecided`.
    """
    now = now or timezone.now()
    fee, applications = steps.lock_fee_with_files(
        queries.fee_of(Application.objects.get(pk=application_id)).pk
    )
    application = next(row for row in applications if row.pk == application_id)
    _check_is_applicant(application, actor)
    standing = queries.standing(fee)
    if application.status not in OPEN:
        raise Refused("moved_on", _("This application is closed."))
    if standing.is_settled:
        raise Refused("already_settled", _("The fee is settled. You need no waiver."))
    if Waiver.objects.filter(fee=fee, state=WaiverState.REFUSED).exists():
        raise Refused(
            "already_refused",
            _("We have answered your request. If something has changed since, write to us."),
        )
    if standing.has_undecided_waiver:
        raise Refused("waiver_undecided", _("You have asked already. We are looking at it."))
    if standing.has_undecided_payment:
        raise Refused(
            "payment_undecided",
            _("A payment is under way. Give it up first, then ask for a waiver."),
        )
    # An attempt that never reached the provider must not stand in the way of a waiver.
    for payment in Payment.objects.select_for_update(of=("self",)).filter(
        fee=fee, state=PaymentState.CREATED
    ):
        steps.end_payment(payment, PaymentState.CANCELLED, actor=actor, now=now)
    waiver = Waiver.objects.create(
        fee=fee,
        application=application,
        ground=ground,
        explanation=explanation,
        requested_at=now,
        due_on=due_on(now),
    )
    record(
        events.WAIVER_REQUESTED,
        stream=application.public_id,
        actor=actor,
        at=now,
        data={"waiver": str(waiver.public_id), "ground": ground.value},
    )
    steps.look_at_fee(fee, applications, now=now)
    return waiver


@door
def add_waiver_evidence(
    waiver_id: int, received: Received, *, actor: Actor, now: datetime | None = None
) -> WaiverEvidence:
    """Add a document. When finance had asked for more, the waiver goes back to them.

    Raises Refused `moved_on` once it is decided, or `too_many_files`.
    """
    now = now or timezone.now()
    locked = _lock(waiver_id)
    waiver, application = locked.waiver, locked.application
    _check_is_applicant(application, actor)
    _check_undecided(waiver)
    if waiver.evidence.count() >= MOST_EVIDENCE:
        raise Refused(
            "too_many_files",
            _("You have added %(count)s files, which is the most. Write to us if you need more.")
            % {"count": MOST_EVIDENCE},
        )
    # On a stream of its own: nothing that looks for the application's documents, their events or
    # their readings can come across a waiver.
    version = document_steps.attach(received, stream=waiver.public_id, kind=EVIDENCE, actor=actor)
    evidence = WaiverEvidence.objects.create(waiver=waiver, document=version.document, added_at=now)
    if waiver.state == WaiverState.MORE_EVIDENCE:
        waiver.state = WaiverState.REQUESTED
        waiver.due_on = due_on(now)
        waiver.save(update_fields=["state", "due_on"])
    record(events.WAIVER_EVIDENCE_ADDED, stream=application.public_id, actor=actor, at=now)
    return evidence


@door
def withdraw_waiver(waiver_id: int, *, actor: Actor, now: datetime | None = None) -> None:
    """The applicant takes the request back, to pay instead."""
    now = now or timezone.now()
    locked = _lock(waiver_id)
    waiver, application = locked.waiver, locked.application
    _check_is_applicant(application, actor)
    _check_undecided(waiver)
    waiver.state = WaiverState.WITHDRAWN
    waiver.save(update_fields=["state"])
    record(events.WAIVER_WITHDRAWN, stream=application.public_id, actor=actor, at=now)
    steps.look_at_fee(locked.fee, locked.applications, now=now)


@door
def ask_more_evidence(
    waiver_id: int, *, actor: Actor, note: str, now: datetime | None = None
) -> None:
    """Finance asks the applicant for something more."""
    now = now or timezone.now()
    locked = _lock(waiver_id)
    waiver, application = locked.waiver, locked.application
    _check_finance(application, actor)
    _check_undecided(waiver)
    waiver.state = WaiverState.MORE_EVIDENCE
    waiver.note_to_applicant = note
    waiver.save(update_fields=["state", "note_to_applicant"])
    record(
        events.WAIVER_MORE_EVIDENCE, stream=application.public_id, actor=actor, at=now, text=note
    )
    messages.tell_waiver(messages.WAIVER_MORE_EVIDENCE, waiver, application, now=now)


@door
def grant_waiver(waiver_id: int, *, actor: Actor, now: datetime | None = None) -> Waiver:
    """Finance waives the fee: an entry settles it like a payment.

    Raises Refused `moved_on` when somebody else decided meanwhile.
    """
    now = now or timezone.now()
    locked = _lock(waiver_id)
    waiver, application = locked.waiver, locked.application
    _check_finance(application, actor)
    _check_undecided(waiver)
    fee = locked.fee
    _decide(waiver, WaiverState.GRANTED, actor=actor, now=now)
    LedgerEntry.objects.create(
        fee=fee,
        kind=EntryKind.WAIVER,
        amount=max(queries.balance(fee), Decimal(0)),
        currency=fee.currency,
        waiver=waiver,
        at=now,
    )
    _record_decision(events.WAIVER_GRANTED, waiver, application, actor=actor, now=now)
    steps.look_at_fee(fee, locked.applications, now=now)
    messages.tell_waiver(messages.WAIVER_GRANTED, waiver, application, now=now)
    return waiver


@door
def refuse_waiver(
    waiver_id: int,
    *,
    actor: Actor,
    reason: RefusalReason,
    note: str,
    now: datetime | None = None,
) -> Waiver:
    """Finance refuses, with a reason and a sentence; the applicant has 14 days to pay."""
    now = now or timezone.now()
    locked = _lock(waiver_id)
    waiver, application = locked.waiver, locked.application
    _check_finance(application, actor)
    _check_undecided(waiver)
    fee = locked.fee
    waiver.refusal_reason = reason
    waiver.note_to_applicant = note
    _decide(waiver, WaiverState.REFUSED, actor=actor, now=now)
    steps.grant_grace(fee, now=now)
    _record_decision(events.WAIVER_REFUSED, waiver, application, actor=actor, now=now)
    steps.look_at_fee(fee, locked.applications, now=now)
    messages.tell_waiver(messages.WAIVER_REFUSED, waiver, application, now=now)
    return waiver


def _decide(waiver: Waiver, state: WaiverState, *, actor: Actor, now: datetime) -> None:
    waiver.state = state
    waiver.decided_at = now
    waiver.decided_by_id = actor.id
    waiver.save(
        update_fields=[
            "state",
            "decided_at",
            "decided_by",
            "refusal_reason",
            "note_to_applicant",
        ]
    )


def _record_decision(
    kind: EventKind, waiver: Waiver, application: Application, *, actor: Actor, now: datetime
) -> None:
    record(
        kind,
        stream=application.public_id,
        actor=actor,
        at=now,
        data={"waiver": str(waiver.public_id), "reason": waiver.refusal_reason},
    )


@dataclass
class _Locked:
    """A waiver under its locks: every application its fee covers, the fee, then the waiver."""

    waiver: Waiver
    fee: Fee
    applications: list[Application]

    @property
    def application(self) -> Application:
        """The one it was asked from."""
        return next(row for row in self.applications if row.pk == self.waiver.application_id)


def _lock(waiver_id: int) -> _Locked:
    fee_id = Waiver.objects.values_list("fee_id", flat=True).get(pk=waiver_id)
    fee, applications = steps.lock_fee_with_files(fee_id)
    waiver = Waiver.objects.select_for_update(of=("self",)).get(pk=waiver_id)
    return _Locked(waiver, fee, applications)


def _check_undecided(waiver: Waiver) -> None:
    if waiver.state not in UNDECIDED_WAIVER:
        raise Refused(
            "moved_on",
            _("This request has been decided meanwhile: “%(state)s”.")
            % {"state": waiver.get_state_display()},
        )


def _check_is_applicant(application: Application, actor: Actor) -> None:
    if not rules.acts_as_applicant(actor, application):
        raise Refused("not_allowed", _("You are not allowed to do this."))


def _check_finance(application: Application, actor: Actor) -> None:
    if not rules.works_in_finance_on(application, actor):
        raise Refused("not_allowed", _("You are not allowed to do this."))
