"""The applicant's reply to an offer, its conditions, and the end of the time to reply."""

from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from admissions import events, messages, rules
from admissions.actions.deciding import moved_on
from admissions.models import (
    SATISFIED,
    Condition,
    ConditionState,
    Decision,
    DecisionState,
    Offer,
    OfferState,
)
from admissions.steps.cases import refresh_case
from admissions.steps.locks import lock_offer
from applicants import workflow
from applicants.models import Application
from applicants.rules import acts_as_applicant
from applicants.states import ApplicationState
from applicants.steps.locks import lock_application
from foundation.doors import Actor, Refused, door
from foundation.history.steps import record
from foundation.notifications.steps import enqueue

#: A reply counts by when it arrived: the timer waits for those that are still on their way.
LAPSE_AFTER = timedelta(minutes=5)

_CONDITION_EVENTS = {
    ConditionState.MET: events.CONDITION_MET,
    ConditionState.WAIVED: events.CONDITION_WAIVED,
    ConditionState.NOT_MET: events.CONDITION_NOT_MET,
}


@door
def accept_offer(application_id: int, *, actor: Actor, now: datetime | None = None) -> Offer:
    """Accept a live offer: the place is confirmed at once when no condition is open.

    `now` is when the request arrived: until the last second of `reply_by_at` it counts, whatever a
    timer does. Raises Refused `reply_too_late` or `moved_on`.
    """
    now = now or timezone.now()
    application, offer = _answerable(application_id, actor, now)
    offer.state = OfferState.ACCEPTED
    offer.replied_at = now
    offer.save(update_fields=["state", "replied_at"])
    target = (
        ApplicationState.ACCEPTED
        if _has_open_condition(offer.decision)
        else ApplicationState.ADMITTED
    )
    workflow.move(application, "accept", actor=actor, now=now, to=target)
    enqueue(
        messages.OFFER_ACCEPTED,
        recipient=application.applicant.email,
        context={"application": application.pk},
        dedupe_key=f"offer.accepted_receipt:{offer.pk}",
    )
    refresh_case(application, now=now)
    return offer


@door
def decline_offer(
    application_id: int, *, actor: Actor, reason: str = "", now: datetime | None = None
) -> Offer:
    """Decline a live offer, with a reason if they like. Raises Refused as `accept_offer` does."""
    now = now or timezone.now()
    application, offer = _answerable(application_id, actor, now)
    offer.state = OfferState.DECLINED
    offer.replied_at = now
    offer.save(update_fields=["state", "replied_at"])
    workflow.move(application, "decline", actor=actor, now=now, text=reason)
    refresh_case(application, now=now)
    return offer


def _answerable(application_id: int, actor: Actor, now: datetime) -> tuple[Application, Offer]:
    application = lock_application(application_id)
    if not acts_as_applicant(actor, application):
        raise Refused("not_allowed", _("You are not allowed to do this."))
    if application.status is not ApplicationState.OFFERED:
        raise Refused("moved_on", _("This offer can no longer be answered."))
    offer = lock_offer(application, OfferState.LIVE)
    if now > offer.reply_by_at:
        raise Refused("reply_too_late", _("The time to reply to this offer has passed."))
    return application, offer


@door
def lapse_offer(offer_id: int, *, actor: Actor, now: datetime | None = None) -> bool:
    """End an offer that nobody answered in time. An officer can renew it. False when it was answered."""
    now = now or timezone.now()
    application = lock_application(
        Offer.objects.values_list("application_id", flat=True).get(pk=offer_id)
    )
    offer = Offer.objects.select_for_update().get(pk=offer_id)
    if offer.state != OfferState.LIVE or now <= offer.reply_by_at + LAPSE_AFTER:
        return False
    offer.state = OfferState.LAPSED
    offer.save(update_fields=["state"])
    workflow.move(application, "lapse", actor=actor, now=now)
    refresh_case(application, now=now)
    return True


@door
def settle_condition(
    condition_id: int,
    state: ConditionState,
    *,
    actor: Actor,
    note: str = "",
    now: datetime | None = None,
) -> Condition:
    """Say that a condition is met, waived (with a reason) or not met. With the last one met or
    waived, an accepted place is confirmed; one that is not met ends nothing by itself.

    Raises Refused `reason_missing`, `not_allowed` or `moved_on`.
    """
    now = now or timezone.now()
    application = lock_application(
        Condition.objects.values_list("decision__application_id", flat=True).get(pk=condition_id)
    )
    officer = rules.require(actor, application, *rules.SETTLING)
    condition = Condition.objects.select_for_update(of=("self",)).get(pk=condition_id)
    _check_condition(application, condition, state, note)
    condition.state = state
    condition.changed_at = now
    condition.settled_by = officer
    condition.save(update_fields=["state", "changed_at", "settled_by"])
    record(
        _CONDITION_EVENTS[state],
        stream=application.public_id,
        actor=actor,
        at=now,
        data={"condition": condition.pk},
        text=note,
    )
    if application.status is ApplicationState.ACCEPTED and not _has_open_condition(
        condition.decision
    ):
        workflow.move(application, "confirm", actor=actor, now=now)
    refresh_case(application, now=now)
    return condition


def _check_condition(
    application: Application, condition: Condition, state: ConditionState, note: str
) -> None:
    if state not in _CONDITION_EVENTS:
        raise ValueError(f"{state} is not an officer's to set")
    answering = (ApplicationState.OFFERED, ApplicationState.ACCEPTED)
    if (
        application.status not in answering
        or condition.decision.state != DecisionState.VISIBLE
        or condition.state in SATISFIED
        or condition.state == state
    ):
        raise moved_on()
    if state is not ConditionState.MET and not note.strip():
        raise Refused("reason_missing", _("Say why."))


def _has_open_condition(decision: Decision) -> bool:
    return decision.conditions.exclude(state__in=SATISFIED).exists()
