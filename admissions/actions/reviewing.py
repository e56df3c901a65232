"""Who reads a file and what they make of it."""

from collections.abc import Mapping
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from admissions import events, messages, rules
from admissions.models import (
    COMMENT_AT_LEAST,
    HIGHEST_SCORE,
    LIVE_ASSIGNMENTS,
    UNFINISHED_ASSIGNMENTS,
    Assignment,
    AssignmentState,
    Criterion,
    Recommendation,
    Review,
    ReviewScore,
)
from admissions.steps.cases import refresh_case
from admissions.steps.locks import lock_assignment
from applicants.models import Application
from applicants.states import ApplicationState
from applicants.steps.locks import lock_application
from foundation.accounts.models import Person
from foundation.doors import Actor, Refused, door
from foundation.history.steps import record
from foundation.notifications.steps import enqueue

#: A reader may be named before the file is complete, and until there is a decision.
ASSIGNABLE = (
    ApplicationState.SUBMITTED,
    ApplicationState.IN_REVIEW,
    ApplicationState.INFORMATION_REQUESTED,
)
#: A file is read once it is complete, also while something is asked for.
READABLE = (ApplicationState.IN_REVIEW, ApplicationState.INFORMATION_REQUESTED)

CONFLICTS = {
    "own_application": _("Nobody reads their own application."),
    "not_a_reviewer": _("This person is not a reviewer or tutor of the programme."),
    "decided_waiver": _(
        "This person knows about the applicant’s fee, so they can’t read this file."
    ),
}


@door
def assign_reviewer(
    application_id: int, reviewer: Person, *, actor: Actor, now: datetime | None = None
) -> Assignment:
    """Give a file to a reader, who is told by email.

    Raises Refused `conflict` (the applicant, or whoever decided the waiver), `not_a_reviewer`,
    `already_assigned`, `recused` (they stepped back from this file before) or `moved_on`.
    """
    now = now or timezone.now()
    application = lock_application(application_id)
    assigner = rules.require(actor, application, *rules.ASSIGNING)
    if application.status not in ASSIGNABLE:
        raise _moved_on()
    conflict = rules.conflict(reviewer, application)
    if conflict:
        code = "not_a_reviewer" if conflict == "not_a_reviewer" else "conflict"
        raise Refused(code, CONFLICTS[conflict])
    earlier = Assignment.objects.filter(application=application, reviewer=reviewer)
    if earlier.filter(state__in=LIVE_ASSIGNMENTS).exists():
        raise Refused("already_assigned", _("This person has the file already."))
    if earlier.filter(state=AssignmentState.RECUSED).exists():
        raise Refused("recused", _("This person stepped back from this file."))
    assignment = Assignment.objects.create(
        application=application,
        reviewer=reviewer,
        assigned_by=assigner,
        assigned_at=now,
        changed_at=now,
    )
    record(
        events.ASSIGNED,
        stream=application.public_id,
        actor=actor,
        at=now,
        data={"reviewer": reviewer.pk},
    )
    enqueue(
        messages.REVIEW_ASSIGNED,
        recipient=reviewer.email,
        context={"assignment": assignment.pk},
        dedupe_key=f"review.assigned:{assignment.pk}",
    )
    refresh_case(application, now=now)
    return assignment


@door
def release_reviewer(
    assignment_id: int, *, actor: Actor, now: datetime | None = None
) -> Assignment:
    """Take an unfinished reading away again. Their access ends at once."""
    now = now or timezone.now()
    application, assignment = _locked(assignment_id)
    rules.require(actor, application, *rules.ASSIGNING)
    if assignment.state not in UNFINISHED_ASSIGNMENTS:
        raise _moved_on()
    _change(assignment, AssignmentState.RELEASED, now)
    record(
        events.RELEASED,
        stream=application.public_id,
        actor=actor,
        at=now,
        data={"reviewer": assignment.reviewer_id},
    )
    refresh_case(application, now=now)
    return assignment


@door
def recuse(
    assignment_id: int, *, actor: Actor, reason: str, now: datetime | None = None
) -> Assignment:
    """Step back because of a conflict of interest, with the reason. Access ends at once.

    A submitted review stays on the file. Raises Refused `not_allowed`, `reason_missing` or `moved_on`.
    """
    now = now or timezone.now()
    application, assignment = _locked(assignment_id)
    _require_reviewer(assignment, actor)
    if assignment.state not in UNFINISHED_ASSIGNMENTS:
        raise _moved_on()
    if not reason.strip():
        raise Refused("reason_missing", _("Say in a few words why you step back."))
    _change(assignment, AssignmentState.RECUSED, now)
    record(
        events.RECUSED,
        stream=application.public_id,
        actor=actor,
        at=now,
        data={"reviewer": assignment.reviewer_id},
        text=reason,
    )
    refresh_case(application, now=now)
    return assignment


