"""Requirements: met, opened, waived, and the moment when none is open.

Every step that could complete a file ends in `look_at_completeness`, under the application's lock:
two letters that arrive at once wait for each other, and the second one sees both.
"""

from datetime import datetime

from django.db.models import Max

from applicants import events, signals, workflow
from applicants.models import (
    Application,
    Holder,
    Requirement,
    RequirementKind,
    RequirementState,
)
from applicants.states import ApplicationState
from applicants.steps import clock
from foundation.doors import Actor, step
from foundation.history.steps import record

#: What every application needs, and who holds it, from its first moment.
FROM_THE_START = (
    (RequirementKind.OWN_PART, Holder.APPLICANT),
    (RequirementKind.FEE, Holder.APPLICANT),
    (RequirementKind.LETTER_1, Holder.REFEREE),
    (RequirementKind.LETTER_2, Holder.REFEREE),
)


@step
def open_from_the_start(application: Application, *, now: datetime) -> None:
    Requirement.objects.bulk_create(
        Requirement(application=application, kind=kind, held_by=holder, opened_at=now)
        for kind, holder in FROM_THE_START
    )


@step
def meet_requirement(
    application: Application,
    kind: RequirementKind,
    *,
    actor: Actor,
    arrived_at: datetime | None,
    now: datetime,
    subject: str = "",
) -> None:
    """Say that a requirement is met by what arrived at `arrived_at`. Met already: nothing happens.

    What is only ours (a file's check, a choice's turn) has no arrival: it must not delay the clock.
    """
    requirement = Requirement.objects.select_for_update().get(
        application=application, kind=kind, subject=subject
    )
    if not requirement.is_open:
        return
    requirement.state = RequirementState.MET
    requirement.arrived_at = arrived_at
    requirement.closed_at = now
    requirement.save(update_fields=["state", "arrived_at", "closed_at"])
    record(
        events.REQUIREMENT_MET,
        stream=application.public_id,
        actor=actor,
        at=now,
        data={"kind": kind.value, "subject": subject},
    )
    look_at_completeness(application, actor=actor, now=now)


@step
def waive_requirement(
    application: Application,
    kind: RequirementKind,
    *,
    actor: Actor,
    now: datetime,
    reason: str,
    subject: str = "",
) -> None:
    """The office does without it, for a reason that is kept."""
    requirement = Requirement.objects.select_for_update().get(
        application=application, kind=kind, subject=subject
    )
    if not requirement.is_open:
        return
    requirement.state = RequirementState.WAIVED
    requirement.held_by = Holder.OFFICE
    requirement.closed_at = now
    requirement.save(update_fields=["state", "held_by", "closed_at"])
    record(
        events.REQUIREMENT_WAIVED,
        stream=application.public_id,
        actor=actor,
        at=now,
        data={"kind": kind.value, "subject": subject},
        text=reason,
    )
    look_at_completeness(application, actor=actor, now=now)


@step
def open_requirement(
    application: Application,
    kind: RequirementKind,
    *,
    held_by: Holder,
    actor: Actor,
    now: datetime,
    subject: str = "",
) -> None:
    """Open a requirement, or open one again whose ground fell away. Open already: only its holder changes."""
    requirement, created = Requirement.objects.select_for_update().get_or_create(
        application=application,
        kind=kind,
        subject=subject,
        defaults={"held_by": held_by, "opened_at": now},
    )
    if not created and requirement.is_open and requirement.held_by == held_by:
        return
    if not created:
        requirement.state = RequirementState.OPEN
        requirement.held_by = held_by
        requirement.arrived_at = requirement.closed_at = None
        requirement.save(update_fields=["state", "held_by", "arrived_at", "closed_at"])
    record(
        events.REQUIREMENT_OPENED,
        stream=application.public_id,
        actor=actor,
        at=now,
        data={"kind": kind.value, "subject": subject, "held_by": held_by.value},
    )
    signals.requirements_changed.send(Application, application=application, actor=actor, now=now)


@step
def look_at_completeness(application: Application, *, actor: Actor, now: datetime) -> bool:
    """Complete a submitted application when no requirement is open. True when it did.

    The caller holds the application's lock.
    """
    signals.requirements_changed.send(Application, application=application, actor=actor, now=now)
    if application.state != ApplicationState.SUBMITTED or has_open_requirement(application):
        return False
    workflow.move(application, "complete", actor=actor, now=now)
    review_clock = clock.start_or_resume(
        application,
        completed_at=completeness_at(application, now),
        actor=actor,
        now=now,
    )
    signals.completed.send(
        Application, application=application, clock=review_clock, actor=actor, now=now
    )
    return True


def has_open_requirement(application: Application) -> bool:
    return Requirement.objects.filter(application=application, state=RequirementState.OPEN).exists()


def completeness_at(application: Application, now: datetime) -> datetime:
    """When the last thing arrived: what only our own checks took afterwards costs nobody time."""
    last: datetime | None = Requirement.objects.filter(
        application=application, state=RequirementState.MET
    ).aggregate(last=Max("arrived_at"))["last"]
    return last or now
