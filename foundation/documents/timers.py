"""What is due by time: scanning what waits, and removing files that no row names."""

import logging
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice
from typing import Any
from uuid import UUID

from django.core.files.storage import default_storage
from django.utils.translation import gettext_lazy as _

from foundation.documents import queries
from foundation.documents.models import DocumentVersion
from foundation.documents.scanning import CannotScan, scan_version
from foundation.doors import Actor
from foundation.timers import Timer

log = logging.getLogger("portal.documents")

SCANS_AT_ONCE = 100
ORPHAN_AGE = timedelta(days=1)
_BATCH = 500


def scan_waiting(now: datetime, dry_run: bool) -> list[str]:
    """Scan what is quarantined: new files whose nudge was lost, and those put off."""
    lines = []
    actor = Actor.timer("documents.scan")
    for version_id in queries.to_scan(now).values_list("id", flat=True)[:SCANS_AT_ONCE]:
        if dry_run:
            lines.append(f"scan version {version_id}")
            continue
        try:
            if scan_version(version_id, actor=actor):
                lines.append(f"scanned version {version_id}")
        except CannotScan:
            break
        except Exception:
            log.exception("scan failed", extra={"version": str(version_id)})
    return lines


def remove_orphans(now: datetime, dry_run: bool) -> list[str]:
    """Remove stored files older than a day that no row names: uploads that were never attached.

    If more would go than stay, nothing is removed: then the database is likelier to be the wrong
    one, such as a new or an old copy beside the real storage.
    """
    orphans: list[str] = []
    named = 0
    files = _stored_files(now - ORPHAN_AGE)
    while batch := list(islice(files, _BATCH)):
        known = _named(batch)
        named += len(known)
        orphans += [name for name in batch if name not in known]
    if len(orphans) > max(named, _BATCH):
        log.error("orphans not removed", extra={"orphans": len(orphans), "named": named})
        return [f"{len(orphans)} orphans beside {named} named files: nothing removed"]
    for name in orphans:
        if not dry_run:
            default_storage.delete(name)
    return [f"remove {name}" for name in orphans]


def _named(batch: list[str]) -> set[str]:
    """Which of these stored files belong to a version: its own bytes, or its page images."""
    versions = {_version_of(name): name for name in batch if name.startswith("pictures/")}
    known = DocumentVersion.objects.filter(storage_name__in=batch)
    named = set(known.values_list("storage_name", flat=True))
    alive = DocumentVersion.objects.filter(id__in=[key for key in versions if key])
    kept = set(alive.values_list("id", flat=True))
    return named | {
        name for name in batch if name.startswith("pictures/") and _version_of(name) in kept
    }


def _version_of(name: str) -> UUID | None:
    try:
        return UUID(name.split("/")[-2])
    except (ValueError, IndexError):
        return None


def _stored_files(before: datetime) -> Iterator[str]:
    """Names of our files in the storage last changed before then."""
    bucket: Any = getattr(default_storage, "bucket", None)
    if bucket is None:
        for top in ("documents", "pictures"):
            yield from _files_below(top, before)
        return
    # S3 lists a prefix a thousand keys at a time; folder by folder would be a request for each.
    location = str(getattr(default_storage, "location", "")).strip("/")
    prefix = f"{location}/" if location else ""
    for top in ("documents/", "pictures/"):
        for found in bucket.objects.filter(Prefix=prefix + top):
            if found.last_modified < before:
                yield found.key.removeprefix(prefix)


def _files_below(folder: str, before: datetime) -> Iterator[str]:
    try:
        folders, files = default_storage.listdir(folder)
    except FileNotFoundError:
        return
    for name in files:
        path = f"{folder}/{name}"
        try:
            if default_storage.get_modified_time(path) < before:
                yield path
        except FileNotFoundError:
            continue
    for name in folders:
        yield from _files_below(f"{folder}/{name}", before)


ALL = (
    Timer(
        "documents.scan",
        timedelta(minutes=1),
        _("Scans uploaded files that are waiting in quarantine"),
        scan_waiting,
        queue="documents",
    ),
    Timer(
        "documents.remove_orphans",
        timedelta(days=1),
        _("Removes stored files that belong to nothing, a day after they came"),
        remove_orphans,
        queue="documents",
    ),
)
