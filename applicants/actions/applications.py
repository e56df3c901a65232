"""Starting, submitting, withdrawing, expiring: the applicant's part of the workflow."""

from datetime import datetime

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from applicants import events, messages, queries, rules, signals, workflow
from applicants.fees import steps as fee_steps
from applicants.models import (
    Application,
    Holder,
    PauseReason,
    Requirement,
    RequirementKind,
    RequirementState,
)
from applicants.references import new_reference
from applicants.sections import Problem, problems
from applicants.states import ApplicationState
from applicants.steps import clock
from applicants.steps.locks import lock_application
from applicants.steps.requirements import (
    meet_requirement,
    open_from_the_start,
    open_requirement,
)
from foundation.accounts.models import Person
from foundation.documents.models import Document, VersionState
from foundation.doors import Actor, Refused, door
from foundation.history.steps import record
from programmes.facts import snapshot
from programmes.models import Intake, IntakeState

#: Enough tries that a clash of random references never shows.
REFERENCE_TRIES = 5


@door
def start_application(
    person: Person, intake: Intake, *, actor: Actor, now: datetime | None = None
) -> Application:
    """Start a draft, with a snapshot of what the applicant is told.

    A draft holds no place, because it may be abandoned. Raises Refused `intake_not_open`,
    `already_started` (one open application per intake), `too_many_choices`, or `not_allowed` for
    anybody but the person or staff who act for them.
    """
    now = now or timezone.now()
    if not rules.may_start_for(person, intake, actor):
        raise Refused("not_allowed", _("You are not allowed to do this."))
    Person.objects.select_for_update().get(pk=person.pk)  # one start at a time per person
    if intake.state_at(now) != IntakeState.OPEN:
        raise Refused("intake_not_open", _("This intake is not open for applications."))
    choices = list(queries.open_applications(person, cycle=intake.cycle))
    if any(choice.intake_id == intake.pk for choice in choices):
        raise Refused("already_started", _("You have already started this application."))
    if len(choices) >= settings.APPLICATIONS_PER_CYCLE:
        raise Refused(
            "too_many_choices",
            _("You can have %(count)s applications in a cycle, and you have them already.")
            % {"count": settings.APPLICATIONS_PER_CYCLE},
        )
    taken = {choice.choice_rank for choice in choices}
    rank = next(rank for rank in range(1, len(taken) + 2) if rank not in taken)
    application = _create(person, intake, rank, now)
    open_from_the_start(application, now=now)
    event = record(
        events.STARTED,
        stream=application.public_id,
        actor=actor,
        at=now,
        data={"intake": intake.reference, "choice_rank": rank},
    )
    messages.tell_if_acted_for(application, event, actor=actor)
    opened = fee_steps.open_fee(application, actor=actor, now=now)
    fee, covered = fee_steps.lock_fee_with_files(opened.pk)
    fee_steps.look_at_fee(fee, covered, now=now)
    return application


def _create(person: Person, intake: Intake, rank: int, now: datetime) -> Application:
    for attempt in range(REFERENCE_TRIES):
        try:
            with transaction.atomic():
                return Application.objects.create(
                    reference=new_reference(intake.programme.code, intake.cycle),
                    applicant=person,
                    intake=intake,
                    cycle=intake.cycle,
                    choice_rank=rank,
                    started_at=now,
                    edited_at=now,
                    state_changed_at=now,
                    told_at_start=snapshot(intake),
                )
        except IntegrityError:
            if attempt == REFERENCE_TRIES - 1:
                raise
    raise AssertionError("unreachable")


