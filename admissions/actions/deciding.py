"""Proposing a decision, returning it, approving it: always two people."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from admissions import events, queries, rules, tasks
from admissions.models import (
    Condition,
    ConditionKind,
    Decision,
    DecisionState,
    Outcome,
)
from admissions.steps.cases import refresh_case
from admissions.steps.locks import lock_decision, lock_intake
from applicants import workflow
from applicants.models import Application
from applicants.rules import works_on
from applicants.states import ApplicationState
from applicants.steps.locks import lock_application
from foundation.accounts.models import Person
from foundation.doors import Actor, Refused, door
from foundation.history.steps import record
from programmes.models import Intake
from programmes.roles import Role


@dataclass(frozen=True)
class NewCondition:
    """A condition as it is proposed."""

    kind: ConditionKind
    text: str
    due_on: date | None = None


@door
def propose_decision(
    application_id: int,
    *,
    actor: Actor,
    outcome: Outcome,
    reason: str,
    conditions: Sequence[NewCondition] = (),
    note_to_applicant: str = "",
    without_review_reason: str = "",
    now: datetime | None = None,
) -> Decision:
    """Propose what to decide. A tutor needs a submitted review; a head may say why there is none.

    Raises Refused `reason_missing`, `conditions_without_offer`, `no_review`, `already_proposed` or
    `moved_on`.
    """
    now = now or timezone.now()
    application = lock_application(application_id)
    proposer = rules.require(actor, application, *rules.PROPOSING)
    if application.status is not ApplicationState.IN_REVIEW:
        raise moved_on()
    if queries.live_decision(application) is not None:
        raise Refused("already_proposed", _("A decision has been proposed for this file already."))
    if not reason.strip():
        raise Refused("reason_missing", _("Say why, for whoever approves it."))
    if conditions and outcome != Outcome.OFFER:
        raise Refused("conditions_without_offer", _("Only an offer can have conditions."))
    _check_reviews(application, proposer, without_review_reason)
    decision = Decision.objects.create(
        application=application,
        outcome=outcome,
        reason=reason.strip(),
        note_to_applicant=note_to_applicant.strip(),
        without_review_reason=without_review_reason.strip(),
        proposer=proposer,
        proposed_at=now,
    )
    Condition.objects.bulk_create(
        Condition(
            decision=decision,
            kind=condition.kind,
            text=condition.text.strip(),
            due_on=condition.due_on,
            changed_at=now,
        )
        for condition in conditions
    )
    record(
        events.PROPOSED,
        stream=application.public_id,
        actor=actor,
        at=now,
        data={"decision": decision.pk, "outcome": decision.outcome},
        text=reason,
    )
    refresh_case(application, now=now)
    return decision


def _check_reviews(application: Application, proposer: Person, reason: str) -> None:
    if queries.submitted_reviews(application).exists():
        return
    if not works_on(proposer, application, Role.HEAD_OF_ADMISSIONS):
        raise Refused("no_review", _("Nobody has submitted a review of this file yet."))
    if not reason.strip():
        raise Refused(
            "no_review", _("No review has been submitted: say why you go on without one.")
        )


@door
def return_decision(
    decision_id: int, *, actor: Actor, reason: str, now: datetime | None = None
) -> Decision:
    """Send a proposal back with a reason. What comes next is a new proposal."""
    now = now or timezone.now()
    application = lock_application(_application_of(decision_id))
    rules.require(actor, application, *rules.APPROVING)
    decision = lock_decision(application, decision_id)
    if decision.state != DecisionState.PROPOSED:
        raise moved_on()
    if not reason.strip():
        raise Refused("reason_missing", _("Say why, for whoever proposed it."))
    decision.state = DecisionState.RETURNED
    decision.ended_at = now
    decision.save(update_fields=["state", "ended_at"])
    record(
        events.RETURNED,
        stream=application.public_id,
        actor=actor,
        at=now,
        data={"decision": decision.pk},
        text=reason,
    )
    refresh_case(application, now=now)
    return decision


@door
def approve_decision(
    decision_id: int,
    *,
    actor: Actor,
    overrule_reason: str = "",
    now: datetime | None = None,
) -> Decision:
    """Approve what somebody else proposed. Its letter is made by the worker after the commit.

    The intake is locked first: offers, accepted and confirmed places and approved offers are counted
    against its limit, so that two approvals at once can't pass it. A head may overrule the limit.
    Raises Refused `own_proposal`, `offer_limit`, `not_allowed` or `moved_on`.
    """
    now = now or timezone.now()
    application_id = _application_of(decision_id)
    intake = lock_intake(
        Application.objects.values_list("intake_id", flat=True).get(pk=application_id)
    )
    application = lock_application(application_id)
    approver = rules.require(actor, application, *rules.APPROVING)
    decision = lock_decision(application, decision_id)
    if decision.state != DecisionState.PROPOSED:
        raise moved_on()
    if decision.proposer_id == approver.pk:
        raise Refused(
            "own_proposal", _("You proposed this decision, so somebody else has to approve it.")
        )
    overruled = _check_limit(intake, decision, application, approver, overrule_reason)
    decision.state = DecisionState.APPROVED
    decision.approver = approver
    decision.approved_at = now
    decision.overrule_reason = overrule_reason.strip() if overruled else ""
    decision.save(update_fields=["state", "approver", "approved_at", "overrule_reason"])
    if overruled:
        record(
            events.OVERRULED,
            stream=application.public_id,
            actor=actor,
            at=now,
            data={"decision": decision.pk},
            text=overrule_reason,
        )
    workflow.move(application, "approve", actor=actor, now=now, data={"decision": decision.pk})
    refresh_case(application, now=now)
    transaction.on_commit(lambda: tasks.ask_for_letter(decision.pk), robust=True)
    return decision


def _check_limit(
    intake: Intake,
    decision: Decision,
    application: Application,
    approver: Person,
    overrule_reason: str,
) -> bool:
    """True when a head goes above the limit. The caller holds the intake's lock."""
    if decision.outcome != Outcome.OFFER or intake.offer_limit is None:
        return False
    held = queries.places_held(intake)
    if held < intake.offer_limit:
        return False
    is_head = works_on(approver, application, Role.HEAD_OF_ADMISSIONS)
    if is_head and overrule_reason.strip():
        return True
    raise Refused(
        "offer_limit",
        _(
            "The intake’s limit of %(limit)s offers is reached. A head of admissions may go above it, "
            "with a reason."
        )
        % {"limit": intake.offer_limit},
        limit=intake.offer_limit,
        held=held,
    )


def _application_of(decision_id: int) -> int:
    """Found without a lock; everything is read again under it."""
    return Decision.objects.values_list("application_id", flat=True).get(pk=decision_id)


def moved_on() -> Refused:
    return Refused(
        "moved_on",
        _(
            "Somebody else was faster: this has moved on meanwhile. Open the file to see how it stands."
        ),
    )
