"""The applicant's files: which are there, which can't be used, and whether all are checked."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from applicants.models import (
    Application,
    FileKind,
    Holder,
    Requirement,
    RequirementKind,
    RequirementState,
    SectionFile,
)
from applicants.states import ApplicationState
from applicants.steps.requirements import meet_requirement, open_requirement
from foundation.documents.models import VersionState
from foundation.doors import Actor, step

UNUSABLE = (VersionState.INFECTED, VersionState.UNREADABLE)


def present(application: Application, kind: FileKind | None = None) -> list[SectionFile]:
    """The files that were not removed, with their versions."""
    files = (
        SectionFile.objects.filter(application=application, removed_at=None)
        .select_related("document")
        .prefetch_related("document__versions")
    )
    return list(files.filter(kind=kind) if kind is not None else files)


def find(application: Application, document_id: UUID) -> SectionFile | None:
    return next((file for file in present(application) if file.document_id == document_id), None)


def with_content(files: Iterable[SectionFile], sha256: str) -> SectionFile | None:
    """The file whose newest version has this very content."""
    for file in files:
        newest = file.document.newest
        if newest is not None and newest.sha256 == sha256:
            return file
    return None


def is_unusable(file: SectionFile) -> bool:
    """Its newest version is infected or couldn't be checked."""
    newest = file.document.newest
    return newest is not None and newest.state in UNUSABLE


def is_being_checked(file: SectionFile) -> bool:
    newest = file.document.newest
    return newest is not None and newest.is_being_checked


@step
def look_at_files(
    application: Application, *, actor: Actor, arrived_at: datetime, now: datetime
) -> None:
    """After a check: the safety requirement of a submitted application, as its files now stand.

    A file that can't be used is the applicant's to replace; one that is being checked is ours.
    """
    if application.state != ApplicationState.SUBMITTED:
        return
    is_asked = Requirement.objects.filter(
        application=application,
        kind=RequirementKind.FILE_CLEAN,
        state=RequirementState.OPEN,
    ).exists()
    files = present(application)
    if any(is_unusable(file) for file in files):
        holder = Holder.APPLICANT
    elif any(is_being_checked(file) for file in files):
        holder = Holder.OFFICE
    else:
        if is_asked:
            meet_requirement(
                application,
                RequirementKind.FILE_CLEAN,
                actor=actor,
                arrived_at=arrived_at,
                now=now,
            )
        return
    open_requirement(
        application,
        RequirementKind.FILE_CLEAN,
        held_by=holder,
        actor=actor,
        now=now,
    )
