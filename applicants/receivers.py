"""What this room does when lower rooms say that something happened. Steps, in their transaction."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.dispatch import receiver
from django.utils import timezone

from applicants.steps.files import look_at_files
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
    if application is None:
        return
    now: datetime = timezone.now()
    look_at_files(
        application,
        actor=Actor.timer("documents.scan"),
        arrived_at=version.created_at,
        now=now,
    )
