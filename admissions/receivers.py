"""What the office does when something happens to an application. Steps, in the sender's transaction."""

from datetime import datetime
from typing import Any

from admissions import events
from admissions.models import (
    LIVE_DECISIONS,
    UNFINISHED_ASSIGNMENTS,
    Assignment,
    AssignmentState,
    Decision,
    DecisionState,
    Offer,
    OfferState,
)
from admissions.steps.cases import refresh_case
from applicants import signals
from applicants.models import Application
from foundation.doors import Actor
from foundation.history.steps import record
from referees.signals import letter_changed

#: After these nothing of the office's unfinished work goes on.
ENDING = frozenset({"withdraw", "close_incomplete", "withdraw_offer"})


def refresh(application: Application, now: datetime, **kwargs: Any) -> None:
    """Write the queue's row anew."""
    refresh_case(application, now=now)


def end_unfinished(
    application: Application, transition: str, actor: Actor, now: datetime, **kwargs: Any
) -> None:
    """When a file ends, void its decision, withdraw its offer and take it from its readers."""
    if transition not in ENDING:
        return
    for decision in Decision.objects.select_for_update(of=("self",)).filter(
        application=application, state__in=LIVE_DECISIONS
    ):
        decision.state = DecisionState.VOID
        decision.ended_at = now
        decision.save(update_fields=["state", "ended_at"])
        record(
            events.VOIDED,
            stream=application.public_id,
            actor=actor,
            at=now,
            data={"decision": decision.pk},
        )
    Offer.objects.filter(
        application=application, state__in=(OfferState.LIVE, OfferState.ACCEPTED)
    ).update(state=OfferState.WITHDRAWN)
    Assignment.objects.filter(application=application, state__in=UNFINISHED_ASSIGNMENTS).update(
        state=AssignmentState.RELEASED, changed_at=now
    )


def connect() -> None:
    """Called from `AppConfig.ready`. The queue's row is written last."""
    signals.moved.connect(end_unfinished, dispatch_uid="admissions.end_unfinished")
    for signal in (
        signals.submitted,
        signals.completed,
        signals.moved,
        signals.requirements_changed,
        signals.clock_changed,
        signals.fee_changed,
        letter_changed,
    ):
        signal.connect(refresh, dispatch_uid="admissions.refresh")
