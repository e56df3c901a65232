"""Inner work of the doors that add a file to an application."""

import hashlib
import io
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.core.files import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from foundation.documents import names
from foundation.documents.models import Document, DocumentVersion, VersionState
from foundation.documents.purposes import PDF
from foundation.documents.receiving import Received
from foundation.doors import Actor, Refused, step


def scanning_is_on() -> bool:
    return bool(settings.CLAMD_SOCKET) and settings.CLAMD_SOCKET != "off"


@step
def attach(
    received: Received,
    *,
    stream: UUID,
    kind: str,
    actor: Actor,
    document: Document | None = None,
    title: str = "",
    visible_from: datetime | None = None,
) -> DocumentVersion:
    """Make a received file a new document, or the next version of one that is given.

    Where scanning is on, the version is quarantined until a scan, and `signals.checked` follows.
    Where it is off the version is clean at once and no signal is sent: look at `is_clean`.
    Raises Refused when this file was attached already (a form sent twice).
    """
    if DocumentVersion.objects.filter(storage_name=received.storage_name).exists():
        raise Refused("already_attached", _("This file has already been added."))
    document = _document(document, stream, kind, title, visible_from)
    now = timezone.now()
    waits = scanning_is_on()
    version = DocumentVersion.objects.create(
        document=document,
        number=_next_number(document),
        original_name=received.original_name,
        content_type=received.content_type,
        size=received.size,
        pages=received.pages,
        has_text=received.has_text,
        sha256=received.sha256,
        storage_name=received.storage_name,
        state=VersionState.QUARANTINED if waits else VersionState.CLEAN,
        next_attempt_at=now if waits else None,
        added_by_kind=actor.kind,
        added_by_id=actor.id,
        created_at=now,
    )
    if waits:
        # Not a partial: where a robust callback fails, Django asks it for its name.
        transaction.on_commit(lambda: _nudge(version.id), robust=True)
    return version


@step
def keep_generated(
    pdf_bytes: bytes,
    *,
    stream: UUID,
    kind: str,
    title: str,
    actor: Actor,
    document: Document | None = None,
    visible_from: datetime | None = None,
) -> DocumentVersion:
    """Keep a PDF that we made ourselves. It is clean from the start: nothing of it was uploaded.

    The bytes are stored before the commit; if the door fails they are removed after a day.
    """
    document = _document(document, stream, kind, title, visible_from)
    storage_name = default_storage.save(names.new_storage_name(), File(io.BytesIO(pdf_bytes)))
    return DocumentVersion.objects.create(
        document=document,
        number=_next_number(document),
        original_name=names.clean_name(f"{title}.pdf"),
        content_type=PDF,
        size=len(pdf_bytes),
        pages=pages_of(pdf_bytes),
        has_text=True,
        sha256=hashlib.sha256(pdf_bytes).hexdigest(),
        storage_name=storage_name,
        state=VersionState.CLEAN,
        is_generated=True,
        added_by_kind=actor.kind,
        added_by_id=actor.id,
    )


@step
def change_visible_from(document: Document, visible_from: datetime | None) -> None:
    """Say anew from when a document may be seen."""
    document.visible_from = visible_from
    document.save(update_fields=["visible_from"])


@step
def discard(document: Document) -> None:
    """Remove a document with all its versions, and their bytes once that is committed.

    For what a person takes out of an unsubmitted draft, and for retention. The reading log stays.
    """
    stored = list(document.versions.values_list("storage_name", "id"))

    def delete_all() -> None:
        for storage_name, version_id in stored:
            delete_stored(storage_name, version_id)

    transaction.on_commit(delete_all, robust=True)
    document.versions.all().delete()
    document.delete()


def delete_stored(storage_name: str, version_id: UUID) -> None:
    """Remove a file and the page images made of it. A file that is gone already is no error."""
    default_storage.delete(storage_name)
    folder = names.picture_folder(version_id)
    try:
        _folders, pictures = default_storage.listdir(folder)
    except FileNotFoundError:
        return
    for picture in pictures:
        default_storage.delete(f"{folder}/{picture}")


def pages_of(pdf_bytes: bytes) -> int:
    """The number of pages of a PDF that we made ourselves, so that it needs no subprocess."""
    import pikepdf

    with pikepdf.open(io.BytesIO(pdf_bytes)) as pdf:
        return len(pdf.pages)


def _document(
    document: Document | None,
    stream: UUID,
    kind: str,
    title: str,
    visible_from: datetime | None,
) -> Document:
    if document is None:
        return Document.objects.create(
            stream=stream, kind=kind, title=title, visible_from=visible_from
        )
    if document.stream != stream or document.kind != kind:
        raise ValueError("a version belongs to its document's stream and kind")
    # Two versions at once must not take the same number.
    locked = Document.objects.select_for_update().get(pk=document.pk)
    if visible_from is not None:
        change_visible_from(locked, visible_from)
    return locked


def _next_number(document: Document) -> int:
    last = document.versions.order_by("-number").values_list("number", flat=True).first()
    return (last or 0) + 1


def _nudge(version_id: UUID) -> None:
    """Ask the documents lane to scan now. If the broker is away, the timer does it in a minute."""
    from foundation.documents.tasks import scan

    scan.apply_async(args=[str(version_id)], queue="documents", retry=False)
