"""What this room does when it or a lower one says that something happened. Steps, in the sender's
transaction."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.dispatch import receiver
from django.utils import timezone

from applicants import messages, signals
from applicants.models import Application, ReviewClock
from applicants.states import ApplicationState
from applicants.steps.files import UNUSABLE, find, look_at_files
from applicants.steps.locks import lock_stream
from foundation.documents import signals as documents
from foundation.documents.models import DocumentVersion
from foundation.doors import Actor


@receiver(documents.locking, dispatch_uid="applicants.lock_stream")
def lock_owner(sender: Any, *, stream: UUID, **_kwargs: Any) -> None:
    """The application is locked before a version of its documents, as everywhere."""
    lock_stream(stream)


@receiver(documents.checked, dispatch_uid="applicants.look_at_files")
def after_check(sender: Any, *, version: DocumentVersion, **_kwargs: Any) -> None:
    """A scan settled a file: with the last one, the safety requirement is met."""
    application = lock_stream(version.document.stream)
    if application is None or find(application, version.document_id) is None:
        return
    now: datetime = timezone.now()
    if version.state in UNUSABLE and application.state == ApplicationState.SUBMITTED:
        messages.tell(application, messages.FILE_UNUSABLE, occasion=str(version.pk))
    look_at_files(
        application,
        actor=Actor.timer("documents.scan"),
        arrived_at=version.created_at,
        now=now,
    )


@receiver(signals.submitted, dispatch_uid="applicants.tell_submitted")
def tell_submitted(sender: Any, *, application: Application, **_kwargs: Any) -> None:
    messages.tell(application, messages.SUBMITTED)


@receiver(signals.completed, dispatch_uid="applicants.tell_complete")
def tell_complete(
    sender: Any, *, application: Application, clock: ReviewClock, **_kwargs: Any
) -> None:
    """Once for each promise: a reinstated file whose dates have moved is told the new ones."""
    messages.tell(application, messages.COMPLETE, occasion=f"{clock.target_at:%Y-%m-%d}")


@receiver(signals.moved, dispatch_uid="applicants.tell_ended")
def tell_ended(
    sender: Any, *, application: Application, transition: str, now: datetime, **_kwargs: Any
) -> None:
    kinds = {"withdraw": messages.WITHDRAWN, "expire": messages.EXPIRED}
    if transition in kinds:
        messages.tell(application, kinds[transition], occasion=f"{now:%Y-%m-%dT%H:%M:%S}")
