"""A scan from beginning to end: one door, the talk with clamd without any lock, another door."""

import hashlib
import logging
from typing import Any, BinaryIO, cast
from uuid import UUID

from django.conf import settings
from django.core.files.storage import default_storage

from foundation.documents import actions, clamd
from foundation.documents.models import DocumentVersion, VersionState
from foundation.documents.steps import scanning_is_on
from foundation.doors import Actor

log = logging.getLogger("portal.documents")


class CannotScan(Exception):
    """There is no scanner to be reached now. Nothing else needs to be tried."""


def scan_version(version_id: UUID, *, actor: Actor) -> bool:
    """Scan a quarantined version. True when it was this call that settled its state.

    Fails closed: without a clear answer from clamd the version stays in quarantine, and CannotScan
    is raised after it has been put back. A file that isn't in the storage, or is not the one that
    was put there, is unreadable.
    """
    if not actions.begin_scan(version_id, actor=actor):
        return False
    try:
        _scan(version_id, actor)
    except Exception as error:
        # Not the file's fault, which would have ended this process: so no attempt is counted.
        actions.postpone_scan(version_id, actor=actor)
        if isinstance(error, clamd.ClamdUnavailable):
            log.warning("scan postponed: %s", error, extra={"version": str(version_id)})
            raise CannotScan(str(error)) from error
        raise
    return True


def _scan(version_id: UUID, actor: Actor) -> None:
    if not scanning_is_on():
        # Scanning was turned off while this version waited.
        actions.record_verdict(version_id, VersionState.CLEAN, actor=actor, scanned=False)
        return
    version = DocumentVersion.objects.get(pk=version_id)
    try:
        with default_storage.open(version.storage_name) as stored:
            if _is_changed(stored, version):
                actions.record_verdict(version_id, VersionState.UNREADABLE, actor=actor)
                return
            finding = clamd.scan(cast("BinaryIO", stored), address=settings.CLAMD_SOCKET)
    except FileNotFoundError:
        actions.record_verdict(version_id, VersionState.UNREADABLE, actor=actor)
        return
    verdict = VersionState.INFECTED if finding else VersionState.CLEAN
    actions.record_verdict(version_id, verdict, actor=actor, finding=finding)


def _is_changed(stored: Any, version: DocumentVersion) -> bool:
    changed = hashlib.file_digest(stored, "sha256").hexdigest() != version.sha256
    stored.seek(0)
    return changed
