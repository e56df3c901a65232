"""The doors: a scan's attempt and its verdict, and the reading log."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import F
from django.utils import timezone

from foundation.documents import events, signals
from foundation.documents.models import DocumentVersion, VersionState
from foundation.doors import Actor, door
from foundation.history import queries as history_queries
from foundation.history import steps as history

#: A scan that began this often and was never heard of again has taken its worker with it.
MAX_ATTEMPTS = 3
#: How long an attempt may take before the timer tries again.
ATTEMPT_LEASE = timedelta(minutes=5)
RETRY_AFTER = timedelta(minutes=1)
#: Leafing through page images within this time is one reading.
ONE_READING = timedelta(minutes=10)


@door
def begin_scan(version_id: UUID, *, actor: Actor, now: datetime | None = None) -> bool:
    """Count an attempt before it is made, so that a file that kills its worker is noticed.

    False when there is nothing to scan: another worker is at it, it is done, or it was tried three
    times and is now unreadable.
    """
    now = now or timezone.now()
    version = _lock(version_id)
    if version is None or not version.is_being_checked or not _is_due(version, now):
        return False
    if version.attempts >= MAX_ATTEMPTS:
        _settle(version, VersionState.UNREADABLE, actor=actor, now=now)
        return False
    version.attempts += 1
    version.next_attempt_at = now + ATTEMPT_LEASE
    version.save(update_fields=["attempts", "next_attempt_at"])
    return True


@door
def postpone_scan(version_id: UUID, *, actor: Actor, now: datetime | None = None) -> None:
    """Try again in a minute. It was the scanner that was away, so no attempt is counted."""
    now = now or timezone.now()
    version = _lock(version_id)
    if version is None or not version.is_being_checked:
        return
    version.attempts = max(version.attempts - 1, 0)
    version.next_attempt_at = now + RETRY_AFTER
    version.save(update_fields=["attempts", "next_attempt_at"])


@door
def record_verdict(
    version_id: UUID,
    state: VersionState,
    *,
    actor: Actor,
    finding: str = "",
    scanned: bool = True,
    now: datetime | None = None,
) -> None:
    """Let a version out of quarantine, or keep it out of reach for good. The second time: nothing.

    `finding` is the malware's name as the scanner gives it.
    """
    now = now or timezone.now()
    version = _lock(version_id)
    if version is None or not version.is_being_checked:
        return
    if scanned:
        version.scanned_at = now
    version.finding = finding
    _settle(version, state, actor=actor, now=now)


@door
def record_reading(
    version: DocumentVersion,
    *,
    actor: Actor,
    reason: str,
    repeat: bool = True,
    now: datetime | None = None,
) -> None:
    """Log that somebody was given a file's bytes. With `repeat` off, once in ten minutes."""
    stream = version.document.stream
    if not repeat:
        since = (now or timezone.now()) - ONE_READING
        seen = history_queries.readings(stream).filter(
            version=version.id,
            reader_kind=actor.kind,
            reader_id=actor.id,
            reason=reason,
            at__gte=since,
        )
        if seen.exists():
            return
    history.record_reading(stream=stream, version=version.id, reader=actor, reason=reason)


@door
def note_picture_crash(version_id: UUID, *, actor: Actor) -> None:
    """Count a page image that broke its subprocess; after three no more are tried."""
    DocumentVersion.objects.filter(pk=version_id).update(picture_crashes=F("picture_crashes") + 1)


def _lock(version_id: UUID) -> DocumentVersion | None:
    """Lock whoever owns the stream, then the version. None when it has been removed meanwhile."""
    stream = (
        DocumentVersion.objects.filter(pk=version_id)
        .values_list("document__stream", flat=True)
        .first()
    )
    if stream is None:
        return None
    signals.locking.send(sender=DocumentVersion, stream=stream)
    return (
        DocumentVersion.objects.select_for_update(of=("self",))
        .select_related("document")
        .filter(pk=version_id)
        .first()
    )


def _is_due(version: DocumentVersion, now: datetime) -> bool:
    return version.next_attempt_at is None or version.next_attempt_at <= now


def _settle(version: DocumentVersion, state: VersionState, *, actor: Actor, now: datetime) -> None:
    version.state = state
    version.next_attempt_at = None
    version.save(update_fields=["state", "next_attempt_at", "finding", "scanned_at"])
    kind = {
        VersionState.INFECTED: events.INFECTED,
        VersionState.UNREADABLE: events.UNREADABLE,
    }.get(state)
    if kind is not None:
        history.record(
            kind,
            stream=version.document.stream,
            actor=actor,
            at=now,
            data={
                "document": str(version.document_id),
                "version": str(version.id),
                "kind": version.document.kind,
            },
        )
    signals.checked.send(sender=DocumentVersion, version=version)
