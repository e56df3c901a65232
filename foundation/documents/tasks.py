"""Celery's way in: scan one version, in the documents lane."""

import contextlib
from uuid import UUID

from celery import shared_task

from foundation.documents.scanning import CannotScan, scan_version
from foundation.doors import Actor


@shared_task(name="documents.scan")
def scan(version_id: str) -> None:
    # It is back in quarantine; the timer tries again.
    with contextlib.suppress(CannotScan):
        scan_version(UUID(version_id), actor=Actor.timer("documents.scan"))