@door
def save_review(
    assignment_id: int,
    *,
    actor: Actor,
    scores: Mapping[Criterion, int],
    comment: str = "",
    recommendation: str = "",
    now: datetime | None = None,
) -> Review:
    """Keep what a reviewer has so far. Others see none of it."""
    now = now or timezone.now()
    application, assignment = _locked(assignment_id)
    _require_reading(application, assignment, actor)
    return _write(application, assignment, scores, comment, recommendation, actor, now)


@door
def submit_review(
    assignment_id: int,
    *,
    actor: Actor,
    scores: Mapping[Criterion, int],
    comment: str,
    recommendation: str,
    now: datetime | None = None,
) -> Review:
    """Hand in a review; it can't be changed afterwards.

    Raises Refused `scores_missing`, `comment_too_short` or `recommendation_missing` beside what
    `save_review` raises.
    """
    now = now or timezone.now()
    application, assignment = _locked(assignment_id)
    _require_reading(application, assignment, actor)
    if set(scores) != set(Criterion):
        raise Refused("scores_missing", _("Give each criterion a score."))
    if len(comment.strip()) < COMMENT_AT_LEAST:
        raise Refused(
            "comment_too_short",
            _("Write at least %(count)s characters.") % {"count": COMMENT_AT_LEAST},
        )
    if recommendation not in Recommendation.values:
        raise Refused("recommendation_missing", _("Choose what you recommend."))
    review = _write(application, assignment, scores, comment, recommendation, actor, now)
    review.submitted_at = now
    review.save(update_fields=["submitted_at"])
    _change(assignment, AssignmentState.REVIEWED, now)
    record(
        events.REVIEWED,
        stream=application.public_id,
        actor=actor,
        at=now,
        data={"review": review.pk},
    )
    refresh_case(application, now=now)
    return review


def _locked(assignment_id: int) -> tuple[Application, Assignment]:
    application_id = Assignment.objects.values_list("application_id", flat=True).get(
        pk=assignment_id
    )
    application = lock_application(application_id)
    return application, lock_assignment(application, assignment_id)


def _require_reviewer(assignment: Assignment, actor: Actor) -> None:
    if not actor.is_person or actor.acting_for is not None or actor.id != assignment.reviewer_id:
        raise Refused("not_allowed", _("You are not allowed to do this."))


def _require_reading(application: Application, assignment: Assignment, actor: Actor) -> None:
    _require_reviewer(assignment, actor)
    if assignment.state == AssignmentState.REVIEWED:
        raise Refused("already_submitted", _("This review has been submitted already."))
    if assignment.state not in UNFINISHED_ASSIGNMENTS or application.status not in READABLE:
        raise _moved_on()
    conflict = rules.conflict(assignment.reviewer, application)
    if conflict:
        raise Refused("conflict", CONFLICTS[conflict])


def _write(
    application: Application,
    assignment: Assignment,
    scores: Mapping[Criterion, int],
    comment: str,
    recommendation: str,
    actor: Actor,
    now: datetime,
) -> Review:
    if any(not 0 <= value <= HIGHEST_SCORE for value in scores.values()):
        raise Refused(
            "score_out_of_range",
            _("A score is a whole number from 0 to %(highest)s.") % {"highest": HIGHEST_SCORE},
        )
    if recommendation and recommendation not in Recommendation.values:
        raise Refused("recommendation_missing", _("Choose what you recommend."))
    review, _created = Review.objects.update_or_create(
        assignment=assignment,
        defaults={
            "comment": comment.strip(),
            "recommendation": recommendation,
            "saved_at": now,
        },
    )
    review.scores.all().delete()
    ReviewScore.objects.bulk_create(
        ReviewScore(review=review, criterion=criterion, value=scores[criterion])
        for criterion in Criterion
        if criterion in scores
    )
    if assignment.state == AssignmentState.ASSIGNED:
        _change(assignment, AssignmentState.READING, now)
        record(events.READING, stream=application.public_id, actor=actor, at=now)
    return review


def _change(assignment: Assignment, state: AssignmentState, now: datetime) -> None:
    assignment.state = state
    assignment.changed_at = now
    assignment.save(update_fields=["state", "changed_at"])


def _moved_on() -> Refused:
    return Refused(
        "moved_on", _("This has moved on meanwhile. Open the file to see how it stands.")
    )