@door
def submit_application(
    application_id: int, *, actor: Actor, now: datetime | None = None
) -> Application:
    """Hand in the applicant's part. `now` is when the request arrived: that counts, whatever a timer did.

    Raises Refused `not_ready` with the hard problems as `facts["problems"]`, `intake_closed`,
    `intake_full`, or
    `moved_on` when it was submitted already.
    """
    now = now or timezone.now()
    application = lock_application(application_id)
    if application.status not in workflow.BY_NAME["submit"].sources:
        raise Refused("moved_on", _("This application has been submitted already."))
    intake_state = application.intake.state_at(now)
    if intake_state is IntakeState.FULL:
        raise Refused("intake_full", _("This intake is full."))
    if intake_state is not IntakeState.OPEN:
        raise Refused("intake_closed", _("Applications for this intake have closed."))
    hard = [problem for problem in _problems_now(application) if problem.hard]
    if hard:
        raise Refused(
            "not_ready",
            _("Some things are missing before you can submit."),
            problems=hard,
        )
    application.submitted_at = now
    application.edited_at = now
    application.told_at_submission = snapshot(application.intake)
    application.save(update_fields=["submitted_at", "edited_at", "told_at_submission"])
    event = workflow.move(application, "submit", actor=actor, now=now)
    messages.tell_if_acted_for(application, event, actor=actor)
    if _has_files_in_quarantine(application):
        open_requirement(
            application,
            RequirementKind.FILE_CLEAN,
            held_by=Holder.OFFICE,
            actor=actor,
            now=now,
        )
    if _waits_for_its_turn(application):
        open_requirement(
            application,
            RequirementKind.TURN,
            held_by=Holder.OFFICE,
            actor=actor,
            now=now,
        )
    signals.submitted.send(Application, application=application, actor=actor, now=now)
    meet_requirement(application, RequirementKind.OWN_PART, actor=actor, arrived_at=now, now=now)
    return application


def _problems_now(application: Application) -> list[Problem]:
    loaded = queries.with_sections(Application.objects.filter(pk=application.pk)).get()
    return problems(loaded)


def _has_files_in_quarantine(application: Application) -> bool:
    return Document.objects.filter(
        stream=application.public_id,
        sectionfile__removed_at=None,
        sectionfile__isnull=False,
        versions__state=VersionState.QUARANTINED,
    ).exists()


def _waits_for_its_turn(application: Application) -> bool:
    """A later choice is read when the earlier one ended without an accepted offer."""
    return (
        queries.other_choices(application)
        .filter(choice_rank__lt=application.choice_rank, state__in=_GOES_FIRST)
        .exists()
    )


def _turn_is_open(application: Application) -> bool:
    return Requirement.objects.filter(
        application=application, kind=RequirementKind.TURN, state=RequirementState.OPEN
    ).exists()


_GOES_FIRST = (
    ApplicationState.SUBMITTED,
    ApplicationState.IN_REVIEW,
    ApplicationState.INFORMATION_REQUESTED,
    ApplicationState.DECIDED,
    ApplicationState.WAITLISTED,
    ApplicationState.OFFERED,
    ApplicationState.ACCEPTED,
    ApplicationState.ADMITTED,
    ApplicationState.DEFERRED,
)


@door
def give_turn(application_id: int, *, actor: Actor, now: datetime | None = None) -> bool:
    """Let a later choice go on when no earlier one stands before it. True when it did."""
    now = now or timezone.now()
    application = lock_application(application_id)
    if _waits_for_its_turn(application) or not _turn_is_open(application):
        return False
    meet_requirement(application, RequirementKind.TURN, actor=actor, arrived_at=now, now=now)
    return True


@door
def withdraw_application(
    application_id: int, *, actor: Actor, reason: str = "", now: datetime | None = None
) -> Application:
    """The applicant withdraws, from any open state. Raises Refused `moved_on` from any other."""
    now = now or timezone.now()
    application = lock_application(application_id)
    event = workflow.move(application, "withdraw", actor=actor, now=now, text=reason)
    messages.tell_if_acted_for(application, event, actor=actor)
    clock.pause(application, PauseReason.WITHDRAWN, actor=actor, now=now)
    return application


@door
def expire_draft(application_id: int, *, actor: Actor, now: datetime | None = None) -> bool:
    """End a draft whose intake has closed. False when it was submitted meanwhile or may go on."""
    now = now or timezone.now()
    application = lock_application(application_id)
    if not application.is_draft or application.intake.state_at(now) != IntakeState.CLOSED:
        return False
    workflow.move(application, "expire", actor=actor, now=now)
    return True
