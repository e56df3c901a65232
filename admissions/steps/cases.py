"""The queue's row, made from what is true. Called by every action that changes something of it."""

from datetime import datetime
from typing import Any

from django.db.models import Min
from django.utils import timezone

from admissions import search
from admissions.models import (
    LIVE_ASSIGNMENTS,
    LIVE_DECISIONS,
    SATISFIED,
    Assignment,
    AssignmentState,
    Condition,
    Decision,
    DecisionState,
    Need,
    Offer,
    OfferState,
    ReviewCase,
    StateGroup,
)
from applicants.fees import queries as fee_queries
from applicants.models import (
    Application,
    Fee,
    Holder,
    PersonalDetails,
    Requirement,
    RequirementKind,
    ReviewClock,
)
from applicants.states import ApplicationState
from applicants.steps.clock import institution_zone
from foundation.clock.deadlines import end_of_day
from foundation.doors import step

S = ApplicationState
LETTERS = (RequirementKind.LETTER_1, RequirementKind.LETTER_2)
_GROUPS = {
    S.SUBMITTED: StateGroup.COLLECTING,
    S.IN_REVIEW: StateGroup.REVIEW,
    S.INFORMATION_REQUESTED: StateGroup.REVIEW,
    S.DECIDED: StateGroup.DECIDED,
    S.WITHDRAWN: StateGroup.ENDED,
    S.EXPIRED: StateGroup.ENDED,
    S.INCOMPLETE: StateGroup.ENDED,
}


@step
def refresh_case(application: Application, *, now: datetime | None = None) -> None:
    """Write the row anew. The caller holds the application's lock. A draft has none."""
    if application.submitted_at is None:
        return
    facts = describe(application, now or timezone.now())
    words = facts["search_text"].split()
    ReviewCase.objects.update_or_create(
        application=application,
        defaults={**facts, "search_tokens": search.TokenVector(words)},
    )


def describe(application: Application, now: datetime) -> dict[str, Any]:
    """What the row should say: everything but the search tokens, which follow from its text."""
    clock = ReviewClock.objects.filter(application=application).first()
    requirements = list(Requirement.objects.filter(application=application))
    assignments = list(
        Assignment.objects.filter(application=application, state__in=LIVE_ASSIGNMENTS)
        .select_related("reviewer")
        .order_by("id")
    )
    running = clock is not None and clock.stopped_at is None and application.status.is_with_office
    paused = running and clock is not None and clock.paused_at is not None
    need = _need(application, requirements, assignments, paused=bool(paused))
    details = PersonalDetails.objects.filter(application=application).first()
    fee = Fee.objects.filter(applicant_id=application.applicant_id, cycle=application.cycle).first()
    letters = [row for row in requirements if row.kind in LETTERS]
    return {
        "programme_id": application.intake.programme_id,
        "intake_id": application.intake_id,
        "need": need,
        "state_group": _GROUPS.get(application.status, StateGroup.ANSWERED),
        "sort_at": _sort_at(application, need, clock),
        "completed_at": clock.completed_at if clock else None,
        "target_at": clock.target_at if clock and running and not paused else None,
        "limit_at": clock.limit_at if clock and running and not paused else None,
        "paused": bool(paused),
        "letters_in": sum(not row.is_open for row in letters),
        "letters_of": len(letters),
        "fee_in_order": fee is not None and fee_queries.is_in_order(fee, now),
        "reviewer_ids": [row.reviewer_id for row in assignments],
        "reviewers": ", ".join(row.reviewer.get_full_name() for row in assignments)[:400],
        "country": str(details.residence) if details else "",
        "search_text": " ".join(_words(application, details)),
    }


def _words(application: Application, details: PersonalDetails | None) -> list[str]:
    person = application.applicant
    names = [details.legal_name, details.preferred_name] if details else []
    return search.tokens(person.full_name, person.email, application.reference, *names)


def _need(
    application: Application,
    requirements: list[Requirement],
    assignments: list[Assignment],
    *,
    paused: bool,
) -> Need:
    state = application.status
    if state is S.SUBMITTED:
        theirs = [row for row in requirements if row.is_open and row.held_by != Holder.OFFICE]
        return Need.WAITING if theirs else Need.CHECK
    if state is S.INFORMATION_REQUESTED:
        return Need.INFORMATION
    if state in (S.IN_REVIEW, S.DECIDED):
        if paused:
            return Need.ON_HOLD
        return _need_in_review(application, assignments)
    if state is S.ACCEPTED:
        return Need.CONDITIONS
    return {S.OFFERED: Need.REPLY, S.WAITLISTED: Need.WAITLIST}.get(state, Need.NONE)


def _need_in_review(application: Application, assignments: list[Assignment]) -> Need:
    decision = Decision.objects.filter(application=application, state__in=LIVE_DECISIONS).first()
    if decision is not None:
        if decision.state == DecisionState.PROPOSED:
            return Need.APPROVE
        return Need.RELEASED if decision.is_released else Need.RELEASE
    if not assignments:
        return Need.ASSIGN
    done = all(row.state == AssignmentState.REVIEWED for row in assignments)
    return Need.PROPOSE if done else Need.REVIEW


def _sort_at(application: Application, need: Need, clock: ReviewClock | None) -> datetime:
    """Within a group: the file whose limit comes first; where no clock runs, who waits longest."""
    if need.is_paused and clock is not None and clock.paused_at is not None:
        return clock.paused_at
    if need is Need.REPLY:
        offer = Offer.objects.filter(application=application, state=OfferState.LIVE).first()
        return offer.reply_by_at if offer else application.state_changed_at
    if need is Need.CONDITIONS:
        return _next_condition(application) or application.state_changed_at
    if clock is not None and clock.is_running:
        return clock.limit_at
    if application.status is S.SUBMITTED and application.submitted_at is not None:
        return application.submitted_at
    return application.state_changed_at


def _next_condition(application: Application) -> datetime | None:
    """The earliest day on which an open condition is due."""
    due = (
        Condition.objects.filter(
            decision__application=application, decision__offer__state=OfferState.ACCEPTED
        )
        .exclude(state__in=SATISFIED)
        .aggregate(first=Min("due_on"))["first"]
    )
    if due is None:
        return None
    return end_of_day(due, institution_zone())
