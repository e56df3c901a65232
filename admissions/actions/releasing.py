"""Release, the undo window, and the moment in which an applicant can see their decision."""

from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from admissions import events, messages, rules, tasks
from admissions.actions.deciding import moved_on
from admissions.models import (
    Decision,
    DecisionLetter,
    DecisionState,
    Offer,
    Outcome,
)
from admissions.steps.cases import refresh_case
from admissions.steps.locks import lock_decision, lock_fee
from applicants import workflow
from applicants.fees import queries as fee_queries
from applicants.models import Application
from applicants.states import ApplicationState
from applicants.steps import clock
from applicants.steps.locks import lock_application
from foundation.clock.deadlines import deadline
from foundation.documents import steps as documents
from foundation.doors import Actor, Refused, door
from foundation.history.steps import record
from foundation.notifications.steps import enqueue

#: `visible_from` of a letter whose decision is not visible yet.
NOT_YET = datetime(9999, 1, 1, tzinfo=UTC)
LETTER_KIND = "decision_letter"


@door
def keep_letter(
    decision_id: int, pdf_bytes: bytes, *, actor: Actor, now: datetime | None = None
) -> bool:
    """Store an approved decision's letter, out of sight. False when it is there or not wanted now."""
    now = now or timezone.now()
    application = lock_application(_application_of(decision_id))
    decision = lock_decision(application, decision_id)
    if (
        decision.state != DecisionState.APPROVED
        or DecisionLetter.objects.filter(decision=decision).exists()
    ):
        return False
    version = documents.keep_generated(
        pdf_bytes,
        stream=application.public_id,
        kind=LETTER_KIND,
        title=str(_("Decision letter %(reference)s") % {"reference": application.reference}),
        actor=actor,
        visible_from=NOT_YET,
    )
    DecisionLetter.objects.create(
        decision=decision, document_id=version.document_id, rendered_at=now
    )
    record(
        events.LETTER_KEPT,
        stream=application.public_id,
        actor=actor,
        at=now,
        data={"decision": decision.pk, "version": str(version.pk)},
    )
    if decision.due_at is not None and decision.due_at <= now:
        transaction.on_commit(lambda: tasks.ask_to_make_visible(decision.pk), robust=True)
    return True


@door
def release_decision(decision_id: int, *, actor: Actor, now: datetime | None = None) -> Decision:
    """Let an approved decision go to its applicant after the undo window (UNDO_WINDOW_MINUTES).

    The fee must be settled, by payment or waiver. Raises Refused `fee_not_settled`, `not_allowed`
    or `moved_on`.
    """
    now = now or timezone.now()
    application = lock_application(_application_of(decision_id))
    releaser = rules.require(actor, application, *rules.RELEASING)
    settled = _fee_is_settled(application)
    decision = lock_decision(application, decision_id)
    if decision.state != DecisionState.APPROVED or decision.is_released:
        raise moved_on()
    if not settled:
        raise Refused(
            "fee_not_settled",
            _("The fee of this application is not settled yet, so the decision can’t be released."),
        )
    window = timedelta(minutes=settings.UNDO_WINDOW_MINUTES)
    decision.released_by = releaser
    decision.released_at = now
    decision.due_at = now + window
    decision.save(update_fields=["released_by", "released_at", "due_at"])
    record(
        events.RELEASED_DECISION,
        stream=application.public_id,
        actor=actor,
        at=now,
        data={"decision": decision.pk},
    )
    refresh_case(application, now=now)
    if not window:
        transaction.on_commit(lambda: tasks.ask_to_make_visible(decision.pk), robust=True)
    return decision


@door
def take_back_decision(
    decision_id: int, *, actor: Actor, reason: str, now: datetime | None = None
) -> Decision:
    """Take an approved decision back while the applicant can't see it. The file is in review again.

    Raises Refused `moved_on` once it is visible, and `reason_missing`.
    """
    now = now or timezone.now()
    application = lock_application(_application_of(decision_id))
    rules.require(actor, application, *rules.APPROVING)
    decision = lock_decision(application, decision_id)
    if decision.state != DecisionState.APPROVED:
        raise moved_on()
    if not reason.strip():
        raise Refused("reason_missing", _("Say why the decision is taken back."))
    decision.state = DecisionState.RETURNED
    decision.ended_at = now
    decision.save(update_fields=["state", "ended_at"])
    workflow.move(
        application,
        "take_back",
        actor=actor,
        now=now,
        data={"decision": decision.pk},
        text=reason,
    )
    refresh_case(application, now=now)
    return decision


@door
def make_visible(decision_id: int, *, actor: Actor, now: datetime | None = None) -> bool:
    """Let the applicant see a released decision: state, letter, offer, and a message without it.

    One transaction for one application. False when there is nothing to do yet or any more: the undo
    window runs, the letter is still being made, the fee fell away, or it was taken back meanwhile.
    """
    now = now or timezone.now()
    application = lock_application(_application_of(decision_id))
    settled = _fee_is_settled(application)
    decision = lock_decision(application, decision_id)
    letter = DecisionLetter.objects.select_related("document").filter(decision=decision).first()
    if (
        decision.state != DecisionState.APPROVED
        or application.status is not ApplicationState.DECIDED
        or decision.due_at is None
        or decision.due_at > now
        or letter is None
        or not settled
    ):
        return False
    decision.state = DecisionState.VISIBLE
    decision.visible_at = now
    decision.save(update_fields=["state", "visible_at"])
    workflow.move(
        application,
        "make_visible",
        actor=actor,
        now=now,
        to=decision.result.leads_to,
        data={"decision": decision.pk},
    )
    clock.stop(application, actor=actor, now=now)
    documents.change_visible_from(letter.document, now)
    if decision.outcome == Outcome.OFFER:
        _open_offer(application, decision, now)
    enqueue(
        messages.DECISION_NEWS,
        recipient=application.applicant.email,
        context={"application": application.pk},
        dedupe_key=f"decision.news:{decision.pk}",
    )
    refresh_case(application, now=now)
    return True


def _open_offer(application: Application, decision: Decision, now: datetime) -> None:
    Offer.objects.create(
        application=application,
        decision=decision,
        conditional=decision.conditions.exists(),
        made_visible_at=now,
        reply_by_at=deadline(now, zone=clock.institution_zone(), days=settings.OFFER_REPLY_DAYS),
    )


def _fee_is_settled(application: Application) -> bool:
    """Under the fee's lock, which comes before the decision's."""
    return fee_queries.is_settled(lock_fee(application))


def _application_of(decision_id: int) -> int:
    return Decision.objects.values_list("application_id", flat=True).get(pk=decision_id)
